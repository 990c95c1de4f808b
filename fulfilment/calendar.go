package fulfilment

import (
	"time"
	_ "time/tzdata" // the workshop's zone must exist on every machine
)

var tokyo = mustLoad("Asia/Tokyo")

func mustLoad(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		panic("fulfilment: " + err.Error())
	}
	return zone
}

// today is the workshop's calendar day as YYYY-MM-DD.
func (s *Service) today() string { return s.now().In(tokyo).Format(time.DateOnly) }

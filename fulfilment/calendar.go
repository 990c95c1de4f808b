package fulfilment

import "time"

// tokyo is the workshop's zone. Japan has had no daylight saving time since 1951.
var tokyo = time.FixedZone("Asia/Tokyo", 9*60*60)

// today is the workshop's calendar day as YYYY-MM-DD.
func (s *Service) today() string { return s.now().In(tokyo).Format(time.DateOnly) }

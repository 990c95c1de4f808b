package fulfilment

import "tsukuriba/internal/jst"

// today is the workshop's calendar day as YYYY-MM-DD.
func (s *Service) today() string { return jst.Date(s.now()) }

package stripetest

// Entry is the money of one payment intent, in yen, for comparison with the shop's own ledger.
type Entry struct {
	Intent     string            `json:"intent"`
	Session    string            `json:"session"`
	Method     string            `json:"method"` // card or konbini
	Status     string            `json:"status"`
	Metadata   map[string]string `json:"metadata"`
	Authorized int64             `json:"authorized"` // ever held or taken
	Captured   int64             `json:"captured"`
	Released   int64             `json:"released"`  // authorised and given back without being captured
	Refunded   int64             `json:"refunded"`  // succeeded refunds of captured money
	Refunding  int64             `json:"refunding"` // refunds that are pending or wait for the payer
	Disputed   int64             `json:"disputed"`  // withdrawn by disputes and not reinstated
	Fees       int64             `json:"fees"`      // taken for disputes besides

	OpenRefunds  []string `json:"open_refunds"`  // ids of those that have not ended
	OpenDisputes []string `json:"open_disputes"` // inquiries, too
}

// Ledger returns an entry for every intent, oldest first.
func (s *Server) Ledger() []Entry {
	s.mu.Lock()
	defer s.mu.Unlock()
	entries := make([]Entry, 0, len(s.state.Intents.Rows))
	position := map[string]int{}
	for i, pi := range s.state.Intents.Rows {
		position[pi.ID] = i
		entries = append(entries, Entry{
			Intent: pi.ID, Session: s.state.Origins[pi.ID], Method: pi.PaymentMethodTypes[0], Status: pi.Status, Metadata: pi.Metadata,
			Captured: pi.AmountReceived, Released: s.state.Released[pi.ID],
			Authorized: pi.AmountCapturable + pi.AmountReceived + s.state.Released[pi.ID],
		})
	}
	for _, re := range s.state.Refunds.Rows {
		entries[position[string(re.PaymentIntent)]].addRefund(re)
	}
	for _, d := range s.state.Disputes.Rows {
		entries[position[string(d.PaymentIntent)]].addDispute(d)
	}
	return entries
}

func (e *Entry) addRefund(re *refund) {
	switch {
	case re.Reason == "expired_uncaptured_charge":
	case re.Status == "succeeded":
		e.Refunded += re.Amount
	case re.Status == "pending", re.Status == "requires_action":
		e.Refunding += re.Amount
		e.OpenRefunds = append(e.OpenRefunds, re.ID)
	}
}

func (e *Entry) addDispute(d *dispute) {
	e.Disputed += d.withdrawn()
	for _, m := range d.Movements {
		e.Fees += m.Fee
	}
	if !d.closed() {
		e.OpenDisputes = append(e.OpenDisputes, d.ID)
	}
}

// EventIDs returns the ids of recorded events of these types, oldest first; without types, all.
func (s *Server) EventIDs(types ...string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	wanted := map[string]bool{}
	for _, kind := range types {
		wanted[kind] = true
	}
	var ids []string
	for _, e := range s.state.Events.Rows {
		if len(types) == 0 || wanted[e.Type] {
			ids = append(ids, e.ID)
		}
	}
	return ids
}

package stripetest

import (
	"context"
	"slices"
	"time"
)

// FaultKind says how a request to the API goes wrong.
type FaultKind string

// The ways in which a request goes wrong.
const (
	Slow               FaultKind = "slow"                 // the work starts only after Delay; the key is in flight until then
	Unavailable        FaultKind = "unavailable"          // 503, nothing was done, nothing is remembered
	FailAfterCommit    FaultKind = "fail_after_commit"    // the work is done, the answer is a 500 and remembered as such
	TimeoutAfterCommit FaultKind = "timeout_after_commit" // the work is done and remembered, the connection breaks without an answer
)

// Fault waits for requests to the API and spoils so many of them.
type Fault struct {
	Kind  FaultKind
	Route string        // as in "POST /v1/refunds" or "POST /v1/payment_intents/{id}/capture"; empty: any
	Times int           // 0 counts as 1
	Delay time.Duration // before the work
	Hang  time.Duration // TimeoutAfterCommit: silence before the connection breaks
}

// Spoil adds a fault; several wait in the order of their adding. Replayed answers are not spoiled.
func (s *Server) Spoil(fault Fault) {
	s.turnKnobs(func() {
		fault.Times = max(1, fault.Times)
		s.state.Faults = append(s.state.Faults, fault)
	})
}

// Heal takes back all faults and delivery rules, opens all gates, and sends what was held back.
func (s *Server) Heal() {
	s.turnKnobs(func() {
		s.state.Faults, s.state.Rules, s.state.HoldsBack = nil, Delivery{}, false
		s.openGates()
	})
}

// turnKnobs changes what is to go wrong from now on, and keeps it over a restart. A full disk
// shows at the next call.
func (s *Server) turnKnobs(change func()) {
	_ = s.act(func() error {
		change()
		s.dirty = true
		return nil
	})
	s.wakeCourier()
}

func (s *Server) takeFault(route string) Fault {
	at := slices.IndexFunc(s.state.Faults, func(f Fault) bool { return f.Route == "" || f.Route == route })
	if at < 0 {
		return Fault{}
	}
	taken := s.state.Faults[at]
	if s.state.Faults[at].Times--; s.state.Faults[at].Times == 0 {
		s.state.Faults = slices.Delete(s.state.Faults, at, at+1)
	}
	s.dirty = true
	return taken
}

// hold waits, but not longer than the client or the server lives.
func (s *Server) hold(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	select {
	case <-time.After(d):
	case <-ctx.Done():
	case <-s.stopping.Done():
	}
}

// Delivery rules say how webhooks travel from now on; the zero value: each once, at once, in order.
type Delivery struct {
	Copies  int           // of each event; 0 counts as 1
	Drop    int           // so many of the next are never sent; the event list still has them
	Delay   time.Duration // before the first attempt
	Reverse bool          // what happens within 300 ms arrives newest first
	Paused  bool          // nothing is sent until the rules change
}

// SetDelivery changes the rules for webhooks to come; Paused also stops those under way.
func (s *Server) SetDelivery(rules Delivery) {
	s.turnKnobs(func() { s.state.Rules = rules })
}

// HoldRefunds leaves new card refunds pending until SettleRefund ends them.
func (s *Server) HoldRefunds(hold bool) {
	s.turnKnobs(func() { s.state.HoldsBack = hold })
}

// AdvanceClock moves the stand-in's clock forward. What is over by then ends at once, session by
// session, not in the order in which it would have.
func (s *Server) AdvanceClock(d time.Duration) error {
	return s.act(func() error {
		s.state.Jump += d
		s.dirty = true
		s.endOverdue()
		return nil
	})
}

// RefundFromDashboard gives back money behind the shop's back; amount 0 means all that is left.
func (s *Server) RefundFromDashboard(intentID string, amount int64) (refundID string, err error) {
	err = s.act(func() error {
		pi, err := s.intent(intentID)
		if err != nil {
			return err
		}
		re, err := s.refund(refundOrder{intent: pi, amount: amount, email: string(s.payerEmail(pi))})
		if err != nil {
			return err
		}
		refundID = re.ID
		return nil
	})
	return refundID, err
}

// ExpireAuthorization ends a card's hold as if its last day had passed.
func (s *Server) ExpireAuthorization(intentID string) error {
	return s.act(func() error {
		pi, err := s.intent(intentID)
		if err != nil {
			return err
		}
		if pi.Status != "requires_capture" {
			return unexpectedState(pi, "expired", "requires_capture")
		}
		s.expireHold(pi)
		return nil
	})
}

// ExpireSession ends an open session as if its last minute had passed.
func (s *Server) ExpireSession(sessionID string) error {
	return s.act(func() error {
		o, ok := s.state.Sessions.get(sessionID)
		if !ok || o.Status != "open" {
			return notFound("open session", sessionID)
		}
		s.expire(o)
		return nil
	})
}

package stripetest

import (
	"maps"
	"strings"
	"time"
)

const (
	evidenceTime = 10 * 24 * time.Hour // to answer a dispute here; with Stripe the issuer sets it
	disputeFee   = 1500                // yen
)

func (s *Server) dispute(id string) (*dispute, error) {
	d, ok := s.state.Disputes.get(id)
	if !ok {
		return nil, notFound("dispute", id)
	}
	return d, nil
}

func (s *Server) getDispute(c *call) (any, error) {
	if err := c.finish(); err != nil {
		return nil, err
	}
	return s.dispute(c.path("id"))
}

func (s *Server) listDisputes(c *call) (any, error) {
	intent, charge := c.text("payment_intent"), c.text("charge")
	return listOf(c, s.state.Disputes.Rows, func(d *dispute) bool {
		return (intent == "" || string(d.PaymentIntent) == intent) && (charge == "" || d.Charge == charge)
	})
}

func (s *Server) updateDispute(c *call) (any, error) {
	evidence, metadata, submit := c.dictionary("evidence"), c.dictionary("metadata"), c.flag("submit")
	if err := c.finish(); err != nil {
		return nil, err
	}
	d, err := s.dispute(c.path("id"))
	if err != nil {
		return nil, err
	}
	next, open := map[string]string{"needs_response": "under_review", "warning_needs_response": "warning_under_review"}[d.Status]
	if !open {
		return nil, invalid("", "This dispute is "+d.Status+" and takes no evidence any more.")
	}
	maps.Copy(d.Evidence, evidence)
	maps.Copy(d.Metadata, metadata)
	d.EvidenceDetails.HasEvidence = len(d.Evidence) > 0
	if submit {
		d.Status = next
		d.EvidenceDetails.SubmissionCount++
	}
	s.emit("charge.dispute.updated", d)
	return d, nil
}

func (s *Server) closeDispute(c *call) (any, error) {
	if err := c.finish(); err != nil {
		return nil, err
	}
	d, err := s.dispute(c.path("id"))
	if err != nil {
		return nil, err
	}
	return d, s.decideDispute(d, false)
}

// OpenDispute has a card's holder dispute a captured payment: the money is withdrawn at once.
// A reason as Stripe names it: fraudulent, product_not_received, general …
func (s *Server) OpenDispute(intentID, reason string) (disputeID string, err error) {
	return s.complain(intentID, func(pi *intent, ch *charge) *dispute {
		d := s.addDispute(pi, ch, reason)
		s.withdraw(d, ch, "charge.dispute.created")
		return d
	})
}

// OpenInquiry has the issuer ask before it disputes a payment: no money moves, and it ends with
// EscalateInquiry or DecideDispute.
func (s *Server) OpenInquiry(intentID, reason string) (disputeID string, err error) {
	return s.complain(intentID, func(pi *intent, ch *charge) *dispute {
		d := s.addDispute(pi, ch, reason)
		d.Status, d.IsRefundable = "warning_needs_response", true
		s.emit("charge.dispute.created", d)
		return d
	})
}

func (s *Server) complain(intentID string, open func(*intent, *charge) *dispute) (disputeID string, err error) {
	err = s.act(func() error {
		pi, err := s.intent(intentID)
		if err != nil {
			return err
		}
		if pi.Status != "succeeded" {
			return unexpectedState(pi, "disputed", "succeeded")
		}
		ch := s.latestCharge(pi)
		if ch.PaymentMethodDetails["type"] != "card" || ch.Disputed || ch.Refunded {
			return invalid("", "Only a card payment that is neither refunded nor disputed can be disputed")
		}
		disputeID = open(pi, ch).ID
		return nil
	})
	return disputeID, err
}

func (s *Server) addDispute(pi *intent, ch *charge, reason string) *dispute {
	ch.Disputed = true
	d := &dispute{
		ID: newID("dp_"), Object: "dispute", Amount: ch.Amount - ch.AmountRefunded, Charge: ch.ID, Created: s.now().Unix(),
		Currency: ch.Currency, Evidence: map[string]string{}, Metadata: map[string]string{}, PaymentIntent: text(pi.ID),
		EvidenceDetails: evidenceDetails{DueBy: s.now().Add(evidenceTime).Unix()}, Reason: reason, Movements: []movement{},
	}
	s.state.Disputes.add(d)
	return d
}

// withdraw takes the disputed money, and Stripe's fee, from the shop.
func (s *Server) withdraw(d *dispute, ch *charge, news string) {
	d.Status, d.IsRefundable, d.Amount = "needs_response", false, ch.Amount-ch.AmountRefunded
	d.Movements = append(d.Movements, s.movement(d, -d.Amount, disputeFee))
	s.emit(news, d)
	s.emit("charge.dispute.funds_withdrawn", d)
}

func (s *Server) movement(d *dispute, amount, fee int64) movement {
	now := s.now().Unix()
	return movement{
		ID: newID("txn_"), Object: "balance_transaction", Amount: amount, AvailableOn: now, Created: now, Currency: d.Currency,
		Fee: fee, Net: amount - fee, Source: d.ID, Status: "available", Type: "adjustment",
	}
}

// EscalateInquiry makes a dispute of an inquiry: now the money is withdrawn.
func (s *Server) EscalateInquiry(disputeID string) error {
	return s.act(func() error {
		d, err := s.dispute(disputeID)
		if err != nil {
			return err
		}
		ch, _ := s.state.Charges.get(d.Charge)
		if !d.inquiry() || d.closed() || ch.Refunded {
			return invalid("", "Only an open inquiry about money that was not refunded becomes a dispute")
		}
		s.withdraw(d, ch, "charge.dispute.updated")
		return nil
	})
}

// DecideDispute ends a dispute; one that is won brings the money back. An inquiry is closed.
func (s *Server) DecideDispute(disputeID string, won bool) error {
	return s.act(func() error {
		d, err := s.dispute(disputeID)
		if err != nil {
			return err
		}
		return s.decideDispute(d, won)
	})
}

func (s *Server) decideDispute(d *dispute, won bool) error {
	switch {
	case d.closed():
		return invalid("", "This dispute is already closed.")
	case d.inquiry():
		d.Status = "warning_closed"
	default:
		d.Status = "lost"
		if won {
			d.Status, d.IsRefundable = "won", true
			d.Movements = append(d.Movements, s.movement(d, d.Amount, 0))
			s.emit("charge.dispute.funds_reinstated", d)
		}
	}
	s.emit("charge.dispute.closed", d)
	return nil
}

func (d *dispute) inquiry() bool { return strings.HasPrefix(d.Status, "warning_") }

func (d *dispute) closed() bool {
	return d.Status == "won" || d.Status == "lost" || d.Status == "warning_closed"
}

// withdrawn is what a dispute has taken and not given back.
func (d *dispute) withdrawn() (yen int64) {
	for _, m := range d.Movements {
		yen -= m.Amount
	}
	return yen
}

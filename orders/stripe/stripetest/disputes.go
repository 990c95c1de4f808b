package stripetest

import (
	"maps"
	"slices"
	"time"
)

// evidenceTime is how long a shop may answer a dispute here; with Stripe the issuer sets it.
const evidenceTime = 10 * 24 * time.Hour

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
	if d.Status != "needs_response" {
		return nil, invalid("", "This dispute is "+d.Status+" and takes no evidence any more.")
	}
	maps.Copy(d.Evidence, evidence)
	maps.Copy(d.Metadata, metadata)
	d.EvidenceDetails.HasEvidence = len(d.Evidence) > 0
	if submit {
		d.Status = "under_review"
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
		disputeID = s.addDispute(pi, ch, reason).ID
		return nil
	})
	return disputeID, err
}

func (s *Server) addDispute(pi *intent, ch *charge, reason string) *dispute {
	ch.Disputed = true
	d := &dispute{
		ID: newID("dp_"), Object: "dispute", Amount: ch.Amount - ch.AmountRefunded, Charge: ch.ID, Created: s.now().Unix(),
		Currency: ch.Currency, Evidence: map[string]string{}, Metadata: map[string]string{}, PaymentIntent: text(pi.ID),
		EvidenceDetails: evidenceDetails{DueBy: s.now().Add(evidenceTime).Unix()}, Reason: reason, Status: "needs_response",
	}
	s.state.Disputes.add(d)
	s.emit("charge.dispute.created", d)
	s.emit("charge.dispute.funds_withdrawn", d)
	return d
}

// DecideDispute ends a dispute; one that is won brings the money back.
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
	if slices.Contains([]string{"won", "lost"}, d.Status) {
		return invalid("", "This dispute is already closed.")
	}
	d.Status = "lost"
	if won {
		d.Status = "won"
		s.emit("charge.dispute.funds_reinstated", d)
	}
	s.emit("charge.dispute.closed", d)
	return nil
}

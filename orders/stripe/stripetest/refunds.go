package stripetest

import (
	"fmt"
	"slices"
)

type refundOrder struct {
	intent   *intent
	amount   int64
	reason   string
	email    string
	metadata map[string]string
}

func (s *Server) createRefund(c *call) (any, error) {
	intentID, chargeID := c.text("payment_intent"), c.text("charge")
	amount, given := c.whole("amount")
	order := refundOrder{
		amount: amount, reason: c.oneOf("reason", "", "duplicate", "fraudulent", "requested_by_customer"),
		email: c.text("instructions_email"), metadata: c.dictionary("metadata"),
	}
	if given && amount < 1 {
		c.at("amount").refuse("parameter_invalid_integer", "Invalid positive integer")
	}
	if (intentID == "") == (chargeID == "") {
		c.at("payment_intent").refuse("parameter_missing", "One of the following params should be provided for this request: payment_intent or charge.")
	}
	if err := c.finish(); err != nil {
		return nil, err
	}
	if ch, ok := s.state.Charges.get(chargeID); ok {
		intentID = string(ch.PaymentIntent)
	}
	var err error
	if order.intent, err = s.intent(intentID); err != nil {
		return nil, err
	}
	return s.refund(order)
}

// refund gives captured money back; amount 0 means all that is left of it.
func (s *Server) refund(order refundOrder) (*refund, error) {
	pi := order.intent
	if pi.Status != "succeeded" {
		return nil, invalid("charge_not_captured", "This PaymentIntent ("+pi.ID+") does not have a successful charge to refund.")
	}
	ch := s.latestCharge(pi)
	left := ch.Amount - ch.AmountRefunded
	if order.amount == 0 {
		order.amount = left
	}
	konbini := ch.PaymentMethodDetails["type"] == "konbini"
	switch {
	case left == 0:
		return nil, invalid("charge_already_refunded", "Charge "+ch.ID+" has already been refunded.")
	case ch.Disputed && !s.refundableDispute(ch):
		return nil, invalid("charge_disputed", "Charge "+ch.ID+" has been charged back; cannot issue a refund.")
	case order.amount > left:
		return nil, invalid("", fmt.Sprintf("Refund amount (¥%d) is greater than unrefunded amount on charge (¥%d)", order.amount, left))
	case konbini && order.email == "" && s.payerEmail(pi) == "":
		return nil, invalid("parameter_missing", "Refunds of konbini payments need instructions_email.")
	}
	return s.addRefund(order, ch, konbini), nil
}

// refundableDispute says that a charge is asked about, but no money was withdrawn for it.
func (s *Server) refundableDispute(ch *charge) bool {
	return !slices.ContainsFunc(s.state.Disputes.Rows, func(d *dispute) bool { return d.Charge == ch.ID && !d.IsRefundable })
}

func (s *Server) payerEmail(pi *intent) text {
	o, ok := s.state.Sessions.get(s.state.Origins[pi.ID])
	if !ok {
		return pi.ReceiptEmail
	}
	return o.CustomerEmail
}

func (s *Server) addRefund(order refundOrder, ch *charge, konbini bool) *refund {
	if order.metadata == nil {
		order.metadata = map[string]string{}
	}
	re := &refund{
		ID: newID("re_"), Object: "refund", Amount: order.amount, Charge: ch.ID, Created: s.now().Unix(), Currency: ch.Currency,
		InstructionsEmail: order.email, Metadata: order.metadata, PaymentIntent: ch.PaymentIntent, Reason: text(order.reason),
		Status: "succeeded",
	}
	if s.state.HoldsBack {
		re.Status = "pending"
	}
	if konbini {
		re.Status = "requires_action" // until the payer has named a bank account
	}
	s.state.Refunds.add(re)
	ch.AmountRefunded += re.Amount
	ch.Refunded = ch.AmountRefunded == ch.Amount
	s.emit("refund.created", re)
	if re.Status == "succeeded" {
		s.emit("charge.refunded", ch)
	}
	return re
}

func (s *Server) cancelRefund(c *call) (any, error) {
	if err := c.finish(); err != nil {
		return nil, err
	}
	re, ok := s.state.Refunds.get(c.path("id"))
	if !ok {
		return nil, notFound("refund", c.path("id"))
	}
	if re.Status != "requires_action" {
		return nil, invalid("", "Only a refund that requires action can be canceled, this one is "+re.Status+".")
	}
	s.settle(re, "canceled")
	return re, nil
}

// SettleRefund ends a refund that is pending or waits for the payer's bank account: succeeded,
// failed or canceled. One that has succeeded may still fail: the payer's bank sends it back.
func (s *Server) SettleRefund(refundID, status string) error {
	return s.act(func() error {
		re, ok := s.state.Refunds.get(refundID)
		if !ok {
			return notFound("refund", refundID)
		}
		ends := map[string][]string{
			"pending":         {"succeeded", "failed", "canceled"},
			"requires_action": {"succeeded", "failed", "canceled"},
			"succeeded":       {"failed"},
		}
		if !slices.Contains(ends[re.Status], status) {
			return invalid("", "A refund that is "+re.Status+" cannot become "+status)
		}
		s.settle(re, status)
		return nil
	})
}

func (s *Server) settle(re *refund, status string) {
	ch, _ := s.state.Charges.get(re.Charge)
	re.Status = status
	if status == "succeeded" {
		s.emit("charge.refunded", ch)
	} else {
		ch.AmountRefunded -= re.Amount
		ch.Refunded = false
	}
	if status == "failed" {
		re.FailureReason = "unknown"
	}
	s.emit("charge.refund.updated", re)
	s.emit("refund.updated", re)
}

func (s *Server) getRefund(c *call) (any, error) {
	if err := c.finish(); err != nil {
		return nil, err
	}
	re, ok := s.state.Refunds.get(c.path("id"))
	if !ok {
		return nil, notFound("refund", c.path("id"))
	}
	return re, nil
}

func (s *Server) listRefunds(c *call) (any, error) {
	intent, charge := c.text("payment_intent"), c.text("charge")
	return listOf(c, s.state.Refunds.Rows, func(re *refund) bool {
		return (intent == "" || string(re.PaymentIntent) == intent) && (charge == "" || re.Charge == charge)
	})
}

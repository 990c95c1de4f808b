package stripetest

import (
	"fmt"
	"slices"
	"time"
)

// cardHold is how long a Japanese account may hold a yen authorisation of most card brands.
const cardHold = 30 * 24 * time.Hour

// startIntent makes the intent of a session at the payer's first act, and keeps it for the next.
func (s *Server) startIntent(o *session) *intent {
	if pi, ok := s.state.Intents.get(string(o.PaymentIntent)); ok {
		return pi
	}
	plan := s.state.Plans[o.ID]
	pi := &intent{
		ID: newID("pi_"), Object: "payment_intent", Amount: o.AmountTotal, Created: s.now().Unix(), Currency: o.Currency,
		CaptureMethod: plan.CaptureMethod, Description: text(plan.Description), Metadata: plan.Metadata,
		PaymentMethodTypes: o.PaymentMethodTypes, ReceiptEmail: text(plan.ReceiptEmail), Status: "requires_payment_method",
	}
	o.PaymentIntent = text(pi.ID)
	s.state.Intents.add(pi)
	s.state.Origins[pi.ID] = o.ID
	s.emit("payment_intent.created", pi)
	return pi
}

func (s *Server) intent(id string) (*intent, error) {
	pi, ok := s.state.Intents.get(id)
	if !ok {
		return nil, notFound("payment_intent", id)
	}
	return pi, nil
}

func (s *Server) getIntent(c *call) (any, error) {
	if err := c.finish(); err != nil {
		return nil, err
	}
	return s.intent(c.path("id"))
}

func (s *Server) listIntents(c *call) (any, error) {
	return listOf(c, s.state.Intents.Rows, func(*intent) bool { return true })
}

func (s *Server) captureIntent(c *call) (any, error) {
	amount, given := c.whole("amount_to_capture")
	if err := c.finish(); err != nil {
		return nil, err
	}
	pi, err := s.intent(c.path("id"))
	if err != nil {
		return nil, err
	}
	if pi.Status != "requires_capture" {
		return nil, unexpectedState(pi, "captured", "requires_capture")
	}
	if !given {
		amount = pi.AmountCapturable
	}
	if amount < 1 || amount > pi.AmountCapturable {
		return nil, invalid("amount_too_large", fmt.Sprintf("You can capture between 1 and %d, not %d.", pi.AmountCapturable, amount))
	}
	s.capture(pi, amount)
	return pi, nil
}

// capture takes the money of a held authorisation; the rest of it is given back, which Stripe
// shows as refunded on the charge without a refund object.
func (s *Server) capture(pi *intent, amount int64) {
	ch := s.latestCharge(pi)
	ch.Captured, ch.AmountCaptured, ch.AmountRefunded = true, amount, ch.Amount-amount
	s.state.Released[pi.ID] = ch.AmountRefunded
	pi.Status, pi.AmountReceived, pi.AmountCapturable = "succeeded", amount, 0
	s.emit("charge.captured", ch)
	s.emit("payment_intent.succeeded", pi)
	if o, ok := s.state.Sessions.get(s.state.Origins[pi.ID]); ok {
		o.PaymentStatus = "paid"
	}
}

func (s *Server) cancelIntent(c *call) (any, error) {
	reason := c.oneOf("cancellation_reason", "", "duplicate", "fraudulent", "requested_by_customer", "abandoned")
	if err := c.finish(); err != nil {
		return nil, err
	}
	pi, err := s.intent(c.path("id"))
	if err != nil {
		return nil, err
	}
	// Checkout made every intent here, and such an intent can be canceled while it is held only.
	if pi.Status != "requires_capture" {
		return nil, unexpectedState(pi, "canceled", "requires_capture")
	}
	s.cancel(pi, reason)
	return pi, nil
}

func (s *Server) cancel(pi *intent, reason string) {
	ch := s.latestCharge(pi)
	now := s.now().Unix()
	pi.Status, pi.AmountCapturable, pi.CanceledAt, pi.CancellationReason = "canceled", 0, &now, text(reason)
	ch.AmountRefunded, ch.Refunded = ch.Amount, true
	s.state.Released[pi.ID] = ch.Amount
	s.emit("charge.refunded", ch)
	s.emit("payment_intent.canceled", pi)
}

// expireHold ends an authorisation that nobody captured in time.
func (s *Server) expireHold(pi *intent) {
	ch := s.latestCharge(pi)
	s.emit("charge.expired", ch)
	s.cancel(pi, "automatic")
	s.state.Refunds.add(&refund{
		ID: newID("re_"), Object: "refund", Amount: ch.Amount, Charge: ch.ID, Created: s.now().Unix(), Currency: ch.Currency,
		Metadata: map[string]string{}, PaymentIntent: text(pi.ID), Reason: "expired_uncaptured_charge", Status: "succeeded",
	})
}

func unexpectedState(pi *intent, wanted, needed string) error {
	return invalid("payment_intent_unexpected_state", fmt.Sprintf(
		"This PaymentIntent could not be %s because it has a status of %s. Only a PaymentIntent with one of the following statuses may be %s: %s.",
		wanted, pi.Status, wanted, needed))
}

func (s *Server) latestCharge(pi *intent) *charge {
	ch, ok := s.state.Charges.get(string(pi.LatestCharge))
	if !ok {
		panic("stripetest: intent " + pi.ID + " was authorised without a charge")
	}
	return ch
}

func (s *Server) getCharge(c *call) (any, error) {
	if err := c.finish(); err != nil {
		return nil, err
	}
	ch, ok := s.state.Charges.get(c.path("id"))
	if !ok {
		return nil, notFound("charge", c.path("id"))
	}
	return ch, nil
}

func (s *Server) listCharges(c *call) (any, error) {
	intent := c.text("payment_intent")
	return listOf(c, s.state.Charges.Rows, func(ch *charge) bool {
		return intent == "" || string(ch.PaymentIntent) == intent
	})
}

// expectEnding has endOverdue look again once this Unix second has come.
func (s *Server) expectEnding(at int64) {
	if s.nextEnding != 0 {
		s.nextEnding = min(s.nextEnding, at)
	}
}

// endOverdue expires sessions, konbini codes and card holds whose time has passed.
func (s *Server) endOverdue() {
	now := s.now().Unix()
	if now < s.nextEnding {
		return
	}
	s.forgetOldKeys()
	next := now + int64(keyLife/time.Second)
	for _, o := range slices.Clone(s.state.Sessions.Rows) {
		ending, end := s.ending(o)
		switch {
		case end == nil:
		case ending <= now:
			end()
		default:
			next = min(next, ending)
		}
	}
	s.nextEnding = next
}

// ending tells when the session, or the payment it led to, lapses, and how.
func (s *Server) ending(o *session) (int64, func()) {
	if o.Status == "open" {
		return o.ExpiresAt, func() { s.expire(o) }
	}
	pi, ok := s.state.Intents.get(string(o.PaymentIntent))
	switch {
	case !ok:
		return 0, nil
	case pi.Status == "requires_action" && pi.NextAction.Konbini != nil:
		return pi.NextAction.Konbini.ExpiresAt, func() { s.lapseCode(o, pi) }
	case pi.Status == "requires_capture":
		return pi.Created + int64(cardHold/time.Second), func() { s.expireHold(pi) }
	}
	return 0, nil
}

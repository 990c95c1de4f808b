package stripetest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"
)

// ErrNotPayable is returned when a payer's act does not fit the state of the session: it is
// unknown, over, of another method, or the code was paid or has lapsed.
var ErrNotPayable = errors.New("this session cannot be paid that way")

var jst = time.FixedZone("JST", 9*60*60)

// KonbiniChains are the shops whose tills take a code; 7-Eleven is not among them.
var KonbiniChains = []string{"familymart", "lawson", "ministop", "seicomart"}

// openSession runs a payer's act on an open session that offers the method.
func (s *Server) openSession(id, method string, step func(*session)) error {
	return s.act(func() error {
		o, ok := s.state.Sessions.get(id)
		if !ok || o.Status != "open" || !slices.Contains(o.PaymentMethodTypes, method) {
			return fmt.Errorf("session %s by %s: %w", id, method, ErrNotPayable)
		}
		step(o)
		return nil
	})
}

// PayCard pays an open session with a card that is accepted: the money is held or taken,
// as the session's capture method says.
func (s *Server) PayCard(sessionID string) error {
	return s.openSession(sessionID, "card", func(o *session) { s.acceptCard(o, false) })
}

// DeclineCard has the payer try a card that the issuer declines; the session stays open.
func (s *Server) DeclineCard(sessionID string) error {
	return s.openSession(sessionID, "card", func(o *session) {
		s.failCard(o, paymentError{
			Type: "card_error", Code: "card_declined", DeclineCode: "generic_decline", Message: "Your card was declined.",
		})
	})
}

// AskThreeDSecure has the payer use a card whose issuer wants to see who pays.
func (s *Server) AskThreeDSecure(sessionID string) error {
	return s.openSession(sessionID, "card", func(o *session) {
		pi := s.startIntent(o)
		pi.Status, pi.LastPaymentError = "requires_action", nil
		pi.NextAction = &nextAction{Type: "redirect_to_url", Redirect: &redirect{
			URL: s.options.PublicURL + "/pay/" + o.ID + "/3ds", ReturnURL: o.URL,
		}}
		s.emit("payment_intent.requires_action", pi)
	})
}

// AnswerThreeDSecure ends what AskThreeDSecure began: the payer is who they say, or not.
func (s *Server) AnswerThreeDSecure(sessionID string, genuine bool) error {
	return s.openSession(sessionID, "card", func(o *session) {
		if genuine {
			s.acceptCard(o, true)
			return
		}
		s.failCard(o, paymentError{
			Type: "card_error", Code: "payment_intent_authentication_failure",
			Message: "The provided PaymentMethod has failed authentication.",
		})
	})
}

func (s *Server) acceptCard(o *session, threeDSecure bool) {
	pi := s.startIntent(o)
	ch := s.addCharge(pi)
	ch.Status, ch.Paid = "succeeded", true
	pi.NextAction, pi.LastPaymentError, pi.PaymentMethod = nil, nil, text(newID("pm_"))
	o.describePayer("")
	held := pi.CaptureMethod == "manual"
	ch.PaymentMethodDetails = s.cardDetails(ch, held, threeDSecure)
	if held {
		pi.Status, pi.AmountCapturable = "requires_capture", pi.Amount
		s.expectEnding(pi.Created + int64(cardHold/time.Second))
		s.emit("charge.succeeded", ch)
		s.emit("payment_intent.amount_capturable_updated", pi)
	} else {
		s.take(o, pi, ch)
	}
	s.complete(o)
}

func (s *Server) take(o *session, pi *intent, ch *charge) {
	ch.Captured, ch.AmountCaptured = true, ch.Amount
	pi.Status, pi.AmountReceived, o.PaymentStatus = "succeeded", pi.Amount, "paid"
	s.emit("charge.succeeded", ch)
	s.emit("payment_intent.succeeded", pi)
}

func (s *Server) failCard(o *session, reason paymentError) {
	pi := s.startIntent(o)
	ch := s.addCharge(pi)
	ch.Status, ch.FailureCode, ch.FailureMessage = "failed", text(reason.Code), text(reason.Message)
	ch.PaymentMethodDetails = s.cardDetails(ch, false, false)
	reason.Charge = ch.ID
	pi.Status, pi.NextAction, pi.LastPaymentError = "requires_payment_method", nil, &reason
	s.emit("charge.failed", ch)
	s.emit("payment_intent.payment_failed", pi)
}

func (s *Server) addCharge(pi *intent) *charge {
	ch := &charge{
		ID: newID("ch_"), Object: "charge", Amount: pi.Amount, Created: s.now().Unix(), Currency: pi.Currency,
		Metadata: pi.Metadata, PaymentIntent: text(pi.ID),
	}
	s.state.Charges.add(ch)
	pi.LatestCharge = text(ch.ID)
	return ch
}

func (s *Server) cardDetails(ch *charge, held, threeDSecure bool) map[string]any {
	card := map[string]any{
		"brand": "visa", "last4": "4242", "country": "JP", "funding": "credit", "exp_month": 12, "exp_year": s.now().Year() + 3,
		"amount_authorized": ch.Amount, "network": "visa", "three_d_secure": nil,
	}
	if held {
		card["capture_before"] = s.now().Add(cardHold).Unix()
	}
	if threeDSecure {
		card["three_d_secure"] = map[string]any{"result": "authenticated", "version": "2.2.0"}
	}
	return map[string]any{"type": "card", "card": card}
}

func (o *session) describePayer(phone string) {
	o.CustomerDetails = &customerDetails{Email: o.CustomerEmail, Phone: text(phone)}
}

// IssueCode has the payer take a konbini code. The session is complete and nothing is paid.
func (s *Server) IssueCode(sessionID, phone string) error {
	return s.openSession(sessionID, "konbini", func(o *session) {
		pi := s.startIntent(o)
		days := int(s.state.Plans[o.ID].KonbiniDays)
		now := s.now().In(jst)
		ends := time.Date(now.Year(), now.Month(), now.Day()+days, 23, 59, 59, 0, jst)
		pi.Status, pi.PaymentMethod = "requires_action", text(newID("pm_"))
		pi.NextAction = &nextAction{Type: "konbini_display_details", Konbini: &konbiniDetails{
			ExpiresAt: ends.Unix(), HostedVoucherURL: s.options.PublicURL + "/pay/" + o.ID + "/voucher", Stores: voucherCodes(phone),
		}}
		o.describePayer(phone)
		s.expectEnding(ends.Unix())
		s.emit("payment_intent.requires_action", pi)
		s.complete(o)
	})
}

func voucherCodes(phone string) map[string]voucherCode {
	if phone == "" {
		phone = "00000000000"
	}
	codes := map[string]voucherCode{}
	for _, chain := range KonbiniChains {
		codes[chain] = voucherCode{ConfirmationNumber: phone, PaymentCode: fmt.Sprintf("%06d", rand.IntN(1_000_000))}
	}
	return codes
}

// issuedCode runs an act on a session whose konbini code can still be paid.
func (s *Server) issuedCode(sessionID string, step func(*session, *intent)) error {
	return s.act(func() error {
		o, ok := s.state.Sessions.get(sessionID)
		if !ok {
			return fmt.Errorf("session %s: %w", sessionID, ErrNotPayable)
		}
		pi, ok := s.state.Intents.get(string(o.PaymentIntent))
		if !ok || pi.Status != "requires_action" || pi.NextAction.Konbini == nil {
			return fmt.Errorf("code of session %s: %w", sessionID, ErrNotPayable)
		}
		step(o, pi)
		return nil
	})
}

// PayAtStore pays an issued code at the till of a chain, one of KonbiniChains.
func (s *Server) PayAtStore(sessionID, chain string) error {
	if !slices.Contains(KonbiniChains, chain) {
		return fmt.Errorf("pay at %q: %w", chain, ErrNotPayable)
	}
	return s.issuedCode(sessionID, func(o *session, pi *intent) {
		ch := s.addCharge(pi)
		ch.Status, ch.Paid = "succeeded", true
		ch.PaymentMethodDetails = map[string]any{
			"type": "konbini", "konbini": map[string]any{"store": map[string]any{"chain": chain}},
		}
		pi.NextAction = nil
		s.take(o, pi, ch)
		s.emit("checkout.session.async_payment_succeeded", o)
	})
}

// LapseCode lets an issued code run out unpaid.
func (s *Server) LapseCode(sessionID string) error { return s.issuedCode(sessionID, s.lapseCode) }

func (s *Server) lapseCode(o *session, pi *intent) {
	pi.Status, pi.NextAction = "requires_payment_method", nil
	pi.LastPaymentError = &paymentError{
		Type: "invalid_request_error", Code: "payment_intent_payment_attempt_expired",
		Message: "The latest attempt to pay the PaymentIntent has expired.",
	}
	s.emit("payment_intent.payment_failed", pi)
	s.emit("checkout.session.async_payment_failed", o)
}

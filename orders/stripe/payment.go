package stripe

import (
	"context"
	"encoding"
	"fmt"
	"time"

	stripego "github.com/stripe/stripe-go/v76"

	"tsukuriba/internal/yen"
	"tsukuriba/orders"
)

// Payment reads session, intent and latest charge. A card that was declined while the page is
// still open leaves the attempt in PaymentCreated with its Failure: the customer may try again.
func (g *Gateway) Payment(ctx context.Context, ref orders.PaymentRef) (orders.PaymentSnapshot, error) {
	found, err := g.find(ctx, ref)
	if err != nil {
		return orders.PaymentSnapshot{}, classify("read payment", err)
	}
	return snapshot(found), nil
}

// find returns the session with its intent and charge; by the intent alone if that is all that is
// known. An intent without a session of ours is returned inside an otherwise empty one.
func (g *Gateway) find(ctx context.Context, ref orders.PaymentRef) (*stripego.CheckoutSession, error) {
	if ref.SessionID != "" {
		params := &stripego.CheckoutSessionParams{Params: stripego.Params{Context: ctx}}
		params.AddExpand("payment_intent.latest_charge")
		return g.sessions.Get(ref.SessionID, params)
	}
	params := &stripego.CheckoutSessionListParams{
		ListParams: stripego.ListParams{Context: ctx, Limit: stripego.Int64(1)}, PaymentIntent: new(ref.IntentID),
	}
	params.AddExpand("data.payment_intent.latest_charge")
	sessions := g.sessions.List(params)
	if sessions.Next() {
		return sessions.CheckoutSession(), nil
	}
	if err := sessions.Err(); err != nil {
		return nil, err
	}
	intent, err := g.intent(ctx, ref.IntentID)
	return &stripego.CheckoutSession{PaymentIntent: intent}, err
}

func (g *Gateway) intent(ctx context.Context, intentID string) (*stripego.PaymentIntent, error) {
	params := &stripego.PaymentIntentParams{Params: stripego.Params{Context: ctx}}
	params.AddExpand("latest_charge")
	return g.intents.Get(intentID, params)
}

func snapshot(s *stripego.CheckoutSession) orders.PaymentSnapshot {
	shot := orders.PaymentSnapshot{
		SessionID: s.ID, Currency: string(s.Currency), Amount: yen.Amount(s.AmountTotal), State: state(s),
	}
	if s.ExpiresAt != 0 {
		shot.ExpiresAt = time.Unix(s.ExpiresAt, 0)
	}
	shot.OrderID, shot.PaymentID = ours(s.Metadata)
	if s.PaymentIntent != nil {
		addIntent(&shot, s.PaymentIntent)
	}
	return shot
}

func addIntent(shot *orders.PaymentSnapshot, intent *stripego.PaymentIntent) {
	shot.IntentID, shot.Captured = intent.ID, yen.Amount(intent.AmountReceived)
	if shot.SessionID == "" {
		shot.Currency, shot.Amount = string(intent.Currency), yen.Amount(intent.Amount)
		shot.OrderID, shot.PaymentID = ours(intent.Metadata)
	}
	if code := issuedCode(intent); code != nil {
		shot.ExpiresAt, shot.VoucherURL = time.Unix(code.ExpiresAt, 0), code.HostedVoucherURL
	}
	if intent.Status == stripego.PaymentIntentStatusRequiresCapture {
		shot.CaptureBefore = captureBefore(intent.LatestCharge)
	}
	if failure := intent.LastPaymentError; failure != nil {
		shot.Failure = string(failure.Code)
	}
}

// captureBefore is when a hold lapses; zero where Stripe does not say.
func captureBefore(charge *stripego.Charge) time.Time {
	if charge == nil || charge.PaymentMethodDetails == nil || charge.PaymentMethodDetails.Card == nil ||
		charge.PaymentMethodDetails.Card.CaptureBefore == 0 {
		return time.Time{}
	}
	return time.Unix(charge.PaymentMethodDetails.Card.CaptureBefore, 0)
}

func issuedCode(intent *stripego.PaymentIntent) *stripego.PaymentIntentNextActionKonbiniDisplayDetails {
	if intent.NextAction == nil {
		return nil
	}
	return intent.NextAction.KonbiniDisplayDetails
}

// state maps session and intent. Money comes first: what is held or taken counts whatever
// the page says.
func state(s *stripego.CheckoutSession) orders.PaymentState {
	intent := s.PaymentIntent
	if intent == nil {
		intent = &stripego.PaymentIntent{}
	}
	switch {
	case intent.Status == stripego.PaymentIntentStatusSucceeded:
		return orders.PaymentCaptured
	case intent.Status == stripego.PaymentIntentStatusRequiresCapture:
		return orders.PaymentAuthorized
	case issuedCode(intent) != nil:
		return orders.PaymentCodeIssued
	case intent.Status == stripego.PaymentIntentStatusCanceled:
		return canceled(intent)
	case s.Status == stripego.CheckoutSessionStatusExpired:
		return orders.PaymentExpired
	case s.Status == stripego.CheckoutSessionStatusOpen, intent.LastPaymentError == nil:
		return orders.PaymentCreated
	case intent.LastPaymentError.Code == stripego.ErrorCodePaymentIntentPaymentAttemptExpired:
		return orders.PaymentExpired
	}
	return orders.PaymentFailed
}

// canceled tells a hold that ran out from one that was released.
func canceled(intent *stripego.PaymentIntent) orders.PaymentState {
	if intent.CancellationReason == stripego.PaymentIntentCancellationReasonAutomatic {
		return orders.PaymentExpired
	}
	return orders.PaymentCanceled
}

// ours reads the ids of order and payment from metadata; foreign metadata give zero ids.
func ours(meta map[string]string) (order orders.OrderID, payment orders.PaymentID) {
	return idIn[orders.OrderID](meta, metaOrder), idIn[orders.PaymentID](meta, metaPayment)
}

func idIn[T any, P interface {
	*T
	encoding.TextUnmarshaler
}](meta map[string]string, name string) T {
	var value, none T
	if err := P(&value).UnmarshalText([]byte(meta[name])); err != nil {
		return none
	}
	return value
}

// Capture takes held money. Whatever the call said, an intent that has this amount is a success.
func (g *Gateway) Capture(ctx context.Context, key, intentID string, amount yen.Amount) error {
	err := effect(key, func(key string) error {
		_, err := g.intents.Capture(intentID, &stripego.PaymentIntentCaptureParams{
			Params: keyed(ctx, key), AmountToCapture: new(int64(amount)),
		})
		return err
	}, func() (bool, error) {
		intent, err := g.intent(ctx, intentID)
		return err == nil && intent.Status == stripego.PaymentIntentStatusSucceeded && intent.AmountReceived == int64(amount), err
	})
	if err != nil {
		return classify("capture payment", err)
	}
	return nil
}

// CancelPayment closes an open page or releases a hold, whichever the payment is at.
func (g *Gateway) CancelPayment(ctx context.Context, key string, ref orders.PaymentRef) error {
	found, err := g.find(ctx, ref)
	if err == nil && found.Status == stripego.CheckoutSessionStatusOpen {
		found, err = g.closePage(ctx, key+":page", found.ID)
	}
	if err != nil {
		return classify("cancel payment", err)
	}
	switch state := state(found); state {
	case orders.PaymentCanceled, orders.PaymentExpired, orders.PaymentFailed:
		return nil
	case orders.PaymentAuthorized:
		return g.release(ctx, key+":hold", found.PaymentIntent.ID)
	default:
		return fmt.Errorf("cancel payment that is %s: %w", state, orders.ErrGatewayRefused)
	}
}

// closePage returns the session when it is open no more: expired by us, or paid in that moment.
func (g *Gateway) closePage(ctx context.Context, key, sessionID string) (closed *stripego.CheckoutSession, err error) {
	err = effect(key, func(key string) (err error) {
		params := &stripego.CheckoutSessionExpireParams{Params: keyed(ctx, key)}
		closed, err = g.sessions.Expire(sessionID, params)
		return err
	}, func() (bool, error) {
		closed, err = g.find(ctx, orders.PaymentRef{SessionID: sessionID})
		return err == nil && closed.Status != stripego.CheckoutSessionStatusOpen, err
	})
	return closed, err
}

func (g *Gateway) release(ctx context.Context, key, intentID string) error {
	err := effect(key, func(key string) error {
		_, err := g.intents.Cancel(intentID, &stripego.PaymentIntentCancelParams{Params: keyed(ctx, key)})
		return err
	}, func() (bool, error) {
		intent, err := g.intent(ctx, intentID)
		return err == nil && intent.Status == stripego.PaymentIntentStatusCanceled, err
	})
	if err != nil {
		return classify("release authorization", err)
	}
	return nil
}

package stripe_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	stripego "github.com/stripe/stripe-go/v76"
	"github.com/stripe/stripe-go/v76/client"

	"tsukuriba/orders/stripe/stripetest"
)

// account is what the contract is held against: the stand-in, or Stripe's test mode.
type account struct {
	*client.API
	hold    func(t *testing.T) string // an intent over contractTotal that a card holds
	dispute func(t *testing.T) string // a captured intent over contractTotal whose cardholder disputes it
}

const contractTotal = 2385

// TestContract says what the shop relies on in Stripe's API. It holds for the stand-in; for
// stripe-mock, which knows all parameters and no state, as far as parameters go; and, with
// STRIPE_SECRET_KEY set to a test key, for Stripe's own test mode.
func TestContract(t *testing.T) {
	t.Parallel()
	t.Run("stand-in", func(t *testing.T) {
		t.Parallel()
		contract(t, standIn(t))
	})
	t.Run("test mode", func(t *testing.T) {
		t.Parallel()
		key := os.Getenv("STRIPE_SECRET_KEY")
		if !strings.HasPrefix(key, "sk_test_") {
			t.Skip("STRIPE_SECRET_KEY is not a test key")
		}
		contract(t, testMode(key))
	})
}

func contract(t *testing.T, a account) {
	for name, clause := range map[string]func(*testing.T, account){
		"a session sums its lines":                       sessionSumsLines,
		"a session lives 30 minutes to 24 hours":         sessionLifetime,
		"a session expires once":                         sessionExpiresOnce,
		"line items come in their order":                 lineItemsInOrder,
		"a key replays its first answer":                 keyReplays,
		"a key refuses another request":                  keyRefusesOther,
		"unknown parameters and objects are refused":     unknownRefused,
		"konbini has limits and no hold":                 konbiniLimits,
		"a hold names its last moment and is taken once": holdTakenOnce,
		"a hold is released once":                        holdReleasedOnce,
		"refunds end where the money ends":               refundsEnd,
		"lists come in pages":                            listsInPages,
		"lists cover a span":                             listsCoverSpan,
		"a refund keeps what we write on it":             refundKeepsMetadata,
		"an event tells of each change":                  eventsTell,
		"a dispute takes the money at once":              disputeTakesMoney,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clause(t, a)
		})
	}
}

func standIn(t *testing.T) account {
	server, err := stripetest.Start(stripetest.Options{})
	must(t, err)
	transport := &http.Transport{}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		must(t, server.Close())
	})
	a := account{API: clientOf(testKey, &stripego.BackendConfig{
		URL: new(server.URL()), HTTPClient: &http.Client{Transport: agreed{t, transport}},
	})}
	a.hold = func(t *testing.T) string {
		session, err := a.CheckoutSessions.New(sessionOf("card"))
		must(t, err)
		must(t, server.PayCard(session.ID))
		session, err = a.CheckoutSessions.Get(session.ID, nil)
		must(t, err)
		return session.PaymentIntent.ID
	}
	a.dispute = func(t *testing.T) string {
		intent := a.hold(t)
		_, err := a.PaymentIntents.Capture(intent, nil)
		must(t, err)
		_, err = server.OpenDispute(intent, "fraudulent")
		must(t, err)
		return intent
	}
	return a
}

// agreed sends every request to the stand-in and once more to stripe-mock: what one takes the other
// must take, and a parameter that one does not know the other must not know either.
type agreed struct {
	t    *testing.T
	next http.RoundTripper
}

func (a agreed) RoundTrip(r *http.Request) (*http.Response, error) {
	var sent []byte
	if r.Body != nil {
		sent, _ = io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(sent))
	}
	answer, err := a.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(answer.Body)
	answer.Body = io.NopCloser(bytes.NewReader(body))
	status, said := mockSays(r, sent)
	unknown := bytes.Contains(body, []byte(`"parameter_unknown"`))
	if answer.StatusCode == http.StatusOK && status != http.StatusOK || unknown && status == http.StatusOK {
		a.t.Errorf("%s %s %s: the stand-in answers %d, stripe-mock %d %s", r.Method, r.URL, sent, answer.StatusCode, status, said)
	}
	return answer, err
}

func mockSays(r *http.Request, sent []byte) (status int, said []byte) {
	copied := r.Clone(context.WithoutCancel(r.Context()))
	copied.Body, copied.Host, copied.URL.Host = io.NopCloser(bytes.NewReader(sent)), "", strings.TrimPrefix(mockURL, "http://")
	answer, err := http.DefaultTransport.RoundTrip(copied)
	if err != nil {
		return 0, []byte(err.Error())
	}
	defer answer.Body.Close()
	said, _ = io.ReadAll(answer.Body) // shown when the two do not agree
	return answer.StatusCode, said
}

// testMode confirms its intents directly: nobody sits at Stripe's pay page.
func testMode(key string) account {
	a := account{API: clientOf(key, &stripego.BackendConfig{HTTPClient: &http.Client{Timeout: time.Minute}})}
	pay := func(t *testing.T, card, capture string) string {
		intent, err := a.PaymentIntents.New(&stripego.PaymentIntentParams{
			Amount: stripego.Int64(contractTotal), Currency: new("jpy"), Confirm: new(true),
			CaptureMethod: new(capture), PaymentMethod: new(card),
			PaymentMethodTypes: []*string{new("card")},
		})
		must(t, err)
		return intent.ID
	}
	a.hold = func(t *testing.T) string { return pay(t, "pm_card_visa", "manual") }
	a.dispute = func(t *testing.T) string { return pay(t, "pm_card_createDispute", "automatic") }
	return a
}

func clientOf(key string, config *stripego.BackendConfig) *client.API {
	config.LeveledLogger = &stripego.LeveledLogger{Level: stripego.LevelNull}
	backend := stripego.GetBackendWithConfig(stripego.APIBackend, config)
	return client.New(key, &stripego.Backends{API: backend, Connect: backend, Uploads: backend})
}

func sessionOf(method string) *stripego.CheckoutSessionParams {
	line := func(name string, unit, quantity int64) *stripego.CheckoutSessionLineItemParams {
		return &stripego.CheckoutSessionLineItemParams{
			Quantity: new(quantity),
			PriceData: &stripego.CheckoutSessionLineItemPriceDataParams{
				Currency: new("jpy"), UnitAmount: new(unit),
				ProductData: &stripego.CheckoutSessionLineItemPriceDataProductDataParams{Name: new(name)},
			},
		}
	}
	params := &stripego.CheckoutSessionParams{
		Mode: new("payment"), PaymentMethodTypes: []*string{new(method)},
		LineItems:         []*stripego.CheckoutSessionLineItemParams{line("ネームタグ「髙﨑」", 1100, 2), line("送料", 185, 1)},
		SuccessURL:        new("https://shop.test/done?session={CHECKOUT_SESSION_ID}"),
		CancelURL:         new("https://shop.test/cart"),
		ClientReferenceID: new("ord_1"),
		Metadata:          map[string]string{"order_id": "ord_1"},
	}
	if method == "card" {
		params.PaymentIntentData = &stripego.CheckoutSessionPaymentIntentDataParams{CaptureMethod: new("manual")}
	}
	return params
}

// wantRefusal expects an error of Stripe's with this status, and this code unless it is empty.
func wantRefusal(t *testing.T, err error, status int, code stripego.ErrorCode) {
	t.Helper()
	var failure *stripego.Error
	if !errors.As(err, &failure) || failure.HTTPStatusCode != status || (code != "" && failure.Code != code) || failure.RequestID == "" {
		t.Errorf("got %v, want %d %s", err, status, code)
	}
}

func sessionSumsLines(t *testing.T, a account) {
	s, err := a.CheckoutSessions.New(sessionOf("card"))
	must(t, err)
	if s.AmountTotal != contractTotal || s.Currency != "jpy" || s.Status != "open" || s.PaymentStatus != "unpaid" || s.URL == "" ||
		s.ClientReferenceID != "ord_1" || s.Metadata["order_id"] != "ord_1" || s.PaymentIntent != nil || s.Livemode {
		t.Errorf("got %+v", s)
	}
}

func sessionLifetime(t *testing.T, a account) {
	for _, life := range []time.Duration{29 * time.Minute, 25 * time.Hour} {
		params := sessionOf("card")
		params.ExpiresAt = new(time.Now().Add(life).Unix())
		_, err := a.CheckoutSessions.New(params)
		wantRefusal(t, err, http.StatusBadRequest, "")
	}
}

func sessionExpiresOnce(t *testing.T, a account) {
	s, err := a.CheckoutSessions.New(sessionOf("konbini"))
	must(t, err)
	s, err = a.CheckoutSessions.Expire(s.ID, nil)
	must(t, err)
	if s.Status != "expired" || s.URL != "" {
		t.Errorf("got %s %q", s.Status, s.URL)
	}
	_, err = a.CheckoutSessions.Expire(s.ID, nil)
	wantRefusal(t, err, http.StatusBadRequest, "")
}

func lineItemsInOrder(t *testing.T, a account) {
	s, err := a.CheckoutSessions.New(sessionOf("card"))
	must(t, err)
	var got []int64
	items := a.CheckoutSessions.ListLineItems(&stripego.CheckoutSessionListLineItemsParams{Session: new(s.ID)})
	for items.Next() {
		got = append(got, items.LineItem().AmountTotal)
	}
	must(t, items.Err())
	if len(got) != 2 || got[0] != 2200 || got[1] != 185 {
		t.Errorf("got %v", got)
	}
}

func keyReplays(t *testing.T, a account) {
	params := sessionOf("card")
	params.SetIdempotencyKey("contract:" + uuid.NewString())
	first, err := a.CheckoutSessions.New(params)
	must(t, err)
	again, err := a.CheckoutSessions.New(params)
	must(t, err)
	if again.ID != first.ID || again.LastResponse.Header.Get("Idempotent-Replayed") != "true" {
		t.Errorf("got %s after %s", again.ID, first.ID)
	}
}

func keyRefusesOther(t *testing.T, a account) {
	params := sessionOf("card")
	params.SetIdempotencyKey("contract:" + uuid.NewString())
	_, err := a.CheckoutSessions.New(params)
	must(t, err)
	params.ClientReferenceID = new("ord_2")
	_, err = a.CheckoutSessions.New(params)
	wantRefusal(t, err, http.StatusBadRequest, "")
	var failure *stripego.Error
	if errors.As(err, &failure) && failure.Type != stripego.ErrorTypeIdempotency {
		t.Errorf("got %s", failure.Type)
	}
}

func unknownRefused(t *testing.T, a account) {
	params := sessionOf("card")
	params.AddExtra("nonsense", "1")
	_, err := a.CheckoutSessions.New(params)
	wantRefusal(t, err, http.StatusBadRequest, stripego.ErrorCodeParameterUnknown)
	_, err = a.PaymentIntents.Get("pi_none", nil)
	wantRefusal(t, err, http.StatusNotFound, stripego.ErrorCodeResourceMissing)
	expand := &stripego.PaymentIntentParams{}
	expand.AddExpand("nonsense")
	_, err = a.PaymentIntents.Get(a.hold(t), expand)
	wantRefusal(t, err, http.StatusBadRequest, "")
}

func konbiniLimits(t *testing.T, a account) {
	dear := sessionOf("konbini")
	dear.LineItems[0].PriceData.UnitAmount = stripego.Int64(300_000)
	_, err := a.CheckoutSessions.New(dear)
	wantRefusal(t, err, http.StatusBadRequest, "")
	held := sessionOf("konbini")
	held.PaymentIntentData = &stripego.CheckoutSessionPaymentIntentDataParams{CaptureMethod: new("manual")}
	_, err = a.CheckoutSessions.New(held)
	wantRefusal(t, err, http.StatusBadRequest, "")
}

func holdTakenOnce(t *testing.T, a account) {
	held := a.hold(t)
	params := &stripego.PaymentIntentParams{}
	params.AddExpand("latest_charge")
	intent, err := a.PaymentIntents.Get(held, params)
	must(t, err)
	if intent.Status != "requires_capture" || intent.AmountCapturable != contractTotal ||
		intent.LatestCharge.PaymentMethodDetails.Card.CaptureBefore < time.Now().Add(24*time.Hour).Unix() {
		t.Errorf("got %+v", intent)
	}
	intent, err = a.PaymentIntents.Capture(held, nil)
	must(t, err)
	if intent.Status != "succeeded" || intent.AmountReceived != contractTotal {
		t.Errorf("got %+v", intent)
	}
	_, err = a.PaymentIntents.Capture(held, nil)
	wantRefusal(t, err, http.StatusBadRequest, stripego.ErrorCodePaymentIntentUnexpectedState)
	_, err = a.PaymentIntents.Cancel(held, nil)
	wantRefusal(t, err, http.StatusBadRequest, stripego.ErrorCodePaymentIntentUnexpectedState)
}

func holdReleasedOnce(t *testing.T, a account) {
	held := a.hold(t)
	intent, err := a.PaymentIntents.Cancel(held, nil)
	must(t, err)
	if intent.Status != "canceled" || intent.AmountCapturable != 0 || intent.AmountReceived != 0 {
		t.Errorf("got %+v", intent)
	}
	_, err = a.PaymentIntents.Cancel(held, nil)
	wantRefusal(t, err, http.StatusBadRequest, stripego.ErrorCodePaymentIntentUnexpectedState)
}

func refundsEnd(t *testing.T, a account) {
	held := a.hold(t)
	refund := func(amount int64) error {
		_, err := a.Refunds.New(&stripego.RefundParams{PaymentIntent: new(held), Amount: new(amount)})
		return err
	}
	_, err := a.PaymentIntents.Capture(held, nil)
	must(t, err)
	must(t, refund(2000))
	wantRefusal(t, refund(386), http.StatusBadRequest, "")
	must(t, refund(385))
	wantRefusal(t, refund(1), http.StatusBadRequest, stripego.ErrorCodeChargeAlreadyRefunded)
	refunds := a.Refunds.List(&stripego.RefundListParams{PaymentIntent: new(held)})
	var sum int64
	for refunds.Next() {
		sum += refunds.Refund().Amount
	}
	if refunds.Err() != nil || sum != contractTotal {
		t.Errorf("got %d, %v", sum, refunds.Err())
	}
}

func listsInPages(t *testing.T, a account) {
	var made []string
	for range 3 {
		s, err := a.CheckoutSessions.New(sessionOf("card"))
		must(t, err)
		made = append(made, s.ID)
	}
	params := &stripego.CheckoutSessionListParams{}
	params.Limit = stripego.Int64(1)
	params.StartingAfter = new(made[2])
	params.Single = true
	older := a.CheckoutSessions.List(params)
	if !older.Next() || older.CheckoutSession().Created > time.Now().Unix() || !older.CheckoutSessionList().HasMore {
		t.Errorf("got %+v, %v", older.CheckoutSession(), older.Err())
	}
	params.StartingAfter, params.EndingBefore = nil, new(made[0])
	newer := a.CheckoutSessions.List(params)
	if !newer.Next() || newer.CheckoutSession().ID == made[0] {
		t.Errorf("got %+v, %v", newer.CheckoutSession(), newer.Err())
	}
}

func listsCoverSpan(t *testing.T, a account) {
	began := time.Now().Add(-time.Minute).Unix()
	held := a.hold(t)
	span := &stripego.RangeQueryParams{GreaterThanOrEqual: began, LesserThan: time.Now().Add(time.Minute).Unix()}
	intents := &stripego.PaymentIntentListParams{CreatedRange: span}
	intents.AddExpand("data.latest_charge")
	found := false
	for rows := a.PaymentIntents.List(intents); rows.Next(); {
		if intent := rows.PaymentIntent(); intent.ID == held {
			found = intent.LatestCharge.PaymentMethodDetails != nil
		}
	}
	events := a.Events.List(&stripego.EventListParams{CreatedRange: span})
	if !found || !events.Next() || events.Event().Created < began {
		t.Errorf("the intent was listed: %t; the newest event: %+v, %v", found, events.Event(), events.Err())
	}
	before := &stripego.RangeQueryParams{GreaterThanOrEqual: began - 2, LesserThan: began - 1}
	old := a.PaymentIntents.List(&stripego.PaymentIntentListParams{CreatedRange: before})
	for old.Next() {
		if old.PaymentIntent().Created >= began-1 {
			t.Errorf("outside of the span: %+v", old.PaymentIntent())
		}
	}
	disputes := a.Disputes.List(&stripego.DisputeListParams{CreatedRange: before})
	if disputes.Next() && disputes.Dispute().Created >= began-1 {
		t.Errorf("outside of the span: %+v", disputes.Dispute())
	}
	if old.Err() != nil || disputes.Err() != nil {
		t.Error(old.Err(), disputes.Err())
	}
}

func refundKeepsMetadata(t *testing.T, a account) {
	held := a.hold(t)
	_, err := a.PaymentIntents.Capture(held, nil)
	must(t, err)
	params := &stripego.RefundParams{PaymentIntent: new(held), Amount: stripego.Int64(385)}
	params.AddMetadata("refund_id", "ref_1")
	made, err := a.Refunds.New(params)
	must(t, err)
	refunds := a.Refunds.List(&stripego.RefundListParams{PaymentIntent: new(held)})
	if !refunds.Next() || refunds.Refund().ID != made.ID || refunds.Refund().Metadata["refund_id"] != "ref_1" ||
		refunds.Refund().PaymentIntent.ID != held || refunds.Next() {
		t.Errorf("got %+v, %v", refunds.Refund(), refunds.Err())
	}
}

// soon repeats a question until its answer is yes: Stripe does some things a moment later.
func soon(t *testing.T, what string, ask func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !ask(); time.Sleep(500 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s does not come", what)
		}
	}
}

func eventsTell(t *testing.T, a account) {
	held := a.hold(t)
	_, err := a.PaymentIntents.Capture(held, nil)
	must(t, err)
	soon(t, "the event", func() bool {
		params := &stripego.EventListParams{Types: []*string{new("payment_intent.succeeded"), new("payment_intent.canceled")}}
		params.Limit = stripego.Int64(100)
		events := a.Events.List(params)
		for events.Next() {
			if event := events.Event(); event.Type == "payment_intent.succeeded" && event.Data.Object["id"] == held {
				return event.APIVersion != "" && !event.Livemode
			}
		}
		must(t, events.Err())
		return false
	})
}

func disputeTakesMoney(t *testing.T, a account) {
	intent := a.dispute(t)
	var dispute *stripego.Dispute
	soon(t, "the dispute", func() bool {
		disputes := a.Disputes.List(&stripego.DisputeListParams{PaymentIntent: new(intent)})
		if disputes.Next() {
			dispute = disputes.Dispute()
		}
		must(t, disputes.Err())
		return dispute != nil && len(dispute.BalanceTransactions) > 0
	})
	taken := dispute.BalanceTransactions[0]
	if dispute.Status != "needs_response" || dispute.Amount != contractTotal || taken.Amount != -contractTotal || taken.Net != taken.Amount-taken.Fee ||
		dispute.EvidenceDetails.DueBy < time.Now().Unix() {
		t.Errorf("got %+v with %+v", dispute, taken)
	}
	_, err := a.Refunds.New(&stripego.RefundParams{PaymentIntent: new(intent)})
	wantRefusal(t, err, http.StatusBadRequest, stripego.ErrorCodeChargeDisputed)
}

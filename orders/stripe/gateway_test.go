package stripe_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"tsukuriba/internal/yen"
	"tsukuriba/orders"
	"tsukuriba/orders/stripe"
	"tsukuriba/orders/stripe/stripetest"
)

const (
	testKey    = "sk_test_tsukuriba"
	testSecret = "whsec_one"
)

// judged sends every request on its way and once more to stripe-mock, which must accept it.
type judged struct {
	t    *testing.T
	next http.RoundTripper
}

func (j judged) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		body, _ = io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	copied := r.Clone(context.WithoutCancel(r.Context()))
	copied.Body, copied.Host = io.NopCloser(bytes.NewReader(body)), ""
	copied.URL.Host = strings.TrimPrefix(mockURL, "http://")
	answer, err := http.DefaultTransport.RoundTrip(copied)
	if err != nil {
		j.t.Errorf("stripe-mock on %s: %v", r.URL.Path, err)
		return j.next.RoundTrip(r)
	}
	defer answer.Body.Close()
	if said, _ := io.ReadAll(answer.Body); answer.StatusCode != http.StatusOK {
		j.t.Errorf("stripe-mock refuses %s %s: %s\n%s", r.Method, r.URL.Path, body, said)
	}
	return j.next.RoundTrip(r)
}

type shop struct {
	*stripe.Gateway
	stripe *stripetest.Server
}

func newShop(t *testing.T, options stripetest.Options) shop {
	t.Helper()
	server, err := stripetest.Start(options)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{}
	gateway, err := stripe.New(stripe.Config{
		SecretKey: testKey, WebhookSecrets: []string{testSecret, "whsec_two"},
		BackendURL: server.URL(), Transport: judged{t: t, next: transport},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return shop{gateway, server}
}

func request(method orders.Method) orders.CheckoutRequest {
	payment := orders.PaymentID(uuid.Must(uuid.NewV7()))
	return orders.CheckoutRequest{
		Key: "checkout:" + payment.String(), OrderID: orders.OrderID(uuid.Must(uuid.NewV7())), OrderNumber: "2026-000123", OrderVersion: 3,
		PaymentID: payment, Method: method, Language: orders.Japanese, Email: "haru@example.jp",
		Lines: []orders.HostedLine{
			{Title: "ネームタグ「はると」", UnitPrice: 1100, Quantity: 2},
			{Title: "送料（クリックポスト）", UnitPrice: 185, Quantity: 1},
		},
		SuccessURL: "http://shop.test/done?session={CHECKOUT_SESSION_ID}", CancelURL: "http://shop.test/cart",
		ExpiresAt: time.Now().Add(time.Hour), KonbiniDays: 3, Note: "お届けは10〜14日後です。",
	}
}

const total = yen.Amount(2385)

func (s shop) open(t *testing.T, method orders.Method) (orders.CheckoutRequest, orders.HostedPage) {
	t.Helper()
	asked := request(method)
	page, err := s.OpenCheckout(t.Context(), asked)
	if err != nil {
		t.Fatal(err)
	}
	return asked, page
}

func (s shop) payment(t *testing.T, page orders.HostedPage) orders.PaymentSnapshot {
	t.Helper()
	shot, err := s.Payment(t.Context(), orders.PaymentRef{SessionID: page.SessionID})
	if err != nil {
		t.Fatal(err)
	}
	return shot
}

// authorized opens a page and holds the money of a card on it.
func (s shop) authorized(t *testing.T) orders.PaymentSnapshot {
	t.Helper()
	_, page := s.open(t, orders.Card)
	must(t, s.stripe.PayCard(page.SessionID))
	return s.payment(t, page)
}

func (s shop) captured(t *testing.T) orders.PaymentSnapshot {
	t.Helper()
	shot := s.authorized(t)
	must(t, s.Capture(t.Context(), "capture:"+shot.IntentID, shot.IntentID, total))
	return shot
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestCheckout(t *testing.T) {
	t.Parallel()
	t.Run("is open, unpaid and carries our ids", func(t *testing.T) {
		t.Parallel()
		s := newShop(t, stripetest.Options{})
		asked, page := s.open(t, orders.Card)
		shot := s.payment(t, page)
		want := orders.PaymentSnapshot{
			SessionID: page.SessionID, OrderID: asked.OrderID, PaymentID: asked.PaymentID, State: orders.PaymentCreated,
			Currency: "jpy", Amount: total, ExpiresAt: time.Unix(asked.ExpiresAt.Unix(), 0),
		}
		if shot != want {
			t.Errorf("got  %+v\nwant %+v", shot, want)
		}
	})
	t.Run("repeated under its key is the same page", func(t *testing.T) {
		t.Parallel()
		s := newShop(t, stripetest.Options{})
		asked, page := s.open(t, orders.Konbini)
		again, err := s.OpenCheckout(t.Context(), asked)
		if err != nil || again != page {
			t.Errorf("got %+v, %v; want %+v", again, err, page)
		}
	})
	t.Run("with other content under a used key is refused", func(t *testing.T) {
		t.Parallel()
		s := newShop(t, stripetest.Options{})
		asked, _ := s.open(t, orders.Card)
		asked.Lines[0].UnitPrice++
		if _, err := s.OpenCheckout(t.Context(), asked); !errors.Is(err, orders.ErrGatewayRefused) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("closing too soon is refused", func(t *testing.T) {
		t.Parallel()
		s := newShop(t, stripetest.Options{})
		asked := request(orders.Card)
		asked.ExpiresAt = time.Now().Add(29 * time.Minute)
		if _, err := s.OpenCheckout(t.Context(), asked); !errors.Is(err, orders.ErrGatewayRefused) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("by konbini above its limit is refused", func(t *testing.T) {
		t.Parallel()
		s := newShop(t, stripetest.Options{})
		asked := request(orders.Konbini)
		asked.Lines[0].UnitPrice = 300_000
		if _, err := s.OpenCheckout(t.Context(), asked); !errors.Is(err, orders.ErrGatewayRefused) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("expires unpaid", func(t *testing.T) {
		t.Parallel()
		s := newShop(t, stripetest.Options{})
		_, page := s.open(t, orders.Card)
		must(t, s.stripe.AdvanceClock(time.Hour))
		if shot := s.payment(t, page); shot.State != orders.PaymentExpired {
			t.Errorf("got %s", shot.State)
		}
	})
	t.Run("that nobody made is not found", func(t *testing.T) {
		t.Parallel()
		s := newShop(t, stripetest.Options{})
		for _, ref := range []orders.PaymentRef{{SessionID: "cs_test_none"}, {IntentID: "pi_none"}} {
			if _, err := s.Payment(t.Context(), ref); !errors.Is(err, orders.ErrGatewayNotFound) {
				t.Errorf("%+v: got %v", ref, err)
			}
		}
	})
}

func TestCard(t *testing.T) {
	t.Parallel()
	t.Run("is held, then captured once", func(t *testing.T) {
		t.Parallel()
		s := newShop(t, stripetest.Options{})
		shot := s.authorized(t)
		if shot.State != orders.PaymentAuthorized || shot.Captured != 0 || time.Until(shot.CaptureBefore) < 29*24*time.Hour {
			t.Fatalf("got %+v", shot)
		}
		for _, key := range []string{"capture:1", "capture:1", "capture:2"} {
			must(t, s.Capture(t.Context(), key, shot.IntentID, total))
		}
		shot, err := s.Payment(t.Context(), orders.PaymentRef{IntentID: shot.IntentID})
		must(t, err)
		if shot.State != orders.PaymentCaptured || shot.Captured != total || shot.SessionID == "" {
			t.Errorf("got %+v", shot)
		}
	})
	t.Run("declined leaves the page open for another", func(t *testing.T) {
		t.Parallel()
		s := newShop(t, stripetest.Options{})
		_, page := s.open(t, orders.Card)
		must(t, s.stripe.DeclineCard(page.SessionID))
		if shot := s.payment(t, page); shot.State != orders.PaymentCreated || shot.Failure != "card_declined" {
			t.Fatalf("got %+v", shot)
		}
		must(t, s.stripe.AskThreeDSecure(page.SessionID))
		must(t, s.stripe.AnswerThreeDSecure(page.SessionID, true))
		if shot := s.payment(t, page); shot.State != orders.PaymentAuthorized || shot.Failure != "" {
			t.Errorf("got %+v", shot)
		}
	})
	t.Run("hold that runs out is expired and no refund", func(t *testing.T) {
		t.Parallel()
		s := newShop(t, stripetest.Options{})
		shot := s.authorized(t)
		must(t, s.stripe.AdvanceClock(31*24*time.Hour))
		after, err := s.Payment(t.Context(), orders.PaymentRef{IntentID: shot.IntentID})
		if err != nil || after.State != orders.PaymentExpired {
			t.Errorf("got %+v, %v", after, err)
		}
		if refunds, err := s.Refunds(t.Context(), shot.IntentID); err != nil || len(refunds) != 0 {
			t.Errorf("got %+v, %v", refunds, err)
		}
		if err := s.Capture(t.Context(), "late", shot.IntentID, total); !errors.Is(err, orders.ErrGatewayRefused) {
			t.Errorf("capture: got %v", err)
		}
	})
	t.Run("cannot be captured above what is held", func(t *testing.T) {
		t.Parallel()
		s := newShop(t, stripetest.Options{})
		shot := s.authorized(t)
		if err := s.Capture(t.Context(), "more", shot.IntentID, total+1); !errors.Is(err, orders.ErrGatewayRefused) {
			t.Errorf("got %v", err)
		}
	})
}

func TestKonbini(t *testing.T) {
	t.Parallel()
	t.Run("code is issued, payable until the end of the day in Japan, and paid at the till", func(t *testing.T) {
		t.Parallel()
		s := newShop(t, stripetest.Options{})
		_, page := s.open(t, orders.Konbini)
		must(t, s.stripe.IssueCode(page.SessionID, "09012345678"))
		shot := s.payment(t, page)
		ends := shot.ExpiresAt.In(time.FixedZone("JST", 9*60*60))
		if shot.State != orders.PaymentCodeIssued || shot.VoucherURL == "" || ends.Format("15:04:05") != "23:59:59" {
			t.Fatalf("got %+v", shot)
		}
		must(t, s.stripe.PayAtStore(page.SessionID, "lawson"))
		if shot := s.payment(t, page); shot.State != orders.PaymentCaptured || shot.Captured != total {
			t.Errorf("got %+v", shot)
		}
	})
	t.Run("code lapses", func(t *testing.T) {
		t.Parallel()
		s := newShop(t, stripetest.Options{})
		_, page := s.open(t, orders.Konbini)
		must(t, s.stripe.IssueCode(page.SessionID, ""))
		must(t, s.stripe.AdvanceClock(4*24*time.Hour))
		if shot := s.payment(t, page); shot.State != orders.PaymentExpired {
			t.Errorf("got %+v", shot)
		}
	})
	t.Run("refund waits for the payer's bank account", func(t *testing.T) {
		t.Parallel()
		s := newShop(t, stripetest.Options{})
		_, page := s.open(t, orders.Konbini)
		must(t, s.stripe.IssueCode(page.SessionID, ""))
		must(t, s.stripe.PayAtStore(page.SessionID, "seicomart"))
		ask := refundOf(s.payment(t, page), 500)
		ask.Email = "haru@example.jp"
		made, err := s.Refund(t.Context(), "refund:1", ask)
		must(t, err)
		if made.State != orders.RefundRequiresAction {
			t.Fatalf("got %+v", made)
		}
		must(t, s.stripe.SettleRefund(made.ID, "failed"))
		refunds, err := s.Refunds(t.Context(), ask.IntentID)
		must(t, err)
		if len(refunds) != 1 || refunds[0].State != orders.RefundFailed || refunds[0].Failure == "" {
			t.Errorf("got %+v", refunds)
		}
	})
}

func TestCancelPayment(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		method orders.Method
		before func(*stripetest.Server, string) error
		want   orders.PaymentState
		err    error
	}{
		"open page":        {orders.Card, func(*stripetest.Server, string) error { return nil }, orders.PaymentExpired, nil},
		"expired page":     {orders.Card, (*stripetest.Server).ExpireSession, orders.PaymentExpired, nil},
		"declined card":    {orders.Card, (*stripetest.Server).DeclineCard, orders.PaymentExpired, nil},
		"held money":       {orders.Card, (*stripetest.Server).PayCard, orders.PaymentCanceled, nil},
		"code that is out": {orders.Konbini, func(s *stripetest.Server, id string) error { return s.IssueCode(id, "") }, orders.PaymentCodeIssued, orders.ErrGatewayRefused},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t, stripetest.Options{})
			_, page := s.open(t, c.method)
			must(t, c.before(s.stripe, page.SessionID))
			for range 2 {
				if err := s.CancelPayment(t.Context(), "cancel:1", orders.PaymentRef{SessionID: page.SessionID}); !errors.Is(err, c.err) {
					t.Errorf("got %v, want %v", err, c.err)
				}
			}
			if shot := s.payment(t, page); shot.State != c.want {
				t.Errorf("got %s, want %s", shot.State, c.want)
			}
		})
	}
	t.Run("captured money", func(t *testing.T) {
		t.Parallel()
		s := newShop(t, stripetest.Options{})
		shot := s.captured(t)
		err := s.CancelPayment(t.Context(), "cancel:2", orders.PaymentRef{IntentID: shot.IntentID})
		if !errors.Is(err, orders.ErrGatewayRefused) {
			t.Errorf("got %v", err)
		}
	})
}

func refundOf(shot orders.PaymentSnapshot, amount yen.Amount) orders.RefundRequest {
	return orders.RefundRequest{
		RefundID: orders.RefundID(uuid.Must(uuid.NewV7())), OrderID: shot.OrderID, IntentID: shot.IntentID, Amount: amount,
	}
}

func TestRefund(t *testing.T) {
	t.Parallel()
	t.Run("in parts never exceeds what was captured", func(t *testing.T) {
		t.Parallel()
		s := newShop(t, stripetest.Options{})
		shot := s.captured(t)
		first, err := s.Refund(t.Context(), "refund:1", refundOf(shot, 2000))
		must(t, err)
		if first.State != orders.RefundSucceeded || first.Amount != 2000 || first.IntentID != shot.IntentID {
			t.Errorf("got %+v", first)
		}
		if _, err := s.Refund(t.Context(), "refund:2", refundOf(shot, 386)); !errors.Is(err, orders.ErrGatewayRefused) {
			t.Errorf("too much: got %v", err)
		}
		if _, err := s.Refund(t.Context(), "refund:3", refundOf(shot, 385)); err != nil {
			t.Errorf("the rest: got %v", err)
		}
	})
	t.Run("under another key is still the same refund when nothing is left", func(t *testing.T) {
		t.Parallel()
		s := newShop(t, stripetest.Options{})
		ask := refundOf(s.captured(t), total)
		first, err := s.Refund(t.Context(), "refund:1", ask)
		must(t, err)
		again, err := s.Refund(t.Context(), "refund:2", ask)
		if err != nil || again != first {
			t.Errorf("got %+v, %v; want %+v", again, err, first)
		}
	})
	t.Run("from the dashboard is listed without an id of ours", func(t *testing.T) {
		t.Parallel()
		s := newShop(t, stripetest.Options{})
		shot := s.captured(t)
		mine, err := s.Refund(t.Context(), "refund:1", refundOf(shot, 100))
		must(t, err)
		foreign, err := s.stripe.RefundFromDashboard(shot.IntentID, 300)
		must(t, err)
		refunds, err := s.Refunds(t.Context(), shot.IntentID)
		must(t, err)
		if len(refunds) != 2 || refunds[0].ID != foreign || !refunds[0].RefundID.IsZero() || refunds[1] != mine {
			t.Errorf("got %+v", refunds)
		}
	})
}

// TestFaults breaks every changing call in every way; repeated under its key, each has
// taken effect exactly once.
func TestFaults(t *testing.T) {
	t.Parallel()
	for _, kind := range []stripetest.FaultKind{stripetest.Unavailable, stripetest.FailAfterCommit, stripetest.TimeoutAfterCommit} {
		// Three breaks use up the repetitions of the client library, and more than one key.
		fault := stripetest.Fault{Kind: kind, Times: 3}
		t.Run("capture, "+string(kind), func(t *testing.T) {
			t.Parallel()
			s := newShop(t, stripetest.Options{})
			shot := s.authorized(t)
			fault.Route = "POST /v1/payment_intents/{id}/capture"
			s.stripe.Spoil(fault)
			repeat(t, func() error { return s.Capture(t.Context(), "capture:1", shot.IntentID, total) })
			if entry := s.stripe.Ledger()[0]; entry.Captured != int64(total) {
				t.Errorf("got %+v", entry)
			}
		})
		t.Run("refund, "+string(kind), func(t *testing.T) {
			t.Parallel()
			s := newShop(t, stripetest.Options{})
			ask := refundOf(s.captured(t), 400)
			fault.Route = "POST /v1/refunds"
			s.stripe.Spoil(fault)
			repeat(t, func() error { _, err := s.Refund(t.Context(), "refund:1", ask); return err })
			if entry := s.stripe.Ledger()[0]; entry.Refunded != 400 {
				t.Errorf("got %+v", entry)
			}
		})
		t.Run("release, "+string(kind), func(t *testing.T) {
			t.Parallel()
			s := newShop(t, stripetest.Options{})
			shot := s.authorized(t)
			fault.Route = "POST /v1/payment_intents/{id}/cancel"
			s.stripe.Spoil(fault)
			repeat(t, func() error {
				return s.CancelPayment(t.Context(), "cancel:1", orders.PaymentRef{IntentID: shot.IntentID})
			})
			if entry := s.stripe.Ledger()[0]; entry.Released != int64(total) || entry.Status != "canceled" {
				t.Errorf("got %+v", entry)
			}
		})
		t.Run("closing the page, "+string(kind), func(t *testing.T) {
			t.Parallel()
			s := newShop(t, stripetest.Options{})
			_, page := s.open(t, orders.Card)
			fault.Route = "POST /v1/checkout/sessions/{id}/expire"
			s.stripe.Spoil(fault)
			repeat(t, func() error {
				return s.CancelPayment(t.Context(), "cancel:1", orders.PaymentRef{SessionID: page.SessionID})
			})
			if shot := s.payment(t, page); shot.State != orders.PaymentExpired {
				t.Errorf("got %+v", shot)
			}
		})
		t.Run("checkout, "+string(kind), func(t *testing.T) {
			t.Parallel()
			s := newShop(t, stripetest.Options{})
			fault.Route = "POST /v1/checkout/sessions"
			s.stripe.Spoil(fault)
			asked, page := request(orders.Card), orders.HostedPage{}
			repeat(t, func() (err error) { page, err = s.OpenCheckout(t.Context(), asked); return err })
			if shot := s.payment(t, page); shot.State != orders.PaymentCreated {
				t.Errorf("got %+v", shot)
			}
		})
	}
}

// repeat calls until it succeeds, as a job does; only doubt may come before.
func repeat(t *testing.T, call func() error) {
	t.Helper()
	for range 8 {
		err := call()
		if err == nil {
			return
		}
		if !errors.Is(err, orders.ErrGatewayUnavailable) {
			t.Fatalf("got %v", err)
		}
	}
	t.Fatal("never succeeded")
}

func TestNew(t *testing.T) {
	t.Parallel()
	cases := map[string]stripe.Config{
		"no key":                {WebhookSecrets: []string{testSecret}},
		"live key in test mode": {SecretKey: "sk_live_x", WebhookSecrets: []string{testSecret}},
		"test key in live mode": {SecretKey: testKey, Live: true, WebhookSecrets: []string{testSecret}},
		"no webhook secret":     {SecretKey: testKey, WebhookSecrets: []string{""}},
		"three webhook secrets": {SecretKey: testKey, WebhookSecrets: []string{"a", "b", "c"}},
	}
	for name, config := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := stripe.New(config); err == nil {
				t.Error("was accepted")
			}
		})
	}
}

func TestErrorsHoldNoAddress(t *testing.T) {
	t.Parallel()
	backend := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"error": {"type": "invalid_request_error", "code": "email_invalid", "param": "customer_email",
			"message": "Invalid email address: haru@example.jp"}}`))
	}))
	defer backend.Close()
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	gateway, err := stripe.New(stripe.Config{
		SecretKey: "sk_test_x", WebhookSecrets: []string{"whsec_x"}, BackendURL: backend.URL, Transport: transport,
	})
	must(t, err)
	_, err = gateway.OpenCheckout(t.Context(), orders.CheckoutRequest{Key: "k", Email: "haru@example.jp"})
	if !errors.Is(err, orders.ErrGatewayRefused) || strings.Contains(err.Error(), "haru") || !strings.Contains(err.Error(), "customer_email") {
		t.Errorf("err = %v", err)
	}
}

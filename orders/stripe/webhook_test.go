package stripe_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"tsukuriba/orders"
	"tsukuriba/orders/stripe"
	"tsukuriba/orders/stripe/stripetest"
)

// inbox decodes what arrives, as the shop's webhook route does.
type inbox struct {
	gateway *stripe.Gateway
	mu      sync.Mutex
	events  []orders.ProviderEvent
	bodies  [][]byte
	errs    []error
}

func (i *inbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	i.mu.Lock()
	defer i.mu.Unlock()
	event, err := i.gateway.Decode(body, r.Header.Get("Stripe-Signature"))
	if err != nil {
		i.errs = append(i.errs, err)
	}
	i.events, i.bodies = append(i.events, event), append(i.bodies, body)
}

func (i *inbox) received(t *testing.T, s shop) []orders.ProviderEvent {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	must(t, s.stripe.Delivered(ctx))
	i.mu.Lock()
	defer i.mu.Unlock()
	must(t, errors.Join(i.errs...))
	return i.events
}

func newShopWithInbox(t *testing.T) (shop, *inbox) {
	t.Helper()
	in := &inbox{}
	receiver := httptest.NewServer(in)
	t.Cleanup(receiver.Close)
	s := newShop(t, stripetest.Options{WebhookURL: receiver.URL, WebhookSecret: testSecret})
	in.gateway = s.Gateway
	return s, in
}

func TestDecode(t *testing.T) {
	t.Parallel()
	t.Run("leads from every event to the order or its intent", func(t *testing.T) {
		t.Parallel()
		s, in := newShopWithInbox(t)
		asked, page := s.open(t, orders.Card)
		must(t, s.stripe.PayCard(page.SessionID))
		shot := s.payment(t, page)
		must(t, s.Capture(t.Context(), "capture:1", shot.IntentID, total))
		_, err := s.Refund(t.Context(), "refund:1", refundOf(shot, 100))
		must(t, err)
		_, err = s.stripe.OpenDispute(shot.IntentID, "fraudulent")
		must(t, err)
		var types []string
		for _, event := range in.received(t, s) {
			types = append(types, event.Type)
			if event.IntentID != shot.IntentID || event.ObjectID == "" || event.APIVersion != stripetest.APIVersion {
				t.Errorf("%s: got %+v", event.Type, event)
			}
			if strings.HasPrefix(event.Type, "checkout") && (event.SessionID != page.SessionID || event.PaymentID != asked.PaymentID) {
				t.Errorf("%s: got %+v", event.Type, event)
			}
		}
		want := "payment_intent.created charge.succeeded payment_intent.amount_capturable_updated checkout.session.completed " +
			"charge.captured payment_intent.succeeded refund.created charge.refunded charge.dispute.created charge.dispute.funds_withdrawn"
		if got := strings.Join(types, " "); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	})
	t.Run("refuses what Stripe did not sign for us now", func(t *testing.T) {
		t.Parallel()
		s, in := newShopWithInbox(t)
		_, page := s.open(t, orders.Card)
		must(t, s.stripe.ExpireSession(page.SessionID))
		in.received(t, s)
		body, now := in.bodies[0], time.Now()
		other := func(old, replacement string) []byte {
			changed := bytes.Replace(body, []byte(old), []byte(replacement), 1)
			if bytes.Equal(changed, body) {
				t.Fatalf("%s is not in %s", old, body)
			}
			return changed
		}
		wrongVersion, live, bare := other("2023-10-16", "2025-09-30.clover"), other(`"livemode":false,"pending`, `"livemode":true,"pending`), []byte(`{"api_version":"2023-10-16"}`)
		cases := map[string]struct {
			body   []byte
			header string
		}{
			"no signature":      {body, ""},
			"another secret":    {body, stripetest.Sign(body, "whsec_three", now)},
			"a changed body":    {other("expired", "completed"), stripetest.Sign(body, testSecret, now)},
			"an old signature":  {body, stripetest.Sign(body, testSecret, now.Add(-6*time.Minute))},
			"another version":   {wrongVersion, stripetest.Sign(wrongVersion, testSecret, now)},
			"live mode":         {live, stripetest.Sign(live, testSecret, now)},
			"no object":         {bare, stripetest.Sign(bare, testSecret, now)},
			"a broken envelope": {body[:40], stripetest.Sign(body[:40], testSecret, now)},
		}
		for name, c := range cases {
			if _, err := s.Decode(c.body, c.header); !errors.Is(err, orders.ErrForgedEvent) {
				t.Errorf("%s: got %v", name, err)
			}
		}
		if _, err := s.Decode(body, stripetest.Sign(body, "whsec_two", now)); err != nil {
			t.Errorf("the second secret: got %v", err)
		}
	})
}

func FuzzDecode(f *testing.F) {
	gateway, err := stripe.New(stripe.Config{SecretKey: testKey, WebhookSecrets: []string{testSecret}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(`{"id":"evt_1","object":"event","api_version":"2023-10-16","type":"charge.refunded","data":{"object":{"id":"ch_1","payment_intent":{"id":"pi_1"}}}}`))
	f.Add([]byte(`{"api_version":"2023-10-16","data":{"object":{"payment_intent":7,"metadata":{"order_id":"ord_"}}}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		event, err := gateway.Decode(body, stripetest.Sign(body, testSecret, time.Now()))
		if err != nil && !errors.Is(err, orders.ErrForgedEvent) {
			t.Errorf("got %v", err)
		}
		if err == nil && event.APIVersion != stripetest.APIVersion {
			t.Errorf("took version %q", event.APIVersion)
		}
	})
}

func TestCheckEndpoint(t *testing.T) {
	t.Parallel()
	t.Run("that takes everything is fit", func(t *testing.T) {
		t.Parallel()
		s, _ := newShopWithInbox(t)
		must(t, s.CheckEndpoint(t.Context()))
	})
	t.Run("missing or of the wrong kind is named", func(t *testing.T) {
		t.Parallel()
		s := newShop(t, stripetest.Options{})
		cases := []struct{ version, event, want string }{
			{"", "", "no webhook endpoint"},
			{"2025-09-30.clover", "*", "create it anew with 2023-10-16"},
			{"2023-10-16", "refund.updated", "lacks the events checkout.session.completed"},
		}
		for _, c := range cases {
			if c.event != "" {
				addEndpoint(t, s.stripe.URL(), c.version, c.event)
			}
			if err := s.CheckEndpoint(t.Context()); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		}
	})
}

func addEndpoint(t *testing.T, base, version, event string) {
	t.Helper()
	form := strings.NewReader("url=http%3A%2F%2Fshop.test%2F&enabled_events[]=" + event + "&api_version=" + version)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, base+"/v1/webhook_endpoints", form)
	must(t, err)
	request.Header.Set("Authorization", "Bearer "+testKey)
	answer, err := http.DefaultClient.Do(request)
	must(t, err)
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Fatal(answer.Status)
	}
}

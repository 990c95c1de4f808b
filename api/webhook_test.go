package api_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"tsukuriba/api"
	"tsukuriba/orders/stripe/stripetest"
)

const strangeEvent = `{"id":"evt_strange","object":"event","api_version":"` + stripetest.APIVersion + `","created":1763800000,"livemode":false,` +
	`"type":"payment_intent.succeeded","data":{"object":{"id":"pi_nobody","object":"payment_intent","metadata":{"order_id":"ord_01jd3v7zq8e6rtk4v2m8c5n9xw"}}}}`

func TestWebhook(t *testing.T) {
	t.Parallel()
	h := open(t, api.Limits{PerMinute: 20})
	v := h.visitor()
	path, now := "/webhooks/stripe", time.Now()
	sign := func(body, secret string, at time.Time) header {
		return header{"Stripe-Signature", stripetest.Sign([]byte(body), secret, at)}
	}
	forged := map[string]struct {
		body string
		sent []header
	}{
		"no signature":          {strangeEvent, nil},
		"another secret":        {strangeEvent, []header{sign(strangeEvent, "whsec_thief", now)}},
		"an old signature":      {strangeEvent, []header{sign(strangeEvent, webhookSecret, now.Add(-time.Hour))}},
		"a changed body":        {strings.Replace(strangeEvent, "pi_nobody", "pi_thief", 1), []header{sign(strangeEvent, webhookSecret, now)}},
		"a broken signature":    {strangeEvent, []header{{"Stripe-Signature", "t=,v1=;;;"}}},
		"broken JSON, unsigned": {`{"id":`, nil},
		"broken JSON, signed":   {`{"id":`, []header{sign(`{"id":`, webhookSecret, now)}},
		"nothing at all":        {``, nil},
		"a live event":          {strings.Replace(strangeEvent, `"livemode":false`, `"livemode":true`, 1), []header{sign(strings.Replace(strangeEvent, `"livemode":false`, `"livemode":true`, 1), webhookSecret, now)}},
	}
	for name, test := range forged {
		t.Run(name, func(t *testing.T) {
			got := v.send(http.MethodPost, path, []byte(test.body), test.sent...)
			if got.status != http.StatusBadRequest || got.problem(t).Code != "forged_event" {
				t.Errorf("%d %s", got.status, got.body)
			}
		})
	}
	h.count(0, `SELECT count(*) FROM stripe_events`)

	for range 30 { // more than an address may ask otherwise
		if got := v.send(http.MethodPost, path, []byte(strangeEvent), sign(strangeEvent, webhookSecret, now)); got.status != http.StatusOK {
			t.Fatalf("%d %s", got.status, got.body)
		}
	}
	h.count(1, `SELECT count(*) FROM stripe_events WHERE id = 'evt_strange'`)
	h.settle()
	h.count(1, `SELECT count(*) FROM stripe_events WHERE id = 'evt_strange' AND state = 'parked'`)
}

func TestWebhookTooLarge(t *testing.T) {
	t.Parallel()
	v := open(t, api.Limits{}).visitor()
	got := v.send(http.MethodPost, "/webhooks/stripe", []byte(strings.Repeat("x", 2<<20)))
	if got.status != http.StatusRequestEntityTooLarge {
		t.Errorf("%d", got.status)
	}
}

// TestRepeatedEvents: what the provider tells twice happens once.
func TestRepeatedEvents(t *testing.T) {
	t.Parallel()
	h := open(t, api.Limits{})
	v := h.visitor()
	placed := v.paid("はると")
	before := v.status(placed)
	var entries int
	must(t, h.db.Get(&entries, `SELECT count(*) FROM money_ledger`))
	for _, event := range h.stripe.EventIDs() {
		must(t, h.stripe.Deliver(t.Context(), event))
	}
	h.settle()
	if after := v.status(placed); after.Status != before.Status {
		t.Errorf("%s became %s", before.Status, after.Status)
	}
	h.count(1, `SELECT count(*) FROM orders`)
	h.count(entries, `SELECT count(*) FROM money_ledger`)
}

package stripe_test

import (
	"net/http"
	"testing"

	"tsukuriba/orders"
	"tsukuriba/orders/stripe"
	"tsukuriba/orders/stripe/stripetest"
)

// BenchmarkCheckout is one attempt from page to captured money against the stand-in.
func BenchmarkCheckout(b *testing.B) {
	server, err := stripetest.Start(stripetest.Options{})
	if err != nil {
		b.Fatal(err)
	}
	transport := &http.Transport{MaxIdleConnsPerHost: 16}
	defer server.Close()
	defer transport.CloseIdleConnections()
	gateway, err := stripe.New(stripe.Config{
		SecretKey: testKey, WebhookSecrets: []string{testSecret}, BackendURL: server.URL(), Transport: transport,
	})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := checkout(b, gateway, server); err != nil {
			b.Fatal(err)
		}
	}
}

func checkout(b *testing.B, gateway *stripe.Gateway, server *stripetest.Server) error {
	page, err := gateway.OpenCheckout(b.Context(), request(orders.Card))
	if err != nil {
		return err
	}
	if err := server.PayCard(page.SessionID); err != nil {
		return err
	}
	shot, err := gateway.Payment(b.Context(), orders.PaymentRef{SessionID: page.SessionID})
	if err != nil {
		return err
	}
	return gateway.Capture(b.Context(), "capture:"+shot.IntentID, shot.IntentID, total)
}

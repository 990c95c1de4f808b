// Package stripe is the shop's payment gateway over Stripe, API version 2023-10-16. It is the
// only package that knows Stripe's client library.
//
// It sells through hosted Checkout Sessions: one session for one attempt by one method. A card
// is held and captured later, a konbini code is paid at once. Amounts are whole yen, which
// Stripe takes as they are. It keeps no state, takes its idempotency keys from the caller, and
// refuses a live key in a test shop and the reverse.
package stripe

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	stripego "github.com/stripe/stripe-go/v76"
	"github.com/stripe/stripe-go/v76/checkout/session"
	"github.com/stripe/stripe-go/v76/dispute"
	"github.com/stripe/stripe-go/v76/event"
	"github.com/stripe/stripe-go/v76/paymentintent"
	"github.com/stripe/stripe-go/v76/refund"
	"github.com/stripe/stripe-go/v76/webhookendpoint"

	"tsukuriba/orders"
)

// Config says which account is used, and how what it sends is recognized.
type Config struct {
	SecretKey      string
	WebhookSecrets []string          // the endpoint's secret; two while it is being changed
	Live           bool              // real money; must agree with the key
	BackendURL     string            // where the API is; empty: Stripe itself
	Transport      http.RoundTripper // nil: the usual one
}

const (
	timeout        = 20 * time.Second
	networkRetries = 2
	mostKeys       = 5 // for one call, in the face of failures that Stripe remembers

	keptConnections = 32
)

// Gateway talks to Stripe. It is safe for use by many goroutines.
type Gateway struct {
	sessions  session.Client
	intents   paymentintent.Client
	refunds   refund.Client
	disputes  dispute.Client
	events    event.Client
	endpoints webhookendpoint.Client
	secrets   []string
	live      bool
}

var _ orders.Gateway = (*Gateway)(nil)

// New returns a gateway without calling Stripe. A key that is missing or of the other mode, and
// no or more than two webhook secrets, are errors.
func New(config Config) (*Gateway, error) {
	secrets := slices.DeleteFunc(slices.Clone(config.WebhookSecrets), func(s string) bool { return s == "" })
	switch {
	case config.Live != strings.Contains(config.SecretKey, "_live_"):
		return nil, errors.New("the Stripe key belongs to the other mode, live or test")
	case config.SecretKey == "":
		return nil, errors.New("the Stripe key is missing")
	case len(secrets) == 0, len(secrets) > 2:
		return nil, errors.New("one or two Stripe webhook secrets are needed")
	}
	if config.Transport == nil {
		config.Transport = usualTransport
	}
	settings := &stripego.BackendConfig{
		HTTPClient:        &http.Client{Timeout: timeout, Transport: config.Transport},
		LeveledLogger:     &stripego.LeveledLogger{Level: stripego.LevelNull},
		MaxNetworkRetries: stripego.Int64(networkRetries),
		EnableTelemetry:   new(false),
	}
	if config.BackendURL != "" {
		settings.URL = new(config.BackendURL)
	}
	backend, key := stripego.GetBackendWithConfig(stripego.APIBackend, settings), config.SecretKey
	return &Gateway{
		sessions: session.Client{B: backend, Key: key}, intents: paymentintent.Client{B: backend, Key: key},
		refunds: refund.Client{B: backend, Key: key}, disputes: dispute.Client{B: backend, Key: key},
		events: event.Client{B: backend, Key: key}, endpoints: webhookendpoint.Client{B: backend, Key: key},
		secrets: secrets, live: config.Live,
	}, nil
}

// usualTransport is shared by all gateways of a process. It keeps more connections open than the two
// that Go keeps: a crowd's calls would greet a backend without HTTP/2 anew each time.
var usualTransport = func() http.RoundTripper {
	usual, ok := http.DefaultTransport.(*http.Transport)
	if !ok { // somebody has put another in its place
		return http.DefaultTransport
	}
	kept := usual.Clone()
	kept.MaxIdleConnsPerHost = keptConnections
	return kept
}()

// keyed returns the parameters every changing call has.
func keyed(ctx context.Context, key string) stripego.Params {
	return stripego.Params{Context: ctx, IdempotencyKey: new(key)}
}

// effect makes a call that changes something, and succeeds too if a failed call has had its
// effect all the same, which done looks up. Stripe remembers a failure of its own under a key for as
// long as the key; once it only replays one, and the effect is missing, the next key is tried.
func effect(key string, call func(key string) error, done func() (bool, error)) error {
	err := call(key)
	for n := 2; err != nil; n++ {
		stands, unread := done()
		if stands {
			return nil
		}
		if unread != nil || !replayedFailure(err) || n > mostKeys {
			return err
		}
		err = call(key + ":" + strconv.Itoa(n))
	}
	return nil
}

// classify puts one of the ErrGateway sentinels in front of what Stripe or the network said. It
// drops Stripe's sentence, which may repeat an address; the request's id leads to it.
func classify(act string, err error) error {
	var failure *stripego.Error
	if !errors.As(err, &failure) {
		return fmt.Errorf("%s: %w: %w", act, orders.ErrGatewayUnavailable, err)
	}
	return fmt.Errorf("%s: %w (%s %s %s, request %s)",
		act, meaning(failure), failure.Type, failure.Code, failure.Param, failure.RequestID)
}

func meaning(failure *stripego.Error) error {
	switch status := failure.HTTPStatusCode; {
	case status == http.StatusNotFound, failure.Code == stripego.ErrorCodeResourceMissing:
		return orders.ErrGatewayNotFound
	case status >= http.StatusInternalServerError, status == http.StatusConflict, status == http.StatusTooManyRequests:
		return orders.ErrGatewayUnavailable
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		return orders.ErrGatewayUnavailable // a wrong key says nothing about the payment
	}
	return orders.ErrGatewayRefused
}

// replayedFailure tells that Stripe answered from memory with a failure of its own.
func replayedFailure(err error) bool {
	var failure *stripego.Error
	return errors.As(err, &failure) && failure.HTTPStatusCode >= http.StatusInternalServerError &&
		failure.LastResponse != nil && failure.LastResponse.Header.Get("Idempotent-Replayed") == "true"
}

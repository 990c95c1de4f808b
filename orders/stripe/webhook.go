package stripe

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	stripego "github.com/stripe/stripe-go/v76"
	"github.com/stripe/stripe-go/v76/webhook"

	"tsukuriba/orders"
)

// WebhookEvents are the events that the shop's endpoint must be subscribed to.
var WebhookEvents = []string{
	"checkout.session.completed", "checkout.session.expired",
	"checkout.session.async_payment_succeeded", "checkout.session.async_payment_failed",
	"payment_intent.requires_action", "payment_intent.processing", "payment_intent.amount_capturable_updated",
	"payment_intent.succeeded", "payment_intent.payment_failed", "payment_intent.canceled",
	"charge.captured", "charge.expired", "charge.refunded", "charge.refund.updated", "refund.created", "refund.updated",
	"charge.dispute.created", "charge.dispute.updated", "charge.dispute.closed",
	"charge.dispute.funds_withdrawn", "charge.dispute.funds_reinstated",
}

// tolerance is how old a signature may be.
const tolerance = 300 * time.Second

// Decode verifies a webhook's raw body against the Stripe-Signature header. What is not signed
// with one of our secrets within the last 300 s, is of another API version or of the other mode,
// wraps orders.ErrForgedEvent.
func (g *Gateway) Decode(payload []byte, header string) (orders.ProviderEvent, error) {
	event, err := g.verify(payload, header)
	if err != nil {
		return orders.ProviderEvent{}, fmt.Errorf("decode webhook: %w: %w", orders.ErrForgedEvent, err)
	}
	return g.decoded(&event, slices.Clone(payload))
}

// decoded is an event of which we know that it is Stripe's.
func (g *Gateway) decoded(event *stripego.Event, payload []byte) (orders.ProviderEvent, error) {
	if event.Livemode != g.live {
		return orders.ProviderEvent{}, fmt.Errorf("decode event %s of the other mode: %w", event.ID, orders.ErrForgedEvent)
	}
	if event.Data == nil {
		return orders.ProviderEvent{}, fmt.Errorf("decode event %s without an object: %w", event.ID, orders.ErrForgedEvent)
	}
	decoded := orders.ProviderEvent{
		ID: event.ID, Type: string(event.Type), APIVersion: event.APIVersion, Created: time.Unix(event.Created, 0), Payload: payload,
	}
	return decoded, describe(&decoded, event.Data.Raw)
}

func (g *Gateway) verify(payload []byte, header string) (event stripego.Event, err error) {
	for _, secret := range g.secrets {
		options := webhook.ConstructEventOptions{Tolerance: tolerance}
		if event, err = webhook.ConstructEventWithOptions(payload, header, secret, options); err == nil {
			return event, nil
		}
	}
	return event, err
}

// describe reads from the event's object what leads to the order.
func describe(event *orders.ProviderEvent, raw json.RawMessage) error {
	var object struct {
		ID            string            `json:"id"`
		Object        string            `json:"object"`
		PaymentIntent json.RawMessage   `json:"payment_intent"`
		Metadata      map[string]string `json:"metadata"`
	}
	if err := json.Unmarshal(raw, &object); err != nil {
		return fmt.Errorf("decode webhook %s: %w: %w", event.ID, orders.ErrForgedEvent, err)
	}
	event.ObjectID = object.ID
	event.OrderID, event.PaymentID = ours(object.Metadata)
	switch object.Object {
	case "checkout.session":
		event.SessionID = object.ID
	case "payment_intent":
		event.IntentID = object.ID
	}
	if event.IntentID == "" {
		event.IntentID = reference(object.PaymentIntent)
	}
	return nil
}

// reference reads an id, or the id of an expanded object.
func reference(raw json.RawMessage) string {
	var id string
	if json.Unmarshal(raw, &id) == nil {
		return id
	}
	var object struct {
		ID string `json:"id"`
	}
	_ = json.Unmarshal(raw, &object) // neither: no reference
	return object.ID
}

// CheckEndpoint asks Stripe whether an enabled webhook endpoint of the account speaks our API
// version and is subscribed to WebhookEvents. The error says in plain words what to change.
func (g *Gateway) CheckEndpoint(ctx context.Context) error {
	endpoints := g.endpoints.List(&stripego.WebhookEndpointListParams{
		ListParams: stripego.ListParams{Context: ctx, Limit: stripego.Int64(100)},
	})
	var faults []error
	for endpoints.Next() {
		fault := unfit(endpoints.WebhookEndpoint())
		if fault == nil {
			return nil
		}
		faults = append(faults, fault)
	}
	if err := endpoints.Err(); err != nil {
		return classify("check webhook endpoints", err)
	}
	if len(faults) == 0 {
		return errors.New("the Stripe account has no webhook endpoint: create one with API version " + stripego.APIVersion)
	}
	return errors.Join(faults...)
}

func unfit(endpoint *stripego.WebhookEndpoint) error {
	missing := slices.DeleteFunc(slices.Clone(WebhookEvents), func(event string) bool {
		return slices.Contains(endpoint.EnabledEvents, "*") || slices.Contains(endpoint.EnabledEvents, event)
	})
	switch {
	case endpoint.Status != "enabled":
		return fmt.Errorf("webhook endpoint %s is not enabled", endpoint.URL)
	case endpoint.APIVersion != stripego.APIVersion:
		return fmt.Errorf("webhook endpoint %s has API version %q: create it anew with %s",
			endpoint.URL, endpoint.APIVersion, stripego.APIVersion)
	case len(missing) > 0:
		return fmt.Errorf("webhook endpoint %s lacks the events %s", endpoint.URL, strings.Join(missing, ", "))
	}
	return nil
}

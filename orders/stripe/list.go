package stripe

import (
	"context"
	"encoding/json"
	"slices"

	stripego "github.com/stripe/stripe-go/v76"

	"tsukuriba/orders"
)

// pageSize is the most Stripe gives at once.
const pageSize = 100

// page is one call for the newest of a span, not the client library's walk through all of it.
func page(ctx context.Context, wanted orders.PageOf) (stripego.ListParams, *stripego.RangeQueryParams) {
	params := stripego.ListParams{Context: ctx, Limit: stripego.Int64(pageSize), Single: true}
	if wanted.After != "" {
		params.StartingAfter = new(wanted.After)
	}
	return params, &stripego.RangeQueryParams{GreaterThanOrEqual: wanted.From.Unix(), LesserThan: wanted.Until.Unix()}
}

// walk is what all iterators of the client library have in common.
type walk interface {
	Next() bool
	Current() any
	Err() error
	Meta() *stripego.ListMeta
}

// collect reads the items of a page that keep accepts. key names an item for the page after it.
func collect[From any, To any](rows walk, key func(*From) string, keep func(*From) (To, bool)) (listed orders.Listed[To], err error) {
	last := ""
	for rows.Next() {
		row := rows.Current().(*From)
		last = key(row)
		if item, wanted := keep(row); wanted {
			listed.Items = append(listed.Items, item)
		}
	}
	if err := rows.Err(); err != nil {
		return listed, err
	}
	if rows.Meta().HasMore {
		listed.Next = last
	}
	return listed, nil
}

// ListEvents lists the events that our endpoint is subscribed to, whether or not a webhook brought
// them. Their API version is the account's; what they say is not believed anyway.
func (g *Gateway) ListEvents(ctx context.Context, wanted orders.PageOf) (orders.Listed[orders.ProviderEvent], error) {
	params := &stripego.EventListParams{}
	params.ListParams, params.CreatedRange = page(ctx, wanted)
	listed, err := collect(g.events.List(params).Iter, func(e *stripego.Event) string { return e.ID }, g.listedEvent)
	if err != nil {
		return listed, classify("list events", err)
	}
	return listed, nil
}

func (g *Gateway) listedEvent(e *stripego.Event) (orders.ProviderEvent, bool) {
	if !slices.Contains(WebhookEvents, string(e.Type)) {
		return orders.ProviderEvent{}, false
	}
	payload, err := json.Marshal(e)
	if err != nil {
		return orders.ProviderEvent{}, false // it was read from JSON a moment ago
	}
	decoded, err := g.decoded(e, payload)
	return decoded, err == nil // a key lists the events of its own mode only
}

// ListPayments lists every intent of the account, ours and foreign ones, without its session.
func (g *Gateway) ListPayments(ctx context.Context, wanted orders.PageOf) (orders.Listed[orders.PaymentSnapshot], error) {
	params := &stripego.PaymentIntentListParams{}
	params.ListParams, params.CreatedRange = page(ctx, wanted)
	params.AddExpand("data.latest_charge")
	listed, err := collect(g.intents.List(params).Iter, func(i *stripego.PaymentIntent) string { return i.ID },
		func(i *stripego.PaymentIntent) (orders.PaymentSnapshot, bool) {
			return snapshot(&stripego.CheckoutSession{PaymentIntent: i}), true
		})
	if err != nil {
		return listed, classify("list payments", err)
	}
	return listed, nil
}

// ListRefunds lists the refunds of captured money; holds that were released are none.
func (g *Gateway) ListRefunds(ctx context.Context, wanted orders.PageOf) (orders.Listed[orders.RefundSnapshot], error) {
	params := &stripego.RefundListParams{}
	params.ListParams, params.CreatedRange = page(ctx, wanted)
	params.AddExpand("data.charge")
	listed, err := collect(g.refunds.List(params).Iter, func(r *stripego.Refund) string { return r.ID },
		func(r *stripego.Refund) (orders.RefundSnapshot, bool) {
			return refundSnapshot(r), r.Charge == nil || r.Charge.Captured
		})
	if err != nil {
		return listed, classify("list refunds", err)
	}
	return listed, nil
}

// ListDisputes lists disputes and inquiries.
func (g *Gateway) ListDisputes(ctx context.Context, wanted orders.PageOf) (orders.Listed[orders.DisputeSnapshot], error) {
	params := &stripego.DisputeListParams{}
	params.ListParams, params.CreatedRange = page(ctx, wanted)
	listed, err := collect(g.disputes.List(params).Iter, func(d *stripego.Dispute) string { return d.ID },
		func(d *stripego.Dispute) (orders.DisputeSnapshot, bool) { return disputeSnapshot(d), true })
	if err != nil {
		return listed, classify("list disputes", err)
	}
	return listed, nil
}

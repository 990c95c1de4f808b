package stripe

import (
	"context"
	"time"

	stripego "github.com/stripe/stripe-go/v76"

	"tsukuriba/internal/yen"
	"tsukuriba/orders"
)

// Refund gives money back once per RefundID: a refund that exists, under whatever key it was
// made, is returned as it stands.
func (g *Gateway) Refund(ctx context.Context, key string, request orders.RefundRequest) (orders.RefundSnapshot, error) {
	var made *stripego.Refund
	err := effect(key, func(key string) (err error) {
		made, err = g.refunds.New(refundParams(ctx, key, request))
		return err
	}, func() (stands bool, err error) {
		made, stands, err = g.known(ctx, request)
		return stands, err
	})
	if err != nil {
		return orders.RefundSnapshot{}, classify("refund payment", err)
	}
	return refundSnapshot(made), nil
}

func refundParams(ctx context.Context, key string, request orders.RefundRequest) *stripego.RefundParams {
	params := &stripego.RefundParams{
		Params:        keyed(ctx, key),
		PaymentIntent: new(request.IntentID),
		Amount:        new(int64(request.Amount)),
		Metadata:      map[string]string{metaOrder: request.OrderID.String(), metaRefund: request.RefundID.String()},
	}
	if request.Email != "" {
		params.InstructionsEmail = new(request.Email)
	}
	return params
}

// known looks for the refund that a lost answer was about.
func (g *Gateway) known(ctx context.Context, request orders.RefundRequest) (*stripego.Refund, bool, error) {
	all, err := g.list(ctx, request.IntentID)
	for _, refund := range all {
		if refund.Metadata[metaRefund] == request.RefundID.String() {
			return refund, true, nil
		}
	}
	return nil, false, err
}

// Refunds lists every refund of captured money, newest first. Holds that were released are no
// refunds, although Stripe records them as such.
func (g *Gateway) Refunds(ctx context.Context, intentID string) ([]orders.RefundSnapshot, error) {
	all, err := g.list(ctx, intentID)
	if err != nil {
		return nil, classify("list refunds", err)
	}
	shots := make([]orders.RefundSnapshot, 0, len(all))
	for _, refund := range all {
		shots = append(shots, refundSnapshot(refund))
	}
	return shots, nil
}

func (g *Gateway) list(ctx context.Context, intentID string) ([]*stripego.Refund, error) {
	params := &stripego.RefundListParams{
		ListParams: stripego.ListParams{Context: ctx, Limit: stripego.Int64(100)}, PaymentIntent: new(intentID),
	}
	params.AddExpand("data.charge")
	var all []*stripego.Refund
	for refunds := g.refunds.List(params); ; {
		if !refunds.Next() {
			return all, refunds.Err()
		}
		if refund := refunds.Refund(); refund.Charge == nil || refund.Charge.Captured {
			all = append(all, refund)
		}
	}
}

func refundSnapshot(refund *stripego.Refund) orders.RefundSnapshot {
	shot := orders.RefundSnapshot{
		ID: refund.ID, RefundID: idIn[orders.RefundID](refund.Metadata, metaRefund), Amount: yen.Amount(refund.Amount),
		State: orders.RefundState(refund.Status), Failure: string(refund.FailureReason), Created: time.Unix(refund.Created, 0),
	}
	if refund.PaymentIntent != nil {
		shot.IntentID = refund.PaymentIntent.ID
	}
	return shot
}

package api

import (
	"context"

	"tsukuriba/api/rest"
	"tsukuriba/internal/audit"
	"tsukuriba/internal/yen"
	"tsukuriba/orders"
)

// ListRefunds returns what was paid for an order, what was given back, and what is left.
func (a *API) ListRefunds(ctx context.Context, request rest.ListRefundsRequestObject) (rest.ListRefundsResponseObject, error) {
	var wanted orders.OrderID
	if err := readID(&wanted, request.OrderID, orders.ErrOrderNotFound); err != nil {
		return nil, err
	}
	order, err := a.Orders.Order(ctx, wanted)
	if err != nil {
		return nil, err
	}
	return rest.ListRefunds200JSONResponse{
		TotalYen: yenOf(order.Total), CapturedYen: yenOf(order.Captured), PaidYen: yenOf(order.Paid),
		Left: each(order.Refundable(), refundableOf), Refunds: each(order.Refunds, refundOf),
	}, nil
}

// RequestRefund gives money back for parts of an order.
func (a *API) RequestRefund(ctx context.Context, request rest.RequestRefundRequestObject) (rest.RequestRefundResponseObject, error) {
	wanted := orders.RefundOrder{
		Amount: yen.Amount(given(request.Body.PartYen)), Reason: orders.RefundReason(request.Body.Reason), Note: given(request.Body.Note),
	}
	if err := readID(&wanted.Order, request.OrderID, orders.ErrOrderNotFound); err != nil {
		return nil, err
	}
	wanted.Parts = partsOf(rest.AssignRequest{Lines: request.Body.Lines, Shipping: request.Body.Shipping, Wrapping: request.Body.Wrapping})
	refund, err := a.Orders.RequestRefund(ctx, by(ctx), wanted)
	return rest.RequestRefund201JSONResponse(refundOf(refund)), err
}

// AssignRefund says what a refund was for that was made at the payment provider.
func (a *API) AssignRefund(ctx context.Context, request rest.AssignRefundRequestObject) (rest.AssignRefundResponseObject, error) {
	var wanted orders.RefundID
	if err := readID(&wanted, request.RefundID, orders.ErrRefundNotFound); err != nil {
		return nil, err
	}
	refund, err := a.Orders.AssignRefund(ctx, by(ctx), wanted, partsOf(*request.Body))
	return rest.AssignRefund200JSONResponse(refundOf(refund)), err
}

// RetryRefund tries a refund again that failed.
func (a *API) RetryRefund(ctx context.Context, request rest.RetryRefundRequestObject) (rest.RetryRefundResponseObject, error) {
	var wanted orders.RefundID
	if err := readID(&wanted, request.RefundID, orders.ErrRefundNotFound); err != nil {
		return nil, err
	}
	refund, err := a.Orders.RetryRefund(ctx, by(ctx), wanted)
	return rest.RetryRefund201JSONResponse(refundOf(refund)), err
}

// CloseRefund notes that nothing more is owed of a refund that failed.
func (a *API) CloseRefund(ctx context.Context, request rest.CloseRefundRequestObject) (rest.CloseRefundResponseObject, error) {
	var wanted orders.RefundID
	if err := readID(&wanted, request.RefundID, orders.ErrRefundNotFound); err != nil {
		return nil, err
	}
	closing := orders.RefundClosing{Given: yen.Amount(request.Body.GivenYen), Reason: request.Body.Reason}
	refund, err := a.Orders.CloseRefund(ctx, by(ctx), wanted, closing)
	return rest.CloseRefund200JSONResponse(refundOf(refund)), err
}

// NoteRefundSent says that a refund of transferred money was sent.
func (a *API) NoteRefundSent(ctx context.Context, request rest.NoteRefundSentRequestObject) (rest.NoteRefundSentResponseObject, error) {
	refund, err := a.byBank(ctx, request.RefundID, a.Orders.RefundSent)
	return rest.NoteRefundSent200JSONResponse(refund), err
}

// NoteRefundReturned says that the bank sent a refund back.
func (a *API) NoteRefundReturned(ctx context.Context, request rest.NoteRefundReturnedRequestObject) (rest.NoteRefundReturnedResponseObject, error) {
	refund, err := a.byBank(ctx, request.RefundID, a.Orders.RefundReturned)
	return rest.NoteRefundReturned200JSONResponse(refund), err
}

func (a *API) byBank(
	ctx context.Context, text string, note func(context.Context, audit.Actor, orders.RefundID) (orders.Refund, error),
) (rest.Refund, error) {
	var wanted orders.RefundID
	if err := readID(&wanted, text, orders.ErrRefundNotFound); err != nil {
		return rest.Refund{}, err
	}
	refund, err := note(ctx, by(ctx), wanted)
	return refundOf(refund), err
}

// partsOf reads what is to be given back. A line that cannot be read is one of another order.
func partsOf(request rest.AssignRequest) []orders.RefundPart {
	var parts []orders.RefundPart
	for _, line := range given(request.Lines) {
		part := orders.RefundPart{Kind: orders.PartLine, Quantity: line.Quantity}
		_ = readID(&part.LineID, line.LineID, orders.ErrLineNotFound)
		parts = append(parts, part)
	}
	if given(request.Shipping) {
		parts = append(parts, orders.RefundPart{Kind: orders.PartShipping})
	}
	if given(request.Wrapping) {
		parts = append(parts, orders.RefundPart{Kind: orders.PartWrapping})
	}
	return parts
}

func refundOf(refund orders.Refund) rest.Refund {
	return rest.Refund{
		ID: refund.ID.String(), AmountYen: yenOf(refund.Amount), State: rest.RefundState(refund.State), Origin: rest.RefundOrigin(refund.Origin),
		Reason: string(refund.Reason), Note: optional(refund.Note), Failure: optional(refund.Failure), RetryOf: optional(refund.RetryOf.String()),
		ClaimID: optional(refund.ClaimID.String()), Retryable: refund.Retryable(), Lines: each(refund.Lines, refundLineOf),
		Taxes: each(refund.Taxes(), taxOf), CreatedAt: refund.CreatedAt,
		ClosedAt: refund.ClosedAt, ClosedReason: optional(refund.ClosedReason), WaivedYen: yenOf(refund.Waived),
	}
}

func refundLineOf(line orders.RefundLine) rest.RefundLine {
	return rest.RefundLine{
		Kind: rest.PartKind(line.Kind), LineID: optional(line.LineID.String()), Quantity: line.Quantity, AmountYen: yenOf(line.Amount),
		TaxRate: line.TaxRate,
	}
}

func refundableOf(part orders.Refundable) rest.Refundable {
	return rest.Refundable{
		Kind: rest.PartKind(part.Kind), LineID: optional(part.LineID.String()), Quantity: part.Quantity, PaidYen: yenOf(part.Paid),
		LeftYen: yenOf(part.Left), TaxRate: part.TaxRate,
	}
}

// PlaceHold keeps an order from going on.
func (a *API) PlaceHold(ctx context.Context, request rest.PlaceHoldRequestObject) (rest.PlaceHoldResponseObject, error) {
	answer, err := a.onOrder(ctx, request.OrderID, func(ctx context.Context, order orders.OrderID) (orders.Order, error) {
		return a.Orders.Hold(ctx, by(ctx), order, orders.HoldReason(request.Body.Reason), given(request.Body.Note))
	})
	return rest.PlaceHold200JSONResponse(answer), err
}

// ReleaseHold lets an order go on.
func (a *API) ReleaseHold(ctx context.Context, request rest.ReleaseHoldRequestObject) (rest.ReleaseHoldResponseObject, error) {
	answer, err := a.onOrder(ctx, request.OrderID, func(ctx context.Context, order orders.OrderID) (orders.Order, error) {
		return a.Orders.ReleaseHold(ctx, by(ctx), order, orders.HoldReason(request.HoldReason))
	})
	return rest.ReleaseHold200JSONResponse(answer), err
}

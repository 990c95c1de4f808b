package api

import (
	"context"
	"time"

	"tsukuriba/api/rest"
	"tsukuriba/fulfilment"
	"tsukuriba/orders"
)

// GetOwnOrder returns the order of a secret link.
func (a *API) GetOwnOrder(ctx context.Context, request rest.GetOwnOrderRequestObject) (rest.GetOwnOrderResponseObject, error) {
	order, err := a.Orders.ByLink(ctx, request.OrderToken)
	if err != nil {
		return nil, err
	}
	answer, err := a.customerOrder(ctx, order)
	return rest.GetOwnOrder200JSONResponse(answer), err
}

// RequestOrderLinks has links mailed, and says nothing about whether there are any.
func (a *API) RequestOrderLinks(ctx context.Context, request rest.RequestOrderLinksRequestObject) (rest.RequestOrderLinksResponseObject, error) {
	err := a.Orders.RequestLinks(ctx, request.Body.Email, orders.Language(given(request.Body.Language)))
	return rest.RequestOrderLinks202Response{}, err
}

// RefreshOwnOrder asks the payment provider how the payment stands.
func (a *API) RefreshOwnOrder(ctx context.Context, request rest.RefreshOwnOrderRequestObject) (rest.RefreshOwnOrderResponseObject, error) {
	order, err := a.Orders.Refresh(ctx, request.OrderToken)
	if err != nil {
		return nil, err
	}
	answer, err := a.customerOrder(ctx, order)
	return rest.RefreshOwnOrder200JSONResponse(answer), err
}

// RetryPayment returns where the order can be paid now.
func (a *API) RetryPayment(ctx context.Context, request rest.RetryPaymentRequestObject) (rest.RetryPaymentResponseObject, error) {
	address, err := a.Orders.RetryPayment(ctx, request.OrderToken)
	return rest.RetryPayment201JSONResponse{PayURL: address}, err
}

// CancelOwnOrder cancels the order while that is possible.
func (a *API) CancelOwnOrder(ctx context.Context, request rest.CancelOwnOrderRequestObject) (rest.CancelOwnOrderResponseObject, error) {
	order, err := a.Orders.CancelByCustomer(ctx, request.OrderToken)
	if err != nil {
		return nil, err
	}
	answer, err := a.customerOrder(ctx, order)
	return rest.CancelOwnOrder200JSONResponse(answer), err
}

func (a *API) customerOrder(ctx context.Context, order orders.Order) (rest.CustomerOrder, error) {
	units, err := a.Fulfilment.UnitsOfOrder(ctx, order.ID)
	if err != nil {
		return rest.CustomerOrder{}, err
	}
	status := customerStatus(order, units)
	answer := rest.CustomerOrder{
		Number: order.Number, Status: status, StatusText: statusWords[status][order.Language == orders.English],
		Lines:    each(order.Lines, func(line orders.Line) rest.OrderLine { return orderLineOf(line, order.Language) }),
		GoodsYen: yenOf(order.Goods), DiscountCode: optional(order.DiscountCode), DiscountYen: yenOf(order.Discount),
		WrappingYen: yenOf(order.Wrapping), ShippingYen: yenOf(order.Shipping), TotalYen: yenOf(order.Total), Ships: windowOf(order.Window),
		CanCancel: order.CanBeCanceled(), CanClaim: order.CanBeClaimed(time.Now()), RefundedYen: yenOf(order.Refunded()), PlacedAt: order.PlacedAt,
	}
	if payment := order.LivePayment(); payment != nil && order.State == orders.AwaitingPayment { // nothing else is to be paid
		answer.PayURL, answer.VoucherURL = optional(payment.PayURL), optional(payment.VoucherURL)
	}
	if answer.Invoice, err = a.invoice(ctx, order); err != nil {
		return rest.CustomerOrder{}, err
	}
	if order.Shipment != nil {
		answer.Carrier, answer.Tracking = optional(order.Shipment.Carrier), optional(order.Shipment.Tracking)
	}
	return answer, nil
}

func orderLineOf(line orders.Line, language orders.Language) rest.OrderLine {
	return rest.OrderLine{
		ID: optional(line.ID.String()), Title: line.TitleIn(language), Text: optional(line.DesignText), DesignID: optional(line.DesignID.String()),
		PictureURL: proofURLOf(line.DesignID), Quantity: line.Quantity, UnitPriceYen: yenOf(line.UnitPrice), TotalYen: yenOf(line.Total),
		DiscountYen: yenOf(line.Discount),
	}
}

// statusWords are the words of each status in Japanese and, for those who read it, English.
var statusWords = map[rest.CustomerStatus]map[bool]string{
	rest.CustomerStatusAwaitingPayment: {false: "お支払い待ち", true: "Awaiting payment"},
	rest.CustomerStatusReceived:        {false: "受付", true: "Received"},
	rest.CustomerStatusChecking:        {false: "確認中", true: "Being checked"},
	rest.CustomerStatusMaking:          {false: "制作中", true: "Being made"},
	rest.CustomerStatusFinishing:       {false: "仕上げ", true: "Finishing"},
	rest.CustomerStatusDelivered:       {false: "ダウンロードできます", true: "Ready to download"},
	rest.CustomerStatusShipped:         {false: "発送済み", true: "Shipped"},
	rest.CustomerStatusCanceled:        {false: "キャンセル済み", true: "Canceled"},
	rest.CustomerStatusExpired:         {false: "期限切れ", true: "Expired"},
}

// customerStatus is the step of an order, unless it waits for money or has ended.
func customerStatus(order orders.Order, units []fulfilment.Unit) rest.CustomerStatus {
	switch order.State {
	case orders.AwaitingPayment:
		return rest.CustomerStatusAwaitingPayment
	case orders.Expired:
		return rest.CustomerStatusExpired
	case orders.Canceled:
		return rest.CustomerStatusCanceled
	case orders.Completed:
		if order.Digital() {
			return rest.CustomerStatusDelivered
		}
		return rest.CustomerStatusShipped
	default:
		return rest.CustomerStatus(StepOf(order, units))
	}
}

// StepOf is the step a customer is shown of an order and its pieces: 仕上げ once every piece that counts has left the
// printer.
func StepOf(order orders.Order, units []fulfilment.Unit) orders.Step {
	step := order.Step()
	if step == orders.StepMaking && allPrinted(units) {
		return orders.StepFinishing
	}
	return step
}

func allPrinted(units []fulfilment.Unit) bool {
	counted := 0
	for _, unit := range units {
		switch unit.State {
		case fulfilment.UnitScrapped: // its replacement counts
		case fulfilment.UnitOwed, fulfilment.UnitPlanned, fulfilment.UnitPrinting:
			return false
		default:
			counted++
		}
	}
	return counted > 0
}

package api

import (
	"context"

	"tsukuriba/api/auth"
	"tsukuriba/api/problem"
	"tsukuriba/api/rest"
	"tsukuriba/fulfilment"
	"tsukuriba/orders"
)

// ListOrders lists orders for staff.
func (a *API) ListOrders(ctx context.Context, request rest.ListOrdersRequestObject) (rest.ListOrdersResponseObject, error) {
	query := orders.OrderQuery{
		Number: given(request.Params.Number), Cursor: given(request.Params.Cursor), Limit: given(request.Params.Limit),
	}
	if request.Params.State != nil {
		query.States = []orders.State{orders.State(*request.Params.State)}
	}
	page, err := a.Orders.Orders(ctx, query)
	if err != nil {
		return nil, err
	}
	return rest.ListOrders200JSONResponse{Items: each(page.Items, orderSummaryOf), NextCursor: optional(page.NextCursor)}, nil
}

func orderSummaryOf(order orders.Order) rest.OrderSummary {
	return rest.OrderSummary{
		ID: order.ID.String(), Number: order.Number, State: rest.OrderState(order.State), TotalYen: yenOf(order.Total),
		PlacedAt: order.PlacedAt, Ships: windowOf(order.Window),
	}
}

// GetOrder returns an order with its pieces and what happened to it.
func (a *API) GetOrder(ctx context.Context, request rest.GetOrderRequestObject) (rest.GetOrderResponseObject, error) {
	answer, err := a.onOrder(ctx, request.OrderID, a.Orders.Order)
	return rest.GetOrder200JSONResponse(answer), err
}

// ApproveOrder accepts the custom texts of an order.
func (a *API) ApproveOrder(ctx context.Context, request rest.ApproveOrderRequestObject) (rest.ApproveOrderResponseObject, error) {
	answer, err := a.onOrder(ctx, request.OrderID, func(ctx context.Context, order orders.OrderID) (orders.Order, error) {
		return a.Orders.Approve(ctx, by(ctx), order)
	})
	return rest.ApproveOrder200JSONResponse(answer), err
}

// RefuseOrder declines the custom texts of an order.
func (a *API) RefuseOrder(ctx context.Context, request rest.RefuseOrderRequestObject) (rest.RefuseOrderResponseObject, error) {
	answer, err := a.onOrder(ctx, request.OrderID, func(ctx context.Context, order orders.OrderID) (orders.Order, error) {
		return a.Orders.Refuse(ctx, by(ctx), order, string(request.Body.Reason))
	})
	return rest.RefuseOrder200JSONResponse(answer), err
}

// CancelOrder ends an order that nobody has started to make. Giving money back is for those who may.
func (a *API) CancelOrder(ctx context.Context, request rest.CancelOrderRequestObject) (rest.CancelOrderResponseObject, error) {
	answer, err := a.onOrder(ctx, request.OrderID, func(ctx context.Context, id orders.OrderID) (orders.Order, error) {
		order, err := a.Orders.Order(ctx, id)
		if err != nil {
			return order, err
		}
		if order.Captured > 0 && !auth.May(string(staffOf(ctx).Role), auth.Money) {
			return order, problem.ErrForbidden
		}
		return a.Orders.Cancel(ctx, by(ctx), id, string(request.Body.Reason))
	})
	return rest.CancelOrder200JSONResponse(answer), err
}

// ShipOrder hands an order to the carrier.
func (a *API) ShipOrder(ctx context.Context, request rest.ShipOrderRequestObject) (rest.ShipOrderResponseObject, error) {
	answer, err := a.onOrder(ctx, request.OrderID, func(ctx context.Context, order orders.OrderID) (orders.Order, error) {
		return a.Orders.Ship(ctx, by(ctx), order, orders.Handover{Carrier: request.Body.Carrier, Tracking: request.Body.Tracking})
	})
	return rest.ShipOrder200JSONResponse(answer), err
}

// onOrder does something with the order of an id and shows what came of it.
func (a *API) onOrder(ctx context.Context, text string, do func(context.Context, orders.OrderID) (orders.Order, error)) (rest.StaffOrder, error) {
	var wanted orders.OrderID
	if err := readID(&wanted, text, orders.ErrOrderNotFound); err != nil {
		return rest.StaffOrder{}, err
	}
	order, err := do(ctx, wanted)
	if err != nil {
		return rest.StaffOrder{}, err
	}
	units, err := a.Fulfilment.UnitsOfOrder(ctx, order.ID)
	if err != nil {
		return rest.StaffOrder{}, err
	}
	timeline, err := a.Orders.Timeline(ctx, order.ID)
	if err != nil {
		return rest.StaffOrder{}, err
	}
	told := staffOrderOf(order, units, timeline)
	return told, a.remarkOn(ctx, order, &told)
}

func staffOrderOf(order orders.Order, units []fulfilment.Unit, timeline []orders.TimelineEntry) rest.StaffOrder {
	return rest.StaffOrder{
		ID: order.ID.String(), Number: order.Number, State: rest.OrderState(order.State), Version: order.Version,
		PaymentMethod: string(order.Method), ShippingMethod: order.ShippingMethod, GoodsYen: yenOf(order.Goods),
		DiscountCode: optional(order.DiscountCode), DiscountYen: yenOf(order.Discount), WrappingYen: yenOf(order.Wrapping),
		Wrapped: order.Wrapped, WithoutPrices: order.WithoutPrices, ShippingYen: yenOf(order.Shipping), TotalYen: yenOf(order.Total), PaidYen: yenOf(order.Paid),
		Ships: windowOf(order.Window), PlacedAt: order.PlacedAt,
		Lines: each(order.Lines, staffLineOf), Units: each(units, staffUnitOf), Timeline: each(timeline, timelineOf),
		CancelReason: optional(order.CancelReason), Holds: each(order.Holds, holdOf),
	}
}

func holdOf(hold orders.Hold) rest.Hold {
	told := rest.Hold{Reason: rest.HoldReason(hold.Reason), Words: hold.Words(), PlacedAt: hold.PlacedAt}
	if hold.Cause != nil {
		told.Cause = optional(string(hold.Cause.Code))
	}
	return told
}

func staffLineOf(line orders.Line) rest.StaffOrderLine {
	return rest.StaffOrderLine{
		ID: line.ID.String(), Title: line.Title, Text: optional(line.DesignText), DesignID: optional(line.DesignID.String()),
		PictureURL: proofURLOf(line.DesignID), Quantity: line.Quantity, UnitPriceYen: yenOf(line.UnitPrice),
		TotalYen: yenOf(line.Total), TextState: rest.StaffOrderLineTextState(line.TextState),
	}
}

func staffUnitOf(unit fulfilment.Unit) rest.StaffOrderUnit {
	return rest.StaffOrderUnit{ID: unit.ID.String(), Code: unit.Code, State: string(unit.State), LineID: unit.LineID.String()}
}

func timelineOf(entry orders.TimelineEntry) rest.TimelineEntry {
	actor := string(entry.Actor.Role)
	if entry.Actor.ID != "" {
		actor = entry.Actor.ID
	}
	why, _ := entry.Detail["reason"].(string)
	return rest.TimelineEntry{At: entry.At, Action: entry.Action, Actor: actor, Why: optional(why)}
}

// GetOrderContact returns the address, to those who send parcels only while they need it.
func (a *API) GetOrderContact(ctx context.Context, request rest.GetOrderContactRequestObject) (rest.GetOrderContactResponseObject, error) {
	var order orders.OrderID
	if err := readID(&order, request.OrderID, orders.ErrOrderNotFound); err != nil {
		return nil, err
	}
	read := a.Orders.Contact
	if staffOf(ctx).Role == fulfilment.ShippingStaff {
		read = a.Orders.ContactForShipping
	}
	contact, err := read(ctx, by(ctx), order)
	if err != nil {
		return nil, err
	}
	return rest.GetOrderContact200JSONResponse{
		Name: contact.Name, Phone: optional(contact.Phone), PostalCode: optional(contact.PostalCode), Prefecture: optional(contact.Prefecture),
		City: optional(contact.City), Street: optional(contact.Street), Building: optional(contact.Building),
		Company: optional(contact.Company), Department: optional(contact.Department), GiftMessage: optional(contact.GiftMessage),
	}, nil
}

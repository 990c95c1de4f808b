package api

import (
	"context"

	"tsukuriba/api/rest"
	"tsukuriba/fulfilment"
	"tsukuriba/orders"
)

// ThankMakers keeps what a customer tells those who made an order.
func (a *API) ThankMakers(ctx context.Context, request rest.ThankMakersRequestObject) (rest.ThankMakersResponseObject, error) {
	thanks, err := a.Orders.ThankByCustomer(ctx, request.OrderToken, orders.ThanksRequest{
		Words: request.Body.Words, TellPrefecture: given(request.Body.TellPrefecture), Agreed: request.Body.Agreed,
	})
	return rest.ThankMakers201JSONResponse{State: rest.ThanksState(thanks.State)}, err
}

// ListThanks lists the messages for staff.
func (a *API) ListThanks(ctx context.Context, _ rest.ListThanksRequestObject) (rest.ListThanksResponseObject, error) {
	list, err := a.thanks(ctx)
	return rest.ListThanks200JSONResponse(list), err
}

// ShowThanks lets a message through.
func (a *API) ShowThanks(ctx context.Context, request rest.ShowThanksRequestObject) (rest.ShowThanksResponseObject, error) {
	var wanted orders.ThanksID
	if err := readID(&wanted, request.ThanksID, orders.ErrThanksNotFound); err != nil {
		return nil, err
	}
	if err := a.Orders.ShowThanks(ctx, by(ctx), wanted, given(request.Body.Reading)); err != nil {
		return nil, err
	}
	list, err := a.thanks(ctx)
	return rest.ShowThanks200JSONResponse(list), err
}

// DeclineThanks keeps it from the members.
func (a *API) DeclineThanks(ctx context.Context, request rest.DeclineThanksRequestObject) (rest.DeclineThanksResponseObject, error) {
	var wanted orders.ThanksID
	if err := readID(&wanted, request.ThanksID, orders.ErrThanksNotFound); err != nil {
		return nil, err
	}
	if err := a.Orders.DeclineThanks(ctx, by(ctx), wanted); err != nil {
		return nil, err
	}
	list, err := a.thanks(ctx)
	return rest.DeclineThanks200JSONResponse(list), err
}

func (a *API) thanks(ctx context.Context) (rest.ThanksList, error) {
	all, err := a.Orders.AllThanks(ctx)
	return rest.ThanksList{Items: each(all, staffThanksOf)}, err
}

func staffThanksOf(thanks orders.Thanks) rest.StaffThanks {
	return rest.StaffThanks{
		ID: thanks.ID.String(), OrderID: thanks.OrderID.String(), Number: thanks.Number, State: rest.ThanksState(thanks.State), Words: thanks.Words,
		Reading: optional(thanks.Reading), Prefecture: optional(thanks.Prefecture), Telling: thanks.Telling(), WrittenAt: thanks.CreatedAt,
	}
}

// ListOwnThanks lists what was let through to the member who asks.
func (a *API) ListOwnThanks(ctx context.Context, _ rest.ListOwnThanksRequestObject) (rest.ListOwnThanksResponseObject, error) {
	mine, err := a.Fulfilment.ThanksFor(ctx, memberOf(ctx))
	return rest.ListOwnThanks200JSONResponse{Items: each(mine, memberThanksOf)}, err
}

func memberThanksOf(thanks fulfilment.Thanks) rest.MemberThanks {
	return rest.MemberThanks{Words: thanks.Words, Reading: optional(thanks.Reading), Prefecture: optional(thanks.Prefecture)}
}

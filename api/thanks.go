package api

import (
	"bytes"
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
	return rest.ThankMakers201JSONResponse(ownThanksOf(thanks)), err
}

// PutThanksPhoto puts a photo to it.
func (a *API) PutThanksPhoto(ctx context.Context, request rest.PutThanksPhotoRequestObject) (rest.PutThanksPhotoResponseObject, error) {
	sent, err := readFile(request.Body)
	if err != nil {
		return nil, err
	}
	thanks, err := a.Orders.AddThanksPhoto(ctx, request.OrderToken, sent)
	return rest.PutThanksPhoto200JSONResponse(ownThanksOf(thanks)), err
}

func ownThanksOf(thanks orders.Thanks) rest.OwnThanks {
	return rest.OwnThanks{State: rest.ThanksState(thanks.State), HasPhoto: thanks.HasPhoto}
}

// GetThanksPhoto returns a photo to staff.
func (a *API) GetThanksPhoto(ctx context.Context, request rest.GetThanksPhotoRequestObject) (rest.GetThanksPhotoResponseObject, error) {
	var wanted orders.ThanksID
	if err := readID(&wanted, request.ThanksID, orders.ErrThanksNotFound); err != nil {
		return nil, err
	}
	photo, err := a.Orders.ThanksPhoto(ctx, wanted)
	return rest.GetThanksPhoto200ImageJpegResponse{Body: bytes.NewReader(photo), ContentLength: int64(len(photo))}, err
}

// GetOwnThanksPhoto returns a photo that was let through to the member who asks.
func (a *API) GetOwnThanksPhoto(ctx context.Context, request rest.GetOwnThanksPhotoRequestObject) (rest.GetOwnThanksPhotoResponseObject, error) {
	var wanted orders.ThanksID
	if err := readID(&wanted, request.ThanksID, orders.ErrPhotoNotFound); err != nil {
		return nil, err
	}
	photo, err := a.Fulfilment.ThanksPhotoFor(ctx, memberOf(ctx), wanted)
	return rest.GetOwnThanksPhoto200ImageJpegResponse{Body: bytes.NewReader(photo), ContentLength: int64(len(photo))}, err
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
	if err := a.Orders.ShowThanks(ctx, by(ctx), wanted, orders.Showing{Reading: given(request.Body.Reading), WithPhoto: given(request.Body.WithPhoto)}); err != nil {
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
		Remarks: each(thanks.Remarks, textRemarkOf), HasPhoto: thanks.HasPhoto, PhotoShown: thanks.PhotoShown,
	}
}

// ListOwnThanks lists what was let through to the member who asks.
func (a *API) ListOwnThanks(ctx context.Context, _ rest.ListOwnThanksRequestObject) (rest.ListOwnThanksResponseObject, error) {
	mine, err := a.Fulfilment.ThanksFor(ctx, memberOf(ctx))
	return rest.ListOwnThanks200JSONResponse{Items: each(mine, memberThanksOf)}, err
}

func memberThanksOf(thanks fulfilment.Thanks) rest.MemberThanks {
	return rest.MemberThanks{ID: thanks.ID.String(), HasPhoto: thanks.HasPhoto, Words: thanks.Words, Reading: optional(thanks.Reading), Prefecture: optional(thanks.Prefecture)}
}

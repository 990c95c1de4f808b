package api

import (
	"context"

	"tsukuriba/api/rest"
	"tsukuriba/orders"
)

// ListLetters lists the mails about an order.
func (a *API) ListLetters(ctx context.Context, request rest.ListLettersRequestObject) (rest.ListLettersResponseObject, error) {
	var order orders.OrderID
	if err := readID(&order, request.OrderID, orders.ErrOrderNotFound); err != nil {
		return nil, err
	}
	if _, err := a.Orders.Order(ctx, order); err != nil {
		return nil, err
	}
	list, err := a.letters(ctx, order)
	return rest.ListLetters200JSONResponse(list), err
}

// NoteBounce notes that a mail came back.
func (a *API) NoteBounce(ctx context.Context, request rest.NoteBounceRequestObject) (rest.NoteBounceResponseObject, error) {
	order, letter, err := letterOf(request.OrderID, request.LetterID)
	if err != nil {
		return nil, err
	}
	if err := a.Orders.NoteBounce(ctx, by(ctx), order, letter); err != nil {
		return nil, err
	}
	list, err := a.letters(ctx, order)
	return rest.NoteBounce200JSONResponse(list), err
}

// ResendLetter sends a mail again that did not arrive.
func (a *API) ResendLetter(ctx context.Context, request rest.ResendLetterRequestObject) (rest.ResendLetterResponseObject, error) {
	order, letter, err := letterOf(request.OrderID, request.LetterID)
	if err != nil {
		return nil, err
	}
	if err := a.Orders.ResendLetter(ctx, by(ctx), order, letter); err != nil {
		return nil, err
	}
	list, err := a.letters(ctx, order)
	return rest.ResendLetter200JSONResponse(list), err
}

func letterOf(orderText, letterText string) (order orders.OrderID, letter orders.MailID, err error) {
	if err = readID(&order, orderText, orders.ErrOrderNotFound); err == nil {
		err = readID(&letter, letterText, orders.ErrMailNotFound)
	}
	return order, letter, err
}

func (a *API) letters(ctx context.Context, order orders.OrderID) (rest.LetterList, error) {
	letters, err := a.Orders.Letters(ctx, order)
	return rest.LetterList{Items: each(letters, restLetter)}, err
}

func restLetter(letter orders.Letter) rest.Letter {
	return rest.Letter{
		ID: letter.ID.String(), Kind: string(letter.Kind), Version: letter.Version, State: rest.LetterState(letter.State),
		QueuedAt: letter.QueuedAt, SentAt: letter.SentAt,
	}
}

package api

import (
	"context"

	"tsukuriba/api/rest"
	"tsukuriba/catalog"
	"tsukuriba/orders"
)

// CreateCart makes an empty cart.
func (a *API) CreateCart(ctx context.Context, _ rest.CreateCartRequestObject) (rest.CreateCartResponseObject, error) {
	token, err := a.Orders.NewCart(ctx)
	if err != nil {
		return nil, err
	}
	return rest.CreateCart201JSONResponse{Token: token, Lines: []rest.CartLine{}}, nil
}

// GetCart returns a cart at today's prices.
func (a *API) GetCart(ctx context.Context, request rest.GetCartRequestObject) (rest.GetCartResponseObject, error) {
	cart, err := a.Orders.Cart(ctx, request.CartToken)
	return rest.GetCart200JSONResponse(cartOf(request.CartToken, cart)), err
}

// AddCartLine puts something into a cart.
func (a *API) AddCartLine(ctx context.Context, request rest.AddCartLineRequestObject) (rest.AddCartLineResponseObject, error) {
	line := orders.LineRequest{Quantity: request.Body.Quantity}
	if err := readID(&line.Variant, request.Body.VariantID, catalog.ErrVariantNotFound); err != nil {
		return nil, err
	}
	if design := request.Body.DesignID; design != nil {
		if err := readID(&line.Design, *design, catalog.ErrDesignNotFound); err != nil {
			return nil, err
		}
	}
	cart, err := a.Orders.AddLine(ctx, request.CartToken, line)
	return rest.AddCartLine201JSONResponse(cartOf(request.CartToken, cart)), err
}

// ChangeCartLine sets how many of a line are wanted.
func (a *API) ChangeCartLine(ctx context.Context, request rest.ChangeCartLineRequestObject) (rest.ChangeCartLineResponseObject, error) {
	var line orders.CartLineID
	if err := readID(&line, request.LineID, orders.ErrLineNotFound); err != nil {
		return nil, err
	}
	cart, err := a.Orders.ChangeLine(ctx, request.CartToken, line, request.Body.Quantity)
	return rest.ChangeCartLine200JSONResponse(cartOf(request.CartToken, cart)), err
}

// RemoveCartLine takes a line out of a cart.
func (a *API) RemoveCartLine(ctx context.Context, request rest.RemoveCartLineRequestObject) (rest.RemoveCartLineResponseObject, error) {
	var line orders.CartLineID
	if err := readID(&line, request.LineID, orders.ErrLineNotFound); err != nil {
		return nil, err
	}
	cart, err := a.Orders.RemoveLine(ctx, request.CartToken, line)
	return rest.RemoveCartLine200JSONResponse(cartOf(request.CartToken, cart)), err
}

func cartOf(token string, cart orders.Cart) rest.Cart {
	return rest.Cart{
		Token: token, GoodsYen: yenOf(cart.Goods), Lines: each(cart.Lines, cartLineOf),
		DiscountCode: optional(cart.Code), DiscountYen: yenOf(cart.Discount), DiscountProblem: optional(cart.CodeProblem),
	}
}

func cartLineOf(line orders.CartLine) rest.CartLine {
	shown := rest.CartLine{
		ID: line.ID.String(), Title: line.Title, TitleEn: line.TitleEn, Digital: line.Digital, Text: optional(line.DesignText), DesignID: optional(line.DesignID.String()),
		PictureURL: proofURLOf(line.DesignID), Quantity: line.Quantity,
		UnitPriceYen: yenOf(line.UnitPrice), TotalYen: yenOf(line.UnitPrice.Times(line.Quantity)),
	}
	if line.Tracked {
		shown.Left = &line.Left
	}
	return shown
}

// ListShippingOptions lists the ways in which a cart can be sent.
func (a *API) ListShippingOptions(ctx context.Context, request rest.ListShippingOptionsRequestObject) (rest.ListShippingOptionsResponseObject, error) {
	options, err := a.Orders.ShippingOptions(ctx, request.CartToken, given(request.Params.Prefecture))
	return rest.ListShippingOptions200JSONResponse{Items: each(options, shippingOptionOf)}, err
}

func shippingOptionOf(option orders.ShippingOption) rest.ShippingOption {
	return rest.ShippingOption{
		Key: option.Key, Name: option.Name, NameEn: optional(option.NameEn), PriceYen: yenOf(option.Price),
		PriceIsFrom:  option.From,
		NeedsAddress: option.NeedsAddress, Cheapest: option.Cheapest, Ships: windowOf(option.Window),
	}
}

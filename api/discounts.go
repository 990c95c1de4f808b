package api

import (
	"context"

	"tsukuriba/api/rest"
	"tsukuriba/catalog"
	"tsukuriba/internal/yen"
	"tsukuriba/orders"
)

// UseDiscountCode puts a code into a cart.
func (a *API) UseDiscountCode(ctx context.Context, request rest.UseDiscountCodeRequestObject) (rest.UseDiscountCodeResponseObject, error) {
	cart, err := a.Orders.UseCode(ctx, request.CartToken, request.Body.Code)
	return rest.UseDiscountCode200JSONResponse(cartOf(request.CartToken, cart)), err
}

// RemoveDiscountCode takes the code out of a cart.
func (a *API) RemoveDiscountCode(ctx context.Context, request rest.RemoveDiscountCodeRequestObject) (rest.RemoveDiscountCodeResponseObject, error) {
	cart, err := a.Orders.UseCode(ctx, request.CartToken, "")
	return rest.RemoveDiscountCode200JSONResponse(cartOf(request.CartToken, cart)), err
}

// ListDiscountCodes lists all codes.
func (a *API) ListDiscountCodes(ctx context.Context, _ rest.ListDiscountCodesRequestObject) (rest.ListDiscountCodesResponseObject, error) {
	codes, err := a.Orders.Codes(ctx)
	return rest.ListDiscountCodes200JSONResponse{Items: each(codes, discountCodeOf)}, err
}

// MakeDiscountCode makes a code.
func (a *API) MakeDiscountCode(ctx context.Context, request rest.MakeDiscountCodeRequestObject) (rest.MakeDiscountCodeResponseObject, error) {
	wanted := orders.NewCode{
		Code: request.Body.Code, Kind: orders.DiscountKind(request.Body.Kind), Value: request.Body.Value,
		MinGoods: yen.Amount(given(request.Body.MinGoodsYen)), ValidFrom: given(request.Body.ValidFrom),
		ValidUntil: request.Body.ValidUntil, MaxUses: request.Body.MaxUses, OnceEach: given(request.Body.OnceEach),
	}
	for _, text := range given(request.Body.ProductIds) {
		var product catalog.ProductID
		if err := readID(&product, text, catalog.ErrProductNotFound); err != nil {
			return nil, err
		}
		wanted.Products = append(wanted.Products, product)
	}
	made, err := a.Orders.MakeCode(ctx, by(ctx), wanted)
	return rest.MakeDiscountCode201JSONResponse(discountCodeOf(made)), err
}

// EndDiscountCode ends a code.
func (a *API) EndDiscountCode(ctx context.Context, request rest.EndDiscountCodeRequestObject) (rest.EndDiscountCodeResponseObject, error) {
	var code orders.DiscountID
	if err := readID(&code, request.CodeID, orders.ErrCodeNotFound); err != nil {
		return nil, err
	}
	ended, err := a.Orders.EndCode(ctx, by(ctx), code)
	return rest.EndDiscountCode200JSONResponse(discountCodeOf(ended)), err
}

func discountCodeOf(code orders.DiscountCode) rest.DiscountCode {
	return rest.DiscountCode{
		ID: code.ID.String(), Code: code.Code, Kind: rest.DiscountCodeKind(code.Kind), Value: code.Value,
		MinGoodsYen: yenOf(code.MinGoods), ValidFrom: code.ValidFrom, ValidUntil: code.ValidUntil, MaxUses: code.MaxUses,
		OnceEach: code.OnceEach, Used: code.Used,
		ProductIds: each(code.Products, catalog.ProductID.String),
	}
}

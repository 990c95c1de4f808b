package api

import (
	"context"
	"errors"

	"tsukuriba/api/rest"
	"tsukuriba/orders"
)

// PrepareCheckout freezes a cart for the final confirmation.
func (a *API) PrepareCheckout(ctx context.Context, request rest.PrepareCheckoutRequestObject) (rest.PrepareCheckoutResponseObject, error) {
	checkout, err := a.Orders.PrepareCheckout(ctx, request.CartToken, formOf(*request.Body))
	return rest.PrepareCheckout201JSONResponse(checkoutOf(checkout)), err
}

func formOf(r rest.CheckoutRequest) orders.CheckoutForm {
	return orders.CheckoutForm{
		Contact: orders.Contact{
			Name: r.Name, Email: r.Email, Phone: given(r.Phone), PostalCode: given(r.PostalCode),
			Prefecture: given(r.Prefecture), City: given(r.City), Street: given(r.Street), Building: given(r.Building),
			Company: given(r.Company), Department: given(r.Department),
		},
		Gift:     orders.Gift{Wrapped: given(r.GiftWrapping), Message: given(r.GiftMessage), WithoutPrices: given(r.WithoutPrices)},
		Shipping: r.ShippingMethod, Method: orders.Method(r.PaymentMethod), Language: orders.Language(given(r.Language)),
	}
}

func checkoutOf(c orders.Checkout) rest.Checkout {
	return rest.Checkout{
		ID: c.ID.String(), Lines: each(c.Lines, func(line orders.CheckoutLine) rest.OrderLine { return checkoutLineOf(line, c.Language) }), GoodsYen: yenOf(c.Goods),
		DiscountCode: optional(c.DiscountCode), DiscountYen: yenOf(c.Discount), WrappingYen: yenOf(c.Wrapping), ShippingYen: yenOf(c.Shipping),
		TotalYen: yenOf(c.Total), Taxes: each(c.Taxes, taxOf), Ships: windowOf(c.Window), ExpiresAt: c.ExpiresAt,
		Legal: each(c.Legal, func(item orders.LegalItem) rest.LegalItem { return rest.LegalItem{Title: item.Title, Text: item.Text} }),
	}
}

func checkoutLineOf(line orders.CheckoutLine, language orders.Language) rest.OrderLine {
	return rest.OrderLine{
		Title: line.TitleIn(language), Text: optional(line.DesignText), DesignID: optional(line.DesignID.String()), PictureURL: proofURLOf(line.DesignID),
		Quantity: line.Quantity, UnitPriceYen: yenOf(line.UnitPrice), TotalYen: yenOf(line.Total), DiscountYen: yenOf(line.Discount),
	}
}

// ConfirmCheckout places the order.
func (a *API) ConfirmCheckout(ctx context.Context, request rest.ConfirmCheckoutRequestObject) (rest.ConfirmCheckoutResponseObject, error) {
	key, err := checkoutKey(request.CartToken, request.CheckoutID)
	if err != nil {
		return nil, err
	}
	placed, err := a.place(ctx, key)
	return rest.ConfirmCheckout201JSONResponse(placed), err
}

// checkoutKey opens a checkout for who has its cart.
func checkoutKey(cart, checkout string) (orders.CheckoutKey, error) {
	key := orders.CheckoutKey{Secret: cart}
	return key, readID(&key.ID, checkout, orders.ErrCheckoutNotFound)
}

// place makes the order of a checkout. One whose payment page could not be opened stands all the same:
// its customer pays from the order page.
func (a *API) place(ctx context.Context, checkout orders.CheckoutKey) (rest.PlacedOrder, error) {
	placed, err := a.Orders.Confirm(ctx, checkout)
	if err != nil && (!errors.Is(err, orders.ErrGatewayUnavailable) || placed.LinkToken == "") {
		return rest.PlacedOrder{}, err
	}
	return rest.PlacedOrder{
		Number: placed.Order.Number, Token: placed.LinkToken, PayURL: placed.PayURL,
		OrderURL: a.PublicURL + "/orders/" + placed.LinkToken,
	}, nil
}

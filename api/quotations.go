package api

import (
	"context"

	"tsukuriba/api/rest"
	"tsukuriba/orders"
)

// QuoteCheckout makes a quotation of what a confirmation shows.
func (a *API) QuoteCheckout(ctx context.Context, request rest.QuoteCheckoutRequestObject) (rest.QuoteCheckoutResponseObject, error) {
	key, err := checkoutKey(request.CartToken, request.CheckoutID)
	if err != nil {
		return nil, err
	}
	quotation, err := a.Orders.Quote(ctx, key)
	return rest.QuoteCheckout201JSONResponse(a.quotationOf(quotation)), err
}

// GetQuotation returns the quotation of a secret link.
func (a *API) GetQuotation(ctx context.Context, request rest.GetQuotationRequestObject) (rest.GetQuotationResponseObject, error) {
	quotation, err := a.Orders.Quotation(ctx, request.QuotationToken)
	return rest.GetQuotation200JSONResponse(a.quotationOf(quotation)), err
}

// ConfirmQuotation places the order that was quoted.
func (a *API) ConfirmQuotation(ctx context.Context, request rest.ConfirmQuotationRequestObject) (rest.ConfirmQuotationResponseObject, error) {
	quotation, err := a.Orders.Quotation(ctx, request.QuotationToken)
	if err != nil {
		return nil, err
	}
	placed, err := a.place(ctx, quotation.Checkout.Key())
	return rest.ConfirmQuotation201JSONResponse(placed), err
}

// GetQuotationFile returns the document of a quotation.
func (a *API) GetQuotationFile(ctx context.Context, request rest.GetQuotationFileRequestObject) (rest.GetQuotationFileResponseObject, error) {
	document, file, err := a.Orders.QuotationFile(ctx, request.QuotationToken)
	return pdfOf(document, file), err
}

func (a *API) quotationOf(quotation orders.Quotation) rest.Quotation {
	shown := rest.Quotation{
		Number: quotation.Number, Token: quotation.LinkToken, URL: a.PublicURL + "/quotations/" + quotation.LinkToken,
		QuotedAt: quotation.QuotedAt, ValidUntil: quotation.ValidUntil, Checkout: checkoutOf(quotation.Checkout),
		FileURL: BasePath + "/quotations/" + quotation.LinkToken + "/file.pdf",
	}
	if quotation.OrderToken != "" {
		shown.OrderURL = new(a.PublicURL + "/orders/" + quotation.OrderToken)
	}
	return shown
}

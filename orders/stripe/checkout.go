package stripe

import (
	"context"
	"strconv"
	"time"

	stripego "github.com/stripe/stripe-go/v76"

	"tsukuriba/orders"
)

// Metadata that session, intent and refund carry, so that any of them finds its order.
const (
	metaOrder   = "order_id"
	metaNumber  = "order_number"
	metaVersion = "order_version"
	metaPayment = "payment_id"
	metaRefund  = "refund_id"
)

// OpenCheckout makes a session, or returns the one made before under the same key.
func (g *Gateway) OpenCheckout(ctx context.Context, request orders.CheckoutRequest) (orders.HostedPage, error) {
	var made *stripego.CheckoutSession
	err := effect(request.Key, func(key string) (err error) {
		made, err = g.sessions.New(sessionParams(ctx, key, request))
		return err
	}, func() (bool, error) {
		return false, nil // a session that exists all the same has an address nobody was told, and lapses
	})
	if err != nil {
		return orders.HostedPage{}, classify("open checkout", err)
	}
	page := orders.HostedPage{SessionID: made.ID, URL: made.URL, ExpiresAt: time.Unix(made.ExpiresAt, 0)}
	if made.PaymentIntent != nil {
		page.IntentID = made.PaymentIntent.ID
	}
	return page, nil
}

func sessionParams(ctx context.Context, key string, request orders.CheckoutRequest) *stripego.CheckoutSessionParams {
	meta := map[string]string{
		metaOrder: request.OrderID.String(), metaNumber: request.OrderNumber,
		metaVersion: strconv.Itoa(request.OrderVersion), metaPayment: request.PaymentID.String(),
	}
	params := &stripego.CheckoutSessionParams{
		Params:             keyed(ctx, key),
		Mode:               stripego.String(string(stripego.CheckoutSessionModePayment)),
		PaymentMethodTypes: []*string{new(string(request.Method))},
		ClientReferenceID:  new(request.OrderID.String()),
		Metadata:           meta,
		PaymentIntentData:  &stripego.CheckoutSessionPaymentIntentDataParams{Metadata: meta},
		Locale:             new(locale(request.Language)),
		LineItems:          lineItems(request.Lines),
		SuccessURL:         new(request.SuccessURL),
		CancelURL:          new(request.CancelURL),
		ExpiresAt:          new(request.ExpiresAt.Unix()),
	}
	if request.Email != "" {
		params.CustomerEmail = new(request.Email)
	}
	if request.Note != "" {
		params.CustomText = &stripego.CheckoutSessionCustomTextParams{
			Submit: &stripego.CheckoutSessionCustomTextSubmitParams{Message: new(request.Note)},
		}
	}
	setMethod(params, request)
	return params
}

func setMethod(params *stripego.CheckoutSessionParams, request orders.CheckoutRequest) {
	if request.Method == orders.Card {
		params.PaymentIntentData.CaptureMethod = stripego.String(string(stripego.PaymentIntentCaptureMethodManual))
	}
	if request.Method == orders.Konbini && request.KonbiniDays > 0 {
		params.PaymentMethodOptions = &stripego.CheckoutSessionPaymentMethodOptionsParams{
			Konbini: &stripego.CheckoutSessionPaymentMethodOptionsKonbiniParams{
				ExpiresAfterDays: new(int64(request.KonbiniDays)),
			},
		}
	}
}

// locale of the hosted page, which knows no やさしい日本語.
func locale(language orders.Language) string {
	if language == orders.English {
		return "en"
	}
	return "ja"
}

func lineItems(lines []orders.HostedLine) []*stripego.CheckoutSessionLineItemParams {
	var items []*stripego.CheckoutSessionLineItemParams
	for _, line := range lines {
		items = append(items, &stripego.CheckoutSessionLineItemParams{
			Quantity: new(int64(line.Quantity)),
			PriceData: &stripego.CheckoutSessionLineItemPriceDataParams{
				Currency:    stripego.String(string(stripego.CurrencyJPY)),
				UnitAmount:  new(int64(line.UnitPrice)),
				ProductData: &stripego.CheckoutSessionLineItemPriceDataProductDataParams{Name: new(line.Title)},
			},
		})
	}
	return items
}

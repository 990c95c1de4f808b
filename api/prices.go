package api

import (
	"context"
	"time"

	"github.com/oapi-codegen/runtime/types"

	"tsukuriba/api/rest"
	"tsukuriba/internal/jst"
	"tsukuriba/internal/yen"
	"tsukuriba/orders"
)

// ListPrices lists the dated prices of shipping and wrapping, and the limit of writing off.
func (a *API) ListPrices(ctx context.Context, _ rest.ListPricesRequestObject) (rest.ListPricesResponseObject, error) {
	lists, err := a.priceLists(ctx)
	return rest.ListPrices200JSONResponse(lists), err
}

// AddPrice adds a price from a future day on.
func (a *API) AddPrice(ctx context.Context, request rest.AddPriceRequestObject) (rest.AddPriceResponseObject, error) {
	year, month, day := request.Body.ValidFrom.Date()
	wanted := orders.NewPrice{Key: request.Body.Key, From: time.Date(year, month, day, 0, 0, 0, 0, jst.Zone)}
	if request.Body.PriceYen != nil {
		wanted.Price = new(yen.Amount(*request.Body.PriceYen))
	}
	for _, zone := range given(request.Body.Zones) {
		if wanted.Zones == nil {
			wanted.Zones = map[string]yen.Amount{}
		}
		wanted.Zones[zone.Zone] = yen.Amount(zone.PriceYen)
	}
	if err := a.Orders.AddPrice(ctx, by(ctx), wanted); err != nil {
		return nil, err
	}
	lists, err := a.priceLists(ctx)
	return rest.AddPrice201JSONResponse(lists), err
}

// WithdrawPrice takes back a price that has not begun.
func (a *API) WithdrawPrice(ctx context.Context, request rest.WithdrawPriceRequestObject) (rest.WithdrawPriceResponseObject, error) {
	if err := a.Orders.WithdrawPrice(ctx, by(ctx), orders.PriceRef{Key: request.PriceKey, From: request.ValidFrom.String()}); err != nil {
		return nil, err
	}
	lists, err := a.priceLists(ctx)
	return rest.WithdrawPrice200JSONResponse(lists), err
}

// ConfirmPrice notes that a price is the carrier's.
func (a *API) ConfirmPrice(ctx context.Context, request rest.ConfirmPriceRequestObject) (rest.ConfirmPriceResponseObject, error) {
	if err := a.Orders.ConfirmPrice(ctx, by(ctx), orders.PriceRef{Key: request.PriceKey, From: request.ValidFrom.String()}); err != nil {
		return nil, err
	}
	lists, err := a.priceLists(ctx)
	return rest.ConfirmPrice200JSONResponse(lists), err
}

func (a *API) priceLists(ctx context.Context) (rest.PriceLists, error) {
	lists, err := a.Orders.PriceLists(ctx)
	return rest.PriceLists{Items: each(lists, priceListOf)}, err
}

func priceListOf(list orders.PriceList) rest.PriceList {
	return rest.PriceList{Key: list.Key, Name: list.Name, Prices: each(list.Prices, datedPriceOf)}
}

func datedPriceOf(price orders.DatedPrice) rest.DatedPrice {
	told := rest.DatedPrice{
		ValidFrom: types.Date{Time: price.ValidFrom}, ConfirmedAt: price.Confirmed, Season: rest.DatedPriceSeason(price.When),
	}
	if price.Price != nil {
		told.PriceYen = new(yenOf(*price.Price))
	}
	if len(price.Zones) > 0 {
		told.Zones = new(each(price.Zones, func(zone orders.ZonePrice) rest.ZonePrice {
			return rest.ZonePrice{Zone: zone.Zone, PriceYen: yenOf(zone.Price)}
		}))
	}
	return told
}

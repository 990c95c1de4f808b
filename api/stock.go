package api

import (
	"context"

	"tsukuriba/api/rest"
	"tsukuriba/catalog"
)

// ListStock lists every variant whose stock is counted.
func (a *API) ListStock(ctx context.Context, _ rest.ListStockRequestObject) (rest.ListStockResponseObject, error) {
	shelves, err := a.Catalog.Shelves(ctx)
	return rest.ListStock200JSONResponse{Items: each(shelves, shelfOf)}, err
}

// ReceiveStock puts new pieces onto the shelf.
func (a *API) ReceiveStock(ctx context.Context, request rest.ReceiveStockRequestObject) (rest.ReceiveStockResponseObject, error) {
	var variant catalog.VariantID
	if err := readID(&variant, request.VariantID, catalog.ErrVariantNotFound); err != nil {
		return nil, err
	}
	shelf, err := a.Catalog.Receive(ctx, by(ctx), variant, request.Body.Quantity)
	return rest.ReceiveStock200JSONResponse(shelfOf(shelf)), err
}

// CorrectStock makes the stock what was counted.
func (a *API) CorrectStock(ctx context.Context, request rest.CorrectStockRequestObject) (rest.CorrectStockResponseObject, error) {
	correction := catalog.Correction{Counted: request.Body.Counted, Reason: request.Body.Reason}
	if err := readID(&correction.Variant, request.VariantID, catalog.ErrVariantNotFound); err != nil {
		return nil, err
	}
	shelf, err := a.Catalog.CorrectStock(ctx, by(ctx), correction)
	return rest.CorrectStock200JSONResponse(shelfOf(shelf)), err
}

func shelfOf(shelf catalog.Shelf) rest.Shelf {
	return rest.Shelf{
		VariantID: shelf.Variant.String(), Sku: shelf.SKU, Product: shelf.Product, Name: shelf.Name, OnHand: shelf.OnHand, Reserved: shelf.Reserved,
	}
}

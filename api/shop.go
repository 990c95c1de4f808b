package api

import (
	"context"
	"time"

	"github.com/oapi-codegen/runtime/types"

	"tsukuriba/api/rest"
	"tsukuriba/internal/jst"
	"tsukuriba/orders"
)

// GetShop says who sells.
func (a *API) GetShop(ctx context.Context, _ rest.GetShopRequestObject) (rest.GetShopResponseObject, error) {
	seller, err := a.Orders.Seller(ctx)
	if err != nil {
		return nil, err
	}
	return rest.GetShop200JSONResponse{
		Name: seller.Name, NameEn: optional(seller.NameEn), Manager: seller.Manager, ManagerEn: optional(seller.ManagerEn),
		Address: seller.Address, AddressEn: optional(seller.AddressEn), Phone: seller.Phone, Hours: seller.Hours, HoursEn: optional(seller.HoursEn),
		Email: seller.Email, Registration: optional(seller.Registration),
	}, nil
}

// GetShopPage returns a page about the shop as plain text.
func (a *API) GetShopPage(ctx context.Context, request rest.GetShopPageRequestObject) (rest.GetShopPageResponseObject, error) {
	language := orders.Japanese
	if request.Params.Language != nil {
		language = orders.Language(*request.Params.Language)
	}
	page, err := a.Orders.ShopPage(ctx, orders.PageKey(request.PageKey), language, given(request.Params.At))
	if err != nil {
		return nil, err
	}
	return rest.GetShopPage200JSONResponse{
		Key: string(page.Key), Language: rest.ShopPageLanguage(language), Title: page.Title, Text: page.Body.Text(),
		ValidFrom: page.Since, ValidUntil: page.Until, Changed: page.Turns,
	}, nil
}

// ListSellerVersions lists who sold, sells and will sell.
func (a *API) ListSellerVersions(ctx context.Context, _ rest.ListSellerVersionsRequestObject) (rest.ListSellerVersionsResponseObject, error) {
	versions, err := a.sellerVersions(ctx)
	return rest.ListSellerVersions200JSONResponse(versions), err
}

// ReviseSeller says anew who sells.
func (a *API) ReviseSeller(ctx context.Context, request rest.ReviseSellerRequestObject) (rest.ReviseSellerResponseObject, error) {
	revision := revisionOf(request.Body.Version, request.Body.ValidFrom)
	if err := a.Orders.ReviseSeller(ctx, by(ctx), revision, readSeller(request.Body.Seller)); err != nil {
		return nil, err
	}
	versions, err := a.sellerVersions(ctx)
	return rest.ReviseSeller201JSONResponse(versions), err
}

// WithdrawSeller takes back particulars that have not begun.
func (a *API) WithdrawSeller(ctx context.Context, request rest.WithdrawSellerRequestObject) (rest.WithdrawSellerResponseObject, error) {
	if err := a.Orders.WithdrawSeller(ctx, by(ctx), request.Version); err != nil {
		return nil, err
	}
	versions, err := a.sellerVersions(ctx)
	return rest.WithdrawSeller200JSONResponse(versions), err
}

// ListPageVersions lists what a page said, says and will say.
func (a *API) ListPageVersions(ctx context.Context, request rest.ListPageVersionsRequestObject) (rest.ListPageVersionsResponseObject, error) {
	versions, err := a.pageVersions(ctx, request.PageKey)
	return rest.ListPageVersions200JSONResponse(versions), err
}

// RevisePage lets a page say something else.
func (a *API) RevisePage(ctx context.Context, request rest.RevisePageRequestObject) (rest.RevisePageResponseObject, error) {
	texts := orders.PageTexts{
		orders.Japanese: readText(request.Body.Texts.Ja), orders.Easy: readText(request.Body.Texts.Easy),
		orders.English: readText(request.Body.Texts.En),
	}
	revision := revisionOf(request.Body.Version, request.Body.ValidFrom)
	if err := a.Orders.RevisePage(ctx, by(ctx), orders.PageKey(request.PageKey), revision, texts); err != nil {
		return nil, err
	}
	versions, err := a.pageVersions(ctx, request.PageKey)
	return rest.RevisePage201JSONResponse(versions), err
}

// WithdrawPage takes back a version of a page that has not begun.
func (a *API) WithdrawPage(ctx context.Context, request rest.WithdrawPageRequestObject) (rest.WithdrawPageResponseObject, error) {
	if err := a.Orders.WithdrawPage(ctx, by(ctx), orders.PageKey(request.PageKey), request.Version); err != nil {
		return nil, err
	}
	versions, err := a.pageVersions(ctx, request.PageKey)
	return rest.WithdrawPage200JSONResponse(versions), err
}

func (a *API) sellerVersions(ctx context.Context) (rest.SellerVersionList, error) {
	versions, err := a.Orders.SellerVersions(ctx)
	return rest.SellerVersionList{Items: each(versions, func(v orders.Version[orders.Seller]) rest.SellerVersion {
		return rest.SellerVersion{
			Version: v.Number, ValidFrom: v.ValidFrom, ChangedAt: v.ChangedAt, ChangedBy: optional(v.ChangedBy), Season: rest.VersionSeason(v.When),
			Seller: sellerOf(v.Content),
		}
	})}, err
}

func (a *API) pageVersions(ctx context.Context, key string) (rest.PageVersionList, error) {
	versions, err := a.Orders.PageVersions(ctx, orders.PageKey(key))
	return rest.PageVersionList{Items: each(versions, func(v orders.Version[orders.PageTexts]) rest.PageVersion {
		return rest.PageVersion{
			Version: v.Number, ValidFrom: v.ValidFrom, ChangedAt: v.ChangedAt, ChangedBy: optional(v.ChangedBy), Season: rest.VersionSeason(v.When),
			Texts: rest.PageTexts{
				Ja: textOf(v.Content[orders.Japanese]), Easy: textOf(v.Content[orders.Easy]), En: textOf(v.Content[orders.English]),
			},
		}
	})}, err
}

// revisionOf reads after which version something is to hold, and from which day.
func revisionOf(version int, from *types.Date) orders.Revision {
	revision := orders.Revision{Base: version}
	if from != nil {
		year, month, day := from.Date()
		revision.From = new(time.Date(year, month, day, 0, 0, 0, 0, jst.Zone))
	}
	return revision
}

func readSeller(fields rest.SellerFields) orders.Seller {
	seller := orders.Seller{
		Name: fields.Name, NameEn: given(fields.NameEn), Manager: fields.Manager, ManagerEn: given(fields.ManagerEn),
		Address: fields.Address, AddressEn: given(fields.AddressEn), Phone: fields.Phone, Hours: fields.Hours, HoursEn: given(fields.HoursEn),
		Email: fields.Email, Registration: given(fields.Registration),
	}
	if fields.Bank != nil {
		bank := *fields.Bank
		seller.Bank = orders.BankAccount{Bank: bank.Bank, Branch: bank.Branch, Kind: bank.Kind, Number: bank.Number, Holder: bank.Holder}
	}
	return seller
}

func sellerOf(seller orders.Seller) rest.SellerFields {
	fields := rest.SellerFields{
		Name: seller.Name, NameEn: optional(seller.NameEn), Manager: seller.Manager, ManagerEn: optional(seller.ManagerEn),
		Address: seller.Address, AddressEn: optional(seller.AddressEn), Phone: seller.Phone, Hours: seller.Hours, HoursEn: optional(seller.HoursEn),
		Email: seller.Email, Registration: optional(seller.Registration),
	}
	if seller.Bank.Complete() {
		fields.Bank = new(bankOf(seller.Bank))
	}
	return fields
}

func readText(text rest.PageText) orders.PageText {
	return orders.PageText{Title: text.Title, Body: text.Body}
}

func textOf(text orders.PageText) rest.PageText {
	return rest.PageText{Title: text.Title, Body: text.Body}
}

func bankOf(bank orders.BankAccount) rest.BankAccount {
	return rest.BankAccount{Bank: bank.Bank, Branch: bank.Branch, Kind: bank.Kind, Number: bank.Number, Holder: bank.Holder}
}

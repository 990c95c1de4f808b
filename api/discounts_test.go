package api_test

import (
	"net/http"
	"strings"
	"testing"

	"tsukuriba/api"
	"tsukuriba/api/rest"
	"tsukuriba/catalog"
	"tsukuriba/fulfilment"
	"tsukuriba/internal/audit"
)

func TestDiscountsAndGifts(t *testing.T) {
	t.Parallel()
	h := open(t, api.Limits{})
	v, manager := h.visitor(), h.staff(fulfilment.Manager)
	h.staff(fulfilment.Instructor).refused(403, "forbidden", http.MethodGet, "/staff/discount-codes", nil)
	var made rest.DiscountCode
	manager.want(http.MethodPost, "/staff/discount-codes", rest.NewDiscountCode{Code: "Sakura10", Kind: "percent", Value: 10}, &made)
	manager.refused(422, "invalid_fields", http.MethodPost, "/staff/discount-codes", rest.NewDiscountCode{Code: "SAKURA 10", Kind: "yen", Value: 1})

	cart := v.cart("はると")
	v.refused(422, "invalid_fields", http.MethodPut, "/carts/"+cart.Token+"/discount-code", rest.DiscountCodeRequest{Code: "plum"})
	v.want(http.MethodPut, "/carts/"+cart.Token+"/discount-code", rest.DiscountCodeRequest{Code: "ｓａｋｕｒａ１０"}, &cart)
	if cart.DiscountYen != cart.GoodsYen/10 || *cart.DiscountCode != "Sakura10" {
		t.Errorf("%+v", cart)
	}
	gift := customer
	gift.GiftWrapping, gift.GiftMessage, gift.WithoutPrices = new(true), new("おめでとう🎂"), new(true)
	checkout := v.screen(cart, gift)
	if checkout.TotalYen != checkout.GoodsYen-checkout.DiscountYen+checkout.WrappingYen+checkout.ShippingYen || checkout.WrappingYen != 220 {
		t.Errorf("%+v", checkout)
	}
	var placed rest.PlacedOrder
	v.want(http.MethodPost, checkout.confirm, nil, &placed, idempotent("gift"))
	own := v.status(placed)
	if own.TotalYen != checkout.TotalYen || own.DiscountYen != checkout.DiscountYen || own.Lines[0].DiscountYen != checkout.DiscountYen {
		t.Errorf("%+v", own)
	}
	var ended rest.DiscountCode
	manager.want(http.MethodPost, "/staff/discount-codes/"+made.ID+"/end", nil, &ended)
	if ended.ValidUntil == nil || ended.Used != 1 {
		t.Errorf("%+v", ended)
	}
	v.refused(422, "invalid_fields", http.MethodPut, "/carts/"+v.cart("あき").Token+"/discount-code", rest.DiscountCodeRequest{Code: "sakura10"})
	var list rest.DiscountCodeList
	manager.want(http.MethodGet, "/staff/discount-codes", nil, &list)
	if len(list.Items) != 1 || list.Items[0].ID != made.ID {
		t.Errorf("%+v", list)
	}
	var without rest.Cart
	v.want(http.MethodDelete, "/carts/"+v.cart("なつ").Token+"/discount-code", nil, &without)
	if without.DiscountCode != nil || without.DiscountYen != 0 {
		t.Errorf("%+v", without)
	}
}

func TestClosedDays(t *testing.T) {
	t.Parallel()
	h := open(t, api.Limits{})
	manager := h.staff(fulfilment.Manager)
	h.staff(fulfilment.ShippingStaff).refused(403, "forbidden", http.MethodDelete, "/staff/closed-days/2030-05-01", nil)
	var days rest.ClosedDayList
	manager.want(http.MethodPost, "/staff/closed-days", map[string]string{"day": "2030-05-01", "name": "棚おろし"}, &days)
	closed := len(days.Items)
	manager.want(http.MethodDelete, "/staff/closed-days/2030-05-01", nil, &days)
	if len(days.Items) != closed-1 {
		t.Errorf("%d days, then %d", closed, len(days.Items))
	}
	manager.refused(422, "invalid_fields", http.MethodPost, "/staff/closed-days", map[string]string{"day": "2020-05-01", "name": "昔"})
}

func TestDownloads(t *testing.T) {
	t.Parallel()
	h := open(t, api.Limits{})
	v := h.visitor()
	ctx, by := t.Context(), audit.Actor{Role: audit.System}
	pattern := catalog.Product{
		Slug: "pattern", Name: "型紙", NameEn: "Pattern", Kind: catalog.Digital, State: catalog.Draft, Price: 500, TaxRate: 10,
		Variants: []catalog.Variant{{SKU: "pattern", Price: 500}},
	}
	_, err := h.catalog.SaveProduct(ctx, by, pattern)
	must(t, err)
	must(t, h.catalog.AttachFile(ctx, by, "pattern", catalog.File{Name: "型紙.stl", Content: []byte("solid a\nfacet normal 0 0 1\nendsolid a")}))
	pattern.State = catalog.Published
	saved, err := h.catalog.SaveProduct(ctx, by, pattern)
	must(t, err)

	var cart rest.Cart
	v.want(http.MethodPost, "/carts", nil, &cart)
	v.want(http.MethodPost, "/carts/"+cart.Token+"/lines", rest.CartLineRequest{VariantID: saved.Variants[0].ID.String(), Quantity: 1}, &cart)
	checkout := v.screen(cart, rest.CheckoutRequest{Name: "はると", Email: "haru@example.jp", PaymentMethod: "card", Language: new("en")})
	var placed rest.PlacedOrder
	v.want(http.MethodPost, checkout.confirm, nil, &placed, idempotent("pattern"))
	must(t, h.stripe.PayCard(placed.PayURL[strings.LastIndex(placed.PayURL, "/")+1:]))
	h.settle()
	if own := v.status(placed); own.Status != "delivered" || own.Lines[0].Title != "Pattern" {
		t.Errorf("%+v", own)
	}
	var downloads rest.DownloadList
	v.want(http.MethodGet, "/orders/"+placed.Token+"/downloads", nil, &downloads)
	got := v.ask(http.MethodPost, "/downloads/"+downloads.Items[0].Token, nil)
	if got.status != 200 || !strings.HasPrefix(string(got.body), "solid a\nfacet") || got.header.Get("Content-Disposition") == "" {
		t.Errorf("%d %q %v", got.status, got.body, got.header)
	}
	v.refused(404, "download_not_found", http.MethodPost, "/downloads/"+placed.Token, nil)
}

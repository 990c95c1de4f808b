package pagetest_test

import (
	"net/http"
	"net/url"
	"testing"

	"tsukuriba/catalog"
	"tsukuriba/orders"
)

// lookAtShop looks at the pages of customers in each of their languages.
func lookAtShop(t *testing.T, e *eye) {
	h := open(t, "", onTuesday)
	links := h.orderedInEveryState()
	for name, failure := range failures {
		e.sees("shop-"+name, h.visitor().failed(failure))
	}
	for _, language := range []string{"ja", "easy", "en"} {
		v := h.visitor()
		v.get("/?lang=" + language)
		say := func(name string) string { return name + "-" + language }
		for name, address := range map[string]string{
			"home": "/", "products": "/products", "products-none": "/products?q=" + url.QueryEscape("ない"), "search": "/search",
			"search-found": "/search?q=" + url.QueryEscape("札"), "product": "/products/name-tag", "product-shelf": "/products/halloween-2026",
			"product-file": "/products/pattern", "collections": "/collections", "collection": "/collections/winter-gifts-2026",
			"collection-over": "/collections/halloween-2026", "studio": "/products/name-tag/studio", "studio-pumpkin": "/products/spinning-pumpkin/studio",
			"cart-empty": "/cart", "about": "/about", "accessibility": "/accessibility", "privacy": "/privacy", "shipping": "/shipping", "returns": "/returns", "legal": "/legal",
			"contact": "/contact", "lookup": "/orders", "lookup-sent": "/orders?sent=1",
		} {
			e.at(say("shop-"+name), v, address)
		}
		for name, address := range links {
			e.at(say("shop-"+name), v, address)
		}
		e.sees(say("shop-nowhere"), v.get("/nowhere").is(http.StatusNotFound))
		e.sees(say("shop-lookup-refused"), v.post("/orders", "email", "x").is(http.StatusUnprocessableEntity))
		e.sees(say("shop-studio-refused"), v.post("/products/name-tag/studio", "text", "さくら😀").is(http.StatusUnprocessableEntity))
		lookAtBuying(e, v, say)
	}
}

// lookAtBuying goes from a full cart to the confirmation, and asks for a quotation there.
func lookAtBuying(e *eye, v *visitor, say func(string) string) {
	v.fillCart("はると", "髙﨑 美桜")
	e.at(say("shop-cart"), v, "/cart")
	e.sees(say("shop-cart-refused"), v.post("/cart/discount-code", "code", "NONE"))
	e.at(say("shop-checkout"), v, "/checkout")
	e.sees(say("shop-checkout-refused"), v.post("/checkout", "postal_code", "1").is(http.StatusUnprocessableEntity))
	e.sees(say("shop-checkout-places"), v.post("/checkout", "postal_code", "4980000", "do", "postal").is(http.StatusUnprocessableEntity))
	confirmed := v.post(
		"/checkout", "name", haru.Name, "email", haru.Email, "phone", haru.Phone, "postal_code", haru.PostalCode, "prefecture", haru.Prefecture,
		"city", haru.City, "street", haru.Street, "company", "株式会社ひかり", "shipping_method", "click-post", "payment_method", "invoice",
		"gift_message", "おたんじょうび\nおめでとう",
	).is(http.StatusOK)
	e.sees(say("shop-confirm"), confirmed)
	e.sees(say("shop-quotation"), v.post("/checkout/quotation", "checkout", v.cookies("/")["tsukuriba_checkout"]).is(http.StatusOK))
}

// fillCart puts a tag of each text into the visitor's cart.
func (v *visitor) fillCart(texts ...string) {
	v.t.Helper()
	home, err := url.Parse(v.url)
	must(v.t, err)
	v.client.Jar.SetCookies(home, []*http.Cookie{{Name: "tsukuriba_cart", Value: v.cart(1, texts...), Path: "/"}})
}

// orderedInEveryState places orders that stand differently, and returns the addresses of their pages.
func (h *house) orderedInEveryState() map[string]string {
	office := h.staff("manager")
	approve := func(order orders.Order) {
		office.post("/staff/orders/" + order.ID.String() + "/approve").is(http.StatusOK)
		h.settle()
	}
	links := map[string]string{}
	keep := func(name string) { links[name] = "/orders/" + h.link }

	h.place(orders.CheckoutForm{Shipping: "click-post", Method: orders.Card, Contact: haru}, 1, "はるか")
	keep("order-unpaid")
	h.order(2, "はると")
	keep("order")
	links["cancel"] = links["order"] + "/cancel"
	approve(h.place(orders.CheckoutForm{Shipping: "click-post", Method: orders.Konbini, Contact: haru}, 1, "ゆずき"))
	keep("order-konbini")
	approve(h.company("ひかり"))
	keep("order-invoice")
	h.order(1, "そら")
	keep("order-canceled")
	_, err := h.orders.CancelByCustomer(h.t.Context(), h.link)
	must(h.t, err)
	sent := h.paidOrder(office)
	keep("order-sent")
	h.send(sent.ID)
	links["claim"], links["thanks"] = links["order-sent"]+"/claim", links["order-sent"]+"/thanks"
	h.downloaded()
	keep("order-file")
	return links
}

// downloaded buys a file.
func (h *house) downloaded() {
	ctx := h.t.Context()
	product := h.pattern()
	shown, err := h.catalog.Product(ctx, "name-tag")
	must(h.t, err)
	product.Sample = shown.Sample
	must(h.t, h.catalog.AttachFile(ctx, system, product.Slug, catalog.File{Name: "a.stl", Content: []byte("solid a\nfacet normal 0 0 1\nendsolid a")}))
	product.State = catalog.Published
	product, err = h.catalog.SaveProduct(ctx, system, product)
	must(h.t, err)
	cart, err := h.orders.NewCart(ctx)
	must(h.t, err)
	_, err = h.orders.AddLine(ctx, cart, orders.LineRequest{Variant: product.Variants[0].ID, Quantity: 1})
	must(h.t, err)
	order := h.confirm(orders.CheckoutForm{Method: orders.Card, Contact: orders.Contact{Name: haru.Name, Email: haru.Email, Phone: haru.Phone}}, cart)
	must(h.t, h.stripe.PayCard(order.Payments[0].SessionID))
	h.settle()
}

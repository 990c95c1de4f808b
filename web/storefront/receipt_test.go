package storefront_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"tsukuriba/orders"
)

// paid is an order of something from the shelf that is paid by card, and its page.
func (s *shop) paid() (address string) {
	s.t.Helper()
	ctx := s.t.Context()
	product := must(s.catalog.Product(ctx, "halloween-2026"))(s.t)
	cart := must(s.orders.NewCart(ctx))(s.t)
	must(s.orders.AddLine(ctx, cart, orders.LineRequest{Variant: product.Variants[0].ID, Quantity: 1}))(s.t)
	form := orders.CheckoutForm{Shipping: "click-post", Method: orders.Card, Contact: orders.Contact{
		Name: "神田 はると", Email: "haru@example.jp", Phone: "09012345678", PostalCode: "0640941", Prefecture: "北海道", City: "札幌市", Street: "1-2-3",
	}}
	checkout := must(s.orders.PrepareCheckout(ctx, cart, form))(s.t)
	placed := must(s.orders.Confirm(ctx, checkout.Key()))(s.t)
	found := must(s.orders.Order(ctx, placed.Order.ID))(s.t)
	if err := s.stripe.PayCard(found.Payments[0].SessionID); err != nil {
		s.t.Fatal(err)
	}
	must(s.orders.Refresh(ctx, placed.LinkToken))(s.t)
	if err := s.orders.CaptureApproved(ctx, orders.TextApproved{OrderID: found.ID}); err != nil {
		s.t.Fatal(err)
	}
	return "/orders/" + placed.LinkToken
}

func TestReceipt(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	v := s.visitor()
	address := s.paid()
	asked := v.open(address).says("領収書", "宛名は、発行するときに一度だけ決められます")
	long := v.submit(asked, address+"/receipt", url.Values{"addressee": {strings.Repeat("長", 121)}})
	long.is(http.StatusUnprocessableEntity).says("長すぎます")
	if got := long.form(address + "/receipt").Get("addressee"); !strings.HasPrefix(got, "長") {
		t.Error("what was typed is lost")
	}
	issued := v.follow(v.submit(asked, address+"/receipt", url.Values{"addressee": {"株式会社 𠮷田"}, "honorific": {"御中"}}))
	issued.says("領収書 R2026-000001（PDF）")
	if strings.Contains(issued.text(), "宛名") {
		t.Error("the addressee is asked for again")
	}
	_, file, _ := strings.Cut(issued.body, `href="`+address+`/documents/`)
	file, _, _ = strings.Cut(file, `"`)
	if got := v.get(address + "/documents/" + file).is(http.StatusOK); !strings.HasPrefix(got.body, "%PDF-") {
		t.Errorf("the receipt is %.20s", got.body)
	}
	v.get(s.paid() + "/documents/" + file).is(http.StatusNotFound)
	v.get(address + "/documents/doc_x").is(http.StatusNotFound)
}

func TestReceiptInEveryLanguage(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	address := s.paid()
	for language, words := range map[string]string{"ja": "領収書を発行する", "easy": "領収書を 出す", "en": "Issue the receipt"} {
		s.visitor().open(address + "?lang=" + language).says(words)
	}
}

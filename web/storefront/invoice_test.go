package storefront_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"tsukuriba/internal/audit"
	"tsukuriba/orders"
)

// ask fills the address form of a cart with two things from the shelf.
func (v *visitor) ask(method orders.Method, company string) page {
	v.t.Helper()
	ctx := v.t.Context()
	product := must(v.shop.catalog.Product(ctx, "halloween-2026"))(v.t)
	v.submit(v.open("/products/halloween-2026"), "/cart/lines", url.Values{"variant": {product.Variants[0].ID.String()}, "quantity": {"2"}})
	return v.submit(v.open("/checkout"), "/checkout", url.Values{
		"name": {"神田 はると"}, "email": {"haru@example.jp"}, "phone": {"09012345678"}, "postal_code": {"0640941"}, "prefecture": {"北海道"},
		"city": {"札幌市"}, "street": {"1-2-3"}, "company": {company}, "shipping_method": {"click-post"}, "payment_method": {string(method)},
	})
}

func TestOrderByInvoice(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	v := s.visitor()
	v.ask(orders.ByInvoice, "").is(http.StatusUnprocessableEntity).says("会社・団体名を入れた方だけが選べます")
	confirm := v.follow(v.ask(orders.ByInvoice, "株式会社ひかり")).says("銀行振込(請求書払い・前払い)", "注文しないで見積書を受け取る")
	placed := v.submit(confirm, "/checkout/confirm", nil)
	address := placed.location
	v.open(address).says("請求書とお振込先をメールで", "銀行振込（請求書払い）")
	order := must(s.orders.ByLink(t.Context(), strings.TrimPrefix(address, "/orders/")))(t)
	must(s.orders.Approve(t.Context(), audit.Actor{Role: audit.System}, order.ID))(t)
	for language, words := range map[string][]string{
		"ja":   {"お振り込みください", "お振込先", "みほん銀行 本店営業部 普通 0123456", "ツクリバ", "請求書 S2"},
		"easy": {"お金を 送って ください", "お金を 送る ところ", "0123456"},
		"en":   {"Please transfer by", "Bank account", "0123456", "Invoice S2"},
	} {
		s.visitor().open(address + "?lang=" + language).says(words...).says(order.Total.String())
	}
	_, file, _ := strings.Cut(v.open(address).body, `href="`+address+`/documents/`)
	file, _, _ = strings.Cut(file, `"`)
	if got := v.get(address + "/documents/" + file).is(http.StatusOK); !strings.HasPrefix(got.body, "%PDF-") {
		t.Errorf("the invoice is %.20s", got.body)
	}
	v.get(s.paid() + "/documents/" + file).is(http.StatusNotFound)
	v.open("/legal").says("請求書払い")
}

func TestQuotationPage(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	v := s.visitor()
	if alone := v.follow(v.ask(orders.Card, "")); strings.Contains(alone.text(), "見積書を受け取る") {
		t.Error("a person is offered a quotation")
	}
	confirm := v.follow(v.ask(orders.Card, "株式会社ひかり"))
	address := v.submit(confirm, "/checkout/quotation", nil).location
	shown := s.visitor().open(address).says("お見積もり Q2", "見積書 Q2", "この金額でご注文いただけます", "ご注文の日から", "注文を確定する", "株式会社ひかり")
	if strings.Contains(shown.text(), "変更する") {
		t.Error("what was quoted can be changed")
	}
	for language, word := range map[string]string{"easy": "この お金で 注文できます", "en": "You can order at these prices until"} {
		s.visitor().open(address + "?lang=" + language).says(word)
	}
	if got := s.visitor().get(address + "/file.pdf").is(http.StatusOK); !strings.HasPrefix(got.body, "%PDF-") {
		t.Errorf("the quotation is %.20s", got.body)
	}
	s.visitor().get(address + "x").is(http.StatusNotFound)
	s.visitor().get(address[:len(address)-1] + "/file.pdf").is(http.StatusNotFound)

	must(s.db.Exec(`UPDATE variants SET on_hand = reserved`))(t)
	buyer := s.visitor()
	buyer.submit(buyer.open(address), strings.TrimPrefix(address, s.url)+"/confirm", nil).is(http.StatusUnprocessableEntity).says("在庫が足りません", "残りは 0 個")
	must(s.db.Exec(`UPDATE variants SET on_hand = reserved + 5`))(t)
	ordered := buyer.submit(buyer.open(address), strings.TrimPrefix(address, s.url)+"/confirm", nil)
	if !strings.Contains(ordered.location, "/pay/") && !strings.Contains(ordered.location, "/orders/") {
		t.Errorf("it leads to %s", ordered.location)
	}
	s.visitor().open(address).says("このお見積もりは、ご注文になりました", "ご注文のページを開く")
}

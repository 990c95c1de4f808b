package storefront_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"tsukuriba/internal/audit"
	"tsukuriba/orders"
)

// kanda is a customer whose name has U+FA19 in it, which no normalization may touch.
const kanda = "\uFA19田 はると"

func address() url.Values {
	return url.Values{
		"name": {kanda}, "email": {"haru@example.jp"}, "phone": {"０９０-1234-5678"}, "postal_code": {"〒064－0941"},
		"prefecture": {"北海道"}, "city": {"札幌市中央区"}, "street": {"旭ケ丘1-2-3"}, "shipping_method": {"click-post"}, "payment_method": {"card"},
	}
}

// fill puts a tag into the visitor's cart and goes to the confirmation.
func (v *visitor) fill(text string, contact url.Values) page {
	v.t.Helper()
	studio := v.open("/products/name-tag/studio")
	v.follow(v.submit(studio, "/products/name-tag/studio", url.Values{"text": {text}, "do": {"cart"}}))
	return v.follow(v.submit(v.open("/checkout"), "/checkout", contact))
}

func TestPurchaseWithoutScript(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	v := s.visitor()

	v.open("/").says("名前から、", "なまえタグ", "冬の おくりもの")
	product := v.open("/products/name-tag").says("¥1,100", "税込", "返品", "文字を入れてつくる")
	if !strings.Contains(product.body, `"@type":"Product"`) {
		t.Error("the product page has no linked data")
	}
	studio := v.open("/products/name-tag/studio").says("書体", "台の色", "見本を見る")
	proof := v.follow(v.submit(studio, "/products/name-tag/studio", url.Values{
		"text": {"\uFA19田"}, "font": {"noto-sans-jp-bold"}, "size": {"large"}, "do": {"preview"},
	}))
	proof.says("できあがりの見本", "¥1,320", "mm")
	if got := proof.form("/products/name-tag/studio"); got.Get("text") != "\uFA19田" || got.Get("size") != "large" {
		t.Errorf("the proof's form has forgotten the answers: %v", got)
	}
	cart := v.follow(v.submit(proof, "/products/name-tag/studio", url.Values{"do": {"cart"}})).says("\uFA19田", "¥1,320")
	cart.says("カートに1点")

	form := v.open("/checkout").says("いちばん安い", "7-Elevenでは使えません", "ファミリーマート")
	if got := form.form("/checkout").Get("shipping_method"); got != "click-post" {
		t.Errorf("%s is chosen at first, want the cheapest", got)
	}
	confirm := v.follow(v.submit(form, "/checkout", address()))
	confirm.says("まだ注文は確定していません", "注文を確定する", kanda, "¥1,505", "お支払い総額", "お届けの時期", "キャンセル・返品", "〒064-0941")
	confirm.canBeCorrected(map[string]string{
		"お届け先": "/checkout#name", "数量": "/cart", "お支払い総額": "/checkout#shipping_method-0",
		"お支払いの時期と方法": "/checkout#payment_method-0", "お届けの時期": "/checkout#shipping_method-0",
	})
	placed := v.submit(confirm, "/checkout/confirm", nil).is(http.StatusSeeOther)
	if !strings.HasPrefix(placed.location, s.stripe.URL()) {
		t.Fatalf("confirming leads to %s, not to the payment page", placed.location)
	}
	back := v.post(placed.location, url.Values{"pay": {"card"}}).is(http.StatusSeeOther)
	order := v.follow(back).says("ご注文 2026-000001", "確認中", "\uFA19田", "カードの利用枠を確保しました", "発送の予定")
	if strings.Contains(order.body, "haru@example.jp") || strings.Contains(order.body, kanda) {
		t.Error("the order page shows name or address")
	}
	v.open("/cart").says("カートは空です")

	secret := strings.Split(strings.TrimPrefix(back.location, s.url), "?")[0]
	asked := v.open(secret + "/cancel").says("この注文をキャンセルしますか")
	v.follow(v.submit(asked, secret+"/cancelation", nil)).says("このご注文はキャンセルされました")
}

// canBeCorrected fails unless just these parts of the confirmation lead to where they are decided.
func (p page) canBeCorrected(want map[string]string) {
	p.t.Helper()
	got := map[string]string{}
	for node := range p.root.Descendants() {
		if part, found := strings.CutSuffix(attribute(node, "aria-label"), "を変更する"); found {
			got[part] = attribute(node, "href")
		}
	}
	if !maps.Equal(got, want) {
		p.t.Errorf("corrections lead to %v, want %v", got, want)
	}
}

func TestPayLater(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	v := s.visitor()
	placed := v.submit(v.fill("はると", address()), "/checkout/confirm", nil).is(http.StatusSeeOther)
	unpaid := must(s.orders.Orders(t.Context(), orders.OrderQuery{}))(t)
	if len(unpaid.Items) != 1 {
		t.Fatalf("%d orders", len(unpaid.Items))
	}
	declined := v.open(placed.location)
	cancel := declined.link("支払わずにお店へ戻る")
	order := v.open(cancel).says("お支払いがまだです", "受付")
	secret, _, _ := strings.Cut(strings.TrimPrefix(cancel, s.url), "?")
	again := v.submit(order, secret+"/payment", nil).is(http.StatusSeeOther)
	if again.location != placed.location {
		t.Errorf("paying again leads to %s, want the open page %s", again.location, placed.location)
	}
}

func TestKonbiniWaitsForTheText(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	v := s.visitor()
	contact := address()
	contact.Set("payment_method", "konbini")
	confirm := v.fill("さくら", contact).says("セブン-イレブンでは使えません")
	waiting := v.follow(v.submit(confirm, "/checkout/confirm", nil)).says("お支払いのご案内をメールでお送りします").standsAt("確認中")

	placed := must(s.orders.Orders(t.Context(), orders.OrderQuery{}))(t).Items[0]
	must(s.orders.Approve(t.Context(), audit.Actor{Role: audit.System}, placed.ID))(t)
	secret := strings.TrimPrefix(waiting.address, s.url)
	order := v.open(secret).standsAt("確認中").says("お支払いをお待ちしています", "お支払い番号を受け取る", "セイコーマート", "7-Elevenでは使えません")
	till := v.submit(order, secret+"/payment", nil).is(http.StatusSeeOther)
	v.post(till.location, url.Values{"pay": {"konbini"}}).is(http.StatusSeeOther)
	v.open(secret+"?returned=paid").standsAt("確認中").says("までに、ファミリーマート", "お支払い番号を見る")
}

// standsAt fails unless the order's page marks this step as the present one.
func (p page) standsAt(step string) page {
	p.t.Helper()
	for node := range p.root.Descendants() {
		if attribute(node, "aria-current") == "step" {
			if got := (page{root: node}).text(); !strings.Contains(got, step) {
				p.t.Errorf("the order stands at %q, want %q", got, step)
			}
			return p
		}
	}
	p.t.Errorf("%s marks no step", p.address)
	return p
}

func TestRefusedFormsStayFilled(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	v := s.visitor()
	studio := v.open("/products/name-tag/studio")
	for text, words := range map[string]string{
		"": "文字を入れてください", "　 ": "文字を入れてください", "はると😀": "😀", "あ\u200Bい": "見えない", strings.Repeat("あ", 200): "文字まで入れられます",
		"abc\x00": "見えない", "死・ね": "おつくりしていません",
	} {
		answer := v.submit(studio, "/products/name-tag/studio", url.Values{"text": {text}, "base_color": {"ai"}, "do": {"preview"}})
		answer.is(http.StatusUnprocessableEntity).says(words)
		if got := answer.form("/products/name-tag/studio"); got.Get("base_color") != "ai" || text != "abc\x00" && got.Get("text") != text {
			t.Errorf("the form has forgotten %q: %v", text, got)
		}
	}
	v.follow(v.submit(studio, "/products/name-tag/studio", url.Values{"text": {"はると"}, "do": {"cart"}}))
	contact := address()
	contact.Set("email", "haru")
	contact.Set("street", "")
	contact.Set("postal_code", "94103")
	contact.Set("phone", "+1 415 555 0100")
	answer := v.post("/checkout", contact).is(http.StatusUnprocessableEntity).says("入力内容をご確認ください", "番地")
	answer.says("name@example.jp のような形", "10桁か11桁の、日本の電話番号", "お送りできるのは日本国内です")
	if got := answer.form("/checkout"); got.Get("name") != kanda || got.Get("email") != "haru" || got.Get("shipping_method") != "click-post" {
		t.Errorf("the address form has forgotten: %v", got)
	}
}

func TestFontThatCanDrawTheTextIsNamed(t *testing.T) {
	t.Parallel()
	v := newShop(t).visitor()
	studio := v.open("/products/name-tag/studio")
	answer := v.submit(studio, "/products/name-tag/studio", url.Values{"text": {"\uFA19田"}, "do": {"cart"}}).is(http.StatusUnprocessableEntity)
	if answer.says("次の書体なら作れます: 角ゴシック（太）"); strings.Contains(answer.text(), "noto-sans-jp-bold") {
		t.Error("a customer reads the key of a font")
	}
	v.follow(v.submit(answer, "/products/name-tag/studio", url.Values{"font": {"noto-sans-jp-bold"}, "do": {"cart"}})).says("\uFA19田")
}

func TestPostalCodeWithoutScript(t *testing.T) {
	t.Parallel()
	v := newShop(t).visitor()
	v.follow(v.submit(v.open("/products/name-tag/studio"), "/products/name-tag/studio", url.Values{"text": {"はると"}, "do": {"cart"}}))
	form := v.open("/checkout")
	press := func(code, place string) page {
		return v.submit(form, "/checkout", url.Values{"postal_code": {code}, "name": {kanda}, "place": {place}, "do": {"postal"}}).is(http.StatusUnprocessableEntity)
	}
	t.Run("one place", func(t *testing.T) {
		got := press("０６４－０９４１", "").form("/checkout")
		if got.Get("prefecture") != "北海道" || got.Get("city") != "札幌市中央区" || got.Get("name") != kanda {
			t.Errorf("filled %v", got)
		}
	})
	t.Run("two prefectures are a choice", func(t *testing.T) {
		choice := press("498-0000", "").says("愛知県", "三重県", "二つ以上")
		place := choice.value("place", "三重県")
		if got := press("498-0000", place).form("/checkout"); got.Get("prefecture") != "三重県" {
			t.Errorf("filled %v", got)
		}
	})
	t.Run("a company's own code is written by hand", func(t *testing.T) {
		press("100-8901", "").says("直接お書きください")
	})
}

// With script, the prices follow the prefecture, the way and the wrapping at once; what is chosen stays chosen.
func TestCheckoutIsPricedAnew(t *testing.T) {
	t.Parallel()
	v := newShop(t).visitor()
	v.follow(v.submit(v.open("/products/halloween-2026"), "/cart/lines", url.Values{"quantity": {"2"}}))
	form := v.open("/checkout").says("¥820から", "¥1,505", "送料 ¥185")
	if !strings.Contains(form.body, `hx-post="/checkout/price"`) {
		t.Error("the form does not ask for prices")
	}
	chosen := url.Values{"shipping_method": {"yu-pack-60"}, "payment_method": {"konbini"}, "name": {kanda}}
	for _, c := range []struct{ prefecture, wrapping, postage, total string }{
		{"", "", "¥820から", "¥2,140から"},
		{"京都府", "", "¥990", "¥2,310"},
		{"沖縄県", "", "¥1,450", "¥2,770"},
		{"沖縄県", "1", "ギフト包装 ¥220", "¥2,990"},
	} {
		chosen.Set("prefecture", c.prefecture)
		chosen.Set("gift_wrapping", c.wrapping)
		priced := v.post("/checkout/price", chosen).is(http.StatusOK).says(c.postage, c.total)
		if got := valuesOf(priced.root); got.Get("shipping_method") != "yu-pack-60" || got.Get("payment_method") != "konbini" {
			t.Errorf("%s: chosen is now %v", c.prefecture, got)
		}
		if strings.Contains(priced.body, kanda) {
			t.Error("the name is sent back")
		}
	}
	if gone := v.shop.visitor().post("/checkout/price", chosen); gone.header.Get("HX-Redirect") != "/cart" {
		t.Errorf("without a cart the browser is sent to %q", gone.header.Get("HX-Redirect"))
	}
}

func TestCart(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	v := s.visitor()
	v.open("/cart").says("カートは空です")
	shelf := v.open("/products/halloween-2026").says("柿に 墨の文字", "残り12点")
	cart := v.follow(v.submit(shelf, "/cart/lines", url.Values{"quantity": {"２"}})).says("¥1,320")
	line := cart.actionWith("/cart/lines/")
	v.follow(v.post(line, url.Values{"quantity": {"3"}})).says("¥1,980", "カートに3点")
	for _, typed := range []string{"-1", "0", "100", "いくつか", "99999999999999999999"} {
		v.post(line, url.Values{"quantity": {typed}}).is(http.StatusUnprocessableEntity).says("1から99まで")
	}
	v.follow(v.post(line+"/removal", nil)).says("カートは空です")
	v.follow(v.post(line+"/removal", nil))
}

func TestCartSaysWhatIsLeft(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	v := s.visitor()
	shelf := v.open("/products/halloween-2026")
	cart := v.follow(v.submit(shelf, "/cart/lines", url.Values{"quantity": {"13"}})).says("残り12点です。数量を減らしてください")
	v.follow(v.post(cart.actionWith("/cart/lines/"), url.Values{"quantity": {"12"}}))
	if strings.Contains(v.open("/cart").text(), "数量を減らしてください") {
		t.Error("enough is still too little")
	}
	v.open("/cart?lang=en").says("Halloween tag 2026 ink on persimmon")
}

func TestDiscountAndGiftWithoutScript(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	_, err := s.orders.MakeCode(t.Context(), audit.Actor{Role: audit.System}, orders.NewCode{Code: "SAKURA", Kind: orders.YenOff, Value: 500})
	if err != nil {
		t.Fatal(err)
	}
	v := s.visitor()
	shelf := v.open("/products/halloween-2026")
	v.follow(v.submit(shelf, "/cart/lines", url.Values{"quantity": {"2"}}))
	v.post("/cart/discount-code", url.Values{"code": {"うめ"}}).is(http.StatusUnprocessableEntity).says("この割引コードは見つかりません", "¥1,320")
	v.follow(v.post("/cart/discount-code", url.Values{"code": {"ｓａｋｕｒａ"}})).says("割引（SAKURA）", "−¥500", "¥820")
	contact := address()
	contact.Set("gift_wrapping", "1")
	contact.Set("gift_message", "おめでとう🎂\r\n母より")
	contact.Set("without_prices", "1")
	contact.Set("company", "㈱つくる")
	contact.Set("shipping_method", "yu-pack-60")
	contact.Set("prefecture", "沖縄県")
	form := v.open("/checkout").says("ギフト包装にする（¥220）", "¥820から", "割引（SAKURA）")
	confirm := v.follow(v.submit(form, "/checkout", contact))
	confirm.says("割引(SAKURA) −¥500", "ギフト包装 ¥220", "¥1,450", "¥2,490", "おめでとう🎂", "母より", "㈱つくる")
	page := v.open("/checkout").says("おめでとう🎂", "母より")
	if again := page.form("/checkout"); again.Get("gift_wrapping") == "" || again.Get("company") != "㈱つくる" {
		t.Errorf("the form has forgotten: %v", again)
	}
	contact.Set("gift_message", "abc\u202Edef")
	v.submit(v.open("/checkout"), "/checkout", contact).is(http.StatusUnprocessableEntity).says("カードに書くことば")
	v.follow(v.post("/cart/discount-code", url.Values{"do": {"remove"}})).says("¥1,320")
	v.submit(confirm, "/checkout/confirm", nil).is(http.StatusUnprocessableEntity).says("カートの内容が変わりました", "おめでとう🎂")
}

// A way to pay that takes no such amount says so and cannot be chosen; nothing to pay asks for none.
func TestWaysToPayFollowTheAmount(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	_, err := s.orders.MakeCode(t.Context(), audit.Actor{Role: audit.System}, orders.NewCode{Code: "FREE", Kind: orders.PercentOff, Value: 100})
	if err != nil {
		t.Fatal(err)
	}
	v := s.visitor()
	shelf := v.open("/products/halloween-2026")
	v.follow(v.submit(shelf, "/cart/lines", url.Values{"quantity": {"2"}}))
	v.follow(v.post("/cart/discount-code", url.Values{"code": {"free"}}))
	contact := address()
	contact.Set("shipping_method", "pickup")
	contact.Del("payment_method")
	confirm := v.follow(v.submit(v.open("/checkout").says("お支払いなしでご注文できます"), "/checkout", contact))
	order := v.follow(v.submit(confirm.says("お支払いはありません", "¥0"), "/checkout/confirm", nil))
	order.says("割引（FREE）", "お支払いはありません")

	many := s.visitor()
	for _, text := range []string{"図工室", "音楽室"} {
		studio := many.open("/products/door-plate/studio")
		many.follow(many.submit(studio, "/products/door-plate/studio", url.Values{"text": {text}, "do": {"cart"}}))
	}
	for _, line := range cartLines.FindAllString(many.open("/cart").body, -1) {
		many.follow(many.post(line, url.Values{"quantity": {"99"}}))
	}
	page := many.open("/checkout").says("この金額では使えません（¥120から¥300,000まで）")
	if strings.Count(page.body, "disabled") != 1 {
		t.Error("the konbini can be chosen")
	}
	contact.Set("payment_method", "konbini")
	many.submit(page, "/checkout", contact).is(http.StatusUnprocessableEntity).says("この金額では選べないお支払い方法です")
}

var cartLines = regexp.MustCompile(`/cart/lines/cln_[0-9a-z]+`)

func TestSoldOutBetweenConfirmationAndOrder(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	first, second := s.visitor(), s.visitor()
	var confirmations []page
	for _, v := range []*visitor{first, second} {
		shelf := v.open("/products/halloween-2026")
		v.follow(v.submit(shelf, "/cart/lines", url.Values{"quantity": {"8"}}))
		contact := address()
		contact.Set("shipping_method", "pickup")
		confirmations = append(confirmations, v.follow(v.submit(v.open("/checkout"), "/checkout", contact)))
	}
	first.submit(confirmations[0], "/checkout/confirm", nil).is(http.StatusSeeOther)
	second.submit(confirmations[1], "/checkout/confirm", nil).is(http.StatusUnprocessableEntity).says("残り4点になりました", "注文を確定する")
}

func TestSearch(t *testing.T) {
	t.Parallel()
	v := newShop(t).visitor()
	v.open("/products?q="+url.QueryEscape("ﾄﾞｱ")).says("ドアプレート", "検索結果")
	v.open("/search?q="+url.QueryEscape("札")).says("迷子札", "かばんの名札")
	v.open("/products?q="+url.QueryEscape("ない品物")).says("見つかりませんでした", "すべての商品を見る")
	if v.open("/products?q=%3Cscript%3Ealert%281%29").says("見つかりません"); strings.Contains(v.open("/products?q=%3Cscript%3Ealert%281%29").body, "<script>alert") {
		t.Error("the query is not escaped")
	}
}

func TestLanguages(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	for lang, words := range map[string][2]string{
		"ja": {"いつもの品", "カートに入れる"}, "easy": {"いつもの もの", "かごに 入れる"}, "en": {"All year round", "Add to cart"},
	} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			v := s.visitor()
			v.t = t
			v.open("/?lang=" + lang).says(words[0])
			v.open("/products/name-tag/studio").says(words[1])
			for _, path := range paths {
				v.open(path)
			}
			confirm := v.fill("Haru", address())
			if lang == "en" {
				confirm.says("Place the order", "Total price", "Click Post")
			}
			order := v.submit(confirm, "/checkout/confirm", nil).is(http.StatusSeeOther)
			v.follow(v.post(order.location, url.Values{"pay": {"card"}}))
		})
	}
}

// paths are the pages that need nothing beforehand.
var paths = []string{
	"/", "/products", "/products?q=x", "/search", "/products/name-tag", "/products/halloween-2026", "/products/name-tag/studio",
	"/products/pet-tag/studio", "/collections", "/collections/winter-gifts-2026", "/cart", "/about", "/privacy", "/shipping", "/returns",
	"/legal", "/contact", "/feed.xml", "/products?kind=personalized&price=1000-1999", "/products?kind=digital", "/sitemap.xml", "/robots.txt", "/orders", "/orders?sent=1",
}

func TestNoLinkIsDead(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	v := s.visitor()
	seen := map[string]bool{}
	for _, path := range paths {
		for _, link := range v.open(path).links() {
			if !strings.HasPrefix(link, "/") || seen[link] {
				continue
			}
			seen[link] = true
			if status := v.get(link).status; status >= 400 {
				t.Errorf("%s links to %s, which answers %d", path, link, status)
			}
		}
	}
	if len(seen) < 60 {
		t.Errorf("only %d links and pictures were looked at", len(seen))
	}
}

func TestUnknownAddresses(t *testing.T) {
	t.Parallel()
	v := newShop(t).visitor()
	for _, path := range []string{
		"/nothing", "/products/none", "/products/none/studio", "/products/NAME%00TAG", "/collections/none", "/orders/unknown", "/orders/unknown/cancel",
		"/products/name-tag/studio?design=des_1", "/products/pet-tag/studio?design=" + v.designOf("name-tag"), "/cards/font/none", "/cards/icon/none", "/cards/none/none",
	} {
		v.get(path).is(http.StatusNotFound).says("404")
	}
	v.post("/orders/unknown/payment", nil).is(http.StatusNotFound)
	v.post("/orders/unknown/cancelation", nil).is(http.StatusNotFound)
}

func TestTheme(t *testing.T) {
	t.Parallel()
	v := newShop(t).visitor()
	for back, want := range map[string]string{
		"/cart": "/cart", "//evil.example": "/", "https://evil.example": "/", `/\evil.example`: "/", "/\t/evil.example": "/", "": "/",
	} {
		answer := v.get("/theme?" + url.Values{"to": {"dark"}, "back": {back}}.Encode()).is(http.StatusSeeOther)
		if answer.location != want {
			t.Errorf("back to %q leads to %q, want %q", back, answer.location, want)
		}
	}
	if !strings.Contains(v.open("/").body, `data-theme="dark"`) {
		t.Error("the theme is forgotten")
	}
}

// TestHostileInput posts what no browser would; every answer is a clear one.
func TestHostileInput(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	v := s.visitor()
	v.follow(v.submit(v.open("/products/name-tag/studio"), "/products/name-tag/studio", url.Values{"text": {"はると"}, "do": {"cart"}}))
	bodies := map[string]string{
		"empty": "", "broken encoding": "text=%zz&name=%", "not UTF-8": "text=%ff%fe&name=%ff&city=%c3%28&quantity=%ff", "null": "text=%00&name=%00&variant=%00&line=%00",
		"repeated": strings.Repeat("text=a&", 5000), "json": `{"text":"a"}`, "huge": "text=" + strings.Repeat("a", 1<<20),
		"injection": "text=%27%3BDROP+TABLE+orders%3B--&variant=%27&design=%27&checkout=%27&payment_method=%27&shipping_method=%27",
		"bidi":      "text=%E2%80%AEabc&name=%E2%80%AEabc", "do": "do=postal&postal_code=%00%ff&place=%ff",
	}
	targets := []string{
		"/products/name-tag/studio", "/products/halloween-2026/studio", "/cart/lines", "/cart/lines/x", "/cart/lines/cln_x/removal",
		"/cart/lines/cln_01920000000070008000000000000001", "/checkout", "/checkout/confirm", "/orders/x/payment", "/orders/%00/cancelation",
	}
	for name, body := range bodies {
		for _, target := range targets {
			answer := v.read(v.client.Post(s.at(target), "application/x-www-form-urlencoded", strings.NewReader(body)))
			if answer.status >= 500 || answer.status < 300 {
				t.Errorf("%s to %s: %d\n%s", name, target, answer.status, answer.text())
			}
		}
	}
	for _, query := range []string{"%00", "%ff", "%", "%25_%27", strings.Repeat("あ", 3000), "%E2%80%AE"} {
		for _, path := range []string{"/products?q=", "/products?cursor=", "/products/name-tag/studio?design=", "/collections/winter-gifts-2026?cursor=", "/?lang=", "/theme?back="} {
			if answer := v.get(path + query); answer.status >= 500 {
				t.Errorf("GET %s%.20s: %d", path, query, answer.status)
			}
		}
	}
}

// TestQueryBudget holds each page to a number of statements that does not grow with what it shows.
func TestQueryBudget(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.listen()
	v := s.visitor()
	v.fill("はると", address())
	for path, budget := range map[string]int{
		"/": 6, "/products": 4, "/products?q=" + url.QueryEscape("名札"): 6, "/products/name-tag": 7, "/products/name-tag/studio": 12,
		"/collections": 3, "/collections/winter-gifts-2026": 6, "/cart": 3, "/checkout": 7, "/checkout/confirm": 4, "/legal": 3, "/shipping": 4,
	} {
		v.open(path) // what is prepared or remembered once is not counted
		if got := s.queries.during(func() { v.open(path) }); got > budget {
			t.Errorf("%s asks %d statements, budget %d", path, got, budget)
		}
	}
}

// link is where the link with these words leads.
func (p page) link(words string) string {
	p.t.Helper()
	for node := range p.root.Descendants() {
		if node.Data == "a" && node.FirstChild != nil && strings.Contains(node.FirstChild.Data, words) {
			return attribute(node, "href")
		}
	}
	p.t.Fatalf("%s has no link %q", p.address, words)
	return ""
}

// links are all addresses that a page leads to or shows.
func (p page) links() []string {
	var links []string
	for node := range p.root.Descendants() {
		for _, key := range []string{"href", "src"} {
			if address := attribute(node, key); address != "" {
				links = append(links, address)
			}
		}
	}
	return links
}

// actionWith is the first form's address that begins like this.
func (p page) actionWith(prefix string) string {
	p.t.Helper()
	for node := range p.root.Descendants() {
		if node.Data == "form" && strings.HasPrefix(attribute(node, "action"), prefix) {
			return attribute(node, "action")
		}
	}
	p.t.Fatalf("%s has no form to %s…", p.address, prefix)
	return ""
}

// value is the radio button's value that has these words in it.
func (p page) value(name, words string) string {
	p.t.Helper()
	for node := range p.root.Descendants() {
		if attribute(node, "name") == name && strings.Contains(attribute(node, "value"), words) {
			return attribute(node, "value")
		}
	}
	p.t.Fatalf("%s has no %s of %s", p.address, name, words)
	return ""
}

// designOf makes a design and returns its id.
func (v *visitor) designOf(slug string) string {
	v.t.Helper()
	action := fmt.Sprintf("/products/%s/studio", slug)
	made := v.submit(v.open(action), action, url.Values{"text": {"はると"}, "do": {"preview"}}).is(http.StatusSeeOther)
	parsed := must(url.Parse(made.location))(v.t)
	return parsed.Query().Get("design")
}

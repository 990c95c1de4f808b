package storefront_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"tsukuriba/internal/audit"
	"tsukuriba/orders"
)

var manager = audit.Actor{Role: audit.Staff, ID: "stf_00000000000000000000000001"}

// revise lets the page about the workshop say something else in all languages.
func (s *shop) revise(body string) {
	s.t.Helper()
	versions := must(s.orders.PageVersions(s.t.Context(), orders.AboutPage))(s.t)
	texts := orders.PageTexts{}
	for _, language := range orders.Languages {
		texts[language] = orders.PageText{Title: "工房のこと", Body: body}
	}
	if err := s.orders.RevisePage(s.t.Context(), manager, orders.AboutPage, orders.Revision{Base: len(versions)}, texts); err != nil {
		s.t.Fatal(err)
	}
}

func TestInfoPages(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	v := s.visitor()
	v.open("/legal").says("特定商取引法に基づく表記", "運営責任者", "山本 恵", "000-000-0000", "銀行振込", "8日以内", "動作環境")
	v.open("/privacy").says("個人情報の取り扱い", "開示")
	v.open("/shipping").says("クリックポスト", "¥185", "¥820から")
	v.open("/returns").says("60日以内")
	v.open("/accessibility?lang=en").says("WCAG 2.2", "shop@example.jp")
	v.open("/contact?lang=en").says("Tsukuriba (sample)", "weekdays")
	easy := v.open("/legal?lang=easy").says("（", "ほうりつ")
	if !strings.Contains(easy.body, "<ruby>住所<rp>") {
		t.Error("easy Japanese has no furigana")
	}
	for _, key := range orders.PageKeys {
		p := v.open("/" + string(key) + "?lang=ja")
		if !slices.Contains(p.links(), "/accessibility") || !slices.Contains(p.links(), "/legal") {
			t.Errorf("%s does not lead to the others", key)
		}
		if alternates := p.headLinks("alternate", "hreflang"); alternates["en"] != s.url+"/"+string(key)+"?lang=en" {
			t.Errorf("%s in English is %v", key, alternates)
		}
		if !strings.Contains(v.open("/sitemap.xml").body, s.url+"/"+string(key)+"<") {
			t.Errorf("%s is not in the sitemap", key)
		}
	}
	home := v.open("/?lang=ja")
	if found := home.things()["Organization"]; found["legalName"] != "就労継続支援B型事業所 つくり場（見本）" || found["telephone"] != "000-000-0000" {
		t.Errorf("the first page tells machines of %v", found)
	}
}

// TestWhatHeldThen: a customer reads what a page said when they ordered, whatever it says now.
func TestWhatHeldThen(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	v := s.visitor()
	paying := v.submit(v.fill("はると", address()), "/checkout/confirm", nil).is(http.StatusSeeOther)
	order := v.follow(v.post(paying.location, url.Values{"pay": {"card"}}))
	then := order.link("ご注文のときの")
	v.open(then).says("特定商取引法に基づく表記", "山本 恵", "の時点の内容です")
	if got := v.open(then).meta("robots"); got != "noindex" {
		t.Errorf("what held then is for search engines: %q", got)
	}
	v.get("/about?at=" + url.QueryEscape(now.Add(time.Minute).Format(time.RFC3339))).is(http.StatusNotFound)
	for _, odd := range []string{"yesterday", "2026-13-01T00:00:00Z", "0001-01-01T00:00:00Z", "1999-01-01T00:00:00Z", "%00", "9999-12-31T23:59:59Z"} {
		v.get("/about?at=" + odd).is(http.StatusNotFound)
	}
	s.revise("新しい文面")
	after := v.open("/about").says("新しい文面", "これまでの内容")
	v.open(after.link("2024年10月1日から")).says("つくり場は、就労継続支援B型の工房です", "いまの内容を見る")
}

// TestHostileTextStaysText draws whatever staff may type, and what was typed as particulars, and finds no element, no
// attribute and no address but those of a page.
func TestHostileTextStaysText(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	v := s.visitor()
	s.revise("<script>alert(1)</script><img src=x onerror=alert(1)>\n\n## <b>太い</b> {{name}}\n\n| <i>a</i> | [x](/returns?a=1&amp;b=2) &amp; |\n- <a href=\"javascript:alert(1)\">押す</a>｜<b>《</rt><script>》")
	versions := must(s.orders.SellerVersions(t.Context()))(t)
	hostile := versions[0].Content
	hostile.Name = `"><script>alert(2)</script>[x](javascript:alert(3))`
	if err := s.orders.ReviseSeller(t.Context(), manager, orders.Revision{Base: len(versions)}, hostile); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/about", "/contact", "/"} {
		inMain := false
		for node := range v.open(path).root.Descendants() {
			if node.Type != html.ElementNode {
				continue
			}
			inMain = inMain || node.Data == "main"
			if node.Data == "script" && attribute(node, "src") == "" && attribute(node, "type") != "application/ld+json" {
				t.Errorf("%s has a script: %+v", path, node.FirstChild)
			}
			for _, a := range node.Attr {
				if strings.HasPrefix(a.Key, "on") || strings.HasPrefix(strings.ToLower(strings.TrimSpace(a.Val)), "javascript:") {
					t.Errorf("%s has <%s %s=%q>", path, node.Data, a.Key, a.Val)
				}
			}
		}
		if !inMain {
			t.Errorf("%s has lost its frame", path)
		}
	}
	v.open("/about").says("<script>alert(1)</script>", "<b>太い</b>", `"><script>alert(2)</script>`)
}

// TestConfirmationAndLegalPageAgree compares the last screen before an order with the page that the law wants: the six
// items of 特定商取引法 第12条の6, who sells, and the way to the page.
func TestConfirmationAndLegalPageAgree(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	titles := map[string][]string{
		"ja":   {"数量", "お支払い総額", "お支払いの時期と方法", "お届けの時期", "お申し込みの期間", "キャンセル・返品"},
		"easy": {"かず", "はらう お金", "いつ・どうやって はらうか", "いつ とどくか", "いつまで 申しこめるか", "やめるとき・かえすとき"},
		"en":   {"Quantity", "Total price", "When and how you pay", "When it is sent", "Application period", "Cancellation and returns"},
	}
	for language, demanded := range titles {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			v := s.visitor()
			v.open("/?lang=" + language)
			confirm := v.fill("はると", address())
			confirm.says(demanded...)
			for _, path := range []string{"/legal", "/returns"} {
				if !slices.Contains(confirm.links(), path) {
					t.Errorf("the confirmation does not lead to %s", path)
				}
			}
			seller := must(s.orders.Seller(t.Context()))(t).In(orders.Language(language))
			for _, p := range []page{confirm, v.open("/legal")} {
				p.says(seller.Name, seller.Phone)
			}
		})
	}
}

// TestAClosedShopTakesNoOrders: until somebody is named, pages open and nothing is sold.
func TestAClosedShopTakesNoOrders(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	v := s.visitor()
	studio := v.open("/products/name-tag/studio")
	v.follow(v.submit(studio, "/products/name-tag/studio", url.Values{"text": {"はると"}, "do": {"cart"}}))
	s.db.MustExec(`TRUNCATE shop_versions`)
	for _, path := range []string{"/", "/products/name-tag", "/cart", "/contact"} {
		v.open(path)
	}
	v.get("/checkout").is(http.StatusConflict).says("お店の準備中です")
	v.get("/legal").is(http.StatusNotFound)
}

// TestClosedSeasons: who follows an old or an early address is told, and shown what is open.
func TestClosedSeasons(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	v := s.visitor()
	for address, words := range map[string]string{
		"/collections/halloween-2026?lang=ja": "この季節の販売は終わりました", "/collections/halloween-2026?lang=easy": "おわりました",
		"/collections/new-school-year-2027?lang=en": "begins on January 10, 2027",
	} {
		p := v.open(address).says(words)
		if p.meta("robots") != "noindex" || !slices.Contains(p.links(), "/collections/winter-gifts-2026") {
			t.Errorf("%s is indexed, or leads to nothing that is open", address)
		}
	}
	v.get("/collections/none").is(http.StatusNotFound)
}

package storefront_test

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"image/png"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/text/language"

	"tsukuriba/catalog"
	"tsukuriba/internal/audit"
	"tsukuriba/web/storefront"
)

// headLinks are the addresses of the link elements of that kind in the page's head, by what tells them apart.
func (p page) headLinks(rel, by string) map[string]string {
	found := map[string]string{}
	for node := range p.root.Descendants() {
		if node.Data == "link" && attribute(node, "rel") == rel && has(node, by) {
			found[attribute(node, by)] = attribute(node, "href")
		}
	}
	return found
}

// meta is what the head says about a property.
func (p page) meta(key string) string {
	for node := range p.root.Descendants() {
		if node.Data == "meta" && (attribute(node, "property") == key || attribute(node, "name") == key) {
			return attribute(node, "content")
		}
	}
	return ""
}

// thing is an object of JSON-LD.
type thing map[string]any

// things are what the page says to machines, by their type.
func (p page) things() map[string]thing {
	p.t.Helper()
	found := map[string]thing{}
	for node := range p.root.Descendants() {
		if node.Data != "script" || attribute(node, "type") != "application/ld+json" {
			continue
		}
		var document struct {
			Context string  `json:"@context"`
			Graph   []thing `json:"@graph"`
		}
		if err := json.Unmarshal([]byte(node.FirstChild.Data), &document); err != nil || document.Context != "https://schema.org" {
			p.t.Fatalf("%s: %v in %s", p.address, err, node.FirstChild.Data)
		}
		for _, thing := range document.Graph {
			found[thing["@type"].(string)] = thing
		}
	}
	return found
}

// needed are the properties without which search engines show nothing of a thing of schema.org.
var needed = map[string][]string{
	"Product":        {"name", "image", "description", "offers", "brand", "sku"},
	"Offer":          {"price", "priceCurrency", "availability", "url", "itemCondition", "seller"},
	"BreadcrumbList": {"itemListElement"},
	"ListItem":       {"position", "name", "item"},
	"Brand":          {"name"},
	"Organization":   {"name"},
}

// complete fails for every object within that lacks a needed property.
func complete(t *testing.T, value any) {
	t.Helper()
	switch value := value.(type) {
	case []any:
		for _, item := range value {
			complete(t, item)
		}
	case map[string]any:
		kind, _ := value["@type"].(string)
		if needed[kind] == nil {
			t.Errorf("%v is no thing we know", value)
		}
		for _, property := range needed[kind] {
			if value[property] == nil || value[property] == "" {
				t.Errorf("a %s has no %s: %v", kind, property, value)
			}
		}
		for _, part := range value {
			complete(t, part)
		}
	}
}

func TestLinkedData(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	v := s.visitor()
	for path, want := range map[string][]string{
		"/": {"Organization"}, "/products/name-tag": {"Product", "BreadcrumbList"}, "/products/halloween-2026?lang=en": {"Product", "BreadcrumbList"},
		"/products": {"BreadcrumbList"}, "/collections": {"BreadcrumbList"}, "/collections/winter-gifts-2026": {"BreadcrumbList"},
	} {
		things := v.open(path).things()
		for _, kind := range want {
			if things[kind] == nil {
				t.Errorf("%s has no %s", path, kind)
			}
		}
		for _, thing := range things {
			complete(t, map[string]any(thing))
		}
	}
	offers := v.open("/products/halloween-2026?lang=ja").things()["Product"]["offers"].([]any)
	first := offers[0].(map[string]any)
	if len(offers) != 2 || first["price"] != 660.0 || first["priceCurrency"] != "JPY" || first["availability"] != "https://schema.org/InStock" {
		t.Errorf("offers %v", offers)
	}
	crumbs := v.open("/products/name-tag").things()["BreadcrumbList"]["itemListElement"].([]any)
	last := crumbs[len(crumbs)-1].(map[string]any)
	if len(crumbs) != 3 || last["position"] != 3.0 || last["item"] != s.url+"/products/name-tag" || last["name"] != "なまえタグ" {
		t.Errorf("the way here is %v", crumbs)
	}
}

func TestLanguagesHaveAddresses(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	for _, path := range []string{"/", "/products", "/products/name-tag", "/collections", "/collections/winter-gifts-2026", "/about", "/legal", "/privacy"} {
		whole := s.url + path
		want := map[string]string{"x-default": whole, "ja": whole, "ja-x-easy": whole + "?lang=easy", "en": whole + "?lang=en"}
		for tag, address := range want {
			if tag != "x-default" {
				if _, err := language.Parse(tag); err != nil {
					t.Errorf("hreflang %s: %v", tag, err)
				}
			}
			p := s.visitor().open(address)
			if got := p.headLinks("alternate", "hreflang"); len(got) != len(want) || got[tag] != address {
				t.Errorf("%s names %v", address, got)
			}
			if got := p.headLinks("canonical", "rel")["canonical"]; got != address || p.meta("og:url") != address {
				t.Errorf("the canonical address of %s is %s, shared as %s", address, got, p.meta("og:url"))
			}
		}
	}
}

func TestSharedLinksHaveAPicture(t *testing.T) {
	t.Parallel()
	v := newShopDrawing(t, 0).visitor()
	for _, path := range []string{"/", "/products/pet-tag", "/collections/winter-gifts-2026"} {
		p := v.open(path)
		if p.meta("og:title") == "" || p.meta("og:description") == "" || p.meta("og:site_name") != "つくり場" || p.meta("twitter:card") != "summary_large_image" {
			t.Errorf("%s says too little to whoever shares it", path)
		}
		response := must(v.client.Get(p.meta("og:image")))(t)
		picture, err := png.DecodeConfig(response.Body)
		response.Body.Close()
		if err != nil || fmt.Sprint(picture.Width, picture.Height) != p.meta("og:image:width")+" "+p.meta("og:image:height") {
			t.Errorf("the picture of %s is %d × %d, %v", path, picture.Width, picture.Height, err)
		}
	}
}

type sitemap struct {
	XMLName xml.Name
	Entries []struct {
		Location string `xml:"loc"`
		Modified string `xml:"lastmod"`
	} `xml:",any"`
}

func (v *visitor) sitemap(address string) sitemap {
	v.t.Helper()
	var read sitemap
	if err := xml.Unmarshal([]byte(v.open(address).body), &read); err != nil || read.XMLName.Space != "http://www.sitemaps.org/schemas/sitemap/0.9" {
		v.t.Fatalf("%s is no sitemap: %v", address, err)
	}
	for _, entry := range read.Entries {
		if _, err := time.Parse(time.DateOnly, entry.Modified); entry.Modified != "" && err != nil {
			v.t.Errorf("%s was changed on %q", entry.Location, entry.Modified)
		}
	}
	return read
}

func TestSitemap(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	v := s.visitor()
	whole := v.sitemap("/sitemap.xml")
	var listed []string
	for _, entry := range whole.Entries {
		listed = append(listed, entry.Location)
		if strings.Contains(entry.Location, "/products/") && entry.Modified == "" {
			t.Errorf("%s does not say when it was changed", entry.Location)
		}
	}
	for _, path := range []string{"/", "/products/name-tag", "/products/name-tag?lang=en", "/collections/winter-gifts-2026", "/legal?lang=easy"} {
		if !slices.Contains(listed, s.url+path) {
			t.Errorf("%s is missing", path)
		}
	}
	if slices.Contains(listed, s.url+"/collections/halloween-2026") {
		t.Error("a season that is over is listed")
	}
	for _, address := range listed {
		p := s.visitor().open(address)
		if p.headLinks("canonical", "rel")["canonical"] != address || p.meta("robots") != "" {
			t.Errorf("%s is listed, but not what it says of itself", address)
		}
	}
}

func TestSitemapIsSplit(t *testing.T) {
	t.Parallel()
	s := newShop(t, func(c *storefront.Config) { c.SitemapSize = 60 })
	for i := range 40 {
		must(s.catalog.SaveProduct(t.Context(), audit.Actor{Role: audit.System}, catalog.Product{
			Slug: fmt.Sprintf("wood-%d", i), Name: "木の品", Kind: catalog.Stock, State: catalog.Published, WidthMM: 1, DepthMM: 1, HeightMM: 1,
		}))(t)
	}
	v := s.visitor()
	index := v.sitemap("/sitemap.xml")
	if index.XMLName.Local != "sitemapindex" || len(index.Entries) < 3 {
		t.Fatalf("%s with %d parts", index.XMLName.Local, len(index.Entries))
	}
	seen := map[string]bool{}
	for _, part := range index.Entries {
		read := v.sitemap(strings.TrimPrefix(part.Location, s.url))
		if len(read.Entries) > 60 {
			t.Errorf("%s has %d addresses", part.Location, len(read.Entries))
		}
		for _, entry := range read.Entries {
			if seen[entry.Location] {
				t.Errorf("%s is listed twice", entry.Location)
			}
			seen[entry.Location] = true
		}
	}
	for i := range 40 {
		if address := fmt.Sprintf("%s/products/wood-%d", s.url, i); !seen[address] {
			t.Errorf("%s is missing", address)
		}
	}
	for _, never := range []string{"/sitemaps/0.xml", "/sitemaps/99.xml", "/sitemaps/1", "/sitemaps/x.xml"} {
		v.get(never).is(http.StatusNotFound)
	}
}

func TestRobotsAndFeed(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	v := s.visitor()
	robots := v.open("/robots.txt").body
	for _, line := range []string{"Sitemap: " + s.url + "/sitemap.xml", "Disallow: /orders/", "Disallow: /staff", "Disallow: /cart"} {
		if !slices.Contains(strings.Split(robots, "\n"), line) {
			t.Errorf("robots.txt lacks %q", line)
		}
	}
	for language, want := range map[string]string{"ja": "なまえタグ", "en": "Name tag"} {
		var feed struct {
			Channel struct {
				Language string `xml:"language"`
				Items    []struct {
					Title       string `xml:"title"`
					Link        string `xml:"link"`
					GUID        string `xml:"guid"`
					PublishedAt string `xml:"pubDate"`
				} `xml:"item"`
			} `xml:"channel"`
		}
		if err := xml.Unmarshal([]byte(v.open("/feed.xml?lang="+language).body), &feed); err != nil {
			t.Fatal(err)
		}
		var titles []string
		for _, item := range feed.Channel.Items {
			titles = append(titles, item.Title)
			if _, err := time.Parse(time.RFC1123Z, item.PublishedAt); item.PublishedAt != "" && err != nil {
				t.Error(err)
			}
			v.open(item.Link)
		}
		if feed.Channel.Language != language || !slices.Contains(titles, want) {
			t.Errorf("the feed in %s is %+v", language, feed)
		}
	}
}

func TestFiltersWithoutScript(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	v := s.visitor()
	list := v.open("/products").says("しぼりこむ", "名前を入れてつくる品（6）", "できあがっている品（1）", "柿", "¥1,000から¥1,999まで（4）", "冬の おくりもの（3）", "までに発送（")
	form := list.form("/products")
	form.Set("kind", "personalized")
	form.Set("price", "1000-1999")
	sent := v.get("/products?" + form.Encode()).is(http.StatusSeeOther)
	if sent.location != "/products?kind=personalized&price=1000-1999" {
		t.Errorf("the form leads to %s", sent.location)
	}
	narrowed := v.follow(sent).says("なまえタグ", "迷子札", "かばんの名札", "「名前を入れてつくる品」を外す", "条件をすべて外す")
	if strings.Contains(narrowed.main(), "ドアプレート") || narrowed.meta("robots") != "noindex" {
		t.Error("the list is not narrowed, or search engines may list it")
	}
	if got := narrowed.headLinks("canonical", "rel")["canonical"]; got != s.url+"/products" {
		t.Errorf("its canonical address is %s", got)
	}
	if wider := "/products?kind=personalized"; slices.Contains(narrowed.links(), wider) {
		v.open(wider).says("ドアプレート", "もじチャーム")
	} else {
		t.Errorf("no filter can be taken off: %v", narrowed.links())
	}
	v.open("/products?ships_by=2026-12-01").says("ハロウィンのタグ 2026")
	if soon := v.open("/products?ships_by=2026-12-02"); strings.Contains(soon.main(), "なまえタグ") {
		t.Error("what is still to be made ships too soon")
	}
	v.open("/products?ships_by=2027-11-30").says("なまえタグ", "ハロウィンのタグ 2026")
	v.open("/products?kind=digital").says("この条件の品はありません", "条件をすべて外す")
	v.open("/products?kind=nonsense&price=a-b&ships_by=soon").says("なまえタグ")
	v.open("/collections/winter-gifts-2026?lang=ja").says("11月\u20601日から12月\u206025日まで", "ご注文は12月\u206010日まで", "しぼりこむ")
	v.open("/collections/winter-gifts-2026?price=1000-1999").says("迷子札", "かばんの名札")
	for language, words := range map[string]string{"easy": "名前を 入れて つくる もの（6）", "en": "Made with your text (6)"} {
		s.visitor().open("/products?lang=" + language).says(words)
	}
}

func TestSearchThatFindsNothingHelps(t *testing.T) {
	t.Parallel()
	v := newShop(t).visitor()
	v.open("/search?q="+url.QueryEscape("なまへタグ")).says("見つかりませんでした", "近いことばの品", "なまえタグ", "季節のものから探す", "冬の おくりもの")
	v.open("/search?q="+url.QueryEscape("鯨")+"&lang=en").says("Look through the seasons", "Winter gifts")
	v.open("/search?q=" + url.QueryEscape("ﾊﾛｳｲﾝ") + "&lang=ja").says("ハロウィンのタグ 2026")
}

// within are the elements of a kind inside of those of a class.
func (p page) within(class, element string) (found []page) {
	for node := range p.root.Descendants() {
		if attribute(node, "class") != class {
			continue
		}
		for part := range node.Descendants() {
			if part.Data == element {
				found = append(found, page{t: p.t, root: part})
			}
		}
	}
	return found
}

// names are what the products of a list are called, in its order.
func (p page) names() (names []string) {
	for _, link := range p.within("product-card", "a") {
		names = append(names, link.text())
	}
	return names
}

// order leads to the list in that of its orders.
func (p page) order(i int) string { return attribute(p.within("sorting", "a")[i].root, "href") }

// TestListsAreSorted walks from order to order by the links of the page, with what narrows the list.
func TestListsAreSorted(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	for language, words := range map[string][]string{
		"ja": {"おすすめ順", "新着順", "価格の安い順", "価格の高い順"}, "easy": {"おすすめ", "新しい もの から", "安い もの から", "高い もの から"},
		"en": {"Recommended", "Newest", "Price: low to high", "Price: high to low"},
	} {
		v := s.visitor()
		for i, link := range v.open("/products?lang="+language).within("sorting", "a") {
			if strings.TrimSpace(link.text()) != words[i] {
				t.Errorf("order %d is called %s, want %s", i, link.text(), words[i])
			}
		}
	}
	v := s.visitor()
	list := v.open("/products?kind=personalized&price=1000-1999&q=" + url.QueryEscape("札"))
	placed := list.names()
	dear := v.open(list.order(3))
	cheap := v.open(dear.order(2))
	if up, down := cheap.names(), dear.names(); len(up) < 2 || slices.Equal(up, down) || !slices.Equal(slices.Sorted(slices.Values(up)), slices.Sorted(slices.Values(placed))) {
		t.Errorf("%v, cheap first %v, dear first %v", placed, up, down)
	} else if slices.Reverse(up); !slices.Equal(up, down) {
		t.Errorf("cheap first is not dear first backwards: %v, %v", up, down)
	}
	if cheap.meta("robots") != "noindex" || attribute(cheap.within("sorting", "a")[2].root, "aria-current") != "true" {
		t.Error("the page does not say in which order it is")
	}
	for _, form := range []url.Values{cheap.form("/products"), v.open("/collections/winter-gifts-2026?sort=newest").form("/collections/winter-gifts-2026")} {
		if form.Get("sort") == "" {
			t.Errorf("a form forgets the order: %v", form)
		}
	}
	if names := v.open("/products?sort=nonsense").names(); !slices.Equal(names, v.open("/products").names()) {
		t.Errorf("an order that is none lists %v", names)
	}
}

func TestListsGoOnInTheirOwnOrder(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	v := s.visitor()
	first, err := s.catalog.Products(t.Context(), catalog.ProductQuery{Sort: catalog.DearestFirst, Limit: 2})
	if err != nil {
		t.Fatal(err)
	}
	next := "/products?cursor=" + first.NextCursor
	whole, rest := v.open("/products?sort=price_desc").names(), v.open(next+"&sort=price_desc").names()
	if !slices.Equal(rest, whole[2:]) {
		t.Errorf("%v goes on with %v", whole, rest)
	}
	for language, words := range map[string]string{"ja": "別の並べ方の一覧のものです", "easy": "ほかの ならべかた", "en": "a list in another order"} {
		v.get(next + "&sort=price_asc&lang=" + language).is(http.StatusUnprocessableEntity).says(words)
	}
	v.get(next[:len(next)-1] + "&sort=price_desc").is(http.StatusUnprocessableEntity)
}

// main is what stands in the page's own part.
func (p page) main() string {
	for node := range p.root.Descendants() {
		if node.Data == "main" {
			grid := page{root: &html.Node{}}
			for part := range node.Descendants() {
				if part.Data == "ul" && strings.Contains(attribute(part, "class"), "grid") {
					grid.root = part
				}
			}
			return grid.text()
		}
	}
	return ""
}

func TestOrdersAreFoundByMail(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	v := s.visitor()
	v.follow(v.submit(v.fill("はると", address()), "/checkout/confirm", nil).is(http.StatusSeeOther).elsewhere(s))
	form := v.open("/orders").says("ご注文のページを探す")
	var answers []string
	for _, email := range []string{"haru@example.jp", "nobody@example.jp"} {
		answer := v.follow(v.submit(form, "/orders", url.Values{"email": {email}}))
		answers = append(answers, answer.text())
		if strings.Contains(answer.body, "2026-0000") || strings.Contains(answer.body, email) {
			t.Errorf("the page tells what belongs into the mail: %s", answer.text())
		}
	}
	if answers[0] != answers[1] {
		t.Errorf("known and unknown are answered differently:\n%s\n%s", answers[0], answers[1])
	}
	v.submit(form, "/orders", url.Values{"email": {"haru"}}).is(http.StatusUnprocessableEntity).says("name@example.jp のような形")
	for language, words := range map[string]string{"easy": "注文の ページを さがす", "en": "Find your orders"} {
		s.visitor().open("/orders?lang=" + language).says(words)
	}
}

// elsewhere stands for a page of another site, which is not followed.
func (p page) elsewhere(s *shop) page {
	p.location = s.url + "/"
	return p
}

func TestWhatIsNotThereCanBeSearched(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	for language, words := range map[string]string{"ja": "商品をさがす", "easy": "商品を さがす", "en": "Search the shop"} {
		v := s.visitor()
		lost := v.get("/nothing?lang=" + language).is(http.StatusNotFound).says(words)
		form := lost.form("/products")
		form.Set("q", "迷子札")
		v.open("/products?" + form.Encode()).says("迷子札")
	}
	if v := s.visitor(); strings.Contains(v.get("/products?cursor=abc").body, `role="search"`) {
		t.Error("a page that cannot be continued is taken for one that is not there")
	}
}

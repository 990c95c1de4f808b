// Package ui is the shared look of the three faces (storefront, staff console, tablet): page frames, form fields,
// cards, lists and states, as templ components over structs of finished values.
//
// A caller formats prices, dates and sentences before it comes here; nothing in this package decides, fetches or knows
// a domain. Components hold no inline style and no inline script, so a page works under a strict content security
// policy, and every one of them works without script.
package ui

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"tsukuriba/web/assets"
	"tsukuriba/web/locale"
)

// Theme is a colour scheme; the empty one follows the device.
type Theme string

// The themes, by the value of /theme?to= and of the cookie.
const (
	ThemeAuto  Theme = ""
	ThemeLight Theme = "light"
	ThemeDark  Theme = "dark"
	ThemeCalm  Theme = "calm" // low stimulation: muted, still
)

// ThemeCookieName keeps the choice made at /theme?to=…&back=….
const ThemeCookieName = "theme"

// ParseTheme returns the theme of a ?to= value; ok is false for anything unknown. "auto" is [ThemeAuto].
func ParseTheme(s string) (theme Theme, ok bool) {
	switch t := Theme(s); t {
	case ThemeAuto, ThemeLight, ThemeDark, ThemeCalm:
		return t, true
	case "auto":
		return ThemeAuto, true
	}
	return ThemeAuto, false
}

// ThemeFrom returns the theme a request's cookie asks for.
func ThemeFrom(r *http.Request) Theme {
	cookie, err := r.Cookie(ThemeCookieName)
	if err != nil {
		return ThemeAuto
	}
	theme, _ := ParseTheme(cookie.Value)
	return theme
}

// PageHead is what every page says about itself.
type PageHead struct {
	Title       string          // without the shop's name
	Description string          // for search engines and shared links
	Language    locale.Language // Japanese when empty
	Theme       Theme
	Path        string   // path and query of this page, for the language and theme switches
	Canonical   string   // absolute address of the page in Japanese, if it has one
	Image       string   // absolute address of a picture for shared links, 1200 × 630
	Type        string   // of Open Graph, "website" when empty
	NoIndex     bool     // keep out of search engines: carts, orders, secret links
	Scripts     []string // further entry scripts by plain name, such as "studio.js"
	LinkedData  any      // schema.org object, written as JSON-LD
	Notices     []Notice // shown once, above the content
	CartCount   int      // storefront: items in the cart
	Current     string   // path of the navigation entry this page belongs to
}

// HeadFor fills what a request knows: language, theme and path.
func HeadFor(r *http.Request, title string) PageHead {
	return PageHead{Title: title, Language: locale.From(r), Theme: ThemeFrom(r), Path: r.URL.RequestURI()}
}

func (h PageHead) words() *locale.Shared { return &locale.In(h.Language).Shared }

func (h PageHead) fullTitle() string {
	if h.Title == "" {
		return h.words().ShopName + " — " + h.words().Tagline
	}
	return h.Title + " — " + h.words().ShopName
}

// Alternate is a page in one language.
type Alternate struct {
	Language string // BCP 47, or "x-default"
	URL      string
}

// InLanguage is the address of a page in a language: Japanese is what an address without one means.
func InLanguage(address string, language locale.Language) string {
	if language == locale.Japanese || language == "" {
		return address
	}
	return withQuery(address, "lang", string(language))
}

// Alternates are a page in all languages, and for everybody else.
func Alternates(address string) []Alternate {
	alternates := []Alternate{{"x-default", address}}
	for _, language := range locale.Languages {
		alternates = append(alternates, Alternate{language.BCP47(), InLanguage(address, language)})
	}
	return alternates
}

// alternates are left out of what search engines are to pass over.
func (h PageHead) alternates() []Alternate {
	if h.Canonical == "" || h.NoIndex {
		return nil
	}
	return Alternates(h.Canonical)
}

// Link is an address with its words.
type Link struct {
	Label string
	URL   string
	Icon  IconName
}

// NavItem is one entry of a navigation; Count (open matters) is shown when above zero.
type NavItem struct {
	Link
	Count   int
	Current bool
}

func (n NavItem) count() string { return strconv.Itoa(n.Count) }

// TabletHead is the frame of a tablet screen. Home, Break and Help always keep their places in the bar at the bottom;
// one without a label leaves its place empty.
type TabletHead struct {
	PageHead
	Person  string // the member's own name for themselves, さん included; empty on the neutral screen
	Picture string // address of their own picture
	Large   bool   // larger text, as the member prefers
	Home    Action
	Break   Action
	Help    Action
}

func (h PageHead) languageLinks() []NavItem {
	items := make([]NavItem, len(locale.Languages))
	for i, l := range locale.Languages {
		link := Link{Label: l.Name(), URL: withQuery(h.Path, "lang", string(l))}
		items[i] = NavItem{Link: link, Current: l == h.Language || l == locale.Japanese && h.Language == ""}
	}
	return items
}

func (h PageHead) themeLinks() []NavItem {
	words := h.words()
	themes := []struct {
		theme Theme
		to    string
		label string
	}{
		{ThemeAuto, "auto", words.ThemeAuto},
		{ThemeLight, "light", words.ThemeLight},
		{ThemeDark, "dark", words.ThemeDark},
		{ThemeCalm, "calm", words.ThemeCalm},
	}
	items := make([]NavItem, len(themes))
	for i, t := range themes {
		query := url.Values{"to": {t.to}, "back": {h.Path}}
		link := Link{Label: t.label, URL: "/theme?" + query.Encode()}
		items[i] = NavItem{Link: link, Current: t.theme == h.Theme}
	}
	return items
}

func (h PageHead) storefrontNav() []NavItem {
	words := h.words()
	links := []Link{
		{Label: words.Products, URL: "/products"},
		{Label: words.NameTags, URL: "/products/name-tag/studio"},
		{Label: words.Collections, URL: "/collections"},
		{Label: words.About, URL: "/about"},
	}
	items := make([]NavItem, len(links))
	for i, link := range links {
		items[i] = NavItem{Link: link, Current: link.URL == h.Current}
	}
	return items
}

func (h PageHead) helpLinks() []Link {
	words := h.words()
	return []Link{
		{Label: words.Shipping, URL: "/shipping"},
		{Label: words.Returns, URL: "/returns"},
		{Label: words.FindOrder, URL: "/orders"},
		{Label: words.Contact, URL: "/contact"},
		{Label: words.Search, URL: "/search"},
	}
}

func (h PageHead) shopLinks() []Link {
	words := h.words()
	return []Link{
		{Label: words.About, URL: "/about"},
		{Label: words.Makers, URL: "/makers"},
		{Label: words.Legal, URL: "/legal"},
		{Label: words.Privacy, URL: "/privacy"},
		{Label: words.Accessibility, URL: "/accessibility"},
		{Label: words.Feed, URL: "/feed.xml"},
	}
}

// withQuery sets one query value of a path and keeps the others.
func withQuery(path, key, value string) string {
	base, query, _ := strings.Cut(path, "?")
	values, err := url.ParseQuery(query)
	if err != nil {
		values = url.Values{}
	}
	values.Set(key, value)
	return base + "?" + values.Encode()
}

func asset(name string) string { return assets.URL(name) }

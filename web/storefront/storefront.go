// Package storefront is the shop as customers see it: pages rendered on the server that are complete without script.
//
// A handler calls the very use cases the REST API calls, fills a page struct with finished values and renders the templ
// file of the same name. A form that is accepted answers 303; one that is not answers 422 with everything still filled
// in. The package decides nothing about products, money or orders, keeps no session beyond two cookies, and leaves the
// words of a refusal to api/problem.
package storefront

import (
	"cmp"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"tsukuriba/api"
	"tsukuriba/catalog"
	"tsukuriba/catalog/tag"
	"tsukuriba/fulfilment"
	"tsukuriba/orders"
	"tsukuriba/web/assets"
	"tsukuriba/web/locale"
)

// restPath is where pictures, models, quotes and postal codes come from.
const restPath = api.BasePath

// Config is what the pages stand on. PublicURL is the shop's address without a slash at its end.
type Config struct {
	Catalog    *catalog.Service
	Orders     *orders.Service
	Fulfilment *fulfilment.Service
	Book       *tag.Book // letters for the cards of the studio
	Places     api.Places
	PublicURL  string
	Now        func() time.Time

	SitemapSize int // addresses in one sitemap, as many as may be when 0
}

type shop struct {
	Config
	cards       *cards
	secure      bool // cookies only over HTTPS
	sitemapSize int  // addresses in one file
}

// Mount registers all pages of the shop, the switches of language and theme, and the static files.
func Mount(e *echo.Echo, config Config) error {
	if err := assets.Check(); err != nil {
		return err
	}
	s := &shop{
		Config: config, cards: newCards(config.Book),
		secure: strings.HasPrefix(config.PublicURL, "https://"), sitemapSize: cmp.Or(config.SitemapSize, mostAddresses),
	}
	keeper, err := newKeeper(config.Catalog)
	if err != nil {
		return err
	}
	e.GET(assets.Prefix+"*", echo.WrapHandler(assets.Handler()))
	for path, page := range s.sharedPages() {
		e.GET(path, page, remember, keeper.keep)
	}
	for _, pages := range []map[string]echo.HandlerFunc{s.pages(), s.infoPages()} {
		for path, page := range pages {
			e.GET(path, page, remember)
		}
	}
	for path, act := range s.acts() {
		e.POST(path, act, limited)
	}
	for path, act := range s.uploads() {
		e.POST(path, act)
	}
	return nil
}

// sharedPages look the same to everybody whose cart is empty.
func (s *shop) sharedPages() map[string]echo.HandlerFunc {
	return map[string]echo.HandlerFunc{
		"/":                  s.home,
		"/products":          s.products,
		"/search":            s.products,
		"/products/:slug":    s.product,
		"/collections":       s.collections,
		"/collections/:slug": s.collection,
	}
}

func (s *shop) pages() map[string]echo.HandlerFunc {
	return map[string]echo.HandlerFunc{
		"/products/:slug/studio": s.studio,
		"/cards/icon/:icon":      s.iconPicture,
		"/cards/:field/:answer":  s.card,
		"/cart":                  s.cart,
		"/checkout":              s.checkout,
		"/checkout/confirm":      s.confirm,
		"/orders":                s.askOrders,
		"/quotations/:token":     s.quotation,
		"/orders/:token":         s.order,
		"/orders/:token/cancel":  s.askCancel,
		"/orders/:token/claim":   s.askClaim,
		"/orders/:token/thanks":  s.askThanks,

		"/orders/:token/claims/:claim/photos/:position": s.showPhoto,
		"/orders/:token/documents/:document":            s.ownDocument,
		"/quotations/:token/file.pdf":                   s.quotationFile,
		"/contact":                                      s.contact,
		"/makers":                                       toAbout,
		"/feed.xml":                                     s.feed,
		"/sitemap.xml":                                  s.sitemap,
		"/sitemaps/:part":                               s.sitemapPart,
		"/robots.txt":                                   s.robots,
		"/theme":                                        s.theme,
		"/favicon.ico":                                  favicon,
	}
}

func (s *shop) acts() map[string]echo.HandlerFunc {
	return map[string]echo.HandlerFunc{
		"/products/:slug/studio":     s.design,
		"/cart/lines":                s.addLine,
		"/cart/discount-code":        s.useCode,
		"/downloads/:token":          s.download,
		"/cart/lines/:line":          s.changeLine,
		"/cart/lines/:line/removal":  s.removeLine,
		"/checkout":                  s.prepare,
		"/checkout/price":            s.reprice,
		"/checkout/confirm":          s.place,
		"/orders":                    s.mailOrders,
		"/checkout/quotation":        s.quote,
		"/quotations/:token/confirm": s.placeQuoted,
		"/orders/:token/payment":     s.pay,
		"/orders/:token/cancelation": s.cancel,
		"/orders/:token/receipt":     s.issueReceipt,
	}
}

// uploads take photos, which they bound themselves once the order's link is known to be good.
func (s *shop) uploads() map[string]echo.HandlerFunc {
	return map[string]echo.HandlerFunc{
		"/orders/:token/claim":                s.claim,
		"/orders/:token/thanks":               s.thank,
		"/orders/:token/claims/:claim/photos": s.addPhoto,
	}
}

// favicon leads who asks without reading the page first, as crawlers do, to the icon.
func favicon(c echo.Context) error { return c.Redirect(http.StatusFound, assets.URL("icon.svg")) }

// remember keeps the language that ?lang= asks for.
func remember(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		locale.Remember(c.Response(), c.Request())
		return next(c)
	}
}

// maxForm bounds a posted form; the longest address form takes a few kilobytes.
const maxForm = 64 << 10

func limited(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Request().Body = http.MaxBytesReader(c.Response(), c.Request().Body, maxForm)
		return next(c)
	}
}

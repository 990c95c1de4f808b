package storefront

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"tsukuriba/internal/jst"
	"tsukuriba/orders"
	"tsukuriba/orders/prose"
	"tsukuriba/web/locale"
	"tsukuriba/web/ui"
)

// infoPage is a page about the shop.
type infoPage struct {
	page
	Title    string
	Lead     string
	Body     prose.Document
	Facts    []ui.Fact
	Since    string
	Versions []ui.Link // how it was before; only on the page as it is
}

// infoPages are the pages whose texts are data, by their addresses.
func (s *shop) infoPages() map[string]echo.HandlerFunc {
	pages := map[string]echo.HandlerFunc{}
	for _, key := range orders.PageKeys {
		pages["/"+string(key)] = func(c echo.Context) error { return s.info(c, key) }
	}
	return pages
}

func toAbout(c echo.Context) error { return c.Redirect(http.StatusFound, "/about") }

// info shows a page as it is, or with ?at= as it was at a moment.
func (s *shop) info(c echo.Context, key orders.PageKey) error {
	at, err := momentOf(c.QueryParam("at"))
	if err != nil {
		return echo.ErrNotFound
	}
	p := infoPage{page: blankPage(c, "")}
	found, err := s.Orders.ShopPage(c.Request().Context(), key, orders.Language(p.Head.Language), at)
	if err != nil {
		return err
	}
	p.Title, p.Body, p.Since = found.Title, found.Body, fmt.Sprintf(p.Words.Info.Since, p.date(found.Since))
	if key == orders.AboutPage {
		p.Head.Current = "/about"
	}
	if at.IsZero() {
		p.Versions = p.earlier(found)
	} else {
		p.Head.NoIndex = true
		p.Head.Notices = append(p.Head.Notices, ui.Notice{
			Text: fmt.Sprintf(p.Words.Info.Then, p.date(at)), Action: ui.Action{Label: p.Words.Info.Now, URL: "/" + string(key)},
		})
	}
	return s.showInfo(c, p)
}

// momentOf reads the moment of an address; none is the zero time.
func momentOf(written string) (time.Time, error) {
	if written == "" {
		return time.Time{}, nil
	}
	at, err := time.Parse(time.RFC3339Nano, written)
	if err == nil && at.IsZero() {
		err = errors.New("is before everything")
	}
	return at, err
}

// infoAt is the address of a page as it was at a moment.
func infoAt(key orders.PageKey, at time.Time) string {
	return "/" + string(key) + "?" + url.Values{"at": {at.UTC().Format(time.RFC3339Nano)}}.Encode()
}

// earlier leads to what the page said before.
func (p infoPage) earlier(found orders.ShopPage) []ui.Link {
	var links []ui.Link
	for _, turn := range found.Turns {
		if turn.Before(found.Since) {
			links = append(links, ui.Link{Label: fmt.Sprintf(p.Words.From, p.date(turn)), URL: infoAt(found.Key, turn)})
		}
	}
	return links
}

// date is a day with its year.
func (p page) date(t time.Time) string {
	if p.Head.Language == locale.English {
		return t.In(jst.Zone).Format("January 2, 2006")
	}
	return t.In(jst.Zone).Format("2006年1月2日")
}

func (s *shop) contact(c echo.Context) error {
	p := infoPage{page: blankPage(c, "")}
	seller, err := s.seller(c.Request().Context())
	if err != nil {
		return err
	}
	words := p.Words.Info
	p.Title, p.Lead = words.ContactTitle, words.ContactText
	seller = seller.In(orders.Language(p.Head.Language))
	p.Facts = []ui.Fact{
		{Name: words.Seller, Value: seller.Name},
		{Name: words.Address, Value: seller.Address},
		{Name: words.Phone, Value: seller.Phone, URL: "tel:" + seller.Phone},
		{Name: words.PhoneHours, Value: seller.Hours},
		{Name: words.Email, Value: seller.Email, URL: "mailto:" + seller.Email},
	}
	return s.showInfo(c, p)
}

// seller is who sells; nobody while that is not filled in.
func (s *shop) seller(ctx context.Context) (orders.Seller, error) {
	seller, err := s.Orders.Seller(ctx)
	if errors.Is(err, orders.ErrNoSeller) {
		return orders.Seller{}, nil
	}
	return seller, err
}

func (s *shop) showInfo(c echo.Context, p infoPage) error {
	cart, err := s.currentCart(c)
	if err != nil {
		return err
	}
	p.Head.Title, p.Head.CartCount = p.Title, pieces(cart)
	p.Head.Canonical = s.PublicURL + c.Request().URL.Path
	return render(c, http.StatusOK, infoView(p))
}

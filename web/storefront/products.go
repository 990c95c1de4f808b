package storefront

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"tsukuriba/catalog"
	"tsukuriba/web/ui"
)

type productsPage struct {
	page
	Title   string
	Lead    string
	Dates   []string // of a season
	Query   string
	Search  bool // show the search field
	Crumbs  []ui.Link
	Filters ui.Filters
	Sorting ui.Sorting
	Sorted  []ui.Kept // the order that is chosen, for a search to stay in it
	Cards   []ui.Product
	Pager   ui.Pager
	Nothing nothing
}

// nothing is what helps whoever found nothing.
type nothing struct {
	Empty   ui.Empty
	Nearest []ui.Product
	Seasons []ui.Section
}

// products lists the shop, or what a search finds in it.
func (s *shop) products(c echo.Context) error {
	asked := shelfOf(c, "/products")
	if tidy := asked.tidy(c); tidy != "" {
		return seeOther(c, tidy)
	}
	frame, err := s.page(c, "")
	if err != nil {
		return err
	}
	p := productsPage{page: frame, Title: frame.All.Products, Query: asked.text, Search: true}
	if asked.text != "" {
		p.Title = fmt.Sprintf(p.Words.List.Results, asked.text)
	}
	p.Head.Title, p.Head.Current, p.Head.Description = p.Title, "/products", p.Words.List.Description
	p.crumb(s, ui.Link{Label: p.All.Products, URL: "/products"})
	return s.showShelf(c, p, asked, asked.collection)
}

// showShelf fills a list with its products, its filters and, if there are none, what may help. A list that is narrowed
// is for people: search engines are led to the whole one.
func (s *shop) showShelf(c echo.Context, p productsPage, asked shelf, collection string) error {
	ctx := c.Request().Context()
	query, err := s.query(ctx, asked)
	if err != nil {
		return err
	}
	query.Collection, query.Cursor = collection, c.QueryParam("cursor")
	list, err := s.Catalog.Products(ctx, query)
	if err != nil {
		return err
	}
	if p.Filters, err = s.filters(ctx, p.page, asked, query); err != nil {
		return err
	}
	p.Cards = p.cards(list.Items)
	p.Sorting, p.Sorted = p.sorting(asked), kept("sort", string(asked.sort))
	p.Head.Canonical, p.Head.NoIndex = s.PublicURL+asked.path, asked.asks()
	p.Head.Image = s.sharePicture()
	p.Pager = p.pager(asked, list.NextCursor)
	if len(p.Cards) == 0 {
		p.Nothing, err = s.nothingFound(ctx, p.page, asked)
	}
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, productsView(p))
}

// nothingFound suggests names that resemble what was looked for, and the seasons.
func (s *shop) nothingFound(ctx context.Context, p page, asked shelf) (nothing, error) {
	empty := ui.Empty{
		Icon: ui.IconSearch, Title: p.Words.List.NoneTitle, Text: p.Words.List.NoneHelp,
		Action: ui.Action{Label: p.Words.List.ShowAll, URL: "/products"},
	}
	if narrowed := asked.whole(); narrowed != asked {
		empty.Title, empty.Text = p.Words.Filter.NothingTitle, p.Words.Filter.NothingHelp
		empty.Action = ui.Action{Label: p.Words.Filter.Clear, URL: narrowed.address()}
	}
	near, err := s.Catalog.Nearest(ctx, asked.text)
	if err != nil {
		return nothing{}, err
	}
	seasons, err := s.Catalog.Collections(ctx)
	return nothing{Empty: empty, Nearest: p.cards(near), Seasons: s.seasons(p, seasons)}, err
}

// searched is a text that can be looked for: bytes that are no letters find nothing.
func searched(typed string) string {
	return strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(typed, "\x00", ""), ""))
}

func (p page) pager(asked shelf, next string) ui.Pager {
	pager := ui.Pager{Label: p.All.LoadMore}
	if next != "" {
		address, query, _ := strings.Cut(asked.address(), "?")
		values, err := url.ParseQuery(query)
		if err == nil {
			values.Set("cursor", next)
			pager.Next = ui.Link{Label: p.All.LoadMore, URL: address + "?" + values.Encode()}
		}
	}
	return pager
}

// cards are products as a list shows them.
func (p page) cards(products []catalog.ProductSummary) []ui.Product {
	cards := make([]ui.Product, len(products))
	for i, product := range products {
		name := p.name(product.Name, product.NameEn)
		cards[i] = ui.Product{
			URL: "/products/" + product.Slug, Name: name, Image: shown(product.Slug, catalog.Angle, 432),
			Alt: fmt.Sprintf(p.Words.Product.PictureAlt, name), Price: product.Price.String(), Note: p.All.TaxIncludedShort,
			Detail: product.Summary,
		}
		if product.Kind == catalog.Personalized {
			cards[i].Price = fmt.Sprintf(p.Words.From, product.Price)
		}
		if product.SoldOut || product.State == catalog.Paused {
			cards[i].Badge = p.All.SoldOut
		}
	}
	return cards
}

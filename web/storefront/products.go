package storefront

import (
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
	Title  string
	Lead   string
	Query  string
	Search bool // show the search field
	Crumbs []ui.Link
	Cards  []ui.Product
	Pager  ui.Pager
}

// products lists the shop, or what a search finds in it.
func (s *shop) products(c echo.Context) error {
	query := catalog.ProductQuery{Text: searched(c.QueryParam("q")), Cursor: c.QueryParam("cursor")}
	frame, err := s.page(c, "")
	if err != nil {
		return err
	}
	list, err := s.Catalog.Products(c.Request().Context(), query)
	if err != nil {
		return err
	}
	p := productsPage{page: frame, Title: frame.All.Products, Query: query.Text, Search: true, Cards: frame.cards(list.Items)}
	if query.Text != "" {
		p.Title, p.Head.NoIndex = fmt.Sprintf(p.Words.List.Results, query.Text), true
	}
	p.Head.Title, p.Head.Current, p.Head.Description = p.Title, "/products", p.Words.List.Description
	p.Crumbs = p.crumbs(ui.Link{Label: p.All.Products})
	p.Pager = p.pager("/products", query, list.NextCursor)
	return render(c, http.StatusOK, productsView(p))
}

// searched is a text that can be looked for: bytes that are no letters find nothing.
func searched(typed string) string {
	return strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(typed, "\x00", ""), ""))
}

func (p page) pager(path string, query catalog.ProductQuery, next string) ui.Pager {
	pager := ui.Pager{Label: p.All.LoadMore}
	if next != "" {
		values := url.Values{"cursor": {next}}
		if query.Text != "" {
			values.Set("q", query.Text)
		}
		pager.Next = ui.Link{Label: p.All.LoadMore, URL: path + "?" + values.Encode()}
	}
	return pager
}

// cards are products as a list shows them.
func (p page) cards(products []catalog.ProductSummary) []ui.Product {
	cards := make([]ui.Product, len(products))
	for i, product := range products {
		name := p.name(product.Name, product.NameEn)
		cards[i] = ui.Product{
			URL: "/products/" + product.Slug, Name: name, Image: picture(product.Slug, catalog.Angle),
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

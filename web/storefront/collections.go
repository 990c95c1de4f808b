package storefront

import (
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"tsukuriba/catalog"
	"tsukuriba/web/ui"
)

type collectionsPage struct {
	page
	Crumbs  []ui.Link
	Seasons []ui.Section
}

func (s *shop) collections(c echo.Context) error {
	frame, err := s.page(c, "")
	if err != nil {
		return err
	}
	found, err := s.Catalog.Collections(c.Request().Context())
	if err != nil {
		return err
	}
	p := collectionsPage{page: frame, Seasons: frame.seasons(found)}
	p.Head.Title, p.Head.Current = p.All.Collections, "/collections"
	p.Crumbs = p.crumbs(ui.Link{Label: p.All.Collections})
	return render(c, http.StatusOK, collectionsView(p))
}

// collection lists the products of a season.
func (s *shop) collection(c echo.Context) error {
	ctx, slug := c.Request().Context(), c.Param("slug")
	frame, err := s.page(c, "")
	if err != nil {
		return err
	}
	season, err := s.Catalog.Collection(ctx, slug)
	if err != nil {
		return err
	}
	query := catalog.ProductQuery{Collection: slug, Cursor: c.QueryParam("cursor")}
	list, err := s.Catalog.Products(ctx, query)
	if err != nil {
		return err
	}
	p := productsPage{page: frame, Title: frame.name(season.Name, season.NameEn), Lead: season.Summary, Cards: frame.cards(list.Items)}
	p.Head.Title, p.Head.Current, p.Head.Description = p.Title, "/collections", season.Summary
	p.Crumbs = p.crumbs(ui.Link{Label: p.All.Collections, URL: "/collections"}, ui.Link{Label: p.Title})
	p.Pager = p.pager("/collections/"+slug, query, list.NextCursor)
	return render(c, http.StatusOK, productsView(p))
}

// seasons are collections with the last day to order, where there is one.
func (p page) seasons(collections []catalog.Collection) []ui.Section {
	seasons := make([]ui.Section, len(collections))
	for i, found := range collections {
		seasons[i] = ui.Section{
			Title: p.name(found.Name, found.NameEn), Lead: found.Summary,
			Link: ui.Link{URL: "/collections/" + found.Slug},
		}
		if !found.ClosesOn.IsZero() {
			seasons[i].Link.Label = fmt.Sprintf(p.Words.Home.OrderBy, p.day(found.ClosesOn))
		}
	}
	return seasons
}

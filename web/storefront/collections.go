package storefront

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"tsukuriba/catalog"
	"tsukuriba/web/ui"
)

type collectionsPage struct {
	page
	Crumbs  []ui.Link
	Seasons []ui.Section

	Closed, Why string // the season that was asked for and is not open
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
	p := collectionsPage{page: frame, Seasons: s.seasons(frame, found)}
	p.Head.Title, p.Head.Current, p.Head.Description = p.All.Collections, "/collections", p.Words.List.CollectionsLead
	p.Head.Canonical, p.Head.Image = s.PublicURL+"/collections", s.sharePicture()
	p.Crumbs = p.crumbs(ui.Link{Label: p.All.Collections, URL: "/collections"})
	p.Head.LinkedData = s.linked(s.breadcrumbs(p.Crumbs))
	return render(c, http.StatusOK, collectionsView(p))
}

// collection lists the products of a season.
func (s *shop) collection(c echo.Context) error {
	slug := c.Param("slug")
	asked := shelfOf(c, "/collections/"+slug)
	asked.collection = ""
	if tidy := asked.tidy(c); tidy != "" {
		return seeOther(c, tidy)
	}
	frame, err := s.page(c, "")
	if err != nil {
		return err
	}
	season, err := s.Catalog.Collection(c.Request().Context(), slug)
	if errors.Is(err, catalog.ErrCollectionNotFound) {
		return s.closedSeason(c, frame, slug)
	}
	if err != nil {
		return err
	}
	p := productsPage{page: frame, Title: frame.name(season.Name, season.NameEn), Lead: season.Summary, Dates: s.dates(frame, season)}
	p.Head.Title, p.Head.Current, p.Head.Description = p.Title, "/collections", season.Summary
	p.crumb(s, ui.Link{Label: p.All.Collections, URL: "/collections"}, ui.Link{Label: p.Title, URL: asked.path})
	return s.showShelf(c, p, asked, slug)
}

// closedSeason says that a season is over or still to come, and what is open instead. Search engines pass over it.
func (s *shop) closedSeason(c echo.Context, frame page, slug string) error {
	ctx := c.Request().Context()
	season, err := s.Catalog.ClosedCollection(ctx, slug)
	if err != nil {
		return err
	}
	open, err := s.Catalog.Collections(ctx)
	if err != nil {
		return err
	}
	p := collectionsPage{page: frame, Closed: frame.name(season.Name, season.NameEn), Seasons: s.seasons(frame, open)}
	p.Why = p.Words.Filter.SeasonOver
	if opens := season.OpensOn; !opens.IsZero() && !s.Catalog.Over(opens) {
		p.Why = fmt.Sprintf(p.Words.Filter.SeasonToCome, p.date(opens))
	}
	p.Head.Title, p.Head.Current, p.Head.NoIndex = p.Closed, "/collections", true
	p.Crumbs = p.crumbs(ui.Link{Label: p.All.Collections, URL: "/collections"}, ui.Link{Label: p.Closed, URL: "/collections/" + slug})
	return render(c, http.StatusOK, closedSeasonView(p))
}

// crumb leads to the page, for people and for search engines.
func (p *productsPage) crumb(s *shop, links ...ui.Link) {
	p.Crumbs = p.crumbs(links...)
	p.Head.LinkedData = s.linked(s.breadcrumbs(p.Crumbs))
}

// seasons are collections with the days that matter to whoever wants something of them.
func (s *shop) seasons(p page, collections []catalog.Collection) []ui.Section {
	seasons := make([]ui.Section, len(collections))
	for i, found := range collections {
		seasons[i] = ui.Section{
			Title: p.name(found.Name, found.NameEn), Lead: found.Summary,
			Link: ui.Link{URL: "/collections/" + found.Slug, Label: strings.Join(s.dates(p, found), " ・ ")},
		}
	}
	return seasons
}

// dates are the days of a season in words: from when to when, and by when to order.
func (s *shop) dates(p page, season catalog.Collection) []string {
	var told []string
	words := p.Words.Filter
	switch {
	case !season.OpensOn.IsZero() && !season.ClosesOn.IsZero():
		told = append(told, fmt.Sprintf(words.Season, p.day(season.OpensOn), p.day(season.ClosesOn)))
	case !season.ClosesOn.IsZero():
		told = append(told, fmt.Sprintf(p.Words.Home.OrderBy, p.day(season.ClosesOn)))
	}
	if season.OrderBy.IsZero() {
		return told
	}
	sentence := words.LastOrder
	if s.Catalog.Over(season.OrderBy) {
		sentence = words.LastOrderOver
	}
	return append(told, fmt.Sprintf(sentence, p.day(season.OrderBy)))
}

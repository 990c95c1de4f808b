package storefront

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"tsukuriba/catalog"
	"tsukuriba/internal/jst"
	"tsukuriba/internal/yen"
	"tsukuriba/web/ui"
)

// shelf is what a list of products is asked to show, as it stands in its address. What is no value of a filter asks
// for nothing.
type shelf struct {
	path       string // of the list
	text       string
	kind       catalog.Kind
	color      string
	price      span
	collection string // chosen among filters; that of a collection's own page is in its path
	shipsBy    string // a date, empty for any
	sort       catalog.Sort
}

// span is a span of prices with both ends, 0 for an open one.
type span struct{ from, until yen.Amount }

func (s span) String() string {
	switch {
	case s == span{}:
		return ""
	case s.until == 0:
		return fmt.Sprintf("%d-", int(s.from))
	default:
		return fmt.Sprintf("%d-%d", int(s.from), int(s.until))
	}
}

func shelfOf(c echo.Context, path string) shelf {
	asked := c.QueryParams()
	s := shelf{path: path, text: searched(asked.Get("q")), collection: asked.Get("collection"), price: spanOf(asked.Get("price"))}
	if kind := catalog.Kind(asked.Get("kind")); slices.Contains(kinds, kind) {
		s.kind = kind
	}
	if color := asked.Get("color"); len(color) <= 40 {
		s.color = color
	}
	if sort := catalog.Sort(asked.Get("sort")); slices.Contains(catalog.Sorts, sort) {
		s.sort = sort
	}
	if _, err := time.Parse(time.DateOnly, asked.Get("ships_by")); err == nil {
		s.shipsBy = asked.Get("ships_by")
	}
	return s
}

// kinds are the kinds of products in the order in which a filter offers them.
var kinds = []catalog.Kind{catalog.Personalized, catalog.Stock, catalog.Digital}

func spanOf(written string) (s span) {
	from, until, spans := strings.Cut(written, "-")
	lowest, err := strconv.ParseUint(cmp.Or(from, "0"), 10, 27)
	highest, err2 := strconv.ParseUint(cmp.Or(until, "0"), 10, 27)
	if !spans || err != nil || err2 != nil {
		return span{}
	}
	return span{yen.Amount(lowest), yen.Amount(highest)}
}

// address is the one address of a list: filters in a fixed order, none that asks for nothing.
func (s shelf) address() string {
	query := url.Values{}
	for name, value := range map[string]string{
		"q": s.text, "kind": string(s.kind), "color": s.color, "price": s.price.String(), "collection": s.collection, "ships_by": s.shipsBy,
		"sort": string(s.sort),
	} {
		if value != "" {
			query.Set(name, value)
		}
	}
	if len(query) == 0 {
		return s.path
	}
	return s.path + "?" + query.Encode()
}

// whole is the list without filters.
func (s shelf) whole() shelf { return shelf{path: s.path, text: s.text, sort: s.sort} }

// asks says whether anything but the path narrows the list.
func (s shelf) asks() bool { return s.address() != s.path }

// tidy is where a form that was sent with empty fields belongs; "" when it is there already.
func (s shelf) tidy(c echo.Context) string {
	query := c.QueryParams()
	empty := false
	for name, values := range query {
		if len(values) == 1 && values[0] == "" {
			query.Del(name)
			empty = true
		}
	}
	if !empty {
		return ""
	}
	if len(query) == 0 {
		return s.path
	}
	return s.path + "?" + query.Encode()
}

// query is the shelf as the catalog understands it.
func (s *shop) query(ctx context.Context, asked shelf) (catalog.ProductQuery, error) {
	query := catalog.ProductQuery{
		Text: asked.text, Collection: asked.collection, Sort: asked.sort,
		Filter: catalog.Filter{Kind: asked.kind, Color: asked.color, PriceFrom: asked.price.from, PriceUntil: asked.price.until},
	}
	if asked.shipsBy == "" {
		return query, nil
	}
	day, err := time.ParseInLocation(time.DateOnly, asked.shipsBy, jst.Zone)
	if err == nil {
		query.Filter.Ready, err = s.Orders.ReadyBy(ctx, day)
	}
	return query, err
}

// filters is the panel that narrows a list: one choice for each filter, with what it would leave.
func (s *shop) filters(ctx context.Context, p page, asked shelf, query catalog.ProductQuery) (ui.Filters, error) {
	facets, err := s.Catalog.Facets(ctx, query)
	if err != nil {
		return ui.Filters{}, err
	}
	days, err := s.Orders.ShipDays(ctx)
	if err != nil {
		return ui.Filters{}, err
	}
	words := p.Words.Filter
	panel := ui.Filters{Label: words.Title, Apply: words.Apply, Address: asked.path}
	panel.Kept = append(kept("q", asked.text), kept("sort", string(asked.sort))...)
	b := filterPanel{page: p, asked: asked, facets: facets}
	panel.Fields = []ui.Field{b.kinds(), b.named("color", words.Color, asked.color, facets.Colors), b.prices(), b.shipping(days)}
	if asked.path == "/products" {
		panel.Fields = append(panel.Fields, b.named("collection", words.Collection, asked.collection, facets.Collections))
	}
	panel.Fields = slices.DeleteFunc(panel.Fields, func(f ui.Field) bool { return len(f.Options) < 2 })
	panel.Active = b.active(panel.Fields)
	if len(panel.Active) > 1 {
		panel.Active = append(panel.Active, ui.Link{Label: words.Clear, URL: asked.whole().address()})
	}
	return panel, nil
}

// filterPanel builds the fields of the panel.
type filterPanel struct {
	page
	asked  shelf
	facets catalog.Facets
}

// option is one value of a filter with its count, where there is one; its detail is the name alone.
func (b filterPanel) option(value, name string, count int) ui.Choice {
	option := ui.Choice{Value: value, Label: name, Detail: name}
	if b.facets.Counted {
		option.Label = fmt.Sprintf(b.Words.Filter.Count, name, count)
	}
	return option
}

// field begins with "all" and keeps the value that is chosen, even if nothing is left of it.
func (b filterPanel) field(name, label, value string, known func(string) string, options []ui.Choice) ui.Field {
	field := ui.Field{Name: name, Label: label, Value: value, Options: append([]ui.Choice{{Label: b.Words.Filter.All}}, options...)}
	chosen := func(o ui.Choice) bool { return o.Value == value }
	if value != "" && !slices.ContainsFunc(options, chosen) {
		field.Options = append(field.Options, b.option(value, known(value), 0))
	}
	return field
}

func (b filterPanel) kinds() ui.Field {
	words := b.Words.Filter
	named := map[string]string{string(catalog.Personalized): words.Personalized, string(catalog.Stock): words.Stock, string(catalog.Digital): words.Digital}
	var options []ui.Choice
	for _, kind := range kinds {
		for _, found := range b.facets.Kinds {
			if found.Key == string(kind) {
				options = append(options, b.option(found.Key, named[found.Key], found.Count))
			}
		}
	}
	return b.field("kind", words.Kind, string(b.asked.kind), func(key string) string { return named[key] }, options)
}

// named is a filter whose values have names of their own.
func (b filterPanel) named(name, label, value string, values []catalog.FacetValue) ui.Field {
	var options []ui.Choice
	for _, found := range values {
		options = append(options, b.option(found.Key, b.name(found.Name, found.NameEn), found.Count))
	}
	return b.field(name, label, value, func(key string) string { return key }, options)
}

func (b filterPanel) prices() ui.Field {
	words := b.Words.Filter
	named := func(written string) string {
		switch s := spanOf(written); {
		case s.from == 0:
			return fmt.Sprintf(words.Below, s.until)
		case s.until == 0:
			return fmt.Sprintf(words.Above, s.from)
		default:
			return fmt.Sprintf(words.Between, s.from, s.until)
		}
	}
	var options []ui.Choice
	for _, found := range b.facets.Prices {
		written := span{found.From, found.Until}.String()
		options = append(options, b.option(written, named(written), found.Count))
	}
	return b.field("price", words.Price, b.asked.price.String(), named, options)
}

// shipping offers the days on which something more would be sent.
func (b filterPanel) shipping(days map[catalog.Kind]time.Time) ui.Field {
	named := func(date string) string {
		day, _ := time.ParseInLocation(time.DateOnly, date, jst.Zone)
		return fmt.Sprintf(b.Words.Filter.By, b.day(day))
	}
	ready := map[string]int{}
	for _, day := range days {
		date := jst.Date(day)
		ready[date] = 0
		for kind, other := range days {
			if jst.Date(other) <= date {
				ready[date] += b.facets.ForSale[kind]
			}
		}
	}
	var options []ui.Choice
	for _, kind := range []catalog.Kind{catalog.Digital, catalog.Stock, catalog.Personalized} {
		date := jst.Date(days[kind])
		if count := ready[date]; count > 0 || !b.facets.Counted {
			options = append(options, b.option(date, named(date), count))
		}
	}
	options = slices.CompactFunc(options, func(a, b ui.Choice) bool { return a.Label == b.Label })
	return b.field("ships_by", b.Words.Filter.ShipsBy, b.asked.shipsBy, named, options)
}

// active are the filters that are set, each with the address of the list without it.
func (b filterPanel) active(fields []ui.Field) []ui.Link {
	var links []ui.Link
	for _, field := range fields {
		if field.Value == "" {
			continue
		}
		for _, option := range field.Options {
			if option.Value == field.Value {
				links = append(links, ui.Link{Label: fmt.Sprintf(b.Words.Filter.Remove, option.Detail), URL: b.asked.without(field.Name).address()})
			}
		}
	}
	return links
}

// without is the list without one of its filters.
func (s shelf) without(name string) shelf {
	switch name {
	case "kind":
		s.kind = ""
	case "color":
		s.color = ""
	case "price":
		s.price = span{}
	case "collection":
		s.collection = ""
	case "ships_by":
		s.shipsBy = ""
	}
	return s
}

// kept is a value for a form to keep, unless it is empty.
func kept(name, value string) []ui.Kept {
	if value == "" {
		return nil
	}
	return []ui.Kept{{Name: name, Value: value}}
}

// sorting leads to the list in each order, from its first page.
func (p page) sorting(asked shelf) ui.Sorting {
	words := p.Words.Filter
	sorting := ui.Sorting{Label: words.Sort}
	for _, sort := range catalog.Sorts {
		other := asked
		other.sort = sort
		sorting.Orders = append(sorting.Orders, ui.NavItem{
			Link: ui.Link{Label: words.Sorts[string(sort)], URL: other.address()}, Current: sort == asked.sort,
		})
	}
	return sorting
}

package catalog

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"tsukuriba/internal/yen"
)

// Facets are how many products of a list there would be with each value of a filter, all other filters staying as they
// are. Values without products are left out.
type Facets struct {
	Counted     bool // false for a search that finds too much to be counted; then there are values without counts
	Total       int
	Kinds       []FacetValue
	Colors      []FacetValue // keys of filaments, in their order
	Prices      []PriceSpan
	Collections []FacetValue // slugs of open collections, in their order
	ForSale     map[Kind]int // by kind, what could be sent
}

// FacetValue is a value of a filter and how many products have it.
type FacetValue struct {
	Key    string
	Name   string // of a color or a collection
	NameEn string
	Count  int
}

// PriceSpan is a span of prices as a shelf would be labelled, both ends included; Until is 0 for the last.
type PriceSpan struct {
	From, Until yen.Amount
	Count       int
}

// priceSpans are the labels of the shelf.
var priceSpans = []PriceSpan{{From: 0, Until: 999}, {From: 1000, Until: 1999}, {From: 2000, Until: 2999}, {From: 3000}}

const (
	mostCounted = 2000             // products a search finds at most to be counted
	facetsKeep  = 10 * time.Second // counts may be that old where nobody listens for changes
)

// Facets counts what a query would list, whatever its page. Errors: ErrCollectionNotFound.
func (s *Service) Facets(ctx context.Context, query ProductQuery) (Facets, error) {
	count := func() (Facets, int, error) {
		facets, err := s.countFacets(ctx, query)
		return facets, facetBytes, err
	}
	var facets Facets
	var err error
	if query.Text != "" {
		facets, _, err = count()
	} else {
		key := strings.Join([]string{"facets", s.today(), query.Collection, query.Filter.key()}, "\x00")
		facets, err = recallFor(s.memory, key, facetsKeep, count)
	}
	if err != nil {
		return Facets{}, fmt.Errorf("count facets: %w", err)
	}
	return facets, nil
}

// facetBytes is about what facets take in memory.
const facetBytes = 2 << 10

func (s *Service) countFacets(ctx context.Context, query ProductQuery) (Facets, error) {
	var collection CollectionID
	var err error
	if query.Collection != "" {
		if collection, err = s.openCollection(ctx, query.Collection); err != nil {
			return Facets{}, err
		}
	}
	c := s.facetStatement(query, collection)
	var rows []facetRow
	if err := s.db.SelectContext(ctx, &rows, c.statement, c.args...); err != nil {
		return Facets{}, err
	}
	facets := Facets{Counted: true, ForSale: map[Kind]int{}}
	for _, row := range rows {
		facets.take(row)
	}
	if !facets.Counted {
		facets.forgetCounts()
	}
	return facets, nil
}

// facetRow is a count as the database tells it.
type facetRow struct {
	Facet  string `db:"facet"`
	Key    string `db:"key"`
	Name   string `db:"name"`
	NameEn string `db:"name_en"`
	Count  int    `db:"count"`
	Place  int    `db:"place"`
}

// take files a count where it belongs.
func (f *Facets) take(row facetRow) {
	value := FacetValue{row.Key, row.Name, row.NameEn, row.Count}
	switch row.Facet {
	case "found":
		f.Counted = row.Count <= mostCounted
	case "total":
		f.Total = row.Count
	case "kind":
		f.Kinds = append(f.Kinds, value)
	case "color":
		f.Colors = append(f.Colors, value)
	case "collection":
		f.Collections = append(f.Collections, value)
	case "for_sale":
		f.ForSale[Kind(row.Key)] = row.Count
	case "price":
		span := priceSpans[row.Place]
		span.Count = row.Count
		f.Prices = append(f.Prices, span)
	}
}

// forgetCounts leaves the values of a search that was only counted in part.
func (f *Facets) forgetCounts() {
	f.Total, f.ForSale = 0, map[Kind]int{}
	for _, values := range [][]FacetValue{f.Kinds, f.Colors, f.Collections} {
		for i := range values {
			values[i].Count = 0
		}
	}
	for i := range f.Prices {
		f.Prices[i].Count = 0
	}
}

// facetStatement reads what the text finds once, with what each filter says about it, and counts that for every facet
// without its own filter.
func (s *Service) facetStatement(query ProductQuery, collection CollectionID) *conditions {
	c := &conditions{}
	c.add(shown)
	limit := ""
	if folded := query.folded(); folded != "" {
		c.grams(folded)
		c.spell(folded, 3)
		limit = "LIMIT " + strconv.Itoa(mostCounted+1)
	}
	n := c.narrow(query.Filter, collection)
	today := c.value(s.today())
	c.statement = `
		WITH found AS MATERIALIZED (
			SELECT p.id, p.kind, p.colors, CASE ` + spanOfPrice() + ` END AS span,
			       ` + n.kind + ` AS by_kind, ` + n.color + ` AS by_color, ` + n.price + ` AS by_price,
			       ` + n.ready + ` AS by_ready, ` + n.collection + ` AS by_collection, ` + forSale + ` AS for_sale
			FROM products p
			WHERE ` + c.String() + `
			` + limit + `
		)
		SELECT 'found' AS facet, '' AS key, '' AS name, '' AS name_en, count(*), 0 AS place FROM found
		UNION ALL
		SELECT 'total', '', '', '', count(*), 0 FROM found WHERE by_kind AND by_color AND by_price AND by_ready AND by_collection
		UNION ALL
		SELECT 'kind', kind, '', '', count(*), 0 FROM found WHERE by_color AND by_price AND by_ready AND by_collection GROUP BY kind
		UNION ALL
		SELECT 'price', span::text, '', '', count(*), span FROM found WHERE by_kind AND by_color AND by_ready AND by_collection GROUP BY span
		UNION ALL
		SELECT 'for_sale', kind, '', '', count(*), 0 FROM found WHERE by_kind AND by_color AND by_price AND by_collection AND for_sale GROUP BY kind
		UNION ALL
		SELECT 'color', fc.key, fc.name, fc.name_en, count(*), fc.position
		FROM found
		JOIN filament_colors fc ON fc.available AND (found.colors IS NULL OR fc.key = ANY(found.colors))
		WHERE by_kind AND by_price AND by_ready AND by_collection
		GROUP BY fc.key
		UNION ALL
		SELECT 'collection', season.slug, season.name, season.name_en, count(*), season.position
		FROM found
		JOIN collection_products member ON member.product_id = found.id
		JOIN collections season ON season.id = member.collection_id
		WHERE by_kind AND by_color AND by_price AND by_ready
			AND (season.opens_on IS NULL OR season.opens_on <= ` + today + `::date)
			AND (season.closes_on IS NULL OR season.closes_on >= ` + today + `::date)
		GROUP BY season.id
		ORDER BY 1, 6, 2`
	return c
}

// spanOfPrice is which of the spans a price lies in.
func spanOfPrice() string {
	var cases strings.Builder
	for i, span := range priceSpans {
		fmt.Fprintf(&cases, "WHEN p.price_yen BETWEEN %d AND %d THEN %d ", span.From, highest(span.Until), i)
	}
	return cases.String()
}

package catalog

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"tsukuriba/catalog/tag"
)

// autumnShop has a few products that differ in everything a filter asks for.
func autumnShop(t *testing.T) *Service {
	t.Helper()
	s, _ := open(t)
	plate := func(base, text string) *Sample {
		return &Sample{BaseColor: base, TextColor: text, Spec: tag.DefaultSpec("あ", tag.MPlusRoundedExtraBold)}
	}
	tagged := nameTag()
	tagged.Variants = []Variant{{SKU: "tag"}}
	for i, p := range []Product{
		tagged,
		{Slug: "pumpkin", Name: "かぼちゃ", Price: 660, Sample: plate("kaki", "sumi"), Variants: []Variant{{SKU: "a", Tracked: true, OnHand: 2}}},
		{Slug: "moon", Name: "月", Price: 2000, Sample: plate("kinari", "sumi"), Variants: []Variant{{SKU: "b", Tracked: true}}},
		{Slug: "house", Name: "家", Price: 5000, State: Paused, Variants: []Variant{{SKU: "c"}}},
	} {
		p.Position = i
		save(t, s, p)
	}
	if _, err := s.SaveCollection(t.Context(), author, Collection{Slug: "autumn", Name: "秋"}, []string{"moon", "pumpkin"}); err != nil {
		t.Fatal(err)
	}
	closed := Collection{Slug: "closed", Name: "おわり", ClosesOn: november().AddDate(0, 0, -10)}
	if _, err := s.SaveCollection(t.Context(), author, closed, []string{"moon"}); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestProducts_filter(t *testing.T) {
	t.Parallel()
	s := autumnShop(t)
	for _, test := range []struct {
		query ProductQuery
		want  []string
	}{
		{ProductQuery{Filter: Filter{Kind: Personalized}}, []string{"name-tag"}},
		{ProductQuery{Filter: Filter{Color: "sumi"}}, []string{"name-tag", "pumpkin", "moon"}},
		{ProductQuery{Filter: Filter{Color: "kaki"}}, []string{"name-tag", "pumpkin"}},
		{ProductQuery{Filter: Filter{Color: "'; --"}}, []string{"name-tag"}}, // a tag has any color; which, its own page says
		{ProductQuery{Filter: Filter{PriceFrom: 1100, PriceUntil: 2000}}, []string{"name-tag", "moon"}},
		{ProductQuery{Filter: Filter{PriceFrom: 2001}}, []string{"house"}},
		{ProductQuery{Filter: Filter{PriceUntil: 660}}, []string{"pumpkin"}},
		{ProductQuery{Filter: Filter{Ready: []Kind{Stock}}}, []string{"pumpkin"}}, // not what is sold out or paused
		{ProductQuery{Filter: Filter{Ready: []Kind{Stock, Personalized}}}, []string{"name-tag", "pumpkin"}},
		{ProductQuery{Filter: Filter{Ready: []Kind{}}}, []string{}},
		{ProductQuery{Collection: "autumn"}, []string{"moon", "pumpkin"}},
		{ProductQuery{Collection: "autumn", Filter: Filter{Color: "sumi"}}, []string{"moon", "pumpkin"}}, // in the order of the collection
		{ProductQuery{Collection: "autumn", Filter: Filter{Kind: Stock, PriceUntil: 999}}, []string{"pumpkin"}},
		{ProductQuery{Collection: "autumn", Text: "月"}, []string{"moon"}},
		{ProductQuery{Text: "月", Filter: Filter{PriceUntil: 999}}, []string{}},
	} {
		page, err := s.Products(t.Context(), test.query)
		if got := slugsOf(page); err != nil || !slices.Equal(got, test.want) {
			t.Errorf("%+v lists %v, %v, want %v", test.query, got, err, test.want)
		}
		facets, err := s.Facets(t.Context(), test.query)
		if err != nil || facets.Total != len(test.want) {
			t.Errorf("%+v counts %d, %v, want %d", test.query, facets.Total, err, len(test.want))
		}
	}
	if _, err := s.Facets(t.Context(), ProductQuery{Collection: "closed"}); !errors.Is(err, ErrCollectionNotFound) {
		t.Errorf("a closed collection is counted: %v", err)
	}
}

func TestFacets_leave_out_their_own_filter(t *testing.T) {
	t.Parallel()
	s := autumnShop(t)
	facets, err := s.Facets(t.Context(), ProductQuery{Filter: Filter{Kind: Stock, PriceUntil: 999}})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := counts(facets.Kinds), map[string]int{"stock": 1}; !maps.Equal(got, want) {
		t.Errorf("kinds %v, want %v", got, want)
	}
	if got, want := facets.Prices, []PriceSpan{{0, 999, 1}, {2000, 2999, 1}, {3000, 0, 1}}; !slices.Equal(got, want) {
		t.Errorf("prices %v, want %v", got, want)
	}
	if got, want := counts(facets.Colors), map[string]int{"kaki": 1, "sumi": 1}; !maps.Equal(got, want) {
		t.Errorf("colors %v, want %v", got, want)
	}
	if got, want := counts(facets.Collections), map[string]int{"autumn": 1}; !maps.Equal(got, want) {
		t.Errorf("collections %v, want %v", got, want)
	}
	if want := map[Kind]int{Stock: 1}; !maps.Equal(facets.ForSale, want) {
		t.Errorf("for sale %v, want %v", facets.ForSale, want)
	}
}

func counts(values []FacetValue) map[string]int {
	counted := map[string]int{}
	for _, value := range values {
		counted[value.Key] = value.Count
	}
	return counted
}

func TestFacets_follow_what_this_process_writes(t *testing.T) {
	t.Parallel()
	s := autumnShop(t)
	for _, want := range []int{4, 5} {
		facets, err := s.Facets(t.Context(), ProductQuery{})
		if err != nil || facets.Total != want {
			t.Errorf("%d products counted, %v, want %d", facets.Total, err, want)
		}
		save(t, s, Product{Slug: "new", Name: "新しい品"})
	}
}

// TestProducts_pages_stay_right_while_products_arrive turns pages while somebody adds products before and after the
// reader's place: whatever was there from the beginning is shown once.
func TestProducts_pages_stay_right_while_products_arrive(t *testing.T) {
	t.Parallel()
	for name, query := range map[string]ProductQuery{
		"list": {}, "search": {Text: "木の"}, "filter": {Filter: Filter{PriceFrom: 100}}, "collection": {Collection: "all"},
		"by_price": {Sort: CheapestFirst}, "by_price_downwards": {Sort: DearestFirst, Text: "木の"}, "newest": {Sort: NewestFirst},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _ := open(t)
			var slugs []string
			for i := range 12 {
				slugs = append(slugs, save(t, s, Product{Slug: fmt.Sprintf("p-%02d", i), Name: "木の品", Price: 500, Position: 10 * i}).Slug)
			}
			if _, err := s.SaveCollection(t.Context(), author, Collection{Slug: "all", Name: "すべて"}, slugs); err != nil {
				t.Fatal(err)
			}
			seen, query := map[string]int{}, query
			query.Limit = 5
			for turn := 0; turn == 0 || query.Cursor != ""; turn++ {
				page, err := s.Products(t.Context(), query)
				if err != nil {
					t.Fatal(err)
				}
				for _, p := range page.Items {
					seen[p.Slug]++
				}
				query.Cursor = page.NextCursor
				for _, position := range []int{5, 55, 115} {
					save(t, s, Product{Slug: fmt.Sprintf("new-%d-%d", turn, position), Name: "木の品", Price: 500, Position: position})
				}
			}
			for _, slug := range slugs {
				if seen[slug] != 1 {
					t.Errorf("%s is shown %d times", slug, seen[slug])
				}
			}
		})
	}
}

// TestSearch_glance_and_index_agree: what is found among the next products of the list is what the index finds.
func TestSearch_glance_and_index_agree(t *testing.T) {
	t.Parallel()
	s, _ := openDemo(t)
	for _, text := range []string{"名", "なまえ", "犬 猫", "タグ 2026", "a", "name", "ひもを", "ー", "鯨", "迷子札"} {
		for _, sort := range Sorts {
			query := ProductQuery{Text: text, Sort: sort}
			order := query.order(CollectionID{})
			w := wanted{query, order, order.start(), CollectionID{}, sought(text)}
			near, err := s.read(t.Context(), w, w.next())
			all, err2 := s.read(t.Context(), w, w.all())
			if err := errors.Join(err, err2); err != nil || !slices.Equal(slugsOf(near), slugsOf(all)) {
				t.Errorf("%s, %s: the list has %v, the index %v, %v", text, sort, slugsOf(near), slugsOf(all), err)
			}
		}
	}
}

func TestNearest(t *testing.T) {
	t.Parallel()
	s, _ := openDemo(t)
	for typed, want := range map[string]string{
		"なまへタグ": "name-tag", "ドアープレト": "door-plate", "迷い子札": "pet-tag", "ネームタグ nametag": "name-tag", "Halowen": "halloween-2026",
		"鯨": "", "": "", "量子力学": "",
	} {
		near, err := s.Nearest(t.Context(), typed)
		got := ""
		if len(near) > 0 {
			got = near[0].Slug
		}
		if err != nil || got != want {
			t.Errorf("nearest to %s is %q, %v, want %q", typed, got, err, want)
		}
	}
}

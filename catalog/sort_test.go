package catalog

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// pricedShop has products in another order by place, price and arrival; two prices are shared.
func pricedShop(t *testing.T) *Service {
	t.Helper()
	s, _ := open(t)
	for _, p := range []Product{
		{Slug: "b", Price: 300, Position: 2},
		{Slug: "d", Price: 100, Position: 4},
		{Slug: "hidden", Price: 200, Position: 1, State: Draft},
		{Slug: "a", Price: 300, Position: 1},
		{Slug: "e", Price: 200, Position: 5, State: Paused},
		{Slug: "c", Price: 100, Position: 3},
	} {
		p.Name = "木の品"
		save(t, s, p)
	}
	if _, err := s.SaveCollection(t.Context(), author, Collection{Slug: "some", Name: "季節"}, []string{"e", "b", "d", "a"}); err != nil {
		t.Fatal(err)
	}
	return s
}

// turned are the slugs of all pages of a query.
func turned(t *testing.T, s *Service, query ProductQuery) (slugs []string) {
	t.Helper()
	for first := true; first || query.Cursor != ""; first = false {
		page, err := s.Products(t.Context(), query)
		if err != nil {
			t.Fatalf("%+v: %v", query, err)
		}
		slugs = append(slugs, slugsOf(page)...)
		query.Cursor = page.NextCursor
	}
	return slugs
}

func TestProducts_sort(t *testing.T) {
	t.Parallel()
	s := pricedShop(t)
	for _, test := range []struct {
		sort            Sort
		all, collection string
	}{
		{ByPlace, "a b c d e", "e b d a"},
		{CheapestFirst, "d c e b a", "d e b a"}, // of equals the one that came first
		{DearestFirst, "a b e c d", "a b e d"},  // the same backwards
		{NewestFirst, "c e a d b", "e a d b"},
		{"price; DROP TABLE products", "a b c d e", "e b d a"},
	} {
		for limit := 1; limit <= 6; limit++ {
			for asked, want := range map[*ProductQuery]string{
				{}: test.all, {Text: "木の"}: test.all, {Text: "木"}: test.all, {Filter: Filter{PriceFrom: 1}}: test.all,
				{Collection: "some"}: test.collection, {Collection: "some", Text: "木の", Filter: Filter{Kind: Stock}}: test.collection,
				{Filter: Filter{PriceFrom: 201}}: strings.Join(slices.DeleteFunc(strings.Fields(test.all), func(slug string) bool {
					return strings.Contains("cde", slug)
				}), " "),
			} {
				query := *asked
				query.Sort, query.Limit = test.sort, limit
				if got := strings.Join(turned(t, s, query), " "); got != want {
					t.Errorf("%+v lists %s, want %s", query, got, want)
				}
			}
		}
	}
}

func TestProducts_sort_stays_after_an_edit(t *testing.T) {
	t.Parallel()
	s := pricedShop(t)
	save(t, s, Product{Slug: "b", Name: "木の品", Price: 50})
	if got := turned(t, s, ProductQuery{Sort: NewestFirst}); got[4] != "b" {
		t.Errorf("an edited product is newer than it was: %v", got)
	}
	save(t, s, Product{Slug: "hidden", Name: "木の品", Price: 200})
	if got := turned(t, s, ProductQuery{Sort: NewestFirst}); got[0] != "hidden" {
		t.Errorf("what was a draft until now is not the newest: %v", got)
	}
	if got := turned(t, s, ProductQuery{Sort: CheapestFirst}); got[0] != "b" {
		t.Errorf("a new price is not seen: %v", got)
	}
}

func TestProducts_cursor(t *testing.T) {
	t.Parallel()
	s := pricedShop(t)
	lists := []ProductQuery{{}, {Sort: CheapestFirst}, {Sort: DearestFirst}, {Sort: NewestFirst}, {Collection: "some"}}
	for i, list := range lists {
		list.Limit = 2
		page, err := s.Products(t.Context(), list)
		if err != nil || page.NextCursor == "" {
			t.Fatalf("%+v has one page, %v", list, err)
		}
		for j, other := range lists {
			other.Cursor = page.NextCursor
			if _, err := s.Products(t.Context(), other); i != j && !errors.Is(err, ErrOtherOrder) || i == j && err != nil {
				t.Errorf("a cursor of %+v with %+v: %v", list, other, err)
			}
		}
		for _, broken := range broken(page.NextCursor) {
			list.Cursor = broken
			if _, err := s.Products(t.Context(), list); !errors.Is(err, ErrBadCursor) {
				t.Errorf("%s instead of %s: %v, want %v", broken, page.NextCursor, err, ErrBadCursor)
			}
		}
	}
	list := ProductQuery{Collection: "some", Sort: DearestFirst, Limit: 1}
	page, err := s.Products(t.Context(), list)
	if err != nil {
		t.Fatal(err)
	}
	narrower := ProductQuery{Sort: DearestFirst, Cursor: page.NextCursor, Text: "木の", Filter: Filter{PriceUntil: 200}}
	if got := turned(t, s, narrower); !slices.Equal(got, []string{"e", "c", "d"}) {
		t.Errorf("a narrower list in the same order goes on with %v", got)
	}
}

// broken are the cursors that one becomes when a letter is lost, changed or added.
func broken(cursor string) []string {
	all := []string{cursor + "A", cursor + "=", "A" + cursor, cursor + cursor, strings.ToLower(cursor), "\x00" + cursor[1:]}
	for i := range cursor {
		other := "A"
		if cursor[i:i+1] == other {
			other = "B"
		}
		all = append(all, cursor[:i]+cursor[i+1:], cursor[:i]+other+cursor[i+1:], fmt.Sprintf("%s%%%s", cursor[:i], cursor[i+1:]))
	}
	return all
}

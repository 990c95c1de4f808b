package catalog

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
)

func TestProducts_pages_show_everything_once(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	want := map[string]bool{}
	for i := range 23 {
		p := save(t, s, Product{Slug: fmt.Sprintf("p-%d", i), Name: "品", Position: i / 5})
		want[p.Slug] = true
	}
	query, last := ProductQuery{Limit: 4}, place{}
	for pages := 0; ; pages++ {
		page, err := s.Products(t.Context(), query)
		if err != nil || pages > 6 {
			t.Fatalf("page %d: %v", pages, err)
		}
		for _, p := range page.Items {
			if !want[p.Slug] || p.number < last.number {
				t.Errorf("%s comes twice or too late", p.Slug)
			}
			delete(want, p.Slug)
			last = place{p.number, p.ID}
		}
		if query.Cursor = page.NextCursor; query.Cursor == "" {
			break
		}
	}
	if len(want) > 0 {
		t.Errorf("never shown: %v", want)
	}
}

func TestProducts_shows_what_may_be_seen(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	for i, state := range []State{Draft, Published, Paused, Retired} {
		save(t, s, Product{Slug: string(state), Name: "品", State: state, Position: i})
	}
	page, err := s.Products(t.Context(), ProductQuery{})
	if got := slugsOf(page); err != nil || !slices.Equal(got, []string{"published", "paused"}) || page.NextCursor != "" {
		t.Errorf("Products = %v, %v", got, err)
	}
	for _, state := range []State{Draft, Retired, "other"} {
		if _, err := s.Product(t.Context(), string(state)); !errors.Is(err, ErrProductNotFound) {
			t.Errorf("Product(%s): %v, want %v", state, err, ErrProductNotFound)
		}
	}
	if p, err := s.Product(t.Context(), "paused"); err != nil || p.State != Paused {
		t.Errorf("Product(paused) = %v, %v", p.State, err)
	}
}

func TestProducts_sold_out(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	for slug, variants := range map[string][]Variant{
		"a-left":      {{SKU: "a", Tracked: true}, {SKU: "b", Tracked: true, OnHand: 1}},
		"b-none":      {{SKU: "c", Tracked: true}},
		"c-uncounted": {{SKU: "d"}},
	} {
		save(t, s, Product{Slug: slug, Name: "品", Position: int(slug[0]), Variants: variants})
	}
	page, err := s.Products(t.Context(), ProductQuery{})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []bool{false, true, false} {
		if page.Items[i].SoldOut != want {
			t.Errorf("%s: sold out = %v", page.Items[i].Slug, !want)
		}
	}
}

func TestProducts_sold_out_follows_the_stock(t *testing.T) {
	t.Parallel()
	s, db := open(t)
	save(t, s, Product{Slug: "a", Name: "品", Position: 1, Variants: []Variant{{SKU: "1", Tracked: true, OnHand: 2}, {SKU: "2"}}})
	save(t, s, Product{Slug: "b", Name: "品", Position: 2})
	for _, step := range []struct {
		change   string
		soldOutA bool
		soldOutB bool
	}{
		{`UPDATE variants SET reserved = 1 WHERE sku = '1'`, false, true},
		{`UPDATE variants SET reserved = 2 WHERE sku = '1'`, false, true},
		{`UPDATE variants SET tracked = true WHERE sku = '2'`, true, true},
		{`UPDATE variants SET on_hand = 5`, false, true},
		{`UPDATE variants SET product_id = (SELECT id FROM products WHERE slug = 'b') WHERE sku = '1'`, false, false},
		{`DELETE FROM variants WHERE sku = '2'`, true, false},
		{`DELETE FROM variants`, true, true},
	} {
		if _, err := db.Exec(step.change); err != nil {
			t.Fatal(err)
		}
		page, err := s.Products(t.Context(), ProductQuery{})
		if err != nil {
			t.Fatal(err)
		}
		if a, b := page.Items[0].SoldOut, page.Items[1].SoldOut; a != step.soldOutA || b != step.soldOutB {
			t.Errorf("after %s: sold out = %v, %v", step.change, a, b)
		}
	}
}

func TestProducts_sold_out_when_all_variants_go_at_once(t *testing.T) {
	t.Parallel()
	s, db := open(t)
	variants := shelves(t, s, 1, 1, 1, 1, 1, 1)
	for round := range 10 {
		for _, do := range []func(context.Context, *sqlx.Tx, []StockChange) error{s.Reserve, s.Release} {
			var all sync.WaitGroup
			for _, variant := range variants {
				all.Go(func() {
					if err := in(t.Context(), db, do, StockChange{variant.ID, 1}); err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
			_, reserved := stockOf(t, db, variants[0].ID)
			page, err := s.Products(t.Context(), ProductQuery{})
			if err != nil || page.Items[0].SoldOut != (reserved == 1) {
				t.Fatalf("round %d: %d of 1 reserved each, sold out = %v, %v", round, reserved, page.Items[0].SoldOut, err)
			}
		}
	}
}

func TestProducts_are_planned_once(t *testing.T) {
	t.Parallel()
	s, db := open(t)
	db.SetMaxOpenConns(1)
	save(t, s, Product{Slug: "a", Name: "品"})
	if _, err := s.SaveCollection(t.Context(), author, Collection{Slug: "season", Name: "季節"}, []string{"a"}); err != nil {
		t.Fatal(err)
	}
	db.MustExec(`
		INSERT INTO products (id, slug, name, kind, state, price_yen, position, width_mm, depth_mm, height_mm)
		SELECT gen_random_uuid(), 'p-' || n, '品', 'stock', 'published', 1100, n, 100, 80, 20
		FROM generate_series(1, 10000) n`)
	db.MustExec(`ANALYZE products`)
	for range 10 { // PostgreSQL plans the first five with their values in any case
		for _, query := range []ProductQuery{{}, {Limit: 100}, {Collection: "season"}, {Sort: CheapestFirst}, {Sort: DearestFirst}, {Sort: NewestFirst}} {
			if _, err := s.Products(t.Context(), query); err != nil {
				t.Fatal(err)
			}
		}
	}
	var plannedOnce int
	if err := db.Get(&plannedOnce, `SELECT count(*) FROM pg_prepared_statements WHERE generic_plans = 5 AND statement LIKE '%ORDER BY%LIMIT%'`); err != nil || plannedOnce != 6 {
		t.Errorf("%d of 6 lists are planned once, %v", plannedOnce, err)
	}
}

func TestProducts_bad_queries(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	for _, cursor := range []string{"x", "あ", "AAAA", "\x00", place{}.cursor(order{}) + "AA", "' OR 1=1"} {
		if _, err := s.Products(t.Context(), ProductQuery{Cursor: cursor}); !errors.Is(err, ErrBadCursor) {
			t.Errorf("cursor %q: %v, want %v", cursor, err, ErrBadCursor)
		}
	}
	for _, collection := range []string{"none", "\x00", "\xff", "A B"} {
		if _, err := s.Products(t.Context(), ProductQuery{Collection: collection}); !errors.Is(err, ErrCollectionNotFound) {
			t.Errorf("collection %q: %v, want %v", collection, err, ErrCollectionNotFound)
		}
		if _, err := s.Product(t.Context(), collection); !errors.Is(err, ErrProductNotFound) {
			t.Errorf("product %q: %v, want %v", collection, err, ErrProductNotFound)
		}
	}
	for limit, want := range map[int]int{-1: 24, 0: 24, 1: 1, 100: 100, 1e9: 100} {
		if got := (ProductQuery{Limit: limit}).limit(); got != want {
			t.Errorf("limit %d means %d, want %d", limit, got, want)
		}
	}
}

func TestCollections_open_on_their_days_in_Tokyo(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	day := func(d int) time.Time { return time.Date(2026, time.November, d, 0, 0, 0, 0, time.UTC) }
	for _, c := range []Collection{
		{Slug: "always"},
		{Slug: "ended-yesterday", ClosesOn: day(22)},
		{Slug: "last-day", OpensOn: day(1), ClosesOn: day(23)},
		{Slug: "first-day", OpensOn: day(23)},
		{Slug: "from-tomorrow", OpensOn: day(24)},
	} {
		c.Name = c.Slug
		if _, err := s.SaveCollection(t.Context(), author, c, nil); err != nil {
			t.Fatal(err)
		}
	}
	open, err := s.Collections(t.Context())
	var got []string
	for _, c := range open {
		got = append(got, c.Slug)
	}
	if err != nil || !slices.Equal(got, []string{"always", "last-day", "first-day"}) {
		t.Errorf("Collections = %v, %v", got, err)
	}
	if c, err := s.Collection(t.Context(), "last-day"); err != nil || !c.ClosesOn.Equal(day(23)) {
		t.Errorf("Collection = %v, %v", c, err)
	}
	if _, err := s.Collection(t.Context(), "from-tomorrow"); !errors.Is(err, ErrCollectionNotFound) {
		t.Errorf("Collection before it opens: %v", err)
	}
}

func TestProducts_of_a_collection(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	for _, slug := range []string{"a", "b", "c"} {
		save(t, s, Product{Slug: slug, Name: "品"})
	}
	season := Collection{Slug: "season", Name: "季節"}
	for _, products := range [][]string{{"a"}, {"c", "a"}} {
		if _, err := s.SaveCollection(t.Context(), author, season, products); err != nil {
			t.Fatal(err)
		}
	}
	first, err := s.Products(t.Context(), ProductQuery{Collection: "season", Limit: 1})
	if err != nil || !slices.Equal(slugsOf(first), []string{"c"}) {
		t.Fatalf("first page = %v, %v", slugsOf(first), err)
	}
	second, err := s.Products(t.Context(), ProductQuery{Collection: "season", Limit: 1, Cursor: first.NextCursor})
	if err != nil || !slices.Equal(slugsOf(second), []string{"a"}) || second.NextCursor != "" {
		t.Errorf("second page = %v, %v", slugsOf(second), err)
	}
	if _, err := s.SaveCollection(t.Context(), author, season, []string{"a", "gone"}); !errors.Is(err, ErrProductNotFound) {
		t.Errorf("collection of an unknown product: %v, want %v", err, ErrProductNotFound)
	}
}

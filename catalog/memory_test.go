package catalog

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"tsukuriba/internal/postgres/testdb"
)

// listenDemo is a catalog that hears of changes, and the address of its database.
func listenDemo(t *testing.T) (*Service, string) {
	t.Helper()
	dsn := testdb.DSN(t)
	s, _ := openOn(t, testdb.Open(t, dsn))
	if err := s.SeedDemo(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Listen(ctx, dsn) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	eventually(t, func() bool {
		s.memory.mu.Lock()
		defer s.memory.mu.Unlock()
		return s.memory.listening
	})
	return s, dsn
}

func eventually(t *testing.T, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !holds(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("it did not come true in time")
		}
	}
}

// firstName renders a page as the name of its first product and counts how often.
func firstName(t *testing.T, s *Service, query ProductQuery, rendered *int) string {
	t.Helper()
	content, err := s.Rendered(t.Context(), "name", query, func(page Page[ProductSummary]) ([]byte, error) {
		*rendered++
		return []byte(page.Items[0].Name), nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func TestRendered_until_another_process_changes_something(t *testing.T) {
	t.Parallel()
	s, dsn := listenDemo(t)
	other := testdb.Open(t, dsn)
	for change, statement := range map[string]string{
		"a product":      `UPDATE products SET updated_at = now()`,
		"a collection":   `UPDATE collections SET position = position + 1`,
		"its products":   `DELETE FROM collection_products`,
		"a color":        `UPDATE filament_colors SET available = true`,
		"a price":        `UPDATE variants SET price_yen = price_yen + 1`,
		"the last piece": `UPDATE variants SET reserved = on_hand WHERE tracked`,
	} {
		var rendered int
		firstName(t, s, ProductQuery{}, &rendered)
		eventually(t, func() bool { // an earlier notification may still be under way
			before := rendered
			firstName(t, s, ProductQuery{}, &rendered)
			return rendered == before
		})
		if _, err := other.Exec(statement); err != nil {
			t.Fatal(err)
		}
		before := rendered
		eventually(t, func() bool {
			firstName(t, s, ProductQuery{}, &rendered)
			return rendered > before
		})
		t.Logf("%s was heard of", change)
	}
}

func TestRendered_stays_when_stock_only_shrinks(t *testing.T) {
	t.Parallel()
	s, dsn := listenDemo(t)
	other := testdb.Open(t, dsn)
	heard := func() int {
		s.memory.mu.Lock()
		defer s.memory.mu.Unlock()
		return s.memory.changes
	}
	before := heard()
	if _, err := other.Exec(`UPDATE variants SET reserved = reserved + 1 WHERE tracked`); err != nil {
		t.Fatal(err)
	}
	if _, err := other.Exec(`NOTIFY catalog_changed, 'marker'`); err != nil {
		t.Fatal(err)
	}
	eventually(t, func() bool { return heard() > before })
	if got := heard() - before; got != 1 {
		t.Errorf("%d changes were heard of, want only the marker", got)
	}
}

func TestRendered_own_changes_at_once(t *testing.T) {
	t.Parallel()
	s, _ := listenDemo(t)
	var rendered int
	firstName(t, s, ProductQuery{}, &rendered)
	product := nameTag()
	product.Name, product.State, product.Routing = "あたらしい名", Published, "name-tag"
	save(t, s, product)
	if got := firstName(t, s, ProductQuery{}, &rendered); got != "あたらしい名" {
		t.Errorf("the page still shows %s", got)
	}
}

func TestRendered_tells_queries_apart(t *testing.T) {
	t.Parallel()
	s, _ := listenDemo(t)
	var rendered int
	for _, test := range []struct {
		query ProductQuery
		want  string
	}{
		{ProductQuery{}, "なまえタグ"},
		{ProductQuery{Collection: "winter-gifts-2026"}, "もじチャーム"},
		{ProductQuery{Text: "迷子"}, "迷子札"},
		{ProductQuery{Cursor: place{20, ProductID{0xff}}.cursor(order{})}, "かばんの名札"},
		{ProductQuery{Filter: Filter{Kind: Stock}}, "ハロウィンのタグ 2026"},
		{ProductQuery{Filter: Filter{PriceFrom: 2000}}, "ドアプレート"},
		{ProductQuery{Filter: Filter{PriceUntil: 1000}}, "もじチャーム"},
		{ProductQuery{Sort: DearestFirst}, "ドアプレート"},
	} {
		for range 2 {
			if got := firstName(t, s, test.query, &rendered); got != test.want {
				t.Errorf("%+v shows %s, want %s", test.query, got, test.want)
			}
		}
	}
}

func TestRendered_without_listening_is_always_fresh(t *testing.T) {
	t.Parallel()
	s, db := openDemo(t)
	var rendered int
	firstName(t, s, ProductQuery{}, &rendered)
	if _, err := db.Exec(`UPDATE products SET name = '改' WHERE slug = 'name-tag'`); err != nil {
		t.Fatal(err)
	}
	if got := firstName(t, s, ProductQuery{}, &rendered); got != "改" {
		t.Errorf("the page still shows %s", got)
	}
}

func TestRecall_never_keeps_what_was_read_before_a_change(t *testing.T) {
	t.Parallel()
	m := newMemory()
	m.forget(true)
	read := func(value string, meanwhile func()) string {
		got, err := recall(m, "key", func() (string, int, error) {
			meanwhile()
			return value, 1, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	nothing := func() {}
	if got := read("old", m.changed); got != "old" {
		t.Errorf("read %s", got)
	}
	if got := read("new", nothing); got != "new" {
		t.Errorf("read %s, which was read before the change", got)
	}
	if got := read("newer", nothing); got != "new" {
		t.Errorf("read %s, want the kept value", got)
	}
	m.forget(false)
	if got := read("unheard", nothing); got != "unheard" {
		t.Errorf("read %s after nobody listened", got)
	}
	if got := read("again", nothing); got != "again" {
		t.Errorf("%s was kept although nobody listens", got)
	}
}

func TestRecall_does_not_keep_errors(t *testing.T) {
	t.Parallel()
	m := newMemory()
	m.forget(true)
	broken := errors.New("broken")
	if _, err := recall(m, "key", func() (int, int, error) { return 0, 1, broken }); !errors.Is(err, broken) {
		t.Errorf("recall = %v", err)
	}
	if got, err := recall(m, "key", func() (int, int, error) { return 7, 1, nil }); got != 7 || err != nil {
		t.Errorf("recall = %d, %v", got, err)
	}
}

func TestLRU(t *testing.T) {
	t.Parallel()
	c := newLRU[string, int](10)
	c.put("a", 1, 4)
	c.put("b", 2, 4)
	c.get("a")
	c.put("c", 3, 4) // b was used longest ago
	c.put("a", 4, 5)
	c.put("huge", 5, 11) // does not fit, and costs nobody else the place
	for key, want := range map[string]int{"a": 4, "b": 0, "c": 3, "huge": 0} {
		if got, _ := c.get(key); got != want {
			t.Errorf("%s is %d, want %d", key, got, want)
		}
	}
	if c.used != 9 {
		t.Errorf("%d bytes are in use, want 9", c.used)
	}
}

func TestProduct_comes_with_a_schema_of_its_own(t *testing.T) {
	t.Parallel()
	s, _ := listenDemo(t)
	for range 2 {
		product, err := s.Product(t.Context(), "name-tag")
		if err != nil {
			t.Fatal(err)
		}
		first := &product.Schema.Fields[0]
		if first.Label == "改" || slices.ContainsFunc(product.Schema.Fields, func(f Field) bool { return len(f.Options) > 0 && f.Options[0].Label == "改" }) {
			t.Error("what one reader changed is seen by the next")
		}
		first.Label = "改"
		for i, field := range product.Schema.Fields {
			if len(field.Options) > 0 {
				product.Schema.Fields[i].Options[0].Label = "改"
			}
		}
	}
}

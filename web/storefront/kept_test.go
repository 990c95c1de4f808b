package storefront_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"tsukuriba/internal/audit"
	"tsukuriba/internal/postgres/testdb"
)

// listenToCatalog returns when pages are kept.
func (s *shop) listenToCatalog() {
	s.t.Helper()
	s.hear(s.catalog.Listen)
	for heard := false; !heard; time.Sleep(5 * time.Millisecond) {
		_, heard = s.catalog.Changes()
	}
}

// eventually asks again until a page says it: a notification takes a moment.
func (v *visitor) eventually(address, words string) {
	v.t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		if strings.Contains(v.open(address).body, words) {
			return
		}
		if time.Now().After(deadline) {
			v.t.Fatalf("%s never says %s", address, words)
		}
	}
}

func TestKeptPages(t *testing.T) {
	t.Parallel()

	t.Run("ask_the_database_nothing", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		s.listen()
		s.listenToCatalog()
		v := s.visitor()
		for _, address := range []string{"/", "/products", "/products/name-tag", "/collections"} {
			first := v.open(address)
			var again page
			if asked := s.queries.during(func() { again = v.open(address) }); asked > 0 {
				t.Errorf("%s asked %d statements again", address, asked)
			}
			if again.body != first.body {
				t.Errorf("%s is another page the second time", address)
			}
		}
	})
	t.Run("tell_what_has_changed", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		s.listenToCatalog()
		v := s.visitor()
		v.open("/products/name-tag").says("¥1,100から")
		product := must(s.catalog.Product(t.Context(), "name-tag"))(t)
		product.Price = 4321
		must(s.catalog.SaveProduct(t.Context(), audit.Actor{Role: audit.System}, product))(t)
		v.eventually("/products/name-tag", "¥4,321")
	})
	t.Run("are_apart_by_language_and_theme", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		s.listenToCatalog()
		japanese, english := s.visitor(), s.visitor()
		for range 2 {
			japanese.open("/products").says("商品をさがす")
			english.open("/products?lang=en").says("Search the shop")
			english.open("/products").says("Search the shop")
		}
		japanese.follow(japanese.get("/theme?to=dark&back=/products"))
		if !strings.Contains(japanese.open("/products").body, `data-theme="dark"`) {
			t.Error("the page of one theme was kept for the other")
		}
		if strings.Contains(s.visitor().open("/products").body, `data-theme="dark"`) {
			t.Error("the theme of one visitor is shown to others")
		}
	})
	t.Run("never_show_the_cart_of_another", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		s.listenToCatalog()
		buyer, other := s.visitor(), s.visitor()
		shelf := buyer.open("/products/halloween-2026")
		other.open("/products")
		buyer.follow(buyer.submit(shelf, "/cart/lines", url.Values{"quantity": {"2"}}))
		buyer.open("/products").says("カートに2点")
		if strings.Contains(other.open("/products").text(), "カートに2点") {
			t.Error("a cart is shown to a visitor without one")
		}
	})
	t.Run("are_not_kept_while_nobody_listens", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		v := s.visitor()
		v.open("/products")
		if asked := s.queries.during(func() { v.open("/products") }); asked == 0 {
			t.Error("a page was kept")
		}
	})
}

func TestPages_are_sent_once_and_compressed(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	ask := func(header, value string) (*http.Response, string) {
		request := must(http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+"/products", nil))(t)
		request.Header.Set(header, value)
		response := must(s.visitor().client.Do(request))(t)
		defer response.Body.Close()
		content := io.Reader(response.Body)
		if response.Header.Get("Content-Encoding") == "gzip" {
			content = must(gzip.NewReader(content))(t)
		}
		return response, string(must(io.ReadAll(content))(t))
	}

	plain, body := ask("Accept-Encoding", "identity")
	zipped, unzipped := ask("Accept-Encoding", "gzip, br")
	if zipped.Header.Get("Content-Encoding") != "gzip" || unzipped != body || plain.Header.Get("Content-Encoding") != "" {
		t.Errorf("gzip is %q of another page, plain is %q", zipped.Header.Get("Content-Encoding"), plain.Header.Get("Content-Encoding"))
	}
	if zipped.ContentLength*3 > plain.ContentLength {
		t.Errorf("compressed to %d of %d bytes", zipped.ContentLength, plain.ContentLength)
	}
	known, nothing := ask("If-None-Match", plain.Header.Get("ETag"))
	if known.StatusCode != http.StatusNotModified || nothing != "" {
		t.Errorf("a page that the browser has: %d with %d bytes", known.StatusCode, len(nothing))
	}
}

// TestPages_rendered_anew asks for addresses nobody asked for before, so that no page is kept.
func TestPages_rendered_anew(t *testing.T) {
	t.Parallel()

	t.Run("ask_the_database_once", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		s.listen()
		s.listenToCatalog()
		v := s.visitor()
		for _, path := range []string{"/", "/products", "/products?kind=stock", "/products/name-tag", "/products/halloween-2026"} {
			address := must(url.Parse(path))(t)
			fewest := 100
			for attempt := range 20 { // a forecast that is renewed meanwhile asks much more
				address.RawQuery = url.Values{"kind": address.Query()["kind"], "n": {strconv.Itoa(attempt)}}.Encode()
				fewest = min(fewest, s.queries.during(func() { v.open(address.String()) }))
			}
			if fewest != 1 {
				t.Errorf("%s asked %d statements, want 1", path, fewest)
			}
		}
	})
	t.Run("tell_what_another_process_changed", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		s.listenToCatalog()
		other := testdb.Open(t, s.dsn)
		v := s.visitor()
		for _, change := range []struct{ statement, path, words string }{
			{`UPDATE collections SET name = '冬の詰め合わせ'`, "/", "冬の詰め合わせ"},
			{`UPDATE filament_colors SET name = '緋色'`, "/products/name-tag", "緋色"},
			{`INSERT INTO intake_rules (paused, changed_at) VALUES (true, now())`, "/products/key-charm", "ただいま受付をお休みしています"},
			{`UPDATE variants SET reserved = on_hand - 1 WHERE tracked`, "/products/halloween-2026", "残り1点"},
			{`UPDATE products SET name = 'ぎんの板'`, "/collections/winter-gifts-2026", "ぎんの板"},
			{
				`INSERT INTO closed_days (day, name, kind)
				 SELECT day, '冬休み', 'workshop' FROM generate_series(date '2026-11-24', date '2026-12-14', '1 day') AS day`,
				"/products/halloween-2026", "12月\u206015日から",
			},
		} {
			if strings.Contains(v.open(change.path).body, change.words) {
				t.Fatalf("%s says %s from the beginning", change.path, change.words)
			}
			must(other.ExecContext(t.Context(), change.statement))(t)
			v.eventually(change.path, change.words)
		}
	})
}

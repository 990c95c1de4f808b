package catalog

import (
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"go.uber.org/goleak"

	"tsukuriba/catalog/tag"
	"tsukuriba/internal/audit"
	"tsukuriba/internal/blob"
	"tsukuriba/internal/postgres/testdb"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var fonts = sync.OnceValues(tag.LoadFonts)

var author = audit.Actor{Role: audit.Staff, ID: "stf_test"}

// november is when the tests take place: 2026-11-22, 15:30 UTC, which is half past midnight of the 23rd in Tokyo.
func november() time.Time { return time.Date(2026, time.November, 22, 15, 30, 0, 0, time.UTC) }

// open returns a catalog on an empty database of its own.
func open(t testing.TB) (*Service, *sqlx.DB) {
	t.Helper()
	return openOn(t, testdb.New(t))
}

func openOn(t testing.TB, db *sqlx.DB) (*Service, *sqlx.DB) {
	t.Helper()
	book, err := fonts()
	if err != nil {
		t.Fatal(err)
	}
	blobs, err := blob.Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { blobs.Close() })
	return New(Config{DB: db, Book: book, Blobs: blobs, Now: november, PictureWidth: 240}), db
}

// openDemo returns a catalog with the demo goods.
func openDemo(t testing.TB) (*Service, *sqlx.DB) {
	t.Helper()
	s, db := open(t)
	if err := s.SeedDemo(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s, db
}

func save(t testing.TB, s *Service, p Product) Product {
	t.Helper()
	if p.Kind == "" {
		p.Kind = Stock
	}
	if p.Kind == Stock && p.WidthMM == 0 {
		p.WidthMM, p.DepthMM, p.HeightMM = 100, 80, 20
	}
	if p.State == "" {
		p.State = Published
	}
	saved, err := s.SaveProduct(t.Context(), author, p)
	if err != nil {
		t.Fatal(err)
	}
	return saved
}

func slugsOf(page Page[ProductSummary]) []string {
	slugs := []string{}
	for _, p := range page.Items {
		slugs = append(slugs, p.Slug)
	}
	return slugs
}

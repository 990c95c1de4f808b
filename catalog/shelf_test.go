package catalog

import (
	"errors"
	"strings"
	"sync"
	"testing"
)

func TestReceive(t *testing.T) {
	t.Parallel()
	s, db := open(t)
	variant := shelves(t, s, 3)[0].ID
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			if _, err := s.Receive(t.Context(), author, variant, 2); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if onHand, _ := stockOf(t, db, variant); onHand != 23 {
		t.Errorf("%d pieces lie on the shelf, want 23", onHand)
	}
	var told int
	if err := db.Get(&told, `SELECT sum((detail->>'to')::int - (detail->>'from')::int) FROM audit_entries WHERE action = 'stock.received'`); err != nil || told != 20 {
		t.Errorf("the audit log knows of %d pieces, %v", told, err)
	}
	for _, bad := range []int{0, -1, 10_000} {
		if _, err := s.Receive(t.Context(), author, variant, bad); !errors.Is(err, ErrBadCount) {
			t.Errorf("%d pieces came in: %v", bad, err)
		}
	}
}

func TestCorrectStock(t *testing.T) {
	t.Parallel()
	s, db := open(t)
	variant := shelves(t, s, 5)[0].ID
	if err := in(t.Context(), db, s.Reserve, StockChange{variant, 2}); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		counted int
		reason  string
		want    error
	}{
		"fewer than are reserved": {1, "棚卸し", ErrStockReserved},
		"fewer than none":         {-1, "棚卸し", ErrBadCount},
		"without a reason":        {4, " ", ErrNoStockReason},
		"with a whole story":      {4, strings.Repeat("あ", 201), ErrNoStockReason},
	} {
		if _, err := s.CorrectStock(t.Context(), author, Correction{variant, c.counted, c.reason}); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	shelf, err := s.CorrectStock(t.Context(), author, Correction{variant, 2, "棚卸し"})
	if err != nil || shelf.OnHand != 2 || shelf.Free() != 0 {
		t.Errorf("%+v, %v", shelf, err)
	}
	if _, err := s.CorrectStock(t.Context(), author, Correction{VariantID{1}, 2, "棚卸し"}); !errors.Is(err, ErrVariantNotFound) {
		t.Errorf("a shelf that is not there: %v", err)
	}
	tag := nameTag()
	tag.Variants = []Variant{{SKU: "tag"}}
	made := save(t, s, tag)
	if _, err := s.Receive(t.Context(), author, made.Variants[0].ID, 1); !errors.Is(err, ErrNotCounted) {
		t.Errorf("of what is made to order: %v", err)
	}
	all, err := s.Shelves(t.Context())
	if err != nil || len(all) != 1 || all[0].OnHand != 2 || all[0].Reserved != 2 {
		t.Errorf("shelves %+v, %v", all, err)
	}
}

package catalog

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jmoiron/sqlx"

	"tsukuriba/internal/postgres"
)

// shelves saves a product whose variants have so many pieces on hand each.
func shelves(t *testing.T, s *Service, onHand ...int) []Variant {
	t.Helper()
	p := Product{Slug: "magnet", Name: "マグネット"}
	for i, n := range onHand {
		p.Variants = append(p.Variants, Variant{SKU: string(rune('a' + i)), Tracked: true, OnHand: n})
	}
	return save(t, s, p).Variants
}

func stockOf(t *testing.T, db *sqlx.DB, variant VariantID) (onHand, reserved int) {
	t.Helper()
	err := db.QueryRow(`SELECT on_hand, reserved FROM variants WHERE id = $1`, variant).Scan(&onHand, &reserved)
	if err != nil {
		t.Fatal(err)
	}
	return onHand, reserved
}

// in runs a stock operation in a transaction of its own.
func in(ctx context.Context, db *sqlx.DB, do func(context.Context, *sqlx.Tx, []StockChange) error, changes ...StockChange) error {
	return postgres.InTx(ctx, db, func(tx *sqlx.Tx) error { return do(ctx, tx, changes) })
}

func TestReserve_the_last_ten_for_a_hundred(t *testing.T) {
	t.Parallel()
	s, db := open(t)
	variant := shelves(t, s, 10)[0]
	var served, refused atomic.Int32
	var all sync.WaitGroup
	for range 100 {
		all.Go(func() {
			var out *OutOfStockError
			switch err := in(t.Context(), db, s.Reserve, StockChange{variant.ID, 1}); {
			case err == nil:
				served.Add(1)
			case errors.As(err, &out) && out.Left == 0 && out.Variant == variant.ID:
				refused.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	all.Wait()
	if served.Load() != 10 || refused.Load() != 90 {
		t.Errorf("served %d and refused %d, want 10 and 90", served.Load(), refused.Load())
	}
	if onHand, reserved := stockOf(t, db, variant.ID); onHand != 10 || reserved != 10 {
		t.Errorf("stock = %d on hand, %d reserved", onHand, reserved)
	}
}

func TestReserve_in_any_order_without_deadlock(t *testing.T) {
	t.Parallel()
	s, db := open(t)
	v := shelves(t, s, 1000, 1000)
	var all sync.WaitGroup
	for i := range 40 {
		all.Go(func() {
			tx, err := db.BeginTxx(t.Context(), nil) // not InTx, which would hide a deadlock by trying again
			if err != nil {
				t.Error(err)
				return
			}
			defer tx.Rollback()
			a, b := StockChange{v[i%2].ID, 1}, StockChange{v[1-i%2].ID, 2}
			if err := errors.Join(s.Reserve(t.Context(), tx, []StockChange{a, b, a}), tx.Commit()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for _, variant := range v {
		if _, reserved := stockOf(t, db, variant.ID); reserved != 80 {
			t.Errorf("%d are reserved, want 80", reserved)
		}
	}
}

func TestReserve_all_or_nothing(t *testing.T) {
	t.Parallel()
	s, db := open(t)
	v := shelves(t, s, 5, 1)
	err := in(t.Context(), db, s.Reserve, StockChange{v[0].ID, 5}, StockChange{v[1].ID, 2})
	var out *OutOfStockError
	if !errors.As(err, &out) || out.Variant != v[1].ID || out.Left != 1 {
		t.Errorf("Reserve = %v, want one of %s left", err, v[1].ID)
	}
	for _, variant := range v {
		if _, reserved := stockOf(t, db, variant.ID); reserved != 0 {
			t.Errorf("%d are reserved", reserved)
		}
	}
}

func TestReserve_uncounted_and_unknown(t *testing.T) {
	t.Parallel()
	s, db := open(t)
	uncounted := save(t, s, Product{Slug: "p", Name: "品", Variants: []Variant{{SKU: "u"}}}).Variants[0]
	if err := in(t.Context(), db, s.Reserve, StockChange{uncounted.ID, 50}); err != nil {
		t.Error(err)
	}
	if _, reserved := stockOf(t, db, uncounted.ID); reserved != 0 {
		t.Errorf("%d of an uncounted variant are reserved", reserved)
	}
	err := in(t.Context(), db, s.Reserve, StockChange{uncounted.ID, 1}, StockChange{VariantID{1}, 1})
	if !errors.Is(err, ErrVariantNotFound) {
		t.Errorf("Reserve = %v, want %v", err, ErrVariantNotFound)
	}
}

func TestRelease_and_Consume(t *testing.T) {
	t.Parallel()
	s, db := open(t)
	variant := shelves(t, s, 10)[0].ID
	steps := []struct {
		do               func(context.Context, *sqlx.Tx, []StockChange) error
		quantity         int
		wantErr          error
		onHand, reserved int
	}{
		{s.Release, 1, ErrNotReserved, 10, 0},
		{s.Consume, 1, ErrNotReserved, 10, 0},
		{s.Reserve, 6, nil, 10, 6},
		{s.Release, 2, nil, 10, 4},
		{s.Consume, 3, nil, 7, 1},
		{s.Consume, 2, ErrNotReserved, 7, 1},
		{s.Reserve, 6, nil, 7, 7},
	}
	for i, step := range steps {
		err := in(t.Context(), db, step.do, StockChange{variant, step.quantity})
		onHand, reserved := stockOf(t, db, variant)
		if !errors.Is(err, step.wantErr) || onHand != step.onHand || reserved != step.reserved {
			t.Errorf("step %d: %v, %d on hand, %d reserved, want %+v", i, err, onHand, reserved, step)
		}
	}
}

func TestStock_is_never_negative_whoever_writes(t *testing.T) {
	t.Parallel()
	s, db := open(t)
	variant := shelves(t, s, 1)[0].ID
	_, err := db.Exec(`UPDATE variants SET reserved = 2 WHERE id = $1`, variant)
	if !postgres.Violates(err, "stock_not_negative") {
		t.Errorf("overselling by hand: %v", err)
	}
}

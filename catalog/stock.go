package catalog

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tsukuriba/internal/postgres"
)

// ErrNotReserved says that more pieces were to be released or consumed than are reserved.
var ErrNotReserved = errors.New("so many pieces are not reserved")

// OutOfStockError says that fewer pieces are left than were to be reserved.
type OutOfStockError struct {
	Variant VariantID
	Left    int
}

func (e *OutOfStockError) Error() string {
	return fmt.Sprintf("only %d of variant %s are left", e.Left, e.Variant)
}

// StockChange is a number of pieces of a variant; Quantity is positive.
type StockChange struct {
	Variant  VariantID
	Quantity int
}

// Reserve keeps pieces for an order, all or none of them. It locks the variants in the order of
// their ids until tx ends. Variants whose stock is not counted always have enough. Errors:
// *OutOfStockError, ErrVariantNotFound.
func (s *Service) Reserve(ctx context.Context, tx *sqlx.Tx, changes []StockChange) error {
	wanted := merge(changes)
	if err := lockStock(ctx, tx, wanted); err != nil {
		return fmt.Errorf("reserve stock: %w", err)
	}
	if err := moveStock(ctx, tx, wanted, `reserved = v.reserved + moved.quantity`); err != nil {
		return fmt.Errorf("reserve stock: %w", err)
	}
	return nil
}

// Release gives reserved pieces back to the shelf. It returns ErrNotReserved if they were not reserved.
func (s *Service) Release(ctx context.Context, tx *sqlx.Tx, changes []StockChange) error {
	if err := settle(ctx, tx, changes, `reserved = v.reserved - moved.quantity`); err != nil {
		return fmt.Errorf("release stock: %w", err)
	}
	return nil
}

// Consume takes reserved pieces out of the shop. It returns ErrNotReserved if they were not reserved.
func (s *Service) Consume(ctx context.Context, tx *sqlx.Tx, changes []StockChange) error {
	err := settle(ctx, tx, changes, `
		reserved = v.reserved - moved.quantity,
		on_hand = v.on_hand - moved.quantity`)
	if err != nil {
		return fmt.Errorf("consume stock: %w", err)
	}
	return nil
}

// merge adds up what concerns the same variant, in the order of the ids.
func merge(changes []StockChange) []StockChange {
	sorted := slices.SortedStableFunc(slices.Values(changes), func(a, b StockChange) int {
		return slices.Compare(a.Variant[:], b.Variant[:])
	})
	var merged []StockChange
	for _, change := range sorted {
		if last := len(merged) - 1; last >= 0 && merged[last].Variant == change.Variant {
			merged[last].Quantity += change.Quantity
			continue
		}
		merged = append(merged, change)
	}
	return merged
}

type shelf struct {
	ID      VariantID `db:"id"`
	Tracked bool      `db:"tracked"`
	Left    int       `db:"left_over"`
}

// lockStock locks the variants and returns *OutOfStockError for the first without enough left.
func lockStock(ctx context.Context, tx *sqlx.Tx, wanted []StockChange) error {
	shelves, err := lockShelves(ctx, tx, wanted)
	if err != nil {
		return err
	}
	for i, shelf := range shelves {
		if shelf.Tracked && shelf.Left < wanted[i].Quantity {
			return &OutOfStockError{Variant: shelf.ID, Left: shelf.Left}
		}
	}
	return nil
}

func lockShelves(ctx context.Context, tx *sqlx.Tx, wanted []StockChange) ([]shelf, error) {
	variants, _ := columns(wanted)
	var shelves []shelf
	err := tx.SelectContext(ctx, &shelves, `
		SELECT id, tracked, on_hand - reserved AS left_over
		FROM variants
		WHERE id = ANY($1)
		ORDER BY id
		FOR UPDATE`, variants)
	if err != nil {
		return nil, fmt.Errorf("lock variants: %w", err)
	}
	if len(shelves) != len(wanted) {
		return nil, ErrVariantNotFound
	}
	return shelves, nil
}

// settle changes reserved pieces, which needs no check of what is left.
func settle(ctx context.Context, tx *sqlx.Tx, changes []StockChange, set string) error {
	reserved := merge(changes)
	if _, err := lockShelves(ctx, tx, reserved); err != nil {
		return err
	}
	err := moveStock(ctx, tx, reserved, set)
	if postgres.Violates(err, "reserved_not_negative") {
		return ErrNotReserved
	}
	return err
}

// moveStock applies set to the tracked variants among the changes, which are locked already.
func moveStock(ctx context.Context, tx *sqlx.Tx, changes []StockChange, set string) error {
	variants, quantities := columns(changes)
	_, err := tx.ExecContext(ctx, `
		UPDATE variants v
		SET `+set+`
		FROM unnest($1::uuid[], $2::int[]) AS moved (id, quantity)
		WHERE v.id = moved.id AND v.tracked`, variants, quantities)
	if err != nil {
		return fmt.Errorf("move stock: %w", err)
	}
	return nil
}

func columns(changes []StockChange) (variants, quantities any) {
	ids := make([]VariantID, len(changes))
	counts := make([]int64, len(changes))
	for i, change := range changes {
		ids[i] = change.Variant
		counts[i] = int64(change.Quantity)
	}
	return pq.Array(ids), pq.Array(counts)
}

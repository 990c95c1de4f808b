package catalog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/jmoiron/sqlx"

	"tsukuriba/internal/audit"
	"tsukuriba/internal/postgres"
)

// Why a count of the shelf is refused.
var (
	ErrNotCounted    = errors.New("the stock of this variant is not counted")
	ErrBadCount      = errors.New("a number of pieces is from 0 to 9999, and at least 1 comes in")
	ErrStockReserved = errors.New("orders have reserved more pieces than that")
	ErrNoStockReason = errors.New("a correction of the stock needs a reason of up to 200 letters")
)

const (
	maxCount       = 9999
	maxStockReason = 200
)

// Shelf is how many pieces of a variant there are.
type Shelf struct {
	Variant  VariantID `db:"id"`
	SKU      string    `db:"sku"`
	Product  string    `db:"product"`
	Name     string    `db:"name"` // of the variant; may be ""
	OnHand   int       `db:"on_hand"`
	Reserved int       `db:"reserved"` // for orders that are not shipped yet
	Tracked  bool      `db:"tracked"`  // false: as many as wanted can be sold
}

// Free is how many pieces can still be sold.
func (s Shelf) Free() int { return s.OnHand - s.Reserved }

// Shelves lists every variant whose stock is counted, in the order of the shop.
func (s *Service) Shelves(ctx context.Context) ([]Shelf, error) {
	var shelves []Shelf
	err := s.db.SelectContext(ctx, &shelves, selectShelves+`
		WHERE variants.tracked AND products.state <> 'retired'
		ORDER BY products.position, products.id, variants.position, variants.id`)
	if err != nil {
		return nil, fmt.Errorf("read shelves: %w", err)
	}
	return shelves, nil
}

const selectShelves = `
		SELECT variants.id, variants.sku, products.name AS product, variants.name, variants.on_hand, variants.reserved,
		       variants.tracked
		FROM variants
		JOIN products ON products.id = variants.product_id`

// Receive puts so many new pieces onto the shelf. Errors: ErrVariantNotFound, ErrNotCounted,
// ErrBadCount.
func (s *Service) Receive(ctx context.Context, by audit.Actor, variant VariantID, quantity int) (Shelf, error) {
	if quantity < 1 || quantity > maxCount {
		return Shelf{}, ErrBadCount
	}
	return s.onShelf(ctx, variant, func(shelf Shelf) (audit.Entry, int) {
		return audit.Entry{Actor: by, Action: "stock.received", Detail: map[string]any{"quantity": quantity}}, shelf.OnHand + quantity
	})
}

// Correction is what somebody counted on the shelf, and why it is not what was written.
type Correction struct {
	Variant VariantID
	Counted int
	Reason  string
}

// CorrectStock makes the stock what was counted. Errors: ErrVariantNotFound, ErrNotCounted,
// ErrBadCount, ErrStockReserved, ErrNoStockReason.
func (s *Service) CorrectStock(ctx context.Context, by audit.Actor, correction Correction) (Shelf, error) {
	reason := strings.TrimSpace(correction.Reason)
	switch {
	case correction.Counted < 0 || correction.Counted > maxCount:
		return Shelf{}, ErrBadCount
	case reason == "" || utf8.RuneCountInString(reason) > maxStockReason || !utf8.ValidString(reason) || strings.ContainsFunc(reason, unicode.IsControl):
		return Shelf{}, ErrNoStockReason
	}
	return s.onShelf(ctx, correction.Variant, func(Shelf) (audit.Entry, int) {
		return audit.Entry{Actor: by, Action: "stock.corrected", Detail: map[string]any{"reason": reason}}, correction.Counted
	})
}

// onShelf locks a shelf, sets how many pieces lie on it, and records what was there before.
func (s *Service) onShelf(ctx context.Context, variant VariantID, decide func(Shelf) (audit.Entry, int)) (Shelf, error) {
	var shelf Shelf
	err := postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) (err error) {
		if shelf, err = lockShelf(ctx, tx, variant); err != nil {
			return err
		}
		entry, onHand := decide(shelf)
		entry.Subject = variant.String()
		entry.Detail["from"], entry.Detail["to"] = shelf.OnHand, onHand
		if _, err = tx.ExecContext(ctx, `UPDATE variants SET on_hand = $2 WHERE id = $1`, variant, onHand); postgres.Violates(err, "stock_not_negative") {
			return ErrStockReserved
		}
		if err != nil {
			return fmt.Errorf("write stock: %w", err)
		}
		shelf.OnHand = onHand
		return audit.Record(ctx, tx, entry)
	})
	if err != nil {
		return Shelf{}, fmt.Errorf("stock of variant %s: %w", variant, err)
	}
	s.memory.changed()
	return shelf, nil
}

func lockShelf(ctx context.Context, tx *sqlx.Tx, variant VariantID) (Shelf, error) {
	var shelf Shelf
	err := tx.GetContext(ctx, &shelf, selectShelves+`
		WHERE variants.id = $1
		FOR UPDATE OF variants`, variant)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return Shelf{}, ErrVariantNotFound
	case err != nil:
		return Shelf{}, fmt.Errorf("lock shelf: %w", err)
	case !shelf.Tracked:
		return Shelf{}, ErrNotCounted
	}
	return shelf, nil
}

package orders

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"tsukuriba/catalog"
	"tsukuriba/internal/jst"
)

// takePlaces counts what an order has made among the places of this week. The rows stay locked
// until tx ends, so that of many buyers at once only as many get in as there are places. A queue
// that has grown since the confirmation page was shown does not matter: what was shown is kept.
// Errors: *IntakeError.
func (s *Service) takePlaces(ctx context.Context, tx *sqlx.Tx, order Order, lines []CheckoutLine) error {
	pieces := customPieces(lines)
	if len(pieces) == 0 {
		return nil
	}
	for _, product := range inOrder(pieces) {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO intake_places (order_id, product_id, week, pieces)
			VALUES ($1, $2, $3, $4)`, order.ID, product, jst.Date(weekOf(order.PlacedAt)), pieces[product])
		if err != nil {
			return fmt.Errorf("note places of the week: %w", err)
		}
	}
	return countPlaces(ctx, tx, order.PlacedAt, pieces)
}

// countPlaces locks the counters of the week, asks the rules as they are then, and counts.
func countPlaces(ctx context.Context, tx *sqlx.Tx, at time.Time, pieces map[catalog.ProductID]int) error {
	all := 0
	for _, wanted := range pieces {
		all += wanted
	}
	if err := addPlaces(ctx, tx, at, place{everything, all}); err != nil { // always the first: nobody waits in a circle
		return err
	}
	for _, product := range inOrder(pieces) {
		if err := addPlaces(ctx, tx, at, place{product, pieces[product]}); err != nil {
			return err
		}
	}
	intake, err := readIntake(ctx, tx, at)
	if err != nil {
		return err
	}
	intake.taken[everything] -= all
	for product, wanted := range pieces {
		intake.taken[product] -= wanted
	}
	return intake.admit(pieces)
}

// place is so many pieces of a product, or of all.
type place struct {
	product catalog.ProductID
	pieces  int
}

func addPlaces(ctx context.Context, tx *sqlx.Tx, at time.Time, taken place) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO intake_weeks (week, product_id, taken)
		VALUES ($1, $2, $3)
		ON CONFLICT ON CONSTRAINT intake_week_once
		DO UPDATE SET taken = intake_weeks.taken + excluded.taken`, jst.Date(weekOf(at)), taken.product, taken.pieces)
	if err != nil {
		return fmt.Errorf("count places of the week: %w", err)
	}
	return nil
}

func inOrder(pieces map[catalog.ProductID]int) []catalog.ProductID {
	var products []catalog.ProductID
	for product := range pieces {
		products = append(products, product)
	}
	slices.SortFunc(products, func(a, b catalog.ProductID) int { return bytes.Compare(a[:], b[:]) })
	return products
}

// releasePlaces gives back the places an ended order took, in the week in which it took them.
func (s *Service) releasePlaces(ctx context.Context, tx *sqlx.Tx, order OrderID) error {
	return s.movePlaces(ctx, tx, order, `
		UPDATE intake_places
		SET released_at = $2
		WHERE order_id = $1 AND released_at IS NULL
		RETURNING week, product_id, -pieces AS pieces`)
}

// retakePlaces counts a revived order again, in its own week. Staff decided for it, so that no
// limit is asked.
func (s *Service) retakePlaces(ctx context.Context, tx *sqlx.Tx, order OrderID) error {
	return s.movePlaces(ctx, tx, order, `
		UPDATE intake_places
		SET released_at = NULL
		WHERE order_id = $1 AND released_at <= $2
		RETURNING week, product_id, pieces`)
}

// movePlaces changes the counters by what a statement returns, each product's and that of all.
func (s *Service) movePlaces(ctx context.Context, tx *sqlx.Tx, order OrderID, moved string) error {
	_, err := tx.ExecContext(ctx, `
		SELECT
		FROM intake_weeks
		WHERE product_id IS NULL AND week IN (SELECT week FROM intake_places WHERE order_id = $1)
		FOR UPDATE`, order) // the counter of all comes first for everybody
	if err != nil {
		return fmt.Errorf("lock places of the week: %w", err)
	}
	_, err = tx.ExecContext(ctx, `
		WITH moved AS (`+moved+`),
		sums AS (
			SELECT week, product_id, sum(pieces) AS pieces
			FROM moved
			GROUP BY GROUPING SETS ((week, product_id), (week)))
		UPDATE intake_weeks
		SET taken = taken + sums.pieces
		FROM sums
		WHERE intake_weeks.week = sums.week AND intake_weeks.product_id IS NOT DISTINCT FROM sums.product_id`, order, s.now())
	if err != nil {
		return fmt.Errorf("move places of the week: %w", err)
	}
	return nil
}

package orders

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tsukuriba/catalog"
	"tsukuriba/internal/jst"
	"tsukuriba/internal/postgres"
)

// takePlaces runs a batch about an order, and with it counts what the order has made among the places
// of this week. The rows stay locked until tx ends, so that of many buyers at once only as many get in
// as there are places. A queue that has grown since the confirmation page was shown does not matter:
// what was shown is kept. Errors: *IntakeError.
func (s *Service) takePlaces(ctx context.Context, tx *sqlx.Tx, batch *postgres.Batch, order Order, lines []CheckoutLine) error {
	pieces := customPieces(lines)
	if len(pieces) == 0 {
		return batch.Run(ctx, tx)
	}
	countPlaces(batch, order, pieces)
	intake, err := intakeBy(ctx, tx, order.PlacedAt, batch)
	if err != nil {
		return fmt.Errorf("count places of the week: %w", err)
	}
	for product, wanted := range pieces {
		intake.taken[product] -= wanted
		intake.taken[everything] -= wanted
	}
	return intake.admit(pieces)
}

// countPlaces notes the places and counts them, of each product and of all, as "week" says then. The
// counters are locked in one order, that of all first, so that nobody waits in a circle.
func countPlaces(batch *postgres.Batch, order Order, pieces map[catalog.ProductID]int) {
	products, counts := inOrder(pieces), []int64{}
	for _, product := range products {
		counts = append(counts, int64(pieces[product]))
	}
	week := jst.Date(weekOf(order.PlacedAt))
	batch.Let("wanted", `
		SELECT product, pieces, turn
		FROM unnest($1::uuid[], $2::int[]) WITH ORDINALITY AS wanted (product, pieces, turn)`,
		pq.Array(products), pq.Array(counts))
	batch.Add(`
		INSERT INTO intake_places (order_id, product_id, week, pieces)
		SELECT $1, product, $2, pieces
		FROM wanted`, order.ID, week)
	batch.Let("week", `
		INSERT INTO intake_weeks (week, product_id, taken)
		SELECT $1, product, sum(pieces)
		FROM wanted
		GROUP BY GROUPING SETS ((), (product, turn))
		ORDER BY turn NULLS FIRST
		ON CONFLICT ON CONSTRAINT intake_week_once
		DO UPDATE SET taken = intake_weeks.taken + excluded.taken
		RETURNING product_id, taken`, week)
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

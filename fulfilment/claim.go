package fulfilment

import (
	"context"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"tsukuriba/internal/postgres"
	"tsukuriba/orders"
)

// IntakeClaim owes the pieces of an accepted claim once more and makes their first task ready.
// They pass through the same steps as any piece, and travel in a parcel of their own. Told twice,
// or of a claim that gives money back, it does nothing more.
func (s *Service) IntakeClaim(ctx context.Context, event orders.ClaimAccepted) error {
	err := postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		if err := s.orders.MayStart(ctx, tx, event.OrderID); errors.Is(err, orders.ErrWrongState) {
			return nil
		} else if err != nil && !refusesStart(err) { // a hold keeps pieces from starting, not from being owed
			return err
		}
		var lines []lineToMake
		err := tx.SelectContext(ctx, &lines, `
			SELECT line.id, line.order_id, claims.id AS claim_id, line.design_id, claims.quantity, line.routing
			FROM claims
			JOIN order_lines AS line ON line.id = claims.order_line_id
			WHERE claims.id = $1 AND claims.state = 'remaking'`, event.ClaimID)
		if err != nil {
			return fmt.Errorf("read line: %w", err)
		}
		for _, line := range lines {
			if err := s.oweLine(ctx, tx, line, "claim accepted"); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("take in claim %s: %w", event.ClaimID, err)
	}
	return nil
}

package orders

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"tsukuriba/internal/postgres"
)

// CartKept is how long a cart stays after its last change; the privacy page promises it.
const CartKept = 30 * 24 * time.Hour

// ForgetCarts deletes the carts that nobody has changed for [CartKept], and the confirmation screens of that time with the
// addresses in them. What became an order or a quotation keeps the screen it was shown as, and an empty cart behind it.
func (s *Service) ForgetCarts(ctx context.Context) error {
	before := s.now().Add(-CartKept)
	err := postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		for _, forget := range []string{`
			DELETE FROM checkouts
			WHERE expires_at < $1
			  AND NOT EXISTS (SELECT FROM orders WHERE checkout_id = checkouts.id)
			  AND NOT EXISTS (SELECT FROM quotations WHERE checkouts.id IN (checkout_id, shown_as))`, `
			DELETE FROM cart_lines
			USING carts
			WHERE carts.id = cart_id AND carts.updated_at < $1`, `
			DELETE FROM carts
			WHERE updated_at < $1
			  AND NOT EXISTS (SELECT FROM checkouts WHERE cart_id = carts.id)`} {
			if _, err := tx.ExecContext(ctx, forget, before); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("forget carts: %w", err)
	}
	return nil
}

package orders

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tsukuriba/internal/postgres"
)

// takeUse counts the order as a use of its code. The code's row stays locked until tx ends, so
// that of many buyers at once only as many get it as it has uses. Whether the code's time has
// passed since the confirmation page was shown does not matter: what was shown is kept. Errors:
// *FormError ("discount_code").
func (s *Service) takeUse(ctx context.Context, tx *sqlx.Tx, order Order, use codeUse) error {
	var onceEach bool
	err := tx.GetContext(ctx, &onceEach, `
		UPDATE discount_codes
		SET used = used + 1
		WHERE id = $1 AND (max_uses IS NULL OR used < max_uses)
		RETURNING once_each`, use.code)
	if errors.Is(err, sql.ErrNoRows) {
		return codeError(codeUsedUp)
	}
	if err != nil {
		return fmt.Errorf("take discount code: %w", err)
	}
	if onceEach {
		if err := s.checkUsedBefore(ctx, tx, use); err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO discount_uses (order_id, code_id, once_each, email_hash)
		VALUES ($1, $2, $3, $4)`, order.ID, use.code, onceEach, emailIndex(s.seal, use.email))
	if postgres.Violates(err, "discount_once_each") {
		return codeError(codeUsedBefore)
	}
	if err != nil {
		return fmt.Errorf("note discount use: %w", err)
	}
	return nil
}

// codeUse is who wants to use which code.
type codeUse struct {
	code  DiscountID
	email string
}

// checkUsedBefore refuses an address that has used a code which each may use once.
func (s *Service) checkUsedBefore(ctx context.Context, db sqlx.QueryerContext, use codeUse) error {
	var used bool
	err := sqlx.GetContext(ctx, db, &used, `
		SELECT EXISTS (
			SELECT
			FROM discount_uses
			WHERE code_id = $1 AND email_hash = ANY($2) AND released_at IS NULL)`,
		use.code, pq.Array(emailIndexes(s.seal, use.email)))
	if err != nil {
		return fmt.Errorf("look for discount use: %w", err)
	}
	if used {
		return codeError(codeUsedBefore)
	}
	return nil
}

// releaseUse gives the use of a code back that an ended order holds. It leaves only once.
func (s *Service) releaseUse(ctx context.Context, tx *sqlx.Tx, order OrderID) error {
	_, err := tx.ExecContext(ctx, `
		WITH released AS (
			UPDATE discount_uses
			SET released_at = $2
			WHERE order_id = $1 AND released_at IS NULL
			RETURNING code_id)
		UPDATE discount_codes
		SET used = used - 1
		FROM released
		WHERE discount_codes.id = released.code_id`, order, s.now())
	if err != nil {
		return fmt.Errorf("release discount use: %w", err)
	}
	return nil
}

// retakeUse counts a revived order as a use of its code again. A code that was used up meanwhile
// stays as it is: the order keeps the price at which it was paid.
func (s *Service) retakeUse(ctx context.Context, tx *sqlx.Tx, order OrderID) error {
	_, err := tx.ExecContext(ctx, `
		WITH taken AS (
			UPDATE discount_codes AS code
			SET used = code.used + 1
			FROM discount_uses AS mine
			WHERE mine.order_id = $1 AND mine.released_at IS NOT NULL AND code.id = mine.code_id
			  AND (code.max_uses IS NULL OR code.used < code.max_uses)
			  AND NOT EXISTS (
				SELECT
				FROM discount_uses AS other
				WHERE other.code_id = code.id AND other.email_hash = mine.email_hash AND other.once_each AND other.released_at IS NULL)
			RETURNING code.id)
		UPDATE discount_uses
		SET released_at = NULL
		FROM taken
		WHERE order_id = $1`, order)
	if err != nil {
		return fmt.Errorf("take discount use again: %w", err)
	}
	return nil
}

package orders

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"tsukuriba/internal/postgres"
	"tsukuriba/internal/yen"
)

// entry is one effect on money. The provider's id and the kind together make it happen once.
type entry struct {
	order    OrderID
	payment  PaymentID
	kind     string
	amount   yen.Amount
	provider string
	at       time.Time
}

// enter adds an entry to the ledger and says whether it was new.
func enter(ctx context.Context, tx *sqlx.Tx, entry entry) (bool, error) {
	var batch postgres.Batch
	var rows int64
	enterWith(&batch, &rows, entry)
	if err := batch.Run(ctx, tx); err != nil {
		return false, fmt.Errorf("enter %s in ledger: %w", entry.kind, err)
	}
	return rows > 0, nil
}

// enterWith adds an entry to the ledger together with what else is in a batch. There are no rows of
// one that was not new.
func enterWith(batch *postgres.Batch, rows *int64, entry entry) {
	batch.Count(rows, `
		INSERT INTO money_ledger (order_id, payment_id, kind, amount_yen, provider_id, occurred_at)
		VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT ON CONSTRAINT ledger_effect_once DO NOTHING`,
		entry.order, entry.payment, entry.kind, entry.amount, entry.provider, entry.at)
}

// entered says whether an effect stands in the ledger.
func entered(ctx context.Context, tx *sqlx.Tx, provider, kind string) (found bool, err error) {
	err = tx.GetContext(ctx, &found, `
		SELECT EXISTS (SELECT FROM money_ledger WHERE provider_id = $1 AND kind = $2)`, provider, kind)
	if err != nil {
		return false, fmt.Errorf("look up %s in ledger: %w", kind, err)
	}
	return found, nil
}

// effectOf is what a reading says about a payment's money: an authorization, its end, or a capture.
// Of most readings there is none.
func (s *Service) effectOf(before, after Payment, snapshot PaymentSnapshot) (effect entry, is bool) {
	effect = entry{
		order: after.OrderID, payment: after.ID, amount: snapshot.Amount, provider: snapshot.IntentID, at: s.now(),
	}
	switch {
	case after.State == PaymentAuthorized && snapshot.State == PaymentAuthorized:
		effect.kind = "authorization"
	case snapshot.State == PaymentCaptured:
		effect.kind, effect.amount = "capture", snapshot.Captured
	case before.State == PaymentAuthorized && after.State != PaymentAuthorized:
		effect.kind, effect.amount, effect.provider = "void", before.Amount, after.IntentID
	default:
		return entry{}, false
	}
	return effect, true
}

// refundable is what was captured by a payment, is not being given back yet and was not waived.
func refundable(ctx context.Context, tx *sqlx.Tx, payment PaymentID) (yen.Amount, error) {
	var left yen.Amount
	err := tx.GetContext(ctx, &left, `
		SELECT coalesce((
		           SELECT sum(CASE kind WHEN 'capture' THEN amount_yen WHEN 'dispute_in' THEN amount_yen
		                                WHEN 'capture_undone' THEN -amount_yen WHEN 'dispute_out' THEN -amount_yen ELSE 0 END)
		           FROM money_ledger
		           WHERE payment_id = $1), 0)
		     - coalesce((
		           SELECT sum(CASE WHEN state IN ('failed', 'canceled') THEN waived_yen ELSE amount_yen END)
		           FROM refunds
		           WHERE payment_id = $1), 0)`, payment)
	if err != nil {
		return 0, fmt.Errorf("sum refundable money: %w", err)
	}
	return left, nil
}

package orders

import (
	"context"
	"fmt"

	"tsukuriba/internal/yen"
)

// Balance is what our ledger says about the money of one payment, for comparison with the
// provider's own books.
type Balance struct {
	IntentID string     `db:"intent_id"`
	Captured yen.Amount `db:"captured"`
	Refunded yen.Amount `db:"refunded"` // given back by the provider and not returned by a bank
	Disputed yen.Amount `db:"disputed"` // withdrawn by disputes and not reinstated
	Fees     yen.Amount `db:"fees"`     // taken for disputes and not given back
}

// Balances returns one balance for every intent of which our ledger knows money.
func (s *Service) Balances(ctx context.Context) ([]Balance, error) {
	var balances []Balance
	err := s.db.SelectContext(ctx, &balances, `
		SELECT payments.intent_id,
		       sum(CASE kind WHEN 'capture' THEN ledger.amount_yen ELSE 0 END) AS captured,
		       sum(CASE WHEN ledger.provider_id LIKE 'other_means:%' THEN 0
		                WHEN kind = 'refund' THEN ledger.amount_yen WHEN kind = 'refund_returned' THEN -ledger.amount_yen ELSE 0 END) AS refunded,
		       sum(CASE kind WHEN 'dispute_out' THEN ledger.amount_yen WHEN 'dispute_in' THEN -ledger.amount_yen ELSE 0 END) AS disputed,
		       sum(CASE kind WHEN 'dispute_fee' THEN ledger.amount_yen WHEN 'dispute_fee_returned' THEN -ledger.amount_yen ELSE 0 END) AS fees
		FROM money_ledger AS ledger
		JOIN payments ON payments.id = ledger.payment_id
		WHERE payments.intent_id IS NOT NULL AND ledger.kind NOT IN ('authorization', 'void')
		GROUP BY payments.intent_id
		ORDER BY payments.intent_id`)
	if err != nil {
		return nil, fmt.Errorf("read balances: %w", err)
	}
	return balances, nil
}

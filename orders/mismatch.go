package orders

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/lib/pq"

	"tsukuriba/internal/id"
	"tsukuriba/internal/yen"
)

// mismatchReason names in which way our books and the provider's do not agree.
type mismatchReason string

const (
	mismatchUnknownPayment mismatchReason = "unknown_payment" // they have it, we do not know it
	mismatchUnknownRefund  mismatchReason = "unknown_refund"
	mismatchUnknownDispute mismatchReason = "unknown_dispute"
	mismatchMissingPayment mismatchReason = "missing_payment" // we have it, they do not show it
	mismatchMissingRefund  mismatchReason = "missing_refund"
	mismatchPayment        mismatchReason = "payment_differs" // both have it, with another amount
	mismatchRule           mismatchReason = "broken_rule"     // our own books do not add up
)

// mismatch is one thing about which the books do not agree. ProviderID is the object's at the
// provider, or rule and subject of a broken rule.
type mismatch struct {
	ID         MismatchID     `db:"id"`
	Kind       mismatchReason `db:"kind"`
	ProviderID string         `db:"provider_id"`
	OrderID    OrderID        `db:"order_id"`
	PaymentID  PaymentID      `db:"payment_id"`
	Amount     yen.Amount     `db:"amount_yen"`
	Note       string         `db:"note"`
	FoundAt    time.Time      `db:"found_at"`
}

// noteMismatch writes a mismatch down, or settles the one of this kind and object if the books
// agree. What staff have settled comes back only with another amount.
func (s *Service) noteMismatch(ctx context.Context, found mismatch, agrees bool) error {
	var err error
	if agrees {
		_, err = s.db.ExecContext(ctx, `
			UPDATE mismatches
			SET settled_at = $3, settled_by = 'system'
			WHERE kind = $1 AND provider_id = $2 AND settled_at IS NULL`, found.Kind, found.ProviderID, s.now())
	} else {
		_, err = s.db.ExecContext(ctx, `
			INSERT INTO mismatches (id, kind, provider_id, order_id, payment_id, amount_yen, note, found_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
			ON CONFLICT ON CONSTRAINT mismatch_once DO UPDATE
			SET amount_yen = excluded.amount_yen, note = excluded.note, found_at = excluded.found_at, settled_at = NULL, settled_by = ''
			WHERE mismatches.settled_by = 'system' OR mismatches.amount_yen <> excluded.amount_yen`,
			id.New[mismatchKind](), found.Kind, found.ProviderID, found.OrderID, found.PaymentID, found.Amount, found.Note, s.now())
	}
	if err != nil {
		return fmt.Errorf("note mismatch %s: %w", found.Kind, err)
	}
	return nil
}

// toldElsewhere are rules whose breaking Matters tells by itself, at once and with its action.
var toldElsewhere = []string{"event-dead", "mail-stuck", "mail-failed"}

// noteBrokenRules checks all invariants at the end of a night and keeps what is broken.
func (s *Service) noteBrokenRules(ctx context.Context, _ sweep) error {
	broken, err := s.CheckInvariants(ctx)
	if err != nil {
		return err
	}
	found := []string{}
	for _, violation := range broken {
		if slices.Contains(toldElsewhere, violation.Rule) {
			continue
		}
		key := violation.Rule + " " + violation.Subject
		found = append(found, key)
		if err := s.noteMismatch(ctx, mismatch{Kind: mismatchRule, ProviderID: key, Note: violation.Sentence}, false); err != nil {
			return err
		}
	}
	_, err = s.db.ExecContext(ctx, `
		UPDATE mismatches
		SET settled_at = $1, settled_by = 'system'
		WHERE kind = 'broken_rule' AND settled_at IS NULL AND provider_id <> ALL($2)`, s.now(), pq.Array(found))
	if err != nil {
		return fmt.Errorf("settle mended rules: %w", err)
	}
	return nil
}

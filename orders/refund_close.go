package orders

import (
	"context"
	"fmt"
	"strings"

	"github.com/jmoiron/sqlx"

	"tsukuriba/internal/audit"
	"tsukuriba/internal/yen"
)

// RefundClosing says why a refund that failed is not to be tried again. Given is what the customer
// got of it by other means than they had paid by, such as cash; what was given back at the provider
// is an external refund and not part of it.
type RefundClosing struct {
	Given  yen.Amount
	Reason string
}

// close is the rule about closing: it says how much of the refund will never be given back.
func (r Refund) close(closing RefundClosing) (waived yen.Amount, err error) {
	if !r.Retryable() {
		return 0, ErrRefundNotFailed
	}
	fields := map[string]string{}
	if closing.Given < 0 || closing.Given > r.Amount {
		fields["given"] = "invalid"
	}
	require(fields, "reason", closing.Reason)
	if problem := checkNote(closing.Reason, maxRefundNote); problem != "" {
		fields["reason"] = problem
	}
	if len(fields) > 0 {
		return 0, &FormError{Fields: fields}
	}
	return r.Amount - closing.Given, nil
}

// CloseRefund notes that nothing more is owed of a refund that failed, and ends the hold for it. What
// was given by other means is a refund of its own that takes its place, with a note. The parts stay given
// back: nobody can refund them again, except that a refund made at the provider may still take its
// place. Closing twice is fine. Errors: ErrRefundNotFound, ErrRefundNotFailed for one that may
// arrive or was tried again, ErrRefundTooLarge if so much is not left of the payment, *FormError
// ("given", "reason").
func (s *Service) CloseRefund(ctx context.Context, by audit.Actor, id RefundID, closing RefundClosing) (Refund, error) {
	closing.Reason = strings.TrimSpace(closing.Reason)
	return s.onRefund(ctx, "close", id, func(tx *sqlx.Tx, order *Order, refund *Refund) error {
		if refund.ClosedAt != nil {
			return nil
		}
		waived, err := refund.close(closing)
		if err != nil {
			return err
		}
		if closing.Given > 0 {
			if err := s.giveOtherwise(ctx, tx, by, order, *refund, closing); err != nil {
				return err
			}
		}
		_, err = tx.ExecContext(ctx, `
			UPDATE refunds
			SET closed_at = $2, closed_reason = $3, waived_yen = $4, version = version + 1
			WHERE id = $1`, refund.ID, s.now(), closing.Reason, waived)
		if err != nil {
			return fmt.Errorf("close refund: %w", err)
		}
		err = audit.Record(ctx, tx, audit.Entry{
			Actor: by, Action: "refund.closed", Subject: order.ID.String(),
			Detail: map[string]any{"refund": refund.ID, "given": closing.Given, "waived": waived, "reason": closing.Reason},
		})
		if err != nil {
			return err
		}
		if *refund, err = findRefund(ctx, tx, refund.ID); err != nil {
			return err
		}
		if *order, err = lockOrder(ctx, tx, order.ID); err != nil {
			return err
		}
		return s.liftExplained(ctx, tx, order, by)
	})
}

// giveOtherwise books what the customer got of a refund by other means.
func (s *Service) giveOtherwise(ctx context.Context, tx *sqlx.Tx, by audit.Actor, order *Order, failed Refund, closing RefundClosing) error {
	id, err := s.insertRefund(ctx, tx, newRefund{by: by, Refund: Refund{
		OrderID: order.ID, PaymentID: failed.PaymentID, RetryOf: failed.ID, Amount: closing.Given, Origin: ByOtherMeans,
		Reason: failed.Reason, Note: closing.Reason, Lines: failed.inPart(closing.Given),
	}})
	if err != nil {
		return err
	}
	given, err := findRefund(ctx, tx, id)
	if err != nil {
		return err
	}
	arrived := RefundSnapshot{ID: "other_means:" + id.String(), State: RefundSucceeded}
	return s.settleByHand(ctx, tx, order, &given, handNews{arrived, "refund.given_otherwise", by})
}

// waived is what of the refund nobody gives back any more.
func (r Refund) waived() []RefundLine {
	switch {
	case r.Waived == 0:
		return nil
	case !r.Retried:
		return r.Lines
	default: // what took its place has given back the pieces
		return asPart(r.Lines, r.Waived)
	}
}

// inPart is what the refund was for, at an amount it may not come to.
func (r Refund) inPart(amount yen.Amount) []RefundLine {
	var lines []RefundLine
	for _, line := range withAmount(r.Lines, amount) {
		if line.Quantity > 0 || line.Amount > 0 {
			lines = append(lines, line)
		}
	}
	return lines
}

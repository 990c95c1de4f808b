package orders

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

// quietFor is how long a payment rests before the provider is asked again without a webhook.
const quietFor = 10 * time.Minute

// ExpireDue ends the orders that were not paid in time: the provider is asked first, an open
// page is closed, and only what is unpaid then expires. One order's trouble does not keep the
// others; the errors come back joined.
func (s *Service) ExpireDue(ctx context.Context) error {
	var due []OrderID
	err := s.db.SelectContext(ctx, &due, `
		SELECT id
		FROM orders
		WHERE state = 'awaiting_payment' AND expires_at <= $1
		ORDER BY id`, s.now())
	if err != nil {
		return fmt.Errorf("find due orders: %w", err)
	}
	var failed error
	for _, id := range due {
		failed = errors.Join(failed, s.expire(ctx, id))
	}
	if len(due) == 0 {
		return nil
	}
	return errors.Join(failed, s.settleCalls(ctx)) // nobody needs the pages of what has ended
}

func (s *Service) expire(ctx context.Context, id OrderID) error {
	order, err := readOrder(ctx, s.db, `orders.id = $1`, id)
	if err != nil {
		return err
	}
	if live := order.LivePayment(); live != nil && live.State != PaymentInvoiced {
		if err := s.askLastTime(ctx, *live); err != nil {
			return fmt.Errorf("expire order %s: %w", id, err)
		}
	}
	_, err = s.change(ctx, "expire", id, func(tx *sqlx.Tx, order *Order) error {
		if live := order.LivePayment(); !order.due(s.now()) || live != nil && live.State != PaymentInvoiced {
			return nil
		}
		if err := s.move(ctx, tx, order, step{to: Expired, by: system}); err != nil || order.Paid <= 0 {
			return err
		}
		return s.keepLateMoney(ctx, tx, order, CausePartPaid)
	})
	return err
}

// askLastTime closes an open page, and reads everything else.
func (s *Service) askLastTime(ctx context.Context, payment Payment) error {
	if payment.State == PaymentCreated {
		return s.closeAttempt(ctx, payment)
	}
	return s.Apply(ctx, payment.ID)
}

// quietAtOnce bounds each part of a round of Reconcile: a question takes up to a second.
const quietAtOnce = 50

// disputeQuiet is how long an open dispute rests before the provider is asked again.
const disputeQuiet = time.Hour

// Reconcile asks the provider about the attempts that are not settled and have been quiet the
// longest, takes approved money that was not taken, releases what its order does not want, submits
// refunds again that got stuck, and asks how disputes stand. It makes up for every lost webhook and
// job. One thing's trouble does not keep the others; the errors come back joined.
func (s *Service) Reconcile(ctx context.Context) error {
	return errors.Join(s.reconcilePayments(ctx), s.resubmitRefunds(ctx), s.rereadDisputes(ctx), s.refundUndecided(ctx), s.settleCalls(ctx))
}

func (s *Service) reconcilePayments(ctx context.Context) error {
	var quiet []PaymentID
	err := s.db.SelectContext(ctx, &quiet, `
		UPDATE payments
		SET updated_at = $2
		WHERE id IN (
			SELECT id
			FROM payments
			WHERE state IN ('created', 'code_issued', 'authorized') AND updated_at <= $1
			ORDER BY updated_at, id
			LIMIT $3
			FOR UPDATE SKIP LOCKED)
		RETURNING id`, s.now().Add(-quietFor), s.now(), quietAtOnce)
	if err != nil {
		return fmt.Errorf("find quiet payments: %w", err)
	}
	var failed error
	for _, id := range quiet {
		failed = errors.Join(failed, s.reconcile(ctx, id))
	}
	return failed
}

func (s *Service) reconcile(ctx context.Context, id PaymentID) error {
	if err := s.Apply(ctx, id); err != nil {
		return err
	}
	payment, err := s.findPayment(ctx, `id = $1`, id)
	if err != nil {
		return err
	}
	order, err := readOrder(ctx, s.db, `orders.id = $1`, payment.OrderID)
	if err != nil {
		return err
	}
	if payment.releasable() && (order.unwanted() || payment.Superseded) {
		return s.closeAttempt(ctx, payment)
	}
	return s.CaptureApproved(ctx, TextApproved{OrderID: order.ID})
}

// resubmitRefunds goes on with the refunds that have been quiet the longest.
func (s *Service) resubmitRefunds(ctx context.Context) error {
	var stuck []Refund
	err := s.db.SelectContext(ctx, &stuck, `
		WITH quiet AS (
			UPDATE refunds
			SET updated_at = $2
			WHERE id IN (
				SELECT id
				FROM refunds
				WHERE state IN ('requested', 'submitting', 'pending', 'requires_action') AND updated_at <= $1
				  AND NOT EXISTS (SELECT FROM payments WHERE id = refunds.payment_id AND method = 'invoice')
				ORDER BY updated_at, id
				LIMIT $3
				FOR UPDATE SKIP LOCKED)
			RETURNING id)`+selectRefunds+`id IN (SELECT id FROM quiet) ORDER BY id`,
		s.now().Add(-quietFor), s.now(), quietAtOnce)
	if err != nil {
		return fmt.Errorf("find stuck refunds: %w", err)
	}
	var failed error
	for _, refund := range stuck {
		failed = errors.Join(failed, s.reconcileRefund(ctx, refund))
	}
	return failed
}

func (s *Service) reconcileRefund(ctx context.Context, refund Refund) error {
	if refund.ProviderID != "" {
		return s.Apply(ctx, refund.PaymentID)
	}
	return s.SubmitRefund(ctx, RefundDue{RefundID: refund.ID})
}

// rereadDisputes asks about the open disputes that have been quiet the longest.
func (s *Service) rereadDisputes(ctx context.Context) error {
	var quiet []string
	err := s.db.SelectContext(ctx, &quiet, `
		SELECT provider_id
		FROM disputes
		WHERE state NOT IN ('won', 'lost', 'warning_closed') AND updated_at <= $1
		ORDER BY updated_at
		LIMIT $2`, s.now().Add(-disputeQuiet), quietAtOnce)
	if err != nil {
		return fmt.Errorf("find quiet disputes: %w", err)
	}
	var failed error
	for _, id := range quiet {
		failed = errors.Join(failed, s.ApplyDispute(ctx, id))
	}
	return failed
}

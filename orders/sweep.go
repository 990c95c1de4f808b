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
	return failed
}

func (s *Service) expire(ctx context.Context, id OrderID) error {
	order, err := readOrder(ctx, s.db, `orders.id = $1`, id)
	if err != nil {
		return err
	}
	if live := order.LivePayment(); live != nil {
		if err := s.askLastTime(ctx, *live); err != nil {
			return fmt.Errorf("expire order %s: %w", id, err)
		}
	}
	_, err = s.change(ctx, "expire", id, func(tx *sqlx.Tx, order *Order) error {
		if !order.due(s.now()) || order.LivePayment() != nil {
			return nil
		}
		return s.move(ctx, tx, order, step{to: Expired, by: system})
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

// Reconcile asks the provider about every attempt that is not settled and has been quiet, takes
// approved money that was not taken, and submits refunds again that got stuck. It makes up for
// every lost webhook and job. The errors of single payments come back joined.
func (s *Service) Reconcile(ctx context.Context) error {
	var quiet []Payment
	err := s.db.SelectContext(ctx, &quiet, selectPayments+`
		state IN ('created', 'code_issued', 'authorized') AND updated_at <= $1
		ORDER BY id`, s.now().Add(-quietFor))
	if err != nil {
		return fmt.Errorf("find quiet payments: %w", err)
	}
	var failed error
	for _, payment := range quiet {
		failed = errors.Join(failed, s.Apply(ctx, payment.ID), s.CaptureApproved(ctx, TextApproved{OrderID: payment.OrderID}))
	}
	return errors.Join(failed, s.resubmitRefunds(ctx))
}

func (s *Service) resubmitRefunds(ctx context.Context) error {
	var stuck []Refund
	err := s.db.SelectContext(ctx, &stuck, selectRefunds+`
		state IN ('requested', 'submitting', 'pending', 'requires_action') AND updated_at <= $1
		ORDER BY id`, s.now().Add(-quietFor))
	if err != nil {
		return fmt.Errorf("find stuck refunds: %w", err)
	}
	var failed error
	for _, refund := range stuck {
		if refund.ProviderID != "" {
			failed = errors.Join(failed, s.Apply(ctx, refund.PaymentID))
			continue
		}
		failed = errors.Join(failed, s.SubmitRefund(ctx, RefundDue{RefundID: refund.ID}))
	}
	return failed
}

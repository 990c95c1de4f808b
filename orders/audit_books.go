package orders

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/lib/pq"

	"tsukuriba/internal/yen"
)

// auditPayments holds a page of the provider's payments against ours. The trouble with one does not
// keep the others; it is looked at again the next night.
func (s *Service) auditPayments(ctx context.Context, wanted PageOf) (pageRead, error) {
	listed, err := s.gateway.ListPayments(ctx, wanted)
	if err != nil {
		return pageRead{}, err
	}
	page := pageRead{next: listed.Next}
	var seen []string
	for _, shown := range listed.Items {
		seen = append(seen, shown.IntentID)
		page.troubles = errors.Join(page.troubles, s.auditPayment(ctx, shown))
	}
	return page, s.noteSightings(ctx, seen)
}

func (s *Service) auditPayment(ctx context.Context, shown PaymentSnapshot) error {
	payment, err := s.findPayment(ctx, `
		id = $1 OR intent_id = $2
		ORDER BY intent_id = $2 DESC NULLS LAST
		LIMIT 1`, shown.PaymentID, shown.IntentID)
	if errors.Is(err, ErrPaymentNotFound) || err == nil && payment.IntentID != "" && payment.IntentID != shown.IntentID {
		return s.auditUnknownPayment(ctx, shown, payment.OrderID)
	}
	if err != nil {
		return err
	}
	agrees, err := s.agrees(ctx, payment, shown)
	if err == nil && !agrees {
		agrees, err = s.readAnew(ctx, payment, &shown)
	}
	if err != nil {
		return err
	}
	found := mismatch{
		Kind: mismatchPayment, ProviderID: shown.IntentID, OrderID: payment.OrderID, PaymentID: payment.ID, Amount: shown.Captured,
	}
	return s.noteMismatch(ctx, found, agrees)
}

// auditUnknownPayment notes money of the account that belongs to none of our payments. order is
// the one that its metadata lead to, or zero.
func (s *Service) auditUnknownPayment(ctx context.Context, shown PaymentSnapshot, order OrderID) error {
	amount := shown.Captured
	if shown.State == PaymentAuthorized {
		amount = shown.Amount
	}
	found := mismatch{Kind: mismatchUnknownPayment, ProviderID: shown.IntentID, OrderID: order, Amount: amount}
	return s.noteMismatch(ctx, found, amount == 0)
}

// readAnew brings a payment up to the provider, and compares again. shown becomes the new reading.
func (s *Service) readAnew(ctx context.Context, payment Payment, shown *PaymentSnapshot) (bool, error) {
	ref := PaymentRef{SessionID: payment.SessionID, IntentID: shown.IntentID}
	if err := s.apply(ctx, payment, ref); err != nil {
		return false, err
	}
	payment, err := s.findPayment(ctx, `id = $1`, payment.ID)
	if err != nil {
		return false, err
	}
	booked, err := s.booked(ctx, payment.ID)
	if err != nil {
		return false, err
	}
	// What is booked by now the provider must show from now on, not what it shows the books must have.
	if *shown, err = s.gateway.Payment(ctx, ref); err != nil {
		return false, err
	}
	return booked == shown.Captured && shown.State.rank() <= payment.State.rank(), nil
}

// agrees says whether our books know what the provider shows of a payment, neither more nor less.
func (s *Service) agrees(ctx context.Context, payment Payment, shown PaymentSnapshot) (bool, error) {
	booked, err := s.booked(ctx, payment.ID)
	return booked == shown.Captured && shown.State.rank() <= payment.State.rank(), err
}

// booked is what our ledger says was taken by a payment, refunds aside.
func (s *Service) booked(ctx context.Context, payment PaymentID) (amount yen.Amount, err error) {
	err = s.db.GetContext(ctx, &amount, `
		SELECT coalesce(sum(amount_yen), 0)
		FROM money_ledger
		WHERE payment_id = $1 AND kind = 'capture'`, payment)
	if err != nil {
		return 0, fmt.Errorf("sum captures: %w", err)
	}
	return amount, nil
}

// auditMissingPayments asks for the payments of ours that moved money and were not in the lists.
func (s *Service) auditMissingPayments(ctx context.Context, ended sweep) error {
	var missing []Payment
	err := s.db.SelectContext(ctx, &missing, selectPayments+`
		intent_id IS NOT NULL AND created_at >= $1 AND created_at < $2
		AND EXISTS (SELECT FROM money_ledger WHERE payment_id = payments.id AND kind IN ('authorization', 'capture'))
		AND NOT EXISTS (SELECT FROM provider_sightings WHERE provider_id = payments.intent_id AND seen_at >= $3)
		ORDER BY id
		LIMIT $4`, ended.Since, ended.Until.Add(-pageOpen), ended.BegunAt, missingCheck)
	if err != nil {
		return fmt.Errorf("find payments that were not listed: %w", err)
	}
	var troubles error
	for _, payment := range missing {
		troubles = errors.Join(troubles, s.auditMissingPayment(ctx, payment))
	}
	return troubles
}

func (s *Service) auditMissingPayment(ctx context.Context, payment Payment) error {
	shown, err := s.gateway.Payment(ctx, PaymentRef{IntentID: payment.IntentID})
	if err != nil && !errors.Is(err, ErrGatewayNotFound) {
		return err
	}
	found := mismatch{
		Kind: mismatchMissingPayment, ProviderID: payment.IntentID, OrderID: payment.OrderID, PaymentID: payment.ID, Amount: payment.Amount,
	}
	if notFound := s.noteMismatch(ctx, found, err == nil); notFound != nil || err != nil {
		return notFound
	}
	return s.auditPayment(ctx, shown)
}

// auditRefunds holds a page of the provider's refunds against ours.
func (s *Service) auditRefunds(ctx context.Context, wanted PageOf) (pageRead, error) {
	listed, err := s.gateway.ListRefunds(ctx, wanted)
	if err != nil {
		return pageRead{}, err
	}
	page := pageRead{next: listed.Next}
	var seen []string
	for _, shown := range listed.Items {
		seen = append(seen, shown.ID)
		page.troubles = errors.Join(page.troubles, s.auditRefund(ctx, shown))
	}
	return page, s.noteSightings(ctx, seen)
}

func (s *Service) auditRefund(ctx context.Context, shown RefundSnapshot) error {
	var known []Refund
	if err := s.db.SelectContext(ctx, &known, selectRefunds+`provider_id = $1`, shown.ID); err != nil {
		return fmt.Errorf("find refund: %w", err)
	}
	if len(known) > 0 && shown.State.rank() <= known[0].State.rank() {
		return nil
	}
	payment, err := s.findPayment(ctx, `intent_id = $1`, shown.IntentID)
	unknown := errors.Is(err, ErrPaymentNotFound)
	if err != nil && !unknown {
		return err
	}
	found := mismatch{Kind: mismatchUnknownRefund, ProviderID: shown.ID, Amount: shown.Amount}
	if err := s.noteMismatch(ctx, found, !unknown); err != nil || unknown {
		return err
	}
	return s.Apply(ctx, payment.ID)
}

// auditMissingRefunds asks for the refunds in our ledger that were not in the lists.
func (s *Service) auditMissingRefunds(ctx context.Context, ended sweep) error {
	var missing []Refund
	err := s.db.SelectContext(ctx, &missing, selectRefunds+`
		state = 'succeeded' AND created_at >= $1 AND created_at < $2
		AND origin <> 'other_means' AND NOT EXISTS (SELECT FROM payments WHERE id = refunds.payment_id AND method = 'invoice')
		AND NOT EXISTS (SELECT FROM provider_sightings WHERE provider_id = refunds.provider_id AND seen_at >= $3)
		ORDER BY id
		LIMIT $4`, ended.Since, ended.Until, ended.BegunAt, missingCheck)
	if err != nil {
		return fmt.Errorf("find refunds that were not listed: %w", err)
	}
	var troubles error
	for _, refund := range missing {
		troubles = errors.Join(troubles, s.auditMissingRefund(ctx, refund))
	}
	return troubles
}

func (s *Service) auditMissingRefund(ctx context.Context, refund Refund) error {
	payment, err := s.findPayment(ctx, `id = $1`, refund.PaymentID)
	if err != nil {
		return err
	}
	shown, err := s.gateway.Refunds(ctx, payment.IntentID)
	if err != nil && !errors.Is(err, ErrGatewayNotFound) {
		return err
	}
	stands := false
	for _, other := range shown {
		stands = stands || other.ID == refund.ProviderID
	}
	return s.noteMismatch(ctx, mismatch{
		Kind: mismatchMissingRefund, ProviderID: refund.ProviderID, OrderID: refund.OrderID, PaymentID: refund.PaymentID, Amount: refund.Amount,
	}, stands)
}

// auditDisputes applies a page of the provider's disputes.
func (s *Service) auditDisputes(ctx context.Context, wanted PageOf) (pageRead, error) {
	listed, err := s.gateway.ListDisputes(ctx, wanted)
	if err != nil {
		return pageRead{}, err
	}
	page := pageRead{next: listed.Next}
	for _, shown := range listed.Items {
		page.troubles = errors.Join(page.troubles, s.auditDispute(ctx, shown))
	}
	return page, nil
}

func (s *Service) auditDispute(ctx context.Context, shown DisputeSnapshot) error {
	err := s.applyDispute(ctx, shown)
	unknown := errors.Is(err, ErrPaymentNotFound)
	if err != nil && !unknown {
		return err
	}
	found := mismatch{Kind: mismatchUnknownDispute, ProviderID: shown.ID, Amount: shown.Amount}
	return s.noteMismatch(ctx, found, !unknown)
}

// noteSightings remembers what the lists have shown; a month is more than any audit asks for.
func (s *Service) noteSightings(ctx context.Context, seen []string) error {
	_, err := s.db.ExecContext(ctx, `
		INSERT INTO provider_sightings (provider_id, seen_at)
		SELECT DISTINCT seen, $2::timestamptz FROM unnest($1::text[]) AS seen
		ON CONFLICT (provider_id) DO UPDATE SET seen_at = excluded.seen_at`, pq.Array(seen), s.now())
	if err != nil {
		return fmt.Errorf("note sightings: %w", err)
	}
	_, err = s.db.ExecContext(ctx, `
		DELETE FROM provider_sightings
		WHERE seen_at < $1`, s.now().Add(-30*24*time.Hour))
	if err != nil {
		return fmt.Errorf("forget sightings: %w", err)
	}
	return nil
}

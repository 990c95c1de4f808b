package orders

import (
	"context"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"tsukuriba/internal/postgres"
)

// Apply asks the provider how an attempt stands and brings the order up to it. Webhooks, the
// return page, the reconciliation and staff all come here; it may be called at any time, often
// and at once, and each effect happens once. Errors: ErrPaymentNotFound, ErrGateway….
func (s *Service) Apply(ctx context.Context, payment PaymentID) error {
	found, err := s.findPayment(ctx, `id = $1`, payment)
	if err != nil {
		return err
	}
	return s.apply(ctx, found, PaymentRef{})
}

// apply reads the payment by its own reference or, where a crash kept us from learning it, by
// the one a signed event carried. The events that this answers are done in the same transaction.
func (s *Service) apply(ctx context.Context, payment Payment, hint PaymentRef, events ...string) error {
	ref := PaymentRef{SessionID: payment.SessionID, IntentID: payment.IntentID}
	if ref == (PaymentRef{}) {
		ref = hint
	}
	if ref == (PaymentRef{}) { // no page was ever opened: there is nothing to pay
		return s.finishEvents(ctx, s.db, events, "done", payment.OrderID)
	}
	snapshot, err := s.gateway.Payment(ctx, ref)
	if err != nil {
		return fmt.Errorf("read payment %s: %w", payment.ID, err)
	}
	refunds, err := s.refundsAt(ctx, payment, snapshot)
	if err != nil {
		return err
	}
	err = postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		return s.applyRead(ctx, tx, payment, reading{snapshot, refunds, events})
	})
	if err != nil {
		return fmt.Errorf("apply payment %s: %w", payment.ID, err)
	}
	return nil
}

// reading is what the provider said about a payment at one moment.
type reading struct {
	snapshot PaymentSnapshot
	refunds  []RefundSnapshot
	events   []string // those it answers
}

func (s *Service) refundsAt(ctx context.Context, payment Payment, snapshot PaymentSnapshot) ([]RefundSnapshot, error) {
	if snapshot.State != PaymentCaptured || payment.foreign(snapshot) != nil {
		return nil, nil
	}
	refunds, err := s.gateway.Refunds(ctx, snapshot.IntentID)
	if err != nil {
		return nil, fmt.Errorf("read refunds of payment %s: %w", payment.ID, err)
	}
	return refunds, nil
}

// applyRead is the effect of a reading. The order's lock covers its payments, too.
func (s *Service) applyRead(ctx context.Context, tx *sqlx.Tx, payment Payment, read reading) error {
	order, err := lockOrder(ctx, tx, payment.OrderID)
	if err != nil {
		return err
	}
	before := *order.payment(payment.ID)
	if cause := before.foreign(read.snapshot); cause != nil {
		return errors.Join(
			s.finishEvents(ctx, tx, read.events, "done", order.ID),
			s.placeHold(ctx, tx, &order, holdOrder{reason: HoldMismatch, cause: cause, by: system}))
	}
	if cause := before.disagrees(read.snapshot); cause != nil {
		if err := s.placeHold(ctx, tx, &order, holdOrder{reason: HoldMismatch, cause: cause, by: system}); err != nil {
			return err
		}
	}
	after := order.supersede(before, before.reduce(read.snapshot))
	news, err := s.note(ctx, tx, before, after, read)
	if err != nil {
		return err
	}
	if after != before {
		after.Version++
		*order.payment(payment.ID) = after
	}
	if news && after.State == PaymentCaptured || after.Superseded != before.Superseded {
		if err := order.readMoney(ctx, tx); err != nil {
			return err
		}
	}
	if err := s.applyRefunds(ctx, tx, &order, after, read.refunds); err != nil {
		return err
	}
	return s.react(ctx, tx, order, change{before, after, news})
}

// note writes what a reading changes of a payment, what it says of its money, and which events it
// answers. It says whether its effect on the ledger is new.
func (s *Service) note(ctx context.Context, tx *sqlx.Tx, before, after Payment, read reading) (news bool, err error) {
	var batch postgres.Batch
	if after != before {
		if err := s.movePaymentWith(&batch, before, after); err != nil {
			return false, err
		}
	}
	var entered int64
	if effect, is := s.effectOf(before, after, read.snapshot); is {
		enterWith(&batch, &entered, effect)
	}
	s.finishEventsWith(&batch, read.events, "done", before.OrderID)
	if batch.Empty() {
		return false, nil
	}
	if err := batch.Run(ctx, tx); err != nil {
		return false, fmt.Errorf("note the reading: %w", err)
	}
	return entered > 0, nil
}

func (o *Order) payment(id PaymentID) *Payment {
	for i := range o.Payments {
		if o.Payments[i].ID == id {
			return &o.Payments[i]
		}
	}
	return nil
}

// supersede keeps one live attempt per order: the first success wins, and one that comes to
// life beside it is late money.
func (o *Order) supersede(before, after Payment) Payment {
	if other := o.LivePayment(); other != nil && other.ID != before.ID && !before.live() && after.live() {
		after.Superseded = true
	}
	return after
}

// change is what a reading did to a payment. New tells whether its effect on the ledger is new.
type change struct {
	before, after Payment
	new           bool
}

// react lets the order follow its payment.
func (s *Service) react(ctx context.Context, tx *sqlx.Tx, order Order, change change) error {
	payment := change.after
	if order.unwanted() || payment.Superseded {
		return s.returnMoney(ctx, tx, &order, change)
	}
	if payment.State == PaymentCodeIssued && change.before.State != PaymentCodeIssued && payment.ExpiresAt != nil {
		order.ExpiresAt = new(payment.ExpiresAt.Add(codeGrace))
		if err := extendOrder(ctx, tx, order); err != nil {
			return err
		}
		if err := s.bus.Announce(ctx, tx, CodeIssued{OrderID: order.ID, PaymentID: payment.ID}); err != nil {
			return err
		}
	}
	if err := s.settle(ctx, tx, &order, system); err != nil {
		return err
	}
	if change.new && order.wantsCapture() {
		return s.bus.Announce(ctx, tx, TextApproved{OrderID: order.ID})
	}
	return nil
}

func extendOrder(ctx context.Context, tx *sqlx.Tx, order Order) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE orders
		SET expires_at = $2
		WHERE id = $1`, order.ID, order.ExpiresAt)
	if err != nil {
		return fmt.Errorf("extend order: %w", err)
	}
	return nil
}

// returnMoney gives back what came for an order that was given up, or that was paid already. What
// came for one that had only expired is kept until staff decide.
func (s *Service) returnMoney(ctx context.Context, tx *sqlx.Tx, order *Order, change change) error {
	payment := change.after
	switch {
	case payment.State == PaymentAuthorized && change.new:
		return s.bus.Announce(ctx, tx, PaymentOrphaned{PaymentID: payment.ID})
	case payment.State != PaymentCaptured || !change.new:
		return nil
	}
	if order.mayRevive() && !payment.Superseded {
		return s.keepLateMoney(ctx, tx, order, CauseLateMoney)
	}
	return s.returnLate(ctx, tx, order, payment, system)
}

// CaptureApproved takes the money of an order whose texts are approved. It does nothing to an
// order that is paid, on hold or over.
func (s *Service) CaptureApproved(ctx context.Context, event TextApproved) error {
	order, err := readOrder(ctx, s.db, `orders.id = $1`, event.OrderID)
	if err != nil {
		return err
	}
	if !order.wantsCapture() {
		return nil
	}
	payment := *order.LivePayment()
	plan := callPlan{
		operation: "capture", subject: payment.ID.String(), order: order.ID, payment: payment.ID,
		params: map[string]any{"intent": payment.IntentID, "amount": payment.Amount},
		stands: s.paymentStands(payment, PaymentCaptured),
	}
	captureErr := s.call(ctx, plan, func(key string) (effect, error) {
		return effect{object: payment.IntentID}, s.gateway.Capture(ctx, key, payment.IntentID, payment.Amount)
	})
	// After a refusal the reading tells why: canceled at the provider, or lapsed.
	return errors.Join(captureErr, s.Apply(ctx, payment.ID))
}

// ReleasePayments closes open pages and releases authorizations of an order that was canceled.
func (s *Service) ReleasePayments(ctx context.Context, event OrderCanceled) error {
	return s.releaseAll(ctx, event.OrderID)
}

// ReleaseExpired does the same for an order that was not paid in time.
func (s *Service) ReleaseExpired(ctx context.Context, event OrderExpired) error {
	return s.releaseAll(ctx, event.OrderID)
}

func (s *Service) releaseAll(ctx context.Context, id OrderID) error {
	order, err := readOrder(ctx, s.db, `orders.id = $1`, id)
	if err != nil {
		return err
	}
	var failed error
	for _, payment := range order.Payments {
		if payment.releasable() {
			failed = errors.Join(failed, s.closeAttempt(ctx, payment))
		}
	}
	return failed
}

// ReleaseOrphan releases a payment that its order no longer wants.
func (s *Service) ReleaseOrphan(ctx context.Context, event PaymentOrphaned) error {
	payment, err := s.findPayment(ctx, `id = $1`, event.PaymentID)
	if err != nil || payment.State != PaymentAuthorized {
		return err
	}
	return s.closeAttempt(ctx, payment)
}

// closeAttempt closes the page of an attempt or releases its authorization, and applies what
// came of it. The provider may refuse, because a code is out or money was taken in between:
// then the reading says so.
func (s *Service) closeAttempt(ctx context.Context, payment Payment) error {
	if payment.SessionID == "" && payment.IntentID == "" {
		return s.forgetAttempt(ctx, payment, func(p Payment) bool { return p.lapsed(s.now()) })
	}
	ref := PaymentRef{SessionID: payment.SessionID, IntentID: payment.IntentID}
	plan := callPlan{
		operation: "cancel", subject: payment.ID.String(), order: payment.OrderID, payment: payment.ID,
		params: map[string]any{"session": payment.SessionID},
		stands: s.paymentStands(payment, PaymentCanceled, PaymentExpired, PaymentFailed),
	}
	err := s.call(ctx, plan, func(key string) (effect, error) {
		return effect{object: ref.SessionID}, s.gateway.CancelPayment(ctx, key, ref)
	})
	if err != nil && !errors.Is(err, ErrGatewayRefused) {
		return fmt.Errorf("close payment %s: %w", payment.ID, err)
	}
	return s.Apply(ctx, payment.ID)
}

// forgetAttempt ends an attempt whose page nobody was ever given. Should the provider have made
// it after all, its own events still name the attempt: it counts as failed, which any money
// outranks. may looks at the attempt as it then stands; one of an order that has ended always may.
func (s *Service) forgetAttempt(ctx context.Context, payment Payment, may func(Payment) bool) error {
	return postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		order, err := lockOrder(ctx, tx, payment.OrderID)
		if err != nil {
			return err
		}
		before := *order.payment(payment.ID)
		if before.State != PaymentCreated || before.SessionID != "" || !order.unwanted() && !may(before) {
			return nil
		}
		after := before
		after.State, after.Failure = PaymentFailed, "page_never_opened"
		return s.movePayment(ctx, tx, before, after)
	})
}

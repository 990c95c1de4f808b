package orders

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"tsukuriba/internal/audit"
	"tsukuriba/internal/id"
	"tsukuriba/internal/postgres"
	"tsukuriba/internal/yen"
)

// Refund is money on its way back.
type Refund struct {
	ID         RefundID    `db:"id"`
	OrderID    OrderID     `db:"order_id"`
	PaymentID  PaymentID   `db:"payment_id"`
	Amount     yen.Amount  `db:"amount_yen"`
	State      RefundState `db:"state"`
	Origin     string      `db:"origin"` // staff, system, or external for one made at the provider's
	Reason     string      `db:"reason"`
	ProviderID string      `db:"provider_id"`
	Version    int         `db:"version"`
	CreatedAt  time.Time   `db:"created_at"`
}

// RefundOrder is a refund that staff want.
type RefundOrder struct {
	Order  OrderID
	Amount yen.Amount
	Reason string
}

type newRefund struct {
	order    OrderID
	payment  PaymentID
	amount   yen.Amount
	origin   string
	reason   string
	by       audit.Actor
	provider RefundSnapshot // for one that exists already
}

const selectRefunds = `
	SELECT id, order_id, payment_id, amount_yen, state, origin, reason, coalesce(provider_id, '') AS provider_id,
	       version, created_at
	FROM refunds
	WHERE `

// rank orders the refund states by how much is known. A bank may send a refund back, so failed
// comes after succeeded.
func (s RefundState) rank() int {
	switch s {
	case RefundRequested:
		return 0
	case RefundSubmitting:
		return 1
	case RefundPending:
		return 2
	case RefundRequiresAction:
		return 3
	case RefundSucceeded:
		return 4
	case RefundFailed, RefundCanceled:
		return 5
	default:
		return -1
	}
}

// Refunds lists the refunds of an order, the oldest first.
func (s *Service) Refunds(ctx context.Context, order OrderID) ([]Refund, error) {
	var refunds []Refund
	if err := s.db.SelectContext(ctx, &refunds, selectRefunds+`order_id = $1 ORDER BY created_at, id`, order); err != nil {
		return nil, fmt.Errorf("read refunds: %w", err)
	}
	return refunds, nil
}

// RequestRefund promises money back; a job submits it. Errors: ErrOrderNotFound, ErrNotPaid,
// ErrRefundTooLarge, *FormError for a missing reason or an amount that is not positive.
func (s *Service) RequestRefund(ctx context.Context, by audit.Actor, request RefundOrder) (RefundID, error) {
	var refund RefundID
	err := postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		order, err := lockOrder(ctx, tx, request.Order)
		if err != nil {
			return err
		}
		if err := request.check(); err != nil {
			return err
		}
		payment := order.captured()
		if payment == nil {
			return ErrNotPaid
		}
		refund, err = s.insertRefund(ctx, tx, newRefund{
			order: order.ID, payment: payment.ID, amount: request.Amount, origin: "staff", reason: request.Reason, by: by,
		})
		return err
	})
	if err != nil {
		return RefundID{}, fmt.Errorf("refund order %s: %w", request.Order, err)
	}
	return refund, nil
}

func (r RefundOrder) check() error {
	fields := map[string]string{}
	require(fields, "reason", r.Reason)
	if r.Amount <= 0 {
		fields["amount"] = "invalid"
	}
	if len(fields) > 0 {
		return &FormError{Fields: fields}
	}
	return nil
}

func (o *Order) captured() *Payment {
	for i := range o.Payments {
		if o.Payments[i].State == PaymentCaptured && !o.Payments[i].Superseded {
			return &o.Payments[i]
		}
	}
	return nil
}

// insertRefund writes a refund below the cap of what its payment captured. The order is locked.
func (s *Service) insertRefund(ctx context.Context, tx *sqlx.Tx, refund newRefund) (RefundID, error) {
	left, err := refundable(ctx, tx, refund.payment)
	if err != nil {
		return RefundID{}, err
	}
	if refund.amount > left && refund.origin != "external" { // what has happened is not ours to refuse
		return RefundID{}, fmt.Errorf("%w: %s of %s", ErrRefundTooLarge, refund.amount, left)
	}
	id, state := id.New[refundKind](), RefundRequested
	if refund.origin == "external" {
		state = refund.provider.State
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO refunds (id, order_id, payment_id, amount_yen, state, origin, reason, provider_id, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, nullif($8, ''), $9, $9)`,
		id, refund.order, refund.payment, refund.amount, state, refund.origin, refund.reason, refund.provider.ID, s.now())
	if err != nil {
		return RefundID{}, fmt.Errorf("insert refund: %w", err)
	}
	err = audit.Record(ctx, tx, audit.Entry{
		Actor: refund.by, Action: "refund." + string(state), Subject: refund.order.String(),
		Detail: map[string]any{"refund": id, "amount": refund.amount, "origin": refund.origin, "reason": refund.reason},
	})
	if err != nil || refund.origin == "external" {
		return id, err
	}
	return id, s.bus.Announce(ctx, tx, RefundDue{RefundID: id})
}

// SubmitRefund asks the provider to give the money back. Before it repeats a call whose outcome
// is not known, it looks whether the refund exists.
func (s *Service) SubmitRefund(ctx context.Context, event RefundDue) error {
	refund, err := s.changeRefund(ctx, event.RefundID, RefundSubmitting)
	if err != nil || refund.State != RefundSubmitting {
		return err
	}
	payment, err := s.findPayment(ctx, `id = $1`, refund.PaymentID)
	if err != nil {
		return err
	}
	contact, err := s.contact(ctx, s.db, refund.OrderID)
	if err != nil {
		return err
	}
	request := RefundRequest{
		RefundID: refund.ID, OrderID: refund.OrderID, IntentID: payment.IntentID, Amount: refund.Amount, Email: contact.Email,
	}
	plan := callPlan{
		operation: "refund", subject: refund.ID.String(), order: refund.OrderID, payment: refund.PaymentID, params: request,
	}
	err = s.call(ctx, plan, func(key string) (string, error) {
		made, err := s.makeRefund(ctx, key, request)
		return made.ID, err
	})
	if errors.Is(err, ErrGatewayRefused) {
		_, err = s.changeRefund(ctx, refund.ID, RefundFailed)
		return err
	}
	if err != nil {
		return fmt.Errorf("submit refund %s: %w", refund.ID, err)
	}
	return s.Apply(ctx, payment.ID)
}

// makeRefund finds the refund that an earlier call made, or makes it. The provider forgets keys
// after a day, the refund itself stays.
func (s *Service) makeRefund(ctx context.Context, key string, request RefundRequest) (RefundSnapshot, error) {
	made, err := s.gateway.Refunds(ctx, request.IntentID)
	if err != nil {
		return RefundSnapshot{}, err
	}
	for _, refund := range made {
		if refund.RefundID == request.RefundID {
			return refund, nil
		}
	}
	return s.gateway.Refund(ctx, key, request)
}

// changeRefund moves a refund by our own decision.
func (s *Service) changeRefund(ctx context.Context, id RefundID, to RefundState) (Refund, error) {
	var refund Refund
	err := postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) (err error) {
		var order OrderID
		if err = tx.GetContext(ctx, &order, `SELECT order_id FROM refunds WHERE id = $1`, id); errors.Is(err, sql.ErrNoRows) {
			return ErrRefundNotFound
		}
		if err != nil {
			return fmt.Errorf("find refund: %w", err)
		}
		locked, err := lockOrder(ctx, tx, order)
		if err != nil {
			return err
		}
		if err = tx.GetContext(ctx, &refund, selectRefunds+`id = $1`, id); err != nil {
			return fmt.Errorf("read refund: %w", err)
		}
		return s.moveRefund(ctx, tx, &locked, &refund, RefundSnapshot{State: to})
	})
	return refund, err
}

// moveRefund is the only function that writes a refund's state; it only moves upward. The order
// is locked. A refund that fails in the end puts the order on hold.
func (s *Service) moveRefund(ctx context.Context, tx *sqlx.Tx, order *Order, refund *Refund, to RefundSnapshot) error {
	if to.State.rank() <= refund.State.rank() {
		return nil
	}
	from := refund.State
	result, err := tx.ExecContext(ctx, `
		UPDATE refunds
		SET state = $4, version = version + 1, provider_id = coalesce(provider_id, nullif($5, '')), updated_at = $6
		WHERE id = $1 AND state = $2 AND version = $3`, refund.ID, from, refund.Version, to.State, to.ID, s.now())
	if err != nil {
		return fmt.Errorf("update refund: %w", err)
	}
	if rows, err := result.RowsAffected(); err != nil || rows == 0 {
		return errors.Join(ErrStale, err)
	}
	refund.State, refund.Version = to.State, refund.Version+1
	err = audit.Record(ctx, tx, audit.Entry{
		Actor: system, Action: "refund." + string(to.State), Subject: refund.OrderID.String(),
		Detail: map[string]any{"refund": refund.ID, "from": from, "failure": to.Failure},
	})
	if err != nil || to.State != RefundFailed {
		return err
	}
	return s.placeHold(ctx, tx, order, holdOrder{HoldMismatch, "the refund of " + refund.Amount.String() + " failed", system})
}

// applyRefunds brings our refunds up to what the provider lists. One that we did not make is
// noted as external, and the order waits until staff say what it was for.
func (s *Service) applyRefunds(ctx context.Context, tx *sqlx.Tx, order *Order, payment Payment, listed []RefundSnapshot) error {
	for _, snapshot := range listed {
		refund, err := s.knownRefund(ctx, tx, order, payment, snapshot)
		if err != nil {
			return err
		}
		if err := s.moveRefund(ctx, tx, order, &refund, snapshot); err != nil {
			return err
		}
		effect := entry{order: order.ID, payment: payment.ID, amount: snapshot.Amount, provider: snapshot.ID, at: s.now()}
		if err := bookRefund(ctx, tx, order, refund.State, effect); err != nil {
			return err
		}
	}
	return nil
}

// bookRefund enters that money was given back, or that what was given back has returned.
func bookRefund(ctx context.Context, tx *sqlx.Tx, order *Order, state RefundState, effect entry) error {
	change := -effect.amount
	switch state {
	case RefundSucceeded:
		effect.kind = "refund"
	case RefundFailed, RefundCanceled:
		left, err := entered(ctx, tx, effect.provider, "refund")
		if err != nil || !left {
			return err
		}
		effect.kind, change = "refund_returned", effect.amount
	default:
		return nil
	}
	isNew, err := enter(ctx, tx, effect)
	if isNew {
		order.Paid += change
	}
	return err
}

func (s *Service) knownRefund(ctx context.Context, tx *sqlx.Tx, order *Order, payment Payment, snapshot RefundSnapshot) (Refund, error) {
	var refund Refund
	err := tx.GetContext(ctx, &refund, selectRefunds+`provider_id = $1 OR id = $2`, snapshot.ID, snapshot.RefundID)
	if !errors.Is(err, sql.ErrNoRows) {
		return refund, err
	}
	hold := holdOrder{HoldMismatch, "a refund of " + snapshot.Amount.String() + " was made at the provider", system}
	if err := s.placeHold(ctx, tx, order, hold); err != nil {
		return Refund{}, err
	}
	external := newRefund{
		order: order.ID, payment: payment.ID, amount: snapshot.Amount, origin: "external", reason: "external",
		by: system, provider: snapshot,
	}
	id, err := s.insertRefund(ctx, tx, external)
	if err != nil {
		return Refund{}, err
	}
	err = tx.GetContext(ctx, &refund, selectRefunds+`id = $1`, id)
	return refund, err
}

package orders

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"tsukuriba/internal/audit"
	"tsukuriba/internal/id"
	"tsukuriba/internal/postgres"
)

// change is a use case on one order: lock, decide and save in do, one transaction.
func (s *Service) change(ctx context.Context, act string, id OrderID, do func(*sqlx.Tx, *Order) error) (Order, error) {
	var order Order
	err := postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) (err error) {
		if order, err = lockOrder(ctx, tx, id); err != nil {
			return err
		}
		return do(tx, &order)
	})
	if err != nil {
		return Order{}, fmt.Errorf("%s order %s: %w", act, id, err)
	}
	return order, nil
}

// Approve accepts every custom text of an order in review. The job it announces takes the money
// of a card; the order is approved once that has arrived. For konbini the customer is mailed the
// link to pay. Errors: ErrOrderNotFound, ErrWrongState, ErrOnHold.
func (s *Service) Approve(ctx context.Context, by audit.Actor, id OrderID) (Order, error) {
	return s.change(ctx, "approve", id, func(tx *sqlx.Tx, order *Order) error {
		if err := order.approve(); err != nil {
			return err
		}
		if err := s.saveTexts(ctx, tx, *order, by); err != nil {
			return err
		}
		if err := recordOn(ctx, tx, *order, by, "order.text_approved"); err != nil {
			return err
		}
		if order.Method == Konbini && !order.paid() {
			if err := s.move(ctx, tx, order, step{to: AwaitingPayment, by: by}); err != nil {
				return err
			}
		}
		if err := s.settle(ctx, tx, order, by); err != nil {
			return err
		}
		return s.bus.Announce(ctx, tx, TextApproved{OrderID: order.ID})
	})
}

// Refuse turns the custom texts of an order in review down, which cancels it. The reason is one
// of RefusalReasons and chooses the mail. A card is released by a job. Errors: ErrOrderNotFound,
// ErrWrongState, ErrUnknownReason.
func (s *Service) Refuse(ctx context.Context, by audit.Actor, id OrderID, reason string) (Order, error) {
	return s.change(ctx, "refuse", id, func(tx *sqlx.Tx, order *Order) error {
		if err := order.refuse(reason); err != nil {
			return err
		}
		if err := s.saveTexts(ctx, tx, *order, by); err != nil {
			return err
		}
		return s.cancel(ctx, tx, order, step{to: Canceled, by: by, reason: refusedPrefix + reason})
	})
}

// refusedPrefix marks the cancel reasons that are refusals of a text.
const refusedPrefix = "refused:"

// cancel ends the order and gives back what was paid.
func (s *Service) cancel(ctx context.Context, tx *sqlx.Tx, order *Order, step step) error {
	if err := s.move(ctx, tx, order, step); err != nil {
		return err
	}
	payment := order.captured()
	if payment == nil {
		return nil
	}
	left, err := refundable(ctx, tx, payment.ID)
	if err != nil || left == 0 {
		return err
	}
	return s.returnAll(ctx, tx, *order, newRefund{by: step.by, Refund: Refund{PaymentID: payment.ID, Amount: left, Reason: RefundCanceledOrder}})
}

// Hold keeps an order from going on until the hold is released. The note is for staff, except that
// the one of HoldTextQuery is a question that is mailed to the customer. Errors: ErrOrderNotFound,
// ErrWrongState for an order that has ended, ErrUnknownReason.
func (s *Service) Hold(ctx context.Context, by audit.Actor, id OrderID, reason HoldReason, note string) (Order, error) {
	return s.change(ctx, "hold", id, func(tx *sqlx.Tx, order *Order) error {
		if !reason.known() {
			return ErrUnknownReason
		}
		if order.State.Final() {
			return wrongState("hold", order.State)
		}
		open := len(order.Holds)
		if err := s.placeHold(ctx, tx, order, holdOrder{reason, note, by}); err != nil {
			return err
		}
		if reason != HoldTextQuery || note == "" || len(order.Holds) == open {
			return nil
		}
		return s.bus.Announce(ctx, tx, TextQueried{OrderID: order.ID, HoldID: order.Holds[open].ID})
	})
}

func (r HoldReason) known() bool {
	switch r {
	case HoldFraud, HoldMismatch, HoldDispute, HoldTextQuery, HoldCapacity, HoldLateMoney, HoldExternalRefund, HoldRefundFailed:
		return true
	default:
		return false
	}
}

// ReleaseHold lets an order go on. Releasing what is not held is fine. Errors: ErrOrderNotFound,
// ErrDisputeOpen, ErrRefundUnassigned as long as a refund made at the provider is not explained,
// ErrWrongState for late money, which Revive or RefundLate decide about.
func (s *Service) ReleaseHold(ctx context.Context, by audit.Actor, id OrderID, reason HoldReason) (Order, error) {
	return s.change(ctx, "release", id, func(tx *sqlx.Tx, order *Order) error {
		if reason == HoldDispute {
			if err := mayReleaseDispute(ctx, tx, order.ID); err != nil {
				return err
			}
		}
		if reason == HoldLateMoney && order.mayRevive() {
			return wrongState("keep late money", order.State)
		}
		if reason == HoldExternalRefund && slices.ContainsFunc(order.Refunds, Refund.Unassigned) {
			return ErrRefundUnassigned
		}
		return s.liftHold(ctx, tx, order, holdOrder{reason: reason, by: by})
	})
}

// liftHold ends a hold and lets the order follow its payment as far as it may.
func (s *Service) liftHold(ctx context.Context, tx *sqlx.Tx, order *Order, hold holdOrder) error {
	result, err := tx.ExecContext(ctx, `
		UPDATE order_holds
		SET released_at = $3
		WHERE order_id = $1 AND reason = $2 AND released_at IS NULL`, order.ID, hold.reason, s.now())
	if err != nil {
		return fmt.Errorf("release hold: %w", err)
	}
	if rows, err := result.RowsAffected(); err != nil || rows == 0 {
		return err
	}
	if err := recordOn(ctx, tx, *order, hold.by, "order.released"); err != nil {
		return err
	}
	if *order, err = lockOrder(ctx, tx, order.ID); err != nil {
		return err
	}
	if err := s.settle(ctx, tx, order, hold.by); err != nil || !order.wantsCapture() {
		return err
	}
	return s.bus.Announce(ctx, tx, TextApproved{OrderID: order.ID})
}

func recordOn(ctx context.Context, tx *sqlx.Tx, order Order, by audit.Actor, action string) error {
	return audit.Record(ctx, tx, audit.Entry{Actor: by, Action: action, Subject: order.ID.String()})
}

// staffKind reads the outside form of staff ids, which orders only passes on.
type staffKind struct{}

func (staffKind) Prefix() string { return "stf" }

// staffUUID is the staff member who decided, or nil for anybody else.
func staffUUID(by audit.Actor) (*uuid.UUID, error) {
	if by.Role != audit.Staff {
		return nil, nil //nolint:nilnil // NULL in the database
	}
	staff, err := id.Parse[staffKind](by.ID)
	if err != nil {
		return nil, errors.Join(errors.New("the actor is not a member of staff"), err)
	}
	return (*uuid.UUID)(&staff), nil
}

package orders

import (
	"context"
	"errors"
	"fmt"

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
// link to pay, by invoice its number, account and last day. Errors: ErrOrderNotFound, ErrWrongState, ErrOnHold.
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
		if order.Method == ByInvoice && !order.paid() {
			if err := s.sendInvoice(ctx, tx, order, by); err != nil {
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

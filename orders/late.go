package orders

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"tsukuriba/catalog"
	"tsukuriba/internal/audit"
	"tsukuriba/internal/jst"
)

const (
	// latePatience is how long staff may decide about money that came after its order had expired:
	// over any weekend. Then it goes back by itself.
	latePatience = 72 * time.Hour
	// reviveWithin is how soon a revived order must be sent. With a longer queue there is no
	// capacity for it, and its money goes back.
	reviveWithin = 30 * 24 * time.Hour
)

// ErrNoCapacity says that an order cannot be made soon enough any more.
var ErrNoCapacity = errors.New("the workshop has no room for this order within 30 days")

func (o *Order) heldFor(reason HoldReason) bool {
	return slices.ContainsFunc(o.Holds, func(hold Hold) bool { return hold.Reason == reason })
}

// mayRevive says whether money for the order may wait until staff decide: nobody gave the order
// up, it was only not paid in time, and now it is.
func (o *Order) mayRevive() bool { return o.State == Expired && o.paid() }

// revive is where an expired order goes on whose money came late: where it would have been had
// the money come in time. Errors: ErrWrongState, ErrOnHold for a hold that has other reasons,
// ErrNotPaid.
func (o *Order) revive() (State, error) {
	switch {
	case o.State != Expired || !o.heldFor(HoldLateMoney):
		return "", wrongState("revive", o.State)
	case len(o.Holds) > 1:
		return "", ErrOnHold
	case !o.paid():
		return "", ErrNotPaid
	case o.pendingTexts():
		return InReview, nil
	default:
		return Approved, nil
	}
}

// keepLateMoney has staff decide about money that came after an order had expired.
func (s *Service) keepLateMoney(ctx context.Context, tx *sqlx.Tx, order *Order, found CauseCode) error {
	hold := holdOrder{reason: HoldLateMoney, cause: &Cause{Code: found, Amount: order.Paid}, by: system}
	if err := s.placeHold(ctx, tx, order, hold); err != nil {
		return err
	}
	return s.bus.Announce(ctx, tx, LateMoneyArrived{OrderID: order.ID})
}

// Revive lets an expired order go on whose money came late. What it needs from the shelf is
// reserved anew, and it is promised for a date that can be kept. Errors: ErrOrderNotFound,
// ErrWrongState, ErrOnHold, ErrNotPaid once the money is on its way back, *catalog.OutOfStockError,
// ErrNoCapacity.
func (s *Service) Revive(ctx context.Context, by audit.Actor, id OrderID) (Order, error) {
	window, err := s.windowNow(ctx, id)
	if err != nil {
		return Order{}, fmt.Errorf("revive order %s: %w", id, err)
	}
	return s.change(ctx, "revive", id, func(tx *sqlx.Tx, order *Order) error {
		to, err := order.revive()
		if err != nil {
			return err
		}
		left, err := refundable(ctx, tx, order.captured().ID)
		if err != nil {
			return err
		}
		if left < order.Owed() {
			return ErrNotPaid
		}
		if err := s.reserveAgain(ctx, tx, order.ID); err != nil {
			return err
		}
		if err := s.retakeUse(ctx, tx, order.ID); err != nil {
			return err
		}
		if err := s.retakePlaces(ctx, tx, order.ID); err != nil {
			return err
		}
		if err := s.promiseAnew(ctx, tx, order, window); err != nil {
			return err
		}
		if err := recordOn(ctx, tx, *order, by, "order.revived"); err != nil {
			return err
		}
		if err := s.move(ctx, tx, order, step{to: to, by: by}); err != nil {
			return err
		}
		return s.liftHold(ctx, tx, order, holdOrder{reason: HoldLateMoney, by: by})
	})
}

// reserveAgain takes back from the shelf what the order gave up when it expired.
func (s *Service) reserveAgain(ctx context.Context, tx *sqlx.Tx, order OrderID) error {
	var changes []catalog.StockChange
	err := tx.SelectContext(ctx, &changes, `
		UPDATE stock_reservations AS reservation
		SET state = 'held'
		FROM order_lines AS line
		WHERE line.id = reservation.order_line_id AND line.order_id = $1 AND reservation.state = 'released'
		RETURNING reservation.variant_id AS variant, reservation.quantity`, order)
	if err != nil {
		return fmt.Errorf("hold reservations again: %w", err)
	}
	if len(changes) == 0 {
		return nil
	}
	return s.catalog.Reserve(ctx, tx, changes)
}

// promiseAnew moves the promise of an order to what can be kept now, if the old one cannot.
func (s *Service) promiseAnew(ctx context.Context, tx *sqlx.Tx, order *Order, window Window) error {
	if window.Until.After(s.now().Add(reviveWithin)) {
		return ErrNoCapacity
	}
	return promise(ctx, tx, order, window)
}

// promise moves what was promised to a window that is later.
func promise(ctx context.Context, tx *sqlx.Tx, order *Order, window Window) error {
	if !window.From.After(order.From) {
		return nil
	}
	order.Window = window
	_, err := tx.ExecContext(ctx, `
		UPDATE orders
		SET ship_from = $2, ship_until = $3
		WHERE id = $1`, order.ID, jst.Date(window.From), jst.Date(window.Until))
	if err != nil {
		return fmt.Errorf("promise anew: %w", err)
	}
	return nil
}

// windowNow is what would be promised for the same order today.
func (s *Service) windowNow(ctx context.Context, id OrderID) (Window, error) {
	order, err := readOrder(ctx, s.db, `orders.id = $1`, id)
	if err != nil {
		return Window{}, err
	}
	tariffs, err := tariffsOn(ctx, s.db, s.now().In(jst.Zone), "")
	if err != nil {
		return Window{}, err
	}
	var work ToMake
	for _, line := range order.Lines {
		if line.Routing != "" {
			work.Pieces += line.Quantity
		}
	}
	extra := 0
	for _, tariff := range tariffs {
		if tariff.Key == order.ShippingMethod {
			extra = tariff.ExtraDays
		}
	}
	promises, err := s.schedule(ctx, work)
	return promises.window(extra), err
}

// RefundLate gives money that came too late back now, instead of waiting for a decision. Errors:
// ErrOrderNotFound, ErrWrongState if no late money waits.
func (s *Service) RefundLate(ctx context.Context, by audit.Actor, id OrderID) (Order, error) {
	return s.change(ctx, "refund late money of", id, func(tx *sqlx.Tx, order *Order) error {
		if !order.unwanted() || !order.heldFor(HoldLateMoney) {
			return wrongState("refund late money", order.State)
		}
		for _, payment := range order.Payments {
			if err := s.returnLate(ctx, tx, order, payment, by); err != nil {
				return err
			}
		}
		return s.liftHold(ctx, tx, order, holdOrder{reason: HoldLateMoney, by: by})
	})
}

// mayKeep refuses to keep money in silence that came too late, be it only a part of it.
func mayKeep(ctx context.Context, tx *sqlx.Tx, order Order) error {
	for _, payment := range order.Payments {
		left, err := refundable(ctx, tx, payment.ID)
		if err != nil {
			return err
		}
		if left > 0 {
			return wrongState("keep late money", order.State)
		}
	}
	return nil
}

// returnLate gives back what is left of a payment that came too late.
func (s *Service) returnLate(ctx context.Context, tx *sqlx.Tx, order *Order, payment Payment, by audit.Actor) error {
	left, err := refundable(ctx, tx, payment.ID)
	if err != nil || left <= 0 {
		return err
	}
	return s.returnAll(ctx, tx, *order, newRefund{by: by, Refund: Refund{PaymentID: payment.ID, Amount: left, Reason: RefundLateMoney}})
}

// refundUndecided gives late money back about which nobody decided in time.
func (s *Service) refundUndecided(ctx context.Context) error {
	var undecided []OrderID
	err := s.db.SelectContext(ctx, &undecided, `
		SELECT orders.id
		FROM orders
		JOIN order_holds AS hold ON hold.order_id = orders.id
		WHERE orders.state IN ('expired', 'canceled') AND hold.reason = 'late_money' AND hold.released_at IS NULL AND hold.placed_at <= $1
		ORDER BY orders.id
		LIMIT $2`, s.now().Add(-latePatience), quietAtOnce)
	if err != nil {
		return fmt.Errorf("find undecided late money: %w", err)
	}
	var failed error
	for _, id := range undecided {
		_, err := s.RefundLate(ctx, system, id)
		if errors.Is(err, ErrWrongState) { // somebody decided in this moment
			err = nil
		}
		failed = errors.Join(failed, err)
	}
	return failed
}

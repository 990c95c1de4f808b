package orders

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"tsukuriba/internal/audit"
	"tsukuriba/internal/id"
)

// completeAfter is how long after it was shipped an order counts as completed.
const completeAfter = 14 * 24 * time.Hour

// MayStart says whether pieces of the order may be started: texts approved, money captured, no
// hold. It locks the order until tx ends. Errors: ErrOrderNotFound, ErrWrongState, ErrOnHold,
// ErrNotPaid.
func (s *Service) MayStart(ctx context.Context, tx *sqlx.Tx, id OrderID) error {
	order, err := lockOrder(ctx, tx, id)
	if err != nil {
		return err
	}
	return order.mayStart()
}

// Started notes that the first piece is being made; from then on the order can no longer be
// canceled. Further pieces change nothing. Errors are those of MayStart.
func (s *Service) Started(ctx context.Context, tx *sqlx.Tx, id OrderID) error {
	order, err := lockOrder(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := order.mayStart(); err != nil {
		return err
	}
	if order.State != Approved { // further pieces, or a remake of what was shipped
		return nil
	}
	return s.move(ctx, tx, &order, step{to: InProduction, by: system})
}

// AllGood notes that every piece is inspected and packed. Saying so twice is fine. Errors:
// ErrOrderNotFound, ErrWrongState.
func (s *Service) AllGood(ctx context.Context, tx *sqlx.Tx, id OrderID) error {
	order, err := lockOrder(ctx, tx, id)
	if err != nil {
		return err
	}
	switch order.State {
	case Ready, Shipped, Completed:
		return nil
	case InProduction:
		if err := s.move(ctx, tx, &order, step{to: Ready, by: system}); err != nil {
			return err
		}
		return s.endRefunded(ctx, tx, &order, system)
	default:
		return wrongState("be ready", order.State)
	}
}

// StateOf locks the order until tx ends and says where it stands, or ErrOrderNotFound.
func (s *Service) StateOf(ctx context.Context, tx *sqlx.Tx, id OrderID) (State, error) {
	order, err := lockOrder(ctx, tx, id)
	return order.State, err
}

// Handover is a parcel given to a carrier. Pickup needs no tracking number.
type Handover struct {
	Carrier  string
	Tracking string
}

// PickupKey is the shipping method without a parcel, DownloadKey that of orders of which nothing
// is sent.
const (
	PickupKey   = "pickup"
	DownloadKey = "download"
)

func (h Handover) check(order Order) error {
	fields := map[string]string{}
	require(fields, "carrier", h.Carrier)
	if order.ShippingMethod != PickupKey {
		require(fields, "tracking", h.Tracking)
	}
	for name, value := range map[string]string{"carrier": h.Carrier, "tracking": h.Tracking} {
		if reason := checkText(value); reason != "" {
			fields[name] = reason
		}
	}
	if len(fields) > 0 {
		return &FormError{Fields: fields}
	}
	return nil
}

// Ship hands a ready order to the carrier. The stock it reserved leaves the shop. Errors:
// ErrOrderNotFound, ErrWrongState, ErrOnHold, *FormError ("carrier", "tracking").
func (s *Service) Ship(ctx context.Context, by audit.Actor, id OrderID, handover Handover) (Order, error) {
	return s.change(ctx, "ship", id, func(tx *sqlx.Tx, order *Order) error {
		if order.State != Ready {
			return wrongState("ship", order.State)
		}
		if len(order.Holds) > 0 {
			return ErrOnHold
		}
		if err := handover.check(*order); err != nil {
			return err
		}
		shipment, err := s.insertShipment(ctx, tx, Shipment{OrderID: order.ID}, handover)
		if err != nil {
			return err
		}
		order.Shipment = &shipment
		if err := s.consumeStock(ctx, tx, order.ID); err != nil {
			return err
		}
		return s.move(ctx, tx, order, step{to: Shipped, by: by})
	})
}

// insertShipment writes a parcel that is handed over: of an order, or of a claim about it.
func (s *Service) insertShipment(ctx context.Context, tx *sqlx.Tx, shipment Shipment, handover Handover) (Shipment, error) {
	shipment.ID, shipment.State, shipment.HandedOverAt = id.New[shipmentKind](), "handed_over", new(s.now())
	shipment.Carrier, shipment.Tracking = handover.Carrier, handover.Tracking
	_, err := tx.ExecContext(ctx, `
		INSERT INTO shipments (id, order_id, claim_id, state, carrier, tracking, packed_at, handed_over_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $7)`,
		shipment.ID, shipment.OrderID, shipment.ClaimID, shipment.State, shipment.Carrier, shipment.Tracking, shipment.HandedOverAt)
	if err != nil {
		return Shipment{}, fmt.Errorf("insert shipment: %w", err)
	}
	return shipment, nil
}

// CompleteShipped completes the orders that were shipped two weeks ago and about which nothing is
// left to say. One order's trouble does not keep the others; the errors come back joined.
func (s *Service) CompleteShipped(ctx context.Context) error {
	var due []OrderID
	err := s.db.SelectContext(ctx, &due, `
		SELECT id
		FROM orders
		WHERE state = 'shipped' AND shipped_at <= $1
		  AND NOT EXISTS (SELECT FROM claims WHERE order_id = orders.id AND state IN ('open', 'remaking', 'ready'))
		ORDER BY id`, s.now().Add(-completeAfter))
	if err != nil {
		return fmt.Errorf("find shipped orders: %w", err)
	}
	var failed error
	for _, id := range due {
		_, err := s.change(ctx, "complete", id, func(tx *sqlx.Tx, order *Order) error {
			if order.State != Shipped {
				return nil
			}
			return s.move(ctx, tx, order, step{to: Completed, by: system})
		})
		failed = errors.Join(failed, err)
	}
	return failed
}

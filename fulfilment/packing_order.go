package fulfilment

import (
	"context"
	"fmt"
	"strings"

	"github.com/jmoiron/sqlx"

	"tsukuriba/internal/postgres"
	"tsukuriba/orders"
)

// parcel is what travels together: the pieces of an order, or those made once more for a claim.
type parcel struct {
	order orders.OrderID
	claim orders.ClaimID // zero for the order's own
}

func (u Unit) parcel() parcel { return parcel{u.OrderID, u.ClaimID} }

// liveUnits are the pieces of a parcel that count: scrapped ones were replaced.
func liveUnits(ctx context.Context, tx *sqlx.Tx, of parcel) ([]Unit, error) {
	var units []Unit
	err := tx.SelectContext(ctx, &units, selectUnits+`
		WHERE order_lines.order_id = $1 AND units.claim_id IS NOT DISTINCT FROM $2 AND units.state <> 'scrapped'
		ORDER BY units.id
		FOR UPDATE OF units`, of.order, of.claim)
	if err != nil {
		return nil, fmt.Errorf("lock pieces of order %s: %w", of.order, err)
	}
	return units, nil
}

func allIn(units []Unit, state UnitState) bool {
	for _, unit := range units {
		if unit.State != state {
			return false
		}
	}
	return true
}

// packWhenGood makes a task of packing a parcel whose last piece has just passed.
func (s *Service) packWhenGood(ctx context.Context, tx *sqlx.Tx, unit Unit) error {
	if unit.OrderID.IsZero() {
		return nil
	}
	units, err := liveUnits(ctx, tx, unit.parcel())
	if err != nil || len(units) == 0 || !allIn(units, UnitGood) {
		return err
	}
	return s.addTask(ctx, tx, newTask{
		operation: OpPack, routing: unit.Routing, routingVersion: unit.RoutingVersion, order: unit.OrderID, claim: unit.ClaimID,
		units: unitIDs(units),
	})
}

// completePack: the code on each bag was held against the screen, and all went into one parcel.
// With its last piece packed the order, or the claim, is ready to be shipped.
func (s *Service) completePack(ctx context.Context, tx *sqlx.Tx, d deed) (bool, error) {
	for i := range d.result.Pieces { // packing knows no other verdict
		d.result.Pieces[i].Verdict = VerdictOK
	}
	said, err := d.pieces(VerdictOK)
	if err != nil {
		return false, err
	}
	units, err := liveUnits(ctx, tx, parcel{d.task.OrderID, d.task.ClaimID})
	if err != nil {
		return false, err
	}
	for _, unit := range units {
		if !sameCode(said[unit.ID].Code, unit.Code) {
			return false, fmt.Errorf("%w: %q", ErrWrongCode, said[unit.ID].Code)
		}
	}
	move := unitMove{from: UnitGood, by: memberActor(d.member), cause: "packed"}
	if err := s.moveUnits(ctx, tx, units, UnitPacked, move); err != nil {
		return false, err
	}
	if err := saveVerdicts(ctx, tx, d.task.ID, d.result.Pieces); err != nil {
		return false, err
	}
	if !d.task.ClaimID.IsZero() {
		return true, s.orders.ClaimPacked(ctx, tx, d.task.ClaimID)
	}
	return true, s.orders.AllGood(ctx, tx, d.task.OrderID)
}

// sameCode forgives how a code was typed, not what was typed.
func sameCode(read, code string) bool {
	plain := strings.NewReplacer("-", "", " ", "")
	return plain.Replace(strings.ToUpper(read)) == plain.Replace(code)
}

// UnitsShipped notes that the pieces of an order have left the house. Told twice, it does
// nothing more.
func (s *Service) UnitsShipped(ctx context.Context, event orders.OrderShipped) error {
	return s.shipped(ctx, parcel{order: event.OrderID})
}

// RemadeUnitsShipped notes the same of the pieces made once more for a claim.
func (s *Service) RemadeUnitsShipped(ctx context.Context, event orders.ClaimShipped) error {
	return s.shipped(ctx, parcel{event.OrderID, event.ClaimID})
}

func (s *Service) shipped(ctx context.Context, of parcel) error {
	err := postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		units, err := liveUnits(ctx, tx, of)
		if err != nil {
			return err
		}
		return s.moveUnits(ctx, tx, units, UnitShipped, unitMove{from: UnitPacked, by: systemActor, cause: "shipped"})
	})
	if err != nil {
		return fmt.Errorf("note shipped pieces of order %s: %w", of.order, err)
	}
	return nil
}

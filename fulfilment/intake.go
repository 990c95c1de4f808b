package fulfilment

import (
	"context"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"tsukuriba/catalog"
	"tsukuriba/internal/postgres"
	"tsukuriba/orders"
)

// lineToMake is a line of an order that has a design, with the routing it was sold with and the
// pieces that are wanted: of the order, or once more for a claim.
type lineToMake struct {
	ID       orders.LineID    `db:"id"`
	OrderID  orders.OrderID   `db:"order_id"`
	ClaimID  orders.ClaimID   `db:"claim_id"`
	DesignID catalog.DesignID `db:"design_id"`
	Quantity int              `db:"quantity"`
	Routing  string           `db:"routing"`
}

// Intake owes the pieces of an approved order, one for each piece of each line that is made here,
// and makes their first tasks ready. Told twice, or after the order was canceled, it does nothing
// more. The newest version of the routing is frozen into the pieces and all their tasks.
func (s *Service) Intake(ctx context.Context, event orders.OrderApproved) error {
	err := postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		if err := s.orders.MayStart(ctx, tx, event.OrderID); errors.Is(err, orders.ErrWrongState) {
			return nil
		} else if err != nil && !refusesStart(err) { // a hold or a refund keeps pieces from starting, not from being owed
			return err
		}
		lines, err := linesToMake(ctx, tx, event.OrderID)
		if err != nil {
			return err
		}
		for _, line := range lines {
			if err := s.oweLine(ctx, tx, line, "order approved"); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("take in order %s: %w", event.OrderID, err)
	}
	return nil
}

// DropOrder gives up the pieces of a canceled order. Plates they lie on are dissolved, so that the
// pieces of others are placed anew. Told twice, it does nothing more.
func (s *Service) DropOrder(ctx context.Context, event orders.OrderCanceled) error {
	err := postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		if err := s.dissolvePlatesOf(ctx, tx, event.OrderID); err != nil {
			return err
		}
		tasks, err := s.readTasks(ctx, tx, selectTasks+`
		WHERE order_id = $1 AND state NOT IN ('done', 'dropped')
		ORDER BY id
		FOR UPDATE`, event.OrderID)
		if err != nil {
			return err
		}
		for i := range tasks {
			if err := s.dropTask(ctx, tx, &tasks[i], systemActor); err != nil {
				return err
			}
		}
		units, err := liveUnits(ctx, tx, parcel{order: event.OrderID})
		if err != nil {
			return err
		}
		return s.moveUnits(ctx, tx, units, UnitScrapped, unitMove{from: UnitOwed, by: systemActor, cause: "order canceled"})
	})
	if err != nil {
		return fmt.Errorf("drop order %s: %w", event.OrderID, err)
	}
	return nil
}

func (s *Service) dissolvePlatesOf(ctx context.Context, tx *sqlx.Tx, orderID orders.OrderID) error {
	var plates []PlateID
	err := tx.SelectContext(ctx, &plates, `
		SELECT DISTINCT plate_units.plate_id
		FROM plate_units
		JOIN units ON units.id = plate_units.unit_id
		JOIN order_lines ON order_lines.id = units.order_line_id
		WHERE order_lines.order_id = $1 AND plate_units.live
		ORDER BY plate_units.plate_id`, orderID)
	if err != nil {
		return fmt.Errorf("find plates: %w", err)
	}
	return s.dissolveAll(ctx, tx, plates)
}

// dissolveAll dissolves plates and has the pieces on them placed anew.
func (s *Service) dissolveAll(ctx context.Context, tx *sqlx.Tx, plates []PlateID) error {
	for _, plate := range plates {
		if err := s.dissolve(ctx, tx, plate, systemActor); err != nil {
			return err
		}
	}
	if len(plates) == 0 {
		return nil
	}
	return s.announce(ctx, tx, UnitsPrepared{})
}

func linesToMake(ctx context.Context, tx *sqlx.Tx, orderID orders.OrderID) ([]lineToMake, error) {
	var lines []lineToMake
	err := tx.SelectContext(ctx, &lines, `
		SELECT line.id, line.order_id, line.design_id, wanted_pieces.wanted AS quantity, line.routing
		FROM order_lines AS line
		JOIN wanted_pieces ON wanted_pieces.order_line_id = line.id
		WHERE line.order_id = $1 AND line.design_id IS NOT NULL AND line.routing <> '' AND wanted_pieces.wanted > 0
		ORDER BY line.position`, orderID)
	if err != nil {
		return nil, fmt.Errorf("read lines: %w", err)
	}
	return lines, nil
}

func (s *Service) oweLine(ctx context.Context, tx *sqlx.Tx, line lineToMake, cause string) error {
	way, err := routing(ctx, tx, line.Routing, 0)
	if err != nil {
		return err
	}
	for ordinal := 1; ordinal <= line.Quantity; ordinal++ {
		unit := Unit{
			LineID: line.ID, ClaimID: line.ClaimID, DesignID: line.DesignID, Ordinal: ordinal, Routing: way.Key, RoutingVersion: way.Version,
		}
		if _, err := s.oweUnit(ctx, tx, unit, unitMove{by: systemActor, cause: cause}); err != nil {
			return err
		}
	}
	var units []UnitID
	err = tx.SelectContext(ctx, &units, `
		SELECT id
		FROM units
		WHERE order_line_id = $1 AND claim_id IS NOT DISTINCT FROM $2 AND replaces IS NULL
		ORDER BY ordinal`, line.ID, line.ClaimID)
	if err != nil {
		return fmt.Errorf("read pieces of line %s: %w", line.ID, err)
	}
	return s.addTask(ctx, tx, newTask{
		operation: OpPrepare, routing: way.Key, routingVersion: way.Version, line: line.ID, order: line.OrderID, claim: line.ClaimID,
		units: units,
	})
}

// completePrepare: somebody compared the text with the model. The pieces may be planned.
func (s *Service) completePrepare(ctx context.Context, tx *sqlx.Tx, d deed) (bool, error) {
	units, err := lockUnits(ctx, tx, d.task.Units)
	if err != nil {
		return false, err
	}
	now := s.now()
	for i := range units {
		if units[i].State != UnitOwed {
			continue
		}
		units[i].PreparedAt = &now
		move := unitMove{from: UnitOwed, by: memberActor(d.member), cause: "prepared"}
		if err := s.saveUnit(ctx, tx, &units[i], move); err != nil {
			return false, err
		}
	}
	return true, s.announce(ctx, tx, UnitsPrepared{})
}

func (s *Service) undoPrepare(ctx context.Context, tx *sqlx.Tx, d deed) error {
	units, err := lockUnits(ctx, tx, d.task.Units)
	if err != nil {
		return err
	}
	for i := range units {
		if units[i].State != UnitOwed {
			return fmt.Errorf("%w: %s is on a plate", ErrCannotUndo, units[i].Code)
		}
		units[i].PreparedAt = nil
		move := unitMove{from: UnitOwed, by: memberActor(d.member), cause: "preparation taken back"}
		if err := s.saveUnit(ctx, tx, &units[i], move); err != nil {
			return err
		}
	}
	return nil
}

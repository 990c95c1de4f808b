package fulfilment

import (
	"context"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tsukuriba/internal/postgres"
	"tsukuriba/orders"
)

// DropRefunded gives up pieces that were refunded before they were started; those that are being
// made are finished, for nobody's work is thrown away. What is left of the order goes on, and is
// packed if it only waited for them. Told twice, it does nothing more.
func (s *Service) DropRefunded(ctx context.Context, event orders.PiecesRefunded) error {
	err := postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		unwanted, err := unwantedUnits(ctx, tx, event.OrderID)
		if err != nil || len(unwanted) == 0 {
			return err
		}
		if err := s.freeUnwanted(ctx, tx, unwanted); err != nil {
			return err
		}
		units, err := lockUnits(ctx, tx, unwanted)
		if err != nil {
			return err
		}
		if err := s.moveUnits(ctx, tx, units, UnitScrapped, unitMove{from: UnitOwed, by: systemActor, cause: "refunded"}); err != nil {
			return err
		}
		if err := s.dropEmptyTasks(ctx, tx, event.OrderID); err != nil {
			return err
		}
		return s.goOnWithout(ctx, tx, units[0])
	})
	if err != nil {
		return fmt.Errorf("drop refunded pieces of order %s: %w", event.OrderID, err)
	}
	return nil
}

// unwantedUnits are the pieces beyond what is wanted of each line that nobody has started, those
// first that are not on a plate.
func unwantedUnits(ctx context.Context, tx *sqlx.Tx, order orders.OrderID) ([]UnitID, error) {
	var units []UnitID
	err := tx.SelectContext(ctx, &units, `
		SELECT id
		FROM (
			SELECT units.id,
			       row_number() OVER (PARTITION BY units.order_line_id ORDER BY units.state IN ('owed', 'planned') DESC, units.state, units.ordinal DESC) AS place,
			       count(*) OVER (PARTITION BY units.order_line_id) - wanted_pieces.wanted AS unwanted,
			       units.state
			FROM units
			JOIN wanted_pieces ON wanted_pieces.order_line_id = units.order_line_id
			WHERE wanted_pieces.order_id = $1 AND units.claim_id IS NULL AND units.state <> 'scrapped'
		) AS live
		WHERE place <= unwanted AND state IN ('owed', 'planned')
		ORDER BY id`, order)
	if err != nil {
		return nil, fmt.Errorf("find unwanted pieces: %w", err)
	}
	return units, nil
}

// freeUnwanted takes pieces off their plates; the others on these plates are placed anew.
func (s *Service) freeUnwanted(ctx context.Context, tx *sqlx.Tx, units []UnitID) error {
	var plates []PlateID
	err := tx.SelectContext(ctx, &plates, `
		SELECT DISTINCT plate_id
		FROM plate_units
		WHERE unit_id = ANY($1::uuid[]) AND live
		ORDER BY plate_id`, pq.Array(units))
	if err != nil {
		return fmt.Errorf("find plates: %w", err)
	}
	return s.dissolveAll(ctx, tx, plates)
}

// dropEmptyTasks ends the tasks of an order whose pieces are all given up. A prepare task of which
// some are left is about those.
func (s *Service) dropEmptyTasks(ctx context.Context, tx *sqlx.Tx, order orders.OrderID) error {
	tasks, err := s.readTasks(ctx, tx, selectTasks+`
		WHERE order_id = $1 AND claim_id IS NULL AND operation = 'prepare' AND state NOT IN ('done', 'dropped')
		ORDER BY id
		FOR UPDATE`, order)
	if err != nil {
		return err
	}
	for i := range tasks {
		units, err := lockUnits(ctx, tx, tasks[i].Units)
		if err != nil {
			return err
		}
		left := slices.DeleteFunc(units, func(unit Unit) bool { return unit.State == UnitScrapped })
		if len(left) > 0 {
			err = setTaskUnits(ctx, tx, tasks[i].ID, unitIDs(left))
		} else {
			err = s.dropTask(ctx, tx, &tasks[i], systemActor)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// goOnWithout packs what is left of an order that is being made, or calls it done if nothing is.
func (s *Service) goOnWithout(ctx context.Context, tx *sqlx.Tx, dropped Unit) error {
	order, err := s.orders.StateOf(ctx, tx, dropped.OrderID)
	if err != nil || order != orders.InProduction {
		return err
	}
	left, err := liveUnits(ctx, tx, dropped.parcel())
	if err != nil {
		return err
	}
	if len(left) == 0 {
		return s.orders.AllGood(ctx, tx, dropped.OrderID)
	}
	return s.packWhenGood(ctx, tx, left[0])
}

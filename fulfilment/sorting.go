package fulfilment

import (
	"context"

	"github.com/jmoiron/sqlx"

	"tsukuriba/orders"
)

// completeSort: each piece was touched on the plate map. Those that came out well are finished
// next; the others, and only they, are owed anew.
func (s *Service) completeSort(ctx context.Context, tx *sqlx.Tx, d deed) (bool, error) {
	said, err := d.pieces(VerdictOK, VerdictRemake)
	if err != nil {
		return false, err
	}
	if err := s.closePlate(ctx, tx, d); err != nil {
		return false, err
	}
	units, err := lockUnits(ctx, tx, d.task.Units)
	if err != nil {
		return false, err
	}
	kept, err := s.sortUnits(ctx, tx, d, units, said)
	if err != nil {
		return false, err
	}
	if err := saveVerdicts(ctx, tx, d.task.ID, d.result.Pieces); err != nil {
		return false, err
	}
	return true, s.addLineTasks(ctx, tx, OpFinish, kept)
}

func (s *Service) closePlate(ctx context.Context, tx *sqlx.Tx, d deed) error {
	plate, err := lockPlate(ctx, tx, d.task.PlateID)
	if err != nil {
		return err
	}
	for _, to := range []PlateState{PlateSorted, PlateClosed} {
		if err := s.movePlate(ctx, tx, &plate, to, memberActor(d.member)); err != nil {
			return err
		}
	}
	return freeUnits(ctx, tx, plate.ID)
}

// sortUnits returns the pieces that are kept.
func (s *Service) sortUnits(ctx context.Context, tx *sqlx.Tx, d deed, units []Unit, said map[UnitID]PieceResult) ([]Unit, error) {
	var kept []Unit
	move := unitMove{from: UnitPrinted, by: memberActor(d.member), cause: "sorted"}
	for i := range units {
		if said[units[i].ID].Verdict == VerdictRemake {
			if err := s.replace(ctx, tx, &units[i], move); err != nil {
				return nil, err
			}
			continue
		}
		kept = append(kept, units[i])
	}
	if err := s.moveUnits(ctx, tx, kept, UnitFinishing, move); err != nil {
		return nil, err
	}
	if len(kept) == len(units) {
		return kept, nil
	}
	return kept, s.announce(ctx, tx, UnitsPrepared{})
}

// addLineTasks makes a step ready for pieces, one task for each line of an order or a claim.
func (s *Service) addLineTasks(ctx context.Context, tx *sqlx.Tx, operation OperationKey, units []Unit) error {
	type origin struct {
		line  orders.LineID
		claim orders.ClaimID
	}
	var lines []origin
	byLine := map[origin][]Unit{}
	for _, unit := range units {
		from := origin{unit.LineID, unit.ClaimID}
		if byLine[from] == nil {
			lines = append(lines, from)
		}
		byLine[from] = append(byLine[from], unit)
	}
	for _, line := range lines {
		of := byLine[line]
		err := s.addTask(ctx, tx, newTask{
			operation: operation, routing: of[0].Routing, routingVersion: of[0].RoutingVersion,
			line: line.line, order: of[0].OrderID, claim: line.claim, units: unitIDs(of),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

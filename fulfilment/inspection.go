package fulfilment

import (
	"context"

	"github.com/jmoiron/sqlx"
)

// completeFinish: the pieces are deburred and have their pins. Somebody else checks them next.
func (s *Service) completeFinish(ctx context.Context, tx *sqlx.Tx, d deed) (bool, error) {
	units, err := lockUnits(ctx, tx, d.task.Units)
	if err != nil {
		return false, err
	}
	move := unitMove{from: UnitFinishing, by: memberActor(d.member), cause: "finished"}
	for i := range units {
		if err := units[i].finish(d.member); err != nil {
			return false, err
		}
		if err := s.saveUnit(ctx, tx, &units[i], move); err != nil {
			return false, err
		}
	}
	return true, s.addLineTasks(ctx, tx, OpInspect, units)
}

func (s *Service) undoFinish(ctx context.Context, tx *sqlx.Tx, d deed) error {
	next, err := s.readTasks(ctx, tx, selectTasks+`
		WHERE operation = 'inspect' AND state NOT IN ('done', 'dropped')
			AND id IN (SELECT task_id FROM task_units WHERE unit_id = $1)
		FOR UPDATE`, d.task.Units[0])
	if err != nil {
		return err
	}
	if len(next) == 0 {
		return ErrCannotUndo
	}
	if err := s.dropNext(ctx, tx, d, next); err != nil {
		return err
	}
	units, err := lockUnits(ctx, tx, d.task.Units)
	if err != nil {
		return err
	}
	for i := range units {
		units[i].FinishedBy = MemberID{}
	}
	return s.moveUnits(ctx, tx, units, UnitFinishing, unitMove{from: UnitInQC, by: memberActor(d.member), cause: "finish taken back"})
}

// completeInspect: each piece is good, is finished once more, or is made anew. Nobody decides
// about pieces they finished themselves.
func (s *Service) completeInspect(ctx context.Context, tx *sqlx.Tx, d deed) (bool, error) {
	said, err := d.pieces(VerdictOK, VerdictRework, VerdictRemake)
	if err != nil {
		return false, err
	}
	units, err := lockUnits(ctx, tx, d.task.Units)
	if err != nil {
		return false, err
	}
	for i := range units {
		if units[i].FinishedBy == d.member {
			return false, ErrOwnWork
		}
	}
	if err := saveVerdicts(ctx, tx, d.task.ID, d.result.Pieces); err != nil {
		return false, err
	}
	var again []Unit
	remade := false
	for i := range units {
		verdict := said[units[i].ID].Verdict
		if err := s.inspectUnit(ctx, tx, d, &units[i], verdict); err != nil {
			return false, err
		}
		remade = remade || verdict == VerdictRemake
		if verdict == VerdictRework {
			again = append(again, units[i])
		}
	}
	if remade {
		if err := s.announce(ctx, tx, UnitsPrepared{}); err != nil {
			return false, err
		}
	}
	if err := s.addLineTasks(ctx, tx, OpFinish, again); err != nil {
		return false, err
	}
	return true, s.packWhenGood(ctx, tx, units[0])
}

func (s *Service) inspectUnit(ctx context.Context, tx *sqlx.Tx, d deed, unit *Unit, verdict Verdict) error {
	move := unitMove{from: UnitInQC, by: memberActor(d.member), cause: "inspected"}
	var err error
	switch verdict {
	case VerdictOK:
		err = unit.pass(d.member)
	case VerdictRework:
		err = unit.rework(d.member)
	default:
		return s.replace(ctx, tx, unit, move)
	}
	if err != nil {
		return err
	}
	return s.saveUnit(ctx, tx, unit, move)
}

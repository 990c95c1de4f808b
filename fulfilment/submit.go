package fulfilment

import (
	"context"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"
)

// deed is a task in the hands of a member, with what the member says about it.
type deed struct {
	task   *Task
	member MemberID
	result Result
}

// step is what an operation does to the things it is about.
type step struct {
	// complete follows up できた. It returns false when a machine has to do its part first; the
	// task then stays submitted until settle or giveBack.
	complete func(*Service, context.Context, *sqlx.Tx, deed) (bool, error)
	// undo takes complete back. Without it, what followed is in the world: filament on a bed,
	// a piece thrown away, an order that is ready.
	undo func(*Service, context.Context, *sqlx.Tx, deed) error
}

// stepOf is a function, for a variable would refer to itself through the steps' own methods.
func stepOf(operation OperationKey) step {
	switch operation {
	case OpPrepare:
		return step{complete: (*Service).completePrepare, undo: (*Service).undoPrepare}
	case OpArrange:
		return step{complete: (*Service).completeArrange, undo: (*Service).undoArrange}
	case OpSlice:
		return step{complete: (*Service).completeSlice, undo: (*Service).undoSlice}
	case OpSetUp:
		return step{complete: (*Service).completeSetUp, undo: (*Service).undoSetUp}
	case OpStart:
		return step{complete: (*Service).completeStart}
	case OpSwap:
		return step{complete: (*Service).completeSwap}
	case OpRemove:
		return step{complete: (*Service).completeRemove}
	case OpSort:
		return step{complete: (*Service).completeSort}
	case OpFinish:
		return step{complete: (*Service).completeFinish, undo: (*Service).undoFinish}
	case OpInspect:
		return step{complete: (*Service).completeInspect}
	default:
		return step{complete: (*Service).completePack}
	}
}

// Submit is できた. What follows from it happens at once, but for slicing that is still under way
// and printers that have yet to begin: there the task stays submitted.
func (s *Service) Submit(ctx context.Context, member MemberID, taskID TaskID, result Result) (TaskView, error) {
	return s.onTask(ctx, member, taskID, func(tx *sqlx.Tx, task *Task) error {
		if err := task.submit(member); err != nil {
			return err
		}
		done, err := stepOf(task.Operation).complete(s, ctx, tx, deed{task: task, member: member, result: result})
		if err != nil {
			return err
		}
		if done {
			return task.finish(s.now())
		}
		return nil
	})
}

// Undo is もどす, one step back: a task begun becomes one that was only accepted, an accepted one
// is released, and one that is done is taken up again as long as nobody has taken what follows.
// ErrCannotUndo after starting, swapping, removing, sorting, inspecting and packing.
func (s *Service) Undo(ctx context.Context, member MemberID, taskID TaskID) (TaskView, error) {
	return s.onTask(ctx, member, taskID, func(tx *sqlx.Tx, task *Task) error {
		switch task.State {
		case TaskAccepted:
			return s.release(ctx, tx, task, member)
		case TaskActive, TaskPaused:
			return task.stepOf(member, TaskAccepted, TaskActive, TaskPaused)
		default:
			return s.undoSubmitted(ctx, tx, member, task)
		}
	})
}

func (s *Service) undoSubmitted(ctx context.Context, tx *sqlx.Tx, member MemberID, task *Task) error {
	wasDone := task.State == TaskDone
	if err := task.reopen(member); err != nil {
		return err
	}
	undo := stepOf(task.Operation).undo
	if undo == nil {
		return ErrCannotUndo
	}
	if !wasDone {
		return nil
	}
	return undo(s, ctx, tx, deed{task: task, member: member})
}

// settle finishes the submitted task of that step, if there is one: the machine did its part.
func (s *Service) settle(ctx context.Context, tx *sqlx.Tx, plate PlateID, operation OperationKey) error {
	return s.onSubmitted(ctx, tx, plate, operation, func(task *Task) error { return task.finish(s.now()) })
}

// giveBack returns the submitted task of that step to its member.
func (s *Service) giveBack(ctx context.Context, tx *sqlx.Tx, plate PlateID, operation OperationKey) error {
	return s.onSubmitted(ctx, tx, plate, operation, (*Task).giveBack)
}

func (s *Service) onSubmitted(ctx context.Context, tx *sqlx.Tx, plate PlateID, operation OperationKey, change func(*Task) error) error {
	tasks, err := s.lockOpenTasks(ctx, tx, plate)
	if err != nil {
		return err
	}
	for i := range tasks {
		if tasks[i].Operation != operation || tasks[i].State != TaskSubmitted {
			continue
		}
		if err := change(&tasks[i]); err != nil {
			return err
		}
		if err := s.saveTask(ctx, tx, &tasks[i], systemActor); err != nil {
			return err
		}
	}
	return nil
}

// dropNext drops what followed from a step that is taken back. ErrCannotUndo if somebody has
// taken it.
func (s *Service) dropNext(ctx context.Context, tx *sqlx.Tx, d deed, next []Task) error {
	for i := range next {
		if next[i].ID == d.task.ID {
			continue
		}
		if next[i].taken() {
			return fmt.Errorf("%w: %s was taken", ErrCannotUndo, next[i].Operation)
		}
		if err := s.dropTask(ctx, tx, &next[i], memberActor(d.member)); err != nil {
			return err
		}
	}
	return nil
}

// pieces returns what was said about each unit of the task, or ErrPieces unless every unit has
// exactly one of the verdicts allowed.
func (d deed) pieces(allowed ...Verdict) (map[UnitID]PieceResult, error) {
	said := map[UnitID]PieceResult{}
	for _, piece := range d.result.Pieces {
		said[piece.Unit] = piece
	}
	if len(said) != len(d.task.Units) || len(d.result.Pieces) != len(d.task.Units) {
		return nil, fmt.Errorf("%w: %d of %d", ErrPieces, len(said), len(d.task.Units))
	}
	for _, unit := range d.task.Units {
		piece, found := said[unit]
		if !found || !slices.Contains(allowed, piece.Verdict) {
			return nil, fmt.Errorf("%w: %q for %s", ErrPieces, piece.Verdict, unit)
		}
	}
	return said, nil
}

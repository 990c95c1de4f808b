package fulfilment

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"tsukuriba/internal/postgres"
	"tsukuriba/orders"
)

// TaskState is where a task stands.
type TaskState string

// The states of a task. Done and dropped are final. Submitted means that the member said できた and
// a machine still works on it.
const (
	TaskReady     TaskState = "ready"
	TaskOffered   TaskState = "offered"
	TaskAccepted  TaskState = "accepted"
	TaskActive    TaskState = "active"
	TaskPaused    TaskState = "paused"
	TaskSubmitted TaskState = "submitted"
	TaskDone      TaskState = "done"
	TaskDropped   TaskState = "dropped"
)

// Task is one operation to be done on some pieces, a plate, a run or an order. Nobody is made to
// take one. This form is for staff: it names the order.
type Task struct {
	ID             TaskID         `db:"id"`
	Operation      OperationKey   `db:"operation"`
	Routing        string         `db:"routing"`
	RoutingVersion int            `db:"routing_version"`
	LineID         orders.LineID  `db:"order_line_id"`
	OrderID        orders.OrderID `db:"order_id"`
	ClaimID        orders.ClaimID `db:"claim_id"` // zero unless it is about pieces made once more
	PlateID        PlateID        `db:"plate_id"`
	RunID          RunID          `db:"print_run_id"`
	Skill          string         `db:"skill"`
	MinStage       Stage          `db:"min_stage"`
	Minutes        int            `db:"minutes"` // planned
	State          TaskState      `db:"state"`
	Version        int            `db:"version"`
	MemberID       MemberID       `db:"member_id"`
	DueMinute      *int           `db:"due_minute"` // of the print, for a color swap
	HelpWantedAt   *time.Time     `db:"help_wanted_at"`
	StartedAt      *time.Time     `db:"started_at"`
	DoneAt         *time.Time     `db:"done_at"`
	CreatedAt      time.Time      `db:"created_at"`

	Title      string     `db:"-"` // what is done, in plain text
	Hazards    []string   `db:"-"`
	NeedsStaff bool       `db:"-"`
	Units      []UnitID   `db:"-"`
	Makers     []MemberID `db:"-"` // who finished the pieces and therefore cannot check them
}

// Result is what a member says with できた. Which fields count depends on the operation.
type Result struct {
	Printer   PrinterID     // set_up
	BaseSpool SpoolID       // set_up
	TextSpool SpoolID       // set_up, for two colors
	Outcome   Outcome       // remove
	Pieces    []PieceResult // sort, inspect and pack: one for each piece
}

// PieceResult is what a member says about one piece.
type PieceResult struct {
	Unit    UnitID
	Code    string // as read from the bag, for pack
	Verdict Verdict
	Note    string
}

// Verdict is what is to happen with a piece.
type Verdict string

// The verdicts. Only an inspection asks for rework.
const (
	VerdictOK     Verdict = "ok"
	VerdictRework Verdict = "rework"
	VerdictRemake Verdict = "remake"
)

// step moves a task that is in one of the states from.
func (t *Task) step(to TaskState, from ...TaskState) error {
	if !slices.Contains(from, t.State) {
		return fmt.Errorf("%w: %s cannot go from %s to %s", ErrTaskState, t.Operation, t.State, to)
	}
	t.State = to
	return nil
}

// stepOf is a step that only the member who took the task may do.
func (t *Task) stepOf(member MemberID, to TaskState, from ...TaskState) error {
	if member.IsZero() || t.MemberID != member {
		return ErrNotYourTask
	}
	return t.step(to, from...)
}

func (t *Task) start(member MemberID, now time.Time) error {
	if err := t.stepOf(member, TaskActive, TaskAccepted, TaskPaused); err != nil {
		return err
	}
	if t.StartedAt == nil {
		t.StartedAt = &now
	}
	return nil
}

func (t *Task) pause(member MemberID) error { return t.stepOf(member, TaskPaused, TaskActive) }

func (t *Task) submit(member MemberID) error {
	t.HelpWantedAt = nil
	return t.stepOf(member, TaskSubmitted, TaskActive)
}

func (t *Task) finish(now time.Time) error {
	t.DoneAt = &now
	return t.step(TaskDone, TaskSubmitted)
}

// giveBack returns a submitted task to its member: a machine did not do its part.
func (t *Task) giveBack() error { return t.step(TaskPaused, TaskSubmitted) }

func (t *Task) release(member MemberID) error {
	if err := t.stepOf(member, TaskReady, TaskAccepted, TaskActive, TaskPaused); err != nil {
		return err
	}
	t.MemberID, t.HelpWantedAt = MemberID{}, nil
	return nil
}

// reopen is もどす after できた.
func (t *Task) reopen(member MemberID) error {
	t.DoneAt = nil
	return t.stepOf(member, TaskActive, TaskSubmitted, TaskDone)
}

// taken says that somebody has begun with it or may begin at any moment.
func (t Task) taken() bool { return t.State != TaskReady && t.State != TaskOffered }

// Start begins a task that the member accepted, or goes on with it. ErrBusy says that another
// one is under way.
func (s *Service) Start(ctx context.Context, member MemberID, taskID TaskID) (TaskView, error) {
	return s.onTask(ctx, member, taskID, func(_ *sqlx.Tx, task *Task) error { return task.start(member, s.now()) })
}

// Pause is きゅうけい: at any time and without a reason.
func (s *Service) Pause(ctx context.Context, member MemberID, taskID TaskID) (TaskView, error) {
	return s.onTask(ctx, member, taskID, func(_ *sqlx.Tx, task *Task) error { return task.pause(member) })
}

// CallHelp is てつだって. The task stays as it is; staff see the call.
func (s *Service) CallHelp(ctx context.Context, member MemberID, taskID TaskID) (TaskView, error) {
	return s.onTask(ctx, member, taskID, func(_ *sqlx.Tx, task *Task) error {
		now := s.now()
		task.HelpWantedAt = &now
		return task.stepOf(member, task.State, TaskAccepted, TaskActive, TaskPaused, TaskSubmitted)
	})
}

// Release is おわり before it is finished: the task is ready for anybody, the time worked is kept.
func (s *Service) Release(ctx context.Context, member MemberID, taskID TaskID) error {
	err := postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		task, err := s.lockTask(ctx, tx, taskID)
		if err != nil {
			return err
		}
		if err := s.release(ctx, tx, &task, member); err != nil {
			return err
		}
		return s.saveTask(ctx, tx, &task, memberActor(member))
	})
	if err != nil {
		return fmt.Errorf("release task %s: %w", taskID, err)
	}
	return nil
}

// release closes the offer through which the task was taken, so that it can be offered again.
func (s *Service) release(ctx context.Context, tx *sqlx.Tx, task *Task, member MemberID) error {
	if err := task.release(member); err != nil {
		return err
	}
	return s.closeOffers(ctx, tx, task.ID)
}

// onTask runs one change of a member's task in a transaction and shows what came of it.
func (s *Service) onTask(ctx context.Context, member MemberID, taskID TaskID, change func(*sqlx.Tx, *Task) error) (TaskView, error) {
	var task Task
	err := postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) (err error) {
		if task, err = s.lockTask(ctx, tx, taskID); err != nil {
			return err
		}
		if err := change(tx, &task); err != nil {
			return err
		}
		return s.saveTask(ctx, tx, &task, memberActor(member))
	})
	if err != nil {
		return TaskView{}, fmt.Errorf("task %s: %w", taskID, err)
	}
	return s.taskView(ctx, task)
}

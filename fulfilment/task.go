package fulfilment

import (
	"time"

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

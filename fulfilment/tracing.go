package fulfilment

import (
	"context"
	"encoding/hex"
	"fmt"
	"time"

	"tsukuriba/catalog"
	"tsukuriba/internal/audit"
)

// Trace is where a piece came from and what happened to it. Who did which step is of class C: it
// stays inside the workshop.
type Trace struct {
	Unit     Unit
	Design   catalog.Design
	Replaces string // code of the piece it was made for anew, or ""
	Prints   []PrintTrace
	Steps    []StepTrace
	Moves    []MoveTrace
}

// PrintTrace is one run in which the piece lay on the plate.
type PrintTrace struct {
	Plate         string  `db:"plate"`
	Attempt       int     `db:"attempt"`
	Outcome       Outcome `db:"outcome"`
	Profile       string  `db:"profile"`
	SlicerVersion string  `db:"slicer_version"`
	SHA256        []byte  `db:"gcode_sha256"`
	Printer       string  `db:"printer"`
	BaseLot       string  `db:"base_lot"`
	TextLot       string  `db:"text_lot"`
}

// GCode is the identity of the G-code in hexadecimal.
func (t PrintTrace) GCode() string { return hex.EncodeToString(t.SHA256) }

// StepTrace is a task that somebody did on the piece.
type StepTrace struct {
	Operation OperationKey `db:"operation"`
	Member    MemberID     `db:"member_id"`
	Nickname  string       `db:"nickname"`
	Verdict   Verdict      `db:"result"`
	DoneAt    time.Time    `db:"done_at"`
}

// MoveTrace is one move of the piece.
type MoveTrace struct {
	At        time.Time  `db:"at"`
	From      UnitState  `db:"from_state"`
	To        UnitState  `db:"to_state"`
	ActorRole audit.Role `db:"actor_role"`
	ActorID   string     `db:"actor_id"`
	Cause     string     `db:"cause"`
}

// Tracing tells all that is known of how a piece was made, or ErrUnitNotFound.
func (s *Service) Tracing(ctx context.Context, unitID UnitID) (Trace, error) {
	unit, err := s.Unit(ctx, unitID)
	if err != nil {
		return Trace{}, err
	}
	trace := Trace{Unit: unit}
	if trace.Design, err = s.catalog.Design(ctx, unit.DesignID); err != nil {
		return Trace{}, fmt.Errorf("trace piece %s: %w", unit.Code, err)
	}
	if !unit.Replaces.IsZero() {
		replaced, err := s.Unit(ctx, unit.Replaces)
		if err != nil {
			return Trace{}, err
		}
		trace.Replaces = replaced.Code
	}
	err = s.traceSteps(ctx, &trace)
	return trace, err
}

func (s *Service) traceSteps(ctx context.Context, trace *Trace) error {
	queries := []struct {
		into  any
		query string
	}{
		{&trace.Prints, `
			SELECT plates.code AS plate, print_runs.attempt, print_runs.outcome, plates.profile, artifacts.slicer_version,
			       artifacts.gcode_sha256, coalesce(printers.name, '') AS printer,
			       coalesce(base.lot, '') AS base_lot, coalesce(text.lot, '') AS text_lot
			FROM plate_units
			JOIN plates ON plates.id = plate_units.plate_id
			JOIN print_runs ON print_runs.plate_id = plates.id AND print_runs.state <> 'dropped'
			JOIN artifacts ON artifacts.id = print_runs.artifact_id
			LEFT JOIN printers ON printers.id = print_runs.printer_id
			LEFT JOIN spools AS base ON base.id = print_runs.base_spool_id
			LEFT JOIN spools AS text ON text.id = print_runs.text_spool_id
			WHERE plate_units.unit_id = $1
			ORDER BY print_runs.created_at`},
		{&trace.Steps, `
			SELECT tasks.operation, tasks.member_id, members.nickname, task_units.result, tasks.done_at
			FROM task_units
			JOIN tasks ON tasks.id = task_units.task_id
			JOIN members ON members.id = tasks.member_id
			WHERE task_units.unit_id = $1 AND tasks.state = 'done'
			ORDER BY tasks.done_at, tasks.id`},
		{&trace.Moves, `
			SELECT at, from_state, to_state, actor_role, actor_id, cause
			FROM unit_events
			WHERE unit_id = $1
			ORDER BY id`},
	}
	for _, q := range queries {
		if err := s.db.SelectContext(ctx, q.into, q.query, trace.Unit.ID); err != nil {
			return fmt.Errorf("trace piece %s: %w", trace.Unit.Code, err)
		}
	}
	return nil
}

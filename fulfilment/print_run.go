package fulfilment

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"tsukuriba/internal/audit"
	"tsukuriba/internal/id"
	"tsukuriba/internal/postgres"
)

// RunState is where one attempt to print a plate stands.
type RunState string

// The states of a print run. Accounted and dropped are final; every state that may have touched
// the bed leads to cleared, which only a person can say.
const (
	RunReady              RunState = "ready"
	RunClaimed            RunState = "claimed"
	RunUploaded           RunState = "uploaded"
	RunStartSent          RunState = "start_sent"
	RunStartUnconfirmed   RunState = "start_unconfirmed"
	RunPrinting           RunState = "printing"
	RunPaused             RunState = "paused"
	RunFinishedUnverified RunState = "finished_unverified"
	RunFailed             RunState = "failed"
	RunCanceled           RunState = "canceled"
	RunUnknown            RunState = "unknown"
	RunCleared            RunState = "cleared"
	RunAccounted          RunState = "accounted"
	RunDropped            RunState = "dropped" // its plate was dissolved before it was started
)

// PauseReason says why a run stands still. None of them is a fault.
type PauseReason string

// The reasons for a pause.
const (
	PauseUser      PauseReason = "user"
	PauseSwap      PauseReason = "swap"
	PauseAttention PauseReason = "attention"
)

// Outcome is what a person saw on the bed.
type Outcome string

// The outcomes. NotStarted means that nothing was printed.
const (
	OutcomeDone       Outcome = "done"
	OutcomeFailed     Outcome = "failed"
	OutcomeCanceled   Outcome = "canceled"
	OutcomeNotStarted Outcome = "not_started"
)

// Run is one attempt to print a plate on a printer.
type Run struct {
	ID          RunID       `db:"id"`
	PlateID     PlateID     `db:"plate_id"`
	PlateCode   string      `db:"plate_code"`
	Attempt     int         `db:"attempt"`
	PrinterID   PrinterID   `db:"printer_id"` // zero before one was chosen
	ArtifactID  ArtifactID  `db:"artifact_id"`
	BaseSpoolID SpoolID     `db:"base_spool_id"`
	TextSpoolID SpoolID     `db:"text_spool_id"`
	State       RunState    `db:"state"`
	PauseReason PauseReason `db:"pause_reason"`
	Version     int         `db:"version"`
	FileName    string      `db:"file_name"`
	Starts      int         `db:"starts"` // how often the printer was told to start
	Progress    float64     `db:"progress"`
	Outcome     Outcome     `db:"outcome"`
	SentAt      *time.Time  `db:"sent_at"` // when the last start was sent
	SwappedAt   *time.Time  `db:"swapped_at"`
	StartedAt   *time.Time  `db:"started_at"`
	EndedAt     *time.Time  `db:"ended_at"`
	ClearedBy   string      `db:"cleared_by"`
	ClearedAt   *time.Time  `db:"cleared_at"`
	CreatedAt   time.Time   `db:"created_at"`
}

// runMoves lists where a run may go from where.
var runMoves = map[RunState][]RunState{
	RunReady:              {RunClaimed, RunDropped},
	RunClaimed:            {RunReady, RunDropped, RunUploaded, RunPrinting, RunFinishedUnverified, RunFailed, RunCanceled},
	RunUploaded:           {RunStartSent, RunDropped, RunFinishedUnverified, RunFailed, RunCanceled},
	RunStartSent:          {RunUploaded, RunPrinting, RunStartUnconfirmed, RunFinishedUnverified, RunFailed, RunCanceled, RunUnknown},
	RunStartUnconfirmed:   {RunUploaded, RunPrinting, RunFinishedUnverified, RunFailed, RunCanceled, RunUnknown},
	RunPrinting:           {RunPaused, RunFinishedUnverified, RunFailed, RunCanceled, RunUnknown},
	RunPaused:             {RunPrinting, RunFinishedUnverified, RunFailed, RunCanceled, RunUnknown},
	RunUnknown:            {RunFinishedUnverified, RunFailed, RunCanceled},
	RunFinishedUnverified: {RunCleared},
	RunFailed:             {RunCleared},
	RunCanceled:           {RunCleared},
	RunCleared:            {RunAccounted},
}

func (r *Run) move(to RunState) error {
	if !slices.Contains(runMoves[r.State], to) {
		return fmt.Errorf("%w: %s cannot go from %s to %s", ErrRunState, r.FileName, r.State, to)
	}
	r.State = to
	if to != RunPaused {
		r.PauseReason = ""
	}
	return nil
}

// ended says that the printer is done with the run and waits for a person to clear the bed.
func (r Run) ended() bool {
	return r.State == RunFinishedUnverified || r.State == RunFailed || r.State == RunCanceled
}

// live says that the run occupies its printer.
func (r Run) live() bool {
	return r.State != RunReady && r.State != RunDropped && r.State != RunCleared && r.State != RunAccounted
}

// end brings a run to the end that a person saw. An end that was seen before is kept as it is.
func (r *Run) end(outcome Outcome, now time.Time) error {
	ends := map[Outcome]RunState{
		OutcomeDone: RunFinishedUnverified, OutcomeFailed: RunFailed, OutcomeCanceled: RunCanceled, OutcomeNotStarted: RunCanceled,
	}
	to, known := ends[outcome]
	if !known {
		return fmt.Errorf("%w: %q", ErrOutcome, outcome)
	}
	r.Outcome = outcome
	if r.EndedAt == nil {
		r.EndedAt = &now
	}
	if r.ended() {
		return nil
	}
	return r.move(to)
}

const selectRuns = `
		SELECT id, plate_id, (SELECT code FROM plates WHERE plates.id = plate_id) AS plate_code, attempt, printer_id,
		       artifact_id, base_spool_id, text_spool_id, state, pause_reason, version, file_name, starts, progress, outcome, sent_at, swapped_at, started_at, ended_at, cleared_by, cleared_at, created_at
		FROM print_runs`

// Runs returns the runs that are not over, oldest first.
func (s *Service) Runs(ctx context.Context) ([]Run, error) {
	return readRuns(ctx, s.db, selectRuns+`
		WHERE state NOT IN ('cleared', 'accounted', 'dropped')
		ORDER BY created_at, id`)
}

// Run returns one run, or ErrRunNotFound.
func (s *Service) Run(ctx context.Context, runID RunID) (Run, error) {
	return oneRun(readRuns(ctx, s.db, selectRuns+`
		WHERE id = $1`, runID))
}

func lockRun(ctx context.Context, tx *sqlx.Tx, runID RunID) (Run, error) {
	return oneRun(readRuns(ctx, tx, selectRuns+`
		WHERE id = $1
		FOR UPDATE`, runID))
}

func oneRun(runs []Run, err error) (Run, error) {
	if err != nil {
		return Run{}, err
	}
	if len(runs) == 0 {
		return Run{}, ErrRunNotFound
	}
	return runs[0], nil
}

func readRuns(ctx context.Context, q sqlx.QueryerContext, query string, args ...any) ([]Run, error) {
	var runs []Run
	if err := sqlx.SelectContext(ctx, q, &runs, query, args...); err != nil {
		return nil, fmt.Errorf("read print runs: %w", err)
	}
	return runs, nil
}

// saveRun writes a run that was changed, and the change.
func (s *Service) saveRun(ctx context.Context, tx *sqlx.Tx, run *Run, by audit.Actor) error {
	changed, err := tx.ExecContext(ctx, `
		UPDATE print_runs
		SET printer_id = $3, base_spool_id = $4, text_spool_id = $5, state = $6, pause_reason = $7, starts = $8, progress = $9,
		    outcome = $10, sent_at = $11, swapped_at = $12, started_at = $13, ended_at = $14, cleared_by = $15, cleared_at = $16,
		    version = version + 1
		WHERE id = $1 AND version = $2`,
		run.ID, run.Version, run.PrinterID, run.BaseSpoolID, run.TextSpoolID, run.State, run.PauseReason, run.Starts, run.Progress,
		run.Outcome, run.SentAt, run.SwappedAt, run.StartedAt, run.EndedAt, run.ClearedBy, run.ClearedAt)
	if postgres.Violates(err, "one_live_run_per_printer") {
		return ErrPrinterTaken
	}
	if err := oneRow(changed, err); err != nil {
		return fmt.Errorf("save run %s: %w", run.FileName, err)
	}
	run.Version++
	return audit.Record(ctx, tx, audit.Entry{
		Actor: by, Action: "print_run." + string(run.State), Subject: run.ID.String(),
		Detail: map[string]any{"pause": run.PauseReason, "outcome": run.Outcome},
	})
}

func (s *Service) moveRun(ctx context.Context, tx *sqlx.Tx, run *Run, to RunState, by audit.Actor) error {
	if err := run.move(to); err != nil {
		return err
	}
	return s.saveRun(ctx, tx, run, by)
}

// readyRun begins an attempt to print an approved plate, and makes a task of setting up for it.
// The file name is unique and plain ASCII, so that any printer can echo it.
func (s *Service) readyRun(ctx context.Context, tx *sqlx.Tx, plate Plate, attempt int) error {
	runID := id.New[runKind]()
	_, err := tx.ExecContext(ctx, `
		INSERT INTO print_runs (id, plate_id, attempt, artifact_id, state, file_name, created_at)
		VALUES ($1, $2, $3, $4, 'ready', $5, $6)`,
		runID, plate.ID, attempt, plate.ArtifactID,
		fmt.Sprintf("pj_%s_a%d.gcode", strings.TrimPrefix(runID.String(), "run_"), attempt), s.now())
	if err != nil {
		return fmt.Errorf("begin run of plate %s: %w", plate.Code, err)
	}
	err = audit.Record(ctx, tx, audit.Entry{Actor: systemActor, Action: "print_run.ready", Subject: runID.String()})
	if err != nil {
		return err
	}
	units, err := lockUnits(ctx, tx, plate.unitIDs())
	if err != nil {
		return err
	}
	return s.addTask(ctx, tx, newTask{
		operation: OpSetUp, routing: units[0].Routing, routingVersion: units[0].RoutingVersion,
		plate: plate.ID, run: runID, units: plate.unitIDs(),
	})
}

// job is a run with all that its steps need, locked.
type job struct {
	task    *Task // the task at hand; nil when a printer or staff cause the step
	by      audit.Actor
	run     Run
	plate   Plate
	printer PrinterStatus // zero before one was chosen
}

func (s *Service) lockJob(ctx context.Context, tx *sqlx.Tx, runID RunID, by audit.Actor) (job, error) {
	run, err := oneRun(readRuns(ctx, tx, selectRuns+`
		WHERE id = $1`, runID))
	if err != nil {
		return job{}, err
	}
	locked := job{by: by}
	if locked.plate, err = lockPlate(ctx, tx, run.PlateID); err != nil {
		return job{}, err
	}
	if locked.run, err = lockRun(ctx, tx, runID); err != nil {
		return job{}, err
	}
	if !run.PrinterID.IsZero() {
		locked.printer, err = lockPrinter(ctx, tx, run.PrinterID)
	}
	return locked, err
}

func (s *Service) lockJobOf(ctx context.Context, tx *sqlx.Tx, d deed) (job, error) {
	locked, err := s.lockJob(ctx, tx, d.task.RunID, memberActor(d.member))
	locked.task = d.task
	return locked, err
}

// addJobTask makes the next step of a run ready, in the words of the routing of its pieces.
func (s *Service) addJobTask(ctx context.Context, tx *sqlx.Tx, j job, operation OperationKey, dueMinute *int) error {
	units, err := lockUnits(ctx, tx, j.plate.unitIDs())
	if err != nil {
		return err
	}
	return s.addTask(ctx, tx, newTask{
		operation: operation, routing: units[0].Routing, routingVersion: units[0].RoutingVersion,
		plate: j.plate.ID, run: j.run.ID, dueMinute: dueMinute, units: j.plate.unitIDs(),
	})
}

package fulfilment

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jmoiron/sqlx"

	"tsukuriba/internal/postgres"
)

// startPatience is how long a printer may take from being told to start to being seen printing.
const startPatience = 90 * time.Second

// observe decides what an observation means for a run, and changes nothing but the run itself.
// It reports whether there is anything to save. A state that a printer shows counts only for its
// own file: old states persist until the next start. Silence is no end, and an idle printer
// that was printing is a question for a person.
func (r *Run) observe(seen Observation, now time.Time) (bool, error) {
	ours := seen.File == r.FileName
	switch r.State {
	case RunStartSent, RunStartUnconfirmed:
		return r.observeStart(seen, ours, now)
	case RunPrinting, RunPaused:
		if seen.State == MachineOffline {
			return false, nil
		}
		if !ours || seen.State == MachineIdle {
			return true, r.move(RunUnknown)
		}
		return r.follow(seen, now)
	default:
		return false, nil
	}
}

func (r *Run) observeStart(seen Observation, ours bool, now time.Time) (bool, error) {
	if ours && seen.State != MachineIdle && seen.State != MachineOffline {
		if err := r.move(RunPrinting); err != nil {
			return false, err
		}
		_, err := r.follow(seen, now)
		return true, err
	}
	if r.State == RunStartUnconfirmed || r.SentAt == nil || now.Sub(*r.SentAt) < startPatience {
		return false, nil
	}
	if r.Starts >= maxStarts {
		return true, r.move(RunUnknown)
	}
	return true, r.move(RunStartUnconfirmed)
}

// follow takes a running run to the state that its printer shows.
func (r *Run) follow(seen Observation, now time.Time) (changed bool, err error) {
	if seen.Progress > r.Progress {
		changed = seen.Progress-r.Progress >= 0.01
		r.Progress = min(seen.Progress, 1)
	}
	switch seen.State {
	case MachinePaused:
		return r.observePause(seen) || changed, nil
	case MachinePrinting:
		if r.State != RunPaused {
			return changed, nil
		}
		if r.PauseReason == PauseSwap && r.SwappedAt == nil {
			r.SwappedAt = &now
		}
		return true, r.move(RunPrinting)
	default:
		r.EndedAt = &now
		ends := map[MachineState]RunState{MachineFinished: RunFinishedUnverified, MachineFailed: RunFailed, MachineCanceled: RunCanceled}
		return true, r.move(ends[seen.State])
	}
}

func (r *Run) observePause(seen Observation) bool {
	reason := PauseAttention
	if seen.AtSwap {
		reason = PauseSwap
	}
	if r.State == RunPaused && r.PauseReason == reason {
		return false
	}
	r.State, r.PauseReason = RunPaused, reason
	return true
}

// ObservePrinters looks at every printer that can be looked at and has a run, and lets each run
// follow. What one printer does not answer does not keep it from looking at the others.
func (s *Service) ObservePrinters(ctx context.Context) error {
	runs, err := readRuns(ctx, s.db, selectRuns+`
		WHERE state IN ('start_sent', 'start_unconfirmed', 'printing', 'paused')
		ORDER BY id`)
	if err != nil {
		return fmt.Errorf("observe printers: %w", err)
	}
	var failed []error
	for _, run := range runs {
		if err := s.observeRun(ctx, run); err != nil {
			failed = append(failed, fmt.Errorf("observe run %s: %w", run.FileName, err))
		}
	}
	return errors.Join(failed...)
}

func (s *Service) observeRun(ctx context.Context, run Run) error {
	adapter, machine, err := s.adapterOf(ctx, run.PrinterID)
	if errors.Is(err, ErrPrinterManual) {
		return nil
	}
	if err != nil || !adapter.Capabilities().Observes {
		return err
	}
	seen, err := adapter.Observe(ctx, machine)
	if err != nil {
		slog.WarnContext(ctx, "printer did not answer", "run", run.FileName, "error", err)
		seen = Observation{State: MachineOffline, At: s.now()}
	}
	return postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		if _, err := s.lockOpenTasks(ctx, tx, run.PlateID); err != nil {
			return err
		}
		j, err := s.lockJob(ctx, tx, run.ID, systemActor)
		if err != nil {
			return err
		}
		if j.run.Version != run.Version {
			return nil // what was seen was seen of another state; the next look will tell
		}
		before := j.run.State
		changed, err := j.run.observe(seen, s.now())
		if err != nil || !changed {
			return err
		}
		return s.followRun(ctx, tx, &j, before)
	})
}

// followRun saves a run that its printer has moved, and what moves with it.
func (s *Service) followRun(ctx context.Context, tx *sqlx.Tx, j *job, before RunState) error {
	if before == RunStartSent || before == RunStartUnconfirmed {
		return s.followStartOf(ctx, tx, j)
	}
	if err := s.saveRun(ctx, tx, &j.run, j.by); err != nil {
		return err
	}
	if j.run.State == RunUnknown || j.run.ended() {
		return s.afterEnd(ctx, tx, *j)
	}
	return nil
}

func (s *Service) followStartOf(ctx context.Context, tx *sqlx.Tx, j *job) error {
	if j.run.State == RunStartUnconfirmed || j.run.State == RunUnknown {
		if err := s.saveRun(ctx, tx, &j.run, j.by); err != nil {
			return err
		}
		return s.giveBack(ctx, tx, j.plate.ID, OpStart)
	}
	if err := s.beginPrinting(ctx, tx, j); err != nil {
		return err
	}
	if err := s.settle(ctx, tx, j.plate.ID, OpStart); err != nil {
		return err
	}
	if j.run.ended() {
		return s.afterEnd(ctx, tx, *j)
	}
	return nil
}

// afterEnd drops the steps that make no sense any more. An end that is known makes a task of
// clearing the bed; an unknown one waits for ResolveRun.
func (s *Service) afterEnd(ctx context.Context, tx *sqlx.Tx, j job) error {
	tasks, err := s.lockOpenTasks(ctx, tx, j.plate.ID)
	if err != nil {
		return err
	}
	for i := range tasks {
		if tasks[i].Operation != OpStart && tasks[i].Operation != OpSwap {
			continue
		}
		if err := s.dropTask(ctx, tx, &tasks[i], j.by); err != nil {
			return err
		}
	}
	if j.run.State == RunUnknown {
		return nil
	}
	return s.addJobTask(ctx, tx, j, OpRemove, nil)
}

package fulfilment

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"tsukuriba/internal/audit"
	"tsukuriba/internal/postgres"
)

// completeSwap: the filament was changed. A printer that can be told goes on.
func (s *Service) completeSwap(ctx context.Context, tx *sqlx.Tx, d deed) (bool, error) {
	j, err := s.lockJobOf(ctx, tx, d)
	if err != nil {
		return false, err
	}
	capabilities := s.capabilities(j.printer)
	if capabilities.Observes && (j.run.State != RunPaused || j.run.PauseReason != PauseSwap) {
		return false, fmt.Errorf("%w: %s does not wait for filament", ErrRunState, j.run.FileName)
	}
	now := s.now()
	j.run.SwappedAt = &now
	if err := s.saveRun(ctx, tx, &j.run, j.by); err != nil {
		return false, err
	}
	if capabilities.Starts {
		return true, s.announce(ctx, tx, ColorSwapped{RunID: j.run.ID})
	}
	return true, s.addJobTask(ctx, tx, j, OpRemove, nil)
}

// completeRemove: a person looked at the bed and cleared it. What they saw decides, unless staff
// said it before.
func (s *Service) completeRemove(ctx context.Context, tx *sqlx.Tx, d deed) (bool, error) {
	j, err := s.lockJobOf(ctx, tx, d)
	if err != nil {
		return false, err
	}
	outcome := j.run.Outcome
	if outcome == "" {
		outcome = d.result.Outcome
	}
	now := s.now()
	if err := j.run.end(outcome, now); err != nil {
		return false, err
	}
	if err := s.saveRun(ctx, tx, &j.run, j.by); err != nil {
		return false, err
	}
	j.run.ClearedBy, j.run.ClearedAt = d.member.String(), &now
	if err := s.moveRun(ctx, tx, &j.run, RunCleared, j.by); err != nil {
		return false, err
	}
	if err := setBed(ctx, tx, j.run.PrinterID, true); err != nil {
		return false, err
	}
	if err := s.account(ctx, tx, j); err != nil {
		return false, err
	}
	if err := s.moveRun(ctx, tx, &j.run, RunAccounted, j.by); err != nil {
		return false, err
	}
	return true, s.afterRun(ctx, tx, j)
}

// afterRun takes the pieces off the plate, or the plate back for another attempt.
func (s *Service) afterRun(ctx context.Context, tx *sqlx.Tx, j job) error {
	units, err := lockUnits(ctx, tx, j.plate.unitIDs())
	if err != nil {
		return err
	}
	if j.run.Outcome == OutcomeDone {
		move := unitMove{from: UnitPrinting, by: j.by, cause: "removed from " + j.printer.Name}
		if err := s.moveUnits(ctx, tx, units, UnitPrinted, move); err != nil {
			return err
		}
		if err := s.movePlate(ctx, tx, &j.plate, PlateRemoved, j.by); err != nil {
			return err
		}
		return s.addJobTask(ctx, tx, j, OpSort, nil)
	}
	move := unitMove{from: UnitPrinting, by: j.by, cause: "print ended as " + string(j.run.Outcome)}
	if err := s.moveUnits(ctx, tx, units, UnitPlanned, move); err != nil {
		return err
	}
	if err := s.movePlate(ctx, tx, &j.plate, PlateApproved, j.by); err != nil {
		return err
	}
	return s.readyRun(ctx, tx, j.plate, j.run.Attempt+1)
}

// ResolveRun is what staff saw on a printer that cannot tell: done, failed or not started. It
// works on any run that occupies a printer, so that none is stuck for ever. The bed still waits
// for a person to clear it, and nothing is printed again by itself.
func (s *Service) ResolveRun(ctx context.Context, by audit.Actor, runID RunID, outcome Outcome) (Run, error) {
	run, err := s.Run(ctx, runID)
	if err != nil {
		return Run{}, fmt.Errorf("resolve run: %w", err)
	}
	err = postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		if _, err := s.lockOpenTasks(ctx, tx, run.PlateID); err != nil {
			return err
		}
		j, err := s.lockJob(ctx, tx, runID, by)
		if err != nil {
			return err
		}
		return s.resolve(ctx, tx, &j, outcome)
	})
	if err != nil {
		return Run{}, fmt.Errorf("resolve run %s: %w", run.FileName, err)
	}
	return s.Run(ctx, runID)
}

func (s *Service) resolve(ctx context.Context, tx *sqlx.Tx, j *job, outcome Outcome) error {
	if !j.run.live() {
		return fmt.Errorf("%w: %s is %s", ErrRunState, j.run.FileName, j.run.State)
	}
	if err := j.run.end(outcome, s.now()); err != nil {
		return err
	}
	if outcome != OutcomeNotStarted {
		if j.run.SentAt == nil && j.run.StartedAt == nil { // somebody started it past the program
			if err := s.tellOrders(ctx, tx, j.plate); err != nil {
				return err
			}
		}
		if err := s.beginPrinting(ctx, tx, j); err != nil {
			return err
		}
	} else if err := s.saveRun(ctx, tx, &j.run, j.by); err != nil {
		return err
	}
	return s.afterEnd(ctx, tx, *j)
}

package fulfilment

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"

	"tsukuriba/internal/postgres"
	"tsukuriba/orders"
)

// maxStarts is how often a printer is told to start the same run before staff have to look.
const maxStarts = 3

// completeStart: a member stands at the printer and starts it. A printer that can be told to
// start is told so by StartRun, and the task waits until it is seen printing; a manual one was
// started by hand.
func (s *Service) completeStart(ctx context.Context, tx *sqlx.Tx, d deed) (bool, error) {
	j, err := s.lockJobOf(ctx, tx, d)
	if err != nil {
		return false, err
	}
	if err := s.checkStart(ctx, tx, j); err != nil {
		return false, err
	}
	if s.capabilities(j.printer).Starts {
		return false, s.announce(ctx, tx, StartRequested{RunID: j.run.ID})
	}
	j.run.Starts++
	if err := j.run.move(RunPrinting); err != nil {
		return false, err
	}
	if err := s.tellOrders(ctx, tx, j.plate); err != nil {
		return false, err
	}
	return true, s.beginPrinting(ctx, tx, &j)
}

// checkStart refuses to start what must not be printed: a run that had its tries, a bed that
// nobody cleared, pieces of an order that is not approved, paid and free of holds.
func (s *Service) checkStart(ctx context.Context, tx *sqlx.Tx, j job) error {
	startable := j.run.State == RunClaimed || j.run.State == RunUploaded || j.run.State == RunStartUnconfirmed
	if !startable || j.run.Starts >= maxStarts {
		return fmt.Errorf("%w: %s is %s after %d starts", ErrRunState, j.run.FileName, j.run.State, j.run.Starts)
	}
	if !j.printer.BedClear && j.run.State != RunStartUnconfirmed {
		return ErrBedNotClear
	}
	if j.plate.ArtifactID != j.run.ArtifactID || j.plate.ApprovedAt == nil {
		return fmt.Errorf("%w: the G-code is not the one that was approved", ErrPlateState)
	}
	all, err := s.ordersOf(ctx, tx, j.plate)
	if err != nil {
		return err
	}
	for _, order := range all {
		if err := s.orders.MayStart(ctx, tx, order); err != nil {
			return err
		}
	}
	return nil
}

// ordersOf returns the orders whose pieces lie on a plate, each once, in the order of their ids.
func (s *Service) ordersOf(ctx context.Context, tx *sqlx.Tx, plate Plate) ([]orders.OrderID, error) {
	units, err := lockUnits(ctx, tx, plate.unitIDs())
	if err != nil {
		return nil, err
	}
	var all []orders.OrderID
	for _, unit := range units {
		if !unit.OrderID.IsZero() {
			all = append(all, unit.OrderID)
		}
	}
	slices.SortFunc(all, func(a, b orders.OrderID) int { return slices.Compare(a[:], b[:]) })
	return slices.Compact(all), nil
}

// beginPrinting saves a run that has just been seen to print, and moves all that moves with it.
func (s *Service) beginPrinting(ctx context.Context, tx *sqlx.Tx, j *job) error {
	if j.run.StartedAt != nil {
		return s.saveRun(ctx, tx, &j.run, j.by)
	}
	now := s.now()
	j.run.StartedAt = &now
	if err := s.saveRun(ctx, tx, &j.run, j.by); err != nil {
		return err
	}
	if err := setBed(ctx, tx, j.run.PrinterID, false); err != nil {
		return err
	}
	if err := s.movePlate(ctx, tx, &j.plate, PlateOnPrinter, j.by); err != nil {
		return err
	}
	if err := s.startUnits(ctx, tx, *j); err != nil {
		return err
	}
	return s.followStart(ctx, tx, *j)
}

func (s *Service) startUnits(ctx context.Context, tx *sqlx.Tx, j job) error {
	units, err := lockUnits(ctx, tx, j.plate.unitIDs())
	if err != nil {
		return err
	}
	return s.moveUnits(ctx, tx, units, UnitPrinting, unitMove{from: UnitPlanned, by: j.by, cause: "run " + j.run.FileName})
}

// tellOrders tells the orders on a plate that they are being made, before a printer is told to
// start: what a printer has begun, no customer can cancel any more.
func (s *Service) tellOrders(ctx context.Context, tx *sqlx.Tx, plate Plate) error {
	all, err := s.ordersOf(ctx, tx, plate)
	if err != nil {
		return err
	}
	for _, order := range all {
		if err := s.orders.Started(ctx, tx, order); err != nil {
			return err
		}
	}
	return nil
}

// followStart makes the next step ready: swapping the color at its minute, or, at a printer that
// does not tell when it has finished, removing the plate.
func (s *Service) followStart(ctx context.Context, tx *sqlx.Tx, j job) error {
	if artifact := j.plate.Artifact; artifact != nil && artifact.ColorSwaps > 0 && artifact.SwapAfterSeconds != nil {
		minute := *artifact.SwapAfterSeconds / 60
		return s.addJobTask(ctx, tx, j, OpSwap, &minute)
	}
	if !s.capabilities(j.printer).Observes {
		return s.addJobTask(ctx, tx, j, OpRemove, nil)
	}
	return nil
}

// StartRun brings the G-code to the printer and tells it to start, in steps that are written
// down before they are taken. It never tells a printer twice without having looked: a start of
// which nobody knows is left to ObservePrinters, and a refused one goes back to the member.
func (s *Service) StartRun(ctx context.Context, event StartRequested) error {
	if err := s.startRun(ctx, event.RunID); err != nil {
		return fmt.Errorf("start run %s: %w", event.RunID, err)
	}
	return nil
}

func (s *Service) startRun(ctx context.Context, runID RunID) error {
	run, err := s.Run(ctx, runID)
	if err != nil {
		return err
	}
	if run.State != RunClaimed && run.State != RunUploaded && run.State != RunStartUnconfirmed {
		return nil
	}
	adapter, machine, err := s.adapterOf(ctx, run.PrinterID)
	if err != nil {
		return err
	}
	if err := s.upload(ctx, adapter, machine, run); err != nil {
		return s.afterRefusal(ctx, run, err)
	}
	if proceed, err := s.markSent(ctx, runID); err != nil {
		return s.afterRefusal(ctx, run, err)
	} else if !proceed {
		return nil
	}
	err = adapter.Start(ctx, machine, run.FileName)
	if err == nil || errors.Is(err, ErrPrinterAmbiguous) {
		return nil
	}
	return s.afterRefusal(ctx, run, err)
}

func (s *Service) upload(ctx context.Context, adapter Printer, machine Machine, run Run) error {
	artifacts, err := readArtifacts(ctx, s.db, []ArtifactID{run.ArtifactID})
	if err != nil {
		return err
	}
	artifact := artifacts[run.ArtifactID]
	content, err := s.gcode(ctx, artifact)
	if err != nil {
		return err
	}
	file := JobFile{Name: run.FileName, Content: content, PrintSeconds: artifact.PrintSeconds}
	if artifact.SwapAfterSeconds != nil {
		file.SwapAfterSeconds = *artifact.SwapAfterSeconds
	}
	return adapter.Put(ctx, machine, file)
}

// markSent writes down that the printer is about to be told. It reports false when somebody else
// has told it, or the run may no longer be started.
func (s *Service) markSent(ctx context.Context, runID RunID) (proceed bool, err error) {
	err = postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		proceed = false
		j, err := s.lockJob(ctx, tx, runID, systemActor)
		if err != nil {
			return err
		}
		if err := s.checkStart(ctx, tx, j); errors.Is(err, ErrRunState) {
			return nil
		} else if err != nil {
			return err
		}
		if j.run.State != RunUploaded {
			if err := s.moveRun(ctx, tx, &j.run, RunUploaded, j.by); err != nil {
				return err
			}
		}
		if err := s.tellOrders(ctx, tx, j.plate); err != nil {
			return err
		}
		now := s.now()
		j.run.SentAt = &now
		j.run.Starts++
		if err := setBed(ctx, tx, j.run.PrinterID, false); err != nil {
			return err
		}
		proceed = true
		return s.moveRun(ctx, tx, &j.run, RunStartSent, j.by)
	})
	return proceed, err
}

// refusal tells a printer or a rule that said no from a machine that did not answer.
func refusal(err error) bool {
	for _, known := range []error{ErrPrinterBusy, ErrPrinterOffline, ErrPrinterFileMissing, ErrBedNotClear, ErrPlateState} {
		if errors.Is(err, known) {
			return true
		}
	}
	return refusesStart(err)
}

// afterRefusal gives the start back to the member after the printer said no; nothing of ours has
// begun. Behind a busy printer staff say not_started, and a person clears the bed.
func (s *Service) afterRefusal(ctx context.Context, run Run, cause error) error {
	if !refusal(cause) {
		return cause
	}
	return postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		if _, err := s.lockOpenTasks(ctx, tx, run.PlateID); err != nil {
			return err
		}
		j, err := s.lockJob(ctx, tx, run.ID, systemActor)
		if err != nil {
			return err
		}
		if j.run.State == RunStartSent {
			if err := s.unsend(ctx, tx, j, cause); err != nil {
				return err
			}
		}
		return s.giveBack(ctx, tx, run.PlateID, OpStart)
	})
}

// unsend takes a run back to where it was before a start that the printer refused. The bed is
// clear only if nothing can have begun: not behind something that is not ours, where somebody has
// to look, nor after an earlier start of which nobody knows.
func (s *Service) unsend(ctx context.Context, tx *sqlx.Tx, j job, cause error) error {
	to, occupied := RunUploaded, errors.Is(cause, ErrPrinterBusy)
	switch {
	case occupied:
	case j.run.Starts > 1:
		to = RunStartUnconfirmed
	default:
		if err := setBed(ctx, tx, j.run.PrinterID, true); err != nil {
			return err
		}
	}
	return s.moveRun(ctx, tx, &j.run, to, j.by)
}

// ResumeRun tells a printer that waits for new filament to go on.
func (s *Service) ResumeRun(ctx context.Context, event ColorSwapped) error {
	run, err := s.Run(ctx, event.RunID)
	if err != nil {
		return fmt.Errorf("resume run: %w", err)
	}
	adapter, machine, err := s.adapterOf(ctx, run.PrinterID)
	if err != nil {
		return fmt.Errorf("resume run %s: %w", run.FileName, err)
	}
	if !adapter.Capabilities().Starts || !run.live() || run.ended() {
		return nil
	}
	if err := adapter.Resume(ctx, machine, run.FileName); err != nil {
		return fmt.Errorf("resume run %s: %w", run.FileName, err)
	}
	return nil
}

package fulfilment

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"
)

// completeSetUp: a printer with a clear bed and spools of the right colors were chosen. The run
// claims the printer.
func (s *Service) completeSetUp(ctx context.Context, tx *sqlx.Tx, d deed) (bool, error) {
	j, err := s.lockJobOf(ctx, tx, d)
	if err != nil {
		return false, err
	}
	printer, err := lockPrinter(ctx, tx, d.result.Printer)
	if err != nil {
		return false, err
	}
	if err := printer.accepts(j.plate); err != nil {
		return false, err
	}
	if err := checkSpools(ctx, tx, j.plate, d.result); err != nil {
		return false, err
	}
	j.run.PrinterID, j.run.BaseSpoolID = printer.ID, d.result.BaseSpool
	if j.plate.Colors() > 1 {
		j.run.TextSpoolID = d.result.TextSpool
	}
	if err := s.moveRun(ctx, tx, &j.run, RunClaimed, j.by); err != nil {
		return false, err
	}
	if err := s.movePlate(ctx, tx, &j.plate, PlateQueued, j.by); err != nil {
		return false, err
	}
	return true, s.addJobTask(ctx, tx, j, OpStart, nil)
}

// accepts says whether a plate may be set up on the printer now.
func (p PrinterStatus) accepts(plate Plate) error {
	switch {
	case !p.Enabled:
		return ErrPrinterTaken
	case p.Profile != plate.Profile:
		return ErrWrongProfile
	case !p.BedClear:
		return ErrBedNotClear
	}
	return nil
}

// checkSpools wants a spool of each color with enough left on it for the whole plate.
func checkSpools(ctx context.Context, tx *sqlx.Tx, plate Plate, chosen Result) error {
	if plate.Artifact == nil {
		return ErrNotSliced
	}
	base, text := consumption(*plate.Artifact, Run{Outcome: OutcomeDone})
	if plate.Colors() == 1 {
		return checkSpool(ctx, tx, chosen.BaseSpool, need{color: plate.BaseColor, grams: base + text})
	}
	if err := checkSpool(ctx, tx, chosen.BaseSpool, need{color: plate.BaseColor, grams: base}); err != nil {
		return err
	}
	return checkSpool(ctx, tx, chosen.TextSpool, need{color: plate.TextColor, grams: text})
}

type need struct {
	color string
	grams float64
}

func checkSpool(ctx context.Context, tx *sqlx.Tx, spoolID SpoolID, need need) error {
	spools, err := readSpools(ctx, tx, `
		WHERE spools.id = $1 AND spools.emptied_at IS NULL`, spoolID)
	if err != nil {
		return err
	}
	if len(spools) == 0 {
		return fmt.Errorf("%w: %s", ErrSpoolNotFound, spoolID)
	}
	if spools[0].Color != need.color {
		return fmt.Errorf("%w: %s instead of %s", ErrWrongColor, spools[0].Color, need.color)
	}
	if spools[0].LeftG < need.grams {
		return fmt.Errorf("%w: %.0f g on %s, %.0f g needed", ErrSpoolTooLow, spools[0].LeftG, spools[0].Lot, need.grams)
	}
	return nil
}

func (s *Service) undoSetUp(ctx context.Context, tx *sqlx.Tx, d deed) error {
	next, err := s.lockOpenTasks(ctx, tx, d.task.PlateID)
	if err != nil {
		return err
	}
	if err := s.dropNext(ctx, tx, d, next); err != nil {
		return err
	}
	j, err := s.lockJobOf(ctx, tx, d)
	if err != nil {
		return err
	}
	j.run.PrinterID, j.run.BaseSpoolID, j.run.TextSpoolID = PrinterID{}, SpoolID{}, SpoolID{}
	if err := s.moveRun(ctx, tx, &j.run, RunReady, j.by); err != nil {
		return err
	}
	return s.movePlate(ctx, tx, &j.plate, PlateApproved, j.by)
}

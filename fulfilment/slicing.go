package fulfilment

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jmoiron/sqlx"

	"tsukuriba/catalog"
	"tsukuriba/internal/postgres"
)

// Slice is スライスする: the plate of the task goes to the slicer. Pressed again, it does nothing
// more, unless the last try was rejected.
func (s *Service) Slice(ctx context.Context, member MemberID, taskID TaskID) (TaskView, error) {
	return s.onTask(ctx, member, taskID, func(tx *sqlx.Tx, task *Task) error {
		if task.Operation != OpSlice {
			return fmt.Errorf("%w: %s is not slicing", ErrTaskState, task.Operation)
		}
		if err := task.stepOf(member, TaskActive, TaskActive); err != nil {
			return err
		}
		plate, err := lockPlate(ctx, tx, task.PlateID)
		if err != nil {
			return err
		}
		if plate.State != PlateArranged {
			return fmt.Errorf("%w: %s is %s", ErrPlateState, plate.Code, plate.State)
		}
		if plate.Slicing == SlicingQueued || plate.Slicing == SlicingDone {
			return nil
		}
		plate.Slicing, plate.SlicingNote = SlicingQueued, ""
		if err := s.savePlate(ctx, tx, &plate, memberActor(member)); err != nil {
			return err
		}
		return s.announce(ctx, tx, SliceRequested{PlateID: plate.ID})
	})
}

// SlicePlate slices a plate that waits for it, outside of any transaction: the models are built
// from the very designs that were approved, sliced, verified and stored. What must not be
// printed is kept as rejected, with a reason a person can act on. Errors are the machine's, and
// worth another try.
func (s *Service) SlicePlate(ctx context.Context, event SliceRequested) error {
	plate, err := s.Plate(ctx, event.PlateID)
	if err != nil {
		return fmt.Errorf("slice plate: %w", err)
	}
	if plate.State != PlateArranged || plate.Slicing != SlicingQueued {
		return nil
	}
	artifact, err := s.slicePlate(ctx, plate)
	rejected := new(RejectedPlate)
	switch {
	case errors.As(err, &rejected):
	case errors.Is(err, catalog.ErrDesignChanged):
		rejected = &RejectedPlate{Reason: "design_changed", Detail: err.Error()}
	case err != nil:
		return fmt.Errorf("slice plate %s: %w", plate.Code, err)
	default:
		rejected = nil
	}
	if err := s.saveSliced(ctx, plate, artifact, rejected); err != nil {
		return fmt.Errorf("slice plate %s: %w", plate.Code, err)
	}
	return nil
}

func (s *Service) slicePlate(ctx context.Context, plate Plate) (ArtifactID, error) {
	model, err := s.plateModel(ctx, plate)
	if err != nil {
		return ArtifactID{}, err
	}
	key, err := s.slicer.CacheKey(ctx, model)
	if err != nil {
		return ArtifactID{}, err
	}
	known, err := s.artifactByKey(ctx, key)
	if err != nil || !known.IsZero() {
		return known, err
	}
	sliced, err := s.slicer.Slice(ctx, model)
	if err != nil {
		return ArtifactID{}, err
	}
	return s.storeArtifact(ctx, sliced)
}

// plateModel builds the solids of a plate. catalog.Model holds each against the hash of its design.
func (s *Service) plateModel(ctx context.Context, plate Plate) (PlateModel, error) {
	model := PlateModel{Profile: plate.Profile, SwapZ: plate.SwapZ}
	var err error
	if model.BaseColor, model.TextColor, err = s.hexColors(ctx, plate); err != nil {
		return PlateModel{}, err
	}
	for _, placed := range plate.Units {
		unit, err := s.Unit(ctx, placed.UnitID)
		if err != nil {
			return PlateModel{}, err
		}
		design, err := s.catalog.Design(ctx, unit.DesignID)
		if err != nil {
			return PlateModel{}, err
		}
		solid, err := s.catalog.Model(ctx, unit.DesignID)
		if err != nil {
			return PlateModel{}, err
		}
		model.Units = append(model.Units, UnitModel{
			Name: unit.ID.String(), Mesh: solid.Mesh, Estimate: design.Estimate, X: placed.X, Y: placed.Y,
		})
	}
	return model, nil
}

// hexColors reads the colors as they are, even when they can no longer be ordered.
func (s *Service) hexColors(ctx context.Context, plate Plate) (base, text string, err error) {
	err = s.db.QueryRowxContext(ctx, `
		SELECT base.hex, text.hex
		FROM filament_colors AS base, filament_colors AS text
		WHERE base.key = $1 AND text.key = $2`, plate.BaseColor, plate.TextColor).Scan(&base, &text)
	if err != nil {
		return "", "", fmt.Errorf("read colors: %w", err)
	}
	return base, text, nil
}

// saveSliced writes what came of slicing, unless the plate was changed meanwhile.
func (s *Service) saveSliced(ctx context.Context, sliced Plate, artifact ArtifactID, rejected *RejectedPlate) error {
	return postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		if _, err := s.lockOpenTasks(ctx, tx, sliced.ID); err != nil {
			return err
		}
		plate, err := lockPlate(ctx, tx, sliced.ID)
		if err != nil {
			return err
		}
		if plate.Version != sliced.Version {
			return nil
		}
		if rejected != nil {
			plate.Slicing, plate.SlicingNote = SlicingRejected, rejected.Reason+": "+rejected.Detail
			if err := s.savePlate(ctx, tx, &plate, systemActor); err != nil {
				return err
			}
			return s.giveBack(ctx, tx, plate.ID, OpSlice)
		}
		plate.Slicing, plate.SlicingNote, plate.ArtifactID = SlicingDone, "", artifact
		return s.finishSlicing(ctx, tx, &plate)
	})
}

// finishSlicing saves the plate, and moves it on when できた was said already.
func (s *Service) finishSlicing(ctx context.Context, tx *sqlx.Tx, plate *Plate) error {
	tasks, err := s.lockOpenTasks(ctx, tx, plate.ID)
	if err != nil {
		return err
	}
	for _, task := range tasks {
		if task.Operation == OpSlice && task.State == TaskSubmitted {
			plate.State = PlateSliced
		}
	}
	if err := s.savePlate(ctx, tx, plate, systemActor); err != nil {
		return err
	}
	return s.settle(ctx, tx, plate.ID, OpSlice)
}

// completeSlice: できた counts when the G-code is there; said earlier, it counts once it is.
func (s *Service) completeSlice(ctx context.Context, tx *sqlx.Tx, d deed) (bool, error) {
	plate, err := lockPlate(ctx, tx, d.task.PlateID)
	if err != nil {
		return false, err
	}
	switch plate.Slicing {
	case SlicingQueued:
		return false, nil
	case SlicingDone:
		return true, s.movePlate(ctx, tx, &plate, PlateSliced, memberActor(d.member))
	default:
		return false, ErrNotSliced
	}
}

func (s *Service) undoSlice(ctx context.Context, tx *sqlx.Tx, d deed) error {
	plate, err := lockPlate(ctx, tx, d.task.PlateID)
	if err != nil {
		return err
	}
	if plate.State != PlateSliced {
		return fmt.Errorf("%w: staff approved the plate", ErrCannotUndo)
	}
	return s.movePlate(ctx, tx, &plate, PlateArranged, memberActor(d.member))
}

// SlicingAdvice says in plain Japanese what can be done after slicing was rejected; "" otherwise.
// SlicingNote has the details for staff.
func (p Plate) SlicingAdvice() string {
	if p.Slicing != SlicingRejected {
		return ""
	}
	reason, _, _ := strings.Cut(p.SlicingNote, ":")
	if advice, known := slicingAdvice[reason]; known {
		return advice
	}
	return "スライスが とまりました。スタッフに つたえてください"
}

// slicingAdvice is by the reasons of the slicer; those of a busy machine pass by themselves.
var slicingAdvice = map[string]string{
	"time_limit":      tryAgain,
	"cpu_limit":       tryAgain,
	"memory_limit":    tryAgain,
	"slicer_crashed":  tryAgain,
	"no_gcode":        tryAgain,
	"objects_overlap": "ならびが かさなっています。スタッフに つたえてください",
	"off_bed":         "プレートから はみだしています。スタッフに つたえてください",
	"design_changed":  "デザインが まえと かわっています。スタッフに つたえてください",
}

const tryAgain = "パソコンが いそがしいようです。もういちど「スライスする」を おしてください"

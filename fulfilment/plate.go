package fulfilment

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tsukuriba/internal/audit"
	"tsukuriba/internal/id"
	"tsukuriba/internal/postgres"
)

// PlateState is where a plate stands.
type PlateState string

// The states of a plate. Closed and dissolved are final.
const (
	PlateDraft     PlateState = "draft"
	PlateArranged  PlateState = "arranged"
	PlateSliced    PlateState = "sliced"
	PlateApproved  PlateState = "approved"
	PlateQueued    PlateState = "queued"
	PlateOnPrinter PlateState = "on_printer"
	PlateRemoved   PlateState = "removed"
	PlateSorted    PlateState = "sorted"
	PlateClosed    PlateState = "closed"
	PlateDissolved PlateState = "dissolved"
)

// SlicingState is how far the slicing of a plate is.
type SlicingState string

// The states of slicing. After rejected somebody has to change something: SlicingNote says what.
const (
	SlicingNone     SlicingState = "none"
	SlicingQueued   SlicingState = "queued"
	SlicingDone     SlicingState = "done"
	SlicingRejected SlicingState = "rejected"
)

// Plate is what is printed in one go: pieces of one profile, one base color, one text color and
// one height at which the color is swapped. Lengths in µm.
type Plate struct {
	ID          PlateID      `db:"id"`
	Code        string       `db:"code"`
	State       PlateState   `db:"state"`
	Version     int          `db:"version"`
	Profile     string       `db:"profile"`
	BaseColor   string       `db:"base_color"` // key of the color
	TextColor   string       `db:"text_color"`
	SwapZ       int32        `db:"swap_z_um"`
	BedWidth    int32        `db:"bed_width_um"`
	BedDepth    int32        `db:"bed_depth_um"`
	Slicing     SlicingState `db:"slicing"`
	SlicingNote string       `db:"slicing_note"`
	ArtifactID  ArtifactID   `db:"artifact_id"`
	ApprovedBy  StaffID      `db:"approved_by"`
	ApprovedAt  *time.Time   `db:"approved_at"`
	CreatedAt   time.Time    `db:"created_at"`

	Units    []PlacedUnit `db:"-"`
	Artifact *Artifact    `db:"-"` // nil before it was sliced
	Run      *Run         `db:"-"` // the newest attempt, nil before it was approved
}

// PlacedUnit is a piece on a plate: the rectangle it takes on the bed, in µm from the lower left
// corner.
type PlacedUnit struct {
	PlateID PlateID   `db:"plate_id"`
	UnitID  UnitID    `db:"unit_id"`
	Code    string    `db:"code"`
	State   UnitState `db:"state"`
	X       int32     `db:"x_um"`
	Y       int32     `db:"y_um"`
	Width   int32     `db:"width_um"`
	Depth   int32     `db:"depth_um"`
}

// plateMoves lists where a plate may go from where. Back to approved leads a print that did not
// come out; back to draft and arranged leads もどす.
var plateMoves = map[PlateState][]PlateState{
	PlateDraft:     {PlateArranged, PlateDissolved},
	PlateArranged:  {PlateSliced, PlateDraft, PlateDissolved},
	PlateSliced:    {PlateApproved, PlateArranged, PlateDissolved},
	PlateApproved:  {PlateQueued, PlateDissolved},
	PlateQueued:    {PlateOnPrinter, PlateApproved, PlateDissolved},
	PlateOnPrinter: {PlateRemoved, PlateApproved},
	PlateRemoved:   {PlateSorted},
	PlateSorted:    {PlateClosed},
}

func (p *Plate) move(to PlateState) error {
	if !slices.Contains(plateMoves[p.State], to) {
		return fmt.Errorf("%w: %s cannot go from %s to %s", ErrPlateState, p.Code, p.State, to)
	}
	p.State = to
	if to == PlateDraft { // its pieces may change, and G-code of others must not stay with it
		p.Slicing, p.SlicingNote, p.ArtifactID = SlicingNone, "", ArtifactID{}
	}
	return nil
}

// approve lets a plate be printed whose G-code was verified.
func (p *Plate) approve(by StaffID, now time.Time) error {
	if p.ArtifactID.IsZero() || p.Slicing != SlicingDone {
		return ErrNotSliced
	}
	p.ApprovedBy, p.ApprovedAt = by, &now
	return p.move(PlateApproved)
}

// Colors tells how many spools the plate needs.
func (p Plate) Colors() int {
	if p.SwapZ == 0 || p.BaseColor == p.TextColor {
		return 1
	}
	return 2
}

func (p Plate) unitIDs() []UnitID {
	ids := make([]UnitID, len(p.Units))
	for i, unit := range p.Units {
		ids[i] = unit.UnitID
	}
	return ids
}

const selectPlates = `
		SELECT id, code, state, version, profile, base_color, text_color, swap_z_um, bed_width_um, bed_depth_um,
		       slicing, slicing_note, artifact_id, approved_by, approved_at, created_at
		FROM plates`

// Plates returns the plates that are neither closed nor dissolved, oldest first.
func (s *Service) Plates(ctx context.Context) ([]Plate, error) {
	return readPlates(ctx, s.db, selectPlates+`
		WHERE state NOT IN ('closed', 'dissolved')
		ORDER BY created_at, id`)
}

// Plate returns a plate with its pieces, G-code and newest run, or ErrPlateNotFound.
func (s *Service) Plate(ctx context.Context, plateID PlateID) (Plate, error) {
	return onePlate(readPlates(ctx, s.db, selectPlates+`
		WHERE id = $1`, plateID))
}

func lockPlate(ctx context.Context, tx *sqlx.Tx, plateID PlateID) (Plate, error) {
	return onePlate(readPlates(ctx, tx, selectPlates+`
		WHERE id = $1
		FOR UPDATE`, plateID))
}

func onePlate(plates []Plate, err error) (Plate, error) {
	if err != nil {
		return Plate{}, err
	}
	if len(plates) == 0 {
		return Plate{}, ErrPlateNotFound
	}
	return plates[0], nil
}

// readPlates reads plates with all that belongs to them in four queries, however many they are.
func readPlates(ctx context.Context, q sqlx.QueryerContext, query string, args ...any) ([]Plate, error) {
	var plates []Plate
	if err := sqlx.SelectContext(ctx, q, &plates, query, args...); err != nil {
		return nil, fmt.Errorf("read plates: %w", err)
	}
	byID := map[PlateID]*Plate{}
	for i := range plates {
		byID[plates[i].ID] = &plates[i]
	}
	for _, add := range []func(context.Context, sqlx.QueryerContext, map[PlateID]*Plate) error{addPlacedUnits, addArtifacts, addRuns} {
		if err := add(ctx, q, byID); err != nil {
			return nil, err
		}
	}
	return plates, nil
}

func addPlacedUnits(ctx context.Context, q sqlx.QueryerContext, plates map[PlateID]*Plate) error {
	var placed []PlacedUnit
	err := sqlx.SelectContext(ctx, q, &placed, `
		SELECT plate_units.plate_id, plate_units.unit_id, units.code, units.state,
		       plate_units.x_um, plate_units.y_um, plate_units.width_um, plate_units.depth_um
		FROM plate_units
		JOIN units ON units.id = plate_units.unit_id
		WHERE plate_units.plate_id = ANY($1::uuid[])
		ORDER BY plate_units.unit_id`, pq.Array(keys(plates)))
	if err != nil {
		return fmt.Errorf("read pieces on plates: %w", err)
	}
	for _, unit := range placed {
		plate := plates[unit.PlateID]
		plate.Units = append(plate.Units, unit)
	}
	return nil
}

func addArtifacts(ctx context.Context, q sqlx.QueryerContext, plates map[PlateID]*Plate) error {
	var wanted []ArtifactID
	for _, plate := range plates {
		if !plate.ArtifactID.IsZero() {
			wanted = append(wanted, plate.ArtifactID)
		}
	}
	artifacts, err := readArtifacts(ctx, q, wanted)
	if err != nil {
		return err
	}
	for _, plate := range plates {
		if found, ok := artifacts[plate.ArtifactID]; ok {
			plate.Artifact = &found
		}
	}
	return nil
}

func addRuns(ctx context.Context, q sqlx.QueryerContext, plates map[PlateID]*Plate) error {
	var runs []Run
	err := sqlx.SelectContext(ctx, q, &runs, selectRuns+`
		WHERE plate_id = ANY($1::uuid[])
		ORDER BY attempt`, pq.Array(keys(plates)))
	if err != nil {
		return fmt.Errorf("read runs of plates: %w", err)
	}
	for _, run := range runs {
		plates[run.PlateID].Run = &run
	}
	return nil
}

func keys[K comparable, V any](of map[K]V) []K {
	return slices.Collect(maps.Keys(of))
}

// savePlate writes a plate that was changed, and the change.
func (s *Service) savePlate(ctx context.Context, tx *sqlx.Tx, plate *Plate, by audit.Actor) error {
	changed, err := tx.ExecContext(ctx, `
		UPDATE plates
		SET state = $3, version = version + 1, slicing = $4, slicing_note = $5, artifact_id = $6, approved_by = $7, approved_at = $8, updated_at = $9
		WHERE id = $1 AND version = $2`,
		plate.ID, plate.Version, plate.State, plate.Slicing, plate.SlicingNote, plate.ArtifactID,
		plate.ApprovedBy, plate.ApprovedAt, s.now())
	if err := oneRow(changed, err); err != nil {
		return fmt.Errorf("save plate %s: %w", plate.Code, err)
	}
	plate.Version++
	return audit.Record(ctx, tx, audit.Entry{
		Actor: by, Action: "plate." + string(plate.State), Subject: plate.ID.String(), Detail: map[string]any{"slicing": plate.Slicing},
	})
}

func (s *Service) movePlate(ctx context.Context, tx *sqlx.Tx, plate *Plate, to PlateState, by audit.Actor) error {
	if err := plate.move(to); err != nil {
		return err
	}
	return s.savePlate(ctx, tx, plate, by)
}

// freeUnits makes room for the pieces of a plate that is over on other plates.
func freeUnits(ctx context.Context, tx *sqlx.Tx, plate PlateID) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE plate_units
		SET live = false
		WHERE plate_id = $1`, plate)
	if err != nil {
		return fmt.Errorf("free pieces of plate %s: %w", plate, err)
	}
	return nil
}

// taskAbout describes a task about a plate in the words of its pieces' routing.
func taskAbout(of *Task, operation OperationKey, plate Plate) newTask {
	return newTask{
		operation: operation, routing: of.Routing, routingVersion: of.RoutingVersion, plate: plate.ID, units: plate.unitIDs(),
	}
}

// completeArrange: somebody looked at the proposed plate. It can be sliced.
func (s *Service) completeArrange(ctx context.Context, tx *sqlx.Tx, d deed) (bool, error) {
	plate, err := lockPlate(ctx, tx, d.task.PlateID)
	if err != nil {
		return false, err
	}
	if err := s.movePlate(ctx, tx, &plate, PlateArranged, memberActor(d.member)); err != nil {
		return false, err
	}
	return true, s.addTask(ctx, tx, taskAbout(d.task, OpSlice, plate))
}

func (s *Service) undoArrange(ctx context.Context, tx *sqlx.Tx, d deed) error {
	next, err := s.lockOpenTasks(ctx, tx, d.task.PlateID)
	if err != nil {
		return err
	}
	if err := s.dropNext(ctx, tx, d, next); err != nil {
		return err
	}
	plate, err := lockPlate(ctx, tx, d.task.PlateID)
	if err != nil {
		return err
	}
	return s.movePlate(ctx, tx, &plate, PlateDraft, memberActor(d.member))
}

// ApprovePlate allows a sliced and verified plate to be printed: its first run becomes ready.
func (s *Service) ApprovePlate(ctx context.Context, by audit.Actor, plateID PlateID) (Plate, error) {
	staffID, err := id.Parse[staffKind](by.ID)
	if err != nil {
		return Plate{}, fmt.Errorf("approve plate: %w", err)
	}
	err = postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		plate, err := lockPlate(ctx, tx, plateID)
		if err != nil {
			return err
		}
		if err := plate.approve(staffID, s.now()); err != nil {
			return err
		}
		if err := s.savePlate(ctx, tx, &plate, by); err != nil {
			return err
		}
		return s.readyRun(ctx, tx, plate, 1)
	})
	if err != nil {
		return Plate{}, fmt.Errorf("approve plate %s: %w", plateID, err)
	}
	return s.Plate(ctx, plateID)
}

// DissolvePlate gives the pieces of a plate that no printer was told to print back to planning.
func (s *Service) DissolvePlate(ctx context.Context, by audit.Actor, plateID PlateID) (Plate, error) {
	err := postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		if err := s.dissolve(ctx, tx, plateID, by); err != nil {
			return err
		}
		return s.announce(ctx, tx, UnitsPrepared{})
	})
	if err != nil {
		return Plate{}, fmt.Errorf("dissolve plate %s: %w", plateID, err)
	}
	return s.Plate(ctx, plateID)
}

func (s *Service) dissolve(ctx context.Context, tx *sqlx.Tx, plateID PlateID, by audit.Actor) error {
	tasks, err := s.lockOpenTasks(ctx, tx, plateID)
	if err != nil {
		return err
	}
	plate, err := lockPlate(ctx, tx, plateID)
	if err != nil {
		return err
	}
	if err := s.movePlate(ctx, tx, &plate, PlateDissolved, by); err != nil {
		return err
	}
	for i := range tasks {
		if err := s.dropTask(ctx, tx, &tasks[i], by); err != nil {
			return err
		}
	}
	if plate.Run != nil {
		if err := s.moveRun(ctx, tx, plate.Run, RunDropped, by); err != nil {
			return err
		}
	}
	units, err := lockUnits(ctx, tx, plate.unitIDs())
	if err != nil {
		return err
	}
	move := unitMove{from: UnitPlanned, by: by, cause: "plate " + plate.Code + " dissolved"}
	if err := s.moveUnits(ctx, tx, units, UnitOwed, move); err != nil {
		return err
	}
	return freeUnits(ctx, tx, plateID)
}

package fulfilment

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tsukuriba/internal/audit"
	"tsukuriba/internal/id"
	"tsukuriba/internal/postgres"
	"tsukuriba/orders"
)

// houseProfile is the print profile of all that is made here.
const houseProfile = "pla-020"

// planningLock keeps two planners from placing the same pieces.
const planningLock = 5_020_001

// batch is what pieces have to share to be printed in one go.
type batch struct {
	BaseColor string `db:"base_color"`
	TextColor string `db:"text_color"`
	SwapZ     int32  `db:"swap_z_um"`
}

// candidate is a prepared piece that waits for a plate, or stands on a draft.
type candidate struct {
	batch
	UnitID         UnitID         `db:"id"`
	OrderID        orders.OrderID `db:"order_id"`
	Routing        string         `db:"routing"`
	RoutingVersion int            `db:"routing_version"`
	Width          int32          `db:"width_um"`
	Depth          int32          `db:"depth_um"`
	OnPlate        PlateID        `db:"plate_id"`
}

// ProposePlates is ProposePlatesNow for the event that pieces were prepared.
func (s *Service) ProposePlates(ctx context.Context, _ UnitsPrepared) error {
	return s.ProposePlatesNow(ctx)
}

// ProposePlatesNow places all pieces that are prepared and may be started on draft plates, those
// of the same colors together, and makes a task of looking at each draft. A draft that nobody
// has taken yet is filled up; all others stay as they are.
func (s *Service) ProposePlatesNow(ctx context.Context) error {
	bed, err := s.slicer.Bed(houseProfile)
	if err != nil {
		return fmt.Errorf("propose plates: %w", err)
	}
	err = postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock($1)`, planningLock); err != nil {
			return fmt.Errorf("wait for other planners: %w", err)
		}
		drafts, err := lockOpenDrafts(ctx, tx)
		if err != nil {
			return err
		}
		waiting, err := s.candidates(ctx, tx, drafts)
		if err != nil {
			return err
		}
		for _, group := range groupCandidates(waiting) {
			if err := s.planBatch(ctx, tx, bed, group); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("propose plates: %w", err)
	}
	return nil
}

// lockOpenDrafts returns the drafts that nobody looks at yet, and keeps them from being taken
// meanwhile. One that is being taken at this moment is left alone.
func lockOpenDrafts(ctx context.Context, tx *sqlx.Tx) ([]PlateID, error) {
	var drafts []PlateID
	err := tx.SelectContext(ctx, &drafts, `
		SELECT plates.id
		FROM tasks
		JOIN plates ON plates.id = tasks.plate_id
		WHERE tasks.operation = 'arrange' AND tasks.state IN ('ready', 'offered') AND plates.state = 'draft'
		ORDER BY tasks.id
		FOR UPDATE OF tasks SKIP LOCKED`)
	if err != nil {
		return nil, fmt.Errorf("lock open drafts: %w", err)
	}
	return drafts, nil
}

// candidates returns the pieces to place: those owed whose order may be started, and those on
// the open drafts, in the order in which they were owed.
func (s *Service) candidates(ctx context.Context, tx *sqlx.Tx, drafts []PlateID) ([]candidate, error) {
	var found []candidate
	err := tx.SelectContext(ctx, &found, `
		SELECT units.id, order_lines.order_id, units.routing, units.routing_version,
		       designs.first_color AS base_color, designs.second_color AS text_color,
		       designs.swap_z_um, designs.width_um, designs.depth_um, plates.id AS plate_id
		FROM units
		JOIN designs ON designs.id = units.design_id
		LEFT JOIN order_lines ON order_lines.id = units.order_line_id
		LEFT JOIN plate_units ON plate_units.unit_id = units.id AND plate_units.live
		LEFT JOIN plates ON plates.id = plate_units.plate_id AND plates.id = ANY($1::uuid[])
		WHERE (units.state = 'owed' AND units.prepared_at IS NOT NULL) OR (units.state = 'planned' AND plates.id IS NOT NULL)
		ORDER BY units.created_at, units.id
		FOR UPDATE OF units`, pq.Array(drafts))
	if err != nil {
		return nil, fmt.Errorf("read pieces that wait for a plate: %w", err)
	}
	may := map[orders.OrderID]bool{}
	for _, piece := range found {
		if _, asked := may[piece.OrderID]; asked || piece.OrderID.IsZero() {
			continue
		}
		err := s.orders.MayStart(ctx, tx, piece.OrderID)
		if err != nil && !refusesStart(err) {
			return nil, err
		}
		may[piece.OrderID] = err == nil
	}
	return slices.DeleteFunc(found, func(piece candidate) bool {
		return piece.OnPlate.IsZero() && !piece.OrderID.IsZero() && !may[piece.OrderID]
	}), nil
}

// refusesStart tells an order that may not be started from one that could not be read.
func refusesStart(err error) bool {
	return errors.Is(err, orders.ErrOnHold) || errors.Is(err, orders.ErrNotPaid) || errors.Is(err, orders.ErrWrongState)
}

func groupCandidates(waiting []candidate) [][]candidate {
	groups := map[batch][]candidate{}
	var order []batch
	for _, piece := range waiting {
		if groups[piece.batch] == nil {
			order = append(order, piece.batch)
		}
		groups[piece.batch] = append(groups[piece.batch], piece)
	}
	all := make([][]candidate, len(order))
	for i, key := range order {
		all[i] = groups[key]
	}
	return all
}

// planBatch packs all pieces of a batch anew, on its drafts and on as many new plates as are
// needed. It leaves drafts alone when nothing was added.
func (s *Service) planBatch(ctx context.Context, tx *sqlx.Tx, bed Bed, pieces []candidate) error {
	if !slices.ContainsFunc(pieces, func(piece candidate) bool { return piece.OnPlate.IsZero() }) {
		return nil
	}
	drafts := draftsOf(pieces)
	if err := clearDrafts(ctx, tx, drafts); err != nil {
		return err
	}
	for len(pieces) > 0 {
		packing := Pack(bed, footprints(pieces))
		if len(packing.Placed) == 0 {
			break // larger than any bed: the catalog lets nobody order that
		}
		var draft PlateID
		if len(drafts) > 0 {
			draft, drafts = drafts[0], drafts[1:]
		}
		if err := s.fillPlate(ctx, tx, plateToFill{id: draft, bed: bed, pieces: pieces, placed: packing.Placed}); err != nil {
			return err
		}
		pieces = pick(pieces, packing.Left)
	}
	for _, draft := range drafts {
		if err := s.dissolve(ctx, tx, draft, systemActor); err != nil {
			return err
		}
	}
	return nil
}

func footprints(pieces []candidate) []Footprint {
	all := make([]Footprint, len(pieces))
	for i, piece := range pieces {
		all[i] = Footprint{Width: piece.Width, Depth: piece.Depth}
	}
	return all
}

func pick(pieces []candidate, items []int) []candidate {
	picked := make([]candidate, len(items))
	for i, item := range items {
		picked[i] = pieces[item]
	}
	return picked
}

func draftsOf(pieces []candidate) []PlateID {
	var drafts []PlateID
	for _, piece := range pieces {
		if !piece.OnPlate.IsZero() {
			drafts = append(drafts, piece.OnPlate)
		}
	}
	slices.SortFunc(drafts, func(a, b PlateID) int { return bytes.Compare(a[:], b[:]) })
	return slices.Compact(drafts)
}

func clearDrafts(ctx context.Context, tx *sqlx.Tx, drafts []PlateID) error {
	_, err := tx.ExecContext(ctx, `
		DELETE FROM plate_units
		WHERE plate_id = ANY($1::uuid[])`, pq.Array(drafts))
	if err != nil {
		return fmt.Errorf("clear drafts: %w", err)
	}
	return nil
}

// plateToFill is a draft, or a plate yet to be made, with the pieces that were given a place.
type plateToFill struct {
	id     PlateID // zero for a new one
	bed    Bed
	pieces []candidate
	placed []Placement
}

func (s *Service) fillPlate(ctx context.Context, tx *sqlx.Tx, fill plateToFill) error {
	plateID, err := fill.id, error(nil)
	if plateID.IsZero() {
		if plateID, err = s.insertDraft(ctx, tx, fill.pieces[0].batch, fill.bed); err != nil {
			return err
		}
	}
	var units []UnitID
	for _, place := range fill.placed {
		piece := fill.pieces[place.Item]
		units = append(units, piece.UnitID)
		_, err := tx.ExecContext(ctx, `
			INSERT INTO plate_units (plate_id, unit_id, x_um, y_um, width_um, depth_um)
			VALUES ($1, $2, $3, $4, $5, $6)`, plateID, piece.UnitID, place.X, place.Y, piece.Width, piece.Depth)
		if err != nil {
			return fmt.Errorf("place piece: %w", err)
		}
	}
	locked, err := lockUnits(ctx, tx, units)
	if err != nil {
		return err
	}
	move := unitMove{from: UnitOwed, by: systemActor, cause: "placed on " + plateID.String()}
	if err := s.moveUnits(ctx, tx, locked, UnitPlanned, move); err != nil {
		return err
	}
	return s.askToArrange(ctx, tx, plateID, fill.pieces[0], units)
}

// askToArrange makes a task of looking at a draft, about the pieces that lie on it now.
func (s *Service) askToArrange(ctx context.Context, tx *sqlx.Tx, plate PlateID, piece candidate, units []UnitID) error {
	err := s.addTask(ctx, tx, newTask{
		operation: OpArrange, routing: piece.Routing, routingVersion: piece.RoutingVersion, plate: plate, units: units,
	})
	if err != nil {
		return err
	}
	var taskID TaskID
	err = tx.GetContext(ctx, &taskID, `
		SELECT id
		FROM tasks
		WHERE plate_id = $1 AND operation = 'arrange' AND state <> 'dropped'`, plate)
	if err != nil {
		return fmt.Errorf("find task of draft: %w", err)
	}
	return setTaskUnits(ctx, tx, taskID, units)
}

// insertDraft begins a plate for a batch.
func (s *Service) insertDraft(ctx context.Context, tx *sqlx.Tx, shared batch, bed Bed) (PlateID, error) {
	for {
		plateID := id.New[plateKind]()
		err := tx.QueryRowxContext(ctx, `
			INSERT INTO plates (id, code, state, profile, base_color, text_color, swap_z_um, bed_width_um, bed_depth_um, created_at, updated_at)
			VALUES ($1, $2, 'draft', $3, $4, $5, $6, $7, $8, $9, $9)
			ON CONFLICT (code) DO NOTHING
			RETURNING id`,
			plateID, "P-"+randomLetters(3), houseProfile, shared.BaseColor, shared.TextColor, shared.SwapZ,
			bed.Width, bed.Depth, s.now()).Scan(&plateID)
		if errors.Is(err, sql.ErrNoRows) {
			continue // the code is taken
		}
		if err != nil {
			return PlateID{}, fmt.Errorf("begin plate: %w", err)
		}
		return plateID, audit.Record(ctx, tx, audit.Entry{Actor: systemActor, Action: "plate.draft", Subject: plateID.String()})
	}
}

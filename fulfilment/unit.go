package fulfilment

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tsukuriba/catalog"
	"tsukuriba/internal/audit"
	"tsukuriba/internal/id"
	"tsukuriba/orders"
)

// UnitState is where one piece stands.
type UnitState string

// The states of a piece. Shipped and scrapped are final; a scrapped piece is owed anew.
const (
	UnitOwed      UnitState = "owed"
	UnitPlanned   UnitState = "planned"
	UnitPrinting  UnitState = "printing"
	UnitPrinted   UnitState = "printed"
	UnitFinishing UnitState = "finishing"
	UnitInQC      UnitState = "in_qc"
	UnitGood      UnitState = "good"
	UnitPacked    UnitState = "packed"
	UnitShipped   UnitState = "shipped"
	UnitScrapped  UnitState = "scrapped"
)

// Unit is one physical piece. Code is short and readable, such as K7-3F, and stands on the plate
// map and the bag. LineID is zero for pieces made for practice or stock.
type Unit struct {
	ID             UnitID           `db:"id"`
	Code           string           `db:"code"`
	LineID         orders.LineID    `db:"order_line_id"`
	OrderID        orders.OrderID   `db:"order_id"`
	ClaimID        orders.ClaimID   `db:"claim_id"` // zero unless the piece is made once more for a claim
	DesignID       catalog.DesignID `db:"design_id"`
	Ordinal        int              `db:"ordinal"`
	Routing        string           `db:"routing"`
	RoutingVersion int              `db:"routing_version"`
	State          UnitState        `db:"state"`
	Version        int              `db:"version"`
	PreparedAt     *time.Time       `db:"prepared_at"`
	ReworkCount    int              `db:"rework_count"`
	Replaces       UnitID           `db:"replaces"`
	FinishedBy     MemberID         `db:"finished_by"`
	PassedBy       MemberID         `db:"passed_by"`
}

// unitMoves lists where a piece may go from where. Back steps are those of もどす, of a dissolved
// plate and of a print that did not come out.
var unitMoves = map[UnitState][]UnitState{
	UnitOwed:      {UnitPlanned, UnitScrapped},
	UnitPlanned:   {UnitPrinting, UnitOwed},
	UnitPrinting:  {UnitPrinted, UnitPlanned},
	UnitPrinted:   {UnitFinishing, UnitScrapped},
	UnitFinishing: {UnitInQC, UnitScrapped},
	UnitInQC:      {UnitGood, UnitFinishing, UnitScrapped},
	UnitGood:      {UnitPacked},
	UnitPacked:    {UnitShipped},
}

func (u *Unit) move(to UnitState) error {
	if !slices.Contains(unitMoves[u.State], to) {
		return fmt.Errorf("%w: %s cannot go from %s to %s", ErrUnitState, u.Code, u.State, to)
	}
	u.State = to
	return nil
}

// finish hands a piece over to be checked by somebody else.
func (u *Unit) finish(by MemberID) error {
	u.FinishedBy = by
	return u.move(UnitInQC)
}

// pass calls a piece good. The one who finished it cannot.
func (u *Unit) pass(by MemberID) error {
	if u.FinishedBy == by {
		return ErrOwnWork
	}
	u.PassedBy = by
	return u.move(UnitGood)
}

// rework sends a piece back to be finished again, twice at most.
func (u *Unit) rework(by MemberID) error {
	if u.FinishedBy == by {
		return ErrOwnWork
	}
	if u.ReworkCount == maxReworks {
		return ErrReworkedTwice
	}
	u.ReworkCount++
	u.FinishedBy = MemberID{}
	return u.move(UnitFinishing)
}

const maxReworks = 2

const selectUnits = `
		SELECT units.id, units.code, units.order_line_id, order_lines.order_id, units.claim_id, units.design_id, units.ordinal,
		       units.routing, units.routing_version, units.state, units.version, units.prepared_at,
		       units.rework_count, units.replaces, units.finished_by, units.passed_by
		FROM units
		LEFT JOIN order_lines ON order_lines.id = units.order_line_id`

// Unit returns one piece, or ErrUnitNotFound.
func (s *Service) Unit(ctx context.Context, unitID UnitID) (Unit, error) {
	var unit Unit
	err := s.db.GetContext(ctx, &unit, selectUnits+`
		WHERE units.id = $1`, unitID)
	if errors.Is(err, sql.ErrNoRows) {
		return Unit{}, fmt.Errorf("%w: %s", ErrUnitNotFound, unitID)
	}
	if err != nil {
		return Unit{}, fmt.Errorf("read piece %s: %w", unitID, err)
	}
	return unit, nil
}

// UnitsOfOrder returns all pieces ever made for an order, scrapped ones too, by line and ordinal.
func (s *Service) UnitsOfOrder(ctx context.Context, orderID orders.OrderID) ([]Unit, error) {
	var units []Unit
	err := s.db.SelectContext(ctx, &units, selectUnits+`
		WHERE order_lines.order_id = $1
		ORDER BY order_lines.position, units.ordinal, units.id`, orderID)
	if err != nil {
		return nil, fmt.Errorf("read pieces of order %s: %w", orderID, err)
	}
	return units, nil
}

// lockUnits reads pieces for a change, in the order of their ids.
func lockUnits(ctx context.Context, tx *sqlx.Tx, ids []UnitID) ([]Unit, error) {
	var units []Unit
	err := tx.SelectContext(ctx, &units, selectUnits+`
		WHERE units.id = ANY($1::uuid[])
		ORDER BY units.id
		FOR UPDATE OF units`, pq.Array(ids))
	if err != nil {
		return nil, fmt.Errorf("lock pieces: %w", err)
	}
	if len(units) != len(ids) {
		return nil, fmt.Errorf("%w: %d of %d", ErrUnitNotFound, len(units), len(ids))
	}
	return units, nil
}

// unitMove is one move of a piece: why, and by whom.
type unitMove struct {
	from  UnitState
	by    audit.Actor
	cause string
}

// saveUnit writes a piece that was moved, and the move.
func (s *Service) saveUnit(ctx context.Context, tx *sqlx.Tx, unit *Unit, move unitMove) error {
	changed, err := tx.ExecContext(ctx, `
		UPDATE units
		SET state = $3, version = version + 1, prepared_at = $4, rework_count = $5, finished_by = $6, passed_by = $7, updated_at = $8
		WHERE id = $1 AND version = $2`,
		unit.ID, unit.Version, unit.State, unit.PreparedAt, unit.ReworkCount, unit.FinishedBy, unit.PassedBy, s.now())
	if err := oneRow(changed, err); err != nil {
		return fmt.Errorf("save piece %s: %w", unit.Code, err)
	}
	unit.Version++
	return s.recordMove(ctx, tx, *unit, move)
}

func (s *Service) recordMove(ctx context.Context, tx *sqlx.Tx, unit Unit, move unitMove) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO unit_events (at, unit_id, from_state, to_state, actor_role, actor_id, cause)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		s.now(), unit.ID, move.from, unit.State, move.by.Role, move.by.ID, move.cause)
	if err != nil {
		return fmt.Errorf("record move of piece %s: %w", unit.Code, err)
	}
	return nil
}

// moveUnits takes pieces that stand in one state to another one; pieces in other states stay.
func (s *Service) moveUnits(ctx context.Context, tx *sqlx.Tx, units []Unit, to UnitState, move unitMove) error {
	for i := range units {
		if units[i].State != move.from {
			continue
		}
		if err := units[i].move(to); err != nil {
			return err
		}
		if err := s.saveUnit(ctx, tx, &units[i], move); err != nil {
			return err
		}
	}
	return nil
}

// replace scraps a piece and owes it anew, unless it was refunded meanwhile. The new one needs no
// further preparation: its design was compared already.
func (s *Service) replace(ctx context.Context, tx *sqlx.Tx, unit *Unit, move unitMove) error {
	if err := unit.move(UnitScrapped); err != nil {
		return err
	}
	if err := s.saveUnit(ctx, tx, unit, move); err != nil {
		return err
	}
	if short, err := tooFew(ctx, tx, *unit); err != nil {
		return err
	} else if !short {
		return s.goOnWithout(ctx, tx, *unit)
	}
	anew := Unit{
		LineID: unit.LineID, ClaimID: unit.ClaimID, DesignID: unit.DesignID, Ordinal: unit.Ordinal, Routing: unit.Routing,
		RoutingVersion: unit.RoutingVersion, PreparedAt: unit.PreparedAt, Replaces: unit.ID,
	}
	_, err := s.oweUnit(ctx, tx, anew, unitMove{by: move.by, cause: "replaces " + unit.Code})
	return err
}

// tooFew says whether fewer pieces of a unit's line, or of the claim it is made for, stand than the
// customer is still to get. Pieces for practice or stock are always wanted.
func tooFew(ctx context.Context, tx *sqlx.Tx, unit Unit) (short bool, err error) {
	if unit.LineID.IsZero() {
		return true, nil
	}
	err = tx.GetContext(ctx, &short, `
		SELECT count(units.id) < CASE WHEN $2::uuid IS NULL THEN (SELECT wanted FROM wanted_pieces WHERE order_line_id = $1)
		                              ELSE (SELECT quantity FROM claims WHERE id = $2) END
		FROM units
		WHERE units.order_line_id = $1 AND units.claim_id IS NOT DISTINCT FROM $2 AND units.state <> 'scrapped'`, unit.LineID, unit.ClaimID)
	if err != nil {
		return false, fmt.Errorf("count pieces of line %s: %w", unit.LineID, err)
	}
	return short, nil
}

// oweUnit adds a piece that is owed. It reports false when its line owes it already.
func (s *Service) oweUnit(ctx context.Context, tx *sqlx.Tx, unit Unit, move unitMove) (bool, error) {
	unit.ID, unit.State = id.New[unitKind](), UnitOwed
	for {
		unit.Code = newUnitCode()
		var added, codeTaken bool
		err := tx.QueryRowxContext(ctx, `
			WITH added AS (
				INSERT INTO units (id, code, order_line_id, claim_id, ordinal, design_id, routing, routing_version, state, prepared_at,
				                   replaces, created_at, updated_at)
				VALUES ($1, $2, $3, $12, $4, $5, $6, $7, $8, $9, $10, $11, $11)
				ON CONFLICT DO NOTHING
				RETURNING id
			)
			SELECT EXISTS (SELECT FROM added), EXISTS (SELECT FROM units WHERE code = $2)`,
			unit.ID, unit.Code, unit.LineID, unit.Ordinal, unit.DesignID, unit.Routing, unit.RoutingVersion,
			unit.State, unit.PreparedAt, unit.Replaces, s.now(), unit.ClaimID).Scan(&added, &codeTaken)
		if err != nil {
			return false, fmt.Errorf("owe a piece: %w", err)
		}
		if added {
			return true, s.recordMove(ctx, tx, unit, move)
		}
		if !codeTaken {
			return false, nil
		}
	}
}

// codeLetters are those that nobody mistakes for another one, on a small label and by voice.
const codeLetters = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"

func newUnitCode() string { return randomLetters(2) + "-" + randomLetters(2) }

func randomLetters(n int) string {
	letters := make([]byte, n)
	for i := range letters {
		letters[i] = codeLetters[rand.IntN(len(codeLetters))]
	}
	return string(letters)
}

// oneRow turns a change that met no row of the expected version into ErrStale.
func oneRow(changed sql.Result, err error) error {
	if err != nil {
		return err
	}
	if n, err := changed.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return ErrStale
}

func unitIDs(units []Unit) []UnitID {
	ids := make([]UnitID, len(units))
	for i, unit := range units {
		ids[i] = unit.ID
	}
	return ids
}

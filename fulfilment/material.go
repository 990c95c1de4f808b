package fulfilment

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"tsukuriba/internal/audit"
	"tsukuriba/internal/id"
	"tsukuriba/internal/postgres"
)

// Spool is a lot of filament with what is left of it by the weight ledger.
type Spool struct {
	ID        SpoolID    `db:"id"`
	Lot       string     `db:"lot"`
	Material  string     `db:"material"`
	Color     string     `db:"color"` // key of the color
	ColorName string     `db:"color_name"`
	LeftG     float64    `db:"left_g"`
	EmptiedAt *time.Time `db:"emptied_at"`
}

// lowSpoolG is what a plate of tags takes at most; below it somebody should have a new spool ready.
const lowSpoolG = 150

// Low says that the spool may not last for another plate.
func (s Spool) Low() bool { return s.EmptiedAt == nil && s.LeftG < lowSpoolG }

// Spools returns the spools that are not empty, by color, the oldest first.
func (s *Service) Spools(ctx context.Context) ([]Spool, error) {
	return readSpools(ctx, s.db, `
		WHERE spools.emptied_at IS NULL`)
}

func readSpools(ctx context.Context, q sqlx.QueryerContext, condition string, args ...any) ([]Spool, error) {
	var spools []Spool
	err := sqlx.SelectContext(ctx, q, &spools, `
		SELECT spools.id, spools.lot, spools.material, spools.color, filament_colors.name AS color_name, spools.emptied_at,
		       coalesce((SELECT sum(grams) FROM material_moves WHERE spool_id = spools.id), 0) AS left_g
		FROM spools
		JOIN filament_colors ON filament_colors.key = spools.color`+condition+`
		ORDER BY filament_colors.position, spools.opened_at, spools.id`, args...)
	if err != nil {
		return nil, fmt.Errorf("read spools: %w", err)
	}
	return spools, nil
}

// NewSpool describes a lot of filament that has come in.
type NewSpool struct {
	Lot      string
	Material string // such as "PLA"
	Color    string // key of the color
	Grams    float64
}

// AddSpool adds a spool and books its weight as received.
func (s *Service) AddSpool(ctx context.Context, by audit.Actor, wanted NewSpool) (SpoolID, error) {
	spoolID := id.New[spoolKind]()
	err := postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO spools (id, lot, material, color, opened_at)
			VALUES ($1, $2, $3, $4, $5)`, spoolID, wanted.Lot, wanted.Material, wanted.Color, s.now())
		if err != nil {
			return err
		}
		if err := s.bookMaterial(ctx, tx, materialMove{spool: spoolID, kind: "received", grams: wanted.Grams}); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: by, Action: "spool.added", Subject: spoolID.String()})
	})
	if err != nil {
		return SpoolID{}, fmt.Errorf("add spool %s: %w", wanted.Lot, err)
	}
	return spoolID, nil
}

// WeighSpool corrects the ledger to what the filament on a spool really weighs.
func (s *Service) WeighSpool(ctx context.Context, by audit.Actor, spoolID SpoolID, grams float64) error {
	err := postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, `SELECT FROM spools WHERE id = $1 FOR UPDATE`, spoolID); err != nil {
			return err
		}
		spools, err := readSpools(ctx, tx, `
		WHERE spools.id = $1`, spoolID)
		if err != nil {
			return err
		}
		if len(spools) == 0 {
			return ErrSpoolNotFound
		}
		if err := s.bookMaterial(ctx, tx, materialMove{spool: spoolID, kind: "weighed", grams: grams - spools[0].LeftG}); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: by, Action: "spool.weighed", Subject: spoolID.String()})
	})
	if err != nil {
		return fmt.Errorf("weigh spool %s: %w", spoolID, err)
	}
	return nil
}

// materialMove is an entry of the weight ledger; what leaves the spool is negative.
type materialMove struct {
	spool SpoolID
	run   RunID
	kind  string
	grams float64
}

func (s *Service) bookMaterial(ctx context.Context, tx *sqlx.Tx, move materialMove) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO material_moves (spool_id, print_run_id, kind, grams, at)
		VALUES ($1, $2, $3, $4, $5)`, move.spool, move.run, move.kind, move.grams, s.now())
	if err != nil {
		return fmt.Errorf("book material: %w", err)
	}
	return nil
}

// account books what a run took from its spools.
func (s *Service) account(ctx context.Context, tx *sqlx.Tx, j job) error {
	if j.plate.Artifact == nil {
		return fmt.Errorf("%w: %s has no G-code", ErrPlateState, j.plate.Code)
	}
	base, text := consumption(*j.plate.Artifact, j.run)
	uses := map[SpoolID]float64{j.run.BaseSpoolID: base}
	if j.run.TextSpoolID.IsZero() {
		uses[j.run.BaseSpoolID] += text
	} else {
		uses[j.run.TextSpoolID] += text
	}
	for spool, grams := range uses {
		if spool.IsZero() || grams == 0 {
			continue
		}
		if err := s.bookMaterial(ctx, tx, materialMove{spool: spool, run: j.run.ID, kind: "consumed", grams: -grams}); err != nil {
			return err
		}
	}
	return nil
}

// consumption splits the grams of a run between the colors of base and text. The G-code tells
// only the sum, so it is split at the color swap by time; a run that did not come out took its
// share of the time it ran. Weighing a spool corrects both.
func consumption(artifact Artifact, run Run) (base, text float64) {
	share := ran(artifact, run)
	swap := 1.0
	if artifact.SwapAfterSeconds != nil {
		swap = min(float64(*artifact.SwapAfterSeconds)/float64(artifact.PrintSeconds), 1)
	}
	return artifact.FilamentG * min(share, swap), artifact.FilamentG * max(share-swap, 0)
}

// ran is how much of a run was printed, from 0 to 1: what the printer said, or else the time
// that passed.
func ran(artifact Artifact, run Run) float64 {
	switch {
	case run.Outcome == OutcomeDone:
		return 1
	case run.Outcome == OutcomeNotStarted || run.StartedAt == nil:
		return 0
	case run.Progress > 0 || run.EndedAt == nil:
		return run.Progress
	}
	return min(run.EndedAt.Sub(*run.StartedAt).Seconds()/float64(artifact.PrintSeconds), 1)
}

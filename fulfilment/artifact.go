package fulfilment

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tsukuriba/internal/id"
)

// Artifact is G-code that was verified by content. The file lies in the blob store; its SHA-256
// is its identity.
type Artifact struct {
	ID               ArtifactID `db:"id"`
	CacheKey         string     `db:"cache_key"`
	GCodeKey         string     `db:"gcode_key"`
	SHA256           []byte     `db:"gcode_sha256"`
	SlicerVersion    string     `db:"slicer_version"`
	PrintSeconds     int        `db:"print_seconds"`
	SwapAfterSeconds *int       `db:"swap_after_seconds"` // nil without a swap
	ColorSwaps       int        `db:"color_swaps"`
	Layers           int        `db:"layers"`
	FilamentMM       float64    `db:"filament_mm"`
	FilamentG        float64    `db:"filament_g"`
	VerifiedAt       time.Time  `db:"verified_at"`
}

func readArtifacts(ctx context.Context, q sqlx.QueryerContext, ids []ArtifactID) (map[ArtifactID]Artifact, error) {
	var artifacts []Artifact
	err := sqlx.SelectContext(ctx, q, &artifacts, selectArtifacts+`
		WHERE id = ANY($1::uuid[])`, pq.Array(ids))
	if err != nil {
		return nil, fmt.Errorf("read artifacts: %w", err)
	}
	byID := map[ArtifactID]Artifact{}
	for _, artifact := range artifacts {
		byID[artifact.ID] = artifact
	}
	return byID, nil
}

const selectArtifacts = `
		SELECT id, cache_key, gcode_key, gcode_sha256, slicer_version, print_seconds, swap_after_seconds, color_swaps,
		       layers, filament_mm, filament_g, verified_at
		FROM artifacts`

// storeArtifact keeps G-code. If the same plate was sliced in the meantime, that one counts.
func (s *Service) storeArtifact(ctx context.Context, sliced Sliced) (ArtifactID, error) {
	key, err := s.blobs.Put(ctx, sliced.GCode, "text/x.gcode")
	if err != nil {
		return ArtifactID{}, fmt.Errorf("store G-code: %w", err)
	}
	var swapAfter *int
	if sliced.ColorSwaps > 0 {
		swapAfter = &sliced.SwapAfterSeconds
	}
	_, err = s.db.ExecContext(ctx, `
		INSERT INTO artifacts (id, cache_key, gcode_key, gcode_sha256, slicer_version, print_seconds, swap_after_seconds,
		                       color_swaps, layers, filament_mm, filament_g, verified_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		ON CONFLICT (cache_key) DO NOTHING`,
		id.New[artifactKind](), sliced.CacheKey, key, sliced.SHA256[:], sliced.SlicerVersion, sliced.PrintSeconds, swapAfter,
		sliced.ColorSwaps, sliced.Layers, sliced.FilamentMM, sliced.FilamentG, s.now())
	if err != nil {
		return ArtifactID{}, fmt.Errorf("store artifact: %w", err)
	}
	return s.artifactByKey(ctx, sliced.CacheKey)
}

// artifactByKey returns the zero id if nothing of that key was sliced before.
func (s *Service) artifactByKey(ctx context.Context, cacheKey string) (ArtifactID, error) {
	var found []ArtifactID
	err := s.db.SelectContext(ctx, &found, `
		SELECT id
		FROM artifacts
		WHERE cache_key = $1`, cacheKey)
	if err != nil || len(found) == 0 {
		return ArtifactID{}, err
	}
	return found[0], nil
}

// gcode reads the file of an artifact, and refuses one that is not the one that was verified.
func (s *Service) gcode(ctx context.Context, artifact Artifact) ([]byte, error) {
	content, err := s.blobs.Get(ctx, artifact.GCodeKey)
	if err != nil {
		return nil, fmt.Errorf("read G-code: %w", err)
	}
	if sum := sha256.Sum256(content); !bytes.Equal(sum[:], artifact.SHA256) {
		return nil, fmt.Errorf("%w: %s", ErrArtifactChanged, artifact.ID)
	}
	return content, nil
}

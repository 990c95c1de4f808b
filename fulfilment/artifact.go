package fulfilment

import "time"

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

package fulfilment

import (
	"context"
	"fmt"

	"tsukuriba/catalog/tag"
)

// Slicer turns a plate into verified G-code. Its one real form is fulfilment/slicer. Its methods
// take seconds and are never called inside a transaction.
type Slicer interface {
	// Slice returns G-code that was verified by content, or a *RejectedPlate.
	Slice(ctx context.Context, plate PlateModel) (Sliced, error)
	// CacheKey names the G-code the plate would have: stored G-code of the same key may be used.
	CacheKey(ctx context.Context, plate PlateModel) (string, error)
	// Bed is the size of the bed of a print profile.
	Bed(profile string) (Bed, error)
}

// PlateModel is a plate as the slicer needs it. Colors are #rrggbb; SwapZ is the height in µm at
// which the text's color begins, 0 for one color.
type PlateModel struct {
	Profile              string
	BaseColor, TextColor string
	SwapZ                int32
	Units                []UnitModel
}

// UnitModel is one piece on a plate: its solid and its lower left corner on the bed, in µm.
// Name is the outside form of the unit's id.
type UnitModel struct {
	Name     string
	Mesh     *tag.Mesh
	Estimate tag.Estimate
	X, Y     int32
}

// Sliced is verified G-code with what it says of itself. SHA256 is of GCode.
type Sliced struct {
	GCode            []byte
	SHA256           [32]byte
	SlicerVersion    string
	CacheKey         string
	PrintSeconds     int
	SwapAfterSeconds int // 0 without a swap
	ColorSwaps       int
	Layers           int
	FilamentMM       float64
	FilamentG        float64
}

// RejectedPlate says that a plate must not be printed. Reason is one stable word; Detail is for
// staff. A transient cause may be gone at the next try.
type RejectedPlate struct {
	Reason    string
	Detail    string
	Transient bool
}

func (r *RejectedPlate) Error() string {
	return fmt.Sprintf("the plate was rejected: %s: %s", r.Reason, r.Detail)
}

package fulfilment

import "time"

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

package slicer

import "fmt"

// Reason says in one stable word why a plate or its G-code was rejected.
type Reason string

// Found before slicing: the plate itself is wrong.
const (
	ReasonEmpty   Reason = "empty_plate"      // no object on the plate
	ReasonName    Reason = "bad_name"         // an object's name is missing, doubled or not plain ASCII
	ReasonColor   Reason = "bad_color"        // a color is not #RRGGBB
	ReasonMesh    Reason = "bad_mesh"         // a mesh is open, degenerate, too fine or not set at (0, 0, 0)
	ReasonOffBed  Reason = "off_bed"          // an object leaves the bed
	ReasonTooTall Reason = "too_tall"         // an object is higher than the printer
	ReasonOverlap Reason = "objects_overlap"  // two objects touch or come too near to tell their moves apart
	ReasonSwap    Reason = "bad_swap_height"  // the color swap is not at a layer, or at one that nothing reaches
	ReasonNothing Reason = "nothing_to_print" // the slicer found no layer worth printing
)

// Found while slicing: the slicer gave up or was stopped.
const (
	ReasonFailed     Reason = "slicer_failed"  // any other exit code than 0
	ReasonCrashed    Reason = "slicer_crashed" // it aborted or hit a segmentation fault
	ReasonUnreadable Reason = "model_unreadable"
	ReasonWarning    Reason = "print_warning" // exit code 0, but it warns about the print
	ReasonNoGCode    Reason = "no_gcode"      // exit code 0, but no file
	ReasonMemory     Reason = "memory_limit"
	ReasonCPU        Reason = "cpu_limit"
	ReasonSize       Reason = "size_limit"
	ReasonTime       Reason = "time_limit"
)

// Found in the G-code.
const (
	ReasonTruncated   Reason = "gcode_truncated"   // the end is missing, or moves are
	ReasonMalformed   Reason = "gcode_malformed"   // not a line PrusaSlicer would write for our profile
	ReasonMissing     Reason = "object_missing"    // a unit of the plate is not printed
	ReasonUnexpected  Reason = "object_unexpected" // something is printed that is not on the plate
	ReasonOutsideBed  Reason = "outside_bed"       // an extrusion beyond the bed
	ReasonOutsideUnit Reason = "outside_unit"      // an extrusion beyond its unit's rectangle
	ReasonHeight      Reason = "wrong_height"      // a unit ends too low or too high
	ReasonIncomplete  Reason = "unit_incomplete"   // a unit does not fill its rectangle
	ReasonSwapCount   Reason = "wrong_swap_count"  // not the planned number of M600
	ReasonSwapPlace   Reason = "wrong_swap_place"  // the M600 stands at another layer
	ReasonEstimate    Reason = "estimate_missed"   // time or filament far from the estimate
)

// Rejected is the error for a plate that must not be printed. Detail is for staff and logs.
type Rejected struct {
	Reason Reason
	Detail string
}

func (r *Rejected) Error() string { return "plate rejected: " + string(r.Reason) + ": " + r.Detail }

// Transient reports whether the cause may lie in a busy machine, so that another try is worth it.
func (r *Rejected) Transient() bool {
	switch r.Reason {
	case ReasonTime, ReasonCPU, ReasonMemory, ReasonCrashed, ReasonNoGCode:
		return true
	}
	return false
}

func reject(reason Reason, format string, args ...any) error {
	return &Rejected{Reason: reason, Detail: fmt.Sprintf(format, args...)}
}

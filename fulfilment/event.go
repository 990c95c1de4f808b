package fulfilment

// What happened in making, announced in the transaction in which it did.

// UnitsPrepared says that there are pieces a plate could be proposed for.
type UnitsPrepared struct{}

// SliceRequested says that somebody wants an arranged plate sliced.
type SliceRequested struct{ PlateID PlateID }

// StartRequested says that somebody stands at the printer and wants the run started.
type StartRequested struct{ RunID RunID }

// ColorSwapped says that the filament was changed and the printer may go on.
type ColorSwapped struct{ RunID RunID }

// Kind names the event for good, as the others below do.
func (UnitsPrepared) Kind() string  { return "fulfilment.units_prepared" }
func (SliceRequested) Kind() string { return "fulfilment.slice_requested" }
func (StartRequested) Kind() string { return "fulfilment.start_requested" }
func (ColorSwapped) Kind() string   { return "fulfilment.color_swapped" }

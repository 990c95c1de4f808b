package fulfilment

import "tsukuriba/catalog"

// TaskView is a task as a tablet shows it. It holds nothing of a customer, no date and no price.
type TaskView struct {
	ID          TaskID
	Operation   OperationKey
	State       TaskState
	Instruction Instruction // {n} already filled in
	Hazards     []string
	Pieces      []Piece
	PlateID     PlateID
	PlateCode   string
	PlateMap    string // SVG; "" for tasks without a plate
	Slicing     SlicingState
	SlicingNote string
	FileName    string // of the print run, as it stands on the card
	RunState    RunState
	PrinterName string
	Printers    []PrinterChoice // set_up: those that can be chosen
	BaseSpools  []SpoolChoice
	TextSpools  []SpoolChoice
	HelpWanted  bool
}

// Piece is a unit as a member sees it.
type Piece struct {
	Unit      UnitID
	Code      string
	Design    catalog.DesignID
	Text      string // what is written on it, exactly
	BaseColor string // key of the color
	TextColor string
	State     UnitState
	Verdict   Verdict // "" while nobody has said anything
}

// PrinterChoice is a printer that can be set up for a run.
type PrinterChoice struct {
	ID   PrinterID
	Name string
}

// SpoolChoice is a spool of a color that the plate needs.
type SpoolChoice struct {
	ID        SpoolID
	Lot       string
	ColorName string
}

package fulfilment

import (
	"context"
	"fmt"

	"github.com/lib/pq"

	"tsukuriba/catalog"
	"tsukuriba/orders"
)

// TaskView is a task as a tablet shows it. It holds nothing of a customer, no date and no price.
type TaskView struct {
	ID            TaskID
	Operation     OperationKey
	State         TaskState
	Instruction   Instruction // {n} already filled in
	Hazards       []string
	Pieces        []Piece
	PlateID       PlateID
	PlateCode     string
	PlateMap      string // SVG; "" for tasks without a plate
	Slicing       SlicingState
	SlicingAdvice string // what can be done after slicing was rejected
	PrintSeconds  int    // what the slicer found; 0 before
	FilamentG     float64
	FileName      string // of the print run, as it stands on the card
	RunState      RunState
	PrinterName   string
	Printers      []PrinterChoice // set_up: those that can be chosen
	BaseSpools    []SpoolChoice
	TextSpools    []SpoolChoice
	HelpWanted    bool
}

// Piece is a unit as a member sees it.
type Piece struct {
	Unit      UnitID           `db:"id"`
	Code      string           `db:"code"`
	Design    catalog.DesignID `db:"design_id"`
	Text      string           `db:"text"`       // what is written on it, exactly
	BaseColor string           `db:"base_color"` // key of the color
	TextColor string           `db:"text_color"`
	State     UnitState        `db:"state"`
	Verdict   Verdict          `db:"result"` // "" while nobody has said anything
}

// OrderedPiece is a unit as staff see it: with the order it is made for, if any.
type OrderedPiece struct {
	Piece
	OrderID     orders.OrderID `db:"order_id"`
	OrderNumber string         `db:"order_number"`
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

// Task shows a task to the member who took it, or was offered it. ErrNotYourTask for anybody else.
func (s *Service) Task(ctx context.Context, member MemberID, taskID TaskID) (TaskView, error) {
	task, err := s.TaskByID(ctx, taskID)
	if err != nil {
		return TaskView{}, err
	}
	if task.MemberID != member || member.IsZero() {
		var offered bool
		err := s.db.GetContext(ctx, &offered, `
			SELECT EXISTS (SELECT FROM offers WHERE task_id = $1 AND member_id = $2 AND state = 'open')`, taskID, member)
		if err != nil {
			return TaskView{}, fmt.Errorf("read offers of task %s: %w", taskID, err)
		}
		if !offered {
			return TaskView{}, fmt.Errorf("%w: %s", ErrNotYourTask, taskID)
		}
	}
	return s.taskView(ctx, task)
}

// taskView is what a member sees of a task.
func (s *Service) taskView(ctx context.Context, task Task) (TaskView, error) {
	way, err := routing(ctx, s.db, task.Routing, task.RoutingVersion)
	if err != nil {
		return TaskView{}, err
	}
	operation, err := way.Operation(task.Operation)
	if err != nil {
		return TaskView{}, err
	}
	view := TaskView{
		ID: task.ID, Operation: task.Operation, State: task.State, Instruction: operation.Instruction.of(len(task.Units)),
		Hazards: operation.Hazards, PlateID: task.PlateID, HelpWanted: task.HelpWantedAt != nil,
	}
	if view.Pieces, err = s.pieces(ctx, task.ID); err != nil {
		return TaskView{}, err
	}
	if task.PlateID.IsZero() {
		return view, nil
	}
	err = s.showPlate(ctx, task, &view)
	return view, err
}

// wholeText is every line that stands on a piece, one below the other.
const wholeText = `concat_ws(E'\n', designs.text, nullif(designs.spec->>'second_line', ''))`

// pieces are the units of a task in the order of their codes.
func (s *Service) pieces(ctx context.Context, taskID TaskID) ([]Piece, error) {
	var pieces []Piece
	err := s.db.SelectContext(ctx, &pieces, `
		SELECT units.id, units.code, units.design_id, `+wholeText+` AS text, designs.base_color, designs.text_color, units.state, task_units.result
		FROM task_units
		JOIN units ON units.id = task_units.unit_id
		JOIN designs ON designs.id = units.design_id
		WHERE task_units.task_id = $1
		ORDER BY units.code`, taskID)
	if err != nil {
		return nil, fmt.Errorf("read pieces of task %s: %w", taskID, err)
	}
	return pieces, nil
}

// OrderedPieces tells staff what units are, those of many tasks or plates at once.
func (s *Service) OrderedPieces(ctx context.Context, units []UnitID) (map[UnitID]OrderedPiece, error) {
	var rows []OrderedPiece
	err := s.db.SelectContext(ctx, &rows, `
		SELECT units.id, units.code, units.design_id, `+wholeText+` AS text, designs.base_color, designs.text_color, units.state,
		       order_lines.order_id, coalesce(orders.number, '') AS order_number
		FROM units
		JOIN designs ON designs.id = units.design_id
		LEFT JOIN order_lines ON order_lines.id = units.order_line_id
		LEFT JOIN orders ON orders.id = order_lines.order_id
		WHERE units.id = ANY($1::uuid[])`, pq.Array(units))
	if err != nil {
		return nil, fmt.Errorf("read pieces for staff: %w", err)
	}
	pieces := map[UnitID]OrderedPiece{}
	for _, row := range rows {
		pieces[row.Unit] = row
	}
	return pieces, nil
}

func (s *Service) showPlate(ctx context.Context, task Task, view *TaskView) error {
	plate, err := s.Plate(ctx, task.PlateID)
	if err != nil {
		return err
	}
	view.PlateCode, view.PlateMap = plate.Code, plate.Map()
	view.Slicing, view.SlicingAdvice = plate.Slicing, plate.SlicingAdvice()
	if plate.Artifact != nil {
		view.PrintSeconds, view.FilamentG = plate.Artifact.PrintSeconds, plate.Artifact.FilamentG
	}
	if task.RunID.IsZero() {
		return nil
	}
	run, err := s.Run(ctx, task.RunID)
	if err != nil {
		return err
	}
	view.FileName, view.RunState = run.FileName, run.State
	printers, err := s.Printers(ctx)
	if err != nil {
		return err
	}
	for _, printer := range printers {
		if printer.ID == run.PrinterID {
			view.PrinterName = printer.Name
		}
		if task.Operation == OpSetUp && printer.Run == nil && printer.accepts(plate) == nil {
			view.Printers = append(view.Printers, PrinterChoice{ID: printer.ID, Name: printer.Name})
		}
	}
	if task.Operation != OpSetUp {
		return nil
	}
	return s.showSpools(ctx, plate, view)
}

func (s *Service) showSpools(ctx context.Context, plate Plate, view *TaskView) error {
	spools, err := s.Spools(ctx)
	if err != nil {
		return err
	}
	for _, spool := range spools {
		choice := SpoolChoice{ID: spool.ID, Lot: spool.Lot, ColorName: spool.ColorName}
		if spool.Color == plate.BaseColor {
			view.BaseSpools = append(view.BaseSpools, choice)
		}
		if spool.Color == plate.TextColor && plate.Colors() > 1 {
			view.TextSpools = append(view.TextSpools, choice)
		}
	}
	return nil
}

package fulfilment_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"tsukuriba/fulfilment"
	"tsukuriba/orders"
)

// takenBack is a plate that was sliced and then taken back, step by step, until its draft lies
// open again.
func (w *workshop) takenBack() fulfilment.PlateID {
	w.t.Helper()
	ctx := w.t.Context()
	plate := w.sliced()
	tasks, err := w.tasksOfPlate(plate.ID)
	must(w.t, err)
	_, err = w.Undo(ctx, w.sora, tasks[fulfilment.OpSlice])
	must(w.t, err)
	must(w.t, w.Release(ctx, w.sora, tasks[fulfilment.OpSlice]))
	_, err = w.Undo(ctx, w.aoi, tasks[fulfilment.OpArrange])
	must(w.t, err)
	must(w.t, w.Release(ctx, w.aoi, tasks[fulfilment.OpArrange]))
	return plate.ID
}

// tasksOfPlate are the tasks of a plate that were not dropped.
func (w *workshop) tasksOfPlate(plate fulfilment.PlateID) (map[fulfilment.OperationKey]fulfilment.TaskID, error) {
	var rows []struct {
		ID        fulfilment.TaskID       `db:"id"`
		Operation fulfilment.OperationKey `db:"operation"`
	}
	err := w.db.SelectContext(w.t.Context(), &rows, `SELECT id, operation FROM tasks WHERE plate_id = $1 AND state <> 'dropped'`, plate)
	tasks := map[fulfilment.OperationKey]fulfilment.TaskID{}
	for _, row := range rows {
		tasks[row.Operation] = row.ID
	}
	return tasks, err
}

// prepared has somebody prepare all that waits for it.
func (w *workshop) prepared() {
	w.t.Helper()
	for _, task := range w.allOpen(fulfilment.OpPrepare) {
		w.take(task, w.aoi)
		_, err := w.Submit(w.t.Context(), w.aoi, task.ID, fulfilment.Result{})
		must(w.t, err)
	}
	w.settle()
}

func TestUndo_to_a_draft_forgets_the_old_slice(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	w.order(1, "はると")
	plate := w.takenBack()
	w.order(1, "さくら")
	w.prepared() // a second piece comes onto the draft
	w.do(fulfilment.OpArrange, w.aoi, fulfilment.Result{})
	task := w.open(fulfilment.OpSlice)
	w.take(task, w.sora)
	if _, err := w.Submit(t.Context(), w.sora, task.ID, fulfilment.Result{}); !errors.Is(err, fulfilment.ErrNotSliced) {
		t.Errorf("the G-code of one piece counts for two: %v", err)
	}
	read, err := w.Plate(t.Context(), plate)
	must(t, err)
	if len(read.Units) != 2 || read.Artifact != nil {
		t.Errorf("%d pieces with the G-code %+v", len(read.Units), read.Artifact)
	}
	w.sound()
}

func TestUndo_while_the_slicer_works(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	ctx := t.Context()
	w.order(1, "はると")
	w.prepared()
	w.do(fulfilment.OpArrange, w.aoi, fulfilment.Result{})
	task := w.open(fulfilment.OpSlice)
	w.take(task, w.sora)
	_, err := w.Slice(ctx, w.sora, task.ID)
	must(t, err)
	must(t, w.Release(ctx, w.sora, task.ID))
	tasks, err := w.tasksOfPlate(task.PlateID)
	must(t, err)
	_, err = w.Undo(ctx, w.aoi, tasks[fulfilment.OpArrange])
	must(t, err)
	w.settle() // the slicer finds a draft
	_, err = w.Submit(ctx, w.aoi, tasks[fulfilment.OpArrange], fulfilment.Result{})
	must(t, err)
	again := w.open(fulfilment.OpSlice)
	w.take(again, w.sora)
	view, err := w.Slice(ctx, w.sora, again.ID)
	must(t, err)
	w.settle()
	if view, err = w.Submit(ctx, w.sora, again.ID, fulfilment.Result{}); err != nil || view.State != fulfilment.TaskDone {
		t.Errorf("the plate cannot be sliced any more: %s, %v", view.State, err)
	}
	w.sound()
}

func TestPlanning_leaves_a_draft_that_is_being_taken(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	w.order(1, "はると")
	w.prepared()
	draft := w.open(fulfilment.OpArrange)
	w.order(1, "さくら")
	task := w.open(fulfilment.OpPrepare)
	w.take(task, w.aoi)
	_, err := w.Submit(t.Context(), w.aoi, task.ID, fulfilment.Result{})
	must(t, err)

	tx := w.db.MustBegin()
	tx.MustExec(`UPDATE tasks SET state = 'accepted', member_id = $2 WHERE id = $1`, draft.ID, w.sora)
	must(t, w.ProposePlatesNow(t.Context()))
	must(t, tx.Commit())
	plate, err := w.Plate(t.Context(), draft.PlateID)
	must(t, err)
	if len(plate.Units) != 1 {
		t.Errorf("%d pieces lie on a plate that somebody looks at", len(plate.Units))
	}
	w.settle()
	w.sound()
}

func TestIntake_after_the_order_was_canceled(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	order := w.order(1, "はると")
	w.exec(`DELETE FROM task_units`)
	w.exec(`DELETE FROM tasks`)
	w.exec(`ALTER TABLE unit_events DISABLE TRIGGER ALL`)
	w.exec(`DELETE FROM unit_events`)
	w.exec(`DELETE FROM units`) // the job of the approval has not been worked on yet
	_, err := w.orders.CancelByCustomer(t.Context(), w.link)
	must(t, err)
	w.settle()
	must(t, w.Intake(t.Context(), orders.OrderApproved{OrderID: order}))
	if units, tasks := w.states(order), w.allOpen(fulfilment.OpPrepare); len(units) > 0 || len(tasks) > 0 {
		t.Errorf("a canceled order is made: %v, %d tasks", units, len(tasks))
	}
}

// spoiledPrinter is an adapter with a test's own trouble.
type spoiledPrinter struct {
	fulfilment.Printer
	start   func() error
	observe func(fulfilment.Observation) fulfilment.Observation
}

func (p *spoiledPrinter) Start(ctx context.Context, on fulfilment.Machine, name string) error {
	if p.start != nil {
		return p.start()
	}
	return p.Printer.Start(ctx, on, name)
}

func (p *spoiledPrinter) Observe(ctx context.Context, on fulfilment.Machine) (fulfilment.Observation, error) {
	seen, err := p.Printer.Observe(ctx, on)
	if p.observe != nil {
		seen = p.observe(seen)
	}
	return seen, err
}

func TestStart_refused_after_one_that_was_never_confirmed(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	ctx := t.Context()
	w.order(1, "はると")
	printer := &spoiledPrinter{Printer: w.adapters["virtual"], start: func() error { return fulfilment.ErrPrinterAmbiguous }}
	w.adapters["virtual"] = printer
	run := w.setUp(w.sliced(), w.virtual)
	task := w.open(fulfilment.OpStart)
	w.do(fulfilment.OpStart, w.aoi, fulfilment.Result{})
	w.advance(2 * time.Minute)
	must(t, w.ObservePrinters(ctx))
	w.expectRun(run.ID, fulfilment.RunStartUnconfirmed, "")
	printer.start = func() error { return fulfilment.ErrPrinterOffline }
	_, err := w.Start(ctx, w.aoi, task.ID)
	must(t, err)
	_, err = w.Submit(ctx, w.aoi, task.ID, fulfilment.Result{})
	must(t, err)
	w.settle()
	w.expectRun(run.ID, fulfilment.RunStartUnconfirmed, "")
	printers, err := w.Printers(ctx)
	must(t, err)
	if printers[1].BedClear {
		t.Error("the bed counts as clear, though the first start may have begun something")
	}
	w.sound()
}

func TestObservePrinters_drops_what_it_saw_too_early(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	w.order(1, "はると")
	printer := &spoiledPrinter{Printer: w.adapters["virtual"]}
	w.adapters["virtual"] = printer
	run := w.setUp(w.sliced(), w.virtual)
	w.do(fulfilment.OpStart, w.aoi, fulfilment.Result{})
	printer.observe = func(fulfilment.Observation) fulfilment.Observation {
		printer.observe = nil
		must(t, w.ObservePrinters(t.Context())) // another process looks later, and is first to write
		return fulfilment.Observation{State: fulfilment.MachineIdle, At: w.Now()}
	}
	must(t, w.ObservePrinters(t.Context()))
	w.expectRun(run.ID, fulfilment.RunPrinting, "")
	w.sound()
}

func TestPrinter_without_an_adapter_is_worked_by_hand(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	w.order(1, "はると")
	printer, err := w.AddPrinter(t.Context(), w.staff, fulfilment.NewPrinter{Name: "3号機", Adapter: "octoprint"})
	must(t, err)
	run := w.setUp(w.sliced(), printer)
	w.do(fulfilment.OpStart, w.aoi, fulfilment.Result{})
	if err := w.ObservePrinters(t.Context()); err != nil {
		t.Errorf("looked at a printer that only a person can look at: %v", err)
	}
	w.do(fulfilment.OpSwap, w.sora, fulfilment.Result{})
	w.do(fulfilment.OpRemove, w.aoi, fulfilment.Result{Outcome: fulfilment.OutcomeDone})
	w.expectRun(run.ID, fulfilment.RunAccounted, "")
	w.sound()
}

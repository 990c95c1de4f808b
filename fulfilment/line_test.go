package fulfilment_test

import (
	"errors"
	"testing"
	"time"

	"tsukuriba/fulfilment"
	"tsukuriba/fulfilment/printer/virtual"
	"tsukuriba/orders"
)

func TestLine(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	order := w.order(2, "たろう", "神")
	if got := w.states(order); got[fulfilment.UnitOwed] != 4 {
		t.Fatalf("pieces: %v", got)
	}
	plate := w.sliced()
	if plate.State != fulfilment.PlateSliced || len(plate.Units) != 4 || plate.Artifact.ColorSwaps != 1 {
		t.Fatalf("plate %s with %d pieces, artifact %+v", plate.State, len(plate.Units), plate.Artifact)
	}
	w.expect(order, orders.Approved)
	w.printed(plate)
	w.expect(order, orders.InProduction)
	w.judge(fulfilment.OpSort, w.sora, fulfilment.VerdictOK)
	for _, task := range w.allOpen(fulfilment.OpFinish) {
		w.take(task, w.aoi)
		_, err := w.Submit(t.Context(), w.aoi, task.ID, fulfilment.Result{})
		must(t, err)
	}
	for _, task := range w.allOpen(fulfilment.OpInspect) {
		w.take(task, w.sora)
		_, err := w.Submit(t.Context(), w.sora, task.ID, w.verdicts(task.ID, w.sora, fulfilment.VerdictOK))
		must(t, err)
	}
	w.judge(fulfilment.OpPack, w.ren, fulfilment.VerdictOK)
	w.expect(order, orders.Ready)
	w.sound()
	_, err := w.orders.Ship(t.Context(), w.staff, order, orders.Handover{Carrier: "日本郵便", Tracking: "1234"})
	must(t, err)
	w.settle()
	if got := w.states(order); got[fulfilment.UnitShipped] != 4 {
		t.Errorf("pieces: %v", got)
	}
	w.sound()
}

func TestIntake_told_twice(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	order := w.order(3, "はると")
	must(t, w.Intake(t.Context(), orders.OrderApproved{OrderID: order}))
	if got := w.states(order); got[fulfilment.UnitOwed] != 3 {
		t.Errorf("pieces: %v", got)
	}
	if task := w.open(fulfilment.OpPrepare); len(task.Units) != 3 {
		t.Errorf("the task is about %d pieces", len(task.Units))
	}
	w.sound()
}

func TestVirtualPrinter(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	order := w.order(1, "はると")
	run := w.setUp(w.sliced(), w.virtual)
	view := w.do(fulfilment.OpStart, w.aoi, fulfilment.Result{})
	if view.State != fulfilment.TaskSubmitted {
		t.Errorf("the start is %s before the printer was seen printing", view.State)
	}
	w.expectRun(run.ID, fulfilment.RunStartSent, "")
	w.expect(order, orders.InProduction) // a customer cannot cancel what a printer was told to start
	must(t, w.ObservePrinters(t.Context()))
	w.expectRun(run.ID, fulfilment.RunPrinting, "")
	if open := w.allOpen(fulfilment.OpStart); len(open) > 0 {
		t.Errorf("the start is still %s", open[0].State)
	}
	w.advance(time.Hour)
	must(t, w.ObservePrinters(t.Context()))
	w.expectRun(run.ID, fulfilment.RunPaused, fulfilment.PauseSwap)
	w.do(fulfilment.OpSwap, w.sora, fulfilment.Result{})
	must(t, w.ObservePrinters(t.Context()))
	w.expectRun(run.ID, fulfilment.RunPrinting, "")
	w.advance(time.Hour)
	must(t, w.ObservePrinters(t.Context()))
	w.expectRun(run.ID, fulfilment.RunFinishedUnverified, "")
	w.do(fulfilment.OpRemove, w.aoi, fulfilment.Result{Outcome: fulfilment.OutcomeDone})
	w.expectRun(run.ID, fulfilment.RunAccounted, "")
	w.sound()
}

func (w *workshop) expectRun(runID fulfilment.RunID, state fulfilment.RunState, pause fulfilment.PauseReason) {
	w.t.Helper()
	run, err := w.Run(w.t.Context(), runID)
	must(w.t, err)
	if run.State != state || run.PauseReason != pause {
		w.t.Fatalf("the run is %s %s, want %s %s", run.State, run.PauseReason, state, pause)
	}
}

func TestFailedRun(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	order := w.order(1, "はると")
	first := w.setUp(w.sliced(), w.manual)
	w.do(fulfilment.OpStart, w.aoi, fulfilment.Result{})
	w.advance(2 * time.Minute)
	w.do(fulfilment.OpSwap, w.sora, fulfilment.Result{})
	w.do(fulfilment.OpRemove, w.aoi, fulfilment.Result{Outcome: fulfilment.OutcomeFailed})
	w.expectRun(first.ID, fulfilment.RunAccounted, "")
	if got := w.states(order); got[fulfilment.UnitPlanned] != 1 {
		t.Errorf("pieces: %v", got)
	}
	again := w.open(fulfilment.OpSetUp)
	run, err := w.Run(t.Context(), again.RunID)
	must(t, err)
	if run.Attempt != 2 || run.FileName == first.FileName || run.ArtifactID != first.ArtifactID {
		t.Errorf("the next attempt is %d of %s", run.Attempt, run.FileName)
	}
	spools, err := w.Spools(t.Context())
	must(t, err)
	if left := spools[0].LeftG; left >= 1000 || left < 995 {
		t.Errorf("%.2f g are left of the base's spool after two minutes", left)
	}
	w.sound()
}

func TestUnknownRun(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	w.order(1, "はると")
	run := w.setUp(w.sliced(), w.virtual)
	w.do(fulfilment.OpStart, w.aoi, fulfilment.Result{})
	must(t, w.ObservePrinters(t.Context()))
	w.loseMemory()
	must(t, w.ObservePrinters(t.Context()))
	w.expectRun(run.ID, fulfilment.RunUnknown, "")
	if tasks := append(w.allOpen(fulfilment.OpSetUp), w.allOpen(fulfilment.OpStart)...); len(tasks) > 0 {
		t.Fatalf("something would be started by itself: %s", tasks[0].Operation)
	}
	_, err := w.ResolveRun(t.Context(), w.staff, run.ID, "maybe")
	if !errors.Is(err, fulfilment.ErrOutcome) {
		t.Errorf("an outcome nobody knows: %v", err)
	}
	_, err = w.ResolveRun(t.Context(), w.staff, run.ID, fulfilment.OutcomeNotStarted)
	must(t, err)
	w.do(fulfilment.OpRemove, w.sora, fulfilment.Result{})
	w.open(fulfilment.OpSetUp)
	w.sound()
}

func TestStart_on_a_printer_that_prints_something_else(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	ctx := t.Context()
	order := w.order(1, "はると")
	run := w.setUp(w.sliced(), w.virtual)
	machine := fulfilment.Machine{ID: w.virtual}
	must(t, w.adapters["virtual"].Put(ctx, machine, fulfilment.JobFile{Name: "benchy.gcode", PrintSeconds: 60}))
	must(t, w.adapters["virtual"].Start(ctx, machine, "benchy.gcode"))
	task := w.open(fulfilment.OpStart)
	w.do(fulfilment.OpStart, w.aoi, fulfilment.Result{})
	w.expectRun(run.ID, fulfilment.RunUploaded, "")
	if state := w.open(fulfilment.OpStart).State; state != fulfilment.TaskPaused {
		t.Errorf("the start is %s", state)
	}
	w.advance(time.Hour) // it is over, but still lies on the bed
	_, err := w.Start(ctx, w.aoi, task.ID)
	must(t, err)
	if _, err := w.Submit(ctx, w.aoi, task.ID, fulfilment.Result{}); !errors.Is(err, fulfilment.ErrBedNotClear) {
		t.Errorf("started onto what lies on the bed: %v", err)
	}
	_, err = w.ResolveRun(ctx, w.staff, run.ID, fulfilment.OutcomeNotStarted)
	must(t, err)
	w.do(fulfilment.OpRemove, w.sora, fulfilment.Result{})
	w.do(fulfilment.OpSetUp, w.aoi, fulfilment.Result{Printer: w.virtual, BaseSpool: w.baseSpool, TextSpool: w.textSpool})
	w.do(fulfilment.OpStart, w.aoi, fulfilment.Result{})
	must(t, w.ObservePrinters(ctx))
	if got := w.states(order); got[fulfilment.UnitPrinting] != 1 {
		t.Errorf("pieces: %v", got)
	}
	w.sound()
}

func TestStart_that_is_never_confirmed(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	ctx := t.Context()
	w.order(1, "はると")
	run := w.setUp(w.sliced(), w.virtual)
	task := w.open(fulfilment.OpStart)
	w.take(task, w.aoi)
	for attempt := 1; attempt <= 3; attempt++ {
		_, err := w.Submit(ctx, w.aoi, task.ID, fulfilment.Result{})
		must(t, err)
		w.settle()
		w.loseMemory()
		must(t, w.ObservePrinters(ctx))
		w.expectRun(run.ID, fulfilment.RunStartSent, "")
		w.advance(2 * time.Minute)
		must(t, w.ObservePrinters(ctx))
		if attempt == 3 {
			break
		}
		w.expectRun(run.ID, fulfilment.RunStartUnconfirmed, "")
		_, err = w.Start(ctx, w.aoi, task.ID)
		must(t, err)
	}
	w.expectRun(run.ID, fulfilment.RunUnknown, "")
	w.sound()
}

// loseMemory is what a virtual printer suffers when the program ends.
func (w *workshop) loseMemory() { w.adapters["virtual"] = virtual.New(60, w.Now) }

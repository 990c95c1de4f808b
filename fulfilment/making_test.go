package fulfilment_test

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"

	"tsukuriba/fulfilment"
	"tsukuriba/orders"
)

// sorted takes an order of one line to the pieces that wait to be finished.
func (w *workshop) sorted(quantity int) orders.OrderID {
	w.t.Helper()
	order := w.order(quantity, "はると")
	w.printed(w.sliced())
	w.judge(fulfilment.OpSort, w.sora, fulfilment.VerdictOK)
	return order
}

func TestSort_remakes_only_what_was_touched(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	order := w.order(3, "はると")
	w.printed(w.sliced())
	task := w.open(fulfilment.OpSort)
	w.take(task, w.aoi)
	result := w.verdicts(task.ID, w.aoi, fulfilment.VerdictOK)
	if _, err := w.Submit(t.Context(), w.aoi, task.ID, fulfilment.Result{Pieces: result.Pieces[1:]}); !errors.Is(err, fulfilment.ErrPieces) {
		t.Errorf("a piece was left out: %v", err)
	}
	result.Pieces[0].Verdict = fulfilment.VerdictRework
	if _, err := w.Submit(t.Context(), w.aoi, task.ID, result); !errors.Is(err, fulfilment.ErrPieces) {
		t.Errorf("sorting asks for rework: %v", err)
	}
	result.Pieces[0].Verdict = fulfilment.VerdictRemake
	_, err := w.Submit(t.Context(), w.aoi, task.ID, result)
	must(t, err)
	w.settle()
	got := w.states(order)
	if got[fulfilment.UnitFinishing] != 2 || got[fulfilment.UnitScrapped] != 1 || got[fulfilment.UnitPlanned] != 1 {
		t.Errorf("pieces: %v", got)
	}
	plate, err := w.Plate(t.Context(), w.open(fulfilment.OpArrange).PlateID)
	must(t, err)
	anew, err := w.Unit(t.Context(), plate.Units[0].UnitID)
	must(t, err)
	if anew.Replaces != result.Pieces[0].Unit || len(plate.Units) != 1 {
		t.Errorf("the next plate holds %d pieces, the first replaces %s", len(plate.Units), anew.Replaces)
	}
	w.sound()
}

func TestInspect(t *testing.T) {
	t.Parallel()
	t.Run("never by who finished it", func(t *testing.T) {
		t.Parallel()
		w := newWorkshop(t)
		w.sorted(1)
		w.do(fulfilment.OpFinish, w.aoi, fulfilment.Result{})
		task := w.open(fulfilment.OpInspect)
		if !slices.Contains(task.Makers, w.aoi) {
			t.Errorf("makers %v", task.Makers)
		}
		if _, err := w.OfferTask(t.Context(), w.staff, fulfilment.Proposal{Task: task.ID, Member: w.aoi}); !errors.Is(err, fulfilment.ErrOwnWork) {
			t.Errorf("offered all the same: %v", err)
		}
		w.force(task.ID, w.aoi)
		_, err := w.Submit(t.Context(), w.aoi, task.ID, w.verdicts(task.ID, w.aoi, fulfilment.VerdictOK))
		if !errors.Is(err, fulfilment.ErrOwnWork) {
			t.Errorf("passed all the same: %v", err)
		}
	})
	t.Run("rework twice, then only anew", func(t *testing.T) {
		t.Parallel()
		w := newWorkshop(t)
		order := w.sorted(1)
		for range 2 {
			w.do(fulfilment.OpFinish, w.aoi, fulfilment.Result{})
			w.judge(fulfilment.OpInspect, w.sora, fulfilment.VerdictRework)
		}
		w.do(fulfilment.OpFinish, w.aoi, fulfilment.Result{})
		task := w.open(fulfilment.OpInspect)
		w.take(task, w.sora)
		_, err := w.Submit(t.Context(), w.sora, task.ID, w.verdicts(task.ID, w.sora, fulfilment.VerdictRework))
		if !errors.Is(err, fulfilment.ErrReworkedTwice) {
			t.Errorf("a third rework: %v", err)
		}
		_, err = w.Submit(t.Context(), w.sora, task.ID, w.verdicts(task.ID, w.sora, fulfilment.VerdictRemake))
		must(t, err)
		w.settle()
		if got := w.states(order); got[fulfilment.UnitScrapped] != 1 || got[fulfilment.UnitPlanned] != 1 {
			t.Errorf("pieces: %v", got)
		}
		w.sound()
	})
}

// force puts a task into a member's hands past all rules.
func (w *workshop) force(task fulfilment.TaskID, member fulfilment.MemberID) {
	w.t.Helper()
	w.exec(`UPDATE tasks SET state = 'accepted', member_id = $2 WHERE id = $1`, task, member)
	_, err := w.Start(w.t.Context(), member, task)
	must(w.t, err)
}

func (w *workshop) exec(statement string, args ...any) {
	w.t.Helper()
	_, err := w.db.ExecContext(w.t.Context(), statement, args...)
	must(w.t, err)
}

func TestPack_by_code(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	order := w.sorted(1)
	w.do(fulfilment.OpFinish, w.aoi, fulfilment.Result{})
	w.judge(fulfilment.OpInspect, w.sora, fulfilment.VerdictOK)
	task := w.open(fulfilment.OpPack)
	w.take(task, w.ren)
	result := w.verdicts(task.ID, w.ren, "")
	code := result.Pieces[0].Code
	result.Pieces[0].Code = "22-22"
	if _, err := w.Submit(t.Context(), w.ren, task.ID, result); !errors.Is(err, fulfilment.ErrWrongCode) {
		t.Errorf("another code: %v", err)
	}
	w.expect(order, orders.InProduction)
	result.Pieces[0].Code = " " + strings.ToLower(strings.ReplaceAll(code, "-", ""))
	_, err := w.Submit(t.Context(), w.ren, task.ID, result)
	must(t, err)
	w.expect(order, orders.Ready)
}

func TestUndo(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	ctx := t.Context()
	w.order(1, "はると")
	prepare := w.open(fulfilment.OpPrepare)
	w.take(prepare, w.aoi)
	view, err := w.Undo(ctx, w.aoi, prepare.ID)
	if err != nil || view.State != fulfilment.TaskAccepted {
		t.Errorf("a task that was begun: %s, %v", view.State, err)
	}
	_, err = w.Start(ctx, w.aoi, prepare.ID)
	must(t, err)
	_, err = w.Submit(ctx, w.aoi, prepare.ID, fulfilment.Result{})
	must(t, err)
	view, err = w.Undo(ctx, w.aoi, prepare.ID)
	if err != nil || view.State != fulfilment.TaskActive {
		t.Errorf("prepared, but not yet planned: %s, %v", view.State, err)
	}
	w.settle()
	if open := w.allOpen(fulfilment.OpArrange); len(open) > 0 {
		t.Error("the piece was planned after its preparation was taken back")
	}
	_, err = w.Submit(ctx, w.aoi, prepare.ID, fulfilment.Result{})
	must(t, err)
	w.settle()
	if _, err := w.Undo(ctx, w.aoi, prepare.ID); !errors.Is(err, fulfilment.ErrCannotUndo) {
		t.Errorf("prepared and planned: %v", err)
	}
	arrange := w.open(fulfilment.OpArrange)
	w.do(fulfilment.OpArrange, w.aoi, fulfilment.Result{})
	if _, err := w.Undo(ctx, w.aoi, arrange.ID); err != nil {
		t.Errorf("arranged, but not yet sliced: %v", err)
	}
	if open := w.allOpen(fulfilment.OpSlice); len(open) > 0 {
		t.Error("slicing was not dropped")
	}
	if _, err := w.Undo(ctx, w.sora, arrange.ID); !errors.Is(err, fulfilment.ErrNotYourTask) {
		t.Errorf("somebody else's task: %v", err)
	}
	w.sound()
}

func TestUndo_finish(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	order := w.sorted(1)
	finish := w.open(fulfilment.OpFinish)
	w.do(fulfilment.OpFinish, w.aoi, fulfilment.Result{})
	_, err := w.Undo(t.Context(), w.aoi, finish.ID)
	must(t, err)
	if got := w.states(order); got[fulfilment.UnitFinishing] != 1 || len(w.allOpen(fulfilment.OpInspect)) > 0 {
		t.Errorf("pieces: %v", got)
	}
	_, err = w.Submit(t.Context(), w.aoi, finish.ID, fulfilment.Result{})
	must(t, err)
	w.take(w.open(fulfilment.OpInspect), w.sora)
	if _, err := w.Undo(t.Context(), w.aoi, finish.ID); !errors.Is(err, fulfilment.ErrCannotUndo) {
		t.Errorf("somebody checks it already: %v", err)
	}
	w.sound()
}

func TestRelease_keeps_the_time_worked(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	w.order(1, "はると")
	task := w.open(fulfilment.OpPrepare)
	w.take(task, w.aoi)
	w.advance(10 * 60e9)
	if err := w.Release(t.Context(), w.sora, task.ID); !errors.Is(err, fulfilment.ErrNotYourTask) {
		t.Errorf("somebody else's task: %v", err)
	}
	must(t, w.Release(t.Context(), w.aoi, task.ID))
	var minutes float64
	must(t, w.db.Get(&minutes, `SELECT extract(epoch FROM sum(ended_at - started_at)) / 60 FROM work_sessions`))
	if minutes != 10 {
		t.Errorf("%v minutes were kept", minutes)
	}
	w.take(w.open(fulfilment.OpPrepare), w.sora)
	w.sound()
}

func TestStart_refuses_a_held_order(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	order := w.order(1, "はると")
	w.setUp(w.sliced(), w.manual)
	_, err := w.orders.Hold(t.Context(), w.staff, order, "text_query", "")
	must(t, err)
	task := w.open(fulfilment.OpStart)
	w.take(task, w.aoi)
	if _, err := w.Submit(t.Context(), w.aoi, task.ID, fulfilment.Result{}); !errors.Is(err, orders.ErrOnHold) {
		t.Errorf("a piece of a held order was started: %v", err)
	}
	if got := w.states(order); got[fulfilment.UnitPlanned] != 1 {
		t.Errorf("pieces: %v", got)
	}
	w.expect(order, orders.Approved)
}

func TestSetUp(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	w.order(1, "はると")
	plate := w.sliced()
	_, err := w.ApprovePlate(t.Context(), w.staff, plate.ID)
	must(t, err)
	task := w.open(fulfilment.OpSetUp)
	view := w.take(task, w.aoi)
	if len(view.Printers) != 2 || len(view.BaseSpools) != 1 || len(view.TextSpools) != 1 || view.BaseSpools[0].ColorName != "生成り" {
		t.Errorf("choices: %v %v %v", view.Printers, view.BaseSpools, view.TextSpools)
	}
	thin, err := w.AddSpool(t.Context(), w.staff, fulfilment.NewSpool{Lot: "K-0", Material: "PLA", Color: "kinari", Grams: 1})
	must(t, err)
	right := fulfilment.Result{Printer: w.manual, BaseSpool: w.baseSpool, TextSpool: w.textSpool}
	cases := map[string]struct {
		change func(*fulfilment.Result)
		want   error
	}{
		"swapped spools": {func(r *fulfilment.Result) { r.BaseSpool, r.TextSpool = r.TextSpool, r.BaseSpool }, fulfilment.ErrWrongColor},
		"no text spool":  {func(r *fulfilment.Result) { r.TextSpool = fulfilment.SpoolID{} }, fulfilment.ErrSpoolNotFound},
		"empty spool":    {func(r *fulfilment.Result) { r.BaseSpool = thin }, fulfilment.ErrSpoolTooLow},
		"no printer":     {func(r *fulfilment.Result) { r.Printer = fulfilment.PrinterID{} }, fulfilment.ErrPrinterNotFound},
	}
	for name, c := range cases {
		result := right
		c.change(&result)
		if _, err := w.Submit(t.Context(), w.aoi, task.ID, result); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	w.exec(`UPDATE printers SET bed_clear = false WHERE id = $1`, w.manual)
	if _, err := w.Submit(t.Context(), w.aoi, task.ID, right); !errors.Is(err, fulfilment.ErrBedNotClear) {
		t.Errorf("a bed nobody cleared: %v", err)
	}
	w.exec(`UPDATE printers SET bed_clear = true, profile = 'petg' WHERE id = $1`, w.manual)
	if _, err := w.Submit(t.Context(), w.aoi, task.ID, right); !errors.Is(err, fulfilment.ErrWrongProfile) {
		t.Errorf("another profile: %v", err)
	}
	w.exec(`UPDATE printers SET profile = $2 WHERE id = $1`, w.manual, plate.Profile)
	w.exec(`UPDATE plates SET text_color = base_color WHERE id = $1`, plate.ID)
	if _, err := w.Submit(t.Context(), w.aoi, task.ID, right); err != nil {
		t.Fatal(err)
	}
	if run, err := w.Run(t.Context(), task.RunID); err != nil || !run.TextSpoolID.IsZero() {
		t.Errorf("a plate of one color takes from a spool it does not need: %s, %v", run.TextSpoolID, err)
	}
}

func TestPlanning(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	first := w.order(2, "はると")
	second := w.order(1, "さくら")
	held := w.order(1, "そら")
	_, err := w.orders.Hold(t.Context(), w.staff, held, "text_query", "")
	must(t, err)
	for i, task := range w.allOpen(fulfilment.OpPrepare) {
		w.take(task, w.aoi)
		_, err := w.Submit(t.Context(), w.aoi, task.ID, fulfilment.Result{})
		must(t, err)
		w.settle() // the second order comes when the draft is already there
		if plates, err := w.Plates(t.Context()); err != nil || len(plates) != 1 {
			t.Fatalf("after %d orders there are %d plates, %v", i+1, len(plates), err)
		}
	}
	task := w.open(fulfilment.OpArrange)
	plate, err := w.Plate(t.Context(), task.PlateID)
	must(t, err)
	if len(plate.Units) != 3 || len(task.Units) != 3 {
		t.Errorf("%d pieces of two orders on the plate, %d in the task", len(plate.Units), len(task.Units))
	}
	if w.states(first)[fulfilment.UnitPlanned] != 2 || w.states(second)[fulfilment.UnitPlanned] != 1 || w.states(held)[fulfilment.UnitOwed] != 1 {
		t.Error("the wrong pieces were planned")
	}
	_, err = w.orders.ReleaseHold(t.Context(), w.staff, held, "text_query")
	must(t, err)
	w.take(task, w.sora)
	must(t, w.ProposePlatesNow(t.Context()))
	plates, err := w.Plates(t.Context())
	must(t, err)
	if len(plates) != 2 || len(plates[0].Units) != 3 || len(plates[1].Units) != 1 {
		t.Errorf("a draft that somebody looks at was changed: %d plates", len(plates))
	}
	w.sound()
}

func TestDissolvePlate(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	order := w.order(1, "はると")
	plate := w.sliced()
	_, err := w.ApprovePlate(t.Context(), w.staff, plate.ID)
	must(t, err)
	_, err = w.DissolvePlate(t.Context(), w.staff, plate.ID)
	must(t, err)
	if got := w.states(order); got[fulfilment.UnitOwed] != 1 || len(w.allOpen(fulfilment.OpSetUp)) > 0 {
		t.Errorf("pieces: %v", got)
	}
	w.settle()
	again := w.sliced()
	if again.ID == plate.ID || again.ArtifactID != plate.ArtifactID {
		// The placement is the same, but the names of the units are, too: the G-code can be used again.
		t.Errorf("artifact %s, before %s", again.ArtifactID, plate.ArtifactID)
	}
	w.printed(again)
	if _, err := w.DissolvePlate(t.Context(), w.staff, again.ID); !errors.Is(err, fulfilment.ErrPlateState) {
		t.Errorf("a plate that was printed: %v", err)
	}
	w.sound()
}

func TestDropOrder(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	kept := w.order(1, "さくら")
	canceled := w.order(2, "はると")
	w.setUp(w.sliced(), w.manual)
	_, err := w.orders.CancelByCustomer(t.Context(), w.link)
	must(t, err)
	w.settle()
	if got := w.states(canceled); got[fulfilment.UnitScrapped] != 2 {
		t.Errorf("pieces of the canceled order: %v", got)
	}
	plate, err := w.Plate(t.Context(), w.open(fulfilment.OpArrange).PlateID)
	must(t, err)
	if got := w.states(kept); got[fulfilment.UnitPlanned] != 1 || len(plate.Units) != 1 {
		t.Errorf("pieces of the other order: %v, %d on the new plate", got, len(plate.Units))
	}
	printers, err := w.Printers(t.Context())
	must(t, err)
	if printers[0].Run != nil || !printers[0].BedClear {
		t.Errorf("the printer is still set up: %+v", printers[0])
	}
	must(t, w.DropOrder(t.Context(), orders.OrderCanceled{OrderID: canceled}))
	w.sound()
}

func TestTaskView_holds_nothing_of_a_customer(t *testing.T) {
	t.Parallel()
	var fields []string
	collectFields(reflect.TypeFor[fulfilment.TaskView](), &fields)
	for _, field := range fields {
		for _, word := range []string{"order", "customer", "contact", "address", "email", "phone", "price", "yen", "due", "deadline", "line"} {
			if strings.Contains(strings.ToLower(field), word) {
				t.Errorf("a tablet would see %s", field)
			}
		}
	}
	if len(fields) < 20 {
		t.Errorf("only %d fields were looked at", len(fields))
	}
	w := newWorkshop(t)
	order := w.order(1, "はると")
	w.printed(w.sliced())
	view := w.take(w.open(fulfilment.OpSort), w.aoi)
	said, err := json.Marshal(view)
	must(t, err)
	for _, secret := range []string{"神田", "haru@example.jp", "札幌", "1100", order.String()} {
		if strings.Contains(string(said), secret) {
			t.Errorf("%s stands in %s", secret, said)
		}
	}
}

func collectFields(of reflect.Type, into *[]string) {
	for of.Kind() == reflect.Slice || of.Kind() == reflect.Pointer {
		of = of.Elem()
	}
	if of.Kind() != reflect.Struct {
		return
	}
	for field := range of.Fields() {
		*into = append(*into, field.Name)
		collectFields(field.Type, into)
	}
}

func TestPlateMap(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	w.order(2, "はると")
	plate := w.sliced()
	svg, err := w.PlateMapSVG(t.Context(), plate.ID)
	must(t, err)
	decoder := xml.NewDecoder(strings.NewReader(svg))
	groups := 0
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		must(t, err)
		if start, ok := token.(xml.StartElement); ok && start.Name.Local == "g" {
			groups++
		}
	}
	if groups != 2 || !strings.Contains(svg, `aria-label="`+plate.Units[0].Code) || strings.Contains(svg, "はると") {
		t.Errorf("%d pieces in %s", groups, svg)
	}
}

func TestTracing(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	order := w.sorted(1)
	w.do(fulfilment.OpFinish, w.aoi, fulfilment.Result{})
	w.judge(fulfilment.OpInspect, w.sora, fulfilment.VerdictOK)
	units, err := w.UnitsOfOrder(t.Context(), order)
	must(t, err)
	trace, err := w.Tracing(t.Context(), units[0].ID)
	must(t, err)
	if trace.Design.Text != "はると" || len(trace.Prints) != 1 || len(trace.Moves) != 8 {
		t.Fatalf("design %s, %d prints, %d moves", trace.Design.Text, len(trace.Prints), len(trace.Moves))
	}
	print := trace.Prints[0]
	if print.Printer != "1号機" || print.BaseLot != "K-1" || print.TextLot != "S-1" || len(print.GCode()) != 64 || print.SlicerVersion == "" {
		t.Errorf("print %+v", print)
	}
	var steps []string
	for _, step := range trace.Steps {
		steps = append(steps, string(step.Operation)+" "+step.Nickname)
	}
	want := []string{"prepare あおい", "arrange あおい", "slice そら", "set_up あおい", "start あおい", "swap そら", "remove あおい", "sort そら", "finish あおい", "inspect そら"}
	if !slices.Equal(steps, want) {
		t.Errorf("steps %q", steps)
	}
}

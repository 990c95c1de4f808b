package virtual_test

import (
	"errors"
	"testing"
	"time"

	"tsukuriba/fulfilment"
	"tsukuriba/fulfilment/printer/manual"
	"tsukuriba/fulfilment/printer/virtual"
)

var (
	machine = fulfilment.Machine{}
	file    = fulfilment.JobFile{Name: "a.gcode", Content: []byte("G28"), PrintSeconds: 600, SwapAfterSeconds: 400}
)

// bench is a virtual printer that runs ten times as fast as a clock in the test's hands.
type bench struct {
	*virtual.Printer
	t   *testing.T
	now time.Time
}

func newBench(t *testing.T) *bench {
	b := &bench{t: t, now: time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)}
	b.Printer = virtual.New(10, func() time.Time { return b.now })
	if err := b.Put(t.Context(), machine, file); err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *bench) start() {
	b.t.Helper()
	if err := b.Start(b.t.Context(), machine, file.Name); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) expect(after time.Duration, state fulfilment.MachineState, progress float64) {
	b.t.Helper()
	b.now = b.now.Add(after)
	seen, err := b.Observe(b.t.Context(), machine)
	if err != nil || seen.State != state || seen.Progress < progress-0.001 || seen.Progress > progress+0.001 {
		b.t.Fatalf("saw %s at %.3f, %v; want %s at %.3f", seen.State, seen.Progress, err, state, progress)
	}
}

func TestPrint(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.expect(0, fulfilment.MachineIdle, 0)
	b.start()
	b.expect(20*time.Second, fulfilment.MachinePrinting, 1.0/3)
	if err := b.Start(t.Context(), machine, file.Name); !errors.Is(err, fulfilment.ErrPrinterBusy) {
		t.Errorf("two prints at once: %v", err)
	}
	b.expect(time.Hour, fulfilment.MachinePaused, 2.0/3)
	if err := b.Resume(t.Context(), machine, file.Name); err != nil {
		t.Fatal(err)
	}
	b.expect(10*time.Second, fulfilment.MachinePrinting, 5.0/6)
	if err := b.Resume(t.Context(), machine, file.Name); err != nil {
		t.Errorf("resumed twice: %v", err)
	}
	b.expect(10*time.Second, fulfilment.MachineFinished, 1)
	b.start()
	b.expect(0, fulfilment.MachinePrinting, 0)
}

func TestCancel(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.start()
	b.expect(15*time.Second, fulfilment.MachinePrinting, 0.25)
	if err := b.Cancel(t.Context(), machine, "b.gcode"); err != nil {
		t.Fatal(err)
	}
	b.expect(0, fulfilment.MachinePrinting, 0.25)
	if err := b.Cancel(t.Context(), machine, file.Name); err != nil {
		t.Fatal(err)
	}
	b.expect(time.Hour, fulfilment.MachineCanceled, 0.25)
}

func TestStart_of_a_file_it_was_not_given(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	if err := b.Start(t.Context(), machine, "b.gcode"); !errors.Is(err, fulfilment.ErrPrinterFileMissing) {
		t.Errorf("started: %v", err)
	}
}

func TestManual_pretends_nothing(t *testing.T) {
	t.Parallel()
	printer := manual.New()
	if printer.Capabilities() != (fulfilment.Capabilities{}) {
		t.Errorf("capabilities %+v", printer.Capabilities())
	}
	for name, err := range map[string]error{
		"put": printer.Put(t.Context(), machine, file), "start": printer.Start(t.Context(), machine, file.Name),
		"resume": printer.Resume(t.Context(), machine, file.Name), "cancel": printer.Cancel(t.Context(), machine, file.Name),
	} {
		if !errors.Is(err, fulfilment.ErrPrinterManual) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := printer.Observe(t.Context(), machine); !errors.Is(err, fulfilment.ErrPrinterManual) {
		t.Errorf("observed: %v", err)
	}
	if err := printer.Probe(t.Context(), machine); err != nil {
		t.Errorf("not within reach: %v", err)
	}
}

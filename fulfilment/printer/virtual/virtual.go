// Package virtual is a printer of air, for demonstrations: it takes real G-code and shows what a
// printer would show, by a clock that may run faster. It waits at the color swap as a printer
// does, and when the program ends it forgets what it was doing, as a printer without power does.
// It refuses to print two things at once and files that it was not given.
package virtual

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"time"

	"tsukuriba/fulfilment"
)

// Printer is the adapter of all virtual printers. It is safe for concurrent use.
type Printer struct {
	now    func() time.Time
	factor float64

	mu       sync.Mutex
	machines map[fulfilment.PrinterID]*machine
}

var _ fulfilment.Printer = (*Printer)(nil)

// New returns printers that need the time of the G-code divided by factor.
func New(factor float64, now func() time.Time) *Printer {
	return &Printer{now: now, factor: factor, machines: map[fulfilment.PrinterID]*machine{}}
}

// machine is one printer: the files it has and what it is doing.
type machine struct {
	files    map[string]fulfilment.JobFile
	file     fulfilment.JobFile // the one it prints or printed last
	since    time.Time          // when it began to move, at first or again
	printed  time.Duration      // before since, by the time of the G-code
	swapped  bool
	canceled bool
}

// Capabilities are all there are.
func (p *Printer) Capabilities() fulfilment.Capabilities {
	return fulfilment.Capabilities{Uploads: true, Starts: true, Observes: true, Cancels: true}
}

// Probe succeeds.
func (p *Printer) Probe(context.Context, fulfilment.Machine) error { return nil }

// Put keeps the file in memory.
func (p *Printer) Put(_ context.Context, on fulfilment.Machine, file fulfilment.JobFile) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	m := p.machine(on)
	if p.busy(m) && m.file.Name == file.Name && !bytes.Equal(m.file.Content, file.Content) {
		return fmt.Errorf("%w: it prints another %s", fulfilment.ErrPrinterBusy, file.Name)
	}
	m.files[file.Name] = file
	return nil
}

// Start begins to print.
func (p *Printer) Start(_ context.Context, on fulfilment.Machine, name string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	m := p.machine(on)
	file, found := m.files[name]
	if !found {
		return fmt.Errorf("%w: %s", fulfilment.ErrPrinterFileMissing, name)
	}
	if p.busy(m) {
		return fulfilment.ErrPrinterBusy
	}
	*m = machine{files: m.files, file: file, since: p.now()}
	return nil
}

// Observe tells what the printer shows.
func (p *Printer) Observe(_ context.Context, on fulfilment.Machine) (fulfilment.Observation, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.observe(p.machine(on)), nil
}

// Resume goes on after the color swap. A printer that does not wait for it goes on as it was.
func (p *Printer) Resume(_ context.Context, on fulfilment.Machine, name string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	m := p.machine(on)
	if m.file.Name != name {
		return fmt.Errorf("%w: %s", fulfilment.ErrPrinterFileMissing, name)
	}
	if p.observe(m).AtSwap {
		m.swapped, m.printed, m.since = true, swapAt(m.file), p.now()
	}
	return nil
}

// Cancel stops the file of that name if it is being printed.
func (p *Printer) Cancel(_ context.Context, on fulfilment.Machine, name string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if m := p.machine(on); m.file.Name == name && p.busy(m) {
		m.printed, m.since, m.canceled = p.progress(m), p.now(), true
	}
	return nil
}

func (p *Printer) machine(on fulfilment.Machine) *machine {
	m, found := p.machines[on.ID]
	if !found {
		m = &machine{files: map[string]fulfilment.JobFile{}}
		p.machines[on.ID] = m
	}
	return m
}

func (p *Printer) busy(m *machine) bool {
	state := p.observe(m).State
	return state == fulfilment.MachinePrinting || state == fulfilment.MachinePaused
}

func (p *Printer) observe(m *machine) fulfilment.Observation {
	seen := fulfilment.Observation{State: fulfilment.MachineIdle, File: m.file.Name, At: p.now()}
	if m.file.Name == "" {
		return seen
	}
	total := time.Duration(m.file.PrintSeconds) * time.Second
	done := p.progress(m)
	seen.Progress = min(done.Seconds()/max(total.Seconds(), 1), 1)
	switch {
	case m.canceled:
		seen.State = fulfilment.MachineCanceled
	case swapAt(m.file) > 0 && !m.swapped && done >= swapAt(m.file):
		seen.State, seen.AtSwap = fulfilment.MachinePaused, true
	case done >= total:
		seen.State = fulfilment.MachineFinished
	default:
		seen.State = fulfilment.MachinePrinting
	}
	return seen
}

// progress is how far the file is, by the time of the G-code.
func (p *Printer) progress(m *machine) time.Duration {
	if m.canceled {
		return m.printed
	}
	done := m.printed + time.Duration(float64(p.now().Sub(m.since))*p.factor)
	if swap := swapAt(m.file); swap > 0 && !m.swapped {
		return min(done, swap)
	}
	return done
}

func swapAt(file fulfilment.JobFile) time.Duration {
	return time.Duration(file.SwapAfterSeconds) * time.Second
}

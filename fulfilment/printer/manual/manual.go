// Package manual is the printer that is worked by hand: the G-code goes there on a card, people
// press its buttons and say what they see. It is a printer like any other, whose every step is a
// task; it observes nothing and refuses to pretend that it does.
package manual

import (
	"context"

	"tsukuriba/fulfilment"
)

// Printer is the adapter of all printers worked by hand. It has no state.
type Printer struct{}

var _ fulfilment.Printer = Printer{}

// New returns the adapter.
func New() Printer { return Printer{} }

// Capabilities are none.
func (Printer) Capabilities() fulfilment.Capabilities { return fulfilment.Capabilities{} }

// Probe succeeds: a person is always within reach.
func (Printer) Probe(context.Context, fulfilment.Machine) error { return nil }

// Put refuses with ErrPrinterManual, as all that follows: a person does it.
func (Printer) Put(context.Context, fulfilment.Machine, fulfilment.JobFile) error {
	return fulfilment.ErrPrinterManual
}

// Start refuses.
func (Printer) Start(context.Context, fulfilment.Machine, string) error {
	return fulfilment.ErrPrinterManual
}

// Observe refuses.
func (Printer) Observe(context.Context, fulfilment.Machine) (fulfilment.Observation, error) {
	return fulfilment.Observation{}, fulfilment.ErrPrinterManual
}

// Resume refuses.
func (Printer) Resume(context.Context, fulfilment.Machine, string) error {
	return fulfilment.ErrPrinterManual
}

// Cancel refuses.
func (Printer) Cancel(context.Context, fulfilment.Machine, string) error {
	return fulfilment.ErrPrinterManual
}

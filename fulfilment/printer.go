package fulfilment

import (
	"context"
	"encoding/json"
	"errors"
	"time"
)

// Printer talks to one kind of printer; fulfilment/printer holds the adapters. An adapter only
// carries orders out and observes. What an observation means is decided by Run.observe alone.
//
// Every method may block on the network and is never called inside a transaction.
type Printer interface {
	Capabilities() Capabilities
	// Probe says whether the printer can be reached now.
	Probe(ctx context.Context, machine Machine) error
	// Put brings a file to the printer. The same name with the same content is a success.
	Put(ctx context.Context, machine Machine, file JobFile) error
	// Start begins to print a file that was put. ErrPrinterAmbiguous leaves open whether it did.
	Start(ctx context.Context, machine Machine, name string) error
	// Observe tells what the printer shows now.
	Observe(ctx context.Context, machine Machine) (Observation, error)
	// Resume goes on after the color was changed.
	Resume(ctx context.Context, machine Machine, name string) error
	// Cancel stops the file of that name, and nothing else.
	Cancel(ctx context.Context, machine Machine, name string) error
}

// Capabilities is what an adapter can do without a person. A manual printer has none.
type Capabilities struct {
	Uploads  bool // Put
	Starts   bool // Start and Resume
	Observes bool // Observe
	Cancels  bool // Cancel
}

// Machine is one printer as an adapter needs it: its id and the settings staff gave it.
type Machine struct {
	ID       PrinterID
	Settings json.RawMessage
}

// JobFile is verified G-code under the unique ASCII name of one attempt.
type JobFile struct {
	Name             string
	Content          []byte
	PrintSeconds     int
	SwapAfterSeconds int // 0 without a swap
}

// Why a printer does not do as asked.
var (
	ErrPrinterBusy        = errors.New("the printer is busy")
	ErrPrinterOffline     = errors.New("the printer cannot be reached")
	ErrPrinterFileMissing = errors.New("the printer does not have the file")
	ErrPrinterAmbiguous   = errors.New("it is not known whether the printer took the order")
	ErrPrinterManual      = errors.New("the printer is worked by hand")
)

// MachineState is what a printer shows.
type MachineState string

// The states a printer shows. Finished, failed and canceled may persist until the next start.
const (
	MachineIdle     MachineState = "idle"
	MachinePrinting MachineState = "printing"
	MachinePaused   MachineState = "paused"
	MachineFinished MachineState = "finished"
	MachineFailed   MachineState = "failed"
	MachineCanceled MachineState = "canceled"
	MachineOffline  MachineState = "offline"
)

// Observation is what a printer showed at a moment, without interpretation. File is "" when it
// shows none; Progress is from 0 to 1.
type Observation struct {
	State    MachineState
	File     string
	Progress float64
	AtSwap   bool // paused at a filament change
	At       time.Time
}

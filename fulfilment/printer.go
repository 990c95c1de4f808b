package fulfilment

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"tsukuriba/internal/audit"
	"tsukuriba/internal/id"
	"tsukuriba/internal/postgres"
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

// PrinterStatus is a printer with what it is doing. Only a person makes BedClear true again.
type PrinterStatus struct {
	ID       PrinterID       `db:"id"`
	Name     string          `db:"name"`
	Adapter  string          `db:"adapter"`
	Settings json.RawMessage `db:"settings"`
	Profile  string          `db:"profile"`
	BedClear bool            `db:"bed_clear"`
	Enabled  bool            `db:"enabled"`

	Run *Run `db:"-"` // the run that occupies it, or nil
}

const selectPrinters = `
		SELECT id, name, adapter, settings, profile, bed_clear, enabled
		FROM printers`

// Printers returns all printers in the order staff gave them.
func (s *Service) Printers(ctx context.Context) ([]PrinterStatus, error) {
	var printers []PrinterStatus
	err := s.db.SelectContext(ctx, &printers, selectPrinters+`
		ORDER BY position, name`)
	if err != nil {
		return nil, fmt.Errorf("read printers: %w", err)
	}
	runs, err := s.Runs(ctx)
	if err != nil {
		return nil, err
	}
	for i := range printers {
		for _, run := range runs {
			if run.PrinterID == printers[i].ID && run.live() {
				printers[i].Run = &run
			}
		}
	}
	return printers, nil
}

func lockPrinter(ctx context.Context, tx *sqlx.Tx, printerID PrinterID) (PrinterStatus, error) {
	return onePrinter(ctx, tx, selectPrinters+`
		WHERE id = $1
		FOR UPDATE`, printerID)
}

func onePrinter(ctx context.Context, q sqlx.QueryerContext, query string, printerID PrinterID) (PrinterStatus, error) {
	var printers []PrinterStatus
	if err := sqlx.SelectContext(ctx, q, &printers, query, printerID); err != nil {
		return PrinterStatus{}, fmt.Errorf("read printer: %w", err)
	}
	if len(printers) == 0 {
		return PrinterStatus{}, fmt.Errorf("%w: %s", ErrPrinterNotFound, printerID)
	}
	return printers[0], nil
}

func setBed(ctx context.Context, tx *sqlx.Tx, printerID PrinterID, isClear bool) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE printers
		SET bed_clear = $2
		WHERE id = $1`, printerID, isClear)
	if err != nil {
		return fmt.Errorf("note the bed of printer %s: %w", printerID, err)
	}
	return nil
}

// capabilities of a printer whose adapter is not installed are none: it is worked by hand.
func (s *Service) capabilities(printer PrinterStatus) Capabilities {
	if adapter, found := s.printers[printer.Adapter]; found {
		return adapter.Capabilities()
	}
	return Capabilities{}
}

// adapterOf returns ErrPrinterManual where no adapter is installed.
func (s *Service) adapterOf(ctx context.Context, printerID PrinterID) (Printer, Machine, error) {
	printer, err := onePrinter(ctx, s.db, selectPrinters+`
		WHERE id = $1`, printerID)
	if err != nil {
		return nil, Machine{}, err
	}
	adapter, found := s.printers[printer.Adapter]
	if !found {
		return nil, Machine{}, fmt.Errorf("%w: no adapter %s", ErrPrinterManual, printer.Adapter)
	}
	return adapter, Machine{ID: printer.ID, Settings: printer.Settings}, nil
}

// NewPrinter describes a printer to add. Settings belong to its adapter and may be empty.
type NewPrinter struct {
	Name     string
	Adapter  string
	Settings json.RawMessage
	Profile  string // "" for the house profile
}

// AddPrinter adds a printer with a clear bed.
func (s *Service) AddPrinter(ctx context.Context, by audit.Actor, wanted NewPrinter) (PrinterID, error) {
	printerID := id.New[printerKind]()
	if wanted.Profile == "" {
		wanted.Profile = houseProfile
	}
	if len(wanted.Settings) == 0 {
		wanted.Settings = json.RawMessage(`{}`)
	}
	err := postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO printers (id, name, adapter, settings, profile, position)
			SELECT $1, $2, $3, $4, $5, count(*) + 1
			FROM printers`, printerID, wanted.Name, wanted.Adapter, string(wanted.Settings), wanted.Profile)
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: by, Action: "printer.added", Subject: printerID.String()})
	})
	if err != nil {
		return PrinterID{}, fmt.Errorf("add printer %s: %w", wanted.Name, err)
	}
	return printerID, nil
}

package fulfilment

import "time"

// RunState is where one attempt to print a plate stands.
type RunState string

// The states of a print run. Accounted and dropped are final; every state that may have touched
// the bed leads to cleared, which only a person can say.
const (
	RunReady              RunState = "ready"
	RunClaimed            RunState = "claimed"
	RunUploaded           RunState = "uploaded"
	RunStartSent          RunState = "start_sent"
	RunStartUnconfirmed   RunState = "start_unconfirmed"
	RunPrinting           RunState = "printing"
	RunPaused             RunState = "paused"
	RunFinishedUnverified RunState = "finished_unverified"
	RunFailed             RunState = "failed"
	RunCanceled           RunState = "canceled"
	RunUnknown            RunState = "unknown"
	RunCleared            RunState = "cleared"
	RunAccounted          RunState = "accounted"
	RunDropped            RunState = "dropped" // its plate was dissolved before a printer was chosen
)

// PauseReason says why a run stands still. None of them is a fault.
type PauseReason string

// The reasons for a pause.
const (
	PauseUser      PauseReason = "user"
	PauseSwap      PauseReason = "swap"
	PauseAttention PauseReason = "attention"
)

// Outcome is what a person saw on the bed.
type Outcome string

// The outcomes. NotStarted means that nothing was printed.
const (
	OutcomeDone       Outcome = "done"
	OutcomeFailed     Outcome = "failed"
	OutcomeCanceled   Outcome = "canceled"
	OutcomeNotStarted Outcome = "not_started"
)

// Run is one attempt to print a plate on a printer.
type Run struct {
	ID          RunID       `db:"id"`
	PlateID     PlateID     `db:"plate_id"`
	Attempt     int         `db:"attempt"`
	PrinterID   PrinterID   `db:"printer_id"` // zero before one was chosen
	ArtifactID  ArtifactID  `db:"artifact_id"`
	BaseSpoolID SpoolID     `db:"base_spool_id"`
	TextSpoolID SpoolID     `db:"text_spool_id"`
	State       RunState    `db:"state"`
	PauseReason PauseReason `db:"pause_reason"`
	Version     int         `db:"version"`
	FileName    string      `db:"file_name"`
	Starts      int         `db:"starts"` // how often the printer was told to start
	Progress    float64     `db:"progress"`
	Outcome     Outcome     `db:"outcome"`
	SentAt      *time.Time  `db:"sent_at"` // when the last start was sent
	SwappedAt   *time.Time  `db:"swapped_at"`
	StartedAt   *time.Time  `db:"started_at"`
	EndedAt     *time.Time  `db:"ended_at"`
	ClearedBy   string      `db:"cleared_by"`
	ClearedAt   *time.Time  `db:"cleared_at"`
	CreatedAt   time.Time   `db:"created_at"`
}

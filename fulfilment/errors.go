package fulfilment

import "errors"

// Why a use case of making says no.
var (
	ErrTaskNotFound    = errors.New("there is no such task")
	ErrUnitNotFound    = errors.New("there is no such piece")
	ErrPlateNotFound   = errors.New("there is no such plate")
	ErrRunNotFound     = errors.New("there is no such print run")
	ErrPrinterNotFound = errors.New("there is no such printer")
	ErrSpoolNotFound   = errors.New("there is no such spool")
	ErrRoutingNotFound = errors.New("there is no such routing")

	ErrNotYourTask   = errors.New("the task was taken by somebody else or by nobody")
	ErrTaskState     = errors.New("the task is not in a state that allows this")
	ErrBusy          = errors.New("the member already has a task under way")
	ErrCannotUndo    = errors.New("what followed cannot be taken back")
	ErrOwnWork       = errors.New("nobody checks what they finished themselves")
	ErrWrongCode     = errors.New("the code is not the one of this piece")
	ErrPieces        = errors.New("each piece of the task needs exactly one result")
	ErrReworkedTwice = errors.New("the piece was reworked twice already: it is made anew")
	ErrNotSliced     = errors.New("the plate has not been sliced yet")
	ErrOutcome       = errors.New("the outcome is one of done, failed, not_started")

	ErrUnitState       = errors.New("the piece is not in a state that allows this")
	ErrPlateState      = errors.New("the plate is not in a state that allows this")
	ErrRunState        = errors.New("the print run is not in a state that allows this")
	ErrBedNotClear     = errors.New("the bed of the printer has not been cleared")
	ErrPrinterTaken    = errors.New("the printer has another run, or is switched off")
	ErrWrongProfile    = errors.New("the printer is set up for another profile than the plate")
	ErrWrongColor      = errors.New("the spool has another color than the plate")
	ErrSpoolTooLow     = errors.New("there is not enough left on the spool")
	ErrArtifactChanged = errors.New("the G-code is not the one that was verified")
	ErrStale           = errors.New("it was changed by somebody else in between")
)

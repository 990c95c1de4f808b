package fulfilment

import "tsukuriba/internal/id"

type (
	staffKind    struct{}
	memberKind   struct{}
	tabletKind   struct{}
	unitKind     struct{}
	plateKind    struct{}
	artifactKind struct{}
	printerKind  struct{}
	spoolKind    struct{}
	runKind      struct{}
	taskKind     struct{}
	offerKind    struct{}
	sessionKind  struct{}
)

func (staffKind) Prefix() string    { return "stf" }
func (memberKind) Prefix() string   { return "mem" }
func (tabletKind) Prefix() string   { return "tab" }
func (unitKind) Prefix() string     { return "unt" }
func (plateKind) Prefix() string    { return "plt" }
func (artifactKind) Prefix() string { return "art" }
func (printerKind) Prefix() string  { return "prn" }
func (spoolKind) Prefix() string    { return "spl" }
func (runKind) Prefix() string      { return "run" }
func (taskKind) Prefix() string     { return "tsk" }
func (offerKind) Prefix() string    { return "off" }
func (sessionKind) Prefix() string  { return "ses" }

// The ids of people, things and work in the workshop.
type (
	StaffID    = id.ID[staffKind]
	MemberID   = id.ID[memberKind]
	TabletID   = id.ID[tabletKind]
	UnitID     = id.ID[unitKind]
	PlateID    = id.ID[plateKind]
	ArtifactID = id.ID[artifactKind]
	PrinterID  = id.ID[printerKind]
	SpoolID    = id.ID[spoolKind]
	RunID      = id.ID[runKind]
	TaskID     = id.ID[taskKind]
	OfferID    = id.ID[offerKind]
)

package fulfilment

import "time"

// Spool is a lot of filament with what is left of it by the weight ledger.
type Spool struct {
	ID        SpoolID    `db:"id"`
	Lot       string     `db:"lot"`
	Material  string     `db:"material"`
	Color     string     `db:"color"` // key of the color
	ColorName string     `db:"color_name"`
	LeftG     float64    `db:"left_g"`
	EmptiedAt *time.Time `db:"emptied_at"`
}

// lowSpoolG is what a plate of tags takes at most; below it somebody should have a new spool ready.
const lowSpoolG = 150

// Low says that the spool may not last for another plate.
func (s Spool) Low() bool { return s.EmptiedAt == nil && s.LeftG < lowSpoolG }

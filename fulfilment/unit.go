package fulfilment

import (
	"time"

	"tsukuriba/catalog"
	"tsukuriba/orders"
)

// UnitState is where one piece stands.
type UnitState string

// The states of a piece. Shipped and scrapped are final; a scrapped piece is owed anew.
const (
	UnitOwed      UnitState = "owed"
	UnitPlanned   UnitState = "planned"
	UnitPrinting  UnitState = "printing"
	UnitPrinted   UnitState = "printed"
	UnitFinishing UnitState = "finishing"
	UnitInQC      UnitState = "in_qc"
	UnitGood      UnitState = "good"
	UnitPacked    UnitState = "packed"
	UnitShipped   UnitState = "shipped"
	UnitScrapped  UnitState = "scrapped"
)

// Unit is one physical piece. Code is short and readable, such as K7-3F, and stands on the plate
// map and the bag. LineID is zero for pieces made for practice or stock.
type Unit struct {
	ID             UnitID           `db:"id"`
	Code           string           `db:"code"`
	LineID         orders.LineID    `db:"order_line_id"`
	OrderID        orders.OrderID   `db:"order_id"`
	DesignID       catalog.DesignID `db:"design_id"`
	Ordinal        int              `db:"ordinal"`
	Routing        string           `db:"routing"`
	RoutingVersion int              `db:"routing_version"`
	State          UnitState        `db:"state"`
	Version        int              `db:"version"`
	PreparedAt     *time.Time       `db:"prepared_at"`
	ReworkCount    int              `db:"rework_count"`
	Replaces       UnitID           `db:"replaces"`
	FinishedBy     MemberID         `db:"finished_by"`
	PassedBy       MemberID         `db:"passed_by"`
}

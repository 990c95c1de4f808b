// Package fulfilment makes what was ordered: pieces, plates, print runs, the work of members on
// them, and the people themselves. Work is proposed and taken, never forced on anyone.
//
// It refuses to start a piece whose order is not approved, paid and free of holds; to print
// G-code that nobody verified and approved; to start a printer whose bed no person has cleared;
// and to call a piece good on the word of the one who finished it. What it shows to members
// never holds anything of a customer.
package fulfilment

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"tsukuriba/catalog"
	"tsukuriba/internal/audit"
	"tsukuriba/internal/blob"
	"tsukuriba/internal/jobs"
	"tsukuriba/internal/seal"
	"tsukuriba/orders"
)

// Config is what a Service needs; all of it. Printers are the adapters by the name that
// printers.adapter gives them.
type Config struct {
	DB       *sqlx.DB
	Catalog  *catalog.Service
	Orders   *orders.Service
	Forecast *Forecast
	Announce orders.Announcer
	Blobs    *blob.Store
	Slicer   Slicer
	Printers map[string]Printer
	Seal     *seal.Box
	Now      func() time.Time
}

// Service holds the use cases of making. It is safe for concurrent use.
type Service struct {
	db       *sqlx.DB
	catalog  *catalog.Service
	orders   *orders.Service
	forecast *Forecast
	announce func(ctx context.Context, tx *sqlx.Tx, event jobs.Event) error
	blobs    *blob.Store
	slicer   Slicer
	printers map[string]Printer
	seal     *seal.Box
	now      func() time.Time
}

// New returns the workshop in a migrated database. It connects to nothing by itself.
func New(config Config) *Service {
	return &Service{
		db: config.DB, catalog: config.Catalog, orders: config.Orders, forecast: config.Forecast, announce: config.Announce.Announce,
		blobs: config.Blobs, slicer: config.Slicer, printers: config.Printers, seal: config.Seal, now: config.Now,
	}
}

// systemActor is who acts when a job or a printer causes a change.
var systemActor = audit.Actor{Role: audit.System}

func memberActor(member MemberID) audit.Actor {
	return audit.Actor{Role: audit.Member, ID: member.String()}
}

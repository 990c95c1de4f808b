// Package orders takes a cart to a settled order: prices and taxes frozen at the legal
// confirmation, the machines of order, payment, refund and shipment, and the ledger of every
// yen that moved.
//
// A use case locks the order, lets a pure rule decide, saves, and announces what happened, all
// in one transaction. The payment provider and the mail server are reached outside of it, by
// jobs that may run twice: what a call does is planned in stripe_calls first, what it did
// is recorded once in money_ledger.
//
// It refuses amounts from requests, orders whose payment disagrees with them, and any way to
// approved that lacks an approved text or captured money.
package orders

import (
	"context"
	"sync"
	"time"

	"github.com/jmoiron/sqlx"

	"tsukuriba/catalog"
	"tsukuriba/internal/jobs"
	"tsukuriba/internal/mail"
	"tsukuriba/internal/postgres"
	"tsukuriba/internal/seal"
)

// Announcer puts an event into the transaction in which it happened, or beside the statements by
// which it does; jobs.Bus is one.
type Announcer interface {
	Announce(ctx context.Context, tx *sqlx.Tx, event jobs.Event) error
	AnnounceWith(batch *postgres.Batch, event jobs.Event) error
	AnnounceIf(ctx context.Context, db sqlx.ExtContext, event jobs.Event, statement string, args ...any) error
}

// Mailer sends one mail. An error means that the mail was not accepted.
type Mailer interface {
	Send(ctx context.Context, message mail.Message) error
}

// Config is what orders stands on. Archive and Typesetter are for documents. Workshop is the name
// that customers know; who sells, by law, is data (see [Seller]). PublicURL is the shop's address
// without a slash at its end.
type Config struct {
	DB         *sqlx.DB
	Catalog    *catalog.Service
	Gateway    Gateway
	Announce   Announcer
	Mailer     Mailer
	Archive    Archive
	Typesetter Typesetter
	Seal       *seal.Box
	Now        func() time.Time
	PublicURL  string
	Workshop   string
	Promiser   Promiser
}

// Service is the use cases of orders. It may be used by many goroutines at once.
type Service struct {
	db         *sqlx.DB
	catalog    *catalog.Service
	gateway    Gateway
	bus        Announcer
	mailer     Mailer
	archive    Archive
	typesetter Typesetter
	seal       *seal.Box
	now        func() time.Time
	publicURL  string
	workshop   string
	promiser   Promiser
	sellers    sellerMemory
	turns      [256]sync.Mutex // see ProcessEvent; by the last byte of a payment's id, which is random
}

// New joins the parts. It talks to nothing yet.
func New(config Config) *Service {
	s := &Service{
		db: config.DB, catalog: config.Catalog, gateway: config.Gateway, bus: config.Announce, mailer: config.Mailer,
		archive: config.Archive, typesetter: config.Typesetter,
		seal: config.Seal, now: config.Now, publicURL: config.PublicURL, workshop: config.Workshop, promiser: config.Promiser,
	}
	if s.now == nil {
		s.now = time.Now
	}
	return s
}

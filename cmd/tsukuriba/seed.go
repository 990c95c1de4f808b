package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/jmoiron/sqlx"

	"tsukuriba/fulfilment"
	"tsukuriba/internal/audit"
	"tsukuriba/internal/postgres"
	"tsukuriba/orders"
)

var errNotEmpty = errors.New("the database is in use already: the demo workshop goes into an empty one only")

// SeedCmd fills an empty database with the demo workshop.
type SeedCmd struct {
	StandIn string `help:"State file of a Stripe stand-in that is not running; without it the demo has no past orders, as nobody paid for them." placeholder:"FILE"`
}

// Run refuses a database in which anything is.
func (cmd *SeedCmd) Run() error {
	ctx, stop := untilInterrupted()
	defer stop()
	config, err := readConfig()
	if err != nil {
		return err
	}
	w, err := assemble(ctx, config)
	if err != nil {
		return err
	}
	empty, err := w.isEmpty(ctx)
	if err == nil && !empty {
		err = errNotEmpty
	}
	if err == nil {
		err = seed(ctx, w, cmd.StandIn, os.Stdout)
	}
	return errors.Join(err, w.close())
}

// isEmpty says that nobody works here and nothing is sold or ordered.
func (w *workshop) isEmpty(ctx context.Context) (empty bool, err error) {
	err = w.db.GetContext(ctx, &empty, `
		SELECT NOT EXISTS (SELECT FROM staff)
		   AND NOT EXISTS (SELECT FROM members)
		   AND NOT EXISTS (SELECT FROM products)
		   AND NOT EXISTS (SELECT FROM orders)`)
	if err != nil {
		return false, fmt.Errorf("look whether the database is empty: %w", err)
	}
	return empty, nil
}

// seed fills a workshop in which nobody works yet, and leaves any other one alone; one that was
// cut off is filled up with what it lacks. standIn is the state file of the Stripe stand-in, which
// no other process has open: the payments of past orders are made there. It may be "" and is then
// a workshop without a past.
func seed(ctx context.Context, w *workshop, standIn string, out io.Writer) error {
	if due, err := w.seedIsDue(ctx); err != nil || !due {
		return err
	}
	fmt.Fprintln(out, "Demo workshop …")
	began := time.Now()
	if err := w.note(ctx, seedBegun); err != nil {
		return err
	}
	if err := errors.Join(w.catalog.SeedDemo(ctx), w.seedDownload(ctx)); err != nil {
		return err
	}
	p, err := newPast(w, standIn)
	if err != nil {
		return err
	}
	if err := errors.Join(p.fill(ctx, out), p.stampEntries(context.WithoutCancel(ctx)), p.close()); err != nil {
		return fmt.Errorf("make the demo workshop: %w", err)
	}
	fmt.Fprintf(out, "  ready after %.1f s\n", time.Since(began).Seconds())
	return w.note(ctx, seedFinished)
}

// What the audit log says of the demo workshop.
const (
	seedBegun    = "demo.begun"
	seedFinished = "demo.finished"
)

// seedIsDue says that nobody works here, or that an earlier seed did not come to its end.
func (w *workshop) seedIsDue(ctx context.Context) (due bool, err error) {
	err = w.db.GetContext(ctx, &due, `
		SELECT NOT EXISTS (SELECT FROM audit_entries WHERE action = $2 AND subject = 'demo')
		   AND (NOT EXISTS (SELECT FROM staff)
		        OR EXISTS (SELECT FROM audit_entries WHERE action = $1 AND subject = 'demo'))`, seedBegun, seedFinished)
	if err != nil {
		return false, fmt.Errorf("look for the demo workshop: %w", err)
	}
	return due, nil
}

func (w *workshop) note(ctx context.Context, action string) error {
	return postgres.InTx(ctx, w.db, func(tx *sqlx.Tx) error {
		return audit.Record(ctx, tx, audit.Entry{Actor: demoSystem, Action: action, Subject: "demo"})
	})
}

// fill brings in people and things, and then what they made of them, unless some of that is there.
func (p *past) fill(ctx context.Context, out io.Writer) error {
	began := time.Now()
	if err := p.moveTo(ctx, began.AddDate(0, -3, 0)); err != nil {
		return err
	}
	for _, bring := range []func(context.Context) error{p.orders.SeedDemo, p.hire, p.welcome, p.furnish} {
		if err := bring(ctx); err != nil {
			return err
		}
	}
	fmt.Fprintf(out, "  %d staff, %d members, %d printers, %d spools\n", len(demoStaff), len(demoMembers), len(demoPrinters), len(demoSpools))
	earlier, err := p.orders.Orders(ctx, orders.OrderQuery{Limit: 1})
	if err != nil {
		return err
	}
	lives := p.standIn != nil && len(earlier.Items) == 0
	if lives {
		if err := p.live(ctx, began, out); err != nil {
			return err
		}
	}
	if err := p.moveTo(ctx, began); err != nil {
		return err
	}
	if err := p.today(ctx); err != nil || !lives {
		return err
	}
	return p.offerTo(ctx, "まゆ", fulfilment.OpPrepare)
}

var demoSystem = audit.Actor{Role: audit.System}

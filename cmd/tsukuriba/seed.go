package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"tsukuriba/internal/audit"
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

// seed fills a workshop in which nobody works yet, and leaves any other one alone. standIn is the
// state file of the Stripe stand-in, which no other process has open: the payments of past orders
// are made there. It may be "" and is then a workshop without a past.
func seed(ctx context.Context, w *workshop, standIn string, out io.Writer) error {
	var inUse bool
	if err := w.db.GetContext(ctx, &inUse, `SELECT EXISTS (SELECT FROM staff)`); err != nil {
		return fmt.Errorf("look for staff: %w", err)
	}
	if inUse {
		return nil
	}
	fmt.Fprintln(out, "Demo workshop …")
	began := time.Now()
	if err := w.catalog.SeedDemo(ctx); err != nil {
		return err
	}
	p, err := newPast(w, standIn)
	if err != nil {
		return err
	}
	if err := errors.Join(p.fill(ctx, out), p.stampEntries(ctx), p.close()); err != nil {
		return fmt.Errorf("make the demo workshop: %w", err)
	}
	fmt.Fprintf(out, "  ready after %.1f s\n", time.Since(began).Seconds())
	return nil
}

// fill brings in people and things, and then what they made of them.
func (p *past) fill(ctx context.Context, out io.Writer) error {
	began := time.Now()
	if err := p.moveTo(ctx, began.AddDate(0, -3, 0)); err != nil {
		return err
	}
	if err := p.hire(ctx); err != nil {
		return err
	}
	if err := p.welcome(ctx); err != nil {
		return err
	}
	if err := p.furnish(ctx); err != nil {
		return err
	}
	fmt.Fprintf(out, "  %d staff, %d members, %d printers, %d spools\n", len(demoStaff), len(demoMembers), len(demoPrinters), len(demoSpools))
	if p.standIn != nil {
		if err := p.live(ctx, began, out); err != nil {
			return err
		}
	}
	if err := p.moveTo(ctx, began); err != nil {
		return err
	}
	return p.today(ctx)
}

var demoSystem = audit.Actor{Role: audit.System}

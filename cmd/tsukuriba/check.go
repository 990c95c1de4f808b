package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"tsukuriba/fulfilment"
	"tsukuriba/internal/jobs"
	"tsukuriba/internal/postgres"
	"tsukuriba/migrations"
	"tsukuriba/orders"
)

var errOldDatabase = errors.New("the database is older than this program: run `tsukuriba migrate` first")

// CheckCmd checks every invariant in the database.
type CheckCmd struct{}

// Run prints what is broken and fails when anything is.
func (*CheckCmd) Run() error {
	ctx, stop := untilInterrupted()
	defer stop()
	config, err := readConfig()
	if err != nil {
		return err
	}
	return checkInvariants(ctx, config, os.Stdout)
}

func checkInvariants(ctx context.Context, config Config, out io.Writer) error {
	db, err := openDatabase(ctx, config)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	if pending, err := postgres.Pending(ctx, db, migrations.FS); err != nil {
		return err
	} else if pending {
		return errOldDatabase
	}
	money, err := orders.New(orders.Config{DB: db}).CheckInvariants(ctx)
	if err != nil {
		return err
	}
	making, err := fulfilment.New(fulfilment.Config{DB: db, Announce: jobs.NewBus(db, jobs.Config{}), Now: time.Now}).CheckInvariants(ctx)
	if err != nil {
		return err
	}
	for _, broken := range money {
		fmt.Fprintf(out, "✗ money   %s  %s: %s\n", broken.Rule, broken.Subject, broken.Sentence)
	}
	for _, broken := range making {
		fmt.Fprintf(out, "✗ making  %s  %s: %s\n", broken.Rule, broken.Subject, broken.Sentence)
	}
	if n := len(money) + len(making); n > 0 {
		return fmt.Errorf("%d invariants are broken", n)
	}
	fmt.Fprintln(out, "✓ every invariant of money and making holds")
	return nil
}

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
	"tsukuriba/internal/jobs"
	"tsukuriba/internal/postgres"
	"tsukuriba/internal/yen"
	"tsukuriba/migrations"
	"tsukuriba/orders"
	"tsukuriba/orders/stripe/stripetest"
)

var errOldDatabase = errors.New("the database is older than this program: run `tsukuriba migrate` first")

// CheckCmd checks every invariant in the database.
type CheckCmd struct {
	StandIn string `help:"A Stripe stand-in, such as http://localhost:8080/stripe, whose books must equal our ledger to the yen." placeholder:"URL"`
}

// Run prints what is broken and fails when anything is.
func (cmd *CheckCmd) Run() error {
	ctx, stop := untilInterrupted()
	defer stop()
	config, err := readConfig()
	if err != nil {
		return err
	}
	db, err := openDatabase(ctx, config)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	if err := checkInvariants(ctx, db, os.Stdout); err != nil || cmd.StandIn == "" {
		return err
	}
	return checkStandIn(ctx, db, cmd.StandIn, os.Stdout)
}

func checkInvariants(ctx context.Context, db *sqlx.DB, out io.Writer) error {
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

// checkStandIn holds the stand-in's books against our ledger.
func checkStandIn(ctx context.Context, db *sqlx.DB, url string, out io.Writer) error {
	var theirs []stripetest.Entry
	if err := askStandIn(ctx, url, "ledger", &theirs); err != nil {
		return err
	}
	ours, err := orders.New(orders.Config{DB: db}).Balances(ctx)
	if err != nil {
		return err
	}
	unequal := differences(theirs, ours)
	for _, said := range unequal {
		fmt.Fprintln(out, "✗ ledger ", said)
	}
	if len(unequal) > 0 {
		return fmt.Errorf("%d payments differ from the stand-in's books", len(unequal))
	}
	var captured, back yen.Amount
	for _, balance := range ours {
		captured, back = captured+balance.Captured, back+balance.Refunded+balance.Disputed
	}
	fmt.Fprintf(out, "✓ the stand-in's books and our ledger are equal to the yen: %d payments, %s taken, %s given back\n", len(theirs), captured, back)
	return nil
}

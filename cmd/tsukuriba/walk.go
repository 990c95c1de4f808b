package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"time"

	"tsukuriba/internal/devpg"
	"tsukuriba/internal/postgres"
)

// WalkCmd drives the whole line from outside: over HTTP as customer, staff and three members, and
// with the checker command. It knows nothing of the inside.
type WalkCmd struct {
	Text     string        `help:"One more text to make, besides たろう, さくら工房 and Halloween 2026." default:"つくり場"`
	URL      string        `name:"url" help:"A running shop with the demo workshop, such as http://localhost:8080; without it a fresh private one is started."`
	Database string        `help:"Where the checker finds the database of --url; without it DATABASE_URL, or that of a dev running in this folder." placeholder:"DSN"`
	NoCheck  bool          `help:"Walk only, where the database of --url is out of reach."`
	Email    string        `help:"Staff sign-in." default:"${demo_email}"`
	Password string        `help:"Staff password." default:"${demo_password}"`
	Faults   bool          `help:"Walk while webhooks are lost, doubled and turned around, calls to Stripe break off, and money takes odd ways. Needs the stand-in of Stripe."`
	Patience time.Duration `help:"How long one step may take." default:"3m"`
}

// Run walks and prints a timeline; any failure is returned with its reason.
func (cmd *WalkCmd) Run() (err error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	shop, err := cmd.shop(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, shop.stop()) }()
	walk := newWalk(shop.url, cmd.Patience, os.Stdout)
	tales := talesOf([]string{"たろう", "さくら工房", "Halloween 2026", cmd.Text})
	if cmd.Faults {
		tales = walk.meetTroubles(tales)
	}
	if err := walk.line(ctx, tales, credentials{cmd.Email, cmd.Password}); err != nil {
		return fmt.Errorf("the walk stopped: %w", err)
	}
	walk.summary()
	if cmd.Faults {
		if err := walk.aftermath(ctx); err != nil {
			return fmt.Errorf("the walk stopped: %w", err)
		}
	}
	switch {
	case cmd.NoCheck:
		fmt.Println("the invariants were not checked (--no-check)")
		return nil
	case cmd.Faults:
		return walk.compare(ctx, shop.database)
	}
	return check(ctx, shop.database, os.Stdout)
}

// shop is the one at the given address, or a private one. That the checker will find the database
// is made sure of before anything is ordered.
func (cmd *WalkCmd) shop(ctx context.Context) (runningShop, error) {
	if cmd.URL == "" {
		return startPrivateShop(ctx)
	}
	shop := runningShop{url: strings.TrimSuffix(cmd.URL, "/"), database: cmd.Database, stop: func() error { return nil }}
	if cmd.NoCheck {
		return shop, nil
	}
	if err := findDatabase(ctx, &shop.database); err != nil {
		return runningShop{}, fmt.Errorf("a walk ends by checking the invariants in the shop's database: name it with --database or DATABASE_URL, or leave the check out with --no-check (%w)", err)
	}
	return shop, nil
}

// findDatabase fills in the database that `check` would use, and makes sure that it answers.
func findDatabase(ctx context.Context, address *string) error {
	config, err := readConfig()
	if err != nil {
		return err
	}
	if *address == "" {
		if *address, err = databaseURL(ctx, config); err != nil {
			return err
		}
	}
	db, err := postgres.Open(ctx, *address)
	if err != nil {
		return err
	}
	return db.Close()
}

// runningShop is where the walk finds its shop.
type runningShop struct {
	url      string
	database string
	stop     func() error
}

// startPrivateShop runs `tsukuriba dev` as a child on a free port with data of its own.
func startPrivateShop(ctx context.Context) (runningShop, error) {
	dir, err := os.MkdirTemp("", "tsukuriba-walk-")
	if err != nil {
		return runningShop{}, fmt.Errorf("make room for a private shop: %w", err)
	}
	port, err := freePort()
	if err != nil {
		return runningShop{}, errors.Join(err, os.RemoveAll(dir))
	}
	log, err := os.Create(filepath.Join(dir, "dev.log"))
	if err != nil {
		return runningShop{}, errors.Join(err, os.RemoveAll(dir))
	}
	self, err := os.Executable()
	if err != nil {
		return runningShop{}, err
	}
	child := exec.CommandContext(ctx, self, "dev", "--dir", dir, "--port", fmt.Sprint(port))
	child.Stdout, child.Stderr = log, log
	child.Cancel = func() error { return child.Process.Signal(os.Interrupt) }
	child.WaitDelay = 20 * time.Second
	if err := child.Start(); err != nil {
		return runningShop{}, errors.Join(fmt.Errorf("start a private shop: %w", err), os.RemoveAll(dir))
	}
	shop := runningShop{url: fmt.Sprintf("http://localhost:%d", port)}
	shop.stop = func() error {
		_ = child.Process.Signal(os.Interrupt) // it may have gone already
		_ = child.Wait()                       // how it ended is in its log
		return errors.Join(log.Close(), os.RemoveAll(dir))
	}
	if err := awaitHealthy(ctx, shop.url); err != nil {
		said, _ := os.ReadFile(log.Name())
		return runningShop{}, errors.Join(fmt.Errorf("the private shop did not come up: %w\n%s", err, said), shop.stop())
	}
	cluster, running := devpg.Running(ctx, filepath.Join(dir, "pg"))
	if !running {
		return runningShop{}, errors.Join(errors.New("the private shop has no database"), shop.stop())
	}
	shop.database = cluster.DSN(devDatabase)
	return shop, nil
}

// check runs the checker command, as a person would.
func check(ctx context.Context, database string, out io.Writer, options ...string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	checker := exec.CommandContext(ctx, self, append([]string{"check"}, options...)...)
	checker.Stdout, checker.Stderr = out, out
	checker.Env = append(os.Environ(), "DATABASE_URL="+database)
	if err := checker.Run(); err != nil {
		return fmt.Errorf("tsukuriba check: %w", err)
	}
	return nil
}

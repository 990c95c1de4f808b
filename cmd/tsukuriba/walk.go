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
	"time"

	"tsukuriba/internal/devpg"
)

// WalkCmd drives the whole line from outside: over HTTP as customer, staff and three members, and
// with the checker command. It knows nothing of the inside.
type WalkCmd struct {
	Text     string        `help:"One more text to make, besides たろう, さくら工房 and Halloween 2026." default:"つくり場"`
	URL      string        `name:"url" help:"A running shop with the demo workshop, such as http://localhost:8080; without it a fresh private one is started."`
	Database string        `help:"Where the checker finds the database of --url; without it the one of a running dev." placeholder:"DSN"`
	Email    string        `help:"Staff sign-in." default:"${demo_email}"`
	Password string        `help:"Staff password." default:"${demo_password}"`
	Patience time.Duration `help:"How long one step may take." default:"3m"`
}

// Run walks and prints a timeline; any failure is returned with its reason.
func (cmd *WalkCmd) Run() (err error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	shop := runningShop{url: cmd.URL, database: cmd.Database}
	if cmd.URL == "" {
		if shop, err = startPrivateShop(ctx); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, shop.stop()) }()
	}
	walk := newWalk(shop.url, cmd.Patience, os.Stdout)
	texts := []string{"たろう", "さくら工房", "Halloween 2026", cmd.Text}
	if err := walk.line(ctx, texts, credentials{cmd.Email, cmd.Password}); err != nil {
		return fmt.Errorf("the walk stopped: %w", err)
	}
	walk.summary()
	return check(ctx, shop.database, os.Stdout)
}

// runningShop is where the walk finds its shop; stop is nil for one it did not start.
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
func check(ctx context.Context, database string, out io.Writer) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	checker := exec.CommandContext(ctx, self, "check")
	checker.Stdout, checker.Stderr = out, out
	checker.Env = os.Environ()
	if database != "" {
		checker.Env = append(checker.Env, "DATABASE_URL="+database)
	}
	if err := checker.Run(); err != nil {
		return fmt.Errorf("tsukuriba check: %w", err)
	}
	return nil
}

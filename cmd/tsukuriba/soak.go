package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"sync"
	"time"

	"github.com/jmoiron/sqlx"
	"golang.org/x/sync/errgroup"

	"tsukuriba/api/rest"
	"tsukuriba/internal/devpg"
	"tsukuriba/orders/stripe/stripetest"
)

// SoakCmd lets a crowd loose on a private shop of four processes that are killed all the time,
// over a database that goes away once, before a Stripe where everything goes wrong. In the end all
// must be calm, every invariant whole and both ledgers equal to the yen.
type SoakCmd struct {
	For    time.Duration `help:"How long the crowd goes on." default:"2m"`
	Seed   uint64        `help:"Dice of an earlier soak; its timing does not come again. 0: new dice."`
	Buyers int           `help:"How many buy at once." default:"6"`
}

// Run prints the seed first and a report last.
func (cmd *SoakCmd) Run() (err error) {
	ctx, stop := untilInterrupted()
	defer stop()
	if cmd.Seed == 0 {
		cmd.Seed = uint64(rand.Uint32()) + 1
	}
	fmt.Printf("soak for %s with seed %d\n", cmd.For, cmd.Seed)
	s, err := startSoak(ctx, cmd.Seed, os.Stdout)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.stop(err == nil)) }()
	if err := s.storm(ctx, cmd); err != nil {
		return fmt.Errorf("seed %d: %w", cmd.Seed, err)
	}
	if err := errors.Join(s.calm(ctx), s.report(ctx), s.said()); err != nil {
		return fmt.Errorf("seed %d: %w", cmd.Seed, err)
	}
	return nil
}

// soak is a private shop and what is done to it.
type soak struct {
	seed    uint64
	dir     string // of everything the shop keeps, and of its logs
	out     io.Writer
	began   time.Time
	url     string // of the shop: a door before both servers
	door    *door
	letters *letterCatcher
	standIn *stripetest.Server
	nodes   []*node
	goods   goods

	mu      sync.Mutex // of what follows
	cluster *devpg.Cluster
	db      *sqlx.DB
	tally   map[string]int
	odd     []string // answers that no shop may give
}

// goods are what the crowd buys.
type goods struct {
	shelf  []rest.Product
	tag    rest.Product
	design rest.Design
}

// dice are an actor's own, so that actors do not disturb each other's.
func (s *soak) dice(actor uint64) *rand.Rand { return rand.New(rand.NewPCG(s.seed, actor)) }

// count notes that something was done.
func (s *soak) count(what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tally[what]++
}

// wonder notes an answer that must not be; the soak fails in the end.
func (s *soak) wonder(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.odd) < 20 {
		s.odd = append(s.odd, fmt.Sprintf(format, args...))
	}
}

func (s *soak) said() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var odd error
	for _, said := range s.odd {
		odd = errors.Join(odd, errors.New(said))
	}
	return odd
}

func (s *soak) tell(format string, args ...any) {
	fmt.Fprintf(s.out, "%6.1f s  %s\n", time.Since(s.began).Seconds(), fmt.Sprintf(format, args...))
}

// storm has everybody at work at once until the time is over.
func (s *soak) storm(ctx context.Context, cmd *SoakCmd) error {
	s.tell("the shop is open; the storm begins")
	ctx, cancel := context.WithTimeout(ctx, cmd.For)
	defer cancel()
	group, crowd := errgroup.WithContext(ctx)
	for i := range cmd.Buyers {
		group.Go(func() error { return s.newBuyer(i).live(crowd) })
	}
	for i := range 2 {
		group.Go(func() error { return s.newClerk(i).live(crowd) })
	}
	group.Go(func() error { return s.breakCalls(crowd) })
	group.Go(func() error { return s.killProcesses(crowd) })
	group.Go(func() error { return s.restartDatabase(crowd, cmd.For/2) })
	group.Go(func() error { return s.checkMidway(crowd, cmd.For/4) })
	return group.Wait()
}

// pause waits a while by the dice, and says whether to go on.
func pause(ctx context.Context, dice *rand.Rand, atMost time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(time.Duration(dice.Int64N(int64(atMost)))):
		return true
	}
}

// checkMidway has the checker look while everything is on the move: no moment may break an
// invariant. Only the ledgers may differ then.
func (s *soak) checkMidway(ctx context.Context, every time.Duration) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(every):
		}
		if said, err := s.check(ctx); err != nil && ctx.Err() == nil && len(said) > 0 {
			return fmt.Errorf("in the middle of it: %w\n%s", err, said)
		}
	}
}

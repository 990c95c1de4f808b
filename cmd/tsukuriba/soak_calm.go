package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"
)

// leaps are how far the clocks are moved once the crowd has gone: past the rest of quiet payments,
// past the patience with unpaid cards, past the last day of every konbini code.
var leaps = []time.Duration{0, 11 * time.Minute, 3 * time.Hour, 8 * 24 * time.Hour}

// calm heals the provider, lets time pass and waits until nothing is left to do. Then every
// invariant must hold and both ledgers must be equal.
func (s *soak) calm(ctx context.Context) error {
	s.tell("the storm is over: %d webhooks and %d jobs are waiting", s.standIn.Waiting(), s.due(ctx))
	s.standIn.Heal()
	var ahead time.Duration
	for _, leap := range leaps {
		ahead += leap
		if err := s.leap(ctx, leap, ahead); err != nil {
			return err
		}
	}
	said, err := s.check(ctx, "--stand-in", s.standIn.URL())
	s.tell("the checker:\n%s", strings.TrimSpace(said))
	return err
}

// leap moves the clocks of the shop and of the stand-in and waits until all is quiet.
func (s *soak) leap(ctx context.Context, by, ahead time.Duration) error {
	for _, node := range s.nodes {
		node.end(os.Interrupt)
	}
	if err := s.standIn.AdvanceClock(by); err != nil {
		return err
	}
	// What the processes that were killed had in hand is taken up again, what waits for its next
	// try is due, and the rounds of the hour come once more: time has passed.
	_, err := s.db.ExecContext(ctx, `
		UPDATE river_job
		SET state = 'available', scheduled_at = now()
		WHERE state IN ('running', 'retryable', 'scheduled')`)
	if err == nil {
		_, err = s.db.ExecContext(ctx, `DELETE FROM river_job WHERE state = 'completed'`)
	}
	if err != nil {
		return fmt.Errorf("move the jobs: %w", err)
	}
	for _, node := range s.nodes {
		if err := node.start(ahead); err != nil {
			return err
		}
	}
	return s.settle(ctx)
}

// settle waits until the workers have made their rounds and no webhook and no job is left.
func (s *soak) settle(ctx context.Context) error {
	quiet := 0
	for deadline := time.Now().Add(3 * time.Minute); quiet < 5; time.Sleep(200 * time.Millisecond) {
		if time.Now().After(deadline) {
			return fmt.Errorf("it does not become calm: %d webhooks wait, and %s", s.standIn.Waiting(), s.stuck(ctx))
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		quiet++
		if s.standIn.Waiting() > 0 || s.due(ctx) > 0 || !s.hasMadeRounds(ctx) {
			quiet = 0
		}
	}
	return nil
}

// due counts the jobs that are at work or should be; failing ones are hurried on. Slicing is left
// alone.
func (s *soak) due(ctx context.Context) (n int) {
	_, _ = s.db.ExecContext(ctx, `UPDATE river_job SET scheduled_at = now() WHERE state = 'retryable' AND queue = 'default'`)
	err := s.db.GetContext(ctx, &n, `
		SELECT count(*)
		FROM river_job
		WHERE queue = 'default'
		  AND (state IN ('available', 'running', 'retryable', 'pending') OR state = 'scheduled' AND scheduled_at <= now())`)
	if err != nil {
		return 1 // the database is away: not calm
	}
	return n
}

// hasMadeRounds says that a worker leads and has looked after unpaid orders and quiet payments.
func (s *soak) hasMadeRounds(ctx context.Context) (made bool) {
	err := s.db.GetContext(ctx, &made, `
		SELECT count(DISTINCT kind) = 2
		FROM river_job
		WHERE kind IN ('orders.expire_due', 'orders.reconcile') AND state = 'completed'`)
	return err == nil && made
}

// stuck names the jobs that do not come to an end.
func (s *soak) stuck(ctx context.Context) string {
	var jobs []string
	err := s.db.SelectContext(ctx, &jobs, `
		SELECT kind || ' (' || state || ', ' || attempt || ' tries): ' || coalesce(errors[array_upper(errors, 1)]->>'error', '')
		FROM river_job
		WHERE queue = 'default' AND state NOT IN ('completed', 'cancelled')
		ORDER BY id
		LIMIT 10`)
	if err != nil {
		return err.Error()
	}
	return strings.Join(jobs, "\n")
}

// report tells what was done and what became of it.
func (s *soak) report(ctx context.Context) error {
	s.mu.Lock()
	for _, what := range slices.Sorted(maps.Keys(s.tally)) {
		fmt.Fprintf(s.out, "%8d  %s\n", s.tally[what], what)
	}
	s.mu.Unlock()
	for _, table := range []string{"orders", "payments", "refunds", "stripe_events"} {
		var states []string
		err := s.db.SelectContext(ctx, &states, `SELECT count(*) || ' ' || state FROM `+table+` GROUP BY state ORDER BY state`)
		if err != nil {
			return fmt.Errorf("report on %s: %w", table, err)
		}
		fmt.Fprintf(s.out, "%-14s %s\n", table, strings.Join(states, ", "))
	}
	fmt.Fprintf(s.out, "%.0f s in all\n", time.Since(s.began).Seconds())
	return nil
}

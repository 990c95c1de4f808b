package jobstest_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"go.uber.org/goleak"

	"tsukuriba/internal/jobs"
	"tsukuriba/internal/jobs/jobstest"
	"tsukuriba/internal/postgres"
	"tsukuriba/internal/postgres/testdb"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type step struct {
	Left int `json:"left"`
}

func (step) Kind() string { return "test.step" }

func announce(ctx context.Context, bus *jobs.Bus, e jobs.Event) error {
	return postgres.InTx(ctx, bus.DB(), func(tx *sqlx.Tx) error { return bus.Announce(ctx, tx, e) })
}

func TestDrain(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		handle func(bus *jobs.Bus) func(context.Context, step) error
		want   string // kind of failure, or "" for none
		left   string // states of the jobs
	}{
		"follows_what_jobs_announce": {
			handle: func(bus *jobs.Bus) func(context.Context, step) error {
				return func(ctx context.Context, s step) error {
					if s.Left == 0 {
						return nil
					}
					return announce(ctx, bus, step{Left: s.Left - 1})
				}
			},
			left: strings.Repeat("completed ", 21),
		},
		"tries_a_failed_job_again_at_once": {
			handle: func(*jobs.Bus) func(context.Context, step) error {
				calls := 0
				return func(context.Context, step) error {
					if calls++; calls < 3 {
						return errors.New("not yet")
					}
					return nil
				}
			},
			left: "completed ",
		},
		"fails_the_test_when_a_job_keeps_failing": {
			handle: func(*jobs.Bus) func(context.Context, step) error {
				return func(context.Context, step) error { return errors.New("the card was refused") }
			},
			want: "the card was refused",
			left: "retryable ",
		},
		"leaves_a_snoozed_job_for_later": {
			handle: func(*jobs.Bus) func(context.Context, step) error {
				return func(context.Context, step) error { return jobs.Snooze(time.Hour) }
			},
			left: "scheduled ",
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bus := jobs.NewBus(testdb.New(t), jobs.Config{})
			jobs.Subscribe(bus, "test.walk", c.handle(bus))
			if err := announce(t.Context(), bus, step{Left: 20}); err != nil {
				t.Fatal(err)
			}
			began := time.Now()
			if failure := drain(t, bus); c.want == "" && failure != "" || !strings.Contains(failure, c.want) {
				t.Errorf("failure = %q, want %q", failure, c.want)
			}
			t.Logf("drained in %s", time.Since(began))
			var left string
			if err := bus.DB().GetContext(t.Context(), &left, `SELECT string_agg(state || ' ', '' ORDER BY id) FROM river_job`); err != nil {
				t.Fatal(err)
			}
			if left != c.left {
				t.Errorf("jobs = %s, want %s", left, c.left)
			}
		})
	}
}

// recorder is a test that may fail.
type recorder struct {
	testing.TB
	failure string
}

func (r *recorder) Fatalf(format string, args ...any) {
	r.failure = fmt.Sprintf(format, args...)
	panic(r)
}

func drain(t *testing.T, bus *jobs.Bus) (failure string) {
	t.Helper()
	r := &recorder{TB: t}
	defer func() {
		if thrown := recover(); thrown != nil && thrown != any(r) {
			panic(thrown)
		}
		failure = r.failure
	}()
	jobstest.Drain(r, bus)
	return ""
}

package jobs_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"tsukuriba/internal/jobs"
	"tsukuriba/internal/postgres"
	"tsukuriba/internal/postgres/testdb"
)

type approved struct {
	Order string `json:"order"`
}

func (approved) Kind() string { return "test.approved" }

type paid struct {
	Order string `json:"order"`
}

func (paid) Kind() string { return "test.paid" }

// heard collects what handlers were called with.
type heard struct {
	mu   sync.Mutex
	what []string
}

func (h *heard) add(s string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.what = append(h.what, s)
}

func (h *heard) list() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.what)
}

func newBus(t *testing.T, config jobs.Config) *jobs.Bus {
	t.Helper()
	config.DSN = testdb.DSN(t)
	config.Log = slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	return jobs.NewBus(testdb.Open(t, config.DSN), config)
}

func announce(t *testing.T, bus *jobs.Bus, events ...jobs.Event) {
	t.Helper()
	err := postgres.InTx(t.Context(), bus.DB(), func(tx *sqlx.Tx) error {
		for _, e := range events {
			if err := bus.Announce(t.Context(), tx, e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func jobStates(t *testing.T, bus *jobs.Bus) []string {
	t.Helper()
	states := []string{}
	if err := bus.DB().SelectContext(t.Context(), &states, `SELECT kind || ' ' || state FROM river_job ORDER BY id`); err != nil {
		t.Fatal(err)
	}
	return states
}

// work runs the bus until the test ends.
func work(t *testing.T, bus *jobs.Bus, queues ...string) {
	t.Helper()
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- bus.Work(ctx, queues...) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain: %s", what)
		}
	}
}

func TestAnnounce(t *testing.T) {
	t.Parallel()
	ignore := func(context.Context, approved) error { return nil }

	t.Run("gives_each_subscriber_a_job_of_its_own", func(t *testing.T) {
		t.Parallel()
		bus := newBus(t, jobs.Config{})
		jobs.Subscribe(bus, "test.mail", ignore)
		jobs.Subscribe(bus, "test.intake", ignore)
		announce(t, bus, approved{Order: "1"})
		want := []string{"test.mail available", "test.intake available"}
		if got := jobStates(t, bus); !slices.Equal(got, want) {
			t.Errorf("jobs = %v, want %v", got, want)
		}
	})
	t.Run("only_if_a_statement_returned_a_row", func(t *testing.T) {
		t.Parallel()
		bus := newBus(t, jobs.Config{})
		jobs.Subscribe(bus, "test.mail", ignore)
		bus.DB().MustExecContext(t.Context(), `CREATE TABLE deeds (id int PRIMARY KEY)`)
		for _, id := range []int{1, 1, 2} {
			err := bus.AnnounceIf(t.Context(), bus.DB(), approved{Order: "1"}, `INSERT INTO deeds VALUES ($1) ON CONFLICT DO NOTHING RETURNING id`, id)
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := bus.AnnounceIf(t.Context(), bus.DB(), paid{Order: "nobody hears of it"}, `INSERT INTO deeds VALUES ($1) RETURNING id`, 3); err != nil {
			t.Fatal(err)
		}
		var deeds int
		if err := bus.DB().GetContext(t.Context(), &deeds, `SELECT count(*) FROM deeds`); err != nil || deeds != 3 {
			t.Errorf("%d deeds, %v", deeds, err)
		}
		want := []string{"test.mail available", "test.mail available"}
		if got := jobStates(t, bus); !slices.Equal(got, want) {
			t.Errorf("jobs = %v, want %v", got, want)
		}
	})
	t.Run("leaves_no_job_after_a_rollback", func(t *testing.T) {
		t.Parallel()
		bus := newBus(t, jobs.Config{})
		jobs.Subscribe(bus, "test.mail", ignore)
		wrong := errors.New("wrong")
		err := postgres.InTx(t.Context(), bus.DB(), func(tx *sqlx.Tx) error {
			return errors.Join(bus.Announce(t.Context(), tx, approved{}), wrong)
		})
		if !errors.Is(err, wrong) {
			t.Fatal(err)
		}
		if got := jobStates(t, bus); len(got) != 0 {
			t.Errorf("jobs = %v, want none", got)
		}
	})
	t.Run("leaves_out_whoever_does_not_want_it", func(t *testing.T) {
		t.Parallel()
		bus := newBus(t, jobs.Config{})
		jobs.Subscribe(bus, "test.mail", ignore, jobs.Only(func(e approved) bool { return e.Order == "1" }))
		jobs.Subscribe(bus, "test.intake", ignore)
		announce(t, bus, approved{Order: "1"}, approved{Order: "2"})
		want := []string{"test.mail available", "test.intake available", "test.intake available"}
		if got := jobStates(t, bus); !slices.Equal(got, want) {
			t.Errorf("jobs = %v, want %v", got, want)
		}
	})
	t.Run("without_a_subscriber_is_fine", func(t *testing.T) {
		t.Parallel()
		bus := newBus(t, jobs.Config{})
		announce(t, bus, approved{})
		if got := jobStates(t, bus); len(got) != 0 {
			t.Errorf("jobs = %v, want none", got)
		}
	})
}

func TestSubscribe_refuses_a_name_twice(t *testing.T) {
	t.Parallel()
	bus := newBus(t, jobs.Config{})
	jobs.Subscribe(bus, "test.mail", func(context.Context, approved) error { return nil })
	defer func() {
		if recover() == nil {
			t.Error("the second subscriber was taken")
		}
	}()
	jobs.Subscribe(bus, "test.mail", func(context.Context, paid) error { return nil })
}

func TestWork(t *testing.T) {
	t.Parallel()

	t.Run("is_woken_and_need_not_look", func(t *testing.T) {
		t.Parallel()
		bus := newBus(t, jobs.Config{Poll: time.Hour})
		var calls heard
		jobs.Subscribe(bus, "test.mail", func(_ context.Context, e approved) error {
			calls.add(e.Order)
			return nil
		})
		work(t, bus)
		announced := 0
		for range 2 { // the look at the start finds jobs, too: once more, and it listens
			before := len(calls.list())
			eventually(t, "the worker has started", func() bool {
				announce(t, bus, approved{Order: "early"})
				announced++
				return len(calls.list()) > before
			})
		}
		for range 20 {
			announce(t, bus, approved{Order: "another"})
			announced++
			eventually(t, "all jobs are done", func() bool { return len(calls.list()) == announced })
		}
	})
	t.Run("retries_after_an_error_and_after_a_panic", func(t *testing.T) {
		t.Parallel()
		bus := newBus(t, jobs.Config{})
		var calls heard
		jobs.Subscribe(bus, "test.flaky", func(_ context.Context, e approved) error {
			calls.add(e.Order)
			if len(calls.list()) > 2 {
				return nil
			}
			if e.Order == "panic" {
				panic("boom")
			}
			return errors.New("not yet")
		})
		work(t, bus)
		announce(t, bus, approved{Order: "error"}, approved{Order: "panic"})
		eventually(t, "both were tried again", func() bool {
			return slices.Equal(jobStates(t, bus), []string{"test.flaky completed", "test.flaky completed"})
		})
	})
	t.Run("ends_an_attempt_at_its_timeout", func(t *testing.T) {
		t.Parallel()
		bus := newBus(t, jobs.Config{})
		jobs.Subscribe(bus, "test.slow", func(ctx context.Context, _ approved) error {
			<-ctx.Done()
			return ctx.Err()
		}, jobs.Timeout(50*time.Millisecond), jobs.Attempts(1))
		work(t, bus)
		announce(t, bus, approved{})
		eventually(t, "the job is given up", func() bool { return jobStates(t, bus)[0] == "test.slow discarded" })
	})
	t.Run("leaves_other_queues_alone", func(t *testing.T) {
		t.Parallel()
		bus := newBus(t, jobs.Config{})
		jobs.Subscribe(bus, "test.slice", func(context.Context, approved) error { return nil }, jobs.Queue("slicing"))
		jobs.Subscribe(bus, "test.mail", func(context.Context, approved) error { return nil })
		work(t, bus, "slicing")
		announce(t, bus, approved{})
		want := []string{"test.slice completed", "test.mail available"}
		eventually(t, "only the slicing job is done", func() bool { return slices.Equal(jobStates(t, bus), want) })
	})
	t.Run("waits_for_the_job_at_hand_when_told_to_stop", func(t *testing.T) {
		t.Parallel()
		bus := newBus(t, jobs.Config{})
		begun, ended := make(chan bool), make(chan error, 1)
		jobs.Subscribe(bus, "test.long", func(ctx context.Context, _ approved) error {
			close(begun)
			time.Sleep(200 * time.Millisecond)
			return ctx.Err()
		})
		ctx, stop := context.WithCancel(t.Context())
		go func() { ended <- bus.Work(ctx) }()
		announce(t, bus, approved{})
		<-begun
		stop()
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
		if got := jobStates(t, bus); got[0] != "test.long completed" {
			t.Errorf("job = %s, want it completed", got[0])
		}
	})
}

func TestEvery_runs_soon_after_the_start_and_once_per_period(t *testing.T) {
	t.Parallel()
	bus := newBus(t, jobs.Config{})
	var calls heard
	bus.Every("test.tidy", 24*time.Hour, func(context.Context) error {
		calls.add("tidied")
		return nil
	})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 2)
	for range 2 {
		go func() { ended <- bus.Work(ctx) }()
	}
	eventually(t, "it ran", func() bool { return len(calls.list()) > 0 })
	stop()
	if err := errors.Join(<-ended, <-ended); err != nil {
		t.Fatal(err)
	}
	work(t, bus)
	time.Sleep(2 * time.Second) // long enough to be elected leader again
	if got := jobStates(t, bus); len(got) != 1 {
		t.Errorf("jobs = %v, want one", got)
	}
}

func TestHandler_lists_the_jobs(t *testing.T) {
	t.Parallel()
	bus := newBus(t, jobs.Config{})
	jobs.Subscribe(bus, "test.mail", func(context.Context, approved) error { return nil })
	announce(t, bus, approved{Order: "1"})
	handler, err := bus.Handler("/staff/jobs")
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{"/staff/jobs": "<html", "/staff/jobs/jobs/1": "<html", "/staff/jobs/api/jobs?state=available": "test.mail"} {
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, path, nil))
		body, err := io.ReadAll(answer.Body)
		if err != nil || answer.Code != http.StatusOK || !strings.Contains(string(body), want) {
			t.Errorf("GET %s = %d %v without %q", path, answer.Code, err, want)
		}
	}
}

// TestLog has a worker start, fail at a job and stop, and reads what it told.
func TestLog(t *testing.T) {
	t.Parallel()
	var told bytes.Buffer // read after the worker has ended
	dsn := testdb.DSN(t)
	bus := jobs.NewBus(testdb.Open(t, dsn), jobs.Config{DSN: dsn, Log: slog.New(slog.NewTextHandler(&told, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	tried := make(chan struct{}, 1)
	jobs.Subscribe(bus, "test.mail", func(context.Context, approved) error {
		defer func() { tried <- struct{}{} }()
		return errors.New("no post today")
	}, jobs.Attempts(1))
	announce(t, bus, approved{Order: "1"})
	t.Run("while_it_works", func(t *testing.T) {
		work(t, bus)
		<-tried
	})
	if !strings.Contains(told.String(), "level=ERROR") || !strings.Contains(told.String(), "no post today") {
		t.Errorf("the failure was not told:\n%s", &told)
	}
	if strings.Contains(told.String(), "level=INFO") || strings.Contains(told.String(), "level=DEBUG") {
		t.Errorf("it told more than what is wrong:\n%s", &told)
	}
}

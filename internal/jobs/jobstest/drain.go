// Package jobstest works on jobs inside a test, one after another and without waiting.
package jobstest

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/riverqueue/river/rivertype"

	"tsukuriba/internal/jobs"
)

// attempts is how often a job may fail before Drain fails the test.
const attempts = 3

// Drain works on all jobs that are due, and on those they announce, until none is left. A job
// that failed is tried again at once; one that keeps failing fails the test, one that was
// snoozed does not.
func Drain(t testing.TB, bus *jobs.Bus) {
	t.Helper()
	for {
		job, found := take(t, bus)
		if !found {
			return
		}
		err := bus.Deliver(t.Context(), job.Kind, job.Args)
		finish(t, bus, job, err)
		if err != nil && job.Attempt >= attempts && !errors.Is(err, &rivertype.JobSnoozeError{}) {
			t.Fatalf("job %s failed %d times with %s: %v", job.Kind, job.Attempt, job.Args, err)
		}
	}
}

// job is a row of River's table.
type job struct {
	ID      int64           `db:"id"`
	Kind    string          `db:"kind"`
	Args    json.RawMessage `db:"args"`
	Attempt int             `db:"attempt"`
}

// take marks the next due job as running, those that have failed after all others.
func take(t testing.TB, bus *jobs.Bus) (next job, found bool) {
	t.Helper()
	err := bus.DB().GetContext(t.Context(), &next, `
		UPDATE river_job
		SET state = 'running', attempt = attempt + 1, attempted_at = now()
		WHERE id = (
			SELECT id
			FROM river_job
			WHERE state IN ('available', 'retryable') OR (state = 'scheduled' AND scheduled_at <= now())
			ORDER BY attempt, id
			LIMIT 1
			FOR UPDATE SKIP LOCKED
		)
		RETURNING id, kind, args, attempt`)
	if errors.Is(err, sql.ErrNoRows) {
		return job{}, false
	}
	if err != nil {
		t.Fatalf("take a job: %v", err)
	}
	return next, true
}

// finish writes down what River would have.
func finish(t testing.TB, bus *jobs.Bus, done job, err error) {
	t.Helper()
	statement, args := `UPDATE river_job SET state = 'completed', finalized_at = now() WHERE id = $1`, []any{done.ID}
	var snoozed *rivertype.JobSnoozeError
	switch {
	case err == nil:
	case errors.As(err, &snoozed):
		statement = `UPDATE river_job SET state = 'scheduled', scheduled_at = now() + $2 * interval '1 second', attempt = attempt - 1 WHERE id = $1`
		args = append(args, snoozed.Duration.Seconds())
	default:
		statement = `UPDATE river_job SET state = 'retryable', errors = array_append(errors, $2::jsonb) WHERE id = $1`
		args = append(args, failure(t, done, err))
	}
	if _, err := bus.DB().ExecContext(context.WithoutCancel(t.Context()), statement, args...); err != nil {
		t.Fatalf("finish job %s: %v", done.Kind, err)
	}
}

func failure(t testing.TB, failed job, err error) string {
	t.Helper()
	entry, jsonErr := json.Marshal(rivertype.AttemptError{At: time.Now(), Attempt: failed.Attempt, Error: err.Error()})
	if jsonErr != nil {
		t.Fatal(jsonErr)
	}
	return string(entry)
}

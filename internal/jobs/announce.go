package jobs

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tsukuriba/internal/postgres"
)

// Announce puts one job per subscriber that wants to hear of e into tx. That there is none is fine.
func (b *Bus) Announce(ctx context.Context, tx *sqlx.Tx, e Event) error {
	var batch postgres.Batch
	if err := b.AnnounceWith(&batch, e); err != nil || batch.Empty() {
		return err
	}
	if err := batch.Run(ctx, tx); err != nil {
		return fmt.Errorf("announce %s: %w", e.Kind(), err)
	}
	return nil
}

// AnnounceWith announces e together with what else is in a batch, if there is a subscriber for it.
//
// The jobs are written as River's clients for other languages do it, and the workers of their
// queues are woken by the commit. River's own client takes two statements and several times the work.
func (b *Bus) AnnounceWith(batch *postgres.Batch, e Event) error {
	if len(b.listening(e)) == 0 {
		return nil
	}
	return b.addJobs(batch, e, insertJobs+wakeWorkers)
}

// AnnounceIf runs a statement and announces e if it returned a row: both happen or neither, in one
// round trip, also outside of a transaction.
func (b *Bus) AnnounceIf(ctx context.Context, db sqlx.ExtContext, e Event, statement string, args ...any) error {
	var batch postgres.Batch
	batch.Let("cause", statement, args...)
	if err := b.addJobs(&batch, e, insertJobs+`WHERE EXISTS (SELECT FROM cause)`+wakeWorkers); err != nil {
		return err
	}
	if err := batch.Run(ctx, db); err != nil {
		return fmt.Errorf("announce %s: %w", e.Kind(), err)
	}
	return nil
}

const (
	insertJobs = `
		INSERT INTO river_job (kind, args, queue, max_attempts)
		SELECT name, $1, queue, attempts
		FROM unnest($2::text[], $3::text[], $4::int[]) AS subscribers (name, queue, attempts)
		`
	wakeWorkers = `
		RETURNING pg_notify(current_schema() || '.river_insert', json_build_object('queue', queue)::text)`
)

// addJobs has a statement insert a job for each that wants to hear of e.
func (b *Bus) addJobs(batch *postgres.Batch, e Event, statement string) error {
	payload, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("write event %s: %w", e.Kind(), err)
	}
	var names, queues []string
	var attempts []int64
	for _, s := range b.listening(e) {
		names, queues, attempts = append(names, s.name), append(queues, s.queue), append(attempts, int64(s.attempts))
	}
	batch.Add(statement, string(payload), pq.Array(names), pq.Array(queues), pq.Array(attempts))
	return nil
}

// listening are the subscribers that want to hear of e.
func (b *Bus) listening(e Event) []*subscriber {
	var listening []*subscriber
	for _, s := range b.listeners[e.Kind()] {
		if s.wants == nil || s.wants(e) {
			listening = append(listening, s)
		}
	}
	return listening
}

package jobs

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// Announce puts one job per subscriber that wants to hear of e into tx. That there is none is fine.
func (b *Bus) Announce(ctx context.Context, tx *sqlx.Tx, e Event) error {
	if len(b.listening(e)) == 0 {
		return nil
	}
	return b.AnnounceIf(ctx, tx, e, `SELECT`)
}

// AnnounceIf runs a statement and announces e if it returned a row: both happen or neither, in one
// round trip, also outside of a transaction.
//
// The jobs are written as River's clients for other languages do it, and the workers of their
// queues are woken by the commit. River's own client takes two statements and several times the work.
func (b *Bus) AnnounceIf(ctx context.Context, db sqlx.ExecerContext, e Event, statement string, args ...any) error {
	payload, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("write event %s: %w", e.Kind(), err)
	}
	var names, queues []string
	var attempts []int64
	for _, s := range b.listening(e) {
		names, queues, attempts = append(names, s.name), append(queues, s.queue), append(attempts, int64(s.attempts))
	}
	n := len(args)
	query := fmt.Sprintf(`
		WITH cause AS (%s)
		INSERT INTO river_job (kind, args, queue, max_attempts)
		SELECT name, $%d, queue, attempts
		FROM unnest($%d::text[], $%d::text[], $%d::int[]) AS subscribers (name, queue, attempts)
		WHERE EXISTS (SELECT FROM cause)
		RETURNING pg_notify(current_schema() || '.river_insert', json_build_object('queue', queue)::text)`,
		statement, n+1, n+2, n+3, n+4)
	_, err = db.ExecContext(ctx, query, append(args, string(payload), pq.Array(names), pq.Array(queues), pq.Array(attempts))...)
	if err != nil {
		return fmt.Errorf("announce %s: %w", e.Kind(), err)
	}
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

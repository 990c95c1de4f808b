package jobs

import (
	"context"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// insert puts a job for each subscriber into tx, in their order, and wakes the workers of their
// queues when it commits. River's own client takes two statements for it, several times the
// work; this is how its clients for other languages do it.
func insert(ctx context.Context, tx *sqlx.Tx, subscribers []*subscriber, payload []byte) error {
	var names, queues []string
	var attempts []int64
	for _, s := range subscribers {
		names, queues, attempts = append(names, s.name), append(queues, s.queue), append(attempts, int64(s.attempts))
	}
	_, err := tx.ExecContext(ctx, `
		WITH jobs AS (
			INSERT INTO river_job (kind, args, queue, max_attempts)
			SELECT name, $1, queue, attempts
			FROM unnest($2::text[], $3::text[], $4::int[]) AS subscribers (name, queue, attempts)
			RETURNING queue)
		SELECT pg_notify(current_schema() || '.river_insert', json_build_object('queue', queue)::text)
		FROM (SELECT DISTINCT queue FROM jobs) AS woken`, string(payload), pq.Array(names), pq.Array(queues), pq.Array(attempts))
	return err
}

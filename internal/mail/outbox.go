package mail

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"tsukuriba/internal/seal"
)

// Outbox sends each letter once and keeps it, sealed, for whoever has to know what was said.
type Outbox struct {
	db   *sqlx.DB
	box  *seal.Box
	send func(ctx context.Context, m Message) error
}

// NewOutbox keeps its record in db and hands letters to send, such as a Sender's Send.
func NewOutbox(db *sqlx.DB, box *seal.Box, send func(ctx context.Context, m Message) error) *Outbox {
	return &Outbox{db: db, box: box, send: send}
}

// Deliver sends m unless a letter with its key was sent, or may have been: one whose sending was
// cut off by a crash is never tried again. It is called by a job, outside any transaction. After
// an error the next call tries again.
func (o *Outbox) Deliver(ctx context.Context, m Message) error {
	id, err := o.claim(ctx, m)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("claim mail %s: %w", m.Key, err)
	}
	sendErr := o.send(ctx, m)
	return errors.Join(sendErr, o.settle(context.WithoutCancel(ctx), id, sendErr))
}

// claim returns sql.ErrNoRows for a letter that is not to be sent any more.
func (o *Outbox) claim(ctx context.Context, m Message) (id uuid.UUID, err error) {
	content, err := json.Marshal(m)
	if err != nil {
		return uuid.Nil, err
	}
	fresh, err := uuid.NewV7()
	if err != nil {
		return uuid.Nil, err
	}
	err = o.db.GetContext(ctx, &id, `
		INSERT INTO mails (id, key, sealed, state)
		VALUES ($1, $2, $3, 'sending')
		ON CONFLICT (key) DO UPDATE
		SET state = 'sending', sealed = excluded.sealed
		WHERE mails.state IN ('queued', 'failed')
		RETURNING id`, fresh, m.Key, o.box.Seal("mails.sealed:"+m.Key, content))
	return id, err
}

func (o *Outbox) settle(ctx context.Context, id uuid.UUID, sendErr error) error {
	state, lastError := "sent", ""
	if sendErr != nil {
		state, lastError = "failed", sendErr.Error()
	}
	_, err := o.db.ExecContext(ctx, `
		UPDATE mails
		SET state = $2, last_error = $3, sent_at = CASE WHEN $2 = 'sent' THEN now() END
		WHERE id = $1`, id, state, lastError)
	if err != nil {
		return fmt.Errorf("settle mail: %w", err)
	}
	return nil
}

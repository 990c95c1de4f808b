package orders

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"tsukuriba/internal/id"
	"tsukuriba/internal/mail"
	"tsukuriba/internal/postgres"
)

// queueMail stores a mail sealed, unless its key is there already, and has a job send it.
func (s *Service) queueMail(ctx context.Context, db sqlx.ExtContext, message mail.Message) error {
	mailID := id.New[mailKind]()
	sealed, err := sealJSON(s.seal, mailContext(mailID), message)
	if err != nil {
		return err
	}
	err = s.bus.AnnounceIf(ctx, db, MailQueued{MailID: mailID}, `
		INSERT INTO mails (id, key, sealed, created_at)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT ON CONSTRAINT mail_once DO NOTHING
		RETURNING id`, mailID, message.Key, sealed, s.now())
	if err != nil {
		return fmt.Errorf("queue mail: %w", err)
	}
	return nil
}

// sendMail stores a mail sealed, unless its key is there already, and sends it within the job that
// wrote it. One that the server could not take now has a job of its own, which tries again.
func (s *Service) sendMail(ctx context.Context, message mail.Message) error {
	mailID := id.New[mailKind]()
	sealed, err := sealJSON(s.seal, mailContext(mailID), message)
	if err != nil {
		return err
	}
	result, err := s.db.ExecContext(ctx, `
		INSERT INTO mails (id, key, sealed, state, created_at, tried_at)
		VALUES ($1, $2, $3, 'sending', $4, $4)
		ON CONFLICT ON CONSTRAINT mail_once DO NOTHING`, mailID, message.Key, sealed, s.now())
	if err != nil {
		return fmt.Errorf("store mail: %w", err)
	}
	if rows, err := result.RowsAffected(); err != nil || rows == 0 {
		return err
	}
	outcome := s.mailer.Send(ctx, message)
	ctx = context.WithoutCancel(ctx)
	if stateAfter(outcome) != LetterQueued {
		return errors.Join(outcome, s.recordMail(ctx, s.db, mailID, outcome))
	}
	return postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		if err := s.recordMail(ctx, tx, mailID, outcome); err != nil {
			return err
		}
		return s.bus.Announce(ctx, tx, MailQueued{MailID: mailID})
	})
}

func mailContext(id MailID) string { return "orders.mail:" + id.String() }

// SendMail sends a queued mail once. A mail that was being sent when the process died is not
// sent again: it may have left, and CheckInvariants shows it to staff.
func (s *Service) SendMail(ctx context.Context, event MailQueued) error {
	var sealed []byte
	err := s.db.GetContext(ctx, &sealed, `
		UPDATE mails
		SET state = 'sending', tried_at = $2
		WHERE id = $1 AND state = 'queued'
		RETURNING sealed`, event.MailID, s.now())
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("take mail %s: %w", event.MailID, err)
	}
	var message mail.Message
	err = openJSON(s.seal, mailContext(event.MailID), sealed, &message)
	if err == nil {
		err = s.mailer.Send(ctx, message)
	}
	return errors.Join(err, s.recordMail(context.WithoutCancel(ctx), s.db, event.MailID, err))
}

func (s *Service) recordMail(ctx context.Context, db sqlx.ExecerContext, id MailID, outcome error) error {
	message, sentAt := "", new(s.now())
	if outcome != nil {
		message, sentAt = outcome.Error(), nil
	}
	_, err := db.ExecContext(ctx, `
		UPDATE mails
		SET state = $2, last_error = $3, sent_at = $4
		WHERE id = $1 AND state = 'sending'`, id, stateAfter(outcome), message, sentAt)
	if err != nil {
		return fmt.Errorf("record mail %s: %w", id, err)
	}
	return nil
}

// stateAfter is the state of a mail after an attempt to send it.
func stateAfter(outcome error) LetterState {
	switch {
	case outcome == nil:
		return LetterSent
	case errors.Is(outcome, mail.ErrRefused), errors.Is(outcome, mail.ErrAddress), errors.Is(outcome, mail.ErrHeader):
		return LetterFailed
	default:
		return LetterQueued
	}
}

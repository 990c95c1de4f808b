package orders

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"tsukuriba/internal/audit"
	"tsukuriba/internal/mail"
	"tsukuriba/internal/postgres"
)

// LetterState says how a mail fares.
type LetterState string

// The states of a mail. A lost one was being sent when the program ended, so that nobody knows; a
// repeated one did not arrive, and staff have sent it again.
const (
	LetterQueued   LetterState = "queued"
	LetterSending  LetterState = "sending"
	LetterSent     LetterState = "sent"
	LetterFailed   LetterState = "failed"
	LetterLost     LetterState = "lost"
	LetterRepeated LetterState = "repeated"
	// LetterBounced came back to the mailbox of the workshop after a server had taken it.
	LetterBounced LetterState = "bounced"
)

// Undelivered says that a mail will not arrive unless staff send it again.
func (s LetterState) Undelivered() bool {
	return s == LetterFailed || s == LetterLost || s == LetterBounced
}

// Letter is a mail about an order, without its words and its address. That a server took it is all
// that can be known by itself: a mail that is sent back later comes to the sender's mailbox, and
// NoteBounce is told by those who read it there.
type Letter struct {
	ID       MailID
	Kind     LetterKind
	Version  int // 1, and one more each time it is sent again
	State    LetterState
	QueuedAt time.Time
	SentAt   *time.Time // when the mail server took it
}

// lostAfter is how long sending may take at most before nobody is at it any more.
const lostAfter = 10 * time.Minute

// Letters lists the mails about an order, the oldest first.
func (s *Service) Letters(ctx context.Context, order OrderID) ([]Letter, error) {
	return findLetters(ctx, s.db, s.now(), order)
}

func findLetters(ctx context.Context, db sqlx.QueryerContext, now time.Time, order OrderID) ([]Letter, error) {
	var rows []struct {
		ID       MailID      `db:"id"`
		Key      string      `db:"key"`
		State    LetterState `db:"state"`
		QueuedAt time.Time   `db:"created_at"`
		TriedAt  *time.Time  `db:"tried_at"`
		SentAt   *time.Time  `db:"sent_at"`
	}
	err := sqlx.SelectContext(ctx, db, &rows, `
		SELECT id, key, state, created_at, tried_at, sent_at
		FROM mails
		WHERE key ^@ $1
		ORDER BY created_at, id`, order.String()+":")
	if err != nil {
		return nil, fmt.Errorf("read letters of order %s: %w", order, err)
	}
	letters, versions := make([]Letter, len(rows)), map[letterKey]int{}
	for i, row := range rows {
		key, err := parseLetterKey(row.Key)
		if err != nil {
			return nil, err
		}
		letters[i] = Letter{ID: row.ID, Kind: key.kind, Version: key.version, State: row.State, QueuedAt: row.QueuedAt, SentAt: row.SentAt}
		if row.State == LetterSending && row.TriedAt != nil && now.Sub(*row.TriedAt) > lostAfter {
			letters[i].State = LetterLost
		}
		versions[key] = i
	}
	for key, i := range versions {
		key.version++
		if _, again := versions[key]; again && letters[i].State != LetterSent {
			letters[i].State = LetterRepeated
		}
	}
	return letters, nil
}

// ResendLetter sends a mail again that failed or got lost: the same words, to the address as it
// stands now. Errors: ErrMailNotFound, ErrMailDelivered for one that arrived, is still on its way
// or was sent again already.
func (s *Service) ResendLetter(ctx context.Context, by audit.Actor, order OrderID, id MailID) error {
	err := postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		if _, err := lockOrder(ctx, tx, order); err != nil {
			return err
		}
		letter, err := s.undelivered(ctx, tx, order, id)
		if err != nil {
			return err
		}
		contact, err := s.contact(ctx, tx, order)
		if err != nil {
			return err
		}
		again, err := s.giveUpLetter(ctx, tx, id)
		if err != nil {
			return err
		}
		key, err := parseLetterKey(again.Key)
		if err != nil {
			return err
		}
		key.version++
		again.Key, again.To = key.String(), contact.address()
		if err := s.queueMail(ctx, tx, again); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{
			Actor: by, Action: "letter.resent", Subject: order.String(),
			Detail: map[string]any{"kind": letter.Kind, "version": key.version},
		})
	})
	if err != nil {
		return fmt.Errorf("resend mail %s: %w", id, err)
	}
	return nil
}

// NoteBounce notes that a mail came back which had been sent: it did not arrive, and can be sent
// again. Saying so twice is fine. Errors: ErrMailNotFound, ErrMailUnsent for one that has not left.
func (s *Service) NoteBounce(ctx context.Context, by audit.Actor, order OrderID, id MailID) error {
	err := postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		if _, err := lockOrder(ctx, tx, order); err != nil {
			return err
		}
		letters, err := findLetters(ctx, tx, s.now(), order)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(letters, func(letter Letter) bool { return letter.ID == id })
		switch {
		case i < 0:
			return ErrMailNotFound
		case letters[i].State == LetterBounced:
			return nil
		case letters[i].State != LetterSent:
			return ErrMailUnsent
		}
		if _, err := tx.ExecContext(ctx, `UPDATE mails SET state = 'bounced' WHERE id = $1 AND state = 'sent'`, id); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{
			Actor: by, Action: "letter.bounced", Subject: order.String(), Detail: map[string]any{"kind": letters[i].Kind, "version": letters[i].Version},
		})
	})
	if err != nil {
		return fmt.Errorf("note bounce of mail %s: %w", id, err)
	}
	return nil
}

func (s *Service) undelivered(ctx context.Context, tx *sqlx.Tx, order OrderID, id MailID) (Letter, error) {
	letters, err := findLetters(ctx, tx, s.now(), order)
	if err != nil {
		return Letter{}, err
	}
	for _, letter := range letters {
		switch {
		case letter.ID == id && letter.State.Undelivered():
			return letter, nil
		case letter.ID == id:
			return Letter{}, ErrMailDelivered
		}
	}
	return Letter{}, ErrMailNotFound
}

// giveUpLetter makes sure that a lost mail is never sent by those who lost it, and opens it.
func (s *Service) giveUpLetter(ctx context.Context, tx *sqlx.Tx, id MailID) (mail.Message, error) {
	var sealed []byte
	err := tx.GetContext(ctx, &sealed, `
		UPDATE mails
		SET state = 'failed', noted_at = $2
		WHERE id = $1 AND state IN ('sending', 'failed', 'bounced')
		RETURNING sealed`, id, s.now())
	if errors.Is(err, sql.ErrNoRows) {
		return mail.Message{}, ErrMailDelivered
	}
	if err != nil {
		return mail.Message{}, fmt.Errorf("give up mail %s: %w", id, err)
	}
	var message mail.Message
	return message, openJSON(s.seal, mailContext(id), sealed, &message)
}

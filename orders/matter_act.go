package orders

import (
	"context"
	"database/sql"
	"encoding"
	"errors"
	"fmt"
	"strings"

	"github.com/jmoiron/sqlx"

	"tsukuriba/internal/audit"
	"tsukuriba/internal/postgres"
)

// ErrMatterNotFound says that a matter is settled already, or never was.
var ErrMatterNotFound = errors.New("there is no such matter any more")

// Resolve does what can be done about a matter: action on subject, as Matters offers them. Doing
// it twice has one effect. Errors: ErrMatterNotFound for another action or subject, and those of
// the use case behind the action.
func (s *Service) Resolve(ctx context.Context, by audit.Actor, action MatterAction, subject string) error {
	switch action {
	case ActReleaseHold:
		return withID(subject, func(id HoldID) error { return s.releaseOne(ctx, by, id) })
	case ActRevive:
		return onOrder(ctx, by, subject, s.Revive)
	case ActRefundLate:
		return onOrder(ctx, by, subject, s.RefundLate)
	case ActPrepareAgain:
		return onOrder(ctx, by, subject, s.prepareAgain)
	case ActRetryRefund:
		return withID(subject, func(id RefundID) error {
			_, err := s.RetryRefund(ctx, by, id)
			return err
		})
	case ActGiveUpUnpaid:
		return onOrder(ctx, by, subject, s.GiveUpUnpaid)
	case ActReturnSurplus:
		return onOrder(ctx, by, subject, s.ReturnSurplus)
	case ActRefundSent:
		return withID(subject, func(id RefundID) error {
			_, err := s.RefundSent(ctx, by, id)
			return err
		})
	case ActReread:
		return s.reread(ctx, subject)
	case ActRetryEvent:
		return s.retryEvent(ctx, by, subject)
	case ActDismissEvent:
		return s.dismissEvent(ctx, by, subject)
	case ActRetryMail:
		return withID(subject, func(id MailID) error { return s.retryMail(ctx, by, id) })
	case ActNoteMail:
		return withID(subject, func(id MailID) error { return s.noteMail(ctx, by, id) })
	case ActNoteDispute:
		return withID(subject, func(id DisputeID) error { return s.noteDispute(ctx, by, id) })
	case ActSettleFinding:
		return withID(subject, func(id MismatchID) error { return s.settleMismatch(ctx, by, id) })
	default:
		return ErrMatterNotFound
	}
}

func withID[T any, P interface {
	*T
	encoding.TextUnmarshaler
}](subject string, do func(T) error,
) error {
	var id T
	if P(&id).UnmarshalText([]byte(subject)) != nil {
		return ErrMatterNotFound
	}
	return do(id)
}

func onOrder(ctx context.Context, by audit.Actor, subject string, do func(context.Context, audit.Actor, OrderID) (Order, error)) error {
	return withID(subject, func(id OrderID) error {
		_, err := do(ctx, by, id)
		return err
	})
}

// found is ErrMatterNotFound for no row.
func found(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return ErrMatterNotFound
	}
	return err
}

func (s *Service) releaseOne(ctx context.Context, by audit.Actor, id HoldID) error {
	var hold Hold
	err := s.db.GetContext(ctx, &hold, `
		SELECT id, order_id, reason, note, cause, placed_at
		FROM order_holds
		WHERE id = $1`, id)
	if err := found(err); err != nil {
		return fmt.Errorf("find hold: %w", err)
	}
	_, err = s.ReleaseHold(ctx, by, hold.OrderID, hold.Reason)
	return err
}

// prepareAgain announces an approved order once more to those who make it.
func (s *Service) prepareAgain(ctx context.Context, by audit.Actor, id OrderID) (Order, error) {
	return s.change(ctx, "prepare again", id, func(tx *sqlx.Tx, order *Order) error {
		if order.State != Approved {
			return wrongState("prepare again", order.State)
		}
		if err := recordOn(ctx, tx, *order, by, "order.announced_again"); err != nil {
			return err
		}
		return s.bus.Announce(ctx, tx, OrderApproved{OrderID: order.ID})
	})
}

// reread asks the provider about a payment, a call, or a mismatch.
func (s *Service) reread(ctx context.Context, subject string) error {
	var payment PaymentID
	var call CallID
	var mismatch MismatchID
	switch text := []byte(subject); {
	case payment.UnmarshalText(text) == nil:
		return s.reconcile(ctx, payment)
	case call.UnmarshalText(text) == nil:
		return s.rereadCall(ctx, call)
	case mismatch.UnmarshalText(text) == nil:
		return s.rereadMismatch(ctx, mismatch)
	default:
		return ErrMatterNotFound
	}
}

// rereadCall repeats what a call was for, with its key or after a look-up, and closes it if its
// effect is known then.
func (s *Service) rereadCall(ctx context.Context, id CallID) error {
	var call struct {
		Operation string    `db:"operation"`
		PaymentID PaymentID `db:"payment_id"`
	}
	if err := found(s.db.GetContext(ctx, &call, `SELECT operation, payment_id FROM stripe_calls WHERE id = $1`, id)); err != nil {
		return fmt.Errorf("find call: %w", err)
	}
	if err := s.reconcile(ctx, call.PaymentID); err != nil {
		return err
	}
	if call.Operation == "refund" {
		refunds, err := findRefunds(ctx, s.db, `payment_id = $1 AND state IN ('requested', 'submitting')`, call.PaymentID)
		if err != nil {
			return err
		}
		for _, refund := range refunds {
			if err := s.reconcileRefund(ctx, refund); err != nil {
				return err
			}
		}
	}
	return s.settleCalls(ctx)
}

// rereadMismatch compares one thing again and settles its mismatch if the books agree now.
func (s *Service) rereadMismatch(ctx context.Context, id MismatchID) error {
	var open mismatch
	err := s.db.GetContext(ctx, &open, `
		SELECT id, kind, provider_id, order_id, payment_id, amount_yen, note, found_at
		FROM mismatches
		WHERE id = $1`, id)
	if err := found(err); err != nil {
		return fmt.Errorf("find mismatch: %w", err)
	}
	switch open.Kind {
	case mismatchRule:
		return s.noteBrokenRules(ctx, sweep{})
	case mismatchMissingRefund:
		refunds, err := findRefunds(ctx, s.db, `provider_id = $1`, open.ProviderID)
		if err != nil || len(refunds) == 0 {
			return err
		}
		return s.auditMissingRefund(ctx, refunds[0])
	case mismatchMissingPayment, mismatchPayment:
		payment, err := s.findPayment(ctx, `id = $1`, open.PaymentID)
		if err != nil {
			return err
		}
		return s.auditMissingPayment(ctx, payment)
	default:
		return ErrMatterNotFound // what is not ours cannot be compared
	}
}

// note is an audited change of one row that is not about money. It has to hit exactly one row.
type note struct {
	action  string
	subject string
	query   string
	args    []any
	then    func(*sqlx.Tx) error
}

func (s *Service) noteDown(ctx context.Context, by audit.Actor, note note) error {
	err := postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		result, err := tx.ExecContext(ctx, note.query, note.args...)
		if err != nil {
			return err
		}
		if rows, err := result.RowsAffected(); err != nil || rows == 0 {
			return errors.Join(err, ErrMatterNotFound)
		}
		if err := audit.Record(ctx, tx, audit.Entry{Actor: by, Action: note.action, Subject: note.subject}); err != nil || note.then == nil {
			return err
		}
		return note.then(tx)
	})
	if err != nil {
		return fmt.Errorf("%s %s: %w", note.action, note.subject, err)
	}
	return nil
}

// retryEvent has a job look at an event once more, for another three days if need be.
func (s *Service) retryEvent(ctx context.Context, by audit.Actor, event string) error {
	return s.noteDown(ctx, by, note{
		action: "event.retried", subject: event, args: []any{event, s.now()},
		query: `
			UPDATE stripe_events
			SET state = 'new', received_at = $2, attempts = 0
			WHERE id = $1 AND state IN ('dead', 'new')`,
		then: func(tx *sqlx.Tx) error { return s.bus.Announce(ctx, tx, EventReceived{EventID: event}) },
	})
}

func (s *Service) dismissEvent(ctx context.Context, by audit.Actor, event string) error {
	return s.noteDown(ctx, by, note{
		action: "event.dismissed", subject: event, args: []any{event, s.now()},
		query: `
			UPDATE stripe_events
			SET state = 'ignored', processed_at = $2
			WHERE id = $1 AND state = 'dead'`,
	})
}

// retryMail sends a mail again that failed or got lost, and has a job look at one that waits.
func (s *Service) retryMail(ctx context.Context, by audit.Actor, id MailID) error {
	var mail struct {
		Key   string `db:"key"`
		State string `db:"state"`
	}
	err := s.db.GetContext(ctx, &mail, `SELECT key, state FROM mails WHERE id = $1`, id)
	if err := found(err); err != nil {
		return fmt.Errorf("find mail: %w", err)
	}
	if strings.HasPrefix(mail.Key, quoteKind{}.Prefix()) && mail.State != "queued" {
		return s.sendQuotationAgain(ctx, by, id)
	}
	if mail.State != "queued" && !strings.HasPrefix(mail.Key, staffLetters) {
		key, err := parseLetterKey(mail.Key)
		if err != nil {
			return err
		}
		return s.ResendLetter(ctx, by, key.order, id)
	}
	return s.noteDown(ctx, by, note{
		action: "mail.retried", subject: id.String(), args: []any{id, s.now()},
		query: `
			UPDATE mails
			SET created_at = $2, state = 'queued'
			WHERE id = $1 AND (state = 'queued' OR state IN ('failed', 'sending') AND key ^@ 'staff:')`,
		then: func(tx *sqlx.Tx) error { return s.bus.Announce(ctx, tx, MailQueued{MailID: id}) },
	})
}

func (s *Service) noteMail(ctx context.Context, by audit.Actor, id MailID) error {
	return s.noteDown(ctx, by, note{
		action: "mail.noted", subject: id.String(), args: []any{id, s.now()},
		query: `
			UPDATE mails
			SET noted_at = $2
			WHERE id = $1 AND noted_at IS NULL AND state <> 'sent'`,
	})
}

func (s *Service) noteDispute(ctx context.Context, by audit.Actor, id DisputeID) error {
	return s.noteDown(ctx, by, note{
		action: "dispute.noted", subject: id.String(), args: []any{id, s.now()},
		query: `
			UPDATE disputes
			SET noted_at = $2
			WHERE id = $1 AND noted_at IS NULL AND state = 'lost'`,
	})
}

func (s *Service) settleMismatch(ctx context.Context, by audit.Actor, id MismatchID) error {
	return s.noteDown(ctx, by, note{
		action: "mismatch.settled", subject: id.String(), args: []any{id, s.now()},
		query: `
			UPDATE mismatches
			SET settled_at = $2, settled_by = 'staff'
			WHERE id = $1 AND settled_at IS NULL AND kind <> 'broken_rule'`,
	})
}

package orders

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tsukuriba/internal/jobs"
	"tsukuriba/internal/postgres"
)

// parkedFor is how long an event of a payment we do not know is asked about again.
const parkedFor = 3 * 24 * time.Hour

// ReceiveEvent stores a verified event and has a job look at it. An event that is stored already
// is fine. Only the database can make it fail.
func (s *Service) ReceiveEvent(ctx context.Context, event ProviderEvent) error {
	err := s.bus.AnnounceIf(ctx, s.db, EventReceived{EventID: event.ID, PaymentID: event.PaymentID}, `
		INSERT INTO stripe_events (id, type, api_version, object_id, intent_id, session_id, payment_id, payload,
		                           created_at, received_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (id) DO NOTHING
		RETURNING id`,
		event.ID, event.Type, event.APIVersion, event.ObjectID, event.IntentID, event.SessionID, event.PaymentID,
		string(event.Payload), event.Created, s.now())
	if err != nil {
		return fmt.Errorf("receive event %s: %w", event.ID, err)
	}
	return nil
}

// storedEvent is what of an event leads to its payment.
type storedEvent struct {
	ID         string    `db:"id"`
	Type       string    `db:"type"`
	State      string    `db:"state"`
	Attempts   int       `db:"attempts"`
	ObjectID   string    `db:"object_id"`
	IntentID   string    `db:"intent_id"`
	SessionID  string    `db:"session_id"`
	PaymentID  PaymentID `db:"payment_id"`
	ReceivedAt time.Time `db:"received_at"`

	// Others are of the same payment and have come in as well: one reading of the payment, made from now
	// on, answers them. They are not more than one statement can finish. A dispute is read for itself.
	Others pq.StringArray `db:"others"`
}

// aboutPayment says whether the event names any payment at all.
func (e storedEvent) aboutPayment() bool {
	return e.IntentID != "" || e.SessionID != "" || !e.PaymentID.IsZero()
}

// wait is how long a parked event waits: from a minute to six hours.
func (e storedEvent) wait() time.Duration {
	return min(time.Minute<<min(2*e.Attempts, 20), 6*time.Hour)
}

// ProcessEvent applies the payment that an event is about. What the event itself says is not
// believed. An event of a payment we do not know is parked and tried again for three days; then
// it is dead and shows up in CheckInvariants.
//
// Events of one payment come in close together. In one process they take turns, so that those which
// come after the first find themselves answered by its reading.
func (s *Service) ProcessEvent(ctx context.Context, received EventReceived) error {
	turn := &s.turns[received.PaymentID[len(received.PaymentID)-1]]
	turn.Lock()
	defer turn.Unlock()
	var event storedEvent
	err := s.db.GetContext(ctx, &event, `
		SELECT id, type, state, attempts, object_id, intent_id, session_id, payment_id, received_at,
		       ARRAY(
		           SELECT other.id
		           FROM stripe_events AS other
		           WHERE other.payment_id = event.payment_id AND other.state = 'new' AND other.id <> event.id
		             AND NOT starts_with(other.type, 'charge.dispute.')
		           LIMIT 20) AS others
		FROM stripe_events AS event
		WHERE id = $1`, received.EventID)
	if err != nil {
		return fmt.Errorf("read event %s: %w", received.EventID, err)
	}
	if event.State != "new" && event.State != "parked" {
		return nil
	}
	payment, err := s.paymentOf(ctx, event)
	switch {
	case errors.Is(err, ErrPaymentNotFound) && !event.aboutPayment():
		return s.finishEvent(ctx, event, "ignored", OrderID{})
	case errors.Is(err, ErrPaymentNotFound):
		return s.park(ctx, event)
	case err != nil:
		return err
	}
	hint, answered := PaymentRef{}, []string{event.ID}
	if payment.ID == event.PaymentID {
		hint, answered = PaymentRef{SessionID: event.SessionID, IntentID: event.IntentID}, append(answered, event.Others...)
	}
	if event.aboutDispute() {
		err = errors.Join(s.apply(ctx, payment, hint), s.ApplyDispute(ctx, event.ObjectID))
		if err == nil {
			err = s.finishEvents(ctx, s.db, answered, "done", payment.OrderID)
		}
	} else {
		err = s.apply(ctx, payment, hint, answered...)
	}
	if err != nil {
		return fmt.Errorf("process event %s: %w", event.ID, err)
	}
	return nil
}

// aboutDispute says whether there is a dispute to be read besides the payment.
func (e storedEvent) aboutDispute() bool { return strings.HasPrefix(e.Type, "charge.dispute.") }

// paymentOf finds the payment by the event's metadata, else by its intent or its session.
func (s *Service) paymentOf(ctx context.Context, event storedEvent) (Payment, error) {
	if payment, err := s.findPayment(ctx, `id = $1`, event.PaymentID); !errors.Is(err, ErrPaymentNotFound) {
		return payment, err
	}
	return s.findPayment(ctx, `
		intent_id = nullif($1, '') OR session_id = nullif($2, '')
		ORDER BY intent_id = nullif($1, '') DESC NULLS LAST
		LIMIT 1`, event.IntentID, event.SessionID)
}

func (s *Service) park(ctx context.Context, event storedEvent) error {
	if s.now().Sub(event.ReceivedAt) > parkedFor {
		return s.finishEvent(ctx, event, "dead", OrderID{})
	}
	_, err := s.db.ExecContext(ctx, `
		UPDATE stripe_events
		SET state = 'parked', attempts = attempts + 1, last_error = $2
		WHERE id = $1`, event.ID, ErrPaymentNotFound.Error())
	if err != nil {
		return fmt.Errorf("park event %s: %w", event.ID, err)
	}
	return jobs.Snooze(event.wait())
}

func (s *Service) finishEvent(ctx context.Context, event storedEvent, state string, order OrderID) error {
	return s.finishEvents(ctx, s.db, []string{event.ID}, state, order)
}

func (s *Service) finishEvents(ctx context.Context, db sqlx.ExtContext, ids []string, state string, order OrderID) error {
	var batch postgres.Batch
	s.finishEventsWith(&batch, ids, state, order)
	if batch.Empty() {
		return nil
	}
	if err := batch.Run(ctx, db); err != nil {
		return fmt.Errorf("finish events %v: %w", ids, err)
	}
	return nil
}

// finishEventsWith finishes each event for itself: PostgreSQL would plan an array of them anew each time.
func (s *Service) finishEventsWith(batch *postgres.Batch, ids []string, state string, order OrderID) {
	for _, id := range ids {
		batch.Add(`
			UPDATE stripe_events
			SET state = $2, order_id = $3, attempts = attempts + 1, processed_at = $4
			WHERE id = $1 AND state IN ('new', 'parked')`, id, state, order, s.now())
	}
}

package orders

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"tsukuriba/internal/audit"
	"tsukuriba/internal/id"
	"tsukuriba/internal/postgres"
	"tsukuriba/internal/yen"
)

// Dispute is a customer's objection at their bank against a payment. Its state mirrors the
// provider's; what it did to the money stands in the ledger.
type Dispute struct {
	ID          DisputeID    `db:"id"`
	OrderID     OrderID      `db:"order_id"`
	PaymentID   PaymentID    `db:"payment_id"`
	ProviderID  string       `db:"provider_id"`
	Amount      yen.Amount   `db:"amount_yen"`
	Reason      string       `db:"reason"` // the provider's word, such as "product_not_received"
	State       DisputeState `db:"state"`
	Version     int          `db:"version"`
	EvidenceDue *time.Time   `db:"evidence_due_at"` // until when evidence is taken
	OpenedAt    time.Time    `db:"opened_at"`
	NotedAt     *time.Time   `db:"noted_at"` // when staff took note that it was lost
}

const selectDisputes = `
	SELECT id, order_id, payment_id, provider_id, amount_yen, reason, state, version, evidence_due_at, opened_at, noted_at
	FROM disputes
	WHERE `

// rank orders the dispute states by how much is known, so that an old reading never undoes a
// newer one. A bank may, rarely, find for us after all: won comes last.
func (s DisputeState) rank() int {
	switch s {
	case DisputeWarning:
		return 0
	case DisputeWarningUnderReview:
		return 1
	case DisputeWarningClosed:
		return 2
	case DisputeNeedsResponse:
		return 3
	case DisputeUnderReview:
		return 4
	case DisputeLost:
		return 5
	case DisputeWon:
		return 6
	default:
		return -1
	}
}

// Settled says that a dispute ended in our favor: nothing stands against the order any more.
func (s DisputeState) Settled() bool { return s == DisputeWon || s == DisputeWarningClosed }

// reduce is the dispute after a reading of it, whatever was read before.
func (d Dispute) reduce(read DisputeSnapshot) Dispute {
	if read.State.rank() < d.State.rank() {
		return d
	}
	d.State, d.Amount, d.Reason, d.EvidenceDue = read.State, read.Amount, read.Reason, timeOrNil(read.EvidenceDue)
	return d
}

// Disputes lists the disputes of an order, the oldest first.
func (s *Service) Disputes(ctx context.Context, order OrderID) ([]Dispute, error) {
	var disputes []Dispute
	if err := s.db.SelectContext(ctx, &disputes, selectDisputes+`order_id = $1 ORDER BY opened_at, id`, order); err != nil {
		return nil, fmt.Errorf("read disputes: %w", err)
	}
	return disputes, nil
}

// ApplyDispute asks the provider how a dispute stands and brings order and ledger up to it. It
// may be called at any time and often; each effect happens once. Errors: ErrPaymentNotFound for
// a dispute about a payment that is not ours, ErrGateway….
func (s *Service) ApplyDispute(ctx context.Context, providerID string) error {
	read, err := s.gateway.Dispute(ctx, providerID)
	if err != nil {
		return fmt.Errorf("read dispute %s: %w", providerID, err)
	}
	return s.applyDispute(ctx, read)
}

func (s *Service) applyDispute(ctx context.Context, read DisputeSnapshot) error {
	payment, err := s.findPayment(ctx, `intent_id = $1`, read.IntentID)
	if err != nil {
		return fmt.Errorf("apply dispute %s: %w", read.ID, err)
	}
	err = postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		order, err := lockOrder(ctx, tx, payment.OrderID)
		if err != nil {
			return err
		}
		dispute, err := s.knownDispute(ctx, tx, payment, read)
		if err != nil {
			return err
		}
		if err := s.moveDispute(ctx, tx, &dispute, dispute.reduce(read)); err != nil {
			return err
		}
		returned, err := bookDispute(ctx, tx, dispute, read.Moves)
		if err != nil {
			return err
		}
		if returned {
			return s.returnWon(ctx, tx, order, payment)
		}
		if dispute.State.Settled() {
			return nil
		}
		hold := holdOrder{reason: HoldDispute, cause: &Cause{Code: CauseDisputed, Amount: dispute.Amount, Word: dispute.Reason}, by: system}
		return s.placeHold(ctx, tx, &order, hold)
	})
	if err != nil {
		return fmt.Errorf("apply dispute %s: %w", read.ID, err)
	}
	return nil
}

// returnWon gives money back that a dispute returned to us for an order that had ended meanwhile:
// when it ended there was nothing to refund.
func (s *Service) returnWon(ctx context.Context, tx *sqlx.Tx, order Order, payment Payment) error {
	if !order.unwanted() || order.heldFor(HoldLateMoney) {
		return nil
	}
	return s.returnLate(ctx, tx, &order, payment, system)
}

// knownDispute finds the dispute or writes it down. The order is locked.
func (s *Service) knownDispute(ctx context.Context, tx *sqlx.Tx, payment Payment, read DisputeSnapshot) (Dispute, error) {
	var dispute Dispute
	err := tx.GetContext(ctx, &dispute, selectDisputes+`provider_id = $1`, read.ID)
	if !errors.Is(err, sql.ErrNoRows) {
		return dispute, err
	}
	dispute = Dispute{
		ID: id.New[disputeKind](), OrderID: payment.OrderID, PaymentID: payment.ID, ProviderID: read.ID, Version: 1,
		State: read.State, OpenedAt: read.Created,
	}
	dispute = dispute.reduce(read)
	_, err = tx.ExecContext(ctx, `
		INSERT INTO disputes (id, order_id, payment_id, provider_id, amount_yen, reason, state, evidence_due_at, opened_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		dispute.ID, dispute.OrderID, dispute.PaymentID, dispute.ProviderID, dispute.Amount, dispute.Reason, dispute.State,
		dispute.EvidenceDue, dispute.OpenedAt, s.now())
	if err != nil {
		return Dispute{}, fmt.Errorf("insert dispute: %w", err)
	}
	return dispute, s.tellDispute(ctx, tx, dispute, "")
}

// moveDispute is the only function that writes a dispute's state. The order is locked. What
// stays as it was is noted as asked about.
func (s *Service) moveDispute(ctx context.Context, tx *sqlx.Tx, dispute *Dispute, after Dispute) error {
	result, err := tx.ExecContext(ctx, `
		UPDATE disputes
		SET state = $4, amount_yen = $5, reason = $6, evidence_due_at = $7, version = version + 1, updated_at = $8
		WHERE id = $1 AND state = $2 AND version = $3`,
		dispute.ID, dispute.State, dispute.Version, after.State, after.Amount, after.Reason, after.EvidenceDue, s.now())
	if err != nil {
		return fmt.Errorf("update dispute: %w", err)
	}
	if rows, err := result.RowsAffected(); err != nil || rows == 0 {
		return errors.Join(ErrStale, err)
	}
	from := dispute.State
	*dispute = after
	dispute.Version++
	if after.State == from {
		return nil
	}
	return s.tellDispute(ctx, tx, after, from)
}

// tellDispute records where a dispute has arrived, and announces it to staff.
func (s *Service) tellDispute(ctx context.Context, tx *sqlx.Tx, dispute Dispute, from DisputeState) error {
	err := audit.Record(ctx, tx, audit.Entry{
		Actor: system, Action: "dispute." + string(dispute.State), Subject: dispute.OrderID.String(),
		Detail: map[string]any{"dispute": dispute.ID, "from": from, "reason": dispute.Reason, "amount": dispute.Amount},
	})
	if err != nil {
		return err
	}
	return s.bus.Announce(ctx, tx, DisputeMoved{DisputeID: dispute.ID, State: dispute.State})
}

// bookDispute enters what the dispute took from our balance and gave back to it, with the fees, and
// says whether it has given something back just now.
func bookDispute(ctx context.Context, tx *sqlx.Tx, dispute Dispute, moves []DisputeMove) (returned bool, err error) {
	for _, move := range moves {
		effect := entry{order: dispute.OrderID, payment: dispute.PaymentID, provider: move.ID, at: move.At}
		isNew, err := enterMove(ctx, tx, effect, move.Amount, "dispute_in", "dispute_out")
		if err != nil {
			return false, err
		}
		returned = returned || isNew && move.Amount > 0
		if _, err := enterMove(ctx, tx, effect, -move.Fee, "dispute_fee_returned", "dispute_fee"); err != nil {
			return false, err
		}
	}
	return returned, nil
}

// enterMove enters what came in or went out, by their kinds; nothing for no money.
func enterMove(ctx context.Context, tx *sqlx.Tx, effect entry, amount yen.Amount, in, out string) (bool, error) {
	switch {
	case amount == 0:
		return false, nil
	case amount > 0:
		effect.kind, effect.amount = in, amount
	default:
		effect.kind, effect.amount = out, -amount
	}
	return enter(ctx, tx, effect)
}

// mayReleaseDispute refuses to let an order go on whose money a dispute has taken or may take.
func mayReleaseDispute(ctx context.Context, tx *sqlx.Tx, order OrderID) error {
	var open bool
	err := tx.GetContext(ctx, &open, `
		SELECT EXISTS (SELECT FROM disputes WHERE order_id = $1 AND state NOT IN ('won', 'warning_closed'))`, order)
	if err != nil {
		return fmt.Errorf("look for open disputes: %w", err)
	}
	if open {
		return ErrDisputeOpen
	}
	return nil
}

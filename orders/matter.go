package orders

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/lib/pq"

	"tsukuriba/internal/yen"
)

// Matter is something about money that a person has to look at: what it is in one plain sentence,
// and the one thing to do about it.
type Matter struct {
	Kind     MatterKind
	Subject  string  // what Action acts on: an id in its outside form, or the provider's id of an event
	OrderID  OrderID // zero if no order is known
	Number   string  // of the order, or ""
	Amount   yen.Amount
	Sentence string // Japanese
	Action   MatterAction
	Instead  MatterAction // the other choice where there is one, or ""
	Since    time.Time
	Due      *time.Time // when it will be too late, or when it is done without us
}

// MatterKind says what is the matter.
type MatterKind string

// The kinds of matters.
const (
	MatterLateMoney      MatterKind = "late_money"
	MatterDispute        MatterKind = "dispute"
	MatterDisputeWon     MatterKind = "dispute_won"
	MatterDisputeLost    MatterKind = "dispute_lost"
	MatterHoldLapsing    MatterKind = "hold_lapsing"
	MatterRefundFailed   MatterKind = "refund_failed"
	MatterExternalRefund MatterKind = "external_refund"
	MatterRefundWaiting  MatterKind = "refund_waiting"
	MatterCaptureStuck   MatterKind = "capture_stuck"
	MatterOrderStuck     MatterKind = "order_stuck"
	MatterCallStuck      MatterKind = "call_stuck"
	MatterEventDead      MatterKind = "event_dead"
	MatterEventStuck     MatterKind = "event_stuck"
	MatterMailFailed     MatterKind = "mail_failed"
	MatterMailUnsure     MatterKind = "mail_unsure"
	MatterMailWaiting    MatterKind = "mail_waiting"
	MatterMismatch       MatterKind = "mismatch"
	MatterHold           MatterKind = "hold"
	MatterPartPaid       MatterKind = "part_paid"       // less was transferred than is due
	MatterSurplus        MatterKind = "surplus"         // more was
	MatterTransferRefund MatterKind = "transfer_refund" // a refund that staff send by bank
)

// mattersAtOnce is more than a day can settle.
const mattersAtOnce = 500

// matterSources each find one kind of matter. $1 is now. All have the same columns. Staff hear three
// days before a card's hold ends, after an hour of what should take seconds, and after a week of
// waiting for a customer's bank account.
var matterSources = []string{
	`SELECT 'late_money' AS kind, orders.id, '' AS ref, orders.id AS order_id, orders.total_yen AS amount, hold.placed_at AS since,
	        hold.placed_at + interval '72 hours' AS due,
	        CASE WHEN orders.state = 'canceled' OR EXISTS (
	            SELECT
	            FROM payments
	            WHERE order_id = orders.id AND method = 'invoice' AND state <> 'captured')
	        THEN 'not_enough'
	        WHEN EXISTS (
	            SELECT
	            FROM order_lines AS line
	            JOIN stock_reservations AS reservation ON reservation.order_line_id = line.id
	            JOIN variants ON variants.id = reservation.variant_id
	            WHERE line.order_id = orders.id AND variants.tracked AND variants.on_hand - variants.reserved < reservation.quantity)
	        THEN 'no_stock' ELSE '' END AS note
	 FROM orders
	 JOIN order_holds AS hold ON hold.order_id = orders.id
	 WHERE orders.state IN ('expired', 'canceled') AND hold.reason = 'late_money' AND hold.released_at IS NULL`,

	`SELECT 'part_paid', orders.id, '', orders.id, orders.total_yen - came.yen, came.at, orders.expires_at, ''
	 FROM orders
	 CROSS JOIN LATERAL (SELECT sum(amount_yen)::bigint AS yen, max(entered_at) AS at FROM transfers WHERE order_id = orders.id AND undone_at IS NULL) AS came
	 WHERE orders.payment_method = 'invoice' AND orders.state = 'awaiting_payment' AND came.yen > 0`,

	`SELECT 'surplus', orders.id, '', orders.id, came.yen + let.yen - payments.amount_yen - went.yen, came.at, NULL, ''
	 FROM orders
	 JOIN payments ON payments.order_id = orders.id AND payments.method = 'invoice' AND payments.state = 'captured'
	 CROSS JOIN LATERAL (SELECT sum(amount_yen)::bigint AS yen, max(entered_at) AS at FROM transfers WHERE order_id = orders.id AND undone_at IS NULL) AS came
	 CROSS JOIN LATERAL (
	     SELECT coalesce(sum(refund_lines.amount_yen), 0)::bigint AS yen
	     FROM refund_lines
	     JOIN refunds ON refunds.id = refund_lines.refund_id
	     WHERE refunds.payment_id = payments.id AND refund_lines.kind = 'surplus' AND refunds.state NOT IN ('failed', 'canceled')) AS went
	 CROSS JOIN LATERAL (
	     SELECT coalesce(sum(amount_yen), 0)::bigint AS yen FROM money_ledger WHERE order_id = orders.id AND kind = 'written_off') AS let
	 WHERE orders.state NOT IN ('expired', 'canceled') AND came.yen + let.yen - payments.amount_yen > went.yen`,

	`SELECT 'transfer_refund', refunds.id, '', refunds.order_id, refunds.amount_yen, refunds.created_at, NULL, ''
	 FROM refunds
	 JOIN payments ON payments.id = refunds.payment_id
	 WHERE payments.method = 'invoice' AND refunds.state = 'requested'`,

	`SELECT CASE WHEN state = 'lost' THEN 'dispute_lost' ELSE 'dispute' END, id, state, order_id, amount_yen, opened_at,
	        CASE WHEN state <> 'lost' THEN evidence_due_at END,
	        reason || ' ' || (SELECT coalesce(sum(CASE ledger.kind WHEN 'dispute_fee' THEN ledger.amount_yen ELSE -ledger.amount_yen END), 0)
	                          FROM money_ledger AS ledger
	                          WHERE ledger.payment_id = disputes.payment_id AND ledger.kind IN ('dispute_fee', 'dispute_fee_returned'))
	 FROM disputes
	 WHERE state IN ('needs_response', 'warning_needs_response') OR (state = 'lost' AND noted_at IS NULL)`,

	`SELECT 'dispute_won', hold.id, '', hold.order_id, 0, hold.placed_at, NULL, ''
	 FROM order_holds AS hold
	 WHERE hold.reason = 'dispute' AND hold.released_at IS NULL
	   AND NOT EXISTS (SELECT FROM disputes WHERE order_id = hold.order_id AND state NOT IN ('won', 'warning_closed'))`,

	`SELECT 'hold_lapsing', payments.id, '', orders.id, payments.amount_yen, payments.created_at, payments.capture_before, ''
	 FROM payments
	 JOIN orders ON orders.id = payments.order_id
	 WHERE payments.state = 'authorized' AND NOT payments.superseded AND orders.state IN ('awaiting_payment', 'in_review')
	   AND payments.capture_before <= $1::timestamptz + interval '72 hours'`,

	`SELECT CASE WHEN EXISTS (SELECT FROM refund_lines WHERE refund_id = refunds.id) THEN 'refund_failed' ELSE 'external_refund' END,
	        id, state, order_id, amount_yen, updated_at, NULL, failure
	 FROM refunds
	 WHERE NOT EXISTS (SELECT FROM refunds AS again WHERE again.retry_of = refunds.id)
	   AND (state IN ('failed', 'canceled') AND closed_at IS NULL AND EXISTS (SELECT FROM refund_lines WHERE refund_id = refunds.id)
	        OR state NOT IN ('failed', 'canceled') AND NOT EXISTS (SELECT FROM refund_lines WHERE refund_id = refunds.id))`,

	`SELECT 'refund_waiting', id, '', order_id, amount_yen, created_at, NULL, ''
	 FROM refunds
	 WHERE state = 'requires_action' AND created_at <= $1::timestamptz - interval '7 days'`,

	`SELECT 'capture_stuck', payments.id, '', orders.id, payments.amount_yen, decided.at, payments.capture_before, ''
	 FROM orders
	 JOIN payments ON payments.order_id = orders.id AND payments.state = 'authorized' AND NOT payments.superseded
	 CROSS JOIN LATERAL (
	     SELECT coalesce(max(text_decided_at), orders.placed_at) AS at, bool_or(text_state = 'pending') AS pending
	     FROM order_lines
	     WHERE order_id = orders.id) AS decided
	 WHERE orders.state IN ('awaiting_payment', 'in_review') AND NOT decided.pending AND decided.at <= $1::timestamptz - interval '1 hour'
	   AND NOT EXISTS (SELECT FROM order_holds WHERE order_id = orders.id AND released_at IS NULL)`,

	`SELECT 'order_stuck', orders.id, '', orders.id, orders.total_yen, orders.approved_at, NULL, ''
	 FROM unmade_orders
	 JOIN orders ON orders.id = unmade_orders.order_id
	 WHERE orders.approved_at <= $1::timestamptz - interval '1 hour'`,

	`SELECT 'call_stuck', id, operation, order_id, 0, planned_at, NULL, ''
	 FROM stripe_calls
	 WHERE state IN ('planned', 'unknown') AND planned_at <= $1::timestamptz - interval '1 hour'`,

	`SELECT CASE WHEN state = 'dead' THEN 'event_dead' ELSE 'event_stuck' END, NULL, id, order_id, 0, received_at, NULL, type
	 FROM stripe_events
	 WHERE state = 'dead' OR (state = 'new' AND received_at <= $1::timestamptz - interval '1 hour')`,

	`SELECT CASE state WHEN 'failed' THEN 'mail_failed' WHEN 'bounced' THEN 'mail_failed' WHEN 'sending' THEN 'mail_unsure' ELSE 'mail_waiting' END,
	        id, key, NULL, 0, created_at, NULL, ''
	 FROM mails
	 WHERE noted_at IS NULL
	   AND (state IN ('failed', 'bounced') OR (state IN ('sending', 'queued') AND created_at <= $1::timestamptz - interval '1 hour'))`,

	`SELECT 'mismatch', id, kind, order_id, amount_yen, found_at, NULL, provider_id
	 FROM mismatches
	 WHERE settled_at IS NULL`,

	`SELECT 'hold', hold.id, hold.reason, hold.order_id, 0, hold.placed_at, NULL,
	        json_build_object('note', hold.note, 'cause', hold.cause)::text
	 FROM order_holds AS hold
	 JOIN orders ON orders.id = hold.order_id
	 WHERE hold.released_at IS NULL
	   AND CASE hold.reason
	       WHEN 'dispute' THEN false
	       WHEN 'late_money' THEN orders.state NOT IN ('expired', 'canceled')
	       WHEN 'external_refund' THEN NOT EXISTS (
	           SELECT FROM refunds
	           WHERE order_id = orders.id AND state NOT IN ('failed', 'canceled')
	             AND NOT EXISTS (SELECT FROM refund_lines WHERE refund_id = refunds.id))
	       WHEN 'refund_failed' THEN NOT EXISTS (
	           SELECT FROM refunds
	           WHERE order_id = orders.id AND state IN ('failed', 'canceled') AND closed_at IS NULL
	             AND EXISTS (SELECT FROM refund_lines WHERE refund_id = refunds.id)
	             AND NOT EXISTS (SELECT FROM refunds AS again WHERE again.retry_of = refunds.id))
	       ELSE true END`,
}

var everyMatter = strings.Join(matterSources, "\nUNION ALL\n")

// matterRow is what the sources have in common. What id, ref and note are depends on the kind.
type matterRow struct {
	Kind    MatterKind `db:"kind"`
	ID      *uuid.UUID `db:"id"`
	Ref     string     `db:"ref"`
	OrderID OrderID    `db:"order_id"`
	Number  string     `db:"number"`
	Amount  yen.Amount `db:"amount"`
	Since   time.Time  `db:"since"`
	Due     *time.Time `db:"due"`
	Note    string     `db:"note"`
}

// Matters lists what staff have to look at, what is due first. An empty list means that every yen
// is where it should be.
func (s *Service) Matters(ctx context.Context) ([]Matter, error) {
	var rows []matterRow
	err := s.db.SelectContext(ctx, &rows, `
		SELECT kind, matter.id, ref, matter.order_id, coalesce(orders.number, '') AS number, amount, since, due, note
		FROM (`+everyMatter+`) AS matter
		LEFT JOIN orders ON orders.id = matter.order_id
		ORDER BY due NULLS LAST, since, kind, matter.id
		LIMIT $2`, s.now(), mattersAtOnce)
	if err != nil {
		return nil, fmt.Errorf("read matters: %w", err)
	}
	if err := s.findOrdersOfMails(ctx, rows); err != nil {
		return nil, err
	}
	matters := make([]Matter, len(rows))
	for i, row := range rows {
		matters[i] = row.matter()
	}
	return matters, nil
}

// CountMatters says how many matters there are.
func (s *Service) CountMatters(ctx context.Context) (int, error) {
	var n int
	if err := s.db.GetContext(ctx, &n, `SELECT count(*) FROM (`+everyMatter+`) AS matter`, s.now()); err != nil {
		return 0, fmt.Errorf("count matters: %w", err)
	}
	return n, nil
}

// findOrdersOfMails fills in the orders of mails, whose keys begin with the order's id.
func (s *Service) findOrdersOfMails(ctx context.Context, rows []matterRow) error {
	of := map[OrderID][]*matterRow{}
	var ids []OrderID
	for i := range rows {
		var order OrderID
		start, _, _ := strings.Cut(rows[i].Ref, ":")
		if strings.HasPrefix(string(rows[i].Kind), "mail_") && order.UnmarshalText([]byte(start)) == nil {
			rows[i].OrderID = order
			of[order], ids = append(of[order], &rows[i]), append(ids, order)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	var found []struct {
		ID     OrderID `db:"id"`
		Number string  `db:"number"`
	}
	if err := s.db.SelectContext(ctx, &found, `SELECT id, number FROM orders WHERE id = ANY($1)`, pq.Array(ids)); err != nil {
		return fmt.Errorf("find orders of mails: %w", err)
	}
	for _, order := range found {
		for _, row := range of[order.ID] {
			row.Number = order.Number
		}
	}
	return nil
}

// LastChecked says when the books were last held against the provider's; a time is zero before the
// first check has ended.
type LastChecked struct {
	Events time.Time // taken in every ten minutes
	Night  time.Time // when payments, refunds and disputes were compared
}

// LastChecked reads when our books were last held against the provider's.
func (s *Service) LastChecked(ctx context.Context) (LastChecked, error) {
	var sweeps []sweep
	err := s.db.SelectContext(ctx, &sweeps, `
		SELECT list, since, until, position, begun_at, ended_at
		FROM provider_sweeps
		WHERE list IN ('events', 'disputes') AND ended_at IS NOT NULL`)
	if err != nil {
		return LastChecked{}, fmt.Errorf("read sweeps: %w", err)
	}
	var last LastChecked
	for _, sweep := range sweeps {
		if sweep.List == "events" {
			last.Events = *sweep.EndedAt
		} else {
			last.Night = *sweep.EndedAt
		}
	}
	return last, nil
}

package orders

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tsukuriba/internal/audit"
	"tsukuriba/internal/id"
	"tsukuriba/internal/postgres"
	"tsukuriba/internal/yen"
)

// RefundOrigin says who began a refund.
type RefundOrigin string

// The origins of refunds. An external one was made in the provider's own console; one by other means
// was handed over by staff, without the provider, instead of one that had failed.
const (
	ByStaff      RefundOrigin = "staff"
	BySystem     RefundOrigin = "system"
	ByProvider   RefundOrigin = "external"
	ByOtherMeans RefundOrigin = "other_means"
)

// Refund is money on its way back, and for what. Lines add up to Amount; an external refund has
// none until staff say what it was for.
type Refund struct {
	ID         RefundID     `db:"id"`
	OrderID    OrderID      `db:"order_id"`
	PaymentID  PaymentID    `db:"payment_id"`
	ClaimID    ClaimID      `db:"claim_id"` // zero unless it settled a claim
	RetryOf    RefundID     `db:"retry_of"` // zero unless it repeats one that failed
	Amount     yen.Amount   `db:"amount_yen"`
	State      RefundState  `db:"state"`
	Origin     RefundOrigin `db:"origin"`
	Reason     RefundReason `db:"reason"`
	Note       string       `db:"note"`
	Failure    string       `db:"failure"` // the provider's code for why it failed
	ProviderID string       `db:"provider_id"`
	Version    int          `db:"version"`
	CreatedAt  time.Time    `db:"created_at"`
	UpdatedAt  time.Time    `db:"updated_at"`

	ClosedAt     *time.Time `db:"closed_at"`     // when staff said that nothing more is owed of one that failed
	ClosedReason string     `db:"closed_reason"` // and why
	Waived       yen.Amount `db:"waived_yen"`    // what of Amount is never given back, neither by this one nor by another

	Lines   []RefundLine
	Retried bool `db:"retried"` // another refund took its place
}

// Over says that the refund will not bring the money back any more.
func (r Refund) Over() bool { return r.State == RefundFailed || r.State == RefundCanceled }

// Retryable says that the refund failed, nothing has taken its place, and it is still owed.
func (r Refund) Retryable() bool { return r.replaceable() && r.ClosedAt == nil }

// replaceable says that another refund may take the place of this one, which failed.
func (r Refund) replaceable() bool { return r.Over() && !r.Retried && !r.Unassigned() }

// counts says that what the refund was for cannot be given back by another one besides: it is on its
// way, has arrived, or its place is free.
func (r Refund) counts() bool { return !r.Over() || r.replaceable() }

// Unassigned says that nobody has said yet what the refund was for.
func (r Refund) Unassigned() bool { return len(r.Lines) == 0 }

// Taxes derives the tax in what is given back, once per rate. A surplus has none.
func (r Refund) Taxes() []TaxLine {
	var amounts []TaxedAmount
	for _, line := range r.Lines {
		if line.Kind != PartSurplus {
			amounts = append(amounts, TaxedAmount{Rate: line.TaxRate, Amount: line.Amount})
		}
	}
	return Taxes(amounts)
}

// OfSurplus says that the refund gives back only money for which nothing was sold.
func (r Refund) OfSurplus() bool {
	return len(r.Lines) > 0 && !slices.ContainsFunc(r.Lines, func(line RefundLine) bool { return line.Kind != PartSurplus })
}

// Refunded is what has been given back of the order or is on its way.
func (o Order) Refunded() yen.Amount {
	var total yen.Amount
	for _, refund := range o.Refunds {
		if !refund.Over() {
			total += refund.Amount
		}
	}
	return total
}

type newRefund struct {
	Refund
	by audit.Actor
}

const selectRefunds = `
	SELECT id, order_id, payment_id, claim_id, retry_of, amount_yen, state, origin, reason, note, failure,
	       coalesce(provider_id, '') AS provider_id, version, created_at, updated_at,
	       closed_at, closed_reason, waived_yen,
	       EXISTS (SELECT FROM refunds AS again WHERE again.retry_of = refunds.id) AS retried
	FROM refunds
	WHERE `

// rank orders the refund states by how much is known. A bank may send a refund back, so failed
// comes after succeeded.
func (s RefundState) rank() int {
	switch s {
	case RefundRequested:
		return 0
	case RefundSubmitting:
		return 1
	case RefundPending:
		return 2
	case RefundRequiresAction:
		return 3
	case RefundSucceeded:
		return 4
	case RefundFailed, RefundCanceled:
		return 5
	default:
		return -1
	}
}

// Refunds lists the refunds of an order, the oldest first.
func (s *Service) Refunds(ctx context.Context, order OrderID) ([]Refund, error) {
	return findRefunds(ctx, s.db, `order_id = $1 ORDER BY created_at, id`, order)
}

// Refund returns one refund, or ErrRefundNotFound.
func (s *Service) Refund(ctx context.Context, id RefundID) (Refund, error) {
	return findRefund(ctx, s.db, id)
}

func findRefund(ctx context.Context, db sqlx.QueryerContext, id RefundID) (Refund, error) {
	refunds, err := findRefunds(ctx, db, `id = $1`, id)
	if err != nil {
		return Refund{}, err
	}
	if len(refunds) == 0 {
		return Refund{}, ErrRefundNotFound
	}
	return refunds[0], nil
}

// findRefunds reads refunds with their lines in two queries, however many they are.
func findRefunds(ctx context.Context, db sqlx.QueryerContext, condition string, args ...any) ([]Refund, error) {
	var refunds []Refund
	if err := sqlx.SelectContext(ctx, db, &refunds, selectRefunds+condition, args...); err != nil {
		return nil, fmt.Errorf("read refunds: %w", err)
	}
	if len(refunds) == 0 {
		return nil, nil
	}
	index := map[RefundID]*Refund{}
	ids := make([]RefundID, len(refunds))
	for i := range refunds {
		ids[i] = refunds[i].ID
		index[ids[i]] = &refunds[i]
	}
	var lines []struct {
		RefundID RefundID `db:"refund_id"`
		RefundLine
	}
	err := sqlx.SelectContext(ctx, db, &lines, `
		SELECT part.refund_id, part.kind, part.order_line_id, part.quantity, part.amount_yen, part.tax_rate
		FROM refund_lines AS part
		LEFT JOIN order_lines AS line ON line.id = part.order_line_id
		WHERE part.refund_id = ANY($1)
		ORDER BY line.position, part.kind DESC`, pq.Array(ids))
	if err != nil {
		return nil, fmt.Errorf("read refund lines: %w", err)
	}
	for _, line := range lines {
		index[line.RefundID].Lines = append(index[line.RefundID].Lines, line.RefundLine)
	}
	return refunds, nil
}

func readRefunds(ctx context.Context, db sqlx.QueryerContext, of chosenOrders, orders map[OrderID]*Order) error {
	refunds, err := findRefunds(ctx, db, `order_id `+of.equals+` ORDER BY created_at, id`, of.value)
	for _, refund := range refunds {
		orders[refund.OrderID].Refunds = append(orders[refund.OrderID].Refunds, refund)
	}
	return err
}

// insertRefund writes a refund below the cap of what its payment captured, and has a job submit
// it if it is the provider's to send. The order is locked.
func (s *Service) insertRefund(ctx context.Context, tx *sqlx.Tx, refund newRefund) (RefundID, error) {
	left, err := refundable(ctx, tx, refund.PaymentID)
	if err != nil {
		return RefundID{}, err
	}
	if refund.Amount > left && refund.Origin != ByProvider { // what has happened is not ours to refuse
		return RefundID{}, fmt.Errorf("%w: %s of %s", ErrRefundTooLarge, refund.Amount, left)
	}
	refund.ID = id.New[refundKind]()
	if refund.Origin != ByProvider {
		refund.State = RefundRequested
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO refunds (id, order_id, payment_id, claim_id, retry_of, amount_yen, state, origin, reason, note, provider_id,
		                     created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, nullif($11, ''), $12, $12)`,
		refund.ID, refund.OrderID, refund.PaymentID, refund.ClaimID, refund.RetryOf, refund.Amount, refund.State, refund.Origin,
		refund.Reason, refund.Note, refund.ProviderID, s.now())
	if err != nil {
		return RefundID{}, fmt.Errorf("insert refund: %w", err)
	}
	if err := insertRefundLines(ctx, tx, refund.Refund); err != nil {
		return RefundID{}, err
	}
	err = audit.Record(ctx, tx, audit.Entry{
		Actor: refund.by, Action: "refund." + string(refund.State), Subject: refund.OrderID.String(),
		Detail: map[string]any{"refund": refund.ID, "amount": refund.Amount, "origin": refund.Origin, "reason": refund.Reason},
	})
	if err != nil || refund.Origin == ByProvider || refund.Origin == ByOtherMeans {
		return refund.ID, err
	}
	return refund.ID, s.bus.Announce(ctx, tx, RefundDue{RefundID: refund.ID})
}

func insertRefundLines(ctx context.Context, tx *sqlx.Tx, refund Refund) error {
	for _, line := range refund.Lines {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO refund_lines (refund_id, kind, order_line_id, quantity, amount_yen, tax_rate)
			VALUES ($1, $2, $3, $4, $5, $6)`, refund.ID, line.Kind, line.LineID, line.Quantity, line.Amount, line.TaxRate)
		if err != nil {
			return fmt.Errorf("insert refund line: %w", err)
		}
	}
	return nil
}

// SubmitRefund asks the provider to give the money back. Before it repeats a call whose outcome
// is not known, it looks whether the refund exists. What came by bank waits for staff to send it.
func (s *Service) SubmitRefund(ctx context.Context, event RefundDue) error {
	payment, err := s.findPayment(ctx, `id = (SELECT payment_id FROM refunds WHERE id = $1)`, event.RefundID)
	if err != nil || payment.Method == ByInvoice {
		return err
	}
	refund, err := s.changeRefund(ctx, event.RefundID, RefundSnapshot{State: RefundSubmitting})
	if err != nil || refund.State != RefundSubmitting {
		return err
	}
	contact, err := s.contact(ctx, s.db, refund.OrderID)
	if err != nil {
		return err
	}
	request := RefundRequest{
		RefundID: refund.ID, OrderID: refund.OrderID, IntentID: payment.IntentID, Amount: refund.Amount, Email: contact.Email,
	}
	plan := callPlan{
		operation: "refund", subject: refund.ID.String(), order: refund.OrderID, payment: refund.PaymentID, params: request,
		stands: func(ctx context.Context) (string, error) {
			made, err := s.refundAtProvider(ctx, request)
			return made.ID, err
		},
	}
	err = s.call(ctx, plan, func(key string) (effect, error) {
		made, err := s.makeRefund(ctx, key, request)
		return effect{object: made.ID}, err
	})
	if errors.Is(err, ErrGatewayRefused) {
		_, err = s.changeRefund(ctx, refund.ID, RefundSnapshot{State: RefundFailed, Failure: "refused"})
		return err
	}
	if err != nil {
		return fmt.Errorf("submit refund %s: %w", refund.ID, err)
	}
	return s.Apply(ctx, payment.ID)
}

// makeRefund finds the refund that an earlier call made, or makes it. The provider forgets keys
// after a day, the refund itself stays.
func (s *Service) makeRefund(ctx context.Context, key string, request RefundRequest) (RefundSnapshot, error) {
	made, err := s.refundAtProvider(ctx, request)
	if err != nil || made.ID != "" {
		return made, err
	}
	return s.gateway.Refund(ctx, key, request)
}

// refundAtProvider looks for the refund at the provider; none is the zero snapshot.
func (s *Service) refundAtProvider(ctx context.Context, request RefundRequest) (RefundSnapshot, error) {
	made, err := s.gateway.Refunds(ctx, request.IntentID)
	for _, refund := range made {
		if refund.RefundID == request.RefundID {
			return refund, nil
		}
	}
	return RefundSnapshot{}, err
}

// changeRefund moves a refund by our own decision.
func (s *Service) changeRefund(ctx context.Context, id RefundID, to RefundSnapshot) (Refund, error) {
	var refund Refund
	err := postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) (err error) {
		var order Order
		if order, refund, err = lockRefund(ctx, tx, id); err != nil {
			return err
		}
		return s.moveRefund(ctx, tx, &order, &refund, to)
	})
	return refund, err
}

// lockRefund locks the order of a refund, which covers the refund, and reads both.
func lockRefund(ctx context.Context, tx *sqlx.Tx, id RefundID) (Order, Refund, error) {
	var of OrderID
	err := tx.GetContext(ctx, &of, `SELECT order_id FROM refunds WHERE id = $1`, id)
	if errors.Is(err, sql.ErrNoRows) {
		return Order{}, Refund{}, ErrRefundNotFound
	}
	if err != nil {
		return Order{}, Refund{}, fmt.Errorf("find refund: %w", err)
	}
	order, err := lockOrder(ctx, tx, of)
	if err != nil {
		return Order{}, Refund{}, err
	}
	refund, err := findRefund(ctx, tx, id)
	return order, refund, err
}

// moveRefund is the only function that writes a refund's state; it only moves upward. The order
// is locked.
func (s *Service) moveRefund(ctx context.Context, tx *sqlx.Tx, order *Order, refund *Refund, to RefundSnapshot) error {
	if to.State.rank() <= refund.State.rank() {
		return nil
	}
	from := refund.State
	result, err := tx.ExecContext(ctx, `
		UPDATE refunds
		SET state = $4, version = version + 1, provider_id = coalesce(provider_id, nullif($5, '')), failure = $6, updated_at = $7
		WHERE id = $1 AND state = $2 AND version = $3`, refund.ID, from, refund.Version, to.State, to.ID, to.Failure, s.now())
	if err != nil {
		return fmt.Errorf("update refund: %w", err)
	}
	if rows, err := result.RowsAffected(); err != nil || rows == 0 {
		return errors.Join(ErrStale, err)
	}
	refund.State, refund.Version, refund.Failure = to.State, refund.Version+1, to.Failure
	err = audit.Record(ctx, tx, audit.Entry{
		Actor: system, Action: "refund." + string(to.State), Subject: refund.OrderID.String(),
		Detail: map[string]any{"refund": refund.ID, "from": from, "failure": to.Failure},
	})
	if err != nil {
		return err
	}
	return s.followRefund(ctx, tx, order, *refund)
}

// followRefund announces where a refund has arrived. One that failed in the end puts the order on
// hold until it is tried again or closed.
func (s *Service) followRefund(ctx context.Context, tx *sqlx.Tx, order *Order, refund Refund) error {
	switch refund.State {
	case RefundSucceeded:
		return s.bus.Announce(ctx, tx, OrderRefunded{OrderID: refund.OrderID, RefundID: refund.ID})
	case RefundRequiresAction:
		return s.bus.Announce(ctx, tx, BankDetailsWanted{OrderID: refund.OrderID, RefundID: refund.ID})
	case RefundFailed, RefundCanceled:
		cause := &Cause{Code: CauseRefundFailed, Amount: refund.Amount}
		return s.placeHold(ctx, tx, order, holdOrder{reason: HoldRefundFailed, cause: cause, by: system})
	default:
		return nil
	}
}

// applyRefunds brings our refunds up to what the provider lists. One that we did not make is
// noted as external, and the order waits until staff say what it was for.
func (s *Service) applyRefunds(ctx context.Context, tx *sqlx.Tx, order *Order, payment Payment, listed []RefundSnapshot) error {
	for _, snapshot := range listed {
		refund, err := s.knownRefund(ctx, tx, order, payment, snapshot)
		if err != nil {
			return err
		}
		if err := s.moveRefund(ctx, tx, order, &refund, snapshot); err != nil {
			return err
		}
		effect := entry{order: order.ID, payment: payment.ID, amount: snapshot.Amount, provider: snapshot.ID, at: s.now()}
		if err := bookRefund(ctx, tx, order, refund.State, effect); err != nil {
			return err
		}
	}
	return nil
}

// bookRefund enters that money was given back, or that what was given back has returned.
func bookRefund(ctx context.Context, tx *sqlx.Tx, order *Order, state RefundState, effect entry) error {
	change := -effect.amount
	switch state {
	case RefundSucceeded:
		effect.kind = "refund"
	case RefundFailed, RefundCanceled:
		left, err := entered(ctx, tx, effect.provider, "refund")
		if err != nil || !left {
			return err
		}
		effect.kind, change = "refund_returned", effect.amount
	default:
		return nil
	}
	isNew, err := enter(ctx, tx, effect)
	if isNew {
		order.Paid += change
	}
	return err
}

func (s *Service) knownRefund(ctx context.Context, tx *sqlx.Tx, order *Order, payment Payment, snapshot RefundSnapshot) (Refund, error) {
	known, err := findRefunds(ctx, tx, `provider_id = $1 OR id = $2`, snapshot.ID, snapshot.RefundID)
	if err != nil {
		return Refund{}, err
	}
	if len(known) > 0 {
		return known[0], nil
	}
	hold := holdOrder{reason: HoldExternalRefund, cause: &Cause{Code: CauseExternalRefund, Amount: snapshot.Amount}, by: system}
	if err := s.placeHold(ctx, tx, order, hold); err != nil {
		return Refund{}, err
	}
	id, err := s.insertRefund(ctx, tx, newRefund{by: system, Refund: Refund{
		OrderID: order.ID, PaymentID: payment.ID, Amount: snapshot.Amount, State: snapshot.State, Origin: ByProvider,
		Reason: RefundExternal, ProviderID: snapshot.ID,
	}})
	if err != nil {
		return Refund{}, err
	}
	return findRefund(ctx, tx, id)
}

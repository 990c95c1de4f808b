package orders

import (
	"context"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/jmoiron/sqlx"

	"tsukuriba/catalog"
	"tsukuriba/internal/audit"
	"tsukuriba/internal/postgres"
	"tsukuriba/internal/yen"
)

// RefundReason says why money is given back.
type RefundReason string

// The reasons of refunds that nobody chose.
const (
	RefundCanceledOrder RefundReason = "canceled"
	RefundLateMoney     RefundReason = "late_money"
	RefundExternal      RefundReason = "external"
	RefundSurplus       RefundReason = "surplus" // more was transferred than was to be paid
)

// RefundReasons are those that staff choose from. With "other" a note is wanted.
var RefundReasons = []RefundReason{"defect", "damaged", "lost", "unavailable", "returned", "goodwill", "other"}

// maxRefundNote is how long staff may write about a refund.
const maxRefundNote = 500

// RefundOrder is a refund that staff want. What it comes to is for us to say; Amount may name
// less than that, as a gesture: then the pieces stay with the customer, and Note tells why.
type RefundOrder struct {
	Order  OrderID
	Parts  []RefundPart
	Amount yen.Amount // 0 for all that the parts come to
	Reason RefundReason
	Note   string
	Seen   *int // how many refunds the order had for whoever decided this; nil for any

	claim ClaimID
}

func (r RefundOrder) check() error {
	fields := map[string]string{}
	require(fields, "reason", string(r.Reason))
	if r.Reason != "" && !slices.Contains(RefundReasons, r.Reason) {
		fields["reason"] = "unknown"
	}
	if r.Amount < 0 {
		fields["amount"] = "invalid"
	}
	if r.Amount != 0 || r.Reason == "other" {
		require(fields, "note", r.Note)
	}
	if !utf8.ValidString(r.Note) {
		fields["note"] = "invalid"
	} else if utf8.RuneCountInString(r.Note) > maxRefundNote {
		fields["note"] = "too_long"
	}
	if len(r.Parts) == 0 {
		fields["lines"] = "required"
	}
	if len(fields) > 0 {
		return &FormError{Fields: fields}
	}
	return nil
}

// Refund prices a request against what is left of the order, and promises nothing. Errors:
// ErrWrongState before the money is taken for good, ErrNotPaid, ErrRefundTooLarge, ErrStale if
// there is a refund that was not seen, *FormError.
func (o Order) Refund(request RefundOrder) (Refund, error) {
	if err := request.check(); err != nil {
		return Refund{}, err
	}
	if request.Seen != nil && *request.Seen != len(o.Refunds) {
		return Refund{}, ErrStale
	}
	payment := o.captured()
	switch {
	case payment == nil:
		return Refund{}, ErrNotPaid
	case o.State == AwaitingPayment || o.State == InReview:
		return Refund{}, wrongState("refund", o.State)
	}
	lines, err := price(o.Refundable(), request.Parts)
	if err != nil {
		return Refund{}, err
	}
	if request.Amount > sum(lines) {
		return Refund{}, fmt.Errorf("%w: %s of %s", ErrRefundTooLarge, request.Amount, sum(lines))
	}
	if request.Amount > 0 && request.Amount < sum(lines) {
		lines = asPart(lines, request.Amount)
	}
	return Refund{
		OrderID: o.ID, PaymentID: payment.ID, ClaimID: request.claim, Amount: sum(lines), Origin: ByStaff,
		Reason: request.Reason, Note: request.Note, Lines: lines,
	}, nil
}

// RequestRefund promises money back for parts of an order; a job submits it. Pieces that were not
// shipped are not sent any more: stock goes back to the shelf, what was not started is dropped,
// and an order of which nothing is left is canceled. Errors: ErrOrderNotFound, ErrNotPaid,
// ErrWrongState, ErrStale, ErrRefundTooLarge, *FormError ("lines", "amount", "reason", "note").
func (s *Service) RequestRefund(ctx context.Context, by audit.Actor, request RefundOrder) (Refund, error) {
	var refund Refund
	_, err := s.change(ctx, "refund", request.Order, func(tx *sqlx.Tx, order *Order) (err error) {
		refund, err = s.refundParts(ctx, tx, by, order, request)
		return err
	})
	return refund, err
}

func (s *Service) refundParts(ctx context.Context, tx *sqlx.Tx, by audit.Actor, order *Order, request RefundOrder) (Refund, error) {
	wanted, err := order.Refund(request)
	if err != nil {
		return Refund{}, err
	}
	id, err := s.insertRefund(ctx, tx, newRefund{by: by, Refund: wanted})
	if err != nil {
		return Refund{}, err
	}
	refund, err := findRefund(ctx, tx, id)
	if err != nil {
		return Refund{}, err
	}
	return refund, s.giveUpPieces(ctx, tx, order, refund, by)
}

// giveUpPieces lets the order follow a refund: what is refunded before it is sent stays here.
func (s *Service) giveUpPieces(ctx context.Context, tx *sqlx.Tx, order *Order, refund Refund, by audit.Actor) (err error) {
	given := slices.ContainsFunc(refund.Lines, func(line RefundLine) bool { return line.Kind == PartLine && line.Quantity > 0 })
	inHouse := order.State == Approved || order.State == InProduction || order.State == Ready
	if !given || !inHouse || order.payment(refund.PaymentID).Superseded {
		return nil
	}
	if err := s.releasePieces(ctx, tx, refund.Lines); err != nil {
		return err
	}
	if *order, err = lockOrder(ctx, tx, order.ID); err != nil {
		return err
	}
	if err := s.bus.Announce(ctx, tx, PiecesRefunded{OrderID: order.ID}); err != nil {
		return err
	}
	if err := s.settle(ctx, tx, order, by); err != nil {
		return err
	}
	return s.endRefunded(ctx, tx, order, by)
}

// endRefunded cancels an order of which nothing is left to send, unless pieces are being made:
// those are finished first. Whatever was kept, such as shipping, goes back, too.
func (s *Service) endRefunded(ctx context.Context, tx *sqlx.Tx, order *Order, by audit.Actor) error {
	if order.State != Approved && order.State != Ready || !order.nothingToSend() {
		return nil
	}
	return s.cancel(ctx, tx, order, step{to: Canceled, by: by, reason: "refunded"})
}

// releasePieces puts refunded pieces that were reserved back onto the shelf.
func (s *Service) releasePieces(ctx context.Context, tx *sqlx.Tx, lines []RefundLine) error {
	var changes []catalog.StockChange
	for _, line := range lines {
		if line.Kind != PartLine || line.Quantity == 0 {
			continue
		}
		var variants []catalog.VariantID
		err := tx.SelectContext(ctx, &variants, `
			UPDATE stock_reservations
			SET quantity = CASE WHEN quantity > $2 THEN quantity - $2 ELSE quantity END,
			    state = CASE WHEN quantity > $2 THEN state ELSE 'released' END
			WHERE order_line_id = $1 AND state = 'held'
			RETURNING variant_id`, line.LineID, line.Quantity)
		if err != nil {
			return fmt.Errorf("release refunded pieces: %w", err)
		}
		for _, variant := range variants {
			changes = append(changes, catalog.StockChange{Variant: variant, Quantity: line.Quantity})
		}
	}
	if len(changes) == 0 {
		return nil
	}
	return s.catalog.Release(ctx, tx, changes)
}

// returnAll gives back all that is left of a payment.
func (s *Service) returnAll(ctx context.Context, tx *sqlx.Tx, order Order, refund newRefund) error {
	refund.OrderID, refund.Origin = order.ID, BySystem
	refund.Lines = order.everything(refund.PaymentID, refund.Amount)
	_, err := s.insertRefund(ctx, tx, refund)
	return err
}

// AssignRefund says what a refund was for that was made at the provider, and lets its order go on
// once that is known of all. The parts have to come to its amount, or to more: then it was a part
// of their price. Parts that a refund of ours was to give back and could not are given back by this
// one: it takes its place. If staff have closed that one, less than its amount is enough. Errors:
// ErrRefundNotFound, ErrRefundAssigned, ErrRefundTooLarge, *FormError ("lines").
func (s *Service) AssignRefund(ctx context.Context, by audit.Actor, id RefundID, parts []RefundPart) (Refund, error) {
	return s.onRefund(ctx, "assign", id, func(tx *sqlx.Tx, order *Order, refund *Refund) error {
		found, err := order.assign(*refund, parts)
		if err != nil {
			return err
		}
		refund.Lines, refund.RetryOf = found.lines, found.instead
		if err := insertRefundLines(ctx, tx, *refund); err != nil {
			return err
		}
		if err := takePlace(ctx, tx, *refund); err != nil {
			return err
		}
		if err := recordOn(ctx, tx, *order, by, "refund.assigned"); err != nil {
			return err
		}
		if *order, err = lockOrder(ctx, tx, order.ID); err != nil {
			return err
		}
		given := *refund
		given.Lines = found.fresh
		if err := s.giveUpPieces(ctx, tx, order, given, by); err != nil {
			return err
		}
		if refund.State == RefundSucceeded { // now its note can be issued; the customer was told when it arrived
			if err := s.bus.Announce(ctx, tx, OrderRefunded{OrderID: order.ID, RefundID: refund.ID}); err != nil {
				return err
			}
		}
		return s.liftExplained(ctx, tx, order, by)
	})
}

// takePlace notes that an external refund was made instead of one that failed. If that one was
// closed, so much less of it is waived.
func takePlace(ctx context.Context, tx *sqlx.Tx, refund Refund) error {
	if refund.RetryOf.IsZero() {
		return nil
	}
	_, err := tx.ExecContext(ctx, `
		WITH replaced AS (
			UPDATE refunds
			SET waived_yen = greatest(waived_yen - $3, 0)
			WHERE id = $2)
		UPDATE refunds
		SET retry_of = $2
		WHERE id = $1`, refund.ID, refund.RetryOf, refund.Amount)
	if err != nil {
		return fmt.Errorf("take the place of a refund: %w", err)
	}
	return nil
}

// liftExplained ends the holds for refunds about which nothing is left to say or to try.
func (s *Service) liftExplained(ctx context.Context, tx *sqlx.Tx, order *Order, by audit.Actor) error {
	if !slices.ContainsFunc(order.Refunds, Refund.Unassigned) {
		if err := s.liftHold(ctx, tx, order, holdOrder{reason: HoldExternalRefund, by: by}); err != nil {
			return err
		}
	}
	if slices.ContainsFunc(order.Refunds, Refund.Retryable) {
		return nil
	}
	return s.liftHold(ctx, tx, order, holdOrder{reason: HoldRefundFailed, by: by})
}

// explanation is what an external refund was for. Fresh are those lines that nothing had given back
// before; instead is the refund that failed and whose place it takes, or zero.
type explanation struct {
	lines, fresh []RefundLine
	instead      RefundID
}

func (o Order) assign(refund Refund, parts []RefundPart) (explanation, error) {
	if !refund.Unassigned() {
		return explanation{}, ErrRefundAssigned
	}
	for _, failed := range o.Refunds {
		rest, named := failed.without(parts)
		if !named || !failed.replaceable() || failed.PaymentID != refund.PaymentID {
			continue
		}
		if failed.Amount > refund.Amount {
			if failed.ClosedAt == nil {
				continue
			}
			return explanation{lines: failed.inPart(refund.Amount), instead: failed.ID}, nil
		}
		fresh, err := o.explain(refund.PaymentID, refund.Amount-failed.Amount, rest)
		return explanation{lines: joined(failed.Lines, fresh), fresh: fresh, instead: failed.ID}, err
	}
	lines, err := o.explain(refund.PaymentID, refund.Amount, parts)
	return explanation{lines: lines, fresh: lines}, err
}

// explain prices what an amount was for that has gone already.
func (o Order) explain(payment PaymentID, amount yen.Amount, parts []RefundPart) ([]RefundLine, error) {
	if amount == 0 {
		return nil, nil
	}
	lines, err := price(o.refundable(payment, Refund.counts), parts)
	switch {
	case err != nil:
		return nil, err
	case amount > sum(lines):
		return nil, fmt.Errorf("%w: the parts come to %s, the refund was %s", ErrRefundTooLarge, sum(lines), amount)
	case amount < sum(lines):
		return asPart(lines, amount), nil
	}
	return lines, nil
}

// RetryRefund tries a refund again that failed, as a new one of the same parts. Errors:
// ErrRefundNotFound, ErrRefundNotFailed, ErrRefundTooLarge.
func (s *Service) RetryRefund(ctx context.Context, by audit.Actor, id RefundID) (Refund, error) {
	return s.onRefund(ctx, "retry", id, func(tx *sqlx.Tx, order *Order, refund *Refund) error {
		if !refund.Retryable() {
			return ErrRefundNotFailed
		}
		again := newRefund{by: by, Refund: *refund}
		again.RetryOf, again.ProviderID, again.ClaimID = refund.ID, "", ClaimID{}
		if again.Origin == ByProvider {
			again.Origin = ByStaff
		}
		next, err := s.insertRefund(ctx, tx, again)
		if err != nil {
			return err
		}
		if *refund, err = findRefund(ctx, tx, next); err != nil {
			return err
		}
		if *order, err = lockOrder(ctx, tx, order.ID); err != nil || slices.ContainsFunc(order.Refunds, Refund.Retryable) {
			return err
		}
		return s.liftHold(ctx, tx, order, holdOrder{reason: HoldRefundFailed, by: by})
	})
}

func (s *Service) onRefund(ctx context.Context, act string, id RefundID, do func(*sqlx.Tx, *Order, *Refund) error) (Refund, error) {
	var refund Refund
	err := postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) (err error) {
		var order Order
		if order, refund, err = lockRefund(ctx, tx, id); err != nil {
			return err
		}
		return do(tx, &order, &refund)
	})
	if err != nil {
		return Refund{}, fmt.Errorf("%s refund %s: %w", act, id, err)
	}
	return refund, nil
}

package orders

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"tsukuriba/internal/audit"
	"tsukuriba/internal/jst"
	"tsukuriba/internal/yen"
)

// ErrWriteOffTooLarge says that more is missing than a bank takes for a transfer.
var ErrWriteOffTooLarge = errors.New("more is missing than a bank's fee may come to")

// WriteOff is what staff let go of an order by invoice whose payer's bank took its fee out of the
// transfer. Amount is what they saw missing.
type WriteOff struct {
	Order  OrderID
	Amount yen.Amount
	Reason string
}

// maxWriteOffReason is the longest reason in characters.
const maxWriteOffReason = 500

// Owed is what the order is to be paid with: its total less what was written off.
func (o *Order) Owed() yen.Amount { return o.Total - o.WrittenOff }

// Missing is what has not come yet of what is owed.
func (o *Order) Missing() yen.Amount { return max(o.Owed()-o.Captured, 0) }

// MayWriteOff is the rule about writing off: money came by transfer, and not more is missing than most.
// Errors: ErrWrongState unless the order waits for a transfer and nothing was written off before, ErrNotPaid before any came,
// ErrWriteOffTooLarge.
func (o *Order) MayWriteOff(most yen.Amount) error {
	waits := o.State == AwaitingPayment || o.heldFor(HoldUnpaid)
	switch {
	case o.byInvoice() == nil || !waits || o.WrittenOff > 0 || o.Missing() == 0:
		return wrongState("write off a fee of", o.State)
	case o.Captured == 0:
		return ErrNotPaid
	case o.Missing() > most:
		return fmt.Errorf("%w: %s of %s", ErrWriteOffTooLarge, o.Missing(), most)
	}
	return nil
}

func (w WriteOff) check(order *Order) error {
	fields := map[string]string{}
	require(fields, "reason", w.Reason)
	if problem := checkNote(w.Reason, maxWriteOffReason); problem != "" {
		fields["reason"] = problem
	}
	if len(fields) > 0 {
		return &FormError{Fields: fields}
	}
	if w.Amount != order.Missing() {
		return ErrStale
	}
	return nil
}

// WriteOffFee lets go of what a transfer is short by because of its fee, so that the order counts as
// paid: in the books it is a discount on what was sold (売上値引き), for which below 10,000 yen no return
// invoice need be given (消費税法 第57条の4 第3項 ただし書, 同法施行令 第70条の9 第3項 第2号). Doing it twice
// is fine. Should the rest come after all, it is surplus. Errors: ErrOrderNotFound, those of
// MayWriteOff, ErrStale if another amount is missing than was seen, *FormError ("reason").
func (s *Service) WriteOffFee(ctx context.Context, by audit.Actor, wanted WriteOff) (Order, error) {
	wanted.Reason = strings.TrimSpace(wanted.Reason)
	window, err := s.windowNow(ctx, wanted.Order)
	if err != nil {
		return Order{}, fmt.Errorf("write off a fee of order %s: %w", wanted.Order, err)
	}
	return s.change(ctx, "write off a fee of", wanted.Order, func(tx *sqlx.Tx, order *Order) error {
		if order.WrittenOff > 0 && order.WrittenOff == wanted.Amount {
			return nil
		}
		most, err := writeOffLimit(ctx, tx, s.now())
		if err != nil {
			return err
		}
		if err := order.MayWriteOff(most); err != nil {
			return err
		}
		if err := wanted.check(order); err != nil {
			return err
		}
		payment := *order.byInvoice()
		_, err = enter(ctx, tx, entry{
			order: order.ID, payment: payment.ID, kind: "written_off", amount: wanted.Amount, provider: "write_off:" + payment.ID.String(), at: s.now(),
		})
		if err != nil {
			return err
		}
		order.WrittenOff = wanted.Amount
		err = audit.Record(ctx, tx, audit.Entry{
			Actor: by, Action: "order.fee_written_off", Subject: order.ID.String(),
			Detail: map[string]any{"amount": wanted.Amount, "reason": wanted.Reason},
		})
		if err != nil {
			return err
		}
		return s.followTransfers(ctx, tx, order, follow{by, window})
	})
}

// WriteOffLimit is the most that may be written off today.
func (s *Service) WriteOffLimit(ctx context.Context) (yen.Amount, error) {
	return writeOffLimit(ctx, s.db, s.now())
}

func writeOffLimit(ctx context.Context, db sqlx.QueryerContext, now time.Time) (most yen.Amount, err error) {
	err = sqlx.GetContext(ctx, db, &most, `
		SELECT coalesce((
			SELECT price_yen
			FROM own_prices
			WHERE key = $1 AND valid_from <= $2
			ORDER BY valid_from DESC
			LIMIT 1), 0)`, WriteOffKey, jst.Date(now))
	if err != nil {
		return 0, fmt.Errorf("read limit of writing off: %w", err)
	}
	return most, nil
}

// writtenOff divides what was written off among the tax rates of the order.
func (o *Order) writtenOff() []TaxedAmount {
	if o.WrittenOff == 0 {
		return nil
	}
	rates := o.Taxes()
	totals := make([]yen.Amount, len(rates))
	for i, rate := range rates {
		totals[i] = rate.Total
	}
	parts := make([]TaxedAmount, len(rates))
	for i, share := range apportion(o.WrittenOff, totals) {
		parts[i] = TaxedAmount{Rate: rates[i].Rate, Amount: share}
	}
	return parts
}

// soldTaxes is the tax in what was received for the order, once per rate: a fee that was written off is
// not received.
func (o *Order) soldTaxes() []TaxLine {
	var amounts []TaxedAmount
	for _, rate := range o.Taxes() {
		amounts = append(amounts, TaxedAmount{Rate: rate.Rate, Amount: rate.Total})
	}
	for _, part := range o.writtenOff() {
		amounts = append(amounts, TaxedAmount{Rate: part.Rate, Amount: -part.Amount})
	}
	return Taxes(amounts)
}

// receipted lists what was received: what the order costs, less what was written off.
func (o *Order) receipted() []SheetItem {
	items := o.priced()
	for _, part := range o.writtenOff() {
		if part.Amount > 0 {
			items = append(items, SheetItem{Kind: ItemBankFee, Amount: -part.Amount, TaxRate: part.Rate})
		}
	}
	return items
}

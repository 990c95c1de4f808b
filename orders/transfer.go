package orders

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jmoiron/sqlx"

	"tsukuriba/internal/audit"
	"tsukuriba/internal/id"
	"tsukuriba/internal/jst"
	"tsukuriba/internal/postgres"
	"tsukuriba/internal/text"
	"tsukuriba/internal/yen"
)

// Transfer is money that staff read on the statement of our bank account. Payer and Note are
// class B: stored sealed.
type Transfer struct {
	ID        TransferID `json:"-" db:"id"`
	OrderID   OrderID    `json:"-" db:"order_id"`
	PaymentID PaymentID  `json:"-" db:"payment_id"`
	Amount    yen.Amount `json:"-" db:"amount_yen"`
	ValueDate time.Time  `json:"-" db:"value_date"` // the day on the statement; only its date counts
	Reference string     `json:"-" db:"reference"`  // the bank's own number of it, or ""
	EnteredAt time.Time  `json:"-" db:"entered_at"`
	UndoneAt  *time.Time `json:"-" db:"undone_at"`
	Payer     string     `json:"payer" db:"-"` // as the bank writes it
	Note      string     `json:"note,omitempty" db:"-"`
}

// TransferEntry is a transfer as staff enter it.
type TransferEntry struct {
	Order     OrderID
	Amount    yen.Amount
	ValueDate time.Time
	Payer     string
	Reference string
	Note      string
}

// What staff may enter. More than maxTransfer is surely one zero too many.
const (
	maxTransfer     yen.Amount = 99_999_999
	maxReference    int        = 60
	maxTransferNote int        = 500
)

// EnterTransfer books money that was transferred for an order by invoice. What is enough lets the
// order go on, what is less stays booked until the rest comes, and what comes for an order that has
// ended is late money. The same transfer entered twice has one effect: it is known by the bank's
// reference and its day, or without one by day, amount and payer. Errors: ErrOrderNotFound,
// ErrWrongState for an order without an invoice, ErrTransferKnown for the reference of another
// order, *FormError ("amount", "value_date", "payer", "reference", "note").
func (s *Service) EnterTransfer(ctx context.Context, by audit.Actor, entry TransferEntry) (Order, error) {
	window, err := s.windowNow(ctx, entry.Order)
	if err != nil {
		return Order{}, fmt.Errorf("enter a transfer for order %s: %w", entry.Order, err)
	}
	return s.change(ctx, "enter a transfer for", entry.Order, func(tx *sqlx.Tx, order *Order) error {
		payment := order.byInvoice()
		if payment == nil {
			return wrongState("enter a transfer", order.State)
		}
		if err := entry.check(order.PlacedAt, s.now()); err != nil {
			return err
		}
		booked, err := s.transfers(ctx, tx, order.ID)
		if err != nil || slices.ContainsFunc(booked, entry.same) {
			return err
		}
		made, err := s.insertTransfer(ctx, tx, *payment, entry)
		if err != nil {
			return err
		}
		if _, err := enter(ctx, tx, made.effect("capture")); err != nil {
			return err
		}
		if err := recordTransfer(ctx, tx, by, made, "transfer.entered"); err != nil {
			return err
		}
		return s.followTransfers(ctx, tx, order, follow{by, window})
	})
}

func (e *TransferEntry) check(placed, now time.Time) error {
	e.Payer, e.Reference, e.Note = strings.TrimSpace(e.Payer), strings.TrimSpace(e.Reference), strings.TrimSpace(e.Note)
	fields := map[string]string{}
	if e.Amount <= 0 || e.Amount > maxTransfer {
		fields["amount"] = "invalid"
	}
	if day := jst.Date(e.ValueDate); e.ValueDate.IsZero() || day < jst.Date(placed) || day > jst.Date(now) {
		fields["value_date"] = "invalid"
	}
	require(fields, "payer", e.Payer)
	for name, value := range map[string]string{"payer": e.Payer, "reference": e.Reference} {
		if reason := checkText(value); reason != "" {
			fields[name] = reason
		}
	}
	if utf8.RuneCountInString(e.Reference) > maxReference {
		fields["reference"] = "too_long"
	}
	if !utf8.ValidString(e.Note) {
		fields["note"] = "invalid"
	} else if utf8.RuneCountInString(e.Note) > maxTransferNote {
		fields["note"] = "too_long"
	}
	if len(fields) > 0 {
		return &FormError{Fields: fields}
	}
	return nil
}

// same says whether a transfer of the same order that was entered before is this one.
func (e *TransferEntry) same(booked Transfer) bool {
	if booked.UndoneAt != nil || booked.ValueDate.Format(time.DateOnly) != jst.Date(e.ValueDate) || booked.Reference != e.Reference {
		return false
	}
	return e.Reference != "" || booked.Amount == e.Amount && text.Fold(booked.Payer) == text.Fold(e.Payer)
}

// effect is the transfer's entry in the ledger, on the day on which the money was ours.
func (t Transfer) effect(kind string) entry {
	year, month, day := t.ValueDate.Date()
	return entry{
		order: t.OrderID, payment: t.PaymentID, kind: kind, amount: t.Amount, provider: "transfer:" + t.ID.String(),
		at: time.Date(year, month, day, 0, 0, 0, 0, jst.Zone),
	}
}

func transferContext(id TransferID) string { return "orders.transfer:" + id.String() }

func (s *Service) insertTransfer(ctx context.Context, tx *sqlx.Tx, payment Payment, entry TransferEntry) (Transfer, error) {
	made := Transfer{
		ID: id.New[transferKind](), OrderID: payment.OrderID, PaymentID: payment.ID, Amount: entry.Amount,
		ValueDate: jst.Midnight(entry.ValueDate), Reference: entry.Reference, EnteredAt: s.now(), Payer: entry.Payer, Note: entry.Note,
	}
	sealed, err := sealJSON(s.seal, transferContext(made.ID), made)
	if err != nil {
		return Transfer{}, err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO transfers (id, order_id, payment_id, amount_yen, value_date, reference, sealed, entered_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		made.ID, made.OrderID, made.PaymentID, made.Amount, jst.Date(made.ValueDate), made.Reference, sealed, made.EnteredAt)
	if postgres.Violates(err, "transfer_reference_once") {
		return Transfer{}, ErrTransferKnown
	}
	if err != nil {
		return Transfer{}, fmt.Errorf("insert transfer: %w", err)
	}
	return made, nil
}

func recordTransfer(ctx context.Context, tx *sqlx.Tx, by audit.Actor, transfer Transfer, action string) error {
	return audit.Record(ctx, tx, audit.Entry{
		Actor: by, Action: action, Subject: transfer.OrderID.String(),
		Detail: map[string]any{"transfer": transfer.ID, "amount": transfer.Amount, "value_date": transfer.ValueDate.Format(time.DateOnly)},
	})
}

// Transfers lists what was transferred for an order, the oldest first, with what was taken back.
func (s *Service) Transfers(ctx context.Context, order OrderID) ([]Transfer, error) {
	return s.transfers(ctx, s.db, order)
}

func (s *Service) transfers(ctx context.Context, db sqlx.QueryerContext, order OrderID) ([]Transfer, error) {
	var rows []struct {
		Transfer
		Sealed []byte `db:"sealed"`
	}
	err := sqlx.SelectContext(ctx, db, &rows, `
		SELECT id, order_id, payment_id, amount_yen, value_date, reference, sealed, entered_at, undone_at
		FROM transfers
		WHERE order_id = $1
		ORDER BY entered_at, id`, order)
	if err != nil {
		return nil, fmt.Errorf("read transfers: %w", err)
	}
	transfers := make([]Transfer, len(rows))
	for i, row := range rows {
		if err := openJSON(s.seal, transferContext(row.ID), row.Sealed, &row.Transfer); err != nil {
			return nil, err
		}
		transfers[i] = row.Transfer
	}
	return transfers, nil
}

// follow is who entered a transfer, and what could be promised for its order at that moment.
type follow struct {
	by     audit.Actor
	window Window
}

// followTransfers lets payment and order follow what has been transferred by now. An order that
// was paid so late that its promise cannot be kept gets another one. The order is locked.
func (s *Service) followTransfers(ctx context.Context, tx *sqlx.Tx, order *Order, follow follow) error {
	payment := *order.byInvoice()
	there, err := refundable(ctx, tx, payment.ID)
	if err != nil {
		return err
	}
	if there >= order.Owed() && payment.State != PaymentCaptured {
		paid := payment
		paid.State = PaymentCaptured
		if err := s.movePayment(ctx, tx, payment, paid); err != nil {
			return err
		}
	}
	if *order, err = readOrder(ctx, tx, `orders.id = $1`, order.ID); err != nil {
		return err
	}
	switch {
	case order.unwanted():
		return s.keepLateMoney(ctx, tx, order, CausePaidAfterEnd)
	case !order.paid():
		return nil
	case order.heldFor(HoldUnpaid):
		return s.liftHold(ctx, tx, order, holdOrder{reason: HoldUnpaid, by: follow.by})
	}
	if order.State == AwaitingPayment {
		if err := promise(ctx, tx, order, follow.window); err != nil {
			return err
		}
	}
	return s.settle(ctx, tx, order, follow.by)
}

// UndoTransfer takes back a transfer that was entered wrongly, as long as nothing relies on its
// money. An order that had gone on waits until it is paid after all. Undoing twice is fine. Errors:
// ErrTransferNotFound, ErrTransferRelied.
func (s *Service) UndoTransfer(ctx context.Context, by audit.Actor, id TransferID) (Order, error) {
	var of OrderID
	err := s.db.GetContext(ctx, &of, `SELECT order_id FROM transfers WHERE id = $1`, id)
	if errors.Is(err, sql.ErrNoRows) {
		return Order{}, ErrTransferNotFound
	}
	if err != nil {
		return Order{}, fmt.Errorf("find transfer: %w", err)
	}
	return s.change(ctx, "undo a transfer for", of, func(tx *sqlx.Tx, order *Order) error {
		booked, err := s.transfers(ctx, tx, order.ID)
		if err != nil {
			return err
		}
		wrong := booked[slices.IndexFunc(booked, func(transfer Transfer) bool { return transfer.ID == id })]
		if wrong.UndoneAt != nil {
			return nil
		}
		return s.takeBack(ctx, tx, order, wrong, by)
	})
}

// takeBack books that a transfer was none. The order is locked.
func (s *Service) takeBack(ctx context.Context, tx *sqlx.Tx, order *Order, wrong Transfer, by audit.Actor) error {
	payment := *order.byInvoice()
	there, err := refundable(ctx, tx, payment.ID)
	if err != nil {
		return err
	}
	missing := payment.State == PaymentCaptured && there-wrong.Amount < order.Owed()
	if err := s.mayTakeBack(ctx, tx, order, missing); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `UPDATE transfers SET undone_at = $2 WHERE id = $1`, wrong.ID, s.now()); err != nil {
		return fmt.Errorf("undo transfer: %w", err)
	}
	if _, err := enter(ctx, tx, wrong.effect("capture_undone")); err != nil {
		return err
	}
	if err := recordTransfer(ctx, tx, by, wrong, "transfer.undone"); err != nil {
		return err
	}
	if missing {
		if err := s.movePayment(ctx, tx, payment, payment.unpaid(order.State)); err != nil {
			return err
		}
	}
	if *order, err = readOrder(ctx, tx, `orders.id = $1`, order.ID); err != nil {
		return err
	}
	switch {
	case order.unwanted() && order.Paid == 0:
		return s.liftHold(ctx, tx, order, holdOrder{reason: HoldLateMoney, by: by})
	case missing && !order.unwanted():
		return s.placeHold(ctx, tx, order, holdOrder{reason: HoldUnpaid, cause: &Cause{Code: CauseTakenBack, Amount: wrong.Amount}, by: by})
	}
	return nil
}

// unpaid is the payment after a transfer was missing after all.
func (p Payment) unpaid(order State) Payment {
	switch order {
	case Expired:
		p.State = PaymentExpired
	case Canceled:
		p.State = PaymentCanceled
	default:
		p.State = PaymentInvoiced
	}
	return p
}

// mayTakeBack refuses to take a transfer back whose money is on its way back, or without which an
// order would have gone on that has begun to be made, is handed over or receipted.
func (s *Service) mayTakeBack(ctx context.Context, tx *sqlx.Tx, order *Order, missing bool) error {
	if !order.mayMiss(missing) {
		return ErrTransferRelied
	}
	if !missing || order.unwanted() {
		return nil
	}
	_, err := findDocument(ctx, tx, `document.order_id = $1 AND document.kind = $2 AND document.reissue_of IS NULL`, order.ID, Receipt)
	if errors.Is(err, ErrDocumentNotFound) {
		return nil
	}
	return errors.Join(ErrTransferRelied, err)
}

// mayMiss says whether the order could do without a transfer: none of its money is on its way back,
// and if it were missing then, nothing has been begun or handed over.
func (o *Order) mayMiss(missing bool) bool {
	if slices.ContainsFunc(o.Refunds, func(refund Refund) bool { return !refund.Over() }) {
		return false
	}
	if !missing || o.unwanted() {
		return true
	}
	untouched := o.State == Approved || o.State == Ready && !o.toBeMade()
	return untouched && !slices.ContainsFunc(o.Lines, func(line Line) bool { return line.Digital })
}

// MayUndo says whether a transfer may be taken back, unless a receipt was issued.
func (o *Order) MayUndo(transfer Transfer) bool {
	payment := o.byInvoice()
	missing := payment != nil && payment.State == PaymentCaptured && o.Captured-transfer.Amount < o.Owed()
	return transfer.UndoneAt == nil && o.mayMiss(missing)
}

// GiveUpUnpaid ends an order by invoice whose money does not come, or only in part; what has
// come goes back. Errors: ErrOrderNotFound, ErrWrongState for an order that is paid, not by
// invoice, or over.
func (s *Service) GiveUpUnpaid(ctx context.Context, by audit.Actor, id OrderID) (Order, error) {
	return s.change(ctx, "give up", id, func(tx *sqlx.Tx, order *Order) error {
		waits := order.State == AwaitingPayment || order.heldFor(HoldUnpaid)
		if order.Method != ByInvoice || !waits || order.paid() {
			return wrongState("give up", order.State)
		}
		return s.cancel(ctx, tx, order, step{to: Canceled, by: by, reason: unpaidReason})
	})
}

// ReturnSurplus promises back what was transferred beyond what the order costs; staff send it by
// bank. Errors: ErrOrderNotFound, ErrNoSurplus.
func (s *Service) ReturnSurplus(ctx context.Context, by audit.Actor, id OrderID) (Order, error) {
	return s.change(ctx, "return the surplus of", id, func(tx *sqlx.Tx, order *Order) error {
		surplus := order.surplus()
		if surplus <= 0 {
			return ErrNoSurplus
		}
		_, err := s.insertRefund(ctx, tx, newRefund{by: by, Refund: Refund{
			OrderID: order.ID, PaymentID: order.byInvoice().ID, Amount: surplus, Origin: ByStaff, Reason: RefundSurplus,
			Lines: []RefundLine{{Kind: PartSurplus, Amount: surplus}},
		}})
		return err
	})
}

// surplus is what was transferred beyond what is owed and is not on its way back. An order that has
// ended has none: all of its money is late.
func (o *Order) surplus() yen.Amount {
	payment := o.byInvoice()
	if payment == nil || payment.State != PaymentCaptured || o.unwanted() {
		return 0
	}
	surplus := o.Captured - o.Owed()
	for _, refund := range o.Refunds {
		for _, line := range refund.Lines {
			if line.Kind == PartSurplus && !refund.Over() {
				surplus -= line.Amount
			}
		}
	}
	return surplus
}

package orders

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"tsukuriba/internal/audit"
	"tsukuriba/internal/id"
	"tsukuriba/internal/yen"
)

// Hold keeps an order from going on until a person has looked at it.
type Hold struct {
	ID       HoldID     `db:"id" json:"-"`
	OrderID  OrderID    `db:"order_id" json:"-"`
	Reason   HoldReason `db:"reason" json:"reason"`
	Note     string     `db:"note" json:"note"`   // what a person wrote
	Cause    *Cause     `db:"cause" json:"cause"` // what the system found; nil for a hold that a person placed
	PlacedAt time.Time  `db:"placed_at" json:"-"`
}

// HoldReason says why an order is on hold.
type HoldReason string

// The reasons for a hold.
const (
	HoldFraud     HoldReason = "fraud"
	HoldMismatch  HoldReason = "mismatch"
	HoldDispute   HoldReason = "dispute"
	HoldTextQuery HoldReason = "text_query"
	HoldCapacity  HoldReason = "capacity"
	HoldLateMoney HoldReason = "late_money"
	// HoldExternalRefund stands until staff say what a refund made at the provider was for.
	HoldExternalRefund HoldReason = "external_refund"
	// HoldRefundFailed stands until a refund that failed is tried again or closed.
	HoldRefundFailed HoldReason = "refund_failed"
	// HoldUnpaid stands when a transfer was taken back after the order went on, until it is paid.
	HoldUnpaid HoldReason = "unpaid"
	// HoldOther is for whatever staff write in the note.
	HoldOther HoldReason = "other"
)

// StaffHoldReasons are those for which people place holds. The others follow from facts about the
// money, and only those facts end them.
var StaffHoldReasons = []HoldReason{HoldTextQuery, HoldCapacity, HoldFraud, HoldOther}

// maxHoldNote is the longest note in characters.
const maxHoldNote = 500

// Cause is what the system found when it put an order on hold: a code, and what the code is about.
// Hold.Words puts it into words.
type Cause struct {
	Code   CauseCode  `json:"code"`
	Amount yen.Amount `json:"amount,omitempty"`
	Agreed yen.Amount `json:"agreed,omitempty"` // instead of Amount
	Word   string     `json:"word,omitempty"`   // the provider's: a currency, the reason of a dispute
}

// CauseCode names what was found.
type CauseCode string

// The causes.
const (
	CauseOtherOrder     CauseCode = "other_order"
	CauseCurrency       CauseCode = "currency"
	CauseOtherAmount    CauseCode = "other_amount"
	CauseOtherCapture   CauseCode = "other_capture"
	CauseDisputed       CauseCode = "disputed"
	CauseLateMoney      CauseCode = "late_money"
	CausePartPaid       CauseCode = "part_paid"      // and no more in time
	CausePaidAfterEnd   CauseCode = "paid_after_end" // by transfer, to an order that was canceled or had expired
	CauseTakenBack      CauseCode = "taken_back"     // a transfer
	CauseRefundFailed   CauseCode = "refund_failed"
	CauseExternalRefund CauseCode = "external_refund"
)

// Value writes a cause into the database.
func (c Cause) Value() (driver.Value, error) {
	written, err := json.Marshal(c)
	return string(written), err
}

// Scan reads a cause from the database.
func (c *Cause) Scan(value any) error {
	written, ok := value.([]byte)
	if !ok {
		return fmt.Errorf("a cause cannot be read from %T", value)
	}
	return json.Unmarshal(written, c)
}

// holdOrder is a hold somebody wants to place.
type holdOrder struct {
	reason HoldReason
	note   string
	cause  *Cause
	by     audit.Actor
}

// placeHold keeps the order from going on. A hold of the same reason that is open already stays
// as it is.
func (s *Service) placeHold(ctx context.Context, tx *sqlx.Tx, order *Order, hold holdOrder) error {
	placed := Hold{ID: id.New[holdKind](), OrderID: order.ID, Reason: hold.reason, Note: hold.note, Cause: hold.cause, PlacedAt: s.now()}
	result, err := tx.ExecContext(ctx, `
		INSERT INTO order_holds (id, order_id, reason, note, cause, placed_at)
		VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (order_id, reason) WHERE released_at IS NULL DO NOTHING`,
		placed.ID, placed.OrderID, placed.Reason, placed.Note, placed.Cause, placed.PlacedAt)
	if err != nil {
		return fmt.Errorf("place hold: %w", err)
	}
	if rows, err := result.RowsAffected(); err != nil || rows == 0 {
		return err
	}
	order.Holds = append(order.Holds, placed)
	return audit.Record(ctx, tx, audit.Entry{
		Actor: hold.by, Action: "order.held", Subject: order.ID.String(),
		Detail: map[string]any{"reason": placed.Reason, "note": placed.Note, "cause": placed.Cause},
	})
}

// Hold keeps an order from going on until the hold is released. The reason is one of
// StaffHoldReasons. The note is for staff, except that the one of HoldTextQuery is a question that
// is mailed to the customer. Errors: ErrOrderNotFound, ErrWrongState for an order that has ended,
// ErrUnknownReason, *FormError "note" ("required" for HoldOther, "too_long", "invalid").
func (s *Service) Hold(ctx context.Context, by audit.Actor, id OrderID, reason HoldReason, note string) (Order, error) {
	note = strings.TrimSpace(strings.ReplaceAll(note, "\r\n", "\n"))
	return s.change(ctx, "hold", id, func(tx *sqlx.Tx, order *Order) error {
		if err := order.mayBeHeld(reason, note); err != nil {
			return err
		}
		open := len(order.Holds)
		if err := s.placeHold(ctx, tx, order, holdOrder{reason: reason, note: note, by: by}); err != nil {
			return err
		}
		if reason != HoldTextQuery || note == "" || len(order.Holds) == open {
			return nil
		}
		return s.bus.Announce(ctx, tx, TextQueried{OrderID: order.ID, HoldID: order.Holds[open].ID})
	})
}

// mayBeHeld is the rule about holds that people place.
func (o *Order) mayBeHeld(reason HoldReason, note string) error {
	if !slices.Contains(StaffHoldReasons, reason) {
		return ErrUnknownReason
	}
	if o.State.Final() {
		return wrongState("hold", o.State)
	}
	switch problem := checkNote(note, maxHoldNote); {
	case problem != "":
		return &FormError{Fields: map[string]string{"note": problem}}
	case reason == HoldOther && note == "":
		return &FormError{Fields: map[string]string{"note": "required"}}
	}
	return nil
}

// ReleaseHold lets an order go on. Releasing what is not held is fine. Errors: ErrOrderNotFound,
// ErrDisputeOpen, ErrRefundUnassigned as long as a refund made at the provider is not explained,
// ErrWrongState for late money, which Revive or RefundLate decide about, ErrNotPaid as long as a
// transfer that was taken back is missing.
func (s *Service) ReleaseHold(ctx context.Context, by audit.Actor, id OrderID, reason HoldReason) (Order, error) {
	return s.change(ctx, "release", id, func(tx *sqlx.Tx, order *Order) error {
		if reason == HoldDispute {
			if err := mayReleaseDispute(ctx, tx, order.ID); err != nil {
				return err
			}
		}
		if reason == HoldLateMoney && order.unwanted() {
			if err := mayKeep(ctx, tx, *order); err != nil {
				return err
			}
		}
		if reason == HoldUnpaid && !order.paid() {
			return ErrNotPaid
		}
		if reason == HoldExternalRefund && slices.ContainsFunc(order.Refunds, Refund.Unassigned) {
			return ErrRefundUnassigned
		}
		return s.liftHold(ctx, tx, order, holdOrder{reason: reason, by: by})
	})
}

// liftHold ends a hold and lets the order follow its payment as far as it may.
func (s *Service) liftHold(ctx context.Context, tx *sqlx.Tx, order *Order, hold holdOrder) error {
	result, err := tx.ExecContext(ctx, `
		UPDATE order_holds
		SET released_at = $3
		WHERE order_id = $1 AND reason = $2 AND released_at IS NULL`, order.ID, hold.reason, s.now())
	if err != nil {
		return fmt.Errorf("release hold: %w", err)
	}
	if rows, err := result.RowsAffected(); err != nil || rows == 0 {
		return err
	}
	err = audit.Record(ctx, tx, audit.Entry{
		Actor: hold.by, Action: "order.released", Subject: order.ID.String(), Detail: map[string]any{"reason": hold.reason},
	})
	if err != nil {
		return err
	}
	if *order, err = lockOrder(ctx, tx, order.ID); err != nil {
		return err
	}
	if err := s.settle(ctx, tx, order, hold.by); err != nil || !order.wantsCapture() {
		return err
	}
	return s.bus.Announce(ctx, tx, TextApproved{OrderID: order.ID})
}

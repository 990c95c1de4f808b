package orders

import (
	"context"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"

	"tsukuriba/internal/audit"
)

// StaffCancelReasons are the keys of the reasons for which staff cancel; the customer is told them
// in these words by mail.
var StaffCancelReasons = []string{"on_request", "not_available", "cannot_be_made", "no_answer", "cannot_accept"}

// staffPrefix marks the cancel reasons that staff gave.
const staffPrefix = "staff:"

// unpaidReason is the cancel reason of an order whose money did not come together.
const unpaidReason = "unpaid"

// WhyCanceled tells the customer why the workshop ended the order, in the words of the mail about it;
// "" if it was not the workshop that did.
func (o Order) WhyCanceled(language Language) (string, error) {
	part := "canceled_why"
	switch {
	case strings.HasPrefix(o.CancelReason, refusedPrefix):
		part = "refused_why"
	case !strings.HasPrefix(o.CancelReason, staffPrefix) && o.CancelReason != unpaidReason:
		return "", nil
	}
	texts := written{of: mailTexts[language], data: mailData{Reason: o.reasonKey()}}
	return texts.part(part), texts.failed
}

// reasonKey is the reason without who gave it.
func (o Order) reasonKey() string {
	return strings.TrimPrefix(strings.TrimPrefix(o.CancelReason, refusedPrefix), staffPrefix)
}

// CancelByCustomer ends the order while no piece has been started. A card is released, paid money
// refunded; a konbini code that is out stays payable until it expires, and money that comes by
// it is refunded. Canceling twice is fine. Errors: ErrOrderNotFound, ErrWrongState.
func (s *Service) CancelByCustomer(ctx context.Context, token string) (Order, error) {
	found, err := s.ByLink(ctx, token)
	if err != nil {
		return Order{}, err
	}
	return s.change(ctx, "cancel", found.ID, func(tx *sqlx.Tx, order *Order) error {
		if order.State == Canceled {
			return nil
		}
		if !order.CanBeCanceled() {
			return wrongState("cancel", order.State)
		}
		return s.cancel(ctx, tx, order, step{to: Canceled, by: audit.Actor{Role: audit.Customer}, reason: "customer"})
	})
}

// Cancel ends an order for staff while no piece has been started; afterwards a refund or a claim is
// the way. The reason is one of StaffCancelReasons and stands in the mail to the customer. Money is
// given back as when the customer cancels. Errors: ErrOrderNotFound, ErrWrongState, ErrUnknownReason.
func (s *Service) Cancel(ctx context.Context, by audit.Actor, id OrderID, reason string) (Order, error) {
	return s.change(ctx, "cancel", id, func(tx *sqlx.Tx, order *Order) error {
		if !slices.Contains(StaffCancelReasons, reason) {
			return ErrUnknownReason
		}
		if !order.CanBeCanceled() {
			return wrongState("cancel", order.State)
		}
		return s.cancel(ctx, tx, order, step{to: Canceled, by: by, reason: staffPrefix + reason})
	})
}

// cancel ends the order and gives back what was paid.
func (s *Service) cancel(ctx context.Context, tx *sqlx.Tx, order *Order, step step) error {
	if err := s.move(ctx, tx, order, step); err != nil {
		return err
	}
	payment := order.captured()
	if payment == nil {
		payment = order.byInvoice() // a part of which may have arrived
	}
	if payment == nil {
		return nil
	}
	left, err := refundable(ctx, tx, payment.ID)
	if err != nil || left <= 0 {
		return err
	}
	return s.returnAll(ctx, tx, *order, newRefund{by: step.by, Refund: Refund{PaymentID: payment.ID, Amount: left, Reason: RefundCanceledOrder}})
}

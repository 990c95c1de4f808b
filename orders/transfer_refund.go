package orders

import (
	"context"

	"github.com/jmoiron/sqlx"

	"tsukuriba/internal/audit"
)

// Refunds of transferred money. No provider sends them: they wait, requested, until staff have
// transferred the money from the workshop's account and say so.

// byBank is what staff say of a refund they send by bank.
func byBank(refund Refund, state RefundState) RefundSnapshot {
	return RefundSnapshot{ID: "transfer_refund:" + refund.ID.String(), State: state}
}

// RefundSent notes that staff have transferred a refund to the customer. Saying so twice is fine.
// Errors: ErrRefundNotFound, ErrRefundNotByBank for one that the payment provider sends or that
// came back.
func (s *Service) RefundSent(ctx context.Context, by audit.Actor, id RefundID) (Refund, error) {
	return s.onRefund(ctx, "note the transfer of", id, func(tx *sqlx.Tx, order *Order, refund *Refund) error {
		payment := order.payment(refund.PaymentID)
		if payment.Method != ByInvoice || refund.Over() {
			return ErrRefundNotByBank
		}
		if refund.State == RefundSucceeded {
			return nil
		}
		return s.settleByHand(ctx, tx, order, refund, handNews{byBank(*refund, RefundSucceeded), "refund.sent_by_bank", by})
	})
}

// RefundReturned notes that the bank sent a transferred refund back, as its account does not
// exist. It is tried again as a new one. Errors: ErrRefundNotFound, ErrRefundNotByBank,
// ErrRefundOpen for one that was not sent.
func (s *Service) RefundReturned(ctx context.Context, by audit.Actor, id RefundID) (Refund, error) {
	return s.onRefund(ctx, "note the return of", id, func(tx *sqlx.Tx, order *Order, refund *Refund) error {
		switch {
		case order.payment(refund.PaymentID).Method != ByInvoice || refund.Origin == ByOtherMeans:
			return ErrRefundNotByBank
		case refund.Over():
			return nil
		case refund.State != RefundSucceeded:
			return ErrRefundOpen
		}
		returned := byBank(*refund, RefundFailed)
		returned.Failure = "returned_by_bank"
		return s.settleByHand(ctx, tx, order, refund, handNews{returned, "refund.returned_by_bank", by})
	})
}

// handNews is what somebody says has become of a refund that no provider sends.
type handNews struct {
	RefundSnapshot
	action string
	by     audit.Actor
}

func (s *Service) settleByHand(ctx context.Context, tx *sqlx.Tx, order *Order, refund *Refund, news handNews) error {
	if err := recordOn(ctx, tx, *order, news.by, news.action); err != nil {
		return err
	}
	if err := s.moveRefund(ctx, tx, order, refund, news.RefundSnapshot); err != nil {
		return err
	}
	return bookRefund(ctx, tx, order, refund.State, entry{
		order: order.ID, payment: refund.PaymentID, amount: refund.Amount, provider: news.ID, at: s.now(),
	})
}

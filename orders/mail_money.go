package orders

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tsukuriba/internal/jst"
)

// Letters about money: codes for the convenience store, and what is given back.

// MailCode tells where the code to pay with is shown, and its last day.
func (s *Service) MailCode(ctx context.Context, event CodeIssued) error {
	return s.write(ctx, event.OrderID, func(order Order) news {
		payment := order.payment(event.PaymentID)
		if order.State != AwaitingPayment || payment.State != PaymentCodeIssued {
			return news{}
		}
		return payment.tell(order.Language, letterKonbiniCode)
	})
}

// tell is news of a payment whose code is out.
func (p *Payment) tell(language Language, kind LetterKind) news {
	return news{kind, p.ID.String(), func(data *mailData) {
		data.Page, data.PayUntil = p.VoucherURL, deadline(language, *p.ExpiresAt)
	}}
}

// remindHour is when on the day before its end a wait is reminded of, in Japan.
const remindHour = 9 * time.Hour

// RemindKonbini reminds everybody once who has not paid at a convenience store, on the day before
// the code, or the wait until it is fetched, ends. Reconcile has asked the provider minutes ago, so
// that hardly anybody who has paid is reminded.
func (s *Service) RemindKonbini(ctx context.Context) error {
	now := s.now()
	var waiting []OrderID
	err := s.db.SelectContext(ctx, &waiting, `
		SELECT id
		FROM orders
		WHERE state = 'awaiting_payment' AND payment_method = 'konbini' AND expires_at BETWEEN $1 AND $2
		ORDER BY id`, now, jst.Midnight(now).AddDate(0, 0, 2).Add(codeGrace))
	if err != nil {
		return fmt.Errorf("find orders to be paid at a convenience store: %w", err)
	}
	var failed error
	for _, id := range waiting {
		failed = errors.Join(failed, s.queue(ctx, s.db, id, func(order Order) (news, error) { return order.remind(now), nil }))
	}
	return failed
}

// remind tells of an end that is due to be reminded of, if there is one.
func (o *Order) remind(now time.Time) news {
	if o.State != AwaitingPayment || o.Method != Konbini || o.ExpiresAt == nil || o.paid() {
		return news{}
	}
	end, reminder := *o.ExpiresAt, news{kind: letterKonbiniReminder, about: "wait"}
	if live := o.LivePayment(); live != nil && live.State == PaymentCodeIssued && live.ExpiresAt != nil {
		end, reminder = *live.ExpiresAt, live.tell(o.Language, letterKonbiniReminder)
	}
	if now.Before(jst.Midnight(end).AddDate(0, 0, -1).Add(remindHour)) || !now.Before(end) {
		return news{}
	}
	return reminder
}

// MailRefunded tells that money has been given back.
func (s *Service) MailRefunded(ctx context.Context, event OrderRefunded) error {
	return s.write(ctx, event.OrderID, func(order Order) news {
		return order.refundNews(event.RefundID, RefundSucceeded, news{kind: letterRefunded, about: event.RefundID.String()})
	})
}

// MailBankDetails tells that the payment provider will ask for a bank account.
func (s *Service) MailBankDetails(ctx context.Context, event BankDetailsWanted) error {
	return s.write(ctx, event.OrderID, func(order Order) news {
		return order.refundNews(event.RefundID, RefundRequiresAction, news{kind: letterBankDetails, about: event.RefundID.String()})
	})
}

// refundNews completes news of a refund, unless it is not in the state that is told of any more.
func (o *Order) refundNews(id RefundID, in RefundState, told news) news {
	for _, refund := range o.Refunds {
		if refund.ID != id || refund.State != in {
			continue
		}
		payment := o.payment(refund.PaymentID)
		told.fill = func(data *mailData) {
			data.Refund, data.Whole = refund.Amount, refund.Amount == payment.Amount-o.WrittenOff
			data.Konbini = payment.Method == Konbini
			data.Twice, data.Surplus, data.ByHand = payment.Superseded, refund.Reason == RefundSurplus, refund.Origin == ByOtherMeans
			data.Late = refund.Reason == RefundLateMoney && !payment.Superseded && payment.State == PaymentCaptured
		}
		return told
	}
	return news{}
}

// bankReminders are how long after the first letter somebody is reminded of the bank account.
var bankReminders = []time.Duration{30 * 24 * time.Hour, 7 * 24 * time.Hour}

// RemindBankDetails reminds, after a week and after thirty days, those who have not yet told the
// payment provider where their money may go.
func (s *Service) RemindBankDetails(ctx context.Context) error {
	now := s.now()
	waiting, err := findRefunds(ctx, s.db, `state = 'requires_action' AND updated_at <= $1 ORDER BY id`, now.Add(-bankReminders[1]))
	if err != nil {
		return err
	}
	var failed error
	for _, refund := range waiting {
		for _, after := range bankReminders {
			if now.Sub(refund.UpdatedAt) < after {
				continue
			}
			reminder := news{kind: letterBankReminder, about: fmt.Sprintf("%s.%d", refund.ID, int(after.Hours())/24)}
			failed = errors.Join(failed, s.queue(ctx, s.db, refund.OrderID, func(order Order) (news, error) {
				return order.refundNews(refund.ID, RefundRequiresAction, reminder), nil
			}))
			break
		}
	}
	return failed
}

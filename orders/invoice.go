package orders

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tsukuriba/internal/audit"
	"tsukuriba/internal/id"
	"tsukuriba/internal/jst"
	"tsukuriba/internal/postgres"
	"tsukuriba/internal/yen"
)

const (
	// invoiceDays is how many days after its invoice an order is to be paid; a day on which banks
	// are closed moves to the next on which they are open.
	invoiceDays = 14
	// invoiceGrace is how many bank days after that its stock is still kept: a transfer of the last
	// day stands on the statement of the next, and somebody has to read it.
	invoiceGrace = 3
	// remindInvoiceDays is how many days before the last one customers are reminded.
	remindInvoiceDays = 3
)

// BankAccount is where money is transferred to. Holder is in katakana, as banks write it.
type BankAccount struct {
	Bank   string `json:"bank"`
	Branch string `json:"branch"`
	Kind   string `json:"kind"` // 普通 or 当座
	Number string `json:"number"`
	Holder string `json:"holder"`
}

// Complete says whether somebody could transfer money there. Without a complete account nobody is
// offered to pay by invoice.
func (b BankAccount) Complete() bool {
	return b.Bank != "" && b.Branch != "" && b.Kind != "" && b.Number != "" && b.Holder != ""
}

// Bill is what is to be transferred for an order, as its invoice says.
type Bill struct {
	Document DocumentID
	Number   string
	Bank     BankAccount
	Due      time.Time  // the last moment of the last day
	Rest     yen.Amount // what has not arrived yet
}

// Bill returns what is to be transferred for an order whose invoice was sent. Errors:
// ErrDocumentNotFound before that, and for orders that are paid otherwise.
func (s *Service) Bill(ctx context.Context, order Order) (Bill, error) {
	return s.bill(ctx, s.db, order)
}

func (s *Service) bill(ctx context.Context, db sqlx.QueryerContext, order Order) (Bill, error) {
	payment := order.byInvoice()
	if payment == nil {
		return Bill{}, ErrDocumentNotFound
	}
	document, err := findDocument(ctx, db, `document.order_id = $1 AND document.kind = $2 AND document.reissue_of IS NULL`, order.ID, Invoice)
	if err != nil {
		return Bill{}, err
	}
	sheet, err := document.sheet(s.seal)
	if err != nil {
		return Bill{}, err
	}
	return Bill{
		Document: document.ID, Number: document.Number, Bank: sheet.Bank, Due: sheet.Due, Rest: order.Missing(),
	}, nil
}

// byInvoice is the payment by transfers, or nil before its invoice was sent.
func (o *Order) byInvoice() *Payment {
	for i := range o.Payments {
		if o.Payments[i].Method == ByInvoice {
			return &o.Payments[i]
		}
	}
	return nil
}

// sendInvoice has the customer of an accepted order pay: within two weeks, to the account that the
// invoice names. The order is locked and in review.
func (s *Service) sendInvoice(ctx context.Context, tx *sqlx.Tx, order *Order, by audit.Actor) error {
	closed, err := bankHolidays(ctx, tx, s.now())
	if err != nil {
		return err
	}
	due, until := closed.invoiceTerms(s.now())
	payment := Payment{
		ID: id.New[paymentKind](), OrderID: order.ID, Attempt: len(order.Payments) + 1, Method: ByInvoice, State: PaymentInvoiced,
		Version: 1, Amount: order.Total, CreatedAt: s.now(), ExpiresAt: &due,
	}
	if err := writePayment(ctx, tx, payment); err != nil {
		return err
	}
	if err := s.move(ctx, tx, order, step{to: AwaitingPayment, by: by, until: &until}); err != nil {
		return err
	}
	order.Payments = append(order.Payments, payment)
	document, err := s.issue(ctx, tx, by, *order, IssueRequest{Order: order.ID, Kind: Invoice})
	if err != nil {
		return err
	}
	return s.bus.Announce(ctx, tx, InvoiceIssued{OrderID: order.ID, DocumentID: document.ID})
}

// bankHolidays are the public holidays from a day on, and the days on which no bank is open at
// the turn of the year (銀行法施行令 第5条). That the workshop is closed does not keep money from moving.
func bankHolidays(ctx context.Context, db sqlx.QueryerContext, from time.Time) (closedDays, error) {
	var days pq.StringArray
	err := sqlx.GetContext(ctx, db, &days, `
		SELECT ARRAY(SELECT to_char(day, 'YYYY-MM-DD') FROM closed_days WHERE kind = 'holiday' AND day >= $1)`, jst.Date(from))
	if err != nil {
		return nil, fmt.Errorf("read bank holidays: %w", err)
	}
	closed := closedDays{}
	for _, day := range days {
		closed[day] = true
	}
	for year := from.In(jst.Zone).Year(); year <= from.In(jst.Zone).Year()+1; year++ {
		for _, day := range []string{"01-01", "01-02", "01-03", "12-31"} {
			closed[fmt.Sprintf("%d-%s", year, day)] = true
		}
	}
	return closed, nil
}

// invoiceTerms says until when an invoice of today is to be paid, and until when its stock is kept.
func (c closedDays) invoiceTerms(today time.Time) (due, until time.Time) {
	last := c.onWorkingDay(jst.Midnight(today).AddDate(0, 0, invoiceDays))
	kept := c.workingDaysAfter(last, invoiceGrace)
	return last.AddDate(0, 0, 1).Add(-time.Second), kept.AddDate(0, 0, 1).Add(-time.Second)
}

// closeInvoice ends the wait for transfers of an order that has ended. Money that comes after all
// is late.
func (s *Service) closeInvoice(ctx context.Context, tx *sqlx.Tx, order *Order, by audit.Actor) error {
	if payment := order.byInvoice(); payment != nil && payment.State == PaymentInvoiced {
		after := payment.unpaid(order.State)
		if err := s.movePayment(ctx, tx, *payment, after); err != nil {
			return err
		}
		after.Version++
		*payment = after
	}
	if !order.heldFor(HoldUnpaid) {
		return nil
	}
	return s.liftHold(ctx, tx, order, holdOrder{reason: HoldUnpaid, by: by})
}

// KeepInvoice sets an invoice that was issued and keeps its file.
func (s *Service) KeepInvoice(ctx context.Context, event InvoiceIssued) error {
	return s.keepIssued(ctx, `document.id = $1`, event.DocumentID)
}

func (s *Service) keepIssued(ctx context.Context, condition string, args ...any) error {
	document, err := findDocument(ctx, s.db, condition, args...)
	if err != nil || document.Key != "" {
		return err
	}
	_, err = s.keep(ctx, document)
	return err
}

// MailInvoice tells that the invoice is there, to which account and until when it is to be paid.
func (s *Service) MailInvoice(ctx context.Context, event InvoiceIssued) error {
	return s.writeBill(ctx, event.OrderID, func(order Order) news {
		if order.State != AwaitingPayment || order.paid() {
			return news{}
		}
		return news{kind: letterInvoice}
	})
}

// RemindInvoices reminds everybody once whose transfer has not arrived, three days before the last
// one.
func (s *Service) RemindInvoices(ctx context.Context) error {
	now := s.now()
	var waiting []OrderID
	err := s.db.SelectContext(ctx, &waiting, `
		SELECT order_id
		FROM payments
		WHERE state = 'invoiced' AND expires_at BETWEEN $1 AND $2
		ORDER BY order_id`, now, jst.Midnight(now).AddDate(0, 0, remindInvoiceDays+1))
	if err != nil {
		return fmt.Errorf("find invoices to be paid: %w", err)
	}
	var failed error
	for _, order := range waiting {
		failed = errors.Join(failed, s.writeBill(ctx, order, func(order Order) news { return order.remindInvoice(now) }))
	}
	return failed
}

// remindInvoice tells of an invoice of which it is time to be reminded.
func (o *Order) remindInvoice(now time.Time) news {
	payment := o.byInvoice()
	if o.State != AwaitingPayment || payment == nil || payment.State != PaymentInvoiced || payment.ExpiresAt == nil {
		return news{}
	}
	from := jst.Midnight(*payment.ExpiresAt).AddDate(0, 0, -remindInvoiceDays).Add(remindHour)
	if now.Before(from) || now.After(*payment.ExpiresAt) {
		return news{}
	}
	return news{kind: letterInvoiceReminder}
}

// writeBill is write for mails that tell what is to be transferred.
func (s *Service) writeBill(ctx context.Context, id OrderID, tell func(Order) news) error {
	return postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		return s.queue(ctx, tx, id, func(order Order) (news, error) {
			told := tell(order)
			if told.kind == "" {
				return told, nil
			}
			bill, err := s.bill(ctx, tx, order)
			told.fill = func(data *mailData) { data.bill(order, bill) }
			return told, err
		})
	})
}

// bill fills in what a mail tells of a bill.
func (d *mailData) bill(order Order, bill Bill) {
	d.Document, d.Bank, d.Rest = bill.Number, bill.Bank, bill.Rest
	d.PayUntil = dayOfWeek(order.Language, bill.Due)
}

package orders

import (
	"context"
	"fmt"
	netmail "net/mail"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"tsukuriba/internal/id"
	"tsukuriba/internal/jst"
	"tsukuriba/internal/mail"
	"tsukuriba/internal/yen"
)

// LetterKind names what a mail tells. Its words stand in mails/, in each language.
type LetterKind string

const (
	letterReceived        LetterKind = "received"
	letterPayLink         LetterKind = "pay_link"
	letterKonbiniCode     LetterKind = "konbini_code"
	letterKonbiniReminder LetterKind = "konbini_reminder"
	letterQuotation       LetterKind = "quotation"
	letterInvoice         LetterKind = "invoice"
	letterInvoiceReminder LetterKind = "invoice_reminder"
	letterApproved        LetterKind = "approved"
	letterTextQuery       LetterKind = "text_query"
	letterRefused         LetterKind = "refused"
	letterCanceled        LetterKind = "canceled"
	letterExpired         LetterKind = "expired"
	letterShipped         LetterKind = "shipped"
	letterReceipt         LetterKind = "receipt"
	letterRefunded        LetterKind = "refunded"
	letterBankDetails     LetterKind = "bank_details"
	letterBankReminder    LetterKind = "bank_reminder"
	letterLateMoney       LetterKind = "late_money"
	letterRevived         LetterKind = "revived"
	letterClaimReceived   LetterKind = "claim_received"
	letterClaimAccepted   LetterKind = "claim_accepted"
	letterClaimDeclined   LetterKind = "claim_declined"
	letterRemakeShipped   LetterKind = "remake_shipped"
	letterOrderLinks      LetterKind = "order_links"
)

// LetterKinds are all kinds of mail, in the order in which an order may come to them; then those
// without an order.
var LetterKinds = []LetterKind{
	letterReceived, letterTextQuery, letterPayLink, letterKonbiniCode, letterKonbiniReminder, letterInvoice,
	letterInvoiceReminder, letterApproved, letterReceipt,
	letterShipped, letterRefused, letterCanceled, letterExpired, letterLateMoney, letterRevived, letterRefunded,
	letterBankDetails, letterBankReminder, letterClaimReceived, letterClaimAccepted, letterClaimDeclined, letterRemakeShipped,
	letterOrderLinks, letterQuotation,
}

// letterKey names a mail for good: it is queued at most once. About tells mails of one kind apart
// where an order can have several, by the id of a payment, refund, claim or hold; version grows
// when staff send a mail again.
type letterKey struct {
	order   OrderID
	kind    LetterKind
	version int
	about   string
}

func (k letterKey) String() string {
	key := fmt.Sprintf("%s:%s:%d", k.order, k.kind, k.version)
	if k.about != "" {
		key += ":" + k.about
	}
	return key
}

func parseLetterKey(text string) (key letterKey, err error) {
	parts := append(strings.SplitN(text, ":", 4), "", "", "")
	key.kind, key.about = LetterKind(parts[1]), parts[3]
	if key.order, err = id.Parse[orderKind](parts[0]); err == nil {
		key.version, err = strconv.Atoi(parts[2])
	}
	if err != nil {
		return letterKey{}, fmt.Errorf("read mail key %q: %w", text, err)
	}
	return key, nil
}

// news is what a mail is to tell about an order. Without a kind there is nothing to tell. Fill
// adds what only this kind needs.
type news struct {
	kind  LetterKind
	about string
	fill  func(*mailData)
}

// mailData is what the texts may use: finished values only.
type mailData struct {
	Name, Workshop, Number, Link string
	Lines                        []Line
	DiscountCode                 string
	Discount, Wrapping, Total    yen.Amount
	Reviewed, Pickup, Wrapped    bool
	Free, Digital, HasDownload   bool
	From, Until, PayUntil, Day   string
	Reason, Carrier, Tracking    string

	Page           string     // the provider's page with the code, once it is out
	Refund         yen.Amount // what is given back
	Konbini, Whole bool       // how it was paid, and whether all of it is given back
	Late, Twice    bool       // it came too late, or beside another payment
	Question       string     // what we ask about a text
	Revived        bool       // it had expired before its money came
	Document       string     // the number of a document
	Piece          string     // what a claim is about
	Quantity       int
	Remake         bool // a claim is answered with pieces, otherwise with money

	Orders []orderLink // what somebody asked the links of

	Invoice bool        // paid by transfer to Bank
	Bank    BankAccount // where to
	Rest    yen.Amount  // what is still to be transferred
	Surplus bool        // what is given back is more than the price
	ByHand  bool        // it was given back by other means than it was paid by
	Quoted  bool        // it is not ordered yet
}

// MailPlaced confirms an order of which the customer hears by nothing else so soon.
func (s *Service) MailPlaced(ctx context.Context, event OrderPlaced) error {
	return s.write(ctx, event.OrderID, always(letterReceived))
}

// MailInReview confirms an order whose text staff look at, or says that one goes on which had
// expired before its money came.
func (s *Service) MailInReview(ctx context.Context, event OrderInReview) error {
	if event.Revived {
		return s.write(ctx, event.OrderID, always(letterRevived))
	}
	return s.write(ctx, event.OrderID, always(letterReceived))
}

// revived says whether staff let the order go on after it had expired.
func (s *Service) revived(ctx context.Context, id OrderID) (bool, error) {
	var revived bool
	err := s.db.GetContext(ctx, &revived, `
		SELECT EXISTS (
			SELECT
			FROM audit_entries
			WHERE subject = $1 AND action = 'order.revived')`, id.String())
	if err != nil {
		return false, fmt.Errorf("look whether order %s was revived: %w", id, err)
	}
	return revived, nil
}

// MailPayLink tells the customer of an approved konbini order where to pay.
func (s *Service) MailPayLink(ctx context.Context, event TextApproved) error {
	return s.write(ctx, event.OrderID, func(order Order) news {
		if order.Method != Konbini || order.State != AwaitingPayment {
			return news{}
		}
		return news{kind: letterPayLink}
	})
}

// MailApproved tells that the money has arrived and the work begins.
func (s *Service) MailApproved(ctx context.Context, event OrderApproved) error {
	revived, err := s.revived(ctx, event.OrderID)
	if err != nil {
		return err
	}
	return s.write(ctx, event.OrderID, func(Order) news {
		return news{kind: letterApproved, fill: func(data *mailData) { data.Revived = revived }}
	})
}

// MailCanceled tells that an order was canceled, or kindly why its text cannot be made.
func (s *Service) MailCanceled(ctx context.Context, event OrderCanceled) error {
	return s.write(ctx, event.OrderID, func(order Order) news {
		if strings.HasPrefix(order.CancelReason, refusedPrefix) {
			return news{kind: letterRefused}
		}
		return news{kind: letterCanceled}
	})
}

// MailExpired tells that an order lapsed.
func (s *Service) MailExpired(ctx context.Context, event OrderExpired) error {
	return s.write(ctx, event.OrderID, always(letterExpired))
}

// MailShipped tells carrier and tracking number.
func (s *Service) MailShipped(ctx context.Context, event OrderShipped) error {
	return s.write(ctx, event.OrderID, always(letterShipped))
}

func always(kind LetterKind) func(Order) news {
	return func(Order) news { return news{kind: kind} }
}

// write composes a mail about an order as it stands now and sends it, if it was not before.
func (s *Service) write(ctx context.Context, id OrderID, tell func(Order) news) error {
	message, err := s.composeFor(ctx, s.db, id, func(order Order) (news, error) { return tell(order), nil })
	if err != nil || message.Key == "" {
		return err
	}
	return s.sendMail(ctx, message)
}

// queue composes a mail as write does, and leaves sending it to a job of its own: one of many, or
// composed within a transaction.
func (s *Service) queue(ctx context.Context, db sqlx.ExtContext, id OrderID, tell func(Order) (news, error)) error {
	message, err := s.composeFor(ctx, db, id, tell)
	if err != nil || message.Key == "" {
		return err
	}
	return s.queueMail(ctx, db, message)
}

// composeFor composes a mail about an order as it stands now. Without anything to tell it has no key.
func (s *Service) composeFor(ctx context.Context, db sqlx.QueryerContext, id OrderID, tell func(Order) (news, error)) (mail.Message, error) {
	order, err := readOrder(ctx, db, `orders.id = $1`, id)
	if err != nil {
		return mail.Message{}, err
	}
	news, err := tell(order)
	if err != nil || news.kind == "" {
		return mail.Message{}, err
	}
	message, err := s.compose(ctx, db, order, news)
	if err != nil {
		return mail.Message{}, fmt.Errorf("compose mail %s: %w", news.kind, err)
	}
	return message, nil
}

func (s *Service) compose(ctx context.Context, db sqlx.QueryerContext, order Order, news news) (mail.Message, error) {
	contact, link, err := s.contactAndLink(ctx, db, order.ID)
	if err != nil {
		return mail.Message{}, err
	}
	data := s.mailData(order, contact, link)
	if news.fill != nil {
		news.fill(&data)
	}
	message, err := letter(order.Language, news.kind, data)
	message.Key = letterKey{order: order.ID, kind: news.kind, version: 1, about: news.about}.String()
	message.To = contact.address()
	return message, err
}

// address is where mails to the contact go, with the name as it was written.
func (c Contact) address() string {
	return (&netmail.Address{Name: c.Name, Address: c.Email}).String()
}

func (s *Service) mailData(order Order, contact Contact, link string) mailData {
	words := legal[order.Language]
	data := mailData{
		Name: contact.Name, Workshop: s.workshop, Number: order.Number, Link: link, Lines: slices.Clone(order.Lines),
		DiscountCode: order.DiscountCode, Discount: order.Discount, Wrapping: order.Wrapping, Wrapped: order.Wrapped, Total: order.Total,
		Free: order.Method == NothingToPay, Digital: order.Digital(),
		Konbini: order.Method == Konbini, Invoice: order.Method == ByInvoice, Reviewed: order.pendingTexts(), Pickup: order.ShippingMethod == PickupKey,
		From: words.day(order.From), Until: words.day(order.Until),
		Reason: order.reasonKey(),
	}
	for i, line := range data.Lines {
		data.Lines[i].DesignText = oneLine(line.DesignText)
		data.Lines[i].Title = line.TitleIn(order.Language)
		data.HasDownload = data.HasDownload || line.Digital
	}
	if order.ExpiresAt != nil {
		data.PayUntil = deadline(order.Language, *order.ExpiresAt)
	}
	if order.Shipment != nil {
		data.Carrier, data.Tracking = order.Shipment.Carrier, order.Shipment.Tracking
	}
	return data
}

// oneLine sets the lines of a text beside each other, told apart.
func oneLine(text string) string { return strings.ReplaceAll(text, "\n", "／") }

var weekdays = map[Language][7]string{
	Japanese: {"日", "月", "火", "水", "木", "金", "土"},
	Easy:     {"日曜日", "月曜日", "火曜日", "水曜日", "木曜日", "金曜日", "土曜日"},
}

// deadline is a moment in Japan by which something has to be done.
func deadline(language Language, at time.Time) string {
	at = at.In(jst.Zone)
	if language == English {
		return at.Format("Monday, January 2, 15:04") + " (Japan time)"
	}
	return fmt.Sprintf("%d月%d日(%s) %s", at.Month(), at.Day(), weekdays[language][at.Weekday()], at.Format("15:04"))
}

// dayOfWeek is a day in Japan on which something has to be done at the latest.
func dayOfWeek(language Language, at time.Time) string {
	at = at.In(jst.Zone)
	if language == English {
		return at.Format("Monday, January 2")
	}
	return fmt.Sprintf("%d月%d日(%s)", at.Month(), at.Day(), weekdays[language][at.Weekday()])
}

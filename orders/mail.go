package orders

import (
	"bytes"
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	html "html/template"
	"slices"
	"strings"
	"text/template"

	"github.com/jmoiron/sqlx"

	"tsukuriba/internal/id"
	"tsukuriba/internal/mail"
	"tsukuriba/internal/postgres"
	"tsukuriba/internal/yen"
)

//go:embed mails
var mailFiles embed.FS

var (
	mailTexts  = parseMails()
	mailLayout = html.Must(html.ParseFS(mailFiles, "mails/layout.html"))
)

func parseMails() map[Language]*template.Template {
	texts := map[Language]*template.Template{}
	for _, language := range []Language{Japanese, Easy, English} {
		texts[language] = template.Must(template.ParseFS(mailFiles, "mails/"+string(language)+".tmpl"))
	}
	return texts
}

// mailSubject names what a mail tells. Each is sent at most once per order and version.
type mailSubject string

const (
	mailReceived mailSubject = "received"
	mailPayLink  mailSubject = "pay_link"
	mailApproved mailSubject = "approved"
	mailRefused  mailSubject = "refused"
	mailCanceled mailSubject = "canceled"
	mailExpired  mailSubject = "expired"
	mailShipped  mailSubject = "shipped"
)

// mailVersion grows when a kind of mail has to go out anew to those who have it already.
const mailVersion = 1

// mailData is what the texts may use: finished values only.
type mailData struct {
	Name, Workshop, Number, Link string
	Lines                        []Line
	DiscountCode                 string
	Discount, Wrapping, Total    yen.Amount
	Reviewed, Pickup, Wrapped    bool
	Free, Digital, HasDownload   bool
	From, Until, PayUntil        string
	Reason, Carrier, Tracking    string
}

// MailPlaced confirms an order that is to be paid at a convenience store, or that staff look at
// first. A card customer is written to once the card has answered.
func (s *Service) MailPlaced(ctx context.Context, event OrderPlaced) error {
	return s.write(ctx, event.OrderID, func(order Order) mailSubject {
		if order.Method == Card {
			return ""
		}
		return mailReceived
	})
}

// MailInReview confirms an order whose text staff look at.
func (s *Service) MailInReview(ctx context.Context, event OrderInReview) error {
	return s.write(ctx, event.OrderID, always(mailReceived))
}

// MailPayLink tells the customer of an approved konbini order where to pay.
func (s *Service) MailPayLink(ctx context.Context, event TextApproved) error {
	return s.write(ctx, event.OrderID, func(order Order) mailSubject {
		if order.Method != Konbini || order.State != AwaitingPayment {
			return ""
		}
		return mailPayLink
	})
}

// MailApproved tells that the money has arrived and the work begins.
func (s *Service) MailApproved(ctx context.Context, event OrderApproved) error {
	return s.write(ctx, event.OrderID, always(mailApproved))
}

// MailCanceled tells that an order was canceled, or kindly why its text cannot be made.
func (s *Service) MailCanceled(ctx context.Context, event OrderCanceled) error {
	return s.write(ctx, event.OrderID, func(order Order) mailSubject {
		if strings.HasPrefix(order.CancelReason, refusedPrefix) {
			return mailRefused
		}
		return mailCanceled
	})
}

// MailExpired tells that an order lapsed.
func (s *Service) MailExpired(ctx context.Context, event OrderExpired) error {
	return s.write(ctx, event.OrderID, always(mailExpired))
}

// MailShipped tells carrier and tracking number.
func (s *Service) MailShipped(ctx context.Context, event OrderShipped) error {
	return s.write(ctx, event.OrderID, always(mailShipped))
}

func always(subject mailSubject) func(Order) mailSubject {
	return func(Order) mailSubject { return subject }
}

// write composes a mail about an order as it stands now and queues it, if it was not before.
func (s *Service) write(ctx context.Context, id OrderID, choose func(Order) mailSubject) error {
	return postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		order, err := readOrder(ctx, tx, `orders.id = $1`, id)
		if err != nil {
			return err
		}
		subject := choose(order)
		if subject == "" {
			return nil
		}
		message, err := s.compose(ctx, tx, order, subject)
		if err != nil {
			return fmt.Errorf("compose mail %s: %w", subject, err)
		}
		return s.queueMail(ctx, tx, message)
	})
}

func (s *Service) compose(ctx context.Context, tx *sqlx.Tx, order Order, subject mailSubject) (mail.Message, error) {
	contact, err := s.contact(ctx, tx, order.ID)
	if err != nil {
		return mail.Message{}, err
	}
	link, err := s.orderURL(ctx, tx, order.ID)
	if err != nil {
		return mail.Message{}, err
	}
	message, err := letter(order.Language, subject, s.mailData(order, contact, link))
	message.Key = fmt.Sprintf("%s:%s:%d", order.ID, subject, mailVersion)
	message.To = contact.Email
	return message, err
}

func (s *Service) mailData(order Order, contact Contact, link string) mailData {
	words := legal[order.Language]
	data := mailData{
		Name: contact.Name, Workshop: s.workshop, Number: order.Number, Link: link, Lines: slices.Clone(order.Lines),
		DiscountCode: order.DiscountCode, Discount: order.Discount, Wrapping: order.Wrapping, Wrapped: order.Wrapped, Total: order.Total,
		Free: order.Method == NothingToPay, Digital: order.Digital(),
		Reviewed: order.pendingTexts(), Pickup: order.ShippingMethod == PickupKey,
		From: words.day(order.From), Until: words.day(order.Until),
		Reason: strings.TrimPrefix(order.CancelReason, refusedPrefix),
	}
	for i, line := range data.Lines {
		data.Lines[i].Title = line.TitleIn(order.Language)
		data.HasDownload = data.HasDownload || line.Digital
	}
	if order.ExpiresAt != nil {
		data.PayUntil = words.day(*order.ExpiresAt)
	}
	if order.Shipment != nil {
		data.Carrier, data.Tracking = order.Shipment.Carrier, order.Shipment.Tracking
	}
	return data
}

// letter writes subject, text and HTML of a mail. The HTML says what the text says.
func letter(language Language, subject mailSubject, data mailData) (mail.Message, error) {
	var title, body, page bytes.Buffer
	texts := mailTexts[language]
	err := errors.Join(
		texts.ExecuteTemplate(&title, string(subject)+"_subject", data),
		texts.ExecuteTemplate(&body, string(subject), data),
	)
	if err != nil {
		return mail.Message{}, err
	}
	text := strings.TrimSpace(body.String()) + "\n"
	err = mailLayout.Execute(&page, map[string]any{
		"Lang": htmlLang(language), "Subject": title.String(), "Link": data.Link, "Paragraphs": paragraphs(text),
	})
	return mail.Message{Subject: title.String(), Text: text, HTML: page.String()}, err
}

func htmlLang(language Language) string {
	if language == English {
		return "en"
	}
	return "ja"
}

// paragraphs splits a text at its empty lines, and each part into its lines.
func paragraphs(text string) [][]string {
	var parts [][]string
	for part := range strings.SplitSeq(text, "\n\n") {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, strings.Split(part, "\n"))
		}
	}
	return parts
}

// queueMail stores a mail sealed, unless its key is there already, and has a job send it.
func (s *Service) queueMail(ctx context.Context, tx *sqlx.Tx, message mail.Message) error {
	mailID := id.New[mailKind]()
	sealed, err := sealJSON(s.seal, mailContext(mailID), message)
	if err != nil {
		return err
	}
	result, err := tx.ExecContext(ctx, `
		INSERT INTO mails (id, key, sealed, created_at)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT ON CONSTRAINT mail_once DO NOTHING`, mailID, message.Key, sealed, s.now())
	if err != nil {
		return fmt.Errorf("queue mail: %w", err)
	}
	if rows, err := result.RowsAffected(); err != nil || rows == 0 {
		return err
	}
	return s.bus.Announce(ctx, tx, MailQueued{MailID: mailID})
}

func mailContext(id MailID) string { return "orders.mail:" + id.String() }

// SendMail sends a queued mail once. A mail that was being sent when the process died is not
// sent again: it may have left, and CheckInvariants shows it to staff.
func (s *Service) SendMail(ctx context.Context, event MailQueued) error {
	var sealed []byte
	err := s.db.GetContext(ctx, &sealed, `
		UPDATE mails
		SET state = 'sending'
		WHERE id = $1 AND state = 'queued'
		RETURNING sealed`, event.MailID)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("take mail %s: %w", event.MailID, err)
	}
	var message mail.Message
	err = openJSON(s.seal, mailContext(event.MailID), sealed, &message)
	if err == nil {
		err = s.mailer.Send(ctx, message)
	}
	return errors.Join(err, s.recordMail(context.WithoutCancel(ctx), event.MailID, err))
}

func (s *Service) recordMail(ctx context.Context, id MailID, outcome error) error {
	state, message := "sent", ""
	if outcome != nil {
		state, message = "queued", outcome.Error()
	}
	if errors.Is(outcome, mail.ErrRefused) || errors.Is(outcome, mail.ErrAddress) || errors.Is(outcome, mail.ErrHeader) {
		state = "failed"
	}
	_, err := s.db.ExecContext(ctx, `
		UPDATE mails
		SET state = $2, last_error = $3, sent_at = CASE WHEN $2 = 'sent' THEN $4::timestamptz END
		WHERE id = $1 AND state = 'sending'`, id, state, message, s.now())
	if err != nil {
		return fmt.Errorf("record mail %s: %w", id, err)
	}
	return nil
}

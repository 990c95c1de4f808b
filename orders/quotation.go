package orders

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"tsukuriba/internal/audit"
	"tsukuriba/internal/id"
	"tsukuriba/internal/jst"
	"tsukuriba/internal/postgres"
)

// quotationDays is how long a quotation may be ordered at its prices.
const quotationDays = 30

// Quotation is a checkout that a company may order at its prices until a day. It reserves nothing:
// what has run out meanwhile cannot be had.
type Quotation struct {
	ID         QuotationID
	Number     string
	QuotedAt   time.Time
	ValidUntil time.Time // its last moment
	Ended      bool      // that has passed
	Checkout   Checkout  // its window counts from today
	LinkToken  string    // opens it
	OrderToken string    // the link of the order it became, or ""
}

// QuotedTerms is what makes a checkout one of a quotation: the days after the order in which it
// is sent.
type QuotedTerms struct {
	FromDays  int       `json:"from_days"`
	UntilDays int       `json:"until_days"`
	Valid     time.Time `json:"valid"`
}

// Quote makes a quotation of what the confirmation screen shows, numbers its document and mails the
// link. The screen itself can still be ordered. The same checkout always gives the same quotation.
// Errors: those of Confirm, *FormError ("company" "required").
func (s *Service) Quote(ctx context.Context, checkout CheckoutKey) (Quotation, error) {
	var made QuotationID
	err := postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		stored, err := s.lockCheckout(ctx, tx, checkout)
		if err != nil {
			return err
		}
		if made, err = quotedBefore(ctx, tx, checkout.ID); err != nil || !made.IsZero() {
			return err
		}
		if stored.Contact.Company == "" {
			return &FormError{Fields: map[string]string{"company": "required"}}
		}
		if err := s.mayPlace(ctx, tx, stored); err != nil {
			return err
		}
		made, err = s.quote(ctx, tx, stored)
		return err
	})
	if err != nil {
		return Quotation{}, fmt.Errorf("quote checkout %s: %w", checkout.ID, err)
	}
	return s.quotation(ctx, `quotations.id = $1`, made)
}

// quotedBefore is the quotation that was made of a checkout or of which it is, or zero.
func quotedBefore(ctx context.Context, tx *sqlx.Tx, checkout CheckoutID) (QuotationID, error) {
	var made QuotationID
	err := tx.GetContext(ctx, &made, `SELECT id FROM quotations WHERE shown_as = $1 OR checkout_id = $1`, checkout)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return QuotationID{}, fmt.Errorf("find quotation: %w", err)
	}
	return made, nil
}

// quote writes a checkout of its own, with dates that count from the order, and its document.
func (s *Service) quote(ctx context.Context, tx *sqlx.Tx, shown storedCheckout) (QuotationID, error) {
	now := s.now()
	quoted, valid := shown.Checkout, jst.Midnight(now).AddDate(0, 0, quotationDays+1).Add(-time.Second)
	quoted.ID, quoted.ExpiresAt = id.New[checkoutKind](), valid
	quoted.Quoted = &QuotedTerms{FromDays: daysUntil(now, quoted.Window.From), UntilDays: daysUntil(now, quoted.Window.Until), Valid: valid}
	quoted.Legal = legalItems(quoted)
	if err := s.saveCheckout(ctx, tx, Cart{ID: shown.cart, Version: shown.cartVersion}, quoted); err != nil {
		return QuotationID{}, err
	}
	made, token := id.New[quoteKind](), newToken()
	_, err := tx.ExecContext(ctx, `
		INSERT INTO quotations (id, checkout_id, shown_as, link_hash, link_sealed, quoted_at, valid_until)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		made, quoted.ID, shown.ID, hashToken(token), s.seal.Seal(quotationLinkContext(made), []byte(token)), now, valid)
	if err != nil {
		return QuotationID{}, fmt.Errorf("insert quotation: %w", err)
	}
	seller, err := s.sellerIn(ctx, tx)
	if err != nil {
		return QuotationID{}, err
	}
	if _, err := s.number(ctx, tx, audit.Actor{Role: audit.Customer}, Document{QuotationID: made}, s.quoteSheet(quoted, seller)); err != nil {
		return QuotationID{}, err
	}
	return made, s.bus.Announce(ctx, tx, QuotationIssued{QuotationID: made})
}

func quotationLinkContext(id QuotationID) string { return "orders.quotation_link:" + id.String() }

// daysUntil counts the days from today in Japan until another one.
func daysUntil(now, day time.Time) int {
	return int(jst.Midnight(day).Sub(jst.Midnight(now)).Hours()+12) / 24
}

// quoteSheet is what stands on the document: the order that could be placed, and until when.
func (s *Service) quoteSheet(quoted Checkout, seller Seller) Sheet {
	order := s.newOrder(quoted)
	sheet := Sheet{
		Kind: Quote, Language: quoted.Language, Issuer: seller.issuer(), Issued: s.now(), Traded: s.now(), Recipient: quoted.Contact.recipient(),
		Items: order.priced(), Taxes: order.Taxes(), Total: order.Total, Method: quoted.Method, Valid: quoted.Quoted.Valid,
	}
	sheet.Delivery = legal[quoted.Language].when(quoted, quoted.contents())
	return sheet
}

// quotedWindow is the window of a quotation that would be ordered today.
func (s *Service) quotedWindow(ctx context.Context, db sqlx.QueryerContext, terms QuotedTerms) (Window, error) {
	closed, err := readClosedDays(ctx, db, s.now())
	if err != nil {
		return Window{}, err
	}
	on := func(days int) time.Time {
		day := jst.Midnight(s.now()).AddDate(0, 0, days)
		if days == 0 { // what is downloaded needs nobody at work
			return day
		}
		return closed.onWorkingDay(day)
	}
	return Window{From: on(terms.FromDays), Until: on(terms.UntilDays)}, nil
}

// Quotation returns what a quotation's link opens, also after its time. Errors:
// ErrQuotationNotFound.
func (s *Service) Quotation(ctx context.Context, token string) (Quotation, error) {
	return s.quotation(ctx, `quotations.link_hash = $1`, hashToken(token))
}

func (s *Service) quotation(ctx context.Context, condition string, args ...any) (Quotation, error) {
	var row struct {
		ID         QuotationID `db:"id"`
		CheckoutID CheckoutID  `db:"checkout_id"`
		Number     string      `db:"number"`
		Sealed     []byte      `db:"link_sealed"`
		QuotedAt   time.Time   `db:"quoted_at"`
		ValidUntil time.Time   `db:"valid_until"`
		OrderID    OrderID     `db:"order_id"`
	}
	err := s.db.GetContext(ctx, &row, `
		SELECT quotations.id, quotations.checkout_id, document.number, quotations.link_sealed, quotations.quoted_at, quotations.valid_until,
		       orders.id AS order_id
		FROM quotations
		JOIN documents AS document ON document.quotation_id = quotations.id AND document.reissue_of IS NULL
		LEFT JOIN orders ON orders.checkout_id = quotations.checkout_id
		WHERE `+condition, args...)
	if errors.Is(err, sql.ErrNoRows) {
		return Quotation{}, ErrQuotationNotFound
	}
	if err != nil {
		return Quotation{}, fmt.Errorf("find quotation: %w", err)
	}
	found := Quotation{ID: row.ID, Number: row.Number, QuotedAt: row.QuotedAt, ValidUntil: row.ValidUntil}
	token, err := s.seal.Open(quotationLinkContext(row.ID), row.Sealed)
	if err != nil {
		return Quotation{}, err
	}
	found.LinkToken = string(token)
	if !row.OrderID.IsZero() {
		if found.OrderToken, err = s.linkToken(ctx, s.db, row.OrderID); err != nil {
			return Quotation{}, err
		}
	}
	stored, err := s.findCheckout(ctx, s.db, CheckoutKey{row.CheckoutID, found.LinkToken}, "")
	found.Checkout, found.Ended = stored.Checkout, stored.ended(s.now()) != nil
	return found, err
}

// QuotationFile returns the document of a quotation's link as PDF. Errors: ErrQuotationNotFound.
func (s *Service) QuotationFile(ctx context.Context, token string) (Document, []byte, error) {
	found, err := s.Quotation(ctx, token)
	if err != nil {
		return Document{}, nil, err
	}
	return s.readDocument(ctx, audit.Actor{Role: audit.Customer}, `document.quotation_id = $1 AND document.reissue_of IS NULL`, found.ID)
}

// KeepQuotation sets a quotation and keeps its file.
func (s *Service) KeepQuotation(ctx context.Context, event QuotationIssued) error {
	return s.keepIssued(ctx, `document.quotation_id = $1 AND document.reissue_of IS NULL`, event.QuotationID)
}

// MailQuotation sends the link by which a quotation is read and ordered.
func (s *Service) MailQuotation(ctx context.Context, event QuotationIssued) error {
	found, err := s.quotation(ctx, `quotations.id = $1`, event.QuotationID)
	if err != nil {
		return err
	}
	message, err := letter(found.Checkout.Language, letterQuotation, s.quotationData(found))
	if err != nil {
		return fmt.Errorf("compose mail %s: %w", letterQuotation, err)
	}
	message.Key, message.To = quotationKey(found.ID), found.Checkout.Contact.address()
	return s.sendMail(ctx, message)
}

// quotationKey names the mail of a quotation for good.
func quotationKey(id QuotationID) string { return fmt.Sprintf("%s:%s:1", id, letterQuotation) }

func (s *Service) quotationData(found Quotation) mailData {
	order := s.newOrder(found.Checkout)
	order.Number = found.Number
	data := s.mailData(order, found.Checkout.Contact, s.publicURL+"/quotations/"+found.LinkToken)
	for i, line := range found.Checkout.Lines {
		data.Lines[i].DesignText = oneLine(line.DesignText)
	}
	data.Quoted, data.PayUntil = true, dayOfWeek(order.Language, found.ValidUntil)
	return data
}

// sendQuotationAgain queues the mail of a quotation once more that failed or got lost.
func (s *Service) sendQuotationAgain(ctx context.Context, by audit.Actor, id MailID) error {
	return s.noteDown(ctx, by, note{
		action: "letter.resent", subject: id.String(), args: []any{id, s.now()},
		query: `
			UPDATE mails
			SET state = 'queued', created_at = $2
			WHERE id = $1 AND state IN ('failed', 'sending')`,
		then: func(tx *sqlx.Tx) error { return s.bus.Announce(ctx, tx, MailQueued{MailID: id}) },
	})
}

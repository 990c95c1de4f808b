package orders

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"tsukuriba/internal/audit"
	"tsukuriba/internal/id"
	"tsukuriba/internal/jst"
	"tsukuriba/internal/postgres"
	"tsukuriba/internal/yen"
)

// IssueRequest says which document is wanted. Refund is for RefundNote; Addressee for Receipt,
// where nil means the name of the order.
type IssueRequest struct {
	Order     OrderID
	Kind      DocumentKind
	Refund    RefundID
	Addressee *Addressee
}

// Issue numbers a document, freezes what stands on it and sets it. A document is issued once:
// asking again gives the same one, whoever asks and to whomever it was to be made out. Errors:
// ErrOrderNotFound, ErrUnknownDocument, ErrNotPaid, ErrWrongState, ErrRefundNotFound,
// ErrRefundOpen, ErrRefundUnassigned, *FormError ("addressee", "honorific").
func (s *Service) Issue(ctx context.Context, by audit.Actor, request IssueRequest) (Document, error) {
	var document storedDocument
	err := postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		order, err := lockOrder(ctx, tx, request.Order)
		if err != nil {
			return err
		}
		document, err = findDocument(ctx, tx, `document.order_id = $1 AND document.kind = $2
			AND document.refund_id IS NOT DISTINCT FROM $3 AND document.reissue_of IS NULL`, order.ID, request.Kind, request.Refund)
		if !errors.Is(err, ErrDocumentNotFound) {
			return err
		}
		document, err = s.issue(ctx, tx, by, order, request)
		if err != nil || request.Kind != Receipt || by.Role != audit.Staff {
			return err
		}
		return s.bus.Announce(ctx, tx, ReceiptIssued{OrderID: order.ID, DocumentID: document.ID})
	})
	if err != nil {
		return Document{}, fmt.Errorf("issue %s of order %s: %w", request.Kind, request.Order, err)
	}
	if document.Key == "" {
		_, err = s.keep(ctx, document)
	}
	return document.Document, err
}

// IssueReceipt is Issue for the customer with the secret link, who says once to whom the receipt
// is made out; nil means to the name of the order.
func (s *Service) IssueReceipt(ctx context.Context, token string, addressee *Addressee) (Document, error) {
	order, err := s.ByLink(ctx, token)
	if err != nil {
		return Document{}, err
	}
	request := IssueRequest{Order: order.ID, Kind: Receipt, Addressee: addressee}
	return s.Issue(ctx, audit.Actor{Role: audit.Customer}, request)
}

// issue writes a document that does not exist yet. The order is locked.
func (s *Service) issue(ctx context.Context, tx *sqlx.Tx, by audit.Actor, order Order, request IssueRequest) (storedDocument, error) {
	sheet, err := s.draft(ctx, tx, order, request)
	if err != nil {
		return storedDocument{}, err
	}
	return s.number(ctx, tx, by, Document{OrderID: order.ID, RefundID: request.Refund}, sheet)
}

// number writes what stands on a sheet as a new document, of what the document names already.
func (s *Service) number(ctx context.Context, tx *sqlx.Tx, by audit.Actor, document Document, sheet Sheet) (storedDocument, error) {
	number, err := nextDocumentNumber(ctx, tx, sheet.Kind, sheet.Issued)
	if err != nil {
		return storedDocument{}, err
	}
	sheet.Number = number
	document.ID, document.Kind, document.Number = id.New[documentKind](), sheet.Kind, number
	document.IssuedAt, document.Amount = sheet.Issued, sheet.Total
	if err := s.insertDocument(ctx, tx, document, sheet); err != nil {
		return storedDocument{}, err
	}
	if err := recordDocument(ctx, tx, by, document, "document.issued"); err != nil {
		return storedDocument{}, err
	}
	return findDocument(ctx, tx, `document.id = $1`, document.ID)
}

// nextDocumentNumber counts the documents of a kind and a year in Japan. Its row stays locked
// until the end of the transaction, so that no number is lost.
func nextDocumentNumber(ctx context.Context, tx *sqlx.Tx, kind DocumentKind, at time.Time) (string, error) {
	year, last := at.In(jst.Zone).Year(), 0
	err := tx.GetContext(ctx, &last, `
		INSERT INTO document_numbers (kind, year, last)
		VALUES ($1, $2, 1)
		ON CONFLICT (kind, year) DO UPDATE SET last = document_numbers.last + 1
		RETURNING last`, kind, year)
	if err != nil {
		return "", fmt.Errorf("take document number: %w", err)
	}
	return fmt.Sprintf("%s%d-%06d", kind.letter(), year, last), nil
}

// draft says what stands on a document, or why there can be none.
func (s *Service) draft(ctx context.Context, tx *sqlx.Tx, order Order, request IssueRequest) (Sheet, error) {
	contact, err := s.contact(ctx, tx, order.ID)
	if err != nil {
		return Sheet{}, err
	}
	seller, err := s.sellerIn(ctx, tx)
	if err != nil {
		return Sheet{}, err
	}
	sheet := Sheet{
		Kind: request.Kind, Language: order.Language, Issuer: seller.issuer(), Order: order.Number, Issued: s.now(), Traded: order.PlacedAt,
		Recipient: contact.recipient(),
	}
	switch request.Kind {
	case Invoice:
		err = order.draftInvoice(seller.Bank, &sheet)
	case Receipt:
		err = s.draftReceipt(ctx, tx, order, request.Addressee, &sheet)
	case RefundNote:
		err = s.draftRefundNote(ctx, tx, order, request.Refund, &sheet)
	case PackingSlip, DeliveryNote:
		err = order.draftDelivery(contact, &sheet)
	default:
		err = ErrUnknownDocument
	}
	return sheet, err
}

// draftInvoice asks for the money of an order whose customer was accepted.
func (o Order) draftInvoice(bank BankAccount, sheet *Sheet) error {
	payment := o.byInvoice()
	if payment == nil || payment.ExpiresAt == nil {
		return wrongState("be invoiced", o.State)
	}
	sheet.Items, sheet.Taxes, sheet.Total, sheet.Method = o.priced(), o.Taxes(), o.Total, payment.Method
	sheet.Due, sheet.Bank = *payment.ExpiresAt, bank
	return nil
}

// CanBeReceipted says whether a receipt can be had: once money was taken, until the order ends
// without a parcel.
func (o Order) CanBeReceipted() bool { return o.captured() != nil && !o.unwanted() }

// draftReceipt confirms the money that has arrived. What is given back later stands on refund
// notes of its own.
func (s *Service) draftReceipt(ctx context.Context, tx *sqlx.Tx, order Order, addressee *Addressee, sheet *Sheet) error {
	if !order.CanBeReceipted() {
		return ErrNotPaid
	}
	payment := order.captured()
	if addressee != nil {
		if err := addressee.check(); err != nil {
			return err
		}
		sheet.Recipient = Recipient{Name: addressee.Name, Honorific: addressee.Honorific}
	}
	var captured struct {
		At     time.Time  `db:"occurred_at"`
		Amount yen.Amount `db:"amount_yen"`
	}
	// Of several transfers the last one made it whole; what came beyond the price is given back.
	err := tx.GetContext(ctx, &captured, `
		SELECT max(occurred_at) AS occurred_at, CASE WHEN $2 THEN $3::bigint ELSE sum(amount_yen)::bigint END AS amount_yen
		FROM money_ledger
		WHERE payment_id = $1 AND kind = 'capture'`, payment.ID, payment.Method == ByInvoice, order.Owed())
	if err != nil {
		return fmt.Errorf("read what was captured: %w", err)
	}
	sheet.Traded, sheet.Total = captured.At, captured.Amount
	sheet.Method, sheet.Items, sheet.Taxes = payment.Method, order.receipted(), order.soldTaxes()
	return nil
}

// draftRefundNote tells what was given back, by the lines of the refund.
func (s *Service) draftRefundNote(ctx context.Context, tx *sqlx.Tx, order Order, id RefundID, sheet *Sheet) error {
	found := slices.IndexFunc(order.Refunds, func(refund Refund) bool { return refund.ID == id })
	if found < 0 {
		return ErrRefundNotFound
	}
	refund := order.Refunds[found]
	switch {
	case refund.State != RefundSucceeded:
		return ErrRefundOpen
	case refund.OfSurplus(): // nothing that was sold comes back
		return ErrUnknownDocument
	case refund.Unassigned():
		return ErrRefundUnassigned
	}
	err := tx.QueryRowContext(ctx, `
		SELECT refund.occurred_at, max(capture.occurred_at)
		FROM money_ledger AS refund
		JOIN money_ledger AS capture ON capture.payment_id = refund.payment_id AND capture.kind = 'capture'
		WHERE refund.provider_id = $1 AND refund.kind = 'refund'
		GROUP BY refund.occurred_at`, refund.ProviderID).Scan(&sheet.Traded, &sheet.Original)
	if err != nil {
		return fmt.Errorf("read what was given back: %w", err)
	}
	sheet.Items, sheet.Taxes, sheet.Total = order.returned(refund), refund.Taxes(), refund.Amount
	return nil
}

// NoteRefund issues the note of a refund that has arrived. One made at the provider has to be
// explained by staff first; the note follows that.
func (s *Service) NoteRefund(ctx context.Context, event OrderRefunded) error {
	_, err := s.Issue(ctx, system, IssueRequest{Order: event.OrderID, Kind: RefundNote, Refund: event.RefundID})
	if errors.Is(err, ErrUnknownDocument) || errors.Is(err, ErrRefundUnassigned) || errors.Is(err, ErrRefundOpen) { // open: the bank has sent it back since
		return nil
	}
	return err
}

// check refuses what cannot be printed. No name at all is fine: a simplified invoice needs none.
func (a *Addressee) check() error {
	fields := map[string]string{}
	if reason := checkText(a.Name); reason != "" {
		fields["addressee"] = reason
	}
	if !slices.Contains(Honorifics, a.Honorific) {
		fields["honorific"] = "unknown"
	}
	if len(fields) > 0 {
		return &FormError{Fields: fields}
	}
	return nil
}

// draftDelivery tells what lies in the parcel: with prices for a company's books, without for
// the parcel itself, which may be a gift. It never has a phone number.
func (o Order) draftDelivery(contact Contact, sheet *Sheet) error {
	if o.Digital() || o.State != Ready && o.Step() != StepShipped {
		return wrongState("be packed", o.State)
	}
	sheet.Recipient = Recipient{Name: contact.Name, Honorific: "様"}
	if o.ShippedAt != nil {
		sheet.Traded = *o.ShippedAt
	}
	if o.ShippingMethod != PickupKey {
		sheet.Recipient.PostalCode, sheet.Recipient.Address = contact.PostalCode, contact.lines()
	}
	if sheet.Kind == PackingSlip {
		sheet.Items, sheet.Recipient.Message = o.packed(), contact.GiftMessage
		return nil
	}
	sheet.Items, sheet.Taxes, sheet.Total = o.priced(), o.Taxes(), o.Total
	return nil
}

// recipient is to whom papers are made out that nobody asked to be made out otherwise: the
// company, if there is one.
func (c Contact) recipient() Recipient {
	if c.Company == "" {
		return Recipient{Name: c.Name, Honorific: "様"}
	}
	return Recipient{Name: strings.TrimSpace(c.Company + " " + c.Department), Honorific: "御中"}
}

// lines is the address as it stands on an envelope, above the name.
func (c Contact) lines() []string {
	lines := []string{c.Prefecture + c.City + c.Street, c.Building, c.Company, c.Department}
	return slices.DeleteFunc(lines, func(line string) bool { return line == "" })
}

// PackingSlip issues and returns the slip of a parcel, for those who pack: from ready until 14
// days after shipping. Errors: ErrOrderNotFound, ErrContactClosed.
func (s *Service) PackingSlip(ctx context.Context, by audit.Actor, id OrderID) (Document, []byte, error) {
	order, err := s.Order(ctx, id)
	if err != nil {
		return Document{}, nil, err
	}
	if err := order.openToShipping(s.now()); err != nil {
		return Document{}, nil, err
	}
	slip, err := s.Issue(ctx, by, IssueRequest{Order: id, Kind: PackingSlip})
	if err != nil {
		return Document{}, nil, err
	}
	return s.Document(ctx, by, slip.ID)
}

// Reissue sets a document anew under its number, marked 再発行 with today's date, and otherwise as
// it was issued. Errors: ErrDocumentNotFound.
func (s *Service) Reissue(ctx context.Context, by audit.Actor, document DocumentID) (Document, error) {
	var again storedDocument
	err := postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		first, err := findDocument(ctx, tx, `document.id = (SELECT coalesce(reissue_of, id) FROM documents WHERE id = $1)`, document)
		if err != nil {
			return err
		}
		sheet, err := first.sheet(s.seal)
		if err != nil {
			return err
		}
		copied := first.Document
		copied.ID, copied.ReissueOf, copied.IssuedAt = id.New[documentKind](), first.ID, s.now()
		sheet.Reissued = &copied.IssuedAt
		if err := s.insertDocument(ctx, tx, copied, sheet); err != nil {
			return err
		}
		if err := recordDocument(ctx, tx, by, copied, "document.reissued"); err != nil {
			return err
		}
		again, err = findDocument(ctx, tx, `document.id = $1`, copied.ID)
		return err
	})
	if err != nil {
		return Document{}, fmt.Errorf("reissue document %s: %w", document, err)
	}
	_, err = s.keep(ctx, again)
	return again.Document, err
}

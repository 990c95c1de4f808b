package orders

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tsukuriba/internal/audit"
	"tsukuriba/internal/postgres"
	"tsukuriba/internal/seal"
	"tsukuriba/internal/yen"
)

// Typesetter sets a sheet, or the card of a gift, as a PDF. The same sheet gives the same bytes.
type Typesetter interface {
	Typeset(sheet Sheet) ([]byte, error)
	TypesetCard(card GiftCard) ([]byte, error)
}

// Archive keeps files under the hash of their content; blob.Store is one.
type Archive interface {
	Put(ctx context.Context, content []byte, contentType string) (key string, err error)
	Get(ctx context.Context, key string) ([]byte, error)
}

// Document is one issue of a document. It is never changed and never deleted (電子帳簿保存法).
type Document struct {
	ID          DocumentID   `db:"id"`
	Kind        DocumentKind `db:"kind"`
	Number      string       `db:"number"`
	OrderID     OrderID      `db:"order_id"`     // zero for a quotation
	QuotationID QuotationID  `db:"quotation_id"` // zero for anything else
	OrderNumber string       `db:"order_number"`
	RefundID    RefundID     `db:"refund_id"`  // zero unless Kind is RefundNote
	ReissueOf   DocumentID   `db:"reissue_of"` // zero for the first issue
	IssuedAt    time.Time    `db:"issued_at"`
	Amount      yen.Amount   `db:"amount_yen"`
	Recipient   string       `db:"-"` // name and honorific, class B: filled for staff who search
}

// FileName is the name under which the PDF is saved.
func (d Document) FileName() string {
	if d.ReissueOf.IsZero() {
		return d.Number + ".pdf"
	}
	return d.Number + "-reissue.pdf"
}

// storedDocument is a document as the database has it.
type storedDocument struct {
	Document
	Snapshot []byte `db:"snapshot"`
	Sealed   []byte `db:"recipient_sealed"`
	Key      string `db:"blob_key"` // empty until the file is kept
	Sum      []byte `db:"sha256"`
}

const selectDocuments = `
	SELECT document.id, document.kind, document.number, document.order_id, document.quotation_id,
	       coalesce(orders.number, '') AS order_number, document.refund_id,
	       document.reissue_of, document.issued_at, document.amount_yen, document.snapshot, document.recipient_sealed,
	       coalesce(document.blob_key, '') AS blob_key, document.sha256
	FROM documents AS document
	LEFT JOIN orders ON orders.id = document.order_id
	WHERE `

// findDocument returns the one document for which condition holds, or ErrDocumentNotFound.
func findDocument(ctx context.Context, db sqlx.QueryerContext, condition string, args ...any) (storedDocument, error) {
	var found storedDocument
	err := sqlx.GetContext(ctx, db, &found, selectDocuments+condition, args...)
	if errors.Is(err, sql.ErrNoRows) {
		return storedDocument{}, ErrDocumentNotFound
	}
	if err != nil {
		return storedDocument{}, fmt.Errorf("find document: %w", err)
	}
	return found, nil
}

func recipientContext(id DocumentID) string { return "orders.document_recipient:" + id.String() }
func fileContext(id DocumentID) string      { return "orders.document_file:" + id.String() }

// sheet is what was frozen when the document was issued.
func (d storedDocument) sheet(box *seal.Box) (Sheet, error) {
	var sheet Sheet
	if err := json.Unmarshal(d.Snapshot, &sheet); err != nil {
		return Sheet{}, fmt.Errorf("read snapshot of document %s: %w", d.Number, err)
	}
	err := openJSON(box, recipientContext(d.ID), d.Sealed, &sheet.Recipient)
	return sheet, err
}

// insertDocument writes a document without its file, which is set after the transaction.
func (s *Service) insertDocument(ctx context.Context, tx *sqlx.Tx, document Document, sheet Sheet) error {
	snapshot, err := json.Marshal(sheet)
	if err != nil {
		return fmt.Errorf("write snapshot: %w", err)
	}
	sealed, err := sealJSON(s.seal, recipientContext(document.ID), sheet.Recipient)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO documents (id, kind, number, order_id, quotation_id, refund_id, reissue_of, issued_at, amount_yen, snapshot,
		                       recipient_sealed, recipient_index)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		document.ID, document.Kind, document.Number, document.OrderID, document.QuotationID, document.RefundID, document.ReissueOf, document.IssuedAt,
		document.Amount, string(snapshot), sealed, pq.Array(s.recipientIndexes(sheet.Recipient.Name)))
	if err != nil {
		return fmt.Errorf("insert document: %w", err)
	}
	return nil
}

// keep sets the file of a document and stores it sealed. Of several who do so at once the first
// one counts; a crash in between leaves the document to the next who asks for it.
func (s *Service) keep(ctx context.Context, document storedDocument) ([]byte, error) {
	sheet, err := document.sheet(s.seal)
	if err != nil {
		return nil, err
	}
	file, err := s.typesetter.Typeset(sheet)
	if err != nil {
		return nil, fmt.Errorf("set document %s: %w", document.Number, err)
	}
	key, err := s.archive.Put(ctx, s.seal.Seal(fileContext(document.ID), file), "application/octet-stream")
	if err != nil {
		return nil, fmt.Errorf("keep document %s: %w", document.Number, err)
	}
	sum := sha256.Sum256(file)
	result, err := s.db.ExecContext(ctx, `
		UPDATE documents
		SET blob_key = $2, sha256 = $3
		WHERE id = $1 AND blob_key IS NULL`, document.ID, key, sum[:])
	if err != nil {
		return nil, fmt.Errorf("keep document %s: %w", document.Number, err)
	}
	if rows, err := result.RowsAffected(); err != nil || rows > 0 {
		return file, err
	}
	kept, err := findDocument(ctx, s.db, `document.id = $1`, document.ID)
	if err != nil {
		return nil, err
	}
	return s.kept(ctx, kept)
}

// kept reads the file of a document back. Errors: ErrDocumentDamaged for one that changed.
func (s *Service) kept(ctx context.Context, document storedDocument) ([]byte, error) {
	sealed, err := s.archive.Get(ctx, document.Key)
	if err != nil {
		return nil, fmt.Errorf("read document %s: %w", document.Number, err)
	}
	file, err := s.seal.Open(fileContext(document.ID), sealed)
	if err != nil {
		return nil, fmt.Errorf("read document %s: %w", document.Number, err)
	}
	if sum := sha256.Sum256(file); !bytes.Equal(sum[:], document.Sum) {
		return nil, fmt.Errorf("%w: %s", ErrDocumentDamaged, document.Number)
	}
	return file, nil
}

// Document returns a document with its PDF and leaves an audit entry. Errors: ErrDocumentNotFound.
func (s *Service) Document(ctx context.Context, by audit.Actor, id DocumentID) (Document, []byte, error) {
	return s.readDocument(ctx, by, `document.id = $1`, id)
}

// OwnDocument is Document for the customer with the secret link of its order. Packing slips and
// delivery notes travel with the parcel. Errors: ErrOrderNotFound, ErrDocumentNotFound.
func (s *Service) OwnDocument(ctx context.Context, token string, id DocumentID) (Document, []byte, error) {
	order, err := s.ByLink(ctx, token)
	if err != nil {
		return Document{}, nil, err
	}
	return s.readDocument(ctx, audit.Actor{Role: audit.Customer},
		`document.id = $1 AND document.order_id = $2 AND document.kind IN ('invoice', 'receipt', 'refund_note')`, id, order.ID)
}

func (s *Service) readDocument(ctx context.Context, by audit.Actor, condition string, args ...any) (Document, []byte, error) {
	var found storedDocument
	err := postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) (err error) {
		if found, err = findDocument(ctx, tx, condition, args...); err != nil {
			return err
		}
		return recordDocument(ctx, tx, by, found.Document, "document.read")
	})
	if err != nil {
		return Document{}, nil, err
	}
	if found.Key == "" {
		file, err := s.keep(ctx, found)
		return found.Document, file, err
	}
	file, err := s.kept(ctx, found)
	return found.Document, file, err
}

func recordDocument(ctx context.Context, tx *sqlx.Tx, by audit.Actor, document Document, action string) error {
	return audit.Record(ctx, tx, audit.Entry{
		Actor: by, Action: action, Subject: cmp.Or(document.OrderID.String(), document.QuotationID.String()),
		Detail: map[string]any{"document": document.ID, "kind": document.Kind, "number": document.Number},
	})
}

// OwnDocuments lists what the customer with the secret link may have. Errors: ErrOrderNotFound.
func (s *Service) OwnDocuments(ctx context.Context, token string) ([]Document, error) {
	order, err := s.ByLink(ctx, token)
	if err != nil {
		return nil, err
	}
	documents, err := s.OrderDocuments(ctx, order.ID)
	return slices.DeleteFunc(documents, func(document Document) bool { return !document.Kind.ForCustomer() }), err
}

// OrderDocuments lists the documents of an order, the oldest first, without their recipients.
func (s *Service) OrderDocuments(ctx context.Context, order OrderID) ([]Document, error) {
	var found []storedDocument
	err := s.db.SelectContext(ctx, &found, selectDocuments+`document.order_id = $1 ORDER BY document.id`, order)
	if err != nil {
		return nil, fmt.Errorf("read documents: %w", err)
	}
	documents := make([]Document, len(found))
	for i, document := range found {
		documents[i] = document.Document
	}
	return documents, nil
}

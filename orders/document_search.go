package orders

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tsukuriba/catalog"
	"tsukuriba/internal/audit"
	"tsukuriba/internal/jst"
	"tsukuriba/internal/postgres"
	"tsukuriba/internal/text"
	"tsukuriba/internal/yen"
)

// DocumentQuery says which documents are looked for, by what 電子帳簿保存法施行規則 第4条 wants records
// to be found by; empty fields do not narrow. From and Until are days in Japan, both included.
// Recipient is the beginning of a name or of one of its parts, two letters or more, in any kana and width.
type DocumentQuery struct {
	Kind      DocumentKind
	Number    string
	From      time.Time
	Until     time.Time
	AtLeast   yen.Amount
	AtMost    yen.Amount // 0 means no limit
	Recipient string
	Cursor    string
	Limit     int // 1–100; 0 means 50
}

// SearchDocuments lists documents with their recipients, the newest first, and leaves an audit
// entry. Errors: catalog.ErrBadCursor.
func (s *Service) SearchDocuments(ctx context.Context, by audit.Actor, query DocumentQuery) (catalog.Page[Document], error) {
	before, err := parseCursor(query.Cursor)
	if err != nil {
		return catalog.Page[Document]{}, err
	}
	limit := min(query.Limit, maxPage)
	if limit <= 0 {
		limit = 50
	}
	var found []storedDocument
	err = postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		err := tx.SelectContext(ctx, &found, selectDocuments+`
			    ($1 = '' OR document.kind = $1)
			AND ($2 = '' OR document.number = $2)
			AND ($3::timestamptz IS NULL OR document.issued_at >= $3)
			AND ($4::timestamptz IS NULL OR document.issued_at < $4)
			AND document.amount_yen >= $5
			AND ($6 = 0 OR document.amount_yen <= $6)
			AND (coalesce(cardinality($7::bytea[]), 0) = 0 OR document.recipient_index && $7)
			AND ($8::uuid IS NULL OR document.id < $8)
			ORDER BY document.id DESC
			LIMIT $9`,
			query.Kind, strings.ToUpper(query.Number), firstMoment(query.From), momentAfter(query.Until), query.AtLeast, query.AtMost,
			pq.Array(s.recipientQuery(query.Recipient)), before, limit+1)
		if err != nil {
			return fmt.Errorf("search documents: %w", err)
		}
		return audit.Record(ctx, tx, audit.Entry{
			Actor: by, Action: "documents.searched", Subject: "documents",
			Detail: map[string]any{"kind": query.Kind, "by_recipient": query.Recipient != "", "found": len(found)},
		})
	})
	if err != nil {
		return catalog.Page[Document]{}, err
	}
	return s.documentPage(found, limit)
}

func (s *Service) documentPage(found []storedDocument, limit int) (catalog.Page[Document], error) {
	page := catalog.Page[Document]{}
	if len(found) > limit {
		found = found[:limit]
		page.NextCursor = cursorAfter(OrderID(found[limit-1].ID))
	}
	for _, document := range found {
		var recipient Recipient
		if err := openJSON(s.seal, recipientContext(document.ID), document.Sealed, &recipient); err != nil {
			return page, err
		}
		document.Recipient = strings.TrimSpace(recipient.Name + " " + recipient.Honorific)
		page.Items = append(page.Items, document.Document)
	}
	return page, nil
}

// firstMoment is the midnight with which a day begins in Japan, or nil for no day.
func firstMoment(day time.Time) *time.Time {
	if day.IsZero() {
		return nil
	}
	return new(jst.Midnight(day))
}

func momentAfter(day time.Time) *time.Time {
	if day.IsZero() {
		return nil
	}
	return new(jst.Midnight(day).AddDate(0, 0, 1))
}

const recipientField = "orders.document_recipient"

// legalForms stand before or after the names of companies; people search without them.
var legalForms = strings.NewReplacer("株式会社", "", "有限会社", "", "合同会社", "", "一般社団法人", "", "社会福祉法人", "", "(株)", "", "(有)", "")

// indexedLetters is how much of the beginning of a part can be looked for.
const indexedLetters = 16

// recipientIndexes are the blind indexes of everything by which a name is looked for: the whole,
// each part between spaces, both without their legal form, too, and how all these begin.
func (s *Service) recipientIndexes(name string) [][]byte {
	folded := text.Fold(name)
	keys := append(strings.Fields(folded), strings.ReplaceAll(folded, " ", ""))
	for _, key := range slices.Clone(keys) {
		keys = append(keys, legalForms.Replace(key))
	}
	for _, part := range slices.Clone(keys) {
		letters := []rune(part)
		for end := 2; end < min(len(letters), indexedLetters+1); end++ {
			keys = append(keys, string(letters[:end]))
		}
	}
	slices.Sort(keys)
	indexes := [][]byte{}
	for _, key := range slices.Compact(keys) {
		if key != "" {
			indexes = append(indexes, s.seal.Blind(recipientField, key))
		}
	}
	return indexes
}

func (s *Service) recipientQuery(name string) [][]byte {
	joined := strings.ReplaceAll(text.Fold(name), " ", "")
	if joined == "" {
		return nil
	}
	return s.seal.Blinds(recipientField, joined)
}

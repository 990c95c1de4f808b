package catalog

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"tsukuriba/internal/yen"
)

// The lengths of a page of products, and how much of a searched text counts.
const (
	defaultLimit   = 24
	maxLimit       = 100
	maxSearchBytes = 500
)

// ProductQuery says which products to list. Text searches, Collection is a slug, Filter narrows,
// Cursor comes from the page before, in the same order. Limit is 24 if it is 0 or less, and 100 at most.
type ProductQuery struct {
	Text       string
	Collection string
	Filter     Filter
	Sort       Sort
	Cursor     string
	Limit      int
}

// folded is the text as it is compared with products; "" looks for nothing.
func (q ProductQuery) folded() string { return sought(q.Text[:min(len(q.Text), maxSearchBytes)]) }

// ProductSummary is a product as a list shows it.
type ProductSummary struct {
	ID      ProductID
	Slug    string
	Name    string
	NameEn  string
	Summary string
	Kind    Kind
	State   State
	Price   yen.Amount
	SoldOut bool // a stock product of which nothing is left

	number int64 // by which the list is sorted
}

func (q ProductQuery) limit() int {
	if q.Limit <= 0 {
		return defaultLimit
	}
	return min(q.Limit, maxLimit)
}

// rows is how many products are read for a page. One more than it holds tells whether another
// page follows; it is one of two numbers, because each makes a statement of its own.
func (q ProductQuery) rows() int {
	if q.limit() <= defaultLimit {
		return defaultLimit + 1
	}
	return maxLimit + 1
}

// summaryColumns are read by summaries after the number by which the list is sorted.
const summaryColumns = `
	p.id, p.slug, p.name, p.name_en, p.summary, p.kind, p.state, p.price_yen, p.kind = 'stock' AND p.offered = 0`

// list reads what follows a place. The place stands in a sub-select and the limit in the text, so that the planner knows
// all that matters without the values: it then plans once for each connection and not at every call, which takes as
// long as the query itself.
func (q ProductQuery) list(o order, from string) string {
	return `
		SELECT ` + o.number + `, ` + summaryColumns + `
		FROM ` + from + `
		WHERE ` + shown + ` AND (` + o.number + `, p.id) ` + o.follows() + ` (SELECT $1::bigint, $2::uuid)
		ORDER BY ` + o.by(o.number) + `
		LIMIT ` + strconv.Itoa(q.rows())
}

// Products lists what is published or paused: all, those of an open collection, or those in
// which every word of Text occurs. Errors: ErrBadCursor, ErrOtherOrder,
// ErrCollectionNotFound.
func (s *Service) Products(ctx context.Context, query ProductQuery) (Page[ProductSummary], error) {
	page, err := s.products(ctx, query)
	if err != nil {
		return page, fmt.Errorf("list products: %w", err)
	}
	return page, nil
}

func (s *Service) products(ctx context.Context, query ProductQuery) (Page[ProductSummary], error) {
	var collection CollectionID
	var err error
	if query.Collection != "" {
		if collection, err = s.openCollection(ctx, query.Collection); err != nil {
			return Page[ProductSummary]{}, err
		}
	}
	order := query.order(collection)
	after, err := order.parse(query.Cursor)
	if err != nil {
		return Page[ProductSummary]{}, err
	}
	w := wanted{query, order, after, collection, query.folded()}
	if w.folded != "" || query.Filter.Any() {
		return s.search(ctx, w)
	}
	return s.listed(ctx, w)
}

// listed reads a page of everything, or of a collection.
func (s *Service) listed(ctx context.Context, w wanted) (Page[ProductSummary], error) {
	from, args := "products p", []any{w.after.number, uuid.UUID(w.after.id)}
	if !w.collection.IsZero() {
		from = "collection_products cp JOIN products p ON p.id = cp.product_id AND cp.collection_id = $3"
		args = append(args, w.collection)
	}
	rows, err := s.db.QueryContext(ctx, w.list(w.order, from), args...)
	if err != nil {
		return Page[ProductSummary]{}, err
	}
	return w.pageOf(rows)
}

func (w wanted) pageOf(rows *sql.Rows) (Page[ProductSummary], error) {
	found, more, err := summaries(rows, w.limit())
	page := Page[ProductSummary]{Items: found}
	if more {
		last := found[len(found)-1]
		page.NextCursor = place{last.number, last.ID}.cursor(w.order)
	}
	return page, err
}

// summaries reads at most so many products, and whether there are more. It reads by hand and into plain types what sqlx
// and database/sql would read by reflection: this is the busiest query of the shop.
func summaries(rows *sql.Rows, most int) (found []ProductSummary, more bool, err error) {
	defer rows.Close()
	found = make([]ProductSummary, 0, most)
	for rows.Next() {
		if len(found) == most {
			return found, true, nil
		}
		found = append(found, ProductSummary{})
		p := &found[len(found)-1]
		err := rows.Scan(&p.number, &p.ID, &p.Slug, &p.Name, &p.NameEn, &p.Summary,
			(*string)(&p.Kind), (*string)(&p.State), (*int64)(&p.Price), &p.SoldOut)
		if err != nil {
			return nil, false, fmt.Errorf("read product: %w", err)
		}
	}
	return found, false, rows.Err()
}

// Rendered returns what render makes of the page that query asks for, from memory as long as
// the catalog stays as it is. Form names the render function: the same form and query must
// always render alike, and the bytes must not be changed. Searches are not remembered.
func (s *Service) Rendered(ctx context.Context, form string, query ProductQuery, render func(Page[ProductSummary]) ([]byte, error)) ([]byte, error) {
	load := func() ([]byte, int, error) {
		page, err := s.Products(ctx, query)
		if err != nil {
			return nil, 0, err
		}
		content, err := render(page)
		return content, len(content), err
	}
	if query.Text != "" {
		content, _, err := load()
		return content, err
	}
	return recall(s.memory, s.pageKey(form, query), load)
}

// pageKey has the date of a collection's page in it, because its season may end over night.
func (s *Service) pageKey(form string, query ProductQuery) string {
	day := ""
	if query.Collection != "" {
		day = s.today()
	}
	return strings.Join([]string{"page", form, day, query.Collection, query.Filter.key(), string(query.Sort), query.Cursor, strconv.Itoa(query.limit())}, "\x00")
}

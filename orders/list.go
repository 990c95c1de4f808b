package orders

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tsukuriba/catalog"
	"tsukuriba/internal/audit"
	"tsukuriba/internal/postgres"
)

// maxPage is the most orders a page holds.
const maxPage = 100

// OrderQuery says which orders staff look for; empty fields do not narrow. Email is compared as
// a whole, without regard to case.
type OrderQuery struct {
	States []State
	Number string
	Email  string
	OnHold bool
	Cursor string
	Limit  int // 1–100; 0 means 50
}

// Orders lists orders, the newest first. Errors: catalog.ErrBadCursor.
func (s *Service) Orders(ctx context.Context, query OrderQuery) (catalog.Page[Order], error) {
	before, err := parseCursor(query.Cursor)
	if err != nil {
		return catalog.Page[Order]{}, err
	}
	limit := min(query.Limit, maxPage)
	if limit <= 0 {
		limit = 50
	}
	var emails [][]byte
	if query.Email != "" {
		emails = emailIndexes(s.seal, query.Email)
	}
	orders, err := readOrders(ctx, s.db, `
		    (coalesce(cardinality($1::text[]), 0) = 0 OR orders.state = ANY($1))
		AND ($2 = '' OR orders.number = $2)
		AND (coalesce(cardinality($3::bytea[]), 0) = 0 OR orders.email_hash = ANY($3))
		AND (NOT $4 OR EXISTS (SELECT FROM order_holds WHERE order_id = orders.id AND released_at IS NULL))
		AND ($5::uuid IS NULL OR orders.id < $5)
		ORDER BY orders.id DESC
		LIMIT $6`,
		pq.Array(query.States), query.Number, pq.Array(emails), query.OnHold, before, limit+1)
	if err != nil {
		return catalog.Page[Order]{}, err
	}
	page := catalog.Page[Order]{Items: orders}
	if len(orders) > limit {
		page.Items = orders[:limit]
		page.NextCursor = cursorAfter(page.Items[limit-1].ID)
	}
	return page, nil
}

func cursorAfter(order OrderID) string { return base64.RawURLEncoding.EncodeToString(order[:]) }

func parseCursor(cursor string) (OrderID, error) {
	if cursor == "" {
		return OrderID{}, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || len(raw) != len(OrderID{}) {
		return OrderID{}, catalog.ErrBadCursor
	}
	return OrderID(raw), nil
}

// Order returns one order with everything but its contact. Errors: ErrOrderNotFound.
func (s *Service) Order(ctx context.Context, id OrderID) (Order, error) {
	return readOrder(ctx, s.db, `orders.id = $1`, id)
}

// Contact returns name and address of an order and leaves an audit entry. Who may ask is the
// caller's to decide. Errors: ErrOrderNotFound.
func (s *Service) Contact(ctx context.Context, by audit.Actor, id OrderID) (Contact, error) {
	return s.readContact(ctx, by, id, func(Order) error { return nil })
}

// ContactForShipping is Contact for those who only send parcels: from ready until 14 days after
// the order was shipped. Errors: ErrOrderNotFound, ErrContactClosed.
func (s *Service) ContactForShipping(ctx context.Context, by audit.Actor, id OrderID) (Contact, error) {
	return s.readContact(ctx, by, id, func(order Order) error { return order.openToShipping(s.now()) })
}

func (o *Order) openToShipping(now time.Time) error {
	if o.State == Ready || o.Replacing || o.Step() == StepShipped && o.ShippedAt != nil && now.Before(o.ShippedAt.Add(completeAfter)) {
		return nil
	}
	return ErrContactClosed
}

func (s *Service) readContact(ctx context.Context, by audit.Actor, id OrderID, may func(Order) error) (Contact, error) {
	var contact Contact
	err := postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		order, err := readOrder(ctx, tx, `orders.id = $1`, id)
		if err != nil {
			return err
		}
		if err := may(order); err != nil {
			return err
		}
		if contact, err = s.contact(ctx, tx, id); err != nil {
			return err
		}
		return recordOn(ctx, tx, order, by, "order.contact_read")
	})
	if err != nil {
		return Contact{}, fmt.Errorf("read contact of order %s: %w", id, err)
	}
	return contact, nil
}

// TimelineEntry is one thing that happened to an order.
type TimelineEntry struct {
	At     time.Time
	Actor  audit.Actor
	Action string // such as "order.approved"
	Detail map[string]any
}

// Timeline lists everything that happened to an order, the oldest first.
func (s *Service) Timeline(ctx context.Context, id OrderID) ([]TimelineEntry, error) {
	var rows []struct {
		At     time.Time  `db:"at"`
		Role   audit.Role `db:"actor_role"`
		Actor  string     `db:"actor_id"`
		Action string     `db:"action"`
		Detail []byte     `db:"detail"`
	}
	err := s.db.SelectContext(ctx, &rows, `
		SELECT at, actor_role, actor_id, action, detail
		FROM audit_entries
		WHERE subject = $1
		ORDER BY id`, id.String())
	if err != nil {
		return nil, fmt.Errorf("read timeline of order %s: %w", id, err)
	}
	entries := make([]TimelineEntry, len(rows))
	for i, row := range rows {
		entries[i] = TimelineEntry{At: row.At, Actor: audit.Actor{Role: row.Role, ID: row.Actor}, Action: row.Action}
		if err := json.Unmarshal(row.Detail, &entries[i].Detail); err != nil {
			return nil, fmt.Errorf("read timeline of order %s: %w", id, err)
		}
	}
	return entries, nil
}

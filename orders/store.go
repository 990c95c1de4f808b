package orders

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tsukuriba/catalog"
	"tsukuriba/internal/audit"
	"tsukuriba/internal/jobs"
	"tsukuriba/internal/postgres"
)

// orderMoney joins what came for an order by the ledger, and what of it was captured for good.
const orderMoney = `
	CROSS JOIN LATERAL (
		SELECT coalesce(sum(CASE
		                    WHEN ledger.kind IN ('capture', 'refund_returned', 'dispute_in') THEN ledger.amount_yen
		                    WHEN ledger.kind IN ('capture_undone', 'refund', 'dispute_out') THEN -ledger.amount_yen END), 0) AS paid_yen,
		       coalesce(sum(CASE ledger.kind
		                    WHEN 'capture' THEN ledger.amount_yen
		                    WHEN 'capture_undone' THEN -ledger.amount_yen END)
		                FILTER (WHERE payments.superseded IS NOT TRUE), 0) AS captured_yen,
		       coalesce(sum(ledger.amount_yen) FILTER (WHERE ledger.kind = 'written_off'), 0) AS written_off_yen
		FROM money_ledger AS ledger
		LEFT JOIN payments ON payments.id = ledger.payment_id
		WHERE ledger.order_id = orders.id) AS money`

const selectOrders = `
	SELECT orders.id, orders.number, orders.checkout_id, orders.state, orders.version, orders.language, orders.payment_method,
	       orders.shipping_method, orders.discount_code, orders.wrapped, orders.without_prices, orders.goods_yen, orders.discount_yen, orders.wrapping_yen, orders.shipping_yen, orders.total_yen,
	       orders.legal_text,
	       orders.ship_from, orders.ship_until, orders.cancel_reason, orders.placed_at, orders.expires_at,
	       orders.approved_at, orders.shipped_at, money.paid_yen, money.captured_yen, money.written_off_yen,
	       EXISTS (SELECT FROM claims WHERE claims.order_id = orders.id AND claims.state IN ('remaking', 'ready')) AS replacing,
	       EXISTS (SELECT FROM order_holds WHERE order_id = orders.id AND released_at IS NULL) AS has_holds,
	       EXISTS (SELECT FROM refunds WHERE order_id = orders.id) AS has_refunds,
	       EXISTS (SELECT FROM shipments WHERE order_id = orders.id) AS has_shipments
	FROM orders` + orderMoney + `
	WHERE `

// orderParts says which parts there are of an order that not every one has.
type orderParts struct {
	HasHolds     bool `db:"has_holds"`
	HasRefunds   bool `db:"has_refunds"`
	HasShipments bool `db:"has_shipments"`
}

func (p orderParts) or(other orderParts) orderParts {
	return orderParts{
		HasHolds:   p.HasHolds || other.HasHolds,
		HasRefunds: p.HasRefunds || other.HasRefunds, HasShipments: p.HasShipments || other.HasShipments,
	}
}

// readOrder returns the one order for which condition holds, complete, or ErrOrderNotFound.
func readOrder(ctx context.Context, db sqlx.QueryerContext, condition string, args ...any) (Order, error) {
	orders, err := readOrders(ctx, db, condition, args...)
	if err != nil {
		return Order{}, err
	}
	if len(orders) == 0 {
		return Order{}, ErrOrderNotFound
	}
	return orders[0], nil
}

// readOrders returns orders with everything that belongs to them, in at most seven queries however
// many they are. What not every order has is asked for only if one of them has it.
func readOrders(ctx context.Context, db sqlx.QueryerContext, condition string, args ...any) ([]Order, error) {
	var rows []struct {
		Order
		orderParts
	}
	if err := sqlx.SelectContext(ctx, db, &rows, selectOrders+condition, args...); err != nil {
		return nil, fmt.Errorf("read orders: %w", err)
	}
	if len(rows) == 0 {
		return nil, nil
	}
	var parts orderParts
	orders, ids, index := make([]Order, len(rows)), make([]OrderID, len(rows)), map[OrderID]*Order{}
	for i, row := range rows {
		orders[i], ids[i], index[row.ID] = row.Order, row.ID, &orders[i]
		parts = parts.or(row.orderParts)
	}
	for _, part := range []struct {
		there bool
		read  func(context.Context, sqlx.QueryerContext, chosenOrders, map[OrderID]*Order) error
	}{
		{true, readLines},
		{parts.HasHolds, readHolds},
		{true, readPayments},
		{parts.HasRefunds, readRefunds},
		{parts.HasShipments, readShipments},
	} {
		if !part.there {
			continue
		}
		if err := part.read(ctx, db, chooseOrders(ids), index); err != nil {
			return nil, err
		}
	}
	return orders, nil
}

// chosenOrders says in a clause which orders are meant, by $1.
type chosenOrders struct {
	equals string
	value  any
}

// chooseOrders compares one alone for itself: PostgreSQL would plan an array anew each time.
func chooseOrders(ids []OrderID) chosenOrders {
	if len(ids) == 1 {
		return chosenOrders{`= $1`, ids[0]}
	}
	return chosenOrders{`= ANY($1)`, pq.Array(ids)}
}

// readMoney reads anew what has come for the order.
func (o *Order) readMoney(ctx context.Context, tx *sqlx.Tx) error {
	if err := tx.GetContext(ctx, o, `SELECT money.* FROM orders`+orderMoney+` WHERE orders.id = $1`, o.ID); err != nil {
		return fmt.Errorf("sum the money of the order: %w", err)
	}
	return nil
}

func readLines(ctx context.Context, db sqlx.QueryerContext, of chosenOrders, orders map[OrderID]*Order) error {
	var lines []Line
	err := sqlx.SelectContext(ctx, db, &lines, `
		SELECT line.id, line.order_id, line.product_id, line.variant_id, line.design_id,
		       coalesce(concat_ws(E'\n', design.text, nullif(design.spec->>'second_line', '')), '') AS design_text,
		       line.title, line.title_en, line.digital, line.quantity, line.unit_price_yen, line.total_yen, line.discount_yen, line.tax_rate,
		       line.routing, line.text_state
		FROM order_lines AS line
		LEFT JOIN designs AS design ON design.id = line.design_id
		WHERE line.order_id `+of.equals+`
		ORDER BY line.position`, of.value)
	if err != nil {
		return fmt.Errorf("read order lines: %w", err)
	}
	for _, line := range lines {
		orders[line.OrderID].Lines = append(orders[line.OrderID].Lines, line)
	}
	return nil
}

func readHolds(ctx context.Context, db sqlx.QueryerContext, of chosenOrders, orders map[OrderID]*Order) error {
	var holds []Hold
	err := sqlx.SelectContext(ctx, db, &holds, `
		SELECT id, order_id, reason, note, cause, placed_at
		FROM order_holds
		WHERE order_id `+of.equals+` AND released_at IS NULL
		ORDER BY placed_at, id`, of.value)
	if err != nil {
		return fmt.Errorf("read holds: %w", err)
	}
	for _, hold := range holds {
		orders[hold.OrderID].Holds = append(orders[hold.OrderID].Holds, hold)
	}
	return nil
}

const selectPayments = `
	SELECT id, order_id, attempt, method, state, version, amount_yen, coalesce(session_id, '') AS session_id,
	       coalesce(intent_id, '') AS intent_id, pay_url, voucher_url, superseded, capture_before, expires_at,
	       failure, created_at
	FROM payments
	WHERE `

func readPayments(ctx context.Context, db sqlx.QueryerContext, of chosenOrders, orders map[OrderID]*Order) error {
	var payments []Payment
	if err := sqlx.SelectContext(ctx, db, &payments, selectPayments+`order_id `+of.equals+` ORDER BY attempt`, of.value); err != nil {
		return fmt.Errorf("read payments: %w", err)
	}
	for _, payment := range payments {
		orders[payment.OrderID].Payments = append(orders[payment.OrderID].Payments, payment)
	}
	return nil
}

func readShipments(ctx context.Context, db sqlx.QueryerContext, of chosenOrders, orders map[OrderID]*Order) error {
	var shipments []Shipment
	err := sqlx.SelectContext(ctx, db, &shipments, `
		SELECT id, order_id, state, carrier, tracking, handed_over_at
		FROM shipments
		WHERE order_id `+of.equals+` AND claim_id IS NULL AND state <> 'returned'`, of.value)
	if err != nil {
		return fmt.Errorf("read shipments: %w", err)
	}
	for i, shipment := range shipments {
		orders[shipment.OrderID].Shipment = &shipments[i]
	}
	return nil
}

// lockOrder locks the order until tx ends and reads it as it is then.
func lockOrder(ctx context.Context, tx *sqlx.Tx, id OrderID) (Order, error) {
	if err := lockOrderRow(ctx, tx, id); err != nil {
		return Order{}, err
	}
	return readOrder(ctx, tx, `orders.id = $1`, id)
}

// lockOrderRow locks the order until tx ends, for those who need not know how it stands.
func lockOrderRow(ctx context.Context, tx *sqlx.Tx, id OrderID) error {
	if _, err := tx.ExecContext(ctx, `SELECT FROM orders WHERE id = $1 FOR UPDATE`, id); err != nil {
		return fmt.Errorf("lock order: %w", err)
	}
	return nil
}

// step is a move of the order machine somebody decided on.
type step struct {
	to     State
	by     audit.Actor
	reason string     // for canceled: cancel_reason
	until  *time.Time // for awaiting payment: how long, if not as long as the method's patience
}

// move is the only function that writes an order's state. It writes the audit entry, announces where
// the order has arrived, and gives the stock of one that ended back.
func (s *Service) move(ctx context.Context, tx *sqlx.Tx, order *Order, step step) error {
	from := order.State
	if !slices.Contains(moves[from], step.to) {
		return wrongState("become "+string(step.to), from)
	}
	order.arrive(step, s.now())
	err := s.updateOrder(ctx, tx, *order, from, audit.Entry{
		Actor: step.by, Action: "order." + string(step.to), Subject: order.ID.String(),
		Detail: map[string]any{"number": order.Number, "from": from, "to": order.State, "reason": step.reason},
	})
	if err != nil {
		return err
	}
	order.Version++
	if order.State == Approved {
		if err := s.openDownloads(ctx, tx, *order); err != nil {
			return err
		}
	}
	if order.unwanted() {
		if err := s.closeInvoice(ctx, tx, order, step.by); err != nil {
			return err
		}
		if err := s.releaseStock(ctx, tx, order.ID); err != nil {
			return err
		}
		if err := s.releaseUse(ctx, tx, order.ID); err != nil {
			return err
		}
		if err := s.releasePlaces(ctx, tx, order.ID); err != nil {
			return err
		}
	}
	return nil
}

func (o *Order) arrive(step step, now time.Time) {
	o.State, o.CancelReason = step.to, step.reason
	switch step.to {
	case AwaitingPayment:
		o.ExpiresAt = step.until
		if step.until == nil {
			o.ExpiresAt = new(now.Add(patience(o.Method)))
		}
	case Approved:
		o.ApprovedAt, o.ExpiresAt = &now, nil
	case InReview:
		o.ExpiresAt = nil
	case Shipped:
		o.ShippedAt = &now
	}
}

// updateOrder writes the order's state, records the move and tells whoever listens where it has arrived.
func (s *Service) updateOrder(ctx context.Context, tx *sqlx.Tx, order Order, from State, moved audit.Entry) error {
	var batch postgres.Batch
	if err := audit.RecordWith(&batch, moved); err != nil {
		return err
	}
	if event := arrival(order, from); event != nil {
		if err := s.bus.AnnounceWith(&batch, event); err != nil {
			return err
		}
	}
	batch.Must(ErrStale, `
		UPDATE orders
		SET expires_at = $2, state = $5, version = version + 1, cancel_reason = $6, approved_at = $7, shipped_at = $8
		WHERE id = $1 AND state = $3 AND version = $4`,
		order.ID, order.ExpiresAt, from, order.Version, order.State, order.CancelReason, order.ApprovedAt, order.ShippedAt)
	if err := batch.Run(ctx, tx); err != nil {
		return fmt.Errorf("move order: %w", err)
	}
	return nil
}

// arrival is what is announced of an order that has come to its state from another, or nil.
func arrival(order Order, from State) jobs.Event {
	switch order.State {
	case InReview:
		return OrderInReview{OrderID: order.ID, Revived: from == Expired}
	case Approved:
		return OrderApproved{OrderID: order.ID}
	case Canceled:
		return OrderCanceled{OrderID: order.ID}
	case Expired:
		return OrderExpired{OrderID: order.ID}
	case Shipped:
		return OrderShipped{OrderID: order.ID}
	default:
		return nil
	}
}

// settle moves the order as far as texts, money and holds allow.
func (s *Service) settle(ctx context.Context, tx *sqlx.Tx, order *Order, by audit.Actor) error {
	for to := order.next(); to != order.State; to = order.next() {
		if err := s.move(ctx, tx, order, step{to: to, by: by}); err != nil {
			return err
		}
	}
	return nil
}

// saveTexts writes the decisions about the texts of an order.
func (s *Service) saveTexts(ctx context.Context, tx *sqlx.Tx, order Order, by audit.Actor) error {
	decider, err := staffUUID(by)
	if err != nil {
		return err
	}
	for _, line := range order.Lines {
		_, err := tx.ExecContext(ctx, `
			UPDATE order_lines
			SET text_state = $2, text_decided_by = $3, text_decided_at = $4
			WHERE id = $1 AND text_state = 'pending'`, line.ID, line.TextState, decider, s.now())
		if err != nil {
			return fmt.Errorf("save text decision: %w", err)
		}
	}
	return nil
}

// releaseStock gives back what the order still holds. A reservation leaves held only once.
func (s *Service) releaseStock(ctx context.Context, tx *sqlx.Tx, order OrderID) error {
	changes, err := leaveHeld(ctx, tx, order, "released")
	if err != nil || len(changes) == 0 {
		return err
	}
	return s.catalog.Release(ctx, tx, changes)
}

// consumeStock takes what the order holds out of the shop.
func (s *Service) consumeStock(ctx context.Context, tx *sqlx.Tx, order OrderID) error {
	changes, err := leaveHeld(ctx, tx, order, "consumed")
	if err != nil || len(changes) == 0 {
		return err
	}
	return s.catalog.Consume(ctx, tx, changes)
}

func leaveHeld(ctx context.Context, tx *sqlx.Tx, order OrderID, to string) ([]catalog.StockChange, error) {
	var rows []struct {
		Variant  catalog.VariantID `db:"variant_id"`
		Quantity int               `db:"quantity"`
	}
	err := tx.SelectContext(ctx, &rows, `
		UPDATE stock_reservations AS reservation
		SET state = $2
		FROM order_lines AS line
		WHERE line.id = reservation.order_line_id AND line.order_id = $1 AND reservation.state = 'held'
		RETURNING reservation.variant_id, reservation.quantity`, order, to)
	if err != nil {
		return nil, fmt.Errorf("end reservations: %w", err)
	}
	changes := make([]catalog.StockChange, len(rows))
	for i, row := range rows {
		changes[i] = catalog.StockChange{Variant: row.Variant, Quantity: row.Quantity}
	}
	return changes, nil
}

package orders

import (
	"context"

	"tsukuriba/internal/invariant"
)

// invariants are those of the money design. Constraints hold most of them in the database, too;
// they are asked again, because constraints can be dropped.
var invariants = []invariant.Rule{
	{
		Name: "paid-not-negative", Sentence: "More money has left this order than it ever received.", Query: `
		SELECT orders.number AS subject
		FROM orders
		JOIN money_ledger AS ledger ON ledger.order_id = orders.id
		GROUP BY orders.number
		HAVING sum(CASE
		           WHEN ledger.kind IN ('capture', 'refund_returned', 'dispute_in') THEN ledger.amount_yen
		           WHEN ledger.kind IN ('capture_undone', 'refund', 'dispute_out') THEN -ledger.amount_yen
		           ELSE 0 END) < 0`,
	},
	{
		Name: "refunds-within-captures", Sentence: "More is being refunded for this order than was captured.", Query: `
		SELECT orders.number AS subject
		FROM orders
		WHERE (
			SELECT coalesce(sum(amount_yen), 0)
			FROM refunds
			WHERE order_id = orders.id AND state NOT IN ('failed', 'canceled')
			  AND (state NOT IN ('requested', 'submitting')
			       OR NOT EXISTS ( -- overtaken by a refund at the provider, which will refuse ours; ids grow with time
				SELECT
				FROM refunds AS overtaking
				WHERE overtaking.order_id = orders.id AND overtaking.origin = 'external' AND overtaking.id > refunds.id))
		) > (
			SELECT coalesce(sum(CASE kind WHEN 'capture' THEN amount_yen ELSE -amount_yen END), 0)
			FROM money_ledger
			WHERE order_id = orders.id AND kind IN ('capture', 'capture_undone')
		)`,
	},
	{
		Name: "refunds-in-ledger", Sentence: "The refunds of this order and its ledger disagree.", Query: `
		SELECT orders.number AS subject
		FROM orders
		WHERE (
			SELECT coalesce(sum(amount_yen), 0)
			FROM refunds
			WHERE order_id = orders.id AND state = 'succeeded'
		) <> (
			SELECT coalesce(sum(CASE kind WHEN 'refund' THEN amount_yen ELSE -amount_yen END), 0)
			FROM money_ledger
			WHERE order_id = orders.id AND kind IN ('refund', 'refund_returned')
		)`,
	},
	{
		Name: "refund-lines", Sentence: "What this refund was for does not come to its amount.", Query: `
		SELECT orders.number || ', ' || refunds.id AS subject
		FROM refunds
		JOIN orders ON orders.id = refunds.order_id
		LEFT JOIN refund_lines ON refund_lines.refund_id = refunds.id
		GROUP BY orders.number, refunds.id
		HAVING sum(refund_lines.amount_yen) IS DISTINCT FROM refunds.amount_yen
		   AND NOT (refunds.origin = 'external' AND count(refund_lines.refund_id) = 0)`,
	},
	{
		Name: "closed-refunds", Sentence: "What is never given back of this closed refund is not what is left of it.", Query: `
		SELECT orders.number || ', ' || closed.id AS subject
		FROM refunds AS closed
		JOIN orders ON orders.id = closed.order_id
		LEFT JOIN refunds AS instead ON instead.retry_of = closed.id
		WHERE closed.waived_yen <> CASE
		      WHEN closed.closed_at IS NULL THEN 0
		      ELSE greatest(closed.amount_yen - coalesce(instead.amount_yen, 0), 0) END`,
	},
	{
		Name: "refund-within-lines", Sentence: "More of this line was given back than was paid for it.", Query: `
		SELECT orders.number || ', line ' || line.position AS subject
		FROM orders
		JOIN order_lines AS line ON line.order_id = orders.id
		JOIN refund_lines ON refund_lines.order_line_id = line.id
		JOIN refunds ON refunds.id = refund_lines.refund_id
		JOIN payments ON payments.id = refunds.payment_id
		WHERE refunds.state NOT IN ('failed', 'canceled') AND payments.amount_yen = orders.total_yen
		GROUP BY orders.number, line.id, refunds.payment_id
		HAVING sum(refund_lines.amount_yen) > line.total_yen - line.discount_yen OR sum(refund_lines.quantity) > line.quantity`,
	},
	{
		Name: "refund-explained", Sentence: "A refund was made at the payment provider; say what it was for.", Query: `
		SELECT DISTINCT orders.number AS subject
		FROM refunds
		JOIN orders ON orders.id = refunds.order_id
		WHERE refunds.origin = 'external'
		  AND NOT EXISTS (SELECT FROM refund_lines WHERE refund_id = refunds.id)
		  AND NOT EXISTS (SELECT FROM order_holds WHERE order_id = orders.id AND reason = 'external_refund' AND released_at IS NULL)`,
	},
	{
		Name: "places-of-the-week", Sentence: "The places taken of this week are not those its orders hold.", Query: `
		SELECT intake_weeks.week::text AS subject
		FROM intake_weeks
		WHERE taken <> (
			SELECT coalesce(sum(pieces), 0)
			FROM intake_places
			WHERE week = intake_weeks.week AND released_at IS NULL
			  AND (intake_weeks.product_id IS NULL OR product_id = intake_weeks.product_id))`,
	},
	{
		Name: "order-total", Sentence: "The total of this order is not its goods less the discount, plus wrapping and shipping.", Query: `
		SELECT number AS subject
		FROM orders
		WHERE total_yen <> goods_yen - discount_yen + wrapping_yen + shipping_yen`,
	},
	{
		Name: "lines-total", Sentence: "Goods or discount of this order are not the sum of its lines.", Query: `
		SELECT number AS subject
		FROM orders
		WHERE (goods_yen, discount_yen) <> (
			SELECT coalesce(sum(total_yen), 0), coalesce(sum(discount_yen), 0)
			FROM order_lines
			WHERE order_id = orders.id)
		   OR EXISTS (SELECT FROM order_lines WHERE order_id = orders.id AND total_yen <> unit_price_yen * quantity)`,
	},
	{
		Name: "discount-uses", Sentence: "This discount code counts other uses than the orders that hold it.", Query: `
		SELECT code AS subject
		FROM discount_codes
		WHERE used <> (SELECT count(*) FROM discount_uses WHERE code_id = discount_codes.id AND released_at IS NULL)`,
	},
	{
		Name: "discount-of-ended", Sentence: "This order has ended, but still holds the use of a discount code.", Query: `
		SELECT orders.number AS subject
		FROM orders
		JOIN discount_uses AS used ON used.order_id = orders.id
		WHERE orders.state IN ('expired', 'canceled') AND used.released_at IS NULL`,
	},
	{
		Name: "discount-has-a-code", Sentence: "Something was taken off this order without a discount code.", Query: `
		SELECT number AS subject
		FROM orders
		WHERE discount_yen > 0
		  AND NOT EXISTS (SELECT FROM discount_uses WHERE order_id = orders.id)`,
	},
	{
		Name: "one-live-payment", Sentence: "More than one attempt to pay this order is alive.", Query: `
		SELECT orders.number AS subject
		FROM orders
		JOIN payments ON payments.order_id = orders.id
		WHERE payments.state IN ('created', 'code_issued', 'invoiced', 'authorized', 'captured') AND NOT payments.superseded
		GROUP BY orders.number
		HAVING count(*) > 1`,
	},
	{
		Name: "payment-amount", Sentence: "An attempt to pay this order is about another amount than its total.", Query: `
		SELECT DISTINCT orders.number AS subject
		FROM orders
		JOIN payments ON payments.order_id = orders.id
		WHERE payments.amount_yen <> orders.total_yen`,
	},
	{
		Name: "captured-in-ledger", Sentence: "A payment of this order counts as captured, but the ledger has no capture of its amount.", Query: `
		SELECT DISTINCT orders.number AS subject
		FROM orders
		JOIN payments ON payments.order_id = orders.id
		WHERE payments.state = 'captured' AND payments.method <> 'invoice'
		  AND NOT EXISTS (
			SELECT
			FROM money_ledger
			WHERE payment_id = payments.id AND kind = 'capture' AND amount_yen = payments.amount_yen)`,
	},
	{
		Name: "ledger-in-payments", Sentence: "The ledger has a capture of a payment that does not count as captured.", Query: `
		SELECT DISTINCT orders.number AS subject
		FROM orders
		JOIN money_ledger AS ledger ON ledger.order_id = orders.id
		LEFT JOIN payments ON payments.id = ledger.payment_id
		WHERE ledger.kind = 'capture' AND payments.state IS DISTINCT FROM 'captured' AND payments.method IS DISTINCT FROM 'invoice'`,
	},
	{
		Name: "transfers-in-ledger", Sentence: "The transfers of this order and its ledger disagree.", Query: `
		SELECT DISTINCT orders.number AS subject
		FROM orders
		WHERE (
			SELECT coalesce(sum(amount_yen), 0)
			FROM transfers
			WHERE order_id = orders.id AND undone_at IS NULL
		) <> (
			SELECT coalesce(sum(CASE kind WHEN 'capture' THEN amount_yen ELSE -amount_yen END), 0)
			FROM money_ledger
			WHERE order_id = orders.id AND provider_id LIKE 'transfer:%' AND kind IN ('capture', 'capture_undone'))`,
	},
	{
		Name: "transfers-in-payment", Sentence: "The transfers of this order and the state of its payment disagree.", Query: `
		SELECT orders.number AS subject
		FROM orders
		JOIN payments ON payments.order_id = orders.id AND payments.method = 'invoice'
		CROSS JOIN LATERAL (
			SELECT coalesce((SELECT sum(amount_yen) FROM transfers WHERE payment_id = payments.id AND undone_at IS NULL), 0) AS came,
			       coalesce((SELECT sum(amount_yen) FROM money_ledger WHERE payment_id = payments.id AND kind = 'written_off'), 0) AS let,
			       coalesce((
				SELECT sum(CASE WHEN state IN ('failed', 'canceled') THEN waived_yen ELSE amount_yen END)
				FROM refunds
				WHERE payment_id = payments.id), 0) AS went
		) AS money
		WHERE CASE WHEN payments.state = 'captured' THEN came + let < payments.amount_yen ELSE came + let - went >= payments.amount_yen END`,
	},
	{
		Name: "invoice-issued", Sentence: "This order waits for a transfer, but no invoice was issued.", Query: `
		SELECT number AS subject
		FROM orders
		WHERE payment_method = 'invoice' AND state = 'awaiting_payment'
		  AND NOT EXISTS (SELECT FROM documents WHERE order_id = orders.id AND kind = 'invoice')`,
	},
	{
		Name: "fees-written-off", Sentence: "More was written off for this order than a bank's fee may come to, or nothing was transferred for it.", Query: `
		SELECT orders.number AS subject
		FROM money_ledger AS ledger
		JOIN orders ON orders.id = ledger.order_id
		LEFT JOIN payments ON payments.id = ledger.payment_id
		WHERE ledger.kind = 'written_off'
		  AND (payments.method IS DISTINCT FROM 'invoice'
		       OR ledger.amount_yen > coalesce((
			SELECT price_yen
			FROM own_prices
			WHERE key = 'write-off' AND valid_from <= (ledger.occurred_at AT TIME ZONE 'Asia/Tokyo')::date
			ORDER BY valid_from DESC
			LIMIT 1), 0)
		       OR NOT EXISTS (SELECT FROM money_ledger WHERE payment_id = payments.id AND kind = 'capture'))`,
	},
	{
		Name: "approved-texts", Sentence: "This order went on although a custom text is not approved.", Query: `
		SELECT DISTINCT orders.number AS subject
		FROM orders
		JOIN order_lines AS line ON line.order_id = orders.id
		WHERE orders.state IN ('approved', 'in_production', 'ready', 'shipped', 'completed')
		  AND line.text_state NOT IN ('none', 'approved')`,
	},
	{
		Name: "approved-money", Sentence: "This order went on although its money was never fully captured.", Query: `
		SELECT orders.number AS subject
		FROM orders
		WHERE state IN ('approved', 'in_production', 'ready', 'shipped', 'completed')
		  AND total_yen > (
			SELECT coalesce(sum(CASE kind WHEN 'capture_undone' THEN -amount_yen ELSE amount_yen END), 0)
			FROM money_ledger
			WHERE order_id = orders.id AND kind IN ('capture', 'capture_undone', 'written_off'))
		  AND NOT EXISTS (SELECT FROM order_holds WHERE order_id = orders.id AND reason = 'unpaid' AND released_at IS NULL)`,
	},
	{
		Name: "late-money", Sentence: "Money is kept for this order although it has ended, and neither a refund nor a decision is on its way.", Query: `
		SELECT orders.number AS subject
		FROM orders
		WHERE state IN ('expired', 'canceled')
		  AND (
			SELECT coalesce(sum(CASE WHEN kind IN ('capture_undone', 'dispute_out') THEN -amount_yen ELSE amount_yen END), 0)
			FROM money_ledger
			WHERE order_id = orders.id AND kind IN ('capture', 'capture_undone', 'dispute_in', 'dispute_out')
		) > (
			SELECT coalesce(sum(CASE
			       WHEN state NOT IN ('failed', 'canceled')
			         OR EXISTS (SELECT FROM refund_lines WHERE refund_id = refunds.id) -- staff see it until they try it again or close it
			        AND NOT EXISTS (SELECT FROM refunds AS again WHERE again.retry_of = refunds.id) THEN amount_yen
			       ELSE waived_yen END), 0)
			FROM refunds
			WHERE order_id = orders.id)
		  AND NOT EXISTS (
			SELECT
			FROM order_holds
			WHERE order_id = orders.id AND released_at IS NULL
			  AND (reason = 'refund_failed' -- sent back by the bank: staff must find another way
			       OR (orders.state = 'expired' OR orders.payment_method = 'invoice') AND reason = 'late_money' AND placed_at > now() - interval '4 days'))`,
	},
	{
		Name: "reservation-of-ended", Sentence: "This order has ended, but still reserves stock.", Query: `
		SELECT DISTINCT orders.number AS subject
		FROM orders
		JOIN order_lines AS line ON line.order_id = orders.id
		JOIN stock_reservations AS reservation ON reservation.order_line_id = line.id
		JOIN wanted_pieces ON wanted_pieces.order_line_id = line.id
		WHERE (orders.state IN ('expired', 'canceled') AND reservation.state <> 'released')
		   OR (orders.state IN ('shipped', 'completed') AND reservation.state <> 'consumed' AND wanted_pieces.wanted > 0)`,
	},
	{
		Name: "reservation-of-living", Sentence: "This order is alive, but the stock it needs is no longer reserved.", Query: `
		SELECT DISTINCT orders.number AS subject
		FROM orders
		JOIN order_lines AS line ON line.order_id = orders.id
		JOIN stock_reservations AS reservation ON reservation.order_line_id = line.id
		JOIN wanted_pieces ON wanted_pieces.order_line_id = line.id
		WHERE orders.state IN ('awaiting_payment', 'in_review', 'approved', 'in_production', 'ready')
		  AND CASE WHEN wanted_pieces.wanted > 0 THEN reservation.state <> 'held' OR reservation.quantity <> wanted_pieces.wanted
		           ELSE reservation.state <> 'released' END`,
	},
	{
		Name: "reserved-stock", Sentence: "The reserved pieces of this variant are not the sum of its reservations.", Query: `
		SELECT variants.sku AS subject
		FROM variants
		WHERE tracked
		  AND reserved <> (
			SELECT coalesce(sum(quantity), 0)
			FROM stock_reservations
			WHERE variant_id = variants.id AND state = 'held')`,
	},
	{
		Name: "stock-not-negative", Sentence: "More of this variant is reserved than there is.", Query: `
		SELECT sku AS subject
		FROM variants
		WHERE tracked AND (on_hand - reserved < 0 OR reserved < 0)`,
	},
	{
		Name: "state-audited", Sentence: "The state of this order was changed without being recorded.", Query: `
		SELECT orders.number AS subject
		FROM orders
		LEFT JOIN (
			SELECT DISTINCT ON (detail ->> 'number') detail ->> 'number' AS number, detail ->> 'to' AS state
			FROM audit_entries
			WHERE action LIKE 'order.%' AND detail ? 'to'
			ORDER BY detail ->> 'number', id DESC
		) AS last_move ON last_move.number = orders.number
		WHERE last_move.state IS DISTINCT FROM orders.state`,
	},
	{
		Name: "final-states", Sentence: "This order left a state that is final.", Query: `
		SELECT DISTINCT detail ->> 'number' AS subject
		FROM audit_entries
		WHERE action LIKE 'order.%' AND detail ? 'to' AND detail ->> 'from' IN ('expired', 'canceled', 'completed')
		  AND NOT EXISTS (
			SELECT
			FROM audit_entries AS revived
			WHERE audit_entries.detail ->> 'from' = 'expired' AND revived.subject = audit_entries.subject AND revived.action = 'order.revived')`,
	},
	{
		Name: "shipped-is-traceable", Sentence: "This order counts as shipped, but no parcel was handed over.", Query: `
		SELECT number AS subject
		FROM orders
		WHERE state IN ('shipped', 'completed') AND shipping_method <> 'download'
		  AND NOT EXISTS (
			SELECT
			FROM shipments
			WHERE order_id = orders.id AND state IN ('handed_over', 'delivered', 'returned'))`,
	},
	{
		Name: "document-in-ledger", Sentence: "This document names another amount than what was taken or given back.", Query: `
		SELECT number AS subject
		FROM documents
		WHERE (kind = 'receipt' AND NOT EXISTS (
			SELECT
			FROM money_ledger
			WHERE order_id = documents.order_id AND kind = 'capture' AND amount_yen = documents.amount_yen)
		      AND NOT EXISTS ( -- several transfers may have made it whole
			SELECT
			FROM payments
			WHERE order_id = documents.order_id AND method = 'invoice' AND state = 'captured'
			  AND documents.amount_yen = amount_yen - coalesce((SELECT sum(amount_yen) FROM money_ledger WHERE payment_id = payments.id AND kind = 'written_off'), 0)))
		   OR (kind = 'refund_note' AND NOT EXISTS (
			SELECT
			FROM money_ledger
			JOIN refunds ON refunds.provider_id = money_ledger.provider_id
			WHERE refunds.id = documents.refund_id AND money_ledger.kind = 'refund' AND money_ledger.amount_yen = documents.amount_yen))`,
	},
	{
		Name: "document-numbers", Sentence: "A number is missing among the documents of this kind and year.", Query: `
		SELECT kind || ' ' || year AS subject
		FROM document_numbers AS counted
		WHERE last <> (
			SELECT count(*)
			FROM documents
			WHERE kind = counted.kind AND reissue_of IS NULL AND substring(number from 2 for 4)::int = counted.year)`,
	},
	{
		Name: "mail-once", Sentence: "This mail is queued more than once.", Query: `
		SELECT key AS subject
		FROM mails
		GROUP BY key
		HAVING count(*) > 1`,
	},
	{
		Name: "mail-stuck", Sentence: "This mail was being sent when the program ended; whether it arrived is not known.", Query: `
		SELECT key AS subject
		FROM mails
		WHERE state = 'sending' AND noted_at IS NULL AND created_at < now() - interval '1 hour'`,
	},
	{
		Name: "mail-failed", Sentence: "This mail was not accepted; the customer does not know what it says.", Query: `
		SELECT key AS subject
		FROM mails
		WHERE state = 'failed' AND noted_at IS NULL`,
	},
	{
		Name: "event-dead", Sentence: "The payment provider told of a payment that is not ours.", Query: `
		SELECT id AS subject
		FROM stripe_events
		WHERE state = 'dead'`,
	},
}

// CheckInvariants asks every invariant of orders and money of the whole database. No violation
// is the only good answer.
func (s *Service) CheckInvariants(ctx context.Context) ([]invariant.Violation, error) {
	return invariant.Check(ctx, s.db, invariants)
}

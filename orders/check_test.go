package orders_test

import (
	"slices"
	"strings"
	"testing"

	"tsukuriba/internal/invariant"
	"tsukuriba/orders"
)

// planted breaks each rule in a database with one approved, paid order (tag) and one that waits
// for a konbini payment (magnet).
var planted = map[string]string{
	"paid-not-negative": `
		INSERT INTO money_ledger (order_id, payment_id, kind, amount_yen, provider_id, occurred_at)
		SELECT order_id, id, 'dispute_out', 999999, 'dp_1', now() FROM payments WHERE state = 'captured'`,
	"refunds-within-captures": `
		INSERT INTO refunds (id, order_id, payment_id, amount_yen, state, origin, reason)
		SELECT '00000000-0000-7000-8000-000000000000'::uuid, order_id, id, 1, 'pending', 'external', 'x' FROM payments WHERE state = 'captured';
		INSERT INTO refunds (id, order_id, payment_id, amount_yen, state, origin, reason)
		SELECT gen_random_uuid(), order_id, id, amount_yen, 'requested', 'staff', 'x' FROM payments WHERE state = 'captured'`,
	"refunds-in-ledger": `
		INSERT INTO refunds (id, order_id, payment_id, amount_yen, state, origin, reason)
		SELECT gen_random_uuid(), order_id, id, 1, 'succeeded', 'staff', 'x' FROM payments WHERE state = 'captured'`,
	"refund-lines": `
		INSERT INTO refunds (id, order_id, payment_id, amount_yen, state, origin, reason)
		SELECT gen_random_uuid(), order_id, id, 1, 'pending', 'staff', 'x' FROM payments WHERE state = 'captured'`,
	"refund-within-lines": `
		INSERT INTO refunds (id, order_id, payment_id, amount_yen, state, origin, reason)
		SELECT gen_random_uuid(), order_id, id, 1, 'pending', 'staff', 'x' FROM payments WHERE state = 'captured';
		INSERT INTO refund_lines (refund_id, kind, order_line_id, quantity, amount_yen, tax_rate)
		SELECT refunds.id, 'line', line.id, 2, 1, 10 FROM refunds JOIN order_lines AS line ON line.order_id = refunds.order_id`,
	"refund-explained": `
		INSERT INTO refunds (id, order_id, payment_id, amount_yen, state, origin, reason)
		SELECT gen_random_uuid(), order_id, id, 1, 'pending', 'external', 'x' FROM payments WHERE state = 'captured'`,
	"places-of-the-week": `
		UPDATE intake_weeks SET taken = taken + 1 WHERE product_id IS NULL`,
	"order-total": `
		ALTER TABLE orders DROP CONSTRAINT order_total;
		UPDATE orders SET total_yen = total_yen + 1, shipping_yen = shipping_yen + 1 WHERE state = 'approved';
		UPDATE payments SET amount_yen = amount_yen + 1 WHERE state = 'created';
		UPDATE orders SET total_yen = total_yen + 1 WHERE state = 'awaiting_payment'`,
	"lines-total": `
		ALTER TABLE order_lines DROP CONSTRAINT line_total;
		UPDATE order_lines SET total_yen = total_yen + 1`,
	"discount-uses": `
		INSERT INTO discount_codes (id, code, key, kind, value, valid_from, used)
		VALUES (gen_random_uuid(), 'A', 'a', 'yen', 1, now(), 1)`,
	"discount-of-ended": `
		INSERT INTO discount_codes (id, code, key, kind, value, valid_from, used)
		VALUES (gen_random_uuid(), 'A', 'a', 'yen', 1, now(), 1);
		INSERT INTO discount_uses (order_id, code_id, once_each, email_hash)
		SELECT orders.id, discount_codes.id, false, 'x' FROM orders, discount_codes WHERE orders.state = 'awaiting_payment';
		UPDATE orders SET state = 'canceled' WHERE state = 'awaiting_payment'`,
	"discount-has-a-code": `
		UPDATE orders SET discount_yen = 1, shipping_yen = shipping_yen + 1`,
	"one-live-payment": `
		DROP INDEX one_live_payment_per_order;
		INSERT INTO payments (id, order_id, attempt, method, state, amount_yen)
		SELECT gen_random_uuid(), order_id, 2, method, 'created', amount_yen FROM payments WHERE state = 'created'`,
	"payment-amount": `
		UPDATE payments SET amount_yen = 1 WHERE state = 'created'`,
	"captured-in-ledger": `
		UPDATE payments SET state = 'captured' WHERE state = 'created'`,
	"ledger-in-payments": `
		UPDATE payments SET state = 'failed' WHERE state = 'captured'`,
	"transfers-in-ledger": `
		INSERT INTO transfers (id, order_id, payment_id, amount_yen, value_date, sealed, entered_at)
		SELECT gen_random_uuid(), order_id, id, 1, now(), 'x', now() FROM payments WHERE state = 'invoiced'`,
	"transfers-in-payment": `
		UPDATE payments SET state = 'captured' WHERE state = 'invoiced'`,
	"invoice-issued": `
		ALTER TABLE documents DISABLE TRIGGER USER;
		DELETE FROM documents WHERE kind = 'invoice'`,
	"approved-texts": `
		UPDATE order_lines SET text_state = 'pending' WHERE text_state = 'approved'`,
	"approved-money": `
		ALTER TABLE money_ledger DISABLE TRIGGER USER;
		DELETE FROM money_ledger WHERE kind = 'capture'`,
	"late-money": `
		UPDATE orders SET state = 'canceled' WHERE state = 'approved'`,
	"reservation-of-ended": `
		UPDATE orders SET state = 'canceled' WHERE state = 'awaiting_payment'`,
	"reservation-of-living": `
		UPDATE stock_reservations SET state = 'released'`,
	"reserved-stock": `
		UPDATE variants SET reserved = reserved + 1 WHERE tracked`,
	"stock-not-negative": `
		ALTER TABLE variants DROP CONSTRAINT stock_not_negative;
		UPDATE variants SET on_hand = 0 WHERE tracked`,
	"state-audited": `
		UPDATE orders SET state = 'in_production' WHERE state = 'approved'`,
	"final-states": `
		INSERT INTO audit_entries (actor_role, action, subject, detail)
		SELECT 'system', 'order.approved', 'ord_x', jsonb_build_object('number', number, 'from', 'expired', 'to', state) FROM orders`,
	"shipped-is-traceable": `
		UPDATE orders SET state = 'shipped' WHERE state = 'approved'`,
	"mail-once": `
		ALTER TABLE mails DROP CONSTRAINT mail_once;
		INSERT INTO mails (id, key, sealed) SELECT gen_random_uuid(), key, sealed FROM mails`,
	"mail-stuck": `
		UPDATE mails SET state = 'sending', created_at = now() - interval '2 hours'`,
	"document-in-ledger": `
		INSERT INTO documents (id, kind, number, order_id, issued_at, amount_yen, snapshot, recipient_sealed, recipient_index)
		SELECT gen_random_uuid(), 'receipt', 'R2026-000001', id, now(), total_yen + 1, '{}', 'x', '{}' FROM orders WHERE state = 'approved';
		INSERT INTO document_numbers (kind, year, last) VALUES ('receipt', 2026, 1)`,
	"document-numbers": `
		INSERT INTO document_numbers (kind, year, last) VALUES ('receipt', 2026, 1)`,
	"fees-written-off": `
		INSERT INTO money_ledger (order_id, payment_id, kind, amount_yen, provider_id, occurred_at)
		SELECT order_id, id, 'written_off', 1, 'write_off:' || id, now()
		FROM payments
		WHERE method <> 'invoice'
		LIMIT 1`,
	"closed-refunds": `
		INSERT INTO refunds (id, order_id, payment_id, amount_yen, state, origin, reason, closed_at, closed_reason, waived_yen)
		SELECT gen_random_uuid(), order_id, id, 100, 'failed', 'staff', 'defect', now(), 'いらない', 99
		FROM payments
		WHERE state = 'captured'`,
	"mail-failed": `
		UPDATE mails SET state = 'failed'`,
	"event-dead": `
		UPDATE stripe_events SET state = 'dead'`,
}

func TestCheckInvariants(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.approved()
	s.place(orders.Konbini, s.magnet(1))
	s.invoiced(s.tag())
	s.settle()
	s.sound()
	s.db.SetMaxOpenConns(1) // so that what follows runs inside the transactions begun by hand
	for _, rule := range orders.Rules() {
		t.Run(rule, func(t *testing.T) {
			exec(t, s.db, `BEGIN`)
			defer exec(t, s.db, `ROLLBACK`)
			for statement := range strings.SplitSeq(planted[rule], ";") {
				exec(t, s.db, statement)
			}
			violations, err := s.CheckInvariants(t.Context())
			must(t, err)
			found := slices.IndexFunc(violations, func(v invariant.Violation) bool { return v.Rule == rule })
			if found < 0 {
				t.Fatalf("it was not noticed; found %v", violations)
			}
			if violations[found].Subject == "" || !strings.HasSuffix(violations[found].Sentence, ".") {
				t.Errorf("not told plainly: %+v", violations[found])
			}
		})
	}
	s.sound()
}

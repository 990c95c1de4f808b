package pagetest_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"tsukuriba/internal/audit"
	"tsukuriba/orders"
)

// intent is the provider's payment of an order.
func (h *house) intent(order orders.Order) string {
	h.t.Helper()
	read, err := h.orders.Order(h.t.Context(), order.ID)
	must(h.t, err)
	return read.Payments[0].IntentID
}

// disputed is an order that was approved and paid, and whose customer has gone to the bank.
func (h *house) disputed(office *visitor, text string) (order orders.Order, dispute string) {
	h.t.Helper()
	order = h.order(1, text)
	office.post("/staff/orders/" + order.ID.String() + "/approve")
	h.settle()
	dispute, err := h.stripe.OpenDispute(h.intent(order), "product_not_received")
	must(h.t, err)
	h.settle()
	return order, dispute
}

func TestMoney(t *testing.T) {
	t.Parallel()
	h := open(t, "")
	office := h.staff("manager")
	office.get("/staff/money").is(http.StatusOK, "お金は、ぜんぶ合っています")
	order, dispute := h.disputed(office, "はると")

	told := office.get("/staff/money").is(http.StatusOK, order.Number, "異議（商品が届いていない）", "証拠をまとめて受け取る", "まで")
	if counted := office.get("/staff").body; !strings.Contains(counted, `<span class="count">1</span>`) {
		t.Error("the navigation does not say that something is waiting")
	}
	evidence := told.press("証拠をまとめて受け取る")
	if evidence.status != http.StatusOK || !strings.HasPrefix(evidence.body, "PK") {
		t.Errorf("evidence: %d", evidence.status)
	}
	must(t, h.stripe.DecideDispute(dispute, true))
	h.settle()
	won := office.get("/staff/money").is(http.StatusOK, "お金は手もとにあります")
	won.press("保留を解く").is(http.StatusOK, "保留を解きました", "お金は、ぜんぶ合っています")
	won.press("保留を解く").is(http.StatusOK, "お金は、ぜんぶ合っています") // pressed twice
	office.post("/staff/money", "action", "revive", "subject", order.ID.String()).is(http.StatusConflict, "お金は、ぜんぶ合っています")
	office.post("/staff/money", "action", "nonsense", "subject", "x").is(http.StatusNotFound, "もう片づいています")

	instructor := h.staff("instructor")
	instructor.get("/staff").hides("お金の確認")
	instructor.get("/staff/money").is(http.StatusForbidden)
	instructor.post("/staff/money", "action", "revive", "subject", order.ID.String()).is(http.StatusForbidden)
}

// lookAtMatters looks at the page of money with nothing on it and with one matter of each kind.
func lookAtMatters(t *testing.T, e *eye) {
	h := open(t, "", onTuesday)
	office := h.staff("manager")
	e.at("staff-money-none", office, "/staff/money")
	disputed, _ := h.disputed(office, "はると")
	late, lapsing := h.order(1, "さくら"), h.order(2, "髙﨑")
	for _, statement := range []string{
		`UPDATE orders SET state = 'expired', placed_at = $2 WHERE id = $1`,
		`INSERT INTO order_holds (id, order_id, reason, placed_at) VALUES (gen_random_uuid(), $1, 'late_money', $2)`,
		`INSERT INTO stripe_calls (id, idempotency_key, operation, order_id, params_hash, state, planned_at) VALUES (gen_random_uuid(), 'x', 'refund', $1, 'x', 'unknown', $2)`,
	} {
		_, err := h.db.Exec(statement, late.ID, h.now().Add(-2*time.Hour))
		must(t, err)
	}
	_, err := h.db.Exec(`UPDATE payments SET capture_before = $2 WHERE order_id = $1`, lapsing.ID, h.now().Add(40*time.Hour))
	must(t, err)
	_, err = h.orders.Hold(t.Context(), audit.Actor{Role: audit.System}, lapsing.ID, orders.HoldFraud, "")
	must(t, err)
	for _, statement := range []string{
		`INSERT INTO mismatches (id, kind, provider_id, amount_yen, found_at) VALUES (gen_random_uuid(), 'unknown_payment', 'pi_3PQb2yK8s0xVhN1z0aBcDeFg', 700, CURRENT_TIMESTAMP)`,
		`INSERT INTO mismatches (id, kind, provider_id, amount_yen, found_at) VALUES (gen_random_uuid(), 'payment_differs', 'pi_3PQb2yK8s0xVhN1z0aBcDeFh', 1100, CURRENT_TIMESTAMP)`,
		`UPDATE stripe_events SET state = 'dead', order_id = NULL WHERE id = (SELECT max(id) FROM stripe_events)`,
		`UPDATE mails SET state = 'failed' WHERE key LIKE '` + disputed.ID.String() + `:%'`,
	} {
		_, err := h.db.Exec(statement)
		must(t, err)
	}
	e.at("staff-money", office, "/staff/money")
	e.at("staff-money-refused", office, "/staff/money?done=money_revive")
}

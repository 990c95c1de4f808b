package pagetest_test

import (
	"net/http"
	"testing"
)

func TestOrderAtRisk(t *testing.T) {
	t.Parallel()
	h := open(t, "")
	order := h.order(3, "はると")
	office := h.staff("manager")
	office.get("/staff").is(http.StatusOK).hides("お約束の日が危ない注文")
	_, err := h.db.ExecContext(t.Context(), `UPDATE orders SET ship_from = CURRENT_DATE - 1, ship_until = CURRENT_DATE - 1`)
	must(t, err)
	office.get("/staff").is(http.StatusOK, "お約束の日が危ない注文", order.Number, "文字の確認を待っています")
	office.get("/staff/orders").is(http.StatusOK, order.Number, "遅れそうです")
	_, err = h.orders.Approve(t.Context(), system, order.ID)
	must(t, err)
	h.settle()
	office.get("/staff").is(http.StatusOK, "お約束の日が危ない注文", "の順番待ちと")
	h.staff("accounting").get("/staff").is(http.StatusOK)
}

package pagetest_test

import (
	"net/http"
	"testing"

	"tsukuriba/internal/jst"
)

func TestIntake(t *testing.T) {
	t.Parallel()
	h := open(t, "")
	h.order(2, "はると")
	h.staff("shipping").get("/staff/intake").is(http.StatusForbidden)
	office := h.staff("manager")
	office.get("/staff/intake").is(http.StatusOK, "すべてのオーダーメイド", "今週の注文：2個", "受付中").hides("停止中", "お休み中")
	office.post("/staff/intake/all", "weekly_limit", "2", "longest_days", "60").is(http.StatusOK, "次のご注文から効きます", "週2個まで", "今週はいっぱい", "次の受付は")
	office.post("/staff/intake/all", "weekly_limit", "たくさん", "sentence", "ことば").is(http.StatusUnprocessableEntity, "この値では作れません")
	office.post("/staff/intake/name-tag", "paused", "on", "reopens_on", "2020-01-01").is(http.StatusUnprocessableEntity, "この値では作れません")
	office.post("/staff/intake/name-tag", "paused", "on", "reopens_on", "2099-12-01", "sentence", "夏祭りの準備です").is(http.StatusOK, "お休み中", "12月1日")
	office.post("/staff/intake/name-tag", "sentence", "").is(http.StatusOK, "週2個まで")
	office.post("/staff/intake/all").is(http.StatusOK, "受付中").hides("週2個まで")
}

func lookAtIntake(t *testing.T, e *eye) {
	h := open(t, "", onTuesday)
	h.order(3, "はると", "さくら")
	office := h.staff("manager")
	office.post("/staff/intake/all", "weekly_limit", "20", "longest_days", "40").is(http.StatusOK)
	office.post("/staff/intake/name-tag", "paused", "on", "reopens_on", "2099-12-01", "sentence", "夏祭りの準備です").is(http.StatusOK)
	_, err := h.db.ExecContext(t.Context(), `UPDATE orders SET ship_from = $1, ship_until = $1`, jst.Date(h.now().AddDate(0, 0, -1)))
	must(t, err)
	e.at("staff-intake", office, "/staff/intake?product=name-tag")
	e.at("staff-board-risk", office, "/staff")
	e.at("staff-orders-risk", office, "/staff/orders")
}

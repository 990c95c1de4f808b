package pagetest_test

import (
	"net/http"
	"testing"
)

func TestHoldPages(t *testing.T) {
	t.Parallel()
	h := open(t, "")
	manager := h.staff("manager")
	order := h.paidOrder(manager)
	address := "/staff/orders/" + order.ID.String()
	h.staff("shipping").get(address).is(http.StatusOK).hides("保留にする")
	page := manager.get(address)
	page.press("保留にする", "hold_reason", "other").is(http.StatusUnprocessableEntity, "何のために止めるのかを書いてください")
	page.press("保留にする", "hold_reason", "capacity", "note", "白の糸が\nあさって届く").is(http.StatusOK, "保留にしました", "保留中：制作の余裕待ち", "制作の余裕待ち　白の糸が")
	manager.get("/staff/orders").is(http.StatusOK, "保留：制作の余裕待ち")
	manager.get(address).press("確かめたので保留を解く").is(http.StatusOK, "保留を解きました").hides("保留中")
}

func TestSystemHoldsAreExplained(t *testing.T) {
	t.Parallel()
	h := open(t, "")
	manager := h.staff("manager")
	order := h.paidOrder(manager)
	_, err := h.stripe.RefundFromDashboard(order.Payments[0].IntentID, 1100)
	must(t, err)
	h.settle()
	manager.get("/staff/orders/"+order.ID.String()).is(http.StatusOK, "決済サービスの画面で ¥1,100 が返金されました。何の分だったかを", "内訳の分からない返金　決済サービスの画面で ¥1,100 が返金されました。")
	disputed, _ := h.disputed(manager, "いぎ")
	manager.get("/staff/orders/"+disputed.ID.String()).is(http.StatusOK, "の支払いに異議があります", "お金の確認を開く")
}

func TestCancelPages(t *testing.T) {
	t.Parallel()
	h := open(t, "")
	manager := h.staff("manager")
	order := h.paidOrder(manager)
	address := "/staff/orders/" + order.ID.String()
	h.staff("instructor").get(address).is(http.StatusOK).hides("この理由で取り消す")
	h.staff("instructor").post(address+"/cancel", "reason", "on_request").is(http.StatusForbidden)
	manager.get(address).press("この理由で取り消す", "reason", "not_available").is(http.StatusOK,
		"注文を取り消しました", "取り消されました", "材料や品物を用意できない").hides("この理由で取り消す")
	h.settle()
	manager.get(address).is(http.StatusOK, "返金済み", "取りやめ")
	waiting := h.order(1, "まだ")
	h.staff("instructor").get("/staff/orders/"+waiting.ID.String()).press("この理由で取り消す", "reason", "no_answer").is(http.StatusOK, "聞いたことに返事がない")
	begun := h.paidOrder(manager)
	h.send(begun.ID)
	manager.get("/staff/orders/" + begun.ID.String()).is(http.StatusOK).hides("この理由で取り消す")
	manager.post("/staff/orders/"+begun.ID.String()+"/cancel", "reason", "no_answer").is(http.StatusConflict)
}

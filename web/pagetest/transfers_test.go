package pagetest_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"tsukuriba/internal/jst"
	"tsukuriba/orders"
)

// company orders one tag and wants to pay by invoice.
func (h *house) company(text string) orders.Order {
	h.t.Helper()
	contact := haru
	contact.Company = "株式会社ひかり"
	return h.place(orders.CheckoutForm{Shipping: "click-post", Method: orders.ByInvoice, Contact: contact}, 1, text)
}

func TestTransferPages(t *testing.T) {
	t.Parallel()
	h := open(t, "")
	manager, office := h.staff("manager"), h.staff("accounting")
	order := h.company("はると")
	address := "/staff/orders/" + order.ID.String()
	board := manager.get("/staff").is(http.StatusOK, order.Number, "請求書払い（¥1,285）", "請求書払いではお受けできない")
	manager.get(address).shows("承認して請求書を送る").hides("届いた入金を記録する")
	board.press("承認して請求書を送る").is(http.StatusOK)
	h.settle()
	h.staff("instructor").get(address).is(http.StatusOK, "請求書を発行済み").hides("届いた入金を記録する")

	form := office.get(address).is(http.StatusOK, "あと ¥1,285", "届いた入金を記録する", "請求書 S2")
	refused := form.press("記録する", "amount", "たくさん", "value_date", "2020-01-01", "payer", "")
	refused.is(http.StatusUnprocessableEntity, "¥1以上の金額を", "注文の日から今日まで", "通帳にある名義を")
	if !strings.Contains(refused.body, `value="たくさん"`) {
		t.Error("what was typed is lost")
	}
	today := jst.Date(time.Now())
	part := form.press("記録する", "amount", "１，０００円", "value_date", today, "payer", "ｶ)ﾋｶﾘ").is(http.StatusOK, "入金を記録しました", "¥1,000", "ｶ)ﾋｶﾘ", "あと ¥285")
	office.get("/staff/money").is(http.StatusOK, "足りない入金", "¥285 足りません", "注文を終わりにする")
	part.press("まちがいなので取り消す").is(http.StatusOK, "入金の記録を取り消しました", "取り消し済み", "あと ¥1,285")

	form.press("記録する", "amount", "1,585", "value_date", today, "payer", "ｶ)ﾋｶﾘ").is(http.StatusOK, "承認済み").hides("あと ¥")
	h.settle()
	office.get("/staff/money").is(http.StatusOK, "代金より ¥300 多く").press("多い分を返す").is(http.StatusOK, "返金を決めました", "¥300 を、お客さまの銀行口座へ")
	office.get(address).is(http.StatusOK, "多く振り込まれた分", "工房の口座から").press("振り込んだ").is(http.StatusOK, "返金を振り込んだことを記録しました", "返金済み").
		press("振り込みが戻ってきた").is(http.StatusOK, "戻ってきたことを記録しました", "返金できませんでした").
		press("返金をやり直す").is(http.StatusOK)
	office.get("/staff/money").press("振り込んだ").is(http.StatusOK, "お金は、ぜんぶ合っています")
	h.staff("shipping").post(address+"/transfers", "amount", "1").is(http.StatusForbidden)

	document := office.get("/staff/documents?kind=invoice").is(http.StatusOK, "請求書", order.Number, "株式会社ひかり 御中").press("PDFを開く")
	if document.kind != "application/pdf" {
		t.Errorf("the invoice is %s", document.kind)
	}
	manager.get("/staff/letters?letter=invoice").is(http.StatusOK, "請求書をお送りします")
}

// TestWriteOffPages has the office let go of what a bank took of a transfer.
func TestWriteOffPages(t *testing.T) {
	t.Parallel()
	h := open(t, "")
	manager, office := h.staff("manager"), h.staff("accounting")
	order := h.company("はると")
	address := "/staff/orders/" + order.ID.String()
	manager.post(address + "/approve").is(http.StatusOK)
	h.settle()
	today := jst.Date(time.Now())
	office.get(address).is(http.StatusOK).hides("振込手数料の分として値引きする").press("記録する", "amount", "285", "value_date", today, "payer", "ｶ)ﾋｶﾘ").
		is(http.StatusOK, "あと ¥1,000", "足りない ¥1,000 を振込手数料の分として値引きする", "上限は ¥1,000")
	form := office.get(address).press("記録する", "amount", "560", "value_date", today, "payer", "ｶ)ﾋｶﾘ").is(http.StatusOK, "足りない ¥440 を振込手数料の分として値引きする")
	office.get("/staff/money").is(http.StatusOK, "足りない入金", "¥440 足りません", "振込手数料が引かれただけのとき")
	h.staff("instructor").get(address).hides("振込手数料の分として値引きする")
	h.staff("shipping").post(address+"/write-off", "missing", "440", "reason", "手数料").is(http.StatusForbidden)
	form.press("¥440 を値引きして支払い済みにする", "reason", " ").is(http.StatusUnprocessableEntity, "500文字までで、わけを書いてください")
	office.post(address+"/write-off", "missing", "1000", "reason", "手数料").is(http.StatusUnprocessableEntity, "足りない ¥440 を振込手数料の分として値引きする")
	form.press("¥440 を値引きして支払い済みにする").is(http.StatusOK, "足りない分を値引きにしました", "承認済み", "振込手数料の値引き ¥440", "振込手数料の分を値引きにしました").
		hides("あと ¥", "振込手数料の分として値引きする")
	h.settle()
	office.get("/staff/money").is(http.StatusOK, "お金は、ぜんぶ合っています")
	own := h.visitor().get("/orders/"+h.link).is(http.StatusOK, "合計 ¥1,285", "振込手数料分のお値引き −¥440", "お支払い済み")
	own.hides("まだいただいていません", "残りは")
}

// lookAtTransfers looks at an order by invoice from its acceptance until its surplus goes back.
func (l line) lookAtTransfers(e *eye) {
	order := l.company("株式会社ひかり")
	address := "/staff/orders/" + order.ID.String()
	e.at("staff-board-invoice", l.office, "/staff")
	e.at("staff-order-invoice-review", l.office, address)
	l.office.post(address + "/approve").is(http.StatusOK)
	l.settle()
	e.at("staff-order-invoice", l.office, address)
	l.office.get(address).press("記録する", "value_date", jst.Date(l.now()), "amount", "1000", "payer", "ｶ)ﾋｶﾘ").is(http.StatusOK)
	e.sees("staff-order-invoice-fee", l.office.get(address).press("¥285 を値引きして支払い済みにする", "reason", " ").is(http.StatusUnprocessableEntity))
	l.office.get(address).press("¥285 を値引きして支払い済みにする").is(http.StatusOK)
	e.at("order-invoice-fee", l.visitor(), "/orders/"+l.link)
	l.office.get(address).press("記録する", "value_date", jst.Date(l.now()), "amount", "3000", "payer", "ｶ)ﾋｶﾘ").is(http.StatusOK)
	e.at("staff-money-surplus", l.office, "/staff/money")
	l.office.get("/staff/money").press("多い分を返す").is(http.StatusOK)
	e.at("staff-order-invoice-paid", l.office, address+"?done=transfer")
	e.at("staff-money-transfer-refund", l.office, "/staff/money")
}

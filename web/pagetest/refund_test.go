package pagetest_test

import (
	"bytes"
	"image"
	"image/jpeg"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"tsukuriba/internal/audit"
	"tsukuriba/orders"
)

// paidOrder is an order of two texts that is paid and may be made.
func (h *house) paidOrder(office *visitor) orders.Order {
	h.t.Helper()
	order := h.order(2, "はると", "さくら")
	office.post("/staff/orders/"+order.ID.String()+"/approve").is(http.StatusOK, "文字を承認しました")
	h.settle()
	order, err := h.orders.Order(h.t.Context(), order.ID)
	must(h.t, err)
	return order
}

func TestRefundPages(t *testing.T) {
	t.Parallel()
	h := open(t, "")
	office := h.staff("accounting")
	order := h.paidOrder(h.staff("manager"))
	address := "/staff/orders/" + order.ID.String()
	h.staff("instructor").get(address).is(http.StatusOK, "受け取り").hides("返金する")
	h.staff("instructor").get(address + "/refund").is(http.StatusForbidden)

	form := office.get(address).press("返金する").is(http.StatusOK, "なまえタグ はると", "返せる残り 2個 ¥2,200", "送料（¥185）も返す")
	pieces := "pieces-" + order.Lines[0].ID.String()
	form.press("金額を確かめる").is(http.StatusUnprocessableEntity, "理由を選んでください", "返す品を選んでください")
	form.press("金額を確かめる", pieces, "1", "reason", "goodwill", "amount", "おまけ", "note", "x").is(http.StatusUnprocessableEntity, "1円以上の数字で")
	form.press("金額を確かめる", pieces, "1", "reason", "goodwill", "amount", "1200", "note", "x").is(http.StatusUnprocessableEntity, "残りを超えています")
	sure := form.press("金額を確かめる", pieces, "1", "shipping", "1", "reason", "defect").is(http.StatusOK, "この内容で返金しますか", "なまえタグ はると × 1　¥1,100", "送料　¥185", "まだ作り始めていないものは取りやめ")
	sure.press("¥1,285 を返金する").is(http.StatusOK, "返金を依頼しました", "仕上がりがよくなかった")
	sure.press("¥1,285 を返金する").is(http.StatusUnprocessableEntity, "ほかの人が先に変更しました") // pressed twice
	h.settle()
	office.get(address).is(http.StatusOK, "返金済み", "なまえタグ はると × 1", "手もとの残り")
	after, err := h.orders.Order(t.Context(), order.ID)
	must(t, err)
	if after.Paid != order.Total-1285 || after.Wanted(order.Lines[0].ID) != 1 {
		t.Errorf("%s of %s is left, %d tags are wanted", after.Paid, order.Total, after.Wanted(order.Lines[0].ID))
	}
}

func TestExternalRefundPages(t *testing.T) {
	t.Parallel()
	h := open(t, "")
	order := h.paidOrder(h.staff("manager"))
	address := "/staff/orders/" + order.ID.String()
	_, err := h.stripe.RefundFromDashboard(order.Payments[0].IntentID, 1100)
	must(t, err)
	h.settle()
	h.staff("instructor").get(address).is(http.StatusOK, "内訳の分からない返金").hides("内訳を決める")
	form := h.staff("accounting").get(address).press("内訳を決める").is(http.StatusOK, "¥1,100 が返金されています")
	form.press("この内訳にする", "shipping", "1").is(http.StatusUnprocessableEntity, "残りを超えています")
	form.press("この内訳にする", "pieces-"+order.Lines[1].ID.String(), "1").is(http.StatusOK, "返金の内訳を記録しました").hides("保留中")
}

func TestClosedRefundPages(t *testing.T) {
	t.Parallel()
	h := open(t, "")
	office, order := h.staff("accounting"), h.paidOrder(h.staff("manager"))
	address := "/staff/orders/" + order.ID.String()
	failed := h.sendBack(order)
	_, err := h.stripe.RefundFromDashboard(order.Payments[0].IntentID, 700)
	must(t, err)
	h.settle()
	office.get("/staff/money").is(http.StatusOK, "届かない返金", "注文のページで閉じてください")
	h.staff("instructor").get(address).is(http.StatusOK, "返金できませんでした").hides("返さずに閉じる")
	h.staff("instructor").get("/staff/refunds/" + failed.String() + "/close").is(http.StatusForbidden)
	form := office.get(address).press("返さずに閉じる").is(http.StatusOK, "¥1,100 の返金が、お客さまに届きませんでした", "なまえタグ はると × 1")
	form.press("もう返さないことにする").is(http.StatusUnprocessableEntity, "わけを書いてください")
	form.press("もう返さないことにする", "given", "たくさん", "reason", "x").is(http.StatusUnprocessableEntity, "0円から ¥1,100 までの数字")
	form.press("もう返さないことにする", "given", "1,101円", "reason", "x").is(http.StatusUnprocessableEntity, "0円から ¥1,100 までの数字")
	form.press("もう返さないことにする", "reason", "Stripeで700円、残りは辞退").is(http.StatusOK, "返金を閉じました", "やり直さずに閉じました：Stripeで700円、残りは辞退").hides("返さずに閉じる")
	office.get("/staff/money").is(http.StatusOK).hides("届かない返金")

	assign := office.get(address).press("内訳を決める").is(http.StatusOK, "¥700 が返金されています", "返せる残り 2個")
	assign.press("この内訳にする", "pieces-"+order.Lines[0].ID.String(), "1").is(http.StatusOK, "返金の内訳を記録しました", "なまえタグ はると × 1　¥700").hides("保留中")
	office.get("/staff/money").is(http.StatusOK).hides("内訳のない返金")
}

// sendBack has a refund of one piece of an order's first line come back from the bank.
func (h *house) sendBack(order orders.Order) orders.RefundID {
	h.t.Helper()
	h.stripe.HoldRefunds(true)
	asked, err := h.orders.RequestRefund(h.t.Context(), audit.Actor{Role: audit.System}, orders.RefundOrder{
		Order: order.ID, Reason: "defect", Parts: []orders.RefundPart{{Kind: orders.PartLine, LineID: order.Lines[0].ID, Quantity: 1}},
	})
	must(h.t, err)
	h.settle()
	refund, err := h.orders.Refund(h.t.Context(), asked.ID)
	must(h.t, err)
	must(h.t, h.stripe.SettleRefund(refund.ProviderID, "failed"))
	h.stripe.HoldRefunds(false)
	h.settle()
	return refund.ID
}

func TestClaimPages(t *testing.T) {
	t.Parallel()
	h := open(t, "")
	manager := h.staff("manager")
	order := h.paidOrder(manager)
	h.send(order.ID)
	address := "/staff/orders/" + order.ID.String()
	form := manager.get(address).press("聞いたことを記録する").is(http.StatusOK, "どの品物")
	form.press("記録する").is(http.StatusUnprocessableEntity, "品物を選んでください", "1000文字まで")
	line := order.Lines[0].ID.String()
	form.press("記録する", "line", line, "reason", "broken", "note", "ピンが とれた").is(http.StatusOK, "連絡を記録しました", "ピンが とれた", "返事を待っています")
	manager.get("/staff").is(http.StatusOK, "お客さまからの連絡", order.Number, "こわれている")
	h.staff("instructor").get(address).is(http.StatusOK, "作り直して送る").hides("この品を返金する")
	h.staff("shipping").get(address).is(http.StatusOK, "ピンが とれた").hides("作り直して送る")
	manager.get(address).press("作り直して送る").is(http.StatusOK, "新しい分の制作が始まります", "作り直し中")
	h.settle()
	manager.get(address).is(http.StatusOK, "お客さまへの送り直し").hides("送り直す分の納品書")
	_, err := h.db.Exec(`UPDATE claims SET state = 'ready' WHERE state = 'remaking'`)
	must(t, err)
	slip := h.staff("shipping").get(address).press("送り直す分の納品書を印刷する")
	if slip.kind != "application/pdf" {
		t.Errorf("the slip is %.20s", slip.body)
	}
	form.press("記録する", "line", line, "reason", "finish", "note", "ざらざら").is(http.StatusOK, "ざらざら")
	manager.get(address).press("この理由でお断りする", "reason", "signs_of_use").is(http.StatusOK, "お使いになったあとの傷み")
	form.press("記録する", "line", line, "reason", "finish", "note", "やはり").is(http.StatusOK)
	manager.get(address).press("この品を返金する").is(http.StatusOK, "返金を決めました", "返金しました")
}

var claimAddress = regexp.MustCompile(`/staff/claims/\w+`)

// snapshot is a photo of a tag, larger than it is kept.
func snapshot(t testing.TB, shade uint8) []byte {
	t.Helper()
	picture := image.NewGray(image.Rect(0, 0, 1800, 1200))
	for i := range picture.Pix {
		picture.Pix[i] = shade + uint8(i/1800%64)
	}
	var file bytes.Buffer
	must(t, jpeg.Encode(&file, picture, nil))
	return file.Bytes()
}

func TestClaimPhotoPages(t *testing.T) {
	t.Parallel()
	h := open(t, "")
	manager := h.staff("manager")
	order := h.paidOrder(manager)
	h.send(order.ID)
	address := "/staff/orders/" + order.ID.String()
	manager.get(address+"/claim").is(http.StatusOK, "写真", "3枚まで").
		press("記録する", "line", order.Lines[0].ID.String(), "reason", "broken", "note", "ピンが とれた").is(http.StatusOK, "受け取った写真を加える")
	claim := claimAddress.FindString(manager.get(address).body)
	photos := claim + "/photos"
	manager.uploadAs("photos", photos, "IMG_1.JPG", snapshot(t, 20), snapshot(t, 90)).is(http.StatusOK, "写真を加えました", "職員が記録", "連絡に写真が加わりました")
	manager.uploadAs("photos", photos, "IMG_1.JPG", []byte("GIF89a")).is(http.StatusUnprocessableEntity, "JPEG・PNG・WebP")
	manager.uploadAs("photos", photos, "IMG_2.JPG", snapshot(t, 20), snapshot(t, 1), snapshot(t, 2)).is(http.StatusConflict, "写真は3枚まで")
	shown := h.staff("shipping").get(photos + "/2")
	if kept, err := jpeg.DecodeConfig(strings.NewReader(shown.body)); err != nil || kept.Width != 1600 || shown.kind != "image/jpeg" {
		t.Errorf("shown is %s, %+v, %v", shown.kind, kept, err)
	}
	h.staff("shipping").uploadAs("photos", photos, "IMG_3.JPG", snapshot(t, 3)).is(http.StatusForbidden)
	for _, none := range []string{photos + "/9", photos + "/x", "/staff/claims/x/photos/1"} {
		manager.get(none).is(http.StatusNotFound)
	}
	if stranger := h.visitor().get(photos + "/1"); stranger.kind == "image/jpeg" {
		t.Error("a stranger sees the photo")
	}
	manager.get(address).press("この理由でお断りする", "reason", "signs_of_use").is(http.StatusOK).hides("受け取った写真を加える")
}

// send takes an order out of the house, whatever its pieces are.
func (h *house) send(id orders.OrderID) {
	h.t.Helper()
	tx := h.db.MustBegin()
	defer tx.Rollback() //nolint:errcheck // after a commit there is nothing to roll back
	must(h.t, h.orders.Started(h.t.Context(), tx, id))
	must(h.t, h.orders.AllGood(h.t.Context(), tx, id))
	must(h.t, tx.Commit())
	_, err := h.orders.Ship(h.t.Context(), system, id, orders.Handover{Carrier: "日本郵便", Tracking: "1234"})
	must(h.t, err)
}

func TestStockPages(t *testing.T) {
	t.Parallel()
	h := open(t, "")
	h.staff("accounting").get("/staff/stock").is(http.StatusForbidden)
	keeper := h.staff("shipping")
	shelf := keeper.get("/staff").press("在庫").is(http.StatusOK, "ハロウィンのタグ 2026", "棚にある数 12")
	shelf.press("入荷を記録する", "quantity", "5").is(http.StatusOK, "入荷を記録しました", "棚にある数 17")
	shelf.press("入荷を記録する", "quantity", "たくさん").is(http.StatusUnprocessableEntity, "入荷は1から")
	shelf.press("数えた数に直す", "counted", "3").is(http.StatusUnprocessableEntity, "直す理由")
	shelf.press("数えた数に直す", "counted", "3", "reason", "棚卸し").is(http.StatusOK, "棚にある数 3")
}

// lookAtMoney looks at the pages about refunds, claims and the shelf.
func lookAtMoney(t *testing.T, e *eye) {
	h := open(t, "", onTuesday)
	manager := h.staff("manager")
	order := h.paidOrder(manager)
	address := "/staff/orders/" + order.ID.String()
	manager.post(address+"/holds", "hold_reason", "capacity", "note", "白い糸があさって届く。\nそれから作る。").is(http.StatusOK)
	e.at("staff-order-held", manager, address)
	manager.post(address + "/holds/capacity/release").is(http.StatusOK)
	e.at("staff-refund-form", manager, address+"/refund")
	refund := manager.get(address+"/refund").press("金額を確かめる", "pieces-"+order.Lines[0].ID.String(), "1", "reason", "goodwill", "amount", "300", "note", "おそくなった おわび")
	refund.press("¥300 を返金する")
	h.settle()
	_, err := h.stripe.RefundFromDashboard(order.Payments[0].IntentID, 185)
	must(t, err)
	h.settle()
	e.at("staff-order-external", manager, address)
	assign := regexp.MustCompile(`/staff/refunds/\w+/assign`).FindString(manager.get(address).body)
	e.at("staff-refund-assign", manager, assign)
	manager.post(assign, "shipping", "1").is(http.StatusOK)
	h.send(order.ID)
	for i, note := range []string{"ピンが とれて いました。\n写真を おくれます。", "「さくら」の ふちが ざらざらして います。"} {
		manager.post(address+"/claim", "line", order.Lines[i].ID.String(), "quantity", "1", "reason", "broken", "note", note).is(http.StatusOK)
	}
	manager.uploadAs("photos", claimAddress.FindString(manager.get(address).body)+"/photos", "a.jpg", snapshot(t, 20), snapshot(t, 90)).is(http.StatusOK)
	e.at("staff-order-claims", manager, address)
	e.at("staff-board-claims", manager, "/staff")
	manager.get(address).press("作り直して送る")
	h.settle()
	e.at("staff-order-remake", manager, address)
	e.at("staff-claim-form", manager, address+"/claim")
	e.at("staff-stock", manager, "/staff/stock")
	e.at("staff-prices", manager, "/staff/prices")
	e.at("staff-closed-days", manager, "/staff/closed-days")
	failed := h.sendBack(order)
	e.at("staff-order-sent-back", manager, address)
	e.at("staff-refund-close", manager, "/staff/refunds/"+failed.String()+"/close")
}

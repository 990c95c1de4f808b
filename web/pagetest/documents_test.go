package pagetest_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"tsukuriba/orders"
)

// TestDocuments issues, finds, reissues and exports with nothing but pages.
func TestDocuments(t *testing.T) {
	t.Parallel()
	h := open(t, "")
	office := h.staff("manager")
	order := h.order(1, "髙﨑")
	page := "/staff/orders/" + order.ID.String()
	office.get(page).is(http.StatusOK).hides("領収書を発行する", "同梱の納品書")
	office.post(page + "/approve").is(http.StatusOK)
	h.settle()

	office.get(page).press("領収書を発行する").is(http.StatusOK, "書類を発行しました", "領収書 R", "PDFを開く").hides("領収書を発行する")
	office.get("/staff/documents").is(http.StatusOK, "R"+year()+"-000001", "領収書", "神田 はるか 様", order.Number, "¥")
	office.get("/staff/documents?recipient=神田&kind=receipt&at_least=¥1,000&from="+today()+"&until="+today()).is(http.StatusOK, "R"+year()+"-000001")
	office.get("/staff/documents?recipient=吉田").is(http.StatusOK, "この条件の書類はありません")
	office.get("/staff/documents").press("再発行する").is(http.StatusOK, "再発行しました", "もとの書類もそのまま")

	file := office.get("/staff/documents?number=R" + year() + "-000001").press("PDFを開く")
	if file.kind != "application/pdf" || !strings.HasPrefix(file.body, "%PDF-") {
		t.Errorf("the file is %.20s", file.body)
	}
	table := office.get("/staff/exports?table=documents&month=" + today()[:7])
	if table.kind != "text/csv; charset=utf-8" || strings.Count(table.body, "\r\n") != 3 || strings.Contains(table.body, "神田") {
		t.Errorf("the table is %q", table.body)
	}
	office.get("/staff/exports?table=members&month=2026-11").is(http.StatusNotFound)
	office.get("/staff/exports?table=orders&month=never").is(http.StatusNotFound)

	h.staff("instructor").get("/staff/documents").is(http.StatusForbidden)
	_, err := h.db.Exec(`UPDATE orders SET state = 'ready'`)
	must(t, err)
	shipping := h.staff("shipping")
	shipping.get(page).is(http.StatusOK, "同梱の納品書を印刷する").hides("領収書を発行する", "R"+year())
	if slip := shipping.post(page + "/packing-slip"); !strings.HasPrefix(slip.body, "%PDF-") {
		t.Errorf("the slip is %.20s", slip.body)
	}
}

func TestParcelPapers(t *testing.T) {
	t.Parallel()
	h := open(t, "")
	plain := h.paidOrder(h.staff("manager"))
	h.gift = orders.Gift{Message: "おたんじょうび\nおめでとう"}
	gift := h.paidOrder(h.staff("manager"))
	page := "/staff/orders/" + gift.ID.String()
	shipping := h.staff("shipping")
	shipping.get(page).hides("メッセージカードを印刷する")
	shipping.post(page + "/gift-card").is(http.StatusForbidden)
	_, err := h.db.Exec(`UPDATE orders SET state = 'ready'`)
	must(t, err)
	shipping.get(page).is(http.StatusOK, "メッセージカードを印刷する")
	if card := shipping.post(page + "/gift-card"); card.kind != "application/pdf" || !strings.HasPrefix(card.body, "%PDF-") {
		t.Errorf("the card is %.20s", card.body)
	}
	h.staff("accounting").get(page).hides("メッセージカードを印刷する")
	shipping.get("/staff/orders/" + plain.ID.String()).hides("メッセージカードを印刷する")
	shipping.post("/staff/orders/" + plain.ID.String() + "/gift-card").is(http.StatusNotFound)
}

func today() string { return time.Now().In(time.FixedZone("JST", 9*60*60)).Format(time.DateOnly) }

func year() string { return today()[:4] }

package pagetest_test

import (
	"net/http"
	"testing"

	"tsukuriba/fulfilment"
	"tsukuriba/orders"
)

// thanked is a workshop in which あおい prepared an order, it was sent, and its customer wrote.
func thanked(t *testing.T, listen, words string) line {
	l, order := startLine(t, listen)
	_, err := l.orders.Approve(t.Context(), system, order.ID)
	must(t, err)
	l.settle()
	l.works(fulfilment.OpPrepare, "あおい", "できた")
	_, err = l.db.ExecContext(t.Context(), `UPDATE orders SET state = 'shipped', shipped_at = now()`)
	must(t, err)
	_, err = l.orders.ThankByCustomer(t.Context(), l.link, orders.ThanksRequest{Words: words, TellPrefecture: true, Agreed: true})
	must(t, err)
	return l
}

func TestThanks(t *testing.T) {
	t.Parallel()
	l := thanked(t, "", "宝物です。電話ください")
	l.tablets["あおい"].get("/tablet/thanks").is(http.StatusOK, "ありがとう", "とどいたら、ここに でます").hides("宝物")
	l.staff("shipping").get("/staff/thanks").is(http.StatusForbidden)
	l.office.get("/staff/thanks").is(http.StatusOK, "宝物です", "読むのを待っています", "北海道と伝えてよい", "連絡先のようなことば").
		press("作った人に届ける", "reading", "たからものです").is(http.StatusOK, "届けました")
	l.settle()
	l.tablets["あおい"].get("/tablet/rest").is(http.StatusOK, "ありがとうを みる")
	l.tablets["あおい"].get("/tablet/thanks").is(http.StatusOK, "宝物です", "たからものです", "北海道に とどきました").hides("神田", "2026-")
	l.tablets["そら"].get("/tablet/thanks").is(http.StatusOK).hides("宝物")
	l.office.get("/staff/thanks").press("見せない").is(http.StatusOK, "見せていません")
	l.tablets["あおい"].get("/tablet/thanks").is(http.StatusOK).hides("宝物")
}

func TestLookAtThanks(t *testing.T) {
	if *lookInto == "" {
		t.Skip("give a folder with -look")
	}
	l := thanked(t, "", "娘のランドセルにつけました。毎朝うれしそうに見せてくれます。ていねいに作ってくださって、ありがとうございました。")
	e := openEye(t, *lookInto)
	e.at("staff-thanks", l.office, "/staff/thanks")
	e.at("tablet-thanks-none", l.tablets["あおい"], "/tablet/thanks")
	l.office.get("/staff/thanks").press("作った人に届ける", "reading", "むすめの ランドセルに つけました。").is(http.StatusOK)
	l.settle()
	e.at("tablet-thanks", l.tablets["あおい"], "/tablet/thanks")
	e.at("tablet-rest-thanks", l.tablets["あおい"], "/tablet/rest")
}

package pagetest_test

import (
	"net/http"
	"strings"
	"testing"

	"tsukuriba/fulfilment"
	"tsukuriba/orders"
)

// thanked is a workshop in which あおい prepared an order, it was sent, and its customer wrote.
func thanked(t *testing.T, words string, options ...func(*house)) line {
	l, order := startLine(t, "", options...)
	_, err := l.orders.Approve(t.Context(), system, order.ID)
	must(t, err)
	l.settle()
	l.works(fulfilment.OpPrepare, "あおい", "できた")
	_, err = l.db.ExecContext(t.Context(), `UPDATE orders SET state = 'shipped', shipped_at = $1`, l.now())
	must(t, err)
	_, err = l.orders.ThankByCustomer(t.Context(), l.link, orders.ThanksRequest{Words: words, TellPrefecture: true, Agreed: true})
	must(t, err)
	return l
}

func TestThanks(t *testing.T) {
	t.Parallel()
	l := thanked(t, "宝物です。電話ください")
	l.tablets["あおい"].get("/tablet/thanks").is(http.StatusOK, "ありがとう", "とどいたら、ここに でます").hides("宝物")
	l.staff("shipping").get("/staff/thanks").is(http.StatusForbidden)
	l.office.get("/staff/thanks").is(http.StatusOK, "宝物です", "読むのを待っています", "北海道と伝えてよい", "確かめたいことばがあります").
		press("作った人に届ける", "reading", "たからものです").is(http.StatusOK, "届けました")
	l.settle()
	l.tablets["あおい"].get("/tablet/rest").is(http.StatusOK, "ありがとうを みる")
	l.tablets["あおい"].get("/tablet/thanks").is(http.StatusOK, "宝物です", "たからものです", "北海道に とどきました").hides("神田", "2026-")
	l.tablets["そら"].get("/tablet/thanks").is(http.StatusOK).hides("宝物")
	l.thanksPhoto()
	l.office.get("/staff/thanks").press("見せない").is(http.StatusOK, "見せていません")
	l.tablets["あおい"].get("/tablet/thanks").is(http.StatusOK).hides("宝物")
}

// thanksPhoto is seen by staff first, and by who worked on it once staff let it through.
func (l line) thanksPhoto() {
	l.t.Helper()
	_, err := l.db.ExecContext(l.t.Context(), `UPDATE thanks SET state = 'open', words = '', reading = ''`)
	must(l.t, err)
	_, err = l.orders.AddThanksPhoto(l.t.Context(), l.link, snapshot(l.t, 30))
	must(l.t, err)
	var id orders.ThanksID
	must(l.t, l.db.Get(&id, `SELECT id FROM thanks`))
	forStaff, forMembers := "/staff/thanks/"+id.String()+"/photo", "/tablet/thanks/"+id.String()+"/photo"
	if shown := l.office.get(forStaff); shown.kind != "image/jpeg" {
		l.t.Errorf("staff get %s", shown.kind)
	}
	if shown := l.staff("shipping").get(forStaff); shown.kind == "image/jpeg" {
		l.t.Error("who only ships gets the photo")
	}
	l.office.get("/staff/thanks").is(http.StatusOK, "まだ職員だけが見ています", "写真も見せる").press("作った人に届ける").is(http.StatusOK, "届けました", "まだ職員だけ")
	l.tablets["あおい"].get("/tablet/thanks").is(http.StatusOK, "宝物です").hides(forMembers)
	for name, tablet := range l.tablets {
		if shown := tablet.get(forMembers); shown.kind == "image/jpeg" {
			l.t.Errorf("%s gets a photo that staff kept back", name)
		}
	}
	l.office.get("/staff/thanks").press("作った人に届ける", "photo", "1").is(http.StatusOK, "作った人にも見せています")
	if page := l.tablets["あおい"].get("/tablet/thanks").is(http.StatusOK, "宝物です"); !strings.Contains(page.body, forMembers) {
		l.t.Error("who made it does not see the photo")
	}
	if shown := l.tablets["あおい"].get(forMembers); shown.kind != "image/jpeg" {
		l.t.Errorf("who made it gets %s", shown.kind)
	}
	if shown := l.tablets["そら"].get(forMembers); shown.kind == "image/jpeg" {
		l.t.Error("who had nothing to do with it gets the photo")
	}
}

func lookAtThanks(t *testing.T, e *eye) {
	l := thanked(t, "娘のランドセルにつけました。毎朝うれしそうに見せてくれます。ていねいに作ってくださって、ありがとうございました。", onTuesday)
	_, err := l.orders.AddThanksPhoto(t.Context(), l.link, snapshot(t, 90))
	must(t, err)
	e.at("staff-thanks", l.office, "/staff/thanks")
	e.at("tablet-thanks-none", l.tablets["あおい"], "/tablet/thanks")
	l.office.get("/staff/thanks").press("作った人に届ける", "reading", "むすめの ランドセルに つけました。", "photo", "1").is(http.StatusOK)
	l.settle()
	e.at("tablet-thanks", l.tablets["あおい"], "/tablet/thanks")
	e.at("tablet-rest-thanks", l.tablets["あおい"], "/tablet/rest")
	l.look(e)
}

// look looks at the pages on which a customer sends photos, in each language.
func (l line) look(e *eye) {
	l.t.Helper()
	order, err := l.orders.ByLink(l.t.Context(), l.link)
	must(l.t, err)
	_, err = l.orders.ClaimByCustomer(l.t.Context(), l.link, orders.ClaimRequest{
		Line: order.Lines[0].ID, Quantity: 1, Reason: "broken", Note: "ピンが とれて いました。", Photos: [][]byte{snapshot(l.t, 30), snapshot(l.t, 90)},
	})
	must(l.t, err)
	customer, page := l.visitor(), "/orders/"+l.link
	for _, language := range []string{"ja", "easy", "en"} {
		for name, address := range map[string]string{"order": page, "claim": page + "/claim", "thanks": page + "/thanks"} {
			e.at("shop-"+name+"-photos-"+language, customer, address+"?lang="+language)
		}
	}
}

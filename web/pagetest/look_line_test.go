package pagetest_test

import (
	"net/http"
	"strings"
	"testing"

	"tsukuriba/fulfilment"
	"tsukuriba/orders"
)

// lookAtLine looks at the console and at the tablets while two orders are made.
func lookAtLine(t *testing.T, e *eye) {
	l, order := startLine(t, "", onTuesday)
	second := l.order(1, "髙﨑 力")
	aoi, sora := l.tablets["あおい"], l.tablets["そら"]
	e.at("staff-sign-in", l.visitor(), "/staff/sign-in")
	e.at("staff-board-texts", l.office, "/staff?moods=1&done=shipped")
	e.at("staff-order-review", l.office, "/staff/orders/"+second.ID.String())
	paidFor := l.order(1, "領収書")
	l.office.post("/staff/orders/" + paidFor.ID.String() + "/approve").is(http.StatusOK)
	l.settle()
	e.at("staff-documents-none", l.office, "/staff/documents")
	l.office.get("/staff/orders/" + paidFor.ID.String()).press("領収書を発行する").is(http.StatusOK)
	l.office.get("/staff/documents").press("再発行する").is(http.StatusOK)
	e.at("staff-documents", l.office, "/staff/documents?done=reissued")
	e.at("staff-order-documents", l.office, "/staff/orders/"+paidFor.ID.String())
	e.at("staff-shop", l.office, "/staff/shop")
	e.at("staff-shop-seller", l.office, "/staff/shop/seller")
	e.at("staff-shop-page", l.office, "/staff/shop/pages/legal")
	e.at("staff-letters", l.office, "/staff/letters?letter=konbini_code")
	e.at("staff-letters-text", l.office, "/staff/letters?letter=bank_details.late&language=easy&form=text")
	l.lookAtTransfers(e)
	must(t, l.orders.MailInReview(t.Context(), orders.OrderInReview{OrderID: second.ID}))
	l.db.MustExec(`UPDATE mails SET state = 'failed', sent_at = NULL`)
	e.at("staff-order-undelivered", l.office, "/staff/orders/"+second.ID.String())
	l.pattern()
	e.at("staff-text-words", l.office, "/staff/text-words?text=ﾎﾟｹ・ﾓﾝ")
	e.at("staff-discounts", l.office, "/staff/discounts")
	l.lookAtLetters(e)
	e.at("staff-downloads", l.office, "/staff/downloads")
	e.at("staff-choices", l.office, "/staff/choices")
	e.at("staff-choice", l.office, "/staff/choices/pet-tag")
	e.at("staff-forbidden", l.staff("accounting"), "/staff/work")
	e.at("tablet-enroll", l.visitor(), "/tablet/enroll")
	e.at("tablet-who", aoi, "/tablet/who")
	e.at("tablet-digits", aoi, "/tablet/who/"+l.members["れん"].String())
	e.at("tablet-mood", aoi, "/tablet/mood")
	e.at("tablet-today-none", aoi, "/tablet/today")
	e.at("tablet-rest", aoi, "/tablet/rest")
	e.at("tablet-help", aoi, "/tablet/help")
	e.at("tablet-nowhere", aoi, "/tablet/nowhere")

	for _, address := range []string{order.ID.String(), second.ID.String()} {
		l.office.post("/staff/orders/"+address+"/approve").is(http.StatusOK, "承認")
	}
	l.settle()
	e.at("staff-board-suggestions", l.office, "/staff")
	e.at("staff-members", l.office, "/staff/members")
	e.at("staff-tablets", l.office, "/staff/tablets")
	l.offer(fulfilment.OpPrepare, "あおい")
	e.at("tablet-today-one", aoi, "/tablet/today")
	l.offer(fulfilment.OpPrepare, "あおい")
	e.at("tablet-today-two", aoi, "/tablet/today")
	e.at("staff-work", l.office, "/staff/work")
	e.at("staff-member", l.office, "/staff/members/"+l.members["あおい"].String())
	offer := aoi.get("/tablet/today").press("みてみる")
	e.at("tablet-offer", aoi, offer.address)
	e.at("tablet-decline", aoi, offer.address+"/decline")
	l.lookAtMaking(e, aoi, sora)
	e.at("staff-orders", l.office, "/staff/orders")
	e.at("staff-orders-none", l.office, "/staff/orders?number=NONE")
	e.at("staff-board-ready", l.office, "/staff")
	e.at("staff-order-ready", l.office, "/staff/orders/"+order.ID.String())
	e.at("staff-contact", l.office, "/staff/orders/"+order.ID.String()+"/contact")
}

// lookAtMaking takes both orders through all operations and looks at each.
func (l line) lookAtMaking(e *eye, aoi, sora *visitor) {
	prepare := aoi.get("/tablet/today").press("みてみる").press("やってみる")
	e.at("tablet-accepted", aoi, prepare.address)
	prepare.press("はじめる")
	e.at("tablet-prepare", aoi, prepare.address)
	e.at("tablet-today-current", aoi, "/tablet/today")
	paused := aoi.get(prepare.address).press("きゅうけい")
	e.at("tablet-paused", aoi, paused.address)
	paused.press("つづける").press("できた")
	e.at("tablet-done", aoi, prepare.address)
	aoi.get("/tablet/today").press("やってみる").press("はじめる").press("できた")
	l.settle()
	e.at("tablet-arrange", sora, l.begin(fulfilment.OpArrange, "そら").address)
	sora.get("/tablet/today").press("つづける").press("できた")
	slice := l.begin(fulfilment.OpSlice, "あおい")
	e.at("tablet-slice", aoi, slice.address)
	slice.press("スライスする")
	e.at("tablet-slicing", aoi, slice.address)
	l.settle()
	e.at("tablet-sliced", aoi, slice.address)
	aoi.get(slice.address).press("できた")
	plate := l.onlyPlate()
	e.at("staff-board-plate", l.office, "/staff")
	e.at("staff-plates", l.office, "/staff/plates")
	e.at("staff-plate", l.office, "/staff/plates/"+plate.ID.String())
	l.office.post("/staff/plates/" + plate.ID.String() + "/approve")
	setUp := l.begin(fulfilment.OpSetUp, "そら")
	e.at("tablet-set-up", sora, setUp.address)
	setUp.press("できた", setUp.first()...)
	start := l.begin(fulfilment.OpStart, "あおい")
	e.at("tablet-start", aoi, start.address)
	start.press("はじめました")
	l.settle()
	l.works(fulfilment.OpSwap, "そら", "かえました")
	remove := l.begin(fulfilment.OpRemove, "あおい")
	e.at("tablet-remove", aoi, remove.address)
	e.at("staff-printing", l.office, "/staff/plates/"+plate.ID.String())
	remove.press("できた", "outcome", "done")
	sort := l.begin(fulfilment.OpSort, "そら")
	e.at("tablet-sort", sora, sort.address)
	sort.press("できた", sort.first()...)
	for range 2 {
		l.works(fulfilment.OpFinish, "あおい", "できた")
	}
	for _, who := range []string{"", "-again"} {
		inspect := l.begin(fulfilment.OpInspect, "そら")
		e.at("tablet-inspect"+who, sora, inspect.address)
		inspect.press("できた", inspect.first()...)
	}
	for _, who := range []string{"", "-again"} {
		pack := l.begin(fulfilment.OpPack, "あおい")
		e.at("tablet-pack"+who, aoi, pack.address)
		view, err := l.fulfilment.Work(l.t.Context(), l.members["あおい"])
		must(l.t, err)
		var codes []string
		for _, piece := range view.Current.Pieces {
			codes = append(codes, "piece-"+piece.Unit.String(), piece.Code)
		}
		pack.press("できた", codes...).is(http.StatusOK, "できました")
	}
	l.settle()
}

// lookAtLetters looks at one mail of each kind.
func (l line) lookAtLetters(e *eye) {
	letters, err := l.orders.SampleLetters(orders.Japanese)
	must(l.t, err)
	seen := map[orders.LetterKind]bool{}
	for _, letter := range letters {
		if !seen[letter.Kind] {
			seen[letter.Kind] = true
			name := strings.TrimSuffix(string(letter.Kind)+"."+letter.Case, ".")
			e.at("letter-"+name, l.office, "/staff/letters/"+name+"/ja")
		}
	}
}

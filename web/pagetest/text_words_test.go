package pagetest_test

import (
	"net/http"
	"testing"
)

// TestTextWords keeps both lists with nothing but pages, and reads at the approval what they say.
func TestTextWords(t *testing.T) {
	t.Parallel()
	l, _ := startLine(t, "")
	office := l.office
	l.staff("shipping").get("/staff/text-words").is(http.StatusForbidden)
	office.get("/staff/text-words").is(http.StatusOK, "お断りすることば", "確かめることば", "死ね", "ポケモン")
	office.get("/staff/text-words?text=ﾎﾟｹ・ﾓﾝ").is(http.StatusOK, "確かめてください：「ポケモン」 ほかの人の名前や作品（商標）")
	office.get("/staff/text-words?text=はると").is(http.StatusOK, "気になるところはありません")
	office.post("/staff/text-words", "word", "・", "list", "ask", "reason", "other").is(http.StatusUnprocessableEntity, "40文字まで")
	office.post("/staff/text-words", "word", "力", "list", "ask", "reason", "other", "note", "力んでいる").
		is(http.StatusOK, "一覧に加えました", "そのほか（力んでいる）")
	office.post("/staff/text-words", "word", "力", "list", "deny", "reason", "other").is(http.StatusUnprocessableEntity, "もう一覧にあります")

	order := l.order(1, "髙﨑 力")
	marked := "確かめてください：「力」 そのほか（力んでいる）"
	office.get("/staff").is(http.StatusOK, "髙﨑 力", marked)
	office.get("/staff/orders/"+order.ID.String()).is(http.StatusOK, marked, "漢字の力")
	for _, tablet := range l.tablets {
		tablet.get("/tablet/today").hides("髙﨑") // nobody reads it before it is approved
	}
}

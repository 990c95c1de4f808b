package pagetest_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"tsukuriba/fulfilment"
	"tsukuriba/orders"
)

// line is a workshop in which staff and two members work on what was ordered.
type line struct {
	*house
	office  *visitor
	tablets map[string]*visitor
}

// offer has staff offer the only open task of an operation to a member.
func (l line) offer(operation fulfilment.OperationKey, nickname string) fulfilment.Task {
	l.t.Helper()
	tasks, err := l.fulfilment.OpenTasks(l.t.Context())
	must(l.t, err)
	for _, task := range tasks {
		if task.Operation == operation && task.State == fulfilment.TaskReady {
			l.office.post("/staff/offers", "task", task.ID.String(), "member", l.members[nickname].String()).is(http.StatusOK, "すすめました")
			return task
		}
	}
	l.t.Fatalf("no open task of %s among %d", operation, len(tasks))
	return fulfilment.Task{}
}

// begin has a member take what was offered and begin.
func (l line) begin(operation fulfilment.OperationKey, nickname string) page {
	l.t.Helper()
	l.offer(operation, nickname)
	return l.tablets[nickname].get("/tablet/today").press("やってみる").is(http.StatusOK, "なに", "どれだけ", "おわり", "つぎ").press("はじめる")
}

func (l line) works(operation fulfilment.OperationKey, nickname, done string, answers ...string) {
	l.t.Helper()
	l.begin(operation, nickname).press(done, answers...).is(http.StatusOK)
	l.settle()
}

// startLine has an order approved and two members at their tablets.
func startLine(t *testing.T, listen string, options ...func(*house)) (line, orders.Order) {
	h := open(t, listen, options...)
	l := line{h, h.staff("manager"), map[string]*visitor{}}
	for _, nickname := range []string{"あおい", "そら"} {
		l.office.post("/staff/members/"+h.members[nickname].String()+"/attendance", "is", "here", "from", "board").is(http.StatusOK, "来ている人")
		l.tablets[nickname] = h.tablet()
		l.tablets[nickname].comes(nickname)
	}
	order := h.order(2, "はると")
	return l, order
}

// TestLine follows a tag from the text to the parcel, with nothing but pages.
func TestLine(t *testing.T) {
	t.Parallel()
	l, order := startLine(t, "")
	aoi, sora := l.tablets["あおい"], l.tablets["そら"]

	l.office.get("/staff").is(http.StatusOK, "はると", "ひらがな ・ 3文字", order.Number)
	l.office.post("/staff/orders/"+order.ID.String()+"/approve", "from", "board").is(http.StatusOK, "文字を承認しました")
	l.settle()
	l.office.get("/staff/work").is(http.StatusOK, "はると", order.Number)
	l.staff("therapist").get("/staff/work").is(http.StatusOK, "はると").hides(order.Number)

	l.works(fulfilment.OpPrepare, "あおい", "できた")
	l.works(fulfilment.OpArrange, "そら", "できた")
	slicing := l.begin(fulfilment.OpSlice, "あおい").hides("できた</span>").press("スライスする").is(http.StatusOK, "データを つくっています")
	l.settle()
	aoi.get(slicing.address).is(http.StatusOK, "スライスできました", "じかん", "分", "グラム").press("できた").is(http.StatusOK, "できました", "つぎ", "やすむ", "おわり")

	plate := l.onlyPlate()
	l.office.get("/staff/plates/"+plate.ID.String()).is(http.StatusOK, "承認待ち", "印刷時間", plate.Units[0].Code, "はると", order.Number, "生成り・墨").press("承認する").is(http.StatusOK, "プレートを承認しました")
	setUp := l.begin(fulfilment.OpSetUp, "そら").is(http.StatusOK, "1号機", "生成り", "K-1")
	setUp.press("できた", "printer", "", "base_spool", "").is(http.StatusNotFound, "プリンターを えらんで ください")
	setUp.press("できた", setUp.first()...).is(http.StatusOK, "できました")
	l.works(fulfilment.OpStart, "あおい", "はじめました")
	l.works(fulfilment.OpSwap, "そら", "かえました")
	remove := l.begin(fulfilment.OpRemove, "あおい").is(http.StatusOK, "できあがっている", "できていない", "まだ はじまっていない")
	remove.press("できた").is(http.StatusUnprocessableEntity, "みえた とおり")
	remove.press("できた", "outcome", "done").is(http.StatusOK, "できました")

	sort := l.begin(fulfilment.OpSort, "そら")
	sort.press("できた").is(http.StatusUnprocessableEntity, "まだ えらんで いない")
	sort.press("できた", sort.first()...).is(http.StatusOK, "できました")
	l.works(fulfilment.OpFinish, "あおい", "できた")
	task := l.offer(fulfilment.OpInspect, "そら")
	l.office.post("/staff/offers", "task", task.ID.String(), "member", l.members["あおい"].String()).is(http.StatusUnprocessableEntity)
	inspect := sora.get("/tablet/today").press("やってみる").press("はじめる")
	inspect.press("できた", inspect.first()...).is(http.StatusOK, "できました")
	l.pack(order)
	l.ship(order)
	for _, tablet := range l.tablets {
		holdsToTheRules(t, tablet)
	}
}

// TestPlates_name_their_colors even when one of them can no longer be had.
func TestPlates_name_their_colors(t *testing.T) {
	t.Parallel()
	l, order := startLine(t, "")
	l.office.post("/staff/orders/" + order.ID.String() + "/approve")
	l.settle()
	l.works(fulfilment.OpPrepare, "あおい", "できた")
	l.office.get("/staff/plates").is(http.StatusOK, "生成り・墨", "2こ")
	_, err := l.db.ExecContext(t.Context(), `UPDATE filament_colors SET available = false WHERE key = 'sumi'`)
	must(t, err)
	l.office.get("/staff/plates").is(http.StatusOK, "生成り・sumi")
}

func (l line) onlyPlate() fulfilment.Plate {
	l.t.Helper()
	plates, err := l.fulfilment.Plates(l.t.Context())
	must(l.t, err)
	if len(plates) != 1 {
		l.t.Fatalf("%d plates, want 1", len(plates))
	}
	return plates[0]
}

// pack puts each piece into the bag of its code; a wrong bag is told kindly.
func (l line) pack(order orders.Order) {
	l.t.Helper()
	packing := l.begin(fulfilment.OpPack, "あおい").is(http.StatusOK, "ふくろの きごう", "ふくろに ついた")
	units, err := l.fulfilment.UnitsOfOrder(l.t.Context(), order.ID)
	must(l.t, err)
	var right, wrong []string
	for i, unit := range units {
		right = append(right, "piece-"+unit.ID.String(), unit.Code)
		wrong = append(wrong, "piece-"+unit.ID.String(), units[(i+1)%len(units)].Code)
	}
	packing.press("できた", wrong...).is(http.StatusUnprocessableEntity, "きごうが ちがうようです")
	packing.press("できた", right...).is(http.StatusOK, "できました")
	l.settle()
}

func (l line) ship(order orders.Order) {
	l.t.Helper()
	address := "/staff/orders/" + order.ID.String()
	office := l.staff("shipping")
	office.get("/staff").is(http.StatusOK, order.Number)
	shown := office.get(address).is(http.StatusOK, "袋詰め済み", "あおいさん", "そらさん", "お届け先を見る").hides("承認する", haru.Name, haru.Street)
	shown.press("お届け先を見る（記録が残ります）").is(http.StatusOK, haru.Name, haru.Street)
	shown.press("発送した", "carrier", "日本郵便", "tracking", "").is(http.StatusUnprocessableEntity, "入れてください")
	shown.press("発送した", "carrier", "日本郵便", "tracking", "1234-5678-9012").is(http.StatusOK, "発送を記録しました", "1234-5678-9012", "お届け先を見ました")
}

// forbidden are words no member shall ever read.
var forbidden = []string{"納期", "期限", "遅れ", "ノルマ", "失敗", "エラー", "不良", "評価", "レベル", "ランク", "未達", "がんばれ"}

// holdsToTheRules looks at every page that a tablet has shown.
func holdsToTheRules(t *testing.T, tablet *visitor) {
	t.Helper()
	customer := []string{haru.Name, haru.Email, haru.Phone, haru.PostalCode, haru.City, haru.Street, "¥", "円", "注文番号", "2026-0000"}
	for address, body := range tablet.seen {
		if !strings.HasPrefix(address, "/tablet") {
			continue
		}
		for _, word := range append(customer, forbidden...) {
			if strings.Contains(body, word) {
				t.Errorf("%s shows %q", address, word)
			}
		}
		for document := range strings.SplitSeq(body, "<!doctype html>") {
			if n := decisions(document); n > 5 {
				t.Errorf("%s asks for %d decisions", address, n)
			}
			if n := strings.Count(document, "<h1"); n > 1 {
				t.Errorf("%s has %d first headings", address, n)
			}
		}
	}
}

var question = regexp.MustCompile(`class="face"|class="pad__keys"`)

// decisions counts the buttons and links of a screen. The pictures of one question are one.
func decisions(document string) int {
	if question.MatchString(document) {
		return 1
	}
	root, err := html.Parse(strings.NewReader(document))
	if err != nil {
		return 0
	}
	n := 0
	find(root, func(node *html.Node) bool {
		if (node.Data == "a" || node.Data == "button") && attribute(node, "class") != "skip-link" {
			n++
		}
		return false
	})
	return n
}

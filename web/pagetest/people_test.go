package pagetest_test

import (
	"net/http"
	"strings"
	"testing"

	"tsukuriba/fulfilment"
)

func TestJobPagesLeadBack(t *testing.T) {
	t.Parallel()
	h := open(t, "")
	h.staff("manager").get("/staff/jobs").is(http.StatusOK, "職員の画面に戻る").press("← 職員の画面に戻る").is(http.StatusOK, "今朝の確認")
}

func TestSignIn(t *testing.T) {
	t.Parallel()
	h := open(t, "")
	v := h.visitor()
	for _, address := range []string{"/staff", "/staff/orders", "/staff/members", "/staff/jobs", "/staff/jobs/api/jobs", "/staff/nowhere"} {
		if shown := v.get(address); shown.address != "/staff/sign-in" {
			t.Errorf("%s led to %s without signing in", address, shown.address)
		}
	}
	form := v.get("/staff/sign-in")
	wrong := form.press("ログイン", "email", "manager@example.jp", "password", "wrong").is(http.StatusUnprocessableEntity, "メールアドレスかパスワードが違います")
	unknown := form.press("ログイン", "email", "nobody@example.jp", "password", "wrong").is(http.StatusUnprocessableEntity)
	if strings.ReplaceAll(wrong.text(), "manager@", "") != strings.ReplaceAll(unknown.text(), "nobody@", "") {
		t.Error("an unknown e-mail is told apart from a wrong password")
	}
	if !strings.Contains(wrong.body, `value="manager@example.jp"`) || strings.Contains(wrong.body, "wrong\"") {
		t.Error("the form did not keep the e-mail alone")
	}
	board := form.press("ログイン", "email", "manager@example.jp", "password", password).is(http.StatusOK, "今朝の確認", "管理者")
	board.press("ログアウト")
	if shown := v.get("/staff"); shown.address != "/staff/sign-in" {
		t.Errorf("signed out, /staff leads to %s", shown.address)
	}
}

func TestRoles(t *testing.T) {
	t.Parallel()
	h := open(t, "")
	order := h.order(1, "はると")
	pages := []string{"/staff/orders", "/staff/work", "/staff/plates", "/staff/members", "/staff/tablets", "/staff/jobs", "/staff/jobs/api/jobs", "/staff/orders/" + order.ID.String() + "/contact"}
	for role, open := range map[string]string{ // one mark for each of pages
		"manager": "++++++++", "service_manager": "+++++---", "instructor": "++++----", "therapist": "-+++----", "shipping": "+++-----", "accounting": "+-------",
	} {
		v := h.staff(role)
		board := v.get("/staff")
		for i, address := range pages {
			want := http.StatusForbidden
			if open[i] == '+' {
				want = http.StatusOK
			}
			if got := v.get(address).status; got != want {
				t.Errorf("%s answers %s with %d, want %d", address, role, got, want)
			}
			if linked := strings.Contains(board.body, `href="`+address+`"`); i < 6 && linked != (open[i] == '+') {
				t.Errorf("%s is linked for %s: %t", address, role, linked)
			}
		}
		if role == "shipping" || role == "therapist" || role == "accounting" {
			board.hides("承認する", "お断りする")
			if got := v.post("/staff/orders/" + order.ID.String() + "/approve").status; got != http.StatusForbidden {
				t.Errorf("%s approves an order with %d", role, got)
			}
		}
	}
}

func TestRefuse(t *testing.T) {
	t.Parallel()
	h := open(t, "")
	order := h.order(1, "はると")
	office := h.staff("instructor")
	address := "/staff/orders/" + order.ID.String()
	office.post(address+"/refuse", "reason", "because").is(http.StatusUnprocessableEntity)
	office.post(address+"/refuse", "reason", "not_suitable").is(http.StatusOK, "お断りのメール", "取り消し")
	office.post(address + "/approve").is(http.StatusConflict)
}

func TestStage(t *testing.T) {
	t.Parallel()
	h := open(t, "")
	office := h.staff("therapist")
	address := "/staff/members/" + h.members["れん"].String()
	office.get(address).is(http.StatusOK, "れんさん", "体験", "絵と4けたの数字")
	office.post(address+"/stages", "skill", "finish", "stage", "practice").is(http.StatusOK, "段階を記録しました")
	office.post(address+"/stages", "skill", "finish", "stage", "champion").is(http.StatusUnprocessableEntity)
	office.post(address+"/stages", "skill", "juggling", "stage", "trial").is(http.StatusUnprocessableEntity)
	member, err := h.fulfilment.Member(t.Context(), h.members["れん"])
	if err != nil || member.Stages["finish"] != fulfilment.Practice || len(member.Stages) != 2 {
		t.Errorf("stages are %v, %v", member.Stages, err)
	}
}

func TestOffer(t *testing.T) {
	t.Parallel()
	l, order := startLine(t, "")
	l.office.post("/staff/orders/" + order.ID.String() + "/approve")
	l.settle()
	board := l.office.get("/staff").shows("今日のおすすめ", "文字の見くらべ", "今の段階にちょうど合います")
	board.press("すすめる").is(http.StatusOK, "すすめました")
	tasks, err := l.fulfilment.OpenTasks(t.Context())
	must(t, err)
	l.office.post("/staff/members/"+l.members["れん"].String()+"/attendance", "is", "here")
	below := l.office.post("/staff/offers", "task", tasks[0].ID.String(), "member", l.members["れん"].String())
	below.is(http.StatusUnprocessableEntity, "しごと")
	l.office.post("/staff/offers", "task", tasks[0].ID.String(), "member", "").is(http.StatusUnprocessableEntity, "だれにすすめるか")

	offered := "あおい"
	if work, err := l.fulfilment.Work(t.Context(), l.members[offered]); err != nil || len(work.Offers) == 0 {
		offered = "そら"
	}
	other := map[string]string{"あおい": "そら", "そら": "あおい"}[offered]
	l.tablets[other].get("/tablet/tasks/"+tasks[0].ID.String()).is(http.StatusForbidden, "ほかの 人が しています").hides("はると")
	shown := l.tablets[offered].get("/tablet/today").is(http.StatusOK, "やってみる", "あとで", "やらない")
	shown.press("あとで").is(http.StatusOK, "ゆっくり どうぞ")
	l.tablets[offered].get("/tablet/today").press("やらない").press("きょうは この しごとを しない").is(http.StatusOK, "いまは おすすめの しごとが ありません")
	shown.press("やってみる").is(http.StatusNotFound, "もう ありません")
	l.office.post("/staff/offers", "task", tasks[0].ID.String(), "member", l.members[offered].String()).is(http.StatusUnprocessableEntity)
	for _, tablet := range l.tablets {
		holdsToTheRules(t, tablet)
	}
}

// TestTablet has two members share one tablet.
func TestTablet(t *testing.T) {
	t.Parallel()
	l, order := startLine(t, "")
	l.office.post("/staff/orders/" + order.ID.String() + "/approve")
	l.settle()
	shared := l.tablets["あおい"]
	begun := l.begin(fulfilment.OpPrepare, "あおい").is(http.StatusOK, "きゅうけい", "てつだって", "もどす")
	begun.press("てつだって").is(http.StatusOK, "しょくいんを よびました")
	l.office.get("/staff").is(http.StatusOK, "あおいさんが「文字の見くらべ」で待っています")
	begun.press("きゅうけい").is(http.StatusOK, "つづける", "ここで おわり")
	shared.get("/tablet/today").press("おわり").is(http.StatusOK, "じぶんの えを").hides("あおいさん</p>")
	if shown := shared.get(begun.address); shown.address != "/tablet/who" {
		t.Errorf("after おわり the task is still at %s", shown.address)
	}

	pad := shared.get("/tablet/who").press("れんさん").is(http.StatusOK, "4つの すうじ")
	for _, digit := range []string{"1", "1", "1", "1"} {
		pad = pad.press(digit)
	}
	pad.is(http.StatusUnprocessableEntity, "すうじが ちがうようです").hides("1111")
	for _, digit := range []string{"2", "4", "6", "8"} {
		pad = pad.press(digit)
	}
	pad.is(http.StatusOK, "きょうは どうですか", "こたえない").press("つかれている").is(http.StatusOK, "れんさん")
	shared.get(begun.address).is(http.StatusForbidden).hides("はると")
	shared.post(begun.address + "/start").is(http.StatusForbidden)

	shared.comes("あおい").press("つづける").press("つづける").is(http.StatusOK, "できた").press("もどす").is(http.StatusOK, "はじめる").press("もどす").is(http.StatusOK, "きょうの しごと")
	holdsToTheRules(t, shared)
}

func TestTablet_not_enrolled(t *testing.T) {
	t.Parallel()
	h := open(t, "")
	v := h.visitor()
	for _, address := range []string{"/tablet", "/tablet/who", "/tablet/today", "/tablet/mood"} {
		if shown := v.get(address); shown.address != "/tablet/enroll" {
			t.Errorf("%s leads to %s", address, shown.address)
		}
	}
	v.get("/tablet/enroll").press("この タブレットを つかう", "code", "ABCD-2345").is(http.StatusUnprocessableEntity, "コードが ちがうか")
	v.get("/tablet/nowhere").is(http.StatusNotFound, "きょうの しごとへ")
	holdsToTheRules(t, v)
}

package staff

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"tsukuriba/api/auth"
	"tsukuriba/api/problem"
	"tsukuriba/fulfilment"
	"tsukuriba/orders"
	"tsukuriba/web/ui"
)

// moneyPath is where everything that is the matter with money is settled.
const moneyPath = "/staff/money"

type moneyPage struct {
	Head    ui.StaffHead
	Matters []matterCard
	Checked string // when the books were last compared
}

// matterCard is one matter with its buttons.
type matterCard struct {
	Badge    ui.Badge
	Due      ui.Badge
	Number   string
	Address  string // of the order's page
	Sentence string
	Since    string
	Buttons  []matterButton
}

// matterButton is one thing to do; without an action it is a link.
type matterButton struct {
	ui.Action
	Subject string
}

// mattersKey keeps the count of matters for the frame of the page.
const mattersKey = "matters"

// countMatters lets the navigation say how much is waiting, for those who may see it.
func (s *console) countMatters(c echo.Context, who fulfilment.Staff) error {
	if c.Request().Method != http.MethodGet || !can(who, auth.Money) {
		return nil
	}
	n, err := s.Orders.CountMatters(c.Request().Context())
	c.Set(mattersKey, n)
	return err
}

func (s *console) showMoney(c echo.Context, who fulfilment.Staff) error {
	return s.renderMoney(c, who, http.StatusOK)
}

// renderMoney shows what is left, below what was told before.
func (s *console) renderMoney(c echo.Context, who fulfilment.Staff, status int, told ...ui.Notice) error {
	matters, err := s.Orders.Matters(c.Request().Context())
	if err != nil {
		return err
	}
	last, err := s.Orders.LastChecked(c.Request().Context())
	if err != nil {
		return err
	}
	c.Set(mattersKey, len(matters))
	page := moneyPage{Head: headFor(c, who, "お金の確認", moneyPath), Checked: checkedWords(last)}
	page.Head.Notices = append(page.Head.Notices, told...)
	for _, matter := range matters {
		page.Matters = append(page.Matters, matterCardOf(matter, can(who, auth.ReadOrders), s.Now()))
	}
	return render(c, status, money(page))
}

func checkedWords(last orders.LastChecked) string {
	switch {
	case last.Events.IsZero():
		return "Stripeとの照らし合わせは、これから始まります。"
	case last.Night.IsZero():
		return "Stripeからの知らせは " + moment(last.Events) + " まで受け取り済みです。帳面との照らし合わせは、夜に行います。"
	default:
		return "Stripeからの知らせは " + moment(last.Events) + " まで受け取り済み。帳面とは " + moment(last.Night) + " に照らし合わせました。"
	}
}

func matterCardOf(matter orders.Matter, mayOpen bool, now time.Time) matterCard {
	card := matterCard{
		Badge: ui.Badge{Text: matterKinds[matter.Kind]}, Number: matter.Number, Sentence: matter.Sentence, Since: moment(matter.Since) + "から",
	}
	if mayOpen && !matter.OrderID.IsZero() {
		card.Address = orderAddress(matter.OrderID)
	}
	if matter.Due != nil {
		card.Due = ui.Badge{Text: moment(*matter.Due) + "まで"}
		if matter.Due.Sub(now) < 48*time.Hour {
			card.Due.Tone = ui.ToneAttention
		}
	}
	for i, action := range []orders.MatterAction{matter.Action, matter.Instead} {
		if button, offered := matterButtonOf(matter, action); offered {
			if i > 0 {
				button.Kind = ui.Quiet
			}
			card.Buttons = append(card.Buttons, button)
		}
	}
	return card
}

func matterButtonOf(matter orders.Matter, action orders.MatterAction) (matterButton, bool) {
	words, known := matterActions[action]
	if !known {
		return matterButton{}, false
	}
	button := matterButton{Action: ui.Action{Label: words.label, Icon: words.icon}, Subject: matter.Subject}
	switch action {
	case orders.ActOpenOrder:
		button.URL = orderAddress(matter.OrderID)
	case orders.ActEvidence:
		button.URL = moneyPath + "/disputes/" + matter.Subject + "/evidence"
	default:
		button.Name, button.Value = "action", string(action)
	}
	return button, true
}

// resolveMatter does what the button of a matter says. What cannot be done is told above what is
// left, so that nobody stands before a closed door.
func (s *console) resolveMatter(c echo.Context, who fulfilment.Staff) error {
	action := orders.MatterAction(c.FormValue("action"))
	err := s.Orders.Resolve(c.Request().Context(), by(who), action, c.FormValue("subject"))
	if err == nil {
		return backTo(c, moneyPath, "money_"+string(action))
	}
	told := problem.From(err, problem.Japanese)
	if told.Status >= http.StatusInternalServerError && !errors.Is(err, orders.ErrGatewayUnavailable) && !errors.Is(err, orders.ErrGatewayRefused) {
		return err
	}
	return s.renderMoney(c, who, told.Status, ui.Notice{Kind: ui.NoticeAttention, Text: told.Title, Detail: told.Detail})
}

// showEvidence hands out the archive for the bank.
func (s *console) showEvidence(c echo.Context, who fulfilment.Staff) error {
	dispute, err := idParam[orders.DisputeID](c, "dispute")
	if err != nil {
		return err
	}
	evidence, err := s.Orders.Evidence(c.Request().Context(), by(who), dispute)
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="`+evidence.Name+`"`)
	return c.Blob(http.StatusOK, "application/zip", evidence.Archive)
}

var matterKinds = map[orders.MatterKind]string{
	orders.MatterLateMoney: "あとから届いたお金", orders.MatterDispute: "異議", orders.MatterDisputeWon: "異議の決着", orders.MatterDisputeLost: "異議の決着",
	orders.MatterHoldLapsing: "カードの枠", orders.MatterRefundFailed: "届かない返金", orders.MatterExternalRefund: "内訳のない返金",
	orders.MatterRefundWaiting: "口座待ちの返金", orders.MatterCaptureStuck: "受け取れないお金", orders.MatterOrderStuck: "止まった注文",
	orders.MatterCallStuck: "返事のない依頼", orders.MatterEventDead: "行き先のない知らせ", orders.MatterEventStuck: "止まった知らせ",
	orders.MatterMailFailed: "届かないメール", orders.MatterMailUnsure: "届いたか分からないメール", orders.MatterMailWaiting: "送れないメール",
	orders.MatterMismatch: "帳面とのちがい", orders.MatterHold: "保留", orders.MatterPartPaid: "足りない入金", orders.MatterSurplus: "多い入金",
	orders.MatterTransferRefund: "振り込む返金",
}

// matterActions are the words of the buttons, and of what was done.
var matterActions = map[orders.MatterAction]struct {
	label string
	icon  ui.IconName
	done  string
}{
	orders.ActOpenOrder:     {"注文を開く", ui.IconArrowRight, ""},
	orders.ActEvidence:      {"証拠をまとめて受け取る", ui.IconDownload, ""},
	orders.ActReleaseHold:   {"保留を解く", ui.IconArrowRight, "保留を解きました。"},
	orders.ActRevive:        {"注文を続ける", ui.IconCheck, "注文を続けます。品物を取り置き、発送予定を決め直しました。"},
	orders.ActRefundLate:    {"返金する", ui.IconUndo, "返金を始めました。"},
	orders.ActRetryRefund:   {"もう一度返金する", ui.IconUndo, "もう一度返金を始めました。"},
	orders.ActReread:        {"もう一度確かめる", ui.IconReset, "もう一度確かめました。"},
	orders.ActPrepareAgain:  {"準備を始める", ui.IconArrowRight, "準備を始めました。"},
	orders.ActRetryEvent:    {"もう一度処理する", ui.IconReset, "もう一度処理します。"},
	orders.ActDismissEvent:  {"関係ないので片づける", ui.IconClose, "片づけました。"},
	orders.ActRetryMail:     {"もう一度送る", ui.IconMail, "メールをもう一度送ります。"},
	orders.ActNoteMail:      {"ほかの方法で伝えた", ui.IconCheck, "記録しました。"},
	orders.ActNoteDispute:   {"確かめた", ui.IconCheck, "記録しました。"},
	orders.ActSettleFinding: {"確かめた", ui.IconCheck, "記録しました。"},
	orders.ActGiveUpUnpaid:  {"注文を終わりにする", ui.IconClose, "注文を終わりにしました。届いたお金があれば、返金の振り込みが「お金の確認」に出ます。"},
	orders.ActReturnSurplus: {"多い分を返す", ui.IconUndo, "返金を決めました。お客さまの口座へ振り込んでください。"},
	orders.ActRefundSent:    {"振り込んだ", ui.IconCheck, "返金を振り込んだことを記録しました。お客さまにメールが届きます。"},
}

// deed is the word about what was just done, by the ?done= of an address.
func deed(done string) (string, bool) {
	if words, known := deeds[done]; known {
		return words, true
	}
	action, money := strings.CutPrefix(done, "money_")
	words := matterActions[orders.MatterAction(action)].done
	return words, money && words != ""
}

// mattersIn is what the navigation says is waiting.
func mattersIn(c echo.Context, items []ui.NavItem) {
	n, _ := c.Get(mattersKey).(int)
	if at := slices.IndexFunc(items, func(item ui.NavItem) bool { return item.URL == moneyPath }); at >= 0 {
		items[at].Count = n
	}
}

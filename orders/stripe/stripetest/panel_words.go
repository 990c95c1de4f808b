package stripetest

import "fmt"

// spoilable are the routes that the panel offers; any other can be named from Go.
var spoilable = []string{
	"POST /v1/checkout/sessions", "GET /v1/checkout/sessions/{id}", "POST /v1/checkout/sessions/{id}/expire",
	"GET /v1/payment_intents/{id}", "POST /v1/payment_intents/{id}/capture", "POST /v1/payment_intents/{id}/cancel",
	"POST /v1/refunds", "GET /v1/refunds", "GET /v1/events",
}

// What the panel calls things. A word that is missing is shown as Stripe has it.
var (
	routeWords = map[string]string{
		"POST /v1/checkout/sessions":             "支払いページを作る",
		"GET /v1/checkout/sessions/{id}":         "支払いページのようすを聞く",
		"POST /v1/checkout/sessions/{id}/expire": "支払いページを閉じる",
		"GET /v1/payment_intents/{id}":           "支払いのようすを聞く",
		"POST /v1/payment_intents/{id}/capture":  "おさえたお金を受け取る",
		"POST /v1/payment_intents/{id}/cancel":   "おさえたお金をはなす",
		"POST /v1/refunds":                       "返金する",
		"GET /v1/refunds":                        "返金のようすを聞く",
		"GET /v1/events":                         "できごとの一覧を聞く",
	}
	troubleWords = map[string]string{
		string(FailAfterCommit):    "済んだのに「失敗」と答える（500）",
		string(TimeoutAfterCommit): "済んだのに返事がない",
		string(Unavailable):        "何もせずに「いまは無理」と答える（503）",
		string(Slow):               "始めるまでに時間がかかる",
	}
	intentWords = map[string]string{
		"requires_payment_method": "支払えていません", "requires_action": "支払いを待っています",
		"requires_capture": "カードのお金をおさえています", "succeeded": "受け取りました", "canceled": "取り消しました",
	}
	refundWords = map[string]string{
		"pending": "銀行で手続き中", "requires_action": "お客さまの口座待ち", "succeeded": "届きました", "failed": "届きませんでした",
		"canceled": "取り消しました",
	}
	disputeWords = map[string]string{
		"needs_response": "お店の返事待ち", "under_review": "審査中", "won": "お店の言い分が通りました", "lost": "お客さまに返りました",
		"warning_needs_response": "問い合わせ：返事待ち", "warning_under_review": "問い合わせ：確認中", "warning_closed": "問い合わせは終わりました",
	}
	methodWords = map[string]string{"card": "カード", "konbini": "コンビニ"}
	knobWords   = map[string]string{
		"delivery": "通知の届き方を変えました。", "fault": "次の呼び出しを失敗させます。", "heal": "すべて元に戻し、ためた通知を送っています。",
		"clock": "時計を進めました。", "hold_refunds": "返金の進み方を変えました。", "refund": "管理画面から返金しました。お店には通知だけが届きます。",
		"settle_refund": "返金の結果を決めました。", "dispute": "異議が来ました。お金が引かれました。", "inquiry": "問い合わせが来ました。お金は動いていません。",
		"escalate": "問い合わせが異議になりました。お金が引かれました。", "decide_dispute": "結果を決めました。", "expire_hold": "仮売上が期限切れになりました。",
		"expire_session": "支払いページが期限切れになりました。", "pay_at_store": "お店のレジで支払いました。", "lapse_code": "コンビニの番号が期限切れになりました。",
		"resend": "通知をもう一度送りました。",
	}
)

func worded(words map[string]string) func(any) string {
	return func(key any) string {
		if word, known := words[fmt.Sprint(key)]; known {
			return word
		}
		return fmt.Sprint(key)
	}
}

// troubles says in words what goes wrong at the moment.
func (st *state) troubles() (said []string) {
	rules := st.Rules
	for _, trouble := range []struct {
		on   bool
		word string
	}{
		{rules.Paused, "通知を止めています"},
		{rules.Copies > 1, fmt.Sprintf("同じ通知を %d 回", rules.Copies)},
		{rules.Drop > 0, fmt.Sprintf("次の %d 件の通知をなくす", rules.Drop)},
		{rules.Delay > 0, fmt.Sprintf("通知は %.0f 秒遅れ", rules.Delay.Seconds())},
		{rules.Reverse, "通知は逆の順"},
		{st.HoldsBack, "返金を銀行で止めています"},
	} {
		if trouble.on {
			said = append(said, trouble.word)
		}
	}
	for _, fault := range st.Faults {
		where := "どの呼び出しでも"
		if fault.Route != "" {
			where = worded(routeWords)(fault.Route)
		}
		said = append(said, fmt.Sprintf("%s：%s × %d", where, worded(troubleWords)(fault.Kind), fault.Times))
	}
	return said
}

package staff

import (
	"fmt"
	"strings"
	"time"

	"tsukuriba/fulfilment"
	"tsukuriba/internal/jst"
	"tsukuriba/orders"
	"tsukuriba/web/ui"
)

var weekdays = []string{"日", "月", "火", "水", "木", "金", "土"}

// day writes a date as people say it: 11月22日（日）.
func day(at time.Time) string {
	at = at.In(jst.Zone)
	return fmt.Sprintf("%d月%d日（%s）", at.Month(), at.Day(), weekdays[at.Weekday()])
}

func moment(at time.Time) string {
	at = at.In(jst.Zone)
	return fmt.Sprintf("%d月%d日 %d:%02d", at.Month(), at.Day(), at.Hour(), at.Minute())
}

// oneLine sets the lines of a text beside each other, told apart.
func oneLine(text string) string { return strings.ReplaceAll(text, "\n", " ／ ") }

func window(w orders.Window) string { return day(w.From) + "〜" + day(w.Until) }

// deeds are the words about what was just done, by the ?done= of an address.
var deeds = map[string]string{
	"approved":          "文字を承認しました。お金を受け取りしだい、制作に進みます。",
	"refused":           "お断りのメールを用意しました。カードの枠は解放されます。",
	"shipped":           "発送を記録しました。お客さまにメールが届きます。",
	"refunded":          "返金を依頼しました。決済サービスに届くと、ここの状態が変わります。",
	"assigned":          "返金の内訳を記録しました。",
	"written-off":       "足りない分を値引きにしました。注文は支払い済みになります。",
	"refund-closed":     "返金を閉じました。もう返すものはありません。",
	"released":          "保留を解きました。",
	"held":              "保留にしました。解くまで、注文は進みません。",
	"canceled":          "注文を取り消しました。お客さまにメールが届きます。",
	"claim-open":        "お客さまからの連絡を記録しました。",
	"claim-remake":      "作り直しを決めました。新しい分の制作が始まります。",
	"claim-refund":      "返金を決めました。",
	"claim-photo":       "写真を加えました。",
	"claim-declined":    "お断りを記録しました。お客さまに文面が届きます。",
	"received":          "入荷を記録しました。",
	"counted":           "数えた数に直しました。",
	"offered":           "すすめました。本人のタブレットに出ています。",
	"withdrawn":         "おすすめを取り下げました。",
	"plate":             "プレートを承認しました。プリンターの準備に進みます。",
	"dissolved":         "プレートをほどきました。のっていたものは次の並びを待ちます。",
	"resolved":          "見たとおりを記録しました。",
	"stage":             "段階を記録しました。",
	"attendance":        "出席を記録しました。",
	"issued":            "書類を発行しました。",
	"reissued":          "再発行しました。もとの書類もそのまま残っています。",
	"discount":          "割引コードを作りました。",
	"discount-ended":    "割引コードを終わりにしました。もう使った注文は変わりません。",
	"price-added":       "値段を加えました。その日から、この値段になります。",
	"price-confirmed":   "料金表と同じだったことを記録しました。",
	"price-withdrawn":   "始まる前の値段を取り消しました。",
	"thanks-shown":      "作った人のタブレットに届けました。",
	"thanks-declined":   "見せないことにしました。",
	"intake-set":        "受付の決まりを変えました。次のご注文から効きます。",
	"file":              "ファイルを入れました。次のダウンロードから、このファイルです。",
	"choices-revised":   "新しい版を保存しました。次の入力から、この版になります。",
	"day-closed":        "お休みにしました。これからの約束は、この日を数えません。",
	"day-opened":        "その日は開けます。",
	"bounced":           "届かなかったことを記録しました。「届いていないメール」から、もう一度送れます。",
	"resent":            "メールをもう一度送ります。",
	"word-added":        "一覧に加えました。これからの文字も、承認を待っている文字も、これで調べます。",
	"word-removed":      "一覧から外しました。",
	"transfer":          "入金を記録しました。",
	"transfer-undo":     "入金の記録を取り消しました。",
	"refund-sent":       "返金を振り込んだことを記録しました。お客さまにメールが届きます。",
	"refund-back":       "振り込みが戻ってきたことを記録しました。口座を確かめて、やり直してください。",
	"shop-revised":      "新しい版を保存しました。",
	"version-withdrawn": "始まる前の版を取り消しました。",
}

var roles = map[fulfilment.Role]string{
	fulfilment.Manager: "管理者", fulfilment.ServiceManager: "サービス管理責任者", fulfilment.Instructor: "職業指導員",
	fulfilment.Therapist: "作業療法士", fulfilment.ShippingStaff: "発送担当", fulfilment.Accounting: "経理",
}

// orderStates are the states an order list can be narrowed to, in their order.
var orderStates = []struct {
	state orders.State
	badge ui.Badge
}{
	{orders.AwaitingPayment, ui.Badge{Text: "支払い待ち"}},
	{orders.InReview, ui.Badge{Text: "確認中", Tone: ui.ToneAccent}},
	{orders.Approved, ui.Badge{Text: "承認済み", Tone: ui.TonePine}},
	{orders.InProduction, ui.Badge{Text: "制作中", Tone: ui.TonePine}},
	{orders.Ready, ui.Badge{Text: "発送できます", Tone: ui.ToneAccent}},
	{orders.Shipped, ui.Badge{Text: "発送済み"}},
	{orders.Completed, ui.Badge{Text: "完了"}},
	{orders.Expired, ui.Badge{Text: "期限切れ"}},
	{orders.Canceled, ui.Badge{Text: "取り消し"}},
}

func orderBadge(state orders.State) ui.Badge {
	for _, known := range orderStates {
		if known.state == state {
			return known.badge
		}
	}
	return ui.Badge{Text: string(state)}
}

var methods = map[orders.Method]string{orders.Card: "カード", orders.Konbini: "コンビニ", orders.ByInvoice: "請求書払い（銀行振込）", orders.NothingToPay: "支払いなし"}

// shippingMethods are the ways to send by their keys; an unknown one is shown as it is.
var shippingMethods = map[string]string{
	"click-post": "クリックポスト", "no-hurry": "急がない便", "letter-pack-light": "レターパックライト", "letter-pack-plus": "レターパックプラス",
	"compact": "宅急便コンパクト", orders.PickupKey: "工房で受け取り", "yu-pack-60": "ゆうパック 60サイズ", "yu-pack-80": "ゆうパック 80サイズ",
	orders.DownloadKey: "ダウンロード",
}

var paymentStates = map[orders.PaymentState]string{
	orders.PaymentCreated: "支払いページを開いています", orders.PaymentCodeIssued: "払込番号を発行済み",
	orders.PaymentInvoiced:   "請求書を発行済み",
	orders.PaymentAuthorized: "カードの枠を確保", orders.PaymentCaptured: "受け取り済み", orders.PaymentFailed: "支払えませんでした",
	orders.PaymentCanceled: "取り消し", orders.PaymentExpired: "期限切れ",
}

var refundStates = map[orders.RefundState]string{
	orders.RefundRequested: "返金を依頼", orders.RefundSubmitting: "送信中", orders.RefundPending: "処理中",
	orders.RefundRequiresAction: "お客さまの口座待ち", orders.RefundSucceeded: "返金済み", orders.RefundFailed: "返金できませんでした",
	orders.RefundCanceled: "取り消し",
}

var refundReasons = map[orders.RefundReason]string{
	"defect": "仕上がりがよくなかった", "damaged": "とどいたときにこわれていた", "lost": "届かなかった・足りなかった", "unavailable": "用意できなくなった",
	"returned": "返品・取りやめ", "goodwill": "おわび", "other": "そのほか",
	orders.RefundSurplus: "多く振り込まれた分", orders.RefundCanceledOrder: "注文の取り消し", orders.RefundLateMoney: "あとから届いた入金", orders.RefundExternal: "決済サービスの画面で返金",
}

var claimReasons = map[orders.ClaimReason]string{
	"broken": "こわれている", "wrong_text": "文字がちがう", "wrong_item": "ちがう品物が届いた", "finish": "仕上がりがよくない", "missing": "届かない・足りない",
	"wish": "いらなくなった", "other": "そのほか",
}

var claimOrigins = map[string]string{"customer": "注文ページから", "staff": "職員が記録"}

// declineReasons are the templates of a kind answer.
var declineReasons = map[string]string{
	"as_agreed": "ご確認いただいた絵のとおりに作られている", "signs_of_use": "お使いになったあとの傷み", "too_late": "お知らせの期間が過ぎている",
	"cannot_verify": "写真などで確かめられなかった",
}

func declineChoices() []ui.Choice {
	var choices []ui.Choice
	for _, reason := range orders.DeclineReasons {
		choices = append(choices, ui.Choice{Value: reason, Label: declineReasons[reason]})
	}
	return choices
}

// refusals are the templates of a kind refusal.
var refusals = []ui.Choice{
	{Value: "not_suitable", Label: "お受けできない言葉が含まれる"},
	{Value: "cannot_be_made", Label: "この文字・大きさでは作れない"},
	{Value: "unreadable", Label: "読み取れない・意図が分からない"},
	{Value: "rights_of_others", Label: "ほかの人の権利に触れるおそれ"},
}

// cancelReasons are the templates of telling a customer why we end an order.
var cancelReasons = []ui.Choice{
	{Value: "on_request", Label: "お客さまから希望があった"},
	{Value: "not_available", Label: "材料や品物を用意できない"},
	{Value: "cannot_be_made", Label: "きれいに作れないとわかった"},
	{Value: "no_answer", Label: "聞いたことに返事がない"},
	{Value: "cannot_accept", Label: "工房ではお受けできない"},
}

// refusalsOf puts the refusal of a customer who wants to pay by invoice first, where there is one.
func refusalsOf(order orders.Order) []ui.Choice {
	if order.Method != orders.ByInvoice {
		return refusals
	}
	return append([]ui.Choice{{Value: "not_by_invoice", Label: "請求書払いではお受けできない"}}, refusals...)
}

var holdReasons = map[orders.HoldReason]string{
	orders.HoldFraud: "不正利用の疑い", orders.HoldMismatch: "お金の食いちがい", orders.HoldDispute: "支払いへの異議",
	orders.HoldTextQuery: "文字の問い合わせ中", orders.HoldCapacity: "制作の余裕待ち", orders.HoldLateMoney: "あとから届いた入金",
	orders.HoldExternalRefund: "内訳の分からない返金", orders.HoldRefundFailed: "届かなかった返金", orders.HoldOther: "そのほか",
	orders.HoldUnpaid: "足りない入金",
}

// holdAdvice says what is to be done about holds that nobody placed by hand.
var holdAdvice = map[orders.HoldReason]string{
	orders.HoldExternalRefund: "何の分だったかを決めると、注文が進みます。",
	orders.HoldRefundFailed:   "返金の欄からやり直せます。",
	orders.HoldLateMoney:      "続けるか返すかを、お金の確認のページで決められます。決まらなければ、3日で自動で返金します。",
	orders.HoldDispute:        "決着するまで、注文は進みません。",
	orders.HoldMismatch:       "決済サービスの画面と見くらべてください。",
	orders.HoldUnpaid:         "正しい入金を記録すると、注文が進みます。",
}

var unitStates = map[fulfilment.UnitState]string{
	fulfilment.UnitOwed: "これから", fulfilment.UnitPlanned: "プレートに配置", fulfilment.UnitPrinting: "印刷中",
	fulfilment.UnitPrinted: "印刷済み", fulfilment.UnitFinishing: "仕上げ中", fulfilment.UnitInQC: "検品中", fulfilment.UnitGood: "合格",
	fulfilment.UnitPacked: "袋詰め済み", fulfilment.UnitShipped: "発送済み", fulfilment.UnitScrapped: "作り直し",
}

// operations are the steps of making, in the order in which a piece passes them.
var operations = []struct {
	key   fulfilment.OperationKey
	words string
}{
	{fulfilment.OpPrepare, "文字の見くらべ"},
	{fulfilment.OpArrange, "プレートの並び"},
	{fulfilment.OpSlice, "スライス"},
	{fulfilment.OpSetUp, "プリンターの準備"},
	{fulfilment.OpStart, "プリント開始"},
	{fulfilment.OpSwap, "色のかえ"},
	{fulfilment.OpRemove, "取り外し"},
	{fulfilment.OpSort, "わける"},
	{fulfilment.OpFinish, "仕上げ"},
	{fulfilment.OpInspect, "検品"},
	{fulfilment.OpPack, "袋詰め"},
}

func operationWords(key fulfilment.OperationKey) string {
	for _, known := range operations {
		if known.key == key {
			return known.words
		}
	}
	return string(key)
}

// skills are what stages are agreed for.
var skills = []struct{ key, words string }{
	{"prepare", "文字の見くらべ"},
	{"plate", "プレートの並び"},
	{"slice", "スライス"},
	{"set_up", "プリンターの準備"},
	{"print", "プリント"},
	{"remove", "取り外し"},
	{"sort", "わける"},
	{"finish", "仕上げ"},
	{"inspect", "検品"},
	{"pack", "袋詰め"},
}

var stages = []struct {
	stage fulfilment.Stage
	words string
}{
	{fulfilment.Trial, "体験"}, {fulfilment.Practice, "個別練習"}, {fulfilment.Production, "実務参加"}, {fulfilment.Sales, "販売活動"},
}

func stageWords(stage fulfilment.Stage) string {
	for _, known := range stages {
		if known.stage == stage {
			return known.words
		}
	}
	return "まだ"
}

var taskStates = map[fulfilment.TaskState]ui.Badge{
	fulfilment.TaskReady: {Text: "すすめられます"}, fulfilment.TaskOffered: {Text: "すすめています", Tone: ui.ToneAccent},
	fulfilment.TaskAccepted: {Text: "引き受け", Tone: ui.TonePine}, fulfilment.TaskActive: {Text: "しています", Tone: ui.TonePine},
	fulfilment.TaskPaused: {Text: "休憩中"}, fulfilment.TaskSubmitted: {Text: "機械を待っています"},
}

var plateStates = map[fulfilment.PlateState]ui.Badge{
	fulfilment.PlateDraft: {Text: "下書き"}, fulfilment.PlateArranged: {Text: "並び決定"},
	fulfilment.PlateSliced: {Text: "承認待ち", Tone: ui.ToneAccent}, fulfilment.PlateApproved: {Text: "承認済み", Tone: ui.TonePine},
	fulfilment.PlateQueued: {Text: "プリンター決定", Tone: ui.TonePine}, fulfilment.PlateOnPrinter: {Text: "印刷中", Tone: ui.TonePine},
	fulfilment.PlateRemoved: {Text: "取り外し済み"}, fulfilment.PlateSorted: {Text: "わけ終わり"}, fulfilment.PlateClosed: {Text: "完了"},
	fulfilment.PlateDissolved: {Text: "ほどいた"},
}

var runStates = map[fulfilment.RunState]string{
	fulfilment.RunReady: "プリンターを待っています", fulfilment.RunClaimed: "準備済み", fulfilment.RunUploaded: "データを送りました",
	fulfilment.RunStartSent: "開始を伝えました", fulfilment.RunStartUnconfirmed: "開始を確かめています", fulfilment.RunPrinting: "印刷中",
	fulfilment.RunPaused: "一時停止", fulfilment.RunFinishedUnverified: "終わったようです。取り外しを待っています",
	fulfilment.RunFailed: "できていません。取り外しを待っています", fulfilment.RunCanceled: "止めました。取り外しを待っています",
	fulfilment.RunUnknown: "状態が分かりません", fulfilment.RunCleared: "取り外し済み", fulfilment.RunAccounted: "記録済み", fulfilment.RunDropped: "取りやめ",
}

var moods = map[fulfilment.Mood]string{
	fulfilment.MoodGreat: "とてもいい", fulfilment.MoodGood: "いい", fulfilment.MoodSoSo: "ふつう", fulfilment.MoodTired: "つかれている",
	fulfilment.MoodHard: "つらい", fulfilment.MoodNoAnswer: "こたえない",
}

// happenings are the words of an order's timeline, by action.
var happenings = map[string]struct {
	words string
	icon  ui.IconName
}{
	"order.placed":            {"注文を受け付けました", ui.IconBag},
	"order.awaiting_payment":  {"支払いを待っています", ui.IconClock},
	"order.in_review":         {"文字の確認を待っています", ui.IconEye},
	"order.text_approved":     {"文字を承認しました", ui.IconCheck},
	"order.approved":          {"代金がそろい、制作が決まりました", ui.IconReceipt},
	"order.in_production":     {"制作を始めました", ui.IconPrinter},
	"order.ready":             {"全部そろいました", ui.IconPackage},
	"order.shipped":           {"発送しました", ui.IconTruck},
	"order.completed":         {"完了しました", ui.IconDone},
	"order.canceled":          {"取り消されました", ui.IconClose},
	"order.expired":           {"支払いがないまま終わりました", ui.IconClock},
	"order.held":              {"保留にしました", ui.IconPause},
	"order.released":          {"保留を解きました", ui.IconArrowRight},
	"letter.bounced":          {"メールが戻ってきました", ui.IconMail},
	"letter.resent":           {"メールをもう一度送りました", ui.IconMail},
	"order.contact_read":      {"お届け先を見ました", ui.IconEye},
	"payment.created":         {"支払いページを用意しました", ui.IconCreditCard},
	"payment.code_issued":     {"コンビニの払込番号が出ました", ui.IconStore},
	"payment.authorized":      {"カードの枠を確保しました", ui.IconCreditCard},
	"payment.captured":        {"代金を受け取りました", ui.IconReceipt},
	"payment.failed":          {"支払いができませんでした", ui.IconCreditCard},
	"payment.canceled":        {"支払いを取り消しました", ui.IconCreditCard},
	"payment.expired":         {"支払いの期限が過ぎました", ui.IconClock},
	"document.issued":         {"書類を発行しました", ui.IconDocument},
	"document.reissued":       {"書類を再発行しました", ui.IconDocument},
	"document.read":           {"書類を開きました", ui.IconEye},
	"order.revived":           {"あとから届いたお金で、注文を続けることにしました", ui.IconCheck},
	"dispute.needs_response":  {"お客さまが異議を申し立て、お金が引かれました", ui.IconAttention},
	"dispute.won":             {"異議は取り下げられ、お金が戻りました", ui.IconReceipt},
	"dispute.lost":            {"異議が認められました", ui.IconAttention},
	"refund.requested":        {"返金を依頼しました", ui.IconUndo},
	"refund.succeeded":        {"返金しました", ui.IconUndo},
	"refund.failed":           {"返金ができませんでした", ui.IconAttention},
	"refund.submitting":       {"返金を決済サービスに送っています", ui.IconUndo},
	"refund.pending":          {"返金の処理を待っています", ui.IconUndo},
	"refund.requires_action":  {"返金がお客さまの口座を待っています", ui.IconClock},
	"refund.canceled":         {"返金が取り消されました", ui.IconAttention},
	"refund.assigned":         {"返金の内訳を決めました", ui.IconPencil},
	"order.fee_written_off":   {"振込手数料の分を値引きにしました", ui.IconReceipt},
	"refund.closed":           {"届かなかった返金を閉じました", ui.IconCheck},
	"refund.given_otherwise":  {"返金をほかの方法で渡しました", ui.IconUndo},
	"claim.open":              {"お客さまから連絡がありました", ui.IconMessage},
	"claim.photo":             {"連絡に写真が加わりました", ui.IconMessage},
	"claim.remaking":          {"作り直しを決めました", ui.IconReset},
	"claim.ready":             {"送り直す分がそろいました", ui.IconPackage},
	"claim.settled":           {"連絡への対応が終わりました", ui.IconDone},
	"claim.declined":          {"連絡をお断りしました", ui.IconMessage},
	"transfer.entered":        {"入金を記録しました", ui.IconReceipt},
	"transfer.undone":         {"入金の記録を取り消しました", ui.IconUndo},
	"payment.invoiced":        {"入金が足りなくなりました", ui.IconAttention},
	"refund.sent_by_bank":     {"返金を振り込みました", ui.IconUndo},
	"refund.returned_by_bank": {"返金の振り込みが戻ってきました", ui.IconAttention},
}

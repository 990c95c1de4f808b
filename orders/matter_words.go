package orders

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"tsukuriba/internal/id"
	"tsukuriba/internal/jst"
	"tsukuriba/internal/yen"
)

// MatterAction is what can be done about a matter. Resolve does it, but for the two that lead
// elsewhere.
type MatterAction string

// The actions.
const (
	ActOpenOrder     MatterAction = "open_order"    // leads to the order's page
	ActEvidence      MatterAction = "open_evidence" // leads to the evidence pack of a dispute
	ActReleaseHold   MatterAction = "release_hold"
	ActRevive        MatterAction = "revive"
	ActRefundLate    MatterAction = "refund_late"
	ActRetryRefund   MatterAction = "retry_refund"
	ActReread        MatterAction = "reread"
	ActPrepareAgain  MatterAction = "prepare_again"
	ActRetryEvent    MatterAction = "retry_event"
	ActDismissEvent  MatterAction = "dismiss_event"
	ActRetryMail     MatterAction = "retry_mail"
	ActNoteMail      MatterAction = "note_mail"
	ActNoteDispute   MatterAction = "note_dispute"
	ActSettleFinding MatterAction = "settle_mismatch"
	ActGiveUpUnpaid  MatterAction = "give_up_unpaid"
	ActReturnSurplus MatterAction = "return_surplus"
	ActRefundSent    MatterAction = "refund_sent"
)

// words are what is said about a matter, and what can be done.
type words struct {
	subject  string
	sentence string
	action   MatterAction
	instead  MatterAction
}

// matter writes a row out in words.
func (r matterRow) matter() Matter {
	said := r.words()
	return Matter{
		Kind: r.Kind, Subject: said.subject, OrderID: r.OrderID, Number: r.Number, Amount: r.Amount,
		Sentence: said.sentence, Action: said.action, Instead: said.instead, Since: r.Since, Due: r.Due,
	}
}

func (r matterRow) words() words {
	order := r.OrderID.String()
	switch r.Kind {
	case MatterLateMoney:
		return r.lateMoney(order)
	case MatterDispute, MatterDisputeLost, MatterDisputeWon:
		return r.dispute()
	case MatterRefundFailed, MatterExternalRefund, MatterRefundWaiting:
		return r.refund(order)
	case MatterEventDead, MatterEventStuck:
		return r.event()
	case MatterMailFailed, MatterMailUnsure, MatterMailWaiting:
		return r.mail()
	case MatterMismatch:
		return r.mismatch()
	case MatterPartPaid, MatterSurplus, MatterTransferRefund:
		return r.transfer(order)
	case MatterHold:
		if r.Ref == string(HoldUnpaid) {
			return words{
				subject: order, action: ActOpenOrder, instead: ActGiveUpUnpaid,
				sentence: holdSentences[HoldUnpaid] + "正しい入金が届いたら、注文のページで記録してください。",
			}
		}
		return words{
			subject: outside[holdKind](r), action: ActReleaseHold,
			sentence: holdSentences[HoldReason(r.Ref)] + r.hold().Words() + "確かめたら、保留を解いてください。",
		}
	case MatterHoldLapsing:
		return words{
			subject: order, action: ActOpenOrder,
			sentence: fmt.Sprintf("カードの枠 %s が %sに消えます。それまでに文字を承認するか、お断りしてください。", r.Amount, r.due()),
		}
	case MatterCaptureStuck:
		return words{
			subject: outside[paymentKind](r), action: ActReread,
			sentence: fmt.Sprintf("承認は済みましたが、カードから %s を受け取れていません。もう一度受け取りを試してください。", r.Amount),
		}
	case MatterOrderStuck:
		return words{
			subject: order, action: ActPrepareAgain,
			sentence: "お金はそろいましたが、作る準備が始まっていません。準備をもう一度始めてください。",
		}
	default: // MatterCallStuck
		return words{
			subject: outside[callKind](r), action: ActReread,
			sentence: fmt.Sprintf("Stripeへの依頼（%s）の結果が、1時間以上分かりません。Stripeに聞き直してください。", callWords[r.Ref]),
		}
	}
}

func outside[K id.Kind](r matterRow) string {
	if r.ID == nil {
		return ""
	}
	return id.ID[K](*r.ID).String()
}

// due writes when it will be too late as people say it.
func (r matterRow) due() string {
	if r.Due == nil {
		return ""
	}
	at := r.Due.In(jst.Zone)
	return fmt.Sprintf("%d月%d日 %d:%02d ", at.Month(), at.Day(), at.Hour(), at.Minute())
}

// hold is what is known of a hold, which its source writes as JSON.
func (r matterRow) hold() Hold {
	var hold Hold
	if err := json.Unmarshal([]byte(r.Note), &hold); err != nil {
		return Hold{Note: r.Note}
	}
	return hold
}

func (r matterRow) lateMoney(order string) words {
	said := words{subject: order, action: ActRevive, instead: ActRefundLate}
	said.sentence = fmt.Sprintf("期限が過ぎてから %s が届きました。続けるか返すかを決めてください。%sまでに決まらなければ、自動で返金します。", r.Amount, r.due())
	if r.Note == "not_enough" {
		said.action, said.instead = ActRefundLate, ActOpenOrder
		said.sentence = fmt.Sprintf("終わった注文に、振り込みが届いています。お客さまに返してください。%sには自動で返金を始めます。", r.due())
	}
	if r.Note == "no_stock" {
		said.action, said.instead = ActRefundLate, ""
		said.sentence = fmt.Sprintf("期限が過ぎてから %s が届きましたが、棚に残りがなく続けられません。%sには自動で返金します。", r.Amount, r.due())
	}
	return said
}

func (r matterRow) transfer(order string) words {
	switch r.Kind {
	case MatterPartPaid:
		return words{
			subject: order, action: ActOpenOrder, instead: ActGiveUpUnpaid,
			sentence: fmt.Sprintf("一部の振り込みだけが届いていて、%s 足りません。残りが届いたら、注文のページで記録してください。振込手数料が引かれただけのときは、そこで値引きにできます。%sまでに届かなければ、注文は終わります。", r.Amount, r.due()),
		}
	case MatterSurplus:
		return words{
			subject: order, action: ActReturnSurplus, instead: ActOpenOrder,
			sentence: fmt.Sprintf("代金より %s 多く振り込まれています。お客さまに返してください。", r.Amount),
		}
	default:
		return words{
			subject: outside[refundKind](r), action: ActRefundSent, instead: ActOpenOrder,
			sentence: fmt.Sprintf("%s を、お客さまの銀行口座へ振り込んでください。終わったら「振り込んだ」を押してください。", r.Amount),
		}
	}
}

func (r matterRow) dispute() words {
	if r.Kind == MatterDisputeWon {
		return words{
			subject: outside[holdKind](r), action: ActReleaseHold,
			sentence: "異議は取り下げられ、お金は手もとにあります。保留を解くと、注文が先へ進みます。",
		}
	}
	said := words{subject: outside[disputeKind](r)}
	word, taken, _ := strings.Cut(r.Note, " ")
	reason, fee := cmp.Or(disputeReasons[word], word), ""
	if cost, err := strconv.Atoi(taken); err == nil && cost > 0 {
		fee = fmt.Sprintf("手数料 %s もかかっています。", yen.Amount(cost))
	}
	switch DisputeState(r.Ref) {
	case DisputeLost:
		said.action = ActNoteDispute
		said.sentence = fmt.Sprintf("異議（%s）が認められ、%s は戻りません。%s注文は止めたままです。", reason, r.Amount, fee)
	case DisputeWarning:
		said.action = ActEvidence
		said.sentence = fmt.Sprintf("カード会社から %s の支払いについて問い合わせ（%s）が来ています。%sまでに、Stripeの画面で答えてください。", r.Amount, reason, r.due())
	default:
		said.action = ActEvidence
		said.sentence = fmt.Sprintf("%s の支払いに異議（%s）があり、お金が引かれました。%s%sまでに、証拠をStripeの画面で出してください。", r.Amount, reason, fee, r.due())
	}
	return said
}

func (r matterRow) refund(order string) words {
	switch r.Kind {
	case MatterRefundFailed:
		return words{
			subject: outside[refundKind](r), action: ActRetryRefund, instead: ActOpenOrder,
			sentence: fmt.Sprintf("%s の返金がお客さまに届きませんでした。もう一度返金してください。ほかの方法で返したときは、注文のページで閉じてください。", r.Amount),
		}
	case MatterExternalRefund:
		return words{
			subject: order, action: ActOpenOrder,
			sentence: fmt.Sprintf("Stripeの画面で %s の返金がありました。どの品物の分かを、注文のページで決めてください。", r.Amount),
		}
	default:
		return words{
			subject: order, action: ActOpenOrder,
			sentence: fmt.Sprintf("%s の返金が、お客さまの口座の登録を7日以上待っています。お客さまに連絡してください。", r.Amount),
		}
	}
}

func (r matterRow) event() words {
	said := words{subject: r.Ref, action: ActRetryEvent}
	said.sentence = fmt.Sprintf("Stripeからの知らせ（%s）が、まだ処理されていません。もう一度処理してください。", r.Note)
	if r.Kind == MatterEventDead {
		said.instead = ActDismissEvent
		said.sentence = fmt.Sprintf("Stripeからの知らせ（%s）が、3日たってもどの注文のものか分かりません。", r.Note)
	}
	return said
}

func (r matterRow) mail() words {
	said := words{subject: outside[mailKind](r), action: ActRetryMail, instead: ActNoteMail}
	if strings.HasPrefix(r.Ref, staffLetters) {
		said.sentence = "工房あてのメールが送れていません。メールサーバーと宛先を確かめてください。"
		return said
	}
	switch r.Kind {
	case MatterMailFailed:
		said.sentence = "お客さまへのメールが、宛先に受け取られませんでした。電話などで伝えるか、もう一度送ってください。"
	case MatterMailUnsure:
		said.sentence = "お客さまへのメールが届いたかどうか分かりません。もう一度送ると、二通になることがあります。"
	default:
		said.sentence = "お客さまへのメールが、1時間以上送れていません。メールサーバーを確かめてください。"
	}
	return said
}

func (r matterRow) mismatch() words {
	said := words{subject: outside[mismatchKind](r), action: ActReread, instead: ActSettleFinding}
	if r.Ref == string(mismatchRule) {
		said.sentence, said.instead = brokenRule(r.Note), ""
		return said
	}
	if strings.HasPrefix(r.Ref, "unknown_") {
		said.action, said.instead = ActSettleFinding, ""
	}
	said.sentence = fmt.Sprintf(mismatchSentences[mismatchReason(r.Ref)], r.Amount, r.Note)
	return said
}

var mismatchSentences = map[mismatchReason]string{
	mismatchUnknownPayment: "Stripeに、どの注文とも結びつかない %s の支払いがあります（%s）。Stripeの画面で確かめてください。",
	mismatchUnknownRefund:  "Stripeに、どの注文とも結びつかない %s の返金があります（%s）。Stripeの画面で確かめてください。",
	mismatchUnknownDispute: "Stripeに、どの注文とも結びつかない %s の異議があります（%s）。Stripeの画面で確かめてください。",
	mismatchMissingPayment: "帳面にある %s の支払いが、Stripeには見当たりません（%s）。",
	mismatchMissingRefund:  "帳面にある %s の返金が、Stripeには見当たりません（%s）。",
	mismatchPayment:        "受け取った額が帳面とちがいます。Stripeでは %s です（%s）。",
}

var callWords = map[string]string{
	"open": "支払いページの用意", "capture": "代金の受け取り", "cancel": "支払いの取り消し", "refund": "返金",
}

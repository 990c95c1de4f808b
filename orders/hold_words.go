package orders

import (
	"cmp"
	"encoding/json"
	"fmt"
)

// Words are what is known about a hold besides its reason, in Japanese: what a person wrote or what
// the system found. They may be "".
func (h Hold) Words() string {
	if h.Cause == nil {
		return h.Note
	}
	return h.Cause.words()
}

func (c Cause) words() string {
	switch c.Code {
	case CauseOtherOrder:
		return "決済サービスでは、この支払いは別の注文のものになっています。"
	case CauseCurrency:
		return fmt.Sprintf("決済サービスでは、円ではない通貨（%s）の支払いになっています。", c.Word)
	case CauseOtherAmount:
		return fmt.Sprintf("支払いの額が %s になっています。約束した額は %s です。", c.Amount, c.Agreed)
	case CauseOtherCapture:
		return fmt.Sprintf("受け取った額が %s です。約束した額は %s です。", c.Amount, c.Agreed)
	case CauseDisputed:
		return fmt.Sprintf("%s の支払いに異議があります（%s）。", c.Amount, cmp.Or(disputeReasons[c.Word], c.Word))
	case CauseLateMoney:
		return fmt.Sprintf("期限が過ぎてから %s が届きました。", c.Amount)
	case CausePartPaid:
		return fmt.Sprintf("%s だけが届いたまま、期限が過ぎました。", c.Amount)
	case CausePaidAfterEnd:
		return fmt.Sprintf("終わった注文に %s が振り込まれました。", c.Amount)
	case CauseTakenBack:
		return fmt.Sprintf("%s の入金の記録を取り消しました。", c.Amount)
	case CauseRefundFailed:
		return fmt.Sprintf("%s の返金がお客さまに届きませんでした。", c.Amount)
	case CauseExternalRefund:
		return fmt.Sprintf("決済サービスの画面で %s が返金されました。", c.Amount)
	}
	return string(c.Code)
}

// Held is the hold that an entry placed or lifted, as far as the entry knows it; the zero Hold if
// it is about something else.
func (e TimelineEntry) Held() (Hold, error) {
	if e.Action != "order.held" && e.Action != "order.released" {
		return Hold{}, nil
	}
	var hold Hold
	written, err := json.Marshal(e.Detail)
	if err == nil {
		err = json.Unmarshal(written, &hold)
	}
	if err != nil {
		return Hold{}, fmt.Errorf("read hold from timeline: %w", err)
	}
	return hold, nil
}

// holdSentences say that an order is on hold, by reason.
var holdSentences = map[HoldReason]string{
	HoldFraud:          "不正利用の疑いで、注文を止めています。",
	HoldMismatch:       "お金の額か内容が注文と合わず、注文を止めています。",
	HoldTextQuery:      "文字についてお客さまに聞いていて、注文を止めています。",
	HoldCapacity:       "作る余裕がなく、注文を止めています。",
	HoldLateMoney:      "あとから届いたお金のために、注文を止めています。",
	HoldExternalRefund: "Stripeの画面での返金のために、注文を止めています。",
	HoldRefundFailed:   "返金が届かなかったために、注文を止めています。",
	HoldUnpaid:         "振り込みの記録を取り消したため、お金が足りず、注文を止めています。",
	HoldOther:          "職員が注文を止めています。",
}

// disputeReasons are the provider's words for why a customer objects.
var disputeReasons = map[string]string{
	"fraudulent": "身に覚えがない", "product_not_received": "商品が届いていない", "product_unacceptable": "商品が説明とちがう",
	"duplicate": "二重に払った", "credit_not_processed": "返金されていない", "unrecognized": "支払いに見覚えがない", "general": "そのほか",
	"subscription_canceled": "解約したはず",
}

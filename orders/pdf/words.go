package pdf

import (
	"fmt"
	"time"

	"tsukuriba/internal/jst"
	"tsukuriba/orders"
)

// term is a word of a form in Japanese, and as it stands beside it on English documents.
type term struct{ ja, en string }

// The words of all forms.
var (
	termNumber       = term{"番号", "No."}
	termIssued       = term{"発行日", "Issued"}
	termReissued     = term{"再発行日", "Reissued"}
	termReissue      = term{"再発行", "REISSUE"}
	termOriginal     = term{"もとのお支払日", "First paid on"}
	termOrder        = term{"注文番号", "Order"}
	termItem         = term{"品目", "Item"}
	termQuantity     = term{"数量", "Qty"}
	termUnitPrice    = term{"単価", "Unit price"}
	termAmount       = term{"金額", "Amount"}
	termTaxIncluded  = term{"（税込）", "tax included"}
	termTotal        = term{"合計", "Total"}
	termIncludedTax  = term{"うち消費税", "incl. tax"}
	termReduced      = term{"※は軽減税率（8%）の対象です。", "※ reduced tax rate (8%)"}
	termRegistration = term{"登録番号", "Registration"}
	termMethod       = term{"お支払方法", "Paid by"}
	termContinued    = term{"（つづき）", "(continued)"}
	termMessage      = term{"メッセージ", "Message"}
	termDue          = term{"お支払期限", "Pay by"}
	termValid        = term{"有効期限", "Valid until"}
	termBank         = term{"お振込先", "Bank account"}
	termHolder       = term{"口座名義", "Holder"}
	termToPay        = term{"お支払条件", "Payment"}
	termDelivery     = term{"納期", "Delivery"}
)

// form is what makes a kind of document that kind.
type form struct {
	title     term
	qualified term // what it is too, if its issuer is registered
	traded    term // the day of what it is about
	sum       term // before the large amount
	sentence  term // below the large amount
	closing   []term
	priced    bool
	phone     bool
}

var forms = map[orders.DocumentKind]form{
	orders.Quote: {
		title: term{"見積書", "QUOTATION"}, sum: term{"お見積金額", "Quoted"},
		sentence: term{"下記のとおりお見積もりいたします。", "We quote as follows."},
		closing: []term{
			{"在庫の確保はしておりません。品切れのときは、ご注文いただけないことがあります。", "Nothing is set aside in stock; what has run out meanwhile cannot be ordered."},
		},
		priced: true, phone: true,
	},
	orders.Invoice: {
		title: term{"請求書", "INVOICE"}, qualified: term{"適格請求書", "Qualified invoice"}, traded: term{"ご注文日", "Ordered on"},
		sum: term{"ご請求金額", "Amount due"}, sentence: term{"下記のとおりご請求申し上げます。", "Please pay the amount above for the following."},
		closing: []term{
			{"振込手数料は、恐れ入りますがお客様のご負担でお願いいたします。", "Bank charges are at your cost."},
			{"お振込みのお名前の前に、ご注文番号を入れていただけると助かります。ご入金を確認してから、製作・発送の準備を始めます。", "Please put the order number before your name. We begin once the money has arrived."},
		},
		priced: true, phone: true,
	},
	orders.Receipt: {
		title: term{"領収書", "RECEIPT"}, qualified: term{"適格簡易請求書", "Simplified qualified invoice"},
		traded: term{"お支払日", "Paid on"}, sum: term{"領収金額", "Received"},
		sentence: term{"但し、下記の商品の代金として、上記の金額を正に領収いたしました。", "Received with thanks for the goods below."},
		closing: []term{
			{"この領収書は電子データで発行しています。収入印紙は必要ありません。", "Issued electronically; no revenue stamp is needed."},
		},
		priced: true, phone: true,
	},
	orders.RefundNote: {
		title: term{"返金明細書", "REFUND NOTE"}, qualified: term{"適格返還請求書", "Qualified return invoice"},
		traded: term{"返金日", "Refunded on"}, sum: term{"返金額", "Refunded"},
		sentence: term{"下記のとおり、お支払いいただいた代金をお返しいたしました。", "We have returned the amount below to your way of payment."},
		closing: []term{
			{"ご入金の時期は、カード会社や金融機関によって異なります。", "When it arrives depends on your card company or bank."},
		},
		priced: true, phone: true,
	},
	orders.PackingSlip: {
		title: term{"納品書", "PACKING SLIP"}, traded: term{"発送日", "Sent on"},
		sentence: term{"このたびはありがとうございます。下記の品をお届けします。", "Thank you. This parcel contains the following."},
		closing: []term{
			{"品物に不具合がありましたら、作り直すか返金いたします。注文ページかメールでお知らせください。", "If anything is wrong, we remake or refund it: please tell us on your order page or by mail."},
		},
	},
	orders.RemakeSlip: {
		title: term{"納品書", "PACKING SLIP"}, traded: term{"発送日", "Sent on"},
		sentence: term{"お待たせいたしました。新しくご用意した下記の品をお届けします。", "Thank you for waiting. This parcel contains what we made anew."},
		closing: []term{
			{"品物に不具合がありましたら、注文ページかメールでお知らせください。", "If anything is wrong, please tell us on your order page or by mail."},
		},
	},
	orders.DeliveryNote: {
		title: term{"納品書", "DELIVERY NOTE"}, traded: term{"納品日", "Delivered on"}, sum: term{"合計金額", "Total"},
		sentence: term{"下記のとおり納品いたします。", "We deliver the following."},
		closing: []term{
			{"品物に不具合がありましたら、作り直すか返金いたします。", "If anything is wrong, we remake or refund it."},
		},
		priced: true, phone: true,
	},
}

var items = map[orders.ItemKind]term{
	orders.ItemDiscount: {"割引", "Discount"},
	orders.ItemWrapping: {"ギフト包装", "Gift wrapping"},
	orders.ItemShipping: {"送料", "Shipping"},
	orders.ItemBankFee:  {"振込手数料分のお値引き", "Bank fee, allowed as a discount"},
	orders.ItemSurplus:  {"過入金", "Overpayment"},
}

var methods = map[orders.Method]term{
	orders.Card:      {"クレジットカード", "Credit card"},
	orders.Konbini:   {"コンビニ払い", "Convenience store"},
	orders.ByInvoice: {"銀行振込（請求書払い）", "Bank transfer"},
}

// in joins both languages for those who read English; Japanese authorities still can.
func (t term) in(language orders.Language) string {
	if language == orders.English && t.en != "" {
		return t.ja + " " + t.en
	}
	return t.ja
}

func date(at time.Time, language orders.Language) string {
	at = at.In(jst.Zone)
	if language == orders.English {
		return at.Format(time.DateOnly)
	}
	return fmt.Sprintf("%d年%d月%d日", at.Year(), at.Month(), at.Day())
}

func taxed(rate int, language orders.Language) string {
	mark := ""
	if rate == orders.ReducedTaxRate {
		mark = "※"
	}
	if language == orders.English {
		return fmt.Sprintf("%d%%対象%s at %d%%", rate, mark, rate)
	}
	return fmt.Sprintf("%d%%対象%s（税込）", rate, mark)
}

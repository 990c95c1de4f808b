package orders

import (
	"fmt"
	"strings"
	"time"
)

// LegalItem is one of the six things that the final confirmation screen of a distance sale has to
// show (特定商取引法 第12条の6): quantity, price, payment, delivery, application period,
// cancellation. Key is stable: "quantity", "price", "payment", "delivery", "period",
// "cancellation".
type LegalItem struct {
	Key   string `json:"key"`
	Title string `json:"title"`
	Text  string `json:"text"`
}

// legalWords are the sentences of one language. The verbs of a format string are filled by
// legalItems in the order in which the language names them.
type legalWords struct {
	titles                        [6]string
	line                          string // title, quantity
	price                         string // total, goods, shipping name, shipping
	tax                           string // rate, tax
	card, cardReview              string
	konbini, konbiniReview        string
	delivery                      string // from, until
	pickup                        string // from, until
	date                          string // month, day
	period                        string
	custom, stock                 string
	cancelUntilStart, colonSpaced string
}

var legal = map[Language]legalWords{
	Japanese: {
		titles: [6]string{"数量", "お支払い総額", "お支払いの時期と方法", "お届けの時期", "お申し込みの期間", "キャンセル・返品"},
		line:   "%s × %d",
		price:  "%s(税込・送料込)。内訳: 商品 %s、%s %s。",
		tax:    "うち消費税(%d%%) %s。",
		card:   "クレジットカード。ご注文の確定時にお支払いいただきます。",
		cardReview: "クレジットカード。ご注文時に利用枠を確保し、お名前などの文字を工房で確認したあとに請求します。" +
			"お作りできないときは請求しません。",
		konbini: "コンビニ払い(ファミリーマート、ローソン、ミニストップ、セイコーマート。セブン-イレブンでは使えません)。" +
			"お支払い番号の発行から3日以内にお支払いください。",
		konbiniReview: "コンビニ払い(ファミリーマート、ローソン、ミニストップ、セイコーマート。セブン-イレブンでは使えません)。" +
			"文字を工房で確認したあと、お支払いのご案内をメールでお送りします。番号の発行から3日以内にお支払いください。",
		delivery: "%sから%sまでに発送します。お支払いが遅れた場合は、その分遅くなります。",
		pickup:   "%sから%sまでに工房でお渡しの用意をします。",
		date:     "%d月%d日",
		period:   "期間の定めはありません。この確認画面の内容は表示から30分間有効です。",
		custom:   "文字を入れてお作りする商品は、お客様のご都合による返品・交換をお受けしていません。",
		stock:    "在庫の商品は、未開封に限り、到着から8日以内であれば返品できます(送料はお客様のご負担)。",
		cancelUntilStart: "製作を始めるまでは、注文ページからキャンセルできます。" +
			"品物に不具合があったときは、作り直すか返金します。",
		colonSpaced: ":",
	},
	Easy: {
		titles:        [6]string{"かず", "はらう お金", "いつ・どうやって はらうか", "いつ とどくか", "いつまで 申しこめるか", "やめるとき・かえすとき"},
		line:          "%s %dこ",
		price:         "ぜんぶで %s です(税金と 送るお金も 入っています)。品物 %s、%s %s。",
		tax:           "この中の 消費税(%d%%)は %s です。",
		card:          "クレジットカードで はらいます。注文が きまったときに はらいます。",
		cardReview:    "クレジットカードで はらいます。工房が 文字を 見てから、お金を いただきます。作れないときは、お金は かかりません。",
		konbini:       "コンビニで はらいます(ファミリーマート、ローソン、ミニストップ、セイコーマート)。セブン-イレブンでは はらえません。番号が 出てから 3日の うちに はらってください。",
		konbiniReview: "コンビニで はらいます(ファミリーマート、ローソン、ミニストップ、セイコーマート)。セブン-イレブンでは はらえません。工房が 文字を 見てから、メールを 送ります。番号が 出てから 3日の うちに はらってください。",
		delivery:      "%sから %sまでに 送ります。はらうのが おそくなると、送るのも おそくなります。",
		pickup:        "%sから %sまでに 工房で わたせるように します。",
		date:          "%d月%d日",
		period:        "いつでも 申しこめます。この 画面は 30分 使えます。",
		custom:        "文字を 入れて 作る 品物は、かえすことが できません。",
		stock:         "できている 品物は、あけていなければ、とどいてから 8日の うちに かえせます(送るお金は かかります)。",
		cancelUntilStart: "作りはじめるまでは、注文の ページで やめることが できます。" +
			"品物が こわれていたり まちがっていたら、作りなおすか、お金を かえします。",
		colonSpaced: ":",
	},
	English: {
		titles: [6]string{"Quantity", "Total price", "When and how you pay", "When it is sent", "Application period", "Cancellation and returns"},
		line:   "%s × %d",
		price:  "%s including tax and shipping: goods %s, %s %s.",
		tax:    " Consumption tax (%d%%) included: %s.",
		card:   "Credit card, charged when the order is placed.",
		cardReview: "Credit card. The amount is reserved now and charged after the workshop has checked your text. " +
			"If we cannot make it, nothing is charged.",
		konbini: "At a convenience store (FamilyMart, Lawson, Ministop, Seicomart; not 7-Eleven), " +
			"within 3 days of receiving the payment number.",
		konbiniReview: "At a convenience store (FamilyMart, Lawson, Ministop, Seicomart; not 7-Eleven). " +
			"After the workshop has checked your text we mail you how to pay; pay within 3 days of receiving the number.",
		delivery:         "Sent between %s and %s; later if payment arrives later.",
		pickup:           "Ready for pick-up at the workshop between %s and %s.",
		date:             "%[1]d/%[2]d (month/day)",
		period:           "No limited period. This page is valid for 30 minutes.",
		custom:           "Goods made with your text cannot be returned or exchanged for personal reasons.",
		stock:            " Goods from stock can be returned unopened within 8 days of arrival, at your cost.",
		cancelUntilStart: " You can cancel on your order page until we start making. Defects are remade or refunded.",
		colonSpaced:      ": ",
	},
}

// legalItems writes the six items for a checkout whose figures are complete.
func legalItems(c Checkout, personalized, fromStock, pickup bool) []LegalItem {
	words := legal[c.Language]
	texts := [6]string{
		words.quantity(c), words.total(c), words.payment(c.Method, personalized),
		words.when(c.Window, pickup), words.period, words.returns(personalized, fromStock),
	}
	items := make([]LegalItem, len(texts))
	for i, key := range []string{"quantity", "price", "payment", "delivery", "period", "cancellation"} {
		items[i] = LegalItem{Key: key, Title: words.titles[i], Text: texts[i]}
	}
	return items
}

func (w legalWords) quantity(c Checkout) string {
	var lines []string
	for _, line := range c.Lines {
		title := line.Title
		if line.DesignText != "" {
			title += "「" + strings.ReplaceAll(line.DesignText, "\n", "／") + "」"
		}
		lines = append(lines, fmt.Sprintf(w.line, title, line.Quantity))
	}
	return strings.Join(lines, "\n")
}

func (w legalWords) total(c Checkout) string {
	var text strings.Builder
	text.WriteString(fmt.Sprintf(w.price, c.Total, c.Goods, c.ShippingName, c.Shipping))
	for _, tax := range c.Taxes {
		text.WriteString(fmt.Sprintf(w.tax, tax.Rate, tax.Tax))
	}
	return text.String()
}

func (w legalWords) payment(method Method, reviewed bool) string {
	switch {
	case method == Konbini && reviewed:
		return w.konbiniReview
	case method == Konbini:
		return w.konbini
	case reviewed:
		return w.cardReview
	default:
		return w.card
	}
}

func (w legalWords) when(window Window, pickup bool) string {
	format := w.delivery
	if pickup {
		format = w.pickup
	}
	return fmt.Sprintf(format, w.day(window.From), w.day(window.Until))
}

func (w legalWords) day(t time.Time) string {
	_, month, day := t.In(tokyo).Date()
	return fmt.Sprintf(w.date, month, day)
}

func (w legalWords) returns(personalized, fromStock bool) string {
	text := ""
	if personalized {
		text += w.custom
	}
	if fromStock {
		text += w.stock
	}
	return strings.TrimSpace(text + w.cancelUntilStart)
}

// legalText is the confirmation as one text, kept with the order as evidence.
func legalText(language Language, items []LegalItem) string {
	var text strings.Builder
	for _, item := range items {
		fmt.Fprintf(&text, "%s%s%s\n", item.Title, legal[language].colonSpaced, item.Text)
	}
	return text.String()
}

package orders

import (
	"fmt"
	"strings"
	"time"

	"tsukuriba/internal/jst"
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
	price                         string // total, its parts
	part                          string // what, how much
	partsComma                    string
	goods, discount, wrapping     string
	tax                           string // rate, tax
	card, cardReview              string
	konbini, konbiniReview        string
	invoice                       string
	quotedDelivery, quotedPickup  string // days after the order, from and until
	quotedPeriod                  string // the last day
	delivery                      string // from, until
	pickup                        string // from, until
	download                      string
	digital                       string
	nothingToPay                  string
	date                          string // month, day
	period                        string
	custom, stock                 string
	cancelUntilStart, colonSpaced string
}

var legal = map[Language]legalWords{
	Japanese: {
		titles: [6]string{"数量", "お支払い総額", "お支払いの時期と方法", "お届けの時期", "お申し込みの期間", "キャンセル・返品"},
		line:   "%s × %d",
		price:  "%s(税込・送料込)。内訳: %s。",
		part:   "%s %s", partsComma: "、", goods: "商品", discount: "割引(%s)", wrapping: "ギフト包装",
		tax:  "うち消費税(%d%%) %s。",
		card: "クレジットカード。ご注文の確定時にお支払いいただきます。",
		cardReview: "クレジットカード。ご注文時に利用枠を確保し、お名前などの文字を工房で確認したあとに請求します。" +
			"お作りできないときは請求しません。",
		konbini: "コンビニ払い(ファミリーマート、ローソン、ミニストップ、セイコーマート。セブン-イレブンでは使えません)。" +
			"お支払い番号の発行から3日以内にお支払いください。",
		konbiniReview: "コンビニ払い(ファミリーマート、ローソン、ミニストップ、セイコーマート。セブン-イレブンでは使えません)。" +
			"文字を工房で確認したあと、お支払いのご案内をメールでお送りします。番号の発行から3日以内にお支払いください。",
		invoice: "銀行振込(請求書払い・前払い)。ご注文の内容を工房で確認したあと、請求書をメールでお送りします。請求書の日から14日以内に" +
			"(銀行が休みの日にあたるときは次の営業日までに)お振り込みください。振込手数料はお客様のご負担です。ご入金を確認してから製作・発送の準備を始めます。",
		quotedDelivery: "ご注文の日から%d日〜%d日ほどで発送します。お支払いが遅れた場合は、その分遅くなります。",
		quotedPickup:   "ご注文の日から%d日〜%d日ほどで、工房でお渡しの用意をします。",
		quotedPeriod:   "このお見積もりは%sまで有効です。在庫の確保はしていません。",
		delivery:       "%sから%sまでに発送します。お支払いが遅れた場合は、その分遅くなります。",
		pickup:         "%sから%sまでに工房でお渡しの用意をします。",
		download:       "ダウンロード商品は、お支払いの確認後すぐに、注文ページから30日間・5回までダウンロードできます。",
		digital:        "ダウンロード商品は、商品の性質上、ダウンロードできるようになったあとの返品・キャンセルをお受けしていません。",
		nothingToPay:   "お支払いはありません。",
		date:           "%d月%d日",
		period:         "期間の定めはありません。この確認画面の内容は表示から30分間有効です。",
		custom:         "文字を入れてお作りする商品は、お客様のご都合による返品・交換をお受けしていません。",
		stock:          "在庫の商品は、未開封に限り、到着から8日以内であれば返品できます(送料はお客様のご負担)。",
		cancelUntilStart: "製作を始めるまでは、注文ページからキャンセルできます。" +
			"品物に不具合があったときは、作り直すか返金します。",
		colonSpaced: ":",
	},
	Easy: {
		titles: [6]string{"かず", "はらう お金", "いつ・どうやって はらうか", "いつ とどくか", "いつまで 申しこめるか", "やめるとき・かえすとき"},
		line:   "%s %dこ",
		price:  "ぜんぶで %s です(税金と 送るお金も 入っています)。%s。",
		part:   "%s %s", partsComma: "、", goods: "品物", discount: "わりびき(%s)", wrapping: "プレゼントの つつみ",
		tax:           "この中の 消費税(%d%%)は %s です。",
		card:          "クレジットカードで はらいます。注文が きまったときに はらいます。",
		cardReview:    "クレジットカードで はらいます。工房が 文字を 見てから、お金を いただきます。作れないときは、お金は かかりません。",
		konbini:       "コンビニで はらいます(ファミリーマート、ローソン、ミニストップ、セイコーマート)。セブン-イレブンでは はらえません。番号が 出てから 3日の うちに はらってください。",
		konbiniReview: "コンビニで はらいます(ファミリーマート、ローソン、ミニストップ、セイコーマート)。セブン-イレブンでは はらえません。工房が 文字を 見てから、メールを 送ります。番号が 出てから 3日の うちに はらってください。",
		invoice: "銀行で はらいます(請求書払い)。工房が 注文を 見てから、請求書を メールで 送ります。14日の うちに お金を 送ってください。" +
			"お金を 送る 手数料は お客さまが はらいます。お金が とどいてから 作りはじめます。",
		quotedDelivery: "注文の 日から %d日〜%d日くらいで 送ります。はらうのが おそくなると、送るのも おそくなります。",
		quotedPickup:   "注文の 日から %d日〜%d日くらいで、工房で わたせるように します。",
		quotedPeriod:   "この 見積もりは %sまで 使えます。品物の とりおきは していません。",
		delivery:       "%sから %sまでに 送ります。はらうのが おそくなると、送るのも おそくなります。",
		pickup:         "%sから %sまでに 工房で わたせるように します。",
		download:       "ダウンロードの ものは、お金を はらうと、すぐに 注文の ページから とれます。30日の あいだ、5回まで とれます。",
		digital:        "ダウンロードの ものは、とれるように なったあとは、かえすことが できません。",
		nothingToPay:   "お金は かかりません。",
		date:           "%d月%d日",
		period:         "いつでも 申しこめます。この 画面は 30分 使えます。",
		custom:         "文字を 入れて 作る 品物は、かえすことが できません。",
		stock:          "できている 品物は、あけていなければ、とどいてから 8日の うちに かえせます(送るお金は かかります)。",
		cancelUntilStart: "作りはじめるまでは、注文の ページで やめることが できます。" +
			"品物が こわれていたり まちがっていたら、作りなおすか、お金を かえします。",
		colonSpaced: ":",
	},
	English: {
		titles: [6]string{"Quantity", "Total price", "When and how you pay", "When it is sent", "Application period", "Cancellation and returns"},
		line:   "%s × %d",
		price:  "%s including tax and shipping: %s.",
		part:   "%s %s", partsComma: ", ", goods: "goods", discount: "discount (%s)", wrapping: "gift wrapping",
		tax:  " Consumption tax (%d%%) included: %s.",
		card: "Credit card, charged when the order is placed.",
		cardReview: "Credit card. The amount is reserved now and charged after the workshop has checked your text. " +
			"If we cannot make it, nothing is charged.",
		konbini: "At a convenience store (FamilyMart, Lawson, Ministop, Seicomart; not 7-Eleven), " +
			"within 3 days of receiving the payment number.",
		konbiniReview: "At a convenience store (FamilyMart, Lawson, Ministop, Seicomart; not 7-Eleven). " +
			"After the workshop has checked your text we mail you how to pay; pay within 3 days of receiving the number.",
		invoice: "Bank transfer by invoice, in advance. After the workshop has looked at your order we mail you the invoice; " +
			"transfer the amount within 14 days of it (or on the next banking day), at your cost. We begin once the money has arrived.",
		quotedDelivery:   "Sent %d to %d days after your order; later if payment arrives later.",
		quotedPickup:     "Ready for pick-up at the workshop %d to %d days after your order.",
		quotedPeriod:     "This quotation is valid until %s. Nothing is set aside in stock.",
		delivery:         "Sent between %s and %s; later if payment arrives later.",
		pickup:           "Ready for pick-up at the workshop between %s and %s.",
		download:         "Downloads are on your order page as soon as payment has arrived, for 30 days and up to 5 times.",
		digital:          " Downloads cannot be returned or canceled once they are available.",
		nothingToPay:     "There is nothing to pay.",
		date:             "%[1]d/%[2]d (month/day)",
		period:           "No limited period. This page is valid for 30 minutes.",
		custom:           "Goods made with your text cannot be returned or exchanged for personal reasons.",
		stock:            " Goods from stock can be returned unopened within 8 days of arrival, at your cost.",
		cancelUntilStart: " You can cancel on your order page until we start making. Defects are remade or refunded.",
		colonSpaced:      ": ",
	},
}

// contents is what the legal sentences depend on.
type contents struct{ personalized, fromStock, digital, sent bool }

func (c Checkout) contents() contents {
	var found contents
	for _, line := range c.Lines {
		switch {
		case line.Digital:
			found.digital = true
		case !line.DesignID.IsZero():
			found.personalized = true
		default:
			found.fromStock = true
		}
	}
	found.sent = found.personalized || found.fromStock
	return found
}

// legalItems writes the six items for a checkout whose figures are complete.
func legalItems(c Checkout) []LegalItem {
	words, contents := legal[c.Language], c.contents()
	texts := [6]string{
		words.quantity(c), words.total(c), words.payment(c.Method, contents.personalized),
		words.when(c, contents), words.validity(c), words.returns(contents),
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
		title := line.TitleIn(c.Language)
		if line.DesignText != "" {
			title += "「" + strings.ReplaceAll(line.DesignText, "\n", "／") + "」"
		}
		lines = append(lines, fmt.Sprintf(w.line, title, line.Quantity))
	}
	return strings.Join(lines, "\n")
}

func (w legalWords) total(c Checkout) string {
	parts := []string{fmt.Sprintf(w.part, w.goods, c.Goods)}
	if c.DiscountCode != "" {
		parts = append(parts, fmt.Sprintf(w.part, fmt.Sprintf(w.discount, c.DiscountCode), -c.Discount))
	}
	if c.Wrapped {
		parts = append(parts, fmt.Sprintf(w.part, w.wrapping, c.Wrapping))
	}
	if c.ShippingKey != DownloadKey {
		parts = append(parts, fmt.Sprintf(w.part, c.ShippingName, c.Shipping))
	}
	var text strings.Builder
	fmt.Fprintf(&text, w.price, c.Total, strings.Join(parts, w.partsComma))
	for _, tax := range c.Taxes {
		fmt.Fprintf(&text, w.tax, tax.Rate, tax.Tax)
	}
	return text.String()
}

func (w legalWords) payment(method Method, reviewed bool) string {
	switch {
	case method == NothingToPay:
		return w.nothingToPay
	case method == ByInvoice:
		return w.invoice
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

func (w legalWords) when(c Checkout, contents contents) string {
	var sentences []string
	if contents.sent {
		sentences = append(sentences, w.sent(c))
	}
	if contents.digital {
		sentences = append(sentences, w.download)
	}
	return strings.Join(sentences, "\n")
}

// sent says when the parcel leaves: on which days, or how many days after the order.
func (w legalWords) sent(c Checkout) string {
	pickup := c.ShippingKey == PickupKey
	switch {
	case c.Quoted != nil && pickup:
		return fmt.Sprintf(w.quotedPickup, c.Quoted.FromDays, c.Quoted.UntilDays)
	case c.Quoted != nil:
		return fmt.Sprintf(w.quotedDelivery, c.Quoted.FromDays, c.Quoted.UntilDays)
	case pickup:
		return fmt.Sprintf(w.pickup, w.day(c.Window.From), w.day(c.Window.Until))
	}
	return fmt.Sprintf(w.delivery, w.day(c.Window.From), w.day(c.Window.Until))
}

// validity says until when what is shown can be ordered.
func (w legalWords) validity(c Checkout) string {
	if c.Quoted == nil {
		return w.period
	}
	return fmt.Sprintf(w.quotedPeriod, w.day(c.Quoted.Valid))
}

func (w legalWords) day(t time.Time) string {
	_, month, day := t.In(jst.Zone).Date()
	return fmt.Sprintf(w.date, month, day)
}

func (w legalWords) returns(contents contents) string {
	text := ""
	if contents.personalized {
		text += w.custom
	}
	if contents.fromStock {
		text += w.stock
	}
	if contents.digital {
		text += w.digital
	}
	if contents.sent {
		text += w.cancelUntilStart
	}
	return strings.TrimSpace(text)
}

// legalText is the confirmation as one text, kept with the order as evidence.
func legalText(language Language, items []LegalItem) string {
	var text strings.Builder
	for _, item := range items {
		fmt.Fprintf(&text, "%s%s%s\n", item.Title, legal[language].colonSpaced, item.Text)
	}
	return text.String()
}

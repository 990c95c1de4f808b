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
	titles                       [6]string
	line                         string // title, quantity
	price                        string // total, its parts
	part                         string // what, how much
	partsComma                   string
	goods, discount, wrapping    string
	tax                          string // rate, tax
	quotedDelivery, quotedPickup string // days after the order, from and until
	quotedPeriod                 string // the last day
	delivery                     string // from, until
	pickup                       string // from, until
	nothingToPay                 string
	date                         string // month, day
	period                       string
	gap, colonSpaced             string // between sentences, after a title
	terms
}

var legal = map[Language]legalWords{
	Japanese: {
		terms:  termsIn[Japanese].plain(),
		titles: [6]string{"数量", "お支払い総額", "お支払いの時期と方法", "お届けの時期", "お申し込みの期間", "キャンセル・返品"},
		line:   "%s × %d",
		price:  "%s(税込・送料込)。内訳: %s。",
		part:   "%s %s", partsComma: "、", goods: "商品", discount: "割引(%s)", wrapping: "ギフト包装",
		tax:            "うち消費税(%d%%) %s。",
		quotedDelivery: "ご注文の日から%d日〜%d日ほどで発送します。お支払いが遅れた場合は、その分遅くなります。",
		quotedPickup:   "ご注文の日から%d日〜%d日ほどで、工房でお渡しの用意をします。",
		quotedPeriod:   "このお見積もりは%sまで有効です。在庫の確保はしていません。",
		delivery:       "%sから%sまでに発送します。お支払いが遅れた場合は、その分遅くなります。",
		pickup:         "%sから%sまでに工房でお渡しの用意をします。",
		nothingToPay:   "お支払いはありません。",
		date:           "%d月%d日",
		period:         "期間の定めはありません。この確認画面の内容は表示から30分間有効です。",
		colonSpaced:    ":",
	},
	Easy: {
		terms:  termsIn[Easy].plain(),
		titles: [6]string{"かず", "はらう お金", "いつ・どうやって はらうか", "いつ とどくか", "いつまで 申しこめるか", "やめるとき・かえすとき"},
		line:   "%s %dこ",
		price:  "ぜんぶで %s です(税金と 送るお金も 入っています)。%s。",
		part:   "%s %s", partsComma: "、", goods: "品物", discount: "わりびき(%s)", wrapping: "プレゼントの つつみ",
		tax:            "この中の 消費税(%d%%)は %s です。",
		quotedDelivery: "注文の 日から %d日〜%d日くらいで 送ります。はらうのが おそくなると、送るのも おそくなります。",
		quotedPickup:   "注文の 日から %d日〜%d日くらいで、工房で わたせるように します。",
		quotedPeriod:   "この 見積もりは %sまで 使えます。品物の とりおきは していません。",
		delivery:       "%sから %sまでに 送ります。はらうのが おそくなると、送るのも おそくなります。",
		pickup:         "%sから %sまでに 工房で わたせるように します。",
		nothingToPay:   "お金は かかりません。",
		date:           "%d月%d日",
		period:         "いつでも 申しこめます。この 画面は 30分 使えます。",
		colonSpaced:    ":",
	},
	English: {
		terms:  termsIn[English].plain(),
		titles: [6]string{"Quantity", "Total price", "When and how you pay", "When it is sent", "Application period", "Cancellation and returns"},
		line:   "%s × %d",
		price:  "%s including tax and shipping: %s.",
		part:   "%s %s", partsComma: ", ", goods: "goods", discount: "discount (%s)", wrapping: "gift wrapping",
		tax:            " Consumption tax (%d%%) included: %s.",
		quotedDelivery: "Sent %d to %d days after your order; later if payment arrives later.",
		quotedPickup:   "Ready for pick-up at the workshop %d to %d days after your order.",
		quotedPeriod:   "This quotation is valid until %s. Nothing is set aside in stock.",
		delivery:       "Sent between %s and %s; later if payment arrives later.",
		pickup:         "Ready for pick-up at the workshop between %s and %s.",
		nothingToPay:   "There is nothing to pay.",
		date:           "%[1]d/%[2]d (month/day)",
		period:         "No limited period. This page is valid for 30 minutes.",
		gap:            " ", colonSpaced: ": ",
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
	var sentences []string
	for _, term := range []struct {
		holds bool
		words string
	}{
		{contents.personalized, w.custom}, {contents.fromStock, w.stock}, {contents.digital, w.digital}, {contents.sent, w.cancelUntilStart},
	} {
		if term.holds {
			sentences = append(sentences, term.words)
		}
	}
	return strings.Join(sentences, w.gap)
}

// legalText is the confirmation as one text, kept with the order as evidence.
func legalText(language Language, items []LegalItem) string {
	var text strings.Builder
	for _, item := range items {
		fmt.Fprintf(&text, "%s%s%s\n", item.Title, legal[language].colonSpaced, item.Text)
	}
	return text.String()
}

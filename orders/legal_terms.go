package orders

import (
	"strings"

	"tsukuriba/orders/prose"
)

// terms are the sentences about paying, returning and downloading that hold for every order. The confirmation screen
// and the shop's pages take them from here, so that they cannot say different things. Easy Japanese carries readings.
type terms struct {
	card, cardReview       string
	konbini, konbiniReview string
	invoice                string
	made, ready            string // headings: goods made to order, and all others
	custom, stock, digital string
	cancelUntilStart       string
	download               string
	free, fromPrice, none  string // postage that is nothing, or begins at a price; what there is not
}

var termsIn = map[Language]terms{
	Japanese: {
		card: "クレジットカード。ご注文の確定時にお支払いいただきます。",
		cardReview: "クレジットカード。ご注文時に利用枠を確保し、お名前などの文字を工房で確認したあとに請求します。" +
			"お作りできないときは請求しません。",
		konbini: "コンビニ払い(ファミリーマート、ローソン、ミニストップ、セイコーマート。セブン-イレブンでは使えません)。" +
			"お支払い番号の発行から3日以内にお支払いください。",
		konbiniReview: "コンビニ払い(ファミリーマート、ローソン、ミニストップ、セイコーマート。セブン-イレブンでは使えません)。" +
			"文字を工房で確認したあと、お支払いのご案内をメールでお送りします。番号の発行から3日以内にお支払いください。",
		invoice: "銀行振込(請求書払い・前払い)。ご注文の内容を工房で確認したあと、請求書をメールでお送りします。請求書の日から14日以内に" +
			"(銀行が休みの日にあたるときは次の営業日までに)お振り込みください。振込手数料はお客様のご負担です。ご入金を確認してから製作・発送の準備を始めます。",
		made: "【文字を入れてお作りする商品】", ready: "【そのほかの商品】",
		download: "ダウンロード商品は、お支払いの確認後すぐに、注文ページから30日間・5回までダウンロードできます。",
		digital:  "ダウンロード商品は、商品の性質上、ダウンロードできるようになったあとの返品・キャンセルをお受けしていません。",
		custom:   "文字を入れてお作りする商品は、お客様のご都合による返品・交換をお受けしていません。",
		stock:    "在庫の商品は、未開封に限り、到着から8日以内であれば返品できます(送料はお客様のご負担)。",
		cancelUntilStart: "製作を始めるまでは、注文ページからキャンセルできます。" +
			"品物に不具合があったときは、作り直すか返金します。",
		free: "無料", fromPrice: "%sから(お届け先の地域によります)", none: "ありません",
	},
	Easy: {
		card: "クレジットカードで はらいます。｜注文《ちゅうもん》が きまったときに はらいます。",
		cardReview: "クレジットカードで はらいます。｜工房《こうぼう》が ｜文字《もじ》を ｜見《み》てから、お｜金《かね》を いただきます。" +
			"｜作《つく》れないときは、お｜金《かね》は かかりません。",
		konbini: "コンビニで はらいます(ファミリーマート、ローソン、ミニストップ、セイコーマート)。セブン-イレブンでは はらえません。" +
			"｜番号《ばんごう》が ｜出《で》てから 3｜日《か》の うちに はらってください。",
		konbiniReview: "コンビニで はらいます(ファミリーマート、ローソン、ミニストップ、セイコーマート)。セブン-イレブンでは はらえません。" +
			"｜工房《こうぼう》が ｜文字《もじ》を ｜見《み》てから、メールを ｜送《おく》ります。｜番号《ばんごう》が ｜出《で》てから 3｜日《か》の うちに はらってください。",
		invoice: "｜銀行《ぎんこう》で はらいます(｜請求書払《せいきゅうしょばら》い)。｜工房《こうぼう》が ｜注文《ちゅうもん》を ｜見《み》てから、｜請求書《せいきゅうしょ》を メールで ｜送《おく》ります。" +
			"14｜日《か》の うちに お｜金《かね》を ｜送《おく》ってください。お｜金《かね》を ｜送《おく》る ｜手数料《てすうりょう》は お｜客《きゃく》さまが はらいます。お｜金《かね》が とどいてから ｜作《つく》りはじめます。",
		made: "【｜文字《もじ》を ｜入《い》れて ｜作《つく》る ｜品物《しなもの》】", ready: "【ほかの ｜品物《しなもの》】",
		download: "ダウンロードの ものは、お｜金《かね》を はらうと、すぐに ｜注文《ちゅうもん》の ページから とれます。30｜日《にち》の あいだ、5｜回《かい》まで とれます。",
		digital:  "ダウンロードの ものは、とれるように なったあとは、かえすことが できません。",
		custom:   "｜文字《もじ》を ｜入《い》れて ｜作《つく》る ｜品物《しなもの》は、かえすことが できません。",
		stock:    "できている ｜品物《しなもの》は、あけていなければ、とどいてから 8｜日《か》の うちに かえせます(｜送《おく》るお｜金《かね》は かかります)。",
		cancelUntilStart: "｜作《つく》りはじめるまでは、｜注文《ちゅうもん》の ページで やめることが できます。" +
			"｜品物《しなもの》が こわれていたり まちがっていたら、｜作《つく》りなおすか、お｜金《かね》を かえします。",
		free: "0｜円《えん》", fromPrice: "%sから(｜送《おく》る ところで かわります)", none: "ありません",
	},
	English: {
		card: "Credit card, charged when the order is placed.",
		cardReview: "Credit card. The amount is reserved now and charged after the workshop has checked your text. " +
			"If we cannot make it, nothing is charged.",
		konbini: "At a convenience store (FamilyMart, Lawson, Ministop, Seicomart; not 7-Eleven), " +
			"within 3 days of receiving the payment number.",
		konbiniReview: "At a convenience store (FamilyMart, Lawson, Ministop, Seicomart; not 7-Eleven). " +
			"After the workshop has checked your text we mail you how to pay; pay within 3 days of receiving the number.",
		invoice: "Bank transfer by invoice, in advance. After the workshop has looked at your order we mail you the invoice; " +
			"transfer the amount within 14 days of it (or on the next banking day), at your cost. We begin once the money has arrived.",
		made: "Goods made with your text:", ready: "All other goods:",
		download:         "Downloads are on your order page as soon as payment has arrived, for 30 days and up to 5 times.",
		digital:          "Downloads cannot be returned or canceled once they are available.",
		custom:           "Goods made with your text cannot be returned or exchanged for personal reasons.",
		stock:            "Goods from stock can be returned unopened within 8 days of arrival, at your cost.",
		cancelUntilStart: "You can cancel on your order page until we start making. Defects are remade or refunded.",
		free:             "free", fromPrice: "from %s (depends on where it goes)", none: "none",
	},
}

// plain are the terms without readings, for where none can be shown.
func (t terms) plain() terms {
	for _, sentence := range []*string{
		&t.card, &t.cardReview, &t.konbini, &t.konbiniReview, &t.invoice, &t.made, &t.ready, &t.custom, &t.stock, &t.digital,
		&t.cancelUntilStart, &t.download, &t.free, &t.fromPrice, &t.none,
	} {
		*sentence = prose.WithoutReadings(*sentence)
	}
	return t
}

// payments are all ways to pay, as they differ by what is bought.
func (t terms) payments(byInvoice bool) string {
	ways := []string{t.made, t.cardReview, t.konbiniReview, t.ready, t.card, t.konbini}
	if byInvoice {
		ways = append(ways, t.invoice)
	}
	return strings.Join(ways, "\n")
}

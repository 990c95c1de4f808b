package locale

// PriceWords are the words about discounts, gifts, downloads and what cannot be had, on every page of the shop.
type PriceWords struct {
	Code, UseCode, RemoveCode, Discount                     string
	GiftTitle, Wrap, WrapHint, Wrapping, Message, CardText  string
	MessageHint, WithoutPrices, WithoutPricesHint           string
	Company, Department                                     string
	From, FromHint, Left, NotEnough, OutOfStock             string
	Digital, DigitalOnly, Downloads, Download, DownloadLeft string
	DownloadOver, DownloadReady, DownloadReadyText          string
	NothingToPay, NothingToPayHint, MethodRange             string
	DigitalWhen, DigitalReturns, File                       string
}

var pricesJapanese = PriceWords{
	Code: "割引コード", UseCode: "割引コードを使う", RemoveCode: "割引コードをはずす", Discount: "割引（%s）",
	GiftTitle: "贈りもの", Wrap: "ギフト包装にする（%s）", WrapHint: "まとめてひとつに包みます。", Wrapping: "ギフト包装",
	Message: "カードに書くことば", CardText: "カードのことば",
	MessageHint: "200文字まで。ひらいたままのカードに印刷して同封します。", WithoutPrices: "金額のわかる紙を入れない", WithoutPricesHint: "領収書は注文のページで受け取れます。",
	Company: "会社名", Department: "部署名",
	From: "%sから", FromHint: "ゆうパックの送料は都道府県で変わります。都道府県を選ぶと、ここに出ます。", Left: "残り%d点",
	NotEnough: "残り%d点です。数量を減らしてください。", OutOfStock: "「%s」は残り%d点になりました。カートで数量を変えてください。ほかの内容はそのままです。",
	Digital: "ダウンロード商品", DigitalOnly: "ダウンロード商品だけのご注文です。住所と電話番号は要りません。",
	Downloads: "ダウンロード", Download: "ダウンロードする", DownloadLeft: "%sまで、あと%d回",
	DownloadOver: "回数か期間が過ぎました。お問い合わせください。", DownloadReady: "ダウンロードできます", DownloadReadyText: "下の「ダウンロード」からお受け取りください。",
	NothingToPay: "お支払いはありません", NothingToPayHint: "割引で合計が¥0になるときは、お支払いなしでご注文できます。", MethodRange: "この金額では使えません（%sから%sまで）",
	DigitalWhen: "お支払いの確認後すぐに、注文のページから30日間・5回までダウンロードできます。", DigitalReturns: "ダウンロードできるようになったあとの返品はお受けしていません。", File: "ファイル",
}

var pricesEasy = PriceWords{
	Code: "わりびきの コード", UseCode: "コードを つかう", RemoveCode: "コードを つかわない", Discount: "わりびき（%s）",
	GiftTitle: "プレゼント", Wrap: "プレゼントの つつみに する（%s）", WrapHint: "ぜんぶを ひとつに つつみます。", Wrapping: "プレゼントの つつみ",
	Message: "カードの ことば", CardText: "カードの ことば",
	MessageHint: "200文字まで。カードに 書いて、いっしょに 入れます。", WithoutPrices: "ねだんの 紙を 入れない", WithoutPricesHint: "領収書は 注文の ページで もらえます。",
	Company: "会社の 名前", Department: "部の 名前",
	From: "%sから", FromHint: "ゆうパックの お金は、送る ところで かわります。都道府県を えらぶと、ここに 出ます。", Left: "あと %d こ",
	NotEnough: "あと %d こです。｜数《かず》を へらして ください。", OutOfStock: "「%s」は あと %d こに なりました。かごで ｜数《かず》を かえて ください。ほかは そのままです。",
	Digital: "ダウンロードの もの", DigitalOnly: "ダウンロードの ものだけです。住所と 電話番号は いりません。",
	Downloads: "ダウンロード", Download: "ダウンロードする", DownloadLeft: "%sまで、あと %d回",
	DownloadOver: "もう とれません。お店に 聞いて ください。", DownloadReady: "ダウンロード できます", DownloadReadyText: "下の「ダウンロード」から とって ください。",
	NothingToPay: "お金は かかりません", NothingToPayHint: "わりびきで ¥0に なったら、はらわなくて いいです。", MethodRange: "この お金では つかえません（%sから %sまで）",
	DigitalWhen: "お金を はらうと、すぐに 注文の ページから とれます。30日の あいだ、5回まで とれます。", DigitalReturns: "とれるように なったあとは、かえすことが できません。", File: "ファイル",
}

var pricesEnglish = PriceWords{
	Code: "Discount code", UseCode: "Use the code", RemoveCode: "Remove the code", Discount: "Discount (%s)",
	GiftTitle: "A present?", Wrap: "Gift wrapping (%s)", WrapHint: "Everything is wrapped together.", Wrapping: "Gift wrapping",
	Message: "Words for the card", CardText: "On the card",
	MessageHint: "Up to 200 characters, printed on an open card in the parcel.", WithoutPrices: "No paper with a price in the parcel", WithoutPricesHint: "The receipt is on your order page.",
	Company: "Company", Department: "Department",
	From: "from %s", FromHint: "What Yu-Pack costs depends on the prefecture; choose it below and the price shows here.", Left: "%d left",
	NotEnough: "Only %d left. Please take fewer.", OutOfStock: "“%s”: only %d left by now. Please change the number in your cart; everything else stays as it is.",
	Digital: "Download", DigitalOnly: "Downloads only: no address or phone number is needed.",
	Downloads: "Downloads", Download: "Download", DownloadLeft: "until %s, %d more times",
	DownloadOver: "It was used up or its time is over. Please write us.", DownloadReady: "Ready to download", DownloadReadyText: "You find it below under “Downloads”.",
	NothingToPay: "Nothing to pay", NothingToPayHint: "If a discount makes the total ¥0, you order without paying.", MethodRange: "Not for this amount (%s to %s)",
	DigitalWhen: "On your order page as soon as payment has arrived, for 30 days and up to 5 times.", DigitalReturns: "Cannot be returned once it can be downloaded.", File: "File",
}

package locale

// Storefront is what the shop's own pages say, page by page. Product texts come from the catalog, legal sentences of the
// confirmation from orders, refusals from api/problem.
type Storefront struct {
	Home     HomeWords
	List     ListWords
	Product  ProductWords
	Studio   StudioWords
	Cart     CartWords
	Checkout CheckoutWords
	Confirm  ConfirmWords
	Order    OrderWords
	Receipt  ReceiptWords
	Claim    ClaimWords
	Photos   PhotoWords
	Info     InfoWords
	Prices   PriceWords
	Filter   FilterWords
	Intake   IntakeWords
	Lookup   LookupWords
	Thanks   ThanksWords
	Invoice  InvoiceWords

	YouAreHere, From string
}

// HomeWords are the words of the first page.
type HomeWords struct {
	HeroFirst, HeroSecond, HeroAlt, Description, ShipNow, OrderBy string
	Always, AlwaysLead, All, Workshop, WorkshopLink               string
	Paragraphs                                                    [2]string
}

// ListWords are the words of lists and of the search.
type ListWords struct {
	Description, SearchLabel, SearchButton, Results, NoneTitle, NoneHelp, ShowAll, CollectionsLead string
}

// ProductWords are the words of a product's page.
type ProductWords struct {
	Ships, Left, Variant, Paused, PictureAlt                                 string
	Views                                                                    map[string]string // product, text, color of plate, color of letters
	CareLabel, ReturnsCustom, ReturnsStock, MadeBy, MadeByTeam, Proof, Write string
}

// StudioWords are the words of the page where a customer writes a name.
type StudioWords struct {
	Title, LengthHint, AsWritten, Preview, SizeLabel, Thickness string
	ProofTitle, ProofAlt, SampleAlt, Reviewed, Offline, Ships   string
	Undo, Redo, Reset, Steps, Told, SizeTold, Comma, Coin       string
	Still                                                       string // where nothing can be turned
}

// CartWords are the words of the cart.
type CartWords struct {
	EmptyTitle, EmptyText, Update, QuantityOf, RemoveOf, Unavailable, PostageLater, PictureAlt, Each string
	NoCookies                                                                                        string
}

// CheckoutWords are the words of the address form.
type CheckoutWords struct {
	Title, ContactTitle, AddressTitle, PickupHint, NameHint, EmailHint, PhoneHint          string
	PostalHint, PostalButton, PostalNone, PostalSeveral, StreetHint, Choose                string
	EmailWrong, PhoneWrong, PostalWrong                                                    string
	ShippingTitle, Cheapest, Free, NoHurry, Window                                         string
	PaymentTitle, Card, CardDetail, Konbini, KonbiniDetail, NotSevenEleven, NotSevenDetail string
	ToConfirm, BackToCart, Summary, SumUp, PriceFailed                                     string
}

// ConfirmWords are the words of the final confirmation screen.
type ConfirmWords struct {
	Title, Lead, Place, DeliverTo, Valid, WhatChanged, ChangeOf string
}

// OrderWords are the words of a customer's own order.
type OrderWords struct {
	Title, Keep, Lines, ShipPromise, Paid, NotPaidYet, Method, Card, Konbini         string
	ThanksTitle, ThanksPaid, ThanksReview, UnpaidTitle, UnpaidText, PayNow, ShowCode string
	GetCodeTitle, GetCodeText, GetCode, CodeTitle, CodeText                          string
	KonbiniReview, HoldTitle, HoldText                                               string
	CanceledTitle, CanceledText, ExpiredTitle, ExpiredText, Again                    string
	Tracking, Carrier, Cancel, CancelTitle, CancelText, CancelYes, CancelNo          string
	ReceivedDetail, CheckingDetail, CheckedDetail                                    string
	MakingDetail, FinishingDetail, ShippedDetail                                     string
}

// ReceiptWords are the words about receipts and refund notes on the order's page.
type ReceiptWords struct {
	Title, Lead, Name, NameHint, Honorific, Person, Company, None, Issue, Receipt, RefundNote string
}

var storefrontJapanese = Storefront{
	Filter:     filtersJapanese,
	Lookup:     lookupJapanese,
	Prices:     pricesJapanese,
	Intake:     intakeJapanese,
	Thanks:     thanksJapanese,
	Invoice:    invoicesJapanese,
	Info:       infoJapanese,
	YouAreHere: "現在地", From: "%sから",
	Home: HomeWords{
		HeroFirst: "名前から、", HeroSecond: "ひとつずつ。", HeroAlt: "「はると」と書かれた名札が、机の上に置かれている",
		Description: "名前を入れてつくる名札とチャームの店。就労継続支援B型の工房で、一点ずつ印刷し、手で仕上げています。",
		ShipNow:     "いまのご注文は、%sから%sまでに発送します。", OrderBy: "%sまで",
		Always: "いつもの品", AlwaysLead: "文字と色を選んで、その場で見本を確かめられます。", All: "すべて見る",
		Workshop: "つくり場とは", WorkshopLink: "工房のこと",
		Paragraphs: [2]string{
			"小さな工房です。文字を読み、印刷し、角を整え、袋に詰める。その全部を、ここに通う人たちが、それぞれの歩幅で受け持っています。",
			"急がない便を選んでいただけると、みんなのペースでつくれます。とても助かります。",
		},
	},
	List: ListWords{
		Description: "名札、迷子札、チャーム、ドアプレート。つくり場の商品の一覧です。",
		SearchLabel: "商品をさがす", SearchButton: "さがす", Results: "「%s」の検索結果",
		NoneTitle: "見つかりませんでした", NoneHelp: "ことばを短くするか、ひらがなでお試しください。「名札」「チャーム」「犬」などでも探せます。",
		ShowAll: "すべての商品を見る", CollectionsLead: "いまの季節に合わせて、工房で選んだものです。",
	},
	Product: ProductWords{
		Ships: "%sから%sまでに発送", Left: "残り%d点", Variant: "種類", Paused: "ただいまお休みしています。再開までお待ちください。",
		PictureAlt: "%sの見本", Views: map[string]string{
			"angle": "%sの見本「%s」、%sに%sの文字。ななめ上から", "front": "%sの見本「%s」、%sに%sの文字。真上から", "close": "%sの見本「%s」、%sに%sの文字。低いところから、文字の高さが見える",
			"second": "%sの見本「%s」を別の色で: %sに%sの文字", "third": "%sの見本「%s」をまた別の色で: %sに%sの文字",
		},
		CareLabel: "お手入れ", ReturnsCustom: "文字を入れてつくるため、お客様のご都合による返品はお受けしていません。不具合はつくり直すか返金します。",
		ReturnsStock: "未開封で、到着から8日以内なら返品できます。", MadeBy: "つくる人", MadeByTeam: "つくり場のみんな", Write: "文字を入れてつくる", Proof: "できあがりの写真は、実際に印刷する形から描いています。",
	},
	Studio: StudioWords{
		Title: "%sをつくる", LengthHint: "%d文字まで", AsWritten: "異体字もそのままの形でつくります",
		Preview: "見本を見る", SizeLabel: "できあがりの大きさ", Thickness: "厚さ %s mm",
		ProofTitle: "できあがりの見本", ProofAlt: "「%s」の見本。これがそのまま印刷されます", SampleAlt: "見本。文字を入れると、その文字に変わります",
		Reviewed: "文字は工房で読んで確認してから、おつくりします。", Offline: "通信できませんでした。少し待って、もう一度お試しください。", Ships: "発送の目安",
		Undo: "もどす", Redo: "やりなおす", Reset: "はじめから", Steps: "入力のやりなおし", Told: "いまの内容", SizeTold: "縦%s×横%s mm", Comma: "、",
		Coin: "銀色の丸は100円玉（直径 22.6 mm）です", Still: "立体の代わりに、絵でお見せしています。大きさは「できあがりの大きさ」のとおりです。100円玉は直径 22.6 mm です。",
	},
	Cart: CartWords{
		EmptyTitle: "カートは空です", EmptyText: "名前をひとつ、書いてみませんか。", Update: "数量を変える", QuantityOf: "%sの数量", RemoveOf: "%sを削除する",
		Unavailable: "ただいま販売していません。削除してお進みください。", PostageLater: "送料は次の画面で選ぶ送りかたで決まります。", PictureAlt: "「%s」の見本", Each: "1点 %s",
		NoCookies: "お使いのブラウザーがCookie（クッキー）を受け取らないため、カートに入れられませんでした。このお店のCookieを許可して、もう一度お試しください。",
	},
	Checkout: CheckoutWords{
		Title: "お届け先とお支払い", ContactTitle: "ご連絡先", AddressTitle: "お届け先", PickupHint: "工房で受け取る場合、住所は要りません。",
		NameHint: "宛名にそのまま印字します", EmailHint: "ご注文の確認と発送のお知らせを送ります", PhoneHint: "配送で困ったときだけ使います",
		PostalHint: "7桁。入れると住所が出ます", PostalButton: "郵便番号から住所を出す", PostalNone: "この郵便番号の住所が見つかりません。下の欄に直接お書きください。",
		EmailWrong: "name@example.jp のような形で入力してください。", PhoneWrong: "0から始まる10桁か11桁の、日本の電話番号を入力してください。",
		PostalWrong:   "日本の郵便番号を7桁で入力してください。お送りできるのは日本国内です。",
		PostalSeveral: "この郵便番号には地域が二つ以上あります", StreetHint: "町名と番地", Choose: "選んでください",
		ShippingTitle: "送りかた", Cheapest: "いちばん安い", Free: "無料", NoHurry: "工房のペースでつくれます。ありがとうございます", Window: "%s〜%sに発送",
		PaymentTitle: "お支払い方法", Card: "クレジットカード", CardDetail: "文字を確認したあとに請求します",
		Konbini: "コンビニ払い", KonbiniDetail: "ファミリーマート・ローソン・ミニストップ・セイコーマート",
		NotSevenEleven: "7-Elevenでは使えません", NotSevenDetail: "コンビニ払いは、ファミリーマート・ローソン・ミニストップ・セイコーマートでお支払いいただけます。¥120から¥300,000まで。",
		ToConfirm: "確認へ進む", BackToCart: "カートに戻る", Summary: "ご注文の内容", SumUp: "合計を出す",
		PriceFailed: "料金を新しくできませんでした。もう一度お選びになるか、「%s」を押してください。書いた内容は残っています。",
	},
	Confirm: ConfirmWords{
		Title: "ご注文内容の確認", Lead: "まだ注文は確定していません。内容をお確かめください。", Place: "注文を確定する", DeliverTo: "お届け先",
		Valid: "この内容は%sまで有効です。", WhatChanged: "変更する", ChangeOf: "%sを変更する",
	},
	Claim:  claimsJapanese,
	Photos: photosJapanese,
	Order: OrderWords{
		Title: "ご注文 %s", Keep: "このページのアドレスはお客様だけのものです。ブックマークしておくと、いつでも状況を見られます。",
		Lines: "ご注文の内容", ShipPromise: "発送の予定", Paid: "お支払い済み", NotPaidYet: "まだいただいていません", Method: "お支払い方法", Card: "クレジットカード", Konbini: "コンビニ払い",
		ThanksTitle: "ご注文ありがとうございます", ThanksPaid: "確認のメールをお送りしています。",
		ThanksReview: "カードの利用枠を確保しました。文字を確認したあとに請求します。",
		UnpaidTitle:  "お支払いがまだです", UnpaidText: "%sまでにお支払いください。過ぎるとご注文は取り消されます。", PayNow: "お支払いへ進む", ShowCode: "お支払い番号を見る",
		GetCodeTitle: "お支払い番号をお受け取りください", GetCode: "お支払い番号を受け取る",
		GetCodeText: "%sまでに、下のボタンからお受け取りください。その番号で、ファミリーマート・ローソン・ミニストップ・セイコーマートでお支払いいただけます。7-Elevenでは使えません。",
		CodeTitle:   "コンビニでお支払いください", CodeText: "%sまでに、ファミリーマート・ローソン・ミニストップ・セイコーマートでお支払いください。番号とお店での手順は、下のボタンから見られます。7-Elevenでは使えません。お支払いがこのページに出るまで、少し時間がかかります。",
		KonbiniReview: "文字を確認しています。終わりましたら、お支払いのご案内をメールでお送りします。",
		HoldTitle:     "確認したいことがあります", HoldText: "工房からメールでご連絡します。しばらくお待ちください。",
		CanceledTitle: "このご注文はキャンセルされました", CanceledText: "いただいたお金がある場合は、全額お返しします。", ExpiredTitle: "お支払いの期限が過ぎました", ExpiredText: "このご注文は取り消されました。よろしければ、もう一度おつくりください。", Again: "商品を見る",
		Tracking: "お問い合わせ番号", Carrier: "送りかた", Cancel: "注文をキャンセルする", CancelTitle: "この注文をキャンセルしますか",
		CancelText: "カードの確保は取り消され、いただいたお金は全額お返しします。キャンセルは取り消せません。", CancelYes: "キャンセルする", CancelNo: "キャンセルしないで戻る",
		ReceivedDetail: "%sに受け付けました", CheckingDetail: "文字を読んで確かめています", CheckedDetail: "文字の確認が終わり、お支払いをお待ちしています", MakingDetail: "工房でつくっています", FinishingDetail: "仕上げて、袋に詰めています", ShippedDetail: "%s〜%sの予定",
	},
	Receipt: ReceiptWords{
		Title: "領収書", Lead: "宛名は、発行するときに一度だけ決められます。", Name: "宛名", NameHint: "空のままなら、ご注文のお名前になります。",
		Honorific: "敬称", Person: "様（個人）", Company: "御中（会社・団体）", None: "なし", Issue: "領収書を発行する",
		Receipt: "領収書 %s（PDF）", RefundNote: "返金明細書 %s（PDF）",
	},
}

var storefrontEasy = Storefront{
	Filter:     filtersEasy,
	Lookup:     lookupEasy,
	Prices:     pricesEasy,
	Intake:     intakeEasy,
	Thanks:     thanksEasy,
	Invoice:    invoicesEasy,
	Info:       infoEasy,
	YouAreHere: "いまの ページ", From: "%sから",
	Home: HomeWords{
		HeroFirst: "名前から、", HeroSecond: "ひとつずつ。", HeroAlt: "「はると」と 書いた 名札の 写真",
		Description: "名前を 入れて つくる 名札の お店です。障害の ある 人が はたらく 工房で、ひとつずつ つくります。",
		ShipNow:     "いま 注文すると、%sから %sまでに 送ります。", OrderBy: "%sまで",
		Always: "いつもの もの", AlwaysLead: "文字と 色を えらびます。すぐに 見本を 見ることが できます。", All: "ぜんぶ 見る",
		Workshop: "つくり場とは", WorkshopLink: "わたしたちの こと",
		Paragraphs: [2]string{
			"小さな 工房です。文字を 読む。印刷する。きれいに する。ふくろに 入れる。ぜんぶ、ここに 来る 人たちが します。",
			"「急がない便」を えらぶと、みんなが ゆっくり つくれます。とても うれしいです。",
		},
	},
	List: ListWords{
		Description: "つくり場で 買える ものの 一覧です。",
		SearchLabel: "商品を さがす", SearchButton: "さがす", Results: "「%s」を さがしました",
		NoneTitle: "見つかりませんでした", NoneHelp: "みじかい ことばか、ひらがなで さがして ください。「名札」「犬」でも さがせます。",
		ShowAll: "ぜんぶの 商品を 見る", CollectionsLead: "いまの 季節に あう ものです。",
	},
	Product: ProductWords{
		Ships: "%sから %sまでに 送ります", Left: "あと %d こ", Variant: "どれに しますか", Paused: "いまは おやすみです。また はじまるまで 待ってください。",
		PictureAlt: "%sの 見本", Views: map[string]string{
			"angle": "%sの 見本「%s」。%sに %sの 文字。ななめ 上から", "front": "%sの 見本「%s」。%sに %sの 文字。ま上から", "close": "%sの 見本「%s」。%sに %sの 文字。ひくい ところから",
			"second": "%sの 見本「%s」。ほかの 色。%sに %sの 文字", "third": "%sの 見本「%s」。もう ひとつの 色。%sに %sの 文字",
		},
		CareLabel: "つかいかた", ReturnsCustom: "文字を 入れて つくるので、かえすことが できません。こわれていたら、つくりなおすか、お金を かえします。",
		ReturnsStock: "あけていなければ、とどいてから 8日の うちに かえせます。", MadeBy: "つくる 人", MadeByTeam: "つくり場の みんな", Write: "文字を 入れて つくる", Proof: "写真は、本当に 印刷する 形から つくっています。",
	},
	Studio: StudioWords{
		Title: "%sを つくる", LengthHint: "%d文字まで", AsWritten: "書いた とおりの 字で つくります",
		Preview: "見本を 見る", SizeLabel: "できあがりの 大きさ", Thickness: "あつさ %s mm",
		ProofTitle: "できあがりの 見本", ProofAlt: "「%s」の 見本。この とおりに つくります", SampleAlt: "見本です。文字を 書くと、かわります",
		Reviewed: "工房の 人が 文字を 読んでから、つくります。", Offline: "インターネットに つながりませんでした。すこし ｜待《ま》って、もういちど ためして ください。", Ships: "いつ 送るか",
		Undo: "もどす", Redo: "もういちど する", Reset: "はじめから", Steps: "書いた ものを もどす", Told: "いまの 内容", SizeTold: "たて %s × よこ %s mm", Comma: "、",
		Coin: "銀色の 丸は 100円玉（22.6 mm）です", Still: "これは 絵です。大きさは「できあがりの 大きさ」を 見て ください。100円玉は 22.6 mm です。",
	},
	Cart: CartWords{
		EmptyTitle: "かごには なにも ありません", EmptyText: "名前を ひとつ、書いて みませんか。", Update: "かずを かえる", QuantityOf: "%sの かず", RemoveOf: "%sを けす",
		Unavailable: "いまは ｜買《か》えません。けしてから ｜進《すす》んで ください。", PostageLater: "送る お金は、つぎの ページで きまります。", PictureAlt: "「%s」の 見本", Each: "ひとつ %s",
		NoCookies: "かごに ｜入《い》れられませんでした。ブラウザーの ｜設定《せってい》で Cookie（クッキー）を ｜使《つか》えるように して、もういちど ためして ください。",
	},
	Checkout: CheckoutWords{
		Title: "送る ところと はらいかた", ContactTitle: "あなたの こと", AddressTitle: "送る ところ", PickupHint: "工房に とりに 来る 人は、住所を 書かなくて いいです。",
		NameHint: "この とおりに 書いて 送ります", EmailHint: "ここに お知らせを 送ります", PhoneHint: "送るときに こまったら 電話します",
		PostalHint: "7つの 数字。書くと 住所が 出ます", PostalButton: "郵便番号から 住所を 出す", PostalNone: "この ｜郵便番号《ゆうびんばんごう》の ｜住所《じゅうしょ》が わかりません。｜下《した》に ｜住所《じゅうしょ》を ｜書《か》いて ください。",
		EmailWrong: "name@example.jp の ように ｜書《か》いて ください。", PhoneWrong: "｜日本《にほん》の ｜電話番号《でんわばんごう》を ｜書《か》いて ください。0から はじまる、10か 11の ｜数字《すうじ》です。",
		PostalWrong:   "｜日本《にほん》の ｜郵便番号《ゆうびんばんごう》を ｜書《か》いて ください。7つの ｜数字《すうじ》です。｜日本《にほん》の ｜中《なか》にだけ ｜送《おく》れます。",
		PostalSeveral: "この 郵便番号の ところは いくつか あります", StreetHint: "町の 名前と 番地", Choose: "えらんで ください",
		ShippingTitle: "送りかた", Cheapest: "いちばん 安い", Free: "0円", NoHurry: "みんなが ゆっくり つくれます。ありがとうございます", Window: "%sから %sまでに 送ります",
		PaymentTitle: "はらいかた", Card: "クレジットカード", CardDetail: "文字を 見てから お金を いただきます",
		Konbini: "コンビニで はらう", KonbiniDetail: "ファミリーマート・ローソン・ミニストップ・セイコーマート",
		NotSevenEleven: "7-Elevenでは 使えません", NotSevenDetail: "ファミリーマート・ローソン・ミニストップ・セイコーマートで はらえます。¥120から ¥300,000まで。",
		ToConfirm: "たしかめる", BackToCart: "かごに もどる", Summary: "買う もの", SumUp: "ぜんぶで いくらか 見る",
		PriceFailed: "いま ねだんが わかりません。もう ｜一度《いちど》 えらぶか、「%s」を おして ください。｜書《か》いた ことは のこって います。",
	},
	Confirm: ConfirmWords{
		Title: "注文を たしかめる", Lead: "まだ 注文して いません。よく 見て ください。", Place: "注文を 確定する（買う）", DeliverTo: "送る ところ",
		Valid: "%sまで 注文できます。", WhatChanged: "かえる", ChangeOf: "%sを かえる",
	},
	Claim:  claimsEasy,
	Photos: photosEasy,
	Order: OrderWords{
		Title: "注文 %s", Keep: "この ページの アドレスは、あなただけの ものです。のこして おくと、いつでも 見られます。",
		Lines: "買った もの", ShipPromise: "いつ 送るか", Paid: "はらいました", NotPaidYet: "まだ はらって いません", Method: "はらいかた", Card: "クレジットカード", Konbini: "コンビニで はらう",
		ThanksTitle: "注文 ありがとうございます", ThanksPaid: "メールを 送りました。",
		ThanksReview: "カードを たしかめました。文字を 見てから お金を いただきます。",
		UnpaidTitle:  "まだ はらって いません", UnpaidText: "%sまでに はらって ください。すぎると 注文は なくなります。", PayNow: "はらう ページへ", ShowCode: "はらう 番号を 見る",
		GetCodeTitle: "はらう 番号を もらって ください", GetCode: "はらう 番号を もらう",
		GetCodeText: "%sまでに 下の ボタンを おして ください。番号が 出ます。その 番号で、ファミリーマート・ローソン・ミニストップ・セイコーマートで はらえます。7-Elevenでは 使えません。",
		CodeTitle:   "コンビニで はらって ください", CodeText: "%sまでに はらって ください。ファミリーマート・ローソン・ミニストップ・セイコーマートで はらえます。下の ボタンを おすと、番号と お店での やりかたが 出ます。7-Elevenでは 使えません。はらってから すこし たつと、この ページが かわります。",
		KonbiniReview: "いま 文字を 見ています。おわったら、はらいかたを メールで 送ります。",
		HoldTitle:     "たしかめたい ことが あります", HoldText: "工房から メールを 送ります。すこし 待って ください。",
		CanceledTitle: "この 注文は やめました", CanceledText: "はらった お金は、ぜんぶ かえします。", ExpiredTitle: "はらう 日が すぎました", ExpiredText: "この 注文は なくなりました。よかったら、もういちど 注文して ください。", Again: "商品を 見る",
		Tracking: "荷物の 番号", Carrier: "送りかた", Cancel: "注文を やめる", CancelTitle: "この 注文を やめますか",
		CancelText: "はらった お金は、ぜんぶ かえします。やめた あとは、もとに もどせません。", CancelYes: "やめる", CancelNo: "やめないで もどる",
		ReceivedDetail: "%sに うけつけました", CheckingDetail: "文字を 読んで います", CheckedDetail: "文字を 読みおわりました。はらうのを 待って います", MakingDetail: "工房で つくって います", FinishingDetail: "きれいに して、ふくろに 入れて います", ShippedDetail: "%sから %sまでの よていです",
	},
	Receipt: ReceiptWords{
		Title: "領収書（りょうしゅうしょ）", Lead: "お金を はらった しるしの 紙です。名前は あとから 変えられません。", Name: "だれの 名前で 出しますか",
		NameHint: "書かなければ、注文した人の 名前に なります。", Honorific: "名前の あとの ことば", Person: "様（ひとり）", Company: "御中（会社や 学校）", None: "なし",
		Issue: "領収書を 出す", Receipt: "領収書 %s（PDF）", RefundNote: "お金を かえした 紙 %s（PDF）",
	},
}

var storefrontEnglish = Storefront{
	Filter:     filtersEnglish,
	Lookup:     lookupEnglish,
	Prices:     pricesEnglish,
	Intake:     intakeEnglish,
	Thanks:     thanksEnglish,
	Invoice:    invoicesEnglish,
	Info:       infoEnglish,
	YouAreHere: "You are here", From: "from %s",
	Home: HomeWords{
		HeroFirst: "From your name,", HeroSecond: "one at a time.", HeroAlt: "A name tag reading “Haruto” in Japanese, lying on a table",
		Description: "Name tags and charms with your name, printed and finished one at a time in a Japanese workshop for supported employment.",
		ShipNow:     "Order today and we ship between %s and %s.", OrderBy: "until %s",
		Always: "All year round", AlwaysLead: "Choose letters and colors and see your piece at once.", All: "See everything",
		Workshop: "The workshop", WorkshopLink: "About us",
		Paragraphs: [2]string{
			"We are a small workshop. Reading the text, printing, smoothing the edges, packing: all of it is done by the people who come here, each at their own pace.",
			"If you choose “no hurry” shipping, we can work at our own rhythm. It really helps.",
		},
	},
	List: ListWords{
		Description: "Name tags, pet tags, charms and door plates from the Tsukuriba workshop.",
		SearchLabel: "Search the shop", SearchButton: "Search", Results: "Results for “%s”",
		NoneTitle: "Nothing found", NoneHelp: "Try a shorter word, or one in Japanese: 名札 (name tag), 犬 (dog).",
		ShowAll: "See all products", CollectionsLead: "Chosen by the workshop for this time of the year.",
	},
	Product: ProductWords{
		Ships: "Ships %s – %s", Left: "%d left", Variant: "Kind", Paused: "Taking a break for now. Please come back later.",
		PictureAlt: "Sample of %s", Views: map[string]string{
			"angle": "Sample of %s, “%s”: %s with %s letters, from above at an angle", "front": "Sample of %s, “%s”: %s with %s letters, from straight above", "close": "Sample of %s, “%s”: %s with %s letters, from low down",
			"second": "Sample of %s, “%s”, in other colors: %s with %s letters", "third": "Sample of %s, “%s”, in yet other colors: %s with %s letters",
		},
		CareLabel: "Care", ReturnsCustom: "Made with your text, so it cannot be returned for personal reasons. Defects are remade or refunded.",
		ReturnsStock: "Can be returned unopened within 8 days of arrival.", MadeBy: "Made by", MadeByTeam: "everyone at Tsukuriba", Write: "Make it yours", Proof: "Pictures are rendered from the very model that is printed.",
	},
	Studio: StudioWords{
		Title: "%s, made yours", LengthHint: "Up to %d characters", AsWritten: "every character is made exactly as you write it",
		Preview: "Show me", SizeLabel: "Finished size", Thickness: "%s mm thick",
		ProofTitle: "Your piece", ProofAlt: "Sample of “%s”. This is exactly what is printed", SampleAlt: "A sample. Write something and it changes to your text",
		Reviewed: "Somebody in the workshop reads your text before it is made.", Offline: "No connection. Please wait a moment and try again.", Ships: "Ships",
		Undo: "Undo", Redo: "Redo", Reset: "Start over", Steps: "Undo and redo", Told: "What you have chosen", SizeTold: "%s mm high × %s mm wide", Comma: ", ",
		Coin: "The silver disk is a 100-yen coin, 22.6 mm across", Still: "This is a picture, which cannot be turned. Its size stands under “Finished size”; a 100-yen coin is 22.6 mm across.",
	},
	Cart: CartWords{
		EmptyTitle: "Your cart is empty", EmptyText: "How about writing a name?", Update: "Change quantity", QuantityOf: "Quantity of %s", RemoveOf: "Remove %s",
		Unavailable: "Not on sale right now. Please remove it to go on.", PostageLater: "Shipping depends on how we send it; you choose on the next page.", PictureAlt: "Sample of “%s”", Each: "%s each",
		NoCookies: "Your browser does not accept cookies, so nothing could be put into the cart. Please allow the cookies of this shop and try again.",
	},
	Checkout: CheckoutWords{
		Title: "Address and payment", ContactTitle: "You", AddressTitle: "Where to send it", PickupHint: "No address is needed if you pick it up.",
		NameHint: "Printed on the label as written", EmailHint: "For your confirmation and shipping notice", PhoneHint: "Only used if the delivery gets stuck",
		EmailWrong: "Please write it like name@example.jp.", PhoneWrong: "Please enter a Japanese number: 10 or 11 digits, beginning with 0.",
		PostalWrong: "Please enter a Japanese postal code of 7 digits. We ship within Japan only.",
		PostalHint:  "7 digits; fills in the address. We ship within Japan", PostalButton: "Fill in the address", PostalNone: "We do not know this postal code. Please write the address below.",
		PostalSeveral: "This postal code covers more than one area", StreetHint: "District and number", Choose: "Choose one",
		ShippingTitle: "Shipping", Cheapest: "cheapest", Free: "free", NoHurry: "Lets us work at our own pace. Thank you", Window: "ships %s – %s",
		PaymentTitle: "Payment", Card: "Credit card", CardDetail: "Charged after we have read your text",
		Konbini: "Convenience store", KonbiniDetail: "FamilyMart, Lawson, Ministop, Seicomart",
		NotSevenEleven: "Not possible at 7-Eleven", NotSevenDetail: "Pay at FamilyMart, Lawson, Ministop or Seicomart, from ¥120 to ¥300,000.",
		ToConfirm: "Review the order", BackToCart: "Back to the cart", Summary: "Your order", SumUp: "Show the total",
		PriceFailed: "The prices could not be renewed. Please choose again, or go on with “%s”. All you have written is still here.",
	},
	Confirm: ConfirmWords{
		Title: "Review your order", Lead: "Nothing has been ordered yet. Please check everything.", Place: "Place the order", DeliverTo: "Deliver to",
		Valid: "Valid until %s.", WhatChanged: "Change", ChangeOf: "Change: %s",
	},
	Claim:  claimsEnglish,
	Photos: photosEnglish,
	Order: OrderWords{
		Title: "Order %s", Keep: "The address of this page is yours alone. Keep it to see how your order is doing.",
		Lines: "What you ordered", ShipPromise: "Ships", Paid: "Paid", NotPaidYet: "Not paid yet", Method: "Payment", Card: "Credit card", Konbini: "Convenience store",
		ThanksTitle: "Thank you for your order", ThanksPaid: "A confirmation is on its way to your inbox.",
		ThanksReview: "Your card is authorized. It is charged after we have read your text.",
		UnpaidTitle:  "Not paid yet", UnpaidText: "Please pay by %s; after that the order lapses.", PayNow: "Go to payment", ShowCode: "Show the payment number",
		GetCodeTitle: "Please get your payment number", GetCode: "Get the payment number",
		GetCodeText: "Get it with the button below by %s, then pay with it at FamilyMart, Lawson, Ministop or Seicomart. Not possible at 7-Eleven.",
		CodeTitle:   "Please pay at a convenience store", CodeText: "Pay by %s at FamilyMart, Lawson, Ministop or Seicomart. The button below shows the number and what to do in the shop. Not possible at 7-Eleven. It takes a little while until your payment shows here.",
		KonbiniReview: "We are reading your text. When that is done we mail you how to pay.",
		HoldTitle:     "We have a question", HoldText: "We will write you an e-mail. Please bear with us.",
		CanceledTitle: "This order was canceled", CanceledText: "Whatever you paid is refunded in full.", ExpiredTitle: "The time to pay has passed", ExpiredText: "This order has lapsed. You are welcome to order again.", Again: "Back to the shop",
		Tracking: "Tracking number", Carrier: "Sent by", Cancel: "Cancel the order", CancelTitle: "Cancel this order?",
		CancelText: "The hold on your card is released and whatever you paid is refunded. This cannot be undone.", CancelYes: "Cancel the order", CancelNo: "Keep the order",
		ReceivedDetail: "Received %s", CheckingDetail: "We are reading your text", CheckedDetail: "We have read your text and wait for your payment", MakingDetail: "Being made in the workshop", FinishingDetail: "Being finished and packed", ShippedDetail: "Planned for %s – %s",
	},
	Receipt: ReceiptWords{
		Title: "Receipt", Lead: "You choose once to whom it is made out.", Name: "Made out to", NameHint: "Left empty, it is made out to the name of the order.",
		Honorific: "Form of address", Person: "様 (a person)", Company: "御中 (a company)", None: "none", Issue: "Issue the receipt",
		Receipt: "Receipt %s (PDF)", RefundNote: "Refund note %s (PDF)",
	},
}

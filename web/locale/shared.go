package locale

// Shared is what all pages of the storefront say: header, footer, order states, common words of forms.
type Shared struct {
	ShopName, Tagline                                string
	SkipToContent, Menu, Close, Back, Next, Previous string

	Home, Products, NameTags, Collections, DigitalGoods, About, Makers, Search, SearchHint, Cart, CartCount string

	FindOrder                                                                        string
	Legal, Privacy, Shipping, Returns, Contact, Accessibility, Feed                  string
	FooterAbout, ShopInfo, Help                                                      string
	LanguageLabel, ThemeLabel, ThemeAuto, ThemeLight, ThemeDark, ThemeCalm, MadeHere string

	Received, Reviewing, Making, Finishing, Shipped, Canceled, Refunded string
	StatusLabel, StepDone, StepNow, StepLater                           string

	Required, Optional, Save, Send, Cancel, Edit, Remove, Add, Undo, Reset, Confirm, Yes, No, Loading string
	PleaseCheck, ChooseOne                                                                            string

	FamilyName, GivenName, FullName, Reading, Email, Phone, PostalCode, Prefecture, City, Street, Building, Quantity, Message string

	Price, TaxIncluded, TaxIncludedShort, Total, Subtotal, PostageFee, ShipWindow, MakeYours, AddToCart, ToCheckout string
	SoldOut, CapacityLeft, Size, Material, Color                                                                    string

	ViewerLabel, ViewerHint, Listen, LoadMore, Nothing string
}

var sharedJapanese = Shared{
	ShopName: "つくり場", Tagline: "名前から、ひとつずつ。",
	SkipToContent: "本文へ移動", Menu: "メニュー", Close: "閉じる", Back: "戻る", Next: "次へ", Previous: "前へ",
	Home: "ホーム", Products: "商品", NameTags: "名札をつくる", Collections: "季節のもの", DigitalGoods: "デジタル",
	About: "工房のこと", Makers: "つくる人", Search: "検索", SearchHint: "商品名の一部でも探せます", Cart: "カート", CartCount: "カートに%d点",
	FindOrder: "ご注文のページを探す", Legal: "特定商取引法に基づく表記", Privacy: "個人情報の取り扱い", Accessibility: "アクセシビリティ", Shipping: "配送について", Returns: "返品・交換", Contact: "お問い合わせ", Feed: "お知らせ（RSS）",
	FooterAbout: "就労継続支援B型の工房です。企画から制作、発送まで、ここで働くみんなの手で行っています。", ShopInfo: "お店の情報", Help: "ご利用案内",
	LanguageLabel: "ことば", ThemeLabel: "画面の色", ThemeAuto: "端末に合わせる", ThemeLight: "明るい", ThemeDark: "暗い", ThemeCalm: "刺激を減らす", MadeHere: "工房で一点ずつつくっています",
	Received: "受付", Reviewing: "確認中", Making: "制作中", Finishing: "仕上げ", Shipped: "発送済み", Canceled: "キャンセル", Refunded: "返金済み",
	StatusLabel: "ご注文の状況", StepDone: "完了", StepNow: "いまここ", StepLater: "これから",
	Required: "必須", Optional: "任意", Save: "保存する", Send: "送る", Cancel: "やめる", Edit: "変更する", Remove: "削除する", Add: "追加する", Undo: "元に戻す", Reset: "最初に戻す",
	Confirm: "確認する", Yes: "はい", No: "いいえ", Loading: "読み込んでいます", PleaseCheck: "入力内容をご確認ください", ChooseOne: "選んでください",
	FamilyName: "姓", GivenName: "名", FullName: "お名前", Reading: "ふりがな", Email: "メールアドレス", Phone: "電話番号", PostalCode: "郵便番号",
	Prefecture: "都道府県", City: "市区町村", Street: "番地", Building: "建物名・部屋番号", Quantity: "数量", Message: "メッセージ",
	Price: "価格", TaxIncluded: "消費税を含みます", TaxIncludedShort: "税込", Total: "合計", Subtotal: "小計", PostageFee: "送料", ShipWindow: "発送の目安",
	MakeYours: "この名札をつくる", AddToCart: "カートに入れる", ToCheckout: "購入手続きへ",
	SoldOut: "ただいまお休み中", CapacityLeft: "今週はあと%d個つくれます", Size: "大きさ", Material: "素材", Color: "色",
	ViewerLabel: "立体の見本", ViewerHint: "指でなぞるか、矢印キーで回せます", Listen: "聞く", LoadMore: "もっと見る", Nothing: "まだ何もありません",
}

var sharedEasy = Shared{
	ShopName: "つくり場", Tagline: "名前を 入れて、ひとつずつ つくります。",
	SkipToContent: "本文へ 行く", Menu: "メニュー", Close: "とじる", Back: "もどる", Next: "つぎへ", Previous: "まえへ",
	Home: "さいしょの ページ", Products: "商品", NameTags: "名札を つくる", Collections: "季節の もの", DigitalGoods: "データの 商品",
	About: "わたしたちの こと", Makers: "つくる 人", Search: "さがす", SearchHint: "名前の 一部でも さがせます", Cart: "かご", CartCount: "かごに %d こ",
	FindOrder: "注文の ページを さがす", Legal: "お店の きまり（法律の ページ）", Privacy: "あなたの 情報の あつかい", Accessibility: "だれでも 使える お店に", Shipping: "送りかた", Returns: "返品・交換", Contact: "質問する", Feed: "お知らせ（RSS）",
	FooterAbout: "ここは、障害の ある 人が はたらく 場所です。考える、つくる、送る。みんなで しています。", ShopInfo: "お店の こと", Help: "つかいかた",
	LanguageLabel: "ことば", ThemeLabel: "画面の 色", ThemeAuto: "きかいと おなじ", ThemeLight: "明るい", ThemeDark: "暗い", ThemeCalm: "しずかな 色", MadeHere: "ここで ひとつずつ つくって います",
	Received: "うけつけました", Reviewing: "確認しています", Making: "つくっています", Finishing: "しあげています", Shipped: "送りました", Canceled: "やめました", Refunded: "お金を 返しました",
	StatusLabel: "注文は いま", StepDone: "おわりました", StepNow: "いま ここ", StepLater: "これから",
	Required: "書いてください", Optional: "書かなくても いいです", Save: "のこす", Send: "送る", Cancel: "やめる", Edit: "かえる", Remove: "けす", Add: "ふやす", Undo: "もどす", Reset: "さいしょに もどす",
	Confirm: "たしかめる", Yes: "はい", No: "いいえ", Loading: "よみこんで います", PleaseCheck: "書いた ことを たしかめて ください", ChooseOne: "ひとつ えらんで ください",
	FamilyName: "みょうじ", GivenName: "下の 名前", FullName: "名前", Reading: "名前の 読みかた（ひらがな）", Email: "メールアドレス", Phone: "電話番号", PostalCode: "郵便番号",
	Prefecture: "都道府県", City: "市・区・町・村", Street: "番地", Building: "建物の 名前と 部屋の 番号", Quantity: "いくつ", Message: "メッセージ",
	Price: "ねだん", TaxIncluded: "税金も 入った ねだんです", TaxIncludedShort: "税込", Total: "ぜんぶで", Subtotal: "商品の お金", PostageFee: "送る お金", ShipWindow: "いつ 送るか",
	MakeYours: "この 名札を つくる", AddToCart: "かごに 入れる", ToCheckout: "買う",
	SoldOut: "いまは おやすみ です", CapacityLeft: "今週は あと %d こ つくれます", Size: "大きさ", Material: "なにで できて いるか", Color: "色",
	ViewerLabel: "立体の 見本", ViewerHint: "ゆびで さわるか、矢印の キーで まわせます", Listen: "聞く", LoadMore: "もっと 見る", Nothing: "まだ なにも ありません",
}

var sharedEnglish = Shared{
	ShopName: "Tsukuriba", Tagline: "From your name, one at a time.",
	SkipToContent: "Skip to content", Menu: "Menu", Close: "Close", Back: "Back", Next: "Next", Previous: "Previous",
	Home: "Home", Products: "Shop", NameTags: "Make a name tag", Collections: "Seasonal", DigitalGoods: "Digital",
	About: "About us", Makers: "Makers", Search: "Search", SearchHint: "Part of a name is enough", Cart: "Cart", CartCount: "%d in your cart",
	FindOrder: "Find your orders", Legal: "Legal notice", Privacy: "Privacy", Accessibility: "Accessibility", Shipping: "Shipping", Returns: "Returns", Contact: "Contact", Feed: "News (RSS)",
	FooterAbout: "A workshop for supported employment in Japan. Planning, making and shipping are all done by the people who work here.", ShopInfo: "The shop", Help: "Help",
	LanguageLabel: "Language", ThemeLabel: "Colors", ThemeAuto: "As my device", ThemeLight: "Light", ThemeDark: "Dark", ThemeCalm: "Calm", MadeHere: "Made one at a time in our workshop",
	Received: "Received", Reviewing: "In review", Making: "Being made", Finishing: "Finishing", Shipped: "Shipped", Canceled: "Canceled", Refunded: "Refunded",
	StatusLabel: "Your order", StepDone: "done", StepNow: "now", StepLater: "to come",
	Required: "required", Optional: "optional", Save: "Save", Send: "Send", Cancel: "Cancel", Edit: "Change", Remove: "Remove", Add: "Add", Undo: "Undo", Reset: "Start over",
	Confirm: "Confirm", Yes: "Yes", No: "No", Loading: "Loading", PleaseCheck: "Please check what you entered", ChooseOne: "Choose one",
	FamilyName: "Family name", GivenName: "Given name", FullName: "Name", Reading: "Reading in kana", Email: "E-mail", Phone: "Phone", PostalCode: "Postal code",
	Prefecture: "Prefecture", City: "City", Street: "Street address", Building: "Building and room", Quantity: "Quantity", Message: "Message",
	Price: "Price", TaxIncluded: "Consumption tax is included", TaxIncludedShort: "incl. tax", Total: "Total", Subtotal: "Subtotal", PostageFee: "Shipping", ShipWindow: "Ships",
	MakeYours: "Make this tag", AddToCart: "Add to cart", ToCheckout: "Check out",
	SoldOut: "Taking a break", CapacityLeft: "We can make %d more this week", Size: "Size", Material: "Material", Color: "Color",
	ViewerLabel: "Model in 3D", ViewerHint: "Drag, or use the arrow keys, to turn it", Listen: "Listen", LoadMore: "Show more", Nothing: "Nothing here yet",
}

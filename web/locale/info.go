package locale

// InfoWords are the words around the pages about the shop, whose texts are data.
type InfoWords struct {
	Seller, Manager, Address, Phone, PhoneHours, Email string
	ContactTitle, ContactText                          string

	Since, Versions   string // a day
	Then, Now         string // how a page was, how it is
	WhenOrdered, Sold string // on an order's own page; by whom, with the phone
}

var infoJapanese = InfoWords{
	Seller: "販売業者", Manager: "運営責任者", Address: "所在地", Phone: "電話番号", PhoneHours: "受付時間", Email: "メールアドレス",
	ContactTitle: "お問い合わせ", ContactText: "ご注文の番号がわかると、早くお答えできます。",
	Since: "%sからの内容です。", Versions: "これまでの内容", Then: "これは、%sの時点の内容です。", Now: "いまの内容を見る",
	WhenOrdered: "ご注文のときの「特定商取引法に基づく表記」", Sold: "販売業者：%s（電話 %s）",
}

var infoEasy = InfoWords{
	Seller: "売る 人", Manager: "責任の ある 人", Address: "住所", Phone: "電話番号", PhoneHours: "電話できる 時間", Email: "メールアドレス",
	ContactTitle: "質問する", ContactText: "注文の 番号が わかると、早く 答えられます。",
	Since: "%sから この 内容です。", Versions: "前の 内容", Then: "これは %sの ときの 内容です。", Now: "いまの 内容を 見る",
	WhenOrdered: "注文した ときの「法律の ページ」", Sold: "売る 人：%s（電話 %s）",
}

var infoEnglish = InfoWords{
	Seller: "Seller", Manager: "Person in charge", Address: "Address", Phone: "Phone", PhoneHours: "Phone hours", Email: "E-mail",
	ContactTitle: "Contact", ContactText: "With your order number we can answer sooner.",
	Since: "In force since %s.", Versions: "Earlier versions", Then: "This is what the page said on %s.", Now: "See what it says now",
	WhenOrdered: "The legal notice as it was when you ordered", Sold: "Sold by %s (phone %s)",
}

package locale

// PhotoWords are the words about photos that a customer sends.
type PhotoWords struct {
	Label, One, Optional, Add, Sent, Added, AltNumbered string
	Hint, HintOne, ChooseAgain, Privacy                 string
	Missing, TooMany, BadType, HEIC, TooLarge, TooFine  string
	Damaged                                             string
}

var photosJapanese = PhotoWords{
	Label: "写真", One: "写真", Optional: "なくても送れます", Add: "写真を追加する", Sent: "写真を受け取りました", Added: "工房で見て、ご返事の参考にします。",
	AltNumbered: "送っていただいた写真 %d枚目",
	Hint:        "3枚まで。JPEG・PNG・WebP、1枚 10 MBまで。",
	HintOne:     "1枚まで。JPEG・PNG・WebP、10 MBまで。", ChooseAgain: "写真は、もう一度選んでください。",
	Privacy: "撮った場所などの情報は、受け取るときに消します。",
	Missing: "写真を選んでください。", TooMany: "写真は3枚までです。", BadType: "この形式の写真は読めません。JPEG・PNG・WebP の写真を選んでください。",
	HEIC:     "HEIC の写真は読めません。iPhone では「設定 → カメラ → フォーマット」を「互換性優先」にして撮るか、画面の写し（スクリーンショット）を選んでください。",
	TooLarge: "写真が大きすぎます。1枚 10 MBまでの写真を選んでください。",
	TooFine:  "写真が細かすぎます（3,000万画素まで）。小さくした写真か、画面の写し（スクリーンショット）を選んでください。",
	Damaged:  "写真が途中で切れているか、こわれています。もう一度選んでください。",
}

var photosEasy = PhotoWords{
	Label: "写真", One: "写真", Optional: "なくても いいです", Add: "写真を たす", Sent: "写真を うけとりました", Added: "工房で 見ます。",
	AltNumbered: "あなたが 送った 写真 %d枚目",
	Hint:        "3枚まで。JPEG・PNG・WebP、1枚 10 MBまで。",
	HintOne:     "1枚まで。JPEG・PNG・WebP、10 MBまで。", ChooseAgain: "写真は もういちど えらんで ください。",
	Privacy: "どこで とったかの 情報は けします。",
	Missing: "｜写真《しゃしん》を えらんで ください。", TooMany: "｜写真《しゃしん》は 3｜枚《まい》までです。", BadType: "この ｜写真《しゃしん》は ｜読《よ》めません。JPEG・PNG・WebP の ｜写真《しゃしん》を えらんで ください。",
	HEIC:     "HEIC の ｜写真《しゃしん》は ｜読《よ》めません。スクリーンショットを とって、それを えらんで ください。",
	TooLarge: "｜写真《しゃしん》が ｜大《おお》きすぎます。10 MBまでの ｜写真《しゃしん》を えらんで ください。",
	TooFine:  "｜写真《しゃしん》が こまかすぎます。｜小《ちい》さい ｜写真《しゃしん》か、スクリーンショットを えらんで ください。",
	Damaged:  "｜写真《しゃしん》が こわれて います。もういちど えらんで ください。",
}

var photosEnglish = PhotoWords{
	Label: "Photos", One: "Photo", Optional: "optional", Add: "Add a photo", Sent: "We have your photo", Added: "We look at it before we answer.",
	AltNumbered: "Photo %d that you sent",
	Hint:        "Up to three. JPEG, PNG or WebP, 10 MB each. ",
	HintOne:     "One. JPEG, PNG or WebP, up to 10 MB. ", ChooseAgain: "Please choose your photos again.",
	Privacy: "Where it was taken is removed when we receive it.",
	Missing: "Please choose a photo.", TooMany: "Up to three photos, please.", BadType: "This kind of file cannot be read. Please choose a JPEG, PNG or WebP.",
	HEIC:     "HEIC photos cannot be read. On an iPhone choose Settings → Camera → Formats → Most Compatible, or send a screenshot.",
	TooLarge: "The photo is too large. Please choose one of up to 10 MB.",
	TooFine:  "The photo has more than 30 million pixels. Please choose a smaller one, or a screenshot.",
	Damaged:  "The photo is cut off or damaged. Please choose it again.",
}

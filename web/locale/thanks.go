package locale

// ThanksWords are the words with which a customer thanks the makers.
type ThanksWords struct {
	Button, Title, Lead, Words, WordsHint, Prefecture, Agreed, Send string
	SentTitle, SentText, Already, Open, Shown, NeedsWords, NeedsYes string
}

var thanksJapanese = ThanksWords{
	Button: "作り手に、お礼を伝える", Title: "作り手に、お礼を伝える",
	Lead:  "使ってみた感想や、ひとこと、写真を、作った人に届けます。写真には、人の顔や名前が写らないようにしてください。",
	Words: "ことば", WordsHint: "500文字まで。お名前や連絡先は書かないでください。", Prefecture: "届いた都道府県も伝える",
	Agreed: "スタッフが先に確かめ、この品を作った人たちに見せることに同意します", Send: "送る",
	SentTitle: "お礼のことばを受け取りました", SentText: "スタッフが読んでから、作った人に届けます。ありがとうございます。", Already: "お礼のことばは、もう受け取りました。",
	Open: "お礼のことばを受け取りました。スタッフが読んでから、作った人に届けます。", Shown: "お礼のことばを、作った人に届けました。",
	NeedsWords: "ことばを500文字までで書いてください。", NeedsYes: "同意のしるしを付けてください。",
}

var thanksEasy = ThanksWords{
	Button: "つくった 人に ありがとうを つたえる", Title: "つくった 人に ありがとうを つたえる",
	Lead:  "つかって どうでしたか。つくった 人に とどけます。写真も おくれます。人の 顔や 名前が うつらないように して ください。",
	Words: "ことば", WordsHint: "500文字まで。名前や 電話番号は 書かないで ください。", Prefecture: "とどいた 県の 名前も つたえる",
	Agreed: "スタッフが 先に 読みます。つくった 人たちが 見ます。それで いいです", Send: "おくる",
	SentTitle: "ことばを もらいました", SentText: "スタッフが 読んでから、つくった 人に とどけます。ありがとうございます。", Already: "ことばは もう もらいました。",
	Open: "ことばを もらいました。スタッフが 読んでから、つくった 人に とどけます。", Shown: "ことばを つくった 人に とどけました。",
	NeedsWords: "ことばを 500｜文字《もじ》までで ｜書《か》いて ください。", NeedsYes: "しるしを つけて ください。",
}

var thanksEnglish = ThanksWords{
	Button: "Thank the makers", Title: "Thank the makers",
	Lead:  "Tell those who made it how you like it, with a photo if you wish. Please keep faces and names out of it.",
	Words: "Your words", WordsHint: "Up to 500 characters. Please leave out names and addresses.", Prefecture: "Tell them to which prefecture it went",
	Agreed: "Staff may read it first and show it to the people who made this order", Send: "Send",
	SentTitle: "Thank you for your words", SentText: "Staff read them and pass them on to the makers.", Already: "We have your thank-you already.",
	Open: "We have your words. Staff read them and pass them on to the makers.", Shown: "Your words have reached the makers.",
	NeedsWords: "Please write up to 500 characters.", NeedsYes: "Please agree first.",
}

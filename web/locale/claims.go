package locale

// ClaimWords are the words with which a customer writes about what they got, and those about money that goes back.
type ClaimWords struct {
	Button, Title, Lead, EarlyLead, Yours                                   string
	Line, Quantity, Reason, Choose, Note, NoteHint, Send                    string
	SentTitle, SentText, BadLine, BadQuantity, BadReason, BadNote           string
	Reasons                                                                 map[string]string // by orders.ClaimReason
	Open, Remaking, Resent, GivenBack, Declined                             string
	Answers                                                                 map[string]string // by orders.DeclineReasons
	Refund, RefundMoving, RefundWaits, RefundDone, RefundStuck, BankAccount string
	CodeIsOut                                                               string
}

var claimsJapanese = ClaimWords{
	Button: "品物について連絡する", Title: "品物について連絡する", Yours: "ご連絡の内容",
	Lead:      "届いた品物について、お困りのことをお知らせください。工房で確かめて、作り直しや返金などをご案内します。",
	EarlyLead: "つくり始めたので、ここからのキャンセルはできません。変えたいことがあれば、お知らせください。できるかどうかを、工房からご返事します。",
	Line:      "どの品物ですか", Quantity: "いくつですか", Reason: "どうされましたか", Choose: "選んでください", Note: "くわしく教えてください",
	NoteHint: "1000文字まで書けます。お名前やご住所は要りません。", Send: "送る",
	SentTitle: "ご連絡を受け取りました", SentText: "工房で確かめて、メールでご返事します。少しお待ちください。",
	BadLine: "品物を選んでください。", BadQuantity: "ご注文の数までで入れてください。", BadReason: "ひとつ選んでください。", BadNote: "1000文字までで書いてください。",
	Reasons: map[string]string{
		"broken": "こわれている", "wrong_text": "文字がちがう", "wrong_item": "ちがう品物が届いた", "finish": "仕上がりが気になる",
		"missing": "届かない・足りない", "wish": "いらなくなった・やめたい", "other": "そのほか",
	},
	Open: "工房で確かめています", Remaking: "新しくお作りしています", Resent: "新しい品をお送りしました", GivenBack: "代金をお返しします", Declined: "今回はお受けできませんでした",
	Answers: map[string]string{
		"as_agreed":     "ご確認いただいた絵のとおりにお作りしたため、お受けできませんでした。ご希望に添えず申し訳ありません。",
		"signs_of_use":  "お使いになったあとの傷みと思われるため、お受けできませんでした。直しかたのご相談は承ります。",
		"too_late":      "お知らせいただく期間を過ぎているため、お受けできませんでした。気になることはメールでご相談ください。",
		"cannot_verify": "お写真などで確かめられなかったため、お受けできませんでした。お写真があれば、もう一度ご連絡のうえ、添えてください。",
	},
	Refund: "ご返金", RefundMoving: "手続きをしています", RefundWaits: "振込先の口座をお待ちしています", RefundDone: "お返ししました", RefundStuck: "届かなかったため、工房で確かめています",
	BankAccount: "決済サービスのStripeから届くメールで、振込先の口座を入れてください。入れていただくと、お振り込みします。",
	CodeIsOut:   "発行されたお支払い番号では、お支払いにならないでください。お支払いになった場合は、全額お返しします。",
}

var claimsEasy = ClaimWords{
	Button: "品物の ことを つたえる", Title: "品物の ことを つたえる", Yours: "つたえた こと",
	Lead:      "とどいた 品物で こまった ことを おしえて ください。工房で 見て、作りなおすか お金を かえすかを つたえます。",
	EarlyLead: "もう 作りはじめました。ここでは やめられません。かえたい ことが あったら おしえて ください。できるか どうか、返事を します。",
	Line:      "どの 品物ですか", Quantity: "いくつですか", Reason: "どう しましたか", Choose: "えらんで ください", Note: "くわしく おしえて ください",
	NoteHint: "1000文字まで 書けます。名前や 住所は 書かなくて いいです。", Send: "送る",
	SentTitle: "うけとりました", SentText: "工房で 見て、メールで 返事を します。すこし 待って ください。",
	BadLine: "｜品物《しなもの》を えらんで ください。", BadQuantity: "｜注文《ちゅうもん》した ｜数《かず》までで ｜書《か》いて ください。", BadReason: "ひとつ えらんで ください。", BadNote: "1000｜文字《もじ》までで ｜書《か》いて ください。",
	Reasons: map[string]string{
		"broken": "こわれて いる", "wrong_text": "文字が ちがう", "wrong_item": "ちがう 品物が とどいた", "finish": "きれいに できて いない",
		"missing": "とどかない・たりない", "wish": "いらなく なった・やめたい", "other": "ほかの こと",
	},
	Open: "工房で 見て います", Remaking: "新しく 作って います", Resent: "新しい 品物を 送りました", GivenBack: "お金を かえします", Declined: "今回は できませんでした",
	Answers: map[string]string{
		"as_agreed":     "見て もらった 絵の とおりに 作りました。だから、作りなおしや お金を かえす ことは できません。すみません。",
		"signs_of_use":  "使った あとの きずだと 思います。だから できません。なおしかたは メールで 聞いて ください。",
		"too_late":      "つたえる 日が すぎて いました。だから できません。メールで 聞いて ください。",
		"cannot_verify": "写真などで 見る ことが できませんでした。写真が あったら、もういちど、写真と いっしょに つたえて ください。",
	},
	Refund: "かえす お金", RefundMoving: "かえす ための しごとを して います", RefundWaits: "あなたの 口座の 番号を 待って います", RefundDone: "かえしました", RefundStuck: "とどかなかったので、工房で 見て います",
	BankAccount: "Stripeから メールが とどきます。その メールから 口座の 番号を 入れて ください。入れると お金が とどきます。",
	CodeIsOut:   "前に 出た 番号で はらわないで ください。はらった ときは、ぜんぶ かえします。",
}

var claimsEnglish = ClaimWords{
	Button: "Write about an item", Title: "Write about an item", Yours: "What you wrote",
	Lead:      "Tell us what is wrong with what you received. We look at it and make it again or refund you.",
	EarlyLead: "We have begun to make it, so it can no longer be canceled here. Tell us what you would like to change, and we will answer whether we can.",
	Line:      "Which item?", Quantity: "How many?", Reason: "What is it?", Choose: "Please choose", Note: "Tell us more",
	NoteHint: "Up to 1000 characters. No need for your name or address.", Send: "Send",
	SentTitle: "We have received your message", SentText: "We look at it and answer by e-mail. Please bear with us.",
	BadLine: "Please choose an item.", BadQuantity: "Please enter a number up to what you ordered.", BadReason: "Please choose one.", BadNote: "Please write up to 1000 characters.",
	Reasons: map[string]string{
		"broken": "It is broken", "wrong_text": "The text is not what I ordered", "wrong_item": "It is another item", "finish": "It is not well finished",
		"missing": "It is missing", "wish": "I no longer want it", "other": "Something else",
	},
	Open: "We are looking at it", Remaking: "We are making it again", Resent: "We have sent a new one", GivenBack: "We refund you", Declined: "We could not accept it this time",
	Answers: map[string]string{
		"as_agreed":     "It was made as in the picture you agreed to, so we could not accept it. We are sorry not to be of more help.",
		"signs_of_use":  "It seems to be damage from use, so we could not accept it. We are glad to advise on mending it.",
		"too_late":      "The time to tell us has passed, so we could not accept it. Please write us an e-mail.",
		"cannot_verify": "We could not see the trouble for ourselves. If you have a photo, please write to us again with it.",
	},
	Refund: "Refund", RefundMoving: "on its way", RefundWaits: "waits for your bank account", RefundDone: "given back", RefundStuck: "did not arrive; we are looking into it",
	BankAccount: "You get an e-mail from Stripe that asks for your bank account. Once you have entered it, the money is sent.",
	CodeIsOut:   "Please do not pay with the number that was issued. If you do, it is refunded in full.",
}

package locale

var problemsJapanese = map[string]Problem{
	"internal":  {Title: "うまく処理できませんでした", Help: "お手数ですが、少し待ってからもう一度お試しください。ご注文や入力の内容は失われていません。"},
	"not-found": {Title: "ページが見つかりません", Help: "アドレスが変わったか、公開が終わったようです。商品の一覧からお探しください。"},
	"forbidden": {Title: "このページは開けません", Help: "閲覧できる権限がありません。別のアカウントでお試しください。"},
	"offline":   {Title: "通信できません", Help: "電波の届く場所で、もう一度お試しください。"},
}

var problemsEasy = map[string]Problem{
	"internal":  {Title: "うまく いきませんでした", Help: "すこし まって、もういちど ためして ください。あなたが ｜書《か》いた ものは なくなって いません。"},
	"not-found": {Title: "ページが ありません", Help: "この ページは おわりました。｜商品《しょうひん》の ページから さがして ください。"},
	"forbidden": {Title: "この ページは ひらけません", Help: "｜見《み》る ことが できる ｜人《ひと》が きまって います。"},
	"offline":   {Title: "インターネットに つながりません", Help: "つながる ところで、もういちど ためしてください。"},
}

var problemsEnglish = map[string]Problem{
	"internal":  {Title: "That did not work", Help: "Please wait a moment and try again. Nothing you entered has been lost."},
	"not-found": {Title: "This page does not exist", Help: "It may have moved, or its season is over. Have a look through the shop instead."},
	"forbidden": {Title: "This page is not open to you", Help: "Your account may not see it. Try signing in with another one."},
	"offline":   {Title: "No connection", Help: "Please try again where you have a signal."},
}

package locale

// LookupWords are the words of asking for the links to one's orders.
type LookupWords struct {
	Title, Lead, Email, Send, SentTitle, SentText, Wrong, Again string
}

var lookupJapanese = LookupWords{
	Title: "ご注文のページを探す", Lead: "ご注文のときのメールアドレスを入れてください。そのアドレスあてに、ご注文のページの案内をお送りします。",
	Email: "メールアドレス", Send: "案内を送る", SentTitle: "受け付けました",
	SentText: "このアドレスでのご注文があれば、数分のうちに案内のメールが届きます。届かないときは、迷惑メールのフォルダーと、アドレスの綴りをお確かめください。",
	Wrong:    "name@example.jp のような形で入力してください。", Again: "もう一度入力する",
}

var lookupEasy = LookupWords{
	Title: "注文の ページを さがす", Lead: "注文した ときの メールアドレスを 書いて ください。その アドレスに、注文の ページの メールを 送ります。",
	Email: "メールアドレス", Send: "メールを もらう", SentTitle: "うけつけました",
	SentText: "この アドレスの 注文が あれば、すこし あとで メールが とどきます。とどかない ときは、アドレスを もういちど 見て ください。",
	Wrong:    "name@example.jp の ように ｜書《か》いて ください。", Again: "もういちど 書く",
}

var lookupEnglish = LookupWords{
	Title: "Find your orders", Lead: "Enter the e-mail address you ordered with. We mail the links to your order pages to that address.",
	Email: "E-mail", Send: "Mail me the links", SentTitle: "Thank you",
	SentText: "If there are orders with this address, a mail arrives within a few minutes. If it does not, please look into your spam folder and check the spelling of the address.",
	Wrong:    "Please enter it like name@example.jp.", Again: "Enter another address",
}

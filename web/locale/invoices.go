package locale

// InvoiceWords are the words about paying by invoice and about quotations.
type InvoiceWords struct {
	Method, Detail, CompanyTitle, CompanyHint              string
	Review, DueTitle, DueText, PartText                    string
	Title, Account, Holder, Rest, Due, File, WrittenOff    string
	Quote, QuoteLead, QuoteTitle, QuoteText, QuoteFile     string
	QuoteMailed, QuoteOrdered, QuoteToOrder                string
	QuoteEnded, QuoteEndedText, QuoteConfirm, QuoteInvalid string
}

var invoicesJapanese = InvoiceWords{
	Method: "銀行振込（請求書払い）", Detail: "会社・団体の方へ。注文の確認後に請求書をお送りします。前払い・14日以内",
	CompanyTitle: "会社・団体でのご注文", CompanyHint: "請求書払いと見積書には、会社・団体の名前が要ります。",
	Review:   "ご注文の内容を工房で確認しています。終わりましたら、請求書とお振込先をメールでお送りします。それまで、お振り込みはお待ちください。",
	DueTitle: "%sまでにお振り込みください", DueText: "お振込先は下の「請求書」にあります。ご入金を確認してから、製作・発送の準備を始めます。確認には、1〜3営業日かかることがあります。",
	PartText: "一部のご入金を確認しました。残りは%sです。",
	Title:    "請求書", Account: "お振込先", Holder: "口座名義", Rest: "お振込額", Due: "お支払いの期限", File: "請求書 %s（PDF）", WrittenOff: "振込手数料分のお値引き",
	Quote: "注文しないで見積書を受け取る", QuoteLead: "この内容と金額を30日間そのままにします。リンクをメールでもお送りします。",
	QuoteTitle: "お見積もり %s", QuoteText: "%sまで、この金額でご注文いただけます。在庫の確保はしていません。", QuoteFile: "見積書 %s（PDF）",
	QuoteMailed: "このページのリンクを、メールでもお送りしています。", QuoteOrdered: "このお見積もりは、ご注文になりました", QuoteToOrder: "ご注文のページを開く",
	QuoteEnded: "お見積もりの有効期限が過ぎました", QuoteEndedText: "よろしければ、もう一度カートからお見積もりください。",
	QuoteConfirm: "お見積もりからのご注文", QuoteInvalid: "見積書には、会社・団体の名前が要ります。ご連絡先にお書きください。",
}

var invoicesEasy = InvoiceWords{
	Method: "銀行で はらう（請求書払い）", Detail: "会社の 人が えらべます。工房が 注文を 見てから、請求書を 送ります。14日の うちに はらいます",
	CompanyTitle: "会社で 買う とき", CompanyHint: "請求書で はらう 人と 見積書が ほしい 人は、会社の 名前を 書いて ください。",
	Review:   "いま 工房が 注文を 見て います。おわったら、請求書を メールで 送ります。それまで、お金は 送らないで ください。",
	DueTitle: "%sまでに お金を 送って ください", DueText: "お金を 送る ところは、下の「請求書」に 書いて あります。お金が とどいてから 作りはじめます。わかるまで 1日から 3日 かかる ことが あります。",
	PartText: "一部の お金が とどきました。のこりは %sです。",
	Title:    "請求書", Account: "お金を 送る ところ", Holder: "口座の 名前", Rest: "送る お金", Due: "いつまで", File: "請求書 %s（PDF）", WrittenOff: "銀行の 手数料の 分の わりびき",
	Quote: "注文しないで 見積書を もらう", QuoteLead: "この お金は 30日 かわりません。メールも 送ります。",
	QuoteTitle: "見積もり %s", QuoteText: "%sまで、この お金で 注文できます。品物の とりおきは して いません。", QuoteFile: "見積書 %s（PDF）",
	QuoteMailed: "この ページの リンクを、メールでも 送りました。", QuoteOrdered: "この 見積もりは、注文に なりました", QuoteToOrder: "注文の ページを 見る",
	QuoteEnded: "見積もりの 日が すぎました", QuoteEndedText: "もう一度 かごから 見積もりを 作って ください。",
	QuoteConfirm: "見積もりから 注文する", QuoteInvalid: "｜見積書《みつもりしょ》には ｜会社《かいしゃ》の ｜名前《なまえ》が いります。",
}

var invoicesEnglish = InvoiceWords{
	Method: "Bank transfer (by invoice)", Detail: "For companies. We mail the invoice after looking at your order; in advance, within 14 days",
	CompanyTitle: "Ordering for a company", CompanyHint: "Paying by invoice and quotations need the name of your company or organization.",
	Review:   "We are looking at your order. When that is done we mail you the invoice with our bank account. Please do not transfer anything before.",
	DueTitle: "Please transfer by %s", DueText: "The account is below under “Invoice”. We begin once the money has arrived, which may take us one to three banking days to see.",
	PartText: "A part of the money has arrived; %s is left.",
	Title:    "Invoice", Account: "Bank account", Holder: "Account holder", Rest: "To be transferred", Due: "Pay by", File: "Invoice %s (PDF)", WrittenOff: "Bank fee, allowed as a discount",
	Quote: "Take a quotation instead of ordering", QuoteLead: "Contents and prices stay for 30 days. We mail you the link, too.",
	QuoteTitle: "Quotation %s", QuoteText: "You can order at these prices until %s. Nothing is set aside in stock.", QuoteFile: "Quotation %s (PDF)",
	QuoteMailed: "We have mailed you the link of this page, too.", QuoteOrdered: "This quotation has become an order", QuoteToOrder: "Open the order",
	QuoteEnded: "The time of this quotation is over", QuoteEndedText: "You are welcome to take a new one from your cart.",
	QuoteConfirm: "Order from a quotation", QuoteInvalid: "A quotation needs the name of your company or organization.",
}

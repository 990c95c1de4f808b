package orders

import (
	"fmt"
	"strings"
)

// ruleSentences tell staff what does not add up in our books, and where to look; by the names of the
// invariants. All end in the same way: look, and have it checked again.
var ruleSentences = map[string]string{
	"paid-not-negative":       "注文 %s で、受け取ったより多くのお金が出ています。返金と異議の記録を、Stripeの画面と見くらべてください。",
	"refunds-within-captures": "注文 %s で、受け取った額より多くを返そうとしています。進んでいる返金を注文のページで確かめてください。",
	"refunds-in-ledger":       "注文 %s の返金と帳面が合いません。返金がStripeで済んでいるかを確かめてください。",
	"refund-lines":            "返金 %s の内訳が、返した額と合いません。注文のページで、何の分の返金かを確かめてください。",
	"closed-refunds":          "閉じた返金 %s の、返さないことにした額が合いません。その注文の返金を確かめてください。",
	"fees-written-off":        "注文 %s で、振込手数料より多くを値引きしたか、振り込みのない注文を値引きしています。その注文のお金を確かめてください。",
	"refund-within-lines":     "品物の行 %s に、払われた額より多くを返しています。その注文の返金を確かめてください。",
	"refund-explained":        "Stripeの画面で返金がありました（%s）。注文のページで、どの品物の分かを決めてください。",
	"places-of-the-week":      "週の受け入れの数（%s）が、注文の数と合いません。受け付けを続けてよいかを確かめてください。",
	"order-total":             "注文 %s の合計が、品物・値引き・包装・送料の合計と合いません。お客さまの支払額を確かめてください。",
	"lines-total":             "注文 %s の品物の合計が、行の合計と合いません。お客さまの支払額を確かめてください。",
	"discount-uses":           "割引コード %s の使われた回数が、注文の数と合いません。使える残りの回数を確かめてください。",
	"discount-of-ended":       "終わった注文 %s が、割引コードを使ったままになっています。",
	"discount-has-a-code":     "注文 %s に、割引コードのない値引きがあります。値引きの理由を確かめてください。",
	"one-live-payment":        "注文 %s に、支払いの手続きが二つ以上動いています。二重に払われていないかを、Stripeの画面で確かめてください。",
	"payment-amount":          "注文 %s の支払いの額が、合計とちがいます。Stripeの画面で額を確かめてください。",
	"captured-in-ledger":      "注文 %s は支払い済みですが、帳面にその入金がありません。Stripeの画面で確かめてください。",
	"ledger-in-payments":      "帳面に入金（%s）がありますが、支払い済みになっていません。Stripeの画面で確かめてください。",
	"transfers-in-ledger":     "注文 %s の振り込みの記録と帳面が合いません。銀行の明細と見くらべてください。",
	"transfers-in-payment":    "注文 %s の振り込みの額と、支払いの状態が合いません。銀行の明細と見くらべてください。",
	"invoice-issued":          "注文 %s は振り込みを待っていますが、請求書が出ていません。注文のページから請求書を出してください。",
	"approved-texts":          "注文 %s は、承認していない文字のまま先へ進んでいます。制作を止めて、文字を確かめてください。",
	"approved-money":          "注文 %s は、お金がそろわないまま先へ進んでいます。制作を止めて、支払いを確かめてください。",
	"late-money":              "終わった注文 %s のお金が手もとに残っています。続けるか返すかを、注文のページで決めてください。",
	"reservation-of-ended":    "終わった注文 %s が、棚の品を取り置いたままになっています。在庫の数を確かめてください。",
	"reservation-of-living":   "注文 %s の品が、取り置かれていません。棚に残っているかを確かめて、取り置いてください。",
	"reserved-stock":          "商品 %s の取り置きの数が、注文の数と合いません。棚の数を数えて、在庫のページで直してください。",
	"stock-not-negative":      "商品 %s の取り置きが、棚にある数より多くなっています。棚の数を数えて、在庫のページで直してください。",
	"state-audited":           "注文 %s の状態が、記録なしに変わっています。だれが変えたかを管理者に確かめてください。",
	"final-states":            "終わったはずの注文 %s が、また動いています。注文のページで、今の状態を確かめてください。",
	"shipped-is-traceable":    "注文 %s は発送済みですが、荷物の記録がありません。運送会社と追跡番号を確かめてください。",
	"document-in-ledger":      "書類 %s の額が、受け取った額や返した額と合いません。お客さまに渡した書類を確かめてください。",
	"document-numbers":        "書類の番号がぬけています（%s）。書類のページで前後の番号を確かめてください。",
	"mail-once":               "同じメールが二度送られるところです（%s）。お客さまに二通届いていないかを確かめてください。",
	"mail-stuck":              "メール（%s）が届いたかどうか分かりません。電話などで確かめるか、もう一度送ってください。",
	"mail-failed":             "メール（%s）が受け取られませんでした。お客さまに別のやり方で伝えてください。",
	"event-dead":              "Stripeからの知らせ（%s）が、どの注文のものか分かりません。Stripeの画面で確かめてください。",
}

// brokenRule puts a rule and what breaks it, such as "reserved-stock magnet", into words.
func brokenRule(found string) string {
	rule, subject, _ := strings.Cut(found, " ")
	return fmt.Sprintf(ruleSentences[rule], subject) + "直したら、「もう一度確かめる」を押してください。分からないときは、この文のまま開発の担当に伝えてください。"
}

package staff

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"tsukuriba/api/auth"
	"tsukuriba/api/problem"
	"tsukuriba/fulfilment"
	"tsukuriba/orders"
	"tsukuriba/web/ui"
)

// refundPage asks for which parts of an order money goes back, or went back at the provider.
type refundPage struct {
	Head    ui.StaffHead
	Number  string
	Back    string
	Address string // where the form goes
	Lead    string
	Problem string
	Parts   []ui.Field // quantities, checkboxes
	Asks    *refundAsks
	Button  ui.Action
	Sure    *refundSure // once it is known what it comes to
}

// refundAsks are the questions about a refund of our own.
type refundAsks struct{ Reason, Note, Amount ui.Field }

// refundSure is the question before money moves.
type refundSure struct {
	Amount string
	Lines  []string
	Note   string
	Fields []ui.Fact // hidden: what was chosen
	Label  string
}

func partName(part orders.Refundable) string {
	if part.Kind == orders.PartLine {
		return "pieces-" + part.LineID.String()
	}
	return string(part.Kind)
}

var partTitles = map[orders.PartKind]string{orders.PartSurplus: "多く振り込まれた分・預かったお金", orders.PartShipping: "送料", orders.PartWrapping: "包装"}

func partTitle(order orders.Order, kind orders.PartKind, id orders.LineID) string {
	for _, line := range order.Lines {
		if kind == orders.PartLine && line.ID == id {
			return strings.Join(strings.Fields(line.Title+" "+line.DesignText), " ")
		}
	}
	return partTitles[kind]
}

// partFields asks for each of the parts that has something left.
func partFields(c echo.Context, order orders.Order, parts []orders.Refundable) []ui.Field {
	var fields []ui.Field
	for _, part := range parts {
		if part.Quantity == 0 && part.Left == 0 {
			continue
		}
		field := ui.Field{Name: partName(part), Label: partTitle(order, part.Kind, part.LineID), Value: cmp.Or(c.FormValue(partName(part)), "0")}
		if part.Kind != orders.PartLine {
			field.Label, field.Checked = field.Label+"（"+part.Left.String()+"）も返す", c.FormValue(field.Name) == "1"
		} else {
			field.Hint = fmt.Sprintf("支払い済み %s・返せる残り %d個 %s", part.Paid, part.Quantity, part.Left)
			for n := range part.Quantity + 1 {
				field.Options = append(field.Options, ui.Choice{Value: strconv.Itoa(n), Label: fmt.Sprintf("%d個", n)})
			}
		}
		fields = append(fields, field)
	}
	return fields
}

// partsOf reads what was chosen of the parts.
func partsOf(c echo.Context, parts []orders.Refundable) []orders.RefundPart {
	var chosen []orders.RefundPart
	for _, part := range parts {
		quantity, err := strconv.Atoi(c.FormValue(partName(part)))
		if err == nil && quantity != 0 {
			chosen = append(chosen, orders.RefundPart{Kind: part.Kind, LineID: part.LineID, Quantity: quantity})
		}
	}
	return chosen
}

func (s *console) orderOf(c echo.Context) (orders.Order, error) {
	id, err := idParam[orders.OrderID](c, "order")
	if err != nil {
		return orders.Order{}, err
	}
	return s.Orders.Order(c.Request().Context(), id)
}

func (s *console) askRefund(c echo.Context, who fulfilment.Staff) error {
	order, err := s.orderOf(c)
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, refundForm(newRefundPage(c, who, order, nil)))
}

// refund shows what a refund comes to, and makes it once somebody has said yes to that.
func (s *console) refund(c echo.Context, who fulfilment.Staff) error {
	order, err := s.orderOf(c)
	if err != nil {
		return err
	}
	request := refundRequest(c, order)
	preview, err := order.Refund(request)
	if err == nil && c.FormValue("sure") == "1" {
		if _, err = s.Orders.RequestRefund(c.Request().Context(), by(who), request); err == nil {
			return backTo(c, orderAddress(order.ID), "refunded")
		}
	}
	page := newRefundPage(c, who, order, err)
	if err != nil {
		return render(c, http.StatusUnprocessableEntity, refundForm(page))
	}
	page.Sure = sureOf(c, order, preview)
	return render(c, http.StatusOK, refundForm(page))
}

func refundRequest(c echo.Context, order orders.Order) orders.RefundOrder {
	request := orders.RefundOrder{
		Order: order.ID, Parts: partsOf(c, order.Refundable()), Reason: orders.RefundReason(c.FormValue("reason")), Note: strings.TrimSpace(c.FormValue("note")),
	}
	if amount := c.FormValue("amount"); strings.TrimSpace(amount) != "" {
		if request.Amount = typedYen(amount); request.Amount == 0 {
			request.Amount = -1 // refused as no amount
		}
	}
	if seen, err := strconv.Atoi(c.FormValue("seen")); err == nil {
		request.Seen = &seen
	}
	return request
}

func newRefundPage(c echo.Context, who fulfilment.Staff, order orders.Order, err error) refundPage {
	page := refundPage{
		Head: headFor(c, who, "返金", "/staff/orders"), Number: order.Number, Back: orderAddress(order.ID),
		Address: orderAddress(order.ID) + "/refund", Parts: partFields(c, order, order.Refundable()),
		Lead:   "返す品と数を選びます。金額は、割引を引いた実際のお支払いから計算します。",
		Button: ui.Action{Label: "金額を確かめる", Kind: ui.Primary, Icon: ui.IconReceipt},
		Asks: &refundAsks{
			Reason: ui.Field{Name: "reason", Label: "理由", Value: c.FormValue("reason"), Options: refundReasonChoices()},
			Note:   ui.Field{Name: "note", Label: "メモ", Hint: "職員だけが読みます。一部だけ返すときと「そのほか」には書いてください。", Value: c.FormValue("note"), Rows: 2, MaxLength: 500},
			Amount: ui.Field{Name: "amount", Label: "一部だけ返す金額（円）", Hint: "おわびなどで一部だけ返すときに。空なら、選んだ分の全額です。品物はお客さまの手もとに残ります。", Value: c.FormValue("amount"), InputMode: "numeric"},
		},
	}
	page.explain(err)
	return page
}

// explain puts what was refused beside its field.
func (p *refundPage) explain(err error) {
	if err == nil {
		return
	}
	var refused *orders.FormError
	if !errors.As(err, &refused) {
		p.Problem = problem.From(err, problem.Japanese).Title
		return
	}
	if refused.Fields["lines"] != "" {
		p.Problem = "返す品を選んでください。"
	}
	if p.Asks == nil {
		return
	}
	for field, sentence := range map[*ui.Field]string{&p.Asks.Reason: "理由を選んでください。", &p.Asks.Note: "500文字までで、わけを書いてください。", &p.Asks.Amount: "1円以上の数字で入れてください。"} {
		if refused.Fields[field.Name] != "" {
			field.Error = sentence
		}
	}
}

func refundReasonChoices() []ui.Choice {
	choices := []ui.Choice{{Value: "", Label: "選んでください"}}
	for _, reason := range orders.RefundReasons {
		choices = append(choices, ui.Choice{Value: string(reason), Label: refundReasons[reason]})
	}
	return choices
}

func sureOf(c echo.Context, order orders.Order, preview orders.Refund) *refundSure {
	sure := &refundSure{
		Amount: preview.Amount.String(), Lines: refundLinesOf(order, preview), Label: preview.Amount.String() + " を返金する",
		Fields: []ui.Fact{{Name: "sure", Value: "1"}, {Name: "seen", Value: strconv.Itoa(len(order.Refunds))}},
	}
	for _, part := range order.Refundable() {
		sure.Fields = append(sure.Fields, ui.Fact{Name: partName(part), Value: c.FormValue(partName(part))})
	}
	for _, name := range []string{"reason", "note", "amount"} {
		sure.Fields = append(sure.Fields, ui.Fact{Name: name, Value: c.FormValue(name)})
	}
	switch order.State {
	case orders.Approved, orders.InProduction, orders.Ready:
		sure.Note = "返した品は送りません。まだ作り始めていないものは取りやめ、在庫は棚にもどします。全部の品を返すと注文は取り消しになり、残りも全額お返しします。"
	}
	if preview.Lines[0].Quantity == 0 {
		sure.Note = ""
	}
	if order.Method == orders.ByInvoice {
		sure.Note += "返金は、職員がお客さまの銀行口座へ振り込みます。"
	}
	if order.Method == orders.Konbini {
		sure.Note += "コンビニ払いの返金は、お客さまが決済サービスのメールから口座を入れると届きます。"
	}
	return sure
}

// refundLinesOf says in words what a refund is for.
func refundLinesOf(order orders.Order, refund orders.Refund) []string {
	var lines []string
	for _, line := range refund.Lines {
		words := partTitle(order, line.Kind, line.LineID)
		switch {
		case line.Kind == orders.PartLine && line.Quantity > 0:
			words += fmt.Sprintf(" × %d", line.Quantity)
		case line.Quantity == 0 && line.Kind != orders.PartSurplus:
			words += "（一部）"
		}
		lines = append(lines, words+"　"+line.Amount.String())
	}
	return lines
}

func (s *console) retryRefund(c echo.Context, who fulfilment.Staff) error {
	id, err := idParam[orders.RefundID](c, "refund")
	if err != nil {
		return err
	}
	refund, err := s.Orders.RetryRefund(c.Request().Context(), by(who), id)
	if err != nil {
		return err
	}
	return backTo(c, orderAddress(refund.OrderID), "refunded")
}

// refundOf is the refund of the address, with its order.
func (s *console) refundOf(c echo.Context) (orders.Refund, orders.Order, error) {
	id, err := idParam[orders.RefundID](c, "refund")
	if err != nil {
		return orders.Refund{}, orders.Order{}, err
	}
	refund, err := s.Orders.Refund(c.Request().Context(), id)
	if err != nil {
		return orders.Refund{}, orders.Order{}, err
	}
	order, err := s.Orders.Order(c.Request().Context(), refund.OrderID)
	return refund, order, err
}

func (s *console) askAssign(c echo.Context, who fulfilment.Staff) error {
	return s.assignPage(c, who, http.StatusOK, nil)
}

func (s *console) assignPage(c echo.Context, who fulfilment.Staff, status int, refused error) error {
	refund, order, err := s.refundOf(c)
	if err != nil {
		return err
	}
	page := newRefundPage(c, who, order, nil)
	page.Head.Title, page.Address, page.Asks = "返金の内訳", "/staff/refunds/"+refund.ID.String()+"/assign", nil
	page.Parts = partFields(c, order, order.Explicable())
	page.Lead = fmt.Sprintf("決済サービスの画面で %s が返金されています。何の分だったかを選んでください。選んだ分より少ない返金は、その一部として記録します。", refund.Amount)
	page.Button = ui.Action{Label: "この内訳にする", Kind: ui.Primary, Icon: ui.IconCheck}
	page.explain(refused)
	return render(c, status, refundForm(page))
}

func (s *console) assign(c echo.Context, who fulfilment.Staff) error {
	refund, order, err := s.refundOf(c)
	if err != nil {
		return err
	}
	if _, err = s.Orders.AssignRefund(c.Request().Context(), by(who), refund.ID, partsOf(c, order.Explicable())); err != nil {
		return s.assignPage(c, who, http.StatusUnprocessableEntity, err)
	}
	return backTo(c, orderAddress(order.ID), "assigned")
}

// refundCard is one refund of an order as staff see it.
type refundCard struct {
	Amount string
	Badge  ui.Badge
	When   string
	Why    string
	Lines  []string
	Advice string
	Retry  string // address; "" when there is nothing to try again
	Close  string // address to say that it is not owed any more; "" when there is nothing to try again
	Assign string // address; "" when it is known what it was for
	Sent   string // address to say that it was transferred; "" unless staff do that
	Back   string // address to say that the bank sent it back
}

func refundCards(order orders.Order, who fulfilment.Staff) []refundCard {
	var cards []refundCard
	for _, refund := range order.Refunds {
		card := refundCard{
			Amount: refund.Amount.String(), Badge: ui.Badge{Text: refundStates[refund.State], Tone: refundTone(refund)}, When: moment(refund.CreatedAt),
			Why: refundReasons[refund.Reason], Lines: refundLinesOf(order, refund), Advice: refundAdvice(refund),
		}
		if refund.Note != "" {
			card.Why += "：" + refund.Note
		}
		if can(who, auth.Money) && refund.Retryable() {
			card.Retry, card.Close = "/staff/refunds/"+refund.ID.String()+"/retry", "/staff/refunds/"+refund.ID.String()+"/close"
		}
		if can(who, auth.Money) && refund.Unassigned() {
			card.Assign = "/staff/refunds/" + refund.ID.String() + "/assign"
		}
		if can(who, auth.Money) && order.Method == orders.ByInvoice && refund.Origin != orders.ByOtherMeans {
			card.byBank(refund)
		}
		cards = append(cards, card)
	}
	return cards
}

// byBank is for refunds that no payment provider sends.
func (c *refundCard) byBank(refund orders.Refund) {
	address := "/staff/refunds/" + refund.ID.String()
	switch refund.State {
	case orders.RefundRequested:
		c.Advice, c.Sent = "工房の口座から、お客さまの口座へ振り込んでください。口座が分からないときは、メールで聞いてください。", address+"/sent"
	case orders.RefundSucceeded:
		c.Back = address + "/returned"
	}
}

func refundTone(refund orders.Refund) ui.Tone {
	switch {
	case refund.Retryable() || refund.Unassigned():
		return ui.ToneAttention
	case refund.State == orders.RefundSucceeded:
		return ui.TonePine
	}
	return ui.ToneNeutral
}

// refundAdvice says what is to be known or done about a refund.
func refundAdvice(refund orders.Refund) string {
	switch {
	case refund.Unassigned():
		return "決済サービスの画面で行われた返金です。何の分かを決めるまで、注文は止まっています。"
	case refund.ClosedAt != nil:
		return "届かなかったので、やり直さずに閉じました：" + refund.ClosedReason
	case refund.Retried:
		return "届かなかったので、やり直しました。"
	case refund.Origin == orders.ByOtherMeans:
		return "職員が、ほかの方法でお渡ししました。"
	case refund.Retryable():
		return "お金は届いていません。カードが使えなくなった、口座が違うなどの場合があります。"
	case refund.State == orders.RefundRequiresAction:
		return "お客さまに、決済サービスから口座を入れるメールが届いています。入れていただくと振り込まれます。"
	}
	return ""
}

// button asks anew once the answer stands above.
func (p refundPage) button() ui.Action {
	if p.Sure != nil {
		return ui.Action{Label: "金額を計算し直す", Icon: ui.IconReceipt}
	}
	return p.Button
}

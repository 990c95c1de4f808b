package staff

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"tsukuriba/api/auth"
	"tsukuriba/api/problem"
	"tsukuriba/fulfilment"
	"tsukuriba/internal/audit"
	"tsukuriba/internal/jst"
	"tsukuriba/orders"
	"tsukuriba/web/ui"
)

// transfersCard is what came by bank for an order by invoice, with the form to enter more.
type transfersCard struct {
	Address string
	Rest    string // what is still to come; "" when all is there
	Due     string
	Entered []transferRow
	Fields  []ui.Field
	Note    ui.Field
	Problem string
	Fee     *feeForm // nil unless what is missing may be a bank's fee
}

// feeForm asks whether what is missing is let go.
type feeForm struct {
	Address, Amount, Missing string
	Limit                    string // the most that could be let go of
	Reason                   ui.Field
	Problem                  string
}

type transferRow struct {
	Amount string
	Facts  []ui.Fact
	Badge  ui.Badge
	Undo   ui.Action // without an address once it was taken back
}

// transfers is nil for orders that are paid otherwise, before the invoice is out, and for those who may not.
func (s *console) transfers(c echo.Context, who fulfilment.Staff, order orders.Order, refused error) (*transfersCard, error) {
	if order.Method != orders.ByInvoice || !can(who, auth.Money) {
		return nil, nil //nolint:nilnil // there is no such card
	}
	bill, err := s.Orders.Bill(c.Request().Context(), order)
	if errors.Is(err, orders.ErrDocumentNotFound) {
		return nil, nil //nolint:nilnil // there is no such card
	}
	if err != nil {
		return nil, err
	}
	transfers, err := s.Orders.Transfers(c.Request().Context(), order.ID)
	if err != nil {
		return nil, err
	}
	card := &transfersCard{Address: orderAddress(order.ID) + "/transfers", Due: day(bill.Due)}
	if bill.Rest > 0 {
		card.Rest = bill.Rest.String()
	}
	for _, transfer := range transfers {
		card.Entered = append(card.Entered, transferRowOf(order, transfer))
	}
	card.ask(c, bill, jst.Date(s.Now()))
	if card.Fee, err = s.feeForm(c, order, refused); err != nil {
		return nil, err
	}
	if c.Request().Form.Has("payer") {
		card.explain(refused)
	}
	return card, nil
}

// feeForm is nil for those who cannot have the fee.
func (s *console) feeForm(c echo.Context, order orders.Order, refused error) (*feeForm, error) {
	most, err := s.Orders.WriteOffLimit(c.Request().Context())
	if err != nil || order.MayWriteOff(most) != nil {
		return nil, err
	}
	form := &feeForm{
		Address: orderAddress(order.ID) + "/write-off", Amount: order.Missing().String(), Missing: strconv.FormatInt(int64(order.Missing()), 10), Limit: most.String(),
		Reason: ui.Field{
			Name: "reason", ID: "fee-reason", Label: "理由", Hint: "職員だけが読みます。", Value: cmp.Or(c.FormValue("reason"), "振込手数料が差し引かれて届いたため"), Rows: 2, MaxLength: 500, Required: true,
		},
	}
	var mistakes *orders.FormError
	switch {
	case !c.Request().Form.Has("missing"):
	case errors.As(refused, &mistakes) && mistakes != nil:
		form.Reason.Value, form.Reason.Error = c.FormValue("reason"), "500文字までで、わけを書いてください。"
	case refused != nil:
		form.Problem = problem.From(refused, problem.Japanese).Title
	}
	return form, nil
}

// writeOff lets go of what a transfer is short by.
func (s *console) writeOff(c echo.Context, who fulfilment.Staff) error {
	id, err := idParam[orders.OrderID](c, "order")
	if err != nil {
		return err
	}
	wanted := orders.WriteOff{Order: id, Amount: typedAmount(c.FormValue("missing")), Reason: c.FormValue("reason")}
	_, err = s.Orders.WriteOffFee(c.Request().Context(), by(who), wanted)
	var mistakes *orders.FormError
	if errors.As(err, &mistakes) || errors.Is(err, orders.ErrStale) {
		return s.renderOrder(c, who, http.StatusUnprocessableEntity, err)
	}
	if err != nil {
		return err
	}
	return backTo(c, orderAddress(id), "written-off")
}

func transferRowOf(order orders.Order, transfer orders.Transfer) transferRow {
	row := transferRow{Amount: transfer.Amount.String(), Facts: []ui.Fact{
		{Name: "入金日", Value: day(transfer.ValueDate)}, {Name: "名義", Value: transfer.Payer},
	}}
	if transfer.Reference != "" {
		row.Facts = append(row.Facts, ui.Fact{Name: "取引番号", Value: transfer.Reference})
	}
	if transfer.Note != "" {
		row.Facts = append(row.Facts, ui.Fact{Name: "メモ", Value: transfer.Note})
	}
	if transfer.UndoneAt != nil {
		row.Badge = ui.Badge{Text: "取り消し済み"}
	}
	if !order.MayUndo(transfer) {
		return row
	}
	row.Undo = ui.Action{Label: "まちがいなので取り消す", Kind: ui.Quiet, Icon: ui.IconUndo, Post: true, URL: "/staff/transfers/" + transfer.ID.String() + "/undo"}
	return row
}

// ask offers what is likely: what is left, today.
func (t *transfersCard) ask(c echo.Context, bill orders.Bill, today string) {
	typed := func(name, likely string) string {
		if c.Request().Form.Has(name) {
			return c.FormValue(name)
		}
		return likely
	}
	rest := ""
	if bill.Rest > 0 {
		rest = strings.TrimPrefix(bill.Rest.String(), "¥")
	}
	t.Fields = []ui.Field{
		{Name: "amount", Label: "金額", Value: typed("amount", rest), InputMode: "numeric", Required: true},
		{Name: "value_date", Label: "入金日（通帳の日付）", Type: "date", Value: typed("value_date", today), Required: true},
		{Name: "payer", Label: "振込名義（通帳のとおり）", Value: typed("payer", ""), MaxLength: 120, Required: true},
		{Name: "reference", Label: "銀行の取引番号", Note: "あれば", Hint: "同じ日・同じ額・同じ名義の入金が二つあるときは、番号で見分けます。", Value: typed("reference", ""), MaxLength: 60},
	}
	t.Note = ui.Field{Name: "note", ID: "transfer-note", Label: "メモ", Note: "あれば", Value: typed("note", ""), Rows: 2, MaxLength: 500}
}

var transferSentences = map[string]string{
	"amount": "¥1以上の金額を、数字で入れてください。", "value_date": "注文の日から今日までの日付を入れてください。", "payer": "通帳にある名義を入れてください。",
	"reference": "60文字までで入れてください。", "note": "500文字までで書いてください。",
}

// explain writes a refusal at its fields, or above the form.
func (t *transfersCard) explain(refused error) {
	var mistakes *orders.FormError
	if errors.As(refused, &mistakes) && mistakes != nil {
		for i := range t.Fields {
			if field := &t.Fields[i]; mistakes.Fields[field.Name] != "" {
				field.Error = transferSentences[field.Name]
			}
		}
		if mistakes.Fields["note"] != "" {
			t.Note.Error = transferSentences["note"]
		}
		return
	}
	if refused != nil {
		t.Problem = problem.From(refused, problem.Japanese).Title
	}
}

// enterTransfer books what stands on the bank statement.
func (s *console) enterTransfer(c echo.Context, who fulfilment.Staff) error {
	id, err := idParam[orders.OrderID](c, "order")
	if err != nil {
		return err
	}
	entry := orders.TransferEntry{
		Order: id, Amount: typedAmount(c.FormValue("amount")), Payer: c.FormValue("payer"), Reference: c.FormValue("reference"), Note: c.FormValue("note"),
	}
	if on, err := time.ParseInLocation(time.DateOnly, c.FormValue("value_date"), jst.Zone); err == nil {
		entry.ValueDate = on
	}
	_, err = s.Orders.EnterTransfer(c.Request().Context(), by(who), entry)
	var mistakes *orders.FormError
	if errors.As(err, &mistakes) || errors.Is(err, orders.ErrTransferKnown) {
		return s.renderOrder(c, who, http.StatusUnprocessableEntity, err)
	}
	if err != nil {
		return err
	}
	return backTo(c, orderAddress(id), "transfer")
}

// undoTransfer takes back what was entered wrongly.
func (s *console) undoTransfer(c echo.Context, who fulfilment.Staff) error {
	id, err := idParam[orders.TransferID](c, "transfer")
	if err != nil {
		return err
	}
	order, err := s.Orders.UndoTransfer(c.Request().Context(), by(who), id)
	if err != nil {
		return err
	}
	return backTo(c, orderAddress(order.ID), "transfer-undo")
}

// refundSent notes that staff have transferred a refund.
func (s *console) refundSent(c echo.Context, who fulfilment.Staff) error {
	return s.byBank(c, who, "refund-sent", s.Orders.RefundSent)
}

// refundReturned notes that the bank sent a refund back.
func (s *console) refundReturned(c echo.Context, who fulfilment.Staff) error {
	return s.byBank(c, who, "refund-back", s.Orders.RefundReturned)
}

func (s *console) byBank(
	c echo.Context, who fulfilment.Staff, done string, note func(context.Context, audit.Actor, orders.RefundID) (orders.Refund, error),
) error {
	id, err := idParam[orders.RefundID](c, "refund")
	if err != nil {
		return err
	}
	refund, err := note(c.Request().Context(), by(who), id)
	if err != nil {
		return err
	}
	return backTo(c, orderAddress(refund.OrderID), done)
}

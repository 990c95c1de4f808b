package staff

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"tsukuriba/api/auth"
	"tsukuriba/api/problem"
	"tsukuriba/fulfilment"
	"tsukuriba/orders"
	"tsukuriba/web/ui"
)

// holdForm asks why an order is to wait.
type holdForm struct {
	Reason, Note ui.Field
	Open         bool // as it was sent back
}

func holdFormOf(c echo.Context, refused *orders.FormError) *holdForm {
	form := &holdForm{
		Reason: ui.Field{Name: "hold_reason", Label: "止める理由", Value: c.FormValue("hold_reason")},
		Note: ui.Field{
			Name: "note", Label: "ひとこと", Hint: "「文字の問い合わせ中」では、この文がお客さまにメールで届きます。ほかの理由では、職員だけが見ます。",
			Value: c.FormValue("note"), Rows: 3, MaxLength: 500,
		},
	}
	for _, reason := range orders.StaffHoldReasons {
		form.Reason.Options = append(form.Reason.Options, ui.Choice{Value: string(reason), Label: holdReasons[reason]})
	}
	switch refused.Fields["note"] {
	case "":
	case "required":
		form.Note.Error = "何のために止めるのかを書いてください。"
	default:
		form.Note.Error = "500文字までで書いてください。"
	}
	form.Open = form.Note.Error != ""
	return form
}

func (s *console) hold(c echo.Context, who fulfilment.Staff) error {
	id, err := idParam[orders.OrderID](c, "order")
	if err != nil {
		return err
	}
	_, err = s.Orders.Hold(c.Request().Context(), by(who), id, orders.HoldReason(c.FormValue("hold_reason")), c.FormValue("note"))
	var refused *orders.FormError
	if errors.As(err, &refused) {
		return s.renderOrder(c, who, http.StatusUnprocessableEntity, refused)
	}
	if err != nil {
		return err
	}
	return backTo(c, orderAddress(id), "held")
}

// holdNotice says why an order waits, with what this person can do about it here.
func holdNotice(order orders.Order, hold orders.Hold, who fulfilment.Staff) ui.Notice {
	notice := ui.Notice{Kind: ui.NoticeAttention, Text: "保留中：" + holdReasons[hold.Reason], Detail: hold.Words() + holdAdvice[hold.Reason]}
	switch hold.Reason {
	case orders.HoldExternalRefund:
		for _, refund := range order.Refunds {
			if refund.Unassigned() && can(who, auth.Money) {
				notice.Action = ui.Action{Label: "内訳を決める", Icon: ui.IconPencil, URL: "/staff/refunds/" + refund.ID.String() + "/assign"}
			}
		}
	case orders.HoldDispute, orders.HoldLateMoney, orders.HoldUnpaid: // settled where all money is looked at
		if can(who, auth.Money) {
			notice.Action = ui.Action{Label: "お金の確認を開く", Icon: ui.IconArrowRight, URL: moneyPath}
		}
	default:
		if can(who, auth.ApproveOrders) {
			notice.Action = ui.Action{Label: "確かめたので保留を解く", URL: orderAddress(order.ID) + "/holds/" + string(hold.Reason) + "/release", Post: true}
		}
	}
	return notice
}

func (s *console) releaseHold(c echo.Context, who fulfilment.Staff) error {
	id, err := idParam[orders.OrderID](c, "order")
	if err != nil {
		return err
	}
	if _, err := s.Orders.ReleaseHold(c.Request().Context(), by(who), id, orders.HoldReason(c.Param("reason"))); err != nil {
		return err
	}
	return backTo(c, orderAddress(id), "released")
}

// mayCancel says whether this person may end the order: nothing is made of it yet, and who may not
// give money back ends only what has not been paid.
func mayCancel(order orders.Order, who fulfilment.Staff) bool {
	return order.CanBeCanceled() && can(who, auth.ApproveOrders) && (order.Captured == 0 || can(who, auth.Money))
}

func (s *console) cancel(c echo.Context, who fulfilment.Staff) error {
	order, err := s.orderOf(c)
	if err != nil {
		return err
	}
	if order.CanBeCanceled() && !mayCancel(order, who) {
		return problem.ErrForbidden
	}
	if _, err := s.Orders.Cancel(c.Request().Context(), by(who), order.ID, c.FormValue("reason")); err != nil {
		return err
	}
	return backTo(c, orderAddress(order.ID), "canceled")
}

// why says for what reason something was done, where that is known.
func why(entry orders.TimelineEntry) (string, error) {
	reason, _ := entry.Detail["reason"].(string)
	switch entry.Action {
	case "order.held", "order.released":
		hold, err := entry.Held()
		return joined(holdReasons[hold.Reason], hold.Words()), err
	case "order.canceled":
		return cancelWords(reason), nil
	case "refund.requested":
		return refundReasons[orders.RefundReason(reason)], nil
	}
	return "", nil
}

func joined(reason, words string) string {
	if words == "" {
		return reason
	}
	return reason + "　" + words
}

// cancelWords is a cancel reason as the order keeps it, in words.
func cancelWords(reason string) string {
	choices := slices.Concat(refusals, cancelReasons)
	for _, prefix := range []string{"refused:", "staff:"} {
		if key, found := strings.CutPrefix(reason, prefix); found {
			if i := slices.IndexFunc(choices, func(choice ui.Choice) bool { return choice.Value == key }); i >= 0 {
				return choices[i].Label
			}
		}
	}
	return map[string]string{"customer": "お客さまのご希望", "refunded": "全部を返金したため"}[reason]
}

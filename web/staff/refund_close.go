package staff

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"tsukuriba/api/problem"
	"tsukuriba/fulfilment"
	"tsukuriba/orders"
	"tsukuriba/web/ui"
)

// closePage asks why a refund that failed is not tried again.
type closePage struct {
	Head          ui.StaffHead
	Number, Back  string
	Address       string
	Lead          string
	Lines         []string
	Problem       string
	Given, Reason ui.Field
}

func (s *console) askClose(c echo.Context, who fulfilment.Staff) error {
	return s.closePage(c, who, http.StatusOK, nil)
}

func (s *console) closePage(c echo.Context, who fulfilment.Staff, status int, refused error) error {
	refund, order, err := s.refundOf(c)
	if err != nil {
		return err
	}
	page := closePage{
		Head: headFor(c, who, "返金を閉じる", "/staff/orders"), Number: order.Number, Back: orderAddress(order.ID),
		Address: "/staff/refunds/" + refund.ID.String() + "/close", Lines: refundLinesOf(order, refund),
		Lead: fmt.Sprintf("%s の返金が、お客さまに届きませんでした。ほかの方法で返した、お客さまが辞退されたなど、もう返さなくてよいときに閉じます。閉じた返金は、やり直せません。", refund.Amount),
		Given: ui.Field{
			Name: "given", Label: "ほかの方法で渡した金額（円）", Value: cmp.Or(c.FormValue("given"), "0"), InputMode: "numeric", Required: true,
			Hint: "現金や振り込みで渡した額です。返金の明細が作られ、お客さまにメールが届きます。Stripeの画面で返した分は入れないでください。閉じたあとに、その返金の内訳を決められます。",
		},
		Reason: ui.Field{Name: "reason", Label: "閉じる理由", Hint: "職員だけが読みます。いつ、だれが、どうしたかが、あとで分かるように。", Value: c.FormValue("reason"), Rows: 3, MaxLength: 500, Required: true},
	}
	page.explain(refund, refused)
	return render(c, status, closeForm(page))
}

// explain puts what was refused beside its field.
func (p *closePage) explain(refund orders.Refund, err error) {
	var refused *orders.FormError
	switch {
	case err == nil:
		return
	case !errors.As(err, &refused):
		p.Problem = problem.From(err, problem.Japanese).Title
		return
	}
	if refused.Fields["given"] != "" {
		p.Given.Error = fmt.Sprintf("0円から %s までの数字で入れてください。", refund.Amount)
	}
	if refused.Fields["reason"] != "" {
		p.Reason.Error = "500文字までで、わけを書いてください。"
	}
}

func (s *console) closeRefund(c echo.Context, who fulfilment.Staff) error {
	id, err := idParam[orders.RefundID](c, "refund")
	if err != nil {
		return err
	}
	closing := orders.RefundClosing{Given: typedYen(c.FormValue("given")), Reason: c.FormValue("reason")}
	refund, err := s.Orders.CloseRefund(c.Request().Context(), by(who), id, closing)
	if err != nil {
		return s.closePage(c, who, http.StatusUnprocessableEntity, err)
	}
	return backTo(c, orderAddress(refund.OrderID), "refund-closed")
}

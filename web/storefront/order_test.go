package storefront

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"tsukuriba/internal/jst"
	"tsukuriba/orders"
	"tsukuriba/web/ui"
)

func orderPageOf(lang string) orderPage {
	request := httptest.NewRequest(http.MethodGet, "/orders/secret?lang="+lang, nil)
	return orderPage{page: blankPage(echo.New().NewContext(request, httptest.NewRecorder()), ""), Back: "/orders/secret"}
}

func TestSteps(t *testing.T) {
	t.Parallel()
	for at, want := range map[orders.Step]string{
		orders.StepReceived: "受付", orders.StepChecking: "確認中", orders.StepMaking: "制作中", orders.StepFinishing: "仕上げ", orders.StepShipped: "",
	} {
		t.Run(string(at), func(t *testing.T) {
			t.Parallel()
			shipped := time.Date(2026, time.December, 2, 15, 0, 0, 0, jst.Zone)
			found := orders.Order{PlacedAt: shipped.AddDate(0, 0, -8)}
			if want == "" {
				found.ShippedAt = &shipped
			}
			now, done := "", 0
			status := orderPageOf("ja").steps(found, at)
			for _, step := range status.Steps {
				if step.State == ui.StepNow {
					now = step.Label
				}
				if step.State == ui.StepDone {
					done++
				}
			}
			if now != want || len(status.Steps) != 5 {
				t.Errorf("the order stands at %q of %d steps, want %q of 5", now, len(status.Steps), want)
			}
			if want == "" && (done != 5 || status.Steps[4].Detail != "12月\u20602日") {
				t.Errorf("a parcel that is gone has %d steps done and says %q", done, status.Steps[4].Detail)
			}
		})
	}
	if steps := orderPageOf("ja").steps(orders.Order{}, orders.StepEnded).Steps; len(steps) != 0 {
		t.Errorf("an order that ended without a parcel shows %d steps", len(steps))
	}
}

func TestTextThatWasReadWaitsForItsMoney(t *testing.T) {
	t.Parallel()
	found := orders.Order{
		State: orders.AwaitingPayment, Method: orders.Konbini, Lines: []orders.Line{{TextState: orders.TextAccepted}},
	}
	status := orderPageOf("ja").steps(found, found.Step())
	if step := status.Steps[1]; step.State != ui.StepNow || step.Detail != "文字の確認が終わり、お支払いをお待ちしています" {
		t.Errorf("the step %s is %s and says %q", step.Label, step.Said, step.Detail)
	}
}

func TestNotice(t *testing.T) {
	t.Parallel()
	until := time.Date(2026, time.November, 30, 23, 59, 59, 0, jst.Zone)
	code := orders.Payment{State: orders.PaymentCodeIssued, ExpiresAt: &until}
	for name, c := range map[string]struct {
		order  orders.Order
		says   string
		button string
	}{
		"unpaid":          {orders.Order{State: orders.AwaitingPayment, ExpiresAt: &until}, "11月\u206030日 23:59まで", "お支払いへ進む"},
		"number to get":   {orders.Order{State: orders.AwaitingPayment, Method: orders.Konbini, ExpiresAt: &until}, "11月\u206030日 23:59までに、下のボタン", "お支払い番号を受け取る"},
		"code is out":     {orders.Order{State: orders.AwaitingPayment, Payments: []orders.Payment{code}}, "11月\u206030日 23:59までに、ファミリーマート", "お支払い番号を見る"},
		"on hold":         {orders.Order{State: orders.AwaitingPayment, Holds: []orders.Hold{{}}}, "工房からメール", ""},
		"konbini review":  {orders.Order{State: orders.InReview, Method: orders.Konbini}, "お支払いのご案内", ""},
		"card review":     {orders.Order{State: orders.InReview, Method: orders.Card}, "確認したあとに請求", ""},
		"canceled":        {orders.Order{State: orders.Canceled}, "全額お返しします", "商品を見る"},
		"expired":         {orders.Order{State: orders.Expired}, "取り消されました", "商品を見る"},
		"nothing to say":  {orders.Order{State: orders.InProduction}, "", ""},
		"shipped is fact": {orders.Order{State: orders.Shipped}, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			notice := orderPageOf("ja").notice(c.order)
			if !strings.Contains(notice.Detail, c.says) || notice.Action.Label != c.button || (c.says == "") != (notice.Text == "") {
				t.Errorf("the page says %q %q [%s]", notice.Text, notice.Detail, notice.Action.Label)
			}
		})
	}
}

func TestTrackingIsShown(t *testing.T) {
	t.Parallel()
	found := orders.Order{State: orders.Shipped, Shipment: &orders.Shipment{Carrier: "クリックポスト", Tracking: "6200-1234-5678"}}
	facts := orderPageOf("en").facts(found)
	last := facts[len(facts)-1]
	if last.Name != "Tracking number" || last.Value != "6200-1234-5678" {
		t.Errorf("the last fact is %v", last)
	}
}

func TestShipPromiseEndsWithTheOrder(t *testing.T) {
	t.Parallel()
	for state, promised := range map[orders.State]bool{orders.InReview: true, orders.Ready: true, orders.Canceled: false, orders.Expired: false} {
		facts := orderPageOf("ja").facts(orders.Order{State: state})
		if last := facts[len(facts)-1]; (last.Name == "発送の予定") != promised {
			t.Errorf("an order that is %s ends with the fact %v", state, last)
		}
	}
}

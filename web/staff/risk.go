package staff

import (
	"context"
	"fmt"
	"math"

	"tsukuriba/fulfilment"
	"tsukuriba/orders"
	"tsukuriba/web/ui"
)

// riskLine is an order that is likely to be sent later than promised.
type riskLine struct {
	Order    ui.Link
	Promised string
	Likely   string
	Reason   string
}

func (s *console) riskLines(ctx context.Context) ([]riskLine, error) {
	risks, err := s.Fulfilment.AtRisk(ctx)
	if err != nil {
		return nil, err
	}
	lines := make([]riskLine, len(risks))
	for i, risk := range risks {
		lines[i] = riskLine{
			Order:    ui.Link{Label: risk.Number, URL: orderAddress(risk.OrderID)},
			Promised: day(risk.Until), Likely: day(risk.Likely), Reason: riskReason(risk),
		}
	}
	return lines, nil
}

// riskReason says in words what holds an order up.
func riskReason(risk fulfilment.Risk) string {
	days := max(int(math.Round(risk.Days)), 1)
	switch {
	case risk.Held:
		return "保留中です。保留を解くと進みます"
	case risk.State == orders.AwaitingPayment:
		return "お支払いを待っています"
	case risk.State == orders.InReview:
		return "文字の確認を待っています"
	case risk.Printing():
		return fmt.Sprintf("プリンターの順番待ちと印刷に、約%d日かかる見込みです", days)
	default:
		return fmt.Sprintf("「%s」の順番待ちと作業に、約%d日かかる見込みです", operationWords(risk.Step), days)
	}
}

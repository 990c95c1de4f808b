package api

import (
	"context"

	"tsukuriba/api/rest"
	"tsukuriba/fulfilment"
)

// ListOrdersAtRisk lists what is simulated to be later than promised.
func (a *API) ListOrdersAtRisk(ctx context.Context, _ rest.ListOrdersAtRiskRequestObject) (rest.ListOrdersAtRiskResponseObject, error) {
	risks, err := a.Fulfilment.AtRisk(ctx)
	return rest.ListOrdersAtRisk200JSONResponse{Items: each(risks, riskOf)}, err
}

func riskOf(risk fulfilment.Risk) rest.Risk {
	return rest.Risk{
		OrderID: risk.OrderID.String(), Number: risk.Number, Promised: dateOf(risk.Until), Likely: dateOf(risk.Likely),
		Step: string(risk.Step), Days: float32(risk.Days),
	}
}

package api_test

import (
	"net/http"
	"testing"

	"tsukuriba/api"
	"tsukuriba/api/rest"
	"tsukuriba/fulfilment"
)

func TestOrdersAtRisk(t *testing.T) {
	t.Parallel()
	h := open(t, api.Limits{})
	_, err := h.fulfilment.AddPrinter(t.Context(), owner, fulfilment.NewPrinter{Name: "1号機", Adapter: "manual"})
	must(t, err)
	placed, manager := h.visitor().paid("髙﨑"), h.staff(fulfilment.Manager)
	var risks rest.RiskList
	manager.want(http.MethodGet, "/staff/orders-at-risk", nil, &risks)
	if len(risks.Items) != 0 {
		t.Fatalf("at risk as soon as it was promised: %+v", risks)
	}
	_, err = h.db.ExecContext(t.Context(), `UPDATE orders SET ship_from = CURRENT_DATE - 1, ship_until = CURRENT_DATE - 1`)
	must(t, err)
	manager.want(http.MethodGet, "/staff/orders-at-risk", nil, &risks)
	if len(risks.Items) != 1 || risks.Items[0].Number != placed.Number || !risks.Items[0].Likely.After(risks.Items[0].Promised.Time) || risks.Items[0].Step == "" {
		t.Errorf("promised for yesterday: %+v", risks)
	}
}

package api_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/oapi-codegen/runtime/types"

	"tsukuriba/api"
	"tsukuriba/api/rest"
	"tsukuriba/fulfilment"
)

func TestPrices(t *testing.T) {
	t.Parallel()
	h := open(t, api.Limits{})
	manager, accounting := h.staff(fulfilment.Manager), h.staff(fulfilment.Accounting)
	from, price := time.Now().AddDate(0, 0, 10), int64(200)
	request := rest.NewPrice{Key: "click-post", ValidFrom: types.Date{Time: from}, PriceYen: &price}
	accounting.refused(403, "forbidden", http.MethodPost, "/staff/prices", request)
	var lists rest.PriceLists
	manager.want(http.MethodPost, "/staff/prices", request, &lists)
	first := lists.Items[0]
	if first.Key != "click-post" || len(first.Prices) != 2 || *first.Prices[0].PriceYen != 200 || first.Prices[0].Season != "to_come" || first.Prices[1].ConfirmedAt != nil {
		t.Fatalf("the prices are %+v", first)
	}
	manager.refused(422, "invalid_fields", http.MethodPost, "/staff/prices", request) // there is one from that day
	manager.refused(422, "invalid_fields", http.MethodPost, "/staff/prices", rest.NewPrice{Key: "yu-pack-60", ValidFrom: request.ValidFrom})
	manager.refused(404, "price_not_found", http.MethodPost, "/staff/prices", rest.NewPrice{Key: "drone", ValidFrom: request.ValidFrom})
	limit := rest.NewPrice{Key: "write-off", ValidFrom: request.ValidFrom, PriceYen: new(int64(10_000))}
	manager.refused(422, "invalid_fields", http.MethodPost, "/staff/prices", limit) // what needs a return invoice
	limit.PriceYen = new(int64(880))
	manager.want(http.MethodPost, "/staff/prices", limit, &lists)
	if last := lists.Items[len(lists.Items)-1]; last.Key != "write-off" || *last.Prices[0].PriceYen != 880 || *last.Prices[1].PriceYen != 1000 {
		t.Errorf("the limits are %+v", last)
	}
	address, begun := "/staff/prices/click-post/"+from.Format(time.DateOnly), "/staff/prices/click-post/"+first.Prices[1].ValidFrom.String()
	manager.want(http.MethodPost, begun+"/confirm", nil, &lists)
	manager.refused(409, "price_in_force", http.MethodDelete, begun, nil)
	manager.want(http.MethodDelete, address, nil, nil)
	manager.refused(404, "price_not_found", http.MethodDelete, address, nil)
	accounting.want(http.MethodGet, "/staff/prices", nil, &lists)
	if len(lists.Items[0].Prices) != 1 || lists.Items[0].Prices[0].ConfirmedAt == nil {
		t.Errorf("the prices are %+v", lists.Items[0])
	}
}

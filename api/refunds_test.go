package api_test

import (
	"net/http"
	"testing"

	"tsukuriba/api"
	"tsukuriba/api/rest"
	"tsukuriba/fulfilment"
	"tsukuriba/orders"
)

// approved is an order that is paid and may be made, by the token of its customer and its id.
func (h *house) approved(buyer, manager *visitor, text string) (token, id string) {
	h.t.Helper()
	placed := buyer.paid(text)
	var page rest.OrderPage
	manager.want(http.MethodGet, "/staff/orders?number="+placed.Number, nil, &page)
	manager.want(http.MethodPost, "/staff/orders/"+page.Items[0].ID+"/approve", nil, nil)
	h.settle()
	return placed.Token, page.Items[0].ID
}

func TestRefunds(t *testing.T) {
	t.Parallel()
	h := open(t, api.Limits{})
	buyer, manager := h.visitor(), h.staff(fulfilment.Manager)
	token, order := h.approved(buyer, manager, "はると")
	path := "/staff/orders/" + order + "/refunds"
	var money rest.OrderMoney
	manager.want(http.MethodGet, path, nil, &money)
	if len(money.Left) != 2 || money.CapturedYen != money.TotalYen || money.Left[0].LeftYen+money.Left[1].LeftYen != money.TotalYen {
		t.Fatalf("money %+v", money)
	}
	note, part := "おくれたおわび", int64(100)
	gesture := rest.RefundRequest{Lines: &[]rest.RefundPartRequest{{LineID: *money.Left[0].LineID, Quantity: 1}}, PartYen: &part, Reason: "goodwill", Note: &note}
	h.staff(fulfilment.Instructor).refused(403, "forbidden", http.MethodPost, path, gesture, idempotent("r"))
	manager.refused(422, "invalid_fields", http.MethodPost, path, rest.RefundRequest{Reason: "defect"}, idempotent("none"))
	manager.refused(422, "invalid_fields", http.MethodPost, path, map[string]any{"reason": "defect", "amount_yen": 1}, idempotent("price"))
	manager.refused(422, "invalid_fields", http.MethodPost, path, gesture) // without a key
	var refund, again rest.Refund
	manager.want(http.MethodPost, path, gesture, &refund, idempotent("one"))
	manager.want(http.MethodPost, path, gesture, &again, idempotent("one"))
	h.settle()
	manager.want(http.MethodGet, path, nil, &money)
	if refund.ID != again.ID || refund.AmountYen != 100 || refund.Lines[0].Quantity != 0 || len(money.Refunds) != 1 || money.PaidYen != money.TotalYen-100 {
		t.Errorf("refund %+v of %+v", refund, money)
	}
	if got := buyer.status(rest.PlacedOrder{Token: token}); got.RefundedYen != 100 || !got.CanCancel || got.CanClaim {
		t.Errorf("the customer sees %+v", got)
	}
	manager.refused(409, "refund_not_failed", http.MethodPost, "/staff/refunds/"+refund.ID+"/retry", nil, idempotent("again"))
	manager.refused(409, "refund_assigned", http.MethodPost, "/staff/refunds/"+refund.ID+"/assign", rest.AssignRequest{Lines: gesture.Lines}, idempotent("said"))
	manager.refused(404, "refund_not_found", http.MethodPost, "/staff/refunds/ref_0/retry", nil, idempotent("none"))
}

func TestCloseRefund(t *testing.T) {
	t.Parallel()
	h := open(t, api.Limits{})
	buyer, manager := h.visitor(), h.staff(fulfilment.Manager)
	_, order := h.approved(buyer, manager, "はると")
	path := "/staff/orders/" + order + "/refunds"
	var money rest.OrderMoney
	manager.want(http.MethodGet, path, nil, &money)
	h.stripe.HoldRefunds(true)
	var refund rest.Refund
	piece := rest.RefundRequest{Lines: &[]rest.RefundPartRequest{{LineID: *money.Left[0].LineID, Quantity: 1}}, Reason: "defect"}
	manager.want(http.MethodPost, path, piece, &refund, idempotent("ask"))
	h.settle()
	closing, said := "/staff/refunds/"+refund.ID+"/close", rest.RefundClosing{GivenYen: 100, Reason: "現金で100円を渡した"}
	manager.refused(409, "refund_not_failed", http.MethodPost, closing, said, idempotent("early"))
	var made []string
	must(t, h.db.Select(&made, `SELECT provider_id FROM refunds WHERE state = 'pending'`))
	for _, id := range made {
		must(t, h.stripe.SettleRefund(id, "failed"))
	}
	h.settle()
	h.staff(fulfilment.Instructor).refused(403, "forbidden", http.MethodPost, closing, said, idempotent("r"))
	manager.refused(422, "invalid_fields", http.MethodPost, closing, map[string]any{"given_yen": 1}, idempotent("why"))
	manager.refused(422, "invalid_fields", http.MethodPost, closing, rest.RefundClosing{GivenYen: refund.AmountYen + 1, Reason: "x"}, idempotent("much"))
	manager.refused(404, "refund_not_found", http.MethodPost, "/staff/refunds/ref_0/close", said, idempotent("none"))
	var closed, again rest.Refund
	manager.want(http.MethodPost, closing, said, &closed, idempotent("close"))
	manager.want(http.MethodPost, closing, said, &again, idempotent("once more"))
	if closed.Retryable || closed.ClosedAt == nil || closed.WaivedYen != refund.AmountYen-100 || again.WaivedYen != closed.WaivedYen {
		t.Errorf("closed %+v, again %+v", closed, again)
	}
	manager.want(http.MethodGet, path, nil, &money)
	last := money.Refunds[len(money.Refunds)-1]
	if last.Origin != rest.RefundOriginOtherMeans || last.AmountYen != 100 || money.PaidYen != money.TotalYen-100 || money.Left[0].LeftYen != 0 {
		t.Errorf("money %+v", money)
	}
}

func TestHolds(t *testing.T) {
	t.Parallel()
	h := open(t, api.Limits{})
	manager := h.staff(fulfilment.Manager)
	_, id := h.approved(h.visitor(), manager, "はると")
	var order rest.StaffOrder
	manager.want(http.MethodPost, "/staff/orders/"+id+"/holds", rest.HoldRequest{Reason: "capacity"}, &order)
	if len(order.Holds) != 1 || order.Holds[0].Words != "" || order.Holds[0].Cause != nil {
		t.Errorf("holds %+v", order.Holds)
	}
	manager.refused(422, "invalid_fields", http.MethodPost, "/staff/orders/"+id+"/holds", rest.HoldRequest{Reason: "other"})
	manager.refused(422, "invalid_fields", http.MethodPost, "/staff/orders/"+id+"/holds", rest.HoldRequest{Reason: "late_money"})
	manager.want(http.MethodDelete, "/staff/orders/"+id+"/holds/capacity", nil, &order)
	if len(order.Holds) != 0 {
		t.Errorf("holds %v", order.Holds)
	}
}

func TestCancelOrder(t *testing.T) {
	t.Parallel()
	h := open(t, api.Limits{})
	buyer, manager, instructor := h.visitor(), h.staff(fulfilment.Manager), h.staff(fulfilment.Instructor)
	token, id := h.approved(buyer, manager, "はると")
	path, request := "/staff/orders/"+id+"/cancel", rest.CancelRequest{Reason: "not_available"}
	instructor.refused(403, "forbidden", http.MethodPost, path, request) // it is paid
	manager.refused(422, "invalid_fields", http.MethodPost, path, rest.CancelRequest{Reason: "customer"})
	var order rest.StaffOrder
	manager.want(http.MethodPost, path, request, &order)
	last := order.Timeline[len(order.Timeline)-1]
	if order.State != "canceled" || *order.CancelReason != "staff:not_available" || buyer.status(rest.PlacedOrder{Token: token}).Status != "canceled" {
		t.Errorf("order %+v, at last %+v", order.State, last)
	}
	manager.refused(409, "wrong_order_state", http.MethodPost, path, request)
	_, begun := h.approved(h.visitor(), manager, "さくら")
	h.begin(begun)
	manager.refused(409, "wrong_order_state", http.MethodPost, "/staff/orders/"+begun+"/cancel", request)
}

func TestClaims(t *testing.T) {
	t.Parallel()
	h := open(t, api.Limits{})
	buyer, manager := h.visitor(), h.staff(fulfilment.Manager)
	token, id := h.approved(buyer, manager, "はると")
	seen := buyer.status(rest.PlacedOrder{Token: token})
	request := rest.ClaimRequest{LineID: *seen.Lines[0].ID, Quantity: 1, Reason: "wish", Note: "やめたいです"}
	path := "/orders/" + token + "/claims"
	buyer.refused(409, "wrong_order_state", http.MethodPost, path, request, idempotent("early"))
	h.begin(id)
	other, _ := h.approved(h.visitor(), manager, "さくら")
	strange := request
	strange.LineID = *buyer.status(rest.PlacedOrder{Token: other}).Lines[0].ID
	buyer.refused(422, "invalid_fields", http.MethodPost, path, strange, idempotent("strange"))
	var claim rest.Claim
	buyer.want(http.MethodPost, path, request, &claim, idempotent("c"))
	buyer.refused(409, "claim_open", http.MethodPost, path, request, idempotent("d"))
	var list rest.ClaimList
	manager.want(http.MethodGet, "/staff/claims", nil, &list)
	if len(list.Items) != 1 || list.Items[0].ID != claim.ID || list.Items[0].Note != "やめたいです" || list.Items[0].OrderID != id {
		t.Fatalf("claims %+v", list.Items)
	}
	accept := "/staff/claims/" + claim.ID + "/accept"
	h.staff(fulfilment.Instructor).refused(403, "forbidden", http.MethodPost, accept, rest.RemedyRequest{Remedy: "refund"}, idempotent("i"))
	manager.refused(409, "wrong_order_state", http.MethodPost, accept, rest.RemedyRequest{Remedy: "remake"}, idempotent("remake"))
	var decided rest.StaffClaim
	manager.want(http.MethodPost, accept, rest.RemedyRequest{Remedy: "refund"}, &decided, idempotent("refund"))
	if decided.State != "settled" || *decided.Remedy != "refund" {
		t.Errorf("decided %+v", decided)
	}
	manager.refused(409, "claim_decided", http.MethodPost, "/staff/claims/"+claim.ID+"/decline", rest.ClaimDecline{Reason: "as_agreed"}, idempotent("no"))
	manager.refused(409, "claim_not_ready", http.MethodPost, "/staff/claims/"+claim.ID+"/ship", rest.HandoverRequest{Carrier: "日本郵便", Tracking: "1"})
	var opened rest.StaffClaim
	manager.want(http.MethodPost, "/staff/orders/"+id+"/claims", request, &opened, idempotent("staff"))
	manager.want(http.MethodGet, "/staff/orders/"+id+"/claims", nil, &list)
	if len(list.Items) != 2 || opened.Origin != "staff" {
		t.Errorf("claims %+v", list.Items)
	}
}

// begin starts the first piece of an order.
func (h *house) begin(id string) {
	h.t.Helper()
	var order orders.OrderID
	must(h.t, order.UnmarshalText([]byte(id)))
	tx := h.db.MustBegin()
	defer tx.Rollback() //nolint:errcheck // after a commit there is nothing to roll back
	must(h.t, h.orders.Started(h.t.Context(), tx, order))
	must(h.t, tx.Commit())
}

func TestStock(t *testing.T) {
	t.Parallel()
	h := open(t, api.Limits{})
	keeper := h.staff(fulfilment.ShippingStaff)
	var list rest.ShelfList
	keeper.want(http.MethodGet, "/staff/stock", nil, &list)
	if len(list.Items) == 0 {
		t.Fatal("nothing is counted")
	}
	before, path := list.Items[0], "/staff/stock/"+list.Items[0].VariantID
	var shelf rest.Shelf
	for range 2 {
		keeper.want(http.MethodPost, path+"/receive", rest.QuantityReceived{Quantity: 5}, &shelf, idempotent("in"))
	}
	if shelf.OnHand != before.OnHand+5 {
		t.Errorf("%d and 5 are %d", before.OnHand, shelf.OnHand)
	}
	keeper.want(http.MethodPost, path+"/correct", rest.StockCorrection{Counted: 2, Reason: "棚卸し"}, &shelf, idempotent("count"))
	if shelf.OnHand != 2 {
		t.Errorf("counted 2, wrote %d", shelf.OnHand)
	}
	keeper.refused(404, "variant_not_found", http.MethodPost, "/staff/stock/var_0/receive", rest.QuantityReceived{Quantity: 5}, idempotent("no"))
	keeper.refused(422, "invalid_fields", http.MethodPost, path+"/correct", rest.StockCorrection{Counted: 2}, idempotent("why"))
}

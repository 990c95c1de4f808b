package api_test

import (
	"net/http"
	"strings"
	"testing"

	"tsukuriba/api"
	"tsukuriba/api/rest"
	"tsukuriba/fulfilment"
	"tsukuriba/internal/photo/phototest"
)

func TestThanks(t *testing.T) {
	t.Parallel()
	h := open(t, api.Limits{})
	manager, buyer := h.staff(fulfilment.Manager), h.visitor()
	hana, sora := h.member("はな", everySkill(fulfilment.Production)), h.member("そら", everySkill(fulfilment.Production))
	maker, other := h.at(manager, hana), h.at(manager, sora)

	placed := buyer.paid("はると")
	buyer.refused(409, "wrong_order_state", http.MethodPost, "/orders/"+placed.Token+"/thanks", rest.ThanksRequest{Words: "早すぎます", Agreed: true})
	var page rest.OrderPage
	manager.want(http.MethodGet, "/staff/orders", nil, &page)
	manager.want(http.MethodPost, "/staff/orders/"+page.Items[0].ID+"/approve", nil, nil)
	h.settle()
	var tasks rest.TaskList
	manager.want(http.MethodGet, "/staff/tasks", nil, &tasks)
	var offer rest.Offer
	manager.want(http.MethodPost, "/staff/offers", rest.OfferRequest{TaskID: tasks.Items[0].ID, MemberID: hana.String()}, &offer)
	maker.want(http.MethodPost, "/tablet/offers/"+offer.ID+"/accept", nil, nil)
	maker.want(http.MethodPost, "/tablet/tasks/"+offer.TaskID+"/start", nil, nil)
	_, err := h.db.ExecContext(t.Context(), `UPDATE orders SET state = 'shipped', shipped_at = now()`)
	must(t, err)

	buyer.refused(404, "order_not_found", http.MethodPost, "/orders/"+placed.Token[1:]+"A/thanks", rest.ThanksRequest{Words: "他人です", Agreed: true})
	buyer.refused(422, "invalid_fields", http.MethodPost, "/orders/"+placed.Token+"/thanks", rest.ThanksRequest{Words: "ありがとう"})
	var own rest.OwnThanks
	buyer.want(http.MethodPost, "/orders/"+placed.Token+"/thanks", rest.ThanksRequest{Words: "宝物です。090-1234-5678", TellPrefecture: new(true), Agreed: true}, &own)
	buyer.refused(409, "thanked_already", http.MethodPost, "/orders/"+placed.Token+"/thanks", rest.ThanksRequest{Words: "もう一度", Agreed: true})

	if own.HasPhoto {
		t.Error("there is a photo that nobody sent")
	}
	photo := "/orders/" + placed.Token + "/thanks/photo"
	for range 2 {
		if got := buyer.send(http.MethodPut, photo, phototest.Snapshot(t, 7), asFile); got.status != http.StatusOK {
			t.Fatalf("a photo answers %d %s", got.status, got.body)
		}
	}

	seen := func(v *visitor) string { return string(v.ask(http.MethodGet, "/tablet/thanks", nil).body) }
	for name, v := range map[string]*visitor{"who made it": maker, "somebody else": other} {
		if body := seen(v); strings.Contains(body, "宝物") || !strings.Contains(body, "items") {
			t.Errorf("nobody read it, and %s gets %s", name, body)
		}
	}
	var list rest.ThanksList
	manager.want(http.MethodGet, "/staff/thanks", nil, &list)
	if len(list.Items) != 1 || !list.Items[0].Telling || *list.Items[0].Prefecture != "北海道" || list.Items[0].State != rest.ThanksStateOpen {
		t.Fatalf("staff get %+v", list)
	}
	path := "/staff/thanks/" + list.Items[0].ID
	for _, v := range []*visitor{maker, buyer} {
		if got := v.ask(http.MethodPost, path+"/show", rest.ShowThanksRequest{}); got.status != http.StatusUnauthorized && got.status != http.StatusForbidden {
			t.Errorf("letting it through answers %d to somebody who is no staff", got.status)
		}
	}
	h.staff(fulfilment.ShippingStaff).refused(403, "forbidden", http.MethodGet, "/staff/thanks", nil)
	manager.refused(404, "thanks_not_found", http.MethodPost, "/staff/thanks/thx_x/decline", nil)
	if list.Items[0].Remarks[0].Kind != "phone" || !list.Items[0].HasPhoto {
		t.Errorf("staff get %+v", list.Items[0])
	}
	manager.want(http.MethodGet, path+"/photo", nil, nil)
	manager.want(http.MethodPost, path+"/show", rest.ShowThanksRequest{Reading: new("たからものです"), WithPhoto: new(true)}, &list)
	h.settle()
	shownPhoto := "/tablet/thanks/" + list.Items[0].ID + "/photo"
	maker.want(http.MethodGet, shownPhoto, nil, nil)
	other.refused(404, "photo_not_found", http.MethodGet, shownPhoto, nil)
	if got := buyer.send(http.MethodPut, photo, phototest.Snapshot(t, 8), asFile); got.status != http.StatusConflict || got.problem(t).Code != "thanks_read" {
		t.Errorf("another photo afterwards answers %d %s", got.status, got.body)
	}
	body := seen(maker)
	if !strings.Contains(body, "宝物です") || !strings.Contains(body, "北海道") || strings.Contains(seen(other), "宝物") {
		t.Errorf("who made it gets %s, somebody else %s", body, seen(other))
	}
	for _, secret := range []string{placed.Number, placed.Token, customer.Name, customer.Email, "札幌", page.Items[0].ID} {
		if strings.Contains(body, secret) {
			t.Errorf("a tablet gets %q", secret)
		}
	}
	manager.want(http.MethodPost, path+"/decline", nil, &list)
	if body := seen(maker); strings.Contains(body, "宝物") {
		t.Errorf("declined, and still %s", body)
	}
}

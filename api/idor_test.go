package api_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"tsukuriba/api"
	"tsukuriba/api/rest"
	"tsukuriba/fulfilment"
)

// TestOthersThings: knowing the address of somebody else's thing opens nothing.
func TestOthersThings(t *testing.T) {
	t.Parallel()
	h := open(t, api.Limits{})
	manager, buyer, other := h.staff(fulfilment.Manager), h.visitor(), h.visitor()
	hana, sora := h.member("はな", everySkill(fulfilment.Production)), h.member("そら", everySkill(fulfilment.Production))
	mine, theirs := h.at(manager, hana), h.at(manager, sora)

	placed := buyer.paid("はると")
	var page rest.OrderPage
	manager.want(http.MethodGet, "/staff/orders", nil, &page)
	order := page.Items[0].ID
	manager.want(http.MethodPost, "/staff/orders/"+order+"/approve", nil, nil)
	h.settle()
	var tasks rest.TaskList
	manager.want(http.MethodGet, "/staff/tasks", nil, &tasks)
	var offer rest.Offer
	manager.want(http.MethodPost, "/staff/offers", rest.OfferRequest{TaskID: tasks.Items[0].ID, MemberID: hana.String()}, &offer)

	t.Run("an order is found by its link alone", func(t *testing.T) {
		for _, token := range []string{order, placed.Number, placed.Token[:len(placed.Token)-1], placed.Token + "A", strings.ToLower(placed.Token) + "x"} {
			other.refused(404, "order_not_found", http.MethodGet, "/orders/"+token, nil)
			other.refused(404, "order_not_found", http.MethodPost, "/orders/"+token+"/cancel", nil, idempotent("c"))
		}
	})
	t.Run("a line is in one cart", func(t *testing.T) {
		first, second := buyer.cart("はると"), other.cart("さくら")
		path := "/carts/" + second.Token + "/lines/" + first.Lines[0].ID
		other.refused(404, "line_not_found", http.MethodDelete, path, nil)
		other.refused(404, "line_not_found", http.MethodPatch, path, rest.QuantityRequest{Quantity: 5})
		other.refused(404, "cart_not_found", http.MethodGet, "/carts/"+first.Token[1:], nil)
	})
	t.Run("an offer is for one member", func(t *testing.T) {
		theirs.refused(404, "offer_not_found", http.MethodPost, "/tablet/offers/"+offer.ID+"/accept", nil)
		theirs.refused(404, "offer_not_found", http.MethodPost, "/tablet/offers/"+offer.ID+"/decline", nil)
		theirs.refused(403, "not_your_task", http.MethodGet, "/tablet/tasks/"+offer.TaskID, nil)
		mine.want(http.MethodGet, "/tablet/tasks/"+offer.TaskID, nil, nil) // one may look before one accepts
	})
	t.Run("a task is in one hand", func(t *testing.T) {
		var task rest.WorkTask
		mine.want(http.MethodPost, "/tablet/offers/"+offer.ID+"/accept", nil, &task)
		path := "/tablet/tasks/" + task.ID
		for _, use := range []string{"/start", "/pause", "/slice", "/done", "/undo", "/release", "/help"} {
			got := theirs.ask(http.MethodPost, path+use, nil)
			if got.status != http.StatusForbidden && got.status != http.StatusConflict {
				t.Errorf("%s answered %d %s", use, got.status, got.body)
			}
		}
		theirs.refused(403, "not_your_task", http.MethodGet, path, nil)
		var after rest.WorkTask
		mine.want(http.MethodGet, path, nil, &after)
		if after.State != rest.TaskStateAccepted || after.HelpWanted != nil {
			t.Errorf("somebody else changed it: %+v", after)
		}
		picture := "/tablet/units/" + task.Pieces[0].ID + "/picture.png"
		mine.want(http.MethodGet, picture, nil, nil)
		theirs.refused(404, "unit_not_found", http.MethodGet, picture, nil)
	})
	t.Run("an id of one kind is none of another", func(t *testing.T) {
		manager.refused(404, "plate_not_found", http.MethodGet, "/staff/plates/"+order, nil)
		manager.refused(404, "order_not_found", http.MethodGet, "/staff/orders/"+tasks.Items[0].ID, nil)
		manager.refused(404, "member_not_found", http.MethodPost, "/staff/offers", rest.OfferRequest{TaskID: offer.TaskID, MemberID: order})
	})
}

// TestAddressIsForThoseWhoShip: while they need it, and each read leaves a trace.
func TestAddressIsForThoseWhoShip(t *testing.T) {
	t.Parallel()
	h := open(t, api.Limits{})
	manager, shipping := h.staff(fulfilment.Manager), h.staff(fulfilment.ShippingStaff)
	h.visitor().paid("はると")
	var page rest.OrderPage
	manager.want(http.MethodGet, "/staff/orders", nil, &page)
	path := "/staff/orders/" + page.Items[0].ID
	shipping.refused(403, "contact_closed", http.MethodGet, path+"/contact", nil)
	manager.want(http.MethodGet, path+"/contact", nil, nil)
	h.count(1, `SELECT count(*) FROM audit_entries WHERE action = 'order.contact_read' AND actor_id LIKE 'stf_%'`)
	order := manager.want(http.MethodGet, path, nil, nil)
	for _, secret := range []string{"福子", customer.Email, *customer.Street} {
		if strings.Contains(string(order.body), secret) {
			t.Errorf("the order itself tells %s", secret)
		}
	}
	manager.refused(422, "invalid_fields", http.MethodPost, path+"/refuse", map[string]string{"reason": "ugly"})
	var refused rest.StaffOrder
	manager.want(http.MethodPost, path+"/refuse", rest.RefusalRequest{Reason: "unreadable"}, &refused)
	if refused.State != rest.OrderStateCanceled || refused.Lines[0].TextState != "refused" {
		t.Errorf("%+v", refused)
	}
}

// TestOffers: what cannot be offered is refused by the name of its rule.
func TestOffers(t *testing.T) {
	t.Parallel()
	h := open(t, api.Limits{})
	manager := h.staff(fulfilment.Manager)
	h.visitor().paid("はると")
	var page rest.OrderPage
	manager.want(http.MethodGet, "/staff/orders", nil, &page)
	manager.want(http.MethodPost, "/staff/orders/"+page.Items[0].ID+"/approve", nil, nil)
	h.settle()
	var tasks rest.TaskList
	manager.want(http.MethodGet, "/staff/tasks?operation=prepare", nil, &tasks)
	task := tasks.Items[0].ID

	beginner, full := h.member("みお", everySkill(fulfilment.Trial)), h.member("はな", everySkill(fulfilment.Production))
	manager.refused(409, "stage_too_low", http.MethodPost, "/staff/offers", rest.OfferRequest{TaskID: task, MemberID: beginner.String()})
	var suggestions rest.SuggestionList
	manager.want(http.MethodGet, "/staff/suggestions", nil, &suggestions)
	for _, suggestion := range suggestions.Items {
		if suggestion.MemberID == beginner.String() {
			t.Errorf("suggested to a beginner: %+v", suggestion)
		}
	}
	var offer rest.Offer
	manager.want(http.MethodPost, "/staff/offers", rest.OfferRequest{TaskID: task, MemberID: full.String()}, &offer)
	manager.want(http.MethodDelete, "/staff/offers/"+offer.ID, nil, nil)
	manager.refused(404, "offer_not_found", http.MethodDelete, "/staff/offers/"+offer.ID, nil)
	manager.want(http.MethodPost, "/staff/offers", rest.OfferRequest{TaskID: task, MemberID: full.String()}, &offer)
	hana := h.at(manager, full)
	hana.want(http.MethodPost, "/tablet/offers/"+offer.ID+"/decline", rest.DeclineRequest{NotToday: new(true)}, nil)
	manager.refused(409, "not_today", http.MethodPost, "/staff/offers", rest.OfferRequest{TaskID: task, MemberID: full.String()})

	var member rest.Member
	manager.want(http.MethodPut, "/staff/members/"+beginner.String()+"/stages/prepare", rest.StageRequest{Stage: rest.Production}, &member)
	if member.Stages["prepare"] != rest.Production {
		t.Errorf("%+v", member)
	}
	manager.want(http.MethodPost, "/staff/members/"+beginner.String()+"/attendance", rest.AttendanceRequest{Present: false}, &member)
	manager.refused(409, "member_absent", http.MethodPost, "/staff/offers", rest.OfferRequest{TaskID: task, MemberID: beginner.String()})
	hana.want(http.MethodPut, "/tablet/mood", rest.MoodRequest{Mood: rest.NoAnswer}, nil)
}

// eventually waits until something holds.
func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !done(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("in vain: %s", what)
		}
	}
}

package api_test

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tsukuriba/api"
	"tsukuriba/api/rest"
	"tsukuriba/fulfilment"
)

// TestLine goes from a typed name to a parcel, with the real slicer.
func TestLine(t *testing.T) {
	t.Parallel()
	h := open(t, api.Limits{})
	buyer, manager := h.visitor(), h.staff(fulfilment.Manager)
	spools(h, "kinari", "matsuba")
	_, err := h.fulfilment.AddPrinter(t.Context(), owner, fulfilment.NewPrinter{Name: "1号機", Adapter: "manual"})
	must(t, err)
	team := []*visitor{
		h.at(manager, h.member("はな", everySkill(fulfilment.Production))),
		h.at(manager, h.member("そら", everySkill(fulfilment.Production))),
	}

	placed := buyer.paid("髙﨑")
	if got := buyer.status(placed); got.Status != rest.CustomerStatusChecking || got.StatusText != "確認中" || !got.CanCancel {
		t.Fatalf("paid: %+v", got)
	}
	var page rest.OrderPage
	manager.want(http.MethodGet, "/staff/orders?state=in_review", nil, &page)
	if len(page.Items) != 1 || page.Items[0].Number != placed.Number {
		t.Fatalf("in review: %+v", page)
	}
	path := "/staff/orders/" + page.Items[0].ID
	var order rest.StaffOrder
	manager.want(http.MethodPost, path+"/approve", nil, &order)
	h.settle()
	manager.want(http.MethodGet, path, nil, &order)
	if order.State != rest.OrderStateApproved || order.PaidYen != order.TotalYen || len(order.Units) != 1 || *order.Lines[0].Text != "髙﨑" {
		t.Fatalf("approved: %+v", order)
	}
	if got := buyer.status(placed); got.StatusText != "制作中" {
		t.Errorf("approved: %+v", got)
	}

	seen := makeAll(t, h, manager, team)

	if got := buyer.status(placed); got.StatusText != "仕上げ" || got.CanCancel {
		t.Errorf("packed: %+v", got)
	}
	var contact rest.Contact
	manager.want(http.MethodGet, path+"/contact", nil, &contact)
	if contact.Name != customer.Name || *contact.PostalCode != "0600001" || *contact.Phone != "09012345678" {
		t.Errorf("contact: %+v", contact)
	}
	manager.want(http.MethodPost, path+"/ship", rest.HandoverRequest{Carrier: "日本郵便", Tracking: "6300-1"}, &order)
	h.settle()
	if got := buyer.status(placed); got.StatusText != "発送済み" || *got.Tracking != "6300-1" {
		t.Errorf("shipped: %+v", got)
	}
	manager.refused(409, "wrong_order_state", http.MethodPost, path+"/approve", nil)
	nothingOfTheCustomer(t, seen, placed, order)
}

func spools(h *house, colors ...string) {
	h.t.Helper()
	for i, color := range colors {
		_, err := h.fulfilment.AddSpool(h.t.Context(), owner, fulfilment.NewSpool{
			Lot: fmt.Sprint("L-", i), Material: "PLA", Color: color, Grams: 1000,
		})
		must(h.t, err)
	}
}

// makeAll has the team do every task there is, and returns all that their tablets were told.
func makeAll(t *testing.T, h *house, manager *visitor, team []*visitor) (seen []string) {
	t.Helper()
	for range 40 {
		h.settle()
		var plates rest.PlateList
		manager.want(http.MethodGet, "/staff/plates", nil, &plates)
		for _, plate := range plates.Items {
			if plate.State == rest.PlateStateSliced {
				manager.want(http.MethodPost, "/staff/plates/"+plate.ID+"/approve", nil, nil)
			}
		}
		var tasks rest.TaskList
		manager.want(http.MethodGet, "/staff/tasks", nil, &tasks)
		if len(tasks.Items) == 0 {
			return seen
		}
		seen = append(seen, offerAndDo(t, h, manager, team, tasks.Items[0])...)
	}
	t.Fatal("the work never ends")
	return nil
}

// offerAndDo offers a task to whoever may take it, who does it.
func offerAndDo(t *testing.T, h *house, manager *visitor, team []*visitor, task rest.Task) []string {
	t.Helper()
	for _, member := range team {
		var faces rest.FaceList
		member.want(http.MethodGet, "/tablet/members", nil, &faces)
		var work rest.Work
		got := manager.ask(http.MethodPost, "/staff/offers", rest.OfferRequest{TaskID: task.ID, MemberID: memberID(faces, team, member)})
		if got.status == http.StatusConflict {
			continue
		}
		seen := []string{string(member.want(http.MethodGet, "/tablet/work", nil, &work).body)}
		return append(seen, do(t, h, member, work.Offers[0].ID)...)
	}
	t.Fatalf("nobody may take %s", task.Operation)
	return nil
}

// memberID finds who holds a tablet: the members are listed by reading, as the team was seated.
func memberID(faces rest.FaceList, team []*visitor, member *visitor) string {
	names := []string{"はな", "そら"}
	name := names[slices.Index(team, member)]
	return faces.Items[slices.IndexFunc(faces.Items, func(f rest.Face) bool { return f.Nickname == name })].ID
}

func do(t *testing.T, h *house, member *visitor, offer string) (seen []string) {
	t.Helper()
	var task rest.WorkTask
	note := func(got answer) { seen = append(seen, string(got.body)) }
	note(member.want(http.MethodPost, "/tablet/offers/"+offer+"/accept", nil, &task))
	path := "/tablet/tasks/" + task.ID
	note(member.want(http.MethodPost, path+"/start", nil, &task))
	if len(task.Pieces) > 0 {
		picture := strings.TrimPrefix(task.Pieces[0].PictureURL, api.BasePath)
		if got := member.want(http.MethodGet, picture, nil, nil); !strings.HasPrefix(string(got.body), "\x89PNG") {
			t.Error("the picture of a piece is no PNG")
		}
	}
	if task.Operation == "slice" {
		note(member.want(http.MethodPost, path+"/slice", nil, &task))
		h.settle()
		note(member.want(http.MethodGet, path, nil, &task))
	}
	note(member.want(http.MethodPost, path+"/pause", nil, &task))
	note(member.want(http.MethodPost, path+"/help", nil, &task))
	note(member.want(http.MethodPost, path+"/start", nil, &task))
	note(member.want(http.MethodPost, path+"/done", said(task), &task))
	h.settle()
	return seen
}

// said is what a careful person says of a task that went well.
func said(task rest.WorkTask) rest.DoneRequest {
	var done rest.DoneRequest
	switch task.Operation {
	case "set_up":
		done.PrinterID, done.BaseSpoolID, done.TextSpoolID = &(*task.Printers)[0].Key, &(*task.BaseSpools)[0].Key, &(*task.TextSpools)[0].Key
	case "remove":
		done.Outcome = new(rest.DoneRequestOutcomeDone)
	case "prepare", "sort", "finish", "inspect", "pack":
		pieces := []rest.DonePiece{}
		for _, piece := range task.Pieces {
			pieces = append(pieces, rest.DonePiece{UnitID: piece.ID, Code: &piece.Code, Result: rest.Ok})
		}
		done.Pieces = &pieces
	}
	return done
}

// anyID is what is random in an answer, and may by chance have any short word in it.
var anyID = regexp.MustCompile(`\b(?:tsk|off|unt|plt|pj|art|mem|spl|prn|run|des)_[0-9a-z]{26}`)

// nothingOfTheCustomer: rule 4 of the design, and rule 2: no dates either.
func nothingOfTheCustomer(t *testing.T, seen []string, placed rest.PlacedOrder, order rest.StaffOrder) {
	t.Helper()
	if len(seen) < 40 {
		t.Fatalf("only %d answers were seen", len(seen))
	}
	never := []string{
		"福子", customer.Email, "1234", "0600001", *customer.Street, *customer.Building, "北海道", placed.Number, order.ID, placed.Token,
		fmt.Sprint(order.TotalYen), fmt.Sprint(order.GoodsYen), "yen", "¥", order.Ships.From.String(), order.Ships.Until.String(), "T00:", "customer", "order",
	}
	for _, answer := range seen {
		answer = anyID.ReplaceAllString(answer, "")
		for _, secret := range never {
			if strings.Contains(answer, secret) {
				t.Errorf("a tablet was told %q: %.300s", secret, answer)
			}
		}
	}
}

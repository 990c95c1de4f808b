package api_test

import (
	"bytes"
	"net/http"
	"testing"

	"tsukuriba/api"
	"tsukuriba/api/rest"
	"tsukuriba/fulfilment"
	"tsukuriba/internal/photo"
	"tsukuriba/internal/photo/phototest"
)

var asFile = header{"Content-Type", "application/octet-stream"}

// refusedFile sends a body as it is, which must be answered with a status and a code.
func (v *visitor) refusedFile(status int, code, path string, body []byte, headers ...header) {
	v.t.Helper()
	if got := v.send(http.MethodPost, path, body, headers...); got.status != status || got.problem(v.t).Code != code {
		v.t.Errorf("%s answered %d %.300s, want %d %s", path, got.status, got.body, status, code)
	}
}

func TestClaimPhotos(t *testing.T) {
	t.Parallel()
	h := open(t, api.Limits{})
	manager, shipping, buyer, other := h.staff(fulfilment.Manager), h.staff(fulfilment.ShippingStaff), h.visitor(), h.visitor()
	placed, stranger := buyer.paid("はると"), other.paid("さくら")
	_, err := h.db.ExecContext(t.Context(), `UPDATE orders SET state = 'shipped', shipped_at = now()`)
	must(t, err)
	var page rest.OrderPage
	manager.want(http.MethodGet, "/staff/orders", nil, &page)
	var order rest.StaffOrder
	for _, item := range page.Items {
		if item.Number == placed.Number {
			manager.want(http.MethodGet, "/staff/orders/"+item.ID, nil, &order)
		}
	}
	request := rest.ClaimRequest{LineID: order.Lines[0].ID, Quantity: 1, Reason: "broken", Note: "われて いました"}
	var claim rest.Claim
	buyer.want(http.MethodPost, "/orders/"+placed.Token+"/claims", request, &claim, idempotent("claim"))
	if claim.Photos == nil || len(claim.Photos) != 0 {
		t.Errorf("a new claim has %+v", claim.Photos)
	}

	own, staff := "/orders/"+placed.Token+"/claims/"+claim.ID+"/photos", "/staff/claims/"+claim.ID+"/photos"
	for range 2 { // the answer may be lost
		if got := buyer.send(http.MethodPost, own, phototest.Snapshot(t, 9), asFile); got.status != http.StatusCreated {
			t.Fatalf("adding answered %d %s", got.status, got.body)
		}
	}
	if got := buyer.send(http.MethodGet, own+"/1", nil); got.status != http.StatusOK || got.header.Get("Cache-Control") != "no-store" || !bytes.HasPrefix(got.body, []byte("\xff\xd8\xff")) {
		t.Errorf("one's own photo answers %d, %v", got.status, got.header)
	}
	buyer.refusedFile(422, "photo_type", own, []byte("<svg/>"), asFile)
	buyer.refusedFile(422, "photo_heic", own, []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00"), asFile)
	buyer.refusedFile(422, "photo_damaged", own, phototest.Snapshot(t, 1)[:100], asFile)
	buyer.refusedFile(413, "photo_too_large", own, make([]byte, photo.MaxBytes+1), asFile)
	buyer.refusedFile(413, "body_too_large", own, make([]byte, photo.MaxBytes+2), asFile)
	buyer.refusedFile(415, "unsupported_content_type", own, []byte(`{}`))
	buyer.refusedFile(400, "invalid_json", own, nil, asFile)
	other.refusedFile(404, "claim_not_found", "/orders/"+stranger.Token+"/claims/"+claim.ID+"/photos", phototest.Snapshot(t, 2), asFile)
	other.refusedFile(404, "order_not_found", "/orders/"+claim.ID+"/claims/"+claim.ID+"/photos", phototest.Snapshot(t, 2), asFile)
	other.refused(404, "claim_not_found", http.MethodGet, "/orders/"+stranger.Token+"/claims/"+claim.ID+"/photos/1", nil)
	buyer.refused(404, "photo_not_found", http.MethodGet, own+"/2", nil)
	buyer.refused(422, "invalid_fields", http.MethodGet, own+"/0", nil)

	if got := manager.send(http.MethodPost, staff, phototest.Snapshot(t, 40), asFile); got.status != http.StatusCreated {
		t.Fatalf("staff's photo answered %d %s", got.status, got.body)
	}
	shipping.refusedFile(403, "forbidden", staff, phototest.Snapshot(t, 50), asFile)
	var list rest.ClaimList
	manager.want(http.MethodGet, "/staff/claims", nil, &list)
	if photos := list.Items[0].Photos; len(photos) != 2 || photos[0].Origin != "customer" || photos[1].Origin != "staff" {
		t.Errorf("staff see %+v", photos)
	}
	manager.want(http.MethodGet, staff+"/2", nil, nil)
	buyer.refused(404, "photo_not_found", http.MethodGet, own+"/2", nil) // what staff were given is theirs
	buyer.refused(401, "not_signed_in", http.MethodGet, staff+"/1", nil)
}

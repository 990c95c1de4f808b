package fulfilment_test

import (
	"errors"
	"testing"

	"tsukuriba/fulfilment"
	"tsukuriba/orders"
)

// thanked is how many messages a member can read.
func (w *workshop) thanked(member fulfilment.MemberID) []fulfilment.Thanks {
	w.t.Helper()
	found, err := w.ThanksFor(w.t.Context(), member)
	must(w.t, err)
	return found
}

func TestThanksReachWhoWorkedOnIt(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	order := w.order(1, "はる")
	link := w.link
	w.do(fulfilment.OpPrepare, w.aoi, fulfilment.Result{})
	w.exec(`UPDATE orders SET state = 'shipped', shipped_at = now() WHERE id = $1`, order)
	written, err := w.orders.ThankByCustomer(t.Context(), link, orders.ThanksRequest{Words: "宝物です", TellPrefecture: true, Agreed: true})
	must(t, err)
	w.settle()
	if seen := w.thanked(w.aoi); len(seen) != 0 {
		t.Fatalf("nobody has read it, and a member sees %+v", seen)
	}
	for range 2 { // staff may press twice, and a job may run twice
		must(t, w.orders.ShowThanks(t.Context(), w.staff, written.ID, orders.Showing{Reading: "たからものです"}))
		w.settle()
	}
	if seen := w.thanked(w.aoi); len(seen) != 1 || seen[0] != (fulfilment.Thanks{ID: written.ID, Words: "宝物です", Reading: "たからものです", Prefecture: "北海道"}) {
		t.Errorf("who prepared it sees %+v", seen)
	}
	if seen := w.thanked(w.sora); len(seen) != 0 {
		t.Errorf("who had nothing to do with it sees %+v", seen)
	}
	if _, err := w.ThanksPhotoFor(t.Context(), w.aoi, written.ID); !errors.Is(err, orders.ErrPhotoNotFound) {
		t.Errorf("without a photo: %v", err)
	}
	must(t, w.orders.DeclineThanks(t.Context(), w.staff, written.ID))
	if seen := w.thanked(w.aoi); len(seen) != 0 {
		t.Errorf("declined, and still seen: %+v", seen)
	}
}

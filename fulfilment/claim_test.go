package fulfilment_test

import (
	"errors"
	"testing"

	"tsukuriba/fulfilment"
	"tsukuriba/orders"
)

// packed takes a sliced plate whose pieces all come out well to packed bags.
func (w *workshop) packed() {
	w.t.Helper()
	w.printed(w.sliced())
	w.judge(fulfilment.OpSort, w.sora, fulfilment.VerdictOK)
	for _, task := range w.allOpen(fulfilment.OpFinish) {
		w.take(task, w.aoi)
		_, err := w.Submit(w.t.Context(), w.aoi, task.ID, fulfilment.Result{})
		must(w.t, err)
	}
	for _, task := range w.allOpen(fulfilment.OpInspect) {
		w.take(task, w.sora)
		_, err := w.Submit(w.t.Context(), w.sora, task.ID, w.verdicts(task.ID, w.sora, fulfilment.VerdictOK))
		must(w.t, err)
	}
	w.settle()
	w.judge(fulfilment.OpPack, w.ren, fulfilment.VerdictOK)
}

var byPost = orders.Handover{Carrier: "日本郵便", Tracking: "1234"}

// claimed is a shipped order of pieces and a claim about some of them.
func (w *workshop) claimed(ordered, wrong int) (orders.OrderID, orders.Claim) {
	w.t.Helper()
	ctx := w.t.Context()
	order := w.order(ordered, "はると")
	w.packed()
	_, err := w.orders.Ship(ctx, w.staff, order, byPost)
	must(w.t, err)
	w.settle()
	read, err := w.orders.Order(ctx, order)
	must(w.t, err)
	claim, err := w.orders.ClaimByCustomer(ctx, w.link, orders.ClaimRequest{
		Line: read.Lines[0].ID, Quantity: wrong, Reason: "broken", Note: "ピンが とれて いました",
	})
	must(w.t, err)
	return order, claim
}

func TestRemake(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	ctx := t.Context()
	order, claim := w.claimed(3, 2)
	if _, err := w.orders.ShipClaim(ctx, w.staff, claim.ID, byPost); !errors.Is(err, orders.ErrClaimNotReady) {
		t.Errorf("a claim nobody decided was shipped: %v", err)
	}
	_, err := w.orders.AcceptClaim(ctx, w.staff, claim.ID, orders.RemedyRemake)
	must(t, err)
	w.settle()
	must(t, w.IntakeClaim(ctx, orders.ClaimAccepted{OrderID: order, ClaimID: claim.ID})) // told twice
	if got := w.states(order); got[fulfilment.UnitOwed] != 2 || got[fulfilment.UnitShipped] != 3 {
		t.Fatalf("pieces: %v", got)
	}
	if task := w.open(fulfilment.OpPrepare); task.ClaimID != claim.ID || len(task.Units) != 2 {
		t.Errorf("the first task is about %d pieces of claim %s", len(task.Units), task.ClaimID)
	}
	w.packed()
	w.expect(order, orders.Shipped)
	read, err := w.orders.Claim(ctx, claim.ID)
	must(t, err)
	if read.State != orders.ClaimReady || read.Note != claim.Note {
		t.Fatalf("the claim is %s: %q", read.State, read.Note)
	}
	w.sound()
	settled, err := w.orders.ShipClaim(ctx, w.staff, claim.ID, byPost)
	must(t, err)
	w.settle()
	if got := w.states(order); got[fulfilment.UnitShipped] != 5 || settled.State != orders.ClaimSettled || settled.Shipment == nil {
		t.Errorf("pieces: %v, claim %+v", got, settled)
	}
	if after, err := w.orders.Order(ctx, order); err != nil || after.State != orders.Shipped || after.Paid != after.Total {
		t.Errorf("the order is %s, paid %s, %v", after.State, after.Paid, err)
	}
	w.sound()
}

func TestRemadePieceThatIsScrapped(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	order, claim := w.claimed(1, 1)
	_, err := w.orders.AcceptClaim(t.Context(), w.staff, claim.ID, orders.RemedyRemake)
	must(t, err)
	w.settle()
	w.printed(w.sliced())
	w.judge(fulfilment.OpSort, w.sora, fulfilment.VerdictRemake)
	if got := w.states(order); got[fulfilment.UnitScrapped] != 1 || got[fulfilment.UnitPlanned] != 1 || got[fulfilment.UnitShipped] != 1 {
		t.Errorf("pieces: %v", got)
	}
	units, err := w.UnitsOfOrder(t.Context(), order)
	must(t, err)
	for _, unit := range units {
		if (unit.State == fulfilment.UnitShipped) != unit.ClaimID.IsZero() {
			t.Errorf("%s is %s for claim %q", unit.Code, unit.State, unit.ClaimID)
		}
	}
	w.sound()
}

func TestRemakeWaitsForAHold(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	order, claim := w.claimed(1, 1)
	_, err := w.orders.Hold(t.Context(), w.staff, order, orders.HoldFraud, "")
	must(t, err)
	_, err = w.orders.AcceptClaim(t.Context(), w.staff, claim.ID, orders.RemedyRemake)
	must(t, err)
	w.settle()
	w.prepared()
	if tasks := w.allOpen(fulfilment.OpArrange); len(tasks) != 0 {
		t.Errorf("%d plates are planned for an order on hold", len(tasks))
	}
	_, err = w.orders.ReleaseHold(t.Context(), w.staff, order, orders.HoldFraud)
	must(t, err)
	must(t, w.ProposePlatesNow(t.Context()))
	w.open(fulfilment.OpArrange)
	w.sound()
}

// refund gives so many pieces of a line back.
func (w *workshop) refund(id orders.OrderID, line, quantity int) {
	w.t.Helper()
	order, err := w.orders.Order(w.t.Context(), id)
	must(w.t, err)
	_, err = w.orders.RequestRefund(w.t.Context(), w.staff, orders.RefundOrder{
		Order: id, Reason: "unavailable", Parts: []orders.RefundPart{{Kind: orders.PartLine, LineID: order.Lines[line].ID, Quantity: quantity}},
	})
	must(w.t, err)
	w.settle()
}

func TestRefundedPiecesAreNotMade(t *testing.T) {
	t.Parallel()
	t.Run("before anybody touched them", func(t *testing.T) {
		t.Parallel()
		w := newWorkshop(t)
		order := w.order(3, "はると")
		w.refund(order, 0, 2)
		if task := w.open(fulfilment.OpPrepare); len(task.Units) != 1 {
			t.Errorf("the task is about %d pieces", len(task.Units))
		}
		must(t, w.Intake(t.Context(), orders.OrderApproved{OrderID: order}))
		if got := w.states(order); got[fulfilment.UnitOwed] != 1 || got[fulfilment.UnitScrapped] != 2 {
			t.Errorf("pieces: %v", got)
		}
		w.sound()
	})
	t.Run("on a plate, whose other pieces are placed anew", func(t *testing.T) {
		t.Parallel()
		w := newWorkshop(t)
		order := w.order(1, "はると", "さくら")
		w.sliced()
		w.refund(order, 1, 1)
		plates, err := w.Plates(t.Context())
		must(t, err)
		if got := w.states(order); len(plates) != 1 || len(plates[0].Units) != 1 || got[fulfilment.UnitScrapped] != 1 {
			t.Errorf("%d plates, pieces: %v", len(plates), got)
		}
		w.packed()
		w.expect(order, orders.Ready)
		w.sound()
	})
	t.Run("what is being made is finished", func(t *testing.T) {
		t.Parallel()
		w := newWorkshop(t)
		order := w.order(1, "はると", "さくら")
		plate := w.sliced()
		w.setUp(plate, w.manual)
		w.do(fulfilment.OpStart, w.aoi, fulfilment.Result{})
		w.refund(order, 1, 1)
		if got := w.states(order); got[fulfilment.UnitPrinting] != 2 {
			t.Errorf("pieces: %v", got)
		}
		w.expect(order, orders.InProduction)
		w.sound()
	})
	t.Run("the last piece scrapped after its refund ends the order", func(t *testing.T) {
		t.Parallel()
		w := newWorkshop(t)
		order := w.order(1, "はると")
		w.printed(w.sliced())
		w.refund(order, 0, 1)
		w.expect(order, orders.InProduction)
		w.judge(fulfilment.OpSort, w.sora, fulfilment.VerdictRemake)
		w.expect(order, orders.Canceled)
		if read, err := w.orders.Order(t.Context(), order); err != nil || read.Paid != 0 {
			t.Errorf("%s was kept, %v", read.Paid, err)
		}
		w.sound()
	})
	t.Run("all of an order cancels it", func(t *testing.T) {
		t.Parallel()
		w := newWorkshop(t)
		order := w.order(2, "はると")
		w.sliced()
		w.refund(order, 0, 2)
		w.expect(order, orders.Canceled)
		if got := w.states(order); got[fulfilment.UnitScrapped] != 2 {
			t.Errorf("pieces: %v", got)
		}
		w.sound()
	})
}

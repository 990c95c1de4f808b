package orders_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"tsukuriba/catalog"
	"tsukuriba/orders"
)

// shipped is an order of these lines that has left the house.
func (s *shop) shipped(lines ...orders.LineRequest) orders.Placed {
	s.t.Helper()
	placed := s.paid(lines...)
	for _, step := range []func(*sqlx.Tx) error{
		func(tx *sqlx.Tx) error { return s.Started(s.t.Context(), tx, placed.Order.ID) },
		func(tx *sqlx.Tx) error { return s.AllGood(s.t.Context(), tx, placed.Order.ID) },
	} {
		must(s.t, s.inTx(step))
	}
	_, err := s.Ship(s.t.Context(), staff, placed.Order.ID, orders.Handover{Carrier: "日本郵便", Tracking: "1"})
	must(s.t, err)
	return placed
}

func claimOn(order orders.Order, line int) orders.ClaimRequest {
	return orders.ClaimRequest{Line: order.Lines[line].ID, Quantity: 1, Reason: "broken", Note: "われて いました。\r\n写真も あります。"}
}

func TestClaimByCustomer(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.shipped(s.tag(), s.magnet(2))
	order := s.order(placed)
	claim, err := s.ClaimByCustomer(t.Context(), placed.LinkToken, claimOn(order, 0))
	must(t, err)
	if _, err := s.ClaimByCustomer(t.Context(), placed.LinkToken, claimOn(order, 0)); !errors.Is(err, orders.ErrClaimOpen) {
		t.Errorf("the same again: %v", err)
	}
	claims, err := s.Claims(t.Context(), order.ID)
	must(t, err)
	if len(claims) != 1 || claims[0].ID != claim.ID || claims[0].Note != "われて いました。\n写真も あります。" || claims[0].Origin != "customer" {
		t.Errorf("claims %+v", claims)
	}
	if leaked := s.count(`SELECT count(*) FROM claims WHERE words_sealed LIKE '%' || convert_to('われて', 'UTF8') || '%'`); leaked != 0 {
		t.Error("the words are stored as they were written")
	}
	s.clock.Advance(61 * 24 * time.Hour)
	if _, err := s.ClaimByCustomer(t.Context(), placed.LinkToken, claimOn(order, 1)); !errors.Is(err, orders.ErrClaimTooLate) {
		t.Errorf("after 61 days: %v", err)
	}
	_, err = s.OpenClaim(t.Context(), staff, order.ID, claimOn(order, 1)) // staff may be kinder
	must(t, err)
	s.sound()
}

func TestClaimRefuses(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.shipped(s.magnet(1), s.tag())
	order := s.order(placed)
	for want, spoil := range map[string]func(*orders.ClaimRequest){
		"line: unknown":     func(r *orders.ClaimRequest) { r.Line = orders.LineID{9} },
		"quantity: invalid": func(r *orders.ClaimRequest) { r.Quantity = 2 },
		"reason: unknown":   func(r *orders.ClaimRequest) { r.Reason = "x" },
		"reason: required":  func(r *orders.ClaimRequest) { r.Reason = "" },
		"note: required":    func(r *orders.ClaimRequest) { r.Note = " \n" },
		"note: too_long":    func(r *orders.ClaimRequest) { r.Note = strings.Repeat("あ", 1001) },
		"note: invalid":     func(r *orders.ClaimRequest) { r.Note = "a\x00b" },
	} {
		request := claimOn(order, 0)
		spoil(&request)
		var refused *orders.FormError
		if _, err := s.ClaimByCustomer(t.Context(), placed.LinkToken, request); !errors.As(err, &refused) || !strings.HasSuffix(refused.Error(), want) {
			t.Errorf("want %s: %v", want, err)
		}
	}
	young := s.approved()
	if _, err := s.ClaimByCustomer(t.Context(), young.LinkToken, claimOn(s.order(young), 0)); !errors.Is(err, orders.ErrWrongState) {
		t.Errorf("what can still be canceled: %v", err)
	}
}

func TestClaimBeforeShipping(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.approved()
	must(t, s.inTx(func(tx *sqlx.Tx) error { return s.Started(t.Context(), tx, placed.Order.ID) }))
	request := claimOn(s.order(placed), 0)
	var refused *orders.FormError
	if _, err := s.ClaimByCustomer(t.Context(), placed.LinkToken, request); !errors.As(err, &refused) {
		t.Errorf("broken before it was sent: %v", err)
	}
	request.Reason = "wish"
	claim, err := s.ClaimByCustomer(t.Context(), placed.LinkToken, request)
	must(t, err)
	if _, err := s.AcceptClaim(t.Context(), staff, claim.ID, orders.RemedyRemake); !errors.Is(err, orders.ErrWrongState) {
		t.Errorf("a remake of what was not sent: %v", err)
	}
	_, err = s.AcceptClaim(t.Context(), staff, claim.ID, orders.RemedyRefund)
	must(t, err)
	s.settle()
	order := s.order(placed)
	if order.Wanted(order.Lines[0].ID) != 0 || order.Paid != order.Shipping {
		t.Errorf("%d are still wanted, %s is left", order.Wanted(order.Lines[0].ID), order.Paid)
	}
	s.sound()
}

func TestAcceptClaimRefunds(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.shipped(s.tags(2))
	claim, err := s.ClaimByCustomer(t.Context(), placed.LinkToken, claimOn(s.order(placed), 0))
	must(t, err)
	outcomes := s.interleave(placed,
		func() error { _, err := s.AcceptClaim(t.Context(), staff, claim.ID, orders.RemedyRefund); return err },
		func() error { _, err := s.AcceptClaim(t.Context(), staff, claim.ID, orders.RemedyRefund); return err },
		func() error { _, err := s.DeclineClaim(t.Context(), staff, claim.ID, "as_agreed"); return err },
	)
	decided := 0
	for _, err := range outcomes {
		if err == nil {
			decided++
		} else if !errors.Is(err, orders.ErrClaimDecided) {
			t.Error(err)
		}
	}
	s.settle()
	order := s.order(placed)
	if decided != 1 || order.Paid != order.Total && order.Paid != order.Total-1100 || order.State != orders.Shipped {
		t.Errorf("%d decided, %s of %s is left, the order is %s", decided, order.Paid, order.Total, order.State)
	}
	s.sound()
}

func TestRemakeFromTheShelf(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.shipped(s.tag(), s.magnet(2))
	claim, err := s.ClaimByCustomer(t.Context(), placed.LinkToken, claimOn(s.order(placed), 1))
	must(t, err)
	exec(t, s.db, `UPDATE variants SET on_hand = reserved WHERE id = $1`, s.goods.magnet)
	var none *catalog.OutOfStockError
	if _, err := s.AcceptClaim(t.Context(), staff, claim.ID, orders.RemedyRemake); !errors.As(err, &none) {
		t.Errorf("from an empty shelf: %v", err)
	}
	if _, err := s.RemakeSlip(t.Context(), staff, claim.ID); !errors.Is(err, orders.ErrClaimNotReady) {
		t.Errorf("a slip for nothing: %v", err)
	}
	exec(t, s.db, `UPDATE variants SET on_hand = 4 WHERE id = $1`, s.goods.magnet)
	accepted, err := s.AcceptClaim(t.Context(), staff, claim.ID, orders.RemedyRemake)
	must(t, err)
	if left := s.count(`SELECT on_hand FROM variants WHERE id = $1`, s.goods.magnet); left != 3 || accepted.State != orders.ClaimReady {
		t.Errorf("%d are left, the claim is %s", left, accepted.State)
	}
	s.clock.Advance(15 * 24 * time.Hour)
	must(t, s.CompleteShipped(t.Context()))
	s.expect(placed, orders.Shipped) // something is still to be sent
	if _, err := s.ContactForShipping(t.Context(), staff, placed.Order.ID); err != nil {
		t.Errorf("the address of what is still to be sent: %v", err)
	}
	slip, err := s.RemakeSlip(t.Context(), staff, claim.ID)
	must(t, err)
	if text := written(t, slip.File); !strings.Contains(text, "新しくご用意した") || !strings.Contains(text, "神田 はると") || !strings.Contains(text, "magnet") || strings.Contains(text, "¥") || strings.Contains(text, "name-tag") {
		t.Errorf("the slip says %q", text)
	}
	_, err = s.ShipClaim(t.Context(), staff, claim.ID, orders.Handover{Carrier: "日本郵便", Tracking: "2"})
	must(t, err)
	if _, err := s.RemakeSlip(t.Context(), staff, claim.ID); err != nil { // it may be printed again
		t.Error(err)
	}
	must(t, s.CompleteShipped(t.Context()))
	s.expect(placed, orders.Completed)
	order := s.order(placed)
	if order.Shipment == nil || order.Shipment.Tracking != "1" {
		t.Errorf("the order's own parcel is %+v", order.Shipment)
	}
	s.sound()
}

func TestRemakeOfWhatWasRefunded(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.shipped(s.tag())
	claim, err := s.ClaimByCustomer(t.Context(), placed.LinkToken, claimOn(s.order(placed), 0))
	must(t, err)
	_, err = s.RequestRefund(t.Context(), staff, refundOf(s.order(placed), 1))
	must(t, err)
	if _, err := s.AcceptClaim(t.Context(), staff, claim.ID, orders.RemedyRemake); !errors.Is(err, orders.ErrLineRefunded) {
		t.Errorf("both money and a new piece: %v", err)
	}
	_, err = s.DeclineClaim(t.Context(), staff, claim.ID, "because")
	if !errors.Is(err, orders.ErrUnknownReason) {
		t.Errorf("declined without a kind word: %v", err)
	}
	declined, err := s.DeclineClaim(t.Context(), staff, claim.ID, "as_agreed")
	must(t, err)
	if declined.State != orders.ClaimRefused || declined.DecidedAt == nil {
		t.Errorf("%+v", declined)
	}
	s.settle()
	s.sound()
}

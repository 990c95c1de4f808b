package orders_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"tsukuriba/catalog"
	"tsukuriba/internal/jobs/jobstest"
	"tsukuriba/orders"
)

// paidLate is an order that expired although its code had been paid: the news took longer.
func (s *shop) paidLate(lines ...orders.LineRequest) orders.Placed {
	s.t.Helper()
	placed := s.place(orders.Konbini, lines...)
	if s.order(placed).State == orders.InReview {
		_, err := s.Approve(s.t.Context(), staff, placed.Order.ID)
		must(s.t, err)
		_, err = s.RetryPayment(s.t.Context(), placed.LinkToken)
		must(s.t, err)
	}
	s.payLate(placed)
	return placed
}

// payLate has the order expire although its code is paid.
func (s *shop) payLate(placed orders.Placed) {
	s.t.Helper()
	must(s.t, s.stripe.IssueCode(s.session(placed), "09012345678"))
	s.settle()
	s.payLateAt(placed, s.session(placed))
}

// payLateAt has the code of a session paid whose order has expired just before.
func (s *shop) payLateAt(placed orders.Placed, session string) {
	s.t.Helper()
	exec(s.t, s.db, `UPDATE payments SET state = 'expired' WHERE order_id = $1`, placed.Order.ID) // as the provider said for a while
	exec(s.t, s.db, `UPDATE orders SET expires_at = $2 WHERE id = $1`, placed.Order.ID, s.clock.Now())
	must(s.t, s.ExpireDue(s.t.Context()))
	s.settle()
	s.expect(placed, orders.Expired)
	must(s.t, s.stripe.PayAtStore(session, "lawson"))
	s.settle()
}

func (s *shop) reserved() int {
	return s.count(`SELECT reserved FROM variants WHERE id = $1`, s.goods.magnet)
}

func TestLateMoneyWaits(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.paidLate(s.magnet(2))
	order := s.order(placed)
	if order.State != orders.Expired || order.Paid != order.Total || len(order.Holds) != 1 || order.Holds[0].Reason != orders.HoldLateMoney || len(order.Refunds) != 0 {
		t.Errorf("%s, paid %s, holds %v, refunds %v", order.State, order.Paid, order.Holds, order.Refunds)
	}
	if _, err := s.ReleaseHold(t.Context(), staff, order.ID, orders.HoldLateMoney); !errors.Is(err, orders.ErrWrongState) {
		t.Errorf("the money was kept in silence: %v", err)
	}
	_, err := s.RequestRefund(t.Context(), staff, refundOf(order, 1))
	must(t, err)
	s.settle()
	if _, err := s.ReleaseHold(t.Context(), staff, order.ID, orders.HoldLateMoney); !errors.Is(err, orders.ErrWrongState) {
		t.Errorf("a part of the money was kept in silence: %v", err)
	}
	_, err = s.RefundLate(t.Context(), staff, order.ID)
	must(t, err)
	s.settle()
	s.sound()
}

func TestReviveLateOrder(t *testing.T) {
	t.Parallel()
	t.Run("from the shelf is ready at once", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		placed := s.paidLate(s.magnet(2))
		if s.reserved() != 0 {
			t.Fatal("an expired order reserves")
		}
		_, err := s.Revive(t.Context(), staff, placed.Order.ID)
		must(t, err)
		s.settle()
		s.expect(placed, orders.Ready)
		if order := s.order(placed); s.reserved() != 2 || len(order.Holds) != 0 || order.Paid != order.Total {
			t.Errorf("%d reserved, holds %v, paid %s", s.reserved(), order.Holds, order.Paid)
		}
		_, err = s.Ship(t.Context(), staff, placed.Order.ID, orders.Handover{Carrier: "日本郵便", Tracking: "1"})
		must(t, err)
		s.agrees()
		s.sound()
	})
	t.Run("with an approved text is owed, for a date that can be kept", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		placed := s.paidLate(s.tag())
		exec(t, s.db, `UPDATE orders SET ship_from = '2020-01-06', ship_until = '2020-01-10'`)
		_, err := s.Revive(t.Context(), staff, placed.Order.ID)
		must(t, err)
		s.settle()
		s.expect(placed, orders.Approved)
		if order := s.order(placed); !order.From.After(s.clock.Now()) {
			t.Errorf("it is promised for %v", order.Window)
		}
		must(t, s.start(placed))
		s.sound()
	})
	t.Run("is refused when the shelf is empty", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		placed := s.paidLate(s.magnet(2))
		for range 3 {
			s.place(orders.Card, s.magnet(3))
		}
		var none *catalog.OutOfStockError
		if _, err := s.Revive(t.Context(), staff, placed.Order.ID); !errors.As(err, &none) {
			t.Fatalf("err = %v", err)
		}
		s.expect(placed, orders.Expired)
		if s.reserved() != 9 {
			t.Errorf("%d reserved", s.reserved())
		}
		s.sound()
	})
	t.Run("is refused when the queue is too long", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		placed := s.paidLate(s.tag())
		many := s.tag()
		many.Quantity = 99
		for range 5 {
			s.place(orders.Konbini, many)
		}
		if _, err := s.Revive(t.Context(), staff, placed.Order.ID); !errors.Is(err, orders.ErrNoCapacity) {
			t.Errorf("err = %v", err)
		}
		s.sound()
	})
}

func TestLateMoneyGoesBack(t *testing.T) {
	t.Parallel()
	t.Run("when staff say so", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		placed := s.paidLate(s.magnet(1))
		_, err := s.RefundLate(t.Context(), staff, placed.Order.ID)
		must(t, err)
		s.settle()
		if order := s.order(placed); len(order.Refunds) != 1 || order.Refunds[0].Amount != order.Total || len(order.Holds) != 0 {
			t.Errorf("refunds %+v, holds %v", order.Refunds, order.Holds)
		}
		if _, err := s.RefundLate(t.Context(), staff, placed.Order.ID); !errors.Is(err, orders.ErrWrongState) {
			t.Errorf("twice: %v", err)
		}
		if _, err := s.Revive(t.Context(), staff, placed.Order.ID); !errors.Is(err, orders.ErrWrongState) {
			t.Errorf("revived after all: %v", err)
		}
		s.sound()
	})
	t.Run("when nobody decides for three days", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		placed := s.paidLate(s.magnet(1))
		s.clock.Advance(71 * time.Hour)
		must(t, s.Reconcile(t.Context()))
		if order := s.order(placed); len(order.Refunds) != 0 {
			t.Fatalf("too soon: %+v", order.Refunds)
		}
		s.clock.Advance(2 * time.Hour)
		must(t, s.Reconcile(t.Context()))
		jobstest.Drain(t, s.bus)
		if order := s.order(placed); len(order.Refunds) != 1 || order.Refunds[0].Amount != order.Total || len(order.Holds) != 0 {
			t.Errorf("refunds %+v, holds %v", order.Refunds, order.Holds)
		}
		s.sound()
	})
}

// TestReviveAgainstRefund has two members of staff and the clock decide at once: exactly one wins.
func TestReviveAgainstRefund(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	for range 4 {
		placed := s.paidLate(s.magnet(1))
		var all sync.WaitGroup
		outcomes := make([]error, 6)
		for i := range outcomes {
			all.Go(func() {
				if i%2 == 0 {
					_, outcomes[i] = s.Revive(t.Context(), staff, placed.Order.ID)
				} else {
					_, outcomes[i] = s.RefundLate(t.Context(), staff, placed.Order.ID)
				}
			})
		}
		all.Wait()
		won := 0
		for _, err := range outcomes {
			if err == nil {
				won++
			} else if !errors.Is(err, orders.ErrWrongState) {
				t.Error(err)
			}
		}
		s.settle()
		order := s.order(placed)
		revived, refunded := order.State == orders.Ready, len(order.Refunds) == 1
		if won != 1 || revived == refunded {
			t.Errorf("%d won, the order is %s with refunds %+v", won, order.State, order.Refunds)
		}
	}
	s.sound()
}

// TestLastPieceForTheRevived has a revived order and new buyers want the same last pieces.
func TestLastPieceForTheRevived(t *testing.T) {
	t.Parallel()
	s := newShop(t) // ten magnets
	placed := s.paidLate(s.magnet(4))
	checkouts := make([]orders.Checkout, 10)
	for i := range checkouts {
		checkouts[i] = s.checkout(orders.Konbini, s.magnet(1))
	}
	var all sync.WaitGroup
	all.Go(func() {
		var none *catalog.OutOfStockError
		if _, err := s.Revive(t.Context(), staff, placed.Order.ID); err != nil && !errors.As(err, &none) {
			t.Error(err)
		}
	})
	for _, checkout := range checkouts {
		all.Go(func() {
			var none *catalog.OutOfStockError
			if _, err := s.Confirm(t.Context(), checkout.Key()); err != nil && !errors.As(err, &none) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	s.settle()
	if s.reserved() > 10 {
		t.Errorf("%d of ten are reserved", s.reserved())
	}
	s.sound()
}

package orders_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"tsukuriba/internal/yen"
	"tsukuriba/orders"
)

// disputed is a paid order whose card holder has gone to the bank.
func (s *shop) disputed(reason string) (placed orders.Placed, disputeID string) {
	s.t.Helper()
	placed = s.approved()
	disputeID, err := s.stripe.OpenDispute(s.order(placed).Payments[0].IntentID, reason)
	must(s.t, err)
	s.settle()
	return placed, disputeID
}

func (s *shop) dispute(placed orders.Placed) orders.Dispute {
	s.t.Helper()
	disputes, err := s.Disputes(s.t.Context(), placed.Order.ID)
	must(s.t, err)
	if len(disputes) != 1 {
		s.t.Fatalf("disputes %+v", disputes)
	}
	return disputes[0]
}

func (s *shop) start(placed orders.Placed) error {
	return s.inTx(func(tx *sqlx.Tx) error { return s.Started(s.t.Context(), tx, placed.Order.ID) })
}

// agrees fails the test unless the provider's ledger and ours are the same to the yen.
func (s *shop) agrees() {
	s.t.Helper()
	var theirs int64
	for _, entry := range s.stripe.Ledger() {
		theirs += entry.Captured - entry.Refunded - entry.Disputed
	}
	ours := s.count(`
		SELECT coalesce(sum(CASE WHEN kind IN ('capture', 'refund_returned', 'dispute_in') THEN amount_yen
		                         WHEN kind IN ('refund', 'dispute_out') THEN -amount_yen ELSE 0 END), 0)
		FROM money_ledger`)
	if int64(ours) != theirs {
		s.t.Errorf("our ledger has %s, the provider's %s", yen.Amount(ours), yen.Amount(theirs))
	}
}

func TestDispute(t *testing.T) {
	t.Parallel()
	t.Run("takes the money and holds the order", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		placed, _ := s.disputed("fraudulent")
		order, dispute := s.order(placed), s.dispute(placed)
		if len(order.Holds) != 1 || order.Holds[0].Reason != orders.HoldDispute || order.Paid != 0 {
			t.Errorf("paid %s, holds %v", order.Paid, order.Holds)
		}
		if dispute.State != orders.DisputeNeedsResponse || dispute.Amount != order.Total || dispute.Reason != "fraudulent" ||
			dispute.EvidenceDue == nil || !dispute.EvidenceDue.After(s.clock.Now()) {
			t.Errorf("dispute %+v", dispute)
		}
		if err := s.start(placed); !errors.Is(err, orders.ErrOnHold) {
			t.Errorf("a disputed order was started: %v", err)
		}
		if _, err := s.ReleaseHold(t.Context(), staff, placed.Order.ID, orders.HoldDispute); !errors.Is(err, orders.ErrDisputeOpen) {
			t.Errorf("it was let go on: %v", err)
		}
		if fee := s.count(`SELECT sum(amount_yen) FROM money_ledger WHERE kind = 'dispute_fee'`); fee != 1500 {
			t.Errorf("the provider took ¥1500, we count %d", fee)
		}
		if told := s.letters.last(); told.To != seller.Email || told.Subject != "支払いへの異議("+order.Number+")" ||
			!strings.Contains(told.Text, "身に覚えがない") || !strings.Contains(told.Text, "手数料 ¥1,500") || strings.Contains(told.Text, haru().Name) {
			t.Errorf("the workshop was told %+v", told)
		}
		s.agrees()
		s.sound()
	})
	t.Run("that is won gives the money back and lets the order go on", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		placed, id := s.disputed("general")
		must(t, s.stripe.DecideDispute(id, true))
		s.settle()
		if order := s.order(placed); s.dispute(placed).State != orders.DisputeWon || order.Paid != order.Total || len(order.Holds) != 1 {
			t.Errorf("%s, paid %s, holds %v", s.dispute(placed).State, order.Paid, order.Holds)
		}
		if told := s.letters.last(); told.Subject != "異議が終わりました("+placed.Order.Number+")" {
			t.Errorf("the workshop was told %s", told.Subject)
		}
		_, err := s.ReleaseHold(t.Context(), staff, placed.Order.ID, orders.HoldDispute)
		must(t, err)
		must(t, s.start(placed))
		s.agrees()
		s.sound()
	})
	t.Run("that is lost stays", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		placed, id := s.disputed("product_not_received")
		must(t, s.stripe.DecideDispute(id, false))
		s.settle()
		if _, err := s.ReleaseHold(t.Context(), staff, placed.Order.ID, orders.HoldDispute); !errors.Is(err, orders.ErrDisputeOpen) {
			t.Errorf("it was let go on: %v", err)
		}
		if err := s.start(placed); !errors.Is(err, orders.ErrOnHold) {
			t.Errorf("it was started: %v", err)
		}
		if order := s.order(placed); s.dispute(placed).State != orders.DisputeLost || order.Paid != 0 {
			t.Errorf("%s, paid %s", s.dispute(placed).State, order.Paid)
		}
		s.agrees()
		s.sound()
	})
	t.Run("that was only a question takes no money", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		placed := s.approved()
		id, err := s.stripe.OpenInquiry(s.order(placed).Payments[0].IntentID, "general")
		must(t, err)
		s.settle()
		if order := s.order(placed); order.Paid != order.Total || len(order.Holds) != 1 {
			t.Errorf("asked: paid %s, holds %v", order.Paid, order.Holds)
		}
		must(t, s.stripe.EscalateInquiry(id))
		s.settle()
		if order := s.order(placed); order.Paid != 0 || s.dispute(placed).State != orders.DisputeNeedsResponse {
			t.Errorf("escalated: paid %s, %+v", order.Paid, s.dispute(placed))
		}
		s.agrees()
		s.sound()
	})
	t.Run("is booked once however often it is told", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		placed, id := s.disputed("duplicate")
		for range 3 {
			must(t, s.ApplyDispute(t.Context(), id))
		}
		must(t, s.stripe.DecideDispute(id, true))
		s.settle()
		must(t, s.ApplyDispute(t.Context(), id))
		if n := s.count(`SELECT count(*) FROM money_ledger WHERE kind IN ('dispute_out', 'dispute_in')`); n != 2 {
			t.Errorf("%d entries", n)
		}
		if order := s.order(placed); order.Paid != order.Total {
			t.Errorf("paid %s", order.Paid)
		}
	})
	t.Run("of a canceled order leaves nothing to refund", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		placed, _ := s.disputed("fraudulent")
		_, err := s.CancelByCustomer(t.Context(), placed.LinkToken)
		must(t, err)
		s.settle()
		refunds, err := s.Refunds(t.Context(), placed.Order.ID)
		must(t, err)
		if len(refunds) != 0 {
			t.Errorf("refunds %+v", refunds)
		}
		s.agrees()
		s.sound()
	})
	t.Run("of a canceled order that is won gives the money to the customer", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		placed, id := s.disputed("fraudulent")
		_, err := s.CancelByCustomer(t.Context(), placed.LinkToken)
		must(t, err)
		must(t, s.stripe.DecideDispute(id, true))
		s.settle()
		refunds, err := s.Refunds(t.Context(), placed.Order.ID)
		must(t, err)
		if len(refunds) != 1 || refunds[0].Amount != placed.Order.Total {
			t.Errorf("refunds %+v", refunds)
		}
		must(t, s.ApplyDispute(t.Context(), id))
		if again, err := s.Refunds(t.Context(), placed.Order.ID); err != nil || len(again) != 1 {
			t.Errorf("refunds %+v, %v", again, err)
		}
		s.sound()
	})
}

package orders_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"tsukuriba/orders"
)

func TestStaffCancel(t *testing.T) {
	t.Parallel()
	t.Run("in review releases the card and tells why", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		placed := s.reviewed()
		if _, err := s.Cancel(t.Context(), staff, placed.Order.ID, "bad_mood"); !errors.Is(err, orders.ErrUnknownReason) {
			t.Errorf("an unknown reason: %v", err)
		}
		order, err := s.Cancel(t.Context(), staff, placed.Order.ID, "not_available")
		must(t, err)
		s.settle()
		s.wrote("received", "canceled")
		if told := s.letters.last().Text; order.CancelReason != "staff:not_available" || !strings.Contains(told, "ご用意できなくなったため") {
			t.Errorf("%s, told %s", order.CancelReason, told)
		}
		if _, err := s.Cancel(t.Context(), staff, placed.Order.ID, "not_available"); !errors.Is(err, orders.ErrWrongState) {
			t.Errorf("canceled twice: %v", err)
		}
		s.sound()
	})
	t.Run("after the money came gives all of it back", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		placed := s.approved()
		_, err := s.Cancel(t.Context(), staff, placed.Order.ID, "on_request")
		must(t, err)
		s.settle()
		if order := s.order(placed); order.State != orders.Canceled || order.Paid != 0 || len(order.Refunds) != 1 {
			t.Errorf("%s, paid %s, refunds %+v", order.State, order.Paid, order.Refunds)
		}
		s.sound()
	})
	t.Run("is too late once a piece is started", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		placed := s.approved()
		must(t, s.inTx(func(tx *sqlx.Tx) error { return s.Started(t.Context(), tx, placed.Order.ID) }))
		if _, err := s.Cancel(t.Context(), staff, placed.Order.ID, "on_request"); !errors.Is(err, orders.ErrWrongState) {
			t.Errorf("canceled: %v", err)
		}
		s.expect(placed, orders.InProduction)
	})
}

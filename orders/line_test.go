package orders_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"tsukuriba/orders"
)

func TestCardLine(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.place(orders.Card, s.tag())
	if placed.PayURL == "" || placed.Order.State != orders.AwaitingPayment {
		t.Fatalf("placed %+v", placed.Order)
	}
	must(t, s.stripe.PayCard(s.session(placed)))
	s.settle()
	s.expect(placed, orders.InReview)
	if paid := s.order(placed).Paid; paid != 0 {
		t.Errorf("%s was taken before the text was approved", paid)
	}
	_, err := s.Approve(t.Context(), staff, placed.Order.ID)
	must(t, err)
	s.settle()
	s.expect(placed, orders.Approved)
	if order := s.order(placed); order.Paid != order.Total || order.Total != 1285 {
		t.Errorf("paid %s of %s", order.Paid, order.Total)
	}
	s.make(placed)
	_, err = s.Ship(t.Context(), staff, placed.Order.ID, orders.Handover{Carrier: "日本郵便", Tracking: "1234-5678-9012"})
	must(t, err)
	s.settle()
	s.clock.Advance(15 * 24 * time.Hour)
	must(t, s.CompleteShipped(t.Context()))
	s.expect(placed, orders.Completed)
	number := "(" + placed.Order.Number + ")"
	want := []string{"ご注文を受け付けました" + number, "製作を始めます" + number, "発送しました" + number}
	if got := s.letters.subjects(); !slices.Equal(got, want) {
		t.Errorf("mails %q, want %q", got, want)
	}
	s.sound()
}

// make takes an approved order through production.
func (s *shop) make(placed orders.Placed) {
	s.t.Helper()
	must(s.t, s.inTx(func(tx *sqlx.Tx) error { return s.Started(s.t.Context(), tx, placed.Order.ID) }))
	s.expect(placed, orders.InProduction)
	must(s.t, s.inTx(func(tx *sqlx.Tx) error { return s.AllGood(s.t.Context(), tx, placed.Order.ID) }))
	s.expect(placed, orders.Ready)
}

func TestKonbiniLine(t *testing.T) {
	t.Parallel()
	t.Run("a custom text is read before a code can be had", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		placed := s.place(orders.Konbini, s.tag())
		if placed.PayURL != "" || placed.Order.State != orders.InReview {
			t.Fatalf("placed %s with %q", placed.Order.State, placed.PayURL)
		}
		_, err := s.Approve(t.Context(), staff, placed.Order.ID)
		must(t, err)
		s.settle()
		s.expect(placed, orders.AwaitingPayment)
		_, err = s.RetryPayment(t.Context(), placed.LinkToken)
		must(t, err)
		s.payAtStore(placed)
		s.expect(placed, orders.Approved)
		s.sound()
		if got := s.letters.subjects(); len(got) != 4 || !strings.HasPrefix(got[1], "お支払いのご案内") || !strings.HasPrefix(got[2], "お支払い番号") {
			t.Errorf("mails %q", got)
		}
	})
	t.Run("what lies on the shelf is ready once it is paid", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		placed := s.place(orders.Konbini, s.magnet(2))
		if placed.PayURL == "" {
			t.Fatal("there is no page to pay on")
		}
		s.payAtStore(placed)
		s.expect(placed, orders.Ready)
		if reserved := s.count(`SELECT reserved FROM variants WHERE id = $1`, s.goods.magnet); reserved != 2 {
			t.Errorf("%d reserved", reserved)
		}
		_, err := s.Ship(t.Context(), staff, placed.Order.ID, orders.Handover{Carrier: "日本郵便", Tracking: "1"})
		must(t, err)
		if left := s.count(`SELECT on_hand + reserved * 100 FROM variants WHERE id = $1`, s.goods.magnet); left != 8 {
			t.Errorf("on hand and reserved: %d", left)
		}
		s.sound()
	})
	t.Run("a code that lapses ends the order and frees the stock", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		placed := s.place(orders.Konbini, s.magnet(2))
		must(t, s.stripe.IssueCode(s.session(placed), "09012345678"))
		s.settle()
		if payments := s.order(placed).Payments; payments[0].State != orders.PaymentCodeIssued || payments[0].VoucherURL == "" {
			t.Fatalf("payment %+v", payments[0])
		}
		must(t, s.stripe.LapseCode(s.session(placed)))
		s.settle()
		s.clock.Advance(6 * 24 * time.Hour)
		must(t, s.ExpireDue(t.Context()))
		s.settle()
		s.expect(placed, orders.Expired)
		if reserved := s.count(`SELECT reserved FROM variants WHERE id = $1`, s.goods.magnet); reserved != 0 {
			t.Errorf("%d reserved", reserved)
		}
		s.sound()
	})
}

func (s *shop) payAtStore(placed orders.Placed) {
	s.t.Helper()
	must(s.t, s.stripe.IssueCode(s.session(placed), "09012345678"))
	s.settle()
	s.expect(placed, orders.AwaitingPayment)
	must(s.t, s.stripe.PayAtStore(s.session(placed), "lawson"))
	s.settle()
}

func TestNothingToReview(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.place(orders.Card, s.magnet(1))
	must(t, s.stripe.PayCard(s.session(placed)))
	s.settle()
	s.expect(placed, orders.Ready)
	if paid := s.order(placed).Paid; paid != placed.Order.Total {
		t.Errorf("paid %s", paid)
	}
	s.sound()
}

func TestRefuse(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.reviewed()
	if _, err := s.Refuse(t.Context(), staff, placed.Order.ID, "because"); err == nil {
		t.Error("a reason nobody knows was taken")
	}
	_, err := s.Refuse(t.Context(), staff, placed.Order.ID, "unreadable")
	must(t, err)
	s.settle()
	s.expect(placed, orders.Canceled)
	if payment := s.order(placed).Payments[0]; payment.State != orders.PaymentCanceled {
		t.Errorf("the payment is %s", payment.State)
	}
	if got := s.letters.letters[len(s.letters.letters)-1]; !strings.Contains(got.Text, "正しく読み取る") {
		t.Errorf("mail %q", got.Text)
	}
	if entries := s.stripe.Ledger(); entries[0].Released != 1285 {
		t.Errorf("the provider released %d", entries[0].Released)
	}
	s.sound()
}

func TestRetryPayment(t *testing.T) {
	t.Parallel()
	t.Run("an open page is used again", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		placed := s.place(orders.Card, s.tag())
		url, err := s.RetryPayment(t.Context(), placed.LinkToken)
		must(t, err)
		if url != placed.PayURL {
			t.Errorf("another page %q", url)
		}
	})
	t.Run("a closed page is followed by a new attempt", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		placed := s.place(orders.Card, s.tag())
		s.clock.Advance(50 * time.Minute)
		url, err := s.RetryPayment(t.Context(), placed.LinkToken)
		must(t, err)
		if url == placed.PayURL || len(s.order(placed).Payments) != 2 {
			t.Fatalf("page %q", url)
		}
		must(t, s.stripe.PayCard(s.session(placed)))
		s.settle()
		s.expect(placed, orders.InReview)
		s.sound()
	})
	t.Run("an order nobody pays expires and frees its stock once", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		placed := s.place(orders.Card, s.magnet(3))
		s.clock.Advance(3 * time.Hour)
		must(t, s.ExpireDue(t.Context()))
		must(t, s.ExpireDue(t.Context()))
		s.settle()
		s.expect(placed, orders.Expired)
		if reserved := s.count(`SELECT reserved FROM variants WHERE id = $1`, s.goods.magnet); reserved != 0 {
			t.Errorf("%d reserved", reserved)
		}
		if _, err := s.RetryPayment(t.Context(), placed.LinkToken); err == nil {
			t.Error("an expired order can be paid")
		}
		s.sound()
	})
}

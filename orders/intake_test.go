package orders_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tsukuriba/catalog"
	"tsukuriba/internal/jst"
	"tsukuriba/orders"
)

// limit gives so many places a week to all that is made to order.
func (s *shop) limit(places int) {
	s.t.Helper()
	must(s.t, s.SetIntake(s.t.Context(), staff, orders.IntakeRule{WeeklyLimit: &places}))
}

// taken is how many places of this week are taken, by the counter of all.
func (s *shop) taken() int {
	return s.count(`SELECT coalesce(sum(taken), 0) FROM intake_weeks WHERE product_id IS NULL`)
}

func (s *shop) tagProduct() catalog.ProductID {
	s.t.Helper()
	var product catalog.ProductID
	must(s.t, s.db.Get(&product, `SELECT product_id FROM variants WHERE id = $1`, s.goods.tag))
	return product
}

// closedFor asserts that err is a refusal for that reason with so many places left.
func closedFor(t *testing.T, err error, reason orders.CloseReason, left int) {
	t.Helper()
	var closed *orders.IntakeError
	if !errors.As(err, &closed) || closed.Closed != reason || closed.Left != left {
		t.Errorf("err = %v, want it closed for %q with %d left", err, reason, left)
	}
}

// TestLastPlace has many buyers at two nodes for the last places of a week.
func TestLastPlace(t *testing.T) {
	t.Parallel()
	for _, places := range []int{1, 5} {
		s := newShop(t)
		nodes := []*shop{s, s.twin()}
		s.limit(places)
		checkouts := make([]orders.Checkout, 30)
		for i := range checkouts {
			checkouts[i] = s.checkout(orders.Konbini, s.tag(), s.magnet(1))
		}
		var all sync.WaitGroup
		var in atomic.Int64
		for i, checkout := range checkouts[:20] {
			all.Go(func() {
				_, err := nodes[i%2].Confirm(t.Context(), checkout.Key())
				if err == nil {
					in.Add(1)
				} else {
					closedFor(t, err, orders.ClosedForWeek, 0)
				}
			})
		}
		all.Wait()
		if in.Load() != int64(places) || s.taken() != places {
			t.Errorf("%d of %d got in, %d places are taken", in.Load(), places, s.taken())
		}
		s.sound()
	}
}

func TestPlacesComeBack(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.limit(1)
	product := s.tagProduct()
	placed := s.place(orders.Card, s.tag())
	_, err := s.PrepareCheckout(t.Context(), s.cart(s.tag()), form(orders.Card))
	closedFor(t, err, orders.ClosedForWeek, 0)
	intake, err := s.Intake(t.Context())
	must(t, err)
	if intake.Taken(product) != 1 {
		t.Errorf("%d of the product are counted", intake.Taken(product))
	}
	s.clock.Advance(3 * time.Hour)
	must(t, s.ExpireDue(t.Context()))
	s.settle()
	s.expect(placed, orders.Expired)
	if s.taken() != 0 {
		t.Errorf("%d places are taken by an order that expired", s.taken())
	}
	again := s.place(orders.Konbini, s.tag())
	_, err = s.CancelByCustomer(t.Context(), again.LinkToken)
	must(t, err)
	if s.taken() != 0 {
		t.Errorf("%d places are taken by an order that was canceled", s.taken())
	}
	s.sound()
}

func TestRevivedOrderTakesItsPlaceAgain(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.paidLate(s.tag())
	if s.taken() != 0 {
		t.Fatalf("%d places are taken by an order that expired", s.taken())
	}
	s.limit(0)
	_, err := s.Revive(t.Context(), staff, placed.Order.ID)
	must(t, err)
	if s.taken() != 1 {
		t.Errorf("%d places are taken", s.taken())
	}
	s.settle()
	s.sound()
}

func TestStockStaysBuyable(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	must(t, s.SetIntake(t.Context(), staff, orders.IntakeRule{Paused: true, WeeklyLimit: new(0)}))
	s.place(orders.Card, s.magnet(1))
	if s.taken() != 0 {
		t.Error("what lies on the shelf takes a place")
	}
}

func TestPauseBetweenPageAndConfirmation(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	checkout := s.checkout(orders.Card, s.tag())
	reopens := s.clock.Now().AddDate(0, 0, 10)
	must(t, s.SetIntake(t.Context(), staff, orders.IntakeRule{ProductID: s.tagProduct(), Paused: true, ReopensOn: &reopens, Sentence: "棚おろしです"}))
	_, err := s.Confirm(t.Context(), checkout.Key())
	closedFor(t, err, orders.ClosedByStaff, 0)
	var closed *orders.IntakeError
	if errors.As(err, &closed); closed.Reopens == nil || jst.Date(*closed.Reopens) != reopens.Format(time.DateOnly) || closed.SentenceIn(orders.Japanese) != "棚おろしです" {
		t.Errorf("told %+v", closed)
	}
	s.clock.Advance(11 * 24 * time.Hour)
	s.place(orders.Card, s.tag())
	if n := s.count(`SELECT count(*) FROM audit_entries WHERE action = 'intake.changed'`); n != 1 {
		t.Errorf("%d entries of the change", n)
	}
}

func TestMoreThanIsLeft(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.limit(3)
	many := s.tag()
	many.Quantity = 4
	_, err := s.PrepareCheckout(t.Context(), s.cart(many), form(orders.Card))
	closedFor(t, err, "", 3)
	many.Quantity = 3
	s.place(orders.Card, many)
}

func TestLongQueueClosesByItself(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	checkout := s.checkout(orders.Card, s.tag())
	must(t, s.SetIntake(t.Context(), staff, orders.IntakeRule{LongestDays: new(1)}))
	_, err := s.PrepareCheckout(t.Context(), s.cart(s.tag()), form(orders.Card))
	closedFor(t, err, orders.ClosedByQueue, 0)
	_, err = s.Confirm(t.Context(), checkout.Key())
	must(t, err) // what was shown is kept
	must(t, s.SetIntake(t.Context(), staff, orders.IntakeRule{LongestDays: new(60)}))
	s.place(orders.Card, s.tag())
}

func TestSetIntakeRefuses(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	past := s.clock.Now().AddDate(0, 0, -1)
	for field, rule := range map[string]orders.IntakeRule{
		"weekly_limit": {WeeklyLimit: new(-1)},
		"longest_days": {ProductID: s.tagProduct(), LongestDays: new(10)},
		"reopens_on":   {Paused: true, ReopensOn: &past},
		"sentence_en":  {Paused: true, SentenceEn: "a\u202eb"},
		"product":      {ProductID: catalog.ProductID{9}, WeeklyLimit: new(1)},
	} {
		if err := s.SetIntake(t.Context(), staff, rule); reasonOf(err, field) == "" {
			t.Errorf("%s: %v", field, err)
		}
	}
	if n := s.count(`SELECT count(*) FROM intake_rules`); n != 0 {
		t.Errorf("%d rules were made", n)
	}
}

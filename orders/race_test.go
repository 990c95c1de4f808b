package orders_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"tsukuriba/catalog"
	"tsukuriba/internal/yen"
	"tsukuriba/orders"
	"tsukuriba/orders/stripe/stripetest"
)

func TestConfirmTwice(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	checkout := s.checkout(orders.Card, s.magnet(2))
	var all sync.WaitGroup
	nodes := []*shop{s, s.twin()}
	placed := make([]orders.Placed, 8)
	for i := range placed {
		all.Go(func() {
			var err error
			if placed[i], err = nodes[i%2].Confirm(t.Context(), checkout.Key()); err != nil && !errors.Is(err, orders.ErrGatewayUnavailable) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	again, err := s.Confirm(t.Context(), checkout.Key())
	must(t, err)
	for _, other := range placed {
		if other.Order.ID != again.Order.ID || other.LinkToken != again.LinkToken {
			t.Errorf("another order: %s", other.Order.Number)
		}
	}
	if made := s.count(`SELECT count(*) * 100 + (SELECT reserved FROM variants WHERE id = $1) FROM orders`, s.goods.magnet); made != 102 {
		t.Errorf("orders and reserved pieces: %d", made)
	}
	if sessions := s.count(`SELECT count(DISTINCT session_id) FROM payments`); sessions != 1 {
		t.Errorf("%d sessions", sessions)
	}
	s.sound()
}

func TestCartChanged(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	token := s.cart(s.tag())
	checkout, err := s.PrepareCheckout(t.Context(), token, form(orders.Card))
	must(t, err)
	_, err = s.AddLine(t.Context(), token, s.magnet(1))
	must(t, err)
	if _, err := s.Confirm(t.Context(), checkout.Key()); !errors.Is(err, orders.ErrCartChanged) {
		t.Errorf("err = %v", err)
	}
	if n := s.count(`SELECT count(*) FROM orders`); n != 0 {
		t.Error("an order was made of a changed cart")
	}
}

func TestTwoConfirmationPages(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	token := s.cart(s.tag())
	first, err := s.PrepareCheckout(t.Context(), token, form(orders.Card))
	must(t, err)
	second, err := s.PrepareCheckout(t.Context(), token, form(orders.Konbini))
	must(t, err)
	_, err = s.Confirm(t.Context(), first.Key())
	must(t, err)
	if _, err := s.Confirm(t.Context(), second.Key()); !errors.Is(err, orders.ErrCartChanged) {
		t.Errorf("the same cart was bought twice: %v", err)
	}
}

func TestOldConfirmationPage(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	checkout := s.checkout(orders.Card, s.tag())
	s.clock.Advance(31 * time.Minute)
	if _, err := s.Confirm(t.Context(), checkout.Key()); !errors.Is(err, orders.ErrCheckoutExpired) {
		t.Errorf("err = %v", err)
	}
}

// TestManyBuyersFewPieces has a hundred buyers at two nodes for the last piece and the last ten.
func TestManyBuyersFewPieces(t *testing.T) {
	t.Parallel()
	for _, left := range []int{1, 10} {
		t.Run(fmt.Sprint(left), func(t *testing.T) {
			t.Parallel()
			s := newShop(t)
			nodes := []*shop{s, s.twin()}
			exec(t, s.db, `UPDATE variants SET on_hand = $2 WHERE id = $1`, s.goods.magnet, left)
			checkouts := make([]orders.Checkout, 100)
			for i := range checkouts {
				checkouts[i] = s.checkout(orders.Konbini, s.magnet(1))
			}
			var all sync.WaitGroup
			var sold atomic.Int64
			for i, checkout := range checkouts {
				all.Go(func() {
					_, err := nodes[i%2].Confirm(t.Context(), checkout.Key())
					if err == nil {
						sold.Add(1)
					} else if none := (*catalog.OutOfStockError)(nil); !errors.As(err, &none) {
						t.Error(err)
					}
				})
			}
			all.Wait()
			if sold.Load() != int64(left) {
				t.Errorf("%d were sold", sold.Load())
			}
			if numbers := s.count(`SELECT last FROM order_numbers`); numbers != left {
				t.Errorf("%d numbers were taken", numbers)
			}
			s.sound()
		})
	}
}

func TestCancelAgainstApprove(t *testing.T) {
	t.Parallel()
	for i := range 4 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			s := newShop(t)
			other := s.twin()
			placed := s.reviewed()
			var all sync.WaitGroup
			var canceled, approved error
			all.Go(func() { _, canceled = s.CancelByCustomer(t.Context(), placed.LinkToken) })
			all.Go(func() { _, approved = other.Approve(t.Context(), staff, placed.Order.ID) })
			all.Wait()
			must(t, canceled) // until the first piece is started the customer always may
			if approved != nil && !errors.Is(approved, orders.ErrWrongState) {
				t.Error(approved)
			}
			s.settle()
			s.expect(placed, orders.Canceled)
			if order := s.order(placed); order.Paid != 0 {
				t.Errorf("%s was kept", order.Paid)
			}
			s.sound()
		})
	}
}

func TestCancelAgainstCapture(t *testing.T) {
	t.Parallel()
	rival := func() {}
	s := newShop(t, func(g orders.Gateway) orders.Gateway { return beforeCapture{g, &rival} })
	placed := s.reviewed()
	other := s.twin()
	rival = func() {
		_, err := other.CancelByCustomer(t.Context(), placed.LinkToken)
		must(t, err)
	}
	_, err := s.Approve(t.Context(), staff, placed.Order.ID)
	must(t, err)
	s.settle()
	s.expect(placed, orders.Canceled)
	entries := s.stripe.Ledger()
	if order := s.order(placed); order.Paid != 0 || entries[0].Captured != entries[0].Refunded {
		t.Errorf("paid %s; the provider's ledger %+v", order.Paid, entries)
	}
	s.sound()
}

// beforeCapture runs a rival exactly between the plan and the call.
type beforeCapture struct {
	orders.Gateway
	rival *func()
}

func (g beforeCapture) Capture(ctx context.Context, key, intentID string, amount yen.Amount) error {
	run := *g.rival
	*g.rival = func() {}
	run()
	return g.Gateway.Capture(ctx, key, intentID, amount)
}

// interleave locks the order, lets one act after another run into that lock, and then lets go: they
// decide in this order, each on what the ones before have left.
func (s *shop) interleave(placed orders.Placed, acts ...func() error) []error {
	s.t.Helper()
	return s.interleaveAfter(placed, func(*sqlx.Tx) error { return nil }, acts...)
}

// interleaveAfter does something while the acts wait for the order's lock.
func (s *shop) interleaveAfter(placed orders.Placed, first func(*sqlx.Tx) error, acts ...func() error) []error {
	s.t.Helper()
	tx := s.db.MustBegin()
	defer tx.Rollback() //nolint:errcheck // after a commit there is nothing to roll back
	_, err := tx.Exec(`SELECT FROM orders WHERE id = $1 FOR UPDATE`, placed.Order.ID)
	must(s.t, err)
	must(s.t, first(tx))
	var all sync.WaitGroup
	outcomes := make([]error, len(acts))
	for i, act := range acts {
		all.Go(func() { outcomes[i] = act() })
		s.waitingForLocks(i + 1)
	}
	must(s.t, tx.Commit())
	all.Wait()
	return outcomes
}

// waitingForLocks returns once so many connections of this database wait for a lock.
func (s *shop) waitingForLocks(want int) {
	s.t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(2 * time.Millisecond) {
		waiting := s.count(`SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`)
		if waiting >= want {
			return
		}
		if time.Now().After(deadline) {
			s.t.Fatalf("%d of %d wait for the order", waiting, want)
		}
	}
}

func TestStartAgainstCancelAtOnce(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.approved()
	start := func(tx *sqlx.Tx) error { return s.Started(t.Context(), tx, placed.Order.ID) }
	outcomes := s.interleaveAfter(placed, start, func() error {
		_, err := s.CancelByCustomer(t.Context(), placed.LinkToken)
		return err
	})
	if !errors.Is(outcomes[0], orders.ErrWrongState) {
		t.Errorf("an order that was being started was canceled: %v", outcomes[0])
	}
	s.settle()
	s.expect(placed, orders.InProduction)
	other := s.approved()
	outcomes = s.interleave(other,
		func() error { _, err := s.CancelByCustomer(t.Context(), other.LinkToken); return err },
		func() error {
			return s.inTx(func(tx *sqlx.Tx) error { return s.Started(t.Context(), tx, other.Order.ID) })
		},
	)
	if (outcomes[0] == nil) == (outcomes[1] == nil) {
		t.Errorf("canceled: %v, started: %v", outcomes[0], outcomes[1])
	}
	s.settle()
	s.sound()
}

func TestStartAgainstCancel(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.approved()
	must(t, s.inTx(func(tx *sqlx.Tx) error { return s.Started(t.Context(), tx, placed.Order.ID) }))
	if _, err := s.CancelByCustomer(t.Context(), placed.LinkToken); !errors.Is(err, orders.ErrWrongState) {
		t.Errorf("a started order was canceled: %v", err)
	}
	other := s.approved()
	_, err := s.CancelByCustomer(t.Context(), other.LinkToken)
	must(t, err)
	err = s.inTx(func(tx *sqlx.Tx) error { return s.Started(t.Context(), tx, other.Order.ID) })
	if !errors.Is(err, orders.ErrWrongState) {
		t.Errorf("a canceled order was started: %v", err)
	}
	s.settle()
	if order := s.order(other); order.Paid != 0 {
		t.Errorf("%s was kept", order.Paid)
	}
	s.sound()
}

func TestProviderDownAtConfirm(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	checkout := s.checkout(orders.Card, s.magnet(1))
	s.stripe.Spoil(stripetest.Fault{Kind: stripetest.Unavailable, Route: "POST /v1/checkout/sessions", Times: 100})
	placed, err := s.Confirm(t.Context(), checkout.Key())
	if !errors.Is(err, orders.ErrGatewayUnavailable) || placed.LinkToken == "" || placed.PayURL != "" {
		t.Fatalf("placed %+v, %v", placed, err)
	}
	s.stripe.Heal()
	url, err := s.RetryPayment(t.Context(), placed.LinkToken)
	must(t, err)
	again, err := s.Confirm(t.Context(), checkout.Key())
	must(t, err)
	if again.Order.ID != placed.Order.ID || again.PayURL != url || len(s.order(placed).Payments) != 1 {
		t.Errorf("again %+v", again)
	}
	s.sound()
}

func TestProviderFailsAfterTheCall(t *testing.T) {
	t.Parallel()
	for _, kind := range []stripetest.FaultKind{stripetest.Unavailable, stripetest.FailAfterCommit, stripetest.TimeoutAfterCommit} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			s := newShop(t)
			placed := s.reviewed()
			s.stripe.Spoil(stripetest.Fault{Kind: kind, Route: captureRoute, Times: 2, Hang: 50 * time.Millisecond})
			_, err := s.Approve(t.Context(), staff, placed.Order.ID)
			must(t, err)
			s.settle()
			s.expect(placed, orders.Approved)
			if entries := s.stripe.Ledger(); entries[0].Captured != 1285 {
				t.Errorf("the provider's ledger: %+v", entries)
			}
			s.sound()
		})
	}
}

func TestFirstSuccessWins(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.stripe.SetDelivery(stripetest.Delivery{Paused: true})
	placed := s.place(orders.Card, s.magnet(1))
	lost := s.session(placed)
	must(t, s.stripe.PayCard(lost))
	exec(t, s.db, `UPDATE payments SET session_id = NULL, pay_url = ''`) // as if we had died before learning it
	s.clock.Advance(36 * time.Minute)
	_, err := s.RetryPayment(t.Context(), placed.LinkToken)
	must(t, err)
	must(t, s.stripe.PayCard(s.session(placed)))
	_, err = s.Refresh(t.Context(), placed.LinkToken)
	must(t, err)
	s.stripe.Heal()
	s.settle()
	s.settle()
	s.expect(placed, orders.Ready)
	var captured, released int64
	for _, entry := range s.stripe.Ledger() {
		captured, released = captured+entry.Captured-entry.Refunded, released+entry.Released
	}
	if captured != int64(placed.Order.Total) || released != int64(placed.Order.Total) {
		t.Errorf("captured %d and released %d of %s", captured, released, placed.Order.Total)
	}
	s.sound()
}

package orders_test

import (
	"context"
	"errors"
	"testing"

	"tsukuriba/internal/yen"
	"tsukuriba/orders"
	"tsukuriba/orders/stripe/stripetest"
)

// mortal loses its process at the first call that changes something at the provider: before the
// call has left, or when it has had its effect and nothing of that is written down yet.
type mortal struct {
	orders.Gateway
	before bool
}

var errDied = errors.New("the process died")

func (g mortal) call(do func() error) error {
	if g.before {
		panic(errDied)
	}
	if err := do(); err != nil {
		return err
	}
	panic(errDied)
}

func (g mortal) OpenCheckout(ctx context.Context, request orders.CheckoutRequest) (page orders.HostedPage, err error) {
	err = g.call(func() error { page, err = g.Gateway.OpenCheckout(ctx, request); return err })
	return page, err
}

func (g mortal) Capture(ctx context.Context, key, intentID string, amount yen.Amount) error {
	return g.call(func() error { return g.Gateway.Capture(ctx, key, intentID, amount) })
}

func (g mortal) CancelPayment(ctx context.Context, key string, ref orders.PaymentRef) error {
	return g.call(func() error { return g.Gateway.CancelPayment(ctx, key, ref) })
}

func (g mortal) Refund(ctx context.Context, key string, request orders.RefundRequest) (refund orders.RefundSnapshot, err error) {
	err = g.call(func() error { refund, err = g.Gateway.Refund(ctx, key, request); return err })
	return refund, err
}

// outlive runs do and says whether the process died in it.
func outlive(do func()) (died bool) {
	defer func() {
		if reason := recover(); reason != nil {
			if reason != error(errDied) {
				panic(reason)
			}
			died = true
		}
	}()
	do()
	return false
}

// stage is an order brought to the moment before a call: act makes the call, on any node.
type stage struct {
	placed orders.Placed
	act    func(node *shop) error
}

// stages are all calls that change something at the provider, each with where its order ends and
// what the provider must then have done, once.
var stages = map[string]struct {
	reach func(s *shop) stage
	state orders.State
	done  stripetest.Entry
}{
	"open the payment page": {func(s *shop) stage {
		checkout := s.checkout(orders.Card, s.tag())
		return stage{orders.Placed{}, func(node *shop) error { _, err := node.Confirm(s.t.Context(), checkout.Key()); return err }}
	}, orders.AwaitingPayment, stripetest.Entry{}},
	"capture": {func(s *shop) stage {
		placed := s.reviewed()
		_, err := s.Approve(s.t.Context(), staff, placed.Order.ID)
		must(s.t, err)
		return stage{placed, func(node *shop) error {
			return node.CaptureApproved(s.t.Context(), orders.TextApproved{OrderID: placed.Order.ID})
		}}
	}, orders.Approved, stripetest.Entry{Captured: 1285}},
	"release the authorization": {func(s *shop) stage {
		placed := s.reviewed()
		_, err := s.Refuse(s.t.Context(), staff, placed.Order.ID, orders.RefusalReasons[0])
		must(s.t, err)
		return stage{placed, func(node *shop) error {
			return node.ReleasePayments(s.t.Context(), orders.OrderCanceled{OrderID: placed.Order.ID})
		}}
	}, orders.Canceled, stripetest.Entry{Released: 1285}},
	"close the payment page": {func(s *shop) stage {
		placed := s.place(orders.Card, s.tag())
		_, err := s.CancelByCustomer(s.t.Context(), placed.LinkToken)
		must(s.t, err)
		return stage{placed, func(node *shop) error {
			return node.ReleasePayments(s.t.Context(), orders.OrderCanceled{OrderID: placed.Order.ID})
		}}
	}, orders.Canceled, stripetest.Entry{}},
	"close the payment page of an order that expires": {func(s *shop) stage {
		placed := s.place(orders.Konbini, s.magnet(1))
		exec(s.t, s.db, `UPDATE orders SET expires_at = $1`, s.clock.Now())
		return stage{placed, func(node *shop) error { return node.ExpireDue(s.t.Context()) }}
	}, orders.Expired, stripetest.Entry{}},
	"refund": {func(s *shop) stage {
		placed := s.approved()
		_, err := s.CancelByCustomer(s.t.Context(), placed.LinkToken)
		must(s.t, err)
		refunds, err := s.Refunds(s.t.Context(), placed.Order.ID)
		must(s.t, err)
		return stage{placed, func(node *shop) error {
			return node.SubmitRefund(s.t.Context(), orders.RefundDue{RefundID: refunds[0].ID})
		}}
	}, orders.Canceled, stripetest.Entry{Captured: 1285, Refunded: 1285}},
}

// TestProcessDies kills a node around every call that changes something at the provider; another
// node does the same job over.
func TestProcessDies(t *testing.T) {
	t.Parallel()
	for name, stage := range stages {
		for when, before := range map[string]bool{"before": true, "after": false} {
			t.Run(name+"/"+when+" the call", func(t *testing.T) {
				t.Parallel()
				s := newShop(t)
				dead := s.twin(func(g orders.Gateway) orders.Gateway { return mortal{g, before} })
				reached := stage.reach(s)
				s.stripe.SetDelivery(stripetest.Delivery{Paused: true}) // no webhook helps
				if !outlive(func() { _ = reached.act(dead) }) {
					t.Fatal("the process lives")
				}
				must(t, reached.act(s))
				s.stripe.Heal()
				s.settle()
				s.reached(reached.placed, stage.state, stage.done)
			})
		}
	}
}

// reached holds the one order of the shop, and what the provider did for it, against what is wanted.
func (s *shop) reached(placed orders.Placed, state orders.State, done stripetest.Entry) {
	s.t.Helper()
	if placed.Order.ID.IsZero() { // placed by the call itself
		must(s.t, s.db.Get(&placed.Order.ID, `SELECT id FROM orders`))
	}
	s.expect(placed, state)
	var books stripetest.Entry
	for _, entry := range s.stripe.Ledger() {
		books.Captured, books.Released, books.Refunded = books.Captured+entry.Captured, books.Released+entry.Released, books.Refunded+entry.Refunded
	}
	if books.Captured != done.Captured || books.Released != done.Released || books.Refunded != done.Refunded {
		s.t.Errorf("the provider did %+v, want %+v", books, done)
	}
	if twice := s.count(`SELECT count(*) FROM stripe_calls WHERE idempotency_key NOT LIKE '%:1' OR state = 'planned'`); twice != 0 {
		s.t.Errorf("%d calls were planned anew or left open", twice)
	}
	if sessions := s.count(`SELECT count(*) FROM payments`); sessions != 1 {
		s.t.Errorf("%d attempts", sessions)
	}
	s.sound()
}

package orders_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"tsukuriba/orders"
	"tsukuriba/orders/stripe/stripetest"
)

// TestPaidAgainstExpire has the money of a konbini order arrive in the moment in which its time is
// over: the provider is asked before an order is given up.
func TestPaidAgainstExpire(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	other := s.twin()
	placed := s.place(orders.Konbini, s.magnet(1))
	must(t, s.stripe.IssueCode(s.session(placed), "09012345678"))
	s.settle()
	must(t, s.stripe.PayAtStore(s.session(placed), "lawson"))
	s.clock.Advance(5 * 24 * time.Hour)
	payment := s.order(placed).Payments[0].ID
	outcomes := s.interleave(placed,
		func() error { return s.ExpireDue(t.Context()) },
		func() error { return other.Apply(t.Context(), payment) },
	)
	must(t, errors.Join(outcomes...))
	s.settle()
	s.expect(placed, orders.Ready)
	s.sound()
}

// TestApproveAgainstExpire has staff approve the text in the moment in which the time to pay is
// over, while the shop has not heard yet that the card was authorized. Whoever wins, the order is
// either approved and paid, or over and its card released.
func TestApproveAgainstExpire(t *testing.T) {
	t.Parallel()
	for range 4 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			s := newShop(t)
			other := s.twin()
			s.stripe.SetDelivery(stripetest.Delivery{Paused: true})
			placed := s.place(orders.Card, s.tag())
			must(t, s.stripe.PayCard(s.session(placed)))
			s.clock.Advance(3 * time.Hour)
			payment := s.order(placed).Payments[0].ID
			outcomes := s.interleave(placed,
				func() error { return s.ExpireDue(t.Context()) },
				func() error {
					if err := other.Apply(t.Context(), payment); err != nil {
						return err
					}
					_, err := other.Approve(t.Context(), staff, placed.Order.ID)
					return err
				},
			)
			if outcomes[0] != nil || outcomes[1] != nil && !errors.Is(outcomes[1], orders.ErrWrongState) {
				t.Error(outcomes)
			}
			s.stripe.Heal()
			s.settle()
			order, entry := s.order(placed), s.stripe.Ledger()[0]
			switch order.State {
			case orders.Approved:
				if entry.Captured != 1285 {
					t.Errorf("approved, and the provider says %+v", entry)
				}
			case orders.Expired, orders.Canceled:
				if entry.Captured != 0 || entry.Released != 1285 {
					t.Errorf("over, and the provider says %+v", entry)
				}
			default:
				t.Errorf("the order is left %s: %+v, the provider says %+v", order.State, order.Payments, entry)
			}
			s.sound()
		})
	}
}

// TestCartEditedWhilePaying changes the cart in tab B while tab A confirms, at two nodes: the order
// is what tab A showed, or there is none and tab A is told.
func TestCartEditedWhilePaying(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	other := s.twin()
	made := 0
	for range 12 {
		token := s.cart(s.tag())
		checkout, err := s.PrepareCheckout(t.Context(), token, form(orders.Card))
		must(t, err)
		var both sync.WaitGroup
		var placed orders.Placed
		var confirmed, added error
		both.Go(func() { placed, confirmed = s.Confirm(t.Context(), checkout.Key()) })
		both.Go(func() { _, added = other.AddLine(t.Context(), token, s.magnet(1)) })
		both.Wait()
		must(t, added)
		cart, err := s.Cart(t.Context(), token)
		must(t, err)
		switch {
		case confirmed == nil:
			made++
			if order := s.order(placed); order.Total != checkout.Total || len(order.Lines) != 1 || len(cart.Lines) != 1 {
				t.Errorf("the order is %s of %d lines, %s was shown; %d lines are in the cart", order.Total, len(order.Lines), checkout.Total, len(cart.Lines))
			}
		case errors.Is(confirmed, orders.ErrCartChanged):
			if len(cart.Lines) != 2 {
				t.Errorf("%d lines are in the cart", len(cart.Lines))
			}
		default:
			t.Error(confirmed)
		}
	}
	if orders := s.count(`SELECT count(*) FROM orders`); orders != made {
		t.Errorf("%d orders, %d were confirmed", orders, made)
	}
	s.sound()
}

// TestCartEditedOnThePayPage has tab B fill the cart anew while tab A stands on the provider's page.
func TestCartEditedOnThePayPage(t *testing.T) {
	t.Parallel()
	var editing func(ctx context.Context)
	s := newShop(t, func(g orders.Gateway) orders.Gateway { return beforeOpening{g, &editing} })
	token := s.cart(s.tag())
	editing = func(ctx context.Context) {
		if _, err := s.AddLine(ctx, token, s.magnet(2)); err != nil {
			t.Error(err)
		}
	}
	checkout, err := s.PrepareCheckout(t.Context(), token, form(orders.Card))
	must(t, err)
	placed, err := s.Confirm(t.Context(), checkout.Key())
	must(t, err)
	must(t, s.stripe.PayCard(s.session(placed)))
	s.settle()
	s.expect(placed, orders.InReview)
	if order := s.order(placed); order.Total != checkout.Total || s.stripe.Ledger()[0].Authorized != int64(checkout.Total) {
		t.Errorf("%s was shown, the order is %s, the provider says %+v", checkout.Total, order.Total, s.stripe.Ledger())
	}
	cart, err := s.Cart(t.Context(), token)
	must(t, err)
	if len(cart.Lines) != 1 || cart.Lines[0].Quantity != 2 {
		t.Errorf("the cart holds %+v", cart.Lines)
	}
	s.sound()
}

// beforeOpening does something just before the provider makes a page.
type beforeOpening struct {
	orders.Gateway
	do *func(context.Context)
}

func (g beforeOpening) OpenCheckout(ctx context.Context, request orders.CheckoutRequest) (orders.HostedPage, error) {
	(*g.do)(ctx)
	return g.Gateway.OpenCheckout(ctx, request)
}

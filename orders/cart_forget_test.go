package orders_test

import (
	"errors"
	"testing"
	"time"

	"tsukuriba/orders"
)

// TestForgetCarts holds what the privacy page promises, and that nothing anybody still needs goes with it.
func TestForgetCarts(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	left := s.checkout(orders.Card, s.tag())
	ordered := s.checkout(orders.Card, s.magnet(1))
	placed, err := s.Confirm(t.Context(), ordered.Key())
	must(t, err)
	filled := form(orders.Card)
	filled.Company = "株式会社ひかり"
	shown, err := s.PrepareCheckout(t.Context(), s.cart(s.tag()), filled)
	must(t, err)
	quotation, err := s.Quote(t.Context(), shown.Key())
	must(t, err)

	s.clock.Advance(orders.CartKept)
	changed := s.cart(s.magnet(2))
	must(t, s.ForgetCarts(t.Context()))
	if _, err := s.Cart(t.Context(), left.Secret); err != nil {
		t.Errorf("a cart was forgotten in its last hour: %v", err)
	}

	s.clock.Advance(time.Hour)
	must(t, s.ForgetCarts(t.Context()))
	if _, err := s.Cart(t.Context(), left.Secret); !errors.Is(err, orders.ErrCartNotFound) {
		t.Errorf("the old cart: %v", err)
	}
	if kept := s.count(`SELECT count(*) FROM checkouts WHERE id = $1`, left.ID); kept != 0 {
		t.Error("the address of the old cart is still there")
	}
	if cart, err := s.Cart(t.Context(), changed); err != nil || len(cart.Lines) != 1 {
		t.Errorf("the new cart: %+v, %v", cart, err)
	}
	again, err := s.Confirm(t.Context(), ordered.Key())
	if err != nil || again.LinkToken != placed.LinkToken {
		t.Errorf("the order gives its cart another link: %v", err)
	}
	if found, err := s.Quotation(t.Context(), quotation.LinkToken); err != nil || found.Number != quotation.Number {
		t.Errorf("the quotation: %+v, %v", found, err)
	}
}

package orders_test

import (
	"errors"
	"testing"

	"tsukuriba/orders"
)

// TestCheckoutOpensForItsCart: an id may stand in a log or be read over a shoulder. Without the cart it
// says nothing, neither before it has become an order nor afterwards.
func TestCheckoutOpensForItsCart(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	screen, other := s.checkout(orders.Card, s.tag()), s.checkout(orders.Card, s.magnet(1))
	secrets := map[string]string{"nothing": "", "its own id": screen.ID.String(), "another cart": other.Secret}
	refused := func() {
		t.Helper()
		for name, secret := range secrets {
			key := orders.CheckoutKey{ID: screen.ID, Secret: secret}
			shown, read := s.Checkout(t.Context(), key)
			_, quoted := s.Quote(t.Context(), key)
			placed, confirmed := s.Confirm(t.Context(), key)
			for _, err := range []error{read, quoted, confirmed} {
				if !errors.Is(err, orders.ErrCheckoutNotFound) || shown.Contact.Name != "" || placed.LinkToken != "" {
					t.Errorf("with %s: %v, %+v, %+v", name, err, shown, placed)
				}
			}
		}
	}
	refused()
	placed, err := s.Confirm(t.Context(), screen.Key())
	must(t, err)
	secrets["the link of its order"] = placed.LinkToken
	refused()
	again, err := s.Confirm(t.Context(), screen.Key()) // the answer was lost on its way
	must(t, err)
	if again.LinkToken != placed.LinkToken || again.Order.ID != placed.Order.ID {
		t.Errorf("the same cart is given another order: %+v", again)
	}
	if made := s.count(`SELECT count(*) FROM orders`); made != 1 {
		t.Errorf("%d orders were made", made)
	}
}

// TestQuotationOpensForItsLink: who has the link may be another person than who filled the cart.
func TestQuotationOpensForItsLink(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	filled := form(orders.Card)
	filled.Company = "株式会社ひかり"
	screen, err := s.PrepareCheckout(t.Context(), s.cart(s.tag()), filled)
	must(t, err)
	quotation, err := s.Quote(t.Context(), screen.Key())
	must(t, err)
	for name, key := range map[string]orders.CheckoutKey{
		"the quotation by the cart": {ID: quotation.Checkout.ID, Secret: screen.Secret},
		"the screen by the link":    {ID: screen.ID, Secret: quotation.LinkToken},
	} {
		if _, err := s.Confirm(t.Context(), key); !errors.Is(err, orders.ErrCheckoutNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err = s.Confirm(t.Context(), quotation.Checkout.Key())
	must(t, err)
}

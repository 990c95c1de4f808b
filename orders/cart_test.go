package orders_test

import (
	"bytes"
	"errors"
	"maps"
	"strings"
	"testing"

	"tsukuriba/catalog"
	"tsukuriba/internal/audit"
	"tsukuriba/orders"
)

func TestCart(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	token := s.cart(s.tag(), s.tag(), s.magnet(2))
	cart, err := s.Cart(t.Context(), token)
	must(t, err)
	if len(cart.Lines) != 2 || cart.Lines[0].Quantity != 2 || cart.Goods != 3300 || cart.Version != 4 {
		t.Errorf("the cart is %+v", cart)
	}
	if line := cart.Lines[0]; line.DesignText != "はると" || line.Width != 60 || !line.Available {
		t.Errorf("the line is %+v", line)
	}
	other := orders.LineRequest{Variant: s.goods.tag, Design: design(t, s.db, s.goods.tag, "さくら"), Quantity: 1}
	if cart, err = s.AddLine(t.Context(), token, other); err != nil || len(cart.Lines) != 3 {
		t.Errorf("lines of two designs were merged: %v, %v", cart.Lines, err)
	}
	cart, err = s.ChangeLine(t.Context(), token, cart.Lines[0].ID, 7)
	must(t, err)
	cart, err = s.RemoveLine(t.Context(), token, cart.Lines[1].ID)
	must(t, err)
	if len(cart.Lines) != 2 || cart.Lines[0].Quantity != 7 {
		t.Errorf("the cart is %+v", cart)
	}
}

func TestCartRefuses(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	token := s.cart(s.tag())
	for name, c := range map[string]struct {
		line orders.LineRequest
		want error
	}{
		"nothing":                   {orders.LineRequest{Variant: s.goods.magnet}, orders.ErrBadQuantity},
		"less than nothing":         {s.magnet(-1), orders.ErrBadQuantity},
		"a hundred":                 {s.magnet(100), orders.ErrBadQuantity},
		"99 more of a tag":          {orders.LineRequest{Variant: s.goods.tag, Design: s.goods.design, Quantity: 99}, orders.ErrBadQuantity},
		"an unknown variant":        {orders.LineRequest{Variant: catalog.VariantID{1}, Quantity: 1}, orders.ErrNotForSale},
		"a tag without a design":    {orders.LineRequest{Variant: s.goods.tag, Quantity: 1}, orders.ErrDesignMissing},
		"another product's design":  {orders.LineRequest{Variant: s.goods.tag, Design: s.goods.otherDesign, Quantity: 1}, orders.ErrDesignMismatch},
		"a design that is not":      {orders.LineRequest{Variant: s.goods.tag, Design: catalog.DesignID{1}, Quantity: 1}, catalog.ErrDesignNotFound},
		"a design on a shelf thing": {orders.LineRequest{Variant: s.goods.magnet, Design: s.goods.design, Quantity: 1}, orders.ErrDesignMismatch},
	} {
		if _, err := s.AddLine(t.Context(), token, c.line); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	if _, err := s.Cart(t.Context(), token+"x"); !errors.Is(err, orders.ErrCartNotFound) {
		t.Errorf("a wrong token: %v", err)
	}
	if _, err := s.ChangeLine(t.Context(), token, orders.CartLineID{1}, 1); !errors.Is(err, orders.ErrLineNotFound) {
		t.Errorf("a wrong line: %v", err)
	}
	if cart, _ := s.Cart(t.Context(), token); cart.Version != 2 || len(cart.Lines) != 1 {
		t.Errorf("a refused change left its mark: %+v", cart)
	}
}

func TestPrepareCheckout(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	token := s.cart(s.tag(), s.magnet(2))
	checkout, err := s.PrepareCheckout(t.Context(), token, form(orders.Card))
	must(t, err)
	if checkout.Goods != 2200 || checkout.Shipping != 185 || checkout.Total != 2385 || checkout.Taxes[0].Tax != 216 {
		t.Errorf("the figures are %+v", checkout)
	}
	if c := checkout.Contact; c.Phone != "09012345678" || c.PostalCode != "0640941" || c.Name != haru().Name {
		t.Errorf("the contact is %+v", c)
	}
	stored, err := s.Checkout(t.Context(), checkout.Key())
	must(t, err)
	if stored.Contact != checkout.Contact || len(stored.Legal) != 6 || stored.Total != checkout.Total || !stored.Window.From.Equal(checkout.Window.From) {
		t.Errorf("stored %+v", stored)
	}
	exec(t, s.db, `UPDATE variants SET price_yen = 9999`)
	exec(t, s.db, `UPDATE products SET name = 'dearer'`)
	placed, err := s.Confirm(t.Context(), checkout.Key())
	must(t, err)
	if placed.Order.Total != 2385 || placed.Order.Lines[1].Title != "magnet" {
		t.Errorf("the order is not what was shown: %+v", placed.Order)
	}
}

func TestPrepareCheckoutRefuses(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	token := s.cart(s.tag(), s.magnet(99))
	for name, c := range map[string]struct {
		change func(*orders.CheckoutForm)
		want   map[string]string
	}{
		"no way of shipping":    {func(f *orders.CheckoutForm) { f.Shipping = "" }, map[string]string{"shipping": "required"}},
		"an unknown way":        {func(f *orders.CheckoutForm) { f.Shipping = "drone" }, map[string]string{"shipping": "unknown"}},
		"too much for a letter": {func(*orders.CheckoutForm) {}, map[string]string{"shipping": "too_large"}},
		"an unknown method":     {func(f *orders.CheckoutForm) { f.Shipping, f.Method = "pickup", "cash" }, map[string]string{"payment_method": "unknown"}},
		"an unknown language":   {func(f *orders.CheckoutForm) { f.Shipping, f.Language = "pickup", "xx" }, map[string]string{"language": "unknown"}},
		"an empty form": {
			func(f *orders.CheckoutForm) { *f = orders.CheckoutForm{Shipping: "pickup"} },
			map[string]string{"name": "required", "email": "required", "phone": "required", "payment_method": "unknown"},
		},
	} {
		filled := form(orders.Card)
		c.change(&filled)
		var refused *orders.FormError
		_, err := s.PrepareCheckout(t.Context(), token, filled)
		if !errors.As(err, &refused) || !maps.Equal(refused.Fields, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	if _, err := s.PrepareCheckout(t.Context(), s.cart(), form(orders.Card)); !errors.Is(err, orders.ErrCartEmpty) {
		t.Errorf("an empty cart: %v", err)
	}
	exec(t, s.db, `UPDATE products SET state = 'paused' WHERE slug = 'magnet'`)
	if _, err := s.PrepareCheckout(t.Context(), s.cart(s.tag()), form(orders.Card)); err != nil {
		t.Errorf("another product: %v", err)
	}
	filled := form(orders.Card)
	filled.Shipping = "pickup"
	if _, err := s.PrepareCheckout(t.Context(), token, filled); !errors.Is(err, orders.ErrNotForSale) {
		t.Errorf("a paused product: %v", err)
	}
}

func TestKonbiniLimits(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	exec(t, s.db, `UPDATE variants SET price_yen = 20000 WHERE id = $1`, s.goods.magnet)
	filled := form(orders.Konbini)
	filled.Shipping = "pickup"
	for quantity, want := range map[int]string{15: "", 16: "amount_out_of_range"} {
		_, err := s.PrepareCheckout(t.Context(), s.cart(s.magnet(quantity)), filled)
		var refused *orders.FormError
		if got := errors.As(err, &refused); got != (want != "") || got && refused.Fields["payment_method"] != want {
			t.Errorf("%d pieces: %v", quantity, err)
		}
	}
}

func TestLegalItems(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	for _, language := range []orders.Language{orders.Japanese, orders.Easy, orders.English} {
		for _, method := range []orders.Method{orders.Card, orders.Konbini} {
			filled := form(method)
			filled.Language = language
			checkout, err := s.PrepareCheckout(t.Context(), s.cart(s.tag(), s.magnet(1)), filled)
			must(t, err)
			placed, err := s.Confirm(t.Context(), checkout.Key())
			must(t, err)
			for _, item := range checkout.Legal {
				if item.Title == "" || item.Text == "" || strings.Contains(item.Text, "%!") || !strings.Contains(placed.Order.LegalText, item.Text) {
					t.Errorf("%s %s: %+v", language, method, item)
				}
			}
			for _, figure := range []string{checkout.Total.String(), checkout.Shipping.String(), "はると"} {
				if !strings.Contains(placed.Order.LegalText, figure) {
					t.Errorf("%s: %s is missing in %s", language, figure, placed.Order.LegalText)
				}
			}
			if method == orders.Konbini && !strings.Contains(placed.Order.LegalText, "7-Eleven") && !strings.Contains(placed.Order.LegalText, "セブン-イレブン") {
				t.Errorf("%s: it is not said that one konbini does not take it", language)
			}
		}
	}
}

func TestContactIsSealed(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.place(orders.Card, s.tag())
	s.settle()
	var dump []byte
	must(t, s.db.Get(&dump, `
		SELECT convert_to(string_agg(orders::text || checkouts::text, ''), 'UTF8')
		FROM orders
		JOIN checkouts ON checkouts.id = orders.checkout_id`))
	for _, secret := range []string{haru().Name, haru().Email, haru().City, "09012345678", placed.LinkToken} {
		if bytes.Contains(dump, []byte(secret)) {
			t.Errorf("%s lies open in the database", secret)
		}
	}
	contact, err := s.Contact(t.Context(), staff, placed.Order.ID)
	must(t, err)
	if contact.Name != haru().Name {
		t.Errorf("the name became %q", contact.Name)
	}
	if _, err := s.ContactForShipping(t.Context(), staff, placed.Order.ID); !errors.Is(err, orders.ErrContactClosed) {
		t.Errorf("an address was read before there is a parcel: %v", err)
	}
	timeline, err := s.Timeline(t.Context(), placed.Order.ID)
	must(t, err)
	last := timeline[len(timeline)-1]
	if last.Action != "order.contact_read" || last.Actor != staff || timeline[0].Actor.Role != audit.Customer {
		t.Errorf("the timeline is %+v", timeline)
	}
}

func TestOrders(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	var placed []orders.Placed
	for range 5 {
		placed = append(placed, s.place(orders.Konbini, s.tag()))
	}
	_, err := s.Hold(t.Context(), staff, placed[1].Order.ID, orders.HoldTextQuery, "which はると?")
	must(t, err)
	list := func(query orders.OrderQuery) (numbers []string) {
		for {
			page, err := s.Orders(t.Context(), query)
			must(t, err)
			for _, order := range page.Items {
				numbers = append(numbers, order.Number[len(order.Number)-1:])
			}
			if query.Cursor = page.NextCursor; query.Cursor == "" {
				return numbers
			}
		}
	}
	for want, query := range map[string]orders.OrderQuery{
		"54321": {Limit: 2},
		"":      {States: []orders.State{orders.Shipped}},
		"3":     {Number: placed[2].Order.Number},
		"2":     {OnHold: true, States: []orders.State{orders.InReview}},
	} {
		if got := strings.Join(list(query), ""); got != want {
			t.Errorf("%+v lists %s, want %s", query, got, want)
		}
	}
	if got := list(orders.OrderQuery{Email: "HARU@example.jp"}); len(got) != 5 {
		t.Errorf("by e-mail: %v", got)
	}
	if _, err := s.Orders(t.Context(), orders.OrderQuery{Cursor: "zzz"}); !errors.Is(err, catalog.ErrBadCursor) {
		t.Errorf("a bad cursor: %v", err)
	}
	if _, err := s.Approve(t.Context(), staff, placed[1].Order.ID); !errors.Is(err, orders.ErrOnHold) {
		t.Errorf("an order on hold was approved: %v", err)
	}
	_, err = s.ReleaseHold(t.Context(), staff, placed[1].Order.ID, orders.HoldTextQuery)
	must(t, err)
	_, err = s.Approve(t.Context(), staff, placed[1].Order.ID)
	must(t, err)
}

// TestAddLine_of_a_design_that_is_being_forgotten adds a design while the sweep has deleted it, but not yet for others to see.
func TestAddLine_of_a_design_that_is_being_forgotten(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	token := s.cart(s.magnet(1))
	sweep := s.db.MustBegin()
	sweep.MustExec(`DELETE FROM designs WHERE id = $1`, s.goods.design)
	added := make(chan error, 1)
	go func() {
		_, err := s.AddLine(t.Context(), token, orders.LineRequest{Variant: s.goods.tag, Design: s.goods.design, Quantity: 1})
		added <- err
	}()
	for waiting := 0; waiting == 0 && len(added) == 0; {
		err := s.db.Get(&waiting, `
			SELECT count(*)
			FROM pg_stat_activity
			WHERE datname = current_database() AND wait_event_type = 'Lock'`)
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := sweep.Commit(); err != nil {
		t.Fatal(err)
	}
	if err := <-added; !errors.Is(err, catalog.ErrDesignNotFound) {
		t.Errorf("AddLine: %v, want %v", err, catalog.ErrDesignNotFound)
	}
}

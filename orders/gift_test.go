package orders_test

import (
	"strings"
	"testing"

	"tsukuriba/internal/audit"
	"tsukuriba/orders"
)

func TestGift(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	filled := form(orders.Konbini)
	filled.Gift = orders.Gift{Wrapped: true, WithoutPrices: true, Message: "おめでとう🎂\r\n母より"}
	checkout, err := s.PrepareCheckout(t.Context(), s.cart(s.magnet(2)), filled)
	must(t, err)
	if checkout.Wrapping != 220 || checkout.Total != 1100+220+185 || checkout.Taxes[0].Total != checkout.Total {
		t.Errorf("frozen %+v", checkout)
	}
	if price := checkout.Legal[1].Text; !strings.Contains(price, "ギフト包装 ¥220") {
		t.Errorf("the confirmation does not tell of the wrapping: %s", price)
	}
	placed, err := s.Confirm(t.Context(), checkout.Key())
	must(t, err)
	if order := s.order(placed); !order.Wrapped || !order.WithoutPrices || order.Wrapping != 220 {
		t.Errorf("ordered %+v", order)
	}
	contact, err := s.Contact(t.Context(), staff, placed.Order.ID)
	must(t, err)
	if contact.GiftMessage != "おめでとう🎂\n母より" {
		t.Errorf("the card says %q", contact.GiftMessage)
	}
	if plain := s.count(`
		SELECT count(*)
		FROM checkouts, orders
		WHERE checkouts.snapshot::text LIKE '%おめでとう%' OR orders::text LIKE '%おめでとう%'`); plain != 0 {
		t.Error("the message is stored in plain letters")
	}
	s.sound()
}

func TestWrappingPriceIsDated(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	exec(t, s.db, `INSERT INTO own_prices VALUES ('wrapping', CURRENT_DATE - 1, 300), ('wrapping', CURRENT_DATE + 30, 400)`)
	offer, err := s.Offer(t.Context(), s.cart(s.magnet(1)), "")
	must(t, err)
	if offer.Wrapping != 300 {
		t.Errorf("wrapping costs %s", offer.Wrapping)
	}
}

// Those who only send parcels read the card with the address, and no sooner.
func TestGiftMessageIsReadWithTheAddress(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	filled := form(orders.Konbini)
	filled.Message = "おめでとう"
	checkout, err := s.PrepareCheckout(t.Context(), s.cart(s.magnet(1)), filled)
	must(t, err)
	placed, err := s.Confirm(t.Context(), checkout.Key())
	must(t, err)
	if _, err := s.ContactForShipping(t.Context(), audit.Actor{Role: audit.Staff, ID: staff.ID}, placed.Order.ID); err == nil {
		t.Error("the card can be read before there is a parcel")
	}
}

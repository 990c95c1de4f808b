package orders_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"tsukuriba/internal/jst"
	"tsukuriba/internal/yen"
	"tsukuriba/orders"
)

// priceList is what is known about the prices of a key.
func (s *shop) priceList(key string) orders.PriceList {
	s.t.Helper()
	lists, err := s.PriceLists(s.t.Context())
	must(s.t, err)
	i := slices.IndexFunc(lists, func(list orders.PriceList) bool { return list.Key == key })
	if i < 0 {
		s.t.Fatalf("nothing is known about %s", key)
	}
	return lists[i]
}

func TestAddPrice(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	from := jst.Midnight(s.clock.Now()).AddDate(0, 0, 1)
	zones := map[string]yen.Amount{"home": 900, "near": 950, "kinki": 1000, "west": 1200, "far": 1500, "okinawa": 1500}
	without := maps.Clone(zones)
	delete(without, "far")
	for name, c := range map[string]struct {
		price orders.NewPrice
		field string // the one that is refused, with its reason
	}{
		"today":                 {orders.NewPrice{Key: "click-post", From: from.AddDate(0, 0, -1), Price: new(yen.Amount(200))}, "valid_from: invalid"},
		"without a price":       {orders.NewPrice{Key: "click-post", From: from}, "price_yen: required"},
		"below nothing":         {orders.NewPrice{Key: "wrapping", From: from, Price: new(yen.Amount(-1))}, "price_yen: invalid"},
		"far too much":          {orders.NewPrice{Key: "wrapping", From: from, Price: new(yen.Amount(20_001))}, "price_yen: invalid"},
		"a zone is missing":     {orders.NewPrice{Key: "yu-pack-60", From: from, Zones: without}, "zones/far: required"},
		"one price for regions": {orders.NewPrice{Key: "yu-pack-60", From: from, Price: new(yen.Amount(900))}, "zones/home: required"},
	} {
		t.Run(name, func(t *testing.T) {
			var form *orders.FormError
			if err := s.AddPrice(t.Context(), staff, c.price); !errors.As(err, &form) || !strings.Contains(form.Error(), c.field) {
				t.Errorf("err = %v, want %s", err, c.field)
			}
		})
	}
	if err := s.AddPrice(t.Context(), staff, orders.NewPrice{Key: "drone", From: from}); !errors.Is(err, orders.ErrTariffNotFound) {
		t.Errorf("a drone: %v", err)
	}
	for _, price := range []orders.NewPrice{
		{Key: "click-post", From: from, Price: new(yen.Amount(200))},
		{Key: "yu-pack-60", From: from, Zones: zones},
		{Key: orders.WrappingKey, From: from, Price: new(yen.Amount(250))},
	} {
		must(t, s.AddPrice(t.Context(), staff, price))
		var form *orders.FormError
		if err := s.AddPrice(t.Context(), staff, price); !errors.As(err, &form) || form.Fields["valid_from"] != "taken" {
			t.Errorf("twice from one day: %v", err)
		}
	}
	s.costs("神奈川県", 185, 820, 220)
	s.clock.Advance(25 * time.Hour)
	s.costs("神奈川県", 200, 900, 250)
	s.costs("沖縄県", 200, 1500, 250)
	if list := s.priceList("click-post"); len(list.Prices) != 2 || list.Prices[0].When != orders.PriceInForce || list.Prices[1].When != orders.PricePast {
		t.Errorf("the list is %+v", list)
	}
	if n := s.count(`SELECT count(*) FROM audit_entries WHERE action = 'price.added'`); n != 3 {
		t.Errorf("%d additions were recorded", n)
	}
}

// costs fails the test unless a click post, a small Yu-Pack to the prefecture and wrapping cost that.
func (s *shop) costs(prefecture string, letter, parcel, wrapping yen.Amount) {
	s.t.Helper()
	offer, err := s.Offer(s.t.Context(), s.cart(s.magnet(1)), prefecture)
	must(s.t, err)
	got := map[string]yen.Amount{}
	for _, option := range offer.Options {
		got[option.Key] = option.Price
	}
	if got["click-post"] != letter || got["yu-pack-60"] != parcel || offer.Wrapping != wrapping {
		s.t.Errorf("to %s it costs %s, %s and %s to wrap", prefecture, got["click-post"], got["yu-pack-60"], offer.Wrapping)
	}
}

// remembers has the shop hear of changes until the test ends, so that prices are kept in memory.
func (s *shop) remembers() {
	s.t.Helper()
	ctx, stop := context.WithCancel(context.WithoutCancel(s.t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- s.catalog.Listen(ctx, s.dsn) }()
	s.t.Cleanup(func() {
		stop()
		must(s.t, <-ended)
	})
	for heard := false; !heard; time.Sleep(5 * time.Millisecond) {
		_, heard = s.catalog.Changes()
	}
}

func TestRememberedPrices(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.remembers()
	cart := s.cart(s.magnet(1))
	offered := func() (letter, wrapping yen.Amount) {
		t.Helper()
		offer, err := s.Offer(t.Context(), cart, "沖縄県")
		must(t, err)
		i := slices.IndexFunc(offer.Options, func(o orders.ShippingOption) bool { return o.Key == "click-post" })
		return offer.Options[i].Price, offer.Wrapping
	}
	offered()

	tomorrow := jst.Midnight(s.clock.Now()).AddDate(0, 0, 1)
	must(t, s.AddPrice(t.Context(), staff, orders.NewPrice{Key: "click-post", From: tomorrow, Price: new(yen.Amount(321))}))
	must(t, s.AddPrice(t.Context(), staff, orders.NewPrice{Key: orders.WrappingKey, From: tomorrow, Price: new(yen.Amount(654))}))
	s.clock.Advance(tomorrow.Sub(s.clock.Now()))
	if letter, wrapping := offered(); letter != 321 || wrapping != 654 {
		t.Errorf("at midnight it costs %s and %s to wrap, want ¥321 and ¥654", letter, wrapping)
	}

	today := jst.Date(tomorrow.AddDate(0, 0, 1))
	s.clock.Advance(24 * time.Hour)
	offered()
	exec(t, s.db, `INSERT INTO own_prices (key, valid_from, price_yen) VALUES ('wrapping', $1, 777)`, today)
	exec(t, s.db, `
		INSERT INTO shipping_tariffs (key, valid_from, name, name_en, price_yen, max_weight_g, max_width_mm, max_depth_mm, max_height_mm,
		                              extra_days, needs_address, position)
		SELECT key, $1, name, name_en, 888, max_weight_g, max_width_mm, max_depth_mm, max_height_mm, extra_days, needs_address, position
		FROM shipping_tariffs
		WHERE key = 'click-post'
		LIMIT 1`, today)
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		letter, wrapping := offered()
		if letter == 888 && wrapping == 777 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("what another process wrote is never heard of: %s and %s to wrap", letter, wrapping)
		}
	}
}

func TestWithdrawPrice(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	from := jst.Midnight(s.clock.Now()).AddDate(0, 0, 3)
	zones := map[string]yen.Amount{"home": 900, "near": 950, "kinki": 1000, "west": 1200, "far": 1500, "okinawa": 1500}
	must(t, s.AddPrice(t.Context(), staff, orders.NewPrice{Key: "yu-pack-80", From: from, Zones: zones}))
	ref := orders.PriceRef{Key: "yu-pack-80", From: jst.Date(from)}
	must(t, s.WithdrawPrice(t.Context(), staff, ref))
	if err := s.WithdrawPrice(t.Context(), staff, ref); !errors.Is(err, orders.ErrTariffNotFound) {
		t.Errorf("taken back twice: %v", err)
	}
	list := s.priceList("yu-pack-80")
	if len(list.Prices) != 1 || list.Prices[0].When != orders.PriceInForce || len(list.Prices[0].Zones) != 6 {
		t.Fatalf("the list is %+v", list)
	}
	begun := orders.PriceRef{Key: "click-post", From: s.priceList("click-post").Prices[0].ValidFrom.Format(time.DateOnly)}
	if err := s.WithdrawPrice(t.Context(), staff, begun); !errors.Is(err, orders.ErrTariffInForce) {
		t.Errorf("a price in force was taken back: %v", err)
	}
	for _, statement := range []string{
		`DELETE FROM own_prices`, `UPDATE shipping_tariffs SET price_yen = 1 WHERE key = 'click-post'`, `UPDATE shipping_zone_prices SET price_yen = 1`,
	} {
		if _, err := s.db.ExecContext(t.Context(), statement); err == nil {
			t.Errorf("the database lets a past price go: %s", statement)
		}
	}
}

func TestConfirmPrice(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	price := s.priceList("yu-pack-60").Prices[0]
	if price.Confirmed != nil || s.priceList("pickup").Prices[0].Confirmed == nil {
		t.Error("a carrier's price counts as confirmed, or our own does not")
	}
	must(t, s.ConfirmPrice(t.Context(), staff, orders.PriceRef{Key: price.Key, From: price.ValidFrom.Format(time.DateOnly)}))
	if s.priceList("yu-pack-60").Prices[0].Confirmed == nil {
		t.Error("nobody knows that it was confirmed")
	}
	if err := s.ConfirmPrice(t.Context(), staff, orders.PriceRef{Key: "wrapping", From: "1999-01-01"}); !errors.Is(err, orders.ErrTariffNotFound) {
		t.Errorf("a price of long ago: %v", err)
	}
}

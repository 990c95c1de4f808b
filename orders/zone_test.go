package orders_test

import (
	"testing"

	"tsukuriba/internal/yen"
	"tsukuriba/orders"
)

// priceTo is what a tariff costs to a prefecture, and whether that is only the lowest price.
func (s *shop) priceTo(tariff, prefecture string) (yen.Amount, bool) {
	s.t.Helper()
	options, err := s.ShippingOptions(s.t.Context(), s.cart(s.magnet(1)), prefecture)
	must(s.t, err)
	for _, option := range options {
		if option.Key == tariff {
			return option.Price, option.From
		}
	}
	s.t.Fatalf("%s is not offered", tariff)
	return 0, false
}

func TestPriceByPrefecture(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	for prefecture, want := range map[string]yen.Amount{"神奈川県": 820, "東京都": 880, "大阪府": 990, "北海道": 1410, "沖縄県": 1450} {
		if price, from := s.priceTo("yu-pack-60", prefecture); price != want || from {
			t.Errorf("to %s it costs %s", prefecture, price)
		}
	}
	if price, from := s.priceTo("yu-pack-60", ""); price != 820 || !from {
		t.Errorf("to anywhere it costs from %s", price)
	}
	if price, from := s.priceTo("click-post", ""); price != 185 || from {
		t.Errorf("a letter costs %s anywhere", price)
	}
	filled := form(orders.Card)
	filled.Shipping, filled.Prefecture = "yu-pack-60", " 沖縄県 "
	checkout, err := s.PrepareCheckout(t.Context(), s.cart(s.magnet(1)), filled)
	must(t, err)
	if checkout.Shipping != 1450 {
		t.Errorf("frozen at %s", checkout.Shipping)
	}
}

// Every prefecture has a zone, and every tariff by zone a price in each.
func TestZonesAreComplete(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	for _, prefecture := range orders.Prefectures {
		for _, tariff := range []string{"yu-pack-60", "yu-pack-80"} {
			if price, from := s.priceTo(tariff, prefecture); price < 820 || from {
				t.Errorf("%s to %s costs %s", tariff, prefecture, price)
			}
		}
	}
	if missing := s.count(`
		SELECT count(*)
		FROM shipping_tariffs AS tariff
		CROSS JOIN (SELECT DISTINCT zone FROM shipping_zones) AS zones
		LEFT JOIN shipping_zone_prices AS price USING (key, valid_from, zone)
		WHERE tariff.price_yen IS NULL AND price.price_yen IS NULL`); missing != 0 {
		t.Errorf("%d zones have no price", missing)
	}
}

func TestClosedDaysMoveThePromise(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	before, err := s.ShipWindow(t.Context(), 0)
	must(t, err)
	exec(t, s.db, `
		INSERT INTO closed_days (day, name, kind)
		VALUES ($1, '棚おろし', 'workshop')`, before.From.Format("2006-01-02"))
	after, err := s.ShipWindow(t.Context(), 0)
	must(t, err)
	if !after.From.After(before.From) {
		t.Errorf("a closed day is promised: %v", after)
	}
}

func TestCloseAndOpenADay(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	window, err := s.ShipWindow(t.Context(), 0)
	must(t, err)
	date := window.From
	must(t, s.CloseDay(t.Context(), staff, date, "大そうじ"))
	must(t, s.CloseDay(t.Context(), staff, date, "もう一度"))
	if n := s.count(`SELECT count(*) FROM closed_days WHERE name IN ('大そうじ', 'もう一度')`); n != 1 {
		t.Errorf("%d days", n)
	}
	must(t, s.OpenDay(t.Context(), staff, date))
	must(t, s.OpenDay(t.Context(), staff, date))
	days, err := s.ClosedDays(t.Context())
	must(t, err)
	for _, closed := range days {
		if closed.Name == "大そうじ" || !closed.Day.After(s.clock.Now().AddDate(0, 0, -2)) {
			t.Errorf("still closed: %+v", closed)
		}
	}
	if err := s.CloseDay(t.Context(), staff, s.clock.Now().AddDate(0, 0, -2), ""); reasonOf(err, "day") != "invalid" || reasonOf(err, "name") != "required" {
		t.Errorf("err = %v", err)
	}
}

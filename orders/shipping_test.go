package orders

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tsukuriba/internal/jst"
	"tsukuriba/internal/yen"
)

var (
	clickPost = Tariff{Key: "click-post", Price: 185, MaxWeight: 1000, MaxWidth: 340, MaxDepth: 250, MaxHeight: 30, NeedsAddress: true}
	noHurry   = Tariff{Key: "no-hurry", Price: 0, MaxWeight: 1000, MaxWidth: 340, MaxDepth: 250, MaxHeight: 30, ExtraDays: 7, NeedsAddress: true}
	light     = Tariff{Key: "letter-pack-light", Price: 430, MaxWeight: 4000, MaxWidth: 340, MaxDepth: 248, MaxHeight: 30, NeedsAddress: true}
	plus      = Tariff{Key: "letter-pack-plus", Price: 600, MaxWeight: 4000, MaxWidth: 340, MaxDepth: 248, MaxHeight: 80, NeedsAddress: true}
	pickup    = Tariff{Key: "pickup", MaxWeight: 30000, MaxWidth: 1000, MaxDepth: 1000, MaxHeight: 1000}
	tariffs   = []Tariff{clickPost, noHurry, light, plus, pickup}
)

func TestShippingOptions(t *testing.T) {
	t.Parallel()
	tag := Piece{Width: 60, Depth: 24, Height: 3, Weight: 8, Quantity: 1}
	many, heavy := tag, tag
	many.Quantity, heavy.Weight = 99, 2000
	for name, c := range map[string]struct {
		pieces   []Piece
		want     []string
		cheapest string
	}{
		"one tag":          {[]Piece{tag}, []string{"click-post", "no-hurry", "letter-pack-light", "letter-pack-plus", "pickup"}, "click-post"},
		"99 tags":          {[]Piece{many}, []string{"click-post", "no-hurry", "letter-pack-light", "letter-pack-plus", "pickup"}, "click-post"},
		"a heavy thing":    {[]Piece{heavy}, []string{"letter-pack-light", "letter-pack-plus", "pickup"}, "letter-pack-light"},
		"a thick thing":    {[]Piece{{Width: 100, Depth: 80, Height: 40, Weight: 50, Quantity: 1}}, []string{"letter-pack-plus", "pickup"}, "letter-pack-plus"},
		"a wide thing":     {[]Piece{{Width: 100, Depth: 336, Height: 10, Weight: 50, Quantity: 1}}, []string{"pickup"}, ""},
		"no parcel at all": {[]Piece{{Width: 2000, Depth: 10, Height: 10, Weight: 50, Quantity: 1}}, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var keys []string
			var cheapest strings.Builder
			for _, option := range shippingOptions(tariffs, c.pieces) {
				keys = append(keys, option.Key)
				if option.Cheapest {
					cheapest.WriteString(option.Key)
				}
			}
			if !slices.Equal(keys, c.want) || cheapest.String() != c.cheapest {
				t.Errorf("options %v, cheapest %q", keys, cheapest.String())
			}
		})
	}
}

// closed is 勤労感謝の日, a substitute holiday after the new year and the workshop's own days between.
var closed = closedDays{
	"2026-11-23": true, "2026-12-29": true, "2026-12-30": true, "2026-12-31": true, "2027-01-01": true, "2027-01-11": true,
}

func TestWindow(t *testing.T) {
	t.Parallel()
	date := func(month time.Month, day int) time.Time { return time.Date(2026, month, day, 0, 0, 0, 0, jst.Zone) }
	made := &Window{From: date(12, 1), Until: date(12, 7)}
	for name, c := range map[string]struct {
		now                 time.Time
		made                *Window
		extra               int
		wantFrom, wantUntil string
	}{
		"from the shelf":                 {noon, nil, 0, "2026-11-24", "2026-11-30"},
		"late in the evening of UTC":     {time.Date(2026, 11, 20, 15, 30, 0, 0, time.UTC), nil, 0, "2026-11-24", "2026-11-30"},
		"over the turn of the year":      {time.Date(2026, 12, 28, 3, 0, 0, 0, time.UTC), nil, 0, "2027-01-04", "2027-01-08"},
		"the shelf and no hurry":         {noon, nil, 7, "2026-12-01", "2026-12-07"},
		"to be made":                     {noon, made, 0, "2026-12-01", "2026-12-07"},
		"to be made and no hurry":        {noon, made, 7, "2026-12-08", "2026-12-14"},
		"no hurry that ends on Saturday": {noon, made, 4, "2026-12-07", "2026-12-11"},
		"no hurry that ends on holidays": {noon, made, 22, "2026-12-23", "2027-01-04"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			window := schedule{now: c.now, closed: closed, made: c.made}.window(c.extra)
			if from, until := jst.Date(window.From), jst.Date(window.Until); from != c.wantFrom || until != c.wantUntil {
				t.Errorf("%s to %s, want %s to %s", from, until, c.wantFrom, c.wantUntil)
			}
		})
	}
}

func TestWindowIsOfWorkingDaysToCome(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		promises := schedule{now: noon.Add(time.Duration(rapid.IntRange(0, 2000).Draw(t, "hours")) * time.Hour), closed: closed}
		extra := rapid.IntRange(0, 30).Draw(t, "extra")
		if rapid.Bool().Draw(t, "to be made") {
			from := closed.workingDaysAfter(promises.now, rapid.IntRange(1, 40).Draw(t, "from"))
			promises.made = &Window{From: from, Until: closed.workingDaysAfter(from, rapid.IntRange(0, 20).Draw(t, "until"))}
		}
		window, later := promises.window(extra), promises.window(extra+1)
		if later.From.Before(window.From) || window.Until.Before(window.From) || !window.From.After(promises.now) {
			t.Fatalf("%v, a day more of patience %v", window, later)
		}
		if closed.onWorkingDay(window.From) != window.From || closed.onWorkingDay(window.Until) != window.Until {
			t.Fatalf("%v is not a working day", window)
		}
	})
}

func TestTaxes(t *testing.T) {
	t.Parallel()
	got := Taxes([]TaxedAmount{{8, 540}, {10, 500}, {10, 600}, {0, 0}, {10, 0}})
	want := []TaxLine{{Rate: 10, Total: 1100, Tax: 100}, {Rate: 8, Total: 540, Tax: 40}}
	if !slices.Equal(got, want) {
		t.Errorf("taxes %v, want %v", got, want)
	}
	for amount, tax := range map[yen.Amount]yen.Amount{500: 45, 550: 50, 1100: 100, 1980: 180, 6000: 545} {
		if got := Taxes([]TaxedAmount{{10, amount}}); got[0].Tax != tax {
			t.Errorf("%s contains %s, want %s", amount, got[0].Tax, tax)
		}
	}
}

func TestOrderTaxes(t *testing.T) {
	t.Parallel()
	order := Order{
		Wrapping: 220, Shipping: 185, Lines: []Line{
			{Total: 1100, Discount: 100, TaxRate: 10}, {Total: 550, Discount: 10, TaxRate: 8},
		},
	}
	want := []TaxLine{{Rate: 10, Total: 1405, Tax: 127}, {Rate: 8, Total: 540, Tax: 40}}
	if got := order.Taxes(); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestHostedLinesSumToTheTotal(t *testing.T) {
	t.Parallel()
	order := Order{
		Language: Japanese, Goods: 3850, Discount: 400, Wrapping: 220, Shipping: 185, Total: 3855, Lines: []Line{
			{Title: "名札", UnitPrice: 1100, Quantity: 3, Total: 3300, Discount: 400}, {Title: "磁石", UnitPrice: 550, Quantity: 1, Total: 550},
		},
	}
	want := []HostedLine{{"名札 × 3", 2900, 1}, {"磁石", 550, 1}, {"ギフト包装", 220, 1}, {"送料", 185, 1}}
	if got := hostedLines(order); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

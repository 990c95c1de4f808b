package orders

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tsukuriba/catalog"
	"tsukuriba/internal/jst"
)

// someProduct and another are made to order.
var someProduct, another = catalog.ProductID{1}, catalog.ProductID{2}

func on(day int) *time.Time { return new(time.Date(2026, 11, day, 0, 0, 0, 0, time.UTC)) }

func TestOpening(t *testing.T) {
	t.Parallel()
	type rules map[catalog.ProductID]IntakeRule
	type taken map[catalog.ProductID]int
	for name, c := range map[string]struct {
		rules   rules
		taken   taken
		until   int // day of November until which a piece would be sent; noon is the 20th, a Friday
		closed  CloseReason
		limited bool
		left    int
		reopens string
	}{
		"without rules it is open":              {nil, nil, 25, "", false, 0, ""},
		"some places are left":                  {rules{everything: {WeeklyLimit: new(10)}}, taken{everything: 2}, 25, "", true, 8, ""},
		"the stricter of two limits":            {rules{everything: {WeeklyLimit: new(10)}, someProduct: {WeeklyLimit: new(3)}}, taken{everything: 2, someProduct: 2}, 25, "", true, 1, ""},
		"the limit of another product":          {rules{another: {WeeklyLimit: new(0)}}, nil, 25, "", false, 0, ""},
		"the week is full":                      {rules{everything: {WeeklyLimit: new(10)}}, taken{everything: 10}, 25, ClosedForWeek, true, 0, "2026-11-23"},
		"a limit that was lowered":              {rules{someProduct: {WeeklyLimit: new(1)}}, taken{someProduct: 5}, 25, ClosedForWeek, true, 0, "2026-11-23"},
		"paused until somebody says otherwise":  {rules{everything: {Paused: true}}, nil, 25, ClosedByStaff, false, 0, ""},
		"paused until a day":                    {rules{everything: {Paused: true, ReopensOn: on(28)}}, nil, 25, ClosedByStaff, false, 0, "2026-11-28"},
		"a pause ends on its day":               {rules{everything: {Paused: true, ReopensOn: on(20)}}, nil, 25, "", false, 0, ""},
		"a pause of one product":                {rules{someProduct: {Paused: true, ReopensOn: on(21)}}, nil, 25, ClosedByStaff, false, 0, "2026-11-21"},
		"paused and full is paused":             {rules{everything: {Paused: true, WeeklyLimit: new(1)}}, taken{everything: 1}, 25, ClosedByStaff, true, 0, ""},
		"the queue is too long":                 {rules{everything: {LongestDays: new(7)}}, nil, 30, ClosedByQueue, false, 0, "2026-11-23"},
		"the queue is as long as it may be":     {rules{everything: {LongestDays: new(10)}}, nil, 30, "", false, 0, ""},
		"the week is full and the queue long":   {rules{everything: {LongestDays: new(1), WeeklyLimit: new(1)}}, taken{everything: 1}, 30, ClosedForWeek, true, 0, "2026-11-23"},
		"paused by all and by the product, too": {rules{everything: {Paused: true, ReopensOn: on(24)}, someProduct: {Paused: true}}, nil, 25, ClosedByStaff, false, 0, "2026-11-24"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			intake := Intake{now: noon, rules: c.rules, taken: c.taken, until: time.Date(2026, 11, c.until, 0, 0, 0, 0, jst.Zone)}
			got, reopens := intake.Opening(someProduct), ""
			if got.Reopens != nil {
				reopens = jst.Date(*got.Reopens)
			}
			if got.Closed != c.closed || got.Limited != c.limited || got.Left != c.left || reopens != c.reopens {
				t.Errorf("%+v reopens %q, want %q, %t %d, %q", got, reopens, c.closed, c.limited, c.left, c.reopens)
			}
		})
	}
}

// TestAdmitKeepsEveryLimit holds for any rules, what was taken and what is asked for.
func TestAdmitKeepsEveryLimit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		intake := Intake{now: noon, rules: map[catalog.ProductID]IntakeRule{}, taken: map[catalog.ProductID]int{}}
		limits := map[catalog.ProductID]int{}
		for _, scope := range []catalog.ProductID{everything, someProduct, another} {
			intake.taken[scope] = rapid.IntRange(0, 12).Draw(t, "taken")
			if rapid.Bool().Draw(t, "limited") {
				limits[scope] = rapid.IntRange(0, 12).Draw(t, "limit")
				intake.rules[scope] = IntakeRule{ProductID: scope, WeeklyLimit: new(limits[scope])}
			}
		}
		pieces := map[catalog.ProductID]int{someProduct: rapid.IntRange(1, 8).Draw(t, "some"), another: rapid.IntRange(1, 8).Draw(t, "others")}
		fits := true
		for scope, limit := range limits {
			asked := pieces[scope]
			if scope == everything {
				asked = pieces[someProduct] + pieces[another]
			}
			fits = fits && intake.taken[scope]+asked <= limit
		}
		err := intake.admit(pieces)
		if refused := (*IntakeError)(nil); (err == nil) != fits || err != nil && !errors.As(err, &refused) {
			t.Fatalf("limits %v, taken %v: %v is answered %v", limits, intake.taken, pieces, err)
		}
	})
}

func TestWeekOf(t *testing.T) {
	t.Parallel()
	for at, monday := range map[time.Time]string{
		noon: "2026-11-16",
		time.Date(2026, 11, 22, 14, 59, 0, 0, time.UTC): "2026-11-16",
		time.Date(2026, 11, 22, 15, 0, 0, 0, time.UTC):  "2026-11-23",
		time.Date(2027, 1, 1, 0, 0, 0, 0, jst.Zone):     "2026-12-28",
	} {
		if got := jst.Date(weekOf(at)); got != monday {
			t.Errorf("the week of %v begins %s, want %s", at, got, monday)
		}
	}
}

func TestSentenceIn(t *testing.T) {
	t.Parallel()
	rule := IntakeRule{Sentence: "夏祭りの準備中です", SentenceEn: "We prepare a festival"}
	for language, want := range map[Language]string{Japanese: "夏祭りの準備中です", Easy: "夏祭りの準備中です", English: "We prepare a festival"} {
		if got := rule.SentenceIn(language); got != want {
			t.Errorf("%s: %q", language, got)
		}
	}
}

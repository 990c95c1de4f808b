package fulfilment_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"tsukuriba/fulfilment"
	"tsukuriba/internal/jst"
	"tsukuriba/internal/postgres/testdb"
	"tsukuriba/orders"
)

// promised is the window for so many ordinary pieces, which must be of working days to come.
func (w *workshop) promised(pieces int) orders.Window {
	w.t.Helper()
	window, err := w.forecast.Promise(w.t.Context(), orders.ToMake{Pieces: pieces})
	must(w.t, err)
	if !window.From.After(w.Now()) || window.Until.Before(window.From) || window.From.In(jst.Zone).Hour() != 0 {
		w.t.Fatalf("promised %v at %v", window, w.Now())
	}
	return window
}

// on sets the clock to half past nine of the next day of that kind which is no holiday.
func (w *workshop) on(weekday time.Weekday) time.Time {
	w.t.Helper()
	day := jst.Midnight(w.Now()).AddDate(0, 0, 1)
	for day.Weekday() != weekday {
		day = day.AddDate(0, 0, 1)
	}
	w.exec(`DELETE FROM closed_days`)
	w.advance(day.Add(9*time.Hour + 30*time.Minute).Sub(w.Now()))
	return day
}

func TestPromise(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	monday := w.on(time.Monday)
	empty := w.promised(1)
	if days := empty.From.Sub(monday).Hours() / 24; days < 3 || days > 14 {
		t.Errorf("with an empty workshop a piece is promised in %g days", days)
	}
	t.Run("a queue moves it", func(t *testing.T) {
		for _, text := range []string{"はる", "なつ", "あき"} {
			w.order(40, text)
		}
		if busy := w.promised(1); !busy.From.After(empty.From) || !busy.Until.After(empty.Until) {
			t.Errorf("120 pieces wait, and one more is promised for %v instead of %v", busy, empty)
		}
	})
	busy := w.promised(1)
	t.Run("many pieces take longer than one", func(t *testing.T) {
		if many := w.promised(99); !many.Until.After(busy.Until) {
			t.Errorf("99 are promised for %v, one for %v", many, busy)
		}
	})
	t.Run("a closed day is not promised, and moves it", func(t *testing.T) {
		must(t, w.orders.CloseDay(t.Context(), w.staff, busy.From, "大そうじ"))
		if closed := w.promised(1); !closed.From.After(busy.From) || closed.Until.Before(busy.Until) {
			t.Errorf("promised for %v, which was %v", closed, busy)
		}
		must(t, w.orders.OpenDay(t.Context(), w.staff, busy.From))
	})
	t.Run("fewer printers do not make it earlier", func(t *testing.T) {
		w.exec(`UPDATE printers SET enabled = false WHERE id = $1`, w.virtual)
		if fewer := w.promised(1); fewer.From.Before(busy.From) || fewer.Until.Before(busy.Until) {
			t.Errorf("with one printer promised for %v, with two for %v", fewer, busy)
		}
		w.exec(`UPDATE printers SET enabled = true`)
	})
	t.Run("who plans to stay away does not count", func(t *testing.T) {
		for day := range 40 {
			for _, member := range []fulfilment.MemberID{w.aoi, w.sora, w.ren} {
				w.exec(`
					INSERT INTO attendances (member_id, day, planned_minutes)
					VALUES ($1, $2, 1)
					ON CONFLICT (member_id, day) DO UPDATE SET planned_minutes = 1`, member, jst.Date(monday.AddDate(0, 0, day+7)))
			}
		}
		if alone := w.promised(1); !alone.From.After(busy.From) {
			t.Errorf("with nobody there it is promised for %v, before for %v", alone, busy)
		}
	})
}

// TestPromiseOfFewerPrinters holds for pieces that keep a printer busy for an hour each, so that printing is what takes long.
func TestPromiseOfFewerPrinters(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	w.on(time.Monday)
	for _, text := range []string{"はる", "なつ", "あき"} {
		w.order(40, text)
	}
	w.exec(`ALTER TABLE designs DISABLE TRIGGER USER`) // designs never change otherwise
	w.exec(`UPDATE designs SET estimate = jsonb_set(estimate, '{Seconds}', '3600')`)
	two := w.promised(1)
	w.exec(`UPDATE printers SET enabled = false WHERE id = $1`, w.virtual)
	if one := w.promised(1); !one.From.After(two.From) || !one.Until.After(two.Until) {
		t.Errorf("with one printer promised for %v, with two for %v", one, two)
	}
}

func TestPromiseWithoutPrinters(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	monday := w.on(time.Monday)
	w.exec(`UPDATE printers SET enabled = false`)
	if window := w.promised(1); window.From.Before(monday.AddDate(0, 5, 0)) {
		t.Errorf("nothing can be printed, and yet it is promised for %v", window)
	}
}

func TestCheckoutFreezesThePromise(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	w.on(time.Monday)
	first, err := w.orders.Order(t.Context(), w.order(1, "はる"))
	must(t, err)
	w.order(40, "なつ")
	again, err := w.orders.Order(t.Context(), first.ID)
	must(t, err)
	if !again.From.Equal(first.From) || !again.Until.Equal(first.Until) {
		t.Errorf("what others order moved a promise from %v to %v", first.Window, again.Window)
	}
}

func TestAtRisk(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	monday := w.on(time.Monday)
	order := w.order(30, "はる")
	w.order(1, "なつ")
	calm, err := w.AtRisk(t.Context())
	must(t, err)
	if len(calm) != 0 {
		t.Fatalf("at risk as soon as it was promised: %+v", calm)
	}
	w.exec(`UPDATE orders SET ship_from = $2, ship_until = $2 WHERE id = $1`, order, jst.Date(monday.AddDate(0, 0, 1)))
	late, err := w.AtRisk(t.Context())
	must(t, err)
	if len(late) != 1 || late[0].OrderID != order || !late[0].Likely.After(monday.AddDate(0, 0, 1)) || late[0].Step == "" || late[0].Days <= 0 {
		t.Fatalf("promised for tomorrow, and yet %+v", late)
	}
	w.exec(`UPDATE units SET state = 'packed', passed_by = gen_random_uuid() WHERE order_line_id IN (SELECT id FROM order_lines WHERE order_id = $1)`, order)
	done, err := w.AtRisk(t.Context())
	must(t, err)
	if len(done) != 0 {
		t.Errorf("packed, and still at risk: %+v", done)
	}
}

func TestForecastIsRenewedAfterChanges(t *testing.T) {
	t.Parallel()
	dsn := testdb.DSN(t)
	db := testdb.Open(t, dsn)
	insert := func(name string) {
		_, err := db.ExecContext(t.Context(), `
			INSERT INTO printers (id, name, adapter, profile)
			VALUES (gen_random_uuid(), $1, 'manual', 'pla-020')`, name)
		must(t, err)
	}
	var mu sync.Mutex
	now := time.Now()
	forecast := fulfilment.NewForecast(db, func() time.Time { mu.Lock(); defer mu.Unlock(); return now })
	ctx, stop := context.WithCancel(t.Context())
	var listening sync.WaitGroup
	listening.Go(func() { must(t, forecast.Listen(ctx, dsn)) })
	t.Cleanup(func() { stop(); listening.Wait() })

	ask := func() orders.Window {
		window, err := forecast.Promise(t.Context(), orders.ToMake{Pieces: 1})
		must(t, err)
		return window
	}
	none := ask()
	insert("1号機")
	for deadline := time.Now().Add(time.Minute); !ask().From.Before(none.From); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("a printer came, and nobody noticed")
		}
		mu.Lock()
		now = now.Add(3 * time.Second) // a forecast rests a little after each change
		mu.Unlock()
	}
	var asking sync.WaitGroup
	for range 8 {
		asking.Go(func() { ask() })
	}
	insert("2号機")
	asking.Wait()
}

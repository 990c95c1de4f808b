package fulfilment

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/jmoiron/sqlx"

	"tsukuriba/fulfilment/promise"
	"tsukuriba/internal/jst"
	"tsukuriba/internal/postgres"
	"tsukuriba/orders"
)

const (
	// likely and sure are how probable it is that the first and the last promised day are kept.
	likely, sure = 0.5, 0.9

	// Slack on purpose: working days between being packed and being sent, in what is promised.
	fromSlack, untilSlack = 1, 3

	// forecastChannel is where the triggers of migration 0005 tell that a forecast is outdated.
	forecastChannel = "forecast_changed"

	// A forecast is used at least so long after a change, so that a rush of orders does not have
	// each keystroke simulate anew, and at most so long without one, as the day goes on.
	forecastRest, forecastAge = 2 * time.Second, time.Minute
)

// Forecast knows when the workshop will have made what waits and what is asked for, by simulating
// the coming half year. It promises for orders, above which it stands, and is therefore made
// before them. It is safe for concurrent use.
type Forecast struct {
	db  *sqlx.DB
	now func() time.Time

	mu        sync.Mutex
	listening bool
	outdated  bool
	kept      *outlook
	renewing  sync.Mutex
}

// NewForecast returns a forecast over a migrated database.
func NewForecast(db *sqlx.DB, now func() time.Time) *Forecast { return &Forecast{db: db, now: now} }

// outlook is a simulation of everything that waits, and the days it counts in.
type outlook struct {
	simulated *promise.Forecast
	line      line
	piles     []pile
	open      []bool
	today     time.Time
	at        time.Time
	promised  sync.Map // orders.ToMake → orders.Window: most pages ask for the same
}

// Promise returns between which days work that is ordered now can be sent, with slack on purpose.
// Both are working days; what cannot be made within half a year is promised for its end.
func (f *Forecast) Promise(ctx context.Context, work orders.ToMake) (orders.Window, error) {
	view, err := f.outlook(ctx)
	if err != nil {
		return orders.Window{}, fmt.Errorf("forecast: %w", err)
	}
	return view.promise(work), nil
}

func (o *outlook) promise(work orders.ToMake) orders.Window {
	if known, ok := o.promised.Load(work); ok {
		return known.(orders.Window)
	}
	days := o.simulated.Ask(o.line.jobs(asked(work)), likely, sure)
	window := orders.Window{From: o.date(days[0], fromSlack), Until: o.date(days[1], untilSlack)}
	o.promised.Store(work, window)
	return window
}

// date is the working day that comes so many working days after a simulated one.
func (o *outlook) date(day, slack int) time.Time {
	for day < len(o.open)-1 && slack > 0 {
		if day++; o.open[day] {
			slack--
		}
	}
	day = min(day, len(o.open)-1)
	for day > 0 && !o.open[day] {
		day--
	}
	return o.today.AddDate(0, 0, day)
}

// outlook returns the simulation that is kept, or a new one. While it is renewed, others go on
// with the old one. Nothing is kept while nobody listens for changes.
func (f *Forecast) outlook(ctx context.Context) (*outlook, error) {
	kept, fresh := f.remembered()
	if fresh {
		return kept, nil
	}
	if kept != nil && !f.renewing.TryLock() {
		return kept, nil
	}
	if kept == nil {
		f.renewing.Lock()
	}
	defer f.renewing.Unlock()
	if kept, fresh := f.remembered(); fresh {
		return kept, nil
	}
	f.mu.Lock()
	f.outdated = false // what changes from now on is not in what is read now
	f.mu.Unlock()
	renewed, err := f.look(ctx)
	f.mu.Lock()
	defer f.mu.Unlock()
	if err != nil {
		f.outdated = true
		return nil, err
	}
	if f.listening {
		f.kept = renewed
	}
	return renewed, nil
}

// remembered returns what is kept, if it is of today, and whether it may be used as it is.
func (f *Forecast) remembered() (kept *outlook, fresh bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.kept == nil || !f.kept.today.Equal(jst.Midnight(f.now())) {
		return nil, false
	}
	age := f.now().Sub(f.kept.at)
	return f.kept, age < forecastRest || !f.outdated && age < forecastAge
}

// Listen lets forecasts be kept in this process until ctx is done, and renewed soon after anything
// changed in any process. It returns nil when ctx is done.
func (f *Forecast) Listen(ctx context.Context, dsn string) error {
	defer f.trust(false)
	outdate := func(postgres.Notification) { f.trust(true) }
	if err := postgres.Listen(ctx, dsn, outdate, forecastChannel); err != nil {
		return fmt.Errorf("listen for what changes forecasts: %w", err)
	}
	return nil
}

func (f *Forecast) trust(listening bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.listening, f.outdated = listening, true
	if !listening {
		f.kept = nil
	}
}

// look reads the workshop as it stands and simulates it.
func (f *Forecast) look(ctx context.Context) (*outlook, error) {
	now := f.now()
	view := &outlook{today: jst.Midnight(now), at: now}
	workshop, err := f.readWorkshop(ctx, view)
	if err != nil {
		return nil, err
	}
	if view.piles, err = readPiles(ctx, f.db, view.line); err != nil {
		return nil, err
	}
	view.simulated = promise.Simulate(workshop, view.line.jobs(view.piles))
	return view, nil
}

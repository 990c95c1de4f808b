// Package jobs carries events from one domain to those further up: whoever announces does not
// know who listens. Each subscriber gets a job of its own in the announcer's transaction, so an
// event is delivered exactly when what it tells was committed, now or after a restart.
//
// It promises delivery at least once and in no order: handlers may run twice and side by side.
// River keeps the jobs in PostgreSQL; nothing outside this package knows about it.
package jobs

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
)

// Event is something that has happened, told in fields that JSON can carry. Kind names it for
// good: `orders.order_approved`.
type Event interface{ Kind() string }

// Config says how a bus works. The zero value polls and works on four jobs per queue.
type Config struct {
	DSN     string         // the database's address, to be woken by it; empty: poll
	Poll    time.Duration  // how often to look for jobs of which a wake-up was lost; 0: four times a second
	Workers map[string]int // how many jobs of a queue this process works on at once, instead of 12
	Log     *slog.Logger   // warnings and errors go there; nil: slog.Default()
}

const (
	defaultQueue   = river.QueueDefault
	defaultWorkers = 12 // most of them wait for somebody outside
)

// Bus knows all subscribers. They are added first; announcing and working come after.
type Bus struct {
	db          *sqlx.DB
	config      Config
	client      *river.Client[*sql.Tx] // for the pages about jobs; works on nothing
	subscribers map[string]*subscriber // by their own name
	listeners   map[string][]*subscriber
	periodic    []*river.PeriodicJob
}

// NewBus makes a bus whose jobs lie in db.
func NewBus(db *sqlx.DB, config Config) *Bus {
	if config.Log == nil {
		config.Log = slog.Default()
	}
	config.Log = slog.New(quiet{config.Log.Handler()})
	client, err := river.NewClient(riverdatabasesql.New(db.DB), &river.Config{Logger: config.Log})
	if err != nil {
		panic(fmt.Sprintf("jobs: a client that works on nothing was refused: %v", err)) // its settings are constant
	}
	return &Bus{
		db: db, config: config, client: client,
		subscribers: map[string]*subscriber{}, listeners: map[string][]*subscriber{},
	}
}

// DB is the database in which the jobs lie.
func (b *Bus) DB() *sqlx.DB { return b.db }

// Subscribe has handle called for every event E. The name, such as `fulfilment.intake`, is
// unique, shows in the list of jobs and stays the same as long as jobs may lie in the queue. An
// error has the job tried again later, see Snooze for more. It panics on a name that
// is taken, as it is called only while the program is put together.
func Subscribe[E Event](bus *Bus, name string, handle func(ctx context.Context, e E) error, options ...Option) {
	var kind E
	s := bus.add(name, func(ctx context.Context, payload []byte) error {
		var e E
		if err := json.Unmarshal(payload, &e); err != nil {
			return fmt.Errorf("read event %s: %w", kind.Kind(), err)
		}
		return handle(ctx, e)
	}, options)
	bus.listeners[kind.Kind()] = append(bus.listeners[kind.Kind()], s)
}

// Every has do called once in each period, counted from the zero time, by one of all processes
// that work, and soon after the first of them starts. A failure is tried again within its period;
// then the next round makes up for it, so that failures do not pile up.
func (b *Bus) Every(name string, period time.Duration, do func(ctx context.Context) error, options ...Option) {
	options = append([]Option{Attempts(attemptsWithin(period))}, options...)
	s := b.add(name, func(ctx context.Context, _ []byte) error { return do(ctx) }, options)
	insert := func() (river.JobArgs, *river.InsertOpts) {
		opts := s.insertOpts()
		opts.UniqueOpts = river.UniqueOpts{ByPeriod: period}
		return delivery{name: name, payload: []byte(`{}`)}, opts
	}
	b.periodic = append(b.periodic, river.NewPeriodicJob(river.PeriodicInterval(period), insert, &river.PeriodicJobOpts{RunOnStart: true}))
}

func (b *Bus) add(name string, handle func(context.Context, []byte) error, options []Option) *subscriber {
	if b.subscribers[name] != nil {
		panic("jobs: two subscribers are called " + name)
	}
	s := &subscriber{name: name, handle: handle, queue: defaultQueue, attempts: defaultAttempts, timeout: defaultTimeout}
	for _, option := range options {
		option(s)
	}
	b.subscribers[name] = s
	return s
}

// Deliver calls one subscriber with the JSON of an event, at once and without a job.
func (b *Bus) Deliver(ctx context.Context, name string, event []byte) error {
	s := b.subscribers[name]
	if s == nil {
		return fmt.Errorf("nobody is called %s", name)
	}
	return s.handle(ctx, event)
}

// queues are those that any subscriber uses.
func (b *Bus) queues() []string {
	names := []string{defaultQueue}
	for _, s := range b.subscribers {
		names = append(names, s.queue)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

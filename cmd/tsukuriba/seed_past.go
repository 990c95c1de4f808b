package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tsukuriba/catalog"
	"tsukuriba/fulfilment"
	"tsukuriba/fulfilment/slicer"
	"tsukuriba/internal/jobs"
	"tsukuriba/internal/jst"
	"tsukuriba/internal/postgres"
	"tsukuriba/internal/seal"
	"tsukuriba/orders"
	"tsukuriba/orders/stripe"
	"tsukuriba/orders/stripe/stripetest"
)

// past is the workshop of wire.go again, over the same database, at a time of its own. Events
// reach nobody there: what follows from them is called step by step, so that nobody is mailed.
type past struct {
	db         *sqlx.DB
	catalog    *catalog.Service
	orders     *orders.Service
	fulfilment *fulfilment.Service
	slicer     *slicer.Slicer
	standIn    *stripetest.Server // nil: nobody pays
	transport  *http.Transport

	staff   map[fulfilment.Role]fulfilment.Staff
	members map[string]fulfilment.MemberID // by nickname
	stamps  []stamp

	mu sync.Mutex // the stand-in asks for the time as well
	at time.Time
}

// stamp says that audit entries up to Until, from those of the stamp before, are of that time.
type stamp struct {
	Until int64
	At    time.Time
}

// newPast joins the parts. Every printer is worked by hand there.
func newPast(w *workshop, standIn string) (*past, error) {
	p := &past{
		db: w.db, catalog: w.catalog, slicer: w.slicer, transport: &http.Transport{}, at: time.Now(),
		staff: map[fulfilment.Role]fulfilment.Staff{}, members: map[string]fulfilment.MemberID{},
	}
	box, err := w.config.sealBox()
	if err != nil {
		return nil, err
	}
	var gateway orders.Gateway
	if standIn != "" {
		if gateway, err = p.startStandIn(w.config, standIn); err != nil {
			return nil, errors.Join(err, p.close())
		}
	}
	p.join(w, box, gateway)
	return p, nil
}

func (p *past) join(w *workshop, box *seal.Box, gateway orders.Gateway) {
	forecast, unheard := fulfilment.NewForecast(w.db, p.now), jobs.NewBus(w.db, jobs.Config{})
	p.orders = orders.New(orders.Config{
		DB: w.db, Catalog: w.catalog, Gateway: gateway, Announce: unheard, Seal: box, Now: p.now,
		PublicURL: w.config.PublicURL, Workshop: workshopName, Promiser: forecast,
	})
	p.fulfilment = fulfilment.New(fulfilment.Config{
		DB: w.db, Catalog: w.catalog, Orders: p.orders, Forecast: forecast, Announce: unheard, Blobs: w.blobs, Seal: box, Now: p.now,
		Slicer: slicer.NewPort(w.slicer, map[string]slicer.Profile{slicer.HouseProfile: slicer.PLA020()}),
	})
}

// startStandIn opens the account in which the past is paid for. It calls no webhook.
func (p *past) startStandIn(config Config, stateFile string) (orders.Gateway, error) {
	var err error
	if p.standIn, err = stripetest.Start(stripetest.Options{Now: p.now, StateFile: stateFile}); err != nil {
		return nil, err
	}
	return stripe.New(stripe.Config{
		SecretKey: config.StripeKey, WebhookSecrets: config.StripeSecrets, BackendURL: p.standIn.URL(), Transport: p.transport,
	})
}

func (p *past) close() error {
	p.transport.CloseIdleConnections()
	if p.standIn == nil {
		return nil
	}
	return p.standIn.Close()
}

func (p *past) now() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.at
}

// moveTo sets the clock.
func (p *past) moveTo(ctx context.Context, at time.Time) error {
	mark := stamp{At: p.now()}
	if err := p.db.GetContext(ctx, &mark.Until, `SELECT coalesce(max(id), 0) FROM audit_entries`); err != nil {
		return fmt.Errorf("read the last audit entry: %w", err)
	}
	p.stamps = append(p.stamps, mark)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.at = at
	return nil
}

// stampEntries gives the audit entries of the past their times, which the database cannot know.
// It is the only thing that ever changes an entry, and works in a database that was empty a
// moment ago.
func (p *past) stampEntries(ctx context.Context) error {
	if len(p.stamps) < 2 {
		return nil
	}
	untils, times := []int64{}, []string{}
	for _, stamp := range p.stamps[1:] {
		untils, times = append(untils, stamp.Until), append(times, stamp.At.Format(time.RFC3339Nano))
	}
	err := postgres.InTx(ctx, p.db, func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, `ALTER TABLE audit_entries DISABLE TRIGGER audit_entries_append_only`); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `
			UPDATE audit_entries
			SET at = (
				SELECT stamp.at
				FROM unnest($1::bigint[], $2::timestamptz[]) AS stamp (until, at)
				WHERE stamp.until >= audit_entries.id
				ORDER BY stamp.until
				LIMIT 1)
			WHERE id > $3 AND id <= $4`, pq.Array(untils), pq.Array(times), p.stamps[0].Until, untils[len(untils)-1])
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `ALTER TABLE audit_entries ENABLE TRIGGER audit_entries_append_only`)
		return err
	})
	if err != nil {
		return fmt.Errorf("give the past its times: %w", err)
	}
	return nil
}

// workday begins the nth day before now on which people work.
func workday(now time.Time, back int) time.Time {
	day := jst.Midnight(now)
	for back > 0 {
		if day = day.AddDate(0, 0, -1); day.Weekday() != time.Saturday && day.Weekday() != time.Sunday {
			back--
		}
	}
	return day
}

func clock(day time.Time, hour, minute int) time.Time {
	return day.Add(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute)
}

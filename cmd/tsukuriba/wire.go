package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"golang.org/x/sync/errgroup"

	"tsukuriba/api"
	"tsukuriba/api/auth"
	"tsukuriba/catalog"
	"tsukuriba/catalog/tag"
	"tsukuriba/fulfilment"
	"tsukuriba/fulfilment/printer/manual"
	"tsukuriba/fulfilment/printer/virtual"
	"tsukuriba/fulfilment/slicer"
	"tsukuriba/internal/blob"
	"tsukuriba/internal/jobs"
	"tsukuriba/internal/mail"
	"tsukuriba/internal/postgres"
	"tsukuriba/migrations"
	"tsukuriba/orders"
	"tsukuriba/orders/pdf"
	"tsukuriba/orders/stripe"
)

// workshopName is what customers know us by.
const workshopName = "つくり場"

// workshop is all parts, joined.
type workshop struct {
	config     Config
	dsn        string
	db         *sqlx.DB
	bus        *jobs.Bus
	blobs      *blob.Store
	stripe     *stripe.Gateway
	slicer     *slicer.Slicer
	sessions   *auth.Sessions
	book       *tag.Book
	catalog    *catalog.Service
	forecast   *fulfilment.Forecast
	orders     *orders.Service
	fulfilment *fulfilment.Service
}

// assemble joins the parts over a migrated database. It starts nothing.
func assemble(ctx context.Context, config Config) (_ *workshop, err error) {
	w := &workshop{config: config}
	defer func() {
		if err != nil {
			err = errors.Join(err, w.close())
		}
	}()
	if err := w.openStores(ctx); err != nil {
		return nil, err
	}
	box, err := config.sealBox()
	if err != nil {
		return nil, err
	}
	mailer, err := mail.NewSender(config.SMTP, config.MailFrom, config.MailReplyTo)
	if err != nil {
		return nil, err
	}
	if w.stripe, err = stripe.New(stripe.Config{
		SecretKey: config.StripeKey, WebhookSecrets: config.StripeSecrets, BackendURL: config.StripeURL, Live: config.stripeIsLive(),
	}); err != nil {
		return nil, err
	}
	if w.book, err = tag.LoadFonts(); err != nil {
		return nil, err
	}
	w.bus = jobs.NewBus(w.db, jobs.Config{DSN: w.dsn, Workers: map[string]int{slicingQueue: 1}})
	w.slicer = slicer.New(slicer.Options{Path: config.Slicer})
	w.sessions = auth.NewSessions(w.db, config.servesHTTPS())
	w.catalog = catalog.New(catalog.Config{DB: w.db, Book: w.book, Blobs: w.blobs, Now: config.now, PictureWidth: config.PictureWidth})
	w.forecast = fulfilment.NewForecast(w.db, config.now)
	w.orders = orders.New(orders.Config{
		DB: w.db, Catalog: w.catalog, Gateway: w.stripe, Announce: w.bus, Mailer: mailer, Seal: box,
		Archive: w.blobs, Typesetter: pdf.Setter{},
		Now: config.now, PublicURL: config.PublicURL, Workshop: workshopName, Promiser: w.forecast,
	})
	w.fulfilment = fulfilment.New(fulfilment.Config{
		DB: w.db, Catalog: w.catalog, Orders: w.orders, Forecast: w.forecast, Announce: w.bus, Blobs: w.blobs, Seal: box, Now: config.now,
		Slicer: slicer.NewPort(w.slicer, map[string]slicer.Profile{slicer.HouseProfile: slicer.PLA020()}),
		Printers: map[string]fulfilment.Printer{
			"manual":  manual.New(),
			"virtual": virtual.New(config.VirtualSpeed, config.now),
		},
	})
	w.subscribe()
	return w, nil
}

// openStores opens the database, refusing an old schema, and the blobs.
func (w *workshop) openStores(ctx context.Context) (err error) {
	if w.dsn, err = databaseURL(ctx, w.config); err != nil {
		return err
	}
	if w.db, err = postgres.Open(ctx, w.dsn); err != nil {
		return err
	}
	pending, err := postgres.Pending(ctx, w.db, migrations.FS)
	if err != nil {
		return err
	}
	if pending {
		return errOldDatabase
	}
	if err := postgres.CheckCtype(ctx, w.db); err != nil {
		return err
	}
	w.blobs, err = blob.Open(ctx, w.config.Blobs)
	return err
}

func (w *workshop) close() error {
	var failures []error
	if w.blobs != nil {
		failures = append(failures, w.blobs.Close())
	}
	if w.db != nil {
		failures = append(failures, w.db.Close())
	}
	return errors.Join(failures...)
}

// The queues apart from the ordinary one: slicing, so that hosts can be set aside for it, and mail,
// so that a slow mail server never keeps money waiting.
const (
	slicingQueue = "slicing"
	mailQueue    = "mail"
)

// subscribe lists who listens to what. An event goes up the arrow only through here.
func (w *workshop) subscribe() {
	bus, o, f := w.bus, w.orders, w.fulfilment
	inMailQueue := jobs.Queue(mailQueue)

	jobs.Subscribe(bus, "orders.process_event", o.ProcessEvent)
	jobs.Subscribe(bus, "orders.capture", o.CaptureApproved)
	jobs.Subscribe(bus, "orders.release_canceled", o.ReleasePayments)
	jobs.Subscribe(bus, "orders.release_expired", o.ReleaseExpired)
	jobs.Subscribe(bus, "orders.release_orphan", o.ReleaseOrphan)
	jobs.Subscribe(bus, "orders.submit_refund", o.SubmitRefund)
	jobs.Subscribe(bus, "orders.note_refund", o.NoteRefund)
	jobs.Subscribe(bus, "orders.keep_invoice", o.KeepInvoice)
	jobs.Subscribe(bus, "orders.keep_quotation", o.KeepQuotation)

	jobs.Subscribe(bus, "mail.placed", o.MailPlaced, inMailQueue, jobs.Only(orders.OrderPlaced.Unanswered))
	jobs.Subscribe(bus, "mail.in_review", o.MailInReview, inMailQueue)
	jobs.Subscribe(bus, "mail.pay_link", o.MailPayLink, inMailQueue)
	jobs.Subscribe(bus, "mail.approved", o.MailApproved, inMailQueue)
	jobs.Subscribe(bus, "mail.canceled", o.MailCanceled, inMailQueue)
	jobs.Subscribe(bus, "mail.expired", o.MailExpired, inMailQueue)
	jobs.Subscribe(bus, "mail.shipped", o.MailShipped, inMailQueue)
	jobs.Subscribe(bus, "mail.code", o.MailCode, inMailQueue)
	jobs.Subscribe(bus, "mail.invoice", o.MailInvoice, inMailQueue)
	jobs.Subscribe(bus, "mail.quotation", o.MailQuotation, inMailQueue)
	jobs.Subscribe(bus, "mail.text_query", o.MailTextQuery, inMailQueue)
	jobs.Subscribe(bus, "mail.receipt", o.MailReceipt, inMailQueue)
	jobs.Subscribe(bus, "mail.refunded", o.MailRefunded, inMailQueue)
	jobs.Subscribe(bus, "mail.bank_details", o.MailBankDetails, inMailQueue)
	jobs.Subscribe(bus, "mail.late_money", o.MailLateMoney, inMailQueue)
	jobs.Subscribe(bus, "mail.claim_opened", o.MailClaimOpened, inMailQueue)
	jobs.Subscribe(bus, "mail.claim_accepted", o.MailClaimAccepted, inMailQueue)
	jobs.Subscribe(bus, "mail.claim_declined", o.MailClaimDeclined, inMailQueue)
	jobs.Subscribe(bus, "mail.claim_shipped", o.MailClaimShipped, inMailQueue)
	jobs.Subscribe(bus, "mail.dispute", o.MailDispute, inMailQueue)
	jobs.Subscribe(bus, "mail.order_links", o.MailLinks, inMailQueue)
	jobs.Subscribe(bus, "mail.send", o.SendMail, inMailQueue)

	jobs.Subscribe(bus, "fulfilment.intake", f.Intake)
	jobs.Subscribe(bus, "fulfilment.propose_plates", f.ProposePlates)
	jobs.Subscribe(bus, "fulfilment.slice", f.SlicePlate, jobs.Queue(slicingQueue), jobs.Timeout(10*time.Minute))
	jobs.Subscribe(bus, "fulfilment.start_run", f.StartRun)
	jobs.Subscribe(bus, "fulfilment.resume_run", f.ResumeRun)
	jobs.Subscribe(bus, "fulfilment.drop_order", f.DropOrder)
	jobs.Subscribe(bus, "fulfilment.units_shipped", f.UnitsShipped)
	jobs.Subscribe(bus, "fulfilment.drop_refunded", f.DropRefunded)
	jobs.Subscribe(bus, "fulfilment.intake_claim", f.IntakeClaim)
	jobs.Subscribe(bus, "fulfilment.deliver_thanks", f.DeliverThanks)
	jobs.Subscribe(bus, "fulfilment.remade_units_shipped", f.RemadeUnitsShipped)

	bus.Every("orders.expire_due", time.Minute, o.ExpireDue)
	bus.Every("orders.reconcile", 10*time.Minute, o.Reconcile, jobs.Timeout(5*time.Minute))
	bus.Every("orders.catch_up", 10*time.Minute, o.CatchUp, jobs.Timeout(5*time.Minute))
	bus.Every("orders.audit_books", 10*time.Minute, o.AuditBooks, jobs.Timeout(5*time.Minute))
	bus.Every("mail.remind_konbini", time.Hour, o.RemindKonbini, inMailQueue)
	bus.Every("mail.remind_invoices", time.Hour, o.RemindInvoices, inMailQueue)
	bus.Every("mail.remind_bank_details", time.Hour, o.RemindBankDetails, inMailQueue)
	bus.Every("orders.complete_shipped", time.Hour, o.CompleteShipped)
	bus.Every("orders.forget_carts", time.Hour, o.ForgetCarts)
	bus.Every("fulfilment.propose_plates_now", time.Minute, f.ProposePlatesNow)
	bus.Every("fulfilment.observe_printers", 5*time.Second, f.ObservePrinters)
	bus.Every("fulfilment.forget_not_today", time.Hour, f.ForgetNotToday)
	bus.Every("fulfilment.forget_tries", time.Hour, f.ForgetTries)
	bus.Every("catalog.forget_quotes", time.Hour, w.catalog.ForgetQuotes)
	bus.Every("api.forget_sessions", time.Hour, func(ctx context.Context) error { return auth.DeleteExpired(ctx, w.db) })
	bus.Every("api.forget_answers", time.Hour, func(ctx context.Context) error { return api.DeleteOldIdempotencyKeys(ctx, w.db) })
}

// listen keeps what is remembered in memory fresh until ctx is done.
func (w *workshop) listen(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return w.catalog.Listen(ctx, w.dsn) })
	group.Go(func() error { return w.forecast.Listen(ctx, w.dsn) })
	if err := group.Wait(); err != nil && ctx.Err() == nil {
		return fmt.Errorf("listen for changes: %w", err)
	}
	return nil
}

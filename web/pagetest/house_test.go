// Package pagetest_test walks through the console and the tablets as people do: with forms, on the
// real services, the real slicer and a stand-in of Stripe.
package pagetest_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/labstack/echo/v4"
	"go.uber.org/goleak"

	"tsukuriba/api"
	"tsukuriba/api/auth"
	"tsukuriba/catalog"
	"tsukuriba/catalog/tag"
	"tsukuriba/fulfilment"
	"tsukuriba/fulfilment/printer/manual"
	"tsukuriba/fulfilment/slicer"
	"tsukuriba/internal/audit"
	"tsukuriba/internal/blob"
	"tsukuriba/internal/jobs"
	"tsukuriba/internal/jobs/jobstest"
	"tsukuriba/internal/jst"
	"tsukuriba/internal/mail"
	"tsukuriba/internal/postgres/testdb"
	"tsukuriba/internal/seal"
	"tsukuriba/orders"
	"tsukuriba/orders/pdf"
	"tsukuriba/orders/stripe"
	"tsukuriba/orders/stripe/stripetest"
	"tsukuriba/web/staff"
	"tsukuriba/web/storefront"
	"tsukuriba/web/tablet"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const password = "correct horse battery"

var system = audit.Actor{Role: audit.System}

// fonts are read once: that takes most of a second.
var fonts = sync.OnceValues(tag.LoadFonts)

// house is the workshop behind its real pages.
type house struct {
	link       string // secret of the order placed last
	t          testing.TB
	db         *sqlx.DB
	bus        *jobs.Bus
	stripe     *stripetest.Server
	catalog    *catalog.Service
	orders     *orders.Service
	fulfilment *fulfilment.Service
	url        string
	members    map[string]fulfilment.MemberID
	gift       orders.Gift // of the next orders
	now        func() time.Time
	book       *tag.Book
	router     *echo.Echo
	snapshots  sync.Map // pages as somebody saw them, by the address at which the browser looks at them
}

type letterbox struct{}

func (letterbox) Send(context.Context, mail.Message) error { return nil }

func open(t testing.TB, listen string, options ...func(*house)) *house {
	t.Helper()
	h := &house{t: t, db: testdb.New(t), members: map[string]fulfilment.MemberID{}, now: time.Now, router: echo.New()}
	for _, set := range options {
		set(h)
	}
	server := httptest.NewUnstartedServer(h)
	if listen != "" {
		must(t, server.Listener.Close())
		server.Listener = listenOn(t, listen)
	}
	h.url = "http://" + server.Listener.Addr().String()
	gateway := h.startStripe()
	h.join(gateway)
	h.mount(gateway)
	server.Start()
	t.Cleanup(server.Close)
	must(t, h.catalog.SeedDemo(t.Context()))
	must(t, h.orders.SeedDemo(t.Context()))
	h.furnish()
	return h
}

// onTuesday stops the clock on a morning in Japan on which two collections are open.
func onTuesday(h *house) {
	h.now = func() time.Time { return time.Date(2026, time.November, 24, 10, 0, 0, 0, jst.Zone) }
}

// ServeHTTP answers as the house does, and shows what somebody saw to the browser that looks at it.
func (h *house) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/seen/axe.js" {
		w.Header().Set("Cache-Control", "max-age=3600")
		http.ServeFile(w, r, "../../node_modules/axe-core/axe.min.js")
		return
	}
	if seen, ok := h.snapshots.Load(r.URL.Path); ok {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(seen.(string)))
		return
	}
	h.router.ServeHTTP(w, r)
}

func (h *house) startStripe() *stripe.Gateway {
	h.t.Helper()
	var err error
	h.stripe, err = stripetest.Start(stripetest.Options{WebhookURL: h.url + "/api/v1/webhooks/stripe", WebhookSecret: "whsec_web", Now: h.now})
	must(h.t, err)
	transport := &http.Transport{}
	h.t.Cleanup(func() {
		must(h.t, h.stripe.Close())
		transport.CloseIdleConnections()
	})
	gateway, err := stripe.New(stripe.Config{
		SecretKey: "sk_test_web", WebhookSecrets: []string{"whsec_web"}, BackendURL: h.stripe.URL(), Transport: transport,
	})
	must(h.t, err)
	return gateway
}

func (h *house) join(gateway orders.Gateway) {
	h.t.Helper()
	var err error
	h.book, err = fonts()
	must(h.t, err)
	blobs, err := blob.Open(h.t.Context(), h.t.TempDir())
	must(h.t, err)
	h.t.Cleanup(func() { must(h.t, blobs.Close()) })
	box, err := seal.New([]byte("a secret of thirty-two bytes or more"))
	must(h.t, err)
	h.bus = jobs.NewBus(h.db, jobs.Config{})
	h.catalog = catalog.New(catalog.Config{DB: h.db, Book: h.book, Blobs: blobs, Now: h.now, PictureWidth: 576})
	forecast := fulfilment.NewForecast(h.db, h.now)
	h.orders = orders.New(orders.Config{
		DB: h.db, Catalog: h.catalog, Gateway: gateway, Announce: h.bus, Mailer: letterbox{}, Seal: box, Now: h.now,
		PublicURL: h.url, Workshop: "つくり場", Promiser: forecast, Archive: blobs, Typesetter: pdf.Setter{},
	})
	port := slicer.NewPort(slicer.New(slicer.Options{}), map[string]slicer.Profile{slicer.HouseProfile: slicer.PLA020()})
	h.fulfilment = fulfilment.New(fulfilment.Config{
		DB: h.db, Catalog: h.catalog, Orders: h.orders, Forecast: forecast, Announce: h.bus, Blobs: blobs, Seal: box, Now: h.now,
		Slicer: port, Printers: map[string]fulfilment.Printer{"manual": manual.New()},
	})
	jobs.Subscribe(h.bus, "orders.process_event", h.orders.ProcessEvent)
	jobs.Subscribe(h.bus, "orders.capture", h.orders.CaptureApproved)
	jobs.Subscribe(h.bus, "orders.release_payments", h.orders.ReleasePayments)
	jobs.Subscribe(h.bus, "fulfilment.intake", h.fulfilment.Intake)
	jobs.Subscribe(h.bus, "fulfilment.drop_order", h.fulfilment.DropOrder)
	jobs.Subscribe(h.bus, "fulfilment.propose_plates", h.fulfilment.ProposePlates)
	jobs.Subscribe(h.bus, "fulfilment.slice", h.fulfilment.SlicePlate)
	jobs.Subscribe(h.bus, "fulfilment.start_run", h.fulfilment.StartRun)
	jobs.Subscribe(h.bus, "fulfilment.resume_run", h.fulfilment.ResumeRun)
	jobs.Subscribe(h.bus, "fulfilment.deliver_thanks", h.fulfilment.DeliverThanks)
	jobs.Subscribe(h.bus, "fulfilment.units_shipped", h.fulfilment.UnitsShipped)
	jobs.Subscribe(h.bus, "orders.submit_refund", h.orders.SubmitRefund)
	jobs.Subscribe(h.bus, "fulfilment.drop_refunded", h.fulfilment.DropRefunded)
	jobs.Subscribe(h.bus, "fulfilment.intake_claim", h.fulfilment.IntakeClaim)
}

// mount joins the three faces and the API, as cmd does.
func (h *house) mount(gateway *stripe.Gateway) {
	h.t.Helper()
	e := h.router
	places, err := api.LoadPlaces()
	must(h.t, err)
	sessions := auth.NewSessions(h.db, false)
	e.HTTPErrorHandler = func(err error, c echo.Context) {
		if strings.HasPrefix(c.Request().URL.Path, "/api/") {
			api.HandleError(err, c)
			return
		}
		storefront.HandleError(err, c)
	}
	must(h.t, storefront.Mount(e, storefront.Config{
		Catalog: h.catalog, Orders: h.orders, Fulfilment: h.fulfilment, Book: h.book, Places: places, PublicURL: h.url, Now: h.now,
	}))
	must(h.t, api.Mount(e, api.Config{
		DB: h.db, Catalog: h.catalog, Orders: h.orders, Fulfilment: h.fulfilment, Sessions: sessions,
		Places: places, Decode: gateway.Decode, PublicURL: h.url,
	}))
	jobPages, err := h.bus.Handler(staff.JobsPath)
	must(h.t, err)
	must(h.t, staff.Mount(e, staff.Config{
		Catalog: h.catalog, Orders: h.orders, Fulfilment: h.fulfilment, Sessions: sessions, Jobs: jobPages, Now: h.now,
	}))
	must(h.t, tablet.Mount(e, tablet.Config{Catalog: h.catalog, Fulfilment: h.fulfilment, Sessions: sessions}))
}

// furnish hires one person of each role, takes three members in and buys a printer with spools.
func (h *house) furnish() {
	h.t.Helper()
	ctx := h.t.Context()
	var boss audit.Actor
	for _, role := range []fulfilment.Role{
		fulfilment.Manager, fulfilment.ServiceManager, fulfilment.Instructor, fulfilment.Therapist, fulfilment.ShippingStaff, fulfilment.Accounting,
	} {
		hired, err := h.fulfilment.AddStaff(ctx, system, fulfilment.NewStaff{
			Email: string(role) + "@example.jp", Name: "中村 恵", Role: role, Password: password,
		})
		must(h.t, err)
		if role == fulfilment.Manager {
			boss = audit.Actor{Role: audit.Staff, ID: hired.ID.String()}
		}
	}
	everything := map[string]fulfilment.Stage{}
	for _, skill := range []string{"prepare", "plate", "slice", "set_up", "print", "remove", "sort", "finish", "inspect", "pack"} {
		everything[skill] = fulfilment.Production
	}
	h.takeIn(boss, fulfilment.NewMember{Nickname: "あおい", Picture: "sun", Stages: everything, Presentation: fulfilment.Presentation{Furigana: "all"}})
	h.takeIn(boss, fulfilment.NewMember{Nickname: "そら", Picture: "boat", Stages: everything, Presentation: fulfilment.Presentation{Furigana: "difficult", Large: true}})
	h.takeIn(boss, fulfilment.NewMember{Nickname: "れん", Picture: "fish", PIN: "2468", Stages: map[string]fulfilment.Stage{"pack": fulfilment.Trial}})
	_, err := h.fulfilment.AddPrinter(ctx, boss, fulfilment.NewPrinter{Name: "1号機", Adapter: "manual"})
	must(h.t, err)
	for _, spool := range []fulfilment.NewSpool{
		{Lot: "K-1", Material: "PLA", Color: "kinari", Grams: 1000},
		{Lot: "S-1", Material: "PLA", Color: "sumi", Grams: 1000},
		{Lot: "S-2", Material: "PLA", Color: "sumi", Grams: 60},
	} {
		_, err := h.fulfilment.AddSpool(ctx, boss, spool)
		must(h.t, err)
	}
}

func (h *house) takeIn(boss audit.Actor, member fulfilment.NewMember) {
	h.t.Helper()
	member.Reading, member.MinutesADay, member.MinutesInOneGo = member.Nickname, 480, 480
	id, err := h.fulfilment.AddMember(h.t.Context(), boss, member)
	must(h.t, err)
	h.members[member.Nickname] = id
}

// haru is somebody whose name and address no tablet may ever show.
var haru = orders.Contact{
	Name: "神田 はるか", Email: "haruka@example.jp", Phone: "09012345678", PostalCode: "064-0941",
	Prefecture: "北海道", City: "札幌市中央区", Street: "旭ヶ丘1-2-3",
}

// order buys tags of each text and pays by card; the texts then wait for staff.
func (h *house) order(quantity int, texts ...string) orders.Order {
	h.t.Helper()
	order := h.place(orders.CheckoutForm{Shipping: "click-post", Method: orders.Card, Contact: haru, Gift: h.gift}, quantity, texts...)
	must(h.t, h.stripe.PayCard(order.Payments[0].SessionID))
	h.settle()
	return order
}

// cart holds tags of each text.
func (h *house) cart(quantity int, texts ...string) string {
	h.t.Helper()
	ctx := h.t.Context()
	product, err := h.catalog.Product(ctx, "name-tag")
	must(h.t, err)
	cart, err := h.orders.NewCart(ctx)
	must(h.t, err)
	for _, text := range texts {
		design, err := h.catalog.CreateDesign(ctx, catalog.DesignChoice{Product: product.Slug, Text: text, BaseColor: "kinari", TextColor: "sumi"})
		must(h.t, err)
		_, err = h.orders.AddLine(ctx, cart, orders.LineRequest{Variant: product.Variants[0].ID, Design: design.ID, Quantity: quantity})
		must(h.t, err)
	}
	return cart
}

// place confirms an order of tags of each text.
func (h *house) place(form orders.CheckoutForm, quantity int, texts ...string) orders.Order {
	h.t.Helper()
	return h.confirm(form, h.cart(quantity, texts...))
}

func (h *house) confirm(form orders.CheckoutForm, cart string) orders.Order {
	h.t.Helper()
	ctx := h.t.Context()
	checkout, err := h.orders.PrepareCheckout(ctx, cart, form)
	must(h.t, err)
	placed, err := h.orders.Confirm(ctx, checkout.Key())
	must(h.t, err)
	h.link = placed.LinkToken
	order, err := h.orders.Order(ctx, placed.Order.ID)
	must(h.t, err)
	return order
}

// settle lets the webhooks arrive and works on all jobs.
func (h *house) settle() {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(h.t.Context(), time.Minute)
	defer cancel()
	for range 3 { // what a job does may have the provider tell more
		must(h.t, h.stripe.Delivered(ctx))
		jobstest.Drain(h.t, h.bus)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

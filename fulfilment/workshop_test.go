package fulfilment_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"go.uber.org/goleak"

	"tsukuriba/catalog"
	"tsukuriba/catalog/tag"
	"tsukuriba/fulfilment"
	"tsukuriba/fulfilment/printer/manual"
	"tsukuriba/fulfilment/printer/virtual"
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
	"tsukuriba/orders/stripe"
	"tsukuriba/orders/stripe/stripetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var fonts = sync.OnceValues(tag.LoadFonts)

// workshop is the whole house on real parts: the shop with its stand-in for Stripe, the real
// mesher, the real slicer, a manual and a virtual printer, and three members.
type workshop struct {
	*fulfilment.Service
	t        *testing.T
	db       *sqlx.DB
	bus      *jobs.Bus
	orders   *orders.Service
	forecast *fulfilment.Forecast
	catalog  *catalog.Service
	stripe   *stripetest.Server
	gateway  *stripe.Gateway

	adapters map[string]fulfilment.Printer

	mu  sync.Mutex
	now time.Time

	staff                audit.Actor
	aoi, ren, sora       fulfilment.MemberID // aoi and sora can do everything, ren only packs
	manual, virtual      fulfilment.PrinterID
	baseSpool, textSpool fulfilment.SpoolID
	link                 string // secret of the order placed last
}

func (w *workshop) Now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *workshop) advance(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

type nobodyReads struct{}

func (nobodyReads) Send(context.Context, mail.Message) error { return nil }

// tomorrowMorning is a time from which hours of printing stay within the day, whenever the tests run. What Stripe signs must
// not be of the past.
func tomorrowMorning() time.Time {
	return jst.Midnight(time.Now()).Add(33 * time.Hour)
}

func newWorkshop(t *testing.T) *workshop {
	t.Helper()
	w := &workshop{t: t, db: testdb.New(t), now: tomorrowMorning()}
	w.adapters = map[string]fulfilment.Printer{"manual": manual.New(), "virtual": virtual.New(60, w.Now)}
	w.bus = jobs.NewBus(w.db, jobs.Config{})
	w.startStripe()
	book, err := fonts()
	must(t, err)
	blobs, err := blob.Open(t.Context(), t.TempDir())
	must(t, err)
	t.Cleanup(func() { blobs.Close() })
	box, err := seal.New([]byte(strings.Repeat("k", 32)))
	must(t, err)
	w.catalog = catalog.New(catalog.Config{DB: w.db, Book: book, Blobs: blobs, Now: w.Now, PictureWidth: 240})
	must(t, w.catalog.SeedDemo(t.Context()))
	w.forecast = fulfilment.NewForecast(w.db, w.Now)
	w.orders = orders.New(orders.Config{
		DB: w.db, Catalog: w.catalog, Gateway: w.gateway, Announce: w.bus, Mailer: nobodyReads{}, Seal: box, Now: w.Now,
		PublicURL: "http://shop.test", Workshop: "つくり場", Promiser: w.forecast,
	})
	must(t, w.orders.SeedDemo(t.Context()))
	w.Service = fulfilment.New(fulfilment.Config{
		DB: w.db, Catalog: w.catalog, Orders: w.orders, Forecast: w.forecast, Announce: w.bus, Blobs: blobs, Seal: box, Now: w.Now,
		Slicer:   slicer.NewPort(slicer.New(slicer.Options{}), map[string]slicer.Profile{slicer.HouseProfile: slicer.PLA020()}),
		Printers: w.adapters,
	})
	w.subscribe()
	w.furnish()
	return w
}

func (w *workshop) startStripe() {
	w.t.Helper()
	receiver := httptest.NewServer(http.HandlerFunc(w.webhook))
	w.t.Cleanup(receiver.Close)
	var err error
	w.stripe, err = stripetest.Start(stripetest.Options{Now: w.Now, WebhookURL: receiver.URL, WebhookSecret: "whsec_making"})
	must(w.t, err)
	transport := &http.Transport{}
	w.gateway, err = stripe.New(stripe.Config{
		SecretKey: "sk_test_tsukuriba", WebhookSecrets: []string{"whsec_making"}, BackendURL: w.stripe.URL(), Transport: transport,
	})
	must(w.t, err)
	w.t.Cleanup(func() {
		must(w.t, w.stripe.Close())
		transport.CloseIdleConnections()
	})
}

func (w *workshop) webhook(rw http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	event, err := w.gateway.Decode(body, r.Header.Get("Stripe-Signature"))
	if err == nil {
		err = w.orders.ReceiveEvent(r.Context(), event)
	}
	if err != nil {
		http.Error(rw, err.Error(), http.StatusInternalServerError)
	}
}

func (w *workshop) subscribe() {
	jobs.Subscribe(w.bus, "orders.process_event", w.orders.ProcessEvent)
	jobs.Subscribe(w.bus, "orders.capture", w.orders.CaptureApproved)
	jobs.Subscribe(w.bus, "fulfilment.intake", w.Intake)
	jobs.Subscribe(w.bus, "orders.release_payments", w.orders.ReleasePayments)
	jobs.Subscribe(w.bus, "orders.submit_refund", w.orders.SubmitRefund)
	jobs.Subscribe(w.bus, "fulfilment.drop_order", w.DropOrder)
	jobs.Subscribe(w.bus, "fulfilment.propose_plates", w.ProposePlates)
	jobs.Subscribe(w.bus, "fulfilment.slice", w.SlicePlate)
	jobs.Subscribe(w.bus, "fulfilment.start_run", w.StartRun)
	jobs.Subscribe(w.bus, "fulfilment.resume_run", w.ResumeRun)
	jobs.Subscribe(w.bus, "fulfilment.deliver_thanks", w.DeliverThanks)
	jobs.Subscribe(w.bus, "fulfilment.units_shipped", w.UnitsShipped)
	jobs.Subscribe(w.bus, "fulfilment.drop_refunded", w.DropRefunded)
	jobs.Subscribe(w.bus, "fulfilment.intake_claim", w.IntakeClaim)
	jobs.Subscribe(w.bus, "fulfilment.remade_units_shipped", w.RemadeUnitsShipped)
}

func (w *workshop) furnish() {
	w.t.Helper()
	ctx := w.t.Context()
	staff, err := w.AddStaff(ctx, system, fulfilment.NewStaff{
		Email: "sato@example.jp", Name: "佐藤", Role: fulfilment.Instructor, Password: "correct horse",
	})
	must(w.t, err)
	w.staff = audit.Actor{Role: audit.Staff, ID: staff.ID.String()}
	everything := map[string]fulfilment.Stage{}
	for _, skill := range []string{"prepare", "plate", "slice", "set_up", "print", "remove", "sort", "finish", "inspect", "pack"} {
		everything[skill] = fulfilment.Production
	}
	w.aoi = w.member("あおい", everything)
	w.sora = w.member("そら", everything)
	w.ren = w.member("れん", map[string]fulfilment.Stage{"pack": fulfilment.Trial})
	w.manual, err = w.AddPrinter(ctx, w.staff, fulfilment.NewPrinter{Name: "1号機", Adapter: "manual"})
	must(w.t, err)
	w.virtual, err = w.AddPrinter(ctx, w.staff, fulfilment.NewPrinter{Name: "2号機", Adapter: "virtual"})
	must(w.t, err)
	w.baseSpool, err = w.AddSpool(ctx, w.staff, fulfilment.NewSpool{Lot: "K-1", Material: "PLA", Color: "kinari", Grams: 1000})
	must(w.t, err)
	w.textSpool, err = w.AddSpool(ctx, w.staff, fulfilment.NewSpool{Lot: "S-1", Material: "PLA", Color: "sumi", Grams: 1000})
	must(w.t, err)
}

func (w *workshop) member(nickname string, stages map[string]fulfilment.Stage) fulfilment.MemberID {
	w.t.Helper()
	member, err := w.AddMember(w.t.Context(), w.staff, fulfilment.NewMember{
		Nickname: nickname, Reading: nickname, Picture: "sun", MinutesADay: 480, MinutesInOneGo: 480, Stages: stages,
	})
	must(w.t, err)
	must(w.t, w.Arrive(w.t.Context(), w.staff, member))
	return member
}

// order buys so many pieces of each text, pays by card and has the texts approved.
func (w *workshop) order(quantity int, texts ...string) orders.OrderID {
	w.t.Helper()
	ctx := w.t.Context()
	product, err := w.catalog.Product(ctx, "name-tag")
	must(w.t, err)
	cart, err := w.orders.NewCart(ctx)
	must(w.t, err)
	for _, text := range texts {
		design, err := w.catalog.CreateDesign(ctx, catalog.DesignChoice{
			Product: product.Slug, Text: text, BaseColor: "kinari", TextColor: "sumi",
		})
		must(w.t, err)
		_, err = w.orders.AddLine(ctx, cart, orders.LineRequest{Variant: product.Variants[0].ID, Design: design.ID, Quantity: quantity})
		must(w.t, err)
	}
	checkout, err := w.orders.PrepareCheckout(ctx, cart, orders.CheckoutForm{
		Shipping: "click-post", Method: orders.Card,
		Contact: orders.Contact{
			Name: "神田 はると", Email: "haru@example.jp", Phone: "09012345678", PostalCode: "064-0941",
			Prefecture: "北海道", City: "札幌市中央区", Street: "旭ヶ丘1-2-3",
		},
	})
	must(w.t, err)
	placed, err := w.orders.Confirm(ctx, checkout.Key())
	must(w.t, err)
	w.link = placed.LinkToken
	order, err := w.orders.Order(ctx, placed.Order.ID)
	must(w.t, err)
	must(w.t, w.stripe.PayCard(order.Payments[0].SessionID))
	w.settle()
	_, err = w.orders.Approve(ctx, w.staff, order.ID)
	must(w.t, err)
	w.settle()
	return order.ID
}

// settle lets the webhooks arrive and works on all jobs.
func (w *workshop) settle() {
	w.t.Helper()
	must(w.t, w.stripe.Delivered(w.t.Context()))
	jobstest.Drain(w.t, w.bus)
}

// open returns the only open task of an operation.
func (w *workshop) open(operation fulfilment.OperationKey) fulfilment.Task {
	w.t.Helper()
	tasks := w.allOpen(operation)
	if len(tasks) != 1 {
		w.t.Fatalf("%d open tasks of %s, want 1", len(tasks), operation)
	}
	return tasks[0]
}

func (w *workshop) allOpen(operation fulfilment.OperationKey) []fulfilment.Task {
	w.t.Helper()
	tasks, err := w.OpenTasks(w.t.Context())
	must(w.t, err)
	return slices.DeleteFunc(tasks, func(task fulfilment.Task) bool { return task.Operation != operation })
}

// take has staff offer a task, and the member accept and start it.
func (w *workshop) take(task fulfilment.Task, member fulfilment.MemberID) fulfilment.TaskView {
	w.t.Helper()
	ctx := w.t.Context()
	made, err := w.OfferTask(ctx, w.staff, fulfilment.Proposal{Task: task.ID, Member: member})
	must(w.t, err)
	_, err = w.Accept(ctx, member, made.ID)
	must(w.t, err)
	view, err := w.Start(ctx, member, task.ID)
	must(w.t, err)
	return view
}

// do takes a task, says できた and works on what follows.
func (w *workshop) do(operation fulfilment.OperationKey, member fulfilment.MemberID, result fulfilment.Result) fulfilment.TaskView {
	w.t.Helper()
	task := w.open(operation)
	w.take(task, member)
	view, err := w.Submit(w.t.Context(), member, task.ID, result)
	must(w.t, err)
	w.settle()
	return view
}

// verdicts say the same about all pieces of a task, with the code on each.
func (w *workshop) verdicts(task fulfilment.TaskID, member fulfilment.MemberID, verdict fulfilment.Verdict) fulfilment.Result {
	w.t.Helper()
	view, err := w.Task(w.t.Context(), member, task)
	must(w.t, err)
	var result fulfilment.Result
	for _, piece := range view.Pieces {
		result.Pieces = append(result.Pieces, fulfilment.PieceResult{Unit: piece.Unit, Code: piece.Code, Verdict: verdict})
	}
	return result
}

// judge takes a task about pieces and says the same about all of them.
func (w *workshop) judge(operation fulfilment.OperationKey, member fulfilment.MemberID, verdict fulfilment.Verdict) {
	w.t.Helper()
	task := w.open(operation)
	w.take(task, member)
	_, err := w.Submit(w.t.Context(), member, task.ID, w.verdicts(task.ID, member, verdict))
	must(w.t, err)
	w.settle()
}

// sliced takes all open prepare tasks and their plate to sliced.
func (w *workshop) sliced() fulfilment.Plate {
	w.t.Helper()
	for _, task := range w.allOpen(fulfilment.OpPrepare) {
		w.take(task, w.aoi)
		_, err := w.Submit(w.t.Context(), w.aoi, task.ID, fulfilment.Result{})
		must(w.t, err)
	}
	w.settle()
	w.do(fulfilment.OpArrange, w.aoi, fulfilment.Result{})
	task := w.open(fulfilment.OpSlice)
	w.take(task, w.sora)
	_, err := w.Slice(w.t.Context(), w.sora, task.ID)
	must(w.t, err)
	w.settle()
	_, err = w.Submit(w.t.Context(), w.sora, task.ID, fulfilment.Result{})
	must(w.t, err)
	plate, err := w.Plate(w.t.Context(), task.PlateID)
	must(w.t, err)
	return plate
}

// setUp approves a sliced plate and sets a printer up for it.
func (w *workshop) setUp(plate fulfilment.Plate, printer fulfilment.PrinterID) fulfilment.Run {
	w.t.Helper()
	approved, err := w.ApprovePlate(w.t.Context(), w.staff, plate.ID)
	must(w.t, err)
	w.do(fulfilment.OpSetUp, w.aoi, fulfilment.Result{Printer: printer, BaseSpool: w.baseSpool, TextSpool: w.textSpool})
	return *approved.Run
}

// printed prints a sliced plate by hand.
func (w *workshop) printed(plate fulfilment.Plate) {
	w.t.Helper()
	w.setUp(plate, w.manual)
	w.do(fulfilment.OpStart, w.aoi, fulfilment.Result{})
	w.do(fulfilment.OpSwap, w.sora, fulfilment.Result{})
	w.advance(30 * time.Minute)
	w.do(fulfilment.OpRemove, w.aoi, fulfilment.Result{Outcome: fulfilment.OutcomeDone})
}

func (w *workshop) expect(order orders.OrderID, state orders.State) {
	w.t.Helper()
	read, err := w.orders.Order(w.t.Context(), order)
	must(w.t, err)
	if read.State != state {
		w.t.Fatalf("the order is %s, want %s", read.State, state)
	}
}

// states counts the pieces of an order by state.
func (w *workshop) states(order orders.OrderID) map[fulfilment.UnitState]int {
	w.t.Helper()
	units, err := w.UnitsOfOrder(w.t.Context(), order)
	must(w.t, err)
	states := map[fulfilment.UnitState]int{}
	for _, unit := range units {
		states[unit.State]++
	}
	return states
}

// sound checks the invariants of making and of money.
func (w *workshop) sound() {
	w.t.Helper()
	making, err := w.CheckInvariants(w.t.Context())
	must(w.t, err)
	money, err := w.orders.CheckInvariants(w.t.Context())
	must(w.t, err)
	for _, violation := range append(making, money...) {
		w.t.Errorf("%s: %s (%s)", violation.Rule, violation.Sentence, violation.Subject)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

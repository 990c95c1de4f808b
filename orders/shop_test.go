package orders_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"go.uber.org/goleak"

	"tsukuriba/catalog"
	"tsukuriba/internal/audit"
	"tsukuriba/internal/blob"
	"tsukuriba/internal/id"
	"tsukuriba/internal/jobs"
	"tsukuriba/internal/jobs/jobstest"
	"tsukuriba/internal/jst"
	"tsukuriba/internal/mail"
	"tsukuriba/internal/postgres/testdb"
	"tsukuriba/internal/seal"
	"tsukuriba/internal/yen"
	"tsukuriba/orders"
	"tsukuriba/orders/pdf"
	"tsukuriba/orders/stripe"
	"tsukuriba/orders/stripe/stripetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	secretKey     = "sk_test_tsukuriba"
	webhookSecret = "whsec_orders"
)

var staff = audit.Actor{Role: audit.Staff, ID: "stf_" + zeroID()}

func zeroID() string { // a staff id, made elsewhere
	return orders.OrderID(uuid.MustParse("01920000-0000-7000-8000-000000000001")).String()[len("ord_"):]
}

// clock is the time of the shop and of the provider.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// letterbox catches the mails of a shop.
type letterbox struct {
	mu      sync.Mutex
	letters []mail.Message
	refuse  error
}

func (l *letterbox) Send(_ context.Context, message mail.Message) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.refuse != nil {
		return l.refuse
	}
	l.letters = append(l.letters, message)
	return nil
}

func (l *letterbox) subjects() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var subjects []string
	for _, letter := range l.letters {
		subjects = append(subjects, letter.Subject)
	}
	return subjects
}

// shop is orders on a real database with the real adapter against the stand-in of Stripe.
type shop struct {
	*orders.Service
	config  orders.Config
	t       *testing.T
	dsn     string
	blobs   string // folder of the documents
	db      *sqlx.DB
	bus     *jobs.Bus
	stripe  *stripetest.Server
	gateway *stripe.Gateway
	clock   *clock
	letters *letterbox
	catalog *catalog.Service
	goods   goods
}

// goods are what the shop sells: a tag that is personalized and a thing from the shelf.
type goods struct {
	tag, magnet catalog.VariantID
	design      catalog.DesignID
	otherDesign catalog.DesignID // of another product
}

// spoiled puts a test's own trouble between the shop and the provider.
type spoiled func(orders.Gateway) orders.Gateway

func newShop(t *testing.T, spoil ...spoiled) *shop {
	t.Helper()
	s := &shop{t: t, dsn: testdb.DSN(t), blobs: t.TempDir(), clock: &clock{now: time.Now().Truncate(time.Second)}, letters: &letterbox{}}
	s.db = testdb.Open(t, s.dsn)
	receiver := httptest.NewServer(http.HandlerFunc(s.webhook))
	t.Cleanup(receiver.Close)
	s.startStripe(receiver.URL)
	s.join(spoil)
	today := s.clock.Now()
	s.clock.Advance(-today.Sub(opening))
	s.isSoldBy(seller)
	s.clock.Advance(today.Sub(opening))
	s.goods = stockShop(t, s.db)
	return s
}

// opening is since when somebody has been named who sells.
var opening = time.Date(2024, 10, 1, 0, 0, 0, 0, jst.Zone)

// isSoldBy names who sells from now on.
func (s *shop) isSoldBy(seller orders.Seller) {
	s.t.Helper()
	versions, err := s.SellerVersions(s.t.Context())
	must(s.t, err)
	must(s.t, s.ReviseSeller(s.t.Context(), staff, orders.Revision{Base: len(versions)}, seller))
}

// twin is a second node of the same shop: a service, a pool of connections and a client of the
// provider of its own, over the same database.
func (s *shop) twin(spoil ...spoiled) *shop {
	s.t.Helper()
	other := *s
	other.db = testdb.Open(s.t, s.dsn)
	other.reachStripe()
	other.join(spoil)
	return &other
}

// join makes the service of a node.
func (s *shop) join(spoil []spoiled) {
	s.t.Helper()
	box, err := seal.New([]byte("a secret of thirty-two bytes or more"))
	must(s.t, err)
	s.bus = jobs.NewBus(s.db, jobs.Config{})
	var gateway orders.Gateway = s.gateway
	for _, spoil := range spoil {
		gateway = spoil(gateway)
	}
	archive, err := blob.Open(s.t.Context(), s.blobs)
	must(s.t, err)
	s.t.Cleanup(func() { must(s.t, archive.Close()) })
	s.catalog = catalog.New(catalog.Config{DB: s.db, Blobs: archive, Now: s.clock.Now})
	s.config = orders.Config{
		Archive: archive, Typesetter: pdf.Setter{},
		DB: s.db, Catalog: s.catalog, Gateway: gateway, Announce: s.bus,
		Mailer: s.letters, Seal: box, Now: s.clock.Now, PublicURL: "http://shop.test", Workshop: "つくり場",
		Promiser: steady{s.db, s.clock},
	}
	s.Service = orders.New(s.config)
	subscribe(s.bus, s.Service)
}

func (s *shop) startStripe(webhook string) {
	s.t.Helper()
	var err error
	s.stripe, err = stripetest.Start(stripetest.Options{Now: s.clock.Now, WebhookURL: webhook, WebhookSecret: webhookSecret})
	must(s.t, err)
	s.t.Cleanup(func() { must(s.t, s.stripe.Close()) })
	s.reachStripe()
}

func (s *shop) reachStripe() {
	s.t.Helper()
	transport := &http.Transport{}
	s.t.Cleanup(transport.CloseIdleConnections)
	var err error
	s.gateway, err = stripe.New(stripe.Config{
		SecretKey: secretKey, WebhookSecrets: []string{webhookSecret}, BackendURL: s.stripe.URL(), Transport: transport,
	})
	must(s.t, err)
}

// webhook is the shop's endpoint as the API has it.
func (s *shop) webhook(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	event, err := s.gateway.Decode(body, r.Header.Get("Stripe-Signature"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if err := s.ReceiveEvent(r.Context(), event); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

// subscribe is the wiring of orders as the program has it.
func subscribe(bus *jobs.Bus, s *orders.Service) {
	jobs.Subscribe(bus, "orders.process_event", s.ProcessEvent)
	jobs.Subscribe(bus, "orders.capture", s.CaptureApproved)
	jobs.Subscribe(bus, "orders.release_payments", s.ReleasePayments)
	jobs.Subscribe(bus, "orders.release_expired", s.ReleaseExpired)
	jobs.Subscribe(bus, "orders.release_orphan", s.ReleaseOrphan)
	jobs.Subscribe(bus, "orders.submit_refund", s.SubmitRefund)
	jobs.Subscribe(bus, "orders.note_refund", s.NoteRefund)
	jobs.Subscribe(bus, "mails.placed", s.MailPlaced, jobs.Only(orders.OrderPlaced.Unanswered))
	jobs.Subscribe(bus, "mails.in_review", s.MailInReview)
	jobs.Subscribe(bus, "mails.pay_link", s.MailPayLink)
	jobs.Subscribe(bus, "mails.approved", s.MailApproved)
	jobs.Subscribe(bus, "mails.canceled", s.MailCanceled)
	jobs.Subscribe(bus, "mails.expired", s.MailExpired)
	jobs.Subscribe(bus, "mails.shipped", s.MailShipped)
	jobs.Subscribe(bus, "mails.code", s.MailCode)
	jobs.Subscribe(bus, "orders.keep_invoice", s.KeepInvoice)
	jobs.Subscribe(bus, "orders.keep_quotation", s.KeepQuotation)
	jobs.Subscribe(bus, "mails.invoice", s.MailInvoice)
	jobs.Subscribe(bus, "mails.quotation", s.MailQuotation)
	jobs.Subscribe(bus, "mails.text_query", s.MailTextQuery)
	jobs.Subscribe(bus, "mails.receipt", s.MailReceipt)
	jobs.Subscribe(bus, "mails.refunded", s.MailRefunded)
	jobs.Subscribe(bus, "mails.bank_details", s.MailBankDetails)
	jobs.Subscribe(bus, "mails.late_money", s.MailLateMoney)
	jobs.Subscribe(bus, "mails.claim_opened", s.MailClaimOpened)
	jobs.Subscribe(bus, "mails.claim_accepted", s.MailClaimAccepted)
	jobs.Subscribe(bus, "mails.claim_declined", s.MailClaimDeclined)
	jobs.Subscribe(bus, "mails.claim_shipped", s.MailClaimShipped)
	jobs.Subscribe(bus, "mails.dispute", s.MailDispute)
	jobs.Subscribe(bus, "mails.order_links", s.MailLinks)
	jobs.Subscribe(bus, "mails.send", s.SendMail)
}

// stockShop writes two products as the catalog would have them.
func stockShop(t *testing.T, db *sqlx.DB) goods {
	t.Helper()
	var g goods
	g.tag = product(t, db, "name-tag", "personalized", 1100)
	g.magnet = product(t, db, "magnet", "stock", 550)
	other := product(t, db, "key-tag", "personalized", 1200)
	g.design, g.otherDesign = design(t, db, g.tag, "はると"), design(t, db, other, "はると")
	return g
}

func product(t *testing.T, db *sqlx.DB, slug, kind string, price int) (variant catalog.VariantID) {
	t.Helper()
	productID := uuid.Must(uuid.NewV7())
	variant = catalog.VariantID(uuid.Must(uuid.NewV7()))
	routing := ""
	if kind == "personalized" {
		routing = "name-tag"
	}
	exec(t, db, `
		INSERT INTO products (id, slug, name, name_en, kind, state, price_yen, weight_g, width_mm, depth_mm, height_mm, routing)
		VALUES ($1, $2::text, $2::text, $2 || ' in English', $3, 'published', $4, 8, 100, 80, 20, $5)`,
		productID, slug, kind, price, routing)
	exec(t, db, `
		INSERT INTO variants (id, product_id, sku, name, price_yen, tracked, on_hand)
		VALUES ($1, $2, $3, '', $4, $5, 10)`, variant, productID, slug, price, kind == "stock")
	exec(t, db, `INSERT INTO personalization_schemas (product_id, version, schema) VALUES ($1, 1, '{}')`, productID)
	return variant
}

func design(t *testing.T, db *sqlx.DB, variant catalog.VariantID, text string) catalog.DesignID {
	t.Helper()
	made := id.ID[designKind](uuid.Must(uuid.NewV7()))
	exec(t, db, `
		INSERT INTO designs (id, product_id, schema_version, content_key, design_hash, text, spec, base_color, text_color,
		                     width_um, depth_um, height_um, swap_z_um, triangles, estimate, price_yen, proof_key)
		SELECT $1::uuid, product_id, 1, decode(replace($1::uuid::text, '-', ''), 'hex'), '\x01', $3, '{}', 'kinari', 'sumi', 60000, 24000, 3000,
		       2000, 900, '{}', price_yen, 'stored'
		FROM variants
		WHERE id = $2`, made, variant, text)
	return catalog.DesignID(made)
}

type designKind struct{}

func (designKind) Prefix() string { return "des" }

// haru is somebody whose name must keep its bytes.
func haru() orders.Contact {
	return orders.Contact{
		Name: "神田 はると", Email: "haru@example.jp", Phone: "０９０-1234-5678", PostalCode: "〒064－0941",
		Prefecture: "北海道", City: "札幌市中央区", Street: "旭ヶ丘1-2-3",
	}
}

func form(method orders.Method) orders.CheckoutForm {
	filled := orders.CheckoutForm{Contact: haru(), Shipping: "click-post", Method: method}
	if method == orders.ByInvoice {
		filled.Company, filled.Department = "株式会社\uFA19の光", "総務部"
	}
	return filled
}

// cart makes a cart of lines.
func (s *shop) cart(lines ...orders.LineRequest) (token string) {
	s.t.Helper()
	token, err := s.NewCart(s.t.Context())
	must(s.t, err)
	for _, line := range lines {
		_, err := s.AddLine(s.t.Context(), token, line)
		must(s.t, err)
	}
	return token
}

func (s *shop) tag() orders.LineRequest {
	return orders.LineRequest{Variant: s.goods.tag, Design: s.goods.design, Quantity: 1}
}

func (s *shop) tags(quantity int) orders.LineRequest {
	return orders.LineRequest{Variant: s.goods.tag, Design: s.goods.design, Quantity: quantity}
}

func (s *shop) magnet(quantity int) orders.LineRequest {
	return orders.LineRequest{Variant: s.goods.magnet, Quantity: quantity}
}

func (s *shop) checkout(method orders.Method, lines ...orders.LineRequest) orders.Checkout {
	s.t.Helper()
	checkout, err := s.PrepareCheckout(s.t.Context(), s.cart(lines...), form(method))
	must(s.t, err)
	return checkout
}

func (s *shop) place(method orders.Method, lines ...orders.LineRequest) orders.Placed {
	s.t.Helper()
	placed, err := s.Confirm(s.t.Context(), s.checkout(method, lines...).Key())
	must(s.t, err)
	return placed
}

// session is the provider's session of an order's newest attempt.
func (s *shop) session(placed orders.Placed) string {
	s.t.Helper()
	payments := s.order(placed).Payments
	if len(payments) == 0 {
		s.t.Fatal("the order has no payment")
	}
	return payments[len(payments)-1].SessionID
}

func (s *shop) order(placed orders.Placed) orders.Order {
	s.t.Helper()
	order, err := s.Order(s.t.Context(), placed.Order.ID)
	must(s.t, err)
	return order
}

// reviewed is an order whose card is authorized and whose text waits for staff.
func (s *shop) reviewed() orders.Placed {
	s.t.Helper()
	placed := s.place(orders.Card, s.tag())
	must(s.t, s.stripe.PayCard(s.session(placed)))
	s.settle()
	s.expect(placed, orders.InReview)
	return placed
}

// approved is an order that is paid and may be made.
func (s *shop) approved() orders.Placed {
	s.t.Helper()
	placed := s.reviewed()
	_, err := s.Approve(s.t.Context(), staff, placed.Order.ID)
	must(s.t, err)
	s.settle()
	s.expect(placed, orders.Approved)
	return placed
}

// paid is an order of tags that is paid and may be made.
func (s *shop) paid(lines ...orders.LineRequest) orders.Placed {
	s.t.Helper()
	placed := s.place(orders.Card, lines...)
	must(s.t, s.stripe.PayCard(s.session(placed)))
	s.settle()
	_, err := s.Approve(s.t.Context(), staff, placed.Order.ID)
	must(s.t, err)
	s.settle()
	s.expect(placed, orders.Approved)
	return placed
}

// settle waits until the shop has heard everything the provider had to say, and done all its jobs.
func (s *shop) settle() {
	s.t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(2 * time.Millisecond) {
		var heard, waiting int
		must(s.t, s.db.Get(&heard, `SELECT count(*) FROM stripe_events`))
		must(s.t, s.db.Get(&waiting, `
			SELECT count(*)
			FROM river_job
			WHERE state IN ('available', 'retryable') OR (state = 'scheduled' AND scheduled_at <= now())`))
		switch told := len(s.stripe.EventIDs()); {
		case waiting > 0:
			jobstest.Drain(s.t, s.bus)
		case heard >= told:
			return
		case time.Now().After(deadline):
			s.t.Fatalf("heard %d of %d events", heard, told)
		}
	}
}

func (s *shop) expect(placed orders.Placed, want orders.State) {
	s.t.Helper()
	if order := s.order(placed); order.State != want {
		s.t.Fatalf("the order is %s, want %s (holds %v, payments %+v)", order.State, want, order.Holds, order.Payments)
	}
}

// sound fails the test if any invariant is broken, or if the provider's books and our ledger are
// not equal to the yen. Nothing may be under way.
func (s *shop) sound() {
	s.t.Helper()
	s.whole()
	ours, err := s.Balances(s.t.Context())
	must(s.t, err)
	balances := map[string]orders.Balance{}
	for _, balance := range ours {
		balances[balance.IntentID] = balance
	}
	for _, entry := range s.stripe.Ledger() {
		books := orders.Balance{
			IntentID: entry.Intent, Captured: yen.Amount(entry.Captured), Refunded: yen.Amount(entry.Refunded), Disputed: yen.Amount(entry.Disputed), Fees: yen.Amount(entry.Fees),
		}
		balance := balances[entry.Intent]
		if balance.IntentID = entry.Intent; balance != books {
			s.t.Errorf("we count %+v, the provider %+v", balance, books)
		}
		delete(balances, entry.Intent)
	}
	for intent, balance := range balances {
		s.t.Errorf("the provider does not know %s, of which we count %+v", intent, balance)
	}
}

// whole fails the test if any invariant is broken, at whatever moment.
func (s *shop) whole() {
	s.t.Helper()
	violations, err := s.CheckInvariants(s.t.Context())
	must(s.t, err)
	for _, violation := range violations {
		s.t.Errorf("%s: %s %s", violation.Rule, violation.Subject, violation.Sentence)
	}
}

func (s *shop) count(query string, args ...any) int {
	s.t.Helper()
	var n int
	must(s.t, s.db.Get(&n, query, args...))
	return n
}

func (s *shop) inTx(do func(*sqlx.Tx) error) error {
	tx := s.db.MustBegin()
	defer tx.Rollback() //nolint:errcheck // after a commit there is nothing to roll back
	if err := do(tx); err != nil {
		return err
	}
	return tx.Commit()
}

func exec(t *testing.T, db *sqlx.DB, query string, args ...any) {
	t.Helper()
	_, err := db.ExecContext(t.Context(), query, args...)
	must(t, err)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"
	"github.com/jmoiron/sqlx"
	"github.com/labstack/echo/v4"
	"go.uber.org/goleak"

	"tsukuriba/api"
	"tsukuriba/api/auth"
	"tsukuriba/api/rest"
	"tsukuriba/catalog"
	"tsukuriba/catalog/tag"
	"tsukuriba/fulfilment"
	"tsukuriba/fulfilment/printer/manual"
	"tsukuriba/fulfilment/slicer"
	"tsukuriba/internal/audit"
	"tsukuriba/internal/blob"
	"tsukuriba/internal/jobs"
	"tsukuriba/internal/jobs/jobstest"
	"tsukuriba/internal/mail"
	"tsukuriba/internal/postgres/testdb"
	"tsukuriba/internal/seal"
	"tsukuriba/orders"
	"tsukuriba/orders/pdf"
	"tsukuriba/orders/stripe"
	"tsukuriba/orders/stripe/stripetest"
)

func TestMain(m *testing.M) {
	openapi3filter.RegisterBodyDecoder("image/png", openapi3filter.FileBodyDecoder)
	openapi3filter.RegisterBodyDecoder("application/pdf", openapi3filter.FileBodyDecoder)
	openapi3filter.RegisterBodyDecoder("text/csv", openapi3filter.FileBodyDecoder)
	openapi3filter.RegisterBodyDecoder("model/gltf-binary", openapi3filter.FileBodyDecoder)
	goleak.VerifyTestMain(m)
}

// What nobody changes is read once.
var (
	fonts       = sync.OnceValues(tag.LoadFonts)
	description = sync.OnceValues(func() (*openapi3.T, error) { return openapi3.NewLoader().LoadFromData(api.OpenAPI) })
	routes      = sync.OnceValues(func() (routers.Router, error) {
		document, err := description()
		if err != nil {
			return nil, err
		}
		return legacy.NewRouter(document)
	})
)

const (
	password      = "korabo-no-mado"
	webhookSecret = "whsec_api"
)

var owner = audit.Actor{Role: audit.System}

// house is the whole workshop behind its real server, with the stand-in of Stripe.
type house struct {
	t          testing.TB
	db         *sqlx.DB
	bus        *jobs.Bus
	stripe     *stripetest.Server
	catalog    *catalog.Service
	orders     *orders.Service
	fulfilment *fulfilment.Service
	url        string
	document   *openapi3.T
	router     routers.Router
}

// letterbox drops what it is given: mails are tested where they are written.
type letterbox struct{}

func (letterbox) Send(context.Context, mail.Message) error { return nil }

func open(t testing.TB, limits api.Limits) *house {
	t.Helper()
	h := &house{t: t, db: testdb.New(t)}
	server := httptest.NewUnstartedServer(nil)
	h.url = "http://" + server.Listener.Addr().String()
	gateway := h.startStripe()
	h.join(gateway)
	h.describe()
	server.Config.Handler = h.mount(gateway, limits)
	server.Start()
	t.Cleanup(server.Close)
	must(t, h.catalog.SeedDemo(t.Context()))
	must(t, h.orders.SeedDemo(t.Context()))
	return h
}

func (h *house) startStripe() *stripe.Gateway {
	h.t.Helper()
	var err error
	h.stripe, err = stripetest.Start(stripetest.Options{WebhookURL: h.url + "/api/v1/webhooks/stripe", WebhookSecret: webhookSecret})
	must(h.t, err)
	transport := &http.Transport{}
	h.t.Cleanup(func() {
		must(h.t, h.stripe.Close())
		transport.CloseIdleConnections()
	})
	gateway, err := stripe.New(stripe.Config{
		SecretKey: "sk_test_api", WebhookSecrets: []string{webhookSecret}, BackendURL: h.stripe.URL(), Transport: transport,
	})
	must(h.t, err)
	return gateway
}

func (h *house) join(gateway orders.Gateway) {
	h.t.Helper()
	book, err := fonts()
	must(h.t, err)
	blobs, err := blob.Open(h.t.Context(), h.t.TempDir())
	must(h.t, err)
	h.t.Cleanup(func() { must(h.t, blobs.Close()) })
	box, err := seal.New([]byte("a secret of thirty-two bytes or more"))
	must(h.t, err)
	h.bus = jobs.NewBus(h.db, jobs.Config{})
	h.catalog = catalog.New(catalog.Config{DB: h.db, Book: book, Blobs: blobs, Now: time.Now, PictureWidth: 240})
	forecast := fulfilment.NewForecast(h.db, time.Now)
	h.orders = orders.New(orders.Config{
		DB: h.db, Catalog: h.catalog, Gateway: gateway, Announce: h.bus, Mailer: letterbox{}, Seal: box, Now: time.Now,
		PublicURL: h.url, Workshop: "つくり場", Promiser: forecast, Archive: blobs, Typesetter: pdf.Setter{},
	})
	port := slicer.NewPort(slicer.New(slicer.Options{}), map[string]slicer.Profile{slicer.HouseProfile: slicer.PLA020()})
	h.fulfilment = fulfilment.New(fulfilment.Config{
		DB: h.db, Catalog: h.catalog, Orders: h.orders, Forecast: forecast, Announce: h.bus, Blobs: blobs, Seal: box, Now: time.Now,
		Slicer: port, Printers: map[string]fulfilment.Printer{"manual": manual.New()},
	})
	jobs.Subscribe(h.bus, "orders.process_event", h.orders.ProcessEvent)
	jobs.Subscribe(h.bus, "orders.capture", h.orders.CaptureApproved)
	jobs.Subscribe(h.bus, "orders.submit_refund", h.orders.SubmitRefund)
	jobs.Subscribe(h.bus, "orders.release_payments", h.orders.ReleasePayments)
	jobs.Subscribe(h.bus, "fulfilment.intake", h.fulfilment.Intake)
	jobs.Subscribe(h.bus, "fulfilment.propose_plates", h.fulfilment.ProposePlates)
	jobs.Subscribe(h.bus, "fulfilment.slice", h.fulfilment.SlicePlate)
	jobs.Subscribe(h.bus, "fulfilment.start_run", h.fulfilment.StartRun)
	jobs.Subscribe(h.bus, "fulfilment.resume_run", h.fulfilment.ResumeRun)
	jobs.Subscribe(h.bus, "fulfilment.deliver_thanks", h.fulfilment.DeliverThanks)
	jobs.Subscribe(h.bus, "fulfilment.units_shipped", h.fulfilment.UnitsShipped)
}

func (h *house) mount(gateway *stripe.Gateway, limits api.Limits) http.Handler {
	h.t.Helper()
	places, err := api.LoadPlaces()
	must(h.t, err)
	e := echo.New()
	e.HTTPErrorHandler = api.HandleError
	must(h.t, api.Mount(e, api.Config{
		DB: h.db, Catalog: h.catalog, Orders: h.orders, Fulfilment: h.fulfilment, Sessions: auth.NewSessions(h.db, false),
		Places: places, Decode: gateway.Decode, PublicURL: h.url, Limits: limits,
	}))
	return e
}

func (h *house) describe() {
	h.t.Helper()
	var err error
	h.document, err = description()
	must(h.t, err)
	h.router, err = routes()
	must(h.t, err)
}

// dsn is the address of the house's database.
func (h *house) dsn() string {
	h.t.Helper()
	var dsn string
	must(h.t, h.db.Get(&dsn, `
		SELECT format('dbname=%s user=%s host=%s port=%s sslmode=disable', current_database(), current_user,
			split_part(current_setting('unix_socket_directories'), ',', 1), current_setting('port'))`))
	return dsn
}

// settle waits until the provider has told everything, and does all jobs.
func (h *house) settle() {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(h.t.Context(), time.Minute)
	defer cancel()
	for range 3 { // what a job does may have the provider tell more
		must(h.t, h.stripe.Delivered(ctx))
		jobstest.Drain(h.t, h.bus)
	}
}

// visitor is somebody with a browser of their own.
type visitor struct {
	*house
	client *http.Client
}

// visitor's every answer is held against the description.
func (h *house) visitor() *visitor {
	jar, _ := cookiejar.New(nil) // fails for no options
	transport := &http.Transport{}
	h.t.Cleanup(transport.CloseIdleConnections)
	return &visitor{h, &http.Client{Jar: jar, Transport: described{h, transport}}}
}

// described is a transport that fails the test when an answer is not as described.
type described struct {
	h    *house
	next http.RoundTripper
}

func (d described) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := d.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	_ = response.Body.Close()
	response.Body = io.NopCloser(bytes.NewReader(body))
	if err := d.check(r, response, body); err != nil {
		d.h.t.Errorf("%s %s answered %d otherwise than described: %v\n%.500s", r.Method, r.URL, response.StatusCode, err, body)
	}
	return response, nil
}

func (d described) check(r *http.Request, response *http.Response, body []byte) error {
	local := r.Clone(r.Context())
	local.URL = &url.URL{Path: r.URL.Path, RawPath: r.URL.RawPath, RawQuery: r.URL.RawQuery}
	route, parameters, err := d.h.router.FindRoute(local)
	if err != nil || route.Operation == nil { // no operation: a problem all the same
		if response.Header.Get("Content-Type") != "application/problem+json" {
			return fmt.Errorf("content type %q", response.Header.Get("Content-Type"))
		}
		return nil
	}
	return openapi3filter.ValidateResponse(r.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: local, Route: route, PathParams: parameters},
		Status:                 response.StatusCode, Header: response.Header, Body: io.NopCloser(bytes.NewReader(body)),
		Options: &openapi3filter.Options{IncludeResponseStatus: true, MultiError: true},
	})
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func (a answer) problem(t testing.TB) rest.Problem {
	t.Helper()
	var p rest.Problem
	if err := json.Unmarshal(a.body, &p); err != nil {
		t.Fatalf("%d is no problem: %s", a.status, a.body)
	}
	return p
}

// header is one to be sent.
type header struct{ name, value string }

// send sends a body as it is, as JSON unless a header says otherwise.
func (v *visitor) send(method, path string, body []byte, headers ...header) answer {
	v.t.Helper()
	request, err := http.NewRequestWithContext(v.t.Context(), method, v.url+"/api/v1"+path, bytes.NewReader(body))
	must(v.t, err)
	if len(body) > 0 {
		request.Header.Set("Content-Type", "application/json")
	}
	for _, h := range headers {
		request.Header.Set(h.name, h.value)
	}
	response, err := v.client.Do(request)
	must(v.t, err)
	defer func() { _ = response.Body.Close() }()
	content, err := io.ReadAll(response.Body)
	must(v.t, err)
	return answer{response.StatusCode, response.Header, content}
}

// ask sends JSON.
func (v *visitor) ask(method, path string, body any, headers ...header) answer {
	v.t.Helper()
	var content []byte
	if body != nil {
		var err error
		content, err = json.Marshal(body)
		must(v.t, err)
	}
	return v.send(method, path, content, headers...)
}

// want asks for a success and reads it into out, which may be nil.
func (v *visitor) want(method, path string, body, out any, headers ...header) answer {
	v.t.Helper()
	got := v.ask(method, path, body, headers...)
	if got.status >= http.StatusMultipleChoices {
		v.t.Fatalf("%s %s answered %d: %s", method, path, got.status, got.body)
	}
	if out != nil {
		must(v.t, json.Unmarshal(got.body, out))
	}
	return got
}

// refused asks for something that must be answered with a status and a code.
func (v *visitor) refused(status int, code, method, path string, body any, headers ...header) rest.Problem {
	v.t.Helper()
	got := v.ask(method, path, body, headers...)
	if got.status != status || got.problem(v.t).Code != code {
		v.t.Errorf("%s %s answered %d %.300s, want %d %s", method, path, got.status, got.body, status, code)
	}
	return got.problem(v.t)
}

func idempotent(key string) header { return header{"Idempotency-Key", key} }

// staff is a signed-in staff member of a role.
func (h *house) staff(role fulfilment.Role) *visitor {
	h.t.Helper()
	email := string(role) + "@example.jp"
	_, err := h.fulfilment.AddStaff(h.t.Context(), owner, fulfilment.NewStaff{Email: email, Name: "職員", Role: role, Password: password})
	must(h.t, err)
	v := h.visitor()
	v.want(http.MethodPost, "/staff/session", rest.SignInRequest{Email: email, Password: password}, nil)
	return v
}

// everySkill is a member who can do all of the line.
func everySkill(stage fulfilment.Stage) map[string]fulfilment.Stage {
	stages := map[string]fulfilment.Stage{}
	for skill := range strings.FieldsSeq("prepare plate slice set_up print remove sort finish inspect pack") {
		stages[skill] = stage
	}
	return stages
}

// member adds a member who is here today.
func (h *house) member(nickname string, stages map[string]fulfilment.Stage) fulfilment.MemberID {
	h.t.Helper()
	member, err := h.fulfilment.AddMember(h.t.Context(), owner, fulfilment.NewMember{
		Nickname: nickname, Reading: nickname, Picture: "leaf", MinutesADay: 300, MinutesInOneGo: 120, Stages: stages,
	})
	must(h.t, err)
	must(h.t, h.fulfilment.Arrive(h.t.Context(), owner, member))
	return member
}

// tablet is an enrolled tablet.
func (h *house) tablet(manager *visitor) *visitor {
	h.t.Helper()
	var code rest.EnrollmentCode
	manager.want(http.MethodPost, "/staff/tablets", rest.TabletRequest{Name: "タブレット"}, &code)
	v := h.visitor()
	v.want(http.MethodPost, "/tablet/enrollment", rest.EnrollmentRequest{Code: code.Code}, nil)
	return v
}

// at is a tablet in the hands of a member.
func (h *house) at(manager *visitor, member fulfilment.MemberID) *visitor {
	h.t.Helper()
	v := h.tablet(manager)
	v.want(http.MethodPost, "/tablet/session", rest.MemberSignInRequest{MemberID: member.String()}, nil)
	return v
}

// design makes a design of the demo name tag.
func (v *visitor) design(text string) rest.Design {
	v.t.Helper()
	var design rest.Design
	v.want(http.MethodPost, "/designs", rest.DesignRequest{Product: "name-tag", Text: text}, &design)
	return design
}

// tagVariant is what is put into a cart for a name tag.
func (v *visitor) tagVariant() string {
	v.t.Helper()
	var product rest.Product
	v.want(http.MethodGet, "/products/name-tag", nil, &product)
	return product.Variants[0].ID
}

func (v *visitor) cart(text string) rest.Cart {
	v.t.Helper()
	design := v.design(text)
	var cart rest.Cart
	v.want(http.MethodPost, "/carts", nil, &cart)
	v.want(http.MethodPost, "/carts/"+cart.Token+"/lines",
		rest.CartLineRequest{VariantID: v.tagVariant(), DesignID: &design.ID, Quantity: 1}, &cart)
	return cart
}

// customer is who everything of class B in these tests belongs to.
var customer = rest.CheckoutRequest{
	Name: "髙﨑 福子", Email: "fukuko@example.jp", Phone: new("０９０−１２３４−５６７８"), PostalCode: new("〒060-0001"),
	Prefecture: new("北海道"), City: new("札幌市中央区"), Street: new("北一条西2丁目1"), Building: new("福寿荘201"),
	ShippingMethod: "click-post", PaymentMethod: "card",
}

// lastScreen is a checkout with the address at which its cart confirms it.
type lastScreen struct {
	rest.Checkout
	confirm string
}

// screen freezes a cart for a form.
func (v *visitor) screen(cart rest.Cart, form rest.CheckoutRequest) lastScreen {
	v.t.Helper()
	var checkout rest.Checkout
	v.want(http.MethodPost, "/carts/"+cart.Token+"/checkouts", form, &checkout)
	return lastScreen{checkout, "/carts/" + cart.Token + "/checkouts/" + checkout.ID + "/confirm"}
}

func (v *visitor) checkout(text string) lastScreen {
	v.t.Helper()
	return v.screen(v.cart(text), customer)
}

func (v *visitor) order(text string) rest.PlacedOrder {
	v.t.Helper()
	var placed rest.PlacedOrder
	v.want(http.MethodPost, v.checkout(text).confirm, nil, &placed, idempotent("order"))
	return placed
}

// paid is an order whose card is authorized.
func (v *visitor) paid(text string) rest.PlacedOrder {
	v.t.Helper()
	placed := v.order(text)
	must(v.t, v.stripe.PayCard(placed.PayURL[strings.LastIndex(placed.PayURL, "/")+1:]))
	v.settle()
	return placed
}

// status is what the customer's page says.
func (v *visitor) status(placed rest.PlacedOrder) rest.CustomerOrder {
	v.t.Helper()
	var order rest.CustomerOrder
	v.want(http.MethodGet, "/orders/"+placed.Token, nil, &order)
	return order
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

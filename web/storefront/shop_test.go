package storefront_test

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/labstack/echo/v4"
	"go.uber.org/goleak"
	"golang.org/x/net/html"

	"tsukuriba/api"
	"tsukuriba/api/auth"
	"tsukuriba/catalog"
	"tsukuriba/catalog/tag"
	"tsukuriba/fulfilment"
	"tsukuriba/internal/blob"
	"tsukuriba/internal/jobs"
	"tsukuriba/internal/jst"
	"tsukuriba/internal/mail"
	"tsukuriba/internal/postgres/testdb"
	"tsukuriba/internal/seal"
	"tsukuriba/orders"
	"tsukuriba/orders/pdf"
	"tsukuriba/orders/stripe"
	"tsukuriba/orders/stripe/stripetest"
	"tsukuriba/web/storefront"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// now is a Tuesday morning in Japan on which two collections are open.
var now = time.Date(2026, time.November, 24, 10, 0, 0, 0, jst.Zone)

// shop is the storefront with the REST API beside it, on a real database and the stand-in of Stripe.
type shop struct {
	t       *testing.T
	url     string
	stripe  *stripetest.Server
	orders  *orders.Service
	catalog *catalog.Service
	queries *counter
	dsn     string
	bus     *jobs.Bus
	letters *letterbox
	db      *sqlx.DB

	forecast *fulfilment.Forecast
}

// letterbox keeps the letters of those orders whose jobs are done.
type letterbox struct{ letters []mail.Message }

func (l *letterbox) Send(_ context.Context, letter mail.Message) error {
	l.letters = append(l.letters, letter)
	return nil
}

var fonts = sync.OnceValues(tag.LoadFonts)

// newShop is a shop whose pictures are small, as drawing takes long.
func newShop(t *testing.T, options ...func(*storefront.Config)) *shop {
	t.Helper()
	return newShopDrawing(t, 240, options...)
}

// newShopDrawing is a shop whose pictures are so many pixels wide; 0 is as customers see them.
func newShopDrawing(t *testing.T, pictureWidth int, options ...func(*storefront.Config)) *shop {
	t.Helper()
	e := echo.New()
	server := httptest.NewUnstartedServer(e) // its address is needed before its routes are known
	t.Cleanup(server.Close)
	s := &shop{t: t, url: "http://" + server.Listener.Addr().String(), letters: &letterbox{}}
	var db *sqlx.DB
	s.dsn = testdb.DSN(t)
	db, s.queries = countedDB(t, s.dsn)
	s.db = db
	book := must(fonts())(t)
	blobs := must(blob.Open(t.Context(), t.TempDir()))(t)
	t.Cleanup(func() { blobs.Close() })
	clock := func() time.Time { return now }
	s.catalog = catalog.New(catalog.Config{DB: db, Book: book, Blobs: blobs, Now: clock, PictureWidth: pictureWidth})
	if err := s.catalog.SeedDemo(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.forecast = fulfilment.NewForecast(db, clock)
	s.bus = jobs.NewBus(db, jobs.Config{})
	s.orders = orders.New(orders.Config{
		DB: db, Catalog: s.catalog, Gateway: s.startStripe(clock), Announce: s.bus, Mailer: s.letters, Promiser: s.forecast,
		Seal: must(seal.New([]byte("a secret of thirty-two bytes or more")))(t), Now: clock, PublicURL: s.url, Workshop: "つくり場",
		Archive: blobs, Typesetter: pdf.Setter{},
	})
	if err := s.orders.SeedDemo(t.Context()); err != nil {
		t.Fatal(err)
	}
	jobs.Subscribe(s.bus, "orders.capture", s.orders.CaptureApproved)
	jobs.Subscribe(s.bus, "mails.in_review", s.orders.MailInReview)
	jobs.Subscribe(s.bus, "mails.send", s.orders.SendMail)
	s.mount(e, db, book, options)
	server.Start()
	return s
}

// listen lets the forecast be kept, as it is wherever pages are served.
func (s *shop) listen() {
	s.t.Helper()
	ctx := s.hear(s.forecast.Listen)
	ask := func() { must(s.forecast.Promise(ctx, orders.ToMake{Pieces: 1}))(s.t) }
	for s.queries.during(ask) > 0 {
		time.Sleep(10 * time.Millisecond)
	}
}

// hear runs a listener until the test ends.
func (s *shop) hear(listen func(ctx context.Context, dsn string) error) context.Context {
	s.t.Helper()
	ctx, stop := context.WithCancel(s.t.Context())
	var listening sync.WaitGroup
	listening.Go(func() {
		if err := listen(ctx, s.dsn); err != nil {
			s.t.Error(err)
		}
	})
	s.t.Cleanup(func() { stop(); listening.Wait() })
	return ctx
}

func (s *shop) mount(e *echo.Echo, db *sqlx.DB, book *tag.Book, options []func(*storefront.Config)) {
	s.t.Helper()
	places := must(api.LoadPlaces())(s.t)
	err := api.Mount(e, api.Config{
		DB: db, Catalog: s.catalog, Orders: s.orders, Sessions: auth.NewSessions(db, false), Places: places, PublicURL: s.url,
	})
	if err != nil {
		s.t.Fatal(err)
	}
	config := storefront.Config{
		Catalog: s.catalog, Orders: s.orders, Fulfilment: fulfilment.New(fulfilment.Config{DB: db, Announce: jobs.NewBus(db, jobs.Config{})}),
		Book: book, Places: places, PublicURL: s.url, Now: func() time.Time { return now },
	}
	for _, set := range options {
		set(&config)
	}
	if err := storefront.Mount(e, config); err != nil {
		s.t.Fatal(err)
	}
	e.HTTPErrorHandler = func(err error, c echo.Context) {
		if strings.HasPrefix(c.Request().URL.Path, "/api/") {
			api.HandleError(err, c)
			return
		}
		storefront.HandleError(err, c)
	}
}

func (s *shop) startStripe(clock func() time.Time) orders.Gateway {
	s.t.Helper()
	var err error
	s.stripe, err = stripetest.Start(stripetest.Options{Now: clock, WebhookSecret: "whsec_storefront"})
	if err != nil {
		s.t.Fatal(err)
	}
	transport := &http.Transport{}
	s.t.Cleanup(func() {
		s.stripe.Close()
		transport.CloseIdleConnections()
	})
	return must(stripe.New(stripe.Config{
		SecretKey: "sk_test_storefront", WebhookSecrets: []string{"whsec_storefront"}, BackendURL: s.stripe.URL(), Transport: transport,
	}))(s.t)
}

// visitor is a browser without script.
type visitor struct {
	t      *testing.T
	shop   *shop
	client *http.Client
}

func (s *shop) visitor() *visitor {
	jar := must(cookiejar.New(nil))(s.t)
	transport := &http.Transport{}
	s.t.Cleanup(transport.CloseIdleConnections)
	return &visitor{t: s.t, shop: s, client: &http.Client{
		Jar: jar, Transport: transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// page is an answer with its parsed content.
type page struct {
	status   int
	address  string
	location string
	body     string
	header   http.Header
	root     *html.Node
	t        *testing.T
}

func (v *visitor) get(address string) page {
	v.t.Helper()
	return v.read(v.client.Get(v.shop.at(address)))
}

// open is a get that must succeed.
func (v *visitor) open(address string) page {
	v.t.Helper()
	p := v.get(address)
	if p.status != http.StatusOK {
		v.t.Fatalf("GET %s: %d\n%s", address, p.status, p.text())
	}
	return p
}

func (v *visitor) post(address string, form url.Values) page {
	v.t.Helper()
	return v.read(v.client.PostForm(v.shop.at(address), form))
}

// follow goes where a 303 leads.
func (v *visitor) follow(p page) page {
	v.t.Helper()
	if p.status != http.StatusSeeOther {
		v.t.Fatalf("%s answered %d instead of 303\n%s", p.address, p.status, p.text())
	}
	return v.open(p.location)
}

func (s *shop) at(address string) string {
	if strings.HasPrefix(address, "http") {
		return address
	}
	return s.url + address
}

func (v *visitor) read(response *http.Response, err error) page {
	v.t.Helper()
	if err != nil {
		v.t.Fatal(err)
	}
	defer response.Body.Close()
	body := string(must(io.ReadAll(response.Body))(v.t))
	root := must(html.ParseWithOptions(strings.NewReader(body), html.ParseOptionEnableScripting(false)))(v.t)
	return page{response.StatusCode, response.Request.URL.String(), response.Header.Get("Location"), body, response.Header, root, v.t}
}

// submit sends the form of a page as it stands, with what is typed into it and the button that is pressed.
func (v *visitor) submit(p page, action string, typed url.Values) page {
	v.t.Helper()
	form := p.form(action)
	maps.Copy(form, typed)
	return v.post(action, form)
}

// form collects what a browser would send of the form with this action, no button pressed.
func (p page) form(action string) url.Values {
	p.t.Helper()
	for node := range p.root.Descendants() {
		if node.Data == "form" && attribute(node, "action") == action {
			return valuesOf(node)
		}
	}
	p.t.Fatalf("%s has no form for %s", p.address, action)
	return nil
}

func valuesOf(form *html.Node) url.Values {
	values := url.Values{}
	for node := range form.Descendants() {
		name, kind := attribute(node, "name"), attribute(node, "type")
		switch {
		case name == "" && node.Data != "option":
		case node.Data == "input" && (kind == "radio" || kind == "checkbox"):
			if has(node, "checked") {
				values.Add(name, attribute(node, "value"))
			}
		case node.Data == "input":
			values.Add(name, attribute(node, "value"))
		case node.Data == "option" && has(node, "selected"):
			values.Add(attribute(node.Parent, "name"), attribute(node, "value"))
		}
	}
	return values
}

func attribute(node *html.Node, key string) string {
	for _, a := range node.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func has(node *html.Node, key string) bool {
	for _, a := range node.Attr {
		if a.Key == key {
			return true
		}
	}
	return false
}

// text is what a reader sees of the main part.
func (p page) text() string {
	var text strings.Builder
	for node := range p.root.Descendants() {
		if node.Type == html.TextNode && node.Parent.Data != "script" {
			text.WriteString(strings.TrimSpace(node.Data) + " ")
		}
	}
	return text.String()
}

// says fails unless the page has all of these words.
func (p page) says(words ...string) page {
	p.t.Helper()
	for _, word := range words {
		if !strings.Contains(p.text(), word) {
			p.t.Errorf("%s does not say %q:\n%s", p.address, word, p.text())
		}
	}
	return p
}

func (p page) is(status int) page {
	p.t.Helper()
	if p.status != status {
		p.t.Fatalf("%s answered %d, want %d\n%s", p.address, p.status, status, p.text())
	}
	return p
}

// must returns a value or fails the test.
func must[T any](value T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(fmt.Errorf("prepare test: %w", err))
		}
		return value
	}
}

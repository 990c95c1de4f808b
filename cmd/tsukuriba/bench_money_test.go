package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"golang.org/x/sync/errgroup"

	"tsukuriba/api"
	"tsukuriba/api/rest"
	"tsukuriba/internal/postgres/testdb"
	"tsukuriba/orders/stripe"
	"tsukuriba/orders/stripe/stripetest"
)

// moneyShop is the whole shop behind one server with workers, before a stand-in of Stripe.
type moneyShop struct {
	*workshop
	url     string
	standIn *stripetest.Server
	letters *letterBox
	design  rest.Design
	tag     rest.Product
	shelf   rest.Product
	client  *http.Client
	bought  int // orders
}

const benchSecret = "whsec_bench"

func newMoneyShop(b *testing.B) *moneyShop {
	b.Helper()
	server := httptest.NewUnstartedServer(nil)
	s := &moneyShop{url: "http://" + server.Listener.Addr().String(), letters: takeLetters(b)}
	var err error
	s.standIn, err = stripetest.Start(stripetest.Options{
		WebhookURL: s.url + api.BasePath + "/webhooks/stripe", WebhookSecret: benchSecret, WebhookEvents: stripe.WebhookEvents,
		Couriers: 4,
	})
	fatal(b, err)
	b.Cleanup(func() { fatal(b, s.standIn.Close()) })
	s.workshop, err = assemble(b.Context(), Config{
		DatabaseURL: testdb.DSN(b), Blobs: b.TempDir(), SealKey: "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
		StripeKey: "sk_test_bench", StripeURL: s.standIn.URL(), StripeSecrets: []string{benchSecret}, SMTP: "smtp://" + s.letters.address,
		MailFrom: "つくり場 <shop@localhost>", PublicURL: s.url, VirtualSpeed: 60,
	})
	fatal(b, err)
	b.Cleanup(func() { fatal(b, s.close()) })
	fatal(b, s.catalog.SeedDemo(b.Context()))
	fatal(b, s.orders.SeedDemo(b.Context()))
	handler, err := s.handler(api.Limits{})
	fatal(b, err)
	server.Config.Handler = handler
	server.Start()
	b.Cleanup(server.Close)
	s.client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	b.Cleanup(s.client.CloseIdleConnections)
	s.lookAround(b)
	return s
}

// letterBox is a mail server that counts letters and keeps none.
type letterBox struct {
	address string
	taken   atomic.Int64
}

func takeLetters(b *testing.B) *letterBox {
	b.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	fatal(b, err)
	box := &letterBox{address: listener.Addr().String()}
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return letterSession{box}, nil }))
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	b.Cleanup(func() {
		fatal(b, server.Close())
		<-ended
	})
	return box
}

type letterSession struct{ *letterBox }

func (letterSession) Reset()                               {}
func (letterSession) Logout() error                        { return nil }
func (letterSession) Mail(string, *smtp.MailOptions) error { return nil }
func (letterSession) Rcpt(string, *smtp.RcptOptions) error { return nil }

func (s letterSession) Data(letter io.Reader) error {
	_, err := io.Copy(io.Discard, letter)
	s.taken.Add(1)
	return err
}

func fatal(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

func (s *moneyShop) lookAround(b *testing.B) {
	b.Helper()
	guest := newVisitor("客", s.url)
	var page rest.ProductPage
	fatal(b, guest.ask(b.Context(), http.MethodGet, "/products", nil, &page))
	for _, listed := range page.Items {
		if listed.Kind == rest.Stock {
			fatal(b, guest.ask(b.Context(), http.MethodGet, "/products/"+listed.Slug, nil, &s.shelf))
		}
	}
	slug, err := findPersonalized(b.Context(), guest)
	fatal(b, err)
	fatal(b, guest.ask(b.Context(), http.MethodGet, "/products/"+slug, nil, &s.tag))
	fatal(b, guest.ask(b.Context(), http.MethodPost, "/designs", rest.DesignRequest{Product: slug, Text: "はると"}, &s.design))
}

// work has the jobs of the queues done, and lets the shop hear of changes, until the returned
// function is called.
func (s *moneyShop) work(b *testing.B, queues ...string) (stop func()) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(b.Context()))
	ended := make(chan error, 2)
	go func() { ended <- s.bus.Work(ctx, queues...) }()
	go func() { ended <- s.listen(ctx) }()
	return func() {
		cancel()
		fatal(b, errors.Join(<-ended, <-ended))
	}
}

// buyer is a guest with connections of the shop's client.
func (s *moneyShop) buyer() *visitor {
	return &visitor{name: "客", base: s.url, client: s.client}
}

// lastScreen is a checkout with the address at which its cart confirms it.
type lastScreen struct {
	rest.Checkout
	confirm string
}

// prepareCheckout fills a cart of a guest's own and comes to the last screen.
func prepareCheckout(ctx context.Context, v *visitor, line rest.CartLineRequest) (cart rest.Cart, checkout lastScreen, err error) {
	if err := v.ask(ctx, http.MethodPost, "/carts", nil, &cart); err != nil {
		return cart, checkout, err
	}
	if err := v.ask(ctx, http.MethodPost, "/carts/"+cart.Token+"/lines", line, &cart); err != nil {
		return cart, checkout, err
	}
	some := func(text string) *string { return &text }
	err = v.ask(ctx, http.MethodPost, "/carts/"+cart.Token+"/checkouts", rest.CheckoutRequest{
		Name: "髙﨑 福子", Email: "bench@example.jp", Phone: some("09012345678"), PostalCode: some("060-0001"), Prefecture: some("北海道"),
		City: some("札幌市中央区"), Street: some("北一条西2丁目1"), ShippingMethod: "click-post", PaymentMethod: "card",
	}, &checkout.Checkout)
	checkout.confirm = "/carts/" + cart.Token + "/checkouts/" + checkout.ID + "/confirm"
	return cart, checkout, err
}

// buy is a whole guest checkout: cart, line, last screen, confirmation, payment. Returned is the
// order and how long each answer took together.
func (s *moneyShop) buy(ctx context.Context, line rest.CartLineRequest) (placed rest.PlacedOrder, took time.Duration, err error) {
	v, began := s.buyer(), time.Now()
	_, checkout, err := prepareCheckout(ctx, v, line)
	if err != nil {
		return placed, 0, err
	}
	if err := v.ask(ctx, http.MethodPost, checkout.confirm, nil, &placed); err != nil {
		return placed, 0, err
	}
	took = time.Since(began)
	_, session, _ := strings.Cut(placed.PayURL, "/pay/")
	return placed, took, s.standIn.PayCard(session)
}

// BenchmarkCheckouts has guests buy a tag each, from the empty cart until the webhook has brought
// their order to the staff's desk. Mails follow after that, or are sent meanwhile and waited for, too.
func BenchmarkCheckouts(b *testing.B) {
	b.Run("desk", func(b *testing.B) {
		s := newMoneyShop(b)
		s.measure(b, "default")
		defer s.work(b, mailQueue)()
		s.untilMailed(b)
	})
	b.Run("mailed", func(b *testing.B) {
		newMoneyShop(b).measure(b, "default", mailQueue)
	})
}

// warmUp is how many guests come before time is taken: by then each connection knows its statements.
const warmUp = 200

// measure has guests buy while the jobs of the queues are worked on.
func (s *moneyShop) measure(b *testing.B, queues ...string) {
	b.Helper()
	defer s.work(b, queues...)()
	coming := warmUp
	s.crowd(b, queues, func() bool { coming--; return coming >= 0 })
	began := time.Now()
	answers := s.crowd(b, queues, b.Loop)
	b.ReportMetric(float64(len(answers))/time.Since(began).Seconds(), "checkouts/s")
	b.ReportMetric(quantile(answers, 0.99), "p99-ms")
	b.ReportMetric(0, "ns/op")
	s.sound(b)
}

// crowd has guests buy, sixteen at once, as long as another one comes, and waits until their orders,
// and their mails if those are worked on, are where they belong. Returned is how long the answers to
// each guest took, in ms.
func (s *moneyShop) crowd(b *testing.B, queues []string, another func() bool) []float64 {
	b.Helper()
	line := rest.CartLineRequest{VariantID: s.tag.Variants[0].ID, DesignID: &s.design.ID, Quantity: 1}
	var mu sync.Mutex
	var answers []float64
	group, ctx := errgroup.WithContext(b.Context())
	group.SetLimit(16)
	for another() {
		group.Go(func() error {
			_, took, err := s.buy(ctx, line)
			mu.Lock()
			defer mu.Unlock()
			answers = append(answers, took.Seconds()*1000)
			return err
		})
	}
	fatal(b, group.Wait())
	s.bought += len(answers)
	s.until(b, s.bought, `SELECT count(*) FROM orders WHERE state = 'in_review'`)
	if slices.Contains(queues, mailQueue) {
		s.untilMailed(b)
	}
	return answers
}

// untilMailed waits until the mail about each order is sent, and looks whether it came.
func (s *moneyShop) untilMailed(b *testing.B) {
	b.Helper()
	s.until(b, s.bought, `SELECT count(*) FROM mails WHERE state = 'sent'`)
	if came := int(s.letters.taken.Load()); came != s.bought {
		b.Fatalf("%d letters came, %d are said to be sent", came, s.bought)
	}
}

func (s *moneyShop) until(b *testing.B, want int, count string) {
	b.Helper()
	for deadline := time.Now().Add(2 * time.Minute); ; time.Sleep(20 * time.Millisecond) {
		var there int
		fatal(b, s.db.Get(&there, count))
		if there == want {
			return
		}
		if time.Now().After(deadline) {
			b.Fatalf("%d of %d: %s", there, want, count)
		}
	}
}

// sound fails the benchmark if speed has cost an invariant.
func (s *moneyShop) sound(b *testing.B) {
	b.Helper()
	var found bytes.Buffer
	if err := checkInvariants(b.Context(), s.db, &found); err != nil {
		b.Fatalf("%v\n%s", err, &found)
	}
}

// BenchmarkRush has 200 guests confirm at once what is in stock 50 times.
func BenchmarkRush(b *testing.B) {
	s := newMoneyShop(b)
	var sold int64
	for b.Loop() {
		b.StopTimer()
		_, err := s.db.Exec(`UPDATE variants SET on_hand = reserved + 50 WHERE tracked`)
		fatal(b, err)
		checkouts := make([]lastScreen, 200)
		for i := range checkouts {
			_, checkouts[i], err = prepareCheckout(b.Context(), s.buyer(), rest.CartLineRequest{VariantID: s.shelf.Variants[0].ID, Quantity: 1})
			fatal(b, err)
		}
		b.StartTimer()
		sold = s.rush(b, checkouts)
	}
	b.ReportMetric(float64(sold), "orders")
	s.sound(b)
}

func (s *moneyShop) rush(b *testing.B, checkouts []lastScreen) int64 {
	b.Helper()
	var sold, refusedOnes atomic.Int64
	group, ctx := errgroup.WithContext(b.Context())
	for _, checkout := range checkouts {
		group.Go(func() error {
			_, err := s.buyer().raw(ctx, http.MethodPost, checkout.confirm, nil)
			no, is := err.(*refused)
			switch {
			case err == nil:
				sold.Add(1)
			case is && no.problem.Code == "out_of_stock":
				refusedOnes.Add(1)
			default:
				return err
			}
			return nil
		})
	}
	fatal(b, group.Wait())
	if sold.Load() != 50 || refusedOnes.Load() != 150 {
		b.Fatalf("%d were sold and %d refused", sold.Load(), refusedOnes.Load())
	}
	return sold.Load()
}

// BenchmarkWebhooks sends signed events, each of them twice, over 16 connections. What they are
// about is applied by jobs later.
func BenchmarkWebhooks(b *testing.B) {
	s := newMoneyShop(b)
	placed, _, err := s.buy(b.Context(), rest.CartLineRequest{VariantID: s.tag.Variants[0].ID, DesignID: &s.design.ID, Quantity: 1})
	fatal(b, err)
	fatal(b, s.standIn.Delivered(b.Context()))
	var payload []byte
	fatal(b, s.db.Get(&payload, `SELECT payload FROM stripe_events WHERE type = 'checkout.session.completed'`))
	var event map[string]any
	fatal(b, json.Unmarshal(payload, &event))
	if !strings.Contains(string(payload), placed.Number) {
		b.Fatal("the event is not about the order")
	}
	var mu sync.Mutex
	var answers []float64
	began, sent := time.Now(), 0
	group, ctx := errgroup.WithContext(b.Context())
	group.SetLimit(16)
	for b.Loop() {
		event["id"] = fmt.Sprintf("evt_bench_%d", sent/2) // every second one is a duplicate
		sent++
		body, err := json.Marshal(event)
		fatal(b, err)
		group.Go(func() error {
			took, err := s.deliver(ctx, body)
			mu.Lock()
			defer mu.Unlock()
			answers = append(answers, took.Seconds()*1000)
			return err
		})
	}
	fatal(b, group.Wait())
	b.ReportMetric(float64(sent)/time.Since(began).Seconds(), "events/s")
	b.ReportMetric(quantile(answers, 0.99), "p99-ms")
	b.ReportMetric(0, "ns/op")
	var stored int
	fatal(b, s.db.Get(&stored, `SELECT count(*) FROM stripe_events WHERE id LIKE 'evt\_bench%'`))
	if stored != (sent+1)/2 {
		b.Errorf("%d events are stored, %d were sent", stored, (sent+1)/2)
	}
}

func (s *moneyShop) deliver(ctx context.Context, body []byte) (time.Duration, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+api.BasePath+"/webhooks/stripe", bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Stripe-Signature", stripetest.Sign(body, benchSecret, time.Now()))
	began := time.Now()
	response, err := s.client.Do(request)
	if err != nil {
		return 0, err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return 0, fmt.Errorf("the webhook answered %s", response.Status)
	}
	return time.Since(began), nil
}

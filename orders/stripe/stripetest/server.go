// Package stripetest is a stateful stand-in of Stripe's API 2023-10-16 for one shop that sells
// in yen: checkout sessions with a hosted pay page, payment intents with manual capture,
// konbini codes, refunds, disputes, events and signed webhooks, with Stripe's idempotency
// rules and with knobs for everything that goes wrong on the way.
//
// The shop reaches it through its ordinary Stripe client by another base address; no line of
// the shop knows which of the two it talks to. It refuses live keys, other API versions,
// parameters it does not know, and currencies other than yen. It has no customers, products,
// subscriptions, balance or payouts.
package stripetest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// APIVersion is the only version of Stripe's API that is spoken here.
const APIVersion = "2023-10-16"

// Options of a stand-in; the zero value keeps all in memory and calls no webhook.
type Options struct {
	Now           func() time.Time // default time.Now; deadlines and stamps follow it
	PublicURL     string           // where a browser finds this handler, without a slash at the end
	WebhookURL    string           // the shop's webhook address; empty: none is called
	WebhookSecret string           // signs what is sent to WebhookURL
	WebhookEvents []string         // the events that WebhookURL is subscribed to; empty: all
	Couriers      int              // how many webhooks are sent at once; default 1, so that they come in their order
	RetryDelay    time.Duration    // wait before the first repetition of a refused webhook, doubled each time; default 500 ms
	StateFile     string           // keeps the state over restarts; empty: memory only
}

// Server is the stand-in. It is an http.Handler with the API under /v1, pay pages under /pay
// and the knobs under /panel; mount it below a prefix with http.StripPrefix. Close it after use.
type Server struct {
	options  Options
	handler  http.Handler
	courier  *http.Client
	wake     chan struct{}
	stopping context.Context
	stop     context.CancelFunc
	workers  sync.WaitGroup
	listener *http.Server

	mu         sync.Mutex
	state      *state
	gates      []*Gate // that wait for a request
	stopped    []*Gate // that a request has come to
	dirty      bool
	nextEnding int64 // Unix second at which the next deadline of any object passes; 0: look
	cause      eventRequest
	batchEnds  time.Time
	batchSize  int
}

// New returns a stand-in that is ready to serve.
func New(options Options) (*Server, error) {
	if options.Now == nil {
		options.Now = time.Now
	}
	if options.RetryDelay == 0 {
		options.RetryDelay = 500 * time.Millisecond
	}
	options.Couriers = max(1, options.Couriers)
	st, err := loadState(options.StateFile)
	if err != nil {
		return nil, err
	}
	s := &Server{
		options: options, state: st, wake: make(chan struct{}, 1),
		courier: &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: options.Couriers}},
	}
	s.stopping, s.stop = context.WithCancel(context.Background())
	s.handler = s.routes()
	if options.WebhookURL != "" {
		s.mu.Lock()
		shop := s.putEndpoint("we_shop", options.WebhookURL, options.WebhookSecret)
		if len(options.WebhookEvents) > 0 {
			shop.EnabledEvents = options.WebhookEvents
		}
		s.mu.Unlock()
	}
	for range options.Couriers {
		s.workers.Go(s.deliverAll)
	}
	return s, nil
}

// Start serves a stand-in on a free loopback port, for tests; PublicURL is filled in.
func Start(options Options) (*Server, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("start stripe stand-in: %w", err)
	}
	options.PublicURL = "http://" + listener.Addr().String()
	s, err := New(options)
	if err != nil {
		listener.Close()
		return nil, err
	}
	s.listener = &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second}
	s.workers.Go(func() { _ = s.listener.Serve(listener) })
	return s, nil
}

// URL is the address at which a browser or an API client finds the stand-in.
func (s *Server) URL() string { return s.options.PublicURL }

// Close stops the listener of Start, requests that are held open, and the webhook courier, and
// returns when all have ended. What was not delivered stays in the state file.
func (s *Server) Close() error {
	s.stop()
	var err error
	if s.listener != nil {
		err = s.listener.Close()
	}
	s.workers.Wait()
	s.courier.CloseIdleConnections()
	return err
}

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	for pattern, work := range map[string]func(*call) (any, error){
		"POST /v1/checkout/sessions":                s.createSession,
		"GET /v1/checkout/sessions":                 s.listSessions,
		"GET /v1/checkout/sessions/{id}":            s.getSession,
		"POST /v1/checkout/sessions/{id}/expire":    s.expireSession,
		"GET /v1/checkout/sessions/{id}/line_items": s.listLineItems,
		"GET /v1/payment_intents":                   s.listIntents,
		"GET /v1/payment_intents/{id}":              s.getIntent,
		"POST /v1/payment_intents/{id}/capture":     s.captureIntent,
		"POST /v1/payment_intents/{id}/cancel":      s.cancelIntent,
		"GET /v1/charges":                           s.listCharges,
		"GET /v1/charges/{id}":                      s.getCharge,
		"POST /v1/refunds":                          s.createRefund,
		"GET /v1/refunds":                           s.listRefunds,
		"GET /v1/refunds/{id}":                      s.getRefund,
		"POST /v1/refunds/{id}/cancel":              s.cancelRefund,
		"GET /v1/disputes":                          s.listDisputes,
		"GET /v1/disputes/{id}":                     s.getDispute,
		"POST /v1/disputes/{id}":                    s.updateDispute,
		"POST /v1/disputes/{id}/close":              s.closeDispute,
		"GET /v1/events":                            s.listEvents,
		"GET /v1/events/{id}":                       s.getEvent,
		"POST /v1/webhook_endpoints":                s.createEndpoint,
		"GET /v1/webhook_endpoints":                 s.listEndpoints,
		"GET /v1/webhook_endpoints/{id}":            s.getEndpoint,
	} {
		mux.Handle(pattern, s.api(work))
	}
	mux.Handle("/v1/", s.api(unknownAddress))
	s.addPayPages(mux)
	s.addPanel(mux)
	return http.NewCrossOriginProtection().Handler(mux)
}

// Now is the stand-in's own clock: Options.Now moved by the clock jumps so far.
func (s *Server) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now()
}

func (s *Server) now() time.Time { return s.options.Now().Add(s.state.Jump) }

// act does one step on the state: what time has ended ends first, and what the step has
// changed is on disk before anybody hears of it.
func (s *Server) act(step func() error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.endOverdue()
	err := step()
	if s.dirty && s.options.StateFile != "" {
		err = errors.Join(err, s.state.save(s.options.StateFile))
	}
	s.dirty = false
	return err
}

func newID(prefix string) string { return prefix + strings.ToLower(rand.Text()) }

package stripetest

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"
)

const (
	reverseWindow    = 300 * time.Millisecond
	longestWait      = time.Minute // between two attempts
	deliveryPatience = 3 * 24 * time.Hour
)

// delivery is one event on its way to one endpoint. Its times are the machine's, not the
// stand-in's clock: a jump of the clock neither hurries nor spoils what is under way.
type delivery struct {
	Event    string    `json:"event"`
	Endpoint string    `json:"endpoint"`
	Queued   time.Time `json:"queued"`
	Due      time.Time `json:"due"`
	Attempts int       `json:"attempts"`
	onTheWay bool      // a courier has it
}

// queue sends the event to every endpoint that wants it, under the delivery rules of the moment.
func (s *Server) queue(e *event) {
	for _, endpoint := range s.state.Endpoints.Rows {
		if !endpoint.wants(e.Type) {
			continue
		}
		e.PendingWebhooks++
		if s.state.Rules.Drop > 0 {
			s.state.Rules.Drop--
			continue
		}
		for range max(1, s.state.Rules.Copies) {
			now := time.Now()
			s.state.Deliveries = append(s.state.Deliveries, &delivery{
				Event: e.ID, Endpoint: endpoint.ID, Queued: now, Due: s.due(now),
			})
		}
	}
	s.wakeCourier()
}

// due puts a delivery into the line. Reversed, the events of one window go out newest first.
func (s *Server) due(now time.Time) time.Time {
	at := now.Add(s.state.Rules.Delay)
	if !s.state.Rules.Reverse {
		return at
	}
	if at.After(s.batchEnds) {
		s.batchEnds, s.batchSize = at.Add(reverseWindow), 0
	}
	s.batchSize++
	return s.batchEnds.Add(-time.Duration(s.batchSize) * time.Microsecond)
}

func (s *Server) wakeCourier() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// deliverAll sends one webhook after another until the server is closed, beside other couriers.
func (s *Server) deliverAll() {
	for s.stopping.Err() == nil {
		next, wait := s.nextDelivery()
		if next != nil {
			s.wakeCourier() // there may be work for another, too
			err := s.send(s.stopping, next.Event, next.Endpoint)
			s.settleDelivery(next, err)
			continue
		}
		select {
		case <-s.wake:
		case <-time.After(wait):
		case <-s.stopping.Done():
		}
	}
}

// nextDelivery takes the earliest one that is due, or says how long there is none.
func (s *Server) nextDelivery() (next *delivery, wait time.Duration) {
	_ = s.act(func() error { return nil }) // deadlines pass while nobody calls; a full disk shows at the next call
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state.Rules.Paused {
		return nil, time.Second
	}
	for _, d := range s.state.Deliveries {
		if !d.onTheWay && (next == nil || d.Due.Before(next.Due)) {
			next = d
		}
	}
	if next == nil {
		return nil, time.Second
	}
	if wait = time.Until(next.Due); wait > 0 {
		return nil, min(wait, time.Second)
	}
	next.onTheWay = true
	return next, 0
}

// settleDelivery forgets what arrived and puts what was refused back into the line.
func (s *Server) settleDelivery(d *delivery, failure error) {
	_ = s.act(func() error {
		s.dirty = true
		d.Attempts++
		d.onTheWay = false
		if failure != nil && time.Since(d.Queued) < deliveryPatience {
			d.Due = time.Now().Add(min(longestWait, s.options.RetryDelay<<min(d.Attempts-1, 16)))
			return nil
		}
		s.state.Deliveries = slices.DeleteFunc(s.state.Deliveries, func(other *delivery) bool { return other == d })
		if e, ok := s.state.Events.get(d.Event); ok && failure == nil && !s.underWay(d) {
			e.PendingWebhooks = max(0, e.PendingWebhooks-1)
		}
		return nil
	})
}

// underWay tells whether another copy of a delivery has yet to arrive.
func (s *Server) underWay(d *delivery) bool {
	return slices.ContainsFunc(s.state.Deliveries, func(other *delivery) bool {
		return other.Event == d.Event && other.Endpoint == d.Endpoint
	})
}

// Deliver sends a recorded event to the endpoints that want it, now and in this call, as the
// dashboard's button for sending again does. It returns the first refusal.
func (s *Server) Deliver(ctx context.Context, eventID string) error {
	var endpoints []string
	err := s.act(func() error {
		e, ok := s.state.Events.get(eventID)
		if !ok {
			return notFound("event", eventID)
		}
		for _, endpoint := range s.state.Endpoints.Rows {
			if endpoint.wants(e.Type) {
				endpoints = append(endpoints, endpoint.ID)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, endpoint := range endpoints {
		if err := s.send(ctx, eventID, endpoint); err != nil {
			return err
		}
	}
	return nil
}

func (s *Server) send(ctx context.Context, eventID, endpointID string) error {
	address, secret, body, err := s.envelope(eventID, endpointID)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("deliver %s: %w", eventID, err)
	}
	request.Header.Set("Content-Type", "application/json; charset=utf-8")
	request.Header.Set("User-Agent", "Stripe/1.0 (+https://stripe.com/docs/webhooks)")
	request.Header.Set("Stripe-Signature", Sign(body, secret, time.Now()))
	response, err := s.courier.Do(request)
	if err != nil {
		return fmt.Errorf("deliver %s: %w", eventID, err)
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, 1<<16))
	if response.StatusCode/100 != 2 {
		return fmt.Errorf("deliver %s: the shop answered %s", eventID, response.Status)
	}
	return nil
}

func (s *Server) envelope(eventID, endpointID string) (address, secret string, body []byte, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e, known := s.state.Events.get(eventID)
	endpoint, found := s.state.Endpoints.get(endpointID)
	if !known || !found {
		return "", "", nil, fmt.Errorf("deliver %s to %s: unknown", eventID, endpointID)
	}
	sent := *e
	if endpoint.APIVersion != "" {
		sent.APIVersion = string(endpoint.APIVersion)
	}
	body, err = json.Marshal(sent)
	return endpoint.URL, s.state.Secrets[endpointID], body, err
}

// Sign returns the Stripe-Signature header of a webhook's body: its time and the HMAC-SHA256 of
// "time.body" under the endpoint's secret.
func Sign(body []byte, secret string, at time.Time) string {
	stamp := fmt.Sprint(at.Unix())
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(stamp + "."))
	mac.Write(body)
	return "t=" + stamp + ",v1=" + hex.EncodeToString(mac.Sum(nil))
}

// Waiting is how many webhooks are under way, be they sent or waiting for their repetition.
func (s *Server) Waiting() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.state.Deliveries)
}

// Delivered waits until no webhook is under way, be it sent or waiting for its repetition.
func (s *Server) Delivered(ctx context.Context) error {
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for {
		left := s.Waiting()
		if left == 0 {
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("%d webhooks are under way: %w", left, ctx.Err())
		}
	}
}

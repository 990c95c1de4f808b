package orders_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stripe/stripe-go/v76/webhook"

	"tsukuriba/internal/jobs/jobstest"
	"tsukuriba/orders"
	"tsukuriba/orders/stripe/stripetest"
)

// told is an event about an order's newest attempt, as the adapter hands it on.
func (s *shop) told(placed orders.Placed, kind string) orders.ProviderEvent {
	s.t.Helper()
	payments := s.order(placed).Payments
	payment := payments[len(payments)-1]
	return orders.ProviderEvent{
		ID: "evt_" + uuid.NewString(), Type: kind, APIVersion: stripetest.APIVersion, ObjectID: payment.SessionID,
		SessionID: payment.SessionID, IntentID: payment.IntentID, OrderID: payment.OrderID, PaymentID: payment.ID,
		Created: s.clock.Now(), Payload: json.RawMessage(`{}`),
	}
}

// paidUnheard is an order that was paid by card, of which the provider has told nothing yet.
func (s *shop) paidUnheard() orders.Placed {
	s.t.Helper()
	placed := s.place(orders.Card, s.magnet(1))
	s.stripe.SetDelivery(stripetest.Delivery{Paused: true})
	must(s.t, s.stripe.PayCard(s.session(placed)))
	return placed
}

func TestForgedEvent(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.place(orders.Card, s.magnet(1))
	s.settle()
	before := s.count(`SELECT count(*) FROM stripe_events`)
	payload := fmt.Appendf(nil, `{"id":"evt_forged","object":"event","api_version":"2023-10-16","type":"payment_intent.succeeded",
		"data":{"object":{"id":"pi_x","object":"payment_intent","metadata":{"payment_id":%q}}}}`, s.order(placed).Payments[0].ID)
	for name, header := range map[string]string{
		"no signature":   "",
		"another secret": webhook.GenerateTestSignedPayload(&webhook.UnsignedPayload{Payload: payload, Secret: "whsec_guessed"}).Header,
		"an old one": webhook.GenerateTestSignedPayload(&webhook.UnsignedPayload{
			Payload: payload, Secret: webhookSecret, Timestamp: time.Now().Add(-time.Hour),
		}).Header,
	} {
		request := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(payload))
		request.Header.Set("Stripe-Signature", header)
		answer := httptest.NewRecorder()
		if s.webhook(answer, request); answer.Code != http.StatusBadRequest {
			t.Errorf("%s: answered %d", name, answer.Code)
		}
	}
	if after := s.count(`SELECT count(*) FROM stripe_events`); after != before {
		t.Error("a forged event was stored")
	}
	s.expect(placed, orders.AwaitingPayment)
}

func TestEventsSayNothing(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.place(orders.Card, s.magnet(1))
	must(t, s.ReceiveEvent(t.Context(), s.told(placed, "payment_intent.succeeded")))
	s.settle()
	s.expect(placed, orders.AwaitingPayment) // signed or not: the payment itself is read, and it is unpaid
}

func TestOneEventFiftyTimes(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.paidUnheard()
	event := s.told(placed, "checkout.session.completed")
	nodes := []*shop{s, s.twin()}
	var all sync.WaitGroup
	for i := range 50 {
		all.Go(func() {
			if err := nodes[i%2].ReceiveEvent(t.Context(), event); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if stored := s.count(`SELECT count(*) FROM stripe_events WHERE id = $1`, event.ID); stored != 1 {
		t.Fatalf("stored %d times", stored)
	}
	for i := range 50 {
		all.Go(func() {
			if err := nodes[i%2].ProcessEvent(t.Context(), orders.EventReceived{EventID: event.ID}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	s.stripe.Heal()
	s.settle()
	s.expect(placed, orders.Ready)
	if captures := s.count(`SELECT count(*) FROM money_ledger WHERE kind = 'capture'`); captures != 1 {
		t.Errorf("%d captures", captures)
	}
	if mails := len(s.letters.subjects()); mails != 1 {
		t.Errorf("mails %v", s.letters.subjects())
	}
	s.sound()
}

func TestManyEventsOfOnePayment(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.paidUnheard()
	const many = 60
	for range many {
		must(t, s.ReceiveEvent(t.Context(), s.told(placed, "checkout.session.completed")))
	}
	jobstest.Drain(t, s.bus)
	if done := s.count(`SELECT count(*) FROM stripe_events WHERE state = 'done' AND order_id = $1`, placed.Order.ID); done != many {
		t.Errorf("%d of %d events are done", done, many)
	}
	s.expect(placed, orders.Ready)
	s.sound()
}

func TestRepeatedWebhooksInAnyOrder(t *testing.T) {
	t.Parallel()
	for name, delivery := range map[string]stripetest.Delivery{
		"each five times":      {Copies: 5},
		"newest first":         {Reverse: true},
		"the first never come": {Drop: 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t)
			placed := s.place(orders.Konbini, s.magnet(1))
			s.stripe.SetDelivery(delivery)
			must(t, s.stripe.IssueCode(s.session(placed), "09012345678"))
			must(t, s.stripe.PayAtStore(s.session(placed), "lawson"))
			if delivery.Drop > 0 {
				s.clock.Advance(11 * time.Minute)
				must(t, s.Reconcile(t.Context()))
				jobstest.Drain(t, s.bus)
			} else {
				s.settle()
			}
			s.expect(placed, orders.Ready)
			s.sound()
		})
	}
}

func TestUnknownPayment(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	event := orders.ProviderEvent{
		ID: "evt_unknown", Type: "checkout.session.completed", APIVersion: stripetest.APIVersion, ObjectID: "cs_unknown",
		SessionID: "cs_unknown", Created: s.clock.Now(), Payload: json.RawMessage(`{}`),
	}
	state := func() (state string) {
		must(t, s.db.Get(&state, `SELECT state FROM stripe_events WHERE id = $1`, event.ID))
		return state
	}
	must(t, s.ReceiveEvent(t.Context(), event))
	jobstest.Drain(t, s.bus)
	if state() != "parked" {
		t.Fatalf("the event is %s", state())
	}
	if waiting := s.count(`SELECT count(*) FROM river_job WHERE state = 'scheduled'`); waiting != 1 {
		t.Errorf("%d jobs wait to look again", waiting)
	}
	s.sound()
	s.clock.Advance(3*24*time.Hour + time.Minute)
	must(t, s.ProcessEvent(t.Context(), orders.EventReceived{EventID: event.ID}))
	if state() != "dead" {
		t.Fatalf("after three days the event is %s", state())
	}
	violations, err := s.CheckInvariants(t.Context())
	must(t, err)
	if len(violations) != 1 || violations[0].Rule != "event-dead" {
		t.Errorf("violations %v", violations)
	}
	must(t, s.ReceiveEvent(t.Context(), orders.ProviderEvent{
		ID: "evt_payout", Type: "payout.paid", Created: s.clock.Now(), Payload: json.RawMessage(`{}`),
	}))
	jobstest.Drain(t, s.bus)
	if ignored := s.count(`SELECT count(*) FROM stripe_events WHERE state = 'ignored'`); ignored != 1 {
		t.Error("an event about no payment was not laid aside")
	}
}

func TestLateMoney(t *testing.T) {
	t.Parallel()
	t.Run("for a canceled order it is given back", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		placed := s.place(orders.Konbini, s.magnet(1))
		must(t, s.stripe.IssueCode(s.session(placed), "09012345678"))
		s.settle()
		_, err := s.CancelByCustomer(t.Context(), placed.LinkToken)
		must(t, err)
		s.settle()
		must(t, s.stripe.PayAtStore(s.session(placed), "lawson"))
		s.settle()
		s.expect(placed, orders.Canceled)
		refunds, err := s.Refunds(t.Context(), placed.Order.ID)
		must(t, err)
		if len(refunds) != 1 || refunds[0].Amount != placed.Order.Total || refunds[0].Origin != "system" || refunds[0].ProviderID == "" {
			t.Errorf("refunds %+v", refunds)
		}
		s.sound()
	})
	t.Run("a card held for an expired order is released", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		s.stripe.SetDelivery(stripetest.Delivery{Paused: true})
		placed := s.place(orders.Card, s.tag())
		session := s.session(placed)
		exec(t, s.db, `UPDATE payments SET session_id = NULL, pay_url = '', expires_at = $1`, s.clock.Now()) // as if we had died before learning it
		exec(t, s.db, `UPDATE orders SET expires_at = $1`, s.clock.Now())
		must(t, s.ExpireDue(t.Context()))
		s.expect(placed, orders.Expired)
		must(t, s.stripe.PayCard(session))
		s.stripe.Heal()
		s.settle()
		s.settle()
		s.expect(placed, orders.Expired)
		if entries := s.stripe.Ledger(); entries[0].Released != 1285 || entries[0].Captured != 0 {
			t.Errorf("the provider's ledger: %+v", entries)
		}
		s.sound()
	})
}

func TestMismatch(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.stripe.SetDelivery(stripetest.Delivery{Paused: true})
	placed := s.place(orders.Card, s.magnet(1))
	must(t, s.stripe.PayCard(s.session(placed)))
	exec(t, s.db, `UPDATE payments SET amount_yen = amount_yen + 1`)
	_, err := s.Refresh(t.Context(), placed.LinkToken)
	must(t, err)
	jobstest.Drain(t, s.bus)
	s.expect(placed, orders.AwaitingPayment)
	if order := s.order(placed); len(order.Holds) != 1 || order.Holds[0].Reason != orders.HoldMismatch || order.Paid != 0 {
		t.Errorf("holds %v, paid %s", order.Holds, order.Paid)
	} else if words := order.Holds[0].Words(); words != "支払いの額が ¥735 になっています。約束した額は ¥736 です。" {
		t.Errorf("the hold says %q", words)
	}
	timeline, err := s.Timeline(t.Context(), placed.Order.ID)
	must(t, err)
	i := slices.IndexFunc(timeline, func(entry orders.TimelineEntry) bool { return entry.Action == "order.held" })
	held, err := timeline[i].Held()
	must(t, err)
	if held.Reason != orders.HoldMismatch || held.Words() != s.order(placed).Holds[0].Words() {
		t.Errorf("the timeline says %+v", held)
	}
}

func TestDashboardRefund(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.approved()
	_, err := s.stripe.RefundFromDashboard(s.order(placed).Payments[0].IntentID, 500)
	must(t, err)
	s.settle()
	order := s.order(placed)
	if order.Paid != order.Total-500 || len(order.Holds) != 1 {
		t.Errorf("paid %s, holds %v", order.Paid, order.Holds)
	}
	refunds, err := s.Refunds(t.Context(), order.ID)
	must(t, err)
	if len(refunds) != 1 || refunds[0].Origin != "external" || refunds[0].State != orders.RefundSucceeded {
		t.Errorf("refunds %+v", refunds)
	}
	s.sound()
}

func TestEventsInEveryOrder(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	nodes := []*shop{s, s.twin()}
	s.stripe.SetDelivery(stripetest.Delivery{Paused: true})
	kinds := []string{
		"checkout.session.completed", "checkout.session.async_payment_succeeded", "payment_intent.succeeded", "charge.refunded",
	}
	for _, order := range permutations(kinds) {
		placed := s.place(orders.Konbini, s.tag())
		_, err := s.Approve(t.Context(), staff, placed.Order.ID)
		must(t, err)
		_, err = s.RetryPayment(t.Context(), placed.LinkToken)
		must(t, err)
		for i, kind := range order {
			switch i { // the provider's own order never changes
			case 0:
				must(t, s.stripe.IssueCode(s.session(placed), "09012345678"))
			case 1:
				must(t, s.stripe.PayAtStore(s.session(placed), "lawson"))
			case 3:
				_, err := s.stripe.RefundFromDashboard(s.order(placed).Payments[0].IntentID, 100)
				must(t, err)
			}
			event, node := s.told(placed, kind), nodes[i%2]
			must(t, node.ReceiveEvent(t.Context(), event))
			must(t, node.ProcessEvent(t.Context(), orders.EventReceived{EventID: event.ID}))
		}
		if got := s.order(placed); got.State != orders.Approved || got.Paid > got.Total {
			t.Errorf("after %v the order is %s, paid %s", order, got.State, got.Paid)
		}
	}
	if captures := s.count(`SELECT count(*) FROM money_ledger WHERE kind = 'capture'`); captures != 24 {
		t.Errorf("%d captures", captures)
	}
	s.sound()
}

func permutations(all []string) [][]string {
	if len(all) <= 1 {
		return [][]string{all}
	}
	var found [][]string
	for i, first := range all {
		rest := append(append([]string{}, all[:i]...), all[i+1:]...)
		for _, tail := range permutations(rest) {
			found = append(found, append([]string{first}, tail...))
		}
	}
	return found
}

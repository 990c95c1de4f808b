package stripe_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"tsukuriba/orders"
	"tsukuriba/orders/stripe"
	"tsukuriba/orders/stripe/stripetest"
)

// all reads every page of a list.
func all[T any](t *testing.T, list func(context.Context, orders.PageOf) (orders.Listed[T], error)) []T {
	t.Helper()
	var items []T
	wanted := orders.PageOf{From: time.Now().Add(-time.Hour), Until: time.Now().Add(time.Hour)}
	for {
		page, err := list(t.Context(), wanted)
		must(t, err)
		items = append(items, page.Items...)
		if page.Next == "" {
			return items
		}
		wanted.After = page.Next
	}
}

func TestListEvents(t *testing.T) {
	t.Parallel()
	s := newShop(t, stripetest.Options{})
	asked, page := s.open(t, orders.Card)
	must(t, s.stripe.PayCard(page.SessionID))
	events := all(t, s.ListEvents)
	var kinds []string
	for _, event := range events {
		kinds = append(kinds, event.Type)
		if event.PaymentID != asked.PaymentID || event.OrderID != asked.OrderID || event.IntentID == "" && event.SessionID == "" || len(event.Payload) == 0 {
			t.Errorf("%s leads nowhere: %+v", event.Type, event)
		}
	}
	if want := []string{"checkout.session.completed", "payment_intent.amount_capturable_updated"}; !slices.Equal(kinds, want) {
		t.Errorf("listed %v, want those subscribed to, the newest first: %v", kinds, want)
	}
}

func TestListInPages(t *testing.T) {
	t.Parallel()
	s := newShop(t, stripetest.Options{})
	for range 60 { // two subscribed events each, of four that happen
		_, page := s.open(t, orders.Card)
		must(t, s.stripe.PayCard(page.SessionID))
	}
	ids := map[string]bool{}
	for _, event := range all(t, s.ListEvents) {
		ids[event.ID] = true
	}
	if len(ids) != 120 {
		t.Errorf("%d different events, want 120", len(ids))
	}
}

func TestListOutsideOfTheSpan(t *testing.T) {
	t.Parallel()
	s := newShop(t, stripetest.Options{})
	s.captured(t)
	before := orders.PageOf{From: time.Now().Add(-2 * time.Hour), Until: time.Now().Add(-time.Hour)}
	events, err := s.ListEvents(t.Context(), before)
	must(t, err)
	payments, err := s.ListPayments(t.Context(), before)
	must(t, err)
	if len(events.Items)+len(payments.Items) != 0 {
		t.Errorf("listed %+v and %+v", events, payments)
	}
}

func TestListPayments(t *testing.T) {
	t.Parallel()
	s := newShop(t, stripetest.Options{})
	held, taken := s.authorized(t), s.captured(t)
	want := map[string]orders.PaymentState{held.IntentID: orders.PaymentAuthorized, taken.IntentID: orders.PaymentCaptured}
	got := all(t, s.ListPayments)
	for _, shot := range got {
		if want[shot.IntentID] != shot.State || shot.Amount != total || shot.PaymentID.IsZero() || shot.Currency != "jpy" {
			t.Errorf("listed %+v", shot)
		}
		if (shot.State == orders.PaymentCaptured) != (shot.Captured == total) || (shot.State == orders.PaymentAuthorized) == shot.CaptureBefore.IsZero() {
			t.Errorf("listed %+v", shot)
		}
	}
	if len(got) != 2 {
		t.Errorf("%d payments", len(got))
	}
}

func TestListRefunds(t *testing.T) {
	t.Parallel()
	s := newShop(t, stripetest.Options{})
	taken, held := s.captured(t), s.authorized(t)
	refund, err := s.stripe.RefundFromDashboard(taken.IntentID, 300)
	must(t, err)
	must(t, s.stripe.ExpireAuthorization(held.IntentID)) // recorded as a refund, which it is not
	got := all(t, s.ListRefunds)
	if len(got) != 1 || got[0].ID != refund || got[0].Amount != 300 || got[0].IntentID != taken.IntentID || !got[0].RefundID.IsZero() {
		t.Errorf("listed %+v", got)
	}
}

func TestDispute(t *testing.T) {
	t.Parallel()
	s := newShop(t, stripetest.Options{})
	taken := s.captured(t)
	id, err := s.stripe.OpenDispute(taken.IntentID, "product_not_received")
	must(t, err)
	shot, err := s.Dispute(t.Context(), id)
	must(t, err)
	if shot.ID != id || shot.IntentID != taken.IntentID || shot.Amount != total || shot.Reason != "product_not_received" ||
		shot.State != orders.DisputeNeedsResponse || !shot.EvidenceDue.After(time.Now()) ||
		len(shot.Moves) != 1 || shot.Moves[0].Amount != -total || shot.Moves[0].ID == "" {
		t.Errorf("opened: %+v", shot)
	}
	must(t, s.stripe.DecideDispute(id, true))
	listed := all(t, s.ListDisputes)
	if len(listed) != 1 || listed[0].State != orders.DisputeWon || len(listed[0].Moves) != 2 || listed[0].Moves[1].Amount != total {
		t.Errorf("won: %+v", listed)
	}
	if _, err := s.Dispute(t.Context(), "dp_none"); !errors.Is(err, orders.ErrGatewayNotFound) && !errors.Is(err, orders.ErrGatewayRefused) {
		t.Errorf("one that nobody opened: %v", err)
	}
}

func TestInquiry(t *testing.T) {
	t.Parallel()
	s := newShop(t, stripetest.Options{})
	taken := s.captured(t)
	id, err := s.stripe.OpenInquiry(taken.IntentID, "general")
	must(t, err)
	shot, err := s.Dispute(t.Context(), id)
	must(t, err)
	if shot.State != orders.DisputeWarning || len(shot.Moves) != 0 {
		t.Errorf("asked: %+v", shot)
	}
	must(t, s.stripe.EscalateInquiry(id))
	if shot, err = s.Dispute(t.Context(), id); err != nil || shot.State != orders.DisputeNeedsResponse || len(shot.Moves) != 1 {
		t.Errorf("escalated: %+v, %v", shot, err)
	}
	if entries := s.stripe.Ledger(); entries[0].Disputed != int64(total) {
		t.Errorf("the provider's ledger: %+v", entries)
	}
}

func TestListsWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	s := newShop(t, stripetest.Options{})
	for name, list := range map[string]func(*stripe.Gateway) error{
		"GET /v1/events":          func(g *stripe.Gateway) error { _, err := g.ListEvents(t.Context(), orders.PageOf{}); return err },
		"GET /v1/payment_intents": func(g *stripe.Gateway) error { _, err := g.ListPayments(t.Context(), orders.PageOf{}); return err },
		"GET /v1/refunds":         func(g *stripe.Gateway) error { _, err := g.ListRefunds(t.Context(), orders.PageOf{}); return err },
		"GET /v1/disputes":        func(g *stripe.Gateway) error { _, err := g.ListDisputes(t.Context(), orders.PageOf{}); return err },
		"GET /v1/disputes/{id}":   func(g *stripe.Gateway) error { _, err := g.Dispute(t.Context(), "dp_x"); return err },
	} {
		s.stripe.Spoil(stripetest.Fault{Kind: stripetest.Unavailable, Route: name, Times: 3})
		if err := list(s.Gateway); !errors.Is(err, orders.ErrGatewayUnavailable) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

package orders_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"tsukuriba/internal/yen"
	"tsukuriba/orders"
	"tsukuriba/orders/stripe/stripetest"
)

const (
	captureRoute = "POST /v1/payment_intents/{id}/capture"
	closeRoute   = "POST /v1/checkout/sessions/{id}/expire"
	readRoute    = "GET /v1/checkout/sessions/{id}"
	refundRoute  = "POST /v1/refunds"
	disputeRoute = "GET /v1/disputes/{id}"
)

// overtake stops the call that act makes at the provider, does something meanwhile, and lets the
// call go on.
func (s *shop) overtake(route string, moment stripetest.Moment, act func() error, meanwhile func()) error {
	s.t.Helper()
	gate := s.stripe.StopAt(route, moment)
	outcome := make(chan error, 1)
	go func() { outcome <- act() }()
	select {
	case <-gate.Reached():
	case err := <-outcome:
		s.t.Fatalf("it was done without %s: %v", route, err)
	case <-time.After(time.Minute):
		s.t.Fatalf("nobody came to %s", route)
	}
	meanwhile()
	s.whole()
	gate.Open()
	return <-outcome
}

// moments are both orders of our call and what happens beside it.
var moments = map[string]stripetest.Moment{"before it takes effect": stripetest.BeforeWork, "after it took effect": stripetest.BeforeAnswer}

// asked is a refund of an order that a job has yet to submit.
func (s *shop) asked(request orders.RefundOrder) (orders.Refund, func() error) {
	s.t.Helper()
	refund, err := s.RequestRefund(s.t.Context(), staff, request)
	must(s.t, err)
	exec(s.t, s.db, `DELETE FROM river_job WHERE kind = 'orders.submit_refund'`)
	return refund, func() error { return s.SubmitRefund(s.t.Context(), orders.RefundDue{RefundID: refund.ID}) }
}

// TestRefundBesideOneAtTheProvider has somebody give money back in the provider's console while our
// own refund is on its way. Never more goes back than came, and what was refused is seen.
func TestRefundBesideOneAtTheProvider(t *testing.T) {
	t.Parallel()
	for name, moment := range moments {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t)
			placed := s.paid(s.tags(2))
			order := s.order(placed)
			intent := order.Payments[0].IntentID
			ours, submit := s.asked(refundOf(order, 1)) // ¥1,100 of ¥2,385
			var refused error
			err := s.overtake(refundRoute, moment, submit, func() {
				_, refused = s.stripe.RefundFromDashboard(intent, 1385)
				s.hear()
			})
			must(t, err)
			s.settle()
			refund, err := s.Refund(t.Context(), ours.ID)
			must(t, err)
			overtaken := moment == stripetest.BeforeWork
			if overtaken != (refund.State == orders.RefundFailed) || overtaken != (refused == nil) {
				t.Errorf("ours is %s, theirs was answered %v", refund.State, refused)
			}
			if overtaken {
				s.settleOvertaken(placed, ours)
			}
			s.sound()
		})
	}
}

// hear waits until the shop has heard of all events, and does no other jobs than those.
func (s *shop) hear() {
	s.t.Helper()
	must(s.t, s.stripe.Delivered(s.t.Context()))
	var events []string
	must(s.t, s.db.Select(&events, `SELECT id FROM stripe_events WHERE state = 'new'`))
	for _, event := range events {
		must(s.t, s.ProcessEvent(s.t.Context(), orders.EventReceived{EventID: event}))
	}
}

// settleOvertaken is what staff do after another refund has taken the money of ours: they say that it
// was made instead, and the order goes on.
func (s *shop) settleOvertaken(placed orders.Placed, ours orders.Refund) {
	s.t.Helper()
	order := s.order(placed)
	var held []orders.HoldReason
	for _, hold := range order.Holds {
		held = append(held, hold.Reason)
	}
	if order.Paid != 1000 || !slices.Contains(held, orders.HoldExternalRefund) || !slices.Contains(held, orders.HoldRefundFailed) {
		s.t.Errorf("%s is left, held for %v", order.Paid, held)
	}
	if _, err := s.RetryRefund(s.t.Context(), staff, ours.ID); !errors.Is(err, orders.ErrRefundTooLarge) {
		s.t.Errorf("tried again although too little is left: %v", err)
	}
	theirs := order.Refunds[slices.IndexFunc(order.Refunds, orders.Refund.Unassigned)]
	said, err := s.AssignRefund(s.t.Context(), staff, theirs.ID, allOf(order).Parts)
	must(s.t, err)
	order = s.order(placed)
	if said.RetryOf != ours.ID || len(order.Holds) != 0 || order.Wanted(order.Lines[0].ID) != 1 || order.State != orders.Approved {
		s.t.Errorf("%+v; the order is %s, holds %v, %d pieces are wanted", said, order.State, order.Holds, order.Wanted(order.Lines[0].ID))
	}
}

// TestDisputeBesideRefund has the card's holder dispute a payment while our refund of it is on its
// way: the bank never gives back what we gave back, nor the other way round.
func TestDisputeBesideRefund(t *testing.T) {
	t.Parallel()
	for name, moment := range moments {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t)
			placed := s.paid(s.tags(2))
			order := s.order(placed)
			ours, submit := s.asked(refundOf(order, 1))
			var dispute string
			err := s.overtake(refundRoute, moment, submit, func() {
				var err error
				dispute, err = s.stripe.OpenDispute(order.Payments[0].IntentID, "general")
				must(t, err)
				s.hear()
			})
			must(t, err)
			s.settle()
			s.sound()
			if order := s.order(placed); order.Paid != 0 || len(order.Holds) == 0 {
				t.Errorf("%s is left, holds %v", order.Paid, order.Holds)
			}
			must(t, s.stripe.DecideDispute(dispute, true))
			s.settle()
			want := placed.Order.Total
			if moment == stripetest.BeforeWork { // refused; the money is back, and so is the promise
				again, err := s.RetryRefund(t.Context(), staff, ours.ID)
				must(t, err)
				s.settle()
				if again, err = s.Refund(t.Context(), again.ID); err != nil || again.State != orders.RefundSucceeded {
					t.Errorf("tried again it is %s, %v", again.State, err)
				}
			}
			if order := s.order(placed); order.Paid != want-1100 {
				t.Errorf("%s of %s is left", order.Paid, want)
			}
			s.sound()
		})
	}
}

// TestCaptureBesideItsEnd has the hold on a card run out, or the customer cancel, while the money is
// being taken.
func TestCaptureBesideItsEnd(t *testing.T) {
	t.Parallel()
	for name, moment := range moments {
		for cause, end := range map[string]func(*shop, orders.Placed) error{
			"the hold runs out": func(s *shop, p orders.Placed) error {
				return s.stripe.ExpireAuthorization(s.order(p).Payments[0].IntentID)
			},
			"the customer cancels": func(s *shop, p orders.Placed) error {
				_, err := s.CancelByCustomer(s.t.Context(), p.LinkToken)
				return err
			},
		} {
			t.Run(cause+" "+name, func(t *testing.T) {
				t.Parallel()
				s := newShop(t)
				other := s.twin()
				placed := s.reviewed()
				_, err := s.Approve(t.Context(), staff, placed.Order.ID)
				must(t, err)
				exec(t, s.db, `DELETE FROM river_job WHERE kind = 'orders.capture'`)
				capture := func() error { return s.CaptureApproved(t.Context(), orders.TextApproved{OrderID: placed.Order.ID}) }
				var ended error
				err = s.overtake(captureRoute, moment, capture, func() { ended = end(other, placed) })
				if err != nil && !errors.Is(err, orders.ErrGatewayRefused) {
					t.Fatal(err)
				}
				s.settle()
				order, entry := s.order(placed), s.stripe.Ledger()[0]
				switch {
				case cause == "the customer cancels":
					if ended != nil || order.State != orders.Canceled || order.Paid != 0 || entry.Captured != entry.Refunded {
						t.Errorf("%v; the order is %s, %s is left, the provider says %+v", ended, order.State, order.Paid, entry)
					}
				case moment == stripetest.BeforeWork:
					if ended != nil || order.State != orders.Expired || entry.Captured != 0 {
						t.Errorf("%v; the order is %s, the provider says %+v", ended, order.State, entry)
					}
				case ended == nil || order.State != orders.Approved:
					t.Errorf("%v; the order is %s", ended, order.State)
				}
				s.sound()
			})
		}
	}
}

// TestPaidBesideItsClosing has the customer pay in the moment in which the page is closed, as the
// time to pay is over.
func TestPaidBesideItsClosing(t *testing.T) {
	t.Parallel()
	for name, pay := range map[string]struct {
		method orders.Method
		act    func(*stripetest.Server, string) error
		state  orders.State
	}{
		"a card is released": {orders.Card, (*stripetest.Server).PayCard, orders.Expired},
		"a code may be paid": {orders.Konbini, func(s *stripetest.Server, session string) error { return s.IssueCode(session, "09012345678") }, orders.AwaitingPayment},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t)
			placed := s.place(pay.method, s.magnet(1))
			session := s.session(placed)
			exec(t, s.db, `UPDATE orders SET expires_at = $1`, s.clock.Now())
			err := s.overtake(closeRoute, stripetest.BeforeWork, func() error { return s.ExpireDue(t.Context()) }, func() {
				must(t, pay.act(s.stripe, session))
				s.hear()
			})
			must(t, err)
			s.settle()
			must(t, s.ExpireDue(t.Context()))
			s.settle()
			order, entry := s.order(placed), s.stripe.Ledger()[0]
			if order.State != pay.state && order.State != orders.Ready || order.State == orders.Expired && (entry.Captured != entry.Refunded || entry.Authorized != entry.Released+entry.Captured) {
				t.Errorf("the order is %s, the provider says %+v", order.State, entry)
			}
			s.sound()
		})
	}
}

// TestSameRefundAtTwoNodes has two nodes do the same job: the provider is told once.
func TestSameRefundAtTwoNodes(t *testing.T) {
	t.Parallel()
	for name, moment := range moments {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t)
			other := s.twin()
			placed := s.paid(s.tags(2))
			ours, submit := s.asked(refundOf(s.order(placed), 1))
			err := s.overtake(refundRoute, moment, submit, func() {
				err := other.SubmitRefund(t.Context(), orders.RefundDue{RefundID: ours.ID})
				if err != nil && !errors.Is(err, orders.ErrGatewayUnavailable) { // the key is in flight
					t.Error(err)
				}
			})
			must(t, err)
			s.settle()
			if entry := s.stripe.Ledger()[0]; entry.Refunded != 1100 || s.order(placed).Paid != s.order(placed).Total-1100 {
				t.Errorf("the provider says %+v", entry)
			}
			s.sound()
		})
	}
}

// TestLateMoneyAgainstRevive has one member of staff revive an order and another give its money
// back, each first once; the money may also have gone back at the provider.
func TestLateMoneyAgainstRevive(t *testing.T) {
	t.Parallel()
	revive := func(s *shop, p orders.Placed) func() error {
		return func() error { _, err := s.Revive(s.t.Context(), staff, p.Order.ID); return err }
	}
	refund := func(s *shop, p orders.Placed) func() error {
		return func() error { _, err := s.RefundLate(s.t.Context(), staff, p.Order.ID); return err }
	}
	s := newShop(t)
	other := s.twin()
	for _, revivedFirst := range []bool{true, false} {
		placed := s.paidLate(s.magnet(1))
		acts, want := []func() error{revive(s, placed), refund(other, placed)}, orders.Ready
		if !revivedFirst {
			slices.Reverse(acts)
			want = orders.Expired
		}
		outcomes := s.interleave(placed, acts...)
		if outcomes[0] != nil || !errors.Is(outcomes[1], orders.ErrWrongState) {
			t.Errorf("revived first %t: %v", revivedFirst, outcomes)
		}
		s.settle()
		s.expect(placed, want)
	}
	placed := s.paidLate(s.magnet(1))
	s.stripe.SetDelivery(stripetest.Delivery{Paused: true})
	_, err := s.stripe.RefundFromDashboard(s.order(placed).Payments[0].IntentID, 0)
	must(t, err)
	must(t, revive(s, placed)()) // nobody has told us
	s.stripe.Heal()
	s.settle()
	must(t, s.stripe.SettleRefund(s.order(placed).Refunds[0].ProviderID, "succeeded"))
	s.settle()
	if _, err := s.Ship(t.Context(), staff, placed.Order.ID, orders.Handover{Carrier: "日本郵便", Tracking: "1"}); !errors.Is(err, orders.ErrOnHold) {
		t.Errorf("it was sent although its money went back: %v", err)
	}
	if order := s.order(placed); order.Paid != 0 {
		t.Errorf("%s is left", order.Paid)
	}
	s.sound()
}

// TestOldReading has the reconciliation hold an old reading in its hands while a webhook brings a
// newer one: what is known is not forgotten.
func TestOldReading(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		route string
		begin func(*shop) orders.Placed
		read  func(*shop, orders.Placed) error
		news  func(*shop, orders.Placed) error
		paid  yen.Amount
		state orders.State
	}{
		"of a payment": {
			readRoute, func(s *shop) orders.Placed {
				placed := s.place(orders.Konbini, s.magnet(1))
				must(s.t, s.stripe.IssueCode(s.session(placed), "09012345678"))
				s.settle()
				return placed
			},
			func(s *shop, p orders.Placed) error { return s.Apply(s.t.Context(), s.order(p).Payments[0].ID) },
			func(s *shop, p orders.Placed) error { return s.stripe.PayAtStore(s.session(p), "lawson") },
			735, orders.Ready,
		},
		"of a refund": {
			"GET /v1/refunds", func(s *shop) orders.Placed {
				placed := s.paid(s.tags(2))
				s.stripe.HoldRefunds(true)
				_, err := s.RequestRefund(s.t.Context(), staff, refundOf(s.order(placed), 1))
				must(s.t, err)
				s.settle()
				return placed
			},
			func(s *shop, p orders.Placed) error { return s.Apply(s.t.Context(), s.order(p).Payments[0].ID) },
			func(s *shop, p orders.Placed) error {
				return s.stripe.SettleRefund(s.order(p).Refunds[0].ProviderID, "succeeded")
			},
			1285, orders.Approved,
		},
		"of a dispute": {
			disputeRoute, func(s *shop) orders.Placed {
				placed, _ := s.disputed("general")
				return placed
			},
			func(s *shop, p orders.Placed) error { return s.ApplyDispute(s.t.Context(), s.dispute(p).ProviderID) },
			func(s *shop, p orders.Placed) error { return s.stripe.DecideDispute(s.dispute(p).ProviderID, true) },
			1285, orders.Approved,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t)
			other := s.twin()
			placed := c.begin(s)
			err := s.overtake(c.route, stripetest.BeforeAnswer, func() error { return c.read(other, placed) }, func() {
				must(t, c.news(s, placed))
				s.settle()
			})
			must(t, err)
			s.settle()
			s.expect(placed, c.state)
			if order := s.order(placed); order.Paid != c.paid {
				t.Errorf("%s is left, want %s", order.Paid, c.paid)
			}
			s.sound()
		})
	}
}

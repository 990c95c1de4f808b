package orders_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"tsukuriba/internal/jobs/jobstest"
	"tsukuriba/internal/yen"
	"tsukuriba/orders"
	"tsukuriba/orders/stripe/stripetest"
)

// deaf keeps all webhooks from the shop.
func (s *shop) deaf() { s.stripe.SetDelivery(stripetest.Delivery{Drop: 1000}) }

// catchUp takes in what the provider lists, and does the jobs.
func (s *shop) catchUp() {
	s.t.Helper()
	must(s.t, s.CatchUp(s.t.Context()))
	jobstest.Drain(s.t, s.bus)
}

// night lets the next audit begin, and does it.
func (s *shop) night() {
	s.t.Helper()
	s.clock.Advance(24 * time.Hour)
	must(s.t, s.AuditBooks(s.t.Context()))
	jobstest.Drain(s.t, s.bus)
}

// TestLostWebhooks loses every webhook of what happens; the list of events brings it all the same.
func TestLostWebhooks(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		begin  func(*shop) orders.Placed
		happen func(*shop, orders.Placed)
		holds  func(*shop, orders.Placed) bool
	}{
		"a card is authorized": {
			func(s *shop) orders.Placed { return s.place(orders.Card, s.tag()) },
			func(s *shop, p orders.Placed) { must(s.t, s.stripe.PayCard(s.session(p))) },
			func(s *shop, p orders.Placed) bool { return s.order(p).State == orders.InReview },
		},
		"a hold lapses": {
			(*shop).reviewed,
			func(s *shop, p orders.Placed) {
				must(s.t, s.stripe.ExpireAuthorization(s.order(p).Payments[0].IntentID))
			},
			func(s *shop, p orders.Placed) bool { return s.order(p).State == orders.Expired },
		},
		"a code is paid at the store": {
			func(s *shop) orders.Placed {
				placed := s.place(orders.Konbini, s.magnet(1))
				must(s.t, s.stripe.IssueCode(s.session(placed), "09012345678"))
				s.settle()
				return placed
			},
			func(s *shop, p orders.Placed) { must(s.t, s.stripe.PayAtStore(s.session(p), "lawson")) },
			func(s *shop, p orders.Placed) bool { return s.order(p).State == orders.Ready },
		},
		"money is given back from the dashboard": {
			(*shop).approved,
			func(s *shop, p orders.Placed) {
				_, err := s.stripe.RefundFromDashboard(s.order(p).Payments[0].IntentID, 300)
				must(s.t, err)
			},
			func(s *shop, p orders.Placed) bool { return s.order(p).Paid == s.order(p).Total-300 },
		},
		"a payment is disputed": {
			(*shop).approved,
			func(s *shop, p orders.Placed) {
				_, err := s.stripe.OpenDispute(s.order(p).Payments[0].IntentID, "general")
				must(s.t, err)
			},
			func(s *shop, p orders.Placed) bool {
				return s.order(p).Paid == 0 && s.dispute(p).State == orders.DisputeNeedsResponse
			},
		},
		"a dispute is won": {
			func(s *shop) orders.Placed {
				placed, _ := s.disputed("general")
				return placed
			},
			func(s *shop, p orders.Placed) { must(s.t, s.stripe.DecideDispute(s.dispute(p).ProviderID, true)) },
			func(s *shop, p orders.Placed) bool {
				return s.order(p).Paid == s.order(p).Total && s.dispute(p).State == orders.DisputeWon
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t)
			placed := c.begin(s)
			s.catchUp() // so that the cursor stands before what comes
			s.deaf()
			s.clock.Advance(time.Minute)
			c.happen(s, placed)
			jobstest.Drain(t, s.bus)
			if c.holds(s, placed) {
				t.Fatal("the shop heard of it although no webhook came")
			}
			s.clock.Advance(time.Minute)
			s.catchUp()
			if !c.holds(s, placed) {
				t.Errorf("the shop never heard of it: %+v", s.order(placed))
			}
			s.agrees()
			s.sound()
		})
	}
}

// TestAuditBooks has neither webhooks nor a list of events: only what the provider has is compared.
func TestAuditBooks(t *testing.T) {
	t.Parallel()
	t.Run("finds a refund from the dashboard", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		placed := s.approved()
		s.deaf()
		_, err := s.stripe.RefundFromDashboard(s.order(placed).Payments[0].IntentID, 300)
		must(t, err)
		s.night()
		if order := s.order(placed); order.Paid != order.Total-300 {
			t.Errorf("paid %s", order.Paid)
		}
		s.agrees()
		s.sound()
	})
	t.Run("finds what was captured at the provider", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		placed := s.reviewed()
		s.deaf()
		must(t, s.gateway.Capture(t.Context(), "by hand", s.order(placed).Payments[0].IntentID, placed.Order.Total))
		s.night()
		if order := s.order(placed); order.Paid != order.Total || order.State != orders.InReview {
			t.Errorf("%s, paid %s", order.State, order.Paid)
		}
		s.agrees()
		s.sound()
	})
	t.Run("finds a dispute and its end", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		placed := s.approved()
		s.deaf()
		id, err := s.stripe.OpenDispute(s.order(placed).Payments[0].IntentID, "general")
		must(t, err)
		s.night()
		if order := s.order(placed); order.Paid != 0 || len(order.Holds) != 1 {
			t.Errorf("paid %s, holds %v", order.Paid, order.Holds)
		}
		must(t, s.stripe.DecideDispute(id, true))
		s.clock.Advance(2 * time.Hour)
		must(t, s.Reconcile(t.Context()))
		if order := s.order(placed); order.Paid != order.Total {
			t.Errorf("won, but paid %s", order.Paid)
		}
		s.agrees()
	})
	t.Run("notes money that belongs to no order of ours", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		intent := s.foreignPayment(700)
		s.night()
		if got := s.mismatches(); !slices.Equal(got, []string{"unknown_payment " + intent}) {
			t.Errorf("mismatches %v", got)
		}
		s.night()
		if got := s.mismatches(); len(got) != 1 {
			t.Errorf("told again: %v", got)
		}
	})
	t.Run("notes a refund and a dispute that belong to no order of ours", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		intent := s.foreignPayment(700)
		refund, err := s.stripe.RefundFromDashboard(intent, 200)
		must(t, err)
		dispute, err := s.stripe.OpenDispute(intent, "general")
		must(t, err)
		s.night()
		if got := s.mismatches(); !slices.Equal(got, []string{"unknown_dispute " + dispute, "unknown_payment " + intent, "unknown_refund " + refund}) {
			t.Errorf("mismatches %v", got)
		}
	})
	t.Run("notes money in our ledger that the provider does not show", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		placed := s.approved()
		_, err := s.RequestRefund(t.Context(), staff, refundOf(s.order(placed), 1))
		must(t, err)
		s.settle()
		exec(t, s.db, `UPDATE payments SET intent_id = 'pi_gone', session_id = 'cs_gone'`)
		exec(t, s.db, `UPDATE refunds SET provider_id = 're_gone' || attempt.n FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM refunds) AS attempt WHERE attempt.id = refunds.id`)
		s.deaf()
		s.night()
		got := s.mismatches()
		if !slices.Contains(got, "missing_payment pi_gone") || !slices.Contains(got, "missing_refund re_gone1") {
			t.Errorf("mismatches %v", got)
		}
	})
	t.Run("notes rules that are broken, until they hold again", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		placed := s.approved()
		exec(t, s.db, `UPDATE variants SET reserved = 3 WHERE id = $1`, s.goods.magnet)
		s.night()
		if got := s.mismatches(); !slices.Equal(got, []string{"broken_rule reserved-stock magnet"}) {
			t.Errorf("mismatches %v", got)
		}
		exec(t, s.db, `UPDATE variants SET reserved = 0 WHERE id = $1`, s.goods.magnet)
		s.night()
		if got := s.mismatches(); len(got) != 0 {
			t.Errorf("mended, but %v (order %s)", got, placed.Order.Number)
		}
	})
	t.Run("finds nothing when nothing is wrong, and begins once a night", func(t *testing.T) {
		t.Parallel()
		var asked counter
		s := newShop(t, func(g orders.Gateway) orders.Gateway { return countingLists{g, &asked} })
		s.approved()
		s.night()
		for range 3 {
			s.clock.Advance(10 * time.Minute)
			must(t, s.AuditBooks(t.Context()))
		}
		if got := s.mismatches(); len(got) != 0 || asked.n > 6 {
			t.Errorf("mismatches %v; %d pages were read", got, asked.n)
		}
		s.agrees()
		s.sound()
	})
}

// foreignPayment is money of the account that the shop knows nothing of.
func (s *shop) foreignPayment(amount yen.Amount) (intent string) {
	s.t.Helper()
	page, err := s.gateway.OpenCheckout(s.t.Context(), orders.CheckoutRequest{
		Key: uuid.NewString(), PaymentID: orders.PaymentID(uuid.Must(uuid.NewV7())), Method: orders.Card, Language: orders.Japanese,
		Lines:      []orders.HostedLine{{Title: "ほかの店", UnitPrice: amount, Quantity: 1}},
		SuccessURL: "http://other.test", CancelURL: "http://other.test", ExpiresAt: s.clock.Now().Add(time.Hour),
	})
	must(s.t, err)
	must(s.t, s.stripe.PayCard(page.SessionID))
	shown, err := s.gateway.Payment(s.t.Context(), orders.PaymentRef{SessionID: page.SessionID})
	must(s.t, err)
	must(s.t, s.gateway.Capture(s.t.Context(), uuid.NewString(), shown.IntentID, amount))
	return shown.IntentID
}

func (s *shop) mismatches() (found []string) {
	s.t.Helper()
	must(s.t, s.db.Select(&found, `SELECT kind || ' ' || provider_id FROM mismatches WHERE settled_at IS NULL ORDER BY 1`))
	return found
}

type counter struct{ n int }

type countingLists struct {
	orders.Gateway
	asked *counter
}

func (c countingLists) ListPayments(ctx context.Context, page orders.PageOf) (orders.Listed[orders.PaymentSnapshot], error) {
	c.asked.n++
	return c.Gateway.ListPayments(ctx, page)
}

// slow lists one event a page, and fails when told to.
type slow struct {
	orders.Gateway
	fail  *bool
	pages *[]string
}

func (g slow) ListEvents(ctx context.Context, page orders.PageOf) (orders.Listed[orders.ProviderEvent], error) {
	*g.pages = append(*g.pages, page.After)
	if *g.fail && page.After != "" {
		return orders.Listed[orders.ProviderEvent]{}, orders.ErrGatewayUnavailable
	}
	after := page.After
	page.After = ""
	all, err := g.Gateway.ListEvents(ctx, page)
	at := slices.IndexFunc(all.Items, func(e orders.ProviderEvent) bool { return e.ID == after }) + 1
	one := orders.Listed[orders.ProviderEvent]{Items: all.Items[at:min(at+1, len(all.Items))]}
	if at+1 < len(all.Items) {
		one.Next = all.Items[at].ID
	}
	return one, err
}

func TestRestartInTheMiddleOfCatchingUp(t *testing.T) {
	t.Parallel()
	fail, pages := true, []string{}
	s := newShop(t, func(g orders.Gateway) orders.Gateway { return slow{g, &fail, &pages} })
	s.deaf()
	placed := []orders.Placed{s.place(orders.Card, s.tag()), s.place(orders.Card, s.tag()), s.place(orders.Card, s.tag()), s.place(orders.Card, s.tag())}
	for _, order := range placed {
		must(t, s.stripe.PayCard(s.session(order)))
	}
	s.clock.Advance(time.Minute)
	if err := s.CatchUp(t.Context()); !errors.Is(err, orders.ErrGatewayUnavailable) {
		t.Fatalf("err = %v", err)
	}
	fail = false
	for range 4 { // eight pages, five a round
		s.catchUp()
	}
	if pages[0] != "" || pages[1] == "" || pages[2] != pages[1] {
		t.Errorf("after the failure it did not go on where it was: %v", pages)
	}
	for _, order := range placed {
		s.expect(order, orders.InReview)
	}
	s.sound()
}

func TestListAndWebhookAtOnce(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.stripe.SetDelivery(stripetest.Delivery{Paused: true})
	placed := s.place(orders.Konbini, s.magnet(1))
	must(t, s.stripe.IssueCode(s.session(placed), "09012345678"))
	must(t, s.stripe.PayAtStore(s.session(placed), "lawson"))
	s.clock.Advance(time.Minute)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if err := s.CatchUp(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Go(s.stripe.Heal)
	all.Wait()
	s.settle()
	s.expect(placed, orders.Ready)
	events := len(s.stripe.EventIDs())
	if stored := s.count(`SELECT count(*) FROM stripe_events`); stored != events {
		t.Errorf("%d of %d events were stored", stored, events)
	}
	if jobs := s.count(`SELECT count(*) FROM river_job WHERE kind = 'orders.process_event'`); jobs != events {
		t.Errorf("%d jobs for %d events", jobs, events)
	}
	if captures := s.count(`SELECT count(*) FROM money_ledger WHERE kind = 'capture'`); captures != 1 {
		t.Errorf("%d captures", captures)
	}
	s.sound()
}

func TestOldCallIsLookedUp(t *testing.T) {
	t.Parallel()
	for name, took := range map[string]bool{"it had its effect": true, "it had none": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t)
			placed := s.reviewed()
			s.deaf()
			kind := stripetest.Unavailable
			if took {
				kind = stripetest.TimeoutAfterCommit
			}
			_, err := s.Approve(t.Context(), staff, placed.Order.ID)
			must(t, err)
			exec(t, s.db, `DELETE FROM river_job`)
			s.stripe.Spoil(stripetest.Fault{Kind: kind, Route: "POST /v1/payment_intents/{id}/capture", Times: 3})
			s.stripe.Spoil(stripetest.Fault{Kind: stripetest.Unavailable, Route: "GET /v1/payment_intents/{id}", Times: 3})
			s.stripe.Spoil(stripetest.Fault{Kind: stripetest.Unavailable, Route: "GET /v1/checkout/sessions/{id}", Times: 30})
			if err := s.CaptureApproved(t.Context(), orders.TextApproved{OrderID: placed.Order.ID}); err == nil {
				t.Fatal("nothing went wrong")
			}
			s.stripe.Heal()
			s.deaf()
			s.clock.Advance(24 * time.Hour)
			must(t, s.CaptureApproved(t.Context(), orders.TextApproved{OrderID: placed.Order.ID}))
			must(t, s.Reconcile(t.Context()))
			s.expect(placed, orders.Approved)
			keys := []string{}
			must(t, s.db.Select(&keys, `
				SELECT right(idempotency_key, 2) || ' ' || state
				FROM stripe_calls
				WHERE operation = 'capture'
				ORDER BY 1`))
			want := []string{":1 failed", ":2 ok"}
			if took {
				want = []string{":1 ok"}
			}
			if !slices.Equal(keys, want) {
				t.Errorf("calls %v, want %v", keys, want)
			}
			s.agrees()
			s.sound()
		})
	}
}

func TestPageThatCouldNotBeOpened(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.stripe.Spoil(stripetest.Fault{Kind: stripetest.Unavailable, Route: "POST /v1/checkout/sessions", Times: 100})
	checkout := s.checkout(orders.Card, s.magnet(1))
	placed, err := s.Confirm(t.Context(), checkout.Key())
	if !errors.Is(err, orders.ErrGatewayUnavailable) {
		t.Fatal(err)
	}
	s.stripe.Heal()
	s.clock.Advance(10 * time.Minute)
	_, err = s.RetryPayment(t.Context(), placed.LinkToken) // within the slack it is the same attempt
	must(t, err)
	if payments := s.order(placed).Payments; len(payments) != 1 {
		t.Errorf("payments %+v", payments)
	}

	s.stripe.Spoil(stripetest.Fault{Kind: stripetest.Unavailable, Route: "POST /v1/checkout/sessions", Times: 100})
	other := s.checkout(orders.Card, s.magnet(1))
	late, err := s.Confirm(t.Context(), other.Key())
	if !errors.Is(err, orders.ErrGatewayUnavailable) {
		t.Fatal(err)
	}
	s.stripe.Heal()
	s.clock.Advance(20 * time.Minute) // its page would close in 25 minutes, which the provider refuses
	_, err = s.RetryPayment(t.Context(), late.LinkToken)
	must(t, err)
	must(t, s.stripe.PayCard(s.session(late)))
	s.settle()
	s.expect(late, orders.Ready)
	s.sound()
}

func TestCompleteShippedGoesOn(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	var placed []orders.Placed
	for range 2 {
		order := s.place(orders.Card, s.magnet(1))
		must(t, s.stripe.PayCard(s.session(order)))
		s.settle()
		_, err := s.Ship(t.Context(), staff, order.Order.ID, orders.Handover{Carrier: "日本郵便", Tracking: "1"})
		must(t, err)
		placed = append(placed, order)
	}
	exec(t, s.db, `
		CREATE FUNCTION refuse_first() RETURNS trigger LANGUAGE plpgsql AS $$
		BEGIN
			IF NEW.state = 'completed' AND NEW.number LIKE '%-000001' THEN RAISE EXCEPTION 'not this one'; END IF;
			RETURN NEW;
		END $$;
		CREATE TRIGGER refuse_first BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION refuse_first()`)
	s.clock.Advance(15 * 24 * time.Hour)
	if err := s.CompleteShipped(t.Context()); err == nil {
		t.Error("the trouble of one was not told")
	}
	s.expect(placed[0], orders.Shipped)
	s.expect(placed[1], orders.Completed)
}

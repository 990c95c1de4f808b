package main

import (
	"net/http"
	"os"
	"testing"
	"time"

	"tsukuriba/api/rest"
	"tsukuriba/orders/stripe/stripetest"
)

const (
	releaseRoute = "POST /v1/payment_intents/{id}/cancel"
	closeRoute   = "POST /v1/checkout/sessions/{id}/expire"
	readRoute    = "GET /v1/checkout/sessions/{id}"
)

// deaths are the calls in the midst of which a worker is killed, each with the order it is about,
// what sets it off, and what must have happened in the end, once.
var deaths = map[string]struct {
	route, job string
	order      func(*twoNodes) rest.PlacedOrder
	cause      func(*twoNodes, rest.PlacedOrder) error
	state      string
	done       stripetest.Entry
}{
	"capture": {
		captureRoute, "orders.capture", (*twoNodes).reviewed, (*twoNodes).approveAtSecond,
		"approved",
		stripetest.Entry{Captured: 1285},
	},
	"release the authorization": {
		releaseRoute, "orders.release_canceled", (*twoNodes).reviewed, (*twoNodes).cancelAtSecond,
		"canceled",
		stripetest.Entry{Released: 1285},
	},
	"close the payment page": {
		closeRoute, "orders.release_canceled", (*twoNodes).placed, (*twoNodes).cancelAtSecond,
		"canceled",
		stripetest.Entry{},
	},
	"refund": {
		refundRoute, "orders.submit_refund", (*twoNodes).approved, (*twoNodes).cancelAtSecond,
		"canceled",
		stripetest.Entry{Captured: 1285, Refunded: 1285},
	},
}

func (s *twoNodes) placed() rest.PlacedOrder                      { return s.place(s.tagLine()) }
func (s *twoNodes) approveAtSecond(placed rest.PlacedOrder) error { return s.approve(1, placed) }
func (s *twoNodes) cancelAtSecond(placed rest.PlacedOrder) error  { return s.cancel(1, placed) }

// TestKilledProcesses kills processes with a call to the provider in hand: when it has arrived there
// and takes effect only after their death, when it has had its effect and they have not heard, and
// while they read what came of it. No webhook tells the others, and nobody takes up their jobs: the
// rounds alone must find what they left.
func TestKilledProcesses(t *testing.T) {
	s := openTwoNodes(t)
	for name, moment := range map[string]stripetest.Moment{
		"with_the_call_on_its_way":   stripetest.BeforeWork,
		"before_the_answer_is_heard": stripetest.BeforeAnswer,
	} {
		t.Run(name, func(t *testing.T) { s.in(t).killAtEveryCall(moment) })
	}
	t.Run("while_reading_what_came_of_it", func(t *testing.T) { s.in(t).killWhileReading() })
	t.Run("with_a_page_nobody_comes_back_for", func(t *testing.T) { s.in(t).killBeforePage() })
	if open := s.count(`SELECT count(*) FROM stripe_calls WHERE state IN ('planned', 'unknown')`); open != 0 {
		t.Errorf("%d calls are left without an outcome", open)
	}
}

func (s *twoNodes) killAtEveryCall(moment stripetest.Moment) {
	placed := map[string]rest.PlacedOrder{}
	for name, death := range deaths {
		placed[name] = death.order(s)
	}
	s.standIn.SetDelivery(stripetest.Delivery{Drop: 1000})
	var gates []*stripetest.Gate
	for name, death := range deaths {
		gate := s.standIn.StopAt(death.route, moment)
		fatal(s.t, death.cause(s, placed[name]))
		s.await(gate)
		gates = append(gates, gate)
	}
	checkout, gate := s.dieOpening(moment)
	s.kill(append(gates, gate)...)
	placed["open"] = s.comeBack(checkout)
	s.recover(11 * time.Minute)

	for name, death := range deaths {
		s.expectOnce(name, placed[name], death.state, death.done)
	}
	s.expectOnce("open", placed["open"], "awaiting_payment", stripetest.Entry{})
	s.standIn.Heal()
	fatal(s.t, s.standIn.PayCard(sessionOf(placed["open"])))
	s.reach(placed["open"], "ready")
	s.sound()
}

// dieOpening has a buyer confirm at the first server, whose call for a payment page is stopped.
func (s *twoNodes) dieOpening(moment stripetest.Moment) (lastScreen, *stripetest.Gate) {
	s.t.Helper()
	_, _, checkout := s.checkout(0, s.shelfLine())
	gate := s.standIn.StopAt(openRoute, moment)
	lost := make(chan struct{})
	go func() {
		defer close(lost)
		if got, err := s.confirm(0, checkout, "first "+checkout.ID); err == nil {
			s.t.Errorf("a killed server answered %+v", got)
		}
	}()
	s.t.Cleanup(func() { <-lost })
	s.await(gate)
	return checkout, gate
}

// kill ends the first server and both workers at once, and then lets the provider go on.
func (s *twoNodes) kill(gates ...*stripetest.Gate) {
	for _, node := range []*node{s.nodes[0], s.nodes[1], s.nodes[3]} {
		node.end(os.Kill)
	}
	for _, gate := range gates {
		gate.Open()
	}
}

// comeBack is the buyer of a confirmation that was never answered, at the other server: under the
// same key it is still in hand, under another one it is the order that stands.
func (s *twoNodes) comeBack(checkout lastScreen) rest.PlacedOrder {
	s.t.Helper()
	same, err := s.confirm(1, checkout, "first "+checkout.ID)
	fatal(s.t, err)
	if same.code != "request_in_flight" {
		s.t.Errorf("the same key is answered %+v", same)
	}
	other, err := s.confirm(1, checkout, "second "+checkout.ID)
	fatal(s.t, err)
	if other.status != http.StatusCreated || other.placed.PayURL == "" {
		s.t.Fatalf("another key is answered %+v", other)
	}
	return other.placed
}

// recover lets so much time pass and has other processes make their rounds: the lease of a leader
// that died is over, and the jobs that the dead had in hand are lost.
func (s *twoNodes) recover(pass time.Duration) {
	s.t.Helper()
	for _, death := range deaths {
		_, err := s.db.Exec(`DELETE FROM river_job WHERE kind = $1 AND state = 'running'`, death.job)
		fatal(s.t, err)
	}
	_, err := s.db.Exec(`DELETE FROM river_leader`)
	fatal(s.t, err)
	s.ahead += pass
	fatal(s.t, s.leap(s.t.Context(), pass, s.ahead))
}

// expectOnce holds an order and what the provider did for it against what is wanted.
func (s *twoNodes) expectOnce(name string, placed rest.PlacedOrder, state string, done stripetest.Entry) {
	s.t.Helper()
	books := s.books(placed)
	if s.state(placed) != state || books.Captured != done.Captured || books.Released != done.Released || books.Refunded != done.Refunded {
		s.t.Errorf("%s: the order is %s, the provider's books %+v; want %s and %+v", name, s.state(placed), books, state, done)
	}
	attempts := s.count(`SELECT count(*) FROM payments JOIN orders ON orders.id = order_id WHERE number = $1`, placed.Number)
	again := s.count(`
		SELECT count(*)
		FROM stripe_calls
		JOIN orders ON orders.id = order_id
		WHERE number = $1 AND idempotency_key NOT LIKE '%:1'`, placed.Number)
	if attempts != 1 || again != 0 {
		s.t.Errorf("%s: %d attempts, %d calls under another key", name, attempts, again)
	}
}

// killWhileReading kills the worker when the money is taken and the call noted, but the order does
// not know.
func (s *twoNodes) killWhileReading() {
	placed := s.reviewed()
	fatal(s.t, s.settle(s.t.Context())) // nobody else reads
	s.standIn.SetDelivery(stripetest.Delivery{Drop: 1000})
	gate := s.standIn.StopAt(readRoute, stripetest.BeforeAnswer)
	fatal(s.t, s.approveAtSecond(placed))
	s.await(gate)
	if books := s.books(placed); books.Captured != 1285 || s.state(placed) != "in_review" {
		s.t.Fatalf("too early: the order is %s, the provider's books %+v", s.state(placed), books)
	}
	s.kill(gate)
	s.recover(11 * time.Minute)
	s.expectOnce("reading", placed, "approved", stripetest.Entry{Captured: 1285})
	s.standIn.Heal()
	s.sound()
}

// killBeforePage kills the server before the buyer was given a page, and the buyer does not return:
// the order ends by itself and gives its piece back.
func (s *twoNodes) killBeforePage() {
	reserved := func() int { return s.count(`SELECT sum(reserved) FROM variants`) }
	before := reserved()
	s.standIn.SetDelivery(stripetest.Delivery{Drop: 1000})
	_, gate := s.dieOpening(stripetest.BeforeAnswer)
	if reserved() != before+1 {
		s.t.Errorf("%d pieces are reserved, %d were before", reserved(), before)
	}
	s.kill(gate)
	s.recover(3 * time.Hour)
	if left := s.count(`SELECT count(*) FROM orders WHERE state = 'awaiting_payment'`); left != 0 || reserved() != before {
		s.t.Errorf("%d orders wait for a payment, %d pieces are reserved, %d were before", left, reserved(), before)
	}
	s.standIn.Heal()
	s.sound()
}

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tsukuriba/api"
	"tsukuriba/api/rest"
	"tsukuriba/orders/stripe/stripetest"
)

// twoNodes is a private shop of four processes: two servers, which are spoken to by addresses of
// their own, and two workers, over one database and before one stand-in of Stripe.
type twoNodes struct {
	*soak
	t     *testing.T
	staff [2]*visitor // one member of staff, signed in at both servers
	*history
}

// history is what has been going on in all tests of a shop.
type history struct {
	visitors int
	ahead    time.Duration // how far the clocks have been moved
}

func openTwoNodes(t *testing.T) *twoNodes {
	t.Helper()
	if testing.Short() {
		t.Skip("starts a shop of four processes")
	}
	t.Setenv("PICTURE_WIDTH", "240") // drawing is slow under the race detector
	var said syncBuffer
	shop, err := startSoak(t.Context(), 1, &said)
	fatal(t, err)
	s := &twoNodes{soak: shop, t: t, history: &history{}}
	t.Cleanup(func() {
		if err := shop.stop(!t.Failed()); err != nil || t.Failed() {
			t.Logf("%v\n%s", err, &said)
		}
	})
	s.staff[0] = s.visitor(0)
	fatal(t, s.staff[0].ask(t.Context(), http.MethodPost, "/staff/session", rest.SignInRequest{Email: demoEmail, Password: demoPassword}, nil))
	elsewhere := *s.staff[0]
	elsewhere.base = s.server(1)
	s.staff[1] = &elsewhere
	return s
}

// in is the shop in a test below.
func (s *twoNodes) in(t *testing.T) *twoNodes {
	here := *s
	here.t = t
	return &here
}

// server is the address of a server, the first or the second.
func (s *twoNodes) server(i int) string { return s.door.rooms[i].String() }

// visitor is somebody with an address of their own who speaks to one of the servers only.
func (s *twoNodes) visitor(node int) *visitor {
	s.visitors++
	v := newVisitor(fmt.Sprint("客 ", s.visitors), s.server(node))
	v.address = fmt.Sprintf("203.0.%d.%d", 113+s.visitors/200, 1+s.visitors%200)
	return v
}

func (s *twoNodes) tagLine() rest.CartLineRequest {
	return rest.CartLineRequest{VariantID: s.goods.tag.Variants[0].ID, DesignID: &s.goods.design.ID, Quantity: 1}
}

func (s *twoNodes) shelfLine() rest.CartLineRequest {
	return rest.CartLineRequest{VariantID: s.goods.shelf[0].Variants[0].ID, Quantity: 1}
}

// checkout is a buyer at a server who stands on the last screen.
func (s *twoNodes) checkout(node int, line rest.CartLineRequest) (v *visitor, cart rest.Cart, checkout lastScreen) {
	s.t.Helper()
	v = s.visitor(node)
	cart, checkout, err := prepareCheckout(s.t.Context(), v, line)
	fatal(s.t, err)
	return v, cart, checkout
}

// confirmation is what a server answered to one.
type confirmation struct {
	status   int
	code     string // of a refusal
	replayed bool
	placed   rest.PlacedOrder
}

// confirm asks a server for the order of a checkout. An error means that nobody answered.
func (s *twoNodes) confirm(node int, checkout lastScreen, key string) (confirmation, error) {
	request, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.server(node)+api.BasePath+checkout.confirm, http.NoBody)
	if err != nil {
		return confirmation{}, err
	}
	request.Header.Set("Idempotency-Key", key)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return confirmation{}, err
	}
	defer func() { _ = response.Body.Close() }()
	got := confirmation{status: response.StatusCode, replayed: response.Header.Get("Idempotent-Replayed") == "true"}
	if got.status != http.StatusCreated {
		var problem rest.Problem
		err := json.NewDecoder(response.Body).Decode(&problem)
		got.code = string(problem.Code)
		return got, err
	}
	return got, json.NewDecoder(response.Body).Decode(&got.placed)
}

func (s *twoNodes) place(line rest.CartLineRequest) rest.PlacedOrder {
	s.t.Helper()
	_, _, checkout := s.checkout(0, line)
	got, err := s.confirm(0, checkout, "place "+checkout.ID)
	if err != nil || got.status != http.StatusCreated {
		s.t.Fatalf("confirm: %+v, %v", got, err)
	}
	return got.placed
}

// sessionOf is the provider's session behind a payment page.
func sessionOf(placed rest.PlacedOrder) string {
	return placed.PayURL[strings.LastIndex(placed.PayURL, "/")+1:]
}

// reviewed is an order whose card is authorized and whose text waits for staff.
func (s *twoNodes) reviewed() rest.PlacedOrder {
	s.t.Helper()
	placed := s.place(s.tagLine())
	fatal(s.t, s.standIn.PayCard(sessionOf(placed)))
	s.reach(placed, "in_review")
	return placed
}

// approved is an order whose card was captured.
func (s *twoNodes) approved() rest.PlacedOrder {
	s.t.Helper()
	placed := s.reviewed()
	fatal(s.t, s.approve(0, placed))
	s.reach(placed, "approved")
	return placed
}

func (s *twoNodes) approve(node int, placed rest.PlacedOrder) error {
	return s.staff[node].ask(s.t.Context(), http.MethodPost, "/staff/orders/"+s.orderID(placed)+"/approve", nil, nil)
}

// cancel is the customer's, at one of the servers.
func (s *twoNodes) cancel(node int, placed rest.PlacedOrder) error {
	return s.visitor(node).ask(s.t.Context(), http.MethodPost, "/orders/"+placed.Token+"/cancel", nil, nil)
}

// orderID is how staff call an order.
func (s *twoNodes) orderID(placed rest.PlacedOrder) string {
	s.t.Helper()
	var page rest.OrderPage
	fatal(s.t, s.staff[0].ask(s.t.Context(), http.MethodGet, "/staff/orders?number="+placed.Number, nil, &page))
	if len(page.Items) != 1 {
		s.t.Fatalf("staff find %d orders %s", len(page.Items), placed.Number)
	}
	return page.Items[0].ID
}

func (s *twoNodes) state(placed rest.PlacedOrder) (state string) {
	s.t.Helper()
	fatal(s.t, s.db.Get(&state, `SELECT state FROM orders WHERE number = $1`, placed.Number))
	return state
}

// reach waits until the workers have brought an order to a state.
func (s *twoNodes) reach(placed rest.PlacedOrder, state string) {
	s.t.Helper()
	fatal(s.t, until(s.t.Context(), time.Minute, placed.Number+" becomes "+state, func() (bool, error) {
		return s.state(placed) == state, nil
	}))
}

// books are what the provider says of an order's payments together.
func (s *twoNodes) books(placed rest.PlacedOrder) (sum stripetest.Entry) {
	for _, entry := range s.standIn.Ledger() {
		if entry.Metadata["order_number"] == placed.Number {
			sum.Captured, sum.Released, sum.Refunded = sum.Captured+entry.Captured, sum.Released+entry.Released, sum.Refunded+entry.Refunded
		}
	}
	return sum
}

func (s *twoNodes) count(query string, args ...any) (n int) {
	s.t.Helper()
	fatal(s.t, s.db.Get(&n, query, args...))
	return n
}

// sound waits until nothing is left to do, and fails unless every invariant holds and both
// ledgers are equal to the yen.
func (s *twoNodes) sound() {
	s.t.Helper()
	fatal(s.t, s.settle(s.t.Context()))
	if said, err := s.check(s.t.Context(), "--stand-in", s.standIn.URL()); err != nil {
		s.t.Errorf("%v\n%s", err, said)
	}
}

// interleave locks rows, has one act after another run into that lock, and lets go: the first that
// came is the first to go on. No job may be waiting, too.
func (s *twoNodes) interleave(lock string, args []any, acts ...func() error) []error {
	s.t.Helper()
	fatal(s.t, s.settle(s.t.Context()))
	tx := s.db.MustBegin()
	defer tx.Rollback() //nolint:errcheck // after a commit there is nothing to roll back
	_, err := tx.Exec(lock, args...)
	fatal(s.t, err)
	outcomes := make([]error, len(acts))
	var all sync.WaitGroup
	for i, act := range acts {
		all.Go(func() { outcomes[i] = act() })
		fatal(s.t, until(s.t.Context(), time.Minute, "somebody waits for the lock", func() (bool, error) {
			return s.count(`SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`) > i, nil
		}))
	}
	fatal(s.t, tx.Commit())
	all.Wait()
	return outcomes
}

// onOrder interleaves what two nodes do to an order.
func (s *twoNodes) onOrder(placed rest.PlacedOrder, acts ...func() error) []error {
	s.t.Helper()
	return s.interleave(`SELECT FROM orders WHERE number = $1 FOR UPDATE`, []any{placed.Number}, acts...)
}

// isRefusal says that somebody was told one of these codes.
func isRefusal(err error, codes ...string) bool {
	no, is := err.(*refused)
	return is && slices.Contains(codes, string(no.problem.Code))
}

// TestTwoNodes has buyers, staff and the provider speak to two whole servers at once.
func TestTwoNodes(t *testing.T) {
	s := openTwoNodes(t)
	for name, test := range map[string]func(*twoNodes){
		"a_hundred_buyers_for_the_last_piece":   func(s *twoNodes) { s.rush(1) },
		"a_hundred_buyers_for_the_last_ten":     func(s *twoNodes) { s.rush(10) },
		"one_event_fifty_times":                 (*twoNodes).oneEventFiftyTimes,
		"a_client_tries_again_at_the_other":     (*twoNodes).retryElsewhere,
		"the_cart_is_edited_at_the_other":       (*twoNodes).editElsewhere,
		"canceled_at_one_and_approved_at_other": (*twoNodes).cancelAgainstApprove,
		"canceled_at_one_and_captured_at_other": (*twoNodes).cancelAgainstCapture,
		"refunded_at_both":                      (*twoNodes).refundAgainstRefund,
	} {
		t.Run(name, func(t *testing.T) {
			here := s.in(t)
			test(here)
			here.sound()
		})
	}
}

func (s *twoNodes) rush(left int) {
	checkouts := make([]lastScreen, 100)
	for i := range checkouts {
		_, _, checkouts[i] = s.checkout(i%2, s.shelfLine())
	}
	_, err := s.db.Exec(`UPDATE variants SET on_hand = reserved + $1 WHERE tracked`, left)
	fatal(s.t, err)
	before := s.count(`SELECT COALESCE(sum(last), 0) FROM order_numbers`)
	var sold atomic.Int64
	var all sync.WaitGroup
	for i, checkout := range checkouts {
		all.Go(func() {
			switch got, err := s.confirm((i+1)%2, checkout, fmt.Sprint("rush ", left, i)); {
			case err != nil:
				s.t.Error(err)
			case got.status == http.StatusCreated:
				sold.Add(1)
			case got.code != "out_of_stock":
				s.t.Errorf("%+v", got)
			}
		})
	}
	all.Wait()
	if numbers := s.count(`SELECT COALESCE(sum(last), 0) FROM order_numbers`) - before; sold.Load() != int64(left) || numbers != left {
		s.t.Errorf("%d were sold under %d numbers, %d were left", sold.Load(), numbers, left)
	}
	_, err = s.db.Exec(`UPDATE variants SET on_hand = reserved + 400 WHERE tracked`)
	fatal(s.t, err)
}

func (s *twoNodes) oneEventFiftyTimes() {
	placed := s.place(s.shelfLine())
	s.standIn.SetDelivery(stripetest.Delivery{Paused: true})
	fatal(s.t, s.standIn.PayCard(sessionOf(placed)))
	ids := s.standIn.EventIDs("checkout.session.completed")
	id := ids[len(ids)-1]
	body := s.event(id)
	var all sync.WaitGroup
	for i := range 50 {
		all.Go(func() {
			if status, err := s.deliver(i%2, body); err != nil || status != http.StatusOK {
				s.t.Errorf("server %d answered %d, %v", i%2, status, err)
			}
		})
	}
	all.Wait()
	s.reach(placed, "ready")
	s.standIn.Heal()
	fatal(s.t, s.settle(s.t.Context()))
	stored := s.count(`SELECT count(*) FROM stripe_events WHERE id = $1`, id)
	captures := s.count(`SELECT count(*) FROM money_ledger JOIN orders ON orders.id = order_id WHERE number = $1 AND kind = 'capture'`, placed.Number)
	jobs := s.count(`SELECT count(*) FROM river_job WHERE kind = 'orders.process_event' AND args::text LIKE '%' || $1 || '%'`, id)
	if stored != 1 || captures != 1 || jobs != 1 {
		s.t.Errorf("stored %d times, %d jobs, %d captures", stored, jobs, captures)
	}
}

// event is an event as the provider lists it, which is what it sends.
func (s *twoNodes) event(id string) []byte {
	s.t.Helper()
	request, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.standIn.URL()+"/v1/events/"+id, nil)
	fatal(s.t, err)
	request.SetBasicAuth("sk_test_soak", "")
	response, err := http.DefaultClient.Do(request)
	fatal(s.t, err)
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	fatal(s.t, err)
	return body
}

func (s *twoNodes) deliver(node int, body []byte) (status int, err error) {
	request, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.server(node)+api.BasePath+"/webhooks/stripe", bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Stripe-Signature", stripetest.Sign(body, soakSecret, time.Now()))
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err
	}
	_ = response.Body.Close()
	return response.StatusCode, nil
}

func (s *twoNodes) retryElsewhere() {
	_, _, checkout := s.checkout(0, s.tagLine())
	first, err := s.confirm(0, checkout, "one key")
	fatal(s.t, err)
	again, err := s.confirm(1, checkout, "one key")
	fatal(s.t, err)
	other, err := s.confirm(1, checkout, "another key")
	fatal(s.t, err)
	if first.status != http.StatusCreated || first.replayed || !again.replayed || again.placed != first.placed {
		s.t.Errorf("first %+v, at the other server %+v", first, again)
	}
	if other.replayed || other.placed.Number != first.placed.Number || other.placed.Token != first.placed.Token || other.placed.PayURL != first.placed.PayURL {
		s.t.Errorf("first %+v, under another key %+v", first, other)
	}
	if sessions := s.count(`SELECT count(*) FROM payments JOIN orders ON orders.id = order_id WHERE number = $1`, first.placed.Number); sessions != 1 {
		s.t.Errorf("%d attempts", sessions)
	}
}

// editElsewhere has tab A confirm at one server and tab B fill the cart at the other, each first once.
func (s *twoNodes) editElsewhere() {
	for _, edited := range []bool{false, true} {
		_, cart, checkout := s.checkout(0, s.tagLine())
		tabB := s.visitor(1)
		var got confirmation
		acts := []func() error{
			func() (err error) { got, err = s.confirm(0, checkout, "tab A "+checkout.ID); return err },
			func() error {
				return tabB.ask(s.t.Context(), http.MethodPost, "/carts/"+cart.Token+"/lines", s.shelfLine(), nil)
			},
		}
		if edited {
			slices.Reverse(acts)
		}
		for _, err := range s.interleave(`SELECT FROM carts FOR UPDATE`, nil, acts...) {
			fatal(s.t, err)
		}
		var left rest.Cart
		fatal(s.t, tabB.ask(s.t.Context(), http.MethodGet, "/carts/"+cart.Token, nil, &left))
		if edited {
			if got.code != "cart_changed" || len(left.Lines) != 2 {
				s.t.Errorf("edited first: %+v, %d lines are in the cart", got, len(left.Lines))
			}
			continue
		}
		var order rest.CustomerOrder
		fatal(s.t, tabB.ask(s.t.Context(), http.MethodGet, "/orders/"+got.placed.Token, nil, &order))
		if order.TotalYen != checkout.TotalYen || len(order.Lines) != 1 || len(left.Lines) != 1 {
			s.t.Errorf("%d yen were shown, the order is %+v; %d lines are in the cart", checkout.TotalYen, order, len(left.Lines))
		}
	}
}

func (s *twoNodes) cancelAgainstApprove() {
	for _, canceledFirst := range []bool{true, false} {
		placed := s.reviewed()
		id := s.orderID(placed)
		cancel := func() error { return s.cancel(0, placed) } // until the first piece is started the customer always may
		approve := func() error {
			return s.staff[1].ask(s.t.Context(), http.MethodPost, "/staff/orders/"+id+"/approve", nil, nil)
		}
		if canceledFirst {
			outcomes := s.onOrder(placed, cancel, approve)
			if outcomes[0] != nil || !isRefusal(outcomes[1], "wrong_order_state") {
				s.t.Errorf("canceled first: %v", outcomes)
			}
		} else if outcomes := s.onOrder(placed, approve, cancel); outcomes[0] != nil || outcomes[1] != nil {
			s.t.Errorf("approved first: %v", outcomes)
		}
		s.sound()
		if books := s.books(placed); s.state(placed) != "canceled" || books.Captured != books.Refunded {
			s.t.Errorf("%s, the provider's books %+v", s.state(placed), books)
		}
	}
}

// cancelAgainstCapture stops the worker's call at the provider's door while the customer cancels.
func (s *twoNodes) cancelAgainstCapture() {
	placed := s.reviewed()
	gate := s.standIn.StopAt(captureRoute, stripetest.BeforeWork)
	fatal(s.t, s.approve(1, placed))
	s.await(gate)
	fatal(s.t, s.cancel(0, placed))
	gate.Open()
	s.sound()
	books := s.books(placed)
	if s.state(placed) != "canceled" || books.Captured != books.Refunded || books.Captured == 0 && books.Released == 0 {
		s.t.Errorf("%s, the provider's books %+v", s.state(placed), books)
	}
}

func (s *twoNodes) await(gates ...*stripetest.Gate) {
	s.t.Helper()
	for _, gate := range gates {
		select {
		case <-gate.Reached():
		case <-time.After(time.Minute):
			s.t.Fatal("a call does not come to its gate")
		}
	}
}

func (s *twoNodes) refundAgainstRefund() {
	placed := s.approved()
	var order rest.StaffOrder
	id := s.orderID(placed)
	fatal(s.t, s.staff[0].ask(s.t.Context(), http.MethodGet, "/staff/orders/"+id, nil, &order))
	refund := func(node int) func() error {
		body := rest.RefundRequest{
			Reason: rest.RefundRequestReasonDefect, Lines: &[]rest.RefundPartRequest{{LineID: order.Lines[0].ID, Quantity: 1}},
		}
		return func() error {
			return s.ask(node, letter{method: http.MethodPost, path: "/staff/orders/" + id + "/refunds", key: fmt.Sprint("refund ", node), body: body})
		}
	}
	granted := 0
	for _, err := range s.onOrder(placed, refund(0), refund(1)) {
		switch {
		case err == nil:
			granted++
		case !isRefusal(err, "refund_too_large", "wrong_order_state"):
			s.t.Error(err)
		}
	}
	s.sound()
	if books := s.books(placed); granted != 1 || books.Refunded != books.Captured {
		s.t.Errorf("%d were granted, the provider's books %+v", granted, books)
	}
}

// ask is what staff ask at one of the servers.
func (s *twoNodes) ask(node int, l letter) error {
	_, err := s.staff[node].send(s.t.Context(), l)
	return err
}

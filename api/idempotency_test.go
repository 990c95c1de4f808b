package api_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"tsukuriba/api"
	"tsukuriba/api/rest"
)

func TestIdempotencyKeys(t *testing.T) {
	t.Parallel()
	h := open(t, api.Limits{})
	v := h.visitor()
	path := v.checkout("はると").confirm

	v.refused(422, "invalid_fields", http.MethodPost, path, nil)
	v.refused(422, "invalid_fields", http.MethodPost, path, nil, idempotent(strings.Repeat("k", 256)))
	first := v.want(http.MethodPost, path, nil, nil, idempotent("k1"))
	again := v.want(http.MethodPost, path, nil, nil, idempotent("k1"))
	if string(again.body) != string(first.body) || again.status != first.status || again.header.Get("Idempotent-Replayed") != "true" || first.header.Get("Idempotent-Replayed") != "" {
		t.Errorf("replayed %d %s %v", again.status, again.body, again.header)
	}
	v.refused(422, "idempotency_key_reused", http.MethodPost, path, map[string]int{"altered": 1}, idempotent("k1"))
	var other, placed rest.PlacedOrder
	v.want(http.MethodPost, path, nil, &placed, idempotent("k1"))
	v.want(http.MethodPost, path, nil, &other, idempotent("k2")) // another key, the same checkout
	if other.Number != placed.Number {
		t.Errorf("two orders %s and %s from one checkout", placed.Number, other.Number)
	}
	v.refused(404, "checkout_not_found", http.MethodPost, "/carts/x/checkouts/chk_x/confirm", nil, idempotent("k1"))
	if replayed := v.ask(http.MethodPost, "/carts/x/checkouts/chk_x/confirm", nil, idempotent("k1")); replayed.status != 404 || replayed.header.Get("Idempotent-Replayed") != "true" {
		t.Errorf("a refusal was not kept: %d", replayed.status)
	}
	h.count(1, `SELECT count(*) FROM orders`)
	h.count(0, `SELECT count(*) FROM idempotency_keys WHERE key = 'k1' OR position($1::bytea IN response) > 0`, []byte(placed.Token))
	cart := strings.Split(path, "/")[2]
	h.count(0, `SELECT count(*) FROM idempotency_keys WHERE position($1 IN scope || key) > 0`, cart)
}

// TestInterruptedRequest: a process that died holds a key for a minute.
func TestInterruptedRequest(t *testing.T) {
	t.Parallel()
	h := open(t, api.Limits{})
	v := h.visitor()
	path := v.checkout("はると").confirm
	v.want(http.MethodPost, path, nil, nil, idempotent("k"))
	_, err := h.db.Exec(`UPDATE idempotency_keys SET state = 'in_flight', status = NULL, content_type = NULL, response = NULL`)
	must(t, err)
	v.refused(409, "request_in_flight", http.MethodPost, path, nil, idempotent("k"))
	_, err = h.db.Exec(`UPDATE idempotency_keys SET created_at = now() - interval '2 minutes'`)
	must(t, err)
	v.want(http.MethodPost, path, nil, nil, idempotent("k"))
	h.count(1, `SELECT count(*) FROM orders`)

	_, err = h.db.Exec(`UPDATE idempotency_keys SET created_at = now() - interval '8 days'`)
	must(t, err)
	must(t, api.DeleteOldIdempotencyKeys(t.Context(), h.db))
	h.count(0, `SELECT count(*) FROM idempotency_keys`)
}

func TestSameKeyAtOnce(t *testing.T) {
	t.Parallel()
	h := open(t, api.Limits{})
	v := h.visitor()
	path := v.checkout("はると").confirm
	var mu sync.Mutex
	bodies, statuses := map[string]bool{}, map[int]int{}
	var all sync.WaitGroup
	for i := range 12 {
		all.Go(func() {
			got := v.ask(http.MethodPost, path, nil, idempotent([]string{"one", "two"}[i%2]))
			mu.Lock()
			defer mu.Unlock()
			statuses[got.status]++
			if got.status == http.StatusCreated {
				bodies[string(got.body)] = true
			} else if code := got.problem(t).Code; code != "request_in_flight" {
				t.Errorf("%d %s", got.status, got.body)
			}
		})
	}
	all.Wait()
	if statuses[http.StatusCreated]+statuses[http.StatusConflict] != 12 || len(bodies) != 1 {
		t.Errorf("%v, %d different answers", statuses, len(bodies))
	}
	h.count(1, `SELECT count(*) FROM orders`)
	h.count(1, `SELECT count(*) FROM payments`)
}

// count fails unless a query counts so many.
func (h *house) count(want int, query string, args ...any) {
	h.t.Helper()
	var got int
	must(h.t, h.db.GetContext(h.t.Context(), &got, query, args...))
	if got != want {
		h.t.Errorf("%d, want %d: %s", got, want, query)
	}
}

// TestUnansweredProvider: the order stands, and its customer pays later.
func TestUnansweredProvider(t *testing.T) {
	t.Parallel()
	h := open(t, api.Limits{})
	v := h.visitor()
	path := v.checkout("はると").confirm
	must(t, h.stripe.Close())
	var placed rest.PlacedOrder
	v.want(http.MethodPost, path, nil, &placed, idempotent("k"))
	if placed.Token == "" || placed.PayURL != "" {
		t.Errorf("%+v", placed)
	}
	if got := v.status(placed); got.Status != rest.CustomerStatusAwaitingPayment {
		t.Errorf("%+v", got)
	}
	v.refused(503, "payment_unavailable", http.MethodPost, "/orders/"+placed.Token+"/payments", nil, idempotent("k"))
	h.count(0, `SELECT count(*) FROM idempotency_keys WHERE scope LIKE '%/payments'`)
}

func TestCancel(t *testing.T) {
	t.Parallel()
	h := open(t, api.Limits{})
	v := h.visitor()
	placed := v.paid("はると")
	var order rest.CustomerOrder
	v.want(http.MethodPost, "/orders/"+placed.Token+"/refresh", nil, &order)
	v.want(http.MethodPost, "/orders/"+placed.Token+"/cancel", nil, &order, idempotent("c"))
	if order.Status != rest.CustomerStatusCanceled || order.CanCancel {
		t.Errorf("%+v", order)
	}
	h.settle()
	v.refused(409, "wrong_order_state", http.MethodPost, "/orders/"+placed.Token+"/payments", nil, idempotent("p"))
}

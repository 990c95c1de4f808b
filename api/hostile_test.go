package api_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"tsukuriba/api"
	"tsukuriba/fulfilment"
)

// TestHostile sends every operation, as everybody, what nobody sends who means well. Whatever it
// is, the answer is a problem that says so, and never our own breakdown.
func TestHostile(t *testing.T) {
	t.Parallel()
	h := open(t, api.Limits{})
	manager := h.staff(fulfilment.Manager)
	tablet := h.tablet(manager)
	visitors := map[string]func() *visitor{
		"":       h.visitor,
		"staff":  func() *visitor { return manager },
		"tablet": func() *visitor { return tablet },
		"member": func() *visitor { return h.at(manager, h.member("はな", nil)) },
	}
	ids := []string{
		"x", "%00", "%FF", "..", "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "'%20OR%201=1--", "%22%3E%3Cscript%3E", strings.Repeat("a", 59), strings.Repeat("a", 5000),
		"ord_01jd3v7zq8e6rtk4v2m8c5n9xw", "%E3%81%82", "-1", "0", "%25", "null", "%F0%A0%AE%B7", "00000000-0000-0000-0000-000000000000", "%0A",
	}
	bodies := []string{
		"", "null", "[]", "{}", `"text"`, "1e999", `{"a":1}`, `{"quantity":-1}`, "\x00", "\xff\xfe", `{"text":"\u0000"}`, strings.Repeat("[", 50_000),
		`{"email":"` + strings.Repeat("a", 300) + `"}`, `{"__proto__":{},"constructor":1}`, `{"name":"\ud800"}`, `{"stage":"king"}`, `{"reason":1}`,
	}
	asked := 0
	for i, id := range ids {
		for j, operation := range h.operations(id) {
			if operation.OperationID == "signOutStaff" {
				continue // the manager is wanted to the end
			}
			v := visitors[operation.subject()]()
			visitors[operation.subject()] = func() *visitor { return v }
			got := v.send(operation.method, operation.path, []byte(bodies[(i+j)%len(bodies)]), idempotent("k"+id))
			asked++
			if got.status >= http.StatusInternalServerError {
				t.Errorf("%s %.80s answered %d: %s", operation.method, operation.path, got.status, got.body)
			}
			if got.status >= http.StatusBadRequest && got.header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("%s %.80s: a refusal of type %q", operation.method, operation.path, got.header.Get("Content-Type"))
			}
		}
	}
	for _, body := range bodies { // valid addresses, junk inside
		for _, operation := range h.operations("x") {
			if operation.subject() == "" && operation.RequestBody != nil {
				if got := h.visitor().send(operation.method, operation.path, []byte(body), idempotent("b")); got.status >= 500 {
					t.Errorf("%s with %.40q answered %d: %s", operation.path, body, got.status, got.body)
				}
			}
		}
	}
	if asked < 900 {
		t.Errorf("only %d requests", asked)
	}
}

func TestHostileQueries(t *testing.T) {
	t.Parallel()
	h := open(t, api.Limits{})
	manager, v := h.staff(fulfilment.Manager), h.visitor()
	for _, value := range []string{
		"\x00", "\xff", "'; DROP TABLE products;--", "%", "_", `\`, strings.Repeat("あ", 99), strings.Repeat("あ", 5000), "\u200b", "🐱", "か\u3099", " ", "%00", "-1", "1e9", "{}",
	} {
		for _, path := range []string{"/products?q=", "/products?cursor=", "/products?collection=", "/products?limit=", "/products/name-tag/picture.png?view=", "/products?unknown="} {
			if got := v.ask(http.MethodGet, path+url.QueryEscape(value), nil); got.status >= 500 {
				t.Errorf("%s%q answered %d: %s", path, value, got.status, got.body)
			}
		}
		for _, path := range []string{"/staff/orders?cursor=", "/staff/orders?number=", "/staff/orders?state=", "/staff/orders?limit=", "/staff/tasks?operation="} {
			if got := manager.ask(http.MethodGet, path+url.QueryEscape(value), nil); got.status >= 500 {
				t.Errorf("%s%q answered %d: %s", path, value, got.status, got.body)
			}
		}
	}
	v.want(http.MethodGet, "/products?q=%25", nil, nil)
}

func TestAddressesThatAreNone(t *testing.T) {
	t.Parallel()
	v := open(t, api.Limits{}).visitor()
	v.refused(404, "route_not_found", http.MethodGet, "/nothing", nil)
	v.refused(404, "route_not_found", http.MethodGet, "/", nil)
	v.refused(405, "method_not_allowed", http.MethodDelete, "/products", nil)
	got := v.refused(405, "method_not_allowed", http.MethodGet, "/webhooks/stripe", nil, header{"Accept-Language", "en"})
	if got.Title != "This cannot be done here." {
		t.Errorf("in English: %s", got.Title)
	}
}

// TestEveryOperationIsServed: the description and the routes are the same.
func TestEveryOperationIsServed(t *testing.T) {
	t.Parallel()
	h := open(t, api.Limits{})
	v := h.visitor()
	for _, operation := range h.operations("x") {
		got := v.ask(operation.method, operation.path, nil)
		if got.status == http.StatusMethodNotAllowed || got.status == 404 && got.problem(t).Code == "route_not_found" {
			t.Errorf("%s is not served", operation.OperationID)
		}
	}
}

func TestDescriptionForPeople(t *testing.T) {
	t.Parallel()
	h := open(t, api.Limits{})
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for path, want := range map[string][]string{
		"/api":              {"/api/v1/products?", "Needs a staff session with <code>orders.approve</code>", "Idempotency-Key"},
		"/api/openapi.yaml": {"openapi: 3.0.3"},
	} {
		response, err := client.Get(h.url + path)
		must(t, err)
		body, err := io.ReadAll(response.Body)
		must(t, err)
		must(t, response.Body.Close())
		for _, part := range want {
			if !strings.Contains(string(body), part) {
				t.Errorf("%s lacks %q", path, part)
			}
		}
		for _, operation := range h.operations("{x}") {
			if path == "/api" && !strings.Contains(string(body), operation.Summary[:min(len(operation.Summary), 12)]) {
				t.Errorf("the page lacks %s", operation.OperationID)
			}
		}
	}
}

// TestDatabaseGone: a house without its database says so, and tells nothing of itself.
func TestDatabaseGone(t *testing.T) {
	t.Parallel()
	h := open(t, api.Limits{})
	manager, v := h.staff(fulfilment.Manager), h.visitor()
	v.design("はると")
	must(t, h.db.Close())
	answers := []answer{
		v.ask(http.MethodGet, "/products", nil), v.ask(http.MethodPost, "/carts", nil), manager.ask(http.MethodGet, "/staff/orders", nil),
	}
	for _, got := range answers {
		p := got.problem(t)
		if got.status < 500 || !slices.Contains([]string{"internal", "unavailable"}, p.Code) || strings.Contains(string(got.body), "sql") {
			t.Errorf("%d %s", got.status, got.body)
		}
	}
	if !json.Valid(answers[2].body) {
		t.Errorf("%s", answers[2].body)
	}
}

package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"tsukuriba/api"
	"tsukuriba/api/rest"
	"tsukuriba/fulfilment"
)

// amounts are what a stranger would add to a request to pay less, or to be given more.
var amounts = []string{
	"price_yen", "unit_price_yen", "total_yen", "goods_yen", "shipping_yen", "discount_yen", "amount", "amount_yen", "total", "currency", "tax_rate", "paid",
}

// with is a body with one more field.
func with(t *testing.T, body any, field string, value any) []byte {
	t.Helper()
	content, err := json.Marshal(body)
	must(t, err)
	fields := map[string]any{}
	if body != nil {
		must(t, json.Unmarshal(content, &fields))
	}
	fields[field] = value
	content, err = json.Marshal(fields)
	must(t, err)
	return content
}

// TestPricesAreOurs adds amounts to every request on the way to an order. Where a request has a
// body, they are refused by name; where it has none, whatever is sent is not read.
func TestPricesAreOurs(t *testing.T) {
	t.Parallel()
	h := open(t, api.Limits{})
	v := h.visitor()
	cart := v.cart("はると")
	line := rest.CartLineRequest{VariantID: v.tagVariant(), DesignID: cart.Lines[0].DesignID, Quantity: 1}
	requests := map[string]struct {
		method, path string
		body         any
	}{
		"a line":          {http.MethodPost, "/carts/" + cart.Token + "/lines", line},
		"a quantity":      {http.MethodPatch, "/carts/" + cart.Token + "/lines/" + cart.Lines[0].ID, rest.QuantityRequest{Quantity: 1}},
		"a design":        {http.MethodPost, "/designs", rest.DesignRequest{Product: "name-tag", Text: "はると"}},
		"the form":        {http.MethodPost, "/carts/" + cart.Token + "/checkouts", customer},
		"a discount code": {http.MethodPut, "/carts/" + cart.Token + "/discount-code", map[string]string{"code": "x"}},
	}
	for name, request := range requests {
		for _, field := range amounts {
			for _, value := range []any{1, 0, -1, "1", 0.5} {
				got := v.send(request.method, request.path, with(t, request.body, field, value))
				if got.status != http.StatusUnprocessableEntity || !strings.Contains(string(got.body), "/"+field) {
					t.Fatalf("%s with %s %v was answered %d %s", name, field, value, got.status, got.body)
				}
			}
		}
	}
	checkout := v.screen(cart, customer)
	var placed rest.PlacedOrder
	v.want(http.MethodPost, checkout.confirm, map[string]any{"total_yen": 1, "amount": 1, "quantity": 99}, &placed, idempotent("k"))
	v.want(http.MethodPost, "/orders/"+placed.Token+"/payments", map[string]any{"amount": 1}, nil, idempotent("p"))
	must(t, h.stripe.PayCard(placed.PayURL[strings.LastIndex(placed.PayURL, "/")+1:]))
	v.settle()
	if order := v.status(placed); order.TotalYen != checkout.TotalYen || h.stripe.Ledger()[0].Authorized != checkout.TotalYen || len(order.Lines) != 1 || order.Lines[0].Quantity != 1 {
		t.Errorf("%d yen were shown; the order is %+v, the provider says %+v", checkout.TotalYen, order, h.stripe.Ledger())
	}
}

// TestRefundsAreOurs has staff, or whoever sits at their desk, ask for more than there is.
func TestRefundsAreOurs(t *testing.T) {
	t.Parallel()
	h := open(t, api.Limits{})
	manager := h.staff(fulfilment.Manager)
	placed := h.visitor().paid("はると")
	var found rest.OrderPage
	manager.want(http.MethodGet, "/staff/orders?number="+placed.Number, nil, &found)
	path := "/staff/orders/" + found.Items[0].ID
	manager.want(http.MethodPost, path+"/approve", nil, nil)
	h.settle()
	var order rest.StaffOrder
	manager.want(http.MethodGet, path, nil, &order)
	part := func(quantity any) map[string]any {
		return map[string]any{"reason": "defect", "lines": []any{map[string]any{"line_id": order.Lines[0].ID, "quantity": quantity}}}
	}
	for i, quantity := range []any{-1, 0, 2, 100, 1.5, "1", nil, 1e18, []int{1}} {
		got := manager.ask(http.MethodPost, path+"/refunds", part(quantity), idempotent(fmt.Sprint("quantity ", i)))
		if got.status != http.StatusUnprocessableEntity {
			t.Errorf("%v pieces: %d %s", quantity, got.status, got.body)
		}
	}
	for i, amount := range []any{-1, 0, 1.5, "100", 1_000_000, 1e18} {
		body := part(1)
		body["part_yen"], body["note"], body["reason"] = amount, "おわび", "goodwill"
		got := manager.ask(http.MethodPost, path+"/refunds", body, idempotent(fmt.Sprint("amount ", i)))
		if got.status != http.StatusUnprocessableEntity {
			t.Errorf("%v yen: %d %s", amount, got.status, got.body)
		}
	}
	for _, field := range amounts {
		got := manager.send(http.MethodPost, path+"/refunds", with(t, part(1), field, 99_999), idempotent(field))
		if got.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d %s", field, got.status, got.body)
		}
	}
	h.count(0, `SELECT count(*) FROM refunds`)
}

func TestQuantitiesOfNewLines(t *testing.T) {
	t.Parallel()
	h := open(t, api.Limits{})
	v := h.visitor()
	var cart rest.Cart
	v.want(http.MethodPost, "/carts", nil, &cart)
	design, variant := v.design("はると"), v.tagVariant()
	for _, quantity := range []string{"-1", "0", "100", "1e99", "1.5", `"1"`, "null", "99999999999999999999", "true", "[1]", "-0.0", "1e-9"} {
		body := fmt.Sprintf(`{"variant_id": %q, "design_id": %q, "quantity": %s}`, variant, design.ID, quantity)
		got := v.send(http.MethodPost, "/carts/"+cart.Token+"/lines", []byte(body))
		if got.status != http.StatusUnprocessableEntity && got.status != http.StatusBadRequest {
			t.Errorf("%s: %d %s", quantity, got.status, got.body)
		}
	}
	for range 2 { // 99 of a thing at most, however often it is put in
		v.ask(http.MethodPost, "/carts/"+cart.Token+"/lines", rest.CartLineRequest{VariantID: variant, DesignID: &design.ID, Quantity: 99})
	}
	v.want(http.MethodGet, "/carts/"+cart.Token, nil, &cart)
	if len(cart.Lines) != 1 || cart.Lines[0].Quantity != 99 {
		t.Errorf("%+v", cart.Lines)
	}
}

// TestTamperedKeys changes single letters of everything that opens a cart, a confirmation or an order.
func TestTamperedKeys(t *testing.T) {
	t.Parallel()
	h := open(t, api.Limits{})
	v := h.visitor()
	cart := v.cart("はると")
	checkout := v.screen(cart, customer)
	placed := h.visitor().order("さくら")
	for _, key := range []struct{ value, method, before, after, code string }{
		{cart.Token, http.MethodGet, "/carts/", "", "cart_not_found"},
		{cart.Token, http.MethodPost, "/carts/", "/checkouts", "cart_not_found"},
		{cart.Token, http.MethodPost, "/carts/", "/checkouts/" + checkout.ID + "/confirm", "checkout_not_found"},
		{checkout.ID, http.MethodPost, "/carts/" + cart.Token + "/checkouts/", "/confirm", "checkout_not_found"},
		{placed.Token, http.MethodGet, "/orders/", "", "order_not_found"},
		{placed.Token, http.MethodPost, "/orders/", "/cancel", "order_not_found"},
		{placed.Token, http.MethodPost, "/orders/", "/payments", "order_not_found"},
	} {
		others := []string{key.value + "0", key.value[1:], strings.ToUpper(key.value) + "_", cart.Lines[0].ID, placed.Number}
		for at := 0; at < len(key.value); at += 7 {
			letter := "0"
			if key.value[at] == '0' {
				letter = "1"
			}
			others = append(others, key.value[:at]+letter+key.value[at+1:])
		}
		for i, other := range slices.DeleteFunc(others, func(other string) bool { return other == key.value }) {
			var body any
			if strings.HasSuffix(key.after, "checkouts") {
				body = customer
			}
			v.refused(http.StatusNotFound, key.code, key.method, key.before+other+key.after, body, idempotent(fmt.Sprint(key.after, i)))
		}
	}
	h.count(1, `SELECT count(*) FROM orders`)
}

// TestConfirmationIsOver holds that a page shown long ago, or one that has become an order, makes
// no other order, and that nobody but its own cart gets the link of that order.
func TestConfirmationIsOver(t *testing.T) {
	t.Parallel()
	h := open(t, api.Limits{})
	v, stranger := h.visitor(), h.visitor()
	first, second := v.checkout("はると"), v.checkout("さくら")
	var placed, again rest.PlacedOrder
	v.want(http.MethodPost, first.confirm, nil, &placed, idempotent("mine"))
	v.want(http.MethodPost, first.confirm, nil, &again, idempotent("lost"))
	if again.Number != placed.Number || again.Token != placed.Token {
		t.Errorf("one page became %+v and %+v", placed, again)
	}
	theirs := "/carts/" + stranger.cart("あき").Token + "/checkouts/"
	for i, path := range []string{theirs + first.ID + "/confirm", theirs + first.ID + "/quotation", theirs + "chk_x/confirm", "/carts/x/checkouts/" + first.ID + "/confirm"} {
		for _, key := range []string{"mine", fmt.Sprint("theirs", i)} {
			stranger.refused(http.StatusNotFound, "checkout_not_found", http.MethodPost, path, nil, idempotent(key))
		}
	}
	_, err := h.db.Exec(`UPDATE checkouts SET expires_at = now() - interval '1 second'`)
	must(t, err)
	v.refused(http.StatusConflict, "checkout_expired", http.MethodPost, second.confirm, nil, idempotent("late"))
	v.want(http.MethodPost, first.confirm, nil, &again, idempotent("late")) // it is an order, however old its page
	h.count(1, `SELECT count(*) FROM orders`)
}

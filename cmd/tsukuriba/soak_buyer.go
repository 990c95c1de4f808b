package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"tsukuriba/api/rest"
)

// buyer is somebody impatient with two tabs and a bad connection.
type buyer struct {
	*soak
	*visitor
	dice   *rand.Rand
	bought []*purchase
}

// purchase is an order as its buyer knows it.
type purchase struct {
	placed  rest.PlacedOrder
	konbini bool
	page    string // where it is paid; empty: not known
	coded   bool   // a konbini code was taken on the page
}

func (s *soak) newBuyer(i int) *buyer {
	v := newVisitor(fmt.Sprintf("客 %d", i+1), s.url)
	v.address = fmt.Sprintf("203.0.113.%d", i+1)
	v.client.Timeout = 30 * time.Second
	return &buyer{soak: s, visitor: v, dice: s.dice(uint64(i) + 1)}
}

// live buys and pays and thinks better of it until ctx ends.
func (b *buyer) live(ctx context.Context) error {
	for pause(ctx, b.dice, 150*time.Millisecond) {
		if len(b.bought) == 0 {
			b.buy(ctx)
			continue
		}
		p := b.bought[b.dice.IntN(len(b.bought))]
		switch dice := b.dice.IntN(20); {
		case dice < 7:
			b.buy(ctx)
		case dice < 15:
			b.pay(ctx, p)
		case dice < 17:
			b.ask(ctx, "return page", p, "refresh")
		case dice < 18:
			b.ask(ctx, "cancel", p, "cancel")
		default:
			b.page(ctx, p)
		}
	}
	return nil
}

// expected are refusals that a buyer or a clerk may meet; any other one is odd.
var expected = []string{
	"out_of_stock", "cart_changed", "cart_empty", "checkout_expired", "wrong_order_state", "changed_meanwhile", "on_hold", "not_paid",
	"too_many_attempts", "refund_too_large", "refund_open", "refund_assigned", "refund_not_failed", "dispute_open",
	"transfer_relied", "no_surplus", "matter_not_found", "refund_not_by_bank", "request_in_flight", "payment_unavailable", "payment_refused", "too_many_requests",
}

// insist sends a letter until it is answered, always under its own key. A refusal comes back as
// *refused; nil, false: nobody answered.
func (s *soak) insist(ctx context.Context, v *visitor, l letter, out any) (*refused, bool) {
	for range 6 {
		answer, err := v.send(ctx, l)
		if err == nil {
			if out != nil {
				err = json.Unmarshal(answer, out)
			}
			if err != nil {
				s.wonder("%s %s answered %.200s", l.method, l.path, answer)
			}
			return nil, true
		}
		no := (*refused)(nil)
		if errors.As(err, &no) && no.status < http.StatusInternalServerError && no.problem.Code != "request_in_flight" {
			s.judge(no)
			return no, true
		}
		s.count("answers missed")
		select {
		case <-ctx.Done():
			return nil, false
		case <-time.After(200 * time.Millisecond):
		}
	}
	return nil, false
}

func (s *soak) judge(no *refused) {
	if !slices.Contains(expected, string(no.problem.Code)) {
		s.wonder("%v", no)
		return
	}
	s.count("refused: " + string(no.problem.Code))
}

func (b *buyer) key() string { return fmt.Sprintf("soak %d %d", b.dice.Uint64(), b.dice.Uint64()) }

// post is a request under a new key.
func (b *buyer) post(path string, body any) letter {
	return letter{method: http.MethodPost, path: path, key: b.key(), body: body}
}

// buy fills a cart and confirms it, in one of the ways in which people do.
func (b *buyer) buy(ctx context.Context) {
	cart, ok := b.fill(ctx)
	if !ok {
		return
	}
	konbini := b.dice.IntN(3) == 0
	checkout, ok := b.prepare(ctx, cart, konbini)
	if !ok {
		return
	}
	switch b.dice.IntN(8) {
	case 0: // tab B changes the cart after tab A has shown the total
		b.changeElsewhere(ctx, cart, checkout)
	case 1: // both tabs show a total, and both are confirmed
		if other, ok := b.prepare(ctx, cart, !konbini); ok {
			first := b.confirm(ctx, checkout, b.key())
			if second := b.confirm(ctx, other, b.key()); first != nil && second != nil {
				b.wonder("one cart became %s and %s", first.Number, second.Number)
			}
			b.keep(first, konbini)
		}
	case 2: // a double click: one key, two requests at once
		key := b.key()
		var twin *rest.PlacedOrder
		var both sync.WaitGroup
		both.Go(func() { twin = b.confirm(ctx, checkout, key) })
		b.same(b.confirm(ctx, checkout, key), &twin, &both, konbini)
	case 3: // once more under another key
		first := b.confirm(ctx, checkout, b.key())
		again := b.confirm(ctx, checkout, b.key())
		b.same(first, &again, &sync.WaitGroup{}, konbini)
	default:
		b.keep(b.confirm(ctx, checkout, b.key()), konbini)
	}
}

// same holds two answers to one confirmation against each other.
func (b *buyer) same(first *rest.PlacedOrder, second **rest.PlacedOrder, both *sync.WaitGroup, konbini bool) {
	both.Wait()
	b.count("confirmed twice")
	switch {
	case first == nil:
		first = *second
	case *second != nil && ((*second).Number != first.Number || (*second).Token != first.Token):
		b.wonder("one confirmation became %s and %s", first.Number, (*second).Number)
	}
	b.keep(first, konbini)
}

func (b *buyer) keep(placed *rest.PlacedOrder, konbini bool) {
	if placed != nil {
		b.bought = append(b.bought, &purchase{placed: *placed, konbini: konbini, page: placed.PayURL})
		b.count("orders placed")
	}
}

// fill makes a cart of something from the shelf, a tag, or both.
func (b *buyer) fill(ctx context.Context) (token string, ok bool) {
	var cart rest.Cart
	if no, ok := b.insist(ctx, b.visitor, b.post("/carts", nil), &cart); no != nil || !ok {
		return "", false
	}
	kind := b.dice.IntN(3)
	if kind != 0 {
		ok = b.add(ctx, cart.Token, b.fromShelf())
	}
	if kind != 1 {
		tag := rest.CartLineRequest{VariantID: b.goods.tag.Variants[0].ID, DesignID: &b.goods.design.ID, Quantity: 1}
		ok = b.add(ctx, cart.Token, tag) || ok
	}
	return cart.Token, ok
}

func (b *buyer) fromShelf() rest.CartLineRequest {
	product := b.goods.shelf[b.dice.IntN(len(b.goods.shelf))]
	return rest.CartLineRequest{VariantID: product.Variants[b.dice.IntN(len(product.Variants))].ID, Quantity: 1 + b.dice.IntN(2)}
}

func (b *buyer) add(ctx context.Context, cart string, line rest.CartLineRequest) bool {
	no, ok := b.insist(ctx, b.visitor, b.post("/carts/"+cart+"/lines", line), nil)
	return ok && no == nil
}

// prepare brings the cart to the last screen and returns its address.
func (b *buyer) prepare(ctx context.Context, cart string, konbini bool) (checkout string, ok bool) {
	some := func(text string) *string { return &text }
	form := rest.CheckoutRequest{
		Name: "髙﨑 福子", Email: "soak@example.jp", Phone: some("09012345678"), PostalCode: some("060-0001"), Prefecture: some("北海道"),
		City: some("札幌市中央区"), Street: some("北一条西2丁目1"), ShippingMethod: "click-post", PaymentMethod: "card",
	}
	switch {
	case konbini:
		form.PaymentMethod = "konbini"
	case b.dice.IntN(4) == 0 && b.worthAnInvoice(ctx, cart):
		form.PaymentMethod, form.Company = "invoice", some("株式会社 福")
	}
	var screen rest.Checkout
	no, ok := b.insist(ctx, b.visitor, b.post("/carts/"+cart+"/checkouts", form), &screen)
	return "/carts/" + cart + "/checkouts/" + screen.ID, ok && no == nil
}

// worthAnInvoice says whether the cart costs enough to be paid by invoice.
func (b *buyer) worthAnInvoice(ctx context.Context, token string) bool {
	var cart rest.Cart
	no, ok := b.insist(ctx, b.visitor, letter{method: http.MethodGet, path: "/carts/" + token}, &cart)
	return ok && no == nil && cart.GoodsYen >= 1000
}

func (b *buyer) confirm(ctx context.Context, checkout, key string) *rest.PlacedOrder {
	var placed rest.PlacedOrder
	no, ok := b.insist(ctx, b.visitor, letter{method: http.MethodPost, path: checkout + "/confirm", key: key}, &placed)
	if no != nil || !ok {
		return nil
	}
	return &placed
}

func (b *buyer) changeElsewhere(ctx context.Context, cart, checkout string) {
	if !b.add(ctx, cart, b.fromShelf()) {
		return
	}
	if placed := b.confirm(ctx, checkout, b.key()); placed != nil {
		b.wonder("%s was made of a cart that had changed", placed.Number)
	}
	b.count("cart changed in another tab")
}

// ask does something to an order of one's own.
func (b *buyer) ask(ctx context.Context, what string, p *purchase, act string) {
	if no, ok := b.insist(ctx, b.visitor, b.post("/orders/"+p.placed.Token+"/"+act, nil), nil); ok && no == nil {
		b.count(what)
	}
}

// page learns where the order is paid.
func (b *buyer) page(ctx context.Context, p *purchase) {
	var payment rest.PaymentPage
	if no, ok := b.insist(ctx, b.visitor, b.post("/orders/"+p.placed.Token+"/payments", nil), &payment); ok && no == nil {
		p.page, p.coded = payment.PayURL, p.coded && payment.PayURL == p.page
		b.count("payment page asked for")
	}
}

// pay does something on the provider's page; that it may be closed is the provider's matter.
func (b *buyer) pay(ctx context.Context, p *purchase) {
	if p.page == "" {
		b.page(ctx, p)
		return
	}
	act := func(address, what string, form url.Values) {
		if err := b.submit(ctx, address, form); err == nil {
			b.count(what)
		}
	}
	dice := b.dice.IntN(10)
	switch {
	case p.konbini && !p.coded:
		act(p.page, "konbini code", url.Values{"pay": {"konbini"}})
		p.coded = true
	case p.konbini && dice < 7:
		act(p.page+"/voucher", "paid at the till", url.Values{"act": {"pay"}, "chain": {"lawson"}})
	case p.konbini && dice < 8:
		act(p.page+"/voucher", "code lapsed", url.Values{"act": {"lapse"}})
	case p.konbini:
	case dice < 6:
		act(p.page, "card", url.Values{"pay": {"card"}})
	case dice < 8:
		act(p.page, "card declined", url.Values{"pay": {"declined"}})
	default:
		act(p.page, "3-D Secure", url.Values{"pay": {"3ds"}})
		act(p.page+"/3ds", "3-D Secure answered", url.Values{"answer": {[]string{"yes", "yes", "no"}[b.dice.IntN(3)]}})
	}
}

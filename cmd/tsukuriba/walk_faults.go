package main

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"tsukuriba/api/rest"
	"tsukuriba/orders/stripe/stripetest"
)

// tale is how one order of the walk is bought and paid. Its zero value is the ordinary way: a
// card that is accepted, and nothing goes wrong.
type tale struct {
	text           string
	trouble        string       // in words, for the timeline
	before         []url.Values // knobs of the stand-in's panel
	beforeApproval []url.Values
	konbini        bool
	pay            func(context.Context, *walk, *walkedOrder) error // nil: payByCard
}

func (t tale) method() string {
	if t.konbini {
		return "konbini"
	}
	return "card"
}

// payment says what the customer does at the end of the purchase. A konbini order with a text of
// its own is paid only once staff have read it.
func (t tale) payment() string {
	switch {
	case t.konbini:
		return "店員の確認を待つ"
	case t.trouble != "":
		return "カードで支払う（" + t.trouble + "）"
	}
	return "カードで支払う"
}

func (t tale) settle(ctx context.Context, w *walk, order *walkedOrder) error {
	switch {
	case t.konbini:
		return w.untilStatus(ctx, order, rest.CustomerStatusChecking)
	case t.pay != nil:
		return t.pay(ctx, w, order)
	}
	return payByCard(ctx, w, order)
}

func (t tale) afterApproval(ctx context.Context, w *walk, order *walkedOrder) error {
	if !t.konbini {
		return nil
	}
	return payAtStore(ctx, w, order)
}

// talesOf has every text bought the ordinary way.
func talesOf(texts []string) (tales []tale) {
	for _, text := range texts {
		tales = append(tales, tale{text: text})
	}
	return tales
}

const (
	openRoute    = "POST /v1/checkout/sessions"
	captureRoute = "POST /v1/payment_intents/{id}/capture"
	refundRoute  = "POST /v1/refunds"
)

func knob(name string, pairs ...string) url.Values {
	form := url.Values{"knob": {name}}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return form
}

func spoil(kind stripetest.FaultKind, route string) url.Values {
	return knob("fault", "kind", string(kind), "route", route)
}

// meetTroubles gives each order a trouble of its own, at the purchase and at the capture.
func (w *walk) meetTroubles(tales []tale) []tale {
	w.standIn = &standInPanel{newVisitor("Stripe", w.base), w.base + standInPath}
	for i, told := range troubles {
		told.text = tales[i].text
		tales[i] = told
	}
	return tales
}

var troubles = []tale{
	{
		trouble:        "通知は 3 通ずつ、1 秒おくれ、逆の順",
		before:         []url.Values{knob("delivery", "copies", "3", "delay", "1", "reverse", "1")},
		beforeApproval: []url.Values{spoil(stripetest.TimeoutAfterCommit, captureRoute)},
	},
	{
		trouble: "通知は 1 通も届かない", pay: payUnheard,
		before:         []url.Values{knob("delivery", "drop", "999")},
		beforeApproval: []url.Values{knob("heal"), spoil(stripetest.FailAfterCommit, captureRoute)},
	},
	{
		trouble: "断られたあと、別のカードで本人認証", pay: payAtSecondTry,
		before:         []url.Values{knob("heal"), spoil(stripetest.FailAfterCommit, openRoute)},
		beforeApproval: []url.Values{spoil(stripetest.Unavailable, captureRoute)},
	},
	{
		konbini: true,
		beforeApproval: []url.Values{
			knob("delivery", "copies", "2", "reverse", "1"), spoil(stripetest.TimeoutAfterCommit, openRoute),
		},
	},
}

// trouble turns knobs; without a stand-in there are none to turn.
func (w *walk) trouble(ctx context.Context, knobs []url.Values) error {
	for _, form := range knobs {
		if err := w.standIn.turn(ctx, form); err != nil {
			return err
		}
	}
	return nil
}

// standInPanel is the panel of the stand-in of Stripe, as a person in a browser has it.
type standInPanel struct {
	*visitor
	url string
}

func (p *standInPanel) turn(ctx context.Context, form url.Values) error {
	return p.submit(ctx, p.url+"/panel", form)
}

// entry is what the stand-in's books say about an order's newest payment.
func (p *standInPanel) entry(ctx context.Context, order *walkedOrder) (entry stripetest.Entry, err error) {
	var books []stripetest.Entry
	if err := askStandIn(ctx, p.url, "ledger", &books); err != nil {
		return entry, err
	}
	for _, line := range books {
		if line.Metadata["order_number"] == order.placed.Number {
			entry = line
		}
	}
	return entry, nil
}

// payUnheard pays while no webhook comes; the return page asks instead.
func payUnheard(ctx context.Context, w *walk, order *walkedOrder) error {
	if err := order.customer.submit(ctx, order.placed.PayURL, url.Values{"pay": {"card"}}); err != nil {
		return err
	}
	if err := order.customer.ask(ctx, http.MethodPost, "/orders/"+order.placed.Token+"/refresh", nil, nil); err != nil {
		return err
	}
	return w.untilStatus(ctx, order, rest.CustomerStatusChecking)
}

func payAtSecondTry(ctx context.Context, w *walk, order *walkedOrder) error {
	page, err := w.payPage(ctx, order)
	if err != nil {
		return err
	}
	for _, act := range []struct {
		address string
		form    url.Values
	}{
		{page, url.Values{"pay": {"declined"}}},
		{page, url.Values{"pay": {"3ds"}}},
		{page + "/3ds", url.Values{"answer": {"yes"}}},
	} {
		if err := order.customer.submit(ctx, act.address, act.form); err != nil {
			return err
		}
	}
	return w.untilStatus(ctx, order, rest.CustomerStatusChecking)
}

// payAtStore takes a konbini code on the page that the mail after the approval leads to, and pays
// it at the till.
func payAtStore(ctx context.Context, w *walk, order *walkedOrder) error {
	page, err := w.takeCode(ctx, order)
	if err != nil {
		return err
	}
	return order.customer.submit(ctx, page+"/voucher", url.Values{"act": {"pay"}, "chain": {"familymart"}})
}

func (w *walk) takeCode(ctx context.Context, order *walkedOrder) (page string, err error) {
	if page, err = w.payPage(ctx, order); err != nil {
		return "", err
	}
	return page, order.customer.submit(ctx, page, url.Values{"pay": {"konbini"}, "phone": {"090-1234-5678"}})
}

// payPage asks for the page to pay at until the provider has answered, as a customer would who
// presses the button again.
func (w *walk) payPage(ctx context.Context, order *walkedOrder) (string, error) {
	var payment rest.PaymentPage
	err := until(ctx, w.patience, "waiting for the payment page", func() (bool, error) {
		err := order.customer.ask(ctx, http.MethodPost, "/orders/"+order.placed.Token+"/payments", nil, &payment)
		if no := (*refused)(nil); errors.As(err, &no) && no.status == http.StatusServiceUnavailable {
			return false, nil
		}
		return err == nil, err
	})
	return payment.PayURL, err
}

// aftermath is what happens to money after the parcels have gone: late money, a refund that times
// out, one made in the provider's dashboard, a dispute.
func (w *walk) aftermath(ctx context.Context) error {
	for _, act := range []struct {
		who, what string
		do        func(context.Context) error
	}{
		{"客", "取り消したあとに、お店のレジで支払う（自動で返金）", w.payTooLate},
		{"客", "支払ったあとに取り消す（返金の返事が来ない）", w.changeMind},
		{"Stripe", "管理画面から 300 円だけ返金する", w.refundBehindTheBack},
		{"カード会社", "異議が来て、お店の言い分が通る", w.quarrel},
	} {
		if err := w.step(act.who, act.what, func() (string, error) { return "", act.do(ctx) }); err != nil {
			return err
		}
	}
	return nil
}

func (w *walk) payTooLate(ctx context.Context) error {
	order, err := w.buyFromShelf(ctx, tale{konbini: true})
	if err != nil {
		return err
	}
	page, err := w.takeCode(ctx, order)
	if err != nil {
		return err
	}
	if err := w.cancel(ctx, order); err != nil {
		return err
	}
	if err := order.customer.submit(ctx, page+"/voucher", url.Values{"act": {"pay"}, "chain": {"lawson"}}); err != nil {
		return err
	}
	entry, err := w.untilBooked(ctx, order, func(e stripetest.Entry) bool { return e.Refunding == e.Captured && e.Captured > 0 })
	if err != nil {
		return err
	}
	return w.standIn.turn(ctx, knob("settle_refund", "id", entry.OpenRefunds[0], "status", "succeeded"))
}

func (w *walk) changeMind(ctx context.Context) error {
	if err := w.buy(ctx, tale{text: "やめた"}); err != nil {
		return err
	}
	order := w.orders[len(w.orders)-1]
	if err := w.approve(ctx, order); err != nil {
		return err
	}
	if err := w.standIn.turn(ctx, spoil(stripetest.TimeoutAfterCommit, refundRoute)); err != nil {
		return err
	}
	if err := w.cancel(ctx, order); err != nil {
		return err
	}
	_, err := w.untilBooked(ctx, order, func(e stripetest.Entry) bool { return e.Refunded == e.Captured && e.Captured > 0 })
	return err
}

// untilBooked waits until the stand-in's books say so about an order's payment.
func (w *walk) untilBooked(ctx context.Context, order *walkedOrder, said func(stripetest.Entry) bool) (entry stripetest.Entry, err error) {
	err = until(ctx, w.patience, "waiting for the books of "+order.placed.Number, func() (bool, error) {
		entry, err = w.standIn.entry(ctx, order)
		return err == nil && said(entry), err
	})
	return entry, err
}

func (w *walk) refundBehindTheBack(ctx context.Context) error {
	entry, err := w.standIn.entry(ctx, w.orders[0])
	if err != nil {
		return err
	}
	return w.standIn.turn(ctx, knob("refund", "id", entry.Intent, "amount", "300"))
}

func (w *walk) quarrel(ctx context.Context) error {
	entry, err := w.standIn.entry(ctx, w.orders[1])
	if err != nil {
		return err
	}
	if err := w.standIn.turn(ctx, knob("dispute", "id", entry.Intent)); err != nil {
		return err
	}
	if entry, err = w.standIn.entry(ctx, w.orders[1]); err != nil {
		return err
	}
	return w.standIn.turn(ctx, knob("decide_dispute", "id", entry.OpenDisputes[0], "outcome", "won"))
}

func (w *walk) cancel(ctx context.Context, order *walkedOrder) error {
	return order.customer.ask(ctx, http.MethodPost, "/orders/"+order.placed.Token+"/cancel", nil, nil)
}

// buyFromShelf confirms an order of something in stock.
func (w *walk) buyFromShelf(ctx context.Context, tale tale) (*walkedOrder, error) {
	order := &walkedOrder{tale: tale, customer: newVisitor("客", w.base)}
	var page rest.ProductPage
	if err := order.customer.ask(ctx, http.MethodGet, "/products", nil, &page); err != nil {
		return nil, err
	}
	for _, listed := range page.Items {
		if listed.Kind != rest.Stock || !listed.Available {
			continue
		}
		var product rest.Product
		if err := order.customer.ask(ctx, http.MethodGet, "/products/"+listed.Slug, nil, &product); err != nil {
			return nil, err
		}
		_, err := w.confirm(ctx, order, product)
		return order, err
	}
	return nil, errors.New("the shelf is empty")
}

// compare heals the provider and waits until no webhook is under way and the jobs have caught up:
// then the checker must find every invariant whole and both ledgers equal.
func (w *walk) compare(ctx context.Context, database string) error {
	if err := w.standIn.turn(ctx, knob("heal")); err != nil {
		return err
	}
	err := until(ctx, w.patience, "waiting for the last webhook", func() (bool, error) {
		var status stripetest.Status
		err := askStandIn(ctx, w.standIn.url, "status", &status)
		return status.Waiting == 0, err
	})
	if err != nil {
		return err
	}
	deadline := time.Now().Add(w.patience)
	for {
		var said bytes.Buffer
		err := check(ctx, database, &said, "--stand-in", w.standIn.url)
		if err == nil || time.Now().After(deadline) {
			_, _ = w.out.Write(said.Bytes())
			return err
		}
		time.Sleep(time.Second)
	}
}

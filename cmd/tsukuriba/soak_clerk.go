package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/oapi-codegen/runtime/types"

	"tsukuriba/api/rest"
	"tsukuriba/internal/jst"
)

// clerk is a staff member at a desk.
type clerk struct {
	*soak
	*visitor
	dice *rand.Rand
}

func (s *soak) newClerk(i int) *clerk {
	v := newVisitor(fmt.Sprintf("職員 %d", i+1), s.url)
	v.address = fmt.Sprintf("203.0.113.%d", 100+i)
	v.client.Timeout = 30 * time.Second
	return &clerk{soak: s, visitor: v, dice: s.dice(100 + uint64(i))}
}

// live reads texts, sends parcels, enters transfers and gives money back until ctx ends.
func (c *clerk) live(ctx context.Context) error {
	for !c.signIn(ctx) {
		if !pause(ctx, c.dice, 15*time.Second) { // five tries a minute are allowed
			return nil
		}
	}
	for pause(ctx, c.dice, 400*time.Millisecond) {
		switch c.dice.IntN(8) {
		case 0, 1, 2:
			c.read(ctx)
		case 3, 4:
			c.ship(ctx)
		case 5:
			c.bank(ctx)
		case 6:
			c.settleTransfers(ctx)
		default:
			c.giveBack(ctx)
		}
	}
	return nil
}

func (c *clerk) signIn(ctx context.Context) bool {
	no, ok := c.insist(ctx, c.visitor, letter{
		method: http.MethodPost, path: "/staff/session", body: rest.SignInRequest{Email: demoEmail, Password: demoPassword},
	}, nil)
	return ok && no == nil
}

// listed are orders of one state.
func (c *clerk) listed(ctx context.Context, state rest.OrderState) []rest.OrderSummary {
	var page rest.OrderPage
	c.insist(ctx, c.visitor, letter{method: http.MethodGet, path: "/staff/orders?limit=20&state=" + string(state)}, &page)
	return page.Items
}

func (c *clerk) act(ctx context.Context, what, path string, body any) {
	l := letter{method: http.MethodPost, path: path, key: fmt.Sprintf("soak %d", c.dice.Uint64()), body: body}
	if no, ok := c.insist(ctx, c.visitor, l, nil); ok && no == nil {
		c.count(what)
	}
}

func (c *clerk) read(ctx context.Context) {
	for _, order := range c.listed(ctx, rest.OrderStateInReview) {
		path := "/staff/orders/" + order.ID
		if c.dice.IntN(8) == 0 {
			c.act(ctx, "refused by staff", path+"/refuse", rest.RefusalRequest{Reason: rest.RefusalRequestReasonNotSuitable})
			continue
		}
		c.act(ctx, "approved by staff", path+"/approve", nil)
	}
}

func (c *clerk) ship(ctx context.Context) {
	for _, order := range c.listed(ctx, rest.OrderStateReady) {
		if c.dice.IntN(2) == 0 {
			c.act(ctx, "shipped", "/staff/orders/"+order.ID+"/ship", rest.HandoverRequest{Carrier: "日本郵便", Tracking: "6300-" + order.Number})
		}
	}
}

// bank enters what orders by invoice are owed, or less, or more, and takes some of it back again.
func (c *clerk) bank(ctx context.Context) {
	states := []rest.OrderState{rest.OrderStateAwaitingPayment, rest.OrderStateAwaitingPayment, rest.OrderStateApproved, rest.OrderStateExpired}
	for _, order := range c.listed(ctx, states[c.dice.IntN(len(states))]) {
		var known rest.StaffOrder
		c.insist(ctx, c.visitor, letter{method: http.MethodGet, path: "/staff/orders/" + order.ID}, &known)
		if known.PaymentMethod != "invoice" || c.dice.IntN(2) == 0 {
			continue
		}
		path := "/staff/orders/" + order.ID + "/transfers"
		if c.dice.IntN(5) == 0 {
			c.takeBack(ctx, path)
			continue
		}
		amounts := []rest.Yen{known.TotalYen, known.TotalYen, known.TotalYen / 2, known.TotalYen + 500}
		c.act(ctx, "transfer entered", path, rest.TransferRequest{
			AmountYen: amounts[c.dice.IntN(len(amounts))], ValueDate: types.Date{Time: time.Now().In(jst.Zone)}, Payer: "ｶ)ﾌｸ",
		})
	}
}

func (c *clerk) takeBack(ctx context.Context, path string) {
	var list rest.TransferList
	c.insist(ctx, c.visitor, letter{method: http.MethodGet, path: path}, &list)
	for _, transfer := range list.Items {
		c.act(ctx, "transfer taken back", "/staff/transfers/"+transfer.ID+"/undo", nil)
	}
}

// settleTransfers does what the list of matters says about transferred money.
func (c *clerk) settleTransfers(ctx context.Context) {
	var list rest.MatterList
	c.insist(ctx, c.visitor, letter{method: http.MethodGet, path: "/staff/money/matters"}, &list)
	for _, matter := range list.Items {
		switch matter.Kind {
		case "surplus", "transfer_refund":
			c.act(ctx, "settled: "+matter.Kind, "/staff/money/actions", rest.MatterActionRequest{Action: matter.Action, Subject: matter.Subject})
		}
	}
}

// giveBack refunds a piece or some of its price, says what a refund of the provider's console was
// for, and tries failed ones again.
func (c *clerk) giveBack(ctx context.Context) {
	states := []rest.OrderState{rest.OrderStateApproved, rest.OrderStateReady, rest.OrderStateShipped}
	listed := c.listed(ctx, states[c.dice.IntN(len(states))])
	if len(listed) == 0 {
		return
	}
	id := listed[c.dice.IntN(len(listed))].ID
	var order rest.StaffOrder
	var money rest.OrderMoney
	c.insist(ctx, c.visitor, letter{method: http.MethodGet, path: "/staff/orders/" + id}, &order)
	c.insist(ctx, c.visitor, letter{method: http.MethodGet, path: "/staff/orders/" + id + "/refunds"}, &money)
	if len(order.Lines) == 0 {
		return
	}
	for _, refund := range money.Refunds {
		switch {
		case refund.Retryable:
			c.act(ctx, "refund tried again", "/staff/refunds/"+refund.ID+"/retry", nil)
			return
		case refund.Origin == rest.RefundOriginExternal && len(refund.Lines) == 0:
			c.act(ctx, "refund of the dashboard explained", "/staff/refunds/"+refund.ID+"/assign", rest.AssignRequest{Shipping: new(true)})
			return
		}
	}
	request := rest.RefundRequest{
		Reason: rest.RefundRequestReasonDefect, Lines: &[]rest.RefundPartRequest{{LineID: order.Lines[0].ID, Quantity: 1}},
	}
	if c.dice.IntN(2) == 0 {
		request.PartYen, request.Note, request.Reason = new(int64(1+c.dice.IntN(300))), new("おわび"), rest.RefundRequestReasonGoodwill
	}
	c.act(ctx, "refund by staff", "/staff/orders/"+id+"/refunds", request)
}

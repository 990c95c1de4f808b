package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"

	"tsukuriba/api/rest"
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

// live reads texts and sends parcels until ctx ends.
func (c *clerk) live(ctx context.Context) error {
	for !c.signIn(ctx) {
		if !pause(ctx, c.dice, 15*time.Second) { // five tries a minute are allowed
			return nil
		}
	}
	for pause(ctx, c.dice, 400*time.Millisecond) {
		if c.dice.IntN(5) < 3 {
			c.read(ctx)
		} else {
			c.ship(ctx)
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
			c.act(ctx, "refused by staff", path+"/refuse", rest.RefusalRequest{Reason: rest.NotSuitable})
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

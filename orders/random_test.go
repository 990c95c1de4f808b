package orders_test

import (
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"tsukuriba/catalog"
	"tsukuriba/internal/yen"
	"tsukuriba/orders"
	"tsukuriba/orders/stripe/stripetest"
)

// storm does whatever customers, staff, the provider and the scheduler may do, to any order, at any
// moment. Refusals are part of it; broken invariants and odd errors are not.
type storm struct {
	*shop  // one of the nodes, another for each step
	nodes  []*shop
	rand   *rand.Rand
	placed []orders.Placed
}

// refusals are answers, not faults.
var refusals = []error{
	orders.ErrWrongState, orders.ErrOnHold, orders.ErrNotPaid, orders.ErrRefundTooLarge, orders.ErrTooManyAttempts,
	orders.ErrGatewayUnavailable,
}

func (s *storm) allow(err error) {
	s.t.Helper()
	if none := (*catalog.OutOfStockError)(nil); err == nil || errors.As(err, &none) {
		return
	}
	if form := (*orders.FormError)(nil); errors.As(err, &form) && form.Fields["lines"] == "required" { // nothing is left of it
		return
	}
	for _, refusal := range refusals {
		if errors.Is(err, refusal) {
			return
		}
	}
	s.t.Fatal(err)
}

// step does one random thing to one random order.
func (s *storm) step() {
	s.shop = s.nodes[s.rand.IntN(len(s.nodes))]
	ctx, placed := s.t.Context(), s.placed[s.rand.IntN(len(s.placed))]
	id := placed.Order.ID
	var err error
	switch dice := s.rand.IntN(40); {
	case dice < 4:
		s.newOrder()
	case dice < 12:
		s.pay(placed)
	case dice < 18:
		_, err = s.Approve(ctx, staff, id)
	case dice < 19:
		_, err = s.Refuse(ctx, staff, id, orders.RefusalReasons[0])
	case dice < 20:
		_, err = s.CancelByCustomer(ctx, placed.LinkToken)
	case dice < 22:
		err = s.refund(placed)
	case dice < 24:
		err = s.inTx(func(tx *sqlx.Tx) error { return s.Started(ctx, tx, id) })
	case dice < 26:
		err = s.inTx(func(tx *sqlx.Tx) error { return s.AllGood(ctx, tx, id) })
	case dice < 28:
		_, err = s.Ship(ctx, staff, id, orders.Handover{Carrier: "日本郵便", Tracking: "1"})
	case dice < 30:
		_, err = s.RetryPayment(ctx, placed.LinkToken)
	case dice < 31:
		s.sweep()
	case dice < 32:
		s.quarrel()
	default:
		s.settle()
	}
	s.allow(err)
}

// refund gives back some piece, some of its price, or something at the provider's.
func (s *storm) refund(placed orders.Placed) error {
	ctx, order := s.t.Context(), s.order(placed)
	request := refundOf(order, 1)
	switch s.rand.IntN(6) {
	case 0:
		request = allOf(order)
	case 1, 2:
		request.Amount, request.Note = yen.Amount(1+s.rand.IntN(500)), "おわび"
	case 3:
		if len(order.Payments) > 0 {
			_, _ = s.stripe.RefundFromDashboard(order.Payments[0].IntentID, int64(1+s.rand.IntN(200)))
		}
		return nil
	case 4:
		for _, refund := range order.Refunds {
			if refund.Unassigned() {
				_, err := s.AssignRefund(ctx, staff, refund.ID, allOf(order).Parts)
				return err
			}
		}
	}
	_, err := s.RequestRefund(ctx, staff, request)
	return err
}

func (s *storm) newOrder() {
	method := []orders.Method{orders.Card, orders.Konbini}[s.rand.IntN(2)]
	lines := [][]orders.LineRequest{{s.tag()}, {s.magnet(1)}, {s.tag(), s.magnet(2)}}[s.rand.IntN(3)]
	placed, err := s.Confirm(s.t.Context(), s.checkout(method, lines...).ID)
	if s.allow(err); err == nil {
		s.placed = append(s.placed, placed)
	}
}

// pay is the customer at the provider; whether that works is the provider's matter.
func (s *storm) pay(placed orders.Placed) {
	for _, payment := range s.order(placed).Payments {
		switch s.rand.IntN(12) {
		case 0:
			_ = s.stripe.DeclineCard(payment.SessionID)
		case 1:
			_ = s.stripe.ExpireAuthorization(payment.IntentID)
		case 2:
			_ = s.stripe.LapseCode(payment.SessionID)
		default:
			_ = s.stripe.PayCard(payment.SessionID)
			_ = s.stripe.IssueCode(payment.SessionID, "09012345678")
			_ = s.stripe.PayAtStore(payment.SessionID, "lawson")
		}
	}
}

// quarrel is what banks do: disputes that begin and end, refunds that arrive or come back.
func (s *storm) quarrel() {
	for _, entry := range s.stripe.Ledger() {
		switch s.rand.IntN(6) {
		case 0:
			_, _ = s.stripe.OpenDispute(entry.Intent, "fraudulent")
		case 1:
			for _, dispute := range entry.OpenDisputes {
				must(s.t, s.stripe.DecideDispute(dispute, s.rand.IntN(2) == 0))
			}
		case 2:
			for _, refund := range entry.OpenRefunds {
				must(s.t, s.stripe.SettleRefund(refund, []string{"succeeded", "failed"}[s.rand.IntN(2)]))
			}
		}
	}
}

func (s *storm) sweep() {
	s.clock.Advance(time.Duration(s.rand.IntN(90)) * time.Minute)
	s.allow(s.ExpireDue(s.t.Context()))
	s.allow(s.Reconcile(s.t.Context()))
}

func TestStorm(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	first := newShop(t)
	s := &storm{shop: first, nodes: []*shop{first, first.twin()}, rand: rand.New(rand.NewPCG(seed, 0))}
	exec(t, s.db, `UPDATE variants SET on_hand = 20 WHERE tracked`)
	for range 4 {
		s.newOrder()
	}
	s.stripe.SetDelivery(stripetest.Delivery{Copies: 2})
	for i := range 300 {
		if s.step(); i%50 == 49 {
			s.whole()
		}
	}
	s.settle()
	s.sound()
	var reached int
	must(t, s.db.Get(&reached, `SELECT count(DISTINCT state) FROM orders`))
	t.Logf("%d orders in %d states, %d payments, %d refunds, %d events", len(s.placed), reached,
		s.count(`SELECT count(*) FROM payments`), s.count(`SELECT count(*) FROM refunds`), s.count(`SELECT count(*) FROM stripe_events`))
}

package orders_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"tsukuriba/orders"
	"tsukuriba/orders/stripe/stripetest"
)

func TestRefundAgainstRefund(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.approved()
	var all sync.WaitGroup
	outcomes := make([]error, 5)
	for i := range outcomes {
		all.Go(func() {
			_, outcomes[i] = s.RequestRefund(t.Context(), staff, orders.RefundOrder{Order: placed.Order.ID, Amount: 700, Reason: "欠け"})
		})
	}
	all.Wait()
	granted := 0
	for _, err := range outcomes {
		if err == nil {
			granted++
		} else if !errors.Is(err, orders.ErrRefundTooLarge) {
			t.Error(err)
		}
	}
	s.settle()
	if order := s.order(placed); granted != 1 || order.Paid != order.Total-700 {
		t.Errorf("%d refunds were granted, %s is left", granted, order.Paid)
	}
	if entries := s.stripe.Ledger(); entries[0].Refunded != 700 {
		t.Errorf("the provider's ledger: %+v", entries)
	}
	err := s.inTx(func(tx *sqlx.Tx) error { return s.MayStart(t.Context(), tx, placed.Order.ID) })
	if !errors.Is(err, orders.ErrNotPaid) {
		t.Errorf("an order that is not fully paid may start: %v", err)
	}
	s.sound()
}

func TestRequestRefundRefuses(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.reviewed()
	if _, err := s.RequestRefund(t.Context(), staff, orders.RefundOrder{Order: placed.Order.ID, Amount: 1, Reason: "x"}); !errors.Is(err, orders.ErrNotPaid) {
		t.Errorf("of what was not captured: %v", err)
	}
	var refused *orders.FormError
	if _, err := s.RequestRefund(t.Context(), staff, orders.RefundOrder{Order: placed.Order.ID, Amount: -1}); !errors.As(err, &refused) || len(refused.Fields) != 2 {
		t.Errorf("less than nothing for no reason: %v", err)
	}
}

func TestPendingRefund(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.approved()
	s.stripe.HoldRefunds(true)
	id, err := s.RequestRefund(t.Context(), staff, orders.RefundOrder{Order: placed.Order.ID, Amount: 500, Reason: "欠け"})
	must(t, err)
	s.settle()
	refunds, err := s.Refunds(t.Context(), placed.Order.ID)
	must(t, err)
	if len(refunds) != 1 || refunds[0].ID != id || refunds[0].State != orders.RefundPending || s.order(placed).Paid != 1285 {
		t.Fatalf("refunds %+v", refunds)
	}
	must(t, s.stripe.SettleRefund(refunds[0].ProviderID, "failed"))
	s.settle()
	order := s.order(placed)
	if order.Paid != 1285 || len(order.Holds) != 1 {
		t.Errorf("after it failed: paid %s, holds %v", order.Paid, order.Holds)
	}
	s.sound()
}

func TestRefundThatTheBankSentBack(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.approved()
	refund := orders.RefundOrder{Order: placed.Order.ID, Amount: placed.Order.Total, Reason: "欠け"}
	_, err := s.RequestRefund(t.Context(), staff, refund)
	must(t, err)
	s.settle()
	refunds, err := s.Refunds(t.Context(), placed.Order.ID)
	must(t, err)
	must(t, s.stripe.SettleRefund(refunds[0].ProviderID, "failed"))
	s.settle()
	if order := s.order(placed); order.Paid != order.Total || len(order.Holds) != 1 {
		t.Errorf("the money is back, but %s counts as paid, holds %v", order.Paid, order.Holds)
	}
	s.sound()
	_, err = s.RequestRefund(t.Context(), staff, refund)
	must(t, err)
	s.settle()
	if order := s.order(placed); order.Paid != 0 {
		t.Errorf("after the second refund %s is left", order.Paid)
	}
	s.sound()
}

func TestReconcileReleasesWhatNobodyWants(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.reviewed()
	_, err := s.CancelByCustomer(t.Context(), placed.LinkToken)
	must(t, err)
	exec(t, s.db, `DELETE FROM river_job`) // the provider was away for days, and the job was given up
	s.clock.Advance(11 * time.Minute)
	must(t, s.Reconcile(t.Context()))
	if entries := s.stripe.Ledger(); entries[0].Released != int64(placed.Order.Total) {
		t.Errorf("the card is still held: %+v", entries)
	}
	s.sound()
}

// counting counts how often the provider is asked about a payment.
type counting struct {
	orders.Gateway
	asked *atomic.Int32
}

func (c counting) Payment(ctx context.Context, ref orders.PaymentRef) (orders.PaymentSnapshot, error) {
	c.asked.Add(1)
	return c.Gateway.Payment(ctx, ref)
}

func TestReconcileAsksInTurn(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	s := newShop(t, func(gateway orders.Gateway) orders.Gateway { return counting{gateway, &asked} })
	s.place(orders.Konbini, s.magnet(1))
	s.clock.Advance(11 * time.Minute)
	for range 2 {
		must(t, s.Reconcile(t.Context()))
	}
	if n := asked.Load(); n != 1 {
		t.Errorf("one payment was asked about %d times, and kept others waiting", n)
	}
}

func TestReconcileFindsWhatWasLost(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.place(orders.Card, s.magnet(1))
	s.stripe.SetDelivery(stripetest.Delivery{Drop: 100})
	must(t, s.stripe.PayCard(s.session(placed)))
	must(t, s.Reconcile(t.Context()))
	s.expect(placed, orders.AwaitingPayment) // nothing has been quiet for long enough
	s.clock.Advance(11 * time.Minute)
	must(t, s.Reconcile(t.Context()))
	s.expect(placed, orders.Ready)
	s.sound()
}

func TestShippingOptions(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	options, err := s.ShippingOptions(t.Context(), s.cart(s.tag()))
	must(t, err)
	var keys, cheapest string
	for _, option := range options {
		keys += option.Key + " "
		if option.Cheapest {
			cheapest += option.Key
		}
		if !option.Window.From.After(s.clock.Now()) {
			t.Errorf("%s is promised for %v", option.Key, option.Window)
		}
	}
	if keys != "click-post no-hurry letter-pack-light letter-pack-plus compact pickup " || cheapest != "click-post" {
		t.Errorf("options %s, cheapest %s", keys, cheapest)
	}
	exec(t, s.db, `
		INSERT INTO shipping_tariffs
		SELECT key, (SELECT max(valid_from) + 1 FROM shipping_tariffs), name, name_en, 700, max_weight_g, max_width_mm,
		       max_depth_mm, max_height_mm, extra_days, needs_address, position
		FROM shipping_tariffs
		WHERE key = 'click-post'`)
	options, err = s.ShippingOptions(t.Context(), s.cart(s.tag()))
	must(t, err)
	if options[0].Price != 700 || options[0].Cheapest {
		t.Errorf("the new tariff is not in force: %+v", options[0])
	}
}

func TestQueueMovesThePromise(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	before, err := s.ShipWindow(t.Context(), 1)
	must(t, err)
	many := s.tag()
	many.Quantity = 99
	s.place(orders.Konbini, many)
	after, err := s.ShipWindow(t.Context(), 1)
	must(t, err)
	if !after.From.After(before.From) {
		t.Errorf("99 open pieces leave the promise at %v", after)
	}
	shelf, err := s.ShipWindow(t.Context(), 0)
	must(t, err)
	if !shelf.From.Before(after.From) {
		t.Errorf("what lies on the shelf is promised for %v", shelf)
	}
}

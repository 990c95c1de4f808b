package orders_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"tsukuriba/orders"
	"tsukuriba/orders/stripe/stripetest"
)

// refundOf asks for so many pieces of the order's first line.
func refundOf(order orders.Order, quantity int) orders.RefundOrder {
	return orders.RefundOrder{
		Order: order.ID, Reason: "defect",
		Parts: []orders.RefundPart{{Kind: orders.PartLine, LineID: order.Lines[0].ID, Quantity: quantity}},
	}
}

// allOf asks for everything an order came to.
func allOf(order orders.Order) orders.RefundOrder {
	request := orders.RefundOrder{Order: order.ID, Reason: "defect"}
	for _, line := range order.Lines {
		request.Parts = append(request.Parts, orders.RefundPart{Kind: orders.PartLine, LineID: line.ID, Quantity: line.Quantity})
	}
	request.Parts = append(request.Parts, orders.RefundPart{Kind: orders.PartShipping})
	return request
}

func TestRefundAgainstRefund(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.approved()
	other := s.twin()
	outcomes := s.interleave(placed,
		func() error { _, err := s.RequestRefund(t.Context(), staff, refundOf(s.order(placed), 1)); return err },
		func() error {
			_, err := other.RequestRefund(t.Context(), staff, refundOf(other.order(placed), 1))
			return err
		},
		func() error { _, err := s.RequestRefund(t.Context(), staff, allOf(s.order(placed))); return err },
	)
	granted := 0
	for _, err := range outcomes {
		if err == nil {
			granted++
		} else if !errors.Is(err, orders.ErrRefundTooLarge) && !errors.Is(err, orders.ErrWrongState) {
			t.Error(err)
		}
	}
	s.settle()
	if order := s.order(placed); granted != 1 || order.Paid != 0 || order.State != orders.Canceled {
		t.Errorf("%d refunds were granted, %s is left, the order is %s", granted, order.Paid, order.State)
	}
	if entries := s.stripe.Ledger(); entries[0].Refunded != 1285 {
		t.Errorf("the provider's ledger: %+v", entries)
	}
	s.sound()
}

func TestRefundAgainstDispute(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.approved()
	order := s.order(placed)
	outcomes := s.interleaveAfter(placed, func(tx *sqlx.Tx) error {
		_, err := tx.Exec(`
			INSERT INTO money_ledger (order_id, payment_id, kind, amount_yen, provider_id, occurred_at)
			VALUES ($1, $2, 'dispute_out', $3, 'dp_1', now())`, order.ID, order.Payments[0].ID, order.Total)
		return err
	}, func() error { _, err := s.RequestRefund(t.Context(), staff, refundOf(order, 1)); return err })
	if !errors.Is(outcomes[0], orders.ErrRefundTooLarge) {
		t.Errorf("money that a dispute took was given back once more: %v", outcomes[0])
	}
	s.settle()
	s.whole() // the provider knows nothing of this dispute
}

func TestRefundAgainstCancel(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.paid(s.tag(), s.tags(2))
	part := refundOf(s.order(placed), 1)
	outcomes := s.interleave(placed,
		func() error { _, err := s.RequestRefund(t.Context(), staff, part); return err },
		func() error { _, err := s.CancelByCustomer(t.Context(), placed.LinkToken); return err },
	)
	must(t, outcomes[1])
	if outcomes[0] != nil && !errors.Is(outcomes[0], orders.ErrRefundTooLarge) {
		t.Error(outcomes[0])
	}
	s.settle()
	s.expect(placed, orders.Canceled)
	if order := s.order(placed); order.Paid != 0 {
		t.Errorf("%s was kept", order.Paid)
	}
	s.sound()
}

func TestRequestRefundRefuses(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	reviewed := s.order(s.reviewed())
	if _, err := s.RequestRefund(t.Context(), staff, refundOf(reviewed, 1)); !errors.Is(err, orders.ErrNotPaid) {
		t.Errorf("of what was not captured: %v", err)
	}
	order := s.order(s.approved())
	stranger := refundOf(order, 1)
	stranger.Parts[0].LineID = reviewed.Lines[0].ID
	for name, c := range map[string]struct {
		request orders.RefundOrder
		fields  string
	}{
		"nothing":                  {orders.RefundOrder{Order: order.ID, Reason: "defect"}, "lines: required"},
		"a line of another order":  {stranger, "lines: unknown"},
		"no pieces":                {refundOf(order, 0), "lines: invalid"},
		"fewer than none":          {refundOf(order, -1), "lines: invalid"},
		"for no reason":            {orders.RefundOrder{Order: order.ID, Parts: refundOf(order, 1).Parts}, "reason: required"},
		"for a reason of its own":  {orders.RefundOrder{Order: order.ID, Parts: refundOf(order, 1).Parts, Reason: "x"}, "reason: unknown"},
		"wrapping nobody paid for": {orders.RefundOrder{Order: order.ID, Parts: []orders.RefundPart{{Kind: orders.PartWrapping}}, Reason: "defect"}, "lines: unknown"},
		"a gesture without a word": {orders.RefundOrder{Order: order.ID, Parts: refundOf(order, 1).Parts, Reason: "goodwill", Amount: 100}, "note: required"},
		"less than nothing":        {orders.RefundOrder{Order: order.ID, Parts: refundOf(order, 1).Parts, Reason: "goodwill", Note: "x", Amount: -1}, "amount: invalid"},
	} {
		var refused *orders.FormError
		if _, err := s.RequestRefund(t.Context(), staff, c.request); !errors.As(err, &refused) || !strings.HasSuffix(refused.Error(), ": "+c.fields) {
			t.Errorf("%s: %v", name, err)
		}
	}
	gesture := refundOf(order, 1)
	gesture.Amount, gesture.Note = 1101, "おわび"
	for name, request := range map[string]orders.RefundOrder{"more pieces than there are": refundOf(order, 2), "more than they cost": gesture} {
		if _, err := s.RequestRefund(t.Context(), staff, request); !errors.Is(err, orders.ErrRefundTooLarge) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRefundOfOneLine(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.paid(s.tag(), s.magnet(3))
	order := s.order(placed)
	shelf := orders.RefundOrder{Order: order.ID, Reason: "unavailable", Parts: []orders.RefundPart{{Kind: orders.PartLine, LineID: order.Lines[1].ID, Quantity: 2}}}
	refund, err := s.RequestRefund(t.Context(), staff, shelf)
	must(t, err)
	if refund.Amount != 1100 || len(refund.Lines) != 1 || refund.Lines[0].Quantity != 2 || refund.Taxes()[0].Tax != 100 {
		t.Errorf("two of three magnets: %+v", refund)
	}
	if reserved := s.count(`SELECT reserved FROM variants WHERE id = $1`, s.goods.magnet); reserved != 1 {
		t.Errorf("%d magnets are kept for the order", reserved)
	}
	s.settle()
	order = s.order(placed)
	if order.State != orders.Approved || order.Paid != order.Total-1100 || order.Wanted(order.Lines[1].ID) != 1 || len(order.Holds) != 0 {
		t.Errorf("the order is %s, paid %s, holds %v", order.State, order.Paid, order.Holds)
	}
	must(t, s.inTx(func(tx *sqlx.Tx) error { return s.Started(t.Context(), tx, order.ID) })) // the tag goes on
	s.sound()
	tag := refundOf(order, 1)
	tag.Amount, tag.Reason, tag.Note = 300, "goodwill", "少しおそくなったおわび"
	refund, err = s.RequestRefund(t.Context(), staff, tag)
	must(t, err)
	if refund.Amount != 300 || refund.Lines[0].Quantity != 0 {
		t.Errorf("the gesture: %+v", refund)
	}
	refund, err = s.RequestRefund(t.Context(), staff, refundOf(order, 1))
	must(t, err)
	if refund.Amount != order.Lines[0].UnitPrice-300 {
		t.Errorf("what is left of the tag came to %s", refund.Amount)
	}
	s.settle()
	s.sound()
}

func TestRefundOfTheLastPiece(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.approved()
	_, err := s.RequestRefund(t.Context(), staff, refundOf(s.order(placed), 1))
	must(t, err)
	s.settle()
	order := s.order(placed)
	if order.State != orders.Canceled || order.CancelReason != "refunded" || order.Paid != 0 || len(order.Refunds) != 2 {
		t.Errorf("the order is %s (%s), %s was kept, refunds %+v", order.State, order.CancelReason, order.Paid, order.Refunds)
	}
	s.sound()
}

func TestPendingRefund(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.paid(s.tag(), s.tags(2))
	s.stripe.HoldRefunds(true)
	asked, err := s.RequestRefund(t.Context(), staff, refundOf(s.order(placed), 1))
	must(t, err)
	s.settle()
	refunds, err := s.Refunds(t.Context(), placed.Order.ID)
	must(t, err)
	if len(refunds) != 1 || refunds[0].ID != asked.ID || refunds[0].State != orders.RefundPending || s.order(placed).Paid != placed.Order.Total {
		t.Fatalf("refunds %+v", refunds)
	}
	must(t, s.stripe.SettleRefund(refunds[0].ProviderID, "failed"))
	s.settle()
	order := s.order(placed)
	if order.Paid != placed.Order.Total || len(order.Holds) != 1 || order.Holds[0].Reason != orders.HoldRefundFailed {
		t.Errorf("after it failed: paid %s, holds %v", order.Paid, order.Holds)
	}
	s.sound()
}

func TestRefundThatTheBankSentBack(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.paid(s.tag(), s.tags(2))
	refund, err := s.RequestRefund(t.Context(), staff, refundOf(s.order(placed), 1))
	must(t, err)
	s.settle()
	if _, err := s.RetryRefund(t.Context(), staff, refund.ID); !errors.Is(err, orders.ErrRefundNotFailed) {
		t.Errorf("a refund that arrived was tried again: %v", err)
	}
	refunds, err := s.Refunds(t.Context(), placed.Order.ID)
	must(t, err)
	must(t, s.stripe.SettleRefund(refunds[0].ProviderID, "failed"))
	s.settle()
	if order := s.order(placed); order.Paid != order.Total || len(order.Holds) != 1 || !order.Refunds[0].Retryable() {
		t.Errorf("the money is back, but %s counts as paid, holds %v", order.Paid, order.Holds)
	}
	s.sound()
	outcomes := s.interleave(placed,
		func() error { _, err := s.RetryRefund(t.Context(), staff, refund.ID); return err },
		func() error { _, err := s.RetryRefund(t.Context(), staff, refund.ID); return err },
	)
	if (outcomes[0] == nil) == (outcomes[1] == nil) || !errors.Is(errors.Join(outcomes...), orders.ErrRefundNotFailed) {
		t.Errorf("of two tries %v", outcomes)
	}
	s.settle()
	order := s.order(placed)
	if order.Paid != order.Total-refund.Amount || len(order.Holds) != 0 || order.Wanted(order.Lines[0].ID) != order.Lines[0].Quantity-1 {
		t.Errorf("after the second try %s is left, holds %v", order.Paid, order.Holds)
	}
	s.sound()
}

func TestKonbiniRefundWaitsForTheBankAccount(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.place(orders.Konbini, s.magnet(2))
	must(t, s.stripe.IssueCode(s.session(placed), "09012345678"))
	must(t, s.stripe.PayAtStore(s.session(placed), "lawson"))
	s.settle()
	s.expect(placed, orders.Ready)
	_, err := s.RequestRefund(t.Context(), staff, refundOf(s.order(placed), 1))
	must(t, err)
	s.settle()
	order := s.order(placed)
	if order.Refunds[0].State != orders.RefundRequiresAction || order.Paid != order.Total || order.State != orders.Ready {
		t.Fatalf("the refund is %s, the order %s", order.Refunds[0].State, order.State)
	}
	must(t, s.stripe.SettleRefund(order.Refunds[0].ProviderID, "succeeded"))
	s.settle()
	if order := s.order(placed); order.Paid != order.Total-550 {
		t.Errorf("%s is left", order.Paid)
	}
	s.sound()
}

func TestAssignRefund(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.paid(s.tag(), s.magnet(3))
	order := s.order(placed)
	for _, amount := range []int64{1100, 200} {
		_, err := s.stripe.RefundFromDashboard(order.Payments[0].IntentID, amount)
		must(t, err)
		s.settle()
	}
	order = s.order(placed)
	if len(order.Holds) != 1 || order.Holds[0].Reason != orders.HoldExternalRefund || !order.Refunds[0].Unassigned() {
		t.Fatalf("holds %v, refunds %+v", order.Holds, order.Refunds)
	}
	tag := []orders.RefundPart{{Kind: orders.PartLine, LineID: order.Lines[0].ID, Quantity: 1}}
	magnets := []orders.RefundPart{{Kind: orders.PartLine, LineID: order.Lines[1].ID, Quantity: 2}}
	shipping := []orders.RefundPart{{Kind: orders.PartShipping}}
	if _, err := s.AssignRefund(t.Context(), staff, order.Refunds[0].ID, shipping); !errors.Is(err, orders.ErrRefundTooLarge) {
		t.Errorf("¥1,100 of ¥185 for shipping: %v", err)
	}
	assigned, err := s.AssignRefund(t.Context(), staff, order.Refunds[0].ID, magnets)
	must(t, err)
	if assigned.Lines[0].Quantity != 2 || assigned.Lines[0].Amount != 1100 {
		t.Errorf("two magnets: %+v", assigned)
	}
	if _, err := s.AssignRefund(t.Context(), staff, order.Refunds[0].ID, magnets); !errors.Is(err, orders.ErrRefundAssigned) {
		t.Errorf("said twice: %v", err)
	}
	if order := s.order(placed); len(order.Holds) != 1 {
		t.Errorf("the order goes on although one refund is not explained: %v", order.Holds)
	}
	assigned, err = s.AssignRefund(t.Context(), staff, order.Refunds[1].ID, tag)
	must(t, err)
	if assigned.Lines[0].Quantity != 0 || assigned.Lines[0].Amount != 200 {
		t.Errorf("¥200 of a tag: %+v", assigned)
	}
	order = s.order(placed)
	if len(order.Holds) != 0 || order.Wanted(order.Lines[0].ID) != 1 || order.Wanted(order.Lines[1].ID) != 1 {
		t.Errorf("holds %v, wanted %d and %d", order.Holds, order.Wanted(order.Lines[0].ID), order.Wanted(order.Lines[1].ID))
	}
	s.settle()
	if n := s.count(`SELECT count(*) FROM documents WHERE kind = 'refund_note' AND amount_yen IN (1100, 200)`); n != 2 {
		t.Errorf("%d notes were issued by themselves", n)
	}
	s.sound()
}

// TestRefundMadeInstead has the bank send a refund back, and staff make it in the provider's console
// instead of trying it again here.
func TestRefundMadeInstead(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.paid(s.tag(), s.magnet(3))
	order := s.order(placed)
	request := orders.RefundOrder{Order: order.ID, Reason: "defect", Parts: []orders.RefundPart{
		{Kind: orders.PartLine, LineID: order.Lines[1].ID, Quantity: 2}, {Kind: orders.PartShipping},
	}}
	s.stripe.HoldRefunds(true)
	failed, err := s.RequestRefund(t.Context(), staff, request)
	must(t, err)
	s.settle()
	must(t, s.stripe.SettleRefund(s.order(placed).Refunds[0].ProviderID, "failed"))
	s.stripe.HoldRefunds(false)
	_, err = s.stripe.RefundFromDashboard(order.Payments[0].IntentID, int64(failed.Amount))
	must(t, err)
	s.settle()
	order = s.order(placed)
	if len(order.Holds) != 2 || !order.Refunds[1].Unassigned() {
		t.Fatalf("holds %v, refunds %+v", order.Holds, order.Refunds)
	}
	instead, err := s.AssignRefund(t.Context(), staff, order.Refunds[1].ID, request.Parts)
	must(t, err)
	order = s.order(placed)
	if instead.RetryOf != failed.ID || order.Refunds[0].Retryable() || len(order.Holds) != 0 {
		t.Errorf("%+v, holds %v", instead, order.Holds)
	}
	if order.Wanted(order.Lines[0].ID) != 1 || order.Wanted(order.Lines[1].ID) != 1 || s.reserved() != 1 {
		t.Errorf("%d tags and %d magnets are wanted, %d are reserved", order.Wanted(order.Lines[0].ID), order.Wanted(order.Lines[1].ID), s.reserved())
	}
	if _, err := s.RetryRefund(t.Context(), staff, failed.ID); !errors.Is(err, orders.ErrRefundNotFailed) {
		t.Errorf("given back twice: %v", err)
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
	options, err := s.ShippingOptions(t.Context(), s.cart(s.tag()), "")
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
	if keys != "click-post no-hurry letter-pack-light letter-pack-plus compact yu-pack-60 yu-pack-80 pickup " || cheapest != "click-post" {
		t.Errorf("options %s, cheapest %s", keys, cheapest)
	}
	exec(t, s.db, `
		INSERT INTO shipping_tariffs
		SELECT key, (SELECT max(valid_from) + 1 FROM shipping_tariffs), name, name_en, 700, max_weight_g, max_width_mm,
		       max_depth_mm, max_height_mm, extra_days, needs_address, position
		FROM shipping_tariffs
		WHERE key = 'click-post'`)
	options, err = s.ShippingOptions(t.Context(), s.cart(s.tag()), "")
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

package orders_test

import (
	"errors"
	"strings"
	"testing"

	"tsukuriba/internal/yen"
	"tsukuriba/orders"
)

// sentBack is an order with a refund of everything, or of one piece of its first line, that failed.
func (s *shop) sentBack(placed orders.Placed, request orders.RefundOrder) orders.Refund {
	s.t.Helper()
	s.stripe.HoldRefunds(true)
	asked, err := s.RequestRefund(s.t.Context(), staff, request)
	must(s.t, err)
	s.settle()
	for _, refund := range s.order(placed).Refunds {
		if refund.ID == asked.ID {
			must(s.t, s.stripe.SettleRefund(refund.ProviderID, "failed"))
		}
	}
	s.stripe.HoldRefunds(false)
	s.settle()
	failed, err := s.Refund(s.t.Context(), asked.ID)
	must(s.t, err)
	if !failed.Retryable() || len(s.matters()) != 1 {
		s.t.Fatalf("refund %+v, matters %+v", failed, s.matters())
	}
	return failed
}

func TestCloseRefundGivenInCash(t *testing.T) {
	t.Parallel()
	for name, given := range map[string]yen.Amount{"whole": 1285, "in part": 1000, "not at all": 0} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t)
			placed := s.approved()
			failed := s.sentBack(placed, allOf(s.order(placed)))
			closed, err := s.CloseRefund(t.Context(), staff, failed.ID, orders.RefundClosing{Given: given, Reason: " 窓口でお渡しした "})
			must(t, err)
			s.settle()
			order := s.order(placed)
			if closed.ClosedReason != "窓口でお渡しした" || closed.Waived != 1285-given || order.Paid != 1285-given || len(order.Holds) != 0 || order.State != orders.Canceled {
				t.Errorf("closed %+v; %s counts as paid, holds %v, %s", closed, order.Paid, order.Holds, order.State)
			}
			if left := order.Refundable(); left[0].Left != 0 || left[0].Quantity != 0 || left[1].Left != 0 {
				t.Errorf("it can be given back again: %+v", left)
			}
			if given > 0 {
				if with := order.Refunds[1]; with.Origin != orders.ByOtherMeans || with.State != orders.RefundSucceeded || with.RetryOf != failed.ID || with.Amount != given {
					t.Errorf("given with %+v", with)
				}
				last := s.letters.letters[len(s.letters.letters)-1]
				if !strings.Contains(last.Text, "お話しした方法でお渡ししました") || !strings.Contains(last.Subject, given.String()) {
					t.Errorf("the letter says %s: %s", last.Subject, last.Text)
				}
				if notes := s.count(`SELECT count(*) FROM documents WHERE kind = 'refund_note' AND amount_yen = $1`, given); notes != 1 {
					t.Errorf("%d notes say what was given back", notes)
				}
			}
			if entry := s.stripe.Ledger()[0]; entry.Refunded != 0 {
				t.Errorf("the provider has given back %d", entry.Refunded)
			}
			if matters := s.matters(); len(matters) != 0 {
				t.Errorf("it is still a matter: %+v", matters)
			}
			s.sound()
			s.refusesToGiveAgain(placed, failed)
		})
	}
}

// refusesToGiveAgain tries every way in which a closed refund could be given back once more.
func (s *shop) refusesToGiveAgain(placed orders.Placed, closed orders.Refund) {
	s.t.Helper()
	if _, err := s.RetryRefund(s.t.Context(), staff, closed.ID); !errors.Is(err, orders.ErrRefundNotFailed) {
		s.t.Errorf("tried again: %v", err)
	}
	if _, err := s.CloseRefund(s.t.Context(), staff, closed.ID, orders.RefundClosing{Given: 1, Reason: "x"}); err != nil {
		s.t.Errorf("closing twice: %v", err)
	}
	if _, err := s.RequestRefund(s.t.Context(), staff, allOf(s.order(placed))); !errors.Is(err, orders.ErrRefundTooLarge) {
		s.t.Errorf("asked for again: %v", err)
	}
	if n := s.count(`SELECT count(*) FROM audit_entries WHERE action = 'refund.closed'`); n != 1 {
		s.t.Errorf("%d closings are recorded", n)
	}
	s.sound()
}

// TestCloseRefundMadeAtProvider: staff gave a part back in the provider's console, and the customer
// agreed that this is all.
func TestCloseRefundMadeAtProvider(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.paid(s.tag(), s.magnet(1))
	order := s.order(placed)
	request := refundOf(order, 1)
	failed := s.sentBack(placed, request)
	_, err := s.stripe.RefundFromDashboard(order.Payments[0].IntentID, 700)
	must(t, err)
	s.settle()
	outside := s.order(placed).Refunds[1].ID
	if _, err := s.AssignRefund(t.Context(), staff, outside, request.Parts); !errors.Is(err, orders.ErrRefundTooLarge) {
		t.Errorf("less takes the place of what is still owed: %v", err)
	}
	_, err = s.CloseRefund(t.Context(), staff, failed.ID, orders.RefundClosing{Reason: "Stripeの画面で700円を返し、残りは辞退された"})
	must(t, err)
	if holds := s.order(placed).Holds; len(holds) != 1 || holds[0].Reason != orders.HoldExternalRefund {
		t.Errorf("holds %v", holds)
	}
	s.sound()
	instead, err := s.AssignRefund(t.Context(), staff, outside, request.Parts)
	must(t, err)
	order = s.order(placed)
	if instead.RetryOf != failed.ID || instead.Lines[0].Quantity != 1 || instead.Lines[0].Amount != 700 || order.Refunds[0].Waived != failed.Amount-700 {
		t.Errorf("instead %+v of %+v", instead, order.Refunds[0])
	}
	if left := order.Refundable()[0]; left.Left != 0 || left.Quantity != 0 || order.Wanted(order.Lines[0].ID) != 0 {
		t.Errorf("left %+v of %s, %d are wanted", left, order.Lines[0].Net(), order.Wanted(order.Lines[0].ID))
	}
	if len(order.Holds) != 0 || len(s.matters()) != 0 {
		t.Errorf("holds %v, matters %+v", order.Holds, s.matters())
	}
	rest := orders.RefundOrder{Order: order.ID, Reason: "defect", Parts: []orders.RefundPart{
		{Kind: orders.PartLine, LineID: order.Lines[1].ID, Quantity: 1}, {Kind: orders.PartShipping},
	}}
	_, err = s.RequestRefund(t.Context(), staff, rest)
	must(t, err)
	s.settle()
	if order = s.order(placed); order.State != orders.Canceled || order.Paid != failed.Amount-700 || s.stripe.Ledger()[0].Refunded != int64(order.Total-order.Paid) {
		t.Errorf("it is %s, %s is left; the provider says %+v", order.State, order.Paid, s.stripe.Ledger()[0])
	}
	s.sound()
}

// TestCloseRefundAgainstRetry has one member of staff close what another tries again.
func TestCloseRefundAgainstRetry(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.paid(s.tags(2))
	failed := s.sentBack(placed, refundOf(s.order(placed), 1))
	outcomes := s.interleave(placed,
		func() error { _, err := s.RetryRefund(t.Context(), staff, failed.ID); return err },
		func() error {
			_, err := s.CloseRefund(t.Context(), staff, failed.ID, orders.RefundClosing{Given: failed.Amount, Reason: "現金で渡した"})
			return err
		},
	)
	if (outcomes[0] == nil) == (outcomes[1] == nil) || !errors.Is(errors.Join(outcomes...), orders.ErrRefundNotFailed) {
		t.Errorf("both or none: %v", outcomes)
	}
	s.settle()
	if order := s.order(placed); order.Paid != order.Total-failed.Amount || len(order.Holds) != 0 {
		t.Errorf("%s is left, holds %v", order.Paid, order.Holds)
	}
	s.sound()
}

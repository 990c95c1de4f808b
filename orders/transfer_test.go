package orders_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"tsukuriba/internal/yen"
	"tsukuriba/orders"
)

func (s *shop) entered(placed orders.Placed) []orders.Transfer {
	s.t.Helper()
	transfers, err := s.Transfers(s.t.Context(), placed.Order.ID)
	must(s.t, err)
	return transfers
}

func (s *shop) undo(placed orders.Placed, nth int) error {
	_, err := s.UndoTransfer(s.t.Context(), staff, s.entered(placed)[nth].ID)
	s.settle()
	return err
}

func TestTransferInParts(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.invoiced(s.tag())
	total := placed.Order.Total
	s.transfer(placed, total-440) // somebody took the bank's charge off
	s.expect(placed, orders.AwaitingPayment)
	if bill := s.bill(placed); bill.Rest != 440 {
		t.Errorf("%s is left to pay", bill.Rest)
	}
	if matter := s.matter(orders.MatterPartPaid, placed); matter.Amount != 440 || matter.Action != orders.ActOpenOrder || matter.Due == nil {
		t.Errorf("matter %+v", matter)
	}
	s.transfer(placed, 440)
	s.expect(placed, orders.Approved)
	order := s.order(placed)
	if order.Paid != total || len(s.matters()) != 0 {
		t.Errorf("paid %s of %s, matters %+v", order.Paid, total, s.matters())
	}
	if transfers := s.entered(placed); len(transfers) != 2 || transfers[0].Payer != "ｶ)ｶﾐﾉﾋｶﾘ" {
		t.Errorf("transfers %+v", transfers)
	}
	s.sound()
}

func TestTransferOfTooMuch(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.invoiced(s.tag())
	s.transfer(placed, placed.Order.Total+1000)
	s.expect(placed, orders.Approved)
	matter := s.matter(orders.MatterSurplus, placed)
	if matter.Amount != 1000 {
		t.Errorf("matter %+v", matter)
	}
	s.resolve(matter, orders.ActReturnSurplus)
	if _, err := s.ReturnSurplus(t.Context(), staff, placed.Order.ID); !errors.Is(err, orders.ErrNoSurplus) {
		t.Errorf("the surplus goes back twice: %v", err)
	}
	refund := s.matter(orders.MatterTransferRefund, placed)
	s.resolve(refund, orders.ActRefundSent)
	must(t, s.Resolve(t.Context(), staff, orders.ActRefundSent, refund.Subject)) // twice is once
	order := s.order(placed)
	if order.State != orders.Approved || order.Paid != order.Total || len(s.matters()) != 0 {
		t.Errorf("%s, paid %s of %s, matters %+v", order.State, order.Paid, order.Total, s.matters())
	}
	if order.Refunds[0].ProviderID != "transfer_refund:"+order.Refunds[0].ID.String() {
		t.Errorf("refund %+v", order.Refunds[0])
	}
	if got := s.letters.subjects(); !slices.ContainsFunc(got, func(subject string) bool { return strings.HasPrefix(subject, "¥1,000を返金しました") }) {
		t.Errorf("mails %q", got)
	}
	if notes := s.count(`SELECT count(*) FROM documents WHERE kind = 'refund_note'`); notes != 0 {
		t.Error("a surplus is noted as if something sold had come back")
	}
	s.sound()
}

func TestTransferEnteredTwice(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		second func(*orders.TransferEntry)
		counts int
	}{
		"the same again":                      {func(*orders.TransferEntry) {}, 1},
		"the payer in other letters":          {func(e *orders.TransferEntry) { e.Payer = "カ)カミノヒカリ" }, 1},
		"another payer":                       {func(e *orders.TransferEntry) { e.Payer = "ﾍﾞﾂﾉﾋﾄ" }, 2},
		"another amount":                      {func(e *orders.TransferEntry) { e.Amount++ }, 2},
		"another reference":                   {func(e *orders.TransferEntry) { e.Reference = "0002" }, 2},
		"told once more, with another amount": {func(e *orders.TransferEntry) { e.Amount++; e.Reference = "0001" }, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t)
			placed := s.invoiced(s.tag())
			first := s.entry(placed, 100)
			if strings.HasPrefix(name, "told") {
				first.Reference = "0001"
			}
			_, err := s.EnterTransfer(t.Context(), staff, first)
			must(t, err)
			test.second(&first)
			_, err = s.EnterTransfer(t.Context(), staff, first)
			must(t, err)
			if n := len(s.entered(placed)); n != test.counts {
				t.Errorf("%d transfers are booked, want %d", n, test.counts)
			}
			s.sound()
		})
	}
	t.Run("at once, at two nodes", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		other := s.twin()
		placed := s.invoiced(s.tag())
		entry := s.entry(placed, placed.Order.Total)
		outcomes := s.interleave(placed,
			func() error { _, err := s.EnterTransfer(t.Context(), staff, entry); return err },
			func() error { _, err := other.EnterTransfer(t.Context(), staff, entry); return err },
		)
		must(t, errors.Join(outcomes...))
		s.settle()
		s.expect(placed, orders.Approved)
		if order := s.order(placed); order.Paid != order.Total || len(s.entered(placed)) != 1 {
			t.Errorf("paid %s, transfers %+v", order.Paid, s.entered(placed))
		}
		s.sound()
	})
	t.Run("for two orders", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		one, two := s.invoiced(s.tag()), s.invoiced(s.tag())
		entry := s.entry(one, 1000)
		entry.Reference = "20261123-7"
		_, err := s.EnterTransfer(t.Context(), staff, entry)
		must(t, err)
		entry.Order = two.Order.ID
		if _, err := s.EnterTransfer(t.Context(), staff, entry); !errors.Is(err, orders.ErrTransferKnown) {
			t.Errorf("err = %v", err)
		}
		must(t, s.undo(one, 0))
		_, err = s.EnterTransfer(t.Context(), staff, entry)
		must(t, err)
		s.sound()
	})
}

func TestTransferRefused(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.invoiced(s.tag())
	for name, test := range map[string]struct {
		change        func(*orders.TransferEntry)
		field, reason string
	}{
		"nothing":            {func(e *orders.TransferEntry) { e.Amount = 0 }, "amount", "invalid"},
		"less than nothing":  {func(e *orders.TransferEntry) { e.Amount = -1 }, "amount", "invalid"},
		"zeros too many":     {func(e *orders.TransferEntry) { e.Amount = 100_000_000 }, "amount", "invalid"},
		"tomorrow":           {func(e *orders.TransferEntry) { e.ValueDate = e.ValueDate.AddDate(0, 0, 1) }, "value_date", "invalid"},
		"before the order":   {func(e *orders.TransferEntry) { e.ValueDate = e.ValueDate.AddDate(0, 0, -1) }, "value_date", "invalid"},
		"on no day":          {func(e *orders.TransferEntry) { e.ValueDate = time.Time{} }, "value_date", "invalid"},
		"by nobody":          {func(e *orders.TransferEntry) { e.Payer = "　" }, "payer", "required"},
		"by a control":       {func(e *orders.TransferEntry) { e.Payer = "a\x00" }, "payer", "invalid"},
		"a novel as note":    {func(e *orders.TransferEntry) { e.Note = strings.Repeat("あ", 501) }, "note", "too_long"},
		"a longer reference": {func(e *orders.TransferEntry) { e.Reference = strings.Repeat("1", 61) }, "reference", "too_long"},
	} {
		t.Run(name, func(t *testing.T) {
			entry := s.entry(placed, 100)
			test.change(&entry)
			_, err := s.EnterTransfer(t.Context(), staff, entry)
			wantField(t, err, test.field, test.reason)
		})
	}
	card := s.place(orders.Card, s.tag())
	if _, err := s.EnterTransfer(t.Context(), staff, s.entry(card, 100)); !errors.Is(err, orders.ErrWrongState) {
		t.Errorf("a card order took a transfer: %v", err)
	}
	review := s.place(orders.ByInvoice, s.tag())
	if _, err := s.EnterTransfer(t.Context(), staff, s.entry(review, 100)); !errors.Is(err, orders.ErrWrongState) {
		t.Errorf("an order without an invoice took a transfer: %v", err)
	}
	if n := s.count(`SELECT count(*) FROM transfers`); n != 0 {
		t.Errorf("%d transfers", n)
	}
}

func TestUndoTransfer(t *testing.T) {
	t.Parallel()
	t.Run("of a part", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		placed := s.invoiced(s.tag())
		s.transfer(placed, 500)
		must(t, s.undo(placed, 0))
		must(t, s.undo(placed, 0))
		if order := s.order(placed); order.State != orders.AwaitingPayment || order.Paid != 0 || s.bill(placed).Rest != order.Total {
			t.Errorf("%s, paid %s", order.State, order.Paid)
		}
		s.transfer(placed, 500) // the same once more is another one now
		if paid := s.order(placed).Paid; paid != 500 {
			t.Errorf("paid %s", paid)
		}
		s.sound()
	})
	t.Run("before anything is started the order waits until it is paid after all", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		placed := s.invoiced(s.tag())
		s.transfer(placed, placed.Order.Total)
		s.expect(placed, orders.Approved)
		must(t, s.undo(placed, 0))
		if err := s.inTx(func(tx *sqlx.Tx) error { return s.Started(t.Context(), tx, placed.Order.ID) }); !errors.Is(err, orders.ErrOnHold) {
			t.Errorf("an unpaid order was started: %v", err)
		}
		if _, err := s.ReleaseHold(t.Context(), staff, placed.Order.ID, orders.HoldUnpaid); !errors.Is(err, orders.ErrNotPaid) {
			t.Errorf("the hold was lifted: %v", err)
		}
		if matter := s.matter(orders.MatterHold, placed); matter.Instead != orders.ActGiveUpUnpaid {
			t.Errorf("matter %+v", matter)
		}
		s.transfer(placed, placed.Order.Total)
		s.make(placed)
		s.sound()
	})
	t.Run("and is given up if it is not", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		placed := s.invoiced(s.magnet(2))
		s.transfer(placed, placed.Order.Total)
		s.expect(placed, orders.Ready)
		must(t, s.undo(placed, 0))
		if _, err := s.Ship(t.Context(), staff, placed.Order.ID, orders.Handover{Carrier: "日本郵便", Tracking: "1"}); !errors.Is(err, orders.ErrOnHold) {
			t.Errorf("an unpaid order was shipped: %v", err)
		}
		s.resolve(s.matter(orders.MatterHold, placed), orders.ActGiveUpUnpaid)
		s.expect(placed, orders.Canceled)
		if len(s.matters()) != 0 || s.count(`SELECT reserved FROM variants WHERE id = $1`, s.goods.magnet) != 0 {
			t.Errorf("matters %+v", s.matters())
		}
		s.sound()
	})
	t.Run("not once something relies on it", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		for name, rely := range map[string]func(orders.Placed) error{
			"work": func(placed orders.Placed) error {
				return s.inTx(func(tx *sqlx.Tx) error { return s.Started(t.Context(), tx, placed.Order.ID) })
			},
			"a receipt": func(placed orders.Placed) error {
				_, err := s.IssueReceipt(t.Context(), placed.LinkToken, nil)
				return err
			},
			"a refund": func(placed orders.Placed) error {
				_, err := s.RequestRefund(t.Context(), staff, refundOf(s.order(placed), 1))
				return err
			},
		} {
			placed := s.invoiced(s.tags(2))
			s.transfer(placed, placed.Order.Total)
			must(t, rely(placed))
			if err := s.undo(placed, 0); !errors.Is(err, orders.ErrTransferRelied) {
				t.Errorf("%s: %v", name, err)
			}
		}
		s.sound()
	})
	t.Run("against the first piece", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		other := s.twin()
		placed := s.invoiced(s.tag())
		s.transfer(placed, placed.Order.Total)
		id := s.entered(placed)[0].ID
		outcomes := s.interleave(placed,
			func() error { _, err := s.UndoTransfer(t.Context(), staff, id); return err },
			func() error {
				return s.inTx(func(tx *sqlx.Tx) error { return other.Started(t.Context(), tx, placed.Order.ID) })
			},
		)
		if (outcomes[0] == nil) == (outcomes[1] == nil) {
			t.Errorf("undone: %v, started: %v", outcomes[0], outcomes[1])
		}
		s.sound()
	})
}

func TestTransferAfterTheEnd(t *testing.T) {
	t.Parallel()
	expired := func(s *shop, lines ...orders.LineRequest) orders.Placed {
		placed := s.invoiced(lines...)
		s.clock.Advance(40 * 24 * time.Hour)
		must(s.t, s.ExpireDue(s.t.Context()))
		s.settle()
		s.expect(placed, orders.Expired)
		return placed
	}
	t.Run("all of it: staff let the order go on", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		placed := expired(s, s.magnet(2))
		s.transfer(placed, placed.Order.Total)
		s.expect(placed, orders.Expired)
		s.resolve(s.matter(orders.MatterLateMoney, placed), orders.ActRevive)
		s.expect(placed, orders.Ready)
		s.sound()
	})
	t.Run("all of it: staff give it back", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		placed := expired(s, s.tag())
		s.transfer(placed, placed.Order.Total)
		s.resolve(s.matter(orders.MatterLateMoney, placed), orders.ActRefundLate)
		s.resolve(s.matter(orders.MatterTransferRefund, placed), orders.ActRefundSent)
		if order := s.order(placed); order.Paid != 0 || order.State != orders.Expired {
			t.Errorf("%s, %s is kept", order.State, order.Paid)
		}
		s.sound()
	})
	t.Run("a part: it only can go back", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		placed := s.invoiced(s.magnet(2))
		s.transfer(placed, 300)
		s.clock.Advance(40 * 24 * time.Hour)
		must(t, s.ExpireDue(t.Context()))
		s.settle()
		s.expect(placed, orders.Expired)
		matter := s.matter(orders.MatterLateMoney, placed)
		if matter.Action != orders.ActRefundLate {
			t.Errorf("matter %+v", matter)
		}
		if _, err := s.Revive(t.Context(), staff, placed.Order.ID); !errors.Is(err, orders.ErrNotPaid) {
			t.Errorf("an unpaid order was revived: %v", err)
		}
		s.clock.Advance(73 * time.Hour)
		must(t, s.Reconcile(t.Context()))
		s.settle()
		s.resolve(s.matter(orders.MatterTransferRefund, placed), orders.ActRefundSent)
		if order := s.order(placed); order.Paid != 0 {
			t.Errorf("%s is kept", order.Paid)
		}
		s.sound()
	})
	t.Run("for a canceled order, entered wrongly", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		placed := s.invoiced(s.tag())
		_, err := s.CancelByCustomer(t.Context(), placed.LinkToken)
		must(t, err)
		s.settle()
		s.transfer(placed, placed.Order.Total)
		s.matter(orders.MatterLateMoney, placed)
		must(t, s.undo(placed, 0))
		if order := s.order(placed); order.State != orders.Canceled || order.Paid != 0 || len(order.Holds) != 0 || len(s.matters()) != 0 {
			t.Errorf("%s, paid %s, holds %+v, matters %+v", order.State, order.Paid, order.Holds, s.matters())
		}
		s.sound()
	})
}

func TestTransferAgainstExpire(t *testing.T) {
	t.Parallel()
	for i := range 4 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			s := newShop(t)
			other := s.twin()
			placed := s.invoiced(s.magnet(2))
			s.clock.Advance(s.order(placed).ExpiresAt.Add(time.Minute).Sub(s.clock.Now()))
			entry := s.entry(placed, placed.Order.Total)
			outcomes := s.interleave(placed,
				func() error { return s.ExpireDue(t.Context()) },
				func() error { _, err := other.EnterTransfer(t.Context(), staff, entry); return err },
			)
			must(t, errors.Join(outcomes...))
			s.settle()
			order := s.order(placed)
			switch order.State {
			case orders.Ready:
				if len(s.matters()) != 0 {
					t.Errorf("matters %+v", s.matters())
				}
			case orders.Expired:
				s.matter(orders.MatterLateMoney, placed)
			default:
				t.Errorf("the order is %s", order.State)
			}
			if order.Paid != order.Total {
				t.Errorf("paid %s", order.Paid)
			}
			s.sound()
		})
	}
}

func TestTransferAgainstCancel(t *testing.T) {
	t.Parallel()
	for i := range 4 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			s := newShop(t)
			other := s.twin()
			placed := s.invoiced(s.tag())
			entry := s.entry(placed, placed.Order.Total)
			outcomes := s.interleave(placed,
				func() error { _, err := s.CancelByCustomer(t.Context(), placed.LinkToken); return err },
				func() error { _, err := other.EnterTransfer(t.Context(), staff, entry); return err },
			)
			must(t, errors.Join(outcomes...))
			s.settle()
			s.expect(placed, orders.Canceled)
			if matter := s.matters(); len(matter) != 1 { // to decide about, or to send back
				t.Fatalf("matters %+v", matter)
			} else if matter[0].Kind == orders.MatterLateMoney {
				s.resolve(matter[0], orders.ActRefundLate)
			}
			s.resolve(s.matter(orders.MatterTransferRefund, placed), orders.ActRefundSent)
			if order := s.order(placed); order.Paid != 0 {
				t.Errorf("%s is kept", order.Paid)
			}
			s.sound()
		})
	}
}

// TestRefundOfTransfer has the bank send a refund back, so that it is sent a second time.
func TestRefundOfTransfer(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.invoiced(s.magnet(4))
	s.transfer(placed, placed.Order.Total)
	refund, err := s.RequestRefund(t.Context(), staff, refundOf(s.order(placed), 1))
	must(t, err)
	s.clock.Advance(time.Hour)
	must(t, s.Reconcile(t.Context()))
	s.settle()
	if state := s.order(placed).Refunds[0].State; state != orders.RefundRequested {
		t.Fatalf("nobody sent it, and it is %s", state)
	}
	if _, err := s.RefundReturned(t.Context(), staff, refund.ID); !errors.Is(err, orders.ErrRefundOpen) {
		t.Errorf("it came back before it was sent: %v", err)
	}
	s.resolve(s.matter(orders.MatterTransferRefund, placed), orders.ActRefundSent)
	_, err = s.RefundReturned(t.Context(), staff, refund.ID)
	must(t, err)
	if paid := s.order(placed).Paid; paid != placed.Order.Total {
		t.Errorf("the money is back, but paid is %s", paid)
	}
	s.resolve(s.matter(orders.MatterRefundFailed, placed), orders.ActRetryRefund)
	s.resolve(s.matter(orders.MatterTransferRefund, placed), orders.ActRefundSent)
	order := s.order(placed)
	if order.Paid != order.Total-refund.Amount || len(s.matters()) != 0 || len(order.Holds) != 0 {
		t.Errorf("paid %s, matters %+v, holds %+v", order.Paid, s.matters(), order.Holds)
	}
	card := s.approved()
	back, err := s.RequestRefund(t.Context(), staff, refundOf(s.order(card), 1))
	must(t, err)
	if _, err := s.RefundSent(t.Context(), staff, back.ID); !errors.Is(err, orders.ErrRefundNotByBank) {
		t.Errorf("a card's refund was sent by bank: %v", err)
	}
	s.settle()
	s.sound()
}

// TestNightKnowsTransfers has the nightly audit look at books of which the provider knows nothing.
func TestNightKnowsTransfers(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.invoiced(s.magnet(4))
	s.transfer(placed, placed.Order.Total+10)
	_, err := s.RequestRefund(t.Context(), staff, refundOf(s.order(placed), 1))
	must(t, err)
	s.settle()
	for _, matter := range s.matters() {
		if matter.Kind == orders.MatterTransferRefund {
			s.resolve(matter, orders.ActRefundSent)
		}
	}
	s.clock.Advance(30 * time.Hour)
	for range 3 {
		must(t, s.AuditBooks(t.Context()))
		must(t, s.CatchUp(t.Context()))
		must(t, s.Reconcile(t.Context()))
	}
	s.matter(orders.MatterSurplus, placed)
	balances, err := s.Balances(t.Context())
	if must(t, err); len(balances) != 0 {
		t.Errorf("balances with the provider: %+v", balances)
	}
	s.sound()
}

// TestTransfersAddUp enters and takes back random transfers: what is paid is always their sum, and
// the order goes on exactly when that is enough.
func TestTransfersAddUp(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	amounts := []yen.Amount{1, 440, 500, 1284, 1285, 3000}
	for range 8 {
		placed := s.invoiced(s.tag())
		sum := yen.Amount(0)
		for step := range 1 + random.IntN(6) {
			entry := s.entry(placed, amounts[random.IntN(len(amounts))])
			entry.Reference = fmt.Sprintf("%s-%d", placed.Order.Number, step)
			_, err := s.EnterTransfer(t.Context(), staff, entry)
			must(t, err)
			if sum += entry.Amount; random.IntN(2) == 0 {
				must(t, s.undo(placed, step))
				sum -= entry.Amount
			}
			order := s.order(placed)
			if order.Paid != sum || (sum >= order.Total) != (order.State != orders.AwaitingPayment && len(order.Holds) == 0) {
				t.Fatalf("%s, holds %v: paid %s, transferred %s of %s", order.State, order.Holds, order.Paid, sum, order.Total)
			}
		}
	}
	s.settle()
	s.sound()
}

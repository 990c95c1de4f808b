package orders_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"tsukuriba/internal/jobs/jobstest"
	"tsukuriba/internal/mail"
	"tsukuriba/internal/photo/phototest"
	"tsukuriba/orders"
	"tsukuriba/orders/stripe/stripetest"
)

func (s *shop) matters() []orders.Matter {
	s.t.Helper()
	matters, err := s.Matters(s.t.Context())
	must(s.t, err)
	n, err := s.CountMatters(s.t.Context())
	must(s.t, err)
	if n != len(matters) {
		s.t.Errorf("%d matters are counted, %d listed", n, len(matters))
	}
	return matters
}

// matter is the only one there is, of this kind and about this order, told plainly.
func (s *shop) matter(kind orders.MatterKind, placed orders.Placed) orders.Matter {
	s.t.Helper()
	matters := s.matters()
	if len(matters) != 1 || matters[0].Kind != kind {
		s.t.Fatalf("want one %s, got %+v", kind, matters)
	}
	m := matters[0]
	if m.Number != placed.Order.Number || m.Subject == "" || m.Action == "" || !strings.HasSuffix(m.Sentence, "。") || strings.Contains(m.Sentence, "%!") {
		s.t.Errorf("not told plainly: %+v", m)
	}
	return m
}

// resolve does what a matter offers, and everything that follows.
func (s *shop) resolve(m orders.Matter, action orders.MatterAction) {
	s.t.Helper()
	if action != m.Action && action != m.Instead {
		s.t.Fatalf("%s is not offered: %+v", action, m)
	}
	must(s.t, s.Resolve(s.t.Context(), staff, action, m.Subject))
	s.settleWithoutWebhooks()
}

func (s *shop) settleWithoutWebhooks() {
	s.t.Helper()
	jobstest.Drain(s.t, s.bus)
}

// nothing fails the test if any matter is left.
func (s *shop) nothing() {
	s.t.Helper()
	if left := s.matters(); len(left) != 0 {
		s.t.Errorf("left: %+v", left)
	}
}

func TestNothingIsTheMatter(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.approved()
	s.reviewed()
	s.place(orders.Konbini, s.magnet(1))
	s.settle()
	s.nothing()
}

func TestMatterOfLateMoney(t *testing.T) {
	t.Parallel()
	for action, want := range map[orders.MatterAction]orders.State{orders.ActRevive: orders.Ready, orders.ActRefundLate: orders.Expired} {
		t.Run(string(action), func(t *testing.T) {
			t.Parallel()
			s := newShop(t)
			placed := s.paidLate(s.magnet(1))
			m := s.matter(orders.MatterLateMoney, placed)
			if m.Due == nil || m.Due.Sub(s.clock.Now()) > 72*time.Hour || m.Action != orders.ActRevive {
				t.Errorf("matter %+v", m)
			}
			s.resolve(m, action)
			s.expect(placed, want)
			s.nothing()
		})
	}
	t.Run("cannot be revived from an empty shelf", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		placed := s.paidLate(s.magnet(2))
		exec(t, s.db, `UPDATE variants SET on_hand = reserved + 1 WHERE tracked`)
		if m := s.matter(orders.MatterLateMoney, placed); m.Action != orders.ActRefundLate || m.Instead != "" {
			t.Errorf("matter %+v", m)
		}
	})
}

func TestMatterOfDispute(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed, id := s.disputed("product_not_received")
	m := s.matter(orders.MatterDispute, placed)
	if m.Action != orders.ActEvidence || m.Due == nil || !strings.Contains(m.Sentence, "商品が届いていない") || !strings.Contains(m.Sentence, "¥1,285") {
		t.Errorf("matter %+v", m)
	}
	must(t, s.stripe.DecideDispute(id, true))
	s.settle()
	s.resolve(s.matter(orders.MatterDisputeWon, placed), orders.ActReleaseHold)
	s.nothing()

	other, id := s.disputed("fraudulent")
	must(t, s.stripe.DecideDispute(id, false))
	s.settle()
	s.resolve(s.matter(orders.MatterDisputeLost, other), orders.ActNoteDispute)
	s.nothing()
	if order := s.order(other); len(order.Holds) != 1 {
		t.Errorf("holds %v", order.Holds)
	}
}

func TestMatterOfLapsingHold(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.reviewed()
	before := *s.order(placed).Payments[0].CaptureBefore
	s.clock.Advance(before.Sub(s.clock.Now()) - 73*time.Hour)
	s.nothing()
	s.clock.Advance(2 * time.Hour)
	m := s.matter(orders.MatterHoldLapsing, placed)
	if m.Action != orders.ActOpenOrder || m.Subject != placed.Order.ID.String() || !m.Due.Equal(before) {
		t.Errorf("matter %+v", m)
	}
	_, err := s.Approve(t.Context(), staff, placed.Order.ID)
	must(t, err)
	s.settle()
	s.nothing()
}

func TestMatterOfRefunds(t *testing.T) {
	t.Parallel()
	t.Run("that failed", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		placed := s.approved()
		s.stripe.HoldRefunds(true)
		refund, err := s.RequestRefund(t.Context(), staff, refundOf(s.order(placed), 1))
		must(t, err)
		s.settle()
		refund, err = s.Refund(t.Context(), refund.ID)
		must(t, err)
		must(t, s.stripe.SettleRefund(refund.ProviderID, "failed"))
		s.settle()
		s.stripe.HoldRefunds(false)
		s.resolve(s.matter(orders.MatterRefundFailed, placed), orders.ActRetryRefund)
		s.settle()
		s.nothing()
		s.agrees()
	})
	t.Run("from the dashboard", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		placed := s.approved()
		_, err := s.stripe.RefundFromDashboard(s.order(placed).Payments[0].IntentID, 185)
		must(t, err)
		s.settle()
		if m := s.matter(orders.MatterExternalRefund, placed); m.Action != orders.ActOpenOrder {
			t.Errorf("matter %+v", m)
		}
	})
	t.Run("that wait for the customer's bank", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		placed := s.paidLate(s.magnet(1))
		_, err := s.RefundLate(t.Context(), staff, placed.Order.ID)
		must(t, err)
		s.settle()
		s.nothing()
		s.clock.Advance(8 * 24 * time.Hour)
		s.matter(orders.MatterRefundWaiting, placed)
	})
}

func TestMatterOfStuckCapture(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.reviewed()
	_, err := s.Approve(t.Context(), staff, placed.Order.ID)
	must(t, err)
	exec(t, s.db, `DELETE FROM river_job`) // the job was given up
	s.nothing()
	s.clock.Advance(61 * time.Minute)
	s.resolve(s.matter(orders.MatterCaptureStuck, placed), orders.ActReread)
	s.expect(placed, orders.Approved)
	s.nothing()
}

func TestMatterOfStuckOrder(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.approved()
	s.clock.Advance(61 * time.Minute)
	m := s.matter(orders.MatterOrderStuck, placed)
	before := s.count(`SELECT count(*) FROM river_job WHERE kind = 'mails.approved'`)
	must(t, s.Resolve(t.Context(), staff, m.Action, m.Subject))
	if after := s.count(`SELECT count(*) FROM river_job WHERE kind = 'mails.approved'`); after != before+1 {
		t.Error("it was not announced again")
	}
}

func TestMatterOfStuckCall(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.reviewed()
	_, err := s.Approve(t.Context(), staff, placed.Order.ID)
	must(t, err)
	exec(t, s.db, `DELETE FROM river_job`)
	s.stripe.SetDelivery(stripetest.Delivery{Drop: 100})
	s.stripe.Spoil(stripetest.Fault{Kind: stripetest.Unavailable, Times: 100})
	if err := s.CaptureApproved(t.Context(), orders.TextApproved{OrderID: placed.Order.ID}); err == nil {
		t.Fatal("nothing went wrong")
	}
	s.nothing()
	s.clock.Advance(61 * time.Minute)
	kinds := []orders.MatterKind{}
	for _, m := range s.matters() {
		kinds = append(kinds, m.Kind)
	}
	if !slices.Contains(kinds, orders.MatterCallStuck) {
		t.Fatalf("matters %v", kinds)
	}
	at := slices.Index(kinds, orders.MatterCallStuck)
	m := s.matters()[at]
	if err := s.Resolve(t.Context(), staff, m.Action, m.Subject); !errors.Is(err, orders.ErrGatewayUnavailable) {
		t.Errorf("while the provider is away: %v", err)
	}
	s.stripe.Heal()
	s.stripe.SetDelivery(stripetest.Delivery{Drop: 100})
	s.resolve(m, orders.ActReread)
	s.expect(placed, orders.Approved)
	s.nothing()
	s.agrees()
}

func TestMatterOfEvents(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	event := orders.ProviderEvent{
		ID: "evt_unknown", Type: "checkout.session.completed", ObjectID: "cs_unknown", SessionID: "cs_unknown", Created: s.clock.Now(), Payload: []byte(`{}`),
	}
	must(t, s.ReceiveEvent(t.Context(), event))
	exec(t, s.db, `DELETE FROM river_job`)
	s.clock.Advance(61 * time.Minute)
	s.resolve(s.matter(orders.MatterEventStuck, orders.Placed{}), orders.ActRetryEvent)
	s.nothing() // parked: it is asked about for three days
	s.clock.Advance(73 * time.Hour)
	must(t, s.ProcessEvent(t.Context(), orders.EventReceived{EventID: event.ID}))
	s.resolve(s.matter(orders.MatterEventDead, orders.Placed{}), orders.ActRetryEvent)
	s.nothing()
	s.clock.Advance(73 * time.Hour)
	must(t, s.ProcessEvent(t.Context(), orders.EventReceived{EventID: event.ID}))
	s.resolve(s.matter(orders.MatterEventDead, orders.Placed{}), orders.ActDismissEvent)
	s.nothing()
}

func TestMatterOfMails(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.letters.refuse = mail.ErrRefused
	placed := s.reviewed()
	m := s.matter(orders.MatterMailFailed, placed)
	s.letters.refuse = nil
	s.resolve(m, orders.ActRetryMail)
	if len(s.letters.subjects()) != 1 {
		t.Errorf("mails %v", s.letters.subjects())
	}
	s.nothing()
	exec(t, s.db, `UPDATE mails SET state = 'sending', created_at = $1 WHERE state = 'sent'`, s.clock.Now().Add(-2*time.Hour))
	s.resolve(s.matter(orders.MatterMailUnsure, placed), orders.ActNoteMail)
	s.nothing()
	exec(t, s.db, `UPDATE mails SET state = 'queued', noted_at = NULL WHERE state = 'sending'`)
	s.resolve(s.matter(orders.MatterMailWaiting, placed), orders.ActRetryMail)
	if len(s.letters.subjects()) != 2 {
		t.Errorf("mails %v, want the resent one and the one that waited", s.letters.subjects())
	}
	s.nothing()
}

func TestMatterOfMismatches(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	intent := s.foreignPayment(700)
	s.night()
	m := s.matter(orders.MatterMismatch, orders.Placed{})
	if !strings.Contains(m.Sentence, intent) || !strings.Contains(m.Sentence, "¥700") {
		t.Errorf("matter %+v", m)
	}
	s.resolve(m, orders.ActSettleFinding)
	s.night()
	s.nothing()
	if err := s.Resolve(t.Context(), staff, m.Action, m.Subject); !errors.Is(err, orders.ErrMatterNotFound) {
		t.Errorf("settled twice: %v", err)
	}

	exec(t, s.db, `UPDATE variants SET reserved = 3 WHERE tracked`)
	s.night()
	rule := s.matter(orders.MatterMismatch, orders.Placed{})
	s.resolve(rule, orders.ActReread)
	s.matter(orders.MatterMismatch, orders.Placed{}) // still broken
	exec(t, s.db, `UPDATE variants SET reserved = 0 WHERE tracked`)
	s.resolve(rule, orders.ActReread)
	s.nothing()
}

// forgetful knows of no payment while it has forgotten them.
type forgetful struct {
	orders.Gateway
	forgot *bool
}

func (g forgetful) ListPayments(ctx context.Context, page orders.PageOf) (orders.Listed[orders.PaymentSnapshot], error) {
	if *g.forgot {
		return orders.Listed[orders.PaymentSnapshot]{}, nil
	}
	return g.Gateway.ListPayments(ctx, page)
}

func (g forgetful) Payment(ctx context.Context, ref orders.PaymentRef) (orders.PaymentSnapshot, error) {
	if *g.forgot {
		return orders.PaymentSnapshot{}, orders.ErrGatewayNotFound
	}
	return g.Gateway.Payment(ctx, ref)
}

func TestMatterOfMissingMoney(t *testing.T) {
	t.Parallel()
	forgot := false
	s := newShop(t, func(g orders.Gateway) orders.Gateway { return forgetful{g, &forgot} })
	placed := s.place(orders.Card, s.magnet(1))
	must(t, s.stripe.PayCard(s.session(placed)))
	s.settle()
	s.expect(placed, orders.Ready)
	forgot = true
	s.night()
	m := s.matter(orders.MatterMismatch, placed)
	s.resolve(m, orders.ActReread)
	s.matter(orders.MatterMismatch, placed) // still missing
	forgot = false
	s.resolve(m, orders.ActReread)
	s.nothing()
}

func TestMatterOfHolds(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.approved()
	_, err := s.Hold(t.Context(), staff, placed.Order.ID, orders.HoldFraud, "")
	must(t, err)
	s.resolve(s.matter(orders.MatterHold, placed), orders.ActReleaseHold)
	s.nothing()
}

func TestResolveRefuses(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.approved()
	for _, c := range []struct {
		action  orders.MatterAction
		subject string
	}{
		{"invented", placed.Order.ID.String()},
		{orders.ActOpenOrder, placed.Order.ID.String()},
		{orders.ActRevive, "nonsense"},
		{orders.ActReleaseHold, "hld_" + uuid.NewString()},
		{orders.ActReread, "evt_1"},
		{orders.ActRetryEvent, "evt_1"},
		{orders.ActRetryMail, placed.Order.ID.String()},
	} {
		if err := s.Resolve(t.Context(), staff, c.action, c.subject); !errors.Is(err, orders.ErrMatterNotFound) {
			t.Errorf("%s of %s: %v", c.action, c.subject, err)
		}
	}
	if err := s.Resolve(t.Context(), staff, orders.ActRevive, placed.Order.ID.String()); !errors.Is(err, orders.ErrWrongState) {
		t.Errorf("a living order was revived: %v", err)
	}
}

func TestEvidence(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed, _ := s.disputed("product_not_received")
	exec(t, s.db, `INSERT INTO audit_entries (actor_role, actor_id, action, subject, detail) VALUES ('member', 'mem_secret', 'unit.moved', $1, '{}')`,
		placed.Order.ID.String())
	key, err := s.config.Archive.Put(t.Context(), []byte("a picture"), "image/png")
	must(t, err)
	exec(t, s.db, `ALTER TABLE designs DISABLE TRIGGER designs_immutable`)
	exec(t, s.db, `UPDATE designs SET proof_key = $1`, key)
	exec(t, s.db, `UPDATE orders SET state = 'shipped', shipped_at = now() WHERE id = $1`, placed.Order.ID)
	claimed := claimOn(s.order(placed), 0)
	claimed.Photos = [][]byte{phototest.Snapshot(t, 7)}
	_, err = s.ClaimByCustomer(t.Context(), placed.LinkToken, claimed)
	must(t, err)
	evidence, err := s.Evidence(t.Context(), staff, s.dispute(placed).ID)
	must(t, err)
	files := map[string]string{}
	archive, err := zip.NewReader(bytes.NewReader(evidence.Archive), int64(len(evidence.Archive)))
	must(t, err)
	for _, file := range archive.File {
		content, err := file.Open()
		must(t, err)
		text, err := io.ReadAll(content)
		must(t, err)
		files[file.Name] = string(text)
	}
	if evidence.Name != "evidence-"+placed.Order.Number+".zip" || files["2-confirmation-as-shown.txt"] != placed.Order.LegalText+"\n" {
		t.Errorf("%s has %v", evidence.Name, slices.Sorted(func(yield func(string) bool) {
			for name := range files {
				if !yield(name) {
					return
				}
			}
		}))
	}
	for name, words := range map[string][]string{
		"1-order.txt":          {placed.Order.Number, "product_not_received", "はると", "¥1,285", "haru@example.jp"},
		"3-proof-line-1.png":   {"a picture"},
		"4-text-approvals.txt": {"approved", staff.ID},
		"5-timeline.txt":       {"order.placed", "payment.captured", "dispute.needs_response", "workshop"},
		"6-shipping.txt":       {"Not shipped yet"},
		"7-mail-1.txt":         {"haru@example.jp>", placed.Order.Number, "[link to the customer's own page]"},
		"8-claims.txt":         {"from customer: broken", "われて いました。", "State: open"},

		"8-claim-1-photo-1-from-customer.jpg": {"\xff\xd8\xff"},
	} {
		for _, word := range words {
			if !strings.Contains(files[name], word) {
				t.Errorf("%s lacks %q:\n%s", name, word, files[name])
			}
		}
	}
	for name, text := range files {
		if strings.Contains(text, "mem_") || strings.Contains(text, "member") {
			t.Errorf("%s tells of a member", name)
		}
		if strings.Contains(text, placed.LinkToken) {
			t.Errorf("%s gives the customer's secret link away", name)
		}
	}
	if read := s.count(`SELECT count(*) FROM audit_entries WHERE action = 'order.contact_read'`); read != 1 {
		t.Errorf("%d readings were recorded", read)
	}
	if _, err := s.Evidence(t.Context(), staff, orders.DisputeID(uuid.New())); !errors.Is(err, orders.ErrDisputeNotFound) {
		t.Errorf("of no dispute: %v", err)
	}
}

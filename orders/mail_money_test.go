package orders_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tsukuriba/internal/mail"
	"tsukuriba/orders"
)

// kinds are the kinds of mail that have been sent, in their order.
func (l *letterbox) kinds() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var kinds []string
	for _, letter := range l.letters {
		kinds = append(kinds, strings.Split(letter.Key, ":")[1])
	}
	return kinds
}

func (l *letterbox) last() mail.Message {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.letters[len(l.letters)-1]
}

// monday is a day on which a test begins, at ten in Japan.
var monday = time.Date(2027, 3, 1, 10, 0, 0, 0, time.FixedZone("", 9*60*60))

// at lets the time pass until then, here and at the provider, and everybody hear what happened.
func (s *shop) at(then time.Time) {
	s.t.Helper()
	s.clock.Advance(then.Sub(s.clock.Now()))
	must(s.t, s.stripe.AdvanceClock(0))
	s.settle()
}

// everybody runs a job on two nodes, several times at once, and lets its mails go out.
func (s *shop) everybody(job func(*orders.Service) error) {
	s.t.Helper()
	nodes := []*orders.Service{s.Service, orders.New(s.config)}
	var all sync.WaitGroup
	for i := range 6 {
		all.Go(func() {
			if err := job(nodes[i%2]); err != nil {
				s.t.Error(err)
			}
		})
	}
	all.Wait()
	s.settle()
}

func (s *shop) remind() {
	s.t.Helper()
	s.everybody(func(node *orders.Service) error { return node.RemindKonbini(s.t.Context()) })
	s.everybody(func(node *orders.Service) error { return node.RemindBankDetails(s.t.Context()) })
}

func (s *shop) expire() {
	s.t.Helper()
	s.everybody(func(node *orders.Service) error { return node.ExpireDue(s.t.Context()) })
}

func (s *shop) wrote(kinds ...string) {
	s.t.Helper()
	if got := s.letters.kinds(); !slices.Equal(got, kinds) {
		s.t.Fatalf("mails %v, want %v", got, kinds)
	}
}

func TestKonbiniLetters(t *testing.T) {
	t.Parallel()
	t.Run("a code is told, reminded of once on the day before its end, and thanked for", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		s.at(monday)
		placed := s.place(orders.Konbini, s.magnet(1))
		must(t, s.stripe.IssueCode(s.session(placed), "09012345678"))
		s.settle()
		s.wrote("received", "konbini_code")
		payment := s.order(placed).Payments[0]
		code := s.letters.last()
		if !strings.Contains(code.Text, payment.VoucherURL+"\n") || !strings.Contains(code.HTML, `href="`+payment.VoucherURL) || !strings.Contains(code.Text, "3月4日(木) 23:59までに") {
			t.Errorf("the code is told as %s", code.Text)
		}
		s.at(monday.Add(46*time.Hour + 59*time.Minute)) // Wednesday, just before nine
		s.remind()
		s.wrote("received", "konbini_code")
		s.at(monday.Add(47 * time.Hour))
		s.remind()
		s.at(monday.Add(50 * time.Hour))
		s.remind()
		s.wrote("received", "konbini_code", "konbini_reminder")
		if reminder := s.letters.last(); !strings.Contains(reminder.Subject, "3月4日(木) 23:59") || !strings.Contains(reminder.Text, payment.VoucherURL) {
			t.Errorf("the reminder says %s", reminder.Text)
		}
		must(t, s.stripe.PayAtStore(s.session(placed), "lawson"))
		s.settle()
		s.remind()
		s.wrote("received", "konbini_code", "konbini_reminder", "approved")
		s.sound()
	})
	t.Run("whoever paid is not reminded", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		s.at(monday)
		s.payAtStore(s.place(orders.Konbini, s.magnet(1)))
		s.at(monday.Add(48 * time.Hour))
		s.remind()
		s.wrote("received", "konbini_code", "approved")
	})
	t.Run("a code that nobody pays ends with one letter", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		s.at(monday)
		placed := s.place(orders.Konbini, s.magnet(1))
		must(t, s.stripe.IssueCode(s.session(placed), "09012345678"))
		s.settle()
		s.at(monday.Add(4 * 24 * time.Hour))
		s.remind()
		s.expire()
		s.expect(placed, orders.Expired)
		s.expire()
		s.wrote("received", "konbini_code", "expired")
		if told := s.letters.last().Text; !strings.Contains(told, "番号は、もうお使いいただけません") {
			t.Errorf("the end is told as %s", told)
		}
		s.sound()
	})
	t.Run("who has not fetched a code is reminded of that", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		s.at(monday)
		placed := s.place(orders.Konbini, s.tag())
		_, err := s.Approve(t.Context(), staff, placed.Order.ID)
		must(t, err)
		s.settle()
		s.wrote("received", "pay_link")
		if until := "3月4日(木) 10:00"; !strings.Contains(s.letters.last().Text, until) {
			t.Errorf("the way to pay does not end on %s: %s", until, s.letters.last().Text)
		}
		s.at(monday.Add(47 * time.Hour))
		s.remind()
		s.wrote("received", "pay_link", "konbini_reminder")
		if told := s.letters.last(); !strings.Contains(told.Text, "お受け取りいただけます") || strings.Count(told.HTML, `href="http://shop.test/orders/`) != 2 {
			t.Errorf("reminded with %s", told.HTML)
		}
		s.at(monday.Add(72 * time.Hour))
		s.remind()
		s.expire()
		s.wrote("received", "pay_link", "konbini_reminder", "expired")
		s.sound()
	})
}

func TestLateMoneyLetters(t *testing.T) {
	t.Parallel()
	late := []string{"received", "konbini_code", "expired", "late_money"}
	t.Run("revived", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		placed := s.paidLate(s.magnet(1))
		s.wrote(late...)
		_, err := s.Revive(t.Context(), staff, placed.Order.ID)
		must(t, err)
		s.settle()
		s.wrote(append(late, "approved")...)
		if told := s.letters.last().Text; !strings.Contains(told, "期限のあとに届きましたが、ご注文を続けて") {
			t.Errorf("told as %s", told)
		}
	})
	t.Run("given back, with reminders until the bank is known", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		placed := s.paidLate(s.magnet(1))
		_, err := s.RefundLate(t.Context(), staff, placed.Order.ID)
		must(t, err)
		s.settle()
		s.wrote(append(late, "bank_details")...)
		if told := s.letters.last().Text; !strings.Contains(told, placed.Order.Total.String()+"を、お返しします") || !strings.Contains(told, "Stripe") {
			t.Errorf("told as %s", told)
		}
		start := s.clock.Now()
		for _, days := range []int{6, 8, 20, 31, 40} {
			s.at(start.AddDate(0, 0, days))
			s.remind()
		}
		s.wrote(append(late, "bank_details", "bank_reminder", "bank_reminder")...)
		refund := s.order(placed).Refunds[0]
		must(t, s.stripe.SettleRefund(refund.ProviderID, "succeeded"))
		s.settle()
		s.remind()
		s.wrote(append(late, "bank_details", "bank_reminder", "bank_reminder", "refunded")...)
		if told := s.letters.last().Text; !strings.Contains(told, "期限のあとに届いた") || !strings.Contains(told, "口座へ振り込まれます") {
			t.Errorf("told as %s", told)
		}
		s.sound()
	})
	t.Run("after the customer had canceled", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		placed := s.place(orders.Konbini, s.magnet(1))
		must(t, s.stripe.IssueCode(s.session(placed), "09012345678"))
		s.settle()
		_, err := s.CancelByCustomer(t.Context(), placed.LinkToken)
		must(t, err)
		s.settle()
		must(t, s.stripe.PayAtStore(s.session(placed), "lawson"))
		s.settle()
		s.wrote("received", "konbini_code", "canceled", "bank_details")
	})
}

func TestRefundLetters(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.paid(s.tags(2))
	line := s.order(placed).Lines[0]
	_, err := s.RequestRefund(t.Context(), staff, orders.RefundOrder{
		Order: placed.Order.ID, Parts: []orders.RefundPart{{Kind: orders.PartLine, LineID: line.ID, Quantity: 1}}, Reason: "goodwill",
	})
	must(t, err)
	s.settle()
	s.wrote("received", "approved", "refunded")
	if told := s.letters.last().Text; !strings.Contains(told, "お支払いのうち、¥1,100") || !strings.Contains(told, "カードへ戻ります") {
		t.Errorf("told as %s", told)
	}
	refund := s.order(placed).Refunds[0]
	must(t, s.MailRefunded(t.Context(), orders.OrderRefunded{OrderID: placed.Order.ID, RefundID: refund.ID}))
	_, err = s.CancelByCustomer(t.Context(), placed.LinkToken)
	must(t, err)
	s.settle()
	kinds := s.letters.kinds()
	if len(kinds) != 5 || !slices.Contains(kinds[3:], "canceled") || !slices.Contains(kinds[3:], "refunded") {
		t.Errorf("mails %v", kinds)
	}
}

func TestTextQueryAndReceiptLetters(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.reviewed()
	for range 2 {
		_, err := s.Hold(t.Context(), staff, placed.Order.ID, orders.HoldTextQuery, "「と」は ひらがなですか。")
		must(t, err)
	}
	_, err := s.Hold(t.Context(), staff, placed.Order.ID, orders.HoldCapacity, "only for us")
	must(t, err)
	s.settle()
	s.wrote("received", "text_query")
	if told := s.letters.last(); !strings.Contains(told.Text, "「と」は ひらがなですか。") || !strings.Contains(told.HTML, "「と」は ひらがなですか。") {
		t.Errorf("asked as %s", told.Text)
	}
	for _, reason := range []orders.HoldReason{orders.HoldTextQuery, orders.HoldCapacity} {
		_, err := s.ReleaseHold(t.Context(), staff, placed.Order.ID, reason)
		must(t, err)
	}
	_, err = s.Approve(t.Context(), staff, placed.Order.ID)
	must(t, err)
	s.settle()
	for range 2 {
		_, err := s.Issue(t.Context(), staff, orders.IssueRequest{Order: placed.Order.ID, Kind: orders.Receipt})
		must(t, err)
	}
	s.settle()
	s.wrote("received", "text_query", "approved", "receipt")
}

func TestClaimLetters(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.place(orders.Card, s.magnet(2))
	must(t, s.stripe.PayCard(s.session(placed)))
	s.settle()
	_, err := s.Ship(t.Context(), staff, placed.Order.ID, orders.Handover{Carrier: "日本郵便", Tracking: "1"})
	must(t, err)
	s.settle()
	before := s.letters.kinds()
	wrote := func(more ...string) {
		t.Helper()
		s.settle()
		s.wrote(append(slices.Clone(before), more...)...)
	}
	claim := func() orders.Claim {
		t.Helper()
		claim, err := s.ClaimByCustomer(t.Context(), placed.LinkToken, orders.ClaimRequest{
			Line: s.order(placed).Lines[0].ID, Quantity: 1, Reason: "broken", Note: "おれていました",
		})
		must(t, err)
		return claim
	}
	first := claim()
	wrote("claim_received")
	_, err = s.DeclineClaim(t.Context(), staff, first.ID, "cannot_verify")
	must(t, err)
	wrote("claim_received", "claim_declined")
	second := claim()
	_, err = s.AcceptClaim(t.Context(), staff, second.ID, orders.RemedyRemake)
	must(t, err)
	wrote("claim_received", "claim_declined", "claim_received", "claim_accepted")
	if told := s.letters.last().Text; !strings.Contains(told, "新しい品物をご用意して") || !strings.Contains(told, "「magnet」(1点)") {
		t.Errorf("told as %s", told)
	}
	_, err = s.ShipClaim(t.Context(), staff, second.ID, orders.Handover{Carrier: "日本郵便", Tracking: "77"})
	must(t, err)
	wrote("claim_received", "claim_declined", "claim_received", "claim_accepted", "remake_shipped")
	if told := s.letters.last().Text; !strings.Contains(told, "お問い合わせ番号: 77") {
		t.Errorf("told as %s", told)
	}
	must(t, s.MailClaimOpened(t.Context(), orders.ClaimOpened{OrderID: placed.Order.ID, ClaimID: second.ID}))
	wrote("claim_received", "claim_declined", "claim_received", "claim_accepted", "remake_shipped")
}

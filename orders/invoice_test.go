package orders_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"tsukuriba/internal/jst"
	"tsukuriba/internal/yen"
	"tsukuriba/orders"
)

var bank = orders.BankAccount{Bank: "みほん銀行", Branch: "本店営業部", Kind: "普通", Number: "0123456", Holder: "ツクリバ"}

// invoiced is an order of a company that staff have accepted: its invoice is out.
func (s *shop) invoiced(lines ...orders.LineRequest) orders.Placed {
	s.t.Helper()
	placed := s.place(orders.ByInvoice, lines...)
	_, err := s.Approve(s.t.Context(), staff, placed.Order.ID)
	must(s.t, err)
	s.settle()
	s.expect(placed, orders.AwaitingPayment)
	return placed
}

func (s *shop) bill(placed orders.Placed) orders.Bill {
	s.t.Helper()
	bill, err := s.Bill(s.t.Context(), s.order(placed))
	must(s.t, err)
	return bill
}

func TestInvoiceLine(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.place(orders.ByInvoice, s.tag(), s.magnet(2))
	if placed.PayURL != "" || placed.Order.State != orders.InReview {
		t.Fatalf("placed %s with %q", placed.Order.State, placed.PayURL)
	}
	if _, err := s.Bill(t.Context(), s.order(placed)); !errors.Is(err, orders.ErrDocumentNotFound) {
		t.Errorf("there is a bill before the customer was accepted: %v", err)
	}
	s.clock.Advance(40 * 24 * time.Hour) // staff may take their time; nothing expires
	must(t, s.ExpireDue(t.Context()))
	s.expect(placed, orders.InReview)
	_, err := s.Approve(t.Context(), staff, placed.Order.ID)
	must(t, err)
	s.settle()
	s.expect(placed, orders.AwaitingPayment)
	bill := s.bill(placed)
	if bill.Bank != bank || bill.Rest != placed.Order.Total || !strings.HasPrefix(bill.Number, "S20") {
		t.Errorf("bill %+v", bill)
	}
	if _, err := s.RetryPayment(t.Context(), placed.LinkToken); !errors.Is(err, orders.ErrWrongState) {
		t.Errorf("there is a page to pay on: %v", err)
	}
	_, file, err := s.OwnDocument(t.Context(), placed.LinkToken, bill.Document)
	if err != nil || !strings.HasPrefix(string(file), "%PDF") {
		t.Errorf("the invoice cannot be had: %v", err)
	}
	s.transfer(placed, placed.Order.Total)
	s.expect(placed, orders.Approved)
	s.make(placed)
	_, err = s.Ship(t.Context(), staff, placed.Order.ID, orders.Handover{Carrier: "日本郵便", Tracking: "1"})
	must(t, err)
	receipt, err := s.IssueReceipt(t.Context(), placed.LinkToken, nil)
	if err != nil || receipt.Amount != placed.Order.Total {
		t.Errorf("receipt %+v, %v", receipt, err)
	}
	s.settle()
	number := "(" + placed.Order.Number + ")"
	want := []string{"ご注文を受け付けました" + number, "請求書をお送りします" + number, "製作を始めます" + number, "発送しました" + number}
	if got := s.letters.subjects(); strings.Join(got, ",") != strings.Join(want, ",") {
		t.Errorf("mails %q, want %q", got, want)
	}
	mail := s.letters.letters[1].Text
	for _, said := range []string{bill.Number, "みほん銀行", "0123456", "ツクリバ", placed.Order.Total.String(), "/orders/" + placed.LinkToken} {
		if !strings.Contains(mail, said) {
			t.Errorf("the mail does not say %q: %s", said, mail)
		}
	}
	s.sound()
}

func TestWhoMayPayByInvoice(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(*orders.CheckoutForm)
		lines  func(*shop) []orders.LineRequest
		reason string
	}{
		"a company": {},
		"a person": {
			change: func(form *orders.CheckoutForm) { form.Company = " " }, reason: "company_required",
		},
		"too little": {lines: func(s *shop) []orders.LineRequest { return []orders.LineRequest{s.magnet(1)} }, reason: "amount_out_of_range"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t)
			lines, filled := []orders.LineRequest{s.tag()}, form(orders.ByInvoice)
			if test.change != nil {
				test.change(&filled)
			}
			if test.lines != nil {
				lines = test.lines(s)
			}
			_, err := s.PrepareCheckout(t.Context(), s.cart(lines...), filled)
			wantField(t, err, "payment_method", test.reason)
		})
	}
	t.Run("nobody, without a bank account", func(t *testing.T) {
		t.Parallel()
		s := newShop(t)
		without := seller
		without.Bank = orders.BankAccount{}
		s.isSoldBy(without)
		_, err := s.PrepareCheckout(t.Context(), s.cart(s.tag()), form(orders.ByInvoice))
		wantField(t, err, "payment_method", "unknown")
		offer, err := s.Offer(t.Context(), s.cart(s.tag()), "")
		if must(t, err); offer.Invoice {
			t.Error("it is offered")
		}
	})
}

func wantField(t *testing.T, err error, field, reason string) {
	t.Helper()
	var form *orders.FormError
	errors.As(err, &form)
	switch {
	case reason == "" && err != nil:
		t.Error(err)
	case reason != "" && (form == nil || form.Fields[field] != reason):
		t.Errorf("%v, want %s: %s", err, field, reason)
	}
}

// TestInvoiceDue counts fourteen days, and waits for banks that are closed.
func TestInvoiceDue(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ approved, due, kept string }{
		"an ordinary day":           {"2026-11-24", "2026-12-08", "2026-12-11"},
		"a Saturday":                {"2026-11-21", "2026-12-07", "2026-12-10"},
		"the turn of the year":      {"2026-12-17", "2027-01-04", "2027-01-07"},
		"a public holiday":          {"2026-12-28", "2027-01-12", "2027-01-15"}, // 成人の日 2027-01-11
		"the workshop's day off":    {"2026-11-25", "2026-12-09", "2026-12-14"},
		"between two golden weeks":  {"2027-04-19", "2027-05-06", "2027-05-11"},
		"kept over the new year":    {"2026-12-15", "2026-12-29", "2027-01-05"},
		"minutes before midnight":   {"2026-11-24T23:59", "2026-12-08", "2026-12-11"},
		"a day already due in 2030": {"2029-12-17", "2030-01-04", "2030-01-09"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t)
			at, err := time.ParseInLocation("2006-01-02T15:04", (test.approved + "T09:00")[:16], jst.Zone)
			must(t, err)
			s.clock.Advance(at.Sub(s.clock.Now()))
			exec(t, s.db, `INSERT INTO closed_days (day, name, kind) VALUES ('2026-12-09', '工房の休み', 'workshop')`)
			placed := s.invoiced(s.tag())
			order := s.order(placed)
			due, kept := s.bill(placed).Due.In(jst.Zone), order.ExpiresAt.In(jst.Zone)
			if jst.Date(due) != test.due || due.Format("15:04:05") != "23:59:59" || jst.Date(kept) != test.kept {
				t.Errorf("due %s and kept until %s, want %s and %s", due, kept, test.due, test.kept)
			}
		})
	}
}

func TestInvoiceNobodyPays(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.invoiced(s.magnet(3))
	due := s.bill(placed).Due
	remind := func(at time.Time) int {
		s.clock.Advance(at.Sub(s.clock.Now()))
		must(t, s.RemindInvoices(t.Context()))
		must(t, s.RemindInvoices(t.Context()))
		must(t, s.ExpireDue(t.Context()))
		s.settle()
		return len(s.letters.letters)
	}
	last := jst.Midnight(due)
	if n := remind(last.AddDate(0, 0, -3).Add(8 * time.Hour)); n != 2 {
		t.Fatalf("%d mails before the time", n)
	}
	if n := remind(last.AddDate(0, 0, -3).Add(10 * time.Hour)); n != 3 || !strings.Contains(s.letters.subjects()[2], "お振り込みの期限は") {
		t.Fatalf("mails %q", s.letters.subjects())
	}
	remind(due.Add(time.Hour)) // not paid, but the statement may come tomorrow
	s.expect(placed, orders.AwaitingPayment)
	if reserved := s.count(`SELECT reserved FROM variants WHERE id = $1`, s.goods.magnet); reserved != 3 {
		t.Errorf("%d reserved within the grace", reserved)
	}
	remind(due.Add(10 * 24 * time.Hour))
	s.expect(placed, orders.Expired)
	if payment := s.order(placed).Payments[0]; payment.State != orders.PaymentExpired {
		t.Errorf("the payment is %s", payment.State)
	}
	if reserved := s.count(`SELECT reserved FROM variants WHERE id = $1`, s.goods.magnet); reserved != 0 {
		t.Errorf("%d reserved after the end", reserved)
	}
	s.sound()
}

func TestRefuseInvoice(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.place(orders.ByInvoice, s.magnet(2))
	_, err := s.Refuse(t.Context(), staff, placed.Order.ID, "not_by_invoice")
	must(t, err)
	s.settle()
	s.expect(placed, orders.Canceled)
	if got := s.letters.letters[len(s.letters.letters)-1].Text; !strings.Contains(got, "請求書でのお支払いを、お受けできなかった") {
		t.Errorf("mail %s", got)
	}
	card := s.reviewed()
	if _, err := s.Refuse(t.Context(), staff, card.Order.ID, "not_by_invoice"); !errors.Is(err, orders.ErrUnknownReason) {
		t.Errorf("a card was refused as an invoice: %v", err)
	}
	s.sound()
}

// TestPaidLateIsPromisedAnew has the money come two weeks after what was promised.
func TestPaidLateIsPromisedAnew(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.invoiced(s.tag())
	s.clock.Advance(14 * 24 * time.Hour)
	s.transfer(placed, placed.Order.Total)
	order := s.order(placed)
	if !order.From.After(s.clock.Now()) || !order.From.After(placed.Order.From) {
		t.Errorf("promised from %s, paid on %s", order.From, s.clock.Now())
	}
	s.sound()
}

// transfer enters money that came today, and does everything that follows.
func (s *shop) transfer(placed orders.Placed, amount yen.Amount) {
	s.t.Helper()
	_, err := s.EnterTransfer(s.t.Context(), staff, s.entry(placed, amount))
	must(s.t, err)
	s.settle()
}

func (s *shop) entry(placed orders.Placed, amount yen.Amount) orders.TransferEntry {
	return orders.TransferEntry{Order: placed.Order.ID, Amount: amount, ValueDate: s.clock.Now(), Payer: "ｶ)ｶﾐﾉﾋｶﾘ"}
}

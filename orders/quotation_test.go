package orders_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"tsukuriba/catalog"
	"tsukuriba/internal/jst"
	"tsukuriba/internal/mail"
	"tsukuriba/orders"
)

func (s *shop) quoted(method orders.Method, lines ...orders.LineRequest) orders.Quotation {
	s.t.Helper()
	filled := form(method)
	filled.Company = "株式会社ひかり"
	checkout, err := s.PrepareCheckout(s.t.Context(), s.cart(lines...), filled)
	must(s.t, err)
	quotation, err := s.Quote(s.t.Context(), checkout.Key())
	must(s.t, err)
	s.settle()
	return quotation
}

func TestQuotation(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	quotation := s.quoted(orders.ByInvoice, s.tag(), s.magnet(2))
	if !strings.HasPrefix(quotation.Number, "Q20") || quotation.Checkout.Total != 2385 || quotation.OrderToken != "" {
		t.Fatalf("quotation %+v", quotation)
	}
	if reserved := s.count(`SELECT reserved FROM variants WHERE id = $1`, s.goods.magnet); reserved != 0 {
		t.Errorf("%d are set aside", reserved)
	}
	mail := s.letters.letters[0]
	if !strings.Contains(mail.Text, "http://shop.test/quotations/"+quotation.LinkToken) || !strings.Contains(mail.Subject, quotation.Number) {
		t.Errorf("mail %s: %s", mail.Subject, mail.Text)
	}
	_, file, err := s.QuotationFile(t.Context(), quotation.LinkToken)
	if err != nil || !strings.HasPrefix(string(file), "%PDF") {
		t.Errorf("the document cannot be had: %v", err)
	}
	exec(t, s.db, `UPDATE products SET price_yen = price_yen * 2`)
	exec(t, s.db, `UPDATE variants SET price_yen = price_yen * 2`)
	s.clock.Advance(29 * 24 * time.Hour)
	opened, err := s.Quotation(t.Context(), quotation.LinkToken)
	must(t, err)
	if opened.Checkout.Total != 2385 || !opened.Checkout.Window.From.After(s.clock.Now()) {
		t.Errorf("opened later it says %s, sent from %s", opened.Checkout.Total, opened.Checkout.Window.From)
	}
	placed, err := s.Confirm(t.Context(), opened.Checkout.Key())
	must(t, err)
	if placed.Order.Total != 2385 || placed.Order.State != orders.InReview || jst.Date(placed.Order.From) != jst.Date(opened.Checkout.Window.From) {
		t.Errorf("ordered %+v", placed.Order)
	}
	for _, said := range []string{"ご注文の日から", "このお見積もりは"} {
		if !strings.Contains(placed.Order.LegalText, said) {
			t.Errorf("the evidence does not say %q: %s", said, placed.Order.LegalText)
		}
	}
	again, err := s.Quotation(t.Context(), quotation.LinkToken)
	if must(t, err); again.OrderToken != placed.LinkToken {
		t.Errorf("it leads to the order %q", again.OrderToken)
	}
	s.settle()
	s.sound()
}

func TestQuotationEnds(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	quotation := s.quoted(orders.Card, s.tag())
	s.clock.Advance(quotation.ValidUntil.Sub(s.clock.Now()) - time.Second)
	_, err := s.Checkout(t.Context(), quotation.Checkout.Key())
	must(t, err)
	s.clock.Advance(2 * time.Second)
	if _, err := s.Confirm(t.Context(), quotation.Checkout.Key()); !errors.Is(err, orders.ErrQuotationEnded) {
		t.Errorf("it was ordered after its time: %v", err)
	}
	if _, err := s.Checkout(t.Context(), quotation.Checkout.Key()); !errors.Is(err, orders.ErrQuotationEnded) {
		t.Errorf("err = %v", err)
	}
	_, err = s.Quotation(t.Context(), quotation.LinkToken) // it may still be read
	must(t, err)
}

func TestQuotationOfWhatRanOut(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	quotation := s.quoted(orders.Card, s.magnet(2))
	exec(t, s.db, `UPDATE variants SET on_hand = 1 WHERE id = $1`, s.goods.magnet)
	var none *catalog.OutOfStockError
	if _, err := s.Confirm(t.Context(), quotation.Checkout.Key()); !errors.As(err, &none) || none.Left != 1 {
		t.Errorf("err = %v", err)
	}
	s.sound()
}

func TestQuotationIsForCompanies(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	checkout := s.checkout(orders.Card, s.tag())
	_, err := s.Quote(t.Context(), checkout.Key())
	wantField(t, err, "company", "required")
	if n := s.count(`SELECT count(*) FROM document_numbers`); n != 0 {
		t.Error("a number was taken")
	}
}

// TestQuoteTwice asks at two nodes at once: one quotation, one number, one mail. The screen it was
// made of can be ordered all the same, and so can the quotation: those are two orders.
func TestQuoteTwice(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	checkout := s.checkout(orders.ByInvoice, s.tag())
	nodes := []*shop{s, s.twin()}
	made := make([]orders.Quotation, 6)
	var all sync.WaitGroup
	for i := range made {
		all.Go(func() {
			var err error
			if made[i], err = nodes[i%2].Quote(t.Context(), checkout.Key()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	s.settle()
	for _, quotation := range made {
		if quotation.LinkToken != made[0].LinkToken || quotation.Number != made[0].Number {
			t.Errorf("another quotation: %s", quotation.Number)
		}
	}
	if len(s.letters.letters) != 1 || s.count(`SELECT last FROM document_numbers WHERE kind = 'quotation'`) != 1 {
		t.Errorf("mails %q", s.letters.subjects())
	}
	at, err := s.Confirm(t.Context(), checkout.Key())
	must(t, err)
	later, err := s.Confirm(t.Context(), made[0].Checkout.Key())
	must(t, err)
	if at.Order.ID == later.Order.ID || at.Order.Total != later.Order.Total {
		t.Errorf("orders %s and %s", at.Order.Number, later.Order.Number)
	}
	s.settle()
	s.sound()
}

func TestQuotationsAreFound(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	quotation := s.quoted(orders.ByInvoice, s.tag())
	placed := s.invoiced(s.tag())
	found, err := s.SearchDocuments(t.Context(), staff, orders.DocumentQuery{Recipient: "ひかり"})
	if must(t, err); len(found.Items) != 1 || found.Items[0].Number != quotation.Number || found.Items[0].Kind != orders.Quote {
		t.Errorf("found %+v", found.Items)
	}
	found, err = s.SearchDocuments(t.Context(), staff, orders.DocumentQuery{Kind: orders.Invoice})
	if must(t, err); len(found.Items) != 1 || found.Items[0].OrderNumber != placed.Order.Number {
		t.Errorf("found %+v", found.Items)
	}
	var table strings.Builder
	must(t, s.Export(t.Context(), staff, orders.ExportRequest{Kind: orders.ExportDocuments, Month: s.clock.Now(), Names: true}, &table))
	for _, cell := range []string{quotation.Number + ",見積書", "請求書", "株式会社ひかり"} {
		if !strings.Contains(table.String(), cell) {
			t.Errorf("%q is not in the table:\n%s", cell, table.String())
		}
	}
	again, err := s.Reissue(t.Context(), staff, found.Items[0].ID)
	if must(t, err); again.Number != found.Items[0].Number {
		t.Errorf("reissued as %s", again.Number)
	}
	s.sound()
}

func TestMailOfQuotationThatFailed(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.letters.refuse = mail.ErrRefused
	filled := form(orders.ByInvoice)
	checkout, err := s.PrepareCheckout(t.Context(), s.cart(s.tag()), filled)
	must(t, err)
	_, err = s.Quote(t.Context(), checkout.Key())
	must(t, err)
	s.settle()
	matters := s.matters()
	if len(matters) != 1 || matters[0].Kind != orders.MatterMailFailed {
		t.Fatalf("matters %+v", matters)
	}
	s.letters.refuse = nil
	s.resolve(matters[0], orders.ActRetryMail)
	if len(s.letters.letters) != 1 || len(s.matters()) != 0 {
		t.Errorf("mails %q, matters %+v", s.letters.subjects(), s.matters())
	}
	s.sound()
}

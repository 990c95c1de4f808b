package orders_test

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/jmoiron/sqlx"

	"tsukuriba/internal/jobs/jobstest"
	"tsukuriba/internal/mail"
	"tsukuriba/orders"
)

func TestMailsAreSentOnce(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.reviewed()
	event := orders.OrderInReview{OrderID: placed.Order.ID}
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			if err := s.MailInReview(t.Context(), event); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	jobstest.Drain(t, s.bus)
	var queued orders.MailID
	must(t, s.db.Get(&queued, `SELECT id FROM mails`))
	for range 10 {
		all.Go(func() {
			if err := s.SendMail(t.Context(), orders.MailQueued{MailID: queued}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got := s.letters.subjects(); len(got) != 1 {
		t.Errorf("sent %v", got)
	}
}

func TestMailServerDown(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.place(orders.Konbini, s.tag())
	s.letters.refuse = errors.New("connection refused")
	var queued orders.MailID
	jobstestMail(t, s, &queued)
	event := orders.MailQueued{MailID: queued}
	if err := s.SendMail(t.Context(), event); err == nil {
		t.Fatal("a mail that was not taken counts as sent")
	}
	s.letters.refuse = nil
	must(t, s.SendMail(t.Context(), event))
	must(t, s.SendMail(t.Context(), event))
	if got := s.letters.subjects(); len(got) != 1 {
		t.Errorf("sent %v", got)
	}
	exec(t, s.db, `UPDATE mails SET state = 'sending', sent_at = NULL`) // the process died while sending
	must(t, s.SendMail(t.Context(), event))
	if got := s.letters.subjects(); len(got) != 1 {
		t.Errorf("a mail that may have left was sent again: %v", got)
	}
	exec(t, s.db, `UPDATE mails SET state = 'queued'`)
	s.letters.refuse = mail.ErrRefused
	if err := s.SendMail(t.Context(), event); !errors.Is(err, mail.ErrRefused) {
		t.Errorf("err = %v", err)
	}
	if failed := s.count(`SELECT count(*) FROM mails WHERE state = 'failed'`); failed != 1 {
		t.Error("a mail that was refused for good is tried again")
	}
}

// jobstestMail composes the first mail of the only order without sending it.
func jobstestMail(t *testing.T, s *shop, queued *orders.MailID) {
	t.Helper()
	var order orders.OrderID
	must(t, s.db.Get(&order, `SELECT id FROM orders`))
	must(t, s.MailPlaced(t.Context(), orders.OrderPlaced{OrderID: order}))
	must(t, s.db.Get(queued, `SELECT id FROM mails`))
}

func TestEveryMailInEveryLanguage(t *testing.T) {
	t.Parallel()
	for _, language := range []orders.Language{orders.Japanese, orders.Easy, orders.English} {
		t.Run(string(language), func(t *testing.T) {
			t.Parallel()
			s := newShop(t)
			filled := form(orders.Konbini)
			filled.Language, filled.Name = language, `<b>"神"</b>`
			checkout, err := s.PrepareCheckout(t.Context(), s.cart(s.tag()), filled)
			must(t, err)
			placed, err := s.Confirm(t.Context(), checkout.ID)
			must(t, err)
			id := placed.Order.ID
			must(t, s.MailPlaced(t.Context(), orders.OrderPlaced{OrderID: id}))
			_, err = s.Approve(t.Context(), staff, id)
			must(t, err)
			must(t, s.MailPayLink(t.Context(), orders.TextApproved{OrderID: id}))
			must(t, s.MailApproved(t.Context(), orders.OrderApproved{OrderID: id}))
			must(t, s.MailExpired(t.Context(), orders.OrderExpired{OrderID: id}))
			must(t, s.MailShipped(t.Context(), orders.OrderShipped{OrderID: id}))
			must(t, s.MailCanceled(t.Context(), orders.OrderCanceled{OrderID: id}))
			for _, reason := range orders.RefusalReasons {
				exec(t, s.db, `UPDATE orders SET cancel_reason = 'refused:' || $1`, reason)
				exec(t, s.db, `DELETE FROM mails WHERE key LIKE '%refused%' AND state = 'sent'`)
				must(t, s.MailCanceled(t.Context(), orders.OrderCanceled{OrderID: id}))
				jobstest.Drain(t, s.bus)
			}
			if len(s.letters.letters) != 10 {
				t.Errorf("%d mails: %v", len(s.letters.letters), s.letters.subjects())
			}
			for _, letter := range s.letters.letters {
				checkLetter(t, letter, placed)
			}
		})
	}
}

func checkLetter(t *testing.T, letter mail.Message, placed orders.Placed) {
	t.Helper()
	link := "http://shop.test/orders/" + placed.LinkToken
	switch {
	case letter.To != "haru@example.jp":
		t.Errorf("%s goes to %s", letter.Subject, letter.To)
	case !strings.Contains(letter.Subject, placed.Order.Number), strings.Contains(letter.Subject, "\n"):
		t.Errorf("subject %q", letter.Subject)
	case !strings.Contains(letter.Text, link), !strings.Contains(letter.HTML, `href="`+link+`"`):
		t.Errorf("%s leads nowhere: %s", letter.Subject, letter.HTML)
	case strings.Contains(letter.Text, "no value"), strings.Contains(letter.Text, "\n\n\n"), strings.Contains(letter.Text, "神田"):
		t.Errorf("%s reads badly: %s", letter.Subject, letter.Text)
	case strings.Contains(letter.HTML, "<b>"), !strings.Contains(letter.Text, `<b>"神"</b>`):
		t.Errorf("%s: a name is not text: %s", letter.Subject, letter.HTML)
	}
}

func TestShipRefuses(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.approved()
	handover := orders.Handover{Carrier: "日本郵便", Tracking: "1"}
	if _, err := s.Ship(t.Context(), staff, placed.Order.ID, handover); !errors.Is(err, orders.ErrWrongState) {
		t.Errorf("an order that is not ready: %v", err)
	}
	err := s.inTx(func(tx *sqlx.Tx) error { return s.AllGood(t.Context(), tx, placed.Order.ID) })
	if !errors.Is(err, orders.ErrWrongState) {
		t.Errorf("an order that was never started is ready: %v", err)
	}
	s.make(placed)
	var refused *orders.FormError
	if _, err := s.Ship(t.Context(), staff, placed.Order.ID, orders.Handover{}); !errors.As(err, &refused) || len(refused.Fields) != 2 {
		t.Errorf("without carrier and number: %v", err)
	}
	if _, err := s.ContactForShipping(t.Context(), staff, placed.Order.ID); err != nil {
		t.Errorf("the address of a ready order: %v", err)
	}
}

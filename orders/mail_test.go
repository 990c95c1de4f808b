package orders_test

import (
	"errors"
	"html"
	netmail "net/mail"
	"regexp"
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
	var order orders.OrderID
	must(t, s.db.Get(&order, `SELECT id FROM orders`))
	must(t, s.MailPlaced(t.Context(), orders.OrderPlaced{OrderID: order, Method: orders.Konbini}))
	if waiting := s.count(`SELECT count(*) FROM river_job WHERE kind = 'mails.send' AND state = 'available'`); waiting != 1 {
		t.Fatalf("%d jobs send again what was not taken", waiting)
	}
	var event orders.MailQueued
	must(t, s.db.Get(&event.MailID, `SELECT id FROM mails WHERE state = 'queued'`))
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
			placed, err := s.Confirm(t.Context(), checkout.Key())
			must(t, err)
			id := placed.Order.ID
			must(t, s.MailPlaced(t.Context(), orders.OrderPlaced{OrderID: id, Method: orders.Konbini}))
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
			if len(s.letters.letters) != 6+len(orders.RefusalReasons) {
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
	case letter.To != (&netmail.Address{Name: `<b>"神"</b>`, Address: "haru@example.jp"}).String():
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

func TestSampleLetters(t *testing.T) {
	t.Parallel()
	s := orders.New(orders.Config{PublicURL: "http://shop.test", Workshop: "つくり場"})
	for _, language := range orders.Languages {
		letters, err := s.SampleLetters(language)
		must(t, err)
		told := map[orders.LetterKind]bool{}
		for _, letter := range letters {
			told[letter.Kind] = true
			readsWell(t, letter)
		}
		for _, kind := range orders.LetterKinds {
			if !told[kind] {
				t.Errorf("there is no sample of %s in %s", kind, language)
			}
		}
		if len(told) != len(orders.LetterKinds) {
			t.Errorf("%d kinds have samples in %s, want %d", len(told), language, len(orders.LetterKinds))
		}
	}
}

// readsWell fails the test if something is missing from a letter, or is only in one of its parts.
func readsWell(t *testing.T, letter orders.SampleLetter) {
	t.Helper()
	name, message := string(letter.Kind)+" "+letter.Case, letter.Message
	shown := html.UnescapeString(regexp.MustCompile(`(?s)<style>.*</style>|<br>|<[^>]*>`).ReplaceAllString(message.HTML, ""))
	for line := range strings.SplitSeq(message.Text, "\n") {
		if strings.HasSuffix(line, ": ") || strings.HasSuffix(line, ":") && !strings.HasSuffix(line, "page:") && !strings.HasSuffix(line, "here:") {
			t.Errorf("%s: a value is missing: %q", name, line)
		}
		for part := range strings.SplitSeq(strings.TrimLeft(line, "・- "), ": ") {
			if !strings.Contains(shown, part) && !strings.Contains(message.HTML, `href="`+part+`"`) {
				t.Errorf("%s: only the text says %q", name, part)
			}
		}
	}
	for _, bad := range []string{"{{", "<no value>", "%!", "¥0", "「」", `""`, "  ", "\n\n\n", "ZgotmplZ"} {
		if strings.Contains(message.Text+message.Subject, bad) || bad != "  " && bad != `""` && bad != "\n\n\n" && strings.Contains(message.HTML, bad) {
			t.Errorf("%s has %q: %s", name, bad, message.Text)
		}
	}
	if rare := "\uFA19\uF9DC \uFA1B子（𠮷田）"; !strings.Contains(message.Text, rare) || !strings.Contains(shown, rare) {
		t.Errorf("%s spoils a name: %s", name, message.Text)
	}
	if strings.Contains(message.HTML, "<img") || strings.Contains(message.HTML, "<script") || strings.Contains(message.HTML, "url(") {
		t.Errorf("%s loads something", name)
	}
	if size := len(message.HTML); size > 60_000 {
		t.Errorf("%s has %d bytes; mail programs cut at 100 kB", name, size)
	}
}

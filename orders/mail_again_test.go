package orders_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"tsukuriba/internal/jobs/jobstest"
	"tsukuriba/internal/mail"
	"tsukuriba/orders"
)

func TestResendLetter(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.place(orders.Konbini, s.magnet(1))
	other := s.place(orders.Konbini, s.magnet(1))
	s.letters.refuse = mail.ErrRefused
	s.settle()
	order := placed.Order.ID
	letters, err := s.Letters(t.Context(), order)
	must(t, err)
	if len(letters) != 1 || letters[0].State != orders.LetterFailed || letters[0].Kind != "received" || letters[0].SentAt != nil {
		t.Fatalf("letters %+v", letters)
	}
	s.letters.refuse = nil
	if err := s.ResendLetter(t.Context(), staff, other.Order.ID, letters[0].ID); !errors.Is(err, orders.ErrMailNotFound) {
		t.Errorf("a letter about another order: %v", err)
	}
	var all sync.WaitGroup
	outcomes := make([]error, 6)
	for i := range outcomes {
		all.Go(func() { outcomes[i] = s.ResendLetter(t.Context(), staff, order, letters[0].ID) })
	}
	all.Wait()
	done := 0
	for _, err := range outcomes {
		if err == nil {
			done++
		} else if !errors.Is(err, orders.ErrMailDelivered) {
			t.Error(err)
		}
	}
	s.settle()
	if got := s.letters.kinds(); done != 1 || len(got) != 1 {
		t.Errorf("%d of six went through, sent %v", done, got)
	}
	letters, err = s.Letters(t.Context(), order)
	must(t, err)
	if len(letters) != 2 || letters[0].State != orders.LetterRepeated || letters[1].State != orders.LetterSent || letters[1].Version != 2 {
		t.Errorf("letters %+v", letters)
	}
	if err := s.ResendLetter(t.Context(), staff, order, letters[1].ID); !errors.Is(err, orders.ErrMailDelivered) {
		t.Errorf("a letter that arrived: %v", err)
	}
	entries, err := s.Timeline(t.Context(), order)
	must(t, err)
	if last := entries[len(entries)-1]; last.Action != "letter.resent" || last.Actor != staff || last.Detail["kind"] != "received" {
		t.Errorf("audited as %+v", last)
	}
}

func TestBouncedLetter(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.place(orders.Konbini, s.magnet(1))
	letters, err := s.Letters(t.Context(), placed.Order.ID)
	must(t, err)
	if len(letters) > 0 {
		t.Fatalf("letters %+v", letters)
	}
	jobstest.Drain(t, s.bus)
	letters, err = s.Letters(t.Context(), placed.Order.ID)
	must(t, err)
	sent := letters[0].ID
	for range 2 {
		must(t, s.NoteBounce(t.Context(), staff, placed.Order.ID, sent))
	}
	if err := s.NoteBounce(t.Context(), staff, placed.Order.ID, orders.MailID{}); !errors.Is(err, orders.ErrMailNotFound) {
		t.Errorf("no letter at all: %v", err)
	}
	s.matter(orders.MatterMailFailed, placed)
	must(t, s.ResendLetter(t.Context(), staff, placed.Order.ID, sent))
	s.settle()
	letters, err = s.Letters(t.Context(), placed.Order.ID)
	must(t, err)
	if len(letters) != 2 || letters[0].State != orders.LetterRepeated || letters[1].State != orders.LetterSent {
		t.Errorf("letters %+v", letters)
	}
	exec(t, s.db, `UPDATE mails SET state = 'queued', sent_at = NULL WHERE id = $1`, letters[1].ID)
	if err := s.NoteBounce(t.Context(), staff, placed.Order.ID, letters[1].ID); !errors.Is(err, orders.ErrMailUnsent) {
		t.Errorf("one that has not left: %v", err)
	}
}

func TestLostLetter(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.place(orders.Konbini, s.magnet(1))
	s.settle()
	exec(t, s.db, `UPDATE mails SET state = 'sending', sent_at = NULL`) // the process died while sending
	state := func() orders.Letter {
		t.Helper()
		letters, err := s.Letters(t.Context(), placed.Order.ID)
		must(t, err)
		return letters[0]
	}
	lost := state()
	if lost.State != orders.LetterSending {
		t.Fatalf("lost at once: %+v", lost)
	}
	if err := s.ResendLetter(t.Context(), staff, placed.Order.ID, lost.ID); !errors.Is(err, orders.ErrMailDelivered) {
		t.Errorf("sent again while it is sent: %v", err)
	}
	s.clock.Advance(11 * time.Minute)
	if lost = state(); lost.State != orders.LetterLost {
		t.Fatalf("it is not lost: %+v", lost)
	}
	must(t, s.ResendLetter(t.Context(), staff, placed.Order.ID, lost.ID))
	s.settle()
	first, second := s.letters.letters[0], s.letters.last()
	if len(s.letters.letters) != 2 || first.Text != second.Text || first.Key == second.Key || !strings.HasSuffix(second.Key, ":received:2") {
		t.Errorf("sent again as %s: %s", second.Key, second.Text)
	}
	if state().State != orders.LetterRepeated {
		t.Errorf("it still counts as %s", state().State)
	}
}

package orders_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"tsukuriba/internal/jobs/jobstest"
	"tsukuriba/orders"
)

func TestRequestLinks(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.place(orders.Konbini, s.tag())
	address := form(orders.Konbini).Email
	jobstest.Drain(t, s.bus)
	before := len(s.letters.letters)

	must(t, s.RequestLinks(t.Context(), "nobody@example.jp", orders.Japanese))
	jobstest.Drain(t, s.bus)
	if len(s.letters.letters) != before {
		t.Error("an address without orders got a mail")
	}
	must(t, s.RequestLinks(t.Context(), " "+strings.ToUpper(address)+" ", orders.English))
	jobstest.Drain(t, s.bus)
	if len(s.letters.letters) != before+1 {
		t.Fatalf("%d mails", len(s.letters.letters)-before)
	}
	letter := s.letters.letters[before]
	if !strings.Contains(letter.Text, placed.Order.Number) || !strings.Contains(letter.Text, placed.LinkToken) || !strings.Contains(letter.HTML, placed.LinkToken) {
		t.Errorf("the mail leads nowhere: %s", letter.Text)
	}
	if kept := s.count(`SELECT count(*) FROM link_requests WHERE encode(email_sealed, 'escape') ILIKE '%example%'`); kept != 0 {
		t.Error("an address is kept in the open")
	}
	var invalid *orders.FormError
	if err := s.RequestLinks(t.Context(), "nowhere", orders.Japanese); !errors.As(err, &invalid) || invalid.Fields["email"] != "invalid" {
		t.Errorf("what is no address: %v", err)
	}
}

func TestRequestLinks_ten_times_an_hour(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	ask := func(address string) {
		t.Helper()
		must(t, s.RequestLinks(t.Context(), address, orders.Japanese))
	}
	for range 13 {
		ask("often@example.jp")
	}
	ask("once@example.jp")
	if kept := s.count(`SELECT count(*) FROM link_requests`); kept != 11 {
		t.Errorf("%d requests were taken, want 10 and 1", kept)
	}
	s.clock.Advance(time.Hour + time.Minute)
	ask("often@example.jp")
	if kept := s.count(`SELECT count(*) FROM link_requests`); kept != 12 {
		t.Errorf("%d requests are kept after an hour", kept)
	}
	s.clock.Advance(48 * time.Hour)
	ask("later@example.jp")
	jobstest.Drain(t, s.bus)
	if kept := s.count(`SELECT count(*) FROM link_requests`); kept != 1 {
		t.Errorf("%d requests are kept for days", kept)
	}
}

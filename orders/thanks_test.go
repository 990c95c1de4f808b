package orders_test

import (
	"errors"
	"strings"
	"testing"

	"tsukuriba/orders"
)

// sent is an order of a tag that has left, without the making of it.
func (s *shop) sent() orders.Placed {
	s.t.Helper()
	placed := s.approved()
	exec(s.t, s.db, `UPDATE orders SET state = 'shipped', shipped_at = now() WHERE id = $1`, placed.Order.ID)
	return placed
}

func kind(words string) orders.ThanksRequest { return orders.ThanksRequest{Words: words, Agreed: true} }

func TestThankMakers(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.sent()
	request := kind(" 娘が\r\nとても喜んでいます ")
	request.TellPrefecture = true
	thanks, err := s.ThankByCustomer(t.Context(), placed.LinkToken, request)
	must(t, err)
	if _, err := s.ThankByCustomer(t.Context(), placed.LinkToken, kind("もう一度")); !errors.Is(err, orders.ErrThankedAlready) {
		t.Errorf("a second message: %v", err)
	}
	read, err := s.ThanksOf(t.Context(), placed.Order.ID)
	must(t, err)
	if read.Words != "娘が\nとても喜んでいます" || read.State != orders.ThanksOpen || read.Prefecture == "" || read.ID != thanks.ID {
		t.Errorf("kept %+v", read)
	}
	if n := s.count(`SELECT count(*) FROM thanks WHERE words <> '' OR position(convert_to('娘', 'UTF8') IN words_sealed) > 0`); n != 0 {
		t.Error("the words lie open before staff read them")
	}
	must(t, s.ShowThanks(t.Context(), staff, thanks.ID, orders.Showing{Reading: "むすめが とても よろこんで います"}))
	must(t, s.ShowThanks(t.Context(), staff, thanks.ID, orders.Showing{Reading: "むすめが"}))
	must(t, s.DeclineThanks(t.Context(), staff, thanks.ID))
	if n := s.count(`SELECT count(*) FROM thanks WHERE state = 'declined' AND words = '' AND reading = ''`); n != 1 {
		t.Error("declined words can still be read")
	}
	if n := s.count(`SELECT count(*) FROM audit_entries WHERE action LIKE 'thanks.%'`); n != 4 {
		t.Errorf("%d audit entries", n)
	}
}

func TestThanksRefused(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	early := s.approved()
	if _, err := s.ThankByCustomer(t.Context(), early.LinkToken, kind("ありがとう")); !errors.Is(err, orders.ErrWrongState) {
		t.Errorf("before it was sent: %v", err)
	}
	if _, err := s.ThankByCustomer(t.Context(), "nobody", kind("ありがとう")); !errors.Is(err, orders.ErrOrderNotFound) {
		t.Errorf("without a link: %v", err)
	}
	placed := s.sent()
	for name, c := range map[string]struct {
		request orders.ThanksRequest
		field   string
		want    string
	}{
		"nothing":            {kind(" \n"), "words", "required"},
		"too much":           {kind(strings.Repeat("あ", 501)), "words", "too_long"},
		"letters that hide":  {kind("a\u202eb"), "words", "invalid"},
		"nobody agreed":      {orders.ThanksRequest{Words: "ありがとう"}, "agreed", "required"},
		"a control sequence": {kind("a\x1bb"), "words", "invalid"},
	} {
		if _, err := s.ThankByCustomer(t.Context(), placed.LinkToken, c.request); reasonOf(err, c.field) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	var none orders.ThanksID
	if err := s.ShowThanks(t.Context(), staff, none, orders.Showing{}); !errors.Is(err, orders.ErrThanksNotFound) {
		t.Errorf("nothing was shown: %v", err)
	}
}

func TestTelling(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	for words, want := range map[string]bool{
		"ありがとうございました":          false,
		"3つ買いました。2026年の記念です":   false,
		"０９０−１２３４−５６７８に電話ください": true,
		"090 1234 5678":   true,
		"haru@example.jp": true,
		"https://example.jp を見てください": true,
		"インスタも見てね":                   true,
		"LINE交換しませんか":                true,
		"電 話 してね":                    true,
		"京都府京都市中京区の者です":              true,
		"ｲﾝｽﾀ みてね":                   true,
		"ラインがきれいでした":                 false,
	} {
		remarks, err := s.catalog.Remarks(t.Context(), words)
		must(t, err)
		if got := (orders.Thanks{Words: words, Remarks: remarks}).Telling(); got != want {
			t.Errorf("%q is telling: %t", words, got)
		}
	}
}

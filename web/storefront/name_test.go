package storefront_test

import (
	"bytes"
	"encoding/csv"
	"net/url"
	"strings"
	"testing"

	reader "github.com/ledongthuc/pdf"

	"tsukuriba/internal/audit"
	"tsukuriba/internal/jobs/jobstest"
	"tsukuriba/orders"
)

// rareNames have letters that a normalization would turn into others, or that lie beyond the first
// plane of Unicode.
var rareNames = []string{"\uFA19田 \uFA1B子", "\uF9DC 介", "\U00020BB7野 家", "髙﨑 \uFA1A"}

// TestRareNamesSurviveEverything follows a name through all that shows it, byte for byte: the form,
// the confirmation, the form that is refused, the order's page, the letter, the receipt, the table
// for the office.
func TestRareNamesSurviveEverything(t *testing.T) {
	t.Parallel()
	for _, name := range rareNames {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t)
			v := s.visitor()
			text := strings.ReplaceAll(name, " ", "")
			studio := v.open("/products/name-tag/studio")
			typed := url.Values{"text": {text}, "font": {"noto-sans-jp-bold"}, "do": {"cart"}}
			v.follow(v.submit(studio, "/products/name-tag/studio", typed)).says(text)

			contact := address()
			contact.Set("name", name)
			contact.Set("building", name+"方")
			contact.Set("phone", "1")
			refused := v.submit(v.open("/checkout"), "/checkout", contact)
			if form := refused.form("/checkout"); form.Get("name") != name || form.Get("building") != name+"方" {
				t.Errorf("the refused form says %+q, %+q", form.Get("name"), form.Get("building"))
			}
			confirm := v.follow(v.submit(refused, "/checkout", url.Values{"phone": {"09012345678"}})).says(name, name+"方", text)
			pay := v.submit(confirm, "/checkout/confirm", nil)
			back := v.post(pay.location, url.Values{"pay": {"card"}})
			v.follow(back).says(text)

			page, _, _ := strings.Cut(strings.TrimPrefix(back.location, s.url), "?")
			s.approve()
			if letter := s.letters.letters[0]; !strings.Contains(letter.Text, name+" 様") || !strings.Contains(letter.Text, text) || !strings.Contains(letter.HTML, name) {
				t.Errorf("the letter says %s", letter.Text)
			}
			if said := v.receipt(page); !strings.Contains(said, strings.ReplaceAll(name, " ", "")) {
				t.Errorf("the receipt says %+q", said)
			}
			if cell := s.lastName(); cell != name {
				t.Errorf("the table says %+q", cell)
			}
		})
	}
}

// approve lets the only order go on and does the jobs that follow.
func (s *shop) approve() {
	s.t.Helper()
	ctx := s.t.Context()
	placed := must(s.orders.Orders(ctx, orders.OrderQuery{}))(s.t).Items[0]
	must(s.orders.Approve(ctx, audit.Actor{Role: audit.System}, placed.ID))(s.t)
	jobstest.Drain(s.t, s.bus)
}

// receipt issues the receipt of an order in the name of the order and reads it, without spaces.
func (v *visitor) receipt(page string) string {
	v.t.Helper()
	issued := v.follow(v.submit(v.open(page), page+"/receipt", nil))
	_, file, _ := strings.Cut(issued.body, `href="`+page+`/documents/`)
	file, _, _ = strings.Cut(file, `"`)
	body := v.get(page + "/documents/" + file).body
	read := must(reader.NewReader(strings.NewReader(body), int64(len(body))))(v.t)
	var said strings.Builder
	for _, letter := range read.Page(1).Content().Text {
		if letter.S != "\uFFFD" { // the reader's mark between texts
			said.WriteString(strings.TrimSpace(letter.S))
		}
	}
	return said.String()
}

// lastName is the name of the last order in the table of the month.
func (s *shop) lastName() string {
	s.t.Helper()
	var table bytes.Buffer
	request := orders.ExportRequest{Kind: orders.ExportOrders, Month: now, Names: true}
	if err := s.orders.Export(s.t.Context(), audit.Actor{Role: audit.System}, request, &table); err != nil {
		s.t.Fatal(err)
	}
	rows := csv.NewReader(&table)
	all := must(rows.ReadAll())(s.t)
	last := all[len(all)-1]
	return last[len(last)-1]
}

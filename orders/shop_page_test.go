package orders_test

import (
	"errors"
	"maps"
	"strings"
	"testing"
	"time"
	"unicode"

	"tsukuriba/internal/jst"
	"tsukuriba/orders"
	"tsukuriba/orders/prose"
)

// TestFirstPages: the pages with which a workshop begins can be shown, tell what laws demand, and in easy Japanese no
// character is without its reading.
func TestFirstPages(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	for _, key := range orders.PageKeys {
		versions, err := s.PageVersions(t.Context(), key)
		must(t, err)
		if len(versions) != 1 {
			t.Fatalf("%s has %d versions", key, len(versions))
		}
		if err := s.RevisePage(t.Context(), staff, key, orders.Revision{Base: 1}, versions[0].Content); err != nil {
			t.Errorf("%s: %v", key, err)
		}
		easy, _ := prose.Parse(versions[0].Content[orders.Easy].Body)
		for line := range strings.SplitSeq(unread(easy), "\n") {
			if strings.ContainsFunc(line, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
				t.Errorf("%s has no readings in %q", key, line)
			}
		}
	}
}

// unread are the words of a document that have no reading.
func unread(document prose.Document) string {
	var words strings.Builder
	var collect func([]prose.Span)
	collect = func(spans []prose.Span) {
		for _, span := range spans {
			if span.Reading == "" {
				words.WriteString(span.Text)
			}
			collect(span.Inside)
		}
		words.WriteString("\n")
	}
	for _, block := range document {
		collect(block.Spans)
		for _, item := range block.Items {
			collect(item)
		}
		for _, row := range block.Rows {
			for _, cell := range row {
				collect(cell)
			}
		}
	}
	return words.String()
}

// TestDemandsOfLaw takes each thing that the law wants told out of the page, which is then refused by its name.
func TestDemandsOfLaw(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	versions, err := s.PageVersions(t.Context(), orders.LegalPage)
	must(t, err)
	tests := []struct {
		language      orders.Language
		from, missing string
	}{
		{orders.Japanese, "{{name}}", "{{name}}"},
		{orders.Japanese, "{{manager}}", "{{manager}}"},
		{orders.English, "{{address}}", "{{address}}"},
		{orders.Easy, "{{phone}}", "{{phone}}"},
		{orders.Japanese, "{{hours}}", "{{hours}}"},
		{orders.Japanese, "{{email}}", "{{email}}"},
		{orders.Japanese, "| 販売価格 |", "販売価格"},
		{orders.English, "| Other costs |", "Other costs"},
		{orders.Japanese, "{{payment}}", "{{payment}}"},
		{orders.Easy, "| いつ とどくか |", "いつ とどくか"},
		{orders.Japanese, "{{returns}}", "{{returns}}"},
		{orders.English, "| System requirements |", "System requirements"},
		{orders.Japanese, "{{registration}}", "{{registration}}"},
	}
	for _, test := range tests {
		t.Run(string(test.language)+" "+test.missing, func(t *testing.T) {
			t.Parallel()
			texts := maps.Clone(versions[0].Content)
			text := texts[test.language]
			other := strings.NewReplacer(test.missing, "別のこと").Replace(test.from)
			if text.Body = strings.ReplaceAll(text.Body, test.from, other); text.Body == texts[test.language].Body {
				t.Fatal("nothing was taken out")
			}
			texts[test.language] = text
			wantFaults(t, s.RevisePage(t.Context(), staff, orders.LegalPage, orders.Revision{Base: 1}, texts),
				orders.PageFault{Language: test.language, Part: "body", Code: orders.PageMissing, About: test.missing})
		})
	}
	t.Run("a row with nothing in it", func(t *testing.T) {
		t.Parallel()
		texts := maps.Clone(versions[0].Content)
		text := texts[orders.English]
		text.Body = strings.ReplaceAll(text.Body, "Shown on each product page, consumption tax included.", " ")
		texts[orders.English] = text
		wantFaults(t, s.RevisePage(t.Context(), staff, orders.LegalPage, orders.Revision{Base: 1}, texts),
			orders.PageFault{Language: orders.English, Part: "body", Code: orders.PageMissing, About: "Prices"})
	})
}

func wantFaults(t *testing.T, err error, want ...orders.PageFault) {
	t.Helper()
	var refused *orders.PageError
	if !errors.As(err, &refused) {
		t.Fatalf("it answered %v", err)
	}
	if len(refused.Faults) != len(want) {
		t.Fatalf("the faults are %+v, want %+v", refused.Faults, want)
	}
	for i, fault := range refused.Faults {
		if fault != want[i] {
			t.Errorf("a fault is %+v, want %+v", fault, want[i])
		}
	}
}

// about is a page about the shop in all languages.
func about(body string) orders.PageTexts {
	texts := orders.PageTexts{}
	for _, language := range orders.Languages {
		texts[language] = orders.PageText{Title: "工房のこと", Body: body}
	}
	return texts
}

func TestPageFaults(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	tests := []struct {
		name  string
		text  orders.PageText
		fault orders.PageFault
	}{
		{"no title", orders.PageText{Body: "文"}, orders.PageFault{Part: "title", Code: orders.PageRequired}},
		{"no text", orders.PageText{Title: "題", Body: " \n"}, orders.PageFault{Part: "body", Code: orders.PageRequired}},
		{"long title", orders.PageText{Title: strings.Repeat("長", 61), Body: "文"}, orders.PageFault{Part: "title", Code: orders.PageTooLong}},
		{"long text", orders.PageText{Title: "題", Body: strings.Repeat("長", 20_001)}, orders.PageFault{Part: "body", Code: orders.PageTooLong}},
		{"control character", orders.PageText{Title: "題", Body: "文\x07"}, orders.PageFault{Part: "body", Code: orders.PageInvalid}},
		{"broken UTF-8", orders.PageText{Title: "\xff", Body: "文"}, orders.PageFault{Part: "title", Code: orders.PageInvalid}},
		{"script", orders.PageText{Title: "題", Body: "文\n\n[押す](javascript:alert)"}, orders.PageFault{Part: "body", Line: 3, Code: "bad_link", About: "javascript:alert"}},
		{"unknown field", orders.PageText{Title: "題", Body: "{{nmae}}"}, orders.PageFault{Part: "body", Code: orders.PageUnknownField, About: "nmae"}},
		{"typed phone", orders.PageText{Title: "題", Body: "文\n電話 " + seller.Phone}, orders.PageFault{Part: "body", Line: 2, Code: orders.PageTypedTwice, About: "{{phone}}"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			texts := about("文")
			texts[orders.Easy], test.fault.Language = test.text, orders.Easy
			wantFaults(t, s.RevisePage(t.Context(), staff, orders.AboutPage, orders.Revision{Base: 1}, texts), test.fault)
		})
	}
	if err := s.RevisePage(t.Context(), staff, "imprint", orders.Revision{}, about("文")); !errors.Is(err, orders.ErrPageNotFound) {
		t.Errorf("a page that is none: %v", err)
	}
	two := about("文")
	delete(two, orders.English)
	var refused *orders.PageError
	if err := s.RevisePage(t.Context(), staff, orders.AboutPage, orders.Revision{Base: 1}, two); !errors.As(err, &refused) || len(refused.Faults) != 2 {
		t.Errorf("without English: %v", err)
	}
}

// TestPageVersions: what held at any moment stays readable, whoever changed what since.
func TestPageVersions(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	ctx := t.Context()
	read := func(at time.Time) string {
		t.Helper()
		page, err := s.ShopPage(ctx, orders.AboutPage, orders.Japanese, at)
		must(t, err)
		return page.Body.Text()
	}
	must(t, s.RevisePage(ctx, staff, orders.AboutPage, orders.Revision{Base: 1}, about("電話 {{phone}}")))
	first := s.clock.Now()
	s.clock.Advance(time.Hour)
	moved := seller
	moved.Phone = "011-999-9999"
	s.isSoldBy(moved)
	second := s.clock.Now()
	s.clock.Advance(time.Hour)
	tomorrow := s.clock.Now().AddDate(0, 0, 1)
	must(t, s.RevisePage(ctx, staff, orders.AboutPage, orders.Revision{Base: 2, From: &tomorrow}, about("あした")))
	if got := read(time.Time{}); got != "電話 011-999-9999" {
		t.Errorf("now it says %q", got)
	}
	if got := read(first); got != "電話 011-000-0000" {
		t.Errorf("at first it said %q", got)
	}
	if got := read(first.Add(-time.Second)); !strings.Contains(got, "就労継続支援B型") || strings.Contains(got, "{{") {
		t.Errorf("before it said %q", got)
	}
	page, err := s.ShopPage(ctx, orders.AboutPage, orders.Japanese, first)
	must(t, err)
	if !page.Since.Equal(first) || page.Until == nil || !page.Until.Equal(second) || len(page.Turns) != 3 {
		t.Errorf("the version holds from %s until %v, turns %v", page.Since, page.Until, page.Turns)
	}
	for _, at := range []time.Time{s.clock.Now().Add(time.Second), time.Date(2000, 1, 1, 0, 0, 0, 0, jst.Zone)} {
		if _, err := s.ShopPage(ctx, orders.AboutPage, orders.Japanese, at); !errors.Is(err, orders.ErrPageNotFound) {
			t.Errorf("at %s: %v", at, err)
		}
	}
	s.clock.Advance(24 * time.Hour)
	if got := read(time.Time{}); got != "あした" {
		t.Errorf("a day later it says %q", got)
	}
	versions, err := s.PageVersions(ctx, orders.AboutPage)
	must(t, err)
	if versions[0].When != orders.VersionInForce || versions[1].When != orders.VersionPast || versions[0].ChangedBy != staff.ID {
		t.Errorf("the versions are %+v", versions)
	}
}

func TestRevisions(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	ctx := t.Context()
	day := func(days int) *time.Time { at := s.clock.Now().AddDate(0, 0, days); return &at }
	revise := func(base int, from *time.Time) error {
		return s.RevisePage(ctx, staff, orders.AboutPage, orders.Revision{Base: base, From: from}, about("文"))
	}
	for _, base := range []int{0, 2, -1} {
		if err := revise(base, nil); !errors.Is(err, orders.ErrShopEdited) {
			t.Errorf("a version after %d: %v", base, err)
		}
	}
	wantField(t, revise(1, day(0)), "valid_from", "invalid")
	wantField(t, revise(1, day(-3)), "valid_from", "invalid")
	must(t, revise(1, day(5)))
	wantField(t, revise(2, nil), "valid_from", "taken")
	wantField(t, revise(2, day(5)), "valid_from", "taken")
	for number, want := range map[int]error{1: orders.ErrVersionInForce, 3: orders.ErrVersionNotFound, 0: orders.ErrVersionNotFound} {
		if err := s.WithdrawPage(ctx, staff, orders.AboutPage, number); !errors.Is(err, want) {
			t.Errorf("withdraw %d: %v, want %v", number, err, want)
		}
	}
	must(t, s.WithdrawPage(ctx, staff, orders.AboutPage, 2))
	if err := s.WithdrawPage(ctx, staff, orders.AboutPage, 2); !errors.Is(err, orders.ErrVersionNotFound) {
		t.Errorf("withdraw twice: %v", err)
	}
	must(t, revise(2, nil))
	versions, err := s.PageVersions(ctx, orders.AboutPage)
	must(t, err)
	if len(versions) != 3 || versions[0].When != orders.VersionInForce || versions[1].When != orders.VersionWithdrawn || versions[2].When != orders.VersionPast {
		t.Errorf("the versions are %+v", versions)
	}
	if _, err := s.db.Exec(`UPDATE shop_versions SET content = '{}' WHERE subject = 'about'`); err == nil {
		t.Error("the database lets a version be changed")
	}
	if _, err := s.db.Exec(`DELETE FROM shop_versions WHERE subject = 'about'`); err == nil {
		t.Error("the database lets a version be deleted")
	}
}

// TestTwoEditors: of those who began with the same version one is heard, the others are told.
func TestTwoEditors(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	answers := make(chan error, 8)
	for range cap(answers) {
		go func() {
			answers <- s.RevisePage(t.Context(), staff, orders.AboutPage, orders.Revision{Base: 1}, about("文"))
		}()
	}
	saved := 0
	for range cap(answers) {
		switch err := <-answers; {
		case err == nil:
			saved++
		case !errors.Is(err, orders.ErrShopEdited):
			t.Error(err)
		}
	}
	if saved != 1 {
		t.Errorf("%d were saved", saved)
	}
}

func TestSeller(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	tests := []struct {
		name, field, reason string
		change              func(*orders.Seller)
	}{
		{"no name", "name", "required", func(s *orders.Seller) { s.Name = " " }},
		{"no manager", "manager", "required", func(s *orders.Seller) { s.Manager = "" }},
		{"no address", "address", "required", func(s *orders.Seller) { s.Address = "" }},
		{"no phone", "phone", "required", func(s *orders.Seller) { s.Phone = "" }},
		{"no hours", "hours", "required", func(s *orders.Seller) { s.Hours = "" }},
		{"no mail", "email", "required", func(s *orders.Seller) { s.Email = "" }},
		{"no number", "phone", "invalid", func(s *orders.Seller) { s.Phone = "ない" }},
		{"no mailbox", "email", "invalid", func(s *orders.Seller) { s.Email = "shop" }},
		{"no registration", "registration", "invalid", func(s *orders.Seller) { s.Registration = "1234567890123" }},
		{"two lines", "name", "invalid", func(s *orders.Seller) { s.Name = "つくり\n場" }},
		{"long", "hours_en", "too_long", func(s *orders.Seller) { s.HoursEn = strings.Repeat("x", 121) }},
		{"half an account", "bank", "incomplete", func(s *orders.Seller) { s.Bank.Holder = "" }},
		{"odd account", "bank_kind", "invalid", func(s *orders.Seller) { s.Bank.Kind = "貯蓄" }},
		{"odd number", "bank_number", "invalid", func(s *orders.Seller) { s.Bank.Number = "12a" }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			changed := seller
			test.change(&changed)
			wantField(t, s.ReviseSeller(t.Context(), staff, orders.Revision{Base: 1}, changed), test.field, test.reason)
		})
	}
}

// TestNothingIsSoldByNobody: before somebody is named, or when the first naming is withdrawn, there is no checkout.
func TestNothingIsSoldByNobody(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.db.MustExec(`TRUNCATE shop_versions`)
	refused := func() {
		t.Helper()
		if _, err := s.PrepareCheckout(t.Context(), s.cart(s.tag()), form(orders.Card)); !errors.Is(err, orders.ErrNoSeller) {
			t.Fatalf("it answered %v", err)
		}
	}
	refused()
	tomorrow := s.clock.Now().AddDate(0, 0, 1)
	must(t, s.ReviseSeller(t.Context(), staff, orders.Revision{From: &tomorrow}, seller))
	refused()
	must(t, s.WithdrawSeller(t.Context(), staff, 1))
	refused()
	must(t, s.ReviseSeller(t.Context(), staff, orders.Revision{Base: 1}, seller))
	if _, err := s.PrepareCheckout(t.Context(), s.cart(s.tag()), form(orders.Card)); err != nil {
		t.Error(err)
	}
}

// recorder keeps the sheets that were set.
type recorder struct {
	orders.Typesetter
	sheets []orders.Sheet
}

func (r *recorder) Typeset(sheet orders.Sheet) ([]byte, error) {
	r.sheets = append(r.sheets, sheet)
	return r.Typesetter.Typeset(sheet)
}

// TestDocumentsNameWhoSells: a document has the particulars of the day on which it was issued.
func TestDocumentsNameWhoSells(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	press := &recorder{Typesetter: s.config.Typesetter}
	s.config.Typesetter = press
	s.Service = orders.New(s.config)
	before, after := s.approved(), s.approved()
	for _, placed := range []orders.Placed{before, after} {
		_, err := s.Issue(t.Context(), staff, receiptOf(placed))
		must(t, err)
		moved := seller
		moved.Address = "札幌市北区9-9-9"
		s.isSoldBy(moved)
	}
	if len(press.sheets) != 2 || press.sheets[0].Issuer.Address != seller.Address || press.sheets[1].Issuer.Address != "札幌市北区9-9-9" {
		t.Errorf("the sheets are %+v", press.sheets)
	}
}

// TestPagesSayWhatTheConfirmationSays: what the last screen of an order tells of paying, withdrawing and downloading
// stands, word for word, on the page that the law wants.
func TestPagesSayWhatTheConfirmationSays(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	for _, language := range orders.Languages {
		page, err := s.ShopPage(t.Context(), orders.LegalPage, language, time.Time{})
		must(t, err)
		told := page.Body.Text()
		for _, particular := range []string{seller.Name, seller.Manager, seller.Address, seller.Phone, seller.Hours, seller.Email, seller.Registration} {
			if !strings.Contains(told, particular) {
				t.Errorf("the %s page does not tell %s", language, particular)
			}
		}
		for _, bought := range []struct {
			lines  []orders.LineRequest
			method orders.Method
		}{
			{[]orders.LineRequest{s.tag()}, orders.Card},
			{[]orders.LineRequest{s.tag()}, orders.Konbini},
			{[]orders.LineRequest{s.tag()}, orders.ByInvoice},
			{[]orders.LineRequest{s.magnet(1)}, orders.Card},
			{[]orders.LineRequest{s.magnet(1)}, orders.Konbini},
		} {
			filled := form(bought.method)
			if filled.Language = language; bought.method == orders.ByInvoice {
				filled.Company = "みほん商事"
			}
			checkout, err := s.PrepareCheckout(t.Context(), s.cart(bought.lines...), filled)
			must(t, err)
			checkItems(t, language, checkout, told)
		}
	}
}

// lawItems are the six things of 特定商取引法 第12条の6.
var lawItems = []string{"quantity", "price", "payment", "delivery", "period", "cancellation"}

func checkItems(t *testing.T, language orders.Language, checkout orders.Checkout, told string) {
	t.Helper()
	if len(checkout.Legal) != len(lawItems) {
		t.Fatalf("the confirmation has %d items", len(checkout.Legal))
	}
	for i, item := range checkout.Legal {
		if item.Key != lawItems[i] || item.Title == "" || item.Text == "" {
			t.Errorf("item %d is %+v", i, item)
		}
		if item.Key != "payment" && item.Key != "cancellation" {
			continue
		}
		for sentence := range strings.Lines(strings.NewReplacer("。", "。\n", ". ", ".\n").Replace(item.Text)) {
			if !strings.Contains(told, strings.TrimSpace(sentence)) {
				t.Errorf("the %s page does not say %q", language, sentence)
			}
		}
	}
}

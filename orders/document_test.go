package orders_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	reader "github.com/ledongthuc/pdf"

	"tsukuriba/internal/yen"
	"tsukuriba/orders"
)

var seller = orders.Seller{
	Name: "つくり場", Manager: "中村 恵", Address: "札幌市中央区1-2-3", Phone: "011-000-0000", Hours: "平日 10:00〜16:00", Email: "shop@example.jp",
	Registration: "T1234567890123", Bank: bank,
}

// written is what stands on a PDF.
func written(t *testing.T, file []byte) string {
	t.Helper()
	read, err := reader.NewReader(bytes.NewReader(file), int64(len(file)))
	must(t, err)
	text, err := read.GetPlainText()
	must(t, err)
	all, err := io.ReadAll(text)
	must(t, err)
	return string(all)
}

func receiptOf(placed orders.Placed) orders.IssueRequest {
	return orders.IssueRequest{Order: placed.Order.ID, Kind: orders.Receipt}
}

func TestReceipt(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.reviewed()
	if _, err := s.Issue(t.Context(), staff, receiptOf(placed)); !errors.Is(err, orders.ErrNotPaid) {
		t.Errorf("of a card that is only held: %v", err)
	}
	if n := s.count(`SELECT count(*) FROM document_numbers`); n != 0 {
		t.Error("a refusal took a number")
	}
	_, err := s.Approve(t.Context(), staff, placed.Order.ID)
	must(t, err)
	s.settle()
	issued, err := s.IssueReceipt(t.Context(), placed.LinkToken, &orders.Addressee{Name: "株式会社 𠮷田商店", Honorific: "御中"})
	must(t, err)
	_, file, err := s.OwnDocument(t.Context(), placed.LinkToken, issued.ID)
	must(t, err)
	text := written(t, file)
	for _, want := range []string{"領収書", issued.Number, "株式会社 𠮷田商店", "御中", "¥1,285", "¥116", "T1234567890123", "クレジットカード", placed.Order.Number} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in %q", want, text)
		}
	}
	if want := fmt.Sprintf("R%d-000001", s.clock.Now().Year()); issued.Number != want || issued.Amount != 1285 {
		t.Errorf("issued %+v", issued)
	}
	s.sound()
}

func TestIssueTwice(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.approved()
	first, err := s.IssueReceipt(t.Context(), placed.LinkToken, &orders.Addressee{Name: "神田", Honorific: "様"})
	must(t, err)
	again, err := s.IssueReceipt(t.Context(), placed.LinkToken, &orders.Addressee{Name: "だれか", Honorific: "様"})
	must(t, err)
	byStaff, err := s.Issue(t.Context(), staff, receiptOf(placed))
	must(t, err)
	if again.ID != first.ID || byStaff.ID != first.ID {
		t.Errorf("%s, %s and %s are different receipts of one order", first.Number, again.Number, byStaff.Number)
	}
	_, file, err := s.Document(t.Context(), staff, first.ID)
	must(t, err)
	if text := written(t, file); !strings.Contains(text, "神田") || strings.Contains(text, "だれか") {
		t.Error("the addressee changed after the issue")
	}
}

func TestAddressee(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.approved()
	for field, addressee := range map[string]orders.Addressee{
		"addressee": {Name: strings.Repeat("あ", 121), Honorific: "様"}, "honorific": {Name: "神田", Honorific: "閣下"},
	} {
		_, err := s.IssueReceipt(t.Context(), placed.LinkToken, &addressee)
		var refused *orders.FormError
		if !errors.As(err, &refused) || refused.Fields[field] == "" {
			t.Errorf("%+v: %v", addressee, err)
		}
	}
	issued, err := s.IssueReceipt(t.Context(), placed.LinkToken, &orders.Addressee{})
	must(t, err)
	_, file, err := s.Document(t.Context(), staff, issued.ID)
	must(t, err)
	if text := written(t, file); strings.Contains(text, "様") || strings.Contains(text, "神田") {
		t.Errorf("made out to nobody it names somebody: %q", text)
	}
}

// TestNumbersHaveNoGaps issues fifty receipts at once, among them the same one again and again,
// and ten of which the transaction fails.
func TestNumbersHaveNoGaps(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	exec(t, s.db, `UPDATE variants SET on_hand = 100 WHERE tracked`)
	var placed []orders.Placed
	for range 25 {
		order := s.place(orders.Card, s.magnet(1))
		must(t, s.stripe.PayCard(s.session(order)))
		placed = append(placed, order)
	}
	s.settle()
	unpaid := s.place(orders.Card, s.magnet(1))
	var all sync.WaitGroup
	for i := range 60 {
		all.Go(func() {
			if i >= 50 {
				if _, err := s.Issue(t.Context(), staff, receiptOf(unpaid)); !errors.Is(err, orders.ErrNotPaid) {
					t.Error(err)
				}
				return
			}
			if _, err := s.Issue(t.Context(), staff, receiptOf(placed[i%25])); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	var numbers []string
	must(t, s.db.Select(&numbers, `SELECT number FROM documents ORDER BY number`))
	if len(numbers) != 25 || !strings.HasSuffix(numbers[0], "-000001") || !strings.HasSuffix(numbers[24], "-000025") || len(slices.Compact(numbers)) != 25 {
		t.Errorf("numbers %v", numbers)
	}
	s.sound()
}

func TestNumbersBeginAnewWithTheYearInJapan(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	first, second := s.approved(), s.approved()
	newYear := time.Date(s.clock.Now().Year()+1, 1, 1, 0, 0, 0, 0, time.FixedZone("JST", 9*60*60))
	s.clock.Advance(newYear.Sub(s.clock.Now()) - time.Second)
	old, err := s.Issue(t.Context(), staff, receiptOf(first))
	must(t, err)
	s.clock.Advance(time.Second)
	fresh, err := s.Issue(t.Context(), staff, receiptOf(second))
	must(t, err)
	if old.Number != fmt.Sprintf("R%d-000001", newYear.Year()-1) || fresh.Number != fmt.Sprintf("R%d-000001", newYear.Year()) {
		t.Errorf("%s on New Year's Eve, %s on New Year's Day", old.Number, fresh.Number)
	}
	s.sound()
}

func TestReissue(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.approved()
	first, err := s.Issue(t.Context(), staff, receiptOf(placed))
	must(t, err)
	_, original, err := s.Document(t.Context(), staff, first.ID)
	must(t, err)
	exec(t, s.db, `UPDATE order_lines SET title = '別の名前'`) // whatever happens to the order later
	s.clock.Advance(30 * 24 * time.Hour)
	again, err := s.Reissue(t.Context(), staff, first.ID)
	must(t, err)
	third, err := s.Reissue(t.Context(), staff, again.ID)
	must(t, err)
	if again.Number != first.Number || again.ID == first.ID || third.ReissueOf != first.ID {
		t.Errorf("reissued %+v and %+v", again, third)
	}
	_, file, err := s.Document(t.Context(), staff, again.ID)
	must(t, err)
	if text := written(t, file); !strings.Contains(text, "再発行") || strings.Contains(text, "別の名前") || !strings.Contains(text, "神田 はると") {
		t.Errorf("reissued: %q", text)
	}
	if _, now, err := s.Document(t.Context(), staff, first.ID); err != nil || !bytes.Equal(now, original) {
		t.Errorf("the first issue changed (%v)", err)
	}
	s.sound()
}

func TestDocumentsAreFrozen(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	_, err := s.Issue(t.Context(), staff, receiptOf(s.approved()))
	must(t, err)
	for _, change := range []string{
		`DELETE FROM documents`, `UPDATE documents SET amount_yen = 1`, `UPDATE documents SET blob_key = NULL, sha256 = NULL`,
		`UPDATE documents SET snapshot = '{}'`, `UPDATE documents SET blob_key = 'x'`,
	} {
		if _, err := s.db.Exec(change); err == nil {
			t.Errorf("the database allows %s", change)
		}
	}
}

// unset is a typesetter that fails until it is mended.
type unset struct {
	orders.Typesetter
	broken bool
}

func (u *unset) Typeset(sheet orders.Sheet) ([]byte, error) {
	if u.broken {
		return nil, errors.New("out of ink")
	}
	return u.Typesetter.Typeset(sheet)
}

func TestANumberedDocumentIsSetLater(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	press := &unset{s.config.Typesetter, true}
	s.config.Typesetter = press
	s.Service = orders.New(s.config)
	placed := s.approved()
	if _, err := s.Issue(t.Context(), staff, receiptOf(placed)); err == nil {
		t.Error("nothing was said of the missing file")
	}
	press.broken = false
	issued, err := s.Issue(t.Context(), staff, receiptOf(placed))
	must(t, err)
	if !strings.HasSuffix(issued.Number, "-000001") {
		t.Errorf("the failure cost a number: %s", issued.Number)
	}
	s.sound()
}

func TestDocumentsOfOthers(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	mine, theirs := s.approved(), s.approved()
	issued, err := s.Issue(t.Context(), staff, receiptOf(mine))
	must(t, err)
	if _, _, err := s.OwnDocument(t.Context(), theirs.LinkToken, issued.ID); !errors.Is(err, orders.ErrDocumentNotFound) {
		t.Errorf("another customer's receipt: %v", err)
	}
	s.make(mine)
	slip, err := s.Issue(t.Context(), staff, orders.IssueRequest{Order: mine.Order.ID, Kind: orders.PackingSlip})
	must(t, err)
	if _, _, err := s.OwnDocument(t.Context(), mine.LinkToken, slip.ID); !errors.Is(err, orders.ErrDocumentNotFound) {
		t.Errorf("a slip that may be a gift's: %v", err)
	}
}

func TestPackingSlip(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.approved()
	request := orders.IssueRequest{Order: placed.Order.ID, Kind: orders.PackingSlip}
	if _, err := s.Issue(t.Context(), staff, request); !errors.Is(err, orders.ErrWrongState) {
		t.Errorf("before anything is packed: %v", err)
	}
	s.make(placed)
	slip, err := s.Issue(t.Context(), staff, request)
	must(t, err)
	_, file, err := s.Document(t.Context(), staff, slip.ID)
	must(t, err)
	text := written(t, file)
	for _, private := range []string{"¥", "09012345678", "haru@example.jp"} {
		if strings.Contains(text, private) {
			t.Errorf("the slip shows %s", private)
		}
	}
	for _, want := range []string{"はると", "〒064-0941", "札幌市中央区", "name-tag"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in %q", want, text)
		}
	}
}

func TestSearchDocuments(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	names := []string{"株式会社 髙﨑商店", "神田 はると", "ササキ ケン", "José"}
	for _, name := range names {
		placed := s.approved()
		_, err := s.IssueReceipt(t.Context(), placed.LinkToken, &orders.Addressee{Name: name, Honorific: "様"})
		must(t, err)
		s.clock.Advance(24 * time.Hour)
	}
	today := s.clock.Now()
	for name, test := range map[string]struct {
		query orders.DocumentQuery
		want  string
	}{
		"everything":             {orders.DocumentQuery{}, "José ササキ 神田 株式"},
		"a company without form": {orders.DocumentQuery{Recipient: "髙﨑商店"}, "株式"},
		"a family name":          {orders.DocumentQuery{Recipient: "神田"}, "神田"},
		"kana of any kind":       {orders.DocumentQuery{Recipient: "ｻｻｷ　けん"}, "ササキ"},
		"how a name begins":      {orders.DocumentQuery{Recipient: "はる"}, "神田"},
		"the middle of a name":   {orders.DocumentQuery{Recipient: "ると"}, ""},
		"a day":                  {orders.DocumentQuery{From: today.AddDate(0, 0, -2), Until: today.AddDate(0, 0, -2)}, "ササキ"},
		"from a day on":          {orders.DocumentQuery{From: today.AddDate(0, 0, -2)}, "José ササキ"},
		"an amount":              {orders.DocumentQuery{AtLeast: 1285, AtMost: 1285}, "José ササキ 神田 株式"},
		"a larger amount":        {orders.DocumentQuery{AtLeast: 1286}, ""},
		"a number":               {orders.DocumentQuery{Number: fmt.Sprintf("r%d-000002", today.AddDate(0, 0, -3).Year())}, "神田"},
		"another kind":           {orders.DocumentQuery{Kind: orders.RefundNote}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			page, err := s.SearchDocuments(t.Context(), staff, test.query)
			must(t, err)
			var got []string
			for _, document := range page.Items {
				first, _, _ := strings.Cut(document.Recipient, " ")
				if runes := []rune(first); len(runes) > 2 && runes[0] == '株' {
					first = "株式"
				}
				got = append(got, first)
			}
			if strings.Join(got, " ") != test.want {
				t.Errorf("found %v, want %s", got, test.want)
			}
		})
	}
	var pages []string
	query := orders.DocumentQuery{Limit: 3}
	for {
		page, err := s.SearchDocuments(t.Context(), staff, query)
		must(t, err)
		pages = append(pages, fmt.Sprint(len(page.Items)))
		if query.Cursor = page.NextCursor; query.Cursor == "" {
			break
		}
	}
	if strings.Join(pages, " ") != "3 1" {
		t.Errorf("pages of %v", pages)
	}
	if n := s.count(`SELECT count(*) FROM audit_entries WHERE action = 'documents.searched'`); n != 14 {
		t.Errorf("%d searches are on record", n)
	}
	if n := s.count(`SELECT count(*) FROM documents WHERE snapshot::text LIKE '%神田%'`); n != 0 {
		t.Error("names lie open in the database")
	}
}

// TestEveryDocumentAgreesWithTheLedger holds the sheets of a busy shop against its books.
func TestEveryDocumentAgreesWithTheLedger(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	exec(t, s.db, `UPDATE variants SET on_hand = 100 WHERE tracked`)
	var total yen.Amount
	for i := range 6 {
		placed := s.place(orders.Card, s.magnet(1+i), s.tag())
		must(t, s.stripe.PayCard(s.session(placed)))
		s.settle()
		_, err := s.Approve(t.Context(), staff, placed.Order.ID)
		must(t, err)
		s.settle()
		document, err := s.Issue(t.Context(), staff, receiptOf(placed))
		must(t, err)
		total += document.Amount
	}
	var captured yen.Amount
	must(t, s.db.Get(&captured, `SELECT sum(amount_yen) FROM money_ledger WHERE kind = 'capture'`))
	if total != captured {
		t.Errorf("receipts of %s for %s", total, captured)
	}
	s.sound()
	exec(t, s.db, `ALTER TABLE documents DISABLE TRIGGER documents_frozen`)
	exec(t, s.db, `UPDATE documents SET amount_yen = amount_yen + 1 WHERE number LIKE '%-000003'`)
	exec(t, s.db, `UPDATE document_numbers SET last = last + 1`)
	violations, err := s.CheckInvariants(t.Context())
	must(t, err)
	var rules []string
	for _, violation := range violations {
		rules = append(rules, violation.Rule)
	}
	if strings.Join(rules, " ") != "document-in-ledger document-numbers" {
		t.Errorf("the checker finds %v", rules)
	}
}

func TestDocumentsOfACompany(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	filled := form(orders.Card)
	filled.Company, filled.Department = "㈱髙﨑", "総務部"
	filled.Message, filled.WithoutPrices = "おめでとう。\nこれからもよろしく。", true
	checkout, err := s.PrepareCheckout(t.Context(), s.cart(s.magnet(1)), filled)
	must(t, err)
	placed, err := s.Confirm(t.Context(), checkout.Key())
	must(t, err)
	must(t, s.stripe.PayCard(s.session(placed)))
	s.settle()
	s.expect(placed, orders.Ready)
	issued, err := s.Issue(t.Context(), staff, receiptOf(placed))
	must(t, err)
	_, receipt, err := s.Document(t.Context(), staff, issued.ID)
	must(t, err)
	if text := written(t, receipt); !strings.Contains(text, "㈱髙﨑 総務部\u3000御中") || strings.Contains(text, "おめでとう") {
		t.Errorf("the receipt says %q", text)
	}
	_, slip, err := s.PackingSlip(t.Context(), staff, placed.Order.ID)
	must(t, err)
	if text := written(t, slip); !strings.Contains(text, "神田 はると\u3000様") || !strings.Contains(text, "㈱髙﨑") || !strings.Contains(text, "これからもよろしく。") {
		t.Errorf("the slip says %q", text)
	}
	card, err := s.GiftCard(t.Context(), staff, placed.Order.ID)
	must(t, err)
	if text := written(t, card.File); !strings.Contains(text, "これからもよろしく。") || strings.Contains(text, "¥") || strings.Contains(text, "神田") {
		t.Errorf("the card says %q", text)
	}
	s.clock.Advance(60 * 24 * time.Hour)
	exec(t, s.db, `UPDATE orders SET state = 'completed', shipped_at = placed_at`)
	if _, err := s.GiftCard(t.Context(), staff, placed.Order.ID); !errors.Is(err, orders.ErrContactClosed) {
		t.Errorf("a card long after it was sent: %v", err)
	}
	if _, _, err := s.PackingSlip(t.Context(), staff, placed.Order.ID); !errors.Is(err, orders.ErrContactClosed) {
		t.Errorf("long after it was sent: %v", err)
	}
}

package orders_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"tsukuriba/internal/audit"
	"tsukuriba/orders"
)

// table reads an export back as a spreadsheet would.
func (s *shop) table(request orders.ExportRequest) [][]string {
	s.t.Helper()
	var out bytes.Buffer
	must(s.t, s.Export(s.t.Context(), staff, request, &out))
	body, marked := bytes.CutPrefix(out.Bytes(), []byte("\uFEFF"))
	if !marked || bytes.Count(body, []byte("\r\n")) != bytes.Count(body, []byte("\n")) {
		s.t.Error("Excel would not read it: no byte order mark, or no CRLF")
	}
	rows, err := csv.NewReader(bytes.NewReader(body)).ReadAll()
	must(s.t, err)
	return rows
}

func line(cells []string) string { return strings.Join(cells, " ") }

func TestExportOrders(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	filled := form(orders.Card)
	filled.Name = "=1\n=2"
	if _, err := s.PrepareCheckout(t.Context(), s.cart(s.magnet(1)), filled); err == nil {
		t.Error("a name with a line break was taken")
	}
	for _, name := range []string{`=1+1`, `@SUM(A1)`, `"髙﨑",𠮷`, "\u3000-2"} {
		filled.Name = name
		checkout, err := s.PrepareCheckout(t.Context(), s.cart(s.magnet(1)), filled)
		must(t, err)
		_, err = s.Confirm(t.Context(), checkout.Key())
		must(t, err)
	}
	month := s.clock.Now()
	without := s.table(orders.ExportRequest{Kind: orders.ExportOrders, Month: month})
	rows := s.table(orders.ExportRequest{Kind: orders.ExportOrders, Month: month, Names: true})
	if len(rows) != 5 || len(rows[1]) != len(without[1])+1 || without[0][0] != "注文番号" {
		t.Fatalf("rows %v", rows)
	}
	for i, want := range []string{`'=1+1`, `'@SUM(A1)`, `"髙﨑",𠮷`, `'-2`} {
		if got := rows[i+1][len(rows[i+1])-1]; got != want {
			t.Errorf("a name is %q, want %q", got, want)
		}
	}
	if got := line(rows[1][4:13]); got != "550 0 0 185 735 735 66 0 0" {
		t.Errorf("amounts %s", got)
	}
	if rows := s.table(orders.ExportRequest{Kind: orders.ExportOrders, Month: month.AddDate(0, -1, 0)}); len(rows) != 1 {
		t.Errorf("the month before has %v", rows)
	}
	if n := s.count(`SELECT count(*) FROM audit_entries WHERE action = 'export.orders' AND detail->>'names' = 'true'`); n != 1 {
		t.Errorf("%d exports with names are on record", n)
	}
	if err := s.Export(t.Context(), staff, orders.ExportRequest{Kind: "members"}, &bytes.Buffer{}); !errors.Is(err, orders.ErrUnknownExport) {
		t.Errorf("an unknown export: %v", err)
	}
}

// TestExportsAgree holds the tables of a month against each other and against the documents.
func TestExportsAgree(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	now := s.clock.Now().In(time.FixedZone("JST", 9*60*60))
	s.clock.Advance(time.Date(now.Year(), now.Month()+1, 3, 23, 30, 0, 0, now.Location()).Sub(now))
	first, second := s.approved(), s.approvedOf(s.tag(), s.magnet(1))
	_, err := s.Issue(t.Context(), staff, receiptOf(first))
	must(t, err)
	s.clock.Advance(time.Hour) // it is the 4th now
	s.refundFirstLine(second)
	month := s.clock.Now()
	sales := s.table(orders.ExportRequest{Kind: orders.ExportSales, Month: month})
	day := month.In(now.Location()).Format("2006-01-")
	want := []string{
		"日付 税率 売上（税込） うち消費税 返金（税込） うち消費税 差引（税込） うち消費税",
		day + "03 10% 3120 282 0 0 3120 282", // 116 + 166: the tax of two receipts, not of their sum
		day + "04 10% 0 0 1100 100 -1100 -100",
	}
	for i := range max(len(sales), len(want)) {
		if i >= len(sales) || i >= len(want) || line(sales[i]) != want[i] {
			t.Errorf("sales are %v, want %v", sales, want)
			break
		}
	}
	var kinds []string
	for _, row := range s.table(orders.ExportRequest{Kind: orders.ExportLedger, Month: month})[1:] {
		kinds = append(kinds, row[3]+row[4]+"/"+row[5])
	}
	if got := line(kinds); got != "与信/ 入金1285/ 与信/ 入金1835/ 返金/1100" {
		t.Errorf("the ledger is %s", got)
	}
	documents := s.table(orders.ExportRequest{Kind: orders.ExportDocuments, Month: month, Names: true})
	if len(documents) != 3 || line(documents[1][1:2])+documents[1][6] != "領収書神田 はると" || line(documents[2][1:2])+documents[2][4] != "返金明細書1100" {
		t.Errorf("documents %v", documents)
	}
}

// approvedOf is a paid order of lines of which the first has a text.
func (s *shop) approvedOf(lines ...orders.LineRequest) orders.Placed {
	s.t.Helper()
	placed := s.place(orders.Card, lines...)
	must(s.t, s.stripe.PayCard(s.session(placed)))
	s.settle()
	_, err := s.Approve(s.t.Context(), staff, placed.Order.ID)
	must(s.t, err)
	s.settle()
	return placed
}

// refundFirstLine gives the first line of an order back and waits for its note.
func (s *shop) refundFirstLine(placed orders.Placed) orders.Document {
	s.t.Helper()
	_, err := s.RequestRefund(s.t.Context(), staff, orders.RefundOrder{
		Order: placed.Order.ID, Parts: []orders.RefundPart{{Kind: orders.PartLine, LineID: placed.Order.Lines[0].ID, Quantity: 1}}, Reason: orders.RefundReasons[0],
	})
	must(s.t, err)
	s.settle()
	documents, err := s.OrderDocuments(s.t.Context(), placed.Order.ID)
	must(s.t, err)
	if len(documents) == 0 {
		s.t.Fatal("there is no note of the refund")
	}
	return documents[len(documents)-1]
}

func TestRefundNote(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.approvedOf(s.tag(), s.magnet(1))
	note := s.refundFirstLine(placed)
	if note.Kind != orders.RefundNote || note.Amount != 1100 || !strings.HasPrefix(note.Number, "C") {
		t.Errorf("the note is %+v", note)
	}
	_, file, err := s.OwnDocument(t.Context(), placed.LinkToken, note.ID)
	must(t, err)
	text := written(t, file)
	for _, want := range []string{"返金明細書", "適格返還請求書", "¥1,100", "¥100", "もとのお支払日", "T1234567890123", "name-tag"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in %q", want, text)
		}
	}
	must(t, s.NoteRefund(t.Context(), orders.OrderRefunded{OrderID: placed.Order.ID, RefundID: note.RefundID}))
	if n := s.count(`SELECT count(*) FROM documents`); n != 1 {
		t.Errorf("told twice, there are %d notes", n)
	}
	_, err = s.Issue(t.Context(), staff, orders.IssueRequest{Order: placed.Order.ID, Kind: orders.RefundNote})
	if !errors.Is(err, orders.ErrRefundNotFound) {
		t.Errorf("of no refund: %v", err)
	}
	s.sound()
}

// heaviest keeps the most memory that was in use while something was written to it.
type heaviest struct {
	written int
	peak    uint64
}

func (h *heaviest) Write(p []byte) (int, error) {
	var memory runtime.MemStats
	if h.written += len(p); h.written%(64<<10) < len(p) {
		runtime.GC()
		runtime.ReadMemStats(&memory)
		h.peak = max(h.peak, memory.HeapAlloc)
	}
	return len(p), nil
}

func TestExportOfTenThousandOrders(t *testing.T) {
	if testing.Short() {
		t.Skip("ten thousand orders take a while")
	}
	s := newShop(t)
	placed := s.place(orders.Card, s.magnet(1))
	exec(t, s.db, `ALTER TABLE orders DROP CONSTRAINT order_per_checkout`)
	exec(t, s.db, fmt.Sprintf(`
		WITH copied AS (
			INSERT INTO orders
			SELECT (jsonb_populate_record(original, jsonb_build_object('id', gen_random_uuid(), 'number', 'X-' || n, 'link_hash', '\x' || md5(n::text)))).*
			FROM orders AS original, generate_series(1, 10000) AS n
			WHERE original.id = '%s'
			RETURNING id
		)
		INSERT INTO order_lines
		SELECT (jsonb_populate_record(line, jsonb_build_object('id', gen_random_uuid(), 'order_id', copied.id))).*
		FROM copied, order_lines AS line`, uuid.UUID(placed.Order.ID).String()))
	runtime.GC()
	var before runtime.MemStats
	runtime.ReadMemStats(&before)
	out := &heaviest{}
	started := time.Now()
	must(t, s.Export(t.Context(), audit.Actor{Role: audit.System}, orders.ExportRequest{Kind: orders.ExportOrders, Month: s.clock.Now()}, out))
	if grown := int64(out.peak) - int64(before.HeapAlloc); grown > 8<<20 || out.written < 10_000*40 {
		t.Errorf("%d bytes were written with %d kB more memory", out.written, grown>>10)
	}
	t.Logf("%d kB in %v", out.written>>10, time.Since(started))
}

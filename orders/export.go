package orders

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tsukuriba/internal/audit"
	"tsukuriba/internal/jst"
	"tsukuriba/internal/postgres"
	"tsukuriba/internal/yen"
)

// ExportKind says which table is wanted.
type ExportKind string

// The exports: orders of the month, sales and refunds by day and tax rate, every movement of
// money, documents issued.
const (
	ExportOrders    ExportKind = "orders"
	ExportSales     ExportKind = "sales"
	ExportLedger    ExportKind = "ledger"
	ExportDocuments ExportKind = "documents"
)

// ExportKinds are all exports, in the order in which they are offered.
var ExportKinds = []ExportKind{ExportOrders, ExportSales, ExportLedger, ExportDocuments}

// ExportRequest is a table of one month in Japan. Names adds those of customers to orders and
// documents, which are class B.
type ExportRequest struct {
	Kind  ExportKind
	Month time.Time // any moment of it
	Names bool
}

// exportBatch is how many rows are in memory at once, however many a month has.
const exportBatch = 200

// export is a table that is being written.
type export struct {
	*Service
	*csv.Writer
	from, until time.Time
	names       bool
}

// Export writes a table as CSV that Japanese Excel opens: UTF-8 with a byte order mark, quoted as
// RFC 4180 has it, dates as 2026-11-23, amounts in yen without marks, no text that a spreadsheet
// would take for a formula. It leaves an audit entry before the first row. Errors: ErrUnknownExport.
func (s *Service) Export(ctx context.Context, by audit.Actor, request ExportRequest, to io.Writer) error {
	tables := map[ExportKind]func(*export, context.Context) error{
		ExportOrders: (*export).orders, ExportSales: (*export).sales, ExportLedger: (*export).ledger, ExportDocuments: (*export).documents,
	}
	write, known := tables[request.Kind]
	if !known {
		return ErrUnknownExport
	}
	year, month, _ := request.Month.In(jst.Zone).Date()
	from := time.Date(year, month, 1, 0, 0, 0, 0, jst.Zone)
	err := postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		return audit.Record(ctx, tx, audit.Entry{
			Actor: by, Action: "export." + string(request.Kind), Subject: "exports",
			Detail: map[string]any{"month": from.Format("2006-01"), "names": request.Names},
		})
	})
	if err != nil {
		return err
	}
	if _, err := io.WriteString(to, "\uFEFF"); err != nil {
		return fmt.Errorf("write export: %w", err)
	}
	table := &export{s, csv.NewWriter(to), from, from.AddDate(0, 1, 0), request.Names}
	table.UseCRLF = true
	if err := write(table, ctx); err != nil {
		return fmt.Errorf("export %s: %w", request.Kind, err)
	}
	table.Flush()
	return table.Error()
}

// cell is text as a spreadsheet may have it: nothing that it would calculate.
func cell(text string) string {
	if trimmed := strings.TrimLeft(text, " \u3000"); trimmed != "" && strings.ContainsRune("=+-@\t\r＝＋－＠", []rune(trimmed)[0]) {
		return "'" + text
	}
	return text
}

func amount(of yen.Amount) string { return strconv.FormatInt(int64(of), 10) }

func moment(at time.Time) string { return at.In(jst.Zone).Format("2006-01-02 15:04:05") }

// row writes texts that are already fit to be cells.
func (e *export) row(cells ...string) error { return e.Write(cells) }

// orders writes a row an order, with the tax of each rate as its receipt has it.
func (e *export) orders(ctx context.Context) error {
	head := []string{
		"注文番号", "注文日時", "状態", "支払方法", "商品", "割引", "包装", "送料", "合計", "10%対象", "うち消費税", "8%対象", "うち消費税", "受取済み", "返金済み", "手数料の値引き",
	}
	if e.names {
		head = append(head, "お名前")
	}
	if err := e.row(head...); err != nil {
		return err
	}
	for last := (OrderID{}); ; {
		batch, err := readOrders(ctx, e.db, `orders.placed_at >= $1 AND orders.placed_at < $2 AND ($3::uuid IS NULL OR orders.id > $3)
			ORDER BY orders.id LIMIT $4`, e.from, e.until, last, exportBatch)
		if err != nil {
			return err
		}
		for _, order := range batch {
			if err := e.order(ctx, order); err != nil {
				return err
			}
		}
		if e.Flush(); len(batch) < exportBatch || e.Error() != nil {
			return e.Error()
		}
		last = batch[len(batch)-1].ID
	}
}

func (e *export) order(ctx context.Context, order Order) error {
	rates := map[int]TaxLine{}
	for _, tax := range order.Taxes() {
		rates[tax.Rate] = tax
	}
	var captured, refunded yen.Amount
	for _, payment := range order.Payments {
		switch {
		case payment.Method == ByInvoice: // in as many transfers as there were
			captured += order.Captured
		case payment.State == PaymentCaptured:
			captured += payment.Amount
		}
	}
	for _, refund := range order.Refunds {
		if refund.State == RefundSucceeded {
			refunded += refund.Amount
		}
	}
	cells := []string{
		order.Number, moment(order.PlacedAt), stateWords[order.State], methodWords[order.Method], amount(order.Goods), amount(-order.Discount),
		amount(order.Wrapping), amount(order.Shipping), amount(order.Total), amount(rates[10].Total), amount(rates[10].Tax),
		amount(rates[ReducedTaxRate].Total), amount(rates[ReducedTaxRate].Tax), amount(captured), amount(refunded), amount(order.WrittenOff),
	}
	if e.names {
		contact, err := e.contact(ctx, e.db, order.ID)
		if err != nil {
			return err
		}
		cells = append(cells, cell(contact.Name))
	}
	return e.row(cells...)
}

var stateWords = map[State]string{
	AwaitingPayment: "支払い待ち", InReview: "確認中", Approved: "承認済み", InProduction: "制作中", Ready: "発送準備", Shipped: "発送済み",
	Completed: "完了", Expired: "期限切れ", Canceled: "取り消し",
}

var methodWords = map[Method]string{Card: "クレジットカード", Konbini: "コンビニ払い", ByInvoice: "銀行振込（請求書払い）"}

// movement is a row of the ledger.
type movement struct {
	ID       int64      `db:"id"`
	Order    OrderID    `db:"order_id"`
	Number   string     `db:"number"`
	Kind     string     `db:"kind"`
	Amount   yen.Amount `db:"amount_yen"`
	Provider string     `db:"provider_id"`
	At       time.Time  `db:"occurred_at"`
	Came     yen.Amount `db:"came"` // of an order by invoice: what had come with it or was written off, less what was taken back
}

// sells says whether the movement makes a sale of an order: 1, or -1 where it takes the sale back.
// Transfers do when they bring its price together, or a fee that is written off; a part is nobody's sale yet, a surplus never.
func (m movement) sells(order Order) int {
	if m.Kind != "capture" && m.Kind != "capture_undone" && m.Kind != "written_off" {
		return 0
	}
	if order.Method != ByInvoice {
		return 1
	}
	before := m.Came - m.Amount
	if m.Kind == "capture_undone" {
		before = m.Came + m.Amount
	}
	switch {
	case before < order.Total && m.Came >= order.Total:
		return 1
	case before >= order.Total && m.Came < order.Total:
		return -1
	}
	return 0
}

// movements hands the ledger of the month to use in its order, in batches.
func (e *export) movements(ctx context.Context, use func([]movement) error) error {
	for last := (movement{At: e.from}); ; {
		var batch []movement
		err := e.db.SelectContext(ctx, &batch, `
			SELECT ledger.id, ledger.order_id, orders.number, ledger.kind, ledger.amount_yen, ledger.provider_id, ledger.occurred_at,
			       CASE WHEN ledger.provider_id LIKE 'transfer:%' OR ledger.kind = 'written_off' THEN (
			           SELECT sum(CASE kind WHEN 'capture_undone' THEN -amount_yen ELSE amount_yen END)
			           FROM money_ledger
			           WHERE payment_id = ledger.payment_id AND id <= ledger.id AND kind IN ('capture', 'capture_undone', 'written_off'))
			       ELSE 0 END AS came
			FROM money_ledger AS ledger
			JOIN orders ON orders.id = ledger.order_id
			WHERE (ledger.occurred_at, ledger.id) > ($1, $2) AND ledger.occurred_at < $3
			ORDER BY ledger.occurred_at, ledger.id
			LIMIT $4`, last.At, last.ID, e.until, exportBatch)
		if err != nil {
			return fmt.Errorf("read ledger: %w", err)
		}
		if err := use(batch); err != nil {
			return err
		}
		if e.Flush(); len(batch) < exportBatch || e.Error() != nil {
			return e.Error()
		}
		last = batch[len(batch)-1]
	}
}

// entryKinds are the kinds of ledger entries, with the sign with which money moves.
var entryKinds = map[string]struct {
	words string
	sign  yen.Amount
}{
	"authorization": {"与信", 0}, "void": {"与信の取り消し", 0}, "capture": {"入金", 1}, "capture_undone": {"入金の取り消し", -1}, "written_off": {"振込手数料の値引き", 0}, "refund": {"返金", -1}, "refund_returned": {"返金の戻り", 1},
	"dispute_out": {"異議による出金", -1}, "dispute_in": {"異議の返戻", 1},
	"dispute_fee": {"異議の手数料", -1}, "dispute_fee_returned": {"異議の手数料の返戻", 1},
}

// ledger writes a row a movement. What a card only holds is neither in nor out.
func (e *export) ledger(ctx context.Context) error {
	if err := e.row("番号", "日時", "注文番号", "種別", "入金", "出金", "値引き", "決済番号"); err != nil {
		return err
	}
	return e.movements(ctx, func(batch []movement) error {
		for _, each := range batch {
			in, out, off := "", "", ""
			switch entryKinds[each.Kind].sign {
			case 1:
				in = amount(each.Amount)
			case -1:
				out = amount(each.Amount)
			}
			if each.Kind == "written_off" {
				off = amount(each.Amount)
			}
			err := e.row(strconv.FormatInt(each.ID, 10), moment(each.At), each.Number, entryKinds[each.Kind].words, in, out, off, cell(each.Provider))
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// takings are the sales and refunds of a day at one rate.
type takings struct{ sold, soldTax, returned, returnedTax yen.Amount }

// sales writes a row for each day and tax rate. The tax of a day is the sum of what its
// documents show, never a rate of the day's total. Disputes are no sales: the ledger has them.
func (e *export) sales(ctx context.Context) error {
	if err := e.row("日付", "税率", "売上（税込）", "うち消費税", "返金（税込）", "うち消費税", "差引（税込）", "うち消費税"); err != nil {
		return err
	}
	open, rates := "", map[int]takings{}
	err := e.movements(ctx, func(batch []movement) error {
		orders, err := e.ordersOf(ctx, batch)
		if err != nil {
			return err
		}
		for _, each := range batch {
			if today := jst.Date(each.At); today != open {
				if err := e.close(open, rates); err != nil {
					return err
				}
				open = today
				clear(rates)
			}
			add(rates, each, orders[each.Order])
		}
		return nil
	})
	if err != nil {
		return err
	}
	return e.close(open, rates)
}

func (e *export) ordersOf(ctx context.Context, batch []movement) (map[OrderID]Order, error) {
	ids := make([]OrderID, len(batch))
	for i, each := range batch {
		ids[i] = each.Order
	}
	read, err := readOrders(ctx, e.db, `orders.id = ANY($1)`, pq.Array(ids))
	orders := map[OrderID]Order{}
	for _, order := range read {
		orders[order.ID] = order
	}
	return orders, err
}

// add counts a movement as a sale or a return at the rates of its document.
func add(rates map[int]takings, each movement, order Order) {
	var taxes []TaxLine
	sign := yen.Amount(each.sells(order))
	switch each.Kind {
	case "capture", "capture_undone", "written_off":
		if sign != 0 {
			taxes = order.soldTaxes()
		}
	case "refund", "refund_returned":
		found := slices.IndexFunc(order.Refunds, func(refund Refund) bool { return refund.ProviderID == each.Provider })
		if found >= 0 {
			taxes = order.Refunds[found].Taxes()
		}
		if found >= 0 && order.Refunds[found].OfSurplus() {
			return
		}
		if len(taxes) == 0 { // nobody has said what it was for
			taxes = []TaxLine{{Total: each.Amount}}
		}
	}
	for _, tax := range taxes {
		sum := rates[tax.Rate]
		switch each.Kind {
		case "capture", "capture_undone", "written_off":
			sum.sold, sum.soldTax = sum.sold+sign*tax.Total, sum.soldTax+sign*tax.Tax
		case "refund":
			sum.returned, sum.returnedTax = sum.returned+tax.Total, sum.returnedTax+tax.Tax
		default:
			sum.returned, sum.returnedTax = sum.returned-tax.Total, sum.returnedTax-tax.Tax
		}
		rates[tax.Rate] = sum
	}
}

func (e *export) close(day string, rates map[int]takings) error {
	for _, rate := range []int{10, ReducedTaxRate, 0} {
		sum, some := rates[rate]
		if !some {
			continue
		}
		words := strconv.Itoa(rate) + "%"
		if rate == 0 {
			words = "未定"
		}
		err := e.row(day, words, amount(sum.sold), amount(sum.soldTax), amount(sum.returned), amount(sum.returnedTax),
			amount(sum.sold-sum.returned), amount(sum.soldTax-sum.returnedTax))
		if err != nil {
			return err
		}
	}
	return nil
}

var documentWords = map[DocumentKind]string{
	Quote: "見積書", Invoice: "請求書", Receipt: "領収書", RefundNote: "返金明細書", PackingSlip: "納品書（同梱）", DeliveryNote: "納品書",
}

// documents writes a row an issue.
func (e *export) documents(ctx context.Context) error {
	head := []string{"番号", "種類", "発行日", "再発行", "金額", "注文番号"}
	if e.names {
		head = append(head, "宛名")
	}
	if err := e.row(head...); err != nil {
		return err
	}
	for last := (DocumentID{}); ; {
		var batch []storedDocument
		err := e.db.SelectContext(ctx, &batch, selectDocuments+`document.issued_at >= $1 AND document.issued_at < $2
			AND ($3::uuid IS NULL OR document.id > $3) ORDER BY document.id LIMIT $4`, e.from, e.until, last, exportBatch)
		if err != nil {
			return fmt.Errorf("read documents: %w", err)
		}
		for _, document := range batch {
			if err := e.document(document); err != nil {
				return err
			}
		}
		if e.Flush(); len(batch) < exportBatch || e.Error() != nil {
			return e.Error()
		}
		last = batch[len(batch)-1].ID
	}
}

func (e *export) document(document storedDocument) error {
	again := ""
	if !document.ReissueOf.IsZero() {
		again = "再発行"
	}
	cells := []string{document.Number, documentWords[document.Kind], jst.Date(document.IssuedAt), again, amount(document.Amount), document.OrderNumber}
	if e.names {
		var recipient Recipient
		if err := openJSON(e.seal, recipientContext(document.ID), document.Sealed, &recipient); err != nil {
			return err
		}
		cells = append(cells, cell(recipient.Name))
	}
	return e.row(cells...)
}

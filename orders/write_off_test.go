package orders_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"tsukuriba/internal/jst"
	"tsukuriba/internal/yen"
	"tsukuriba/orders"
)

// writeOff lets go of what is missing of a transfer.
func (s *shop) writeOff(placed orders.Placed, amount yen.Amount) error {
	s.t.Helper()
	_, err := s.WriteOffFee(s.t.Context(), staff, orders.WriteOff{Order: placed.Order.ID, Amount: amount, Reason: "手数料が引かれていた"})
	s.settle()
	return err
}

func TestWriteOffFee(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.invoiced(s.tag(), s.magnet(2))
	total := placed.Order.Total
	if err := s.writeOff(placed, 440); !errors.Is(err, orders.ErrNotPaid) {
		t.Errorf("before anything came: %v", err)
	}
	s.transfer(placed, total-440)
	_, err := s.WriteOffFee(t.Context(), staff, orders.WriteOff{Order: placed.Order.ID, Amount: 440, Reason: "\n"})
	if reasonOf(err, "reason") != "required" {
		t.Errorf("without a reason: %v", err)
	}
	if err := s.writeOff(placed, 439); !errors.Is(err, orders.ErrStale) {
		t.Errorf("another amount than is missing: %v", err)
	}
	s.expect(placed, orders.AwaitingPayment)
	must(t, s.writeOff(placed, 440))
	must(t, s.writeOff(placed, 440)) // pressed twice
	order := s.order(placed)
	if order.State != orders.Approved || order.Captured != total-440 || order.WrittenOff != 440 || order.Missing() != 0 || len(s.matters()) != 0 {
		t.Errorf("the order is %s, %s came, %s was written off, matters %+v", order.State, order.Captured, order.WrittenOff, s.matters())
	}
	if n := s.count(`SELECT count(*) FROM audit_entries WHERE action = 'order.fee_written_off'`); n != 1 {
		t.Errorf("it is recorded %d times", n)
	}
	s.sound()
	s.receiptOfWhatCame(placed, total-440)
	s.transfer(placed, 440) // after all
	if found := s.matter(orders.MatterSurplus, placed); found.Amount != 440 {
		t.Errorf("matter %+v", found)
	}
	s.sound()
}

// receiptOfWhatCame expects a receipt of a total, whose items and taxes come to it.
func (s *shop) receiptOfWhatCame(placed orders.Placed, total yen.Amount) {
	s.t.Helper()
	receipt, err := s.IssueReceipt(s.t.Context(), placed.LinkToken, nil)
	must(s.t, err)
	var snapshot []byte
	must(s.t, s.db.Get(&snapshot, `SELECT snapshot FROM documents WHERE kind = 'receipt' AND order_id = $1`, placed.Order.ID))
	var sheet orders.Sheet
	must(s.t, json.Unmarshal(snapshot, &sheet))
	var items, taxes yen.Amount
	for _, item := range sheet.Items {
		items += item.Amount
	}
	for _, tax := range sheet.Taxes {
		taxes += tax.Total
	}
	if last := sheet.Items[len(sheet.Items)-1]; last.Kind != orders.ItemBankFee || sheet.Total != total || items != total || taxes != total {
		s.t.Errorf("the receipt says %s; its items come to %s, its taxes to %s: %+v", sheet.Total, items, taxes, sheet.Items)
	}
	_, file, err := s.OwnDocument(s.t.Context(), placed.LinkToken, receipt.ID)
	must(s.t, err)
	if text := written(s.t, file); !strings.Contains(text, total.String()) || !strings.Contains(text, "振込手数料分のお値引き") || !strings.Contains(text, "−¥440") {
		s.t.Errorf("the receipt reads %q", text)
	}
	s.sound()
}

func TestWriteOffRefunds(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.invoiced(s.tag(), s.magnet(2))
	s.transfer(placed, placed.Order.Total-440)
	must(t, s.writeOff(placed, 440))
	var left yen.Amount
	for _, part := range s.order(placed).Refundable() {
		left += part.Left
	}
	if left != placed.Order.Total-440 {
		t.Errorf("%s can be given back of %s", left, placed.Order.Total-440)
	}
	_, err := s.Cancel(t.Context(), staff, placed.Order.ID, orders.StaffCancelReasons[0])
	must(t, err)
	refund := s.order(placed).Refunds[0]
	if refund.Amount != left || refund.OfSurplus() {
		t.Errorf("given back: %+v", refund)
	}
	_, err = s.RefundSent(t.Context(), staff, refund.ID)
	must(t, err)
	s.settle()
	if paid := s.order(placed).Paid; paid != 0 {
		t.Errorf("%s is kept", paid)
	}
	s.sound()
}

func TestWriteOffThatIsNoFee(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	much, card := s.invoiced(s.tags(2)), s.approved()
	s.transfer(much, much.Order.Total-1001)
	if err := s.writeOff(much, 1001); !errors.Is(err, orders.ErrWriteOffTooLarge) {
		t.Errorf("more than the limit: %v", err)
	}
	if err := s.writeOff(card, 440); !errors.Is(err, orders.ErrWrongState) {
		t.Errorf("of a card: %v", err)
	}
	s.transfer(much, 1)
	must(t, s.writeOff(much, 1000))
	s.expect(much, orders.Approved)
	late := s.invoiced(s.tag())
	s.transfer(late, late.Order.Total)
	if err := s.writeOff(late, 1); !errors.Is(err, orders.ErrWrongState) {
		t.Errorf("of what is paid: %v", err)
	}
	s.sound()
}

func TestWriteOffLimit(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	tomorrow := jst.Midnight(s.clock.Now()).AddDate(0, 0, 1)
	for _, most := range []yen.Amount{0, 10_000} {
		var form *orders.FormError
		err := s.AddPrice(t.Context(), staff, orders.NewPrice{Key: orders.WriteOffKey, From: tomorrow, Price: &most})
		if !errors.As(err, &form) || form.Fields["price_yen"] != "invalid" {
			t.Errorf("%s at most: %v", most, err)
		}
	}
	must(t, s.AddPrice(t.Context(), staff, orders.NewPrice{Key: orders.WriteOffKey, From: tomorrow, Price: new(yen.Amount(300))}))
	placed := s.invoiced(s.tag(), s.magnet(2))
	s.transfer(placed, placed.Order.Total-440)
	if most, err := s.WriteOffLimit(t.Context()); err != nil || most != 1000 {
		t.Errorf("today %s may be written off, %v", most, err)
	}
	s.clock.Advance(tomorrow.Sub(s.clock.Now()))
	if most, err := s.WriteOffLimit(t.Context()); err != nil || most != 300 {
		t.Errorf("tomorrow %s may be written off, %v", most, err)
	}
	if err := s.writeOff(placed, 440); !errors.Is(err, orders.ErrWriteOffTooLarge) {
		t.Errorf("more than the new limit: %v", err)
	}
	if _, err := s.db.ExecContext(t.Context(), `UPDATE own_prices SET price_yen = 9999 WHERE key = 'write-off' AND valid_from <= current_date`); err == nil {
		t.Error("a limit that was in force can be changed")
	}
	s.sound()
}

// TestUndoneAfterWriteOff takes back the transfer whose fee was let go of: the order waits for what is owed, no more.
func TestUndoneAfterWriteOff(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.invoiced(s.tag(), s.magnet(2))
	owed := placed.Order.Total - 440
	s.transfer(placed, owed)
	must(t, s.writeOff(placed, 440))
	booked, err := s.Transfers(t.Context(), placed.Order.ID)
	must(t, err)
	_, err = s.UndoTransfer(t.Context(), staff, booked[0].ID)
	must(t, err)
	if order := s.order(placed); order.Missing() != owed || len(order.Holds) != 1 || order.Holds[0].Reason != orders.HoldUnpaid {
		t.Errorf("%s is missing, holds %+v", order.Missing(), order.Holds)
	}
	s.sound()
	s.transfer(placed, owed)
	if order := s.order(placed); order.Missing() != 0 || len(order.Holds) != 0 {
		t.Errorf("%s is missing, holds %+v", order.Missing(), order.Holds)
	}
	s.sound()
}

// TestWriteOffInExports: what was received is the sale, on the day on which the price came together.
func TestWriteOffInExports(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	placed := s.invoiced(s.tag(), s.magnet(2))
	s.transfer(placed, placed.Order.Total-440)
	must(t, s.writeOff(placed, 440))
	month := s.clock.Now()
	received := strings.TrimPrefix(strings.ReplaceAll((placed.Order.Total-440).String(), ",", ""), "¥")
	if sales := s.table(orders.ExportRequest{Kind: orders.ExportSales, Month: month}); len(sales) != 2 || sales[1][2] != received || sales[1][4] != "0" || sales[1][6] != received {
		t.Errorf("sales %v", sales)
	}
	ledger := s.table(orders.ExportRequest{Kind: orders.ExportLedger, Month: month})
	if len(ledger) != 3 || ledger[2][3] != "振込手数料の値引き" || ledger[2][4] != "" || ledger[2][5] != "" || ledger[2][6] != "440" {
		t.Errorf("ledger %v", ledger)
	}
	if list := s.table(orders.ExportRequest{Kind: orders.ExportOrders, Month: month}); list[1][13] != received || list[1][15] != "440" {
		t.Errorf("orders %v", list)
	}
}

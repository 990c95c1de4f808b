package orders

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tsukuriba/internal/yen"
)

func TestApportion(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		amount  yen.Amount
		weights []yen.Amount
		want    []yen.Amount
	}{
		"even":                    {100, []yen.Amount{1, 1}, []yen.Amount{50, 50}},
		"the remainder goes once": {100, []yen.Amount{1, 1, 1}, []yen.Amount{34, 33, 33}},
		"to the largest fraction": {10, []yen.Amount{1, 2}, []yen.Amount{3, 7}},
		"nothing weighs anything": {10, []yen.Amount{0, 0}, []yen.Amount{10, 0}},
	} {
		if got := apportion(c.amount, c.weights); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// drawOrder is a paid order of a few lines, some discounted.
func drawOrder(t *rapid.T) Order {
	payment := Payment{ID: PaymentID{1}, State: PaymentCaptured}
	order := Order{
		State: InProduction, Payments: []Payment{payment},
		Wrapping: yen.Amount(rapid.IntRange(0, 300).Draw(t, "wrapping")), Shipping: yen.Amount(rapid.IntRange(0, 600).Draw(t, "shipping")),
	}
	for i := range rapid.IntRange(1, 4).Draw(t, "lines") {
		line := Line{
			ID: LineID{byte(i + 1)}, Quantity: rapid.IntRange(1, 7).Draw(t, "quantity"), TaxRate: rapid.SampledFrom([]int{8, 10}).Draw(t, "rate"),
			UnitPrice: yen.Amount(rapid.IntRange(0, 2000).Draw(t, "price")),
		}
		line.Total = line.UnitPrice.Times(line.Quantity)
		line.Discount = yen.Amount(rapid.IntRange(0, int(line.Total)).Draw(t, "discount"))
		order.Lines = append(order.Lines, line)
		order.Goods, order.Discount = order.Goods+line.Total, order.Discount+line.Discount
	}
	order.Total = order.Goods - order.Discount + order.Wrapping + order.Shipping
	return order
}

// TestRefundsComeToWhatWasPaid refunds piece by piece and part by part in any order: no line ever
// gives more than was paid for it, and all together give exactly what was paid.
func TestRefundsComeToWhatWasPaid(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		order := drawOrder(t)
		for range rapid.IntRange(0, 8).Draw(t, "refunds") {
			part := rapid.SampledFrom(order.Refundable()).Draw(t, "part")
			request := RefundOrder{Reason: "defect", Note: "x", Parts: []RefundPart{{part.Kind, part.LineID, rapid.IntRange(1, 3).Draw(t, "pieces")}}}
			request.Amount = yen.Amount(rapid.IntRange(0, 500).Draw(t, "amount"))
			refund, err := order.Refund(request)
			if form := (*FormError)(nil); errors.Is(err, ErrRefundTooLarge) || errors.As(err, &form) {
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			if refund.Amount != sum(refund.Lines) || refund.Lines[0].TaxRate != part.TaxRate || refund.Amount > part.Left {
				t.Fatalf("%s of %+v: %+v", request.Amount, part, refund)
			}
			refund.State = RefundPending
			order.Refunds = append(order.Refunds, refund)
		}
		var paid, given yen.Amount
		for _, part := range order.Refundable() {
			if part.Left < 0 || part.Quantity < 0 {
				t.Fatalf("too much was given back of %+v", part)
			}
			paid, given = paid+part.Paid, given+part.Paid-part.Left
		}
		if paid != order.Total {
			t.Fatalf("the parts come to %s of %s", paid, order.Total)
		}
		rest := order.everything(order.Payments[0].ID, order.Total-given)
		if sum(rest) != order.Total-given {
			t.Fatalf("what is left is %s, given back %s", order.Total-given, sum(rest))
		}
	})
}

func TestPieceByPiece(t *testing.T) {
	t.Parallel()
	order := Order{State: Shipped, Payments: []Payment{{ID: PaymentID{1}, State: PaymentCaptured}}, Lines: []Line{{ID: LineID{1}, Quantity: 3, Total: 1100, Discount: 100}}}
	var amounts []yen.Amount
	for range 3 {
		refund, err := order.Refund(RefundOrder{Reason: "lost", Parts: []RefundPart{{PartLine, LineID{1}, 1}}})
		if err != nil {
			t.Fatal(err)
		}
		order.Refunds = append(order.Refunds, refund)
		amounts = append(amounts, refund.Amount)
	}
	if !slices.Equal(amounts, []yen.Amount{333, 333, 334}) || order.Wanted(LineID{1}) != 0 {
		t.Errorf("three pieces of ¥1,000 came to %v", amounts)
	}
}

func TestRefundThatSomebodyElseMade(t *testing.T) {
	t.Parallel()
	order := Order{State: Shipped, Payments: []Payment{{ID: PaymentID{1}, State: PaymentCaptured}}, Lines: []Line{{ID: LineID{1}, Quantity: 3, Total: 900}}}
	request := RefundOrder{Reason: "lost", Parts: []RefundPart{{PartLine, LineID{1}, 1}}, Seen: new(int)}
	first, err := order.Refund(request)
	if err != nil {
		t.Fatal(err)
	}
	order.Refunds = append(order.Refunds, first)
	if _, err := order.Refund(request); !errors.Is(err, ErrStale) {
		t.Errorf("pressed twice: %v", err)
	}
}

func TestRetryable(t *testing.T) {
	t.Parallel()
	lines := []RefundLine{{Kind: PartShipping, Quantity: 1, Amount: 185}}
	for name, c := range map[string]struct {
		refund            Refund
		retryable, counts bool
	}{
		"on its way":                  {Refund{State: RefundPending, Lines: lines}, false, true},
		"arrived":                     {Refund{State: RefundSucceeded, Lines: lines}, false, true},
		"failed":                      {Refund{State: RefundFailed, Lines: lines}, true, true},
		"canceled":                    {Refund{State: RefundCanceled, Lines: lines}, true, true},
		"failed and tried again":      {Refund{State: RefundFailed, Lines: lines, Retried: true}, false, false},
		"failed before it had a name": {Refund{State: RefundFailed, Origin: ByProvider}, false, false},
		"failed and closed":           {Refund{State: RefundFailed, Lines: lines, ClosedAt: new(time.Now())}, false, true},
	} {
		if c.refund.Retryable() != c.retryable || c.refund.counts() != c.counts {
			t.Errorf("%s: retryable %v, counts %v", name, c.refund.Retryable(), c.refund.counts())
		}
	}
}

func TestCloseRefund(t *testing.T) {
	t.Parallel()
	failed := Refund{State: RefundFailed, Amount: 1285, Lines: []RefundLine{{Kind: PartShipping, Quantity: 1, Amount: 1285}}}
	with := func(change func(*Refund)) Refund {
		changed := failed
		change(&changed)
		return changed
	}
	for name, c := range map[string]struct {
		refund  Refund
		closing RefundClosing
		waived  yen.Amount
		refusal string
	}{
		"nothing given":    {failed, RefundClosing{Reason: "お客さまが辞退された"}, 1285, ""},
		"a part in cash":   {failed, RefundClosing{Given: 1000, Reason: "現金で渡した"}, 285, ""},
		"all in cash":      {failed, RefundClosing{Given: 1285, Reason: "現金で渡した"}, 0, ""},
		"more than it was": {failed, RefundClosing{Given: 1286, Reason: "現金"}, 0, "given: invalid"},
		"less than none":   {failed, RefundClosing{Given: -1, Reason: "現金"}, 0, "given: invalid"},
		"no reason":        {failed, RefundClosing{}, 0, "reason: required"},
		"a long reason":    {failed, RefundClosing{Reason: strings.Repeat("長", 501)}, 0, "reason: too_long"},
		"a broken reason":  {failed, RefundClosing{Reason: "\xff"}, 0, "reason: invalid"},
		"it arrived":       {with(func(r *Refund) { r.State = RefundSucceeded }), RefundClosing{Reason: "x"}, 0, ErrRefundNotFailed.Error()},
		"tried again":      {with(func(r *Refund) { r.Retried = true }), RefundClosing{Reason: "x"}, 0, ErrRefundNotFailed.Error()},
		"not explained":    {with(func(r *Refund) { r.Lines = nil }), RefundClosing{Reason: "x"}, 0, ErrRefundNotFailed.Error()},
	} {
		waived, err := c.refund.close(c.closing)
		if waived != c.waived || (err == nil) != (c.refusal == "") || err != nil && !strings.HasSuffix(err.Error(), c.refusal) {
			t.Errorf("%s: %s is waived, %v", name, waived, err)
		}
	}
}

package orders

import (
	"cmp"
	"fmt"
	"slices"

	"tsukuriba/internal/yen"
)

// PartKind says what of an order is given back.
type PartKind string

// The parts of an order that can be given back.
const (
	PartLine     PartKind = "line"
	PartShipping PartKind = "shipping"
	PartWrapping PartKind = "wrapping"
	PartSurplus  PartKind = "surplus" // transferred beyond the price, or without the price coming together
)

// RefundLine is one part of a refund, with the tax rate at which it was sold.
type RefundLine struct {
	Kind     PartKind   `db:"kind"`
	LineID   LineID     `db:"order_line_id"` // zero unless Kind is PartLine
	Quantity int        `db:"quantity"`      // pieces given back whole; 0 for a part of their price
	Amount   yen.Amount `db:"amount_yen"`
	TaxRate  int        `db:"tax_rate"`
}

// RefundPart names what is to be given back. It carries no price.
type RefundPart struct {
	Kind     PartKind
	LineID   LineID // of a PartLine
	Quantity int    // of a PartLine
}

// Refundable is what can still be given back of one part of an order.
type Refundable struct {
	Kind     PartKind
	LineID   LineID
	TaxRate  int
	Ordered  int        // pieces; 1 for shipping and wrapping
	Quantity int        // pieces not given back yet
	Paid     yen.Amount // after the discount
	Left     yen.Amount // of Paid
}

// share is what so many of the pieces that are left are worth: the price is split so that all
// pieces together come to exactly what was paid, and never to more than is left.
func (r Refundable) share(quantity int) yen.Amount {
	given := r.Ordered - r.Quantity
	upTo := func(pieces int) yen.Amount { return r.Paid.Times(pieces) / yen.Amount(r.Ordered) }
	return min(upTo(given+quantity)-upTo(given), r.Left)
}

// Refundable lists the parts of the order with what can still be given back of the payment that
// counts: its lines in their order, then wrapping and shipping where they cost something.
// Refunds that failed and may be tried again still hold theirs. It is nil before money was taken.
func (o Order) Refundable() []Refundable {
	payment := o.captured()
	if payment == nil {
		return nil
	}
	return o.refundable(payment.ID, Refund.counts)
}

// refundable counts the refunds of a payment for which counts holds, and what was waived of the others.
func (o Order) refundable(payment PaymentID, counts func(Refund) bool) []Refundable {
	parts := o.parts()
	for _, refund := range o.Refunds {
		if refund.PaymentID != payment {
			continue
		}
		lines := refund.Lines
		if !counts(refund) {
			lines = refund.waived()
		}
		for _, line := range lines {
			part := find(parts, line.Kind, line.LineID)
			if part == nil {
				continue
			}
			part.Quantity -= line.Quantity
			part.Left = max(part.Left-line.Amount, 0) // two shares of a part may round to a yen more than it
		}
	}
	return parts
}

// Explicable lists what a refund made at the provider may have been for: what is left, and what one
// that failed was to give back.
func (o Order) Explicable() []Refundable {
	parts := o.Refundable()
	for _, refund := range o.Refunds {
		if !refund.replaceable() {
			continue
		}
		for _, line := range refund.Lines {
			if part := find(parts, line.Kind, line.LineID); part != nil {
				part.Quantity += line.Quantity
				part.Left += line.Amount
			}
		}
	}
	return parts
}

func (o Order) parts() []Refundable {
	var parts []Refundable
	for _, line := range o.Lines {
		parts = append(parts, Refundable{
			Kind: PartLine, LineID: line.ID, TaxRate: line.TaxRate, Ordered: line.Quantity, Quantity: line.Quantity,
			Paid: line.Net(), Left: line.Net(),
		})
	}
	for kind, amount := range map[PartKind]yen.Amount{PartWrapping: o.Wrapping, PartShipping: o.Shipping} {
		if amount > 0 {
			parts = append(parts, Refundable{Kind: kind, TaxRate: serviceTaxRate, Ordered: 1, Quantity: 1, Paid: amount, Left: amount})
		}
	}
	slices.SortStableFunc(parts, func(a, b Refundable) int { return cmp.Compare(a.Kind.place(), b.Kind.place()) })
	o.shorten(parts)
	return parts
}

// shorten takes what was written off from what each part was paid with.
func (o Order) shorten(parts []Refundable) {
	if o.WrittenOff == 0 {
		return
	}
	paid := make([]yen.Amount, len(parts))
	for i, part := range parts {
		paid[i] = part.Paid
	}
	for i, share := range apportion(o.WrittenOff, paid) {
		parts[i].Paid -= share
		parts[i].Left = parts[i].Paid
	}
}

func (k PartKind) place() int {
	return slices.Index([]PartKind{PartLine, PartWrapping, PartShipping}, k)
}

func find(parts []Refundable, kind PartKind, line LineID) *Refundable {
	for i := range parts {
		if parts[i].Kind == kind && parts[i].LineID == line {
			return &parts[i]
		}
	}
	return nil
}

// price says what the parts wanted come to, out of what is left. Errors: *FormError ("lines") for
// nothing, for a part named twice or not of this order; ErrRefundTooLarge for more pieces than
// are left.
func price(left []Refundable, wanted []RefundPart) ([]RefundLine, error) {
	var lines []RefundLine
	for _, part := range wanted {
		of := find(left, part.Kind, part.LineID)
		twice := slices.ContainsFunc(lines, func(line RefundLine) bool { return line.Kind == part.Kind && line.LineID == part.LineID })
		if part.Kind != PartLine {
			part.Quantity = 1
		}
		switch {
		case of == nil:
			return nil, &FormError{Fields: map[string]string{"lines": "unknown"}}
		case twice || part.Quantity < 1:
			return nil, &FormError{Fields: map[string]string{"lines": "invalid"}}
		case part.Quantity > of.Quantity:
			return nil, fmt.Errorf("%w: %d pieces of %d", ErrRefundTooLarge, part.Quantity, of.Quantity)
		}
		lines = append(lines, RefundLine{
			Kind: part.Kind, LineID: part.LineID, Quantity: part.Quantity, Amount: of.share(part.Quantity), TaxRate: of.TaxRate,
		})
	}
	if sum(lines) == 0 {
		return nil, &FormError{Fields: map[string]string{"lines": "required"}}
	}
	return lines, nil
}

// without is what is left of the parts once those of the refund are taken out, and whether they were
// all among them.
func (r Refund) without(parts []RefundPart) (rest []RefundPart, among bool) {
	rest = slices.Clone(parts)
	for _, line := range r.Lines {
		at := slices.IndexFunc(rest, func(part RefundPart) bool { return part.Kind == line.Kind && part.LineID == line.LineID })
		if at < 0 || line.Kind == PartLine && rest[at].Quantity < line.Quantity {
			return nil, false
		}
		rest[at].Quantity -= line.Quantity
		if line.Quantity > 0 && rest[at].Quantity <= 0 {
			rest = slices.Delete(rest, at, at+1)
		}
	}
	return rest, true
}

// joined adds up lines of the same part.
func joined(lines, more []RefundLine) []RefundLine {
	all := slices.Clone(lines)
	for _, line := range more {
		at := slices.IndexFunc(all, func(other RefundLine) bool { return other.Kind == line.Kind && other.LineID == line.LineID })
		if at < 0 {
			all = append(all, line)
			continue
		}
		all[at].Quantity += line.Quantity
		all[at].Amount += line.Amount
	}
	return all
}

// asPart spreads an amount over lines that come to more. The pieces stay with the customer.
func asPart(lines []RefundLine, amount yen.Amount) []RefundLine {
	spread := withAmount(lines, amount)
	for i := range spread {
		spread[i].Quantity = 0
	}
	return slices.DeleteFunc(spread, func(line RefundLine) bool { return line.Amount == 0 })
}

// withAmount makes the lines come to an amount, each in proportion to what it came to.
func withAmount(lines []RefundLine, amount yen.Amount) []RefundLine {
	weights := make([]yen.Amount, len(lines))
	for i, line := range lines {
		weights[i] = line.Amount
	}
	spread := slices.Clone(lines)
	for i, share := range apportion(amount, weights) {
		spread[i].Amount = share
	}
	return spread
}

func sum(lines []RefundLine) yen.Amount {
	var total yen.Amount
	for _, line := range lines {
		total += line.Amount
	}
	return total
}

// everything is all that is left of a payment, whatever was tried before, in lines that come to
// amount.
func (o Order) everything(payment PaymentID, amount yen.Amount) []RefundLine {
	var left, all []RefundLine
	for _, part := range o.refundable(payment, func(refund Refund) bool { return !refund.Over() }) {
		line := RefundLine{Kind: part.Kind, LineID: part.LineID, Quantity: part.Quantity, Amount: part.Left, TaxRate: part.TaxRate}
		if line.Quantity > 0 || line.Amount > 0 {
			left = append(left, line)
		}
		line.Amount = part.Paid
		all = append(all, line)
	}
	if paid := o.payment(payment); paid.Method == ByInvoice {
		if paid.State != PaymentCaptured { // nothing was sold yet
			left = nil
		}
		if amount > sum(left) {
			return append(left, RefundLine{Kind: PartSurplus, Amount: amount - sum(left)})
		}
	}
	if sum(left) == 0 { // more was taken than the order costs
		left = all
	}
	return slices.DeleteFunc(withAmount(left, amount), func(line RefundLine) bool { return line.Quantity == 0 && line.Amount == 0 })
}

// Wanted is how many pieces of a line the customer is still to get: what was ordered less what
// was refunded of the payment that counts.
func (o Order) Wanted(line LineID) int {
	payment := o.captured()
	if payment == nil {
		return o.line(line).Quantity
	}
	return find(o.refundable(payment.ID, Refund.counts), PartLine, line).Quantity
}

// nothingToSend says that every piece of the order was refunded.
func (o Order) nothingToSend() bool {
	return !slices.ContainsFunc(o.Lines, func(line Line) bool { return o.Wanted(line.ID) > 0 })
}

func (o Order) line(id LineID) Line {
	for _, line := range o.Lines {
		if line.ID == id {
			return line
		}
	}
	return Line{}
}

// captured is the payment that counts and was taken, or nil.
func (o *Order) captured() *Payment {
	for i := range o.Payments {
		if o.Payments[i].State == PaymentCaptured && !o.Payments[i].Superseded {
			return &o.Payments[i]
		}
	}
	return nil
}

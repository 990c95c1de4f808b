package orders

import (
	"cmp"
	"maps"
	"slices"

	"tsukuriba/internal/yen"
)

// serviceTaxRate is the consumption tax rate on carriage and gift wrapping in percent. Neither
// shares the reduced rate of what is sent or wrapped.
const serviceTaxRate = 10

// TaxLine is the tax contained in everything of one rate. Total includes Tax.
type TaxLine struct {
	Rate  int        `json:"rate"`
	Total yen.Amount `json:"total"`
	Tax   yen.Amount `json:"tax"`
}

// TaxedAmount is an amount that includes tax at Rate percent.
type TaxedAmount struct {
	Rate   int
	Amount yen.Amount
}

// Taxes derives the tax in what the order costs, once per rate: the net amounts of the lines,
// wrapping and shipping.
func (o Order) Taxes() []TaxLine {
	amounts := []TaxedAmount{{Rate: serviceTaxRate, Amount: o.Wrapping + o.Shipping}}
	for _, line := range o.Lines {
		amounts = append(amounts, TaxedAmount{Rate: line.TaxRate, Amount: line.Net()})
	}
	return Taxes(amounts)
}

// Taxes sums amounts per rate and derives the contained tax once per rate (see
// yen.IncludedTax), the highest rate first. Rates without an amount are left out.
func Taxes(amounts []TaxedAmount) []TaxLine {
	totals := map[int]yen.Amount{}
	for _, amount := range amounts {
		totals[amount.Rate] += amount.Amount
	}
	var lines []TaxLine
	for _, rate := range slices.SortedFunc(maps.Keys(totals), func(a, b int) int { return cmp.Compare(b, a) }) {
		if total := totals[rate]; total != 0 {
			lines = append(lines, TaxLine{Rate: rate, Total: total, Tax: yen.IncludedTax(total, rate)})
		}
	}
	return lines
}

package orders

import (
	"cmp"
	"math/bits"
	"slices"

	"tsukuriba/catalog"
	"tsukuriba/internal/yen"
)

// charge settles what the checkout costs: goods, less what a code takes off them, plus wrapping
// and shipping, and the tax in it once per rate. The discount never touches wrapping or shipping.
// One that would leave less to pay than a provider moves takes the rest of the goods, too.
func (c *Checkout) charge(code *DiscountCode) {
	c.Goods, c.Discount = 0, 0
	for _, line := range c.Lines {
		c.Goods += line.Total
	}
	if code != nil {
		c.Discount = c.discount(*code)
		c.shareDiscount(*code)
	}
	c.Total = c.Goods - c.Discount + c.Wrapping + c.Shipping
	amounts := []TaxedAmount{{Rate: serviceTaxRate, Amount: c.Wrapping + c.Shipping}}
	for _, line := range c.Lines {
		amounts = append(amounts, TaxedAmount{Rate: line.TaxRate, Amount: line.Total - line.Discount})
	}
	c.Taxes = Taxes(amounts)
}

func (c *Checkout) discount(code DiscountCode) yen.Amount {
	var base yen.Amount
	for _, line := range c.Lines {
		if code.takes(line.ProductID) {
			base += line.Total
		}
	}
	off := code.off(base)
	left := c.Goods - off + c.Wrapping + c.Shipping
	if off > 0 && 0 < left && left < minCard && off+left <= base {
		return off + left
	}
	return off
}

// shareDiscount divides the discount among the tax rates first and among the lines of a rate
// then, so that neither the order of the lines nor their number changes a total.
func (c *Checkout) shareDiscount(code DiscountCode) {
	byRate := map[int][]int{}
	var rates []int
	for i, line := range c.Lines {
		if !code.takes(line.ProductID) {
			continue
		}
		if byRate[line.TaxRate] == nil {
			rates = append(rates, line.TaxRate)
		}
		byRate[line.TaxRate] = append(byRate[line.TaxRate], i)
	}
	slices.SortFunc(rates, func(a, b int) int { return cmp.Compare(b, a) })
	totals := make([]yen.Amount, len(rates))
	weights := make([][]yen.Amount, len(rates))
	for r, rate := range rates {
		for _, i := range byRate[rate] {
			totals[r] += c.Lines[i].Total
			weights[r] = append(weights[r], c.Lines[i].Total)
		}
	}
	for r, share := range apportion(c.Discount, totals) {
		for j, part := range apportion(share, weights[r]) {
			c.Lines[byRate[rates[r]][j]].Discount = part
		}
	}
}

// apportion divides whole among weights by the method of the largest remainder; of equal
// remainders the first is served first. The parts sum to whole, and none is larger than its
// weight if whole is not larger than their sum. Weights that are all zero give everything to the
// first. Nothing may be negative.
func apportion(whole yen.Amount, weights []yen.Amount) []yen.Amount {
	var sum yen.Amount
	for _, weight := range weights {
		sum += weight
	}
	parts, remainders, order := make([]yen.Amount, len(weights)), make([]uint64, len(weights)), make([]int, len(weights))
	if len(weights) == 0 {
		return nil
	}
	if sum == 0 {
		parts[0] = whole
		return parts
	}
	rest := whole
	for i, weight := range weights {
		high, low := bits.Mul64(uint64(whole), uint64(weight)) // money times money outgrows 64 bits
		quotient, remainder := bits.Div64(high, low, uint64(sum))
		parts[i], remainders[i], order[i] = yen.Amount(quotient), remainder, i
		rest -= parts[i]
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(remainders[b], remainders[a]) })
	for _, i := range order[:rest] {
		parts[i]++
	}
	return parts
}

// takes says whether the code is for a product.
func (d DiscountCode) takes(product catalog.ProductID) bool {
	return len(d.Products) == 0 || slices.Contains(d.Products, product)
}

// off is what the code takes off goods of that amount, never more than there is.
func (d DiscountCode) off(base yen.Amount) yen.Amount {
	if d.Kind == PercentOff {
		return base * yen.Amount(d.Value) / 100
	}
	return min(yen.Amount(d.Value), base)
}

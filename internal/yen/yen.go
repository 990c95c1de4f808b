// Package yen holds amounts of money. The shop knows one currency, whole yen, and prices that
// include tax; there are no fractions to lose and nothing to convert.
package yen

import (
	"strconv"
	"strings"
)

// Amount is a sum of money in whole yen. It may be negative, as a correction is.
type Amount int64

// Times returns the price of quantity pieces.
func (a Amount) Times(quantity int) Amount { return a * Amount(quantity) }

// String writes the amount as on a price tag: ¥1,980, −¥300.
func (a Amount) String() string {
	if a < 0 {
		return "−" + (-a).String()
	}
	digits := strconv.FormatInt(int64(a), 10)
	var out strings.Builder
	out.WriteString("¥")
	for i, digit := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			out.WriteByte(',')
		}
		out.WriteRune(digit)
	}
	return out.String()
}

// IncludedTax returns the consumption tax contained in a tax-included total at a rate in
// percent, rounded down. It is applied once per rate per document, as the qualified-invoice
// rules ask (消費税法施行令 第70条の10); 0 ≤ rate.
func IncludedTax(total Amount, rate int) Amount {
	return total * Amount(rate) / Amount(100+rate)
}

package yen_test

import (
	"testing"

	"pgregory.net/rapid"

	"tsukuriba/internal/yen"
)

func TestIncludedTax(t *testing.T) {
	t.Parallel()
	for total, want := range map[yen.Amount]yen.Amount{500: 45, 550: 50, 1100: 100, 1980: 180, 6000: 545} {
		if got := yen.IncludedTax(total, 10); got != want {
			t.Errorf("IncludedTax(%s, 10) = %s, want %s", total, got, want)
		}
	}
	if got := yen.IncludedTax(1080, 8); got != 80 {
		t.Errorf("IncludedTax(¥1,080, 8) = %s, want ¥80", got)
	}
}

// The contained tax is the largest whole amount whose net price, taxed again, does not exceed it.
func TestIncludedTaxIsTheFloor(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		total := yen.Amount(rapid.Int64Range(0, 1e12).Draw(t, "total"))
		rate := rapid.IntRange(0, 30).Draw(t, "rate")
		tax := yen.IncludedTax(total, rate)
		exact := total * yen.Amount(rate)
		if whole := tax * yen.Amount(100+rate); whole > exact || exact-whole >= yen.Amount(100+rate) {
			t.Errorf("IncludedTax(%d, %d) = %d", total, rate, tax)
		}
	})
}

func TestString(t *testing.T) {
	t.Parallel()
	for amount, want := range map[yen.Amount]string{
		0: "¥0", 7: "¥7", 999: "¥999", 1000: "¥1,000", 1234567: "¥1,234,567", -300: "−¥300",
	} {
		if got := amount.String(); got != want {
			t.Errorf("String(%d) = %s, want %s", int64(amount), got, want)
		}
	}
}

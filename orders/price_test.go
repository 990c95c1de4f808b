package orders

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"tsukuriba/catalog"
	"tsukuriba/internal/yen"
)

// shelf are products to draw carts from.
var shelf = []catalog.ProductID{
	catalog.ProductID(uuid.Must(uuid.NewV7())), catalog.ProductID(uuid.Must(uuid.NewV7())), catalog.ProductID(uuid.Must(uuid.NewV7())),
}

// randomBill draws a cart with wrapping, shipping and, mostly, a code.
func randomBill(t *rapid.T) (Checkout, *DiscountCode) {
	var bill Checkout
	for range rapid.IntRange(1, 6).Draw(t, "lines") {
		line := CheckoutLine{
			ProductID: rapid.SampledFrom(shelf).Draw(t, "product"), TaxRate: rapid.SampledFrom([]int{8, 10}).Draw(t, "rate"),
			Quantity: rapid.IntRange(1, 99).Draw(t, "quantity"), UnitPrice: yen.Amount(rapid.IntRange(0, 30_000).Draw(t, "price")),
		}
		line.Total = line.UnitPrice.Times(line.Quantity)
		bill.Lines = append(bill.Lines, line)
	}
	bill.Wrapping = yen.Amount(rapid.SampledFrom([]int{0, 220}).Draw(t, "wrapping"))
	bill.Shipping = yen.Amount(rapid.SampledFrom([]int{0, 185, 1450}).Draw(t, "shipping"))
	if rapid.IntRange(0, 9).Draw(t, "code") == 0 {
		return bill, nil
	}
	code := &DiscountCode{Kind: YenOff, Value: rapid.IntRange(1, 20_000).Draw(t, "yen")}
	if rapid.Bool().Draw(t, "percent") {
		code.Kind, code.Value = PercentOff, rapid.IntRange(1, 100).Draw(t, "off")
	}
	if rapid.Bool().Draw(t, "some") {
		code.Products = shelf[:1]
	}
	return bill, code
}

// TestCharge holds over 10,000 carts: the sums agree to the yen and nothing is negative.
func TestCharge(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		for range 100 {
			bill, code := randomBill(t)
			bill.charge(code)
			var nets, discounts, taxed yen.Amount
			for _, line := range bill.Lines {
				if line.Discount < 0 || line.Discount > line.Total || code != nil && !code.takes(line.ProductID) && line.Discount != 0 {
					t.Fatalf("a line of %s gets %s off", line.Total, line.Discount)
				}
				nets += line.Total - line.Discount
				discounts += line.Discount
			}
			for _, tax := range bill.Taxes {
				taxed += tax.Total
				if tax.Tax != yen.IncludedTax(tax.Total, tax.Rate) || tax.Total < 0 {
					t.Fatalf("tax %+v", tax)
				}
			}
			if bill.Total < 0 || discounts != bill.Discount || nets+bill.Wrapping+bill.Shipping != bill.Total || taxed != bill.Total {
				t.Fatalf("total %s, discount %s of %s, nets %s, taxed %s", bill.Total, bill.Discount, discounts, nets, taxed)
			}
			if bill.Discount > 0 && 0 < bill.Total && bill.Total < minCard && len(code.Products) == 0 && bill.Wrapping+bill.Shipping == 0 {
				t.Fatalf("%s are left, which nobody can pay", bill.Total)
			}
		}
	})
}

// What a cart comes to depends neither on the order of its lines nor on how pieces are divided
// among them.
func TestChargeOfTheSameGoods(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		bill, code := randomBill(t)
		other := bill
		other.Lines = slices.Clone(bill.Lines)
		for i := range other.Lines {
			if line := &other.Lines[i]; line.Quantity > 1 {
				half := *line
				half.Quantity = rapid.IntRange(1, line.Quantity-1).Draw(t, "half")
				line.Quantity -= half.Quantity
				half.Total, line.Total = half.UnitPrice.Times(half.Quantity), line.UnitPrice.Times(line.Quantity)
				other.Lines = append(other.Lines, half)
			}
		}
		other.Lines = rapid.Permutation(other.Lines).Draw(t, "order")
		bill.charge(code)
		other.charge(code)
		if bill.Total != other.Total || bill.Discount != other.Discount || !slices.Equal(bill.Taxes, other.Taxes) {
			t.Fatalf("%s less %s with %v, otherwise %s less %s with %v", bill.Total, bill.Discount, bill.Taxes, other.Total, other.Discount, other.Taxes)
		}
	})
}

func TestDiscountNeverLeavesWhatNobodyCanPay(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		goods, off, shipping, wantDiscount, wantTotal yen.Amount
	}{
		"nothing is left":                   {500, 500, 0, 500, 0},
		"¥20 are left":                      {520, 500, 0, 520, 0},
		"¥49 are left":                      {549, 500, 0, 549, 0},
		"¥50 are left":                      {550, 500, 0, 500, 50},
		"shipping is never taken":           {500, 900, 185, 500, 185},
		"what is left can be paid together": {520, 500, 185, 500, 205},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bill := Checkout{Shipping: c.shipping, Lines: []CheckoutLine{{ProductID: shelf[0], TaxRate: 10, Total: c.goods}}}
			bill.charge(&DiscountCode{Kind: YenOff, Value: int(c.off)})
			if bill.Discount != c.wantDiscount || bill.Total != c.wantTotal {
				t.Errorf("%s off, %s to pay", bill.Discount, bill.Total)
			}
		})
	}
}

func TestApportionMoreThanSixtyFourBitsHold(t *testing.T) {
	t.Parallel()
	got := apportion(9_999_999_999, []yen.Amount{9_999_999_999, 9_999_999_999})
	if want := []yen.Amount{5_000_000_000, 4_999_999_999}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestDiscountProblem(t *testing.T) {
	t.Parallel()
	tomorrow, one := noon.AddDate(0, 0, 1), 1
	for name, c := range map[string]struct {
		code DiscountCode
		base yen.Amount
		want string
	}{
		"good":                 {DiscountCode{}, 1, ""},
		"not yet":              {DiscountCode{ValidFrom: tomorrow}, 1, codeNotYet},
		"ended":                {DiscountCode{ValidUntil: &noon}, 1, codeEnded},
		"ends tomorrow":        {DiscountCode{ValidUntil: &tomorrow}, 1, ""},
		"used up":              {DiscountCode{MaxUses: &one, Used: 1}, 1, codeUsedUp},
		"for other things":     {DiscountCode{}, 0, codeNotFor},
		"one yen too little":   {DiscountCode{MinGoods: 3000}, 2999, codeTooLittle},
		"just enough":          {DiscountCode{MinGoods: 3000}, 3000, ""},
		"one use that is left": {DiscountCode{MaxUses: &one}, 1, ""},
	} {
		if got := c.code.problem(c.base, noon); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestCodeKey(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"SAKURA10": "sakura10", " sakura10 ": "sakura10", "ＳＡＫＵＲＡ１０": "sakura10", "Sakura 10": "sakura10", "サクラ": "さくら", "\u3000": "",
	} {
		if got := codeKey(typed); got != want {
			t.Errorf("%q is %q, want %q", typed, got, want)
		}
	}
}

func TestGiftCheck(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ message, want string }{
		"none":                  {"", ""},
		"two lines":             {"おたんじょうび おめでとう\r\n母より", ""},
		"a family of emoji":     {"👨‍👩‍👧‍👦🎂", ""},
		"rare letters":          {"神山\uFA19 \U00020BB7野 葛\U000E0100", ""},
		"turned round":          {"abc\u202Edef", "invalid"},
		"a hidden isolate":      {"a\u2066b", "invalid"},
		"a bell":                {"a\ab", "invalid"},
		"broken bytes":          {"a\xffb", "invalid"},
		"one letter too many":   {strings.Repeat("あ", MaxGiftMessage+1), "too_long"},
		"as many as fit":        {strings.Repeat("が", MaxGiftMessage), ""},
		"as many faces as fit":  {strings.Repeat("👨‍👩‍👧‍👦", MaxGiftMessage), ""},
		"a hundred empty lines": {strings.Repeat("\n", 100), ""},
	} {
		fields, gift := map[string]string{}, Gift{Message: c.message}
		if gift.check(fields); fields["gift_message"] != c.want {
			t.Errorf("%s: %q, want %q", name, fields["gift_message"], c.want)
		}
	}
}

// What the page offers to pay by is what the confirmation will take: the same rule counts both.
func TestPayable(t *testing.T) {
	t.Parallel()
	ways := func(prices ...yen.Amount) []ShippingOption {
		var options []ShippingOption
		for i, price := range prices {
			options = append(options, ShippingOption{Tariff: Tariff{Key: string(rune('a' + i)), Price: price}})
		}
		return options
	}
	from := ways(600)
	from[0].From = true
	for name, c := range map[string]struct {
		goods, off  yen.Amount
		options     []ShippingOption
		digital     bool
		least, most yen.Amount
	}{
		"one way, wrapped or not":                   {1100, 0, ways(185), false, 1285, 1505},
		"several ways":                              {1100, 0, ways(0, 600), false, 1100, 1920},
		"to an island":                              {1100, 0, from, false, 1700, 4320},
		"¥20 are left, which nobody can pay":        {520, 500, ways(0), false, 0, 240},
		"¥20 are left, and shipping makes it ¥205":  {520, 500, ways(185), false, 205, 425},
		"¥20 are left of a download":                {520, 500, nil, true, 0, 0},
		"¥50 are left of a download":                {550, 500, nil, true, 50, 50},
		"no parcel takes it":                        {1100, 0, nil, false, 1100, 1100},
		"a discount as large as a tag, sent freely": {500, 500, ways(0), false, 0, 220},
	} {
		offer := Offer{Options: c.options, Wrapping: 220, Cart: Cart{Goods: c.goods, Discount: c.off}}
		offer.Cart.Lines = []CartLine{{Available: true, Quantity: 1, UnitPrice: c.goods, TaxRate: 10, Digital: c.digital}}
		if c.off > 0 {
			offer.Cart.code = &DiscountCode{Code: "OFF", Kind: YenOff, Value: int(c.off)}
		}
		if least, most := offer.Payable(); least != c.least || most != c.most {
			t.Errorf("%s: %s to %s, want %s to %s", name, least, most, c.least, c.most)
		}
	}
}

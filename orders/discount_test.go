package orders_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"tsukuriba/catalog"
	"tsukuriba/orders"
)

// code makes a discount code that anybody may use.
func (s *shop) code(wanted orders.NewCode) orders.DiscountCode {
	s.t.Helper()
	if wanted.Kind == "" {
		wanted.Kind = orders.YenOff
	}
	made, err := s.MakeCode(s.t.Context(), staff, wanted)
	must(s.t, err)
	return made
}

// discounted prepares a checkout of lines with a code, for a customer.
func (s *shop) discounted(code, email string, lines ...orders.LineRequest) (orders.Checkout, error) {
	s.t.Helper()
	token := s.cart(lines...)
	if _, err := s.UseCode(s.t.Context(), token, code); err != nil {
		return orders.Checkout{}, err
	}
	filled := form(orders.Konbini)
	filled.Email = email
	return s.PrepareCheckout(s.t.Context(), token, filled)
}

func reasonOf(err error, field string) string {
	var mistakes *orders.FormError
	if !errors.As(err, &mistakes) {
		return fmt.Sprint(err)
	}
	return mistakes.Fields[field]
}

func TestUseCode(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	magnet := s.count(`SELECT 1 FROM products WHERE slug = 'magnet'`)
	var products []catalog.ProductID
	must(t, s.db.Select(&products, `SELECT id FROM products WHERE slug = 'magnet' AND 1 = $1`, magnet))
	s.code(orders.NewCode{Code: "Sakura 10", Kind: orders.PercentOff, Value: 10, Products: products})
	s.code(orders.NewCode{Code: "LATER", Value: 100, ValidFrom: s.clock.Now().Add(time.Hour)})
	s.code(orders.NewCode{Code: "BIG", Value: 100, MinGoods: 5000})
	over := s.code(orders.NewCode{Code: "OVER", Value: 100})
	_, err := s.EndCode(t.Context(), staff, over.ID)
	must(t, err)

	token := s.cart(s.tag(), s.magnet(3))
	for typed, want := range map[string]string{
		"nothing": "code_unknown", "later": "code_not_yet", "big": "code_too_little", "over": "code_ended",
	} {
		if _, err := s.UseCode(t.Context(), token, typed); reasonOf(err, "discount_code") != want {
			t.Errorf("%s: %v, want %s", typed, err, want)
		}
	}
	cart, err := s.UseCode(t.Context(), token, "ｓａｋｕｒａ１０")
	must(t, err)
	if cart.Code != "Sakura 10" || cart.Goods != 2750 || cart.Discount != 165 { // 10% of the magnets alone
		t.Errorf("code %q takes %s off %s", cart.Code, cart.Discount, cart.Goods)
	}
	cart, err = s.RemoveLine(t.Context(), token, cart.Lines[1].ID)
	must(t, err)
	if cart.Discount != 0 || cart.CodeProblem != "code_not_for_these" {
		t.Errorf("without magnets %s are taken off (%s)", cart.Discount, cart.CodeProblem)
	}
	if _, err := s.PrepareCheckout(t.Context(), token, form(orders.Card)); reasonOf(err, "discount_code") != "code_not_for_these" {
		t.Errorf("the customer is not told: %v", err)
	}
	cart, err = s.UseCode(t.Context(), token, " ")
	must(t, err)
	if cart.Code != "" || cart.CodeProblem != "" {
		t.Errorf("the code is still there: %+v", cart)
	}
}

func TestCodeInConfirmationAndOrder(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.code(orders.NewCode{Code: "SAKURA", Value: 500})
	checkout, err := s.discounted("sakura", "haru@example.jp", s.tag(), s.magnet(1))
	must(t, err)
	if checkout.Discount != 500 || checkout.Total != 1650-500+185 || checkout.Lines[0].Discount != 333 || checkout.Lines[1].Discount != 167 {
		t.Errorf("frozen: %+v", checkout)
	}
	placed, err := s.Confirm(t.Context(), checkout.Key())
	must(t, err)
	order := s.order(placed)
	if order.DiscountCode != "SAKURA" || order.Discount != 500 || order.Lines[0].Net() != 767 || order.Taxes()[0].Total != order.Total {
		t.Errorf("ordered: %+v", order)
	}
	s.sound()
}

func TestMakeCode(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.code(orders.NewCode{Code: "サクラ", Value: 100})
	none, past := 0, s.clock.Now().Add(-time.Hour)
	for name, c := range map[string]struct {
		wanted orders.NewCode
		field  string
		want   string
	}{
		"the same in other letters": {orders.NewCode{Code: "さくら", Kind: orders.YenOff, Value: 1}, "code", "taken"},
		"no code":                   {orders.NewCode{Kind: orders.YenOff, Value: 1}, "code", "required"},
		"an invisible code":         {orders.NewCode{Code: "a\u200bb", Kind: orders.YenOff, Value: 1}, "code", "invalid"},
		"more than everything":      {orders.NewCode{Code: "a", Kind: orders.PercentOff, Value: 101}, "value", "invalid"},
		"a gift to us":              {orders.NewCode{Code: "a", Kind: orders.YenOff, Value: -1}, "value", "invalid"},
		"another kind":              {orders.NewCode{Code: "a", Kind: "dollars", Value: 1}, "kind", "unknown"},
		"for nobody":                {orders.NewCode{Code: "a", Kind: orders.YenOff, Value: 1, MaxUses: &none}, "max_uses", "invalid"},
		"over before it begins":     {orders.NewCode{Code: "a", Kind: orders.YenOff, Value: 1, ValidUntil: &past}, "valid_until", "invalid"},
	} {
		if _, err := s.MakeCode(t.Context(), staff, c.wanted); reasonOf(err, c.field) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A hundred buyers press the button at once while a code has one use left.
func TestTheLastUseOfACode(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	one := 1
	s.code(orders.NewCode{Code: "LAST", Value: 100, MaxUses: &one})
	checkouts := make([]orders.Checkout, 100)
	for i := range checkouts {
		var err error
		checkouts[i], err = s.discounted("last", fmt.Sprintf("buyer%d@example.jp", i), s.tag())
		must(t, err)
	}
	var all sync.WaitGroup
	var mu sync.Mutex
	var got []orders.Placed
	for _, checkout := range checkouts {
		all.Go(func() {
			placed, err := s.Confirm(t.Context(), checkout.Key())
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				got = append(got, placed)
			} else if reasonOf(err, "discount_code") != "code_used_up" {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if len(got) != 1 || s.count(`SELECT count(*) FROM orders`) != 1 || s.count(`SELECT used FROM discount_codes`) != 1 {
		t.Fatalf("%d orders got the last use", len(got))
	}
	if _, err := s.discounted("last", "late@example.jp", s.tag()); reasonOf(err, "discount_code") != "code_used_up" {
		t.Errorf("a code without uses is taken: %v", err)
	}
	_, err := s.CancelByCustomer(t.Context(), got[0].LinkToken)
	must(t, err)
	_, err = s.CancelByCustomer(t.Context(), got[0].LinkToken)
	must(t, err)
	if used := s.count(`SELECT used FROM discount_codes`); used != 0 {
		t.Errorf("after the order was canceled the code counts %d uses", used)
	}
	s.sound()
}

func TestOnceForEachCustomer(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.code(orders.NewCode{Code: "HELLO", Value: 100, OnceEach: true})
	var checkouts []orders.Checkout
	for _, email := range []string{"haru@example.jp", "HARU@example.jp", "haru@example.jp", "aki@example.jp"} {
		checkout, err := s.discounted("hello", email, s.tag())
		must(t, err)
		checkouts = append(checkouts, checkout)
	}
	var all sync.WaitGroup
	var mu sync.Mutex
	outcomes := map[string]int{}
	for _, checkout := range checkouts {
		all.Go(func() {
			_, err := s.Confirm(t.Context(), checkout.Key())
			mu.Lock()
			defer mu.Unlock()
			outcomes[reasonOf(err, "discount_code")]++
		})
	}
	all.Wait()
	if outcomes["<nil>"] != 2 || outcomes["code_used_before"] != 2 {
		t.Errorf("outcomes %v, want one order for each address", outcomes)
	}
	if _, err := s.discounted("hello", "Haru@Example.jp", s.tag()); reasonOf(err, "discount_code") != "code_used_before" {
		t.Errorf("the address is not known again: %v", err)
	}
	s.sound()
}

func TestExpiryGivesTheUseBack(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.code(orders.NewCode{Code: "SAKURA", Value: 100})
	checkout, err := s.discounted("sakura", "haru@example.jp", s.magnet(1))
	must(t, err)
	placed, err := s.Confirm(t.Context(), checkout.Key())
	must(t, err)
	s.clock.Advance(4 * 24 * time.Hour)
	for range 2 {
		must(t, s.ExpireDue(t.Context()))
		s.settle()
	}
	s.expect(placed, orders.Expired)
	if used := s.count(`SELECT used FROM discount_codes`); used != 0 {
		t.Errorf("the code counts %d uses", used)
	}
	s.sound()
}

// An order revived because its money came late counts again, unless the code was used up meanwhile.
func TestReviveTakesTheUseAgain(t *testing.T) {
	t.Parallel()
	for name, meanwhile := range map[string]bool{"nobody used it meanwhile": false, "somebody used it meanwhile": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t)
			one := 1
			s.code(orders.NewCode{Code: "LAST", Value: 100, MaxUses: &one})
			checkout, err := s.discounted("last", "haru@example.jp", s.magnet(1))
			must(t, err)
			placed, err := s.Confirm(t.Context(), checkout.Key())
			must(t, err)
			s.payLate(placed)
			if meanwhile {
				other, err := s.discounted("last", "aki@example.jp", s.magnet(1))
				must(t, err)
				_, err = s.Confirm(t.Context(), other.Key())
				must(t, err)
			}
			_, err = s.Revive(t.Context(), staff, placed.Order.ID)
			must(t, err)
			s.settle()
			s.expect(placed, orders.Ready)
			if used := s.count(`SELECT used FROM discount_codes`); used != 1 {
				t.Errorf("the code counts %d uses", used)
			}
			s.sound()
		})
	}
}

// What is free after the discount goes straight on; a text is still read first.
func TestNothingToPay(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		line func(*shop) orders.LineRequest
		want orders.State
	}{
		"from the shelf": {func(s *shop) orders.LineRequest { return s.magnet(1) }, orders.Ready},
		"with a text":    {(*shop).tag, orders.InReview},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t)
			s.code(orders.NewCode{Code: "FREE", Kind: orders.PercentOff, Value: 100})
			token := s.cart(c.line(s))
			_, err := s.UseCode(t.Context(), token, "free")
			must(t, err)
			filled := form("")
			filled.Shipping = "pickup"
			checkout, err := s.PrepareCheckout(t.Context(), token, filled)
			must(t, err)
			placed, err := s.Confirm(t.Context(), checkout.Key())
			must(t, err)
			if placed.PayURL != "" || placed.Order.Total != 0 || placed.Order.Method != orders.NothingToPay {
				t.Errorf("placed %+v", placed)
			}
			s.settle()
			s.expect(placed, c.want)
			if c.want == orders.InReview {
				_, err := s.Approve(t.Context(), staff, placed.Order.ID)
				must(t, err)
				s.settle()
				s.expect(placed, orders.Approved)
			}
			if payments := s.count(`SELECT count(*) FROM payments`); payments != 0 {
				t.Errorf("%d attempts to pay nothing", payments)
			}
			s.sound()
		})
	}
}

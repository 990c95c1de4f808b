package storefront_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"tsukuriba/internal/audit"
	"tsukuriba/orders"
)

// rule has staff decide about everything that is made to order.
func (s *shop) rule(rule orders.IntakeRule) {
	s.t.Helper()
	if err := s.orders.SetIntake(s.t.Context(), audit.Actor{Role: audit.Staff, ID: "stf_x"}, rule); err != nil {
		s.t.Fatal(err)
	}
}

func TestIntakeIsToldWhereOneBuys(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	buyer := s.visitor()
	buyer.fill("はると", address())
	december := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	paused := orders.IntakeRule{Paused: true, ReopensOn: &december, Sentence: "棚おろしのため、お休みします", SentenceEn: "We count our shelves"}
	for name, c := range map[string]struct {
		rule  orders.IntakeRule
		told  map[string]string // by language
		stops bool
	}{
		"places left": {orders.IntakeRule{WeeklyLimit: new(8)}, map[string]string{
			"ja": "今週はあと8個", "easy": "今週は あと 8 こ", "en": "8 more can be made this week",
		}, false},
		"full": {orders.IntakeRule{WeeklyLimit: new(0)}, map[string]string{
			"ja": "次の受付は11月\u206030日からです", "easy": "つぎに 注文できるのは", "en": "We take orders again from November 30",
		}, true},
		"busy": {orders.IntakeRule{LongestDays: new(1)}, map[string]string{"ja": "ただいま混み合っています", "easy": "いま 注文が とても 多いです", "en": "We are very busy"}, true},
		"paused": {paused, map[string]string{
			"ja": "棚おろしのため、お休みします", "easy": "棚おろしのため、お休みします", "en": "We count our shelves",
		}, true},
	} {
		s.rule(c.rule)
		for language, sentence := range c.told {
			v := s.visitor()
			v.get("/?lang=" + language)
			for _, path := range []string{"/", "/products/name-tag", "/products/name-tag/studio"} {
				if page := v.get(path); page.status != http.StatusOK || !strings.Contains(page.text(), sentence) {
					t.Errorf("%s in %s: %s answers %d and does not say %q", name, language, path, page.status, sentence)
				}
			}
		}
		cart := buyer.get("/cart").text()
		if stopped := !strings.Contains(cart, "購入手続き"); stopped != c.stops || c.stops && !strings.Contains(cart, c.told["ja"]) {
			t.Errorf("%s: the cart says %q", name, cart)
		}
	}
	s.rule(orders.IntakeRule{})
	if page := s.visitor().get("/products/name-tag"); strings.Contains(page.text(), "今週") {
		t.Error("without a limit a number is told")
	}
}

func TestPauseAtTheConfirmation(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	v := s.visitor()
	confirm := v.fill("はると", address())
	s.rule(orders.IntakeRule{Paused: true, Sentence: "棚おろし中です"})
	v.submit(confirm, "/checkout/confirm", nil).is(http.StatusUnprocessableEntity).says("棚おろし中です")
}

package storefront_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"tsukuriba/internal/audit"
	"tsukuriba/orders"
)

// atTheTill buys pieces from the shelf with a number to pay with at a till, and returns the order's page.
func (v *visitor) atTheTill(quantity string) (secret string, found orders.Order) {
	v.t.Helper()
	shelf := v.open("/products/halloween-2026")
	v.follow(v.submit(shelf, "/cart/lines", url.Values{"quantity": {quantity}}))
	contact := address()
	contact.Set("payment_method", "konbini")
	placed := v.submit(v.follow(v.submit(v.open("/checkout"), "/checkout", contact)), "/checkout/confirm", nil).is(http.StatusSeeOther)
	secret, _, _ = strings.Cut(strings.TrimPrefix(v.open(placed.location).link("支払わずにお店へ戻る"), v.shop.url), "?")
	v.post(placed.location, url.Values{"pay": {"konbini"}}).is(http.StatusSeeOther)
	found = must(v.shop.orders.Orders(v.t.Context(), orders.OrderQuery{}))(v.t).Items[0]
	return secret, found
}

func TestCancelWithANumberOut(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	v := s.visitor()
	secret, _ := v.atTheTill("1")
	v.open(secret + "?returned=paid").says("お支払い番号を見る")
	asked := v.open(secret+"/cancel").says("お支払いにならないでください", "全額お返しします")
	canceled := v.follow(v.submit(asked, secret+"/cancelation", nil)).says("キャンセルされました", "お支払いにならないでください")
	if strings.Contains(canceled.text(), "お支払い番号を見る") {
		t.Error("a canceled order still leads to its number")
	}
}

func TestClaim(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	v := s.visitor()
	secret, order := v.atTheTill("2")
	v.follow(v.get(secret + "/claim")) // there is nothing to write about yet
	if err := s.stripe.PayAtStore(order.Payments[0].SessionID, "lawson"); err != nil {
		t.Fatal(err)
	}
	if err := s.orders.Apply(t.Context(), order.Payments[0].ID); err != nil {
		t.Fatal(err)
	}
	if page := v.open(secret); strings.Contains(page.text(), "注文をキャンセルする") {
		t.Error("a finished order can be canceled")
	}
	early := v.open(secret+"/claim").says("つくり始めたので", "いらなくなった・やめたい")
	if strings.Contains(early.text(), "こわれている") {
		t.Error("what was not sent can be broken")
	}
	staff := audit.Actor{Role: audit.Staff, ID: "stf_06h0bqbyf9vbffmasgjszgppc8"}
	must(s.orders.Ship(t.Context(), staff, order.ID, orders.Handover{Carrier: "日本郵便", Tracking: "1"}))(t)
	v.open(secret).says("品物について連絡する")
	form := v.open(secret+"/claim").says("こわれている", "ハロウィンのタグ 2026")
	refused := v.submit(form, secret+"/claim", url.Values{"quantity": {"3"}, "reason": {""}, "note": {"<b>われて</b> いました"}}).is(http.StatusUnprocessableEntity)
	refused.says("ご注文の数までで", "ひとつ選んでください", "<b>われて</b> いました")
	sent := v.follow(v.submit(form, secret+"/claim", url.Values{"quantity": {"1"}, "reason": {"broken"}, "note": {"われて\nいました"}}))
	sent.says("ご連絡を受け取りました", "こわれている ・ ハロウィンのタグ 2026", "工房で確かめています", "われて\nいました")
	v.submit(form, secret+"/claim", url.Values{"quantity": {"1"}, "reason": {"broken"}, "note": {"もういちど"}}).is(http.StatusUnprocessableEntity).says("工房からの返事をお待ちください")

	claims := must(s.orders.Claims(t.Context(), order.ID))(t)
	must(s.orders.AcceptClaim(t.Context(), staff, claims[0].ID, orders.RemedyRefund))(t)
	refunds := must(s.orders.Refunds(t.Context(), order.ID))(t)
	if err := s.orders.SubmitRefund(t.Context(), orders.RefundDue{RefundID: refunds[0].ID}); err != nil {
		t.Fatal(err)
	}
	v.open(secret).says("代金をお返しします", "¥660 ・ 振込先の口座をお待ちしています", "Stripeから届くメールで")
	v.open(secret+"?lang=en").says("We refund you", "waits for your bank account")
	if err := s.stripe.SettleRefund(must(s.orders.Refund(t.Context(), refunds[0].ID))(t).ProviderID, "succeeded"); err != nil {
		t.Fatal(err)
	}
	if err := s.orders.Apply(t.Context(), order.Payments[0].ID); err != nil {
		t.Fatal(err)
	}
	v.open(secret + "?lang=ja").says("¥660 ・ お返ししました")
	again := must(s.orders.OpenClaim(t.Context(), staff, order.ID, orders.ClaimRequest{Line: order.Lines[0].ID, Quantity: 1, Reason: "other", Note: "電話で聞いたこと"}))(t)
	must(s.orders.DeclineClaim(t.Context(), staff, again.ID, "signs_of_use"))(t)
	declined := v.open(secret).says("今回はお受けできませんでした", "直しかたのご相談は承ります")
	if strings.Contains(declined.text(), "電話で聞いたこと") {
		t.Error("staff's own notes are shown to the customer")
	}
	if _, err := s.orders.DeclineClaim(t.Context(), staff, again.ID, "too_late"); !errors.Is(err, orders.ErrClaimDecided) {
		t.Errorf("decided twice: %v", err)
	}
}

// The reason that the workshop mails stands on the order's page, too, in the language in which it is read.
func TestWhyTheWorkshopCanceled(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	by := audit.Actor{Role: audit.System}
	contact := address()
	contact.Set("payment_method", "konbini")
	cancel := func(order orders.OrderID) error {
		_, err := s.orders.Cancel(t.Context(), by, order, "no_answer")
		return err
	}
	refuse := func(order orders.OrderID) error {
		_, err := s.orders.Refuse(t.Context(), by, order, "unreadable")
		return err
	}
	for name, c := range map[string]struct {
		end   func(orders.OrderID) error
		words map[string]string
	}{
		"staff cancel": {cancel, map[string]string{
			"ja": "お返事をいただけなかったため、このご注文を取り消しました。", "easy": "返事が なかったので", "en": "have not heard from you",
		}},
		"staff refuse": {refuse, map[string]string{
			"ja": "正しく読み取ることができなかったためです。", "easy": "読めない 文字が あったからです", "en": "could not read part of the text",
		}},
	} {
		v := s.visitor()
		waiting := v.follow(v.submit(v.fill("さくら", contact), "/checkout/confirm", nil))
		placed := must(s.orders.Orders(t.Context(), orders.OrderQuery{}))(t).Items[0]
		if err := c.end(placed.ID); err != nil {
			t.Fatal(name, err)
		}
		for language, words := range c.words {
			v.open(strings.TrimPrefix(waiting.address, s.url) + "?lang=" + language).says(words)
		}
	}
}

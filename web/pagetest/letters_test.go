package pagetest_test

import (
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"tsukuriba/orders"
)

func TestBouncedLetterPage(t *testing.T) {
	t.Parallel()
	h := open(t, "")
	order := h.order(1, "はると")
	must(t, h.orders.MailInReview(t.Context(), orders.OrderInReview{OrderID: order.ID}))
	address := "/staff/orders/" + order.ID.String()
	h.staff("shipping").get(address).hides("メールが戻ってきた")
	letters, err := h.orders.Letters(t.Context(), order.ID)
	must(t, err)
	manager := h.staff("manager")
	manager.get(address).press("届かなかったと記録する", "letter", letters[0].ID.String()).is(http.StatusOK,
		"届かなかったことを記録しました", "届いていないメール", "送ったあとで戻ってきました", "メールが戻ってきました")
	manager.get(address).press("もう一度送る").is(http.StatusOK, "メールをもう一度送ります")
	manager.post(address+"/letters/bounced", "letter", "none").is(http.StatusNotFound)
}

func TestLetterSamples(t *testing.T) {
	t.Parallel()
	h := open(t, "")
	office := h.staff("instructor")
	first := office.get("/staff/letters").is(http.StatusOK, "お手紙の見本", "ご注文を受け付けました(2026-000123)")
	if !strings.Contains(first.body, `<iframe class="letter__page" src="/staff/letters/received.reviewed/ja" sandbox=""`) {
		t.Error("the sample is not framed")
	}
	office.get("/staff/letters?letter=refunded.card_part&language=en&form=text").
		is(http.StatusOK, "We have refunded ¥550 (2026-000123)", "We have given back ¥550 of what you paid.").hides("<iframe")
	office.get("/staff/letters?letter=nothing").is(http.StatusNotFound)
	office.get("/staff/letters?language=xx").is(http.StatusNotFound)
	h.staff("therapist").get("/staff/letters").is(http.StatusForbidden)
	h.staff("therapist").get("/staff/letters/received.reviewed/ja").is(http.StatusForbidden)

	option := regexp.MustCompile(`<option value="([a-z_]+(?:\.[a-z_]+)?)"[^>]*>([^<]+)</option>`)
	names := map[string]bool{}
	for _, found := range option.FindAllStringSubmatch(first.body, -1) {
		if len(found[1]) < 4 || found[1] == "easy" || found[1] == "html" || found[1] == "text" {
			continue
		}
		if strings.Contains(found[2], "_") || names[found[2]] {
			t.Errorf("%s has no name of its own: %s", found[1], found[2])
		}
		names[found[2]] = true
	}
	if len(names) < len(orders.LetterKinds) {
		t.Errorf("%d samples can be chosen, and there are %d kinds", len(names), len(orders.LetterKinds))
	}

	letter, err := office.client.Get(h.url + "/staff/letters/konbini_code/easy")
	must(t, err)
	defer letter.Body.Close()
	content, err := io.ReadAll(letter.Body)
	must(t, err)
	policy := letter.Header.Get("Content-Security-Policy")
	if !strings.Contains(policy, "sandbox") || !strings.Contains(policy, "default-src 'none'") || !strings.Contains(string(content), "コンビニで はらう 番号が 出ました") {
		t.Errorf("policy %q of %s", policy, content)
	}
}

func TestUndeliveredLetter(t *testing.T) {
	t.Parallel()
	h := open(t, "")
	order := h.order(1, "はると")
	must(t, h.orders.MailInReview(t.Context(), orders.OrderInReview{OrderID: order.ID}))
	h.db.MustExec(`UPDATE mails SET state = 'failed', sent_at = NULL`)
	address := "/staff/orders/" + order.ID.String()
	h.staff("shipping").get(address).is(http.StatusOK).hides("もう一度送る")
	office := h.staff("instructor")
	office.get(address).is(http.StatusOK, "届いていないメール", "注文の受付", "メールサーバーに断られました").hides("@example.jp").
		press("もう一度送る").is(http.StatusOK, "メールをもう一度送ります", "メールをもう一度送りました").hides("届いていないメール")
	h.db.MustExec(`UPDATE mails SET state = 'sent', sent_at = now() WHERE state = 'queued'`)
	office.get(address).is(http.StatusOK, "メールを送りました：注文の受付（2回目）").hides("@example.jp")
}

package storefront_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"tsukuriba/internal/audit"
	"tsukuriba/internal/photo/phototest"
	"tsukuriba/orders"
)

func TestThankTheMakers(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	v := s.visitor()
	placed := v.submit(v.fill("はると", address()), "/checkout/confirm", nil).is(http.StatusSeeOther)
	secret, _, _ := strings.Cut(strings.TrimPrefix(v.open(placed.location).link("支払わずにお店へ戻る"), s.url), "?")
	if page := v.open(secret); strings.Contains(page.text(), "お礼を伝える") {
		t.Error("one can thank before anything was sent")
	}
	v.follow(v.get(secret + "/thanks"))
	if _, err := s.db.ExecContext(t.Context(), `UPDATE orders SET state = 'shipped', shipped_at = now(), expires_at = NULL`); err != nil {
		t.Fatal(err)
	}
	v.open(secret).says("作り手に、お礼を伝える")
	v.open(secret+"/thanks?lang=en").says("Thank the makers", "Staff may read it first")
	v.open(secret+"/thanks?lang=easy").says("つくった 人に ありがとうを つたえる", "スタッフが 先に 読みます")
	form := v.open(secret+"/thanks?lang=ja").says("作り手に、お礼を伝える", "お名前や連絡先は書かないでください", "同意します")
	v.submit(form, secret+"/thanks", url.Values{"words": {"<b>宝物</b>です"}}).is(http.StatusUnprocessableEntity).says("同意のしるしを付けてください", "<b>宝物</b>です")
	v.submit(form, secret+"/thanks", url.Values{"words": {""}, "agreed": {"on"}}).is(http.StatusUnprocessableEntity).says("ことばを500文字までで書いてください")
	v.send(form, secret+"/thanks", url.Values{"words": {"宝物です"}, "agreed": {"on"}}, []byte("GIF89a")).
		is(http.StatusUnprocessableEntity).says("この形式の写真は読めません", "宝物です")
	v.send(form, secret+"/thanks", url.Values{"words": {"宝物です"}}, phototest.Snapshot(t, 1)).
		is(http.StatusUnprocessableEntity).says("同意のしるしを付けてください", "写真は、もう一度選んでください")
	v.follow(v.send(form, secret+"/thanks", url.Values{"words": {"宝物です"}, "prefecture": {"on"}, "agreed": {"on"}}, phototest.Snapshot(t, 1))).
		says("お礼のことばを受け取りました", "スタッフが読んでから")
	v.follow(v.submit(form, secret+"/thanks", url.Values{"words": {"もう一度"}, "agreed": {"on"}}))
	written := must(s.orders.AllThanks(t.Context()))(t)
	if len(written) != 1 || !written[0].HasPhoto || written[0].Words != "宝物です" || written[0].Prefecture != "北海道" {
		t.Fatalf("kept %+v", written)
	}
	if page := v.open(secret); strings.Contains(page.text(), "お礼を伝える") {
		t.Error("one is asked again")
	}
	if err := s.orders.ShowThanks(t.Context(), audit.Actor{Role: audit.Staff, ID: "stf_x"}, written[0].ID, orders.Showing{}); err != nil {
		t.Fatal(err)
	}
	v.open(secret).says("作った人に届けました")
}

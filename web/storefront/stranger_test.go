package storefront_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// TestStranger does what nobody told the customer not to do. Each time a sentence says what is the matter, and what was
// typed is still there.
func TestStranger(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	contact := address()
	contact.Set("shipping_method", "pickup")
	shelf := func(v *visitor, quantity string) page {
		return v.submit(v.open("/products/halloween-2026"), "/cart/lines", url.Values{"quantity": {quantity}})
	}
	visit := func(t *testing.T) *visitor {
		v := s.visitor()
		v.t = t
		return v
	}
	confirm := func(v *visitor) page { return v.follow(v.submit(v.open("/checkout"), "/checkout", contact)) }

	t.Run("quantities", func(t *testing.T) {
		v := visit(t)
		for _, typed := range []string{"0", "-1", "1e3", "1000000000", "1.5", "", "٣", "二", "100"} {
			product := shelf(v, typed).is(http.StatusUnprocessableEntity).says("1から99まで", "ハロウィンのタグ")
			if got := product.form("/cart/lines"); got.Get("quantity") != typed || got.Get("variant") == "" {
				t.Errorf("%q is forgotten: %v", typed, got)
			}
		}
		v.follow(shelf(v, " ２ ")).says("カートに2点")
	})
	t.Run("cookies off", func(t *testing.T) {
		v := visit(t)
		v.client.Jar = nil
		v.follow(shelf(v, "1")).says("Cookie", "カートは空です")
	})
	t.Run("a cart that is gone", func(t *testing.T) {
		v := visit(t)
		cart := v.follow(shelf(v, "1"))
		if _, err := s.db.Exec(`DELETE FROM carts`); err != nil { // as the sweep does after 30 days
			t.Fatal(err)
		}
		v.open("/cart").says("カートは空です")
		v.post(cart.actionWith("/cart/lines/"), url.Values{"quantity": {"2"}}).is(http.StatusNotFound).says("このカートはありません")
		v.follow(v.post("/checkout", contact)).says("カートは空です")
		v.follow(shelf(v, "1")).says("カートに1点")
	})
	t.Run("sent twice", func(t *testing.T) {
		v := visit(t)
		v.follow(shelf(v, "1"))
		shown := confirm(v)
		first := v.submit(shown, "/checkout/confirm", nil).is(http.StatusSeeOther)
		again := v.submit(shown, "/checkout/confirm", nil).is(http.StatusSeeOther)
		if first.location != again.location {
			t.Errorf("the second press leads to %s, the first to %s", again.location, first.location)
		}
		for _, back := range []string{"/checkout/confirm", "/checkout"} {
			v.get(back).is(http.StatusSeeOther)
		}
		v.open("/cart").says("カートは空です")
	})
	t.Run("a confirmation of somebody else", func(t *testing.T) {
		v, other := visit(t), visit(t)
		v.follow(shelf(v, "1"))
		other.follow(shelf(other, "1"))
		shown := confirm(v)
		id := url.Values{"checkout": {shown.form("/checkout/confirm").Get("checkout")}}
		steals := func(t *testing.T) {
			t.Helper()
			for _, address := range []string{"/checkout/confirm", "/checkout/quotation"} {
				if got := other.post(address, id).is(http.StatusNotFound); got.location != "" || strings.Contains(got.body, kanda) {
					t.Errorf("%s leads to %s", address, got.location)
				}
			}
			other.client.Jar.SetCookies(must(url.Parse(other.shop.url))(t), []*http.Cookie{{Name: "tsukuriba_checkout", Value: id.Get("checkout")}})
			if form := other.open("/checkout"); strings.Contains(form.body, kanda) {
				t.Error("somebody else's address is filled in")
			}
		}
		steals(t)
		placed := v.submit(shown, "/checkout/confirm", nil).is(http.StatusSeeOther)
		steals(t)
		if again := v.submit(shown, "/checkout/confirm", nil).is(http.StatusSeeOther); again.location != placed.location {
			t.Errorf("asked again it leads to %s, first to %s", again.location, placed.location)
		}
	})
	t.Run("a confirmation that is too old", func(t *testing.T) {
		v := visit(t)
		v.follow(shelf(v, "1"))
		shown := confirm(v)
		if _, err := s.db.Exec(`UPDATE checkouts SET expires_at = $1`, now.Add(-time.Minute)); err != nil {
			t.Fatal(err)
		}
		form := v.submit(shown, "/checkout/confirm", nil).is(http.StatusUnprocessableEntity).says("有効時間が過ぎました")
		reloaded := v.follow(v.get("/checkout/confirm"))
		for _, page := range []page{form, reloaded} {
			if got := page.form("/checkout"); got.Get("name") != kanda || got.Get("shipping_method") != "pickup" {
				t.Errorf("%s has forgotten %v", page.address, got)
			}
		}
	})
	t.Run("two windows with different carts", func(t *testing.T) {
		v := visit(t)
		v.follow(shelf(v, "1"))
		shown := confirm(v)
		v.follow(shelf(v, "1"))
		v.submit(shown, "/checkout/confirm", nil).is(http.StatusUnprocessableEntity).says("カートの内容が変わりました", kanda)
	})
	t.Run("a price that changed meanwhile", func(t *testing.T) {
		v := visit(t)
		v.follow(shelf(v, "1"))
		shown := confirm(v).says("¥660")
		if _, err := s.db.Exec(`UPDATE variants SET price_yen = price_yen + 40`); err != nil {
			t.Fatal(err)
		}
		v.open("/cart").says("¥700")
		order := v.submit(shown, "/checkout/confirm", nil).is(http.StatusSeeOther)
		v.open(order.location).says("¥660") // what was shown for confirmation is what is paid
	})
	t.Run("long and strange words", func(t *testing.T) {
		v := visit(t)
		v.follow(shelf(v, "1"))
		strange := address()
		for name, typed := range map[string]string{"name": strings.Repeat("長", 5000), "building": "🏠👨‍👩‍👧", "city": "札幌市\u202e中央区"} {
			strange.Set(name, typed)
		}
		form := v.submit(v.open("/checkout"), "/checkout", strange).is(http.StatusUnprocessableEntity).says("長すぎます").form("/checkout")
		for name := range strange {
			if form.Get(name) != strange.Get(name) {
				t.Errorf("%s is forgotten", name)
			}
		}
		strange.Set("name", "🐱 ねこ")
		strange.Set("city", "札幌市中央区")
		v.follow(v.submit(v.open("/checkout"), "/checkout", strange)).says("🐱 ねこ", "🏠👨‍👩‍👧")
		strange.Set("name", strings.Repeat("長", 50_000))
		v.post("/checkout", strange).is(http.StatusRequestEntityTooLarge).says("大きすぎます")
	})
	t.Run("postal codes", func(t *testing.T) {
		v := visit(t)
		v.follow(v.submit(v.open("/products/name-tag/studio"), "/products/name-tag/studio", url.Values{"text": {"はると"}, "do": {"cart"}}))
		form := v.open("/checkout")
		for typed, says := range map[string]string{"9999999": "直接お書きください", "064": "直接お書きください", "": "直接お書きください", "０６４ー０９４１": "", "〒064 0941": "", "064‐0941": ""} {
			answer := v.submit(form, "/checkout", url.Values{"postal_code": {typed}, "name": {kanda}, "do": {"postal"}}).is(http.StatusUnprocessableEntity).says(says)
			if got := answer.form("/checkout"); got.Get("name") != kanda || got.Get("postal_code") != typed || says == "" && got.Get("city") != "札幌市中央区" {
				t.Errorf("%q: %v", typed, got)
			}
		}
		total := v.submit(form, "/checkout", url.Values{"shipping_method": {"yu-pack-60"}, "prefecture": {"沖縄県"}, "do": {"price"}})
		total.is(http.StatusUnprocessableEntity).says("¥2,550")
	})
}

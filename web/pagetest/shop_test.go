package pagetest_test

import (
	"net/http"
	"strings"
	"testing"

	"tsukuriba/internal/jst"
	"tsukuriba/orders"
)

// pageForm is what the form of a page has in it, ready to be changed and sent.
func (h *house) pageForm(key orders.PageKey, version string, change func(orders.Language, *orders.PageText)) []string {
	h.t.Helper()
	versions, err := h.orders.PageVersions(h.t.Context(), key)
	must(h.t, err)
	form := []string{"version", version}
	for _, language := range orders.Languages {
		text := versions[len(versions)-1].Content[language]
		if change != nil {
			change(language, &text)
		}
		form = append(form, string(language)+".title", text.Title, string(language)+".body", strings.ReplaceAll(text.Body, "\n", "\r\n"))
	}
	return form
}

// keeps says that what was typed is still in the form.
func (p page) keeps(typed ...string) {
	p.visitor.t.Helper()
	for _, value := range typed {
		if !strings.Contains(p.body, `value="`+value+`"`) {
			p.visitor.t.Errorf("%s has lost %q", p.address, value)
		}
	}
}

func TestShopPages(t *testing.T) {
	t.Parallel()
	h := open(t, "")
	h.staff("service_manager").get("/staff/shop").is(http.StatusForbidden)
	h.staff("accounting").post("/staff/shop/pages/legal", "version", "1").is(http.StatusForbidden)
	manager := h.staff("manager")
	manager.get("/staff").press("お店の表記").is(http.StatusOK, "特定商取引法に基づく表記", "第1版", "山本 恵", "口座名義")
	manager.get("/staff/shop/pages/imprint").is(http.StatusNotFound)
	manager.post("/staff/shop/pages/imprint", "version", "1").is(http.StatusNotFound)

	address := "/staff/shop/pages/legal"
	manager.get(address).is(http.StatusOK, "最初からの文面", "{{payment}}", "差し込み").hides("見本を見た")
	lacking := h.pageForm(orders.LegalPage, "1", func(language orders.Language, text *orders.PageText) {
		if language == orders.English {
			text.Body = strings.ReplaceAll(text.Body, "| Prices |", "| Cost |") + "[x](javascript:alert)"
		}
	})
	manager.post(address, lacking...).is(http.StatusUnprocessableEntity, "このままでは掲載できません", "「Prices」がありません", "「javascript:alert」にはリンクできません", "| Cost |")
	manager.post(address, append(lacking, "look", "1")...).is(http.StatusUnprocessableEntity, "「Prices」がありません")
	good := h.pageForm(orders.LegalPage, "1", func(language orders.Language, text *orders.PageText) {
		if language == orders.Japanese {
			text.Body += "\n\n見本を見た"
		}
	})
	manager.post(address, append(good, "look", "1")...).is(http.StatusOK, "見本を見た", "山本 恵").hides("第2版")
	manager.post(address, append(good, "valid_from", "あした")...).is(http.StatusUnprocessableEntity, "あしたか、それより後の日を", "見本を見た")
	manager.post(address, append(good, "valid_from", jst.Date(h.now()))...).is(http.StatusUnprocessableEntity, "あしたか、それより後の日を")
	manager.post(address, good...).is(http.StatusOK, "新しい版を保存しました", "第2版", "中村 恵が")

	late := h.pageForm(orders.LegalPage, "1", func(_ orders.Language, text *orders.PageText) { text.Body += "\n\n二人目の文" })
	told := manager.post(address, late...).is(http.StatusConflict, "二人目の文", "もう一度保存すると")
	told.press("新しい版として保存する").is(http.StatusOK, "第3版")

	tomorrow := jst.Date(h.now().AddDate(0, 0, 2))
	manager.post(address, append(h.pageForm(orders.LegalPage, "3", nil), "valid_from", tomorrow)...).is(http.StatusOK, "第4版", "これから")
	manager.post(address, h.pageForm(orders.LegalPage, "4", nil)...).is(http.StatusUnprocessableEntity, "もう予定している版があります")
	manager.get("/staff/shop").shows("第4版を予定")
	manager.get(address).press("取り消す").is(http.StatusOK, "始まる前の版を取り消しました")
	manager.post(address+"/versions/4/withdraw").is(http.StatusNotFound, "その版はありません")
	manager.post(address+"/versions/1/withdraw").is(http.StatusConflict, "もう始まった版は取り消せません")
}

func TestShopParticulars(t *testing.T) {
	t.Parallel()
	h := open(t, "")
	h.staff("accounting").get("/staff/shop/seller").is(http.StatusForbidden)
	manager := h.staff("manager")
	form := func(version, name, phone, number string) []string {
		return []string{
			"version", version, "name", name, "manager", "山本 恵", "address", "横浜市中区1-2-3", "phone", phone, "hours", "平日 10:00〜16:00", "email", "shop@example.jp",
			"bank", "みほん銀行", "bank_branch", "本店", "bank_kind", "普通", "bank_number", number, "bank_holder", "ツクリバ",
		}
	}
	manager.get("/staff/shop").press("変える").is(http.StatusOK)
	manager.post("/staff/shop/seller", form("1", "", "なし", "12三")...).is(http.StatusUnprocessableEntity, "法律で決まっています", "確実につながる番号", "数字だけ").keeps("横浜市中区1-2-3", "12三")
	manager.post("/staff/shop/seller", form("1", "つくり場", "045-111-2222", "0123456")...).is(http.StatusOK, "新しい版を保存しました", "横浜市中区1-2-3")
	manager.post("/staff/shop/seller", form("1", "別の名前", "045-111-2222", "0123456")...).is(http.StatusConflict, "もう一度保存すると").keeps("別の名前")
	manager.get("/staff/shop/seller").shows("第2版", "中村 恵が")
	h.db.MustExec(`TRUNCATE shop_versions`)
	manager.get("/staff/shop").is(http.StatusOK, "お店の情報がまだありません")
	manager.post("/staff/shop/seller", form("0", "つくり場", "045-111-2222", "0123456")...).is(http.StatusOK, "新しい版を保存しました")
}

package pagetest_test

import (
	"net/http"
	"testing"
)

// TestDiscountCodes makes and ends a code with nothing but pages.
func TestDiscountCodes(t *testing.T) {
	t.Parallel()
	h := open(t, "")
	office := h.staff("manager")
	h.staff("instructor").get("/staff/discounts").is(http.StatusForbidden)
	office.get("/staff/discounts").is(http.StatusOK, "割引コードはまだありません")
	office.post("/staff/discounts", "code", "SAKURA10", "kind", "percent", "value", "101").is(http.StatusUnprocessableEntity, "この値では作れません")
	office.post("/staff/discounts", "code", "SAKURA10", "kind", "percent", "value", "いくら").is(http.StatusUnprocessableEntity, "この値では作れません")
	office.post("/staff/discounts", "code", "SAKURA10", "kind", "percent", "value", "10", "valid_until", "2099-03-31", "max_uses", "20", "once_each", "1").
		is(http.StatusOK, "割引コードを作りました", "SAKURA10", "10%", "3月31日 23:59まで", "0回（20回まで）", "使えます")
	office.post("/staff/discounts", "code", "ｓａｋｕｒａ１０", "kind", "yen", "value", "500").is(http.StatusUnprocessableEntity, "同じコードがすでにあります")
	office.get("/staff/discounts").press("いま終わりにする").is(http.StatusOK, "終わりにしました", "終わりました").hides("いま終わりにする")
}

// TestClosedDays closes a day and opens it again.
func TestClosedDays(t *testing.T) {
	t.Parallel()
	h := open(t, "")
	office := h.staff("instructor")
	h.staff("shipping").get("/staff/closed-days").is(http.StatusForbidden)
	office.get("/staff/closed-days").is(http.StatusOK, "元日", "祝日", "年末年始", "工房のお休み")
	office.post("/staff/closed-days", "day", "2099-08-13", "name", "夏休み").is(http.StatusOK, "お休みにしました", "2099年8月13日", "夏休み")
	office.get("/staff/closed-days").is(http.StatusOK, "これからの12か月").hides("2099年8月13日").press("2099年").is(http.StatusOK, "夏休み").hides("元日")
	office.post("/staff/closed-days", "day", "2020-08-13", "name", "").is(http.StatusUnprocessableEntity, "この値では作れません", "入れてください")
	office.post("/staff/closed-days", "day", "八月", "name", "夏休み").is(http.StatusUnprocessableEntity)
	office.post("/staff/closed-days/2099-08-13/open").is(http.StatusOK, "その日は開けます").hides("2099年8月13日")
	office.post("/staff/closed-days/never/open").is(http.StatusNotFound)
}

package pagetest_test

import (
	"net/http"
	"testing"
	"time"

	"tsukuriba/internal/jst"
)

func TestPricePages(t *testing.T) {
	t.Parallel()
	h := open(t, "")
	h.staff("instructor").get("/staff/prices").is(http.StatusOK, "クリックポスト", "確認が必要", "県内 ¥820").hides("この日からの値段にする", "料金表と同じだった")
	h.staff("therapist").get("/staff/prices").is(http.StatusForbidden)
	h.staff("accounting").post("/staff/prices", "key", "click-post").is(http.StatusForbidden)
	manager := h.staff("manager")
	from := jst.Date(time.Now().AddDate(0, 0, 40))
	manager.get("/staff").press("送料と包装").is(http.StatusOK, "県内 神奈川県", "近畿 滋賀県、京都府")
	manager.post("/staff/prices", "key", "wrapping", "valid_from", from, "price_yen", "いくら").is(http.StatusUnprocessableEntity, "0から20000までの数字で")
	manager.post("/staff/prices", "key", "wrapping", "valid_from", jst.Date(time.Now()), "price_yen", "250").is(http.StatusUnprocessableEntity, "あしたか、それより後の日を")
	manager.post("/staff/prices", "key", "yu-pack-60", "valid_from", from, "zones/home", "900").is(http.StatusUnprocessableEntity, "0から20000までの数字で")
	manager.post("/staff/prices", "key", "wrapping", "valid_from", from, "price_yen", "250").is(http.StatusOK, "値段を加えました", "これから ¥250")
	manager.post("/staff/prices", "key", "wrapping", "valid_from", from, "price_yen", "250").is(http.StatusUnprocessableEntity, "この日からの値段は、もうあります")
	manager.post("/staff/prices", "key", "write-off", "valid_from", from, "price_yen", "10000").is(http.StatusUnprocessableEntity, "1から9999までの数字で", "それより多い値引きには、返還インボイスがいります")
	manager.post("/staff/prices", "key", "write-off", "valid_from", from, "price_yen", "880").is(http.StatusOK, "振込手数料の値引きの上限", "これから ¥880", "いま ¥1,000").press("取り消す").is(http.StatusOK)
	manager.get("/staff/prices").press("料金表と同じだった").is(http.StatusOK, "料金表と同じだったことを記録しました")
	manager.get("/staff/prices").press("取り消す").is(http.StatusOK, "始まる前の値段を取り消しました").hides("これから")
	manager.post("/staff/prices/wrapping/2024-10-01/withdraw").is(http.StatusConflict, "もう始まった値段は取り消せません")
	manager.post("/staff/prices/wrapping/someday/withdraw").is(http.StatusNotFound)
}

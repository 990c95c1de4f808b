package pagetest_test

import (
	"net/http"
	"testing"

	"tsukuriba/catalog"
)

// TestChoices changes what can be chosen about a product with nothing but pages: limits, prices, options and colors.
func TestChoices(t *testing.T) {
	t.Parallel()
	h := open(t, "")
	office := h.staff("manager")
	h.staff("instructor").get("/staff/choices/pet-tag").is(http.StatusForbidden)
	office.get("/staff/choices").is(http.StatusOK, "迷子札", "くるくるかぼちゃ")
	office.get("/staff/choices/halloween-2026").is(http.StatusUnprocessableEntity)
	office.get("/staff/choices/none").is(http.StatusNotFound)
	first := office.get("/staff/choices/pet-tag").is(http.StatusOK, "迷子札の選択肢", "第1版", "ほね を選べる", "柿 を選べる")

	const save = "新しい版として保存する"
	first.press(save).is(http.StatusOK, "新しい版を保存しました").hides("第2版") // nothing was changed
	first.press(save, "text.max", "41").is(http.StatusUnprocessableEntity, "「text」の項目", "文字数は 0〜40")
	first.press(save, "size.option.small.mm", "0.5").is(http.StatusUnprocessableEntity, "選択肢「small」", "em が 0.5 mm です")
	first.press(save, "size.option.small.mm", "大").is(http.StatusUnprocessableEntity, "この組み合わせは作れません")
	first.press(save, "shape.option.bone.offered", "").is(http.StatusUnprocessableEntity, "はじめの答えが選択肢にない")
	again := first.press(save, "icon.option.paw.label", "").is(http.StatusUnprocessableEntity, "「icon」の項目の選択肢「paw」", "名前を60文字まで")

	again.press(save, "icon.option.paw.label", "にくきゅう", "icon.option.paw.yen", "220", "icon.option.sun.offered", "1", "text.max", "6",
		"shape.option.plate.offered", "1", "shape.option.plate.label", "四角", "base_color.option.sumi.offered", "",
		"size.option.size-3.offered", "1", "size.option.size-3.label", "大型犬", "size.option.size-3.mm", "14",
	).is(http.StatusOK, "新しい版を保存しました", "第2版", "第1版")
	first.press(save, "text.max", "5").is(http.StatusUnprocessableEntity, "ほかの人")

	ctx := t.Context()
	product, err := h.catalog.Product(ctx, "pet-tag")
	must(t, err)
	if base, _ := product.Schema.Field(catalog.BaseColorField); len(base.Options) != 9 {
		t.Errorf("the plate comes in %v, want all but ink", base.Options)
	}
	design, err := h.catalog.CreateDesign(ctx, catalog.DesignChoice{Product: "pet-tag", Text: "こむぎ", Size: "size-3", Shape: "plate", Icon: "paw"})
	must(t, err)
	if design.SchemaVersion != 2 || design.Spec.Em != 14_000 || design.Price != product.Price+220 {
		t.Errorf("the design has version %d, letters of %v mm and costs %v", design.SchemaVersion, design.Spec.Em.MM(), design.Price)
	}
}

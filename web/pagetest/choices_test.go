package pagetest_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
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
	first.press(save, "text.max", "41").is(http.StatusUnprocessableEntity, "「名まえ」の項目", "文字数は 0〜40")
	first.press(save, "size.option.small.mm", "0.5").is(http.StatusUnprocessableEntity, "「大きさ」の項目の選択肢「小型犬・猫（文字 7 mm）」", "文字の大きさ が 0.5 mm です")
	first.press(save, "size.option.small.mm", "大").is(http.StatusUnprocessableEntity, "この組み合わせは作れません")
	first.press(save, "shape.option.bone.offered", "").is(http.StatusUnprocessableEntity, "はじめの答えが選択肢にない")
	again := first.press(save, "icon.option.paw.label", "").is(http.StatusUnprocessableEntity, "「絵」の項目の選択肢「あしあと」", "名前を60文字まで")

	first.press(save, "font.label", "").is(http.StatusUnprocessableEntity, "「書体」の項目: 名前を60文字まで")
	first.press(save, "base_color.option.kaki.yen", "-1").is(http.StatusUnprocessableEntity, "「台の色」の項目の選択肢「柿」: 料金は")
	first.press(save, "template.base", "99").is(http.StatusUnprocessableEntity, "台の厚さ が 99.0 mm です（0.6〜10.0 mm）")

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

// TestChoices_of_other_things has a product ask for something else, in another order. Nothing of it is saved before its time.
func TestChoices_of_other_things(t *testing.T) {
	t.Parallel()
	h := open(t, "")
	const save, unsaved = "新しい版として保存する", "まだ保存していません"
	asked := func() (keys []string) {
		product, err := h.catalog.Product(t.Context(), "pet-tag")
		must(t, err)
		for _, field := range product.Schema.Fields {
			keys = append(keys, field.Key)
		}
		return keys
	}
	before := asked()
	form := h.staff("manager").get("/staff/choices/pet-tag").press(save, "move", "leave border", "text.max", "7").is(http.StatusOK, unsaved, "ふちどり を聞く")
	form = form.press("彫りかた を聞く", "size.option.size-3.offered", "1", "size.option.size-3.label", "大型犬", "size.option.size-3.mm", "14")
	form = form.is(http.StatusOK, unsaved, "沈み彫り を選べる", "大型犬 を選べる").press(save, "move", "up relief").is(http.StatusOK, unsaved)
	if now := asked(); !slices.Equal(now, before) {
		t.Errorf("moving alone saved %v", now)
	}
	form.press(save, "field", "text").is(http.StatusUnprocessableEntity, "「書体」の項目: この項目は必要です")
	form.press(save, "relief.option.engraved.mm", "9").is(http.StatusUnprocessableEntity, "作れません")
	form.press(save, "text.script.latin", "1").is(http.StatusOK, "新しい版を保存しました", "第2版").hides(unsaved)
	if now := strings.Join(asked(), " "); now != "text second_line font shape size icon base_color relief text_color" {
		t.Errorf("asked is now %s", now)
	}
	choice := catalog.DesignChoice{Product: "pet-tag", Text: "Mochi", Size: "size-3", Relief: catalog.Engraved}
	design, err := h.catalog.CreateDesign(t.Context(), choice)
	must(t, err)
	if !design.Spec.Engrave || design.Spec.Em != 14_000 {
		t.Errorf("made is %+v", design.Spec)
	}
	choice.Text = "もち"
	if _, err := h.catalog.CreateDesign(t.Context(), choice); !errors.As(err, new(*catalog.ChoiceError)) {
		t.Errorf("kana where Latin letters are asked for: %v", err)
	}
}

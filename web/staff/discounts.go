package staff

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"tsukuriba/catalog"
	"tsukuriba/fulfilment"
	"tsukuriba/internal/jst"
	"tsukuriba/internal/yen"
	"tsukuriba/orders"
	"tsukuriba/web/ui"
)

type discountsPage struct {
	Head  ui.StaffHead
	Codes []discountRow
	Form  discountForm
}

type discountRow struct {
	Code  string
	Badge ui.Badge
	Facts []ui.Fact
	End   ui.Action // without an address for one that is over
}

// discountForm is the form for a new code; its fields stand in the order in which one thinks of them.
type discountForm struct {
	Code, Value, MinGoods, From, Until, MaxUses, Product ui.Field
	Kind                                                 ui.Choices
	OnceEach                                             ui.Field
}

func (s *console) showDiscounts(c echo.Context, who fulfilment.Staff) error {
	return s.renderDiscounts(c, who, http.StatusOK, &orders.FormError{})
}

func (s *console) renderDiscounts(c echo.Context, who fulfilment.Staff, status int, refused *orders.FormError) error {
	ctx := c.Request().Context()
	codes, err := s.Orders.Codes(ctx)
	if err != nil {
		return err
	}
	products, err := s.products(c)
	if err != nil {
		return err
	}
	page := discountsPage{Head: headFor(c, who, "割引コード", "/staff/discounts"), Form: discountFormOf(c, refused, products)}
	names := map[string]string{}
	for _, product := range products {
		names[product.Value] = product.Label
	}
	for _, code := range codes {
		page.Codes = append(page.Codes, discountRowOf(code, names, s.Now()))
	}
	return render(c, status, discountList(page))
}

// products are what a code can be narrowed to.
func (s *console) products(c echo.Context) ([]ui.Choice, error) {
	page, err := s.Catalog.Products(c.Request().Context(), catalog.ProductQuery{Limit: 100})
	choices := []ui.Choice{{Label: "すべての商品"}}
	for _, product := range page.Items {
		choices = append(choices, ui.Choice{Value: product.ID.String(), Label: product.Name})
	}
	return choices, err
}

func discountRowOf(code orders.DiscountCode, names map[string]string, now time.Time) discountRow {
	row := discountRow{Code: code.Code, Badge: ui.Badge{Text: "使えます", Tone: ui.TonePine}}
	switch {
	case code.Ended(now):
		row.Badge = ui.Badge{Text: "終わりました"}
	case now.Before(code.ValidFrom):
		row.Badge = ui.Badge{Text: "これから"}
	case code.MaxUses != nil && code.Used >= *code.MaxUses:
		row.Badge = ui.Badge{Text: "使い切りました"}
	}
	off, uses := yen.Amount(code.Value).String(), fmt.Sprintf("%d回", code.Used)
	if code.Kind == orders.PercentOff {
		off = fmt.Sprintf("%d%%", code.Value)
	}
	if code.MaxUses != nil {
		uses = fmt.Sprintf("%d回（%d回まで）", code.Used, *code.MaxUses)
	}
	period := moment(code.ValidFrom) + "から"
	if code.ValidUntil != nil {
		period += " " + moment(code.ValidUntil.Add(-time.Second)) + "まで"
	}
	row.Facts = []ui.Fact{{Name: "割引", Value: off}, {Name: "期間", Value: period}, {Name: "使われた数", Value: uses}}
	if code.MinGoods > 0 {
		row.Facts = append(row.Facts, ui.Fact{Name: "品代の下限", Value: code.MinGoods.String()})
	}
	if code.OnceEach {
		row.Facts = append(row.Facts, ui.Fact{Name: "ひとりあたり", Value: "1回まで（メールアドレスごと）"})
	}
	var sold []string
	for _, product := range code.Products {
		sold = append(sold, names[product.String()])
	}
	if len(sold) > 0 {
		row.Facts = append(row.Facts, ui.Fact{Name: "使える商品", Value: strings.Join(sold, "、")})
	}
	if !code.Ended(now) {
		row.End = ui.Action{Label: "いま終わりにする", Kind: ui.Quiet, Post: true, URL: "/staff/discounts/" + code.ID.String() + "/end"}
	}
	return row
}

// discountFormOf is the form as it was filled in, with what was wrong.
func discountFormOf(c echo.Context, refused *orders.FormError, products []ui.Choice) discountForm {
	value := func(name, label, hint string) ui.Field {
		return ui.Field{Name: name, Label: label, Hint: hint, Value: c.FormValue(name), Error: discountSentence(refused.Fields[name])}
	}
	form := discountForm{
		Code: value("code", "コード", "大文字と小文字、全角と半角は同じに扱います"), Value: value("value", "いくら引くか", "％なら1〜100、円なら金額"),
		MinGoods: value("min_goods", "品代がいくらから", ""), From: value("valid_from", "いつから", "空なら、いまから"),
		Until: value("valid_until", "いつまで", "その日の終わりまで"), MaxUses: value("max_uses", "全部で何回まで", "空なら、何回でも"),
		Product:  ui.Field{Name: "product", Label: "使える商品", Value: c.FormValue("product"), Options: products},
		OnceEach: ui.Field{Name: "once_each", Label: "ひとり1回まで（メールアドレスごと）", Checked: c.FormValue("once_each") != ""},
		Kind: ui.Choices{Name: "kind", Legend: "引きかた", Compact: true, Options: []ui.Choice{
			{Value: string(orders.PercentOff), Label: "％", Checked: c.FormValue("kind") != string(orders.YenOff)},
			{Value: string(orders.YenOff), Label: "円", Checked: c.FormValue("kind") == string(orders.YenOff)},
		}},
	}
	form.Code.Required, form.Value.Required = true, true
	for _, number := range []*ui.Field{&form.Value, &form.MinGoods, &form.MaxUses} {
		number.InputMode = "numeric"
	}
	for _, optional := range []*ui.Field{&form.MinGoods, &form.From, &form.Until, &form.MaxUses} {
		optional.Note = "任意"
	}
	form.From.Type, form.Until.Type = "date", "date"
	return form
}

func discountSentence(reason string) string {
	switch reason {
	case "":
		return ""
	case "required":
		return "入れてください。"
	case "taken":
		return "同じコードがすでにあります。終わったコードも、もう一度は使えません。"
	case "too_long":
		return "長すぎます。"
	default:
		return "この値では作れません。"
	}
}

func (s *console) makeDiscount(c echo.Context, who fulfilment.Staff) error {
	wanted, err := newCodeOf(c)
	if err == nil {
		_, err = s.Orders.MakeCode(c.Request().Context(), by(who), wanted)
	}
	var refused *orders.FormError
	if errors.As(err, &refused) {
		return s.renderDiscounts(c, who, http.StatusUnprocessableEntity, refused)
	}
	if err != nil {
		return err
	}
	return backTo(c, "/staff/discounts", "discount")
}

// newCodeOf reads the form. A number or a day that is none is refused at its field.
func newCodeOf(c echo.Context) (orders.NewCode, error) {
	fields := map[string]string{}
	wanted := orders.NewCode{
		Code: c.FormValue("code"), Kind: orders.DiscountKind(c.FormValue("kind")), OnceEach: c.FormValue("once_each") != "",
		Value: number(c, "value", fields), MinGoods: yen.Amount(number(c, "min_goods", fields)),
	}
	if uses := number(c, "max_uses", fields); c.FormValue("max_uses") != "" {
		wanted.MaxUses = &uses
	}
	if from := dateField(c, "valid_from", fields); from != nil {
		wanted.ValidFrom = *from
	}
	if until := dateField(c, "valid_until", fields); until != nil {
		wanted.ValidUntil = new(until.AddDate(0, 0, 1))
	}
	if product := c.FormValue("product"); product != "" {
		var id catalog.ProductID
		if id.UnmarshalText([]byte(product)) != nil {
			return wanted, catalog.ErrProductNotFound
		}
		wanted.Products = append(wanted.Products, id)
	}
	if len(fields) > 0 {
		return wanted, &orders.FormError{Fields: fields}
	}
	return wanted, nil
}

func number(c echo.Context, name string, fields map[string]string) int {
	typed := strings.TrimSpace(c.FormValue(name))
	if typed == "" {
		return 0
	}
	value, err := strconv.Atoi(typed)
	if err != nil {
		fields[name] = "invalid"
	}
	return value
}

// dateField is the beginning of a day in Japan, nil where none was chosen.
func dateField(c echo.Context, name string, fields map[string]string) *time.Time {
	typed := c.FormValue(name)
	if typed == "" {
		return nil
	}
	at, err := time.ParseInLocation(time.DateOnly, typed, jst.Zone)
	if err != nil {
		fields[name] = "invalid"
	}
	return &at
}

func (s *console) endDiscount(c echo.Context, who fulfilment.Staff) error {
	code, err := idParam[orders.DiscountID](c, "code")
	if err != nil {
		return err
	}
	if _, err := s.Orders.EndCode(c.Request().Context(), by(who), code); err != nil {
		return err
	}
	return backTo(c, "/staff/discounts", "discount-ended")
}

package staff

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"tsukuriba/api/problem"
	"tsukuriba/catalog"
	"tsukuriba/catalog/tag"
	"tsukuriba/fulfilment"
	"tsukuriba/internal/jst"
	"tsukuriba/web/ui"
)

const choicesPath = "/staff/choices"

// choicesPage lists what is made to order.
type choicesPage struct {
	Head     ui.StaffHead
	Products []ui.Link
}

func (s *console) showChoices(c echo.Context, who fulfilment.Staff) error {
	query := catalog.ProductQuery{Filter: catalog.Filter{Kind: catalog.Personalized}, Limit: 100}
	found, err := s.Catalog.Products(c.Request().Context(), query)
	if err != nil {
		return err
	}
	page := choicesPage{Head: headFor(c, who, "名入れの選択肢", choicesPath)}
	for _, product := range found.Items {
		page.Products = append(page.Products, ui.Link{Label: product.Name, URL: choicesPath + "/" + product.Slug})
	}
	return render(c, http.StatusOK, choicesList(page))
}

// choicePage is what can be chosen about a product, as a form.
type choicePage struct {
	Head     ui.StaffHead
	Title    string
	Action   string
	Version  string // the one the form was made from
	Problem  string
	Unsaved  bool // fields were moved, added or left out since
	Fields   []choiceCard
	Others   []ui.Action // what could be asked as well
	Template []ui.Field
	Versions []ui.Fact
}

// choiceCard asks for one field of the schema.
type choiceCard struct {
	Key     string
	Title   string
	Moves   []ui.Action
	Asked   []ui.Field
	Default ui.Field // a closed list; without options there is none
	Scripts []ui.Field
	Rows    []optionRow
}

// optionRow is an option that is offered, or could be.
type optionRow struct {
	Kept    ui.Kept // which option it is, in the order of all
	Title   string
	Offered ui.Field
	Asked   []ui.Field
}

func (s *console) showChoice(c echo.Context, who fulfilment.Staff) error {
	product, versions, err := s.Catalog.Personalization(c.Request().Context(), c.Param("product"))
	if err != nil {
		return err
	}
	return s.renderChoice(c, who, choiceView{product: product, versions: versions})
}

// choiceView is what the form is made from.
type choiceView struct {
	product  catalog.Product
	versions []catalog.SchemaVersion
	version  int // that the form began with; 0 for the newest
	problem  string
	unsaved  bool
}

func (s *console) renderChoice(c echo.Context, who fulfilment.Staff, view choiceView) error {
	product := view.product
	page := choicePage{
		Head: headFor(c, who, product.Name+"の選択肢", choicesPath), Title: product.Name + "の選択肢", Problem: view.problem,
		Action: choicesPath + "/" + product.Slug, Version: strconv.Itoa(cmp.Or(view.version, product.Schema.Version)),
		Template: templateFields(product.Schema.Template),
		Unsaved:  view.unsaved,
	}
	for i, field := range product.Schema.Fields {
		card := s.choiceCard(field, product.Colors)
		card.Moves = moves(page.Action, product.Schema.Fields, i)
		page.Fields = append(page.Fields, card)
	}
	for _, key := range catalog.FieldKeys() {
		if _, asked := product.Schema.Field(key); !asked {
			page.Others = append(page.Others, move(page.Action, ask, catalog.StandardField(key)))
		}
	}
	for _, version := range view.versions {
		page.Versions = append(page.Versions, ui.Fact{Name: fmt.Sprintf("第%d版", version.Version), Value: version.CreatedAt.In(jst.Zone).Format("2006年1月2日 15:04")})
	}
	status := http.StatusOK
	if view.problem != "" {
		status = http.StatusUnprocessableEntity
	}
	return render(c, status, choiceForm(page))
}

// reviseChoice makes a new version of what was posted, or shows it again with what is wrong.
func (s *console) reviseChoice(c echo.Context, who fulfilment.Staff) error {
	ctx := c.Request().Context()
	product, versions, err := s.Catalog.Personalization(ctx, c.Param("product"))
	if err != nil {
		return err
	}
	form, err := c.FormParams()
	if err != nil {
		return problem.ErrInvalidJSON
	}
	version := count(form.Get("version"))
	schema := s.posted(form, product)
	if form.Get("move") != "" {
		schema.Version = product.Schema.Version
		product.Schema = &schema
		return s.renderChoice(c, who, choiceView{product: product, versions: versions, version: version, unsaved: true})
	}
	err = s.Catalog.ReviseSchema(ctx, by(who), catalog.Revision{Product: product.Slug, Version: version, Schema: schema})
	if fault, ok := errors.AsType[*catalog.SchemaError](err); ok {
		err = s.labeled(*fault, product, schema)
	}
	if errors.Is(err, catalog.ErrInvalidSchema) || errors.Is(err, catalog.ErrSchemaChanged) {
		told := problem.From(err, problem.Japanese)
		schema.Version = product.Schema.Version
		product.Schema = &schema
		return s.renderChoice(c, who, choiceView{
			product: product, versions: versions, version: version, problem: strings.TrimSpace(told.Title + " " + told.Detail),
		})
	}
	if err != nil {
		return err
	}
	return backTo(c, choicesPath+"/"+product.Slug, "choices-revised")
}

// labeled is a fault with the labels of the form in place of keys: those that were posted, or else were there before, or
// are usual.
func (s *console) labeled(fault catalog.SchemaError, product catalog.Product, posted catalog.Schema) *catalog.SchemaError {
	var name, option string
	before, _ := product.Schema.Field(fault.Field)
	now, _ := posted.Field(fault.Field)
	for _, field := range []catalog.Field{now, before, catalog.StandardField(fault.Field)} {
		name = cmp.Or(name, field.Label)
		for _, possible := range s.possible(field, product.Colors) {
			if possible.Key == fault.Option {
				option = cmp.Or(option, possible.Label)
			}
		}
	}
	fault.Field, fault.Option = cmp.Or(name, fault.Field), cmp.Or(option, fault.Option)
	return &fault
}

func (s *console) choiceCard(field catalog.Field, colors []catalog.Color) choiceCard {
	name := field.Key
	card := choiceCard{Key: name, Title: field.Label, Asked: []ui.Field{
		input(name+".label", "名前", field.Label), input(name+".label_en", "英語の名前", field.LabelEn),
	}}
	if field.Type == catalog.TextType {
		rule := catalog.PriceRule{}
		if field.Price != nil {
			rule = *field.Price
		}
		card.Asked = append(card.Asked,
			whole(name+".min", "最少の文字数", field.MinGraphemes), whole(name+".max", "最多の文字数", field.MaxGraphemes),
			whole(name+".used", "書いたときの料金（円）", int(rule.Used)), whole(name+".free", "料金のかからない文字数", rule.Free),
			whole(name+".per", "それを超える1文字の料金（円）", int(rule.PerGrapheme)),
			input(name+".characters", "ほかに書ける字", field.Characters))
		for _, script := range catalog.Scripts() {
			card.Scripts = append(card.Scripts, ui.Field{
				Name: name + ".script." + string(script), Label: scriptLabels[script], Checked: slices.Contains(field.Scripts, script),
			})
		}
		return card
	}
	card.Default = ui.Field{Name: name + ".default", Label: "はじめの答え", Value: field.Default}
	for _, option := range s.possible(field, colors) {
		card.Default.Options = append(card.Default.Options, ui.Choice{Value: option.Key, Label: cmp.Or(option.Label, option.Key)})
		card.Rows = append(card.Rows, optionCard(optionName(field, option.Key), field, option))
	}
	return card
}

var scriptLabels = map[catalog.Script]string{
	catalog.Hiragana: "ひらがな", catalog.Katakana: "カタカナ", catalog.Kanji: "漢字", catalog.LatinScript: "ローマ字", catalog.Digits: "数字",
}

// optionsName is what the input is called that names an option; it stands once for each, in their order.
func optionsName(field catalog.Field) string { return field.Key + ".option" }

// optionName is what the inputs of an option begin with.
func optionName(field catalog.Field, option string) string { return optionsName(field) + "." + option }

func optionCard(name string, field catalog.Field, option possibleOption) optionRow {
	row := optionRow{
		Kept:    ui.Kept{Name: optionsName(field), Value: option.Key},
		Title:   cmp.Or(option.Label, option.Key),
		Offered: ui.Field{Name: name + ".offered", Label: cmp.Or(option.Label, option.Key) + " を選べる", Checked: option.offered},
	}
	if field.Type != catalog.ColorType {
		row.Asked = append(row.Asked, input(name+".label", "名前", option.Label), input(name+".label_en", "英語の名前", option.LabelEn))
	}
	row.Asked = append(row.Asked, whole(name+".yen", "料金（円）", int(option.Yen)))
	if sized[field.Key] {
		row.Asked = append(row.Asked, millimeters(name+".mm", "大きさ（mm）", option.Micron))
	}
	if field.Key == catalog.SizeField {
		row.Asked = append(row.Asked, millimeters(name+".second", "二行目の大きさ（mm、0 は一行目の五分の三）", option.SecondEm))
	}
	return row
}

// sized are the fields whose options have a length.
var sized = map[string]bool{
	catalog.SizeField: true, catalog.HoleField: true, catalog.BorderField: true, catalog.IconField: true,
	catalog.ReliefField: true, catalog.MountField: true,
}

// possibleOption is an option that is offered, or that the workshop could offer.
type possibleOption struct {
	catalog.Option
	offered bool
}

// possible lists the options of a field and those it does not offer yet. A field of colors without
// options offers all.
func (s *console) possible(field catalog.Field, colors []catalog.Color) (all []possibleOption) {
	everything := field.Type == catalog.ColorType && len(field.Options) == 0
	names := map[string]catalog.Color{}
	for _, color := range colors {
		names[color.Key] = color
	}
	for _, option := range field.Options {
		if field.Type == catalog.ColorType {
			option.Label, option.LabelEn = names[option.Key].Name, names[option.Key].NameEn
		}
		all = append(all, possibleOption{option, true})
	}
	for _, option := range s.known(field, colors) {
		if !slices.ContainsFunc(all, func(o possibleOption) bool { return o.Key == option.Key }) {
			all = append(all, possibleOption{option, everything})
		}
	}
	return all
}

// known lists all fonts, icons, shapes or colors there are.
func (s *console) known(field catalog.Field, colors []catalog.Color) (all []catalog.Option) {
	switch field.Key {
	case catalog.FontField:
		for _, font := range s.Catalog.Fonts() {
			all = append(all, catalog.Option{Key: string(font.ID), Label: font.Name})
		}
	case catalog.IconField, catalog.ShapeField:
		all = catalog.StandardField(field.Key).Options
	case catalog.BaseColorField, catalog.TextColorField:
		for _, color := range colors {
			all = append(all, catalog.Option{Key: color.Key, Label: color.Name, LabelEn: color.NameEn})
		}
	case catalog.SizeField:
		all = append(all, newSize(field))
	}
	return all
}

// newSize is a size that is not there yet.
func newSize(field catalog.Field) catalog.Option {
	for n := len(field.Options) + 1; ; n++ {
		key := fmt.Sprintf("size-%d", n)
		if !slices.ContainsFunc(field.Options, func(o catalog.Option) bool { return o.Key == key }) {
			return catalog.Option{Key: key}
		}
	}
}

// templatePart is a length of the template that nobody chooses.
type templatePart struct {
	key, label string
	into       *tag.Micron
}

func templateParts(t *tag.Spec) []templatePart {
	return []templatePart{
		{"base", "台の厚さ（mm）", &t.Base},
		{"relief", "文字の高さ（mm）", &t.Relief},
		{"margin", "文字のまわり（mm）", &t.Margin},
		{"radius", "角の丸み（mm）", &t.Radius},
		{"hole", "穴の直径（mm、0 はなし）", &t.Hole},
		{"slot", "たて長の穴の長さ（mm、0 は丸）", &t.Slot},
	}
}

func templateFields(t tag.Spec) (fields []ui.Field) {
	for _, part := range templateParts(&t) {
		fields = append(fields, millimeters("template."+part.key, part.label, *part.into))
	}
	return fields
}

func input(name, label, value string) ui.Field {
	return ui.Field{Name: name, Label: label, Value: value, MaxLength: 60}
}

func whole(name, label string, value int) ui.Field {
	return ui.Field{Name: name, Label: label, Value: strconv.Itoa(value), InputMode: "numeric", Required: true}
}

func millimeters(name, label string, value tag.Micron) ui.Field {
	return ui.Field{Name: name, Label: label, Value: strconv.FormatFloat(value.MM(), 'f', -1, 64), InputMode: "decimal", Required: true}
}

package staff

import (
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"tsukuriba/catalog"
	"tsukuriba/catalog/tag"
	"tsukuriba/internal/yen"
	"tsukuriba/web/ui"
)

// What the buttons of the form do to the fields, which are saved later only.
const (
	up    = "up"
	down  = "down"
	leave = "leave" // no longer asked for
	ask   = "ask"
)

// moves are the buttons of the i-th field.
func moves(form string, fields []catalog.Field, i int) (buttons []ui.Action) {
	if i > 0 {
		buttons = append(buttons, move(form, up, fields[i]))
	}
	if i < len(fields)-1 {
		buttons = append(buttons, move(form, down, fields[i]))
	}
	if !catalog.Indispensable(fields[i].Key) {
		buttons = append(buttons, move(form, leave, fields[i]))
	}
	return buttons
}

// move is a button that comes back to where its field is then.
func move(form, way string, field catalog.Field) ui.Action {
	label := map[string]string{up: "上へ", down: "下へ", leave: "聞かない", ask: field.Label + " を聞く"}[way]
	icon := map[string]ui.IconName{up: ui.IconArrowUp, down: ui.IconArrowDown, leave: ui.IconClose, ask: ui.IconPlus}[way]
	button := ui.Action{Label: label, Icon: icon, Kind: ui.Quiet, Name: "move", Value: way + " " + field.Key, Attributes: templ.Attributes{"formnovalidate": true}}
	if way != leave {
		button.Attributes["formaction"] = form + "#field-" + field.Key
	}
	if way != ask {
		button.Attributes["aria-label"] = field.Label + " を" + label
	}
	return button
}

// arranged are the keys of the fields after a move, "up text", for example. One that makes no sense changes nothing.
func arranged(keys []string, move string) []string {
	way, key, _ := strings.Cut(move, " ")
	keys = slices.Clone(keys)
	i := slices.Index(keys, key)
	switch {
	case way == ask && i < 0 && slices.Contains(catalog.FieldKeys(), key):
		return append(keys, key)
	case way == leave && i >= 0:
		return slices.Delete(keys, i, i+1)
	case way == up && i > 0:
		keys[i-1], keys[i] = keys[i], keys[i-1]
	case way == down && i >= 0 && i < len(keys)-1:
		keys[i], keys[i+1] = keys[i+1], keys[i]
	}
	return keys
}

// posted reads the form as a schema; what is no number becomes one that no schema may have.
func (s *console) posted(form url.Values, product catalog.Product) catalog.Schema {
	schema := catalog.Schema{Template: product.Schema.Template}
	for _, part := range templateParts(&schema.Template) {
		*part.into = microns(form.Get("template." + part.key))
	}
	for _, key := range arranged(form["field"], form.Get("move")) {
		field, before := product.Schema.Field(key)
		if !before {
			field = catalog.StandardField(key)
		}
		if form.Has(key + ".label") {
			s.postedField(form, &field, product.Colors)
		}
		schema.Fields = append(schema.Fields, field)
	}
	return schema
}

func (s *console) postedField(form url.Values, field *catalog.Field, colors []catalog.Color) {
	name := field.Key
	field.Label, field.LabelEn = strings.TrimSpace(form.Get(name+".label")), strings.TrimSpace(form.Get(name+".label_en"))
	if field.Type == catalog.TextType {
		postedLine(form, field)
		return
	}
	field.Default = form.Get(name + ".default")
	field.Options = postedOptions(form, *field, s.possible(*field, colors))
}

func postedLine(form url.Values, field *catalog.Field) {
	name := field.Key
	field.MinGraphemes, field.MaxGraphemes = count(form.Get(name+".min")), count(form.Get(name+".max"))
	field.Required = field.MinGraphemes > 0
	field.Characters = strings.TrimSpace(form.Get(name + ".characters"))
	field.Scripts = slices.DeleteFunc(catalog.Scripts(), func(script catalog.Script) bool { return !form.Has(name + ".script." + string(script)) })
	rule := catalog.PriceRule{
		Used: yen.Amount(count(form.Get(name + ".used"))), Free: count(form.Get(name + ".free")), PerGrapheme: yen.Amount(count(form.Get(name + ".per"))),
	}
	field.Price = nil
	if rule != (catalog.PriceRule{}) {
		field.Price = &rule
	}
}

func postedOptions(form url.Values, field catalog.Field, possible []possibleOption) (options []catalog.Option) {
	plain := true // all colors, at no price
	for _, key := range form[optionsName(field)] {
		row := optionName(field, key)
		if form.Get(row+".offered") == "" {
			plain = false
			continue
		}
		option := catalog.Option{Key: key}
		if i := slices.IndexFunc(possible, func(o possibleOption) bool { return o.Key == key }); i >= 0 {
			option = possible[i].Option
		}
		postedOption(form, row, field, &option)
		plain = plain && option.Yen == 0
		options = append(options, option)
	}
	if plain && field.Type == catalog.ColorType {
		return nil
	}
	return options
}

func postedOption(form url.Values, row string, field catalog.Field, option *catalog.Option) {
	option.Yen = yen.Amount(count(form.Get(row + ".yen")))
	option.Label, option.LabelEn = strings.TrimSpace(form.Get(row+".label")), strings.TrimSpace(form.Get(row+".label_en")) // a color has none
	if sized[field.Key] {
		option.Micron = microns(form.Get(row + ".mm"))
	}
	if field.Key == catalog.SizeField {
		option.SecondEm = microns(form.Get(row + ".second"))
	}
}

// microns reads millimeters; what is none is -1, which cannot be made.
func microns(mm string) tag.Micron {
	value, err := strconv.ParseFloat(strings.TrimSpace(mm), 64)
	if err != nil || !(math.Abs(value) <= tag.MaxSide.MM()) {
		return -1
	}
	return tag.Micron(math.Round(value * float64(tag.Millimeter)))
}

package catalog

import (
	"slices"
	"unicode"

	"tsukuriba/catalog/tag"
	"tsukuriba/internal/yen"
)

// The keys a field may have. Each is what the DesignChoice field of the same name answers.
const (
	TextField       = "text"
	SecondLineField = "second_line"
	FontField       = "font"
	SizeField       = "size"
	BaseColorField  = "base_color"
	TextColorField  = "text_color"
	HoleField       = "hole"
	BorderField     = "border"
	ShapeField      = "shape"
	IconField       = "icon"
	ReliefField     = "relief"
	MountField      = "mount"
)

// FieldType says how a field is asked for.
type FieldType string

// The types of fields.
const (
	TextType   FieldType = "text"   // one line, typed
	ChoiceType FieldType = "choice" // one of Options
	FontType   FieldType = "font"   // one of Options, each of which is a font
	ColorType  FieldType = "color"  // one of the available colors, or of Options if there are any
	FlagType   FieldType = "flag"   // Yes or No, both of which are Options
)

// fieldTypes is the type each key must have.
var fieldTypes = map[string]FieldType{
	TextField: TextType, SecondLineField: TextType, FontField: FontType, SizeField: ChoiceType,
	BaseColorField: ColorType, TextColorField: ColorType, HoleField: FlagType, BorderField: FlagType,
	ShapeField: ChoiceType, IconField: ChoiceType, ReliefField: ChoiceType, MountField: ChoiceType,
}

// The answers to a flag.
const (
	Yes = "yes"
	No  = "no"
)

// The answers that mean something to the mesher, beside the keys of fonts, icons and shapes.
const (
	PlainShape = "plate" // of ShapeField: tag.Plate
	NoIcon     = "none"  // of IconField
	Raised     = "raised"
	Engraved   = "engraved"
)

// Schema says what a customer may choose about a product. It is data, kept as JSON, and never
// changed: an edit is a new version, and designs keep the version they were made with.
type Schema struct {
	Version  int      `json:"-"`
	Template tag.Spec `json:"template"` // the numbers nobody chooses
	Fields   []Field  `json:"fields"`   // in the order they are asked for
}

// clone is a schema that can be changed without changing this one.
func (s Schema) clone() Schema {
	s.Fields = slices.Clone(s.Fields)
	for i, field := range s.Fields {
		s.Fields[i].Scripts, s.Fields[i].Options = slices.Clone(field.Scripts), slices.Clone(field.Options)
		if field.Price != nil {
			s.Fields[i].Price = new(*field.Price)
		}
	}
	return s
}

// Field is one thing to choose.
type Field struct {
	Key      string    `json:"key"`
	Type     FieldType `json:"type"`
	Label    string    `json:"label"`
	LabelEn  string    `json:"label_en"`
	Required bool      `json:"required,omitempty"`
	Default  string    `json:"default,omitempty"` // what an empty answer means

	MinGraphemes int      `json:"min_graphemes,omitempty"` // of a line
	MaxGraphemes int      `json:"max_graphemes,omitempty"` // of a line; at least 1
	Characters   string   `json:"characters,omitempty"`    // the only ones a line may have beside those of Scripts
	Scripts      []Script `json:"scripts,omitempty"`       // any if there are neither Scripts nor Characters

	Options []Option   `json:"options,omitempty"`
	Price   *PriceRule `json:"price,omitempty"`
}

// Option is one answer to a field. Micron is the size of the first line, the diameter of the
// hole, the width of the border, the side of an icon, the height or depth of the letters, or the
// diameter of the screws' holes; SecondEm goes with a size. Both may be 0 for the template's.
type Option struct {
	Key      string     `json:"key"`
	Label    string     `json:"label"`
	LabelEn  string     `json:"label_en"`
	Micron   tag.Micron `json:"micron,omitempty"`
	SecondEm tag.Micron `json:"second_em,omitempty"`
	Yen      yen.Amount `json:"yen,omitempty"` // added to the price
}

// Script is a kind of characters that a line may have. Spaces go with all of them.
type Script string

// The scripts.
const (
	Hiragana    Script = "hiragana"
	Katakana    Script = "katakana"
	Kanji       Script = "kanji"
	LatinScript Script = "latin"
	Digits      Script = "digits"
)

// Scripts lists all scripts.
func Scripts() []Script { return []Script{Hiragana, Katakana, Kanji, LatinScript, Digits} }

// scriptTables are the characters of each script, with the marks that go with them.
var scriptTables = map[Script][]*unicode.RangeTable{
	Hiragana: {unicode.Hiragana, voicing}, Katakana: {unicode.Katakana, voicing}, Kanji: {unicode.Han, unicode.Variation_Selector},
	LatinScript: {unicode.Latin, unicode.Mn}, Digits: {unicode.Nd},
}

// voicing are ー and the voicing marks, which belong to both kana.
var voicing = &unicode.RangeTable{R16: []unicode.Range16{{Lo: 0x3099, Hi: 0x309C, Stride: 1}, {Lo: 0x30FC, Hi: 0x30FC, Stride: 1}, {Lo: 0xFF70, Hi: 0xFF70, Stride: 1}}}

// PriceRule is what a line adds to the price when it is not empty: Used, and PerGrapheme for
// each character above Free.
type PriceRule struct {
	Used        yen.Amount `json:"used,omitempty"`
	Free        int        `json:"free,omitempty"`
	PerGrapheme yen.Amount `json:"per_grapheme,omitempty"`
}

// Field returns the field of that key.
func (s *Schema) Field(key string) (Field, bool) {
	i := slices.IndexFunc(s.Fields, func(f Field) bool { return f.Key == key })
	if i < 0 {
		return Field{}, false
	}
	return s.Fields[i], true
}

// option returns the option an answer names.
func (f Field) option(key string) (Option, bool) {
	i := slices.IndexFunc(f.Options, func(o Option) bool { return o.Key == key })
	if i < 0 {
		return Option{}, false
	}
	return f.Options[i], true
}

// price of a line with that many characters.
func (r *PriceRule) price(graphemes int) yen.Amount {
	if r == nil || graphemes == 0 {
		return 0
	}
	return r.Used + r.PerGrapheme.Times(max(0, graphemes-r.Free))
}

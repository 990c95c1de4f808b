package catalog

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"tsukuriba/catalog/tag"
	"tsukuriba/internal/text"
	"tsukuriba/internal/yen"
)

// ErrInvalidSchema says that a personalization schema contradicts itself. It is the author's
// mistake, never the customer's.
var ErrInvalidSchema = errors.New("the personalization schema is invalid")

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
}

// The answers to a flag.
const (
	Yes = "yes"
	No  = "no"
)

// Schema says what a customer may choose about a product. It is data, kept as JSON, and never
// changed: an edit is a new version, and designs keep the version they were made with.
type Schema struct {
	Version  int      `json:"-"`
	Template tag.Spec `json:"template"` // the numbers nobody chooses
	Fields   []Field  `json:"fields"`   // in the order they are asked for
}

// Field is one thing to choose.
type Field struct {
	Key      string    `json:"key"`
	Type     FieldType `json:"type"`
	Label    string    `json:"label"`
	LabelEn  string    `json:"label_en"`
	Required bool      `json:"required,omitempty"`
	Default  string    `json:"default,omitempty"` // what an empty answer means

	MinGraphemes int    `json:"min_graphemes,omitempty"` // of a line
	MaxGraphemes int    `json:"max_graphemes,omitempty"` // of a line; at least 1
	Characters   string `json:"characters,omitempty"`    // the only ones a line may have; "" for any

	Options []Option   `json:"options,omitempty"`
	Price   *PriceRule `json:"price,omitempty"`
}

// Option is one answer to a field. Micron is the size of the first line, the diameter of the
// hole or the width of the border; SecondEm goes with a size and may be 0.
type Option struct {
	Key      string     `json:"key"`
	Label    string     `json:"label"`
	LabelEn  string     `json:"label_en"`
	Micron   tag.Micron `json:"micron,omitempty"`
	SecondEm tag.Micron `json:"second_em,omitempty"`
	Yen      yen.Amount `json:"yen,omitempty"` // added to the price
}

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

// check returns ErrInvalidSchema, wrapped with the reason, unless every answer the schema
// allows leads to a spec.
func (s *Schema) check() error {
	for _, key := range []string{TextField, FontField, SizeField, BaseColorField, TextColorField} {
		if _, ok := s.Field(key); !ok {
			return fmt.Errorf("%w: it has no field %s", ErrInvalidSchema, key)
		}
	}
	seen := map[string]bool{}
	for _, field := range s.Fields {
		if seen[field.Key] {
			return fmt.Errorf("%w: the field %s is there twice", ErrInvalidSchema, field.Key)
		}
		seen[field.Key] = true
		if reason := field.fault(); reason != "" {
			return fmt.Errorf("%w: field %s %s", ErrInvalidSchema, field.Key, reason)
		}
	}
	return nil
}

// fault says what is wrong with the field, "" if nothing is.
func (f Field) fault() string {
	if f.Type == "" || fieldTypes[f.Key] != f.Type {
		return "has another type than its key asks for"
	}
	if f.Type == TextType {
		return f.lineFault()
	}
	if f.Price != nil {
		return "is priced by length although it is no line"
	}
	if f.Type == ColorType && len(f.Options) == 0 {
		return ""
	}
	if _, ok := f.option(f.Default); !ok {
		return "has a default that is not offered"
	}
	_, yes := f.option(Yes)
	_, no := f.option(No)
	if f.Type == FlagType && !(yes && no && len(f.Options) == 2) {
		return "is a flag without yes or no"
	}
	return ""
}

func (f Field) lineFault() string {
	switch {
	case f.MinGraphemes < 0 || f.MaxGraphemes < max(1, f.MinGraphemes) || f.MaxGraphemes > tag.MaxGraphemes:
		return "has a length nothing can have"
	case len(f.Options) > 0:
		return "has options although it is typed"
	case text.Visible(f.Default) != nil:
		return "has a default nobody can read"
	case strings.TrimSpace(f.Default) != f.Default:
		return "has a default with spaces around it"
	}
	return ""
}

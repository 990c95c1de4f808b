package catalog

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"tsukuriba/catalog/tag"
	"tsukuriba/internal/text"
	"tsukuriba/internal/yen"
)

// ErrInvalidSchema says that a personalization schema contradicts itself. It is the author's
// mistake, never the customer's.
var ErrInvalidSchema = errors.New("the personalization schema is invalid")

// SchemaFault says what is wrong at a place of a schema.
type SchemaFault string

// The faults a schema can have.
const (
	FieldMissing    SchemaFault = "field_missing"      // a design cannot do without it
	FieldTwice      SchemaFault = "field_twice"        // its key is used twice
	WrongType       SchemaFault = "wrong_type"         // its key asks for another type
	NoLabel         SchemaFault = "no_label"           // or one of more than 60 characters
	BadLength       SchemaFault = "bad_length"         // a length that no line can have
	OptionsOfLine   SchemaFault = "options_of_line"    // options to what is typed
	BadDefault      SchemaFault = "bad_default"        // a default that nobody can read, or that is not offered
	NotPricedByLine SchemaFault = "not_priced_by_line" // a price by length for what is no line
	BadPrice        SchemaFault = "bad_price"          // below nothing or above ¥100,000
	OptionTwice     SchemaFault = "option_twice"
	UnknownOption   SchemaFault = "unknown_option" // no such font, shape, icon or color
	NotYesAndNo     SchemaFault = "not_yes_and_no" // a flag with other answers
	CannotBeMade    SchemaFault = "cannot_be_made" // Cause says why
	NotASchema      SchemaFault = "not_a_schema"   // Cause says why
)

// SchemaError says where a schema is wrong, and how. It is an ErrInvalidSchema.
type SchemaError struct {
	Field  string // key of the field
	Option string // key of its option; "" for the field itself
	Fault  SchemaFault
	Cause  error // of CannotBeMade and NotASchema
}

func (e *SchemaError) Error() string {
	at := "field " + e.Field
	if e.Option != "" {
		at += ", option " + e.Option
	}
	if e.Cause != nil {
		return fmt.Sprintf("%v: %s: %s: %v", ErrInvalidSchema, at, e.Fault, e.Cause)
	}
	return fmt.Sprintf("%v: %s: %s", ErrInvalidSchema, at, e.Fault)
}

// Is makes every SchemaError an ErrInvalidSchema.
func (e *SchemaError) Is(target error) bool { return target == ErrInvalidSchema }

// check returns a *SchemaError unless every answer the schema allows leads to a spec that can be
// made of some text.
func (s *Schema) check() error {
	for _, key := range FieldKeys() {
		if _, ok := s.Field(key); !ok && Indispensable(key) {
			return &SchemaError{Field: key, Fault: FieldMissing}
		}
	}
	seen := map[string]bool{}
	for _, field := range s.Fields {
		if seen[field.Key] {
			return &SchemaError{Field: field.Key, Fault: FieldTwice}
		}
		seen[field.Key] = true
		if fault := field.fault(); fault != "" {
			return &SchemaError{Field: field.Key, Fault: fault}
		}
		for i, option := range field.Options {
			if fault := field.optionFault(i); fault != "" {
				return &SchemaError{Field: field.Key, Option: option.Key, Fault: fault}
			}
		}
	}
	return s.checkPairs()
}

// fault says what is wrong with the field, "" if nothing is.
func (f Field) fault() SchemaFault {
	switch {
	case f.Type == "" || fieldTypes[f.Key] != f.Type:
		return WrongType
	case !isLabel(f.Label):
		return NoLabel
	case f.Type == TextType:
		return f.lineFault()
	case f.Price != nil:
		return NotPricedByLine
	case f.Type == ColorType && len(f.Options) == 0:
		return ""
	}
	if _, ok := f.option(f.Default); !ok {
		return BadDefault
	}
	_, yes := f.option(Yes)
	_, no := f.option(No)
	if f.Type == FlagType && !(yes && no && len(f.Options) == 2) {
		return NotYesAndNo
	}
	return ""
}

func isLabel(label string) bool {
	return strings.TrimSpace(label) != "" && utf8.RuneCountInString(label) <= 60
}

func (f Field) lineFault() SchemaFault {
	switch {
	case f.MinGraphemes < 0 || f.MaxGraphemes < max(1, f.MinGraphemes) || f.MaxGraphemes > tag.MaxGraphemes:
		return BadLength
	case len(f.Options) > 0:
		return OptionsOfLine
	case slices.ContainsFunc(f.Scripts, func(s Script) bool { return scriptTables[s] == nil }):
		return UnknownOption
	case text.Visible(f.Default) != nil || strings.TrimSpace(f.Default) != f.Default:
		return BadDefault
	case f.Price != nil && (badPrice(f.Price.Used) || badPrice(f.Price.PerGrapheme) || f.Price.Free < 0):
		return BadPrice
	}
	return ""
}

func badPrice(price yen.Amount) bool { return price < 0 || price > 100_000 }

// optionFault says what is wrong with the i-th option, "" if nothing is.
func (f Field) optionFault(i int) SchemaFault {
	option := f.Options[i]
	switch {
	case f.Type != ColorType && !isLabel(option.Label):
		return NoLabel
	case badPrice(option.Yen):
		return BadPrice
	case slices.ContainsFunc(f.Options[:i], func(o Option) bool { return o.Key == option.Key }):
		return OptionTwice
	case !f.knows(option.Key):
		return UnknownOption
	}
	return ""
}

// knows reports whether the mesher can make something of an option's key.
func (f Field) knows(key string) bool {
	switch f.Key {
	case ShapeField:
		return key == PlainShape || key != "" && slices.Contains(tag.Shapes(), tag.ShapeID(key))
	case IconField:
		return key == NoIcon || slices.Contains(tag.Icons(), tag.IconID(key))
	case ReliefField:
		return key == Raised || key == Engraved
	}
	return key != ""
}

// checkPairs holds every pair of options against what can be made; no number depends on three of them.
func (s *Schema) checkPairs() error {
	standard := s.Template
	for _, field := range s.Fields {
		if option, ok := field.option(field.Default); ok {
			standard = field.apply(option, standard)
		}
	}
	standard.Text = "あ"
	for i, first := range s.Fields {
		for _, one := range first.Options {
			spec := first.apply(one, standard)
			if err := spec.Check(); err != nil {
				return &SchemaError{Field: first.Key, Option: one.Key, Fault: CannotBeMade, Cause: err}
			}
			for _, second := range s.Fields[:i] {
				for _, other := range second.Options {
					if err := second.apply(other, spec).Check(); err != nil {
						return &SchemaError{Field: first.Key, Option: one.Key, Fault: CannotBeMade, Cause: err}
					}
				}
			}
		}
	}
	return nil
}

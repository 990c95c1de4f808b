package catalog

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"tsukuriba/catalog/tag"
	"tsukuriba/internal/text"
	"tsukuriba/internal/yen"
)

// maxLineBytes bounds a line before anything is counted in it.
const maxLineBytes = 1 << 10

// DesignChoice is what a customer typed and chose for a product, by the keys of its schema's
// options. Text and SecondLine are kept byte for byte. An empty answer takes the default.
type DesignChoice struct {
	Product    string // slug
	Text       string
	SecondLine string
	Font       string
	Size       string
	BaseColor  string
	TextColor  string
	Hole       string // Yes or No
	Border     string // Yes or No
	Shape      string
	Icon       string
	Relief     string // Raised or Engraved
	Mount      string
}

// Reason says why an answer was not accepted.
type Reason string

// The reasons for which an answer is not accepted.
const (
	Required   Reason = "required"    // it may not be empty
	Blank      Reason = "blank"       // it has nothing but spaces
	TooShort   Reason = "too_short"   // Limit characters are needed
	TooLong    Reason = "too_long"    // Limit characters are allowed
	NotText    Reason = "not_text"    // it is not UTF-8
	Invisible  Reason = "invisible"   // it has the invisible characters in Names
	Characters Reason = "characters"  // it has the characters in Names, which the field does not take
	NotOffered Reason = "not_offered" // it is none of the options
	NotAsked   Reason = "not_asked"   // the product has no such field

	Denied          Reason = "denied"            // it has a word that we do not make
	BelongsToOthers Reason = "belongs_to_others" // it has a word that others have rights in
)

// ChoiceError says which answer of a DesignChoice is not accepted, and why.
type ChoiceError struct {
	Field  string // key of the schema's field
	Reason Reason
	Limit  int
	Names  []string
}

func (e *ChoiceError) Error() string {
	switch {
	case e.Names != nil:
		return fmt.Sprintf("%s is not accepted: %s (%s)", e.Field, e.Reason, strings.Join(e.Names, ", "))
	case e.Limit > 0:
		return fmt.Sprintf("%s is not accepted: %s (%d)", e.Field, e.Reason, e.Limit)
	}
	return fmt.Sprintf("%s is not accepted: %s", e.Field, e.Reason)
}

// decision is a choice that the schema accepted.
type decision struct {
	spec                 tag.Spec
	baseColor, textColor string
	price                yen.Amount
}

// Answer is the place in the choice that answers a field of the schema.
func (c *DesignChoice) Answer(field string) *string {
	return map[string]*string{
		TextField: &c.Text, SecondLineField: &c.SecondLine, FontField: &c.Font, SizeField: &c.Size,
		BaseColorField: &c.BaseColor, TextColorField: &c.TextColor, HoleField: &c.Hole, BorderField: &c.Border,
		ShapeField: &c.Shape, IconField: &c.Icon, ReliefField: &c.Relief, MountField: &c.Mount,
	}[field]
}

// Choice turns a piece of the product back into answers that would make it; where none would,
// the answer is the default.
func (p Product) Choice(made Sample) DesignChoice {
	choice := DesignChoice{Product: p.Slug}
	for _, field := range p.Schema.Fields {
		answer := choice.Answer(field.Key)
		switch field.Key {
		case TextField:
			*answer = made.Spec.Text
		case SecondLineField:
			*answer = made.Spec.SecondLine
		case BaseColorField:
			*answer = made.BaseColor
		case TextColorField:
			*answer = made.TextColor
		default:
			*answer = field.Default
			for _, option := range field.Options {
				if field.apply(option, made.Spec) == made.Spec {
					*answer = option.Key
					break
				}
			}
		}
	}
	return choice
}

// decide holds a choice against the schema of a product that costs price and comes in colors.
// It returns tag.ErrBlank for a blank text and *ChoiceError for any other answer it refuses.
func (s *Schema) decide(choice DesignChoice, price yen.Amount, colors []Color) (decision, error) {
	d := decision{spec: s.Template, price: price}
	for _, field := range s.Fields {
		answer := *choice.Answer(field.Key)
		*choice.Answer(field.Key) = ""
		if answer == "" {
			answer = field.Default
		}
		if err := d.take(field, answer, colors); err != nil {
			return decision{}, err
		}
	}
	for key := range fieldTypes {
		if *choice.Answer(key) != "" {
			return decision{}, &ChoiceError{Field: key, Reason: NotAsked}
		}
	}
	return d, nil
}

func (d *decision) take(field Field, answer string, colors []Color) error {
	switch field.Type {
	case TextType:
		return d.takeLine(field, answer)
	case ColorType:
		return d.takeColor(field, answer, colors)
	default:
		return d.takeOption(field, answer)
	}
}

func (d *decision) takeLine(field Field, line string) error {
	if err := field.checkLine(line); err != nil {
		return err
	}
	d.price += field.Price.price(text.Graphemes(line))
	if field.Key == TextField {
		d.spec.Text = line
	} else {
		d.spec.SecondLine = line
	}
	return nil
}

func (d *decision) takeColor(field Field, key string, colors []Color) error {
	option, listed := field.option(key)
	if len(field.Options) > 0 && !listed || !available(colors, key) {
		return &ChoiceError{Field: field.Key, Reason: NotOffered}
	}
	d.price += option.Yen
	if field.Key == BaseColorField {
		d.baseColor = key
	} else {
		d.textColor = key
	}
	return nil
}

func available(colors []Color, key string) bool {
	for _, color := range colors {
		if color.Key == key {
			return true
		}
	}
	return false
}

func (d *decision) takeOption(field Field, key string) error {
	option, ok := field.option(key)
	if !ok {
		return &ChoiceError{Field: field.Key, Reason: NotOffered}
	}
	d.price += option.Yen
	d.spec = field.apply(option, d.spec)
	return nil
}

// apply returns the spec with what an option of the field decides.
func (f Field) apply(option Option, spec tag.Spec) tag.Spec {
	switch f.Key {
	case FontField:
		spec.Font = tag.FontID(option.Key)
	case SizeField:
		spec.Em, spec.SecondEm = option.Micron, option.SecondEm
	case HoleField:
		spec.Hole = option.Micron
		if option.Key == No {
			spec.Slot = 0
		}
	case BorderField:
		spec.Border = option.Micron
	case MountField:
		spec.Screw = option.Micron
	case ShapeField:
		spec.Shape = shapeOf(option.Key)
	case IconField:
		spec.Icon, spec.IconEm = iconOf(option.Key), option.Micron
	case ReliefField:
		spec.Engrave = option.Key == Engraved
		if option.Micron > 0 {
			spec.Relief = option.Micron
		}
	}
	return spec
}

func shapeOf(key string) tag.ShapeID {
	if key == PlainShape {
		return tag.Plate
	}
	return tag.ShapeID(key)
}

func iconOf(key string) tag.IconID {
	if key == NoIcon {
		return ""
	}
	return tag.IconID(key)
}

// checkLine refuses a line before any work is done with it.
func (f Field) checkLine(line string) error {
	switch {
	case len(line) > maxLineBytes:
		return &ChoiceError{Field: f.Key, Reason: TooLong, Limit: f.MaxGraphemes}
	case !utf8.ValidString(line):
		return &ChoiceError{Field: f.Key, Reason: NotText}
	}
	if err := text.Visible(line); err != nil {
		return &ChoiceError{Field: f.Key, Reason: Invisible, Names: text.InvisibleNames(err)}
	}
	if strings.TrimSpace(line) == "" {
		return f.checkBlank(line)
	}
	return f.checkLength(line)
}

// checkBlank judges a line without anything to draw. A blank first line is tag.ErrBlank, as it
// would be for the mesher.
func (f Field) checkBlank(line string) error {
	switch {
	case f.Key == TextField:
		return tag.ErrBlank
	case line != "":
		return &ChoiceError{Field: f.Key, Reason: Blank}
	case f.Required:
		return &ChoiceError{Field: f.Key, Reason: Required}
	}
	return nil
}

func (f Field) checkLength(line string) error {
	if foreign := f.foreign(line); foreign != nil {
		return &ChoiceError{Field: f.Key, Reason: Characters, Names: foreign}
	}
	switch graphemes := text.Graphemes(line); {
	case graphemes < f.MinGraphemes:
		return &ChoiceError{Field: f.Key, Reason: TooShort, Limit: f.MinGraphemes}
	case graphemes > f.MaxGraphemes:
		return &ChoiceError{Field: f.Key, Reason: TooLong, Limit: f.MaxGraphemes}
	}
	return nil
}

// foreign returns the characters of a line that the field does not take, each once.
func (f Field) foreign(line string) []string {
	if f.Characters == "" && len(f.Scripts) == 0 {
		return nil
	}
	var foreign []string
	for _, r := range line {
		if char := string(r); !f.takes(r) && !slices.Contains(foreign, char) {
			foreign = append(foreign, char)
		}
	}
	return foreign
}

func (f Field) takes(r rune) bool {
	if strings.ContainsRune(f.Characters, r) || len(f.Scripts) > 0 && unicode.IsSpace(r) {
		return true
	}
	return slices.ContainsFunc(f.Scripts, func(s Script) bool { return unicode.In(r, scriptTables[s]...) })
}

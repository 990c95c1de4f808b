package catalog

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tsukuriba/catalog/tag"
)

func TestDecide_names_the_field_it_refuses(t *testing.T) {
	t.Parallel()
	colors := []Color{{Key: "kinari"}, {Key: "matsuba"}, {Key: "sora"}, {Key: "shiro"}}
	name, pet := nameTag().Schema, petTag().Schema
	required := *name
	required.Fields = append([]Field{}, name.Fields...)
	required.Fields[1].Required = true
	required.Fields[0].MinGraphemes = 2
	latin := nameTag().Schema
	latin.Fields[0].Scripts = []Script{LatinScript, Digits}
	tests := map[string]struct {
		schema *Schema
		choice DesignChoice
		want   ChoiceError
	}{
		"25 of 24 characters":   {name, DesignChoice{Text: strings.Repeat("あ", 25)}, ChoiceError{TextField, TooLong, 24, nil}},
		"200 characters":        {name, DesignChoice{Text: strings.Repeat("あ", 200)}, ChoiceError{TextField, TooLong, 24, nil}},
		"a megabyte":            {name, DesignChoice{Text: strings.Repeat("a", 1<<20)}, ChoiceError{TextField, TooLong, 24, nil}},
		"marks without end":     {name, DesignChoice{Text: "a" + strings.Repeat("\u0301", 600)}, ChoiceError{TextField, TooLong, 24, nil}},
		"too few":               {&required, DesignChoice{Text: "あ", SecondLine: "い"}, ChoiceError{TextField, TooShort, 2, nil}},
		"no second line":        {&required, DesignChoice{Text: "ああ"}, ChoiceError{SecondLineField, Required, 0, nil}},
		"second line of spaces": {name, DesignChoice{Text: "あ", SecondLine: " 　"}, ChoiceError{SecondLineField, Blank, 0, nil}},
		"NUL":                   {name, DesignChoice{Text: "a\x00"}, ChoiceError{TextField, Invisible, 0, []string{"U+0000 control character"}}},
		"zero width":            {name, DesignChoice{Text: "は\u200bる"}, ChoiceError{TextField, Invisible, 0, []string{"U+200B ZERO WIDTH SPACE"}}},
		"bidi":                  {name, DesignChoice{Text: "a", SecondLine: "\u202ea"}, ChoiceError{SecondLineField, Invisible, 0, []string{"U+202E RIGHT-TO-LEFT OVERRIDE"}}},
		"line end":              {name, DesignChoice{Text: "a\nb"}, ChoiceError{TextField, Invisible, 0, []string{"U+000A control character"}}},
		"not UTF-8":             {name, DesignChoice{Text: "a\xff"}, ChoiceError{TextField, NotText, 0, nil}},
		"letters for a number":  {pet, DesignChoice{Text: "あ", SecondLine: "090a1ba"}, ChoiceError{SecondLineField, Characters, 0, []string{"a", "b"}}},
		"unknown font":          {name, DesignChoice{Text: "あ", Font: "comic"}, ChoiceError{FontField, NotOffered, 0, nil}},
		"unknown size":          {name, DesignChoice{Text: "あ", Size: "huge"}, ChoiceError{SizeField, NotOffered, 0, nil}},
		"unknown color":         {name, DesignChoice{Text: "あ", BaseColor: "gold"}, ChoiceError{BaseColorField, NotOffered, 0, nil}},
		"a flag with an inch":   {name, DesignChoice{Text: "あ", Hole: "1 inch"}, ChoiceError{HoleField, NotOffered, 0, nil}},
		"screws nobody offers":  {pet, DesignChoice{Text: "あ", Mount: "screws"}, ChoiceError{MountField, NotAsked, 0, nil}},
		"another alphabet":      {latin, DesignChoice{Text: "Aé1 はж"}, ChoiceError{TextField, Characters, 0, []string{"は", "ж"}}},
	}
	for fact, test := range tests {
		_, err := test.schema.decide(test.choice, 1100, colors)
		var got *ChoiceError
		if !errors.As(err, &got) {
			t.Errorf("%s: %v, want %v", fact, err, &test.want)
			continue
		}
		if diff := cmp.Diff(test.want, *got); diff != "" {
			t.Errorf("%s:\n%s", fact, diff)
		}
		if !strings.Contains(got.Error(), test.want.Field) || !strings.Contains(got.Error(), string(test.want.Reason)) {
			t.Errorf("%s: the error %q does not say what is wrong", fact, got)
		}
	}
}

func TestDecide_offers_only_the_colors_of_the_field(t *testing.T) {
	t.Parallel()
	schema := nameTag().Schema
	for i, field := range schema.Fields {
		if field.Key == BaseColorField {
			schema.Fields[i].Options = []Option{{Key: "kinari"}, {Key: "ai", Yen: 100}}
		}
	}
	colors := []Color{{Key: "kinari"}, {Key: "matsuba"}, {Key: "ai"}}
	if d, err := schema.decide(DesignChoice{Text: "あ", BaseColor: "ai"}, 1100, colors); err != nil || d.price != 1200 {
		t.Errorf("a listed color costs %v, %v", d.price, err)
	}
	var refused *ChoiceError
	if _, err := schema.decide(DesignChoice{Text: "あ", BaseColor: "matsuba"}, 1100, colors); !errors.As(err, &refused) {
		t.Errorf("a color that is not listed: %v", err)
	}
}

func TestSchema_check(t *testing.T) {
	t.Parallel()
	set := func(key string, change func(*Field)) func(*Schema) {
		return func(s *Schema) {
			for i := range s.Fields {
				if s.Fields[i].Key == key {
					change(&s.Fields[i])
				}
			}
		}
	}
	for fact, spoil := range map[string]func(*Schema){
		"no text":               func(s *Schema) { s.Fields = s.Fields[1:] },
		"a field twice":         func(s *Schema) { s.Fields = append(s.Fields, s.Fields[0]) },
		"an unknown field":      func(s *Schema) { s.Fields = append(s.Fields, Field{Key: "smell", Type: ChoiceType}) },
		"another type":          set(SizeField, func(f *Field) { f.Type = TextType }),
		"no type":               set(SizeField, func(f *Field) { f.Type = "" }),
		"longest nothing":       set(TextField, func(f *Field) { f.MaxGraphemes = 0 }),
		"shortest above":        set(TextField, func(f *Field) { f.MinGraphemes = 25 }),
		"longer than a tag":     set(TextField, func(f *Field) { f.MaxGraphemes = tag.MaxGraphemes + 1 }),
		"negative length":       set(TextField, func(f *Field) { f.MinGraphemes = -1 }),
		"options to a line":     set(TextField, func(f *Field) { f.Options = []Option{{Key: "a"}} }),
		"invisible default":     set(TextField, func(f *Field) { f.Default = "a\u200b" }),
		"spaced default":        set(SecondLineField, func(f *Field) { f.Default = " " }),
		"default not offered":   set(SizeField, func(f *Field) { f.Default = "huge" }),
		"no options":            set(FontField, func(f *Field) { f.Options = nil }),
		"a flag of three":       set(HoleField, func(f *Field) { f.Options = append(f.Options, Option{Key: "maybe"}) }),
		"a flag without no":     set(HoleField, func(f *Field) { f.Options[1].Key = "nope" }),
		"an unknown script":     set(TextField, func(f *Field) { f.Scripts = []Script{"runes"} }),
		"a nameless option":     set(SizeField, func(f *Field) { f.Options[0].Label = " " }),
		"an option twice":       set(SizeField, func(f *Field) { f.Options[1].Key = "small" }),
		"an unknown icon":       set(IconField, func(f *Field) { f.Options[1].Key = "cloud" }),
		"a gift of money":       set(SizeField, func(f *Field) { f.Options[0].Yen = -1 }),
		"a size too small":      set(SizeField, func(f *Field) { f.Options[0].Micron = 100 }),
		"too deep an engraving": set(ReliefField, func(f *Field) { f.Options[1].Micron = 1900 }),
		"a size by length":      set(SizeField, func(f *Field) { f.Price = &PriceRule{Free: 1} }),
	} {
		schema := nameTag().Schema
		spoil(schema)
		if err := schema.check(); !errors.Is(err, ErrInvalidSchema) {
			t.Errorf("%s: %v, want %v", fact, err, ErrInvalidSchema)
		}
	}
}

func TestSaveProduct_refuses_what_cannot_be_sold(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	broken := nameTag()
	broken.Schema.Fields = broken.Schema.Fields[1:]
	without, extra, blank := nameTag(), halloweenTag(), halloweenTag()
	without.Schema, extra.Schema = nil, nameTag().Schema
	blank.Sample.Spec.Text = " "
	unmade, made := nameTag(), halloweenTag()
	unmade.Routing, made.Routing = "", "name-tag"
	for fact, test := range map[string]struct {
		product Product
		want    error
	}{
		"a broken schema": {broken, ErrInvalidSchema}, "no schema": {without, ErrInvalidSchema},
		"a schema for stock": {extra, ErrInvalidSchema}, "a blank sample": {blank, tag.ErrBlank},
		"made to order without steps": {unmade, ErrRouting}, "from the shelf with steps": {made, ErrRouting},
	} {
		if _, err := s.SaveProduct(t.Context(), author, test.product); !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", fact, err, test.want)
		}
	}
}

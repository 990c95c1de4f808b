package problem

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"tsukuriba/catalog"
	"tsukuriba/catalog/tag"
	"tsukuriba/orders"
)

// say picks the sentence of a language and fills it in. One without easy words is said in ordinary Japanese.
func say(language Language, japanese, easy, english string, values ...any) string {
	said := japanese
	switch language {
	case English:
		said = english
	case EasyJapanese:
		said = cmp.Or(easy, japanese)
	}
	if len(values) == 0 {
		return said
	}
	return fmt.Sprintf(said, values...)
}

func explainFields(e *InvalidFieldsError, _ Language, p *Problem) { p.Errors = e.Fields }

// formPointers are the fields that the API calls otherwise than the form does.
var formPointers = map[string]string{"shipping": "shipping_method", "amount": "part_yen", "line": "line_id"}

func explainForm(e *orders.FormError, _ Language, p *Problem) {
	for _, field := range slices.Sorted(maps.Keys(e.Fields)) {
		pointer := field
		if name, renamed := formPointers[field]; renamed {
			pointer = name
		}
		p.Errors = append(p.Errors, Field{Pointer: "/" + pointer, Code: e.Fields[field]})
	}
}

// explainChoice gives what is wrong with a text the code that the mesher's own refusal has.
func explainChoice(e *catalog.ChoiceError, language Language, p *Problem) {
	pointer := "/" + e.Field
	switch {
	case e.Reason == catalog.Blank, e.Field == catalog.TextField && e.Reason == catalog.Required:
		p.Code = "blank_text"
	case e.Reason == catalog.TooLong:
		p.Code = "too_long"
	case e.Reason == catalog.Invisible:
		p.Code = "invisible_characters"
	case e.Reason == catalog.Characters:
		p.Code = "characters_not_taken"
	case e.Reason == catalog.Denied:
		p.Code = "text_denied"
	case e.Reason == catalog.BelongsToOthers:
		p.Code = "text_of_others"
	case e.Field == catalog.FontField && e.Reason == catalog.NotOffered:
		p.Code = "unknown_font"
	}
	if e.Limit > 0 {
		p.Detail = say(language, "%d文字まで入れられます。", "%d｜文字《もじ》まで ｜書《か》けます。", "Up to %d characters fit.", e.Limit)
		if e.Reason == catalog.TooShort {
			p.Detail = say(language, "%d文字以上入れてください。", "%d｜文字《もじ》より ｜多《おお》く ｜書《か》いて ください。", "At least %d characters are needed.", e.Limit)
		}
	}
	for _, name := range e.Names {
		p.Errors = append(p.Errors, Field{Pointer: pointer, Code: string(e.Reason), Message: name})
	}
	if len(e.Names) > 0 {
		p.Detail = say(language, "次の文字を取り除いてください: %s", "この ｜文字《もじ》を けして ください: %s", "Please remove: %s", strings.Join(e.Names, ", "))
		return
	}
	p.Errors = []Field{{Pointer: pointer, Code: string(e.Reason)}}
}

// linePointer is the field of a line of text.
func linePointer(line int) string {
	if line == 0 {
		return "/" + catalog.TextField
	}
	return "/" + catalog.SecondLineField
}

func explainMissingGlyphs(e *tag.MissingGlyphsError, language Language, p *Problem) {
	for _, grapheme := range e.Graphemes {
		p.Errors = append(p.Errors, Field{Pointer: linePointer(e.Line), Code: "missing_glyph", Message: grapheme})
	}
	p.Detail = say(language, "この書体にない文字: %s", "｜作《つく》れない ｜文字《もじ》: %s", "Not in this font: %s", strings.Join(e.Graphemes, " "))
	if len(e.Elsewhere) > 0 {
		fonts := make([]string, len(e.Elsewhere))
		for i, font := range e.Elsewhere {
			fonts[i] = fontName(font, language)
		}
		p.Detail += say(language, "。次の書体なら作れます: %s", "。これを えらぶと ｜作《つく》れます: %s", ". These fonts have them: %s", strings.Join(fonts, ", "))
	}
}

func explainTooLarge(e *tag.TooLargeError, language Language, p *Problem) {
	p.Detail = say(language, "%.0f × %.0f mm になります。%.0f mm までにしてください。",
		"%.0f × %.0f mm に なります。%.0f mm までに して ください。",
		"It would be %.0f × %.0f mm; at most %.0f mm can be made.", e.Width.MM(), e.Height.MM(), e.Max.MM())
}

func explainTooThin(e *tag.TooThinError, language Language, p *Problem) {
	p.Detail = say(language, "「%s」の線が %.2f mm になります。文字の大きさを %.1f mm 以上にしてください。",
		"「%s」の ｜線《せん》が %.2f mm に なります。｜文字《もじ》の ｜大《おお》きさを %.1f mm より ｜大《おお》きく して ください。",
		"The strokes of %q would be %.2f mm; choose letters of %.1f mm or more.", e.Grapheme, e.Stroke.MM(), e.Em.MM())
	p.Errors = []Field{{Pointer: "/size", Code: "too_thin", Message: e.Grapheme}}
}

func explainTooLong(e *tag.TooLongError, language Language, p *Problem) {
	p.Detail = say(language, "%d文字あります。%d文字まで入れられます。", "%d｜文字《もじ》 あります。%d｜文字《もじ》まで ｜書《か》けます。", "There are %d characters; up to %d fit.", e.Graphemes, e.Max)
	p.Errors = []Field{{Pointer: linePointer(e.Line), Code: "too_long"}}
}

func explainRange(e *tag.RangeError, language Language, p *Problem) {
	p.Detail = say(language, "%s は %.1f〜%.1f mm にしてください。", "%s は %.1fから %.1f mm までに して ください。", "%s must be from %.1f to %.1f mm.", lengthName(e.Field, language), e.Min.MM(), e.Max.MM())
	p.Errors = []Field{{Pointer: "/" + e.Field, Code: "out_of_range"}}
}

func lengthName(field string, language Language) string {
	if language != Japanese {
		return field // no shopper chooses one
	}
	return cmp.Or(lengthNames[field], field)
}

func explainOutOfStock(e *catalog.OutOfStockError, language Language, p *Problem) {
	p.Detail = say(language, "残りは %d 個です。", "あと %d こ です。", "%d left.", e.Left)
}

// explainSchema says which field and which of its options is wrong.
func explainSchema(e *catalog.SchemaError, language Language, p *Problem) {
	reason := schemaFaults[e.Fault].ja
	if language == English {
		reason = schemaFaults[e.Fault].en
	}
	pointer := "/schema"
	if e.Field == "" {
		p.Detail = reason
	} else {
		pointer += "/fields/" + e.Field
		p.Detail = say(language, "「%s」の項目: %s", "", "Field %q: %s", e.Field, reason)
	}
	if e.Option != "" {
		pointer += "/options/" + e.Option
		p.Detail = say(language, "「%s」の項目の選択肢「%s」: %s", "", "Field %q, option %q: %s", e.Field, e.Option, reason)
	}
	if e.Cause != nil {
		p.Detail += " " + schemaCause(e.Cause, language)
	}
	p.Errors = []Field{{Pointer: pointer, Code: string(e.Fault), Message: p.Detail}}
}

// schemaCause says why a template cannot be made, or where JSON cannot be read.
func schemaCause(cause error, language Language) string {
	if outside, ok := errors.AsType[*tag.RangeError](cause); ok {
		return say(language, "%s が %.1f mm です（%.1f〜%.1f mm）。", "", "%s is %.1f mm (%.1f to %.1f mm).",
			lengthName(outside.Field, language), outside.Value.MM(), outside.Min.MM(), outside.Max.MM())
	}
	return "(" + cause.Error() + ")"
}

func explainIntake(e *orders.IntakeError, language Language, p *Problem) {
	switch {
	case e.Closed == "":
		p.Detail = say(language, "今週お作りできるのは、あと%d個です。", "｜今週《こんしゅう》 ｜作《つく》れるのは、あと %d こ です。", "We can make %d more pieces this week.", e.Left)
	case e.Reopens != nil:
		p.Detail = say(language, "次の受付は%sからです。", "つぎに ｜注文《ちゅうもん》できるのは %sからです。", "We take orders again from %s.", e.Reopens.Format("2006-01-02"))
	}
}

// told is a sentence in both languages.
type told struct{ ja, en string }

func (t told) in(language Language) string {
	if language == English {
		return t.en
	}
	return t.ja
}

// pageFaults say what is wrong with a text about the shop; ‹› is what it is about.
var pageFaults = map[orders.PageFaultCode]told{
	orders.PageRequired:     {"書いてください。", "This is required."},
	orders.PageTooLong:      {"長すぎます。", "This is too long."},
	orders.PageInvalid:      {"使えない文字が入っています。", "This has characters that cannot be shown."},
	orders.PageUnknownField: {"{{‹›}} という差し込みはありません。", "There is no field {{‹›}}."},
	orders.PageMissing:      {"法律で決まっている「‹›」がありません。", "‹› is missing, which the law demands."},
	orders.PageTypedTwice:   {"お店の情報は、直接書かずに ‹› と書いてください。変わったときに、いっしょに変わります。", "Please write ‹› instead, which changes with the shop's particulars."},
	"bad_link":              {"「‹›」にはリンクできません。/ か https:// で始まるアドレスにしてください。", "A page cannot lead to “‹›”. Addresses begin with / or https://."},
	"bad_heading":           {"「‹›」は見出しになりません。## か ### と空白のあとに、ことばを書いてください。", "“‹›” is no heading. Write ## or ###, a space, and words."},
	"bad_row":               {"「‹›」は表の行になりません。| 項目 | 内容 | と書いてください。", "“‹›” is no row. Write | name | text |."},
}

var pageLanguages = map[orders.Language]told{
	orders.Japanese: {"日本語", "Japanese"}, orders.Easy: {"やさしい日本語", "Easy Japanese"}, orders.English: {"英語", "English"},
}

func explainPage(e *orders.PageError, language Language, p *Problem) {
	for _, fault := range e.Faults {
		p.Errors = append(p.Errors, Field{
			Pointer: "/texts/" + string(fault.Language) + "/" + fault.Part, Code: string(fault.Code), Message: PageFaultSentence(fault, language),
		})
	}
	p.Detail = pageLanguages[e.Faults[0].Language].in(language) + ": " + p.Errors[0].Message
}

// PageFaultSentence says what is wrong with a text, and in which line.
func PageFaultSentence(fault orders.PageFault, language Language) string {
	sentence := strings.ReplaceAll(pageFaults[fault.Code].in(language), "‹›", fault.About)
	if fault.Line > 0 {
		return say(language, "%d行目: %s", "", "Line %d: %s", fault.Line, sentence)
	}
	return sentence
}

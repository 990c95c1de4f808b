package prose

import (
	"slices"
	"strings"
)

// Value is what stands for a field: within a line Spans, and Blocks where the field is a paragraph of its own.
type Value struct {
	Spans  []Span
	Blocks []Block
}

// Words is a text as a value; it may carry readings, and its lines stay lines. Links and fields in it are plain words.
func Words(text string) Value {
	var value Value
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			value.Spans = append(value.Spans, Span{Break: true})
		}
		value.Spans = append(value.Spans, readings(line)...)
	}
	return value
}

// Plain is a text as a value, character for character.
func Plain(text string) Value { return Value{Spans: []Span{{Text: text}}} }

// readings are the words of a line with the readings written to them.
func readings(line string) (spans []Span) {
	rest := 0
	for _, at := range marks.FindAllStringSubmatchIndex(line, -1) {
		if at[6] < 0 {
			continue
		}
		spans = append(addText(spans, line[rest:at[0]]), Span{Text: line[at[6]:at[7]], Reading: line[at[8]:at[9]]})
		rest = at[1]
	}
	return addText(spans, line[rest:])
}

// WithoutReadings is a text as it is read where no readings can be shown.
func WithoutReadings(text string) string {
	var plain strings.Builder
	for _, span := range readings(text) {
		plain.WriteString(span.Text)
	}
	return plain.String()
}

// Fill puts values in the places of fields. A field without one stays as it was written.
func (d Document) Fill(values map[string]Value) Document {
	var filled Document
	for _, block := range d {
		if len(block.Spans) == 1 && block.Kind == Paragraph && len(values[block.Spans[0].Field].Blocks) > 0 {
			filled = append(filled, values[block.Spans[0].Field].Blocks...)
			continue
		}
		filled = append(filled, block.mapped(func(spans []Span) []Span { return fillSpans(spans, values) }))
	}
	return filled
}

// mapped is the block with each of its lines changed.
func (b Block) mapped(change func([]Span) []Span) Block {
	changed := Block{Kind: b.Kind, Spans: change(b.Spans)}
	for _, item := range b.Items {
		changed.Items = append(changed.Items, change(item))
	}
	for _, row := range b.Rows {
		cells := make([][]Span, len(row))
		for i, cell := range row {
			cells[i] = change(cell)
		}
		changed.Rows = append(changed.Rows, cells)
	}
	return changed
}

func fillSpans(spans []Span, values map[string]Value) (filled []Span) {
	for _, span := range spans {
		value, known := values[span.Field]
		switch {
		case span.Field != "" && known:
			filled = append(filled, value.Spans...)
		case span.Field != "":
			filled = append(filled, Span{Text: "{{" + span.Field + "}}"})
		case span.URL != "":
			filled = append(filled, Span{URL: span.URL, Inside: unlinked(fillSpans(span.Inside, values))})
		default:
			filled = append(filled, span)
		}
	}
	return filled
}

// unlinked are the words of spans: no link stands in another.
func unlinked(spans []Span) (words []Span) {
	for _, span := range spans {
		if span.URL != "" {
			words = append(words, span.Inside...)
			continue
		}
		words = append(words, span)
	}
	return words
}

// Fields are the names of the fields in a document, each once, in the order of the alphabet.
func (d Document) Fields() []string {
	var names []string
	var collect func([]Span) []Span
	collect = func(spans []Span) []Span {
		for _, span := range spans {
			if span.Field != "" {
				names = append(names, span.Field)
			}
			collect(span.Inside)
		}
		return spans
	}
	for _, block := range d {
		block.mapped(collect)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Text is the document without marks and readings, a block after an empty line.
func (d Document) Text() string {
	var blocks []string
	for _, block := range d {
		lines := []string{SpansText(block.Spans)}
		for _, item := range block.Items {
			lines = append(lines, "・"+SpansText(item))
		}
		for _, row := range block.Rows {
			var cells []string
			for _, cell := range row {
				cells = append(cells, SpansText(cell))
			}
			lines = append(lines, strings.Join(cells, ": "))
		}
		blocks = append(blocks, strings.TrimPrefix(strings.Join(lines, "\n"), "\n"))
	}
	return strings.Join(blocks, "\n\n")
}

// SpansText is what is read in a line.
func SpansText(spans []Span) string {
	var text strings.Builder
	for _, span := range spans {
		switch {
		case span.Break:
			text.WriteString("\n")
		case span.Field != "":
			text.WriteString("{{" + span.Field + "}}")
		default:
			text.WriteString(span.Text + SpansText(span.Inside))
		}
	}
	return text.String()
}

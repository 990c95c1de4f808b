package tag

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	ot "github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/harfbuzz"
	"github.com/go-text/typesetting/language"
	"github.com/rivo/uniseg"
)

// setLine is one line of text as glyphs in their places, and the box of its ink.
type setLine struct {
	glyphs []placedGlyph
	ink    box
}

type placedGlyph struct {
	*glyph
	at      point
	cluster int // byte offset of its characters in the text
}

// set shapes a line with its baseline starting at the origin. The shaper joins what belongs together (か and U+3099 become が), but
// every character must be drawn in the form that was typed, or the line is refused with the characters' names.
func (t *typeface) set(p *pen, l line, tracking Micron) (setLine, error) {
	if n := uniseg.GraphemeClusterCount(l.text); n > MaxGraphemes {
		return setLine{}, &TooLongError{Graphemes: n, Max: MaxGraphemes}
	}
	p.shape(l.text)
	out := setLine{glyphs: make([]placedGlyph, 0, len(p.buffer.Info)), ink: emptyBox}
	scale := float64(l.em) / float64(t.font.Upem())
	pen := 0.0
	for i, info := range p.buffer.Info {
		pos := p.buffer.Pos[i]
		if i > 0 && info.Cluster != p.buffer.Info[i-1].Cluster {
			pen += float64(tracking)
		}
		at := point{int32(pen + float64(pos.XOffset)*scale), int32(float64(pos.YOffset) * scale)}
		g := placedGlyph{t.glyph(p, glyphKey{info.Glyph, l.em}), at, info.Cluster}
		pen += float64(float64(pos.XAdvance) * scale)
		if info.Glyph != 0 && !g.bounds.empty() {
			out.glyphs = append(out.glyphs, g)
			out.ink = out.ink.union(g.bounds.moved(g.at))
		}
	}
	if missing := t.missing(l.text, out.glyphs); missing != nil {
		return setLine{}, &MissingGlyphsError{Graphemes: missing, Font: t.id}
	}
	return out, nil
}

// noLigatures keeps every grapheme a glyph of its own, so that one that left no ink is noticed and tracking stays even.
var noLigatures = []harfbuzz.Feature{
	{Tag: ot.MustNewTag("liga"), End: harfbuzz.FeatureGlobalEnd},
	{Tag: ot.MustNewTag("clig"), End: harfbuzz.FeatureGlobalEnd},
}

// shape fills the buffer with the glyphs of a text; clusters are byte offsets.
func (p *pen) shape(text string) {
	p.buffer.Clear()
	p.buffer.Props = harfbuzz.SegmentProperties{
		Direction: harfbuzz.LeftToRight, Script: language.Latin, Language: "ja",
	}
	for offset, r := range text {
		p.buffer.AddRune(r, offset)
		if unicode.In(r, unicode.Hiragana, unicode.Katakana, unicode.Han) {
			p.buffer.Props.Script = language.Hiragana
		}
	}
	p.buffer.Shape(p.shaper, noLigatures)
}

// missing names the graphemes of a text that are not blank and cannot be drawn as typed, or left no ink.
func (t *typeface) missing(text string, drawn []placedGlyph) []string {
	var names []string
	state := -1
	for rest, offset := text, 0; rest != ""; {
		var g string
		g, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		end := offset + len(g)
		inked := slices.ContainsFunc(drawn, func(d placedGlyph) bool { return d.cluster >= offset && d.cluster < end })
		if !t.draws(g) || !inked && !isBlank(g) {
			if name := nameGrapheme(g); !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
		offset = end
	}
	return names
}

// draws reports whether the font has its own glyph for each character of a grapheme. The shaper alone would not do: it falls
// back from 神 (U+FA19) to 神 (U+795E) and from 葛 with a variation selector to plain 葛, and somebody's name would be
// engraved in another form than was approved. U+FE0E and U+FE0F only choose between text and emoji style of one character, which
// are the same in relief.
func (t *typeface) draws(grapheme string) bool {
	var last rune
	for i, r := range grapheme {
		switch {
		case r == '\uFE0E' || r == '\uFE0F':
		case unicode.Is(unicode.Variation_Selector, r):
			if _, ok := t.font.VariationGlyph(last, r); !ok || i == 0 {
				return false
			}
		case !isVisible(r) && r != ' ' && r != '\u3000':
			return false
		case i > 0 && unicode.Is(unicode.Mn, r): // the shaper may compose it; its ink is checked by cluster
		default:
			if _, ok := t.font.NominalGlyph(r); !ok {
				return false
			}
		}
		last = r
	}
	return true
}

// isVisible is false for controls, format and bidi characters, private use, line ends, odd spaces, fillers and broken UTF-8.
func isVisible(r rune) bool {
	return r != utf8.RuneError && unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.Is(unicode.Zs, r) &&
		!unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r) && !unicode.Is(unicode.Variation_Selector, r)
}

// isBlank reports whether a text is empty or has only spaces of any kind.
func isBlank(text string) bool { return strings.TrimSpace(text) == "" }

// nameGrapheme returns a grapheme as it is where all of it can be seen, and the numbers of its code points where not.
func nameGrapheme(grapheme string) string {
	visible, numbers := true, ""
	for i, r := range grapheme {
		visible = visible && isVisible(r) && !(i == 0 && unicode.Is(unicode.M, r))
		if i > 0 {
			numbers += "+"
		}
		if r == utf8.RuneError {
			return "U+FFFD"
		}
		numbers += fmt.Sprintf("U+%04X", r)
	}
	if visible {
		return grapheme
	}
	if first, size := utf8.DecodeRuneInString(grapheme); size < len(grapheme) && isVisible(first) {
		return string(first) + " (" + numbers + ")"
	}
	return numbers
}

// graphemeAt returns the grapheme that begins at a byte offset.
func graphemeAt(text string, offset int) string {
	g, _, _, _ := uniseg.FirstGraphemeClusterInString(text[offset:], -1)
	return g
}

// drawsAll reports whether the font has its own glyph for each character of a text.
func (t *typeface) drawsAll(text string) bool {
	state := -1
	for text != "" {
		var g string
		if g, text, _, state = uniseg.FirstGraphemeClusterInString(text, state); !t.draws(g) {
			return false
		}
	}
	return true
}

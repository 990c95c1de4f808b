package pdf

import (
	"strings"

	"github.com/rivo/uniseg"
	"github.com/signintech/gopdf"
)

// pen draws on a PDF in millimeters from the upper left corner. After an error it draws nothing
// more, and err keeps the first one.
type pen struct {
	*gopdf.GoPdf
	err error
}

// style is how a text looks.
type style struct {
	font    string
	size    float64 // points
	color   color
	spacing float64 // between letters, millimeters
}

type color struct{ r, g, b uint8 }

// The inks of the house: black, grey for what is secondary, indigo for rules, natural white.
var (
	ink    = color{0x2b, 0x2a, 0x28}
	grey   = color{0x6e, 0x6a, 0x64}
	indigo = color{0x27, 0x4a, 0x78}
	kinari = color{0xf7, 0xf3, 0xea}
	line   = color{0xd8, 0xd2, 0xc6}
)

// mm is a millimeter in points of type.
const mm = 72 / 25.4

// leading is the distance of two lines of a style in millimeters.
func (s style) leading() float64 { return s.size * 1.55 / mm }

// ascent is how far its letters reach above their line.
func (s style) ascent() float64 { return s.size * 0.88 / mm }

// newPen begins a file whose pages have a size in millimeters.
func newPen(width, height float64) (*pen, error) {
	fonts, err := shelf()
	if err != nil {
		return nil, err
	}
	p := &pen{GoPdf: &gopdf.GoPdf{}}
	p.Start(gopdf.Config{Unit: gopdf.UnitMM, PageSize: gopdf.Rect{W: width, H: height}})
	p.SetCompressLevel(6)
	for _, font := range []string{regular, bold} {
		if err := p.AddTTFFontFromFontContainer(font, fonts); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func (p *pen) keep(err error) {
	if p.err == nil {
		p.err = err
	}
}

func (p *pen) take(s style) {
	p.keep(p.SetFont(s.font, "", s.size))
	p.keep(p.SetCharSpacing(s.spacing))
	p.SetTextColor(s.color.r, s.color.g, s.color.b)
}

// measure is the width of a drawable text.
func (p *pen) measure(s style, text string) float64 {
	p.take(s)
	width, err := p.MeasureTextWidth(text)
	p.keep(err)
	return width
}

// write sets a drawable text with its line at y.
func (p *pen) write(x, y float64, s style, text string) {
	if p.err != nil || text == "" {
		return
	}
	p.take(s)
	p.SetXY(x, y)
	p.keep(p.Text(text))
}

// writeRight ends a text at x.
func (p *pen) writeRight(x, y float64, s style, text string) {
	p.write(x-p.measure(s, text), y, s, text)
}

// paragraph sets lines below each other, the first one's at y, and returns where the next would be.
func (p *pen) paragraph(x, y float64, s style, lines []string) float64 {
	for _, text := range lines {
		p.write(x, y, s, text)
		y += s.leading()
	}
	return y
}

// wrap breaks a text into lines no wider than width where the rules of its script allow (UAX #14,
// which knows what no Japanese line may begin or end with), and anywhere where they would leave
// a line too wide.
func (p *pen) wrap(s style, text string, width float64) []string {
	var lines []string
	current, filled := "", 0.0
	for rest, state := drawable(text), -1; rest != ""; {
		var segment string
		segment, rest, _, state = uniseg.FirstLineSegmentInString(rest, state)
		if filled+p.measure(s, strings.TrimRight(segment, " ")) <= width {
			current, filled = current+segment, filled+p.measure(s, segment)
			continue
		}
		if current != "" {
			lines = append(lines, strings.TrimRight(current, " "))
		}
		cut := p.cut(s, segment, width)
		lines, current = append(lines, cut[:len(cut)-1]...), cut[len(cut)-1]
		filled = p.measure(s, current)
	}
	return append(lines, strings.TrimRight(current, " "))
}

// cut breaks between characters.
func (p *pen) cut(s style, text string, width float64) []string {
	if p.measure(s, strings.TrimRight(text, " ")) <= width {
		return []string{text}
	}
	var lines []string
	current, filled := "", 0.0
	for rest, state := text, -1; rest != ""; {
		var character string
		character, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		wide := p.measure(s, character)
		if current != "" && filled+wide > width {
			lines, current, filled = append(lines, current), "", 0
		}
		current, filled = current+character, filled+wide
	}
	return append(lines, current)
}

// rule draws a straight line; weight is in millimeters.
func (p *pen) rule(x1, y1, x2, y2, weight float64, c color) {
	p.SetStrokeColor(c.r, c.g, c.b)
	p.SetLineWidth(weight)
	p.Line(x1, y1, x2, y2)
}

// fill paints a rectangle.
func (p *pen) fill(x, y, width, height float64, c color) {
	p.SetFillColor(c.r, c.g, c.b)
	p.RectFromUpperLeftWithStyle(x, y, width, height, "F")
}

// frame draws the outline of a rectangle.
func (p *pen) frame(x, y, width, height, weight float64, c color) {
	p.SetStrokeColor(c.r, c.g, c.b)
	p.SetLineWidth(weight)
	p.RectFromUpperLeftWithStyle(x, y, width, height, "D")
}

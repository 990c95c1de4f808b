package tag

import "math"

// layer tells what an edge of the drawing bounds. A place belongs to a layer where its winding number is not zero.
type layer uint8

const (
	plateLayer layer = iota // the plate without its hole
	textLayer               // the ink of the text
	rimLayer                // the raised border
	layerCount
)

// edge is a directed line of the drawing; what it bounds lies on its left.
type edge struct {
	a, b  point
	layer layer
}

// drawing is the plan of a tag: all edges, and the plate's size. They may cross, touch and overlap in any way.
type drawing struct {
	edges         []edge
	width, height Micron
	glyphs        int
}

// wall is the least plastic around the hole.
const wall Micron = 1500

// draw sets the text and lays it on a plate just large enough: hole and text side by side, both in the middle of the height.
// A line takes the height of its em whatever its letters, so that tags of one size are equally high.
func (t *typeface) draw(p *pen, s Spec, into *drawing) error {
	var lines []setLine
	var width, height Micron
	for i, l := range s.lines() {
		set, err := t.set(p, l, s.Tracking)
		if err != nil {
			return err
		}
		if err := thinnest(set, l); err != nil {
			return err
		}
		if i > 0 {
			height += lineGap(l.em)
		}
		lines = append(lines, set)
		width = max(width, Micron(set.ink.max.x-set.ink.min.x))
		height += lineHeight(set, l.em)
	}
	edge := s.Border + s.Margin
	left := edge
	if s.Hole > 0 {
		left = s.Border + wall + s.Hole + s.Margin
		height = max(height, s.Hole+2*wall-2*s.Margin)
	}
	into.width, into.height = left+width+edge, height+2*edge
	if into.width > MaxSide || into.height > MaxSide {
		return &TooLargeError{Width: into.width, Height: into.height, Max: MaxSide}
	}
	into.plate(s)
	into.text(lines, s.lines(), box{
		point{int32(left), int32(edge)}, point{int32(left + width), int32(edge + height)},
	})
	return nil
}

// lineHeight is the em, or more for ink that is higher.
func lineHeight(set setLine, em Micron) Micron { return max(em, Micron(set.ink.max.y-set.ink.min.y)) }

func lineGap(em Micron) Micron { return em / 4 }

// thinnest refuses a line with a character that is too thin to print.
func thinnest(set setLine, l line) error {
	worst := set.glyphs[0]
	for _, g := range set.glyphs {
		if g.stroke < worst.stroke {
			worst = g
		}
	}
	if worst.stroke >= MinStroke {
		return nil
	}
	const step = Millimeter / 2
	em := Micron(math.Ceil(float64(l.em)*float64(MinStroke+1)/float64(max(worst.stroke, 1))/float64(step))) * step
	return &TooThinError{
		Grapheme: nameGrapheme(graphemeAt(l.text, worst.cluster)), Stroke: worst.stroke, Min: MinStroke, Em: em,
	}
}

// text places each line in the middle of the given box, first line on top.
func (d *drawing) text(lines []setLine, sizes []line, in box) {
	top := in.max.y
	for i, l := range lines {
		if i > 0 {
			top -= int32(lineGap(sizes[i].em))
		}
		high := int32(lineHeight(l, sizes[i].em))
		move := point{
			(in.min.x + in.max.x - l.ink.min.x - l.ink.max.x) / 2,
			(2*top - high - l.ink.min.y - l.ink.max.y) / 2,
		}
		for _, g := range l.glyphs {
			for _, contour := range g.contours {
				d.polygon(contour, point{move.x + g.at.x, move.y + g.at.y}, textLayer)
			}
			d.glyphs++
		}
		top -= high
	}
}

// plate adds the plate with its hole and rim.
func (d *drawing) plate(s Spec) {
	outer := box{max: point{int32(d.width), int32(d.height)}}
	radius := min(s.Radius, d.width/2, d.height/2)
	rim := roundedBox(outer, radius)
	d.polygon(rim, point{}, plateLayer)
	if s.Hole > 0 {
		center := point{int32(s.Border + wall + s.Hole/2), int32(d.height / 2)}
		d.reversed(circle(center, float64(s.Hole)/2), plateLayer)
	}
	if s.Border > 0 {
		b := int32(s.Border)
		inner := box{point{b, b}, point{outer.max.x - b, outer.max.y - b}}
		d.polygon(rim, point{}, rimLayer)
		d.reversed(roundedBox(inner, max(radius-s.Border, 0)), rimLayer)
	}
}

func (d *drawing) polygon(contour []point, move point, l layer) {
	last := contour[len(contour)-1]
	from := point{last.x + move.x, last.y + move.y}
	for _, p := range contour {
		to := point{p.x + move.x, p.y + move.y}
		d.edges = append(d.edges, edge{from, to, l})
		from = to
	}
}

func (d *drawing) reversed(contour []point, l layer) {
	for i, p := range contour {
		d.edges = append(d.edges, edge{contour[(i+1)%len(contour)], p, l})
	}
}

// circle is a regular polygon, counter-clockwise, within the tolerance of the round one.
func circle(center point, radius float64) []point {
	n := 4 * arcSteps(radius)
	contour := make([]point, n)
	for i := range contour {
		contour[i] = onCircle(center, radius, float64(i)/float64(n))
	}
	return contour
}

// roundedBox is a rectangle with quarter circles for corners, counter-clockwise.
func roundedBox(b box, radius Micron) []point {
	r := int32(radius)
	if r == 0 {
		return []point{b.min, {b.max.x, b.min.y}, b.max, {b.min.x, b.max.y}}
	}
	corners := [4]point{
		{b.max.x - r, b.max.y - r}, {b.min.x + r, b.max.y - r}, {b.min.x + r, b.min.y + r}, {b.max.x - r, b.min.y + r},
	}
	n := arcSteps(float64(r))
	var contour []point
	for quarter, center := range corners {
		for i := 0; i <= n; i++ {
			p := onCircle(center, float64(r), (float64(quarter)+float64(i)/float64(n))/4)
			if len(contour) == 0 || contour[len(contour)-1] != p {
				contour = append(contour, p)
			}
		}
	}
	return contour
}

// onCircle returns the point after the given part of a full turn.
func onCircle(center point, radius, turn float64) point {
	sin, cos := math.Sincos(2 * math.Pi * turn)
	return point{center.x + int32(math.Round(radius*cos)), center.y + int32(math.Round(radius*sin))}
}

// arcSteps is the number of chords for a quarter of a circle.
func arcSteps(radius float64) int {
	return max(2, int(math.Ceil(math.Pi/4/math.Acos(1-min(tolerance/radius, 0.5)))))
}

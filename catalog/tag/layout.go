package tag

import "math"

// layer tells what an edge of the drawing bounds. A place belongs to a layer where its winding number is not zero.
type layer uint8

const (
	plateLayer  layer = iota // the plate without its holes; where it is above zero
	textLayer                // the ink of the text
	rimLayer                 // the raised border
	pivotLayer               // the cones that something turns on: how many of their cuts lie here, see spin.go
	socketLayer              // and the hollows that hold them
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

// wall is the least plastic around a hole.
const wall Micron = 1500

// draw sets the text and lays it on a plate just large enough.
func (t *typeface) draw(p *pen, s Spec, w *workshop) error {
	c, err := t.compose(p, s)
	if err != nil {
		return err
	}
	d := &w.drawing
	d.glyphs = c.glyphs()
	var in box
	switch s.Shape {
	case Round:
		in, err = d.roundPlate(s, &c)
	case Bone:
		in, err = d.bonePlate(s, &c)
	case Letters:
		in, err = w.letterPlate(s, &c)
	default:
		in, err = d.plainPlate(s, &c)
	}
	if err != nil {
		return err
	}
	c.each(in, func(contour []point, move point) { d.polygon(contour, move, textLayer) })
	return nil
}

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

// resize gives the plate its size, or refuses it.
func (d *drawing) resize(width, height Micron) error {
	if width > MaxSide || height > MaxSide {
		return &TooLargeError{Width: width, Height: height, Max: MaxSide}
	}
	d.width, d.height = width, height
	return nil
}

// rim adds a raised border between the plate's outline and the outlines within it.
func (d *drawing) rim(outer []point, inner ...[]point) {
	d.polygon(outer, point{}, rimLayer)
	for _, contour := range inner {
		d.reversed(contour, rimLayer)
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

package tag

import "math"

// letterPlate adds a plate whose edge follows the letters in a distance, without holes inside them and in one piece: gaps between
// strokes are filled, as far as it takes. An eye for the ring stands at the left.
func (w *workshop) letterPlate(s Spec, c *content) (box, error) {
	in := box{max: point{int32(c.width()), int32(c.height())}}
	var ink [][]point
	c.each(in, func(contour []point, move point) {
		if area(contour) > 0 {
			ink = append(ink, simplified(moved(contour, move), coarse))
		}
	})
	edge := s.Margin + s.Border
	if least := max(c.width(), c.height()) + 2*edge; least > MaxSide {
		return box{}, &TooLargeError{Width: c.width() + 2*edge, Height: c.height() + 2*edge, Max: MaxSide}
	}
	eye := point{int32(-s.Margin - s.Hole/2), in.max.y / 2}
	if s.Hole > 0 {
		ink = append(ink, circle(eye, float64(max(s.Hole/2+wall-s.Margin, 100))))
	}
	outline, err := w.joined(ink, edge, s.Em/4)
	if err != nil {
		return box{}, err
	}
	low, high := bounds(outline)
	d := &w.drawing
	if err := d.resize(Micron(high.x-low.x), Micron(high.y-low.y)); err != nil {
		return box{}, err
	}
	move := point{-low.x, -low.y}
	outline = moved(outline, move)
	d.polygon(outline, point{}, plateLayer)
	if s.Hole > 0 {
		d.reversed(circle(point{eye.x + move.x, eye.y + move.y}, float64(s.Hole)/2), plateLayer)
	}
	if s.Border > 0 {
		d.rim(outline, w.shrunk(outline, s.Border)...)
	}
	return box{move, point{in.max.x + move.x, in.max.y + move.y}}, nil
}

// coarse is how far a simplified outline may leave the exact one where a distance is kept from it, in µm.
const coarse = 60

// widestBridge keeps the sketch of the largest plate within the coordinates that the arithmetic is exact for.
const widestBridge = 30 * Millimeter

// joined returns the outline of everything within a distance of the ink, with gaps up to twice a bridge filled. The bridge is
// widened until there is one outline, or ErrApart.
func (w *workshop) joined(ink [][]point, distance, bridge Micron) ([]point, error) {
	for ; bridge <= widestBridge; bridge += bridge / 2 {
		grown := w.grown(ink, distance+bridge)
		if len(grown) != 1 {
			continue
		}
		if shrunk := w.shrunk(grown[0], bridge); len(shrunk) == 1 {
			return shrunk[0], nil
		}
	}
	return nil, ErrApart
}

// grown returns the outer edges of everything within a distance of the insides of the contours.
func (w *workshop) grown(contours [][]point, by Micron) [][]point {
	w.sketch.edges = w.sketch.edges[:0]
	for _, c := range contours {
		w.sketch.polygon(c, point{}, plateLayer)
		w.sketch.strips(c, float64(by), plateLayer)
	}
	return w.trace()
}

// shrunk returns the outer edges of what lies in a contour, farther than a distance from its edge.
func (w *workshop) shrunk(contour []point, by Micron) [][]point {
	w.sketch.edges = w.sketch.edges[:0]
	w.sketch.polygon(contour, point{}, plateLayer)
	inside := make([]point, len(contour))
	for i, p := range contour {
		inside[len(contour)-1-i] = p
	}
	w.sketch.strips(inside, float64(by), rimLayer)
	return w.trace()
}

// strips adds what lies right of a contour within a distance: a rectangle along each edge, and a sector about each corner between
// them. Each runs counter-clockwise, so that they unite.
func (d *drawing) strips(contour []point, by float64, l layer) {
	for i, b := range contour {
		a, c := contour[(i+len(contour)-1)%len(contour)], contour[(i+1)%len(contour)]
		ab, bc := rightOf(a, b), rightOf(b, c)
		d.polygon([]point{a, off(a, ab, by), off(b, ab, by), b}, point{}, l)
		if cross(a, b, c) <= 0 {
			continue
		}
		from := math.Atan2(ab.y, ab.x) / (2 * math.Pi)
		to := math.Atan2(bc.y, bc.x) / (2 * math.Pi)
		if to < from {
			to++
		}
		n := max(1, int(math.Ceil((to-from)*4*float64(sectorSteps(by)))))
		sector := []point{b, off(b, ab, by)}
		for k := 1; k < n; k++ {
			sector = append(sector, onCircle(b, by, from+(to-from)*float64(k)/float64(n)))
		}
		d.polygon(append(sector, off(b, bc, by)), point{}, l)
	}
}

// sectorSteps is the number of chords for a quarter of a sector.
func sectorSteps(radius float64) int {
	return max(2, int(math.Ceil(math.Pi/4/math.Acos(1-min(coarse/radius, 0.5)))))
}

// rightOf is the direction to the right of an edge, of length 1.
func rightOf(a, b point) vec2 {
	x, y := float64(b.x-a.x), float64(b.y-a.y)
	length := math.Sqrt(float64(x*x) + float64(y*y))
	return vec2{y / length, -x / length}
}

func off(p point, direction vec2, by float64) point {
	return point{p.x + int32(math.Round(direction.x*by)), p.y + int32(math.Round(direction.y*by))}
}

// trace returns the outer edges of the sketch: of what lies in its plate and not in its rim.
func (w *workshop) trace() [][]point {
	low, high := point{math.MaxInt32, math.MaxInt32}, point{math.MinInt32, math.MinInt32}
	for _, e := range w.sketch.edges {
		low = point{min(low.x, e.a.x), min(low.y, e.a.y)}
		high = point{max(high.x, e.a.x), max(high.y, e.a.y)}
	}
	for i := range w.sketch.edges {
		e := &w.sketch.edges[i]
		e.a, e.b = point{e.a.x - low.x, e.a.y - low.y}, point{e.b.x - low.x, e.b.y - low.y}
	}
	w.sketch.width, w.sketch.height = Micron(high.x-low.x), Micron(high.y-low.y)
	w.arrangement.arrange(&w.sketch)
	w.triangulation.triangulate(&w.arrangement, w.sketch.frame())
	w.field.flood(&w.triangulation, func(in winding) uint32 {
		if in[plateLayer] > 0 && in[rimLayer] == 0 {
			return 1
		}
		return 0
	})
	var outlines [][]point
	for _, loop := range w.field.outlines(&w.triangulation) {
		if loop = simplified(loop, coarse/2); len(loop) > 2 && area(loop) > speck {
			outlines = append(outlines, moved(loop, low))
		}
	}
	return outlines
}

// speck is twice the area of a square of 0.2 mm: what is smaller is no part of an outline.
const speck = 2 * 200 * 200

// simplified leaves out points of a closed contour that lie within a distance of the line between their neighbors. (D. H. Douglas,
// T. K. Peucker, Algorithms for the reduction of the number of points, Cartographica 10, 1973.)
func simplified(contour []point, within float64) []point {
	far := 0 // from the first point, so that the contour falls into two lines
	for i, p := range contour {
		if distance(contour[0], p) > distance(contour[0], contour[far]) {
			far = i
		}
	}
	kept := append([]point{}, contour[0])
	kept = appendLine(kept, contour[:far+1], within)
	return appendLine(kept, append(append([]point{}, contour[far:]...), contour[0]), within)
}

// appendLine appends what remains of a line but for its first point. The last point of a closed contour is its first and stays out.
func appendLine(kept, line []point, within float64) []point {
	if len(line) < 2 {
		return kept
	}
	first, last := line[0], line[len(line)-1]
	worst, at := within, 0
	length := distance(first, last)
	for i, p := range line[1 : len(line)-1] {
		away := distance(first, p)
		if length > 0 {
			away = math.Abs(float64(cross(first, last, p))) / length
		}
		if away > worst {
			worst, at = away, i+1
		}
	}
	if at > 0 {
		return appendLine(appendLine(kept, line[:at+1], within), line[at:], within)
	}
	if last != kept[0] {
		kept = append(kept, last)
	}
	return kept
}

func distance(a, b point) float64 {
	x, y := float64(b.x-a.x), float64(b.y-a.y)
	return math.Sqrt(float64(x*x) + float64(y*y))
}

// area is twice the area of a contour: positive when it runs counter-clockwise.
func area(contour []point) (sum int64) {
	for i := range contour {
		sum += cross(contour[0], contour[i], contour[(i+1)%len(contour)])
	}
	return sum
}

func moved(contour []point, by point) []point {
	out := make([]point, len(contour))
	for i, p := range contour {
		out[i] = point{p.x + by.x, p.y + by.y}
	}
	return out
}

func bounds(contour []point) (low, high point) {
	b := emptyBox
	for _, p := range contour {
		b = b.add(p)
	}
	return b.min, b.max
}

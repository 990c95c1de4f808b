package tag

import (
	"math"
	"slices"

	ot "github.com/go-text/typesetting/font/opentype"
)

// tolerance is the farthest a chord may leave its curve, in µm: a tenth of what a printer shows.
const tolerance = 20.0

// point is a place in the plane, in µm.
type point struct{ x, y int32 }

// cross is twice the area of the triangle abc: positive when c lies left of ab. Coordinates of a tag stay below 2^19, so it is
// exact.
func cross(a, b, c point) int64 {
	return int64(b.x-a.x)*int64(c.y-a.y) - int64(b.y-a.y)*int64(c.x-a.x)
}

// box is a closed rectangle; min > max means empty.
type box struct{ min, max point }

var emptyBox = box{point{math.MaxInt32, math.MaxInt32}, point{math.MinInt32, math.MinInt32}}

func (b box) empty() bool { return b.min.x > b.max.x }

func (b box) add(p point) box {
	return box{
		point{min(b.min.x, p.x), min(b.min.y, p.y)},
		point{max(b.max.x, p.x), max(b.max.y, p.y)},
	}
}

func (b box) union(c box) box {
	if c.empty() {
		return b
	}
	return b.add(c.min).add(c.max)
}

func (b box) moved(by point) box {
	return box{point{b.min.x + by.x, b.min.y + by.y}, point{b.max.x + by.x, b.max.y + by.y}}
}

// glyph is a drawn character: closed polygons around the origin of its baseline, ink to the left of their edges.
type glyph struct {
	contours [][]point
	bounds   box
	stroke   Micron // see strokeWidth
}

// drawGlyph flattens an outline for an em of the given size. Its strokes are measured at one size for all, so that twice the em has
// exactly twice the stroke.
func drawGlyph(segments []ot.Segment, em Micron, unitsPerEm uint16) *glyph {
	const measured = 24 * Millimeter
	g := &glyph{contours: flatten(segments, float64(em)/float64(unitsPerEm)), bounds: emptyBox}
	large := &glyph{contours: flatten(segments, float64(measured)/float64(unitsPerEm))}
	large.orient()
	g.stroke = Micron(int64(strokeWidth(large.contours)) * int64(em) / int64(measured))
	for _, contour := range g.contours {
		for _, p := range contour {
			g.bounds = g.bounds.add(p)
		}
	}
	g.orient()
	return g
}

// orient turns all contours around if the ink lies on their right, as in TrueType.
func (g *glyph) orient() {
	var ink int64
	for _, c := range g.contours {
		ink += area(c)
	}
	if ink < 0 {
		for _, c := range g.contours {
			slices.Reverse(c)
		}
	}
}

// flatten turns an outline into polygons. Scale is µm per font unit.
func flatten(segments []ot.Segment, scale float64) [][]point {
	f := flattener{scale: scale}
	for _, s := range segments {
		f.segment(s)
	}
	f.close()
	return f.contours
}

// flattener turns curves into chords on the µm grid.
type flattener struct {
	scale    float64
	at       vec2 // the pen, in µm
	contour  []point
	contours [][]point
}

type vec2 struct{ x, y float64 }

// lerp is the point at t between a and b. The conversions keep the compiler from fusing multiply and add, which would
// round differently on another processor.
func lerp(a, b vec2, t float64) vec2 {
	return vec2{a.x + float64(t*(b.x-a.x)), a.y + float64(t*(b.y-a.y))}
}

func (f *flattener) segment(s ot.Segment) {
	var p [3]vec2
	for i, arg := range s.Args {
		p[i] = vec2{float64(arg.X) * f.scale, float64(arg.Y) * f.scale}
	}
	switch s.Op {
	case ot.SegmentOpMoveTo:
		f.close()
		f.add(p[0])
	case ot.SegmentOpLineTo:
		f.add(p[0])
	case ot.SegmentOpQuadTo:
		f.quad(f.at, p[0], p[1])
	case ot.SegmentOpCubeTo:
		f.cubic(f.at, p[0], p[1], p[2])
	}
}

func (f *flattener) quad(a, b, c vec2) {
	n := chords(bend(a, b, c) / 4)
	for i := 1; i <= n; i++ {
		t := float64(i) / float64(n)
		f.add(lerp(lerp(a, b, t), lerp(b, c, t), t))
	}
}

func (f *flattener) cubic(a, b, c, d vec2) {
	n := chords(max(bend(a, b, c), bend(b, c, d)) * 3 / 4)
	for i := 1; i <= n; i++ {
		t := float64(i) / float64(n)
		ab, bc, cd := lerp(a, b, t), lerp(b, c, t), lerp(c, d, t)
		f.add(lerp(lerp(ab, bc, t), lerp(bc, cd, t), t))
	}
}

// bend is the second difference of three control points: how far the curve is from straight.
func bend(a, b, c vec2) float64 { return math.Hypot(a.x-2*b.x+c.x, a.y-2*b.y+c.y) }

// chords is the number of equal steps that leave a curve by less than the tolerance, when one step leaves it by sag.
func chords(sag float64) int { return max(1, int(math.Ceil(math.Sqrt(sag/tolerance)))) }

func (f *flattener) add(p vec2) {
	f.at = p
	q := point{int32(math.Floor(p.x + 0.5)), int32(math.Floor(p.y + 0.5))}
	if n := len(f.contour); n == 0 || f.contour[n-1] != q {
		f.contour = append(f.contour, q)
	}
}

func (f *flattener) close() {
	c := f.contour
	if n := len(c); n > 1 && c[0] == c[n-1] {
		c = c[:n-1]
	}
	if len(c) > 2 {
		f.contours = append(f.contours, slices.Clone(c))
	}
	f.contour = f.contour[:0]
}

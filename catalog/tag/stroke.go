package tag

import (
	"cmp"
	"math"
	"slices"
)

// tipShare is the part of an outline that may be thinner than the stroke: pointed ends and inner corners, which print as
// a slightly shorter or rounder stroke, do not make a letter break.
const tipShare = 0.05

// strokeWidth measures how thin the strokes of a glyph are: from the middle of every edge it looks straight across the
// ink to the other side, and returns the width that all but tipShare of the outline's length have. Overlapping contours count
// as one stroke. It is 0 for a glyph without ink.
func strokeWidth(contours [][]point) Micron {
	var samples []widthSample
	var total float64
	for _, c := range contours {
		for i, a := range c {
			b := c[(i+1)%len(c)]
			if width, ok := widthAt(contours, a, b); ok {
				length := math.Hypot(float64(b.x-a.x), float64(b.y-a.y))
				samples = append(samples, widthSample{width, length})
				total += length
			}
		}
	}
	slices.SortFunc(samples, func(a, b widthSample) int { return cmp.Compare(a.width, b.width) })
	var passed float64
	for _, s := range samples {
		if passed += s.length; passed > tipShare*total {
			return Micron(s.width)
		}
	}
	return 0
}

type widthSample struct{ width, length float64 }

// widthAt looks from the middle of the edge ab to its left until the ink ends. It is not ok where ab is no border of the ink.
func widthAt(contours [][]point, a, b point) (float64, bool) {
	hits, outside := crossings(contours, a, b)
	winding := outside + 1
	if outside != 0 {
		return 0, false
	}
	for _, h := range hits {
		if winding += h.step; winding == 0 {
			return h.at, true
		}
	}
	return 0, false
}

// crossing is where a ray meets an outline, and how the winding number changes there.
type crossing struct {
	at   float64
	step int
}

// crossings lists where the ray from the middle of ab to its left meets other edges, nearest first, and the winding number just
// right of ab.
func crossings(contours [][]point, a, b point) (ahead []crossing, outside int) {
	length := math.Hypot(float64(b.x-a.x), float64(b.y-a.y))
	dir := vec2{float64(b.x-a.x) / length, float64(b.y-a.y) / length}
	mid := vec2{float64(a.x) + float64(b.x-a.x)/2, float64(a.y) + float64(b.y-a.y)/2}
	local := func(p point) vec2 { // x along the edge, y along the ray
		d := vec2{float64(p.x) - mid.x, float64(p.y) - mid.y}
		return vec2{d.x*dir.x + d.y*dir.y, d.y*dir.x - d.x*dir.y}
	}
	for _, c := range contours {
		p := c[len(c)-1]
		from := local(p)
		for _, q := range c {
			to := local(q)
			if (from.x < 0) != (to.x < 0) && !(p == a && q == b) {
				at := from.y - from.x*(to.y-from.y)/(to.x-from.x)
				step := 1 // ink begins where an edge runs along ours
				if to.x < from.x {
					step = -1
				}
				if at > 0 {
					ahead = append(ahead, crossing{at, step})
				} else {
					outside += step
				}
			}
			p, from = q, to
		}
	}
	slices.SortFunc(ahead, func(a, b crossing) int { return cmp.Compare(a.at, b.at) })
	return ahead, outside
}

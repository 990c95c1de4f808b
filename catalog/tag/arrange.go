package tag

import (
	"cmp"
	"math/bits"
	"slices"
)

// chord is an edge of the arrangement: its line meets others only at its ends.
type chord struct {
	u, v  uint32 // indices of vertices
	layer layer
}

// arrangement is the drawing with every crossing made a vertex of the µm grid. It is found by snap rounding: each vertex
// and each crossing, rounded, heats the grid cell of 1 µm around it, and every edge is bent through the middle of each hot cell it passes.
// Two bent edges never cross, in one pass and without any tolerance. (J. D. Hobby, Practical segment intersection with
// finite precision output, Computational Geometry 13, 1999.)
type arrangement struct {
	points []point // each once
	chords []chord

	hot      pointSet
	edgeGrid grid
	hotGrid  grid
	passed   []passage
}

// passage is a hot point on the way of an edge, by its distance along the edge.
type passage struct {
	along  int64
	vertex uint32
}

// arrange fills the arrangement from the drawing, reusing its memory.
func (a *arrangement) arrange(d *drawing) {
	a.points, a.chords = a.points[:0], a.chords[:0]
	a.hot.reset(len(d.edges))
	for _, e := range d.edges {
		a.heat(e.a)
		a.heat(e.b)
	}
	extent := box{max: point{int32(d.width), int32(d.height)}}
	a.edgeGrid.reset(extent, len(d.edges))
	a.edgeGrid.fill(len(d.edges), func(i int) box { return d.edges[i].bounds() })
	for cell := range a.edgeGrid.cells() {
		a.heatCrossings(d.edges, a.edgeGrid.in(cell))
	}
	a.hotGrid.reset(extent, len(a.points))
	a.hotGrid.fill(len(a.points), func(i int) box { return box{a.points[i], a.points[i]} })
	for _, e := range d.edges {
		a.bend(e)
	}
}

func (a *arrangement) heat(p point) {
	if a.hot.add(p, uint32(len(a.points))) {
		a.points = append(a.points, p)
	}
}

// heatCrossings heats where edges of one grid cell cross. Where they only touch, an end is hot already.
func (a *arrangement) heatCrossings(edges []edge, cell []uint32) {
	for i, m := range cell {
		e := edges[m]
		bounds := e.bounds()
		for _, n := range cell[:i] {
			if f := edges[n]; bounds.meets(f.bounds()) {
				if p, ok := crossingPoint(e, f); ok {
					a.heat(p)
				}
			}
		}
	}
}

// bend adds an edge as the chords between all hot points that it passes.
func (a *arrangement) bend(e edge) {
	a.passed = a.passed[:0]
	d := point{e.b.x - e.a.x, e.b.y - e.a.y}
	a.hotGrid.visit(e.bounds(), func(i uint32) {
		p := a.points[i]
		if e.passes(p) {
			along := int64(p.x-e.a.x)*int64(d.x) + int64(p.y-e.a.y)*int64(d.y)
			a.passed = append(a.passed, passage{along, i})
		}
	})
	if len(a.passed) > 2 {
		slices.SortFunc(a.passed, func(p, q passage) int { return cmp.Compare(p.along, q.along) })
	} else if len(a.passed) == 2 && a.passed[0].along > a.passed[1].along {
		a.passed[0], a.passed[1] = a.passed[1], a.passed[0]
	}
	for i := 1; i < len(a.passed); i++ {
		a.chords = append(a.chords, chord{a.passed[i-1].vertex, a.passed[i].vertex, e.layer})
	}
}

func (e edge) bounds() box {
	return box{
		point{min(e.a.x, e.b.x), min(e.a.y, e.b.y)},
		point{max(e.a.x, e.b.x), max(e.a.y, e.b.y)},
	}
}

func (b box) meets(c box) bool {
	return b.min.x <= c.max.x && c.min.x <= b.max.x && b.min.y <= c.max.y && c.min.y <= b.max.y
}

// passes reports whether the edge meets the cell of 1 µm around p, which holds its lower left corner but no other
// corner. Ends of edges lie in the middle of cells, so the boxes decide everything but on which sides of the line the corners are.
func (e edge) passes(p point) bool {
	if !e.bounds().meets(box{p, p}) {
		return false
	}
	dx, dy := int64(e.b.x-e.a.x), int64(e.b.y-e.a.y)
	c := 2 * cross(e.a, e.b, p)
	return max(c, -c) < max(dx, -dx)+max(dy, -dy) || c == dx-dy
}

// crossingPoint returns the rounded point where the insides of two edges cross.
func crossingPoint(e, f edge) (point, bool) {
	fa, fb := cross(e.a, e.b, f.a), cross(e.a, e.b, f.b)
	if (fa >= 0) == (fb >= 0) || fa == 0 || fb == 0 {
		return point{}, false
	}
	ea, eb := cross(f.a, f.b, e.a), cross(f.a, f.b, e.b)
	if (ea >= 0) == (eb >= 0) || ea == 0 || eb == 0 {
		return point{}, false
	}
	return point{
		e.a.x + int32(roundedQuotient(ea*int64(e.b.x-e.a.x), ea-eb)),
		e.a.y + int32(roundedQuotient(ea*int64(e.b.y-e.a.y), ea-eb)),
	}, true
}

// roundedQuotient is n/d rounded to the nearest integer, halves up, as the cells of passes are bounded. Differences of coordinates
// are below 2^18 (MaxSide), so n is below 2^56.
func roundedQuotient(n, d int64) int64 {
	if d < 0 {
		n, d = -n, -d
	}
	n, d = 2*n+d, 2*d
	q := n / d
	if n%d < 0 {
		q--
	}
	return q
}

// pointSet numbers distinct points: a hash table with linear probing, at most half full.
type pointSet struct {
	slots []uint64 // point, as two halves; 0 is free
	index []uint32
	used  int
	shift uint
}

func (s *pointSet) reset(expected int) {
	size := 1 << bits.Len(uint(4*expected))
	if size > cap(s.slots) {
		s.slots, s.index = make([]uint64, size), make([]uint32, size)
	}
	s.slots, s.index = s.slots[:size], s.index[:size]
	clear(s.slots)
	s.used, s.shift = 0, uint(64-bits.Len(uint(size-1)))
}

// add stores a point under an index and reports whether it is new.
func (s *pointSet) add(p point, index uint32) bool {
	if 2*s.used >= len(s.slots) {
		s.grow()
	}
	key := uint64(uint32(p.x))<<32 | uint64(uint32(p.y)) + 1
	i := s.find(key)
	if s.slots[i] == key {
		return false
	}
	s.slots[i], s.index[i] = key, index
	s.used++
	return true
}

// find returns the slot of a key, or the free one where it belongs.
func (s *pointSet) find(key uint64) int {
	mask := len(s.slots) - 1
	i := int(key * 0x9E3779B97F4A7C15 >> s.shift) // Fibonacci hashing
	for s.slots[i] != 0 && s.slots[i] != key {
		i = (i + 1) & mask
	}
	return i
}

func (s *pointSet) grow() {
	old, index := s.slots, s.index
	s.slots, s.index = nil, nil
	s.reset(len(old))
	for i, key := range old {
		if key != 0 {
			j := s.find(key)
			s.slots[j], s.index[j] = key, index[i]
			s.used++
		}
	}
}

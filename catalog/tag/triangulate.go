package tag

import "math/bits"

// winding is how often each layer's outlines run around a place.
type winding [layerCount]int16

// triangulation is a constrained Delaunay triangulation in half-edges. Half-edges 3t, 3t+1, 3t+2 run counter-clockwise around
// triangle t; org is where one begins, twin the same edge seen from the other triangle, or none on the rim.
type triangulation struct {
	points []point
	org    []uint32
	twin   []int32
	out    []int32   // for each vertex, one half-edge that begins there
	step   []winding // for each half-edge, winding on its left minus winding on its right

	recent   int32 // a triangle near the last inserted point
	stack    []int32
	crossing [][2]uint32
	placed   []chord
}

const none = -1

func next(e int32) int32 {
	if e%3 == 2 {
		return e - 2
	}
	return e + 1
}

func prev(e int32) int32 {
	if e%3 == 0 {
		return e + 2
	}
	return e - 1
}

func (t *triangulation) dest(e int32) uint32 { return t.org[next(e)] }
func (t *triangulation) apex(e int32) uint32 { return t.org[prev(e)] }

// triangulate builds the triangulation of all vertices of an arrangement within a rectangle around them, with all its
// chords as edges. The rectangle's corners follow the arrangement's vertices.
func (t *triangulation) triangulate(a *arrangement, around box) {
	t.frame(a.points, around)
	for cell := range a.hotGrid.cells() {
		for _, v := range a.hotGrid.in(cell) {
			t.insert(v)
		}
	}
	t.placed = t.placed[:0]
	for _, c := range a.chords {
		t.constrain(c)
	}
	t.step = resized(t.step, len(t.org))
	clear(t.step)
	for _, c := range t.placed {
		e := t.find(c.u, c.v)
		t.step[e][c.layer]++
		t.step[t.twin[e]][c.layer]--
	}
}

// outside returns a triangle in a corner of the rectangle.
func (t *triangulation) outside() int32 { return t.out[len(t.points)-1] / 3 }

// frame starts with two triangles that fill the rectangle.
func (t *triangulation) frame(points []point, around box) {
	n := uint32(len(points))
	t.points = append(append(t.points[:0], points...),
		around.min, point{around.max.x, around.min.y}, around.max, point{around.min.x, around.max.y})
	t.org = append(t.org[:0], n, n+1, n+2, n, n+2, n+3)
	t.twin = append(t.twin[:0], none, none, 3, 2, none, none)
	t.out = resized(t.out, len(t.points))
	t.out[n], t.out[n+1], t.out[n+2], t.out[n+3] = 0, 1, 2, 5
	t.recent = 0
}

func (t *triangulation) link(e, f int32) {
	t.twin[e] = f
	if f != none {
		t.twin[f] = e
	}
}

// insert adds a vertex: its triangle becomes three, and edges are flipped until all are Delaunay again. On an edge, one of the
// three has no area; the edge then lies inside the circle of the triangle beyond and is the first to be flipped.
func (t *triangulation) insert(v uint32) {
	first := 3 * t.locate(t.points[v])
	a, b, c := t.org[first], t.org[first+1], t.org[first+2]
	bc, ca := t.twin[first+1], t.twin[first+2]
	n := int32(len(t.org))
	t.org = append(t.org, b, c, v, c, a, v)
	t.twin = append(t.twin, none, none, none, none, none, none)
	t.org[first+2] = v
	t.link(n, bc)
	t.link(n+3, ca)
	t.link(first+1, n+2)
	t.link(n+1, n+5)
	t.link(n+4, first+2)
	t.out[a], t.out[b], t.out[c], t.out[v] = first, n, n+3, first+2
	t.stack = append(t.stack, first, n, n+3)
	for len(t.stack) > 0 {
		e := t.stack[len(t.stack)-1]
		t.stack = t.stack[:len(t.stack)-1]
		if f := t.twin[e]; f != none && t.inCircle(f, t.points[v]) {
			t.flip(e)
			t.stack = append(t.stack, e, prev(f))
		}
	}
	t.recent = first / 3
}

// locate walks from the recent triangle to one that holds p. In a Delaunay triangulation that walk cannot run in circles.
func (t *triangulation) locate(p point) int32 {
	at := 3 * t.recent
walk:
	for {
		for e := at; e < at+3; e++ {
			if cross(t.points[t.org[e]], t.points[t.dest(e)], p) < 0 {
				at = t.twin[e] / 3 * 3
				continue walk
			}
		}
		return at / 3
	}
}

// flip turns the edge e, seen as a→b with apex p on the left and q on the right, into q→p. Then e is a→q, prev(f) is q→b, and both
// have the apex p.
func (t *triangulation) flip(e int32) {
	f := t.twin[e]
	bp, aq := next(e), next(f)
	a, b, p, q := t.org[e], t.org[f], t.org[prev(e)], t.org[prev(f)]
	t.link(e, t.twin[aq])
	t.link(f, t.twin[bp])
	t.link(bp, aq)
	t.org[bp], t.org[aq] = q, p
	t.out[a], t.out[b], t.out[p], t.out[q] = e, f, aq, bp
}

// inCircle reports whether p lies strictly inside the circle through the triangle left of e.
func (t *triangulation) inCircle(e int32, p point) bool {
	a, b, c := t.points[t.org[e]], t.points[t.dest(e)], t.points[t.apex(e)]
	ax, ay := int64(a.x-p.x), int64(a.y-p.y)
	bx, by := int64(b.x-p.x), int64(b.y-p.y)
	cx, cy := int64(c.x-p.x), int64(c.y-p.y)
	aa, bb, cc := ax*ax+ay*ay, bx*bx+by*by, cx*cx+cy*cy
	bc, ca, ab := bx*cy-by*cx, cx*ay-cy*ax, ax*by-ay*bx

	// The products are below 2^76, so a float64 sum is off by less than 2^26 and settles nearly every case.
	const doubt = 1 << 26
	sum := float64(aa)*float64(bc) + float64(bb)*float64(ca) + float64(cc)*float64(ab)
	if sum > doubt || sum < -doubt {
		return sum > 0
	}
	return wide(aa, bc).add(wide(bb, ca)).add(wide(cc, ab)).positive()
}

// int128 is a signed integer of 128 bits in two's complement.
type int128 struct{ hi, lo uint64 }

// wide is the exact product of two integers, the first not negative.
func wide(a, b int64) int128 {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	if b < 0 {
		hi -= uint64(a)
	}
	return int128{hi, lo}
}

func (n int128) add(m int128) int128 {
	lo, carry := bits.Add64(n.lo, m.lo, 0)
	hi, _ := bits.Add64(n.hi, m.hi, carry)
	return int128{hi, lo}
}

func (n int128) positive() bool { return int64(n.hi) >= 0 && n.hi|n.lo != 0 }

// constrain makes a chord an edge of the triangulation, or a row of edges where it runs through vertices, by flipping
// the edges that cross it. (S. W. Sloan, A fast algorithm for generating constrained Delaunay triangulations, Computers &
// Structures 47, 1993.)
func (t *triangulation) constrain(c chord) {
	for u := c.u; u != c.v; {
		end := t.collect(u, c.v)
		for i := 0; i < len(t.crossing); i++ {
			t.uncross(u, end, t.crossing[i])
		}
		t.placed = append(t.placed, chord{u, end, c.layer})
		u = end
	}
}

// collect lists the edges that cross the way from u to v up to the first vertex on it, and returns that vertex.
func (t *triangulation) collect(u, v uint32) uint32 {
	t.crossing = t.crossing[:0]
	from, to := t.points[u], t.points[v]
	e, end := t.depart(u, v)
	for end == none {
		t.crossing = append(t.crossing, [2]uint32{t.org[e], t.dest(e)})
		f := t.twin[e]
		switch side := cross(from, to, t.points[t.apex(f)]); {
		case side == 0:
			end = int64(t.apex(f))
		case side > 0: // the far vertex is on the left, so the way leaves between it and the right one
			e = next(f)
		default:
			e = prev(f)
		}
	}
	return uint32(end)
}

// depart finds how the way from u to v begins: along an edge to the vertex end, or across the edge e opposite of u.
func (t *triangulation) depart(u, v uint32) (e int32, end int64) {
	from, to := t.points[u], t.points[v]
	for e := t.out[u]; ; {
		b, c := t.points[t.dest(e)], t.points[t.apex(e)]
		right, left := cross(from, to, b), cross(from, to, c)
		switch {
		case right == 0 && ahead(from, to, b):
			return none, int64(t.dest(e))
		case left == 0 && ahead(from, to, c):
			return none, int64(t.apex(e))
		case right < 0 && left > 0:
			return next(e), none
		}
		e = t.twin[prev(e)]
	}
}

// ahead reports whether p, on the line from a through b, lies on b's side.
func ahead(a, b, p point) bool {
	return int64(b.x-a.x)*int64(p.x-a.x)+int64(b.y-a.y)*int64(p.y-a.y) > 0
}

// uncross flips an edge that crosses the way from u to v, now or, where its two triangles form no convex quadrangle, later.
func (t *triangulation) uncross(u, v uint32, edge [2]uint32) {
	e := t.find(edge[0], edge[1])
	f := t.twin[e]
	a, b, p, q := t.org[e], t.org[f], t.apex(e), t.apex(f)
	if cross(t.points[p], t.points[q], t.points[b]) <= 0 || cross(t.points[q], t.points[p], t.points[a]) <= 0 {
		t.crossing = append(t.crossing, edge)
		return
	}
	t.flip(e)
	if p == u || p == v || q == u || q == v {
		return
	}
	left := cross(t.points[u], t.points[v], t.points[p]) > 0
	if left != (cross(t.points[u], t.points[v], t.points[q]) > 0) {
		t.crossing = append(t.crossing, [2]uint32{p, q})
	}
}

// find returns the half-edge from u to v, which must exist. It turns around the vertex with the smaller number, which is never a
// corner of the frame, so that the way around is closed.
func (t *triangulation) find(u, v uint32) int32 {
	if u > v {
		return t.twin[t.find(v, u)]
	}
	for e := t.out[u]; ; {
		if t.dest(e) == v {
			return e
		}
		e = t.twin[prev(e)]
	}
}

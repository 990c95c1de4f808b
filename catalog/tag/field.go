package tag

import "math"

// field is the tag as slabs over a triangulation: each triangle is filled in some of them. All slabs of a plate with letters lie on
// each other; only what turns has hollows.
type field struct {
	levels []Micron // ascending; slab k lies between levels k and k+1
	fill   []uint32 // for each triangle, bit k when slab k is filled
	wind   []winding
	seen   []bool // for each triangle; later, for each half-edge
	queue  []int32
	walls  []uint8  // for each vertex, half-edges of walls that end there
	follow []uint32 // for each slab and vertex, the next vertex of an outline + 1
}

// maxSlabs bounds the slabs of a tag: those of a spinner, and the relief.
const maxSlabs = 32

// set fills the slabs of a tag.
func (f *field) set(t *triangulation, s Spec) {
	f.levels = append(f.levels[:0], levels(s)...)
	f.flood(t, f.filling(s))
}

// flood gives every triangle its filling. It walks from outside of everything and counts the windings of the edges it crosses.
func (f *field) flood(t *triangulation, filling func(winding) uint32) {
	n := len(t.org) / 3
	f.fill, f.wind, f.seen = resized(f.fill, n), resized(f.wind, n), resized(f.seen, n)
	clear(f.seen)
	outside := t.outside()
	f.wind[outside], f.fill[outside], f.seen[outside] = winding{}, 0, true
	f.queue = append(f.queue[:0], outside)
	for len(f.queue) > 0 {
		at := f.queue[len(f.queue)-1]
		f.queue = f.queue[:len(f.queue)-1]
		for e := 3 * at; e < 3*at+3; e++ {
			twin := t.twin[e]
			if twin == none || f.seen[twin/3] {
				continue
			}
			w := f.wind[at]
			for l := range w {
				w[l] -= t.step[e][l]
			}
			f.wind[twin/3], f.fill[twin/3], f.seen[twin/3] = w, filling(w), true
			f.queue = append(f.queue, twin/3)
		}
	}
}

// levels lists the heights at which a tag has faces.
func levels(s Spec) []Micron {
	all := []Micron{0}
	switch {
	case s.Engrave:
		all = append(all, s.Base-s.Relief)
	case s.Spin > 0:
		all = spinLevels()
	}
	all = append(all, s.Base)
	if s.Thickness() > s.Base {
		all = append(all, s.Thickness())
	}
	return all
}

// filling returns how a place's windings decide which slabs are filled.
func (f *field) filling(s Spec) func(winding) uint32 {
	full := uint32(1)<<(len(f.levels)-1) - 1
	plate, text := full, full
	if s.Thickness() > s.Base {
		plate >>= 1
	}
	if s.Engrave {
		text = 1
	}
	return func(w winding) uint32 {
		switch {
		case w[pivotLayer]|w[socketLayer] != 0:
			return spinning(w, plate)
		case w[plateLayer] <= 0:
			return 0
		case w[rimLayer] != 0:
			return full
		case w[textLayer] != 0:
			return text
		}
		return plate
	}
}

// pinches lists the vertices where a slab's outline meets itself: two strokes that touch in one point, or two holes. The
// vertical edge there would belong to four walls, which no solid has and slicers repair by guessing.
func (f *field) pinches(t *triangulation) []point {
	f.walls = resized(f.walls, len(t.points))
	clear(f.walls)
	for e, twin := range t.twin {
		if twin != none && f.fill[e/3]&^f.fill[twin/3] != 0 {
			f.walls[t.org[e]]++
			f.walls[t.org[twin]]++
		}
	}
	var found []point
	for v, n := range f.walls {
		if n > 2 && f.pinched(t, uint32(v)) {
			found = append(found, t.points[v])
		}
	}
	return found
}

// pinched goes around a vertex and looks whether any slab ends there more than once.
func (f *field) pinched(t *triangulation, v uint32) bool {
	var ended uint32
	first := t.out[v]
	for e := first; ; {
		ends := f.fill[t.twin[e]/3] &^ f.fill[e/3]
		if ended&ends != 0 {
			return true
		}
		ended |= ends
		if e = t.twin[prev(e)]; e == first {
			return false
		}
	}
}

// outlines follows the edges of what is filled, with the inside on the left. Where it touches itself in a point, it falls apart.
func (f *field) outlines(t *triangulation) (loops [][]point) {
	f.seen = resized(f.seen, len(t.org))
	clear(f.seen)
	edge := func(e int32) bool { return f.fill[e/3] != 0 && t.twin[e] != none && f.fill[t.twin[e]/3] == 0 }
	for start := range int32(len(t.org)) {
		if f.seen[start] || !edge(start) {
			continue
		}
		var loop []point
		for e := start; !f.seen[e]; {
			f.seen[e] = true
			loop = append(loop, t.points[t.org[e]])
			for e = next(e); !edge(e); {
				e = next(t.twin[e])
			}
		}
		loops = append(loops, loop)
	}
	return loops
}

// length returns the distance of two points in mm.
func length(a, b point) float64 {
	dx, dy := float64(b.x-a.x), float64(b.y-a.y)
	return math.Sqrt(dx*dx+dy*dy) / 1000
}

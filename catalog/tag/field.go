package tag

import "math"

// field is the tag as heights over a triangulation: each triangle is filled up to one of a few levels.
type field struct {
	levels []Micron // ascending; levels[0] is the bottom
	level  []uint8  // for each triangle
	wind   []winding
	queue  []int32
	walls  []uint8  // for each vertex, half-edges of walls that end there
	follow []uint32 // for each slab and vertex, the next vertex of an outline + 1
}

// maxLevels bounds the levels of a tag: bed, engraving, plate, relief.
const maxLevels = 4

// set gives every triangle its level. It walks from outside of everything and counts the windings of the edges it crosses.
func (f *field) set(t *triangulation, s Spec) {
	f.levels = append(f.levels[:0], levels(s)...)
	n := len(t.org) / 3
	f.level = resized(f.level, n)
	f.wind = resized(f.wind, n)
	for i := range f.level {
		f.level[i] = math.MaxUint8
	}
	height := f.heights(s)
	outside := t.outside()
	f.wind[outside], f.level[outside] = winding{}, 0
	f.queue = append(f.queue[:0], outside)
	for len(f.queue) > 0 {
		at := f.queue[len(f.queue)-1]
		f.queue = f.queue[:len(f.queue)-1]
		for e := 3 * at; e < 3*at+3; e++ {
			twin := t.twin[e]
			if twin == none || f.level[twin/3] != math.MaxUint8 {
				continue
			}
			w := f.wind[at]
			for l := range w {
				w[l] -= t.step[e][l]
			}
			f.wind[twin/3], f.level[twin/3] = w, height(w)
			f.queue = append(f.queue, twin/3)
		}
	}
}

// levels lists the heights at which a tag has faces.
func levels(s Spec) []Micron {
	all := []Micron{0}
	if s.Engrave {
		all = append(all, s.Base-s.Relief)
	}
	all = append(all, s.Base)
	if s.Thickness() > s.Base {
		all = append(all, s.Thickness())
	}
	return all
}

// heights returns how a place's windings decide its level.
func (f *field) heights(s Spec) func(winding) uint8 {
	plate, top := uint8(1), uint8(len(f.levels)-1)
	text := top
	if s.Engrave {
		plate, text = 2, 1
	}
	return func(w winding) uint8 {
		switch {
		case w[plateLayer] == 0:
			return 0
		case w[rimLayer] != 0:
			return top
		case w[textLayer] != 0:
			return text
		}
		return plate
	}
}

// pinches lists the vertices where a level's outline meets itself: two strokes that touch in one point, or two holes. The
// vertical edge there would belong to four walls, which no solid has and slicers repair by guessing.
func (f *field) pinches(t *triangulation) []point {
	f.walls = resized(f.walls, len(t.points))
	clear(f.walls)
	for e, twin := range t.twin {
		if twin != none && f.level[e/3] > f.level[twin/3] {
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

// pinched goes around a vertex and counts, for each level, how often it steps down below it.
func (f *field) pinched(t *triangulation, v uint32) bool {
	var falls [maxLevels]int
	first := t.out[v]
	for e := first; ; {
		before := t.twin[e]
		for l := f.level[e/3] + 1; l <= f.level[before/3]; l++ {
			falls[l]++
		}
		if e = t.twin[prev(e)]; e == first {
			break
		}
	}
	for _, n := range falls {
		if n > 1 {
			return true
		}
	}
	return false
}

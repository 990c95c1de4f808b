package tag

import "math"

// Stats are the measures of a tag that decide what it takes to print. Lengths are in mm.
type Stats struct {
	Width, Height, Thickness float64
	Glyphs                   int
	Triangles                int
	Volume                   float64 // mm³
	Slabs                    []Slab  // from the bed up
}

// Slab is a part of the tag between two heights in which every horizontal cut is the same.
type Slab struct {
	From, To  float64 // mm above the bed
	Area      float64 // mm² of the cut
	Perimeter float64 // mm of its outlines, holes included
	Loops     int     // closed outlines, holes included
	Text      bool    // above the plate: printed in the text's color
}

// measure sums up each slab over the triangles that reach its top.
func (f *field) measure(t *triangulation, s Spec) []Slab {
	slabs := make([]Slab, len(f.levels)-1)
	for i := range slabs {
		slabs[i] = Slab{From: f.levels[i].MM(), To: f.levels[i+1].MM(), Text: f.levels[i] >= s.Base}
	}
	var twiceArea [maxLevels]int64
	f.follow = resized(f.follow, len(slabs)*len(t.points))
	clear(f.follow)
	for i, l := range f.level {
		if l == 0 {
			continue
		}
		for e := int32(3 * i); e < int32(3*i)+3; e++ {
			for low := f.level[t.twin[e]/3]; low < l; low++ {
				slabs[low].Perimeter += length(t.points[t.org[e]], t.points[t.dest(e)])
				f.follow[int(low)*len(t.points)+int(t.org[e])] = t.dest(e) + 1
			}
		}
		area := cross(t.points[t.org[3*i]], t.points[t.org[3*i+1]], t.points[t.org[3*i+2]])
		for k := range l {
			twiceArea[k] += area
		}
	}
	for i := range slabs {
		slabs[i].Area = float64(twiceArea[i]) / 2e6
		slabs[i].Loops = loops(f.follow[i*len(t.points) : (i+1)*len(t.points)])
	}
	return slabs
}

// loops counts the closed ways in a list of each point's next + 1, and empties it. Without pinches a point has one next at most.
func loops(follow []uint32) (n int) {
	for start := range follow {
		if follow[start] == 0 {
			continue
		}
		n++
		for v := uint32(start); follow[v] != 0; {
			next := follow[v] - 1
			follow[v] = 0
			v = next
		}
	}
	return n
}

// length returns the distance of two points in mm.
func length(a, b point) float64 {
	dx, dy := float64(b.x-a.x), float64(b.y-a.y)
	return math.Sqrt(dx*dx+dy*dy) / 1000
}

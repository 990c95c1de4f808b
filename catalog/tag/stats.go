package tag

import "math/bits"

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
	Text      bool    // printed in the second color
}

// measure sums up each slab over the triangles that are filled in it. The thin slabs of a spinner count as one.
func (f *field) measure(t *triangulation, s Spec) []Slab {
	slabs := make([]Slab, len(f.levels)-1)
	for i := range slabs {
		slabs[i] = Slab{From: f.levels[i].MM(), To: f.levels[i+1].MM(), Text: f.levels[i] >= s.SwapZ()}
	}
	var twiceArea [maxSlabs]int64
	f.follow = resized(f.follow, len(slabs)*len(t.points))
	clear(f.follow)
	for i, fill := range f.fill {
		if fill == 0 {
			continue
		}
		for e := int32(3 * i); e < int32(3*i)+3; e++ {
			for walls := fill &^ f.fill[t.twin[e]/3]; walls != 0; walls &= walls - 1 {
				k := bits.TrailingZeros32(walls)
				slabs[k].Perimeter += length(t.points[t.org[e]], t.points[t.dest(e)])
				f.follow[k*len(t.points)+int(t.org[e])] = t.dest(e) + 1
			}
		}
		area := cross(t.points[t.org[3*i]], t.points[t.org[3*i+1]], t.points[t.org[3*i+2]])
		for rest := fill; rest != 0; rest &= rest - 1 {
			twiceArea[bits.TrailingZeros32(rest)] += area
		}
	}
	for i := range slabs {
		slabs[i].Area = float64(twiceArea[i]) / 2e6
		slabs[i].Loops = loops(f.follow[i*len(t.points) : (i+1)*len(t.points)])
	}
	if s.Spin > 0 {
		return joinPlate(slabs)
	}
	return slabs
}

// joinPlate makes the slabs below the text one, with what they measure on average.
func joinPlate(slabs []Slab) []Slab {
	var plate Slab
	n := 0
	for ; n < len(slabs) && !slabs[n].Text; n++ {
		high := slabs[n].To - slabs[n].From
		plate.To = slabs[n].To
		plate.Area += slabs[n].Area * high
		plate.Perimeter += slabs[n].Perimeter * high
		plate.Loops = max(plate.Loops, slabs[n].Loops)
	}
	plate.Area, plate.Perimeter = plate.Area/plate.To, plate.Perimeter/plate.To
	return append([]Slab{plate}, slabs[n:]...)
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

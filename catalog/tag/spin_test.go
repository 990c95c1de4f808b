package tag

import (
	"math"
	"testing"
)

// slabEdge is a wall seen from above, of one of the two pieces.
type slabEdge struct {
	a, b  point
	turns bool // it belongs to the pumpkin
}

// near reports whether two walls may be less than a distance apart.
func (e slabEdge) near(f slabEdge, distance float64) bool {
	return float64(max(min(e.a.x, e.b.x), min(f.a.x, f.b.x))-min(max(e.a.x, e.b.x), max(f.a.x, f.b.x))) < distance &&
		float64(max(min(e.a.y, e.b.y), min(f.a.y, f.b.y))-min(max(e.a.y, e.b.y), max(f.a.y, f.b.y))) < distance
}

// spinnerSlabs builds a spinner and returns the walls of each of its layers, and the field they come from.
func spinnerSlabs(t *testing.T, diameter Micron) (slabs [][]slabEdge, w *workshop, middle point) {
	t.Helper()
	s := DefaultSpec("はる", MPlusRoundedExtraBold)
	s.Spin, s.Base, s.Hole = diameter, spinThickness, 0
	built(t, s)
	w = new(workshop)
	typeface, err := fonts(t).typeface(s.Font)
	if err != nil {
		t.Fatal(err)
	}
	if err := fonts(t).draw(typeface, s, w); err != nil {
		t.Fatal(err)
	}
	if _, err := w.build(s); err != nil {
		t.Fatal(err)
	}
	middle = point{int32(spinWall + diameter/2), int32(w.drawing.height / 2)}
	pieces := w.pieces()
	pumpkin := pieces.of(w.inPumpkin(t, middle, diameter), 0)
	slabs = make([][]slabEdge, spinThickness/spinLayer)
	for e, twin := range w.triangulation.twin {
		if twin == none {
			continue
		}
		for k := range slabs {
			if w.field.fill[e/3]>>k&1 != 0 && w.field.fill[twin/3]>>k&1 == 0 {
				slabs[k] = append(slabs[k], slabEdge{
					a: w.triangulation.points[w.triangulation.org[e]], b: w.triangulation.points[w.triangulation.org[twin]],
					turns: pieces.of(e/3, k) == pumpkin,
				})
			}
		}
	}
	return slabs, w, middle
}

// cells joins what is filled to pieces that hang together.
type cells struct {
	parent []int
	slabs  int
}

func (c cells) of(triangle, slab int) int {
	at := triangle*c.slabs + slab
	for c.parent[at] != at {
		c.parent[at] = c.parent[c.parent[at]]
		at = c.parent[at]
	}
	return at
}

func (w *workshop) pieces() cells {
	c := cells{slabs: len(w.field.levels) - 1}
	c.parent = make([]int, len(w.field.fill)*c.slabs)
	for i := range c.parent {
		c.parent[i] = i
	}
	for i, fill := range w.field.fill {
		for k := range c.slabs {
			if fill>>k&1 == 0 {
				continue
			}
			if k > 0 && fill>>(k-1)&1 != 0 {
				c.parent[c.of(i, k)] = c.of(i, k-1)
			}
			for e := 3 * i; e < 3*i+3; e++ {
				if twin := w.triangulation.twin[e]; twin != none && w.field.fill[twin/3]>>k&1 != 0 {
					c.parent[c.of(i, k)] = c.of(int(twin)/3, k)
				}
			}
		}
	}
	return c
}

// inPumpkin returns a triangle of the foot of the pumpkin.
func (w *workshop) inPumpkin(t *testing.T, middle point, diameter Micron) int {
	t.Helper()
	at := point{middle.x + 1, middle.y - int32(diameter/2-spinGap-500)}
	for i := range w.field.fill {
		a, b, c := w.triangulation.points[w.triangulation.org[3*i]], w.triangulation.points[w.triangulation.org[3*i+1]], w.triangulation.points[w.triangulation.org[3*i+2]]
		if cross(a, b, at) >= 0 && cross(b, c, at) >= 0 && cross(c, a, at) >= 0 {
			return i
		}
	}
	t.Fatal("nothing at the pumpkin's foot")
	return 0
}

// segmentDistance is the distance of two lines of one plane, in µm.
func segmentDistance(a, b, c, d point) float64 {
	if s, u := cross(a, b, c) > 0, cross(a, b, d) > 0; s != u && (cross(c, d, a) > 0) != (cross(c, d, b) > 0) {
		return 0
	}
	return min(pointDistance(a, c, d), pointDistance(b, c, d), pointDistance(c, a, b), pointDistance(d, a, b))
}

func pointDistance(p, a, b point) float64 {
	along := float64(b.x-a.x)*float64(p.x-a.x) + float64(b.y-a.y)*float64(p.y-a.y)
	l := distance(a, b)
	along = min(max(along/(l*l), 0), 1)
	return math.Hypot(float64(p.x)-float64(a.x)-along*float64(b.x-a.x), float64(p.y)-float64(a.y)-along*float64(b.y-a.y))
}

// TestSpinner_has_a_gap_all_around measures the distance of ring and pumpkin in space, over all pairs of layers.
func TestSpinner_has_a_gap_all_around(t *testing.T) {
	t.Parallel()
	for _, diameter := range []Micron{minSpin, 30 * Millimeter, maxSpin} {
		slabs, w, _ := spinnerSlabs(t, diameter)
		least := math.Inf(1)
		for k, lower := range slabs {
			for l := k; l < min(k+4, len(slabs)); l++ {
				high := float64(max(0, l-k-1) * spinLayer)
				for _, e := range lower {
					for _, f := range slabs[l] {
						if e.turns != f.turns && e.near(f, least) {
							least = min(least, math.Hypot(segmentDistance(e.a, e.b, f.a, f.b), high))
						}
					}
				}
			}
		}
		t.Logf("window of %v mm: the pieces are %.3f mm apart", diameter.MM(), least/1000)
		if least < 400 {
			t.Errorf("window of %v mm: the pieces are %.3f mm apart, want 0.4", diameter.MM(), least/1000)
		}
		w.checkNothingAbove(t)
	}
}

// checkNothingAbove proves that no part of one piece lies above or below the other with less than two layers between them.
func (w *workshop) checkNothingAbove(t *testing.T) {
	t.Helper()
	pieces := w.pieces()
	for i, fill := range w.field.fill {
		for k := range pieces.slabs {
			for l := k + 2; l < min(k+3, pieces.slabs); l++ {
				if fill>>k&1 != 0 && fill>>l&1 != 0 && fill>>(k+1)&1 == 0 && pieces.of(i, k) != pieces.of(i, l) {
					t.Fatalf("at %v only one layer is between the pieces", w.triangulation.points[w.triangulation.org[3*i]])
				}
			}
		}
	}
}

// TestSpinner_is_two_pieces_that_hold_each_other counts them, and pushes the pumpkin along its axis until it touches: a cone is
// then still in its hollow on the other side.
func TestSpinner_is_two_pieces_that_hold_each_other(t *testing.T) {
	t.Parallel()
	for _, diameter := range []Micron{minSpin, maxSpin} {
		slabs, w, middle := spinnerSlabs(t, diameter)
		pieces := w.pieces()
		found := map[int]bool{}
		for i, fill := range w.field.fill {
			for k := range pieces.slabs {
				if fill>>k&1 != 0 {
					found[pieces.of(i, k)] = true
				}
			}
		}
		if len(found) != 2 {
			t.Errorf("window of %v mm: %d pieces, want the plate and the pumpkin", diameter.MM(), len(found))
		}
		var tip int32 // how far a cone reaches beyond the window's edge
		for _, e := range slabs[len(slabs)/2] {
			if e.turns {
				tip = max(tip, e.a.y-middle.y-int32(diameter/2))
			}
		}
		if held := Micron(tip) - coneGap; held < 300 {
			t.Errorf("window of %v mm: pushed aside, the cone is in its hollow by %v mm", diameter.MM(), held.MM())
		}
	}
}

// TestSpinner_turns lets the pumpkin turn about the axis of its cones: each of its corners then runs on a circle, which must
// stay in the window.
func TestSpinner_turns(t *testing.T) {
	t.Parallel()
	for _, diameter := range []Micron{minSpin, 30 * Millimeter, maxSpin} {
		slabs, _, middle := spinnerSlabs(t, diameter)
		ends := int32(diameter/2) - spinGap
		least := math.Inf(1)
		for k, slab := range slabs {
			z := math.Abs(float64(k*spinLayer+spinLayer/2)-float64(spinThickness)/2) + spinLayer/2
			for _, e := range slab {
				x, y := float64(e.a.x-middle.x), float64(e.a.y-middle.y)
				if !e.turns || max(e.a.y-middle.y, middle.y-e.a.y) > ends { // a cone, which is round about the axis
					continue
				}
				window := math.Sqrt(float64(diameter/2)*float64(diameter/2) - y*y)
				least = min(least, window-math.Hypot(x, z))
			}
		}
		t.Logf("window of %v mm: turning, the pumpkin stays %.3f mm away", diameter.MM(), least/1000)
		if least < 300 {
			t.Errorf("window of %v mm: turning, the pumpkin comes within %.3f mm", diameter.MM(), least/1000)
		}
	}
}

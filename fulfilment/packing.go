package fulfilment

import (
	"cmp"
	"slices"
)

// Packing leaves bedBorder free along every edge of the bed, for the skirt and the clips, and
// itemGap between any two items, so that a finger or a scraper finds its way. Both in µm.
const (
	bedBorder = 6_000
	itemGap   = 3_000
)

// Bed is the rectangle a printer prints on, in µm, its lower left corner at (0, 0).
type Bed struct{ Width, Depth int32 }

// Footprint is the rectangle an item takes on a bed, in µm.
type Footprint struct{ Width, Depth int32 }

// Placement puts item number Item with its lower left corner at X, Y, in µm.
type Placement struct {
	Item int
	X, Y int32
}

// Packing tells where every item went: each index of the items given stands in exactly one list.
type Packing struct {
	Placed []Placement // on this bed, disjoint, ordered by item
	Left   []int       // would fit on an empty bed, and wait for the next one
	Unfit  []int       // fits on no bed of this size
}

// Fits reports whether the footprint has a size and an empty bed could hold it inside the border.
func (b Bed) Fits(f Footprint) bool {
	return f.Width > 0 && f.Depth > 0 &&
		int64(f.Width)+2*bedBorder <= int64(b.Width) && int64(f.Depth)+2*bedBorder <= int64(b.Depth)
}

// Pack sets the items on shelves across the bed, the deepest first (first-fit decreasing height:
// Coffman, Garey, Johnson, Tarjan 1980). Nothing is turned, and the same items always get the
// same places.
func Pack(bed Bed, items []Footprint) Packing {
	var packing Packing
	open := shelves{bed: bed, next: bedBorder}
	for _, item := range deepestFirst(items) {
		if !bed.Fits(items[item]) {
			packing.Unfit = append(packing.Unfit, item)
			continue
		}
		x, y, ok := open.take(items[item])
		if !ok {
			packing.Left = append(packing.Left, item)
			continue
		}
		packing.Placed = append(packing.Placed, Placement{Item: item, X: x, Y: y})
	}
	slices.SortFunc(packing.Placed, func(a, b Placement) int { return cmp.Compare(a.Item, b.Item) })
	slices.Sort(packing.Left)
	slices.Sort(packing.Unfit)
	return packing
}

func deepestFirst(items []Footprint) []int {
	order := make([]int, len(items))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(items[b].Depth, items[a].Depth), cmp.Compare(items[b].Width, items[a].Width))
	})
	return order
}

type shelf struct{ y, depth, used int32 }

type shelves struct {
	bed  Bed
	next int32 // where the next shelf begins
	open []shelf
}

// take reserves room for an item that fits the bed, on the first shelf that has any.
func (s *shelves) take(f Footprint) (x, y int32, ok bool) {
	for i := range s.open {
		shelf := &s.open[i]
		if f.Depth <= shelf.depth && shelf.used+f.Width <= s.bed.Width-bedBorder {
			x, shelf.used = shelf.used, shelf.used+f.Width+itemGap
			return x, shelf.y, true
		}
	}
	if s.next+f.Depth > s.bed.Depth-bedBorder {
		return 0, 0, false
	}
	s.open = append(s.open, shelf{y: s.next, depth: f.Depth, used: bedBorder + f.Width + itemGap})
	y, s.next = s.next, s.next+f.Depth+itemGap
	return bedBorder, y, true
}

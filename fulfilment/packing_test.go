package fulfilment

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestPack(t *testing.T) {
	t.Parallel()
	bed := Bed{Width: 220_000, Depth: 220_000}
	tests := map[string]struct {
		items  []Footprint
		placed []Placement
		left   []int
		unfit  []int
	}{
		"nothing to place":                    {},
		"one item goes to the lower left":     {items: []Footprint{{60_000, 25_000}}, placed: []Placement{{0, 6_000, 6_000}}},
		"the second stands beside the first":  {items: []Footprint{{60_000, 25_000}, {40_000, 25_000}}, placed: []Placement{{0, 6_000, 6_000}, {1, 69_000, 6_000}}},
		"a full shelf opens the next":         {items: []Footprint{{150_000, 25_000}, {150_000, 20_000}}, placed: []Placement{{0, 6_000, 6_000}, {1, 6_000, 34_000}}},
		"the deepest goes first":              {items: []Footprint{{60_000, 20_000}, {60_000, 30_000}}, placed: []Placement{{0, 69_000, 6_000}, {1, 6_000, 6_000}}},
		"an item of the whole inner bed":      {items: []Footprint{{208_000, 208_000}}, placed: []Placement{{0, 6_000, 6_000}}},
		"a micron more fits no bed":           {items: []Footprint{{208_001, 10_000}, {10_000, 208_001}}, unfit: []int{0, 1}},
		"no size fits no bed":                 {items: []Footprint{{0, 10_000}, {10_000, -1}}, unfit: []int{0, 1}},
		"the largest number does not wrap":    {items: []Footprint{{math.MaxInt32, math.MaxInt32}}, unfit: []int{0}},
		"what does not fit beside waits":      {items: []Footprint{{208_000, 150_000}, {208_000, 60_000}}, placed: []Placement{{0, 6_000, 6_000}}, left: []int{1}},
		"small ones still follow a large one": {items: []Footprint{{208_000, 190_000}, {208_000, 60_000}, {50_000, 15_000}}, placed: []Placement{{0, 6_000, 6_000}, {2, 6_000, 199_000}}, left: []int{1}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := Pack(bed, test.items)
			if !slices.Equal(got.Placed, test.placed) || !slices.Equal(got.Left, test.left) || !slices.Equal(got.Unfit, test.unfit) {
				t.Errorf("Pack(%v) = %+v, want placed %v, left %v, unfit %v", test.items, got, test.placed, test.left, test.unfit)
			}
		})
	}
}

func TestPack_any_items(t *testing.T) {
	t.Parallel()
	size := rapid.OneOf(rapid.Int32Range(1, 80_000), rapid.Int32Range(-5, 400_000), rapid.Int32())
	footprint := rapid.Custom(func(t *rapid.T) Footprint {
		return Footprint{Width: size.Draw(t, "width"), Depth: size.Draw(t, "depth")}
	})
	rapid.Check(t, func(t *rapid.T) {
		bed := Bed{Width: rapid.Int32Range(0, 400_000).Draw(t, "bed width"), Depth: rapid.Int32Range(0, 400_000).Draw(t, "bed depth")}
		items := rapid.SliceOfN(footprint, 0, 60).Draw(t, "items")
		packing := Pack(bed, items)
		requireNothingLost(t, packing, len(items))
		requireInside(t, bed, items, packing.Placed)
		requireApart(t, items, packing.Placed)
		for _, item := range packing.Unfit {
			if bed.Fits(items[item]) {
				t.Fatalf("%v is called unfit for %v", items[item], bed)
			}
		}
		if len(packing.Placed) == 0 && len(packing.Left) > 0 {
			t.Fatalf("%d items wait for an empty bed", len(packing.Left))
		}
	})
}

func requireNothingLost(t *rapid.T, packing Packing, items int) {
	seen := slices.Concat(packing.Left, packing.Unfit)
	for _, placement := range packing.Placed {
		seen = append(seen, placement.Item)
	}
	slices.Sort(seen)
	for i := range items {
		if i >= len(seen) || seen[i] != i {
			t.Fatalf("item %d is lost or doubled: %v", i, seen)
		}
	}
	if len(seen) != items {
		t.Fatalf("%d items became %d", items, len(seen))
	}
}

func requireInside(t *rapid.T, bed Bed, items []Footprint, placed []Placement) {
	for _, p := range placed {
		if p.X < bedBorder || p.Y < bedBorder ||
			p.X+items[p.Item].Width > bed.Width-bedBorder || p.Y+items[p.Item].Depth > bed.Depth-bedBorder {
			t.Fatalf("%+v of %v leaves %v", p, items[p.Item], bed)
		}
	}
}

func requireApart(t *rapid.T, items []Footprint, placed []Placement) {
	for i, a := range placed {
		for _, b := range placed[:i] {
			apart := a.X >= b.X+items[b.Item].Width+itemGap || b.X >= a.X+items[a.Item].Width+itemGap ||
				a.Y >= b.Y+items[b.Item].Depth+itemGap || b.Y >= a.Y+items[a.Item].Depth+itemGap
			if !apart {
				t.Fatalf("%+v and %+v come too near", a, b)
			}
		}
	}
}

func BenchmarkPack(b *testing.B) {
	items := make([]Footprint, 24)
	for i := range items {
		items[i] = Footprint{Width: 45_000 + int32(i%3)*12_000, Depth: 20_000 + int32(i%5)*1_000}
	}
	for b.Loop() {
		Pack(Bed{Width: 220_000, Depth: 220_000}, items)
	}
}

package tag

import (
	"iter"
	"math/bits"
)

// grid sorts numbered boxes into square cells, so that neighbors are found without looking at all. Items of one cell lie next to
// each other in one array.
type grid struct {
	min           point
	columns, rows int32
	shift         uint // a cell is 2^shift µm wide
	first         []uint32
	items         []uint32
}

// reset lays empty cells over the extent, about one for each expected item.
func (g *grid) reset(extent box, expected int) {
	g.min = extent.min
	w, h := int64(extent.max.x-extent.min.x)+1, int64(extent.max.y-extent.min.y)+1
	g.shift = uint(bits.Len64(uint64(w*h)/uint64(expected+1))+1) / 2
	g.columns, g.rows = int32(w>>g.shift)+1, int32(h>>g.shift)+1
}

// fill sorts n boxes into the cells they touch: one pass counts, one places.
func (g *grid) fill(n int, bounds func(int) box) {
	g.first = resized(g.first, int(g.columns*g.rows)+1)
	clear(g.first)
	for i := range n {
		g.touched(bounds(i), func(cell int32) { g.first[cell]++ })
	}
	var sum uint32
	for cell, count := range g.first {
		sum += count
		g.first[cell] = sum
	}
	g.items = resized(g.items, int(sum))
	for i := n - 1; i >= 0; i-- {
		g.touched(bounds(i), func(cell int32) {
			g.first[cell]--
			g.items[g.first[cell]] = uint32(i)
		})
	}
}

// touched calls each for the cells a box touches.
func (g *grid) touched(b box, each func(cell int32)) {
	left, right := g.column(b.min.x), g.column(b.max.x)
	for row := g.row(b.min.y); row <= g.row(b.max.y); row++ {
		for column := left; column <= right; column++ {
			each(row*g.columns + column)
		}
	}
}

func (g *grid) column(x int32) int32 { return min(max((x-g.min.x)>>g.shift, 0), g.columns-1) }
func (g *grid) row(y int32) int32    { return min(max((y-g.min.y)>>g.shift, 0), g.rows-1) }

// in returns the items of a cell, in ascending order.
func (g *grid) in(cell int32) []uint32 { return g.items[g.first[cell]:g.first[cell+1]] }

// visit calls each for the items of all cells a box touches; an item in several cells is met several times.
func (g *grid) visit(b box, each func(item uint32)) {
	g.touched(b, func(cell int32) {
		for _, item := range g.in(cell) {
			each(item)
		}
	})
}

// cells walks all cells row by row, to and fro, so that each is next to the one before.
func (g *grid) cells() iter.Seq[int32] {
	return func(yield func(int32) bool) {
		for row := range g.rows {
			for i := range g.columns {
				column := i
				if row%2 == 1 {
					column = g.columns - 1 - i
				}
				if !yield(row*g.columns + column) {
					return
				}
			}
		}
	}
}

// resized returns s with length n and any content, in the same memory when that is large enough.
func resized[T any](s []T, n int) []T {
	if n > cap(s) {
		return make([]T, n, n+n/4)
	}
	return s[:n]
}

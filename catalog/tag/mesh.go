package tag

import (
	"iter"
	"math/bits"
	"slices"
)

// Mesh is a closed surface of triangles, counter-clockwise seen from outside.
type Mesh struct {
	Name      string      // of the object in files that have one
	Vertices  [][3]int32  // in µm, z up; the lower left corner of the bounding box is at 0, 0, 0
	Triangles [][3]uint32 // indices of vertices
	TextStart int         // triangles from here on are of the second plastic: the letters', or the plate's above sunk letters
	Sunk      bool        // the second plastic is the plate's
}

// meshBuilder raises a field to a solid: a wall where a triangle is filled and its neighbor is not, and a face where what is filled
// begins or ends. A wall goes through all slabs at once, and has corners above a point wherever another part of the surface has one,
// so that nothing has to be sewn.
type meshBuilder struct {
	t       *triangulation
	f       *field
	mesh    *Mesh
	vertex  []uint32 // for each point and level, its number in the mesh + 1
	corners []uint64 // for each point, bit k when the surface has a corner there at level k
}

func (b *meshBuilder) build(swap Micron) {
	lower := uint32(1)<<b.levelAt(swap) - 1
	b.meet(lower)
	b.count(lower)
	b.vertex = resized(b.vertex, len(b.t.points)*len(b.f.levels))
	clear(b.vertex)
	b.slabs(lower)
	b.mesh.TextStart = len(b.mesh.Triangles)
	b.slabs(^lower)
}

// levelAt is the first level at a height or above it.
func (b *meshBuilder) levelAt(height Micron) int {
	level, _ := slices.BinarySearch(b.f.levels, height)
	return level
}

// meet notes where the surface has corners. What is below the change of plastics ends there, and what is above it begins.
func (b *meshBuilder) meet(lower uint32) {
	b.corners = resized(b.corners, len(b.t.points))
	clear(b.corners)
	for e, org := range b.t.org {
		fill, beyond := b.f.fill[e/3], uint32(0)
		if twin := b.t.twin[e]; twin != none {
			beyond = b.f.fill[twin/3]
		}
		wall := fill &^ beyond
		at := ends(fill) | ends(wall&lower) | ends(wall&^lower)
		b.corners[org] |= at
		b.corners[b.t.dest(int32(e))] |= at
	}
}

// ends has a bit for each level at which slabs that lie on each other begin or end.
func ends(slabs uint32) uint64 { return uint64(slabs) ^ uint64(slabs)<<1 }

// count allocates the mesh in its final size.
func (b *meshBuilder) count(lower uint32) {
	triangles := 0
	for i, fill := range b.f.fill {
		triangles += bits.OnesCount64(ends(fill))
		for e := int32(3 * i); e < int32(3*i)+3; e++ {
			for _, part := range []uint32{lower, ^lower} {
				for wall := range b.walls(e, part) {
					triangles += bits.OnesCount64(b.corners[b.t.org[e]]&wall) + bits.OnesCount64(b.corners[b.t.dest(e)]&wall) - 2
				}
			}
		}
	}
	b.mesh.Triangles = make([][3]uint32, 0, triangles)
	b.mesh.Vertices = make([][3]int32, 0, triangles/2+8) // Euler: a closed surface has half as many, less a few for each hole
}

// walls are the levels of the walls over an edge, each from its lowest to its highest.
func (b *meshBuilder) walls(e int32, part uint32) iter.Seq[uint64] {
	return func(yield func(uint64) bool) {
		fill := b.f.fill[e/3] & part
		if fill == 0 {
			return
		}
		for slabs := uint64(fill &^ b.f.fill[b.t.twin[e]/3]); slabs != 0; {
			from := bits.TrailingZeros64(slabs)
			to := from + bits.TrailingZeros64(^(slabs >> from))
			levels := uint64(1)<<(to+1) - uint64(1)<<from
			if !yield(levels) {
				return
			}
			slabs &^= levels
		}
	}
}

// slabs adds the faces and walls of some slabs: a face that looks down with the slab above it, one that looks up with the slab below.
func (b *meshBuilder) slabs(part uint32) {
	for i, fill := range b.f.fill {
		if fill == 0 {
			continue
		}
		p, q, r := b.t.org[3*i], b.t.org[3*i+1], b.t.org[3*i+2]
		for down := part & fill &^ (fill << 1); down != 0; down &= down - 1 {
			b.face(p, r, q, bits.TrailingZeros32(down))
		}
		for up := part & fill &^ (fill >> 1); up != 0; up &= up - 1 {
			b.face(p, q, r, bits.TrailingZeros32(up)+1)
		}
		for e := int32(3 * i); e < int32(3*i)+3; e++ {
			for levels := range b.walls(e, part) {
				b.wall(b.t.org[e], b.t.dest(e), levels)
			}
		}
	}
}

// wall adds the rectangle over the edge from p to q, with its corners at some levels; the solid is on its left.
func (b *meshBuilder) wall(p, q uint32, levels uint64) {
	left, right := b.corners[p]&levels, b.corners[q]&levels
	lowP, lowQ := b.number(p, pop(&left)), b.number(q, pop(&right))
	for above := left; above != 0; {
		b.number(p, pop(&above)) // before those over q, as the first version of the mesher did
	}
	for left|right != 0 {
		if left == 0 || right != 0 && bits.TrailingZeros64(right) <= bits.TrailingZeros64(left) {
			topQ := b.number(q, pop(&right))
			b.mesh.Triangles = append(b.mesh.Triangles, [3]uint32{lowP, lowQ, topQ})
			lowQ = topQ
		} else {
			topP := b.number(p, pop(&left))
			b.mesh.Triangles = append(b.mesh.Triangles, [3]uint32{lowP, lowQ, topP})
			lowP = topP
		}
	}
}

// pop takes the lowest level out of some.
func pop(levels *uint64) int {
	lowest := bits.TrailingZeros64(*levels)
	*levels &= *levels - 1
	return lowest
}

func (b *meshBuilder) face(p, q, r uint32, level int) {
	b.mesh.Triangles = append(b.mesh.Triangles,
		[3]uint32{b.number(p, level), b.number(q, level), b.number(r, level)})
}

// number returns the mesh's vertex over a point at a level, made when first asked for.
func (b *meshBuilder) number(point uint32, level int) uint32 {
	slot := &b.vertex[int(point)*len(b.f.levels)+level]
	if *slot == 0 {
		p := b.t.points[point]
		b.mesh.Vertices = append(b.mesh.Vertices, [3]int32{p.x, p.y, int32(b.f.levels[level])})
		*slot = uint32(len(b.mesh.Vertices))
	}
	return *slot - 1
}

package tag

import (
	"math"
	"math/bits"
)

// Mesh is a closed surface of triangles, counter-clockwise seen from outside.
type Mesh struct {
	Name      string      // of the object in files that have one
	Vertices  [][3]int32  // in µm, z up; the lower left corner of the bounding box is at 0, 0, 0
	Triangles [][3]uint32 // indices of vertices
	TextStart int         // triangles from here on are of the second plastic: the letters', or the plate's above sunk letters
	Sunk      bool        // the second plastic is the plate's
}

// meshBuilder raises a field to a solid: a wall around each slab where a triangle is filled and its neighbor is not, and a face
// where what is filled begins or ends. Slabs meet in the same vertices, so that nothing has to be sewn.
type meshBuilder struct {
	t      *triangulation
	f      *field
	mesh   *Mesh
	vertex []uint32 // for each point and level, its number in the mesh + 1
}

func (b *meshBuilder) build(swap Micron) {
	b.count()
	b.vertex = resized(b.vertex, len(b.t.points)*len(b.f.levels))
	clear(b.vertex)
	b.slabs(0, swap)
	b.mesh.TextStart = len(b.mesh.Triangles)
	b.slabs(swap, math.MaxInt32)
}

// count allocates the mesh in its final size.
func (b *meshBuilder) count() {
	triangles := 0
	for i, fill := range b.f.fill {
		triangles += bits.OnesCount32(fill ^ fill<<1)
		for e := 3 * i; e < 3*i+3; e++ {
			if twin := b.t.twin[e]; twin != none {
				triangles += 2 * bits.OnesCount32(fill&^b.f.fill[twin/3])
			}
		}
	}
	b.mesh.Triangles = make([][3]uint32, 0, triangles)
	b.mesh.Vertices = make([][3]int32, 0, triangles/2+8) // Euler: a closed surface has half as many, less a few for each hole
}

// slabs adds the faces and walls between two heights: a face that looks down with the slab above it, one that looks up with the
// slab below.
func (b *meshBuilder) slabs(from, to Micron) {
	for i, fill := range b.f.fill {
		if fill == 0 {
			continue
		}
		p, q, r := b.t.org[3*i], b.t.org[3*i+1], b.t.org[3*i+2]
		for k := range uint8(len(b.f.levels) - 1) {
			if b.f.levels[k] < from || b.f.levels[k] >= to {
				continue
			}
			here := fill >> k & 1
			if here != 0 && (k == 0 || fill>>(k-1)&1 == 0) {
				b.face(p, r, q, k)
			}
			if here != 0 && fill>>(k+1)&1 == 0 {
				b.face(p, q, r, k+1)
			}
		}
		for e := int32(3 * i); e < int32(3*i)+3; e++ {
			for walls := fill &^ b.f.fill[b.t.twin[e]/3]; walls != 0; walls &= walls - 1 {
				if low := uint8(bits.TrailingZeros32(walls)); b.f.levels[low] >= from && b.f.levels[low] < to {
					b.wall(b.t.org[e], b.t.dest(e), low)
				}
			}
		}
	}
}

// wall adds the rectangle below the edge from p to q between two levels; the solid is on its left.
func (b *meshBuilder) wall(p, q uint32, low uint8) {
	lowP, lowQ := b.number(p, low), b.number(q, low)
	topP, topQ := b.number(p, low+1), b.number(q, low+1)
	b.mesh.Triangles = append(b.mesh.Triangles, [3]uint32{lowP, lowQ, topQ}, [3]uint32{lowP, topQ, topP})
}

func (b *meshBuilder) face(p, q, r uint32, level uint8) {
	b.mesh.Triangles = append(b.mesh.Triangles,
		[3]uint32{b.number(p, level), b.number(q, level), b.number(r, level)})
}

// number returns the mesh's vertex over a point at a level, made when first asked for.
func (b *meshBuilder) number(point uint32, level uint8) uint32 {
	slot := &b.vertex[int(point)*len(b.f.levels)+int(level)]
	if *slot == 0 {
		p := b.t.points[point]
		b.mesh.Vertices = append(b.mesh.Vertices, [3]int32{p.x, p.y, int32(b.f.levels[level])})
		*slot = uint32(len(b.mesh.Vertices))
	}
	return *slot - 1
}

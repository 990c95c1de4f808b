package tag

import "math"

// Mesh is a closed surface of triangles, counter-clockwise seen from outside.
type Mesh struct {
	Name      string      // of the object in files that have one
	Vertices  [][3]int32  // in µm, z up; the lower left corner of the bounding box is at 0, 0, 0
	Triangles [][3]uint32 // indices of vertices
	TextStart int         // triangles from here on lie above the plate and have the text's color
}

// meshBuilder raises a field to a solid. Between each two levels stands a slab: walls where a triangle reaches its top and
// the neighbor does not. Slabs meet in the same vertices, so that nothing has to be sewn.
type meshBuilder struct {
	t      *triangulation
	f      *field
	mesh   *Mesh
	vertex []uint32 // for each point and level, its number in the mesh + 1
}

func (b *meshBuilder) build(base Micron) {
	b.count(base)
	b.vertex = resized(b.vertex, len(b.t.points)*len(b.f.levels))
	clear(b.vertex)
	b.layers(0, base)
	b.mesh.TextStart = len(b.mesh.Triangles)
	b.layers(base, math.MaxInt32)
}

// count allocates the mesh in its final size.
func (b *meshBuilder) count(base Micron) {
	triangles := 0
	for _, l := range b.f.level {
		if l > 0 {
			triangles += 2
		}
	}
	for e, twin := range b.t.twin {
		if twin != none && b.f.level[e/3] > b.f.level[twin/3] {
			triangles += 2 * int(b.f.level[e/3]-b.f.level[twin/3])
		}
	}
	b.mesh.Triangles = make([][3]uint32, 0, triangles)
	b.mesh.Vertices = make([][3]int32, 0, triangles/2+8) // Euler: a closed surface has half as many, less a few for each hole
}

// layers adds the faces and walls above the height from up to the height to.
func (b *meshBuilder) layers(from, to Micron) {
	for i, l := range b.f.level {
		e := 3 * i
		if l == 0 {
			continue
		}
		p, q, r := b.t.org[e], b.t.org[e+1], b.t.org[e+2]
		if from == 0 {
			b.face(p, r, q, 0)
		}
		if top := b.f.levels[l]; top > from && top <= to {
			b.face(p, q, r, l)
		}
		for e := int32(e); e < 3*int32(i)+3; e++ {
			for low := b.f.level[b.t.twin[e]/3]; low < l; low++ {
				if b.f.levels[low] >= from && b.f.levels[low] < to {
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

package tag

import "fmt"

// Check proves that the mesh is the closed surface of a solid: every edge belongs to exactly two triangles that run along it
// in opposite directions, no triangle is without area, no two vertices lie in one place, and the volume is positive. It fails with
// ErrNotClosed and says where.
func (m *Mesh) Check() error {
	seen := make(map[[3]int32]struct{}, len(m.Vertices))
	for _, v := range m.Vertices {
		if _, twice := seen[v]; twice {
			return fmt.Errorf("%w: two vertices at %v", ErrNotClosed, v)
		}
		seen[v] = struct{}{}
	}
	for i, t := range m.Triangles {
		if m.normal(t) == [3]int64{} {
			return fmt.Errorf("%w: triangle %d has no area", ErrNotClosed, i)
		}
	}
	first, dest := m.edges()
	for u := range m.Vertices {
		for _, v := range dest[first[u]:first[u+1]] {
			there, back := count(dest[first[u]:first[u+1]], v), count(dest[first[v]:first[v+1]], uint32(u))
			if there != 1 || back != 1 {
				return fmt.Errorf("%w: an edge at %v has %d triangles on one side and %d on the other",
					ErrNotClosed, m.Vertices[u], there, back)
			}
		}
	}
	if v := m.Volume(); v <= 0 {
		return fmt.Errorf("%w: its volume is %g mm³", ErrNotClosed, v)
	}
	return nil
}

// edges lists the directed edges by the vertex where they begin: dest[first[u]:first[u+1]] are the ends of those from u.
func (m *Mesh) edges() (first, dest []uint32) {
	first = make([]uint32, len(m.Vertices)+1)
	for _, t := range m.Triangles {
		for _, v := range t {
			first[v]++
		}
	}
	var sum uint32
	for v, n := range first {
		sum += n
		first[v] = sum
	}
	dest = make([]uint32, sum)
	for _, t := range m.Triangles {
		for k, v := range t {
			first[v]--
			dest[first[v]] = t[(k+1)%3]
		}
	}
	return first, dest
}

func count(list []uint32, v uint32) (n int) {
	for _, w := range list {
		if w == v {
			n++
		}
	}
	return n
}

// Volume returns the enclosed volume in mm³, by the divergence theorem. It is exact but for the last conversion.
func (m *Mesh) Volume() float64 {
	var sum float64
	for _, t := range m.Triangles {
		n := m.normal(t)
		a, b, c := m.Vertices[t[0]], m.Vertices[t[1]], m.Vertices[t[2]]
		sum += float64(int64(a[2])+int64(b[2])+int64(c[2])) * float64(n[2])
	}
	return sum / 6e9
}

// normal returns a vector outward with twice the triangle's area for length, in µm².
func (m *Mesh) normal(t [3]uint32) [3]int64 {
	a, b, c := m.Vertices[t[0]], m.Vertices[t[1]], m.Vertices[t[2]]
	var u, v [3]int64
	for k := range u {
		u[k], v[k] = int64(b[k]-a[k]), int64(c[k]-a[k])
	}
	return [3]int64{u[1]*v[2] - u[2]*v[1], u[2]*v[0] - u[0]*v[2], u[0]*v[1] - u[1]*v[0]}
}

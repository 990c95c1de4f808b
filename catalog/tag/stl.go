package tag

import (
	"encoding/binary"
	"io"
	"math"
)

// WriteSTL writes the mesh as binary STL in millimeters, the one unit every slicer assumes. Its 32-bit floats hold a µm
// exactly enough that no two vertices fall together.
func (m *Mesh) WriteSTL(w io.Writer) error {
	const header, facet = 84, 50
	out := make([]byte, header, header+facet*len(m.Triangles))
	copy(out, "tsukuriba tag, mm")
	binary.LittleEndian.PutUint32(out[80:], uint32(len(m.Triangles)))
	for _, t := range m.Triangles {
		for _, n := range unit(m.normal(t)) {
			out = appendFloat(out, n)
		}
		for _, v := range t {
			for _, c := range m.Vertices[v] {
				out = appendFloat(out, float64(c)/1000)
			}
		}
		out = append(out, 0, 0)
	}
	_, err := w.Write(out)
	return err
}

func appendFloat(out []byte, f float64) []byte {
	return binary.LittleEndian.AppendUint32(out, math.Float32bits(float32(f)))
}

// unit scales a vector to length 1.
func unit(v [3]int64) [3]float64 {
	x, y, z := float64(v[0]), float64(v[1]), float64(v[2])
	l := math.Sqrt(x*x + y*y + z*z)
	return [3]float64{x / l, y / l, z / l}
}

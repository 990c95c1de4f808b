package tag

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"image/color"
	"io"
	"math"
)

// Colors are the two plastics of a tag: the plate's and the letters'.
type Colors struct {
	Base, Text color.RGBA
}

// part names what a triangle belongs to: the plate or the letters.
func (m *Mesh) part(triangle int) string {
	if (triangle >= m.TextStart) != m.Sunk {
		return "text"
	}
	return "base"
}

// paint is the color of a triangle.
func (m *Mesh) paint(c Colors, triangle int) color.RGBA {
	if m.part(triangle) == "text" {
		return c.Text
	}
	return c.Base
}

// WriteGLB writes the mesh as binary glTF 2.0 for the screen: meters, y up, lying on the ground and centered, one node "tag"
// with the materials "base" and "text" for plate and letters, whichever is below. It has no normals: a viewer then draws flat faces, as glTF demands, and the
// file is a third of the size.
func (m *Mesh) WriteGLB(w io.Writer, c Colors) error {
	positions := m.positions()
	indices, indexType := m.indices()
	doc := m.gltf(c, len(positions), len(indices), indexType)
	text, err := json.Marshal(doc)
	if err != nil {
		return fmt.Errorf("write GLB: %w", err)
	}
	for len(text)%4 != 0 {
		text = append(text, ' ')
	}
	binaryLength := len(positions) + len(indices)
	out := make([]byte, 0, 28+len(text)+binaryLength)
	out = appendWords(out, glbMagic, 2, uint32(28+len(text)+binaryLength), uint32(len(text)), chunkJSON)
	out = append(out, text...)
	out = appendWords(out, uint32(binaryLength), chunkBinary)
	out = append(append(out, positions...), indices...)
	_, err = w.Write(out)
	return err
}

const (
	glbMagic    = 0x46546C67
	chunkJSON   = 0x4E4F534A
	chunkBinary = 0x004E4942
)

func appendWords(out []byte, words ...uint32) []byte {
	for _, w := range words {
		out = binary.LittleEndian.AppendUint32(out, w)
	}
	return out
}

// positions returns the vertices as 32-bit floats in meters: x right, y up from the bed, z toward the reader.
func (m *Mesh) positions() []byte {
	lo, hi := m.extent()
	out := make([]byte, 0, 12*len(m.Vertices))
	for _, v := range m.Vertices {
		out = appendFloat(out, float64(2*v[0]-lo[0]-hi[0])/2e6)
		out = appendFloat(out, float64(v[2])/1e6)
		out = appendFloat(out, float64(lo[1]+hi[1]-2*v[1])/2e6)
	}
	return out
}

// extent returns the corners of the bounding box.
func (m *Mesh) extent() (lo, hi [3]int32) {
	lo, hi = m.Vertices[0], m.Vertices[0]
	for _, v := range m.Vertices {
		for k := range v {
			lo[k], hi[k] = min(lo[k], v[k]), max(hi[k], v[k])
		}
	}
	return lo, hi
}

// Component types of glTF accessors.
const (
	glUnsignedShort = 5123
	glUnsignedInt   = 5125
	glFloat         = 5126
)

// indices returns the triangles in the smallest type that can count the vertices, filled up to whole words.
func (m *Mesh) indices() ([]byte, int) {
	kind := glUnsignedShort
	if len(m.Vertices) > math.MaxUint16 {
		kind = glUnsignedInt
	}
	var out []byte
	for _, t := range m.Triangles {
		for _, v := range t {
			if kind == glUnsignedInt {
				out = binary.LittleEndian.AppendUint32(out, v)
			} else {
				out = binary.LittleEndian.AppendUint16(out, uint16(v))
			}
		}
	}
	for len(out)%4 != 0 {
		out = append(out, 0)
	}
	return out, kind
}

type object = map[string]any

// gltf returns the JSON part.
func (m *Mesh) gltf(c Colors, positions, indices, indexType int) object {
	lo, hi := m.extent()
	half := [2]float64{float64(hi[0]-lo[0]) / 2e6, float64(hi[1]-lo[1]) / 2e6}
	size := map[int]int{glUnsignedShort: 2, glUnsignedInt: 4}[indexType]
	accessors := []object{{
		"bufferView": 0, "componentType": glFloat, "type": "VEC3", "count": len(m.Vertices),
		"min": []float32{float32(-half[0]), 0, float32(-half[1])},
		"max": []float32{float32(half[0]), float32(float64(hi[2]) / 1e6), float32(half[1])},
	}}
	var primitives []object
	var materials []object
	for _, part := range []struct {
		name     string
		from, to int
		color    color.RGBA
	}{{m.part(0), 0, m.TextStart, m.paint(c, 0)}, {m.part(m.TextStart), m.TextStart, len(m.Triangles), m.paint(c, m.TextStart)}} {
		if part.from == part.to { // glTF allows no empty accessor
			continue
		}
		primitives = append(primitives, object{
			"attributes": object{"POSITION": 0}, "indices": len(accessors), "material": len(materials),
		})
		materials = append(materials, material(part.name, part.color))
		accessors = append(accessors, object{
			"bufferView": 1, "byteOffset": 3 * size * part.from, "componentType": indexType,
			"type": "SCALAR", "count": 3 * (part.to - part.from),
		})
	}
	return object{
		"asset": object{"version": "2.0", "generator": "tsukuriba"}, "scene": 0,
		"scenes": []object{{"nodes": []int{0}}}, "nodes": []object{{"mesh": 0, "name": "tag"}},
		"meshes": []object{{"primitives": primitives}}, "materials": materials, "accessors": accessors,
		"buffers": []object{{"byteLength": positions + indices}},
		"bufferViews": []object{
			{"buffer": 0, "byteLength": positions, "target": 34962},
			{"buffer": 0, "byteOffset": positions, "byteLength": indices, "target": 34963},
		},
	}
}

func material(name string, c color.RGBA) object {
	return object{"name": name, "pbrMetallicRoughness": object{
		"baseColorFactor": []float64{linear(c.R), linear(c.G), linear(c.B), 1}, "metallicFactor": 0, "roughnessFactor": 0.55,
	}}
}

// linear turns an sRGB component into linear light (IEC 61966-2-1).
func linear(c uint8) float64 {
	v := float64(c) / 255
	if v <= 0.04045 {
		return v / 12.92
	}
	return math.Pow((v+0.055)/1.055, 2.4)
}

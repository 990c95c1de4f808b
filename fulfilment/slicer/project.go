package slicer

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"strconv"

	"tsukuriba/catalog/tag"
)

// adapterVersion is raised when the same plate would lead to another G-code than before.
const adapterVersion = "1"

// project is the content of a 3MF for PrusaSlicer (3MF Core Specification 1.3): every object under
// its own name at its own place. It is made from meshes only, because PrusaSlicer runs scripts it
// finds in a foreign 3MF. The same plate gives the same bytes.
type project struct {
	file  string // PrusaSlicer names a lone object after its file
	model []byte
	swap  []byte // PrusaSlicer's own part with the color change; empty without one
}

const contentTypes = `<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="model" ContentType="application/vnd.ms-package.3dmanufacturing-3dmodel+xml"/></Types>
`

const relationships = `<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Target="/3D/3dmodel.model" Id="model" Type="http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel"/></Relationships>
`

func newProject(plate Plate) project {
	model := []byte(`<?xml version="1.0" encoding="UTF-8"?>
<model unit="millimeter" xml:lang="en-US" xmlns="http://schemas.microsoft.com/3dmanufacturing/core/2015/02"><resources>
`)
	for i, object := range plate.Objects {
		model = fmt.Appendf(model, `<object id="%d" name="%s" type="model"><mesh>`, i+1, object.Name)
		model = appendMesh(model, object.Mesh)
		model = append(model, "</mesh></object>\n"...)
	}
	model = append(model, "</resources><build>\n"...)
	for i, object := range plate.Objects {
		model = fmt.Appendf(model, `<item objectid="%d" transform="1 0 0 0 1 0 0 0 1 `, i+1)
		model = append(appendMillimeters(model, object.X), ' ')
		model = append(appendMillimeters(model, object.Y), " 0\"/>\n"...)
	}
	model = append(model, "</build></model>\n"...)
	return project{file: plate.Objects[0].Name + ".3mf", model: model, swap: colorSwap(plate)}
}

func appendMesh(b []byte, mesh *tag.Mesh) []byte {
	b = append(b, "<vertices>"...)
	for _, v := range mesh.Vertices {
		b = appendMillimeters(append(b, `<vertex x="`...), v[0])
		b = appendMillimeters(append(b, `" y="`...), v[1])
		b = appendMillimeters(append(b, `" z="`...), v[2])
		b = append(b, `"/>`...)
	}
	b = append(b, "</vertices><triangles>"...)
	for _, t := range mesh.Triangles {
		b = strconv.AppendUint(append(b, `<triangle v1="`...), uint64(t[0]), 10)
		b = strconv.AppendUint(append(b, `" v2="`...), uint64(t[1]), 10)
		b = strconv.AppendUint(append(b, `" v3="`...), uint64(t[2]), 10)
		b = append(b, `"/>`...)
	}
	return append(b, "</triangles>"...)
}

// appendMillimeters writes µm as mm without going through binary fractions.
func appendMillimeters(b []byte, microns int32) []byte {
	n := int64(microns)
	if n < 0 {
		b, n = append(b, '-'), -n
	}
	b = strconv.AppendInt(b, n/1000, 10)
	return append(b, '.', byte('0'+n/100%10), byte('0'+n/10%10), byte('0'+n%10))
}

func colorSwap(plate Plate) []byte {
	if plate.SwapZ == 0 {
		return nil
	}
	return fmt.Appendf(nil, `<?xml version="1.0" encoding="utf-8"?>
<custom_gcodes_per_print_z><code print_z="%s" type="0" extruder="1" color="%s" extra="" gcode="M600"/><mode value="SingleExtruder"/></custom_gcodes_per_print_z>
`, appendMillimeters(nil, plate.SwapZ), plate.TextColor)
}

// write stores the 3MF uncompressed: the slicer reads it once, from the same disk.
func (p project) write(w io.Writer) error {
	archive := zip.NewWriter(w)
	parts := []struct {
		name    string
		content []byte
	}{
		{"[Content_Types].xml", []byte(contentTypes)},
		{"_rels/.rels", []byte(relationships)},
		{"3D/3dmodel.model", p.model},
		{"Metadata/Prusa_Slicer_custom_gcode_per_print_z.xml", p.swap},
	}
	for _, part := range parts {
		if len(part.content) == 0 {
			continue
		}
		file, err := archive.CreateHeader(&zip.FileHeader{Name: part.name, Method: zip.Store})
		if err != nil {
			return fmt.Errorf("add %s: %w", part.name, err)
		}
		if _, err := file.Write(part.content); err != nil {
			return fmt.Errorf("write %s: %w", part.name, err)
		}
	}
	return archive.Close()
}

// key identifies all that decides about the G-code: names, geometry, places, colors, swap, the
// whole profile, the slicer's version and ours.
func (p project) key(plate Plate, slicerVersion string) string {
	hash := sha256.New()
	for _, part := range []string{adapterVersion, slicerVersion, plate.Profile.INI, plate.BaseColor, string(p.model), string(p.swap)} {
		_ = binary.Write(hash, binary.BigEndian, uint64(len(part))) // a hash accepts every write
		io.WriteString(hash, part)
	}
	return hex.EncodeToString(hash.Sum(nil))
}

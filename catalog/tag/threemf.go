package tag

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
)

// Write3MF writes the mesh as a 3MF package (3MF Core Specification 1.3): one object with the mesh's name, in millimeters, its
// triangles in two materials "base" and "text". It holds nothing else: no scripts, settings or pictures.
func (m *Mesh) Write3MF(w io.Writer) error {
	z := zip.NewWriter(w)
	parts := []struct {
		name    string
		content []byte
	}{
		{"[Content_Types].xml", []byte(contentTypes)},
		{"_rels/.rels", []byte(relationships)},
		{"3D/3dmodel.model", m.model()},
	}
	for _, p := range parts {
		part, err := z.Create(p.name)
		if err != nil {
			return fmt.Errorf("write 3MF: %w", err)
		}
		if _, err := part.Write(p.content); err != nil {
			return fmt.Errorf("write 3MF: %w", err)
		}
	}
	return z.Close()
}

const (
	contentTypes = xml.Header + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="model" ContentType="application/vnd.ms-package.3dmanufacturing-3dmodel+xml"/></Types>`
	relationships = xml.Header + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Target="/3D/3dmodel.model" Id="rel0" Type="http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel"/>` +
		`</Relationships>`
	modelStart = xml.Header + `<model unit="millimeter" xmlns="http://schemas.microsoft.com/3dmanufacturing/core/2015/02"><resources>` +
		`<basematerials id="2"><base name="base" displaycolor="#FFFFFF"/><base name="text" displaycolor="#303030"/></basematerials>` +
		`<object id="1" type="model" pid="2" pindex="0" name="`
	modelEnd = `</triangles></mesh></object></resources><build><item objectid="1"/></build></model>`
)

// model returns the XML of the model part.
func (m *Mesh) model() []byte {
	var b bytes.Buffer
	b.Grow(80 * len(m.Triangles))
	b.WriteString(modelStart)
	xml.EscapeText(&b, []byte(m.Name)) // a bytes.Buffer cannot fail
	b.WriteString(`"><mesh><vertices>`)
	var number []byte
	for _, v := range m.Vertices {
		number = fmt.Appendf(number[:0], `<vertex x="%s" y="%s" z="%s"/>`, mm(v[0]), mm(v[1]), mm(v[2]))
		b.Write(number)
	}
	b.WriteString(`</vertices><triangles>`)
	for i, t := range m.Triangles {
		material := ""
		if i >= m.TextStart {
			material = ` pid="2" p1="1"`
		}
		number = fmt.Appendf(number[:0], `<triangle v1="%d" v2="%d" v3="%d"%s/>`, t[0], t[1], t[2], material)
		b.Write(number)
	}
	b.WriteString(modelEnd)
	return b.Bytes()
}

// mm writes µm as millimeters, without loss.
func mm(n int32) string { return strconv.FormatFloat(float64(n)/1000, 'f', -1, 64) }

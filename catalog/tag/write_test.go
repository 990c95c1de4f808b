package tag

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"encoding/xml"
	"errors"
	"image/color"
	"image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestWriteSTL_satisfies_admesh(t *testing.T) {
	t.Parallel()
	admesh, err := exec.LookPath("admesh")
	if err != nil {
		t.Skip("admesh is not installed")
	}
	name := filepath.Join(t.TempDir(), "tag.stl")
	file, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(built(t, DefaultSpec("さくら工房", MPlusRoundedExtraBold)).Mesh.WriteSTL(file), file.Close()); err != nil {
		t.Fatal(err)
	}
	said, err := exec.Command(admesh, name).CombinedOutput()
	if err != nil {
		t.Fatalf("admesh: %v\n%s", err, said)
	}
	for _, line := range []string{
		"Number of parts       :     1", "Degenerate facets     :     0", "Edges fixed           :     0",
		"Facets reversed       :     0", "Backwards edges       :     0",
	} {
		if !strings.Contains(string(said), line) {
			t.Errorf("does not say %q:\n%s", line, said)
		}
	}
}

func TestWrite3MF(t *testing.T) {
	t.Parallel()
	m := built(t, DefaultSpec(`A&B "<犬>"`, NotoSansJPBold)).Mesh
	var file bytes.Buffer
	if err := m.Write3MF(&file); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(file.Bytes()), int64(file.Len()))
	if err != nil {
		t.Fatal(err)
	}
	if len(z.File) != 3 {
		t.Errorf("has %d parts; nothing but the model is wanted", len(z.File))
	}
	part, err := z.Open("3D/3dmodel.model")
	if err != nil {
		t.Fatal(err)
	}
	var model struct {
		Unit   string `xml:"unit,attr"`
		Object struct {
			Name      string     `xml:"name,attr"`
			Vertices  []struct{} `xml:"mesh>vertices>vertex"`
			Triangles []struct {
				Material string `xml:"p1,attr"`
			} `xml:"mesh>triangles>triangle"`
		} `xml:"resources>object"`
	}
	content, err := io.ReadAll(part)
	if err != nil {
		t.Fatal(err)
	}
	if err := xml.Unmarshal(content, &model); err != nil {
		t.Fatal(err)
	}
	o := model.Object
	if model.Unit != "millimeter" || o.Name != m.Name || len(o.Vertices) != len(m.Vertices) || len(o.Triangles) != len(m.Triangles) {
		t.Errorf("holds %s, %q, %d vertices, %d triangles", model.Unit, o.Name, len(o.Vertices), len(o.Triangles))
	}
	if o.Triangles[m.TextStart-1].Material != "" || o.Triangles[m.TextStart].Material != "1" {
		t.Error("the text's material does not begin with the text")
	}
}

func TestWriteGLB(t *testing.T) {
	t.Parallel()
	raised := DefaultSpec("たろう", MPlusRoundedExtraBold)
	sunk := raised
	sunk.Engrave = true
	for name, want := range map[string]struct {
		spec      Spec
		materials int
	}{"raised": {raised, 2}, "engraved": {sunk, 2}} {
		m := built(t, want.spec).Mesh
		var file bytes.Buffer
		if err := m.WriteGLB(&file, Colors{Text: color.RGBA{R: 255, A: 255}}); err != nil {
			t.Fatal(err)
		}
		b := file.Bytes()
		length := binary.LittleEndian.Uint32(b[12:])
		var doc struct {
			Accessors []struct{ Count int }
			Materials []struct {
				PbrMetallicRoughness struct{ BaseColorFactor []float64 }
			}
			Buffers []struct{ ByteLength int }
		}
		if err := json.Unmarshal(b[20:20+length], &doc); err != nil {
			t.Fatal(err)
		}
		if int(binary.LittleEndian.Uint32(b[8:])) != len(b) || length%4 != 0 || len(b) != 28+int(length)+doc.Buffers[0].ByteLength {
			t.Errorf("%s: lengths do not add up", name)
		}
		indices := 0
		for _, a := range doc.Accessors[1:] {
			indices += a.Count
		}
		if len(doc.Materials) != want.materials || indices != 3*len(m.Triangles) || doc.Accessors[0].Count != len(m.Vertices) {
			t.Errorf("%s: %d materials, %d indices, %d positions", name, len(doc.Materials), indices, doc.Accessors[0].Count)
		}
	}
}

func TestRenderPNG(t *testing.T) {
	t.Parallel()
	base, text, table := color.RGBA{0, 0, 200, 255}, color.RGBA{220, 0, 0, 255}, color.RGBA{0, 200, 0, 255}
	m := built(t, DefaultSpec("口", NotoSansJPBold)).Mesh
	var file bytes.Buffer
	o := RenderOptions{Width: 320, Height: 200, Colors: Colors{base, text}, Background: table, View: ViewTop}
	if err := m.RenderPNG(&file, o); err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(&file)
	if err != nil {
		t.Fatal(err)
	}
	if size := img.Bounds().Size(); size.X != 320 || size.Y != 200 {
		t.Errorf("is %v large", size)
	}
	red, green, blue := 0, 0, 0
	for y := range 200 {
		for x := range 320 {
			r, g, b, _ := img.At(x, y).RGBA()
			switch {
			case r > g && r > b:
				red++
			case g > r && g > b:
				green++
			case b > r && b > g:
				blue++
			}
		}
	}
	if red < 2000 || green < 5000 || blue < 10000 {
		t.Errorf("shows %d pixels of text, %d of plate, %d of table", red, blue, green)
	}
	o.Background = color.RGBA{}
	clear, err := m.Render(o)
	if err != nil {
		t.Fatal(err)
	}
	if a := clear.NRGBAAt(0, 0).A; a != 0 {
		t.Errorf("without a table the corner has alpha %d", a)
	}
	o.Width = 100000
	if _, err := m.Render(o); !errors.Is(err, ErrPictureSize) {
		t.Errorf("a picture of 100,000 pixels: %v", err)
	}
}

func TestCheck_finds(t *testing.T) {
	t.Parallel()
	for name, harm := range map[string]func(*Mesh){
		"a missing face":    func(m *Mesh) { m.Triangles = m.Triangles[1:] },
		"a reversed face":   func(m *Mesh) { f := &m.Triangles[0]; f[0], f[1] = f[1], f[0] },
		"a doubled face":    func(m *Mesh) { m.Triangles = append(m.Triangles, m.Triangles[0]) },
		"a flat face":       func(m *Mesh) { m.Triangles[0][1] = m.Triangles[0][0] },
		"two equal corners": func(m *Mesh) { m.Vertices = append(m.Vertices, m.Vertices[0]) },
		"an inside-out solid": func(m *Mesh) {
			for i, f := range m.Triangles {
				m.Triangles[i] = [3]uint32{f[1], f[0], f[2]}
			}
		},
	} {
		m := built(t, DefaultSpec("犬", NotoSansJPBold)).Mesh
		if harm(m); !errors.Is(m.Check(), ErrNotClosed) {
			t.Errorf("%s is not found", name)
		}
	}
}

func TestHash(t *testing.T) {
	t.Parallel()
	book, spec := fonts(t), DefaultSpec("神", NotoSansJPBold)
	seen := map[Hash]string{}
	for name, change := range map[string]func(*Spec){
		"same": func(*Spec) {}, "compatibility form": func(s *Spec) { s.Text = "\uFA19" }, "font": func(s *Spec) { s.Font = MPlusRoundedBold },
		"em": func(s *Spec) { s.Em++ }, "second line": func(s *Spec) { s.Text, s.SecondLine = "", "神" }, "engraved": func(s *Spec) { s.Engrave = true },
		"hole": func(s *Spec) { s.Hole = 0 }, "tracking": func(s *Spec) { s.Tracking = -1 },
	} {
		s := spec
		change(&s)
		h, err := s.Hash(book)
		if err != nil {
			t.Fatal(err)
		}
		if other, taken := seen[h]; taken {
			t.Errorf("%s and %s have one hash", name, other)
		}
		seen[h] = name
	}
	spec.Font = "comic"
	if _, err := spec.Hash(book); !errors.Is(err, ErrUnknownFont) {
		t.Errorf("hash of an unknown font: %v", err)
	}
}

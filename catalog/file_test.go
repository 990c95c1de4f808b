package catalog

import (
	"archive/zip"
	"bytes"
	"errors"
	"image"
	"image/png"
	"strings"
	"testing"
)

const textSTL = "solid a\nfacet normal 0 0 1\nouter loop\nvertex 0 0 0\nvertex 1 0 0\nvertex 0 1 0\nendloop\nendfacet\nendsolid a\n"

// archive is a ZIP with one part.
func archive(t *testing.T, part string) string {
	t.Helper()
	var content bytes.Buffer
	writer := zip.NewWriter(&content)
	if _, err := writer.Create(part); err != nil {
		t.Fatal(err)
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	return content.String()
}

func TestFileIsNamedByItsContent(t *testing.T) {
	t.Parallel()
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 2, 2))); err != nil {
		t.Fatal(err)
	}
	binarySTL := "solid" + strings.Repeat(" ", 75) + "\x01\x00\x00\x00" + strings.Repeat("\x00", 50)
	pdf := "%PDF-1.7\n1 0 obj\nendobj\ntrailer\n%%EOF\n"
	for fact, c := range map[string]struct {
		name, content string
		want          File
		err           error
	}{
		"a text of facets":             {"かたち.STL", textSTL, File{Name: "かたち.stl", Type: "model/stl"}, nil},
		"a binary model":               {"a.b.stl", binarySTL, File{Name: "a.b.stl", Type: "model/stl"}, nil},
		"a binary model cut off":       {"a.stl", binarySTL[:100], File{}, ErrFileType},
		"a model in an archive":        {"a.zip", archive(t, "3D/3dmodel.model"), File{Name: "a.3mf", Type: "model/3mf"}, nil},
		"an archive":                   {"a.exe", archive(t, "a.txt"), File{Name: "a.zip", Type: "application/zip"}, nil},
		"an archive cut off":           {"a.zip", archive(t, "a.txt")[:40], File{}, ErrFileType},
		"a paper from another machine": {`C:\papers\型紙?.pdf`, pdf, File{Name: "型紙.pdf", Type: "application/pdf"}, nil},
		"a paper cut off":              {"a.pdf", pdf[:20], File{}, ErrFileType},
		"a picture":                    {"../../..", picture.String(), File{Name: "download.png", Type: "image/png"}, nil},
		"a picture cut off":            {"a.png", picture.String()[:40], File{}, ErrFileType},
		"a program called a model":     {"a.stl", "MZ\x90\x00 solid facet normal endsolid", File{}, ErrFileType},
		"a page called a picture":      {"a.png", "<script>alert(1)</script>", File{}, ErrFileType},
		"nothing":                      {"a.stl", "", File{}, ErrFileType},
		"too much":                     {"a.stl", textSTL + strings.Repeat(" ", MaxFile), File{}, ErrFileTooLarge},
		"a name without an end":        {strings.Repeat("名", 300), textSTL, File{Name: strings.Repeat("名", 80) + ".stl", Type: "model/stl"}, nil},
	} {
		t.Run(fact, func(t *testing.T) {
			t.Parallel()
			file := File{Name: c.name, Content: []byte(c.content)}
			if err := file.check(); !errors.Is(err, c.err) {
				t.Fatalf("err = %v, want %v", err, c.err)
			}
			if c.err == nil && (file.Name != c.want.Name || file.Type != c.want.Type) {
				t.Errorf("taken as %q of type %q, want %q of type %q", file.Name, file.Type, c.want.Name, c.want.Type)
			}
		})
	}
}

func FuzzFormatOf(f *testing.F) {
	for _, seed := range []string{textSTL, "%PDF-1.7 %%EOF", "\x89PNG\r\n\x1a\n", "PK\x03\x04"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		if format, ok := formatOf(content); ok && (format.mediaType == "" || !strings.HasPrefix(format.ending, ".")) {
			t.Errorf("%q is taken as %+v", content, format)
		}
	})
}

package catalog

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"image/png"
)

// fileFormat is a kind of file that can be sold.
type fileFormat struct{ mediaType, ending string }

// formatOf recognizes a file by its content alone. What is cut off is none. Signatures: ISO 32000-1
// § 7.5.2 (PDF), PNG § 5.2, APPNOTE § 4.3 (ZIP), 3MF Core § 2.1.
func formatOf(content []byte) (fileFormat, bool) {
	switch {
	case isSTL(content):
		return fileFormat{"model/stl", ".stl"}, true
	case bytes.HasPrefix(content, []byte("%PDF-")):
		return fileFormat{"application/pdf", ".pdf"}, bytes.Contains(tail(content, 1024), []byte("%%EOF"))
	case bytes.HasPrefix(content, []byte("\x89PNG\r\n\x1a\n")):
		_, err := png.DecodeConfig(bytes.NewReader(content))
		whole := bytes.Contains(tail(content, 16), []byte("IEND"))
		return fileFormat{"image/png", ".png"}, err == nil && whole
	case bytes.HasPrefix(content, []byte("PK\x03\x04")):
		return archiveOf(content)
	}
	return fileFormat{}, false
}

// archiveOf tells a model from any other archive by the part that every model has.
func archiveOf(content []byte) (fileFormat, bool) {
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return fileFormat{}, false
	}
	for _, part := range archive.File {
		if part.Name == "3D/3dmodel.model" {
			return fileFormat{"model/3mf", ".3mf"}, true
		}
	}
	return fileFormat{"application/zip", ".zip"}, true
}

// isSTL holds for a binary file that is as long as its number of triangles says, and for a text of
// facets. Some programs begin a binary file with "solid", too.
func isSTL(content []byte) bool {
	const header, triangle = 80, 50
	if len(content) > header+4 {
		count := int64(binary.LittleEndian.Uint32(content[header:]))
		if int64(len(content)) == header+4+count*triangle {
			return true
		}
	}
	return bytes.HasPrefix(content, []byte("solid")) && bytes.Contains(content, []byte("facet normal")) &&
		bytes.Contains(tail(content, 1024), []byte("endsolid"))
}

func tail(content []byte, most int) []byte { return content[max(0, len(content)-most):] }

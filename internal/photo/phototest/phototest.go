// Package phototest takes photos for tests.
package phototest

import (
	"bytes"
	"image"
	"image/jpeg"
	"slices"
	"testing"
)

// Place is what a photo of Snapshot says of where it was taken.
const Place = "GPS 35.1234N 139.5678E"

// Snapshot is a JPEG of 40 × 30 points in a shade of its own, as a camera writes it: with its Place.
func Snapshot(t testing.TB, shade uint8) []byte {
	t.Helper()
	picture := image.NewGray(image.Rect(0, 0, 40, 30))
	for i := range picture.Pix {
		picture.Pix[i] = shade
	}
	var file bytes.Buffer
	if err := jpeg.Encode(&file, picture, nil); err != nil {
		t.Fatal(err)
	}
	segment := "Exif\x00\x00" + Place
	return slices.Concat([]byte{0xff, 0xd8, 0xff, 0xe1, 0, byte(len(segment) + 2)}, []byte(segment), file.Bytes()[2:])
}

package slicer

import (
	"fmt"
	"sync"
	"testing"

	"tsukuriba/catalog/tag"
)

var fonts = sync.OnceValues(tag.LoadFonts)

func requireTag(tb testing.TB, text string) *tag.Mesh {
	tb.Helper()
	book, err := fonts()
	if err != nil {
		tb.Fatal(err)
	}
	model, err := book.Build(tag.DefaultSpec(text, tag.MPlusRoundedBold))
	if err != nil {
		tb.Fatal(err)
	}
	return model.Mesh
}

func TestSlice_real_tags(t *testing.T) {
	t.Parallel()
	plate := Plate{BaseColor: "#F4EFE6", TextColor: "#C0392B", Profile: PLA020()}
	plate.SwapZ = plate.Profile.LayerAbove(int32(tag.DefaultSpec("", "").Base))
	y := int32(6000)
	for i, text := range []string{"たろう", "さくら工房", "Halloween 2026", "髙﨑", "!"} {
		mesh := requireTag(t, text)
		plate.Objects = append(plate.Objects, Object{Name: fmt.Sprintf("unt_%d", i), Mesh: mesh, X: 6000, Y: y})
		_, high := extent(mesh)
		y += high[1] + 3000
	}
	result, err := installed(t).Slice(t.Context(), plate)
	if err != nil {
		t.Fatal(err)
	}
	if result.ColorSwaps != 1 || result.Layers != 15 {
		t.Errorf("%d swaps in %d layers, want 1 in 15", result.ColorSwaps, result.Layers)
	}
}

package slicer

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"tsukuriba/catalog/tag"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// block is a closed box in µm.
func block(width, depth, height int32) *tag.Mesh {
	return floating(0, width, depth, height)
}

func floating(bottom, width, depth, top int32) *tag.Mesh {
	return &tag.Mesh{
		Vertices: [][3]int32{
			{0, 0, bottom},
			{width, 0, bottom},
			{width, depth, bottom},
			{0, depth, bottom},
			{0, 0, top},
			{width, 0, top},
			{width, depth, top},
			{0, depth, top},
		},
		Triangles: [][3]uint32{
			{0, 2, 1},
			{0, 3, 2},
			{4, 5, 6},
			{4, 6, 7},
			{0, 1, 5},
			{0, 5, 4},
			{1, 2, 6},
			{1, 6, 5},
			{2, 3, 7},
			{2, 7, 6},
			{3, 0, 4},
			{3, 4, 7},
		},
	}
}

// both sets two meshes into one.
func both(a, b *tag.Mesh) *tag.Mesh {
	mesh := &tag.Mesh{Vertices: append(append([][3]int32{}, a.Vertices...), b.Vertices...), Triangles: append([][3]uint32{}, a.Triangles...)}
	for _, triangle := range b.Triangles {
		first := uint32(len(a.Vertices))
		mesh.Triangles = append(mesh.Triangles, [3]uint32{triangle[0] + first, triangle[1] + first, triangle[2] + first})
	}
	return mesh
}

// without drops one face, the fault that PrusaSlicer answers with a tenth of the model.
func without(face int, mesh *tag.Mesh) *tag.Mesh {
	open := &tag.Mesh{Vertices: mesh.Vertices}
	for i, triangle := range mesh.Triangles {
		if i != face {
			open.Triangles = append(open.Triangles, triangle)
		}
	}
	return open
}

// twoTags is a plate of two 3 mm blocks that change color at 2 mm.
func twoTags() Plate {
	return Plate{
		Objects: []Object{
			{Name: "unt_a", Mesh: block(40_000, 15_000, 3000), X: 6000, Y: 6000},
			{Name: "unt_b", Mesh: block(30_000, 20_000, 3000), X: 49_000, Y: 6000},
		},
		BaseColor: "#FFFFFF", TextColor: "#C0392B", SwapZ: 2200, Profile: PLA020(),
	}
}

func oneBlock(mesh *tag.Mesh) Plate {
	return Plate{Objects: []Object{{Name: "unt_a", Mesh: mesh, X: 6000, Y: 6000}}, BaseColor: "#FFFFFF", Profile: PLA020()}
}

// installed is the real program. Its jobs' folders lie where the user nobody may pass.
func installed(tb testing.TB) *Slicer {
	tb.Helper()
	return New(Options{Dir: openFolder(tb), Log: slog.New(slog.DiscardHandler)})
}

func openFolder(tb testing.TB) string {
	tb.Helper()
	folder, err := os.MkdirTemp("", "slicer-test-")
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { os.RemoveAll(folder) })
	if err := os.Chmod(folder, 0o755); err != nil {
		tb.Fatal(err)
	}
	return folder
}

// twoTagsGCode is what the real slicer makes of [twoTags], sliced once for all tests.
var twoTagsGCode = sync.OnceValues(func() (string, error) {
	s := New(Options{Log: slog.New(slog.DiscardHandler)})
	result, err := s.Slice(context.Background(), twoTags())
	return string(result.GCode), err
})

func requireGCode(tb testing.TB) string {
	tb.Helper()
	gcode, err := twoTagsGCode()
	if err != nil {
		tb.Fatal(err)
	}
	return gcode
}

func requireReason(tb testing.TB, err error, want ...Reason) {
	tb.Helper()
	var rejected *Rejected
	if !errors.As(err, &rejected) {
		tb.Fatalf("got %v, want a rejection for %v", err, want)
	}
	if slices.Contains(want, rejected.Reason) {
		return
	}
	tb.Fatalf("got %v, want a rejection for %v", err, want)
}

func requireEmpty(tb testing.TB, folder string) {
	tb.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil || len(entries) > 0 {
		tb.Fatalf("left behind in %s: %v, %v", folder, fmt.Sprint(entries), err)
	}
}

package tag

import (
	"math"
	"strings"
	"testing"
)

func TestIcons_can_be_printed_at_the_smallest_size(t *testing.T) {
	t.Parallel()
	if len(Icons()) != len(icons) {
		t.Errorf("%d icons are listed of %d", len(Icons()), len(icons))
	}
	for _, id := range Icons() {
		g, err := drawIcon(id, minIcon)
		if err != nil {
			t.Fatal(err)
		}
		if g.stroke < MinStroke {
			t.Errorf("%s has strokes of %d µm at %v mm", id, g.stroke, minIcon.MM())
		}
		if g.bounds.min.x < 0 || g.bounds.min.y < 0 || g.bounds.max.x > int32(minIcon) || g.bounds.max.y > int32(minIcon) {
			t.Errorf("%s lies at %v", id, g.bounds)
		}
	}
}

func TestParsePath(t *testing.T) {
	t.Parallel()
	square := 36.0
	for path, want := range map[string]float64{ // area in square units
		"M2 2H8V8H2z":                      square,
		"m2 2h6v6h-6z":                     square,
		"M2,2 8,2 8,8 2,8z":                square, // more pairs after a move are lines
		"m2 2 6 0 0 6-6 0z":                square,
		"M2 2l6-0l0,6e":                    -1,
		"M2 2C4 2 6 2 8 2V8Q5 8 2 8z":      square,
		"M2 5C2 0 8 0 8 5S2 10 2 5z":       square, // two humps of 18
		"M2 5Q5 0 8 5T14 5z":               0,      // one above the line, one below
		"M2 2a3 3 0 1 1 6 0a3 3 0 11-6 0z": 9 * math.Pi,
		"M2.5.5h1v1h-1z":                   1,
		"M5 5A1 1 0 0 1 5 5L6 5L6 6L5 6z":  1,               // an arc to where it begins is none
		"M2 2A1 1 0 0 1 8 2L8 2z":          math.Pi * 9 / 2, // one too small is enlarged
		"L2 2":                             -1,
		"M2":                               -1,
		"M2 2X":                            -1,
		"M2 2z3":                           -1,
		"M2 99999":                         -1,
		"M2 2a3 3 0 2 1 6 0":               -1,
	} {
		segments, err := parsePath(path, IconSide)
		if want < 0 {
			if err == nil {
				t.Errorf("%q is read", path)
			}
			continue
		}
		if err != nil {
			t.Errorf("%q: %v", path, err)
			continue
		}
		var twice int64
		for _, contour := range flatten(segments, 10_000) {
			twice += area(contour)
		}
		if got := math.Abs(float64(twice) / 2e8); math.Abs(got-want) > 0.02 {
			t.Errorf("%q encloses %g, want %g", path, got, want)
		}
	}
}

func FuzzParsePath(f *testing.F) {
	for _, path := range icons {
		f.Add(strings.Join(strings.Fields(path), " "))
	}
	f.Add("M1 1S2 2 3 3T4 4a1 2 30 0 0 5 5")
	f.Fuzz(func(t *testing.T, path string) {
		segments, err := parsePath(path, IconSide)
		if err != nil {
			return
		}
		for _, s := range segments {
			for _, p := range s.Args {
				if math.IsNaN(float64(p.X)) || math.IsInf(float64(p.X), 0) || math.IsNaN(float64(p.Y)) || math.IsInf(float64(p.Y), 0) {
					t.Fatalf("%q leads to %v", path, p)
				}
			}
		}
	})
}

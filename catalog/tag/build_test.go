package tag

import (
	"errors"
	"math"
	"testing"
)

func fonts(t testing.TB) *Book {
	t.Helper()
	book, err := shared()
	if errors.Is(err, ErrFontsMissing) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return book
}

func TestBuild(t *testing.T) {
	t.Parallel()
	for _, f := range fonts(t).Fonts() {
		for _, text := range []string{"たろう", "さくら工房", "Halloween 2026", "𠮷野家", "髙﨑", "か\u3099", "か\u309A", "アーニャ", "i"} {
			t.Run(string(f.ID)+"/"+text, func(t *testing.T) {
				m, err := fonts(t).Build(DefaultSpec(text, f.ID))
				if err != nil {
					t.Fatal(err)
				}
				if err := m.Mesh.Check(); err != nil {
					t.Fatal(err)
				}
				if v := m.Mesh.Volume(); math.Abs(v-m.Stats.Volume) > 1e-6*v {
					t.Errorf("enclosed volume %g mm³, sum of slabs %g mm³", v, m.Stats.Volume)
				}
				t.Logf("%v %d triangles, %v", m.Width.MM(), len(m.Mesh.Triangles), m.Stats)
			})
		}
	}
}

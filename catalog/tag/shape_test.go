package tag

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"strings"
	"testing"
)

// TestBuild_keeps_old_designs holds meshes and hashes that shops have stored: what the first version of the mesher drew is still
// drawn the same, under the same name.
func TestBuild_keeps_old_designs(t *testing.T) {
	t.Parallel()
	two := DefaultSpec("髙﨑 ゆい", NotoSansJPBold)
	two.SecondLine, two.Border, two.Hole = "さくら組", 1200, 0
	stadium := DefaultSpec("Mochi", MPlusRoundedBold)
	stadium.Radius, stadium.Tracking = 9000, -3000
	for _, old := range []struct {
		spec       Spec
		hash, mesh string
	}{
		{DefaultSpec("はると", MPlusRoundedExtraBold), "1a2faf508b61303085a13a0ef2e4e3898e263f6c9a126960dfb9ffb4fe078639", "652125bc9756ab28"},
		{two, "f85008039cfd88d7e2a2b0eb1fa403783a62c349bff4c15f0b58abc45972e210", "a474683014db4f52"},
		{stadium, "84000e6d8ef7a187d5c1f76534fb74fa2f2060ecb521b23611fa3835308032c9", "65eefbb7be002210"},
	} {
		hash, err := old.spec.Hash(fonts(t))
		if err != nil || hash.String() != old.hash {
			t.Errorf("%q: hash %s, %v, was %s", old.spec.Text, hash, err, old.hash)
		}
		if sum := meshSum(built(t, old.spec).Mesh); sum != old.mesh {
			t.Errorf("%q: mesh %s, was %s", old.spec.Text, sum, old.mesh)
		}
	}
}

// meshSum is the beginning of a mesh's SHA-256.
func meshSum(m *Mesh) string {
	sum := sha256.New()
	for _, part := range []any{m.Vertices, m.Triangles, uint32(m.TextStart)} {
		if err := binary.Write(sum, binary.BigEndian, part); err != nil {
			panic(err)
		}
	}
	return hex.EncodeToString(sum.Sum(nil))[:16]
}

func TestShapes_stay_clear_of_the_text(t *testing.T) {
	t.Parallel()
	for _, shape := range Shapes() {
		for _, icon := range []IconID{"", Heart} {
			s := DefaultSpec("こむぎ", MPlusRoundedExtraBold)
			s.Shape, s.SecondLine, s.Icon, s.Border = shape, "090-0000", icon, 800
			m := built(t, s)
			plate, over := m.Stats.Slabs[0], m.Stats.Slabs[1]
			if plate.Loops != 2 {
				t.Errorf("%q with icon %q: the plate has %d outlines, want its edge and the hole", shape, icon, plate.Loops)
			}
			if over.Area >= plate.Area/1.2 {
				t.Errorf("%q: %g mm² of text and rim on %g mm²", shape, over.Area, plate.Area)
			}
			alone := s
			alone.Border = 0
			if bare := built(t, alone).Stats.Slabs[1]; over.Loops != bare.Loops+2 {
				t.Errorf("%q with icon %q: the rim touches the text: %d outlines with it, %d without", shape, icon, over.Loops, bare.Loops)
			}
		}
	}
}

func TestLetters_are_one_piece(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"い", "三川", "A B", "ゆ　い", "i", "!", "：", "二"} {
		s := DefaultSpec(text, NotoSansJPBold)
		s.Shape, s.Em = Letters, 18*Millimeter
		if n := built(t, s).Stats.Slabs[0].Loops; n != 2 {
			t.Errorf("%q has %d outlines, want its edge and the hole", text, n)
		}
	}
	s := DefaultSpec("あ"+strings.Repeat("　", 5)+"い", NotoSansJPBold)
	s.Shape, s.Em = Letters, 18*Millimeter
	if _, err := fonts(t).Build(s); !errors.Is(err, ErrApart) {
		t.Errorf("letters far apart: %v, want %v", err, ErrApart)
	}
}

// TestEngraving_has_two_colors checks that the letters' ground is of the first plastic, which is the letters', and all above of the
// plate's.
func TestEngraving_has_two_colors(t *testing.T) {
	t.Parallel()
	s := DefaultSpec("はると", MPlusRoundedExtraBold)
	s.Engrave, s.Relief, s.Border = true, 800, 1000
	m := built(t, s)
	for i, triangle := range m.Mesh.Triangles {
		for _, v := range triangle {
			if z := Micron(m.Mesh.Vertices[v][2]); i < m.Mesh.TextStart && z > s.SwapZ() || i >= m.Mesh.TextStart && z < s.SwapZ() {
				t.Fatalf("triangle %d of %s reaches %d µm, the plastic changes at %d", i, m.Mesh.part(i), z, s.SwapZ())
			}
		}
	}
	if below, above := m.Mesh.part(0), m.Mesh.part(m.Mesh.TextStart); below != "text" || above != "base" {
		t.Errorf("below the change is %s, above it %s", below, above)
	}
	if m.Stats.Slabs[1].Area >= m.Stats.Slabs[0].Area {
		t.Error("nothing was sunk")
	}
}

// TestHash_tells_all_numbers_apart changes one thing at a time.
func TestHash_tells_all_numbers_apart(t *testing.T) {
	t.Parallel()
	seen := map[Hash]int{}
	for i, change := range []func(*Spec){
		func(*Spec) {},
		func(s *Spec) { s.Text = "はるど" },
		func(s *Spec) { s.SecondLine = "あ" },
		func(s *Spec) { s.Font = NotoSansJPBold },
		func(s *Spec) { s.Em++ },
		func(s *Spec) { s.SecondEm = 5000 },
		func(s *Spec) { s.Tracking++ },
		func(s *Spec) { s.Base++ },
		func(s *Spec) { s.Relief++ },
		func(s *Spec) { s.Margin++ },
		func(s *Spec) { s.Radius++ },
		func(s *Spec) { s.Hole++ },
		func(s *Spec) { s.Border = 900 },
		func(s *Spec) { s.Engrave = true },
		func(s *Spec) { s.Shape = Round },
		func(s *Spec) { s.Shape = Letters },
		func(s *Spec) { s.Icon = Paw },
		func(s *Spec) { s.Icon = Heart },
		func(s *Spec) { s.Icon, s.IconEm = Paw, 9000 },
		func(s *Spec) { s.Slot = 9000 },
		func(s *Spec) { s.Screw = 4000 },
		func(s *Spec) { s.Spin = 30_000 },
	} {
		s := DefaultSpec("はると", MPlusRoundedExtraBold)
		change(&s)
		hash, err := s.Hash(fonts(t))
		if err != nil {
			t.Fatal(err)
		}
		if other, there := seen[hash]; there {
			t.Errorf("changes %d and %d have one hash", other, i)
		}
		seen[hash] = i
	}
}

func TestBuild_refuses_what_does_not_go_together(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*Spec){
		"no such shape":         func(s *Spec) { s.Shape = "cloud" },
		"no such icon":          func(s *Spec) { s.Icon = "cloud" },
		"icon_em is 3.00":       func(s *Spec) { s.Icon, s.IconEm = Paw, 3000 },
		"slot is 9.00":          func(s *Spec) { s.Hole, s.Slot = 0, 9000 },
		"screw is 4.00":         func(s *Spec) { s.Shape, s.Screw = Round, 4000 },
		"spin is 30.00":         func(s *Spec) { s.Shape, s.Spin = Bone, 30_000 },
		"base is 2.00":          func(s *Spec) { s.Spin = 30_000 },
		"border is 6.00":        func(s *Spec) { s.Shape, s.Border = Bone, 6000 },
		"at most 200 × 200 mm":  func(s *Spec) { s.Shape, s.Text = Letters, strings.Repeat("鬱", 20) },
		"at most 200 × 200 mm ": func(s *Spec) { s.Shape, s.Text = Round, strings.Repeat("鬱", 20) },
	} {
		s := DefaultSpec("はると", MPlusRoundedExtraBold)
		change(&s)
		if _, err := fonts(t).Build(s); err == nil || !strings.Contains(err.Error(), strings.TrimSpace(want)) {
			t.Errorf("says %v, want …%s…", err, want)
		}
	}
}

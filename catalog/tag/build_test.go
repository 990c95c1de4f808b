package tag

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// shared parses the fonts once for all tests.
var shared = sync.OnceValues(LoadFonts)

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

func built(t testing.TB, s Spec) *Model {
	t.Helper()
	m, err := fonts(t).Build(s)
	if err != nil {
		t.Fatalf("build %q: %v", s.Text, err)
	}
	if err := m.Mesh.Check(); err != nil {
		t.Fatalf("check %+v: %v", s, err)
	}
	return m
}

func TestBuild(t *testing.T) {
	t.Parallel()
	texts := []string{"たろう", "さくら工房", "Halloween 2026", "ありがとう", "𠮷野家", "髙﨑", "か\u3099", "ハ\u309A", "i", "A　B", "ｶﾞ", "fi"}
	for _, f := range fonts(t).Fonts() {
		for _, text := range texts {
			t.Run(string(f.ID)+"/"+text, func(t *testing.T) {
				t.Parallel()
				m := built(t, DefaultSpec(text, f.ID))
				if v := m.Mesh.Volume(); math.Abs(v-m.Stats.Volume) > 1e-9*v {
					t.Errorf("enclosed volume %g mm³, sum of the slabs %g mm³", v, m.Stats.Volume)
				}
				lo, hi := m.Mesh.extent()
				if want := [3]int32{int32(m.Width), int32(m.Height), int32(m.Thickness)}; lo != [3]int32{} || hi != want {
					t.Errorf("lies from %v to %v µm, want 0 to %v", lo, hi, want)
				}
			})
		}
	}
}

func TestBuild_composes_marks(t *testing.T) {
	t.Parallel()
	for _, f := range fonts(t).Fonts() {
		apart, joined := built(t, DefaultSpec("か\u3099", f.ID)), built(t, DefaultSpec("が", f.ID))
		if !slices.Equal(apart.Mesh.Triangles, joined.Mesh.Triangles) || !slices.Equal(apart.Mesh.Vertices, joined.Mesh.Vertices) {
			t.Errorf("%s draws か+U+3099 unlike が", f.ID)
		}
	}
}

// TestBuild_keeps_the_form_of_a_name holds compatibility ideographs and variation sequences apart from the plain character,
// or has them refused by name.
func TestBuild_keeps_the_form_of_a_name(t *testing.T) {
	t.Parallel()
	forms := map[string]string{
		"\uFA19": "神", "\uFA1B": "福", "\uFA1A": "祥", "\uF9DC": "隆", "\uFA12": "晴", "葛\U000E0100": "葛", "髙": "高", "﨑": "崎", "𠮷": "吉",
	}
	for _, f := range fonts(t).Fonts() {
		for form, plain := range forms {
			m, err := fonts(t).Build(DefaultSpec(form, f.ID))
			if missing, ok := errors.AsType[*MissingGlyphsError](err); ok {
				if len(missing.Graphemes) != 1 || !strings.HasPrefix(missing.Graphemes[0], string([]rune(form)[0])) {
					t.Errorf("%s refuses %q as %q", f.ID, form, missing.Graphemes)
				}
				t.Logf("%s has no %+q; %v have", f.ID, form, missing.Elsewhere)
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			if other := built(t, DefaultSpec(plain, f.ID)); slices.Equal(m.Mesh.Vertices, other.Mesh.Vertices) {
				t.Errorf("%s draws %+q as %q", f.ID, form, plain)
			}
		}
	}
}

func TestBuild_refuses(t *testing.T) {
	t.Parallel()
	spec := func(change func(*Spec)) Spec {
		s := DefaultSpec("たろう", MPlusRoundedExtraBold)
		change(&s)
		return s
	}
	text := func(text string) Spec { return DefaultSpec(text, MPlusRoundedExtraBold) }
	tests := []struct {
		name string
		spec Spec
		want string
	}{
		{"nothing", text(""), "the text is blank"},
		{"spaces", text(" 　\u00A0"), "the text is blank"},
		{"an emoji by name", text("ゆい🎃"), "cannot draw 🎃"},
		{"a family as one", text("👨\u200d👩\u200d👧"), "U+1F468+U+200D+U+1F469+U+200D+U+1F467"},
		{"zero width space", text("た\u200Bろう"), "U+200B"},
		{"bidi override", text("た\u202Eろう"), "U+202E"},
		{"a line break", text("た\nろう"), "U+000A"},
		{"NUL", text("た\x00"), "U+0000"},
		{"broken UTF-8", text("た\xff"), "U+FFFD"},
		{"a filler that shows nothing", text("た\u3164"), "U+3164"},
		{"Arabic", text("سلام"), "cannot draw"},
		{"each character once", text("🎃🎃"), "cannot draw 🎃"},
		{"41 characters", text(strings.Repeat("あ", 41)), "41 characters; at most 40"},
		{"an unknown font", spec(func(s *Spec) { s.Font = "comic" }), `no such font: "comic"`},
		{"no size", spec(func(s *Spec) { s.Em = 0 }), "em is 0.00 mm"},
		{"a negative margin", spec(func(s *Spec) { s.Margin = -1 }), "margin is"},
		{"an engraving through the plate", spec(func(s *Spec) { s.Engrave, s.Relief = true, s.Base }), "relief is 2.00 mm"},
		{"a tag longer than the bed", text(strings.Repeat("鬱", 20)), "at most 200 × 200 mm"},
		{"strokes thinner than the nozzle", spec(func(s *Spec) { s.Text, s.Em = "鬱", 4000 }), "a size of"},
		{"a missing glyph in the second line", spec(func(s *Spec) { s.SecondLine = "🎃" }), "cannot draw 🎃"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := fonts(t).Build(tt.spec)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("says %v, want …%s…", err, tt.want)
			}
		})
	}
}

func TestBuild_says_which_size_would_do(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"鬱", "驫", "龍"} {
		s := DefaultSpec(text, NotoSansJPBold)
		s.Em = 3 * Millimeter
		_, err := fonts(t).Build(s)
		thin, ok := errors.AsType[*TooThinError](err)
		if !ok {
			t.Fatalf("%s at 3 mm: %v", text, err)
		}
		if thin.Grapheme != text || thin.Stroke >= MinStroke || thin.Em <= s.Em {
			t.Errorf("says %+v", thin)
		}
		s.Em = thin.Em
		built(t, s)
	}
}

func TestBuild_is_the_same_every_time(t *testing.T) {
	t.Parallel()
	s := DefaultSpec("さくら工房", NotoSansJPBold)
	want := built(t, s).Mesh
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 20 {
				m, err := fonts(t).Build(s)
				if err != nil || !slices.Equal(m.Mesh.Vertices, want.Vertices) || !slices.Equal(m.Mesh.Triangles, want.Triangles) {
					t.Errorf("another mesh, %v", err)
				}
			}
		})
	}
	group.Wait()
}

// crowded moves letters over each other in half of the specs, which a shop would not offer but the mesher must stand.
func crowded(r *rand.Rand, s Spec) Spec {
	if r.IntN(2) == 0 {
		s.Tracking = -s.Em * Micron(r.IntN(45)) / 100
	}
	return s
}

// TestBuild_closes_every_mesh builds thousands of random tags, or hundreds under the race detector, and checks each, one in eight
// also as the 32-bit floats of an STL, and shows the first of these to PrusaSlicer.
func TestBuild_closes_every_mesh(t *testing.T) {
	t.Parallel()
	count, shown := 4000, 25
	if testing.Short() || raced {
		count = 300
	}
	book, r, dir := fonts(t), rand.New(rand.NewPCG(7, 2026)), t.TempDir()
	var files []string
	refused, welded := 0, 0
	for i := range count {
		s := shaped(r, crowded(r, randomSpec(r, book.Fonts(), 14)))
		m, err := book.Build(s)
		if err != nil {
			if errors.Is(err, ErrNotClosed) {
				t.Errorf("%+v: %v", s, err)
			}
			refused++
			continue
		}
		if err := m.Mesh.Check(); err != nil {
			t.Errorf("%+v: %v", s, err)
		}
		if v := m.Mesh.Volume(); math.Abs(v-m.Stats.Volume) > 1e-9*v {
			t.Errorf("%+v: encloses %g mm³, slabs sum up to %g", s, v, m.Stats.Volume)
		}
		lo, hi := m.Mesh.extent()
		if want := [3]int32{int32(m.Width), int32(m.Height), int32(m.Thickness)}; lo != [3]int32{} || hi != want {
			t.Errorf("%+v: lies from %v to %v µm, want 0 to %v", s, lo, hi, want)
		}
		if s.Tracking < 0 {
			welded++
		}
		if i%8 != 0 {
			continue
		}
		var stl bytes.Buffer
		if err := m.Mesh.WriteSTL(&stl); err != nil {
			t.Fatal(err)
		}
		if err := checkSTL(stl.Bytes()); err != nil {
			t.Errorf("%+v: %v", s, err)
		}
		if len(files) < shown {
			files = append(files, filepath.Join(dir, fmt.Sprintf("%d.stl", i)))
			if err := os.WriteFile(files[len(files)-1], stl.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	t.Logf("%d built, %d of them crowded; %d refused in words", count-refused, welded, refused)
	if refused > count/3 {
		t.Errorf("%d of %d refused: the test shows little", refused, count)
	}
	askPrusaSlicer(t, files)
}

// checkSTL proves an STL closed after its rounding: every directed edge once, with its opposite.
func checkSTL(stl []byte) error {
	type vertex [3]float32
	edges := map[[2]vertex]bool{}
	for facet := stl[84:]; len(facet) >= 50; facet = facet[50:] {
		var v [3]vertex
		for i := range 9 {
			v[i/3][i%3] = math.Float32frombits(binary.LittleEndian.Uint32(facet[12+4*i:]))
		}
		for k := range v {
			edge := [2]vertex{v[k], v[(k+1)%3]}
			if edges[edge] || edge[0] == edge[1] {
				return fmt.Errorf("edge %v twice or without length", edge)
			}
			edges[edge] = true
		}
	}
	for edge := range edges {
		if !edges[[2]vertex{edge[1], edge[0]}] {
			return fmt.Errorf("edge %v open", edge)
		}
	}
	return nil
}

func askPrusaSlicer(t *testing.T, files []string) {
	t.Helper()
	slicer, err := exec.LookPath("prusa-slicer")
	if err != nil {
		t.Log("prusa-slicer is not installed; not asked")
		return
	}
	cmd := exec.Command(slicer, append([]string{"--datadir", t.TempDir(), "--loglevel", "1", "--info"}, files...)...)
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	said, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("prusa-slicer --info: %v\n%s", err, said)
	}
	if n := strings.Count(string(said), "manifold = yes"); n != len(files) {
		t.Errorf("PrusaSlicer calls %d of %d meshes manifold:\n%s", n, len(files), said)
	}
	t.Logf("PrusaSlicer calls all %d meshes manifold", len(files))
}

func FuzzBuild(f *testing.F) {
	for _, text := range []string{"たろう", "Halloween 2026", "か\u3099", "葛\U000E0100", "髙﨑", "🎃", "\xff", "é", "A\u0301\u0301\u0301", "ｶﾞ"} {
		f.Add(text, "", uint8(0), int32(12000), int32(2000), int32(1000), int32(0), int32(0), false)
	}
	f.Add("たろう", "since 2026", uint8(1), int32(8000), int32(1600), int32(600), int32(1200), int32(-3000), true)
	f.Fuzz(func(t *testing.T, text, second string, font uint8, em, base, relief, border, tracking int32, engrave bool) {
		book := fonts(t)
		s := DefaultSpec(text, book.Fonts()[int(font)%3].ID)
		s.SecondLine, s.Em, s.Base, s.Relief = second, Micron(em), Micron(base), Micron(relief)
		s.Border, s.Tracking, s.Engrave = Micron(border), Micron(tracking), engrave
		m, err := book.Build(s)
		if errors.Is(err, ErrNotClosed) {
			t.Fatal(err)
		}
		if err == nil {
			if err := m.Mesh.Check(); err != nil {
				t.Fatal(err)
			}
		}
	})
}

package tag

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// benchTexts with the size that lets them fit the bed.
var benchTexts = []struct {
	text string
	em   Micron
}{
	{"たろう", 12000},
	{"さくら工房", 12000},
	{"Halloween 2026", 12000},
	{"ありがとう", 12000},
	{"いろはにほへとちりぬるを わかよたれそつねならむ うゐのおく", 6000}, // 30 characters
}

func benchSpec(text string, em Micron) Spec {
	s := DefaultSpec(text, NotoSansJPBold)
	s.Em = em
	return s
}

func BenchmarkBuild(b *testing.B) {
	for _, font := range []FontID{NotoSansJPBold, MPlusRoundedExtraBold} {
		for _, text := range benchTexts {
			b.Run(fmt.Sprintf("%s/%s", font, text.text), func(b *testing.B) {
				s := benchSpec(text.text, text.em)
				s.Font = font
				var times []float64
				b.ReportAllocs()
				for b.Loop() {
					start := time.Now()
					if _, err := fonts(b).Build(s); err != nil {
						b.Fatal(err)
					}
					times = append(times, float64(time.Since(start).Nanoseconds())/1e6)
				}
				b.ReportMetric(quantile(times, 0.5), "p50-ms")
				b.ReportMetric(quantile(times, 0.99), "p99-ms")
			})
		}
	}
}

// BenchmarkBuild_new_size draws every glyph anew, as for the first customer who chooses it.
func BenchmarkBuild_new_size(b *testing.B) {
	em := Micron(12000)
	for b.Loop() {
		em++
		if _, err := fonts(b).Build(benchSpec("さくら工房", 12000+em%4000)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkWrite(b *testing.B) {
	m := built(b, benchSpec("さくら工房", 12000)).Mesh
	for name, write := range map[string]func(io.Writer) error{
		"stl": m.WriteSTL, "3mf": m.Write3MF,
		"glb": func(w io.Writer) error { return m.WriteGLB(w, Colors{}) },
		"png": func(w io.Writer) error {
			return m.RenderPNG(w, RenderOptions{Width: 800, Height: 500, View: ViewThreeQuarter})
		},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if err := write(io.Discard); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkEstimate(b *testing.B) {
	s := built(b, benchSpec("さくら工房", 12000)).Stats
	for b.Loop() {
		s.Estimate(PLA020)
	}
}

// openscadTag is the same tag in OpenSCAD's language, with fewer chords to a curve than ours and the hole cut in the plane, where
// OpenSCAD is fast.
const openscadTag = `$fn=28;
linear_extrude(%[3]g) difference() {
  offset(3) offset(-3) square([%[1]g, %[2]g]);
  translate([%[9]g, %[2]g/2]) circle(d=%[10]g);
}
translate([%[4]g, %[5]g, %[3]g]) linear_extrude(%[6]g) text("%[7]s", size=%[8]g, font="Noto Sans JP:style=Bold", valign="center");`

// BenchmarkOpenSCAD measures the CPU time of OpenSCAD's own command for the same tag, with our font, against our time in the same
// run.
func BenchmarkOpenSCAD(b *testing.B) {
	if _, err := exec.LookPath("openscad"); err != nil {
		b.Skip("openscad is not installed")
	}
	dir := fontFolder(b)
	for _, text := range benchTexts {
		b.Run(text.text, func(b *testing.B) {
			s := benchSpec(text.text, text.em)
			var ours, theirs []float64
			var triangles, facets int
			for b.Loop() {
				cpu, n := openscad(b, dir, s)
				theirs, facets = append(theirs, cpu), n
				for range 21 {
					start := time.Now()
					m := must(b)(fonts(b).Build(s))
					if err := m.Mesh.WriteSTL(io.Discard); err != nil {
						b.Fatal(err)
					}
					triangles = len(m.Mesh.Triangles)
					ours = append(ours, time.Since(start).Seconds())
				}
			}
			b.ReportMetric(1000*quantile(ours, 0.5), "our-ms")
			b.ReportMetric(1000*quantile(theirs, 0.5), "their-CPU-ms")
			b.ReportMetric(quantile(theirs, 0.5)/quantile(ours, 0.5), "ratio")
			b.ReportMetric(float64(triangles), "our-triangles")
			b.ReportMetric(float64(facets), "their-triangles")
		})
	}
}

func must(b *testing.B) func(*Model, error) *Model {
	return func(m *Model, err error) *Model {
		if err != nil {
			b.Fatal(err)
		}
		return m
	}
}

// fontFolder gives OpenSCAD our font through a fontconfig of its own.
func fontFolder(b *testing.B) string {
	b.Helper()
	dir := b.TempDir()
	font, err := fontFiles.ReadFile("fonts/NotoSansJP-Bold.otf")
	if err != nil {
		b.Skip(err)
	}
	config := fmt.Sprintf(`<fontconfig><dir>%[1]s</dir><cachedir>%[1]s/cache</cachedir></fontconfig>`, dir)
	for name, content := range map[string][]byte{"NotoSansJP-Bold.otf": font, "fonts.conf": []byte(config)} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o644); err != nil {
			b.Fatal(err)
		}
	}
	return dir
}

// openscad makes an STL and returns the CPU seconds it took and its number of triangles.
func openscad(b *testing.B, dir string, s Spec) (float64, int) {
	b.Helper()
	m := must(b)(fonts(b).Build(s))
	source, out := filepath.Join(dir, "tag.scad"), filepath.Join(dir, "tag.stl")
	program := fmt.Sprintf(openscadTag, m.Width.MM(), m.Height.MM(), s.Base.MM(), 11.5, m.Height.MM()/2, s.Relief.MM(), s.Text,
		s.Em.MM()*0.72, 3.5, s.Hole.MM())
	if err := os.WriteFile(source, []byte(program), 0o644); err != nil {
		b.Fatal(err)
	}
	cmd := exec.Command("openscad", "-q", "-o", out, source)
	cmd.Env = append(os.Environ(), "FONTCONFIG_FILE="+filepath.Join(dir, "fonts.conf"), "QT_QPA_PLATFORM=offscreen")
	if said, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("openscad: %v\n%s", err, said)
	}
	stl, err := os.ReadFile(out)
	if err != nil {
		b.Fatal(err)
	}
	return (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds(), bytes.Count(stl, []byte("endfacet"))
}

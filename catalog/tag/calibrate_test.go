package tag

import (
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"testing"
)

var record = flag.Int("record", 0, "slice that many random tags with PrusaSlicer into testdata/slices.json (a second of CPU each)")

const recorded = "testdata/slices.json"

// TestRecordSlices makes the data that Calibrate and its test work with.
func TestRecordSlices(t *testing.T) {
	if *record == 0 {
		t.Skip("run with -record=180 to slice anew")
	}
	book, r := fonts(t), rand.New(rand.NewPCG(2026, 11))
	var all []Slice
	for len(all) < *record {
		m, err := book.Build(randomSpec(r, book.Fonts(), 10))
		if err != nil {
			continue
		}
		all = append(all, sliced(t, m))
	}
	content, err := json.MarshalIndent(all, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(recorded, content, 0o644); err != nil {
		t.Fatal(err)
	}
}

var (
	footerFilament = regexp.MustCompile(`; filament used \[mm\] = ([\d.]+)`)
	footerTime     = regexp.MustCompile(`; estimated printing time \(normal mode\) = (?:(\d+)d )?(?:(\d+)h )?(?:(\d+)m )?(\d+)s`)
)

// sliced asks the real slicer.
func sliced(t *testing.T, m *Model) Slice {
	t.Helper()
	dir := t.TempDir()
	stl, err := os.Create(filepath.Join(dir, "tag.stl"))
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Mesh.WriteSTL(stl); err != nil {
		t.Fatal(err)
	}
	stl.Close()
	out := filepath.Join(dir, "tag.gcode")
	cmd := exec.Command("prusa-slicer", "--datadir", dir, "--loglevel", "1", "--load", "../../fulfilment/slicer/profile/pla-020.ini",
		"-g", "--center", "110,110", "-o", out, stl.Name())
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("slice: %v\n%s", err, said)
	}
	gcode, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	s := Slice{Stats: m.Stats}
	s.FilamentMM, _ = strconv.ParseFloat(string(footerFilament.FindSubmatch(gcode)[1]), 64)
	for i, unit := range []float64{86400, 3600, 60, 1} {
		n, _ := strconv.ParseFloat(string(footerTime.FindSubmatch(gcode)[i+1]), 64)
		s.Seconds += unit * n
	}
	return s
}

func recordedSlices(t *testing.T) []Slice {
	t.Helper()
	content, err := os.ReadFile(recorded)
	if err != nil {
		t.Fatal(err)
	}
	var all []Slice
	if err := json.Unmarshal(content, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// TestCalibrate fits on half of the recorded slices and predicts the other half, many times over.
func TestCalibrate(t *testing.T) {
	t.Parallel()
	all := recordedSlices(t)
	r := rand.New(rand.NewPCG(1, 2))
	var times, filaments []float64
	for range 20 {
		r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		half := len(all) * 5 / 8
		p, err := Calibrate(PLA020, all[:half])
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range all[half:] {
			e := s.Stats.Estimate(p)
			times = append(times, math.Abs(e.Seconds/s.Seconds-1))
			filaments = append(filaments, math.Abs(e.FilamentMM/s.FilamentMM-1))
		}
	}
	t.Logf("held out: time %s, filament %s", quantiles(times), quantiles(filaments))
	if p := quantile(times, 0.95); p > 0.09 {
		t.Errorf("time is off by %.1f%% at the 95th percentile", 100*p)
	}
	if p := quantile(filaments, 0.95); p > 0.03 {
		t.Errorf("filament is off by %.1f%% at the 95th percentile", 100*p)
	}
}

// TestPLA020 keeps the built-in profile in step with the recorded slices.
func TestPLA020(t *testing.T) {
	t.Parallel()
	fitted, err := Calibrate(PLA020, recordedSlices(t))
	if err != nil {
		t.Fatal(err)
	}
	for i := range fitted.Seconds {
		if math.Abs(fitted.Seconds[i]-PLA020.Seconds[i]) > 1e-3*math.Abs(fitted.Seconds[i])+1e-6 {
			t.Fatalf("PLA020 should have\nSeconds: %#v\nFilament: %#v", fitted.Seconds, fitted.Filament)
		}
	}
	for i := range fitted.Filament {
		if math.Abs(fitted.Filament[i]-PLA020.Filament[i]) > 1e-3*math.Abs(fitted.Filament[i])+1e-6 {
			t.Fatalf("PLA020 should have\nFilament: %#v", fitted.Filament)
		}
	}
}

func quantile(all []float64, q float64) float64 {
	sorted := slices.Sorted(slices.Values(all))
	return sorted[int(q*float64(len(sorted)-1))]
}

func quantiles(all []float64) string {
	return fmt.Sprintf("median %.1f%%, p90 %.1f%%, p95 %.1f%%, max %.1f%%", 100*quantile(all, 0.5), 100*quantile(all, 0.9),
		100*quantile(all, 0.95), 100*quantile(all, 1))
}

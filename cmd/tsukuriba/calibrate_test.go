package main

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tsukuriba/catalog/tag"
	"tsukuriba/fulfilment/slicer"
)

// recordedSlices are those that catalog/tag was calibrated on.
func recordedSlices(t *testing.T) []tag.Slice {
	t.Helper()
	content, err := os.ReadFile("../../catalog/tag/testdata/slices.json")
	if err != nil {
		t.Fatal(err)
	}
	var recorded []tag.Slice
	if err := json.Unmarshal(content, &recorded); err != nil {
		t.Fatal(err)
	}
	return recorded
}

func TestReportFit_tells_errors_on_unseen_tags(t *testing.T) {
	t.Parallel()
	recorded := recordedSlices(t)
	times, filaments, err := heldOut(recorded)
	if err != nil || len(times) != len(recorded) || len(filaments) != len(recorded) {
		t.Fatalf("%d and %d errors of %d slices: %v", len(times), len(filaments), len(recorded), err)
	}
	if p95 := quantile(times, 0.95); p95 < 0.005 || p95 > 0.15 {
		t.Errorf("time is off by %.1f%% at the 95th percentile", 100*p95)
	}
	var said strings.Builder
	if err := reportFit(&said, tag.PLA020, recorded); err != nil || !strings.Contains(said.String(), "off on unseen tags") {
		t.Errorf("said %q: %v", &said, err)
	}
	if _, _, err := heldOut(recorded[:20]); !errors.Is(err, tag.ErrTooFewSlices) {
		t.Errorf("from 20 slices: %v", err)
	}
}

func TestWithCoefficients_changes_nothing_else_in_the_source(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("../../catalog/tag/estimate.go")
	if err != nil {
		t.Fatal(err)
	}
	fitted := tag.PLA020
	fitted.Seconds[0], fitted.Filament[1] = 0.125, -7.5
	changed, err := withCoefficients(source, fitted)
	if err != nil {
		t.Fatal(err)
	}
	for _, wanted := range []string{"\t\t0.125, ", ", -7.5, "} {
		if !strings.Contains(string(changed), wanted) {
			t.Errorf("no %q in the source", wanted)
		}
	}
	back, err := withCoefficients(changed, tag.PLA020)
	if err != nil || string(back) != string(source) {
		t.Errorf("putting the coefficients back does not give the source again: %v", err)
	}
	if _, err := withCoefficients([]byte("package tag"), fitted); err == nil {
		t.Error("a source without coefficients was taken")
	}
}

func TestKeepFit_refuses_another_folder(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := keepFit(tag.PLA020, nil); !errors.Is(err, errNoSource) {
		t.Errorf("wrote: %v", err)
	}
	if err := os.MkdirAll(filepath.Join("catalog", "tag"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := keepFit(tag.PLA020, nil); !errors.Is(err, errNoSource) {
		t.Errorf("wrote into an empty folder: %v", err)
	}
}

func TestSliceRandomTags_agrees_with_the_estimate(t *testing.T) {
	t.Parallel()
	program := slicer.New(slicer.Options{})
	if _, err := program.Version(t.Context()); errors.Is(err, slicer.ErrNotInstalled) {
		t.Skip(err)
	}
	sliced, err := sliceRandomTags(t.Context(), program, &CalibrateCmd{Slices: 2, Seed: 1})
	if err != nil || len(sliced) != 2 {
		t.Fatalf("%d slices: %v", len(sliced), err)
	}
	for _, off := range offBy(tag.PLA020, sliced) {
		if off > 0.3 {
			t.Errorf("the estimate is off by %.0f%%", 100*off)
		}
	}
}

func TestRandomModels_are_the_same_for_a_seed(t *testing.T) {
	t.Parallel()
	book, err := tag.LoadFonts()
	if err != nil {
		t.Fatal(err)
	}
	var triangles [2]int
	for i := range triangles {
		models, err := randomModels(book, 3, rand.New(rand.NewPCG(7, 11)))
		if err != nil {
			t.Fatal(err)
		}
		for _, model := range models {
			triangles[i] += len(model.Mesh.Triangles)
		}
	}
	if triangles[0] != triangles[1] || triangles[0] == 0 {
		t.Errorf("%d triangles, then %d", triangles[0], triangles[1])
	}
}

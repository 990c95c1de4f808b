package slicer

import (
	"errors"
	"strings"
	"testing"
)

func TestPLA020(t *testing.T) {
	t.Parallel()
	got := PLA020()
	got.INI = ""
	want := Profile{
		BedWidth: 220_000, BedDepth: 220_000, MaxHeight: 250_000, FirstLayer: 200, Layer: 200,
		SkirtHeight: 1, FilamentDensity: 1.24, FilamentDiameter: 1.75,
	}
	if got != want {
		t.Errorf("PLA020() = %+v, want %+v", got, want)
	}
}

func TestParseProfile_refuses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ setting, instead string }{
		"a setting left out":             {"fill_density = 15%\n", ""},
		"a script":                       {"post_process = \n", "post_process = /bin/sh\n"},
		"an unlabeled print":             {"gcode_label_objects = 1\n", "gcode_label_objects = 0\n"},
		"labels only firmware reads":     {"gcode_label_objects = 1\n", "gcode_label_objects = firmware\n"},
		"moves that differ on every run": {"perimeter_generator = classic\n", "perimeter_generator = arachne\n"},
		"a raft":                         {"raft_layers = 0\n", "raft_layers = 2\n"},
		"no density":                     {"filament_density = 1.24\n", "filament_density = 0\n"},
		"a layer that is no number":      {"\nlayer_height = 0.2\n", "\nlayer_height = NaN\n"},
		"a round bed":                    {"220x220,0x220", "220x220,110x300,0x220"},
		"a bed off the origin":           {"0x0,220x0,220x220,0x220", "-5x0,220x0,220x220,-5x220"},
		"a bed without end":              {"0x0,220x0,220x220,0x220", "0x0,1e9x0,1e9x1e9,0x1e9"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ini := strings.Replace(pla020, test.setting, test.instead, 1)
			if ini == pla020 {
				t.Fatalf("the profile has no %q", test.setting)
			}
			if _, err := ParseProfile([]byte(ini)); !errors.Is(err, ErrProfile) {
				t.Errorf("got %v, want %v", err, ErrProfile)
			}
		})
	}
}

func TestParseProfile_other_bed(t *testing.T) {
	t.Parallel()
	ini := strings.Replace(pla020, "0x0,220x0,220x220,0x220", "0x0,250x0,250x210.5,0x210.5", 1)
	profile, err := ParseProfile([]byte(ini))
	if err != nil {
		t.Fatal(err)
	}
	if profile.BedWidth != 250_000 || profile.BedDepth != 210_500 {
		t.Errorf("bed of %d × %d µm", profile.BedWidth, profile.BedDepth)
	}
}

func TestProfile_labels_objects_in_every_version(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]string{"2.5.0+UNKNOWN": "1", "2.6.1": "1", "2.7.0": "octoprint", "2.9.2": "octoprint", "3.0": "octoprint"} {
		ini := PLA020().iniFor(version)
		if got := parseINI(ini)["gcode_label_objects"]; got != want {
			t.Errorf("%s: gcode_label_objects = %s, want %s", version, got, want)
		}
		if _, err := ParseProfile([]byte(ini)); err != nil {
			t.Errorf("%s: %v", version, err)
		}
	}
}

func TestLayerAbove(t *testing.T) {
	t.Parallel()
	// A layer prints what the model shows at the layer's middle.
	for base, want := range map[int32]int32{0: 200, 2000: 2200, 1999: 2200, 1900: 2200, 1899: 2000, 2099: 2200, 2100: 2400} {
		if got := PLA020().LayerAbove(base); got != want {
			t.Errorf("LayerAbove(%d) = %d, want %d", base, got, want)
		}
	}
}

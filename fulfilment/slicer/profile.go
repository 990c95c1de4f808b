package slicer

import (
	_ "embed"
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// ErrProfile says that a PrusaSlicer profile is incomplete or asks for something that could not
// be verified afterwards.
var ErrProfile = errors.New("print profile cannot be used")

//go:embed profile/pla-020.ini
var pla020 string

// Profile is a complete PrusaSlicer configuration and the numbers read from it. Lengths in µm.
type Profile struct {
	INI                string
	BedWidth, BedDepth int32
	MaxHeight          int32
	FirstLayer, Layer  int32
	SkirtHeight        int32   // layers
	FilamentDensity    float64 // g/cm³
	FilamentDiameter   float64 // mm
}

// PLA020 is the house profile: PLA, 0.2 mm layers, 220 × 220 × 250 mm.
func PLA020() Profile {
	profile, err := ParseProfile([]byte(pla020))
	if err != nil {
		panic(err)
	}
	return profile
}

// ParseProfile reads an ini as `prusa-slicer --save` writes it. It refuses with [ErrProfile] one
// that lacks a setting the house profile has (PrusaSlicer would fill in a default of its own),
// that runs a script, or that prints in a way [Verify] cannot follow.
func ParseProfile(ini []byte) (Profile, error) {
	settings := parseINI(string(ini))
	for key := range parseINI(pla020) {
		if _, ok := settings[key]; !ok {
			return Profile{}, fmt.Errorf("%w: %s is missing", ErrProfile, key)
		}
	}
	for key, allowed := range verifiable {
		if !strings.Contains(allowed, "|"+strings.Trim(settings[key], `"`)+"|") {
			return Profile{}, fmt.Errorf("%w: %s = %s", ErrProfile, key, settings[key])
		}
	}
	return readProfile(string(ini), settings)
}

var labelObjects = regexp.MustCompile(`(?m)^gcode_label_objects *= *\w+$`)

// iniFor returns the configuration for a version of PrusaSlicer: since 2.7 there are two kinds of
// labels instead of a switch.
func (p Profile) iniFor(version string) string {
	kind := "1"
	var major, minor int
	if _, err := fmt.Sscanf(version, "%d.%d", &major, &minor); err == nil && (major > 2 || minor >= 7) {
		kind = "octoprint"
	}
	return labelObjects.ReplaceAllString(p.INI, "gcode_label_objects = "+kind)
}

// verifiable lists the values, between bars, that keep a print reproducible and legible.
var verifiable = map[string]string{
	"printer_technology":  "|FFF|",
	"perimeter_generator": "|classic|", // arachne gives other moves on every run
	"gcode_flavor":        "|marlin2|marlin|",
	"gcode_label_objects": "|1|octoprint|", // with "firmware" there are no comments to follow
	"remaining_times":     "|1|",
	"color_change_gcode":  "|M600|",
	"post_process":        "||",
	"spiral_vase":         "|0|",
	"complete_objects":    "|0|",
	"support_material":    "|0|",
	"raft_layers":         "|0|",
	"brim_width":          "|0|",
	"z_offset":            "|0|",
	"use_volumetric_e":    "|0|",
	"wipe_tower":          "|0|",
}

func parseINI(ini string) map[string]string {
	settings := map[string]string{}
	for line := range strings.Lines(ini) {
		key, value, ok := strings.Cut(line, "=")
		if ok && !strings.HasPrefix(line, "#") {
			settings[strings.TrimSpace(key)] = strings.TrimSpace(value)
		}
	}
	return settings
}

func readProfile(ini string, settings map[string]string) (Profile, error) {
	read := numbers{settings: settings}
	profile := Profile{
		INI:         ini,
		MaxHeight:   read.microns("max_print_height"),
		FirstLayer:  read.microns("first_layer_height"),
		Layer:       read.microns("layer_height"),
		SkirtHeight: int32(read.number("skirt_height")),

		FilamentDensity:  read.number("filament_density"),
		FilamentDiameter: read.number("filament_diameter"),
	}
	profile.BedWidth, profile.BedDepth = read.bed("bed_shape")
	return profile, read.err
}

// numbers remembers the first setting that could not be read.
type numbers struct {
	settings map[string]string
	err      error
}

func (n *numbers) number(key string) float64 {
	value, err := strconv.ParseFloat(n.settings[key], 64)
	if (err != nil || !(value > 0 && value < 10_000)) && n.err == nil {
		n.err = fmt.Errorf("%w: %s = %s is not a positive number", ErrProfile, key, n.settings[key])
	}
	return value
}

func (n *numbers) microns(key string) int32 { return int32(math.Round(n.number(key) * 1000)) }

// bed reads a rectangle from the origin, the only shape our packing knows.
func (n *numbers) bed(key string) (width, depth int32) {
	var w, d float64
	_, err := fmt.Sscanf(n.settings[key], "0x0,%gx0,", &w)
	if err == nil {
		rest := strings.TrimPrefix(n.settings[key], fmt.Sprintf("0x0,%gx0,%gx", w, w))
		_, err = fmt.Sscanf(rest, "%g,", &d)
	}
	rectangle := fmt.Sprintf("0x0,%gx0,%gx%g,0x%g", w, w, d, d)
	if (err != nil || n.settings[key] != rectangle || !(w > 0 && w < 2000 && d > 0 && d < 2000)) && n.err == nil {
		n.err = fmt.Errorf("%w: %s = %s is not a rectangle at 0x0", ErrProfile, key, n.settings[key])
	}
	return int32(math.Round(w * 1000)), int32(math.Round(d * 1000))
}

// LayerAbove returns the top of the first layer that prints what lies above height z: the swap
// height of a plate whose base ends at z. A layer shows the model's section at its middle.
func (p Profile) LayerAbove(z int32) int32 {
	top := p.FirstLayer
	for top-p.Layer/2 <= z {
		top += p.Layer
	}
	return top
}

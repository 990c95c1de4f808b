package slicer

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"tsukuriba/catalog/tag"
)

const (
	// tolerance is how far a line's middle may lie outside its unit's rectangle, in µm. Lines
	// run half a width inside; the rest is rounding.
	tolerance = 250
	// recess is how far a unit's lines may end short of its rectangle, in µm: a line does not
	// reach into the tip of a sharp corner.
	recess = 1_500
	// estimateMargin is how far the sliced time and filament may lie from the estimate.
	estimateMargin = 0.15
)

// Report is what a verified G-code says about itself. The time leaves out heating, homing and
// hand work.
type Report struct {
	PrintSeconds     int
	FilamentMM       float64
	FilamentG        float64
	Layers           int
	ColorSwaps       int
	SwapAfterSeconds int // from start to the color swap, to the minute; 0 without a swap
}

// Verify reads a G-code as the printer would and compares it with the plate, because the slicer's
// exit code proves nothing. It accepts only if the file is whole, prints exactly the plate's
// units, each inside its own rectangle on the bed and up to its own height, swaps the color at
// the planned layer and nowhere else, and needs about what was estimated. The plate must have passed
// [Plate.Check]. The error is a [*Rejected], or that of the reader.
func Verify(gcode io.Reader, plate Plate) (Report, error) {
	inspection := newInspection(plate)
	if err := readGCode(gcode, inspection); err != nil {
		return Report{}, err
	}
	if err := inspection.conclude(); err != nil {
		return Report{}, err
	}
	return inspection.report, nil
}

// piece is what was seen of one object.
type piece struct {
	object  Object
	height  int64 // planned, in µm
	allowed rectangle
	reached rectangle // in nm
	top     int64     // in nm
	printed bool
}

type inspection struct {
	plate     Plate
	bed       rectangle // in nm
	pieces    map[string]*piece
	current   *piece // between the labels of an object
	role      string // what the slicer calls the lines it is drawing
	report    Report
	extruded  int64 // all lines, in nm of filament
	atStart   int64 // minutes remaining at the beginning
	remaining int64 // minutes remaining now
	misplaced bool  // a line in the wrong color
	timed     bool  // the remaining minutes were announced
	ended     bool
	words     words
}

func newInspection(plate Plate) *inspection {
	bed := rectangle{right: int64(plate.Profile.BedWidth), back: int64(plate.Profile.BedDepth)}
	in := &inspection{plate: plate, bed: bed.times(micron), pieces: map[string]*piece{}}
	for _, object := range plate.Objects {
		_, high := extent(object.Mesh)
		in.pieces[object.Name] = &piece{
			object:  object,
			height:  int64(high[2]),
			allowed: object.rectangle().grow(tolerance).times(micron),
			reached: rectangle{left: math.MaxInt64, front: math.MaxInt64, right: math.MinInt64, back: math.MinInt64},
		}
	}
	return in
}

func (r rectangle) times(n int64) rectangle {
	return rectangle{left: r.left * n, front: r.front * n, right: r.right * n, back: r.back * n}
}

func (in *inspection) moved(m move) error {
	in.ended = false
	if m.extruded <= 0 || !m.travels {
		return nil
	}
	in.extruded += m.extruded
	if !in.bed.contains(m.fromX, m.fromY) || !in.bed.contains(m.x, m.y) || m.z <= 0 || m.z > int64(in.plate.Profile.MaxHeight)*micron {
		return reject(ReasonOutsideBed, "line to X%.3f Y%.3f Z%.3f", inMM(m.x), inMM(m.y), inMM(m.z))
	}
	if in.current == nil {
		return in.unlabeled(m)
	}
	if swap := int64(in.plate.SwapZ) * micron; swap > 0 && (m.z > swap-micron) != (in.report.ColorSwaps > 0) {
		in.misplaced = true
	}
	return in.current.draw(m, in.plate.Profile)
}

func inMM(nanometers int64) float64 { return float64(nanometers) / millimeter }

// unlabeled allows lines that belong to no unit: the skirt in its layers, and a purge before the
// first layer if the profile begins with one.
func (in *inspection) unlabeled(m move) error {
	profile := in.plate.Profile
	skirtTop := int64(profile.FirstLayer+(profile.SkirtHeight-1)*profile.Layer) * micron
	if strings.HasPrefix(in.role, "Skirt") && m.z <= skirtTop+micron {
		return nil
	}
	if in.role == "Custom" && in.report.Layers == 0 {
		return nil
	}
	return reject(ReasonUnexpected, "a line of %q to X%.3f Y%.3f Z%.3f belongs to no unit", in.role, inMM(m.x), inMM(m.y), inMM(m.z))
}

func (p *piece) draw(m move, profile Profile) error {
	if !p.allowed.contains(m.fromX, m.fromY) || !p.allowed.contains(m.x, m.y) {
		return reject(ReasonOutsideUnit, "%s has a line to X%.3f Y%.3f Z%.3f", p.object.Name, inMM(m.x), inMM(m.y), inMM(m.z))
	}
	layer := profile.Layer
	if !p.printed {
		layer = profile.FirstLayer
	}
	if m.z > p.top+int64(layer)*micron+micron {
		return reject(ReasonTruncated, "%s has nothing between Z%.3f and Z%.3f", p.object.Name, inMM(p.top), inMM(m.z))
	}
	p.printed = true
	p.top = max(p.top, m.z)
	p.reached = rectangle{
		left: min(p.reached.left, m.x, m.fromX), front: min(p.reached.front, m.y, m.fromY),
		right: max(p.reached.right, m.x, m.fromX), back: max(p.reached.back, m.y, m.fromY),
	}
	return nil
}

func (in *inspection) command(line []byte) error {
	in.ended = false
	switch {
	case bytes.HasPrefix(line, []byte("M73 ")):
		return in.progress(line[4:])
	case bytes.Equal(line, []byte("M600")) || bytes.HasPrefix(line, []byte("M600 ")):
		in.report.ColorSwaps++
		in.report.SwapAfterSeconds = int(in.atStart-in.remaining) * 60
	}
	return nil
}

func (in *inspection) progress(arguments []byte) error {
	if err := in.words.read(arguments); err != nil || !in.words.has('R') {
		return err
	}
	in.remaining = in.words.value['R'-'A'] / millimeter
	if !in.timed {
		in.atStart, in.timed = in.remaining, true
	}
	return nil
}

func (in *inspection) comment(text []byte) error {
	in.ended = false
	if len(text) == 0 {
		return nil
	}
	switch text[0] {
	case 'T':
		if role, ok := bytes.CutPrefix(text, []byte("TYPE:")); ok {
			in.role = string(role)
		}
	case 'L':
		if bytes.Equal(text, []byte("LAYER_CHANGE")) {
			in.report.Layers++
		}
	case ' ':
		return in.remark(text[1:])
	}
	return nil
}

// remark reads the labels of the objects and the totals at the end.
func (in *inspection) remark(text []byte) error {
	if label, ok := bytes.CutPrefix(text, []byte("printing object ")); ok {
		name, _, _ := bytes.Cut(label, []byte(" id:"))
		if in.current = in.pieces[string(name)]; in.current == nil {
			return reject(ReasonUnexpected, "%.80q is not on the plate", name)
		}
		return nil
	}
	if bytes.HasPrefix(text, []byte("stop printing object ")) {
		in.current = nil
		return nil
	}
	name, value, ok := bytes.Cut(text, []byte(" = "))
	if !ok {
		return nil
	}
	return in.total(string(name), string(value))
}

func (in *inspection) total(name, value string) (err error) {
	switch name {
	case "filament used [mm]":
		in.report.FilamentMM, err = readAmount(value)
	case "filament used [g]":
		in.report.FilamentG, err = readAmount(value)
	case "estimated printing time (normal mode)":
		in.report.PrintSeconds, err = readDuration(value)
	case "prusaslicer_config":
		in.ended = value == "end"
	}
	return err
}

func readAmount(value string) (float64, error) {
	amount, err := strconv.ParseFloat(value, 64)
	if err != nil || !(amount >= 0 && amount < 1e9) {
		return 0, fmt.Errorf("amount %.40q: %w", value, errMalformed)
	}
	return amount, nil
}

// readDuration reads "1d 2h 3m 4s", any of it missing.
func readDuration(value string) (seconds int, err error) {
	units := map[byte]int{'d': 86400, 'h': 3600, 'm': 60, 's': 1}
	for field := range strings.FieldsSeq(value) {
		unit := units[field[len(field)-1]]
		n, err := strconv.ParseUint(field[:len(field)-1], 10, 16)
		if err != nil || unit == 0 {
			return 0, fmt.Errorf("duration %.40q: %w", value, errMalformed)
		}
		seconds += int(n) * unit
	}
	return seconds, nil
}

// conclude judges what only the whole file can tell.
func (in *inspection) conclude() error {
	if !in.ended {
		return reject(ReasonTruncated, "the end marker is missing")
	}
	if in.report.PrintSeconds == 0 || in.report.FilamentMM == 0 {
		return reject(ReasonTruncated, "the totals of time and filament are missing")
	}
	for _, object := range in.plate.Objects {
		if err := in.pieces[object.Name].conclude(int64(in.plate.Profile.Layer)); err != nil {
			return err
		}
	}
	if err := in.concludeSwap(); err != nil {
		return err
	}
	// The footer adds a few retractions to what the lines take.
	drawn := inMM(in.extruded)
	if math.Abs(drawn-in.report.FilamentMM) > 0.01*in.report.FilamentMM+5 {
		return reject(ReasonTruncated, "lines take %.1f mm of filament, the footer says %.1f", drawn, in.report.FilamentMM)
	}
	return in.compareEstimate()
}

func (p *piece) conclude(layer int64) error {
	if !p.printed {
		return reject(ReasonMissing, "%s is not printed", p.object.Name)
	}
	if top := p.top / micron; top < p.height-layer || top > p.height+layer {
		return reject(ReasonHeight, "%s ends at %d µm of %d", p.object.Name, top, p.height)
	}
	area := p.object.rectangle().grow(-recess).times(micron)
	if p.reached.left > area.left || p.reached.front > area.front || p.reached.right < area.right || p.reached.back < area.back {
		return reject(ReasonIncomplete, "%s does not reach its edges", p.object.Name)
	}
	return nil
}

func (in *inspection) concludeSwap() error {
	planned := 0
	if in.plate.SwapZ > 0 {
		planned = 1
	}
	if in.report.ColorSwaps != planned {
		return reject(ReasonSwapCount, "%d color swaps, %d planned", in.report.ColorSwaps, planned)
	}
	if in.misplaced {
		return reject(ReasonSwapPlace, "the color swap is not where the layer of %d µm begins", in.plate.SwapZ)
	}
	return nil
}

// compareEstimate adds up what the objects were thought to need; one without an estimate ends
// the comparison.
func (in *inspection) compareEstimate() error {
	var sum tag.Estimate
	for _, object := range in.plate.Objects {
		if object.Estimate == (tag.Estimate{}) {
			return nil
		}
		sum.Seconds += object.Estimate.Seconds
		sum.FilamentMM += object.Estimate.FilamentMM
	}
	if far(float64(in.report.PrintSeconds), sum.Seconds) {
		return reject(ReasonEstimate, "%d s of printing, estimated %.0f", in.report.PrintSeconds, sum.Seconds)
	}
	if far(in.report.FilamentMM, sum.FilamentMM) {
		return reject(ReasonEstimate, "%.1f mm of filament, estimated %.1f", in.report.FilamentMM, sum.FilamentMM)
	}
	return nil
}

func far(actual, estimate float64) bool { return math.Abs(actual-estimate) > estimateMargin*estimate }

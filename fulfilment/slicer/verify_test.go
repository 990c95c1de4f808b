package slicer

import (
	"fmt"
	"io"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"
	"time"

	"tsukuriba/catalog/tag"
)

func TestVerify_doctored(t *testing.T) {
	t.Parallel()
	real := requireGCode(t)
	replace := func(old, with string) string { return strings.Replace(real, old, with, 1) }
	const inA = "; printing object unt_a id:0 copy 0\n"
	tests := map[string]struct {
		gcode string
		want  Reason
	}{
		"nothing":                      {"", ReasonTruncated},
		"cut in half":                  {real[:len(real)/2], ReasonTruncated},
		"cut before the last line":     {strings.TrimSuffix(real, "; prusaslicer_config = end\n"), ReasonTruncated},
		"more after the end":           {real + "G1 X5 Y5 E1\n", ReasonUnexpected},
		"a command after the end":      {real + "M104 S300\n", ReasonTruncated},
		"a hole in the middle":         {withoutLayers(real, 5, 6), ReasonTruncated},
		"a unit that is not there":     {withoutObject(real, "unt_b"), ReasonMissing},
		"a unit nobody asked for":      {strings.ReplaceAll(real, "unt_b", "unt_c"), ReasonUnexpected},
		"a unit that ends too low":     {withoutObjectAbove(real, "unt_b", 11), ReasonHeight},
		"lines that belong to nobody":  {replace("; stop printing object unt_a id:0 copy 0\n", "; stop printing object unt_a id:0 copy 0\nG1 X40 Y10 E1\n"), ReasonUnexpected},
		"no swap":                      {replace("\nM600\n", "\n"), ReasonSwapCount},
		"two swaps":                    {replace("\nM600\n", "\nM600\nM600\n"), ReasonSwapCount},
		"the swap one layer too early": {moveSwap(real, ";Z:2\n"), ReasonSwapPlace},
		"the swap one layer too late":  {moveSwap(real, ";Z:2.4\n"), ReasonSwapPlace},
		"a line beyond the bed":        {replace(inA, inA+"G1 X220.001 Y10 E1\n"), ReasonOutsideBed},
		"a line left of the bed":       {replace(inA, inA+"G1 X-.001 Y10 E1\n"), ReasonOutsideBed},
		"a line below the bed":         {replace(inA, inA+"G1 Z-.2\nG1 X10 Y10 E1\n"), ReasonOutsideBed},
		"a line above the printer":     {replace(inA, inA+"G1 Z250.1\nG1 X10 Y10 E1\n"), ReasonOutsideBed},
		"a line beside its unit":       {replace(inA, inA+"G1 X10 Y10\nG1 X10 Y22 E1\n"), ReasonOutsideUnit},
		"a line from another unit":     {replace(inA, inA+"G1 X60 Y10\nG1 X10 Y10 E1\n"), ReasonOutsideUnit},
		"an arc":                       {replace(inA, inA+"G2 X10 Y10 I5 J0 E1\n"), ReasonMalformed},
		"relative positions":           {replace(inA, inA+"G91\n"), ReasonMalformed},
		"inches":                       {replace(inA, inA+"G20\n"), ReasonMalformed},
		"another origin":               {replace(inA, inA+"M206 X50\n"), ReasonMalformed},
		"a position declared":          {replace(inA, inA+"G92 X0\n"), ReasonMalformed},
		"another tool":                 {replace(inA, inA+"T1\n"), ReasonMalformed},
		"not a number":                 {replace(inA, inA+"G1 XNaN Y10 E1\n"), ReasonMalformed},
		"an infinite number":           {replace(inA, inA+"G1 XInf Y10 E1\n"), ReasonMalformed},
		"a number with an exponent":    {replace(inA, inA+"G1 X1e1 Y10 E1\n"), ReasonMalformed},
		"a huge number":                {replace(inA, inA+"G1 X99999999999999999999 Y10 E1\n"), ReasonMalformed},
		"a number of many zeros":       {replace(inA, inA+"G1 X0000000000000000000000001 Y10\n"), ReasonMalformed},
		"the same letter twice":        {replace(inA, inA+"G1 X10 X300 Y10 E1\n"), ReasonMalformed},
		"an endless line":              {replace(inA, inA+";"+strings.Repeat("x", maxLine)+"\n"), ReasonMalformed},
		"zero bytes":                   {replace(inA, inA+"\x00\x00\n"), ReasonMalformed},
		"filament that is no number":   {regexp.MustCompile(`used \[mm\] = .*`).ReplaceAllString(real, "used [mm] = NaN"), ReasonMalformed},
		"filament that does not add":   {regexp.MustCompile(`used \[mm\] = .*`).ReplaceAllString(real, "used [mm] = 12.5"), ReasonTruncated},
		"a time that is no time":       {regexp.MustCompile(`\(normal mode\) = .*`).ReplaceAllString(real, "(normal mode) = soon"), ReasonMalformed},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if test.gcode == real {
				t.Fatal("nothing was doctored")
			}
			_, err := Verify(strings.NewReader(test.gcode), twoTags())
			requireReason(t, err, test.want)
		})
	}
}

func withoutLayers(gcode string, from, to int) string {
	layers := strings.SplitAfter(gcode, ";LAYER_CHANGE\n")
	return strings.Join(append(layers[:from:from], layers[to:]...), "")
}

// withoutObject leaves the labels and drops what stands between them.
func withoutObject(gcode, name string) string {
	return regexp.MustCompile(`(?s)(; printing object `+name+`[^\n]*\n).*?(; stop printing object `+name+`)`).ReplaceAllString(gcode, "$1$2")
}

func withoutObjectAbove(gcode, name string, layer int) string {
	layers := strings.SplitAfter(gcode, ";LAYER_CHANGE\n")
	low, high := strings.Join(layers[:layer], ""), strings.Join(layers[layer:], "")
	return low + withoutObject(high, name)
}

func moveSwap(gcode, after string) string {
	return strings.Replace(strings.Replace(gcode, "\nM600\n", "\n", 1), after, after+"M600\n", 1)
}

func TestVerify_estimates(t *testing.T) {
	t.Parallel()
	real := requireGCode(t)
	report, err := Verify(strings.NewReader(real), twoTags())
	if err != nil {
		t.Fatal(err)
	}
	estimated := func(timeFactor, filamentFactor float64) Plate {
		plate := twoTags()
		for i := range plate.Objects {
			plate.Objects[i].Estimate = tag.Estimate{
				Seconds:    float64(report.PrintSeconds) / 2 * timeFactor,
				FilamentMM: report.FilamentMM / 2 * filamentFactor,
			}
		}
		return plate
	}
	for _, factor := range []float64{0.9, 1, 1.1} {
		if _, err := Verify(strings.NewReader(real), estimated(factor, factor)); err != nil {
			t.Errorf("estimate × %.1f: %v", factor, err)
		}
	}
	for _, plate := range []Plate{estimated(0.8, 1), estimated(1.3, 1), estimated(1, 0.8), estimated(1, 1.3)} {
		_, err := Verify(strings.NewReader(real), plate)
		requireReason(t, err, ReasonEstimate)
	}
	half := estimated(5, 5)
	half.Objects[1].Estimate = tag.Estimate{}
	if _, err := Verify(strings.NewReader(real), half); err != nil {
		t.Errorf("an estimate for one object only: %v", err)
	}
}

func TestVerify_another_plate(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change func(*Plate)
		want   Reason
	}{
		"a unit more": {func(p *Plate) {
			p.Objects = append(p.Objects, Object{Name: "unt_c", Mesh: block(9000, 9000, 3000), X: 100_000, Y: 100_000})
		}, ReasonMissing},
		"a unit less":          {func(p *Plate) { p.Objects = p.Objects[:1] }, ReasonUnexpected},
		"a higher unit":        {func(p *Plate) { p.Objects[0].Mesh = block(40_000, 15_000, 3500) }, ReasonHeight},
		"a lower unit":         {func(p *Plate) { p.Objects[0].Mesh = block(40_000, 15_000, 2700) }, ReasonHeight},
		"a wider unit":         {func(p *Plate) { p.Objects[1].Mesh = block(33_000, 20_000, 3000) }, ReasonIncomplete},
		"a unit moved":         {func(p *Plate) { p.Objects[1].X += 500 }, ReasonOutsideUnit},
		"a plate of one color": {func(p *Plate) { p.SwapZ = 0 }, ReasonSwapCount},
		"a smaller bed":        {func(p *Plate) { p.Profile.BedWidth = 75_000 }, ReasonOutsideBed},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			plate := twoTags()
			test.change(&plate)
			_, err := Verify(strings.NewReader(requireGCode(t)), plate)
			requireReason(t, err, test.want)
		})
	}
}

func TestVerify_returns_the_readers_error(t *testing.T) {
	t.Parallel()
	_, err := Verify(iotest.ErrReader(io.ErrClosedPipe), twoTags())
	if err != io.ErrClosedPipe {
		t.Errorf("got %v, want %v", err, io.ErrClosedPipe)
	}
}

func TestReadNumber(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int64{
		"1": 1_000_000, "-.5": -500_000, "+2.25": 2_250_000, ".00012": 120, "109": 109_000_000, "3.": 3_000_000,
		"0.0000019": 1, "-0.123456789": -123_456, "1000000": 1_000_000_000_000,
	} {
		if got, length := readNumber([]byte(text + " Y1")); got != want || length != len(text) {
			t.Errorf("readNumber(%q) = %d in %d bytes, want %d", text, got, length, want)
		}
	}
	for _, text := range []string{"", "-", ".", "-.", "1.2.3", "1-", "0x10", "1000001", "١", "1_000"} {
		if got, length := readNumber([]byte(text)); length != 0 {
			t.Errorf("readNumber(%q) = %d in %d bytes, want none", text, got, length)
		}
	}
}

func TestReadDuration(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{"1d 2h 3m 4s": 93_784, "25m 54s": 1554, "9s": 9, "": 0} {
		if got, err := readDuration(text); err != nil || got != want {
			t.Errorf("readDuration(%q) = %d, %v, want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"5", "m", "-5m", "99999999999999999999s", "5 m", "1.5h"} {
		if got, err := readDuration(text); err == nil {
			t.Errorf("readDuration(%q) = %d, want an error", text, got)
		}
	}
}

// smallPrint is a hand-written print of one 10 × 10 × 0.4 mm unit, accepted as it stands.
const smallPrint = `; generated by PrusaSlicer 2.5.0
M73 P0 R2
G28
G90
M83
;LAYER_CHANGE
;Z:0.2
G1 Z.2 F9000
; printing object unt_a id:0 copy 0
;TYPE:Perimeter
G1 X6.2 Y6.2
G1 X15.8 Y6.2 E4
G1 X15.8 Y15.8 E4
; stop printing object unt_a id:0 copy 0
;LAYER_CHANGE
;Z:0.4
G1 Z.4
; printing object unt_a id:0 copy 0
G1 X6.2 Y15.8 E4
G1 X6.2 Y6.2 E4
; stop printing object unt_a id:0 copy 0
M84
; filament used [mm] = 16.00
; filament used [g] = 0.05
; estimated printing time (normal mode) = 2m 5s
; prusaslicer_config = end
`

func FuzzVerify(f *testing.F) {
	plate := oneBlock(block(10_000, 10_000, 400))
	report, err := Verify(strings.NewReader(smallPrint), plate)
	if want := (Report{PrintSeconds: 125, FilamentMM: 16, FilamentG: 0.05, Layers: 2}); err != nil || report != want {
		f.Fatalf("got %+v, %v, want %+v", report, err, want)
	}
	f.Add(smallPrint)
	f.Add(strings.ReplaceAll(smallPrint, "E4", "E-4"))
	f.Add(strings.ReplaceAll(smallPrint, "\n", "\r\n"))
	f.Add("M600\nM73\nM73 R\nG1 X\nG92 E1\nG1 E5\n;TYPE:\n; = \n")
	f.Fuzz(func(t *testing.T, gcode string) {
		report, err := Verify(strings.NewReader(gcode), plate)
		if err != nil {
			requireReason(t, err, ReasonTruncated, ReasonMalformed, ReasonMissing, ReasonUnexpected, ReasonOutsideBed,
				ReasonOutsideUnit, ReasonHeight, ReasonIncomplete, ReasonSwapCount)
			return
		}
		if report.ColorSwaps != 0 || report.PrintSeconds < 0 || !(report.FilamentMM > 0) || !(report.FilamentG >= 0) {
			t.Errorf("accepted with %+v", report)
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	gcode := requireGCode(b)
	plate := twoTags()
	before := cpuTime(b)
	for b.Loop() {
		if _, err := Verify(strings.NewReader(gcode), plate); err != nil {
			b.Fatal(err)
		}
	}
	perPrint := (cpuTime(b) - before).Seconds() * 1000 / float64(b.N)
	b.ReportMetric(perPrint/(float64(len(gcode))/1e6), "cpu-ms/MB")
}

func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func ExampleRejected() {
	_, err := Verify(strings.NewReader("G28\n"), Plate{})
	fmt.Println(err)
	// Output: plate rejected: gcode_truncated: the end marker is missing
}

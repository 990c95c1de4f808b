package slicer

import "testing"

func TestPlateCheck(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change func(*Plate)
		want   Reason
	}{
		"no object":                 {func(p *Plate) { p.Objects = nil }, ReasonEmpty},
		"a name with a blank":       {func(p *Plate) { p.Objects[0].Name = "unt a" }, ReasonName},
		"a name with markup":        {func(p *Plate) { p.Objects[0].Name = `a"/><b` }, ReasonName},
		"a doubled name":            {func(p *Plate) { p.Objects[0].Name = "unt_b" }, ReasonName},
		"no base color":             {func(p *Plate) { p.BaseColor = "" }, ReasonColor},
		"a text color with markup":  {func(p *Plate) { p.TextColor = `#12345"` }, ReasonColor},
		"no mesh":                   {func(p *Plate) { p.Objects[0].Mesh = nil }, ReasonMesh},
		"a missing face":            {func(p *Plate) { p.Objects[0].Mesh = without(0, p.Objects[0].Mesh) }, ReasonMesh},
		"a mesh above the bed":      {func(p *Plate) { p.Objects[0].Mesh = floating(10, 9000, 9000, 3000) }, ReasonMesh},
		"left of the bed":           {func(p *Plate) { p.Objects[0].X = -1 }, ReasonOffBed},
		"right of the bed":          {func(p *Plate) { p.Objects[0].X = 180_001 }, ReasonOffBed},
		"behind the bed":            {func(p *Plate) { p.Objects[0].Y = 205_001 }, ReasonOffBed},
		"far right wraps nothing":   {func(p *Plate) { p.Objects[0].X = 1<<31 - 1 }, ReasonOffBed},
		"higher than the printer":   {func(p *Plate) { p.Objects[0].Mesh = block(9000, 9000, 250_001) }, ReasonTooTall},
		"one upon the other":        {func(p *Plate) { p.Objects[1].X = 7000 }, ReasonOverlap},
		"nearer than two lines":     {func(p *Plate) { p.Objects[1].X = 46_400 }, ReasonOverlap},
		"a swap in the first layer": {func(p *Plate) { p.SwapZ = 200 }, ReasonSwap},
		"a swap within a layer":     {func(p *Plate) { p.SwapZ = 2300 }, ReasonSwap},
		"a swap below the bed":      {func(p *Plate) { p.SwapZ = -2200 }, ReasonSwap},
		"a swap above everything":   {func(p *Plate) { p.SwapZ = 3200 }, ReasonSwap},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			plate := twoTags()
			test.change(&plate)
			requireReason(t, plate.Check(), test.want)
		})
	}
	if err := twoTags().Check(); err != nil {
		t.Errorf("a good plate is refused: %v", err)
	}
}

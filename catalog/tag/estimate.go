package tag

import "math"

// Estimate is what a slicer would say about a tag, known at once. It leaves out heating, homing and hand work.
type Estimate struct {
	Seconds    float64
	FilamentMM float64
	Grams      float64
}

// EstimateProfile knows how one print profile turns layers into time and filament. The coefficients come from Calibrate.
type EstimateProfile struct {
	LayerHeight  float64 // mm, of all layers
	BottomLayers int     // solid layers at the bottom
	TopLayers    int     // and below each upper face
	Overlap      float64 // mm that the filling below an upper face reaches under its neighbors
	MinSeconds   float64 // a layer is slowed down until it takes that long,
	SlowestSpeed float64 // but never below this, in mm/s
	LineWidth    float64 // mm
	Diameter     float64 // of the filament, mm
	Density      float64 // of the filament, g/cm³

	Seconds  [timeFeatures]float64     // for each feature of a layer
	Filament [filamentFeatures]float64 // mm, for each feature of a tag
}

const (
	timeFeatures     = 11
	filamentFeatures = 8
)

// Estimate predicts what the slicer will say about a tag.
func (s Stats) Estimate(p EstimateProfile) Estimate {
	var e Estimate
	layers := p.layers(s)
	for _, l := range layers {
		e.Seconds += max(dot(p.Seconds[:], l.time(s)), p.floor(l))
	}
	e.FilamentMM = dot(p.Filament[:], filament(s, layers))
	e.Grams = e.FilamentMM * math.Pi / 4 * p.Diameter * p.Diameter * p.Density / 1000
	return e
}

// layerCut is what is printed in one layer.
type layerCut struct {
	slab          Slab
	first         bool
	solid, sparse float64 // mm² filled wholly, and by a sparse pattern
	top           float64 // mm² that nothing covers, part of solid
	seam          float64 // mm of the outline between what is filled solid for an upper face and the rest
}

// layers cuts a tag. What lies above in a later layer also lies below, so the solid part of a layer is what the layer TopLayers
// above no longer covers.
func (p EstimateProfile) layers(s Stats) []layerCut {
	n := int(math.Round(s.Thickness / p.LayerHeight))
	cuts := make([]layerCut, n)
	for i := range cuts {
		middle := (float64(i) + 0.5) * p.LayerHeight
		slab, cover := s.at(middle), s.at(middle+float64(p.TopLayers)*p.LayerHeight)
		sparse := cover.Area
		if cover.From > 0 { // upper faces are filled some way under what stands beside them
			sparse = max(0, sparse-p.Overlap*cover.Perimeter)
		}
		if i < p.BottomLayers {
			sparse = 0
		}
		cuts[i] = layerCut{
			slab: slab, first: i == 0, solid: slab.Area - sparse, sparse: sparse,
			top: slab.Area - s.at(middle+p.LayerHeight).Area,
		}
		if cover != slab {
			cuts[i].seam = cover.Perimeter
		}
	}
	return cuts
}

// at returns the slab at a height, or an empty one above the tag.
func (s Stats) at(z float64) Slab {
	for _, slab := range s.Slabs {
		if z >= slab.From && z < slab.To {
			return slab
		}
	}
	return Slab{}
}

// time lists the features that a layer's time is linear in.
func (l layerCut) time(s Stats) []float64 {
	f := [timeFeatures]float64{0: 1}
	if l.first { // slow, and with a skirt around it
		f[1] = s.Width + s.Height
		f[2] = float64(l.slab.Loops)
		return f[:]
	}
	f[3], f[4], f[5] = l.seam, l.sparse, l.top
	if l.slab.From > 0 { // letters, or what is left between them
		f[6], f[7], f[8] = l.slab.Perimeter, l.solid, float64(l.slab.Loops)
	} else {
		f[9], f[10] = l.slab.Perimeter, l.solid
	}
	return f[:]
}

// floor is the least time of a layer: MinSeconds, unless its lines are done sooner at SlowestSpeed.
func (p EstimateProfile) floor(l layerCut) float64 {
	lines := l.slab.Area / p.LineWidth
	return min(p.MinSeconds, lines/p.SlowestSpeed)
}

// filament lists the features that the filament is linear in.
func filament(s Stats, layers []layerCut) []float64 {
	f := [filamentFeatures]float64{0: 1, 1: s.Width + s.Height}
	for _, l := range layers {
		if l.slab.From > 0 {
			f[2] += l.slab.Perimeter
			f[7] += float64(l.slab.Loops)
		} else {
			f[3] += l.slab.Perimeter
		}
		f[4] += l.solid
		f[5] += l.sparse
		f[6] += l.slab.Perimeter * l.sparse / l.slab.Area
	}
	return f[:]
}

func dot(a, b []float64) float64 {
	var sum float64
	for i := range a {
		sum += a[i] * b[i]
	}
	return sum
}

// PLA020 is PLA in layers of 0.2 mm as in the shop's slicer profile pla-020, calibrated on 170 random tags. On tags it has not seen, the
// time is within 7.5% and the filament within 3% in 95 of 100 cases.
var PLA020 = EstimateProfile{
	LayerHeight: 0.2, BottomLayers: 4, TopLayers: 4, Overlap: 1, MinSeconds: 8, SlowestSpeed: 10, LineWidth: 0.45,
	Diameter: 1.75, Density: 1.24,
	Seconds: [timeFeatures]float64{
		0.49393, -1.373, 37.192, -0.0047417, 0.0012101, 0.13556, 0.00025137, 0.11365, 0.60325, 0.12695, 0.048427,
	},
	Filament: [filamentFeatures]float64{
		9.7876, -0.21431, -0.00017325, 0.011512, 0.085343, 0.02011, 0.034057, -0.045207,
	},
}

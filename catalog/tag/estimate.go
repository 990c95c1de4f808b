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
	MinSeconds   float64 // a layer is slowed down until it takes that long,
	SlowestSpeed float64 // but never below this, in mm/s
	LineWidth    float64 // mm
	Diameter     float64 // of the filament, mm
	Density      float64 // of the filament, g/cm³

	Seconds  [timeFeatures]float64     // for each feature of a layer
	Filament [filamentFeatures]float64 // mm, for each feature of a tag
}

const (
	timeFeatures     = 13
	filamentFeatures = 7
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
}

// layers cuts a tag. What lies above in a later layer also lies below, so the solid part of a layer is what the layer TopLayers
// above no longer covers.
func (p EstimateProfile) layers(s Stats) []layerCut {
	n := int(math.Round(s.Thickness / p.LayerHeight))
	cuts := make([]layerCut, n)
	for i := range cuts {
		slab := s.at((float64(i) + 0.5) * p.LayerHeight)
		sparse := s.at((float64(i+p.TopLayers) + 0.5) * p.LayerHeight).Area
		if i < p.BottomLayers {
			sparse = 0
		}
		above := s.at((float64(i) + 1.5) * p.LayerHeight).Area
		cuts[i] = layerCut{slab: slab, first: i == 0, solid: slab.Area - sparse, sparse: sparse, top: slab.Area - above}
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
	switch {
	case l.first: // slow, and with a skirt around it
		f[1], f[2], f[3] = l.slab.Perimeter, l.slab.Area, s.Width+s.Height
	case l.slab.Text:
		f[4], f[5], f[6], f[7], f[8] = l.slab.Perimeter, l.solid, l.sparse, l.top, float64(s.Glyphs)
	default:
		f[9], f[10], f[11], f[12] = l.slab.Perimeter, l.solid, l.sparse, l.top
	}
	return f[:]
}

// floor is the least time of a layer: MinSeconds, unless its lines are done sooner at SlowestSpeed.
func (p EstimateProfile) floor(l layerCut) float64 {
	const walls = 2
	lines := walls*l.slab.Perimeter + max(0, l.slab.Area-walls*p.LineWidth*l.slab.Perimeter)/p.LineWidth
	return min(p.MinSeconds, lines/p.SlowestSpeed)
}

// filament lists the features that the filament is linear in.
func filament(s Stats, layers []layerCut) []float64 {
	f := [filamentFeatures]float64{0: 1, 1: s.Width + s.Height}
	for _, l := range layers {
		if l.slab.Text {
			f[2] += l.slab.Perimeter
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

// PLA020 is PLA in layers of 0.2 mm as in the shop's slicer profile pla-020.
var PLA020 = EstimateProfile{
	LayerHeight: 0.2, BottomLayers: 4, TopLayers: 4, MinSeconds: 8, SlowestSpeed: 10, LineWidth: 0.45,
	Diameter: 1.75, Density: 1.24,
}

package tag

import (
	"errors"
	"math"
)

// Slice is what a slicer really said about a tag.
type Slice struct {
	Stats      Stats   `json:"stats"`
	Seconds    float64 `json:"seconds"`
	FilamentMM float64 `json:"filament_mm"`
}

// ErrTooFewSlices means that there are not enough different slices to find the coefficients of a profile.
var ErrTooFewSlices = errors.New("there are too few slices to calibrate from")

// Calibrate returns the profile with the coefficients that fit the slices best, by least squares of the relative error. The constants of
// the profile must be those the slices were made with. A hundred slices of very different tags are enough.
func Calibrate(p EstimateProfile, slices []Slice) (EstimateProfile, error) {
	if len(slices) < 4*timeFeatures {
		return p, ErrTooFewSlices
	}
	if err := p.fitFilament(slices); err != nil {
		return p, err
	}
	p.Seconds = [timeFeatures]float64{}
	best, least := p, math.Inf(1)
	for range 20 { // which layers are held back depends on the fit, and the fit on them; it settles, or swings between a few
		if err := p.fitSeconds(slices); err != nil {
			return p, err
		}
		if off := p.misfit(slices); off < least {
			best, least = p, off
		}
	}
	return best, nil
}

// misfit sums up the squares of the relative errors in time.
func (p *EstimateProfile) misfit(slices []Slice) (sum float64) {
	for _, s := range slices {
		off := s.Stats.Estimate(*p).Seconds/s.Seconds - 1
		sum += off * off
	}
	return sum
}

func (p *EstimateProfile) fitFilament(slices []Slice) error {
	sys := newSystem(filamentFeatures)
	for _, s := range slices {
		sys.add(filament(s.Stats, p.layers(s.Stats)), s.FilamentMM, 1/s.FilamentMM)
	}
	solution, err := sys.solve()
	copy(p.Filament[:], solution)
	return err
}

// fitSeconds fits the layers that take longer than the floor under the present coefficients; the others take just the floor.
func (p *EstimateProfile) fitSeconds(slices []Slice) error {
	sys := newSystem(timeFeatures)
	unfitted := p.Seconds == [timeFeatures]float64{}
	for _, s := range slices {
		var sum [timeFeatures]float64
		rest := s.Seconds
		for _, l := range p.layers(s.Stats) {
			f := l.time(s.Stats)
			if floor := p.floor(l); !unfitted && dot(p.Seconds[:], f) < floor {
				rest -= floor
				continue
			}
			for i := range f {
				sum[i] += f[i]
			}
		}
		sys.add(sum[:], rest, 1/s.Seconds)
	}
	solution, err := sys.solve()
	copy(p.Seconds[:], solution)
	return err
}

// system is the normal equations of a least squares problem: a·x = b.
type system struct {
	a [][]float64
	b []float64
}

func newSystem(n int) *system {
	s := &system{a: make([][]float64, n), b: make([]float64, n)}
	for i := range s.a {
		s.a[i] = make([]float64, n)
	}
	return s
}

// add wants the features to sum up to y, with a weight.
func (s *system) add(features []float64, y, weight float64) {
	w := weight * weight
	for i, f := range features {
		for j, g := range features {
			s.a[i][j] += w * f * g
		}
		s.b[i] += w * f * y
	}
}

// solve eliminates with the largest pivot. A trace of ridge, relative to each feature, settles features that never vary.
func (s *system) solve() ([]float64, error) {
	const ridge = 1e-6
	n := len(s.b)
	for i := range n {
		s.a[i][i] += ridge * (s.a[i][i] + 1e-12)
	}
	for k := range n {
		pivot := k
		for i := k + 1; i < n; i++ {
			if math.Abs(s.a[i][k]) > math.Abs(s.a[pivot][k]) {
				pivot = i
			}
		}
		if s.a[pivot][k] == 0 {
			return nil, ErrTooFewSlices
		}
		s.a[k], s.a[pivot] = s.a[pivot], s.a[k]
		s.b[k], s.b[pivot] = s.b[pivot], s.b[k]
		for i := k + 1; i < n; i++ {
			factor := s.a[i][k] / s.a[k][k]
			for j := k; j < n; j++ {
				s.a[i][j] -= factor * s.a[k][j]
			}
			s.b[i] -= factor * s.b[k]
		}
	}
	x := make([]float64, n)
	for i := n - 1; i >= 0; i-- {
		x[i] = (s.b[i] - dot(s.a[i][i+1:], x[i+1:])) / s.a[i][i]
	}
	return x, nil
}

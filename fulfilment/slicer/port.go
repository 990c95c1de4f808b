package slicer

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"

	"tsukuriba/fulfilment"
)

// Port is the slicer as fulfilment knows it: plates name their profile, and rejections speak its
// language.
type Port struct {
	slicer   *Slicer
	profiles map[string]Profile
}

var _ fulfilment.Slicer = (*Port)(nil)

// HouseProfile is the name of [PLA020].
const HouseProfile = "pla-020"

// NewPort lets fulfilment use the slicer with profiles by name.
func NewPort(slicer *Slicer, profiles map[string]Profile) *Port {
	return &Port{slicer: slicer, profiles: profiles}
}

// Slice implements [fulfilment.Slicer].
func (p *Port) Slice(ctx context.Context, model fulfilment.PlateModel) (fulfilment.Sliced, error) {
	plate, err := p.plate(model)
	if err != nil {
		return fulfilment.Sliced{}, err
	}
	result, err := p.slicer.Slice(ctx, plate)
	if err != nil {
		return fulfilment.Sliced{}, translated(err)
	}
	sliced := fulfilment.Sliced{
		GCode: result.GCode, SlicerVersion: result.SlicerVersion, CacheKey: result.CacheKey,
		PrintSeconds: result.PrintSeconds, SwapAfterSeconds: result.SwapAfterSeconds, ColorSwaps: result.ColorSwaps,
		Layers: result.Layers, FilamentMM: result.FilamentMM, FilamentG: result.FilamentG,
	}
	if _, err := hex.Decode(sliced.SHA256[:], []byte(result.SHA256)); err != nil {
		return fulfilment.Sliced{}, fmt.Errorf("read hash: %w", err)
	}
	return sliced, nil
}

// CacheKey implements [fulfilment.Slicer].
func (p *Port) CacheKey(ctx context.Context, model fulfilment.PlateModel) (string, error) {
	plate, err := p.plate(model)
	if err != nil {
		return "", err
	}
	key, err := p.slicer.CacheKey(ctx, plate)
	return key, translated(err)
}

// Bed implements [fulfilment.Slicer].
func (p *Port) Bed(name string) (fulfilment.Bed, error) {
	profile, ok := p.profiles[name]
	if !ok {
		return fulfilment.Bed{}, fmt.Errorf("%w: none is named %q", ErrProfile, name)
	}
	return fulfilment.Bed{Width: profile.BedWidth, Depth: profile.BedDepth}, nil
}

// plate moves the color swap from where the text begins to the top of its first layer, which is
// how PrusaSlicer counts.
func (p *Port) plate(model fulfilment.PlateModel) (Plate, error) {
	profile, ok := p.profiles[model.Profile]
	if !ok {
		return Plate{}, fmt.Errorf("%w: none is named %q", ErrProfile, model.Profile)
	}
	plate := Plate{BaseColor: model.BaseColor, TextColor: model.TextColor, Profile: profile}
	if model.SwapZ > 0 {
		plate.SwapZ = profile.LayerAbove(model.SwapZ)
	}
	for _, unit := range model.Units {
		plate.Objects = append(plate.Objects, Object{
			Name: unit.Name, Mesh: unit.Mesh, X: unit.X, Y: unit.Y, Estimate: unit.Estimate,
		})
	}
	return plate, nil
}

func translated(err error) error {
	var rejected *Rejected
	if errors.As(err, &rejected) {
		return &fulfilment.RejectedPlate{Reason: string(rejected.Reason), Detail: rejected.Detail, Transient: rejected.Transient()}
	}
	return err
}

package slicer

import (
	"crypto/sha256"
	"errors"
	"testing"

	"tsukuriba/fulfilment"
)

func TestPort(t *testing.T) {
	t.Parallel()
	port := NewPort(installed(t), map[string]Profile{HouseProfile: PLA020()})
	model := fulfilment.PlateModel{
		Profile: HouseProfile, BaseColor: "#ffffff", TextColor: "#c0392b", SwapZ: 2000,
		Units: []fulfilment.UnitModel{{Name: "unt_a", Mesh: requireTag(t, "たろう"), X: 6000, Y: 6000}},
	}
	sliced, err := port.Slice(t.Context(), model)
	if err != nil {
		t.Fatal(err)
	}
	key, err := port.CacheKey(t.Context(), model)
	if err != nil || key != sliced.CacheKey {
		t.Errorf("CacheKey() = %s, %v, want %s", key, err, sliced.CacheKey)
	}
	if sliced.ColorSwaps != 1 || sliced.Layers != 15 || sliced.SHA256 != sha256.Sum256(sliced.GCode) {
		t.Errorf("%d swaps in %d layers, hash %x", sliced.ColorSwaps, sliced.Layers, sliced.SHA256)
	}
	model.Units[0].X = 300_000
	var rejected *fulfilment.RejectedPlate
	if _, err := port.Slice(t.Context(), model); !errors.As(err, &rejected) || rejected.Reason != string(ReasonOffBed) || rejected.Transient {
		t.Errorf("off the bed: %v", err)
	}
}

func TestPort_profiles(t *testing.T) {
	t.Parallel()
	port := NewPort(installed(t), map[string]Profile{HouseProfile: PLA020()})
	if bed, err := port.Bed(HouseProfile); err != nil || bed != (fulfilment.Bed{Width: 220_000, Depth: 220_000}) {
		t.Errorf("Bed() = %v, %v", bed, err)
	}
	if _, err := port.Bed("petg"); !errors.Is(err, ErrProfile) {
		t.Errorf("Bed() = %v, want %v", err, ErrProfile)
	}
	if _, err := port.Slice(t.Context(), fulfilment.PlateModel{Profile: "petg"}); !errors.Is(err, ErrProfile) {
		t.Errorf("Slice() = %v, want %v", err, ErrProfile)
	}
}

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/format"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"tsukuriba/catalog/tag"
)

var errNoSource = errors.New("--write works in the folder of the source only")

// coefficients finds what is fitted in the source of catalog/tag.
var (
	secondsInSource  = regexp.MustCompile(`Seconds: \[timeFeatures\]float64\{[^}]*\}`)
	filamentInSource = regexp.MustCompile(`Filament: \[filamentFeatures\]float64\{[^}]*\}`)
)

// keepFit writes the slices, from which the package's tests fit again, and the coefficients.
func keepFit(fitted tag.EstimateProfile, sliced []tag.Slice) error {
	folder := filepath.Join("catalog", "tag")
	source, err := os.ReadFile(filepath.Join(folder, "estimate.go"))
	if errors.Is(err, os.ErrNotExist) {
		return errNoSource
	}
	if err != nil {
		return err
	}
	changed, err := withCoefficients(source, fitted)
	if err != nil {
		return err
	}
	record, err := json.MarshalIndent(sliced, "", " ")
	if err != nil {
		return err
	}
	return errors.Join(
		os.WriteFile(filepath.Join(folder, "testdata", "slices.json"), record, 0o644),
		os.WriteFile(filepath.Join(folder, "estimate.go"), changed, 0o644),
	)
}

// withCoefficients puts the fitted coefficients into the source.
func withCoefficients(source []byte, fitted tag.EstimateProfile) ([]byte, error) {
	for _, part := range []struct {
		place *regexp.Regexp
		name  string
		fit   []float64
	}{
		{secondsInSource, "Seconds: [timeFeatures]float64", fitted.Seconds[:]},
		{filamentInSource, "Filament: [filamentFeatures]float64", fitted.Filament[:]},
	} {
		if len(part.place.FindAllIndex(source, 2)) != 1 {
			return nil, fmt.Errorf("catalog/tag/estimate.go does not have %s{…} once", part.name)
		}
		numbers := make([]string, len(part.fit))
		for i, number := range part.fit {
			numbers[i] = strconv.FormatFloat(number, 'g', 5, 64)
		}
		literal := part.name + "{\n" + strings.Join(numbers, ", ") + ",\n}"
		source = part.place.ReplaceAllLiteral(source, []byte(literal))
	}
	return format.Source(source)
}

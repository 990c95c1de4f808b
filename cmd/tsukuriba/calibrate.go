package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"text/tabwriter"
	"time"

	"golang.org/x/sync/errgroup"

	"tsukuriba/catalog/tag"
	"tsukuriba/fulfilment/slicer"
)

// CalibrateCmd fits the instant estimate to what the slicer says of random tags.
type CalibrateCmd struct {
	Slices int    `help:"How many random tags to slice, about a second of a core each." default:"60"`
	Seed   uint64 `help:"Other tags for another number." default:"2026"`
	Write  bool   `help:"Keep slices and coefficients in the source in this folder: catalog/tag/testdata/slices.json and catalog/tag/estimate.go."`
}

// folds is into how many parts the slices are cut: each part is predicted from all the others.
const folds = 6

// Run prints the coefficients and how far they are off on tags they were not fitted to.
func (cmd *CalibrateCmd) Run() error {
	ctx, stop := untilInterrupted()
	defer stop()
	config, err := readConfig()
	if err != nil {
		return err
	}
	began := time.Now()
	fmt.Printf("Slicing %d tags …\n", cmd.Slices)
	program := slicer.New(slicer.Options{Path: config.Slicer, Log: slog.New(slog.DiscardHandler)})
	sliced, err := sliceRandomTags(ctx, program, cmd)
	if err != nil {
		return err
	}
	version, err := program.Version(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("%d tags sliced with %s by PrusaSlicer %s in %.0f s\n\n", len(sliced), slicer.HouseProfile, version, time.Since(began).Seconds())
	fitted, err := tag.Calibrate(tag.PLA020, sliced)
	if err != nil {
		return fmt.Errorf("%w: try --slices %d", err, 2*cmd.Slices)
	}
	if err := reportFit(os.Stdout, fitted, sliced); err != nil || !cmd.Write {
		return err
	}
	return keepFit(fitted, sliced)
}

// sliceRandomTags slices as many tags as asked for, one on each plate, on all cores.
func sliceRandomTags(ctx context.Context, program *slicer.Slicer, cmd *CalibrateCmd) ([]tag.Slice, error) {
	book, err := tag.LoadFonts()
	if err != nil {
		return nil, err
	}
	models, err := randomModels(book, cmd.Slices, rand.New(rand.NewPCG(cmd.Seed, 11)))
	if err != nil {
		return nil, err
	}
	sliced := make([]tag.Slice, len(models))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.NumCPU())
	for i, model := range models {
		group.Go(func() error {
			result, err := program.Slice(ctx, oneColor(model))
			if err != nil {
				return err
			}
			sliced[i] = tag.Slice{Stats: model.Stats, Seconds: float64(result.PrintSeconds), FilamentMM: result.FilamentMM}
			return nil
		})
	}
	return sliced, group.Wait()
}

func oneColor(model *tag.Model) slicer.Plate {
	plate := onePiece(tag.Spec{}, model)
	plate.SwapZ = 0
	return plate
}

// randomModels builds tags until there are enough; those that cannot be made are passed over.
func randomModels(book *tag.Book, n int, r *rand.Rand) ([]*tag.Model, error) {
	var models []*tag.Model
	profile := slicer.PLA020()
	for tries := 0; len(models) < n; tries++ {
		model, err := book.Build(randomTag(book, r))
		if err == nil && int32(model.Width) < profile.BedWidth && int32(model.Height) < profile.BedDepth {
			models = append(models, model)
		}
		if tries > 20*n {
			return nil, errors.Join(errors.New("random tags can hardly ever be made"), err)
		}
	}
	return models, nil
}

const randomLetters = "あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわんアイカキサタナハマヤラワン" +
	"山川田中村木林森花月日本太郎子美優結翔陽菜大和桜工房春夏秋冬空海星ABCDEFGHKLMNPRSTabcdeghkmnorst0123456789"

// randomTag varies all that a shop would.
func randomTag(book *tag.Book, r *rand.Rand) tag.Spec {
	spec := tag.DefaultSpec(randomText(r), book.Fonts()[r.IntN(len(book.Fonts()))].ID)
	spec.Em = tag.Micron(6000 + 500*r.IntN(29))
	spec.Base = tag.Micron(1000 + 200*r.IntN(11))
	spec.Relief = tag.Micron(400 + 200*r.IntN(8))
	spec.Hole = []tag.Micron{0, 3000, 4000, 5000}[r.IntN(4)]
	spec.Margin = tag.Micron(1500 + 500*r.IntN(6))
	if r.IntN(5) == 0 {
		spec.Border = tag.Micron(800 + 200*r.IntN(5))
	}
	if r.IntN(5) == 0 {
		spec.SecondLine = randomText(r)
	}
	return spec
}

func randomText(r *rand.Rand) string {
	letters := []rune(randomLetters)
	text := make([]rune, 1+r.IntN(10))
	for i := range text {
		text[i] = letters[r.IntN(len(letters))]
	}
	return string(text)
}

// reportFit prints coefficients and held-out errors.
func reportFit(out io.Writer, fitted tag.EstimateProfile, sliced []tag.Slice) error {
	times, filaments, err := heldOut(sliced)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "coefficients of time\t%.5g\n", fitted.Seconds)
	fmt.Fprintf(table, "coefficients of filament\t%.5g\n\n", fitted.Filament)
	fmt.Fprintln(table, "off on unseen tags\tp50\tp95\tmax")
	for _, row := range []struct {
		what string
		off  []float64
	}{{"time", times}, {"filament", filaments}, {"time, as built in", offBy(tag.PLA020, sliced)}} {
		fmt.Fprintf(table, "%s\t%.1f%%\t%.1f%%\t%.1f%%\n", row.what, 100*quantile(row.off, 0.5), 100*quantile(row.off, 0.95), 100*quantile(row.off, 1))
	}
	return table.Flush()
}

// heldOut predicts each part of the slices with what was fitted to the others.
func heldOut(sliced []tag.Slice) (times, filaments []float64, err error) {
	for fold := range folds {
		var known, unseen []tag.Slice
		for i, s := range sliced {
			if i%folds == fold {
				unseen = append(unseen, s)
			} else {
				known = append(known, s)
			}
		}
		fitted, err := tag.Calibrate(tag.PLA020, known)
		if err != nil {
			return nil, nil, fmt.Errorf("%w: slice more", err)
		}
		times = append(times, offBy(fitted, unseen)...)
		for _, s := range unseen {
			filaments = append(filaments, math.Abs(s.Stats.Estimate(fitted).FilamentMM/s.FilamentMM-1))
		}
	}
	return times, filaments, nil
}

// offBy is the relative error in time of each slice.
func offBy(profile tag.EstimateProfile, sliced []tag.Slice) []float64 {
	off := make([]float64, len(sliced))
	for i, s := range sliced {
		off[i] = math.Abs(s.Stats.Estimate(profile).Seconds/s.Seconds - 1)
	}
	return off
}

func quantile(all []float64, q float64) float64 {
	sorted := slices.Sorted(slices.Values(all))
	return sorted[int(q*float64(len(sorted)-1))]
}

package fulfilment

import (
	"testing"

	"pgregory.net/rapid"

	"tsukuriba/catalog/tag"
	"tsukuriba/internal/id"
	"tsukuriba/orders"
)

var everyRouting = []Routing{{Operations: []Operation{
	{Key: OpPrepare, Skill: "prepare", Minutes: 5},
	{Key: OpArrange, Skill: "plate", Minutes: 5},
	{Key: OpSlice, Skill: "slice", Minutes: 5},
	{Key: OpSetUp, Skill: "set_up", Minutes: 10},
	{Key: OpStart, Skill: "print", Minutes: 5},
	{Key: OpSwap, Skill: "print", Minutes: 5},
	{Key: OpRemove, Skill: "remove", Minutes: 5},
	{Key: OpSort, Skill: "sort", Minutes: 3, MinutesPerPiece: 1},
	{Key: OpFinish, Skill: "finish", Minutes: 2, MinutesPerPiece: 5},
	{Key: OpInspect, Skill: "inspect", Minutes: 2, MinutesPerPiece: 2},
	{Key: OpPack, Skill: "pack", Minutes: 3, MinutesPerPiece: 2},
}}}

func tagPiece(base, text string) waitingPiece {
	return waitingPiece{State: UnitOwed, Prepared: true, Base: base, Text: text, Width: 70 * tag.Millimeter, Depth: 30 * tag.Millimeter, Seconds: 1800}
}

func TestPilesOf(t *testing.T) {
	t.Parallel()
	first, second := id.New[plateKind](), id.New[plateKind]()
	on := func(plate PlateID, state PlateState) waitingPiece {
		piece := tagPiece("shiro", "sumi")
		piece.State, piece.Plate, piece.OnPlate = UnitPlanned, plate, state
		return piece
	}
	ordered := tagPiece("shiro", "sumi")
	ordered.State, ordered.Prepared = "", false
	packed := tagPiece("shiro", "sumi")
	packed.State = UnitGood
	for name, c := range map[string]struct {
		pieces []waitingPiece
		next   []OperationKey
		counts []int
	}{
		"of one color share a plate":      {[]waitingPiece{tagPiece("shiro", "sumi"), tagPiece("shiro", "sumi")}, []OperationKey{OpArrange}, []int{2}},
		"of two colors do not":            {[]waitingPiece{tagPiece("shiro", "sumi"), tagPiece("shiro", "kaki")}, []OperationKey{OpArrange, OpArrange}, []int{1, 1}},
		"a full plate begins another":     {repeat(tagPiece("shiro", "sumi"), 13), []OperationKey{OpArrange, OpArrange}, []int{12, 1}},
		"lie on the plates they lie on":   {[]waitingPiece{on(first, PlateSliced), on(second, PlateDraft), on(first, PlateSliced)}, []OperationKey{OpSetUp, OpArrange}, []int{2, 1}},
		"ordered only are prepared first": {[]waitingPiece{ordered, tagPiece("shiro", "sumi")}, []OperationKey{OpPrepare, OpArrange}, []int{1, 1}},
		"good ones are packed":            {repeat(packed, 3), []OperationKey{OpPack}, []int{3}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			piles := pilesOf(c.pieces)
			if len(piles) != len(c.counts) {
				t.Fatalf("%d piles, want %d", len(piles), len(c.counts))
			}
			for i, pile := range piles {
				if pile.pieces != c.counts[i] || pile.next != c.next[i] {
					t.Errorf("pile %d has %d pieces before %s, want %d before %s", i, pile.pieces, pile.next, c.counts[i], c.next[i])
				}
			}
		})
	}
}

func repeat(piece waitingPiece, times int) []waitingPiece {
	var pieces []waitingPiece
	for range times {
		pieces = append(pieces, piece)
	}
	return pieces
}

func TestOnePieceMoreChangesNoPileBefore(t *testing.T) {
	t.Parallel()
	colors := rapid.SampledFrom([]string{"shiro", "sumi", "kaki"})
	states := rapid.SampledFrom([]UnitState{"", UnitOwed, UnitPrinted, UnitInQC, UnitGood})
	l := lineOf(everyRouting, 0.1)
	draw := rapid.Custom(func(t *rapid.T) waitingPiece {
		piece := tagPiece(colors.Draw(t, "base"), colors.Draw(t, "text"))
		piece.State, piece.Prepared = states.Draw(t, "state"), rapid.Bool().Draw(t, "prepared")
		piece.Seconds, piece.Width = rapid.Float64Range(0, 9000).Draw(t, "seconds"), tag.Micron(rapid.IntRange(5_000, 200_000).Draw(t, "width"))
		return piece
	})
	rapid.Check(t, func(t *rapid.T) {
		pieces := rapid.SliceOfN(draw, 0, 40).Draw(t, "pieces")
		before, after := l.jobs(pilesOf(pieces)), l.jobs(pilesOf(append(pieces, draw.Draw(t, "one more"))))
		if len(after) < len(before) || len(after) > len(before)+1 {
			t.Fatalf("%d piles became %d", len(before), len(after))
		}
		for i, job := range before {
			for step, seconds := range job.Seconds {
				if after[i].Seconds[step] < seconds {
					t.Fatalf("pile %d needs %v, before %v", i, after[i].Seconds, job.Seconds)
				}
			}
		}
	})
}

func TestJobLeavesOutWhatIsDone(t *testing.T) {
	t.Parallel()
	l := lineOf(everyRouting, 0)
	job := l.job(pile{pieces: 2, orders: make([]orders.OrderID, 2), next: OpInspect})
	for i, step := range steps {
		want := map[OperationKey]int{OpInspect: 6 * 60, OpPack: (3*2 + 2*2) * 60}[step]
		if job.Seconds[i] != want {
			t.Errorf("%s takes %d s, want %d", step, job.Seconds[i], want)
		}
	}
	plain, swapped := l.job(pile{pieces: 1, next: OpPrepare}), l.job(pile{pieces: 1, next: OpPrepare, swapped: true})
	for i, step := range steps {
		if longer := swapped.Seconds[i] > plain.Seconds[i]; longer != (step == OpSwap || step == opPrint) {
			t.Errorf("two colors make %s longer: %t", step, longer)
		}
	}
}

func TestSharesAreOneDay(t *testing.T) {
	t.Parallel()
	l := lineOf(everyRouting, 0)
	for name, may := range map[string]func(Operation) bool{
		"of who may do everything": func(Operation) bool { return true },
		"of who may only pack":     func(operation Operation) bool { return operation.Key == OpPack },
		"of who may do nothing":    func(Operation) bool { return false },
	} {
		sum := 0.0
		for i, share := range l.shares(may) {
			if share < 0 || share > 0 && !may(l.operations[steps[i]]) {
				t.Errorf("%s: %g of the day at %s", name, share, steps[i])
			}
			sum += share
		}
		if sum > 1.000001 || sum > 0 && sum < 0.999999 {
			t.Errorf("%s: %g days", name, sum)
		}
	}
}

package fulfilment

import (
	"cmp"
	"math"
	"slices"
	"time"

	"tsukuriba/catalog/tag"
	"tsukuriba/fulfilment/promise"
	"tsukuriba/orders"
)

// opPrint is the step of the forecast that machines do; no routing has it.
const opPrint OperationKey = "print"

// steps are the steps of the line, in the order in which a plate passes them. The filament is
// swapped amid printing; for the forecast it counts before.
var steps = []OperationKey{
	OpPrepare, OpArrange, OpSlice, OpSetUp, OpStart, OpSwap, opPrint, OpRemove, OpSort, OpFinish, OpInspect, OpPack,
}

// overnight are the steps after which something waits for the next working day: staff approve a
// plate, a print cools, a parcel is checked and gets its label.
var overnight = []OperationKey{OpSlice, opPrint, OpPack}

// What a plate costs beside the hands' work and its pieces, and what an ordinary piece is: a name tag
// of two letters, as the estimate has it.
const (
	heatUp        = 5 * time.Minute
	swapStop      = 15 * time.Minute // the printer waits for somebody to come
	ordinaryPrint = 30 * time.Minute
	ordinaryWidth = 70 * tag.Millimeter
	ordinaryDepth = 30 * tag.Millimeter
	// plateArea is what of the smallest bed pieces cover, when gaps and odd shapes are taken off.
	plateArea = 250 * 210 * 1e6 * 0.5
	// reviewDays are the working days in which a text is read and the money comes.
	reviewDays = 1
	// sharesFor is how many pieces a plate is thought to have when people's days are divided.
	sharesFor = 4
)

// pile is work that passes the line together: the pieces of a plate, of what will be one, or those
// of an order once they are sorted.
type pile struct {
	orders   []orders.OrderID // whose pieces lie in it
	lines    int              // to be prepared
	pieces   int
	printing time.Duration
	swapped  bool         // in two colors
	next     OperationKey // the first step that is still to be done
	from     int          // days until it may begin
}

// line is how long each step takes.
type line struct {
	operations map[OperationKey]Operation
	remakes    float64 // of all pieces, how many are made twice
}

// lineOf takes each step from the first routing that has it.
func lineOf(routings []Routing, remakes float64) line {
	l := line{operations: map[OperationKey]Operation{}, remakes: remakes}
	for _, routing := range routings {
		for _, operation := range routing.Operations {
			if _, known := l.operations[operation.Key]; !known {
				l.operations[operation.Key] = operation
			}
		}
	}
	return l
}

func (l line) jobs(piles []pile) []promise.Job {
	jobs := make([]promise.Job, len(piles))
	for i, pile := range piles {
		jobs[i] = l.job(pile)
	}
	return jobs
}

// job is what a pile still needs, in seconds for each step.
func (l line) job(p pile) promise.Job {
	job := promise.Job{Seconds: make([]int, len(steps)), From: p.from}
	begun := slices.Index(steps, p.next)
	for i := begun; i < len(steps); i++ {
		job.Seconds[i] = int(math.Ceil(l.takes(steps[i], p).Seconds() * (1 + l.remakes)))
	}
	return job
}

func (l line) takes(step OperationKey, p pile) time.Duration {
	operation := l.operations[step]
	switch step {
	case opPrint:
		return l.onPrinter(p)
	case OpPrepare:
		return minutes(operation.minutesFor(p.pieces) + operation.Minutes*max(p.lines-1, 0))
	case OpPack:
		return minutes(operation.minutesFor(p.pieces) + operation.Minutes*max(len(p.orders)-1, 0))
	case OpSwap:
		if !p.swapped {
			return 0
		}
	}
	return minutes(operation.minutesFor(p.pieces))
}

// onPrinter is how long a plate occupies a printer, from its set-up to its removal.
func (l line) onPrinter(p pile) time.Duration {
	held := heatUp + p.printing
	for _, step := range []OperationKey{OpSetUp, OpStart, OpRemove} {
		held += minutes(l.operations[step].minutesFor(p.pieces))
	}
	if p.swapped {
		held += swapStop
	}
	return held
}

func minutes(n int) time.Duration { return time.Duration(n) * time.Minute }

// shares divides a day among the steps somebody may do, by what an ordinary plate needs of each.
func (l line) shares(may func(Operation) bool) []float64 {
	ordinary := pile{lines: 1, pieces: sharesFor, swapped: true}
	parts, sum := make([]float64, len(steps)), 0.0
	for i, step := range steps {
		operation, known := l.operations[step]
		if known && may(operation) {
			parts[i] = l.takes(step, ordinary).Seconds()
			sum += parts[i]
		}
	}
	for i := range parts {
		parts[i] /= max(sum, 1)
	}
	return parts
}

// asked is work that is not ordered yet: on plates of its own, behind the review of its text.
func asked(work orders.ToMake) []pile {
	printing := cmp.Or(work.Printing/time.Duration(max(work.Pieces, 1)), ordinaryPrint)
	pieces := slices.Repeat([]waitingPiece{{Seconds: printing.Seconds(), Width: ordinaryWidth, Depth: ordinaryDepth, Text: "another color"}}, work.Pieces)
	return pilesOf(pieces)
}

// pilesOf lays pieces together that pass the line together, in the order of their turn: those on a
// plate; those of one color that will be on one; those of an order once they are sorted. One more
// piece at the end grows the last pile of its kind or begins another, and changes none before.
func pilesOf(pieces []waitingPiece) []pile {
	var piles []pile
	last, taken := map[pileKey]int{}, map[pileKey]float64{}
	lines := map[orders.LineID]bool{}
	for _, piece := range pieces {
		key, area := piece.key(), float64(piece.Width)*float64(piece.Depth)
		at, begun := last[key]
		if !begun || key.shared && taken[key]+area > plateArea {
			at = len(piles)
			piles = append(piles, pile{next: key.next, from: key.from})
			last[key], taken[key] = at, 0
		}
		taken[key] += area
		piles[at].add(piece)
		if !lines[piece.LineID] {
			lines[piece.LineID] = true
			piles[at].lines++
		}
	}
	return piles
}

// pileKey is what pieces of one pile have in common.
type pileKey struct {
	shared bool // a plate that is yet to be filled, up to its size
	base   string
	text   string
	swap   tag.Micron
	plate  PlateID
	order  orders.OrderID
	next   OperationKey
	from   int
}

func (p waitingPiece) key() pileKey {
	key := pileKey{next: p.next()}
	switch {
	case p.State == "" || p.State == UnitOwed:
		key.shared, key.base, key.text, key.swap = true, p.Base, p.Text, p.SwapZ
		if p.State == "" {
			key.from = reviewDays
		}
	case !p.Plate.IsZero() && (p.State == UnitPlanned || p.State == UnitPrinting):
		key.plate = p.Plate
	default:
		key.order = p.OrderID
	}
	return key
}

// afterPlate is the first step that is still to be done for what lies on a plate.
var afterPlate = map[PlateState]OperationKey{
	PlateDraft: OpArrange, PlateArranged: OpSlice, PlateSliced: OpSetUp, PlateApproved: OpSetUp, PlateQueued: OpSetUp,
	PlateOnPrinter: opPrint, PlateRemoved: OpSort, PlateSorted: OpSort,
}

// next is the first step that is still to be done for a piece.
func (p waitingPiece) next() OperationKey {
	switch p.State {
	case UnitPlanned, UnitPrinting:
		return cmp.Or(afterPlate[p.OnPlate], OpArrange)
	case UnitPrinted, UnitFinishing:
		return OpFinish
	case UnitInQC:
		return OpInspect
	case UnitGood:
		return OpPack
	default:
		if p.Prepared {
			return OpArrange
		}
		return OpPrepare
	}
}

func (p *pile) add(piece waitingPiece) {
	p.pieces++
	p.printing += time.Duration(piece.Seconds * (1 - piece.Progress) * float64(time.Second))
	p.swapped = p.swapped || piece.Base != piece.Text
	if !piece.OrderID.IsZero() && !slices.Contains(p.orders, piece.OrderID) {
		p.orders = append(p.orders, piece.OrderID)
	}
}

package tablet

import (
	"fmt"
	"slices"

	"tsukuriba/fulfilment"
	"tsukuriba/web/ui"
)

// fill adds what the operation is about. chosen is the form as it was sent, or empty.
func (p *taskPage) fill(view fulfilment.TaskView, colors map[string]string, chosen func(string) string) {
	p.Pieces = piecesOn(view, colors, chosen)
	p.Waiting = view.State == fulfilment.TaskSubmitted
	switch view.Operation {
	case fulfilment.OpArrange, fulfilment.OpSort:
		p.Plate = view.PlateMap
	case fulfilment.OpSlice:
		p.slicing(view)
	case fulfilment.OpSetUp:
		p.settingUp(view, colors, chosen)
	case fulfilment.OpStart, fulfilment.OpSwap:
		p.Facts = []ui.Fact{{Name: "プリンター", Value: view.PrinterName}, {Name: "ファイル", Value: view.FileName}}
	}
	if view.Operation == fulfilment.OpRemove {
		p.Choices = []ui.Choices{outcomes(chosen("outcome"))}
	}
	if view.PlateCode != "" {
		p.PlateLabel = "プレート " + view.PlateCode
	}
}

// piecesOn are the pieces to look at. At a machine they would only be in the way.
func piecesOn(view fulfilment.TaskView, colors map[string]string, chosen func(string) string) []piece {
	switch view.Operation {
	case fulfilment.OpSlice, fulfilment.OpSetUp, fulfilment.OpStart, fulfilment.OpSwap, fulfilment.OpRemove:
		return nil
	}
	var pieces []piece
	for _, of := range view.Pieces {
		pieces = append(pieces, pieceOf(view, of, colors, chosen))
	}
	if view.Operation == fulfilment.OpPrepare && len(pieces) > 1 {
		pieces = pieces[:1] // all are of one design
	}
	return pieces
}

func (p *taskPage) slicing(view fulfilment.TaskView) {
	p.Plate = view.PlateMap
	switch view.Slicing {
	case fulfilment.SlicingQueued:
		p.Waiting = view.State == fulfilment.TaskActive || p.Waiting
	case fulfilment.SlicingDone:
		p.Facts = []ui.Fact{{Name: "じかん", Value: machineTime(view.PrintSeconds)}, {Name: "おもさ", Value: fmt.Sprintf("%.0f グラム", view.FilamentG)}}
	default:
		p.Slice, p.Advice = true, view.SlicingAdvice
	}
}

// machineTime is how long a printer takes.
func machineTime(seconds int) string {
	minutes := (seconds + 59) / 60
	if minutes < 60 {
		return fmt.Sprintf("%d分", minutes)
	}
	return fmt.Sprintf("%d時間 %d分", minutes/60, minutes%60)
}

func (p *taskPage) settingUp(view fulfilment.TaskView, colors map[string]string, chosen func(string) string) {
	if len(view.Printers) == 0 || len(view.BaseSpools) == 0 {
		p.Nothing = "いま つかえる プリンターか 糸が ありません。「てつだって」を おして ください。"
		return
	}
	printers := ui.Choices{Name: "printer", Legend: "プリンター"}
	for i, printer := range view.Printers {
		value := printer.ID.String()
		printers.Options = append(printers.Options, ui.Choice{
			Value: value, Label: printer.Name, Checked: value == chosen("printer") || len(view.Printers) == 1 && i == 0,
		})
	}
	p.Choices = []ui.Choices{printers}
	var base, letters string
	if len(view.Pieces) > 0 {
		base, letters = colors[view.Pieces[0].BaseColor], colors[view.Pieces[0].TextColor]
	}
	p.Choices = append(p.Choices, spools("base_spool", "土台の 糸", base, view.BaseSpools, chosen))
	if len(view.TextSpools) > 0 {
		p.Choices = append(p.Choices, spools("text_spool", "文字の 糸", letters, view.TextSpools, chosen))
	}
}

func spools(name, legend, color string, offered []fulfilment.SpoolChoice, chosen func(string) string) ui.Choices {
	choices := ui.Choices{Name: name, Legend: legend}
	for _, spool := range offered {
		value := spool.ID.String()
		option := ui.Choice{Value: value, Label: spool.ColorName, Detail: spool.Lot, Checked: value == chosen(name) || len(offered) == 1}
		if color != "" {
			option.Swatches = []string{color}
		}
		choices.Options = append(choices.Options, option)
	}
	return choices
}

// outcomes are the three pictures of what one may see on the bed.
func outcomes(chosen string) ui.Choices {
	choices := ui.Choices{Name: "outcome", Legend: "台の 上は どう みえますか"}
	for _, picture := range []struct {
		outcome fulfilment.Outcome
		label   string
		image   string
	}{
		{fulfilment.OutcomeDone, "できあがっている", "bed-done.svg"},
		{fulfilment.OutcomeFailed, "できていない", "bed-not-done.svg"},
		{fulfilment.OutcomeNotStarted, "まだ はじまっていない", "bed-empty.svg"},
	} {
		choices.Options = append(choices.Options, ui.Choice{
			Value: string(picture.outcome), Label: picture.label, Image: "/tablet/pictures/" + picture.image,
			Checked: string(picture.outcome) == chosen,
		})
	}
	return choices
}

func pieceOf(view fulfilment.TaskView, of fulfilment.Piece, colors map[string]string, chosen func(string) string) piece {
	shown := piece{Code: of.Code, Text: of.Text, Image: proofOf(of), Base: colors[of.BaseColor], Letters: colors[of.TextColor]}
	name, legend := pieceField(of), of.Code
	switch view.Operation {
	case fulfilment.OpPrepare:
		shown.Model = "/api/v1/designs/" + of.Design.String() + "/model.glb"
	case fulfilment.OpSort:
		shown.Choices = verdicts(name, legend, chosen(name), fulfilment.VerdictOK, fulfilment.VerdictRemake)
	case fulfilment.OpInspect:
		shown.Choices = verdicts(name, legend, chosen(name), fulfilment.VerdictOK, fulfilment.VerdictRework, fulfilment.VerdictRemake)
	case fulfilment.OpPack:
		shown.Choices = bags(name, of, view.Pieces, chosen(name))
	}
	return shown
}

var verdictWords = map[fulfilment.Verdict][2]string{
	fulfilment.VerdictOK:     {"よい", ""},
	fulfilment.VerdictRework: {"なおす", "もういちど しあげます"},
	fulfilment.VerdictRemake: {"つくりなおす", "あたらしく つくります"},
}

func verdicts(name, legend, chosen string, allowed ...fulfilment.Verdict) ui.Choices {
	choices := ui.Choices{Name: name, Legend: legend}
	for _, verdict := range allowed {
		words := verdictWords[verdict]
		choices.Options = append(choices.Options, ui.Choice{
			Value: string(verdict), Label: words[0], Detail: words[1], Checked: string(verdict) == chosen,
		})
	}
	return choices
}

// bags asks which code stands on the bag, among those of the task and enough others that looking
// is worth it.
func bags(name string, of fulfilment.Piece, all []fulfilment.Piece, chosen string) ui.Choices {
	choices := ui.Choices{Name: name, Legend: "ふくろの きごう"}
	codes := []string{}
	for _, p := range all {
		codes = append(codes, p.Code)
	}
	for _, other := range lookalikes(of.Code) {
		if len(codes) < 3 && !slices.Contains(codes, other) {
			codes = append(codes, other)
		}
	}
	slices.Sort(codes)
	for _, code := range codes {
		choices.Options = append(choices.Options, ui.Choice{Value: code, Label: code, Checked: code == chosen})
	}
	return choices
}

// lookalikes are codes of the same letters in another order, which no piece needs to have.
func lookalikes(code string) []string {
	letters := []rune(code)
	turned := slices.Clone(letters)
	slices.Reverse(turned)
	swapped := slices.Clone(letters)
	last := len(swapped) - 1
	swapped[last], swapped[last-1] = swapped[last-1], swapped[last]
	crossed := slices.Clone(letters)
	crossed[0], crossed[last] = crossed[last], crossed[0]
	return []string{string(swapped), string(crossed), string(turned)}
}

package staff

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"tsukuriba/api/auth"
	"tsukuriba/catalog"
	"tsukuriba/fulfilment"
	"tsukuriba/web/ui"
)

type platesPage struct {
	Head  ui.StaffHead
	Table ui.Table
}

// plateCard is a plate that waits for approval.
type plateCard struct {
	Title   string
	Detail  string
	Address string
}

func plateAddress(id fulfilment.PlateID) string { return "/staff/plates/" + id.String() }

func runAddress(id fulfilment.RunID) string { return "/staff/runs/" + id.String() + "/resolve" }

func plateCardOf(plate fulfilment.Plate) plateCard {
	card := plateCard{Title: fmt.Sprintf("プレート %s（%dこ）", plate.Code, len(plate.Units)), Address: plateAddress(plate.ID)}
	if plate.Artifact != nil {
		card.Detail = fmt.Sprintf("印刷 %s ・ 糸 約%.1f g", duration(plate.Artifact.PrintSeconds), plate.Artifact.FilamentG)
	}
	return card
}

// duration writes seconds of machine time: 1時間20分.
func duration(seconds int) string {
	minutes := (seconds + 59) / 60
	if minutes < 60 {
		return fmt.Sprintf("%d分", minutes)
	}
	return fmt.Sprintf("%d時間%d分", minutes/60, minutes%60)
}

func (s *console) showPlates(c echo.Context, who fulfilment.Staff) error {
	plates, err := s.Fulfilment.Plates(c.Request().Context())
	if err != nil {
		return err
	}
	colors, err := s.colors(c.Request().Context())
	if err != nil {
		return err
	}
	page := platesPage{Head: headFor(c, who, "プレート", "/staff/plates"), Table: ui.Table{
		Caption: "進行中のプレート", Columns: []ui.Column{{Label: "プレート"}, {Label: "色"}, {Label: "数", Numeric: true}, {Label: "いま"}, {Label: "印刷", Numeric: true}},
	}}
	for _, plate := range plates {
		page.Table.Rows = append(page.Table.Rows, plateRow(plate, colors))
	}
	return render(c, http.StatusOK, plateList(page))
}

// colors are the filaments by their keys.
func (s *console) colors(ctx context.Context) (map[string]catalog.Color, error) {
	shelf, err := s.Catalog.Colors(ctx)
	if err != nil {
		return nil, err
	}
	colors := map[string]catalog.Color{}
	for _, color := range shelf {
		colors[color.Key] = color
	}
	return colors, nil
}

// colorsOf are the filaments of a plate, each with its name: a picture of a color is not enough.
func colorsOf(plate fulfilment.Plate, shelf map[string]catalog.Color) (used ui.Cell) {
	for _, key := range slices.Compact([]string{plate.BaseColor, plate.TextColor}) {
		if used.Text != "" {
			used.Text += "・"
		}
		used.Text += cmp.Or(shelf[key].Name, key) // what is sold out has left the shelf
		if hex := shelf[key].Hex; hex != "" {
			used.Colors = append(used.Colors, hex)
		}
	}
	return used
}

func plateRow(plate fulfilment.Plate, colors map[string]catalog.Color) []ui.Cell {
	time := "—"
	if plate.Artifact != nil {
		time = duration(plate.Artifact.PrintSeconds)
	}
	return []ui.Cell{
		{Text: plate.Code, URL: plateAddress(plate.ID)},
		colorsOf(plate, colors),
		{Text: fmt.Sprintf("%dこ", len(plate.Units))},
		{Badge: plateStates[plate.State]},
		{Text: time},
	}
}

type platePage struct {
	Head     ui.StaffHead
	Code     string
	Address  string
	Badge    ui.Badge
	Map      string // SVG
	Pieces   ui.Table
	Facts    []ui.Fact
	Artifact []ui.Fact
	Run      []ui.Fact
	Rejected string
	Approve  bool
	Dissolve bool
	Resolve  string // address
}

func (s *console) showPlate(c echo.Context, who fulfilment.Staff) error {
	id, err := idParam[fulfilment.PlateID](c, "plate")
	if err != nil {
		return err
	}
	plate, err := s.Fulfilment.Plate(c.Request().Context(), id)
	if err != nil {
		return err
	}
	colors, err := s.colors(c.Request().Context())
	if err != nil {
		return err
	}
	pieces, err := s.piecesOn(c.Request().Context(), plate, can(who, auth.ReadOrders))
	if err != nil {
		return err
	}
	page := platePage{
		Head: headFor(c, who, "プレート "+plate.Code, "/staff/plates"), Code: plate.Code, Address: plateAddress(id), Badge: plateStates[plate.State],
		Map: plate.Map(), Pieces: pieces, Facts: plateFacts(plate, colors), Artifact: artifactFacts(plate.Artifact), Run: runFacts(plate.Run),
	}
	if plate.Slicing == fulfilment.SlicingRejected {
		page.Rejected = plate.SlicingNote
	}
	if can(who, auth.ApprovePlates) {
		page.Approve = plate.State == fulfilment.PlateSliced
		page.Dissolve = slices.Contains([]fulfilment.PlateState{fulfilment.PlateDraft, fulfilment.PlateArranged, fulfilment.PlateSliced, fulfilment.PlateApproved}, plate.State)
		if plate.Run != nil && plate.Run.State == fulfilment.RunUnknown {
			page.Resolve = runAddress(plate.Run.ID)
		}
	}
	return render(c, http.StatusOK, plateDetail(page))
}

// piecesOn lists what lies on a plate, code by code, with what is written there.
func (s *console) piecesOn(ctx context.Context, plate fulfilment.Plate, seesOrders bool) (ui.Table, error) {
	var units []fulfilment.UnitID
	for _, placed := range plate.Units {
		units = append(units, placed.UnitID)
	}
	pieces, err := s.Fulfilment.OrderedPieces(ctx, units)
	if err != nil {
		return ui.Table{}, err
	}
	table := ui.Table{Caption: "のっているもの", Columns: []ui.Column{{Label: "記号"}, {Label: "文字"}, {Label: "いま"}}}
	if seesOrders {
		table.Columns = append(table.Columns, ui.Column{Label: "注文"})
	}
	for _, placed := range plate.Units {
		piece := pieces[placed.UnitID]
		row := []ui.Cell{{Text: placed.Code}, {Text: oneLine(piece.Text)}, {Text: unitStates[placed.State]}}
		if seesOrders && piece.OrderNumber != "" {
			row = append(row, ui.Cell{Text: piece.OrderNumber, URL: orderAddress(piece.OrderID)})
		}
		table.Rows = append(table.Rows, row)
	}
	return table, nil
}

func plateFacts(plate fulfilment.Plate, colors map[string]catalog.Color) []ui.Fact {
	facts := []ui.Fact{
		{Name: "数", Value: fmt.Sprintf("%dこ", len(plate.Units))},
		{Name: "色", Value: colorsOf(plate, colors).Text},
		{Name: "台の大きさ", Value: fmt.Sprintf("%d × %d mm", plate.BedWidth/1000, plate.BedDepth/1000)},
		{Name: "設定", Value: plate.Profile},
	}
	if plate.Colors() > 1 {
		facts = append(facts, ui.Fact{Name: "色をかえる高さ", Value: fmt.Sprintf("%.2f mm", float64(plate.SwapZ)/1000)})
	}
	return facts
}

func artifactFacts(artifact *fulfilment.Artifact) []ui.Fact {
	if artifact == nil {
		return nil
	}
	return []ui.Fact{
		{Name: "印刷時間", Value: duration(artifact.PrintSeconds)},
		{Name: "糸", Value: fmt.Sprintf("%.1f g（%.1f m）", artifact.FilamentG, artifact.FilamentMM/1000)},
		{Name: "層", Value: fmt.Sprintf("%d ・ 色かえ %d回", artifact.Layers, artifact.ColorSwaps)},
		{Name: "スライサー", Value: artifact.SlicerVersion},
		{Name: "内容の確認", Value: moment(artifact.VerifiedAt)},
		{Name: "指紋", Value: fmt.Sprintf("%x…", artifact.SHA256[:min(8, len(artifact.SHA256))])},
	}
}

func runFacts(run *fulfilment.Run) []ui.Fact {
	if run == nil {
		return nil
	}
	facts := []ui.Fact{
		{Name: "いま", Value: runStates[run.State]},
		{Name: "回", Value: fmt.Sprintf("%d回目", run.Attempt)},
		{Name: "ファイル", Value: run.FileName},
	}
	if run.StartedAt != nil {
		facts = append(facts, ui.Fact{Name: "開始", Value: moment(*run.StartedAt)})
	}
	if run.State == fulfilment.RunPrinting {
		facts = append(facts, ui.Fact{Name: "すすみ", Value: fmt.Sprintf("約%.0f%%", run.Progress*100)})
	}
	return facts
}

func (s *console) approvePlate(c echo.Context, who fulfilment.Staff) error {
	id, err := idParam[fulfilment.PlateID](c, "plate")
	if err != nil {
		return err
	}
	if _, err := s.Fulfilment.ApprovePlate(c.Request().Context(), by(who), id); err != nil {
		return err
	}
	return backTo(c, plateAddress(id), "plate")
}

func (s *console) dissolvePlate(c echo.Context, who fulfilment.Staff) error {
	id, err := idParam[fulfilment.PlateID](c, "plate")
	if err != nil {
		return err
	}
	if _, err := s.Fulfilment.DissolvePlate(c.Request().Context(), by(who), id); err != nil {
		return err
	}
	return backTo(c, "/staff/plates", "dissolved")
}

func (s *console) resolveRun(c echo.Context, who fulfilment.Staff) error {
	id, err := idParam[fulfilment.RunID](c, "run")
	if err != nil {
		return err
	}
	run, err := s.Fulfilment.ResolveRun(c.Request().Context(), by(who), id, fulfilment.Outcome(c.FormValue("outcome")))
	if err != nil {
		return err
	}
	return backTo(c, plateAddress(run.PlateID), "resolved")
}

package api

import (
	"context"
	"encoding/hex"

	"tsukuriba/api/rest"
	"tsukuriba/fulfilment"
)

// ListPlates lists the plates that are not closed.
func (a *API) ListPlates(ctx context.Context, _ rest.ListPlatesRequestObject) (rest.ListPlatesResponseObject, error) {
	plates, err := a.Fulfilment.Plates(ctx)
	return rest.ListPlates200JSONResponse{Items: each(plates, plateOf)}, err
}

// GetPlate returns a plate.
func (a *API) GetPlate(ctx context.Context, request rest.GetPlateRequestObject) (rest.GetPlateResponseObject, error) {
	plate, err := onPlate(ctx, request.PlateID, a.Fulfilment.Plate)
	return rest.GetPlate200JSONResponse(plate), err
}

// ApprovePlate allows a plate to be printed.
func (a *API) ApprovePlate(ctx context.Context, request rest.ApprovePlateRequestObject) (rest.ApprovePlateResponseObject, error) {
	plate, err := onPlate(ctx, request.PlateID, func(ctx context.Context, id fulfilment.PlateID) (fulfilment.Plate, error) {
		return a.Fulfilment.ApprovePlate(ctx, by(ctx), id)
	})
	return rest.ApprovePlate200JSONResponse(plate), err
}

// DissolvePlate gives the pieces of a plate back to planning.
func (a *API) DissolvePlate(ctx context.Context, request rest.DissolvePlateRequestObject) (rest.DissolvePlateResponseObject, error) {
	plate, err := onPlate(ctx, request.PlateID, func(ctx context.Context, id fulfilment.PlateID) (fulfilment.Plate, error) {
		return a.Fulfilment.DissolvePlate(ctx, by(ctx), id)
	})
	return rest.DissolvePlate200JSONResponse(plate), err
}

func onPlate(ctx context.Context, text string, do func(context.Context, fulfilment.PlateID) (fulfilment.Plate, error)) (rest.Plate, error) {
	var wanted fulfilment.PlateID
	if err := readID(&wanted, text, fulfilment.ErrPlateNotFound); err != nil {
		return rest.Plate{}, err
	}
	plate, err := do(ctx, wanted)
	return plateOf(plate), err
}

func plateOf(p fulfilment.Plate) rest.Plate {
	plate := rest.Plate{
		ID: p.ID.String(), Code: p.Code, State: rest.PlateState(p.State), Slicing: rest.PlateSlicing(p.Slicing),
		SlicingNote: optional(p.SlicingNote), BaseColor: p.BaseColor, TextColor: p.TextColor, MapSvg: p.Map(), Units: each(p.Units, placedOf),
	}
	if p.Artifact != nil {
		plate.Artifact = &rest.Artifact{
			GcodeSha256: hex.EncodeToString(p.Artifact.SHA256), SlicerVersion: p.Artifact.SlicerVersion, PrintSeconds: p.Artifact.PrintSeconds,
			FilamentG: float32(p.Artifact.FilamentG), ColorSwaps: p.Artifact.ColorSwaps,
		}
	}
	if p.Run != nil {
		plate.Run = new(runOf(*p.Run))
	}
	return plate
}

func placedOf(u fulfilment.PlacedUnit) rest.PlacedUnit {
	return rest.PlacedUnit{
		ID: u.UnitID.String(), Code: u.Code, State: string(u.State), XUm: u.X, YUm: u.Y, WidthUm: u.Width, DepthUm: u.Depth,
	}
}

func runOf(run fulfilment.Run) rest.PrintRun {
	return rest.PrintRun{
		ID: run.ID.String(), State: string(run.State), PauseReason: optional(string(run.PauseReason)), Attempt: run.Attempt,
		PrinterID: optional(run.PrinterID.String()), FileName: run.FileName, Progress: float32(run.Progress), Outcome: optional(string(run.Outcome)),
	}
}

// ResolvePrintRun records what staff saw on a printer.
func (a *API) ResolvePrintRun(ctx context.Context, request rest.ResolvePrintRunRequestObject) (rest.ResolvePrintRunResponseObject, error) {
	var wanted fulfilment.RunID
	if err := readID(&wanted, request.RunID, fulfilment.ErrRunNotFound); err != nil {
		return nil, err
	}
	run, err := a.Fulfilment.ResolveRun(ctx, by(ctx), wanted, fulfilment.Outcome(request.Body.Outcome))
	return rest.ResolvePrintRun200JSONResponse(runOf(run)), err
}

// ListPrinters lists the printers with what they are doing.
func (a *API) ListPrinters(ctx context.Context, _ rest.ListPrintersRequestObject) (rest.ListPrintersResponseObject, error) {
	printers, err := a.Fulfilment.Printers(ctx)
	return rest.ListPrinters200JSONResponse{Items: each(printers, printerOf)}, err
}

func printerOf(p fulfilment.PrinterStatus) rest.Printer {
	printer := rest.Printer{ID: p.ID.String(), Name: p.Name, Adapter: p.Adapter, BedClear: p.BedClear, Enabled: p.Enabled}
	if p.Run != nil {
		printer.Run = new(runOf(*p.Run))
	}
	return printer
}

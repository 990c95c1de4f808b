package api

import (
	"context"
	"encoding/hex"
	"math"
	"time"

	"tsukuriba/api/rest"
	"tsukuriba/catalog"
	"tsukuriba/orders"
)

// CreateDesign makes a design and promises when it could be sent.
func (a *API) CreateDesign(ctx context.Context, request rest.CreateDesignRequestObject) (rest.CreateDesignResponseObject, error) {
	design, err := a.Catalog.CreateDesign(ctx, choiceOfRequest(*request.Body))
	if err != nil {
		return nil, err
	}
	answer, err := a.designOf(ctx, design)
	return rest.CreateDesign201JSONResponse(answer), err
}

func choiceOfRequest(r rest.DesignRequest) catalog.DesignChoice {
	return catalog.DesignChoice{
		Product: r.Product, Text: r.Text, SecondLine: given(r.SecondLine), Font: given(r.Font), Size: given(r.Size),
		BaseColor: given(r.BaseColor), TextColor: given(r.TextColor), Hole: flagOf(r.Hole), Border: flagOf(r.Border),
		Shape: given(r.Shape), Icon: given(r.Icon), Relief: given(r.Relief), Mount: given(r.Mount),
	}
}

// flagOf leaves to the schema's default what was not said.
func flagOf(flag *bool) string {
	switch {
	case flag == nil:
		return ""
	case *flag:
		return catalog.Yes
	default:
		return catalog.No
	}
}

// GetDesign returns a design.
func (a *API) GetDesign(ctx context.Context, request rest.GetDesignRequestObject) (rest.GetDesignResponseObject, error) {
	design, err := a.design(ctx, request.DesignID)
	if err != nil {
		return nil, err
	}
	answer, err := a.designOf(ctx, design)
	if err != nil {
		return nil, err
	}
	return jsonContent(answer, askAgain, request.Params.IfNoneMatch)
}

func (a *API) design(ctx context.Context, text string) (catalog.Design, error) {
	var wanted catalog.DesignID
	if err := readID(&wanted, text, catalog.ErrDesignNotFound); err != nil {
		return catalog.Design{}, err
	}
	return a.Catalog.Design(ctx, wanted)
}

func (a *API) designOf(ctx context.Context, d catalog.Design) (rest.Design, error) {
	window, err := a.Orders.WindowOf(ctx, orders.ToMake{Pieces: 1, Printing: time.Duration(d.Estimate.Seconds * float64(time.Second))})
	if err != nil {
		return rest.Design{}, err
	}
	return rest.Design{
		ID: d.ID.String(), Product: d.Product, Text: d.Text, SecondLine: optional(d.SecondLine), Font: string(d.Font),
		BaseColor: d.BaseColor, TextColor: d.TextColor, Hash: hex.EncodeToString(d.Hash[:]), PriceYen: yenOf(d.Price),
		Size:     rest.Size{WidthUm: rest.Micrometers(d.Width), DepthUm: rest.Micrometers(d.Depth), HeightUm: rest.Micrometers(d.Height)},
		Estimate: rest.Estimate{PrintSeconds: int(math.Round(d.Estimate.Seconds)), FilamentG: float32(d.Estimate.Grams)},
		Ships:    windowOf(window), ProofURL: proofURL(d.ID), ModelURL: designURL(d.ID) + "/model.glb", Triangles: d.Triangles,
	}, nil
}

func designURL(design catalog.DesignID) string { return BasePath + "/designs/" + design.String() }
func proofURL(design catalog.DesignID) string  { return designURL(design) + "/proof.png" }

// proofURLOf is nil for what has no design.
func proofURLOf(design catalog.DesignID) *string {
	if design.IsZero() {
		return nil
	}
	return new(proofURL(design))
}

// GetDesignModel returns the geometry of a design, which never changes.
func (a *API) GetDesignModel(ctx context.Context, request rest.GetDesignModelRequestObject) (rest.GetDesignModelResponseObject, error) {
	var wanted catalog.DesignID
	if err := readID(&wanted, request.DesignID, catalog.ErrDesignNotFound); err != nil {
		return nil, err
	}
	model, err := a.Catalog.GLB(ctx, wanted)
	if err != nil {
		return nil, err
	}
	return fileContent(model, "model/gltf-binary", unchanged, request.Params.IfNoneMatch), nil
}

// GetDesignProof returns the picture of a design, which never changes.
func (a *API) GetDesignProof(ctx context.Context, request rest.GetDesignProofRequestObject) (rest.GetDesignProofResponseObject, error) {
	var wanted catalog.DesignID
	if err := readID(&wanted, request.DesignID, catalog.ErrDesignNotFound); err != nil {
		return nil, err
	}
	proof, err := a.Catalog.ProofPNG(ctx, wanted)
	if err != nil {
		return nil, err
	}
	return fileContent(proof, "image/png", unchanged, request.Params.IfNoneMatch), nil
}

package api

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"tsukuriba/api/auth"
	"tsukuriba/api/problem"
	"tsukuriba/api/rest"
	"tsukuriba/internal/audit"
	"tsukuriba/orders"
)

// ClaimOwnOrder writes to the workshop about a line of an order.
func (a *API) ClaimOwnOrder(ctx context.Context, request rest.ClaimOwnOrderRequestObject) (rest.ClaimOwnOrderResponseObject, error) {
	claim, err := a.Orders.ClaimByCustomer(ctx, request.OrderToken, claimRequestOf(*request.Body))
	return rest.ClaimOwnOrder201JSONResponse(claimOf(claim)), err
}

// OpenClaim notes what a customer told about a line.
func (a *API) OpenClaim(ctx context.Context, request rest.OpenClaimRequestObject) (rest.OpenClaimResponseObject, error) {
	var order orders.OrderID
	if err := readID(&order, request.OrderID, orders.ErrOrderNotFound); err != nil {
		return nil, err
	}
	claim, err := a.Orders.OpenClaim(ctx, by(ctx), order, claimRequestOf(*request.Body))
	return rest.OpenClaim201JSONResponse(staffClaimOf(claim)), err
}

// AddOwnClaimPhoto adds a photo to a claim of one's own.
func (a *API) AddOwnClaimPhoto(ctx context.Context, request rest.AddOwnClaimPhotoRequestObject) (rest.AddOwnClaimPhotoResponseObject, error) {
	var wanted orders.ClaimID
	if err := readID(&wanted, request.ClaimID, orders.ErrClaimNotFound); err != nil {
		return nil, err
	}
	sent, err := readFile(request.Body)
	if err != nil {
		return nil, err
	}
	claim, err := a.Orders.AddOwnClaimPhoto(ctx, request.OrderToken, wanted, sent)
	return rest.AddOwnClaimPhoto201JSONResponse(claimOf(claim)), err
}

// AddClaimPhoto adds a photo that a customer gave to staff.
func (a *API) AddClaimPhoto(ctx context.Context, request rest.AddClaimPhotoRequestObject) (rest.AddClaimPhotoResponseObject, error) {
	sent, err := readFile(request.Body)
	if err != nil {
		return nil, err
	}
	answer, err := a.onClaim(request.ClaimID, func(claim orders.ClaimID) (orders.Claim, error) {
		return a.Orders.AddClaimPhoto(ctx, by(ctx), claim, sent)
	})
	return rest.AddClaimPhoto201JSONResponse(answer), err
}

// GetOwnClaimPhoto returns a photo one has sent.
func (a *API) GetOwnClaimPhoto(ctx context.Context, request rest.GetOwnClaimPhotoRequestObject) (rest.GetOwnClaimPhotoResponseObject, error) {
	var wanted orders.ClaimID
	if err := readID(&wanted, request.ClaimID, orders.ErrClaimNotFound); err != nil {
		return nil, err
	}
	photo, err := a.Orders.OwnClaimPhoto(ctx, request.OrderToken, wanted, request.Position)
	return rest.GetOwnClaimPhoto200ImageJpegResponse{Body: bytes.NewReader(photo), ContentLength: int64(len(photo))}, err
}

// GetClaimPhoto returns a photo to staff.
func (a *API) GetClaimPhoto(ctx context.Context, request rest.GetClaimPhotoRequestObject) (rest.GetClaimPhotoResponseObject, error) {
	var wanted orders.ClaimID
	if err := readID(&wanted, request.ClaimID, orders.ErrClaimNotFound); err != nil {
		return nil, err
	}
	photo, err := a.Orders.ClaimPhoto(ctx, wanted, request.Position)
	return rest.GetClaimPhoto200ImageJpegResponse{Body: bytes.NewReader(photo), ContentLength: int64(len(photo))}, err
}

// readFile reads a body that is a file, which is in memory already.
func readFile(body io.Reader) ([]byte, error) {
	content, err := io.ReadAll(body)
	if err != nil {
		return nil, fmt.Errorf("read body: %w", err)
	}
	return content, nil
}

// claimRequestOf reads a claim. A line that cannot be read is one of another order.
func claimRequestOf(body rest.ClaimRequest) orders.ClaimRequest {
	request := orders.ClaimRequest{Quantity: body.Quantity, Reason: orders.ClaimReason(body.Reason), Note: body.Note}
	_ = readID(&request.Line, body.LineID, orders.ErrLineNotFound)
	return request
}

// ListOrderClaims lists what was written about an order.
func (a *API) ListOrderClaims(ctx context.Context, request rest.ListOrderClaimsRequestObject) (rest.ListOrderClaimsResponseObject, error) {
	var wanted orders.OrderID
	if err := readID(&wanted, request.OrderID, orders.ErrOrderNotFound); err != nil {
		return nil, err
	}
	order, err := a.Orders.Order(ctx, wanted)
	if err != nil {
		return nil, err
	}
	claims, err := a.Orders.Claims(ctx, order.ID)
	return rest.ListOrderClaims200JSONResponse{Items: each(claims, staffClaimOf)}, err
}

// ListClaims lists the claims that staff have something to do with.
func (a *API) ListClaims(ctx context.Context, _ rest.ListClaimsRequestObject) (rest.ListClaimsResponseObject, error) {
	claims, err := a.Orders.OpenClaims(ctx)
	return rest.ListClaims200JSONResponse{Items: each(claims, staffClaimOf)}, err
}

// AcceptClaim grants a remake, or a refund by those who may give money back.
func (a *API) AcceptClaim(ctx context.Context, request rest.AcceptClaimRequestObject) (rest.AcceptClaimResponseObject, error) {
	remedy := orders.Remedy(request.Body.Remedy)
	if remedy == orders.RemedyRefund && !auth.May(string(staffOf(ctx).Role), auth.Money) {
		return nil, problem.ErrForbidden
	}
	answer, err := a.onClaim(request.ClaimID, func(claim orders.ClaimID) (orders.Claim, error) {
		return a.Orders.AcceptClaim(ctx, by(ctx), claim, remedy)
	})
	return rest.AcceptClaim200JSONResponse(answer), err
}

// DeclineClaim declines a claim with a kind template.
func (a *API) DeclineClaim(ctx context.Context, request rest.DeclineClaimRequestObject) (rest.DeclineClaimResponseObject, error) {
	answer, err := a.onClaim(request.ClaimID, func(claim orders.ClaimID) (orders.Claim, error) {
		return a.Orders.DeclineClaim(ctx, by(ctx), claim, string(request.Body.Reason))
	})
	return rest.DeclineClaim200JSONResponse(answer), err
}

// ShipClaim hands what was made anew over to the carrier.
func (a *API) ShipClaim(ctx context.Context, request rest.ShipClaimRequestObject) (rest.ShipClaimResponseObject, error) {
	answer, err := a.onClaim(request.ClaimID, func(claim orders.ClaimID) (orders.Claim, error) {
		return a.Orders.ShipClaim(ctx, by(ctx), claim, orders.Handover{Carrier: request.Body.Carrier, Tracking: request.Body.Tracking})
	})
	return rest.ShipClaim200JSONResponse(answer), err
}

func (a *API) onClaim(text string, do func(orders.ClaimID) (orders.Claim, error)) (rest.StaffClaim, error) {
	var wanted orders.ClaimID
	if err := readID(&wanted, text, orders.ErrClaimNotFound); err != nil {
		return rest.StaffClaim{}, err
	}
	claim, err := do(wanted)
	return staffClaimOf(claim), err
}

// claimOf is a claim as its customer sees it: with the photos they sent.
func claimOf(claim orders.Claim) rest.Claim {
	answer := rest.Claim{
		Photos: []rest.ClaimPhoto{},
		ID:     claim.ID.String(), LineID: claim.LineID.String(), Quantity: claim.Quantity, Reason: rest.ClaimReason(claim.Reason),
		State: rest.ClaimState(claim.State), Remedy: optional(string(claim.Remedy)), Answer: optional(claim.Answer), CreatedAt: claim.CreatedAt,
	}
	if claim.Shipment != nil {
		answer.Carrier, answer.Tracking = optional(claim.Shipment.Carrier), optional(claim.Shipment.Tracking)
	}
	for _, photo := range claim.Photos {
		if photo.Origin == audit.Customer {
			answer.Photos = append(answer.Photos, claimPhotoOf(photo))
		}
	}
	return answer
}

func claimPhotoOf(photo orders.ClaimPhoto) rest.ClaimPhoto {
	return rest.ClaimPhoto{Position: photo.Position, Origin: rest.ClaimPhotoOrigin(photo.Origin), AddedAt: photo.AddedAt}
}

func staffClaimOf(claim orders.Claim) rest.StaffClaim {
	plain := claimOf(claim)
	return rest.StaffClaim{
		ID: plain.ID, LineID: plain.LineID, Quantity: plain.Quantity, Reason: plain.Reason, State: plain.State, Remedy: plain.Remedy,
		Answer: plain.Answer, CreatedAt: plain.CreatedAt, Carrier: plain.Carrier, Tracking: plain.Tracking,
		OrderID: claim.OrderID.String(), Note: claim.Note, Origin: rest.StaffClaimOrigin(claim.Origin),
		Photos: each(claim.Photos, claimPhotoOf),
	}
}

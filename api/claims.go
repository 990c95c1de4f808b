package api

import (
	"context"

	"tsukuriba/api/auth"
	"tsukuriba/api/problem"
	"tsukuriba/api/rest"
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

func claimOf(claim orders.Claim) rest.Claim {
	answer := rest.Claim{
		ID: claim.ID.String(), LineID: claim.LineID.String(), Quantity: claim.Quantity, Reason: rest.ClaimReason(claim.Reason),
		State: rest.ClaimState(claim.State), Remedy: optional(string(claim.Remedy)), Answer: optional(claim.Answer), CreatedAt: claim.CreatedAt,
	}
	if claim.Shipment != nil {
		answer.Carrier, answer.Tracking = optional(claim.Shipment.Carrier), optional(claim.Shipment.Tracking)
	}
	return answer
}

func staffClaimOf(claim orders.Claim) rest.StaffClaim {
	plain := claimOf(claim)
	return rest.StaffClaim{
		ID: plain.ID, LineID: plain.LineID, Quantity: plain.Quantity, Reason: plain.Reason, State: plain.State, Remedy: plain.Remedy,
		Answer: plain.Answer, CreatedAt: plain.CreatedAt, Carrier: plain.Carrier, Tracking: plain.Tracking,
		OrderID: claim.OrderID.String(), Note: claim.Note, Origin: rest.StaffClaimOrigin(claim.Origin),
	}
}

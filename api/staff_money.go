package api

import (
	"bytes"
	"context"

	"tsukuriba/api/rest"
	"tsukuriba/orders"
)

// ListMatters lists whatever is the matter with money.
func (a *API) ListMatters(ctx context.Context, _ rest.ListMattersRequestObject) (rest.ListMattersResponseObject, error) {
	list, err := a.matters(ctx)
	return rest.ListMatters200JSONResponse(list), err
}

// ResolveMatter does what a matter offers and lists what is left.
func (a *API) ResolveMatter(ctx context.Context, request rest.ResolveMatterRequestObject) (rest.ResolveMatterResponseObject, error) {
	err := a.Orders.Resolve(ctx, by(ctx), orders.MatterAction(request.Body.Action), request.Body.Subject)
	if err != nil {
		return nil, err
	}
	list, err := a.matters(ctx)
	return rest.ResolveMatter200JSONResponse(list), err
}

func (a *API) matters(ctx context.Context) (rest.MatterList, error) {
	matters, err := a.Orders.Matters(ctx)
	return rest.MatterList{Items: each(matters, matterOf)}, err
}

func matterOf(matter orders.Matter) rest.Matter {
	shown := rest.Matter{
		Kind: string(matter.Kind), Subject: matter.Subject, OrderID: optional(matter.OrderID.String()), OrderNumber: optional(matter.Number),
		Sentence: matter.Sentence, Action: rest.MatterAction(matter.Action), Since: matter.Since, DueAt: matter.Due,
	}
	if matter.Instead != "" {
		shown.Instead = new(rest.MatterAction(matter.Instead))
	}
	return shown
}

// GetEvidence packs what speaks for us in a dispute.
func (a *API) GetEvidence(ctx context.Context, request rest.GetEvidenceRequestObject) (rest.GetEvidenceResponseObject, error) {
	var dispute orders.DisputeID
	if err := readID(&dispute, request.DisputeID, orders.ErrDisputeNotFound); err != nil {
		return nil, err
	}
	evidence, err := a.Orders.Evidence(ctx, by(ctx), dispute)
	if err != nil {
		return nil, err
	}
	return rest.GetEvidence200ApplicationZipResponse{
		Body: bytes.NewReader(evidence.Archive), ContentLength: int64(len(evidence.Archive)),
	}, nil
}

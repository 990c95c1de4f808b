package stripe

import (
	"context"
	"time"

	stripego "github.com/stripe/stripe-go/v76"

	"tsukuriba/internal/yen"
	"tsukuriba/orders"
)

// Dispute reads a dispute with the movements of our balance that it has caused.
func (g *Gateway) Dispute(ctx context.Context, disputeID string) (orders.DisputeSnapshot, error) {
	found, err := g.disputes.Get(disputeID, &stripego.DisputeParams{Params: stripego.Params{Context: ctx}})
	if err != nil {
		return orders.DisputeSnapshot{}, classify("read dispute", err)
	}
	return disputeSnapshot(found), nil
}

func disputeSnapshot(d *stripego.Dispute) orders.DisputeSnapshot {
	shot := orders.DisputeSnapshot{
		ID: d.ID, Amount: yen.Amount(d.Amount), Reason: string(d.Reason), State: orders.DisputeState(d.Status),
		Created: time.Unix(d.Created, 0),
	}
	if d.PaymentIntent != nil {
		shot.IntentID = d.PaymentIntent.ID
	}
	if d.EvidenceDetails != nil && d.EvidenceDetails.DueBy != 0 {
		shot.EvidenceDue = time.Unix(d.EvidenceDetails.DueBy, 0)
	}
	for _, move := range d.BalanceTransactions {
		shot.Moves = append(shot.Moves, orders.DisputeMove{
			ID: move.ID, Amount: yen.Amount(move.Amount), Fee: yen.Amount(move.Fee), At: time.Unix(move.Created, 0),
		})
	}
	return shot
}

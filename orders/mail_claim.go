package orders

import (
	"context"
	"strings"
)

// Letters in which a person on our side has a word to say: questions, claims, late money, receipts.

// MailTextQuery asks the customer what staff want to know about a text.
func (s *Service) MailTextQuery(ctx context.Context, event TextQueried) error {
	return s.write(ctx, event.OrderID, func(order Order) news {
		for _, hold := range order.Holds {
			if hold.ID == event.HoldID {
				return news{letterTextQuery, hold.ID.String(), func(data *mailData) { data.Question = strings.TrimSpace(hold.Note) }}
			}
		}
		return news{} // settled meanwhile
	})
}

// MailReceipt tells that a receipt can be fetched.
func (s *Service) MailReceipt(ctx context.Context, event ReceiptIssued) error {
	document, err := findDocument(ctx, s.db, `document.id = $1`, event.DocumentID)
	if err != nil {
		return err
	}
	return s.write(ctx, event.OrderID, func(Order) news {
		return news{letterReceipt, document.ID.String(), func(data *mailData) { data.Document = document.Number }}
	})
}

// MailLateMoney tells that money came after the time to pay, and that we are looking what can be
// done. Once that is decided, a refund or the revived order has letters of its own.
func (s *Service) MailLateMoney(ctx context.Context, event LateMoneyArrived) error {
	return s.write(ctx, event.OrderID, func(order Order) news {
		if !order.mayRevive() || !order.heldFor(HoldLateMoney) {
			return news{}
		}
		return news{kind: letterLateMoney}
	})
}

// MailClaimOpened confirms that we have read what is wrong.
func (s *Service) MailClaimOpened(ctx context.Context, event ClaimOpened) error {
	return s.writeClaim(ctx, event.ClaimID, letterClaimReceived)
}

// MailClaimAccepted tells what the customer gets.
func (s *Service) MailClaimAccepted(ctx context.Context, event ClaimAccepted) error {
	return s.writeClaim(ctx, event.ClaimID, letterClaimAccepted)
}

// MailClaimDeclined explains kindly why there is nothing to get.
func (s *Service) MailClaimDeclined(ctx context.Context, event ClaimDeclined) error {
	return s.writeClaim(ctx, event.ClaimID, letterClaimDeclined)
}

// MailClaimShipped tells carrier and tracking number of what was made anew.
func (s *Service) MailClaimShipped(ctx context.Context, event ClaimShipped) error {
	return s.writeClaim(ctx, event.ClaimID, letterRemakeShipped)
}

func (s *Service) writeClaim(ctx context.Context, id ClaimID, kind LetterKind) error {
	claim, err := s.Claim(ctx, id)
	if err != nil {
		return err
	}
	return s.write(ctx, claim.OrderID, func(order Order) news {
		return news{kind, claim.ID.String(), func(data *mailData) {
			data.Piece, data.Quantity = order.line(claim.LineID).Title, claim.Quantity
			data.Remake, data.Reason = claim.Remedy == RemedyRemake, claim.Answer
			if claim.Shipment != nil {
				data.Carrier, data.Tracking = claim.Shipment.Carrier, claim.Shipment.Tracking
			}
		}}
	})
}

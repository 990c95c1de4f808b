package orders

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tsukuriba/internal/audit"
)

// ErrNoGiftMessage says that nothing was to be written on a card.
var ErrNoGiftMessage = errors.New("the order has no message for a card")

// Paper is something printed for a parcel that proves no trade: it has no number and is not kept.
type Paper struct {
	Name string // of its file
	File []byte // a PDF
}

// GiftCard is what stands on the card of a gift.
type GiftCard struct {
	Message  string // as it was typed
	Workshop string
	Set      time.Time
}

// HasGiftMessage says whether a card goes with the order, without telling what it says. Errors:
// ErrOrderNotFound.
func (s *Service) HasGiftMessage(ctx context.Context, id OrderID) (bool, error) {
	contact, err := s.contact(ctx, s.db, id)
	return contact.GiftMessage != "", err
}

// GiftCard sets the card of a gift on A6, for those who pack: from ready until 14 days after
// shipping. It leaves an audit entry, as the message is read. Errors: ErrOrderNotFound,
// ErrContactClosed, ErrNoGiftMessage.
func (s *Service) GiftCard(ctx context.Context, by audit.Actor, id OrderID) (Paper, error) {
	contact, err := s.ContactForShipping(ctx, by, id)
	if err != nil {
		return Paper{}, err
	}
	if contact.GiftMessage == "" {
		return Paper{}, ErrNoGiftMessage
	}
	order, err := s.Order(ctx, id)
	if err != nil {
		return Paper{}, err
	}
	file, err := s.typesetter.TypesetCard(GiftCard{Message: contact.GiftMessage, Workshop: s.workshop, Set: order.PlacedAt})
	if err != nil {
		return Paper{}, fmt.Errorf("set card of order %s: %w", id, err)
	}
	return Paper{Name: order.Number + "-card.pdf", File: file}, nil
}

// RemakeSlip sets the slip for the parcel of what was made or taken anew: from ready until 14 days
// after it was handed over. It leaves an audit entry, as the address is read. Errors:
// ErrClaimNotFound, ErrClaimNotReady.
func (s *Service) RemakeSlip(ctx context.Context, by audit.Actor, id ClaimID) (Paper, error) {
	claim, err := s.Claim(ctx, id)
	if err != nil {
		return Paper{}, err
	}
	if !claim.Packed(s.now()) {
		return Paper{}, ErrClaimNotReady
	}
	order, err := s.Order(ctx, claim.OrderID)
	if err != nil {
		return Paper{}, err
	}
	contact, err := s.Contact(ctx, by, order.ID)
	if err != nil {
		return Paper{}, err
	}
	seller, err := s.Seller(ctx)
	if err != nil {
		return Paper{}, err
	}
	sheet := s.remakeSheet(order, claim, contact)
	sheet.Issuer = seller.issuer()
	file, err := s.typesetter.Typeset(sheet)
	if err != nil {
		return Paper{}, fmt.Errorf("set slip of claim %s: %w", id, err)
	}
	return Paper{Name: order.Number + "-remake.pdf", File: file}, nil
}

// Packed says whether there is a parcel to put a slip into, or was until lately.
func (c Claim) Packed(now time.Time) bool {
	sent := c.Shipment != nil && c.Shipment.HandedOverAt != nil
	return c.State == ClaimReady || sent && now.Before(c.Shipment.HandedOverAt.Add(completeAfter))
}

func (s *Service) remakeSheet(order Order, claim Claim, contact Contact) Sheet {
	line := order.line(claim.LineID)
	sheet := Sheet{
		Kind: RemakeSlip, Language: order.Language, Order: order.Number, Issued: s.now(), Traded: s.now(),
		Items:     []SheetItem{{Kind: ItemGoods, Title: line.Title, Text: line.DesignText, Quantity: claim.Quantity}},
		Recipient: Recipient{Name: contact.Name, Honorific: "様"},
	}
	if claim.Shipment != nil && claim.Shipment.HandedOverAt != nil {
		sheet.Traded = *claim.Shipment.HandedOverAt
	}
	if order.ShippingMethod != PickupKey {
		sheet.Recipient.PostalCode, sheet.Recipient.Address = contact.PostalCode, contact.lines()
	}
	return sheet
}

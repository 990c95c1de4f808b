package orders

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"
)

// ByLink returns the order whose secret link this is. Errors: ErrOrderNotFound.
func (s *Service) ByLink(ctx context.Context, token string) (Order, error) {
	return readOrder(ctx, s.db, `orders.link_hash = $1`, hashToken(token))
}

// RetryPayment returns the address where the order can be paid now: an open page, a konbini
// code, or a new attempt. Errors: ErrOrderNotFound, ErrWrongState, ErrTooManyAttempts, ErrGateway….
func (s *Service) RetryPayment(ctx context.Context, token string) (string, error) {
	order, err := s.ByLink(ctx, token)
	if err != nil {
		return "", err
	}
	return s.payPage(ctx, order.ID)
}

// Refresh is for the page to which the provider sends the customer back: it asks how the payment
// stands without waiting for a webhook. A provider that does not answer leaves the order as it is
// known. Errors: ErrOrderNotFound.
func (s *Service) Refresh(ctx context.Context, token string) (Order, error) {
	order, err := s.ByLink(ctx, token)
	if err != nil {
		return Order{}, err
	}
	live := order.LivePayment()
	if live == nil || live.State == PaymentCaptured {
		return order, nil
	}
	if err := s.Apply(ctx, live.ID); err != nil && !errors.Is(err, ErrGatewayUnavailable) {
		return Order{}, err
	}
	return s.ByLink(ctx, token)
}

// orderURL is the address of the customer's secret page.
func (s *Service) orderURL(ctx context.Context, db sqlx.QueryerContext, id OrderID) (string, error) {
	token, err := s.linkToken(ctx, db, id)
	if err != nil {
		return "", err
	}
	return s.linkURL(token), nil
}

func (s *Service) linkURL(token string) string { return s.publicURL + "/orders/" + token }

func (s *Service) linkToken(ctx context.Context, db sqlx.QueryerContext, id OrderID) (string, error) {
	sealed, err := sealedColumn(ctx, db, `SELECT link_sealed FROM orders WHERE id = $1`, id)
	if err != nil {
		return "", err
	}
	token, err := s.seal.Open(linkContext(id), sealed)
	return string(token), err
}

func (s *Service) contact(ctx context.Context, db sqlx.QueryerContext, id OrderID) (contact Contact, err error) {
	sealed, err := sealedColumn(ctx, db, `SELECT contact_sealed FROM orders WHERE id = $1`, id)
	if err != nil {
		return Contact{}, err
	}
	err = openJSON(s.seal, contactContext(id), sealed, &contact)
	return contact, err
}

// contactAndLink is who ordered, and the address of their secret page, for all that is sent to them.
func (s *Service) contactAndLink(ctx context.Context, db sqlx.QueryerContext, id OrderID) (contact Contact, link string, err error) {
	var sealed struct {
		Contact []byte `db:"contact_sealed"`
		Link    []byte `db:"link_sealed"`
	}
	err = sqlx.GetContext(ctx, db, &sealed, `SELECT contact_sealed, link_sealed FROM orders WHERE id = $1`, id)
	if err != nil {
		return Contact{}, "", fmt.Errorf("read whom to reach about order %s: %w", id, err)
	}
	token, err := s.seal.Open(linkContext(id), sealed.Link)
	if err != nil {
		return Contact{}, "", err
	}
	err = openJSON(s.seal, contactContext(id), sealed.Contact, &contact)
	return contact, s.linkURL(string(token)), err
}

func sealedColumn(ctx context.Context, db sqlx.QueryerContext, query string, id OrderID) ([]byte, error) {
	var sealed []byte
	err := sqlx.GetContext(ctx, db, &sealed, query, id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, ErrOrderNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("read sealed data of order %s: %w", id, err)
	}
	return sealed, nil
}

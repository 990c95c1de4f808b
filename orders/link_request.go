package orders

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"golang.org/x/text/width"

	"tsukuriba/internal/id"
	"tsukuriba/internal/postgres"
)

const (
	linkRequestsPerHour = 10 // for one address; more are taken and forgotten
	mostLinks           = 20 // the newest orders a mail leads to
	linkRequestsKept    = 24 * time.Hour
)

// LinksRequested says that somebody wants the links to the orders of an e-mail address.
type LinksRequested struct{ RequestID LinkRequestID }

// Kind names the event for good.
func (LinksRequested) Kind() string { return "orders.links_requested" }

// RequestLinks has the links to the orders of an address mailed to that address, up to ten times an
// hour. Whether there are orders is looked up by a job only, so that neither the answer nor how
// long it takes tells anybody. Error: *FormError ("email") for what is no address.
func (s *Service) RequestLinks(ctx context.Context, email string, language Language) error {
	email = strings.TrimSpace(width.Narrow.String(email))
	if !saneEmail(email) {
		return &FormError{Fields: map[string]string{"email": "invalid"}}
	}
	if !slices.Contains(Languages, language) {
		language = Japanese
	}
	request := id.New[linkRequestKind]()
	sealed := s.seal.Seal(linkRequestContext(request), []byte(email))
	err := postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		return s.takeLinkRequest(ctx, tx, request, emailIndex(s.seal, email), sealed, language)
	})
	if err != nil {
		return fmt.Errorf("request links: %w", err)
	}
	return nil
}

func (s *Service) takeLinkRequest(ctx context.Context, tx *sqlx.Tx, request LinkRequestID, index, sealed []byte, language Language) error {
	// One after the other for one address, or several at once would all find room.
	if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('link_requests' || encode($1::bytea, 'hex'), 0))`, index); err != nil {
		return err
	}
	taken, err := tx.ExecContext(ctx, `
		INSERT INTO link_requests (id, email_hash, email_sealed, language, requested_at)
		SELECT $1, $2, $3, $4, $5
		WHERE (
			SELECT count(*)
			FROM link_requests
			WHERE email_hash = $2 AND requested_at > $6) < $7`,
		request, index, sealed, language, s.now(), s.now().Add(-time.Hour), linkRequestsPerHour)
	if err != nil {
		return err
	}
	if rows, err := taken.RowsAffected(); err != nil || rows == 0 {
		return err
	}
	return s.bus.Announce(ctx, tx, LinksRequested{RequestID: request})
}

func linkRequestContext(request LinkRequestID) string {
	return "orders.link_request:" + request.String()
}

// orderLink is an order in a mail that leads to several.
type orderLink struct{ Number, Day, Link string }

// MailLinks writes the mail that was asked for. An address without orders gets none. Requests of
// yesterday are forgotten.
func (s *Service) MailLinks(ctx context.Context, event LinksRequested) error {
	err := postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, `
			DELETE FROM link_requests
			WHERE requested_at < $1`, s.now().Add(-linkRequestsKept)); err != nil {
			return fmt.Errorf("forget requests: %w", err)
		}
		var request struct {
			Sealed   []byte   `db:"email_sealed"`
			Language Language `db:"language"`
		}
		err := tx.GetContext(ctx, &request, `
			SELECT email_sealed, language
			FROM link_requests
			WHERE id = $1`, event.RequestID)
		if errors.Is(err, sql.ErrNoRows) {
			return nil // it waited for longer than a day
		}
		if err != nil {
			return err
		}
		email, err := s.seal.Open(linkRequestContext(event.RequestID), request.Sealed)
		if err != nil {
			return err
		}
		return s.queueLinks(ctx, tx, event.RequestID, string(email), request.Language)
	})
	if err != nil {
		return fmt.Errorf("mail links of request %s: %w", event.RequestID, err)
	}
	return nil
}

func (s *Service) queueLinks(ctx context.Context, tx *sqlx.Tx, request LinkRequestID, email string, language Language) error {
	var found []struct {
		ID       OrderID   `db:"id"`
		Number   string    `db:"number"`
		PlacedAt time.Time `db:"placed_at"`
	}
	err := tx.SelectContext(ctx, &found, `
		SELECT id, number, placed_at
		FROM orders
		WHERE email_hash = ANY($1)
		ORDER BY placed_at DESC, id
		LIMIT $2`, pq.Array(emailIndexes(s.seal, email)), mostLinks)
	if err != nil || len(found) == 0 {
		return err
	}
	contact, err := s.contact(ctx, tx, found[0].ID)
	if err != nil {
		return err
	}
	data := mailData{Name: contact.Name, Workshop: s.workshop, Number: found[0].Number, Link: s.publicURL + "/"}
	for _, order := range found {
		link, err := s.orderURL(ctx, tx, order.ID)
		if err != nil {
			return err
		}
		data.Orders = append(data.Orders, orderLink{order.Number, legal[language].day(order.PlacedAt), link})
	}
	message, err := letter(language, letterOrderLinks, data)
	if err != nil {
		return err
	}
	message.Key = letterKey{order: found[0].ID, kind: letterOrderLinks, version: 1, about: request.String()}.String()
	message.To = email
	return s.queueMail(ctx, tx, message)
}

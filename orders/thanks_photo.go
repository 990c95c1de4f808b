package orders

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"tsukuriba/internal/audit"
)

func thanksPhotoContext(id ThanksID) string { return "orders.thanks_photo:" + id.String() }

// AddThanksPhoto puts a photo to the message about an order, in the place of one before, by the order's
// secret link, until staff have decided. Errors: ErrOrderNotFound, ErrThanksNotFound, ErrThanksRead, and those
// of photo.Clean.
func (s *Service) AddThanksPhoto(ctx context.Context, token string, sent []byte) (Thanks, error) {
	order, err := s.ByLink(ctx, token)
	if err != nil {
		return Thanks{}, err
	}
	thanks, err := s.ThanksOf(ctx, order.ID)
	if err == nil && thanks.State != ThanksOpen {
		err = ErrThanksRead
	}
	if err != nil {
		return Thanks{}, err
	}
	photo, err := s.keepPhoto(ctx, thanksPhotoContext(thanks.ID), sent)
	if err != nil {
		return Thanks{}, err
	}
	thanks.HasPhoto = true
	return thanks, s.changeThanks(ctx, audit.Actor{Role: audit.Customer}, "thanks.photo", thanks.ID, func(tx *sqlx.Tx, thanks Thanks) error {
		if thanks.State != ThanksOpen {
			return ErrThanksRead
		}
		_, err := tx.ExecContext(ctx, `
			UPDATE thanks
			SET photo_key = $2
			WHERE id = $1`, thanks.ID, photo.key)
		return err
	})
}

// ThanksPhoto reads the photo of a message: a JPEG. Errors: ErrThanksNotFound, ErrPhotoNotFound.
func (s *Service) ThanksPhoto(ctx context.Context, id ThanksID) ([]byte, error) {
	var key string
	err := s.db.GetContext(ctx, &key, `
		SELECT photo_key
		FROM thanks
		WHERE id = $1`, id)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, ErrThanksNotFound
	case err != nil:
		return nil, fmt.Errorf("find photo of thanks %s: %w", id, err)
	case key == "":
		return nil, ErrPhotoNotFound
	}
	return s.readPhoto(ctx, thanksPhotoContext(id), key)
}

package orders

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tsukuriba/internal/audit"
	"tsukuriba/internal/photo"
)

// MaxClaimPhotos is how many photos a claim may have from the customer, and as many again from staff.
const MaxClaimPhotos = 3

// Errors about photos of claims.
var (
	ErrTooManyPhotos = errors.New("a claim has at most three photos from each side")
	ErrPhotoNotFound = errors.New("there is no such photo")
)

// ClaimPhoto names one photo of a claim. What it shows is read by ClaimPhoto and OwnClaimPhoto.
type ClaimPhoto struct {
	ClaimID  ClaimID    `db:"claim_id"`
	Position int        `db:"position"` // from 1
	Origin   audit.Role `db:"origin"`   // customer or staff
	AddedAt  time.Time  `db:"added_at"`
	Key      string     `db:"blob_key"`
	Sum      []byte     `db:"sha256"`
}

// keptPhoto is a photo that lies sealed among the files, before anything refers to it.
type keptPhoto struct {
	key string
	sum [sha256.Size]byte // of the photo as it was drawn anew
}

// keepPhoto draws a photo anew and stores it, sealed for the place it belongs to. Errors are
// those of photo.Clean.
func (s *Service) keepPhoto(ctx context.Context, place string, sent []byte) (keptPhoto, error) {
	drawn, err := photo.Clean(ctx, sent)
	if err != nil {
		return keptPhoto{}, fmt.Errorf("read photo: %w", err)
	}
	key, err := s.archive.Put(ctx, s.seal.Seal(place, drawn), "application/octet-stream")
	if err != nil {
		return keptPhoto{}, fmt.Errorf("keep photo: %w", err)
	}
	return keptPhoto{key, sha256.Sum256(drawn)}, nil
}

// readPhoto opens what keepPhoto has stored.
func (s *Service) readPhoto(ctx context.Context, place, key string) ([]byte, error) {
	sealed, err := s.archive.Get(ctx, key)
	if err != nil {
		return nil, fmt.Errorf("read photo: %w", err)
	}
	drawn, err := s.seal.Open(place, sealed)
	if err != nil {
		return nil, fmt.Errorf("open photo: %w", err)
	}
	return drawn, nil
}

func claimPhotoContext(id ClaimID) string { return "orders.claim_photo:" + id.String() }

// keepPhotos keeps each of several photos once.
func (s *Service) keepPhotos(ctx context.Context, place string, sent [][]byte) ([]keptPhoto, error) {
	var kept []keptPhoto
	for _, content := range sent {
		photo, err := s.keepPhoto(ctx, place, content)
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(kept, func(other keptPhoto) bool { return other.sum == photo.sum }) {
			kept = append(kept, photo)
		}
	}
	return kept, nil
}

// AddClaimPhoto adds a photo that a customer gave to staff. The same photo again changes nothing. Errors:
// ErrClaimNotFound, ErrClaimDecided, ErrTooManyPhotos, and those of photo.Clean.
func (s *Service) AddClaimPhoto(ctx context.Context, by audit.Actor, id ClaimID, sent []byte) (Claim, error) {
	claim, err := s.Claim(ctx, id)
	if err != nil {
		return Claim{}, err
	}
	return s.addClaimPhoto(ctx, by, claim, sent)
}

// AddOwnClaimPhoto adds a photo by the order's secret link. Errors are those of AddClaimPhoto and
// ErrOrderNotFound.
func (s *Service) AddOwnClaimPhoto(ctx context.Context, token string, id ClaimID, sent []byte) (Claim, error) {
	claim, err := s.ownClaim(ctx, token, id)
	if err != nil {
		return Claim{}, err
	}
	return s.addClaimPhoto(ctx, audit.Actor{Role: audit.Customer}, claim, sent)
}

// ownClaim is a claim that the customer opened about the order of the link; what staff noted is theirs.
func (s *Service) ownClaim(ctx context.Context, token string, id ClaimID) (Claim, error) {
	order, err := s.ByLink(ctx, token)
	if err != nil {
		return Claim{}, err
	}
	claim, err := s.Claim(ctx, id)
	if err == nil && (claim.OrderID != order.ID || claim.Origin != audit.Customer) {
		err = ErrClaimNotFound
	}
	return claim, err
}

func (s *Service) addClaimPhoto(ctx context.Context, by audit.Actor, claim Claim, sent []byte) (Claim, error) {
	if claim.State != ClaimOpen {
		return Claim{}, ErrClaimDecided
	}
	kept, err := s.keepPhoto(ctx, claimPhotoContext(claim.ID), sent)
	if err != nil {
		return Claim{}, err
	}
	_, err = s.onClaim(ctx, "add photo to", claim.ID, func(tx *sqlx.Tx, order *Order, claim *Claim) error {
		if slices.ContainsFunc(claim.Photos, func(photo ClaimPhoto) bool { return bytes.Equal(photo.Sum, kept.sum[:]) }) {
			return nil
		}
		if err := claim.takesPhoto(by.Role); err != nil {
			return err
		}
		if err := s.insertClaimPhotos(ctx, tx, by.Role, *claim, []keptPhoto{kept}); err != nil {
			return err
		}
		return recordOn(ctx, tx, *order, by, "claim.photo")
	})
	if err != nil {
		return Claim{}, err
	}
	return s.Claim(ctx, claim.ID)
}

// TakesPhoto says whether one more photo may come from one side: while the claim is not decided.
func (c Claim) TakesPhoto(from audit.Role) bool { return c.takesPhoto(from) == nil }

func (c Claim) takesPhoto(from audit.Role) error {
	if c.State != ClaimOpen {
		return ErrClaimDecided
	}
	count := 0
	for _, photo := range c.Photos {
		if photo.Origin == from {
			count++
		}
	}
	if count >= MaxClaimPhotos {
		return ErrTooManyPhotos
	}
	return nil
}

// insertClaimPhotos adds photos behind those that there are. The order is locked.
func (s *Service) insertClaimPhotos(ctx context.Context, tx *sqlx.Tx, origin audit.Role, claim Claim, photos []keptPhoto) error {
	for i, photo := range photos {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO claim_photos (claim_id, position, origin, blob_key, sha256, added_at)
			VALUES ($1, $2, $3, $4, $5, $6)`,
			claim.ID, len(claim.Photos)+i+1, origin, photo.key, photo.sum[:], s.now())
		if err != nil {
			return fmt.Errorf("insert photo of claim: %w", err)
		}
	}
	return nil
}

// ClaimPhoto reads a photo of a claim for staff: a JPEG. Errors: ErrPhotoNotFound.
func (s *Service) ClaimPhoto(ctx context.Context, id ClaimID, position int) ([]byte, error) {
	var key string
	err := s.db.GetContext(ctx, &key, `
		SELECT blob_key
		FROM claim_photos
		WHERE claim_id = $1 AND position = $2`, id, position)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, ErrPhotoNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("find photo of claim %s: %w", id, err)
	}
	return s.readPhoto(ctx, claimPhotoContext(id), key)
}

// OwnClaimPhoto reads a photo by the order's secret link: one the customer sent. Errors: ErrOrderNotFound,
// ErrClaimNotFound, ErrPhotoNotFound.
func (s *Service) OwnClaimPhoto(ctx context.Context, token string, id ClaimID, position int) ([]byte, error) {
	claim, err := s.ownClaim(ctx, token, id)
	if err != nil {
		return nil, err
	}
	for _, photo := range claim.Photos {
		if photo.Position == position && photo.Origin == audit.Customer {
			return s.readPhoto(ctx, claimPhotoContext(id), photo.Key)
		}
	}
	return nil, ErrPhotoNotFound
}

// addPhotosTo names the photos of claims, the oldest first.
func (s *Service) addPhotosTo(ctx context.Context, db sqlx.QueryerContext, claims []Claim) error {
	if len(claims) == 0 {
		return nil
	}
	ids, at := make([]ClaimID, len(claims)), map[ClaimID]int{}
	for i, claim := range claims {
		ids[i], at[claim.ID] = claim.ID, i
	}
	var photos []ClaimPhoto
	err := sqlx.SelectContext(ctx, db, &photos, `
		SELECT claim_id, position, origin, blob_key, sha256, added_at
		FROM claim_photos
		WHERE claim_id = ANY ($1)
		ORDER BY claim_id, position`, pq.Array(ids))
	if err != nil {
		return fmt.Errorf("read photos of claims: %w", err)
	}
	for _, photo := range photos {
		claim := &claims[at[photo.ClaimID]]
		claim.Photos = append(claim.Photos, photo)
	}
	return nil
}

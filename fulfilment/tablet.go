package fulfilment

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"tsukuriba/internal/audit"
	"tsukuriba/internal/id"
	"tsukuriba/internal/postgres"
)

// Tablet is a shared tablet of the workshop.
type Tablet struct {
	ID   TabletID `db:"id"`
	Name string   `db:"name"`
}

// Enrollment is a code that makes one browser a tablet, once, until it runs out.
type Enrollment struct {
	Code  string
	Until time.Time
}

// Errors about tablets.
var (
	ErrEnrollmentCode = errors.New("the code is wrong, used or has run out")
	ErrTabletNotFound = errors.New("no such tablet, or it was revoked")
)

const (
	enrollmentLife = 30 * time.Minute
	// enrollmentLetters leaves out what is mistaken for something else.
	enrollmentLetters = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
	enrollmentLength  = 8
)

// EnrollCode makes a one-time code for a new tablet.
func (s *Service) EnrollCode(ctx context.Context, by audit.Actor, name string) (Enrollment, error) {
	enrollment := Enrollment{Code: newCode(), Until: s.now().Add(enrollmentLife)}
	tablet := id.New[tabletKind]()
	err := postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO tablets (id, name, code_hash, code_until)
			VALUES ($1, $2, $3, $4)`, tablet, name, hashCode(enrollment.Code), enrollment.Until)
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: by, Action: "tablet.code_made", Subject: tablet.String()})
	})
	if err != nil {
		return Enrollment{}, fmt.Errorf("make enrollment code: %w", err)
	}
	return enrollment, nil
}

// EnrollTablet uses a code up. Spaces, hyphens and case do not matter.
func (s *Service) EnrollTablet(ctx context.Context, code string) (Tablet, error) {
	var tablet Tablet
	err := s.db.GetContext(ctx, &tablet, `
		UPDATE tablets
		SET code_hash = NULL, enrolled_at = $2
		WHERE code_hash = $1 AND code_until > $2 AND revoked_at IS NULL
		RETURNING id, name`, hashCode(code), s.now())
	if errors.Is(err, sql.ErrNoRows) {
		return Tablet{}, ErrEnrollmentCode
	}
	if err != nil {
		return Tablet{}, fmt.Errorf("enroll tablet: %w", err)
	}
	return tablet, nil
}

// TabletByID returns an enrolled tablet, or ErrTabletNotFound.
func (s *Service) TabletByID(ctx context.Context, tablet TabletID) (Tablet, error) {
	var found Tablet
	err := s.db.GetContext(ctx, &found, `
		SELECT id, name
		FROM tablets
		WHERE id = $1 AND enrolled_at IS NOT NULL AND revoked_at IS NULL`, tablet)
	if errors.Is(err, sql.ErrNoRows) {
		return Tablet{}, ErrTabletNotFound
	}
	if err != nil {
		return Tablet{}, fmt.Errorf("read tablet: %w", err)
	}
	return found, nil
}

// newCode returns XXXX-XXXX; 30⁸ codes and half an hour leave nothing to guess.
func newCode() string {
	random := make([]byte, enrollmentLength)
	_, _ = rand.Read(random) // never fails (crypto/rand)
	for i, b := range random {
		random[i] = enrollmentLetters[int(b)%len(enrollmentLetters)]
	}
	return string(random[:enrollmentLength/2]) + "-" + string(random[enrollmentLength/2:])
}

func hashCode(code string) []byte {
	sum := sha256.Sum256([]byte(strings.ToUpper(strings.NewReplacer("-", "", " ", "").Replace(code))))
	return sum[:]
}

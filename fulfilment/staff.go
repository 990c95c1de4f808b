package fulfilment

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/jmoiron/sqlx"

	"tsukuriba/internal/audit"
	"tsukuriba/internal/id"
	"tsukuriba/internal/postgres"
)

// Role is what a staff member does here; api/auth says what each role may do.
type Role string

// The roles of staff.
const (
	Manager        Role = "manager"         // 管理者
	ServiceManager Role = "service_manager" // サービス管理責任者
	Instructor     Role = "instructor"      // 職業指導員
	Therapist      Role = "therapist"       // 作業療法士
	ShippingStaff  Role = "shipping"        // 発送担当
	Accounting     Role = "accounting"      // 経理
)

// Staff is somebody who works here and signs in to the console.
type Staff struct {
	ID    StaffID `db:"id"`
	Email string  `db:"email"`
	Name  string  `db:"name"`
	Role  Role    `db:"role"`
}

// NewStaff is what adding a staff member takes.
type NewStaff struct {
	Email    string
	Name     string
	Role     Role
	Password string // at least 10 characters
}

// Errors of signing in and of staff accounts.
var (
	ErrSignIn        = errors.New("e-mail or password is wrong")
	ErrStaffNotFound = errors.New("no such staff member")
	ErrStaffExists   = errors.New("there is a staff member with this e-mail already")
	ErrWeakPassword  = errors.New("a password needs at least 10 characters")
)

const shortestPassword = 10

// AddStaff creates a staff account.
func (s *Service) AddStaff(ctx context.Context, by audit.Actor, staff NewStaff) (Staff, error) {
	if len([]rune(staff.Password)) < shortestPassword {
		return Staff{}, ErrWeakPassword
	}
	hash, err := hashSecret(staff.Password)
	if err != nil {
		return Staff{}, err
	}
	added := Staff{ID: id.New[staffKind](), Email: foldEmail(staff.Email), Name: staff.Name, Role: staff.Role}
	err = postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO staff (id, email, name, role, password_hash)
			VALUES ($1, $2, $3, $4, $5)`, added.ID, added.Email, added.Name, added.Role, hash)
		if postgres.Violates(err, "staff_email_unique") {
			return ErrStaffExists
		}
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: by, Action: "staff.added", Subject: added.ID.String()})
	})
	if err != nil {
		return Staff{}, fmt.Errorf("add staff: %w", err)
	}
	return added, nil
}

// SignInStaff checks a password and notes that the person is in the house today. An unknown
// e-mail takes as long as a wrong password and gives the same ErrSignIn, or ErrTooManyTries.
func (s *Service) SignInStaff(ctx context.Context, email, password string) (Staff, error) {
	var found struct {
		Staff
		PasswordHash string `db:"password_hash"`
	}
	err := s.db.GetContext(ctx, &found, `
		SELECT id, email, name, role, password_hash
		FROM staff
		WHERE email = $1 AND active`, foldEmail(email))
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return Staff{}, fmt.Errorf("sign in: %w", err)
	}
	if err := s.trySecret(ctx, "staff "+foldEmail(email), password, found.PasswordHash, ErrSignIn); err != nil {
		return Staff{}, err
	}
	_, err = s.db.ExecContext(ctx, `
		INSERT INTO staff_presence (staff_id, day)
		VALUES ($1, $2)
		ON CONFLICT DO NOTHING`, found.ID, s.today())
	if err != nil {
		return Staff{}, fmt.Errorf("sign in: %w", err)
	}
	return found.Staff, nil
}

// StaffByID returns an active staff member, or ErrStaffNotFound.
func (s *Service) StaffByID(ctx context.Context, staff StaffID) (Staff, error) {
	var found Staff
	err := s.db.GetContext(ctx, &found, `
		SELECT id, email, name, role
		FROM staff
		WHERE id = $1 AND active`, staff)
	if errors.Is(err, sql.ErrNoRows) {
		return Staff{}, ErrStaffNotFound
	}
	if err != nil {
		return Staff{}, fmt.Errorf("read staff: %w", err)
	}
	return found, nil
}

// foldEmail makes e-mails comparable: nobody signs in with another case on purpose.
func foldEmail(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

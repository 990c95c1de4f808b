// Package audit records who did what, in the same transaction as the deed. Entries are only
// ever added. It knows nothing of the things it records but their names.
package audit

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jmoiron/sqlx"
)

// Role says in which capacity somebody acts.
type Role string

// The capacities in which somebody acts.
const (
	Customer Role = "customer"
	Staff    Role = "staff"
	Member   Role = "member"
	System   Role = "system"
)

// Actor is whoever causes a change. ID is the outside form of a staff or member id and empty
// for customers, who are known by their order alone, and for the system itself.
type Actor struct {
	Role Role
	ID   string
}

// Entry is one deed: Action in the form "order.approved", Subject the outside form of the id it
// happened to. Detail may be nil; it never holds names, addresses or anything of class D.
type Entry struct {
	Actor   Actor
	Action  string
	Subject string
	Detail  map[string]any
}

// Record adds an entry to the audit log.
func Record(ctx context.Context, tx *sqlx.Tx, entry Entry) error {
	statement, args, err := entry.Insert()
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, statement, args...); err != nil {
		return fmt.Errorf("record %s: %w", entry.Action, err)
	}
	return nil
}

// RecordIf runs a statement and adds an entry if it returned a row: both happen or neither, in one
// round trip. It says whether they did.
func RecordIf(ctx context.Context, tx *sqlx.Tx, entry Entry, statement string, args ...any) (bool, error) {
	values, err := entry.values()
	if err != nil {
		return false, err
	}
	n := len(args)
	result, err := tx.ExecContext(ctx, fmt.Sprintf(`
		WITH deed AS (%s)`+insertEntry+`
		SELECT $%d, $%d, $%d, $%d, $%d
		WHERE EXISTS (SELECT FROM deed)`, statement, n+1, n+2, n+3, n+4, n+5), append(args, values...)...)
	if err != nil {
		return false, fmt.Errorf("record %s: %w", entry.Action, err)
	}
	rows, err := result.RowsAffected()
	return rows > 0, err
}

// Insert is the statement of Record, which returns a row, for whoever does more than that at once.
func (e Entry) Insert() (statement string, args []any, err error) {
	args, err = e.values()
	return insertEntry + `
		VALUES ($1, $2, $3, $4, $5)
		RETURNING id`, args, err
}

const insertEntry = `
		INSERT INTO audit_entries (actor_role, actor_id, action, subject, detail)`

func (e Entry) values() ([]any, error) {
	detail, err := json.Marshal(e.Detail)
	if err != nil {
		return nil, fmt.Errorf("record %s: %w", e.Action, err)
	}
	return []any{e.Actor.Role, e.Actor.ID, e.Action, e.Subject, string(detail)}, nil
}

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
	detail, err := json.Marshal(entry.Detail)
	if err != nil {
		return fmt.Errorf("record %s: %w", entry.Action, err)
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO audit_entries (actor_role, actor_id, action, subject, detail)
		VALUES ($1, $2, $3, $4, $5)`,
		entry.Actor.Role, entry.Actor.ID, entry.Action, entry.Subject, string(detail))
	if err != nil {
		return fmt.Errorf("record %s: %w", entry.Action, err)
	}
	return nil
}

// Package audit records who did what, in the same transaction as the deed. Entries are only
// ever added. It knows nothing of the things it records but their names.
package audit

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jmoiron/sqlx"

	"tsukuriba/internal/postgres"
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
	args, err := entry.values()
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, insertEntry, args...); err != nil {
		return fmt.Errorf("record %s: %w", entry.Action, err)
	}
	return nil
}

// RecordWith adds an entry to the audit log together with what else is in a batch.
func RecordWith(batch *postgres.Batch, entry Entry) error {
	args, err := entry.values()
	if err != nil {
		return err
	}
	batch.Add(insertEntry, args...)
	return nil
}

const insertEntry = `
	INSERT INTO audit_entries (actor_role, actor_id, action, subject, detail)
	VALUES ($1, $2, $3, $4, $5)`

func (e Entry) values() ([]any, error) {
	detail, err := json.Marshal(e.Detail)
	if err != nil {
		return nil, fmt.Errorf("record %s: %w", e.Action, err)
	}
	return []any{e.Actor.Role, e.Actor.ID, e.Action, e.Subject, string(detail)}, nil
}

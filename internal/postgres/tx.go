package postgres

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"
)

// txAttempts bounds how often a transaction that lost against another one is begun again.
const txAttempts = 4

// InTx runs fn in one READ COMMITTED transaction: committed when fn returns nil, rolled back
// when it returns an error or panics. The error of fn or of the commit comes back as it is.
//
// A transaction that PostgreSQL ended for a deadlock or a serialization conflict is run again
// from its start, so fn may run several times: it changes nothing but the database and
// variables that it overwrites. Nothing else is retried.
func InTx(ctx context.Context, db *sqlx.DB, fn func(tx *sqlx.Tx) error) error {
	for attempt := 1; ; attempt++ {
		err := inTxOnce(ctx, db, fn)
		if !lostToAnother(err) || attempt == txAttempts {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(time.Duration(attempt) * rand.N(20*time.Millisecond)): // apart from the rival
		}
	}
}

func inTxOnce(ctx context.Context, db *sqlx.DB, fn func(tx *sqlx.Tx) error) error {
	tx, err := db.BeginTxx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin transaction: %w", err)
	}
	defer tx.Rollback() //nolint:errcheck // after a commit there is nothing to roll back
	if err := fn(tx); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit transaction: %w", err)
	}
	return nil
}

func lostToAnother(err error) bool {
	return pq.As(err, pqerror.TRSerializationFailure, pqerror.TRDeadlockDetected) != nil
}

// Violates says whether err is PostgreSQL refusing a row because of the constraint (check,
// unique, foreign key or exclusion) of that name.
func Violates(err error, constraint string) bool {
	var refused *pq.Error
	return errors.As(err, &refused) && refused.Code.Class() == "23" && refused.Constraint == constraint
}

package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/rivermigrate"
)

// migrateLock is the advisory lock of whoever is migrating. The number is arbitrary.
const migrateLock = 7_350_129_441

// Migrate brings the database to the newest schema: first our own files (goose, NNNN_name.sql),
// then the tables of the job queue. Several processes may call it at once; one works, the others
// wait. A failing file leaves the schema as the file before it did.
func Migrate(ctx context.Context, db *sqlx.DB, files fs.FS) error {
	return whileLocked(ctx, db, func() error {
		provider, err := gooseProvider(db, files)
		if err != nil {
			return err
		}
		if _, err := provider.Up(ctx); err != nil {
			return namingFile(err)
		}
		queue, err := riverMigrator(db)
		if err != nil {
			return err
		}
		// Each version needs its own transaction: one uses an enum value that another adds.
		if _, err := queue.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
			return fmt.Errorf("migrate job queue: %w", err)
		}
		return dropUnread(ctx, db)
	})
}

// dropUnread drops the queue's indexes of what is inside of jobs. Nothing of ours looks for that,
// and to write them takes more than half of the work that a job costs the database.
func dropUnread(ctx context.Context, db *sqlx.DB) error {
	if _, err := db.ExecContext(ctx, `DROP INDEX IF EXISTS river_job_args_index, river_job_metadata_index`); err != nil {
		return fmt.Errorf("drop unread indexes of the job queue: %w", err)
	}
	return nil
}

func namingFile(err error) error {
	var partial *goose.PartialError
	if errors.As(err, &partial) {
		return fmt.Errorf("migrate %s: %w", partial.Failed.Source.Path, partial.Err)
	}
	return fmt.Errorf("migrate: %w", err)
}

// Pending says whether Migrate would change anything.
func Pending(ctx context.Context, db *sqlx.DB, files fs.FS) (bool, error) {
	provider, err := gooseProvider(db, files)
	if err != nil {
		return false, err
	}
	if pending, err := provider.HasPending(ctx); pending || err != nil {
		return pending, err
	}
	queue, err := riverMigrator(db)
	if err != nil {
		return false, err
	}
	state, err := queue.Validate(ctx, nil)
	if err != nil {
		return false, fmt.Errorf("read job queue version: %w", err)
	}
	return !state.OK, nil
}

func gooseProvider(db *sqlx.DB, files fs.FS) (*goose.Provider, error) {
	provider, err := goose.NewProvider(goose.DialectPostgres, db.DB, files)
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	return provider, nil
}

func riverMigrator(db *sqlx.DB) (*rivermigrate.Migrator[*sql.Tx], error) {
	migrator, err := rivermigrate.New(riverdatabasesql.New(db.DB), &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, fmt.Errorf("read job queue migrations: %w", err)
	}
	return migrator, nil
}

// whileLocked runs do while this process alone holds the migration lock. It asks again and again
// instead of waiting inside one statement: a waiting statement keeps a snapshot open, for which
// CREATE INDEX CONCURRENTLY of the process ahead would wait in turn.
func whileLocked(ctx context.Context, db *sqlx.DB, do func() error) (err error) {
	conn, err := db.Connx(ctx)
	if err != nil {
		return fmt.Errorf("connect to migrate: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	for locked := false; !locked; {
		if err := conn.GetContext(ctx, &locked, `SELECT pg_try_advisory_lock($1)`, migrateLock); err != nil {
			return fmt.Errorf("lock migrations: %w", err)
		}
		if !locked {
			time.Sleep(50 * time.Millisecond)
		}
	}
	err = do()
	_, unlockErr := conn.ExecContext(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock($1)`, migrateLock)
	return errors.Join(err, unlockErr)
}

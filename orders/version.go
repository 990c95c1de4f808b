package orders

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"tsukuriba/internal/audit"
	"tsukuriba/internal/jst"
	"tsukuriba/internal/postgres"
)

// Errors about what the shop says of itself.
var (
	ErrShopEdited      = errors.New("somebody else has changed this in the meantime")
	ErrVersionNotFound = errors.New("there is no such version")
	ErrVersionInForce  = errors.New("a version that is or was in force is never changed")
)

// Version is one state of the shop's particulars or of one of its pages. Versions are only added; one that has not
// begun can be withdrawn.
type Version[T any] struct {
	VersionHead
	Content T
}

// VersionHead is who wrote a version when, and from when on it holds.
type VersionHead struct {
	Number      int        `db:"version"` // from 1
	ValidFrom   time.Time  `db:"valid_from"`
	ChangedBy   string     `db:"changed_by"` // outside form of a staff id; empty for what came with the program
	ChangedAt   time.Time  `db:"changed_at"`
	WithdrawnAt *time.Time `db:"withdrawn_at"`
	When        VersionSeason
}

// VersionSeason says whether a version is over, in force, still to come or withdrawn before it came.
type VersionSeason string

// The seasons of a version.
const (
	VersionPast      VersionSeason = "past"
	VersionInForce   VersionSeason = "in_force"
	VersionToCome    VersionSeason = "to_come"
	VersionWithdrawn VersionSeason = "withdrawn"
)

// Revision is what a new version begins with: the Base that its writer has read, 0 if there was none, and the day from
// which it holds; nil is at once.
type Revision struct {
	Base int
	From *time.Time
}

type versionRow struct {
	VersionHead
	Subject string `db:"subject"`
	Content []byte `db:"content"`
}

// versionsOf lists the versions of a subject, the newest first.
func versionsOf[T any](ctx context.Context, db sqlx.QueryerContext, subject string, now time.Time) ([]Version[T], error) {
	var rows []versionRow
	err := sqlx.SelectContext(ctx, db, &rows, `
		SELECT subject, version, valid_from, changed_by, changed_at, withdrawn_at, content
		FROM shop_versions
		WHERE subject = $1
		ORDER BY version DESC`, subject)
	if err != nil {
		return nil, fmt.Errorf("read versions of %s: %w", subject, err)
	}
	versions := make([]Version[T], len(rows))
	begun := false
	for i, row := range rows {
		if versions[i], err = versionOf[T](row); err != nil {
			return nil, err
		}
		versions[i].When = row.season(now, begun)
		begun = begun || versions[i].When == VersionInForce
	}
	return versions, nil
}

// season is when a version counts; begun says that a later one does already.
func (r versionRow) season(now time.Time, begun bool) VersionSeason {
	switch {
	case r.WithdrawnAt != nil:
		return VersionWithdrawn
	case r.ValidFrom.After(now):
		return VersionToCome
	case begun:
		return VersionPast
	}
	return VersionInForce
}

func versionOf[T any](row versionRow) (Version[T], error) {
	version := Version[T]{VersionHead: row.VersionHead}
	if err := json.Unmarshal(row.Content, &version.Content); err != nil {
		return version, fmt.Errorf("read version %d of %s: %w", row.Number, row.Subject, err)
	}
	return version, nil
}

// begunVersions reads the versions of a page and of the seller that had begun by now, the newest first. Of the page
// only the version that held at a moment comes with its content.
func (s *Service) begunVersions(ctx context.Context, key PageKey, at, now time.Time) ([]versionRow, error) {
	var rows []versionRow
	err := s.db.SelectContext(ctx, &rows, `
		SELECT subject, version, valid_from, changed_by, changed_at, withdrawn_at,
		       CASE WHEN subject = $2 OR version = max(version) FILTER (WHERE valid_from <= $3) OVER (PARTITION BY subject) THEN content END AS content
		FROM shop_versions
		WHERE subject IN ($1, $2) AND valid_from <= $4 AND withdrawn_at IS NULL
		ORDER BY version DESC`, string(key), sellerSubject, at, now)
	if err != nil {
		return nil, fmt.Errorf("read versions of %s: %w", key, err)
	}
	return rows, nil
}

// heldOf is the version of a subject that held at a moment, of versions with the newest first; nil if there was none.
func heldOf(rows []versionRow, subject string, at time.Time) *versionRow {
	for i, row := range rows {
		if row.Subject == subject && !row.ValidFrom.After(at) {
			return &rows[i]
		}
	}
	return nil
}

// revise adds a version. What holds from a day on holds from its first moment in Japan.
func (s *Service) revise(ctx context.Context, by audit.Actor, subject string, revision Revision, content any) error {
	encoded, err := json.Marshal(content)
	if err != nil {
		return fmt.Errorf("write version of %s: %w", subject, err)
	}
	err = postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		from, err := s.beginning(ctx, tx, subject, revision)
		if err != nil {
			return err
		}
		number, err := insertVersion(ctx, tx, versionRow{
			Subject: subject, Content: encoded,
			VersionHead: VersionHead{Number: revision.Base + 1, ValidFrom: from, ChangedBy: by.ID, ChangedAt: s.now()},
		})
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{
			Actor: by, Action: "shop.revised", Subject: subject, Detail: map[string]any{"version": number, "valid_from": from},
		})
	})
	if postgres.Violates(err, "shop_versions_pkey") {
		err = ErrShopEdited
	}
	if err != nil {
		return fmt.Errorf("revise %s: %w", subject, err)
	}
	return nil
}

// beginning is from when on a new version holds. None begins before one that is there: whoever wants that withdraws it
// first. Errors: *FormError ("valid_from": "invalid" for today and before, "taken").
func (s *Service) beginning(ctx context.Context, tx *sqlx.Tx, subject string, revision Revision) (time.Time, error) {
	now := s.now().Truncate(time.Microsecond) // as PostgreSQL keeps it
	from := now
	if revision.From != nil {
		if from = jst.Midnight(*revision.From); !from.After(now) {
			return from, &FormError{Fields: map[string]string{"valid_from": "invalid"}}
		}
	}
	var latest *time.Time
	err := tx.GetContext(ctx, &latest, `
		SELECT max(valid_from)
		FROM shop_versions
		WHERE subject = $1 AND withdrawn_at IS NULL`, subject)
	if err != nil {
		return from, fmt.Errorf("read beginnings of %s: %w", subject, err)
	}
	if latest != nil && latest.After(now) && !from.After(*latest) {
		return from, &FormError{Fields: map[string]string{"valid_from": "taken"}}
	}
	return from, nil
}

// insertVersion adds a version after the very one that its writer has read.
func insertVersion(ctx context.Context, tx *sqlx.Tx, row versionRow) (number int, err error) {
	result, err := tx.ExecContext(ctx, `
		INSERT INTO shop_versions (subject, version, valid_from, content, changed_by, changed_at)
		SELECT $1::text, $2::int, $3, $4::jsonb, $5, $6
		WHERE (SELECT coalesce(max(version), 0) FROM shop_versions WHERE subject = $1) = $2 - 1`,
		row.Subject, row.Number, row.ValidFrom, string(row.Content), row.ChangedBy, row.ChangedAt)
	if err != nil {
		return 0, err
	}
	if rows, err := result.RowsAffected(); err != nil || rows == 0 {
		return 0, errors.Join(ErrShopEdited, err)
	}
	return row.Number, nil
}

// withdraw takes back a version that has not begun. Errors: ErrVersionNotFound, ErrVersionInForce.
func (s *Service) withdraw(ctx context.Context, by audit.Actor, subject string, number int) error {
	err := postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		var from []time.Time
		err := tx.SelectContext(ctx, &from, `
			SELECT valid_from
			FROM shop_versions
			WHERE subject = $1 AND version = $2 AND withdrawn_at IS NULL
			FOR UPDATE`, subject, number)
		if err != nil {
			return err
		}
		if len(from) == 0 {
			return ErrVersionNotFound
		}
		now := s.now()
		if !from[0].After(now) {
			return ErrVersionInForce
		}
		if _, err := tx.ExecContext(ctx, `
			UPDATE shop_versions
			SET withdrawn_at = $3
			WHERE subject = $1 AND version = $2`, subject, number, now); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: by, Action: "shop.withdrawn", Subject: subject, Detail: map[string]any{"version": number}})
	})
	if err != nil {
		return fmt.Errorf("withdraw version %d of %s: %w", number, subject, err)
	}
	return nil
}

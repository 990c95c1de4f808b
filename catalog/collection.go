package catalog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tsukuriba/internal/audit"
	"tsukuriba/internal/id"
	"tsukuriba/internal/postgres"
)

// ErrCollectionNotFound says that no collection of that name is open today.
var ErrCollectionNotFound = errors.New("there is no such collection at the moment")

// Collection is a season or a theme. Outside its dates, both of which belong to it, it is not
// shown; a zero date is no limit. What is ordered after OrderBy may come too late for its occasion.
// Dates are midnight UTC of the day meant.
type Collection struct {
	ID       CollectionID
	Slug     string
	Name     string
	NameEn   string
	Summary  string
	OpensOn  time.Time
	ClosesOn time.Time
	OrderBy  time.Time
	Position int

	UpdatedAt time.Time
}

const openToday = `(opens_on IS NULL OR opens_on <= $1::date) AND (closes_on IS NULL OR closes_on >= $1::date)`

const collectionColumns = `id, slug, name, name_en, summary, opens_on, closes_on, order_by, position, updated_at`

// Collections returns the collections open today, which the caller must not change.
func (s *Service) Collections(ctx context.Context) ([]Collection, error) {
	day := s.today()
	return recall(s.memory, "collections\x00"+day, func() ([]Collection, int, error) {
		collections, err := s.collectionsOn(ctx, day)
		if err != nil {
			return nil, 0, fmt.Errorf("list collections: %w", err)
		}
		return collections, 512 * len(collections), nil
	})
}

func (s *Service) collectionsOn(ctx context.Context, day string) ([]Collection, error) {
	rows, err := s.db.QueryContext(ctx, `
		SELECT `+collectionColumns+`
		FROM collections
		WHERE `+openToday+`
		ORDER BY position, id`, day)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	collections := []Collection{}
	for rows.Next() {
		collection, err := scanCollection(rows)
		if err != nil {
			return nil, err
		}
		collections = append(collections, collection)
	}
	return collections, rows.Err()
}

// Collection returns a collection open today, else ErrCollectionNotFound.
func (s *Service) Collection(ctx context.Context, slug string) (Collection, error) {
	if !slugs.MatchString(slug) {
		return Collection{}, ErrCollectionNotFound
	}
	collection, err := scanCollection(s.db.QueryRowContext(ctx, `
		SELECT `+collectionColumns+`
		FROM collections
		WHERE slug = $2 AND `+openToday, s.today(), slug))
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrCollectionNotFound
	}
	if err != nil {
		return Collection{}, fmt.Errorf("get collection %q: %w", slug, err)
	}
	return collection, nil
}

// ClosedCollection returns a collection that is over, or that opens on a day that is known. Errors:
// ErrCollectionNotFound, also for one that is open.
func (s *Service) ClosedCollection(ctx context.Context, slug string) (Collection, error) {
	if !slugs.MatchString(slug) {
		return Collection{}, ErrCollectionNotFound
	}
	collection, err := scanCollection(s.db.QueryRowContext(ctx, `
		SELECT `+collectionColumns+`
		FROM collections
		WHERE slug = $2 AND (closes_on < $1::date OR opens_on > $1::date)`, s.today(), slug))
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrCollectionNotFound
	}
	if err != nil {
		return Collection{}, fmt.Errorf("get closed collection %q: %w", slug, err)
	}
	return collection, nil
}

// Over says whether a day has passed in the workshop.
func (s *Service) Over(day time.Time) bool { return day.Format(time.DateOnly) < s.today() }

// openCollection returns the id of a collection open today.
func (s *Service) openCollection(ctx context.Context, slug string) (CollectionID, error) {
	collection, err := s.Collection(ctx, slug)
	return collection.ID, err
}

func scanCollection(row interface{ Scan(...any) error }) (Collection, error) {
	var c Collection
	var opens, closes, orderBy sql.NullTime
	err := row.Scan(&c.ID, &c.Slug, &c.Name, &c.NameEn, &c.Summary, &opens, &closes, &orderBy, &c.Position, &c.UpdatedAt)
	c.OpensOn, c.ClosesOn, c.OrderBy = opens.Time, closes.Time, orderBy.Time
	return c, err
}

// SaveCollection adds the collection of that slug or replaces what is known of it. The products,
// given by their slugs, stand in it in this order.
func (s *Service) SaveCollection(ctx context.Context, by audit.Actor, collection Collection, products []string) (Collection, error) {
	err := postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) (err error) {
		if collection.ID, err = upsertCollection(ctx, tx, collection); err != nil {
			return err
		}
		if err = fillCollection(ctx, tx, collection.ID, products); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: by, Action: "collection.saved", Subject: collection.ID.String()})
	})
	if err != nil {
		return Collection{}, fmt.Errorf("save collection %q: %w", collection.Slug, err)
	}
	s.memory.changed()
	return collection, nil
}

func upsertCollection(ctx context.Context, tx *sqlx.Tx, c Collection) (CollectionID, error) {
	var saved CollectionID
	err := tx.QueryRowContext(ctx, `
		INSERT INTO collections (id, slug, name, name_en, summary, opens_on, closes_on, position, order_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (slug) DO UPDATE
		SET name = EXCLUDED.name, name_en = EXCLUDED.name_en, summary = EXCLUDED.summary,
		    opens_on = EXCLUDED.opens_on, closes_on = EXCLUDED.closes_on, order_by = EXCLUDED.order_by,
		    position = EXCLUDED.position, updated_at = now()
		RETURNING id`,
		id.New[collectionKind](), c.Slug, c.Name, c.NameEn, c.Summary, date(c.OpensOn), date(c.ClosesOn), c.Position, date(c.OrderBy)).Scan(&saved)
	if err != nil {
		return CollectionID{}, fmt.Errorf("write collection: %w", err)
	}
	return saved, nil
}

// date is the day of t for a date column, NULL for the zero time.
func date(t time.Time) sql.NullString {
	return sql.NullString{String: t.Format(time.DateOnly), Valid: !t.IsZero()}
}

func fillCollection(ctx context.Context, tx *sqlx.Tx, collection CollectionID, products []string) error {
	_, err := tx.ExecContext(ctx, `
		DELETE FROM collection_products
		WHERE collection_id = $1`, collection)
	if err != nil {
		return fmt.Errorf("empty collection: %w", err)
	}
	added, err := tx.ExecContext(ctx, `
		INSERT INTO collection_products (collection_id, product_id, position)
		SELECT $1, p.id, wanted.position
		FROM unnest($2::text[]) WITH ORDINALITY AS wanted (slug, position)
		JOIN products p ON p.slug = wanted.slug`, collection, pq.Array(products))
	if err != nil {
		return fmt.Errorf("fill collection: %w", err)
	}
	if n, err := added.RowsAffected(); err != nil || int(n) != len(products) {
		return errors.Join(ErrProductNotFound, err)
	}
	return nil
}

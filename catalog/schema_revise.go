package catalog

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"tsukuriba/catalog/tag"
	"tsukuriba/internal/audit"
	"tsukuriba/internal/postgres"
)

// ErrSchemaChanged says that somebody else made a version in between.
var ErrSchemaChanged = errors.New("the personalization was changed by somebody else in between")

// SchemaVersion is a version of a product's schema and when it was made.
type SchemaVersion struct {
	Version   int       `db:"version"`
	CreatedAt time.Time `db:"created_at"`
}

// Personalization returns the newest schema of a product in any state, and all its versions, newest
// first. Errors: ErrProductNotFound, ErrNotPersonalized.
func (s *Service) Personalization(ctx context.Context, slug string) (Product, []SchemaVersion, error) {
	product, err := s.findProduct(ctx, slug)
	if err == nil && product.Schema == nil {
		err = ErrNotPersonalized
	}
	if err != nil {
		return Product{}, nil, fmt.Errorf("get personalization of %q: %w", slug, err)
	}
	var versions []SchemaVersion
	err = s.db.SelectContext(ctx, &versions, `
		SELECT version, created_at
		FROM personalization_schemas
		WHERE product_id = $1
		ORDER BY version DESC`, product.ID)
	if err != nil {
		return Product{}, nil, fmt.Errorf("list versions of %q: %w", slug, err)
	}
	return product, versions, nil
}

// Revision is a schema that replaces the version it was made from.
type Revision struct {
	Product string // slug
	Version int    // the newest when the author began
	Schema  Schema
}

// ReviseSchema makes a revision the newest schema of its product, which designs are made with
// from now on; designs that exist keep theirs. One that says the same as before changes nothing.
// Errors: *SchemaError, ErrProductNotFound, ErrNotPersonalized, ErrSchemaChanged.
func (s *Service) ReviseSchema(ctx context.Context, by audit.Actor, r Revision) error {
	if err := s.checkSchema(ctx, &r.Schema); err != nil {
		return fmt.Errorf("revise personalization of %q: %w", r.Product, err)
	}
	err := postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error { return revise(ctx, tx, by, r) })
	if err != nil {
		return fmt.Errorf("revise personalization of %q: %w", r.Product, err)
	}
	s.memory.changed()
	return nil
}

func revise(ctx context.Context, tx *sqlx.Tx, by audit.Actor, r Revision) error {
	var product ProductID
	err := tx.GetContext(ctx, &product, `
		SELECT id
		FROM products
		WHERE slug = $1
		FOR UPDATE`, r.Product)
	if errors.Is(err, sql.ErrNoRows) {
		return ErrProductNotFound
	}
	if err != nil {
		return fmt.Errorf("lock product: %w", err)
	}
	_, newest, err := newestSchema(ctx, tx, product)
	switch {
	case err != nil:
		return err
	case newest == 0:
		return ErrNotPersonalized
	case newest != r.Version:
		return ErrSchemaChanged
	}
	if err := addSchema(ctx, tx, product, r.Schema); err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{
		Actor: by, Action: "product.personalization_revised", Subject: product.String(), Detail: map[string]any{"from_version": newest},
	})
}

// checkSchema adds to what the schema itself says whether its fonts and colors exist.
func (s *Service) checkSchema(ctx context.Context, schema *Schema) error {
	if err := schema.check(); err != nil {
		return err
	}
	colors, err := s.allColors(ctx)
	if err != nil {
		return err
	}
	for _, field := range schema.Fields {
		for _, option := range field.Options {
			_, color := colors[option.Key]
			font := slices.ContainsFunc(s.Fonts(), func(f tag.FontInfo) bool { return string(f.ID) == option.Key })
			if field.Type == ColorType && !color || field.Type == FontType && !font {
				return &SchemaError{Field: field.Key, Option: option.Key, Fault: UnknownOption}
			}
		}
		if _, known := colors[field.Default]; field.Type == ColorType && !known {
			return &SchemaError{Field: field.Key, Fault: BadDefault}
		}
	}
	return nil
}

// ReadSchema reads a schema as it is written outside, refusing what it does not know. Errors: *SchemaError.
func ReadSchema(written []byte) (Schema, error) {
	var schema Schema
	decoder := json.NewDecoder(bytes.NewReader(written))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&schema); err != nil {
		return Schema{}, &SchemaError{Fault: NotASchema, Cause: err}
	}
	return schema, nil
}

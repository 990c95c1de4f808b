package catalog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"tsukuriba/internal/audit"
	"tsukuriba/internal/postgres"
)

// Why a product cannot be shown in the shop yet.
var (
	ErrNoSize = errors.New("a product from the shelf needs width, depth and height for its parcel")
	ErrNoFile = errors.New("a digital product needs its file")
)

// File is what a digital product is.
type File struct {
	Name    string // as it is saved by those who download it
	Type    string // media type
	Content []byte
}

// AttachFile makes a file what a product is downloaded as, for orders placed before, too. Errors:
// ErrProductNotFound.
func (s *Service) AttachFile(ctx context.Context, by audit.Actor, slug string, file File) error {
	product, err := s.findProduct(ctx, slug)
	if err != nil {
		return fmt.Errorf("attach file to %q: %w", slug, err)
	}
	key, err := s.blobs.Put(ctx, file.Content, file.Type)
	if err != nil {
		return fmt.Errorf("store file of %q: %w", slug, err)
	}
	err = postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		_, err := tx.ExecContext(ctx, `
			UPDATE products
			SET file_key = $2, file_name = $3, file_type = $4, updated_at = now(), version = version + 1
			WHERE id = $1`, product.ID, key, file.Name, file.Type)
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{
			Actor: by, Action: "product.file_attached", Subject: product.ID.String(), Detail: map[string]any{"file": file.Name},
		})
	})
	if err != nil {
		return fmt.Errorf("attach file to %q: %w", slug, err)
	}
	s.memory.changed()
	return nil
}

// File returns what a digital product is. Errors: ErrProductNotFound, ErrNoFile.
func (s *Service) File(ctx context.Context, product ProductID) (File, error) {
	var file File
	var key string
	err := s.db.QueryRowContext(ctx, `
		SELECT file_key, file_name, file_type
		FROM products
		WHERE id = $1`, product).Scan(&key, &file.Name, &file.Type)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return File{}, ErrProductNotFound
	case err != nil:
		return File{}, fmt.Errorf("find file of %s: %w", product, err)
	case key == "":
		return File{}, ErrNoFile
	}
	if file.Content, err = s.blobs.Get(ctx, key); err != nil {
		return File{}, fmt.Errorf("read file of %s: %w", product, err)
	}
	return file, nil
}

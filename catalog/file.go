package catalog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path"
	"strings"
	"unicode"

	"github.com/jmoiron/sqlx"

	"tsukuriba/internal/audit"
	"tsukuriba/internal/postgres"
)

// Why a product cannot be shown in the shop yet.
var (
	ErrNoSize = errors.New("a product from the shelf needs width, depth and height for its parcel")
	ErrNoFile = errors.New("a digital product needs its file")
)

// Why a file is not taken.
var (
	ErrNotDigital   = errors.New("only a digital product is downloaded as a file")
	ErrFileType     = errors.New("a file to download is STL, 3MF, PDF, PNG or ZIP, and whole")
	ErrFileTooLarge = errors.New("a file to download has at most 50 MB")
)

// MaxFile is how many bytes a file to download may have.
const MaxFile = 50 << 20

const maxFileName = 80 // letters, without the ending

// File is what a digital product is.
type File struct {
	Name    string // as it is saved by those who download it
	Type    string // media type
	Content []byte
}

// check names the file after what it is: its type is read from its content, and its name gets the
// ending of that type, whatever it was called.
func (f *File) check() error {
	if len(f.Content) > MaxFile {
		return ErrFileTooLarge
	}
	format, ok := formatOf(f.Content)
	if !ok {
		return ErrFileType
	}
	f.Type, f.Name = format.mediaType, fileName(f.Name)+format.ending
	return nil
}

// fileName is a name without folders, ending and what a file system or a header could stumble over.
func fileName(name string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || strings.ContainsRune(`<>:"/|?*`, r) {
			return -1
		}
		return r
	}, strings.TrimSuffix(name, path.Ext(name)))
	letters := []rune(strings.Trim(name, " ."))
	if len(letters) == 0 {
		return "download"
	}
	return string(letters[:min(len(letters), maxFileName)])
}

// AttachFile makes a file what a product is downloaded as, for orders placed before, too: what is
// attached later is the same thing, mended. Its Type is found, its Name gets the fitting ending.
// Errors: ErrProductNotFound, ErrNotDigital, ErrFileType, ErrFileTooLarge.
func (s *Service) AttachFile(ctx context.Context, by audit.Actor, slug string, file File) error {
	product, err := s.findProduct(ctx, slug)
	if err == nil && product.Kind != Digital {
		err = ErrNotDigital
	}
	if err == nil {
		err = file.check()
	}
	if err != nil {
		return fmt.Errorf("attach file to %q: %w", slug, err)
	}
	key, err := s.blobs.Put(ctx, file.Content, file.Type)
	if err != nil {
		return fmt.Errorf("store file of %q: %w", slug, err)
	}
	err = postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error { return replaceFile(ctx, tx, by, product.ID, key, file) })
	if err != nil {
		return fmt.Errorf("attach file to %q: %w", slug, err)
	}
	s.memory.changed()
	return nil
}

// replaceFile notes which content the product had before, so that it can be found again.
func replaceFile(ctx context.Context, tx *sqlx.Tx, by audit.Actor, product ProductID, key string, file File) error {
	var before string
	err := tx.GetContext(ctx, &before, `
		SELECT file_key
		FROM products
		WHERE id = $1
		FOR UPDATE`, product)
	if err != nil {
		return fmt.Errorf("lock product: %w", err)
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE products
		SET file_key = $2, file_name = $3, file_type = $4, updated_at = now(), version = version + 1
		WHERE id = $1`, product, key, file.Name, file.Type)
	if err != nil {
		return fmt.Errorf("update product: %w", err)
	}
	return audit.Record(ctx, tx, audit.Entry{
		Actor: by, Action: "product.file_attached", Subject: product.String(),
		Detail: map[string]any{"file": file.Name, "content": key, "before": before},
	})
}

// Download is a digital product as the workshop sees it.
type Download struct {
	Slug     string `db:"slug"`
	Name     string `db:"name"`
	State    State  `db:"state"`
	FileName string `db:"file_name"` // "" while it has none
	FileType string `db:"file_type"`
}

// Downloads lists the digital products that are not retired, in the order of the shop.
func (s *Service) Downloads(ctx context.Context) ([]Download, error) {
	var downloads []Download
	err := s.db.SelectContext(ctx, &downloads, `
		SELECT slug, name, state, file_name, file_type
		FROM products
		WHERE kind = 'digital' AND state <> 'retired'
		ORDER BY position, id`)
	if err != nil {
		return nil, fmt.Errorf("read downloads: %w", err)
	}
	return downloads, nil
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

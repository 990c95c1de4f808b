package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"
)

// ErrCtype is returned by CheckCtype for a database that does not know Japanese characters.
var ErrCtype = errors.New("the database was made with a locale that does not know Japanese letters: create it with ENCODING 'UTF8' LC_CTYPE 'C.UTF-8'")

// CheckCtype tells whether the database treats kana and kanji as letters and folds full-width
// capitals, which LC_CTYPE = C does not, and, where pg_trgm is installed, that it finds trigrams
// in Japanese. The error wraps ErrCtype and names the locale in use.
func CheckCtype(ctx context.Context, db *sqlx.DB) error {
	var found struct {
		Encoding string `db:"encoding"`
		Ctype    string `db:"ctype"`
		Letters  bool   `db:"letters"`
		Trigrams bool   `db:"trigrams"`
	}
	err := db.GetContext(ctx, &found, `
		SELECT pg_encoding_to_char(encoding) AS encoding,
		       datctype AS ctype,
		       '積み木' ~ '^[[:alpha:]]+$' AND lower('Ａ') = 'ａ' AS letters,
		       NOT EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm') AS trigrams
		FROM pg_database
		WHERE datname = current_database()`)
	if err != nil {
		return fmt.Errorf("read database locale: %w", err)
	}
	if !found.Trigrams {
		if err := db.GetContext(ctx, &found.Trigrams, `SELECT show_trgm('積み木') <> '{}'`); err != nil {
			return fmt.Errorf("read trigrams: %w", err)
		}
	}
	if found.Encoding != "UTF8" || !found.Letters || !found.Trigrams {
		return fmt.Errorf("%w (it has encoding %s and LC_CTYPE %s)", ErrCtype, found.Encoding, found.Ctype)
	}
	return nil
}

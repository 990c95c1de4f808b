package catalog

import (
	"context"
	"database/sql"
	"strings"
	"unicode/utf8"

	"github.com/lib/pq"

	"tsukuriba/internal/text"
)

// searchQuery looks for words of two characters and more by their bigrams, which the index
// knows, and then for the words themselves. A word of one character is looked for in the name.
const searchQuery = `
	SELECT p.position, ` + summaryColumns + `
	FROM products p
	WHERE p.state IN ('published', 'paused') AND (p.position, p.id) > ($1, $2)
		AND p.search_bigrams @> $4
		AND p.search_text LIKE ALL ($5)
		AND p.search_name LIKE ALL ($6)
		AND ($7::uuid IS NULL OR EXISTS (
			SELECT
			FROM collection_products cp
			WHERE cp.collection_id = $7 AND cp.product_id = p.id))
	ORDER BY p.position, p.id
	LIMIT $3`

// searchProducts is never prepared: the plan has to know the words, because a rare bigram wants
// the index and a common one the list. An unprepared statement is always planned with its values.
func (s *Service) searchProducts(ctx context.Context, folded string, collection CollectionID, page []any) (*sql.Rows, error) {
	long, short := []string{}, []string{}
	for word := range strings.FieldsSeq(folded) {
		if utf8.RuneCountInString(word) == 1 {
			short = append(short, containing(word))
		} else {
			long = append(long, containing(word))
		}
	}
	args := append(page, pq.Array(text.Bigrams(folded)), pq.Array(long), pq.Array(short), collection)
	return s.db.QueryContext(ctx, searchQuery, args...)
}

// likeWildcards takes from the wildcards of LIKE their meaning.
var likeWildcards = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// containing is the LIKE pattern of texts with word in them.
func containing(word string) string { return "%" + likeWildcards.Replace(word) + "%" }

// searchable is the folded shadow copy of what a product can be found by.
func searchable(p Product) (name, all string) {
	name = text.Fold(p.Name + " " + p.NameEn)
	return name, text.Fold(strings.Join([]string{p.Name, p.NameEn, p.Summary, p.Description, p.Material}, " "))
}

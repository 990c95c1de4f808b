package catalog

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/lib/pq"

	"tsukuriba/internal/text"
)

// sought is a text as search compares it: folded, and as one hears it.
func sought(s string) string { return text.Sound(text.Fold(s)) }

// searchable is the shadow copy of what a product can be found by, and the grams of it that the
// index knows: every pair of neighboring characters, and each character of the name.
func searchable(p Product) (all string, grams []string) {
	all = sought(strings.Join([]string{p.Name, p.NameEn, p.Summary, p.Description, p.Material}, " "))
	return all, append(text.Bigrams(all), characters(sought(p.Name+" "+p.NameEn))...)
}

// characters are the different characters of a folded text.
func characters(folded string) []string {
	all := strings.Split(strings.ReplaceAll(folded, " ", ""), "")
	slices.Sort(all)
	return slices.Compact(all)
}

// wanted is a query as the database understands it. It looks for something if folded is not "".
type wanted struct {
	ProductQuery
	order      order
	after      place
	collection CollectionID
	folded     string
}

// glance is how many of the next products are looked through before the index is asked.
const glance = 2000

// search looks for words and filters. A common word fills its page from the next products of the list; what does not is
// rare enough to be read from the index and sorted. No statistics have to be right for either to be fast.
//
// The statements are never prepared: an unprepared one is planned with its values.
func (s *Service) search(ctx context.Context, w wanted) (Page[ProductSummary], error) {
	if w.folded != "" {
		page, err := s.read(ctx, w, w.next())
		if err != nil || page.NextCursor != "" {
			return page, err
		}
	}
	return s.read(ctx, w, w.all())
}

func (s *Service) read(ctx context.Context, w wanted, c *conditions) (Page[ProductSummary], error) {
	rows, err := s.db.QueryContext(ctx, c.statement, c.args...)
	if err != nil {
		return Page[ProductSummary]{}, err
	}
	return w.pageOf(rows)
}

// from is where products come from.
func (w wanted) from(c *conditions) string {
	if w.collection.IsZero() {
		return "products p"
	}
	return c.clause("collection_products cp JOIN products p ON p.id = cp.product_id AND cp.collection_id = ?", w.collection)
}

// later is the clause of what follows the place where the page before ended.
func (w wanted) later(c *conditions) string {
	return c.clause("("+w.order.number+", p.id) "+w.order.follows()+" (?::bigint, ?)", w.after.number, uuid.UUID(w.after.id))
}

const shown = "p.state IN ('published', 'paused')"

// next finds among the next products of the list, letter by letter.
func (w wanted) next() *conditions {
	c := &conditions{}
	near := `
		SELECT ` + w.order.number + ` AS number, p.*
		FROM ` + w.from(c) + `
		WHERE ` + shown + ` AND ` + w.later(c) + `
		ORDER BY ` + w.order.by(w.order.number) + `
		LIMIT ` + strconv.Itoa(glance)
	c.spell(w.folded, 2)
	c.filter(w.Filter)
	c.statement = `
		SELECT p.number, ` + summaryColumns + `
		FROM (` + near + `) p
		WHERE ` + c.String() + `
		ORDER BY ` + w.order.by("p.number") + `
		LIMIT ` + strconv.Itoa(w.rows())
	return c
}

// all finds among all products: by the index of grams where there is a text, which the sum keeps from being passed over
// for the index of the list. What a filter asks for stands in the indexes of lists, so that only the products of the
// page are read.
func (w wanted) all() *conditions {
	c := &conditions{}
	from, number := w.from(c), w.order.number
	c.clauses = append(c.clauses, shown, w.later(c))
	if w.folded != "" {
		number += " + 0"
		c.grams(w.folded)
		c.spell(w.folded, 3)
	}
	c.filter(w.Filter)
	c.statement = `
		SELECT found.number, ` + summaryColumns + `
		FROM (
			SELECT p.id, ` + w.order.number + ` AS number
			FROM ` + from + `
			WHERE ` + c.String() + `
			ORDER BY ` + w.order.by(number) + `
			LIMIT ` + strconv.Itoa(w.rows()) + `
		) found
		JOIN products p ON p.id = found.id
		ORDER BY ` + w.order.by("found.number")
	return c
}

// grams asks the index for the pairs of letters of a folded text.
func (c *conditions) grams(folded string) {
	if pairs := text.Bigrams(folded); len(pairs) > 0 {
		c.add("p.search_grams @> ?", pq.Array(pairs))
	}
}

// spell asks for every word of a folded text: for one of a single character by the grams of the name, for one of at least
// that many letter by letter. A word of two is a gram itself.
func (c *conditions) spell(folded string, atLeast int) {
	single, long := []string{}, []string{}
	for word := range strings.FieldsSeq(folded) {
		switch length := utf8.RuneCountInString(word); {
		case length == 1:
			single = append(single, word)
		case length >= atLeast:
			long = append(long, containing(word))
		}
	}
	if len(single) > 0 {
		c.add("p.search_grams @> ?", pq.Array(single))
	}
	if len(long) > 0 {
		c.add("p.search_text LIKE ALL (?)", pq.Array(long))
	}
}

// likeWildcards takes from the wildcards of LIKE their meaning.
var likeWildcards = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// containing is the LIKE pattern of texts with word in them.
func containing(word string) string { return "%" + likeWildcards.Replace(word) + "%" }

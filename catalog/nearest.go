package catalog

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/lib/pq"

	"tsukuriba/internal/text"
)

const (
	nearCandidates = 500  // products looked at for names that resemble a text
	mostNearest    = 4    // names suggested
	leastAlike     = 0.25 // of Dice's coefficient of the pairs of letters
)

// Nearest suggests names of products that resemble a text nothing was found for, the most alike first; often there are none.
func (s *Service) Nearest(ctx context.Context, typed string) ([]ProductSummary, error) {
	pairs := text.Bigrams(ProductQuery{Text: typed}.folded())
	if len(pairs) == 0 {
		return nil, nil
	}
	rows, err := s.db.QueryContext(ctx, `
		SELECT p.position, `+summaryColumns+`
		FROM products p
		WHERE `+shown+` AND p.search_grams && $1
		LIMIT `+strconv.Itoa(nearCandidates), pq.Array(pairs))
	if err != nil {
		return nil, fmt.Errorf("find names like %q: %w", typed, err)
	}
	candidates, _, err := summaries(rows, nearCandidates)
	if err != nil {
		return nil, fmt.Errorf("find names like %q: %w", typed, err)
	}
	return alike(candidates, pairs), nil
}

// alike keeps the products whose names share enough pairs of letters with a text. Names in both languages count.
func alike(products []ProductSummary, pairs []string) []ProductSummary {
	score := map[ProductID]float64{}
	for _, p := range products {
		score[p.ID] = max(dice(text.Bigrams(sought(p.Name)), pairs), dice(text.Bigrams(sought(p.NameEn)), pairs))
	}
	near := slices.DeleteFunc(products, func(p ProductSummary) bool { return score[p.ID] < leastAlike })
	slices.SortStableFunc(near, func(a, b ProductSummary) int {
		return cmp.Or(-cmp.Compare(score[a.ID], score[b.ID]), cmp.Compare(a.number, b.number))
	})
	return near[:min(len(near), mostNearest)]
}

// dice is twice what two sets have in common by their sizes (Dice 1945): 0 for nothing, 1 for the same.
func dice(a, b []string) float64 {
	if len(a)+len(b) == 0 {
		return 0
	}
	common := 0
	for _, pair := range a {
		if slices.Contains(b, pair) {
			common++
		}
	}
	return 2 * float64(common) / float64(len(a)+len(b))
}

package catalog

import (
	"context"
	"fmt"
	"time"
)

// Listed is an address of the catalog, as search engines and feeds are told of it.
type Listed struct {
	Slug      string    `db:"slug"`
	Name      string    `db:"name"`
	NameEn    string    `db:"name_en"`
	Summary   string    `db:"summary"`
	ArrivedAt time.Time `db:"arrived_at"` // in the shop: a draft is not there yet
	UpdatedAt time.Time `db:"updated_at"`
}

// CountShown returns how many products anybody may see, and when one of them last changed; zero when there are none.
func (s *Service) CountShown(ctx context.Context) (count int, changed time.Time, err error) {
	err = s.db.QueryRowContext(ctx, `
		SELECT count(*), coalesce(max(p.updated_at), 'epoch')
		FROM products p
		WHERE `+shown).Scan(&count, &changed)
	if err != nil {
		return 0, time.Time{}, fmt.Errorf("count products: %w", err)
	}
	return count, changed, nil
}

// Shown returns what anybody may see in an order that does not change while products are added: skip of them are left
// out, and limit follow.
func (s *Service) Shown(ctx context.Context, skip, limit int) ([]Listed, error) {
	return s.list(ctx, "p.id", skip, limit)
}

// Newest returns the newest products anybody may see.
func (s *Service) Newest(ctx context.Context, limit int) ([]Listed, error) {
	return s.list(ctx, "p.arrival DESC", 0, limit)
}

func (s *Service) list(ctx context.Context, order string, skip, limit int) ([]Listed, error) {
	listed := []Listed{}
	err := s.db.SelectContext(ctx, &listed, `
		SELECT p.slug, p.name, p.name_en, p.summary, p.arrived_at, p.updated_at
		FROM products p
		WHERE `+shown+`
		ORDER BY `+order+`
		OFFSET $1
		LIMIT $2`, skip, limit)
	if err != nil {
		return nil, fmt.Errorf("list addresses of products: %w", err)
	}
	return listed, nil
}

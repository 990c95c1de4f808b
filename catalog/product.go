package catalog

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/lib/pq"

	"tsukuriba/catalog/tag"
	"tsukuriba/internal/yen"
)

// Errors of looking for something in the catalog.
var (
	ErrProductNotFound = errors.New("there is no such product")
	ErrVariantNotFound = errors.New("there is no such variant")
)

// Kind says how a product comes to the customer.
type Kind string

// The kinds of products.
const (
	Personalized Kind = "personalized" // made to order from a design
	Stock        Kind = "stock"        // taken from the shelf
	Digital      Kind = "digital"      // downloaded
)

// State says who may see and buy a product.
type State string

// The states of a product.
const (
	Draft     State = "draft"     // being written, not shown
	Published State = "published" // shown and sold
	Paused    State = "paused"    // shown, not sold for now
	Retired   State = "retired"   // neither shown nor sold
)

// Product is a thing in the shop with all that its page shows. Prices include tax.
type Product struct {
	ID          ProductID
	Slug        string
	Name        string
	NameEn      string
	Summary     string
	Description string
	Kind        Kind
	State       State
	Price       yen.Amount // of the plainest form; a design may cost more
	TaxRate     int        // percent, contained in the price
	WeightG     int        // packed
	WidthMM     int        // of one piece, lying flat; what has a design is as large as that
	DepthMM     int
	HeightMM    int
	FileName    string // what a digital product is downloaded as
	Material    string
	Care        string
	Routing     string // key of the routing by which it is made; "" for what is not made here
	Position    int    // place in the list
	Sample      *Sample
	Variants    []Variant
	Schema      *Schema // newest; nil unless Kind is Personalized
	Colors      []Color // available now; the schema may offer fewer
	UpdatedAt   time.Time
}

// Variant is a buyable form of a product. A personalized product has one, whose price is that
// of the design.
type Variant struct {
	ID      VariantID
	SKU     string
	Name    string
	NameEn  string
	Price   yen.Amount
	Tracked bool // whether stock is counted
	OnHand  int  // on the shelf, the reserved ones included
	Left    int  // can still be sold; only meaningful if Tracked
}

// Sample is the piece that stands for a product in its pictures.
type Sample struct {
	Spec      tag.Spec  `json:"spec"`
	BaseColor string    `json:"base_color"`
	TextColor string    `json:"text_color"`
	Others    []Palette `json:"others,omitempty"` // colors it is pictured in as well
}

// Palette are keys of the colors of plate and letters.
type Palette struct {
	Base string `json:"base"`
	Text string `json:"text"`
}

// Color is a filament a piece can be printed in. Hex is of the form "#d9622b".
type Color struct {
	Key    string
	Name   string
	NameEn string
	Hex    string
}

// Item is what a cart or an order has to know of a variant to price and ship it.
type Item struct {
	Variant VariantID
	Product ProductID
	Slug    string
	Title   string // name of the product and, in brackets, of the variant if it has one
	Kind    Kind
	State   State
	Price   yen.Amount // without a design; with one, Design.Price rules
	TaxRate int
	WeightG int
	Routing string
	Tracked bool
	Left    int
}

// Product returns a published or paused product. Others are ErrProductNotFound.
func (s *Service) Product(ctx context.Context, slug string) (Product, error) {
	product, err := s.findProduct(ctx, slug)
	if err == nil && product.State != Published && product.State != Paused {
		err = ErrProductNotFound
	}
	if err != nil {
		return Product{}, fmt.Errorf("get product %q: %w", slug, err)
	}
	return product, nil
}

// findProduct reads a product in any state: itself and its stock in one statement, the rest from
// memory where changes are heard of.
func (s *Service) findProduct(ctx context.Context, slug string) (Product, error) {
	product, version, err := s.scanProduct(ctx, slug)
	if err != nil {
		return Product{}, err
	}
	if product.Kind == Personalized && version > 0 {
		if product.Schema, err = s.schema(ctx, product.ID, version); err != nil {
			return Product{}, err
		}
	}
	if product.Colors, err = s.Colors(ctx); err != nil {
		return Product{}, err
	}
	return product, nil
}

// slugs is the form of the slugs of products and collections. Others are not even looked for.
var slugs = regexp.MustCompile(`^[a-z0-9]{1,100}(-[a-z0-9]{1,100})*$`)

// productQuery reads a product once for each of its variants, and once without if it has none.
const productQuery = `
	SELECT p.id, p.slug, p.name, p.name_en, p.summary, p.description, p.kind, p.state, p.price_yen,
	       p.tax_rate, p.weight_g, p.width_mm, p.depth_mm, p.height_mm, p.file_name, p.material, p.care, p.routing, p.position, p.sample, p.updated_at,
	       coalesce((SELECT max(version) FROM personalization_schemas WHERE product_id = p.id), 0),
	       v.id, coalesce(v.sku, ''), coalesce(v.name, ''), coalesce(v.name_en, ''), coalesce(v.price_yen, 0),
	       coalesce(v.tracked, false), coalesce(v.on_hand, 0), coalesce(v.on_hand - v.reserved, 0)
	FROM products p
	LEFT JOIN variants v ON v.product_id = p.id
	WHERE p.slug = $1
	ORDER BY v.position, v.id`

// scanProduct reads a product without schema and colors, and the version of its newest schema.
func (s *Service) scanProduct(ctx context.Context, slug string) (p Product, version int, err error) {
	if !slugs.MatchString(slug) {
		return Product{}, 0, ErrProductNotFound
	}
	rows, err := s.db.QueryContext(ctx, productQuery, slug)
	if err != nil {
		return Product{}, 0, fmt.Errorf("read product: %w", err)
	}
	defer rows.Close()
	p.Variants = []Variant{}
	var sample []byte
	for rows.Next() {
		var v Variant
		var id sql.Null[VariantID]
		err := rows.Scan(&p.ID, &p.Slug, &p.Name, &p.NameEn, &p.Summary, &p.Description, &p.Kind, &p.State, &p.Price,
			&p.TaxRate, &p.WeightG, &p.WidthMM, &p.DepthMM, &p.HeightMM, &p.FileName, &p.Material, &p.Care, &p.Routing, &p.Position, &sample, &p.UpdatedAt,
			&version, &id, &v.SKU, &v.Name, &v.NameEn, &v.Price, &v.Tracked, &v.OnHand, &v.Left)
		if err != nil {
			return Product{}, 0, fmt.Errorf("read product: %w", err)
		}
		if v.ID = id.V; id.Valid {
			p.Variants = append(p.Variants, v)
		}
	}
	if err := rows.Err(); err != nil {
		return Product{}, 0, fmt.Errorf("read product: %w", err)
	}
	if p.ID.IsZero() {
		return Product{}, 0, ErrProductNotFound
	}
	return p, version, p.decodeSample(sample)
}

// decodeSample adds what is stored as JSON, nil for none.
func (p *Product) decodeSample(sample []byte) error {
	if sample == nil {
		return nil
	}
	if err := json.Unmarshal(sample, &p.Sample); err != nil {
		return fmt.Errorf("read sample of %s: %w", p.Slug, err)
	}
	return nil
}

// schema returns a version of a product's schema for the caller alone.
func (s *Service) schema(ctx context.Context, product ProductID, version int) (*Schema, error) {
	key := strings.Join([]string{"schema", product.String(), strconv.Itoa(version)}, "\x00")
	kept, err := recall(s.memory, key, func() (schema Schema, bytes int, err error) {
		var stored []byte
		err = s.db.GetContext(ctx, &stored, `
			SELECT schema
			FROM personalization_schemas
			WHERE product_id = $1 AND version = $2`, product, version)
		if err == nil {
			err = json.Unmarshal(stored, &schema)
		}
		schema.Version = version
		return schema, 2 * len(stored), err
	})
	if err != nil {
		return nil, fmt.Errorf("read schema %d of %s: %w", version, product, err)
	}
	return new(kept.clone()), nil
}

// Colors returns the filaments that can be had now, in the order they are shown. The caller must
// not change them.
func (s *Service) Colors(ctx context.Context) ([]Color, error) {
	return recall(s.memory, "shelf", func() ([]Color, int, error) {
		colors := []Color{}
		err := s.db.SelectContext(ctx, &colors, `
			SELECT key, name, name_en AS nameen, hex
			FROM filament_colors
			WHERE available
			ORDER BY position, key`)
		if err != nil {
			return nil, 0, fmt.Errorf("read colors: %w", err)
		}
		return colors, 128 * len(colors), nil
	})
}

// Items returns what carts and orders have to know of variants, in one statement and whatever
// the state of their products. Ids without a variant are left out.
func (s *Service) Items(ctx context.Context, variants []VariantID) (map[VariantID]Item, error) {
	rows, err := s.db.QueryContext(ctx, `
		SELECT v.id, p.id, p.slug, p.name, v.name, p.kind, p.state, v.price_yen, p.tax_rate, p.weight_g, p.routing,
		       v.tracked, v.on_hand - v.reserved
		FROM variants v
		JOIN products p ON p.id = v.product_id
		WHERE v.id = ANY($1)`, pq.Array(variants))
	if err != nil {
		return nil, fmt.Errorf("read items: %w", err)
	}
	defer rows.Close()
	items := make(map[VariantID]Item, len(variants))
	for rows.Next() {
		var i Item
		var variant string
		err := rows.Scan(&i.Variant, &i.Product, &i.Slug, &i.Title, &variant, &i.Kind, &i.State, &i.Price, &i.TaxRate,
			&i.WeightG, &i.Routing, &i.Tracked, &i.Left)
		if err != nil {
			return nil, fmt.Errorf("read item: %w", err)
		}
		if variant != "" {
			i.Title += "（" + variant + "）"
		}
		items[i.Variant] = i
	}
	return items, rows.Err()
}

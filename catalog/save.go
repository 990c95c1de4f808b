package catalog

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tsukuriba/internal/audit"
	"tsukuriba/internal/id"
	"tsukuriba/internal/postgres"
)

// ErrRouting says that a product would leave its orders waiting for ever: one made to order needs
// the steps in which it is made, and what lies on the shelf has none.
var ErrRouting = errors.New("a personalized product has a routing, and no other")

// SaveProduct adds the product of that slug or replaces what is known of it, and returns it as
// Product does, whatever its state. Variants are known by their SKU; the stock of one that
// exists is left alone, and one that is missing from the product is kept, because orders may
// name it. A schema other than the newest becomes a new version. Errors: ErrInvalidSchema,
// ErrRouting, ErrNoSize, ErrNoFile, and those of tag for a sample that cannot be made.
func (s *Service) SaveProduct(ctx context.Context, by audit.Actor, product Product) (Product, error) {
	err := s.checkProduct(ctx, product)
	if err == nil {
		err = postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error { return saveProduct(ctx, tx, by, product) })
	}
	if postgres.Violates(err, "digital_goods_have_a_file") {
		err = ErrNoFile
	}
	if err != nil {
		return Product{}, fmt.Errorf("save product %q: %w", product.Slug, err)
	}
	s.memory.changed()
	return s.findProduct(ctx, product.Slug)
}

func (s *Service) checkProduct(ctx context.Context, product Product) error {
	if (product.Kind == Personalized) != (product.Schema != nil) {
		return fmt.Errorf("%w: a product made to order has one, and no other", ErrInvalidSchema)
	}
	if (product.Kind == Personalized) != (product.Routing != "") {
		return ErrRouting
	}
	if product.Kind == Stock && product.State != Draft && min(product.WidthMM, product.DepthMM, product.HeightMM) <= 0 {
		return ErrNoSize
	}
	if product.Schema != nil {
		if err := s.checkSchema(ctx, product.Schema); err != nil {
			return err
		}
	}
	if product.Sample == nil {
		return nil
	}
	_, _, err := s.models.build(product.Sample.Spec)
	return err
}

func saveProduct(ctx context.Context, tx *sqlx.Tx, by audit.Actor, product Product) error {
	saved, err := upsertProduct(ctx, tx, product)
	if err != nil {
		return err
	}
	for position, variant := range product.Variants {
		if err := upsertVariant(ctx, tx, saved, position, variant); err != nil {
			return err
		}
	}
	if product.Schema != nil {
		if err := addSchema(ctx, tx, saved, *product.Schema); err != nil {
			return err
		}
	}
	return audit.Record(ctx, tx, audit.Entry{Actor: by, Action: "product.saved", Subject: saved.String()})
}

func upsertProduct(ctx context.Context, tx *sqlx.Tx, p Product) (ProductID, error) {
	sample, err := json.Marshal(p.Sample)
	if err != nil {
		return ProductID{}, fmt.Errorf("write sample: %w", err)
	}
	all, grams := searchable(p)
	var saved ProductID
	err = tx.QueryRowContext(ctx, `
		INSERT INTO products (id, slug, name, name_en, summary, description, kind, state, price_yen, tax_rate, weight_g,
		                      material, care, routing, sample, position, colors, search_text, search_grams,
		                      width_mm, depth_mm, height_mm, file_key)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, NULLIF($15::jsonb, 'null'), $16, $17, $18, $19,
		        $20, $21, $22, coalesce((SELECT file_key FROM products WHERE slug = $2), ''))
		ON CONFLICT (slug) DO UPDATE
		SET name = EXCLUDED.name, name_en = EXCLUDED.name_en, summary = EXCLUDED.summary,
		    description = EXCLUDED.description, kind = EXCLUDED.kind, state = EXCLUDED.state,
		    price_yen = EXCLUDED.price_yen, tax_rate = EXCLUDED.tax_rate, weight_g = EXCLUDED.weight_g,
		    material = EXCLUDED.material, care = EXCLUDED.care, routing = EXCLUDED.routing, sample = EXCLUDED.sample,
		    position = EXCLUDED.position, colors = EXCLUDED.colors, search_text = EXCLUDED.search_text,
		    search_grams = EXCLUDED.search_grams, width_mm = EXCLUDED.width_mm, depth_mm = EXCLUDED.depth_mm,
		    height_mm = EXCLUDED.height_mm, updated_at = now(), version = products.version + 1,
		    arrival = CASE products.state WHEN 'draft' THEN EXCLUDED.arrival ELSE products.arrival END,
		    arrived_at = CASE products.state WHEN 'draft' THEN EXCLUDED.arrived_at ELSE products.arrived_at END
		RETURNING id`,
		id.New[productKind](), p.Slug, p.Name, p.NameEn, p.Summary, p.Description, p.Kind, p.State, p.Price, p.TaxRate, p.WeightG,
		p.Material, p.Care, p.Routing, string(sample), p.Position, pq.Array(p.colorKeys()), all, pq.Array(grams),
		p.WidthMM, p.DepthMM, p.HeightMM).Scan(&saved)
	if err != nil {
		return ProductID{}, fmt.Errorf("write product: %w", err)
	}
	return saved, nil
}

func upsertVariant(ctx context.Context, tx *sqlx.Tx, product ProductID, position int, v Variant) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO variants (id, product_id, sku, name, name_en, price_yen, tracked, on_hand, position)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (sku) DO UPDATE
		SET product_id = EXCLUDED.product_id, name = EXCLUDED.name, name_en = EXCLUDED.name_en, price_yen = EXCLUDED.price_yen,
		    tracked = EXCLUDED.tracked, position = EXCLUDED.position`,
		id.New[variantKind](), product, v.SKU, v.Name, v.NameEn, v.Price, v.Tracked, v.OnHand, position)
	if err != nil {
		return fmt.Errorf("write variant %s: %w", v.SKU, err)
	}
	return nil
}

// addSchema adds a version unless the newest says the same already. The product's row is locked.
func addSchema(ctx context.Context, tx *sqlx.Tx, product ProductID, schema Schema) error {
	wanted, err := json.Marshal(schema)
	if err != nil {
		return fmt.Errorf("write schema: %w", err)
	}
	newest, version, err := newestSchema(ctx, tx, product)
	if err != nil || bytes.Equal(newest, wanted) {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO personalization_schemas (product_id, version, schema)
		VALUES ($1, $2, $3)`, product, version+1, string(wanted))
	if err != nil {
		return fmt.Errorf("write schema: %w", err)
	}
	return nil
}

// newestSchema returns the newest schema as json.Marshal would write it; jsonb has an order of its own.
func newestSchema(ctx context.Context, tx *sqlx.Tx, product ProductID) (written []byte, version int, err error) {
	var stored []byte
	err = tx.QueryRowContext(ctx, `
		SELECT version, schema
		FROM personalization_schemas
		WHERE product_id = $1
		ORDER BY version DESC
		LIMIT 1`, product).Scan(&version, &stored)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, 0, nil
	}
	var schema Schema
	if err == nil {
		err = json.Unmarshal(stored, &schema)
	}
	if err != nil {
		return nil, 0, fmt.Errorf("read newest schema: %w", err)
	}
	written, err = json.Marshal(schema)
	return written, version, err
}

-- What we sell: products, variants with stock, collections, personalization schemas, designs.

-- +goose Up
CREATE TABLE filament_colors (
	key       text PRIMARY KEY,
	name      text NOT NULL,
	name_en   text NOT NULL,
	hex       text NOT NULL CHECK (hex ~ '^#[0-9a-f]{6}$'),
	available boolean NOT NULL DEFAULT true,
	position  int NOT NULL
);
COMMENT ON TABLE filament_colors IS 'The colors a piece can be printed in.';

CREATE TABLE products (
	id             uuid PRIMARY KEY,
	slug           text NOT NULL CONSTRAINT product_slug_unique UNIQUE CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
	name           text NOT NULL CHECK (name <> ''),
	name_en        text NOT NULL DEFAULT '',
	summary        text NOT NULL DEFAULT '',
	description    text NOT NULL DEFAULT '',
	kind           text NOT NULL CHECK (kind IN ('personalized', 'stock', 'digital')),
	state          text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'published', 'paused', 'retired')),
	price_yen      bigint NOT NULL CHECK (price_yen >= 0),
	tax_rate       int NOT NULL DEFAULT 10 CHECK (tax_rate BETWEEN 0 AND 30),
	weight_g       int NOT NULL DEFAULT 0 CHECK (weight_g >= 0),
	width_mm       int NOT NULL DEFAULT 0 CHECK (width_mm BETWEEN 0 AND 2000),
	depth_mm       int NOT NULL DEFAULT 0 CHECK (depth_mm BETWEEN 0 AND 2000),
	height_mm      int NOT NULL DEFAULT 0 CHECK (height_mm BETWEEN 0 AND 2000),
	file_key       text NOT NULL DEFAULT '',
	file_name      text NOT NULL DEFAULT '',
	file_type      text NOT NULL DEFAULT '',
	material       text NOT NULL DEFAULT '',
	care           text NOT NULL DEFAULT '',
	routing        text NOT NULL DEFAULT '',
	sample         jsonb,
	position       int NOT NULL DEFAULT 0,
	colors         text[],
	search_text    text NOT NULL DEFAULT '',
	search_grams   text[] NOT NULL DEFAULT '{}',
	created_at     timestamptz NOT NULL DEFAULT now(),
	updated_at     timestamptz NOT NULL DEFAULT now(),
	version        int NOT NULL DEFAULT 1,
	offered        int NOT NULL DEFAULT 0 CHECK (offered >= 0),
	arrival        bigint GENERATED ALWAYS AS IDENTITY,
	CONSTRAINT shelf_goods_have_a_size CHECK (kind <> 'stock' OR state = 'draft' OR least(width_mm, depth_mm, height_mm) > 0),
	CONSTRAINT digital_goods_have_a_file CHECK (kind <> 'digital' OR state = 'draft' OR file_key <> '')
);
CREATE INDEX products_listing ON products (position, id)
	INCLUDE (state, kind, price_yen, colors, offered) WHERE state IN ('published', 'paused');
CREATE INDEX products_by_price ON products (price_yen, id)
	INCLUDE (state, kind, colors, offered) WHERE state IN ('published', 'paused');
CREATE INDEX products_by_arrival ON products (arrival, id)
	INCLUDE (state, kind, price_yen, colors, offered) WHERE state IN ('published', 'paused');
CREATE INDEX products_grams ON products USING gin (search_grams);
ALTER TABLE products ALTER search_grams SET STATISTICS 1000;
COMMENT ON TABLE products IS 'Things in the shop. sample is the design its picture is rendered from.';
COMMENT ON INDEX products_listing IS 'Has all that a filter asks for, as have those of the other orders: what it leaves is found and counted without the products.';
COMMENT ON COLUMN products.search_grams IS 'Pairs of neighboring characters of search_text and each character of the name. Both are folded copies made by the program; the text itself is never folded.';
COMMENT ON COLUMN products.colors IS 'Filaments the product can be had in; NULL is any.';
COMMENT ON COLUMN products.arrival IS 'Which of two products is newer: that with the higher number.';
COMMENT ON COLUMN products.offered IS 'How many variants are offered, kept by a trigger, so that a list of products need not look at the stock.';

CREATE TABLE variants (
	id         uuid PRIMARY KEY,
	product_id uuid NOT NULL REFERENCES products,
	sku        text NOT NULL CONSTRAINT variant_sku_unique UNIQUE,
	name       text NOT NULL,
	name_en    text NOT NULL DEFAULT '',
	price_yen  bigint NOT NULL CHECK (price_yen >= 0),
	tracked    boolean NOT NULL DEFAULT false,
	on_hand    int NOT NULL DEFAULT 0,
	reserved   int NOT NULL DEFAULT 0,
	position   int NOT NULL DEFAULT 0,
	offered    boolean NOT NULL GENERATED ALWAYS AS (NOT tracked OR on_hand > reserved) STORED,
	CONSTRAINT reserved_not_negative CHECK (reserved >= 0),
	CONSTRAINT stock_not_negative CHECK (NOT tracked OR on_hand - reserved >= 0)
);
CREATE INDEX variants_product ON variants (product_id, position);
COMMENT ON TABLE variants IS 'The buyable forms of a product. Stock is counted only where tracked.';

-- +goose StatementBegin
CREATE FUNCTION count_offered() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	-- Counted up and down, and not anew, which would not see what others change at the same time.
	IF TG_OP <> 'INSERT' AND OLD.offered THEN
		UPDATE products SET offered = offered - 1 WHERE id = OLD.product_id;
	END IF;
	IF TG_OP <> 'DELETE' AND NEW.offered THEN
		UPDATE products SET offered = offered + 1 WHERE id = NEW.product_id;
	END IF;
	RETURN NULL;
END;
$$;
-- +goose StatementEnd
CREATE TRIGGER variants_come_and_go AFTER INSERT OR DELETE ON variants
	FOR EACH ROW EXECUTE FUNCTION count_offered();
CREATE TRIGGER variants_sell_out AFTER UPDATE ON variants
	FOR EACH ROW
	WHEN ((OLD.product_id, OLD.offered) IS DISTINCT FROM (NEW.product_id, NEW.offered))
	EXECUTE FUNCTION count_offered();

CREATE TABLE collections (
	id         uuid PRIMARY KEY,
	slug       text NOT NULL CONSTRAINT collection_slug_unique UNIQUE,
	name       text NOT NULL,
	name_en    text NOT NULL DEFAULT '',
	summary    text NOT NULL DEFAULT '',
	opens_on   date,
	closes_on  date,
	order_by   date,
	position   int NOT NULL DEFAULT 0,
	updated_at timestamptz NOT NULL DEFAULT now(),
	CONSTRAINT seasons_have_an_order CHECK (opens_on <= closes_on AND order_by <= closes_on)
);
CREATE TABLE collection_products (
	collection_id uuid NOT NULL REFERENCES collections,
	product_id    uuid NOT NULL REFERENCES products,
	position      int NOT NULL DEFAULT 0,
	PRIMARY KEY (collection_id, product_id)
);
COMMENT ON TABLE collections IS 'Seasons and themes; outside its dates a collection is not shown.';

CREATE TABLE personalization_schemas (
	product_id uuid NOT NULL REFERENCES products,
	version    int NOT NULL CHECK (version > 0),
	schema     jsonb NOT NULL,
	created_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (product_id, version)
);
CREATE TRIGGER personalization_schemas_append_only BEFORE UPDATE OR DELETE ON personalization_schemas
	FOR EACH ROW EXECUTE FUNCTION refuse_change();
COMMENT ON TABLE personalization_schemas IS 'What a customer may choose, as data. The newest version rules; old designs keep theirs.';

CREATE TABLE designs (
	id             uuid PRIMARY KEY,
	product_id     uuid NOT NULL REFERENCES products,
	schema_version int NOT NULL,
	content_key    bytea NOT NULL CONSTRAINT design_content_unique UNIQUE,
	design_hash    bytea NOT NULL,
	text           text NOT NULL,
	spec           jsonb NOT NULL,
	base_color     text NOT NULL REFERENCES filament_colors,
	text_color     text NOT NULL REFERENCES filament_colors,
	first_color    text NOT NULL GENERATED ALWAYS AS (CASE WHEN spec ->> 'engrave' = 'true' THEN text_color ELSE base_color END) STORED,
	second_color   text NOT NULL GENERATED ALWAYS AS (CASE WHEN spec ->> 'engrave' = 'true' THEN base_color ELSE text_color END) STORED,
	width_um       int NOT NULL CHECK (width_um > 0),
	depth_um       int NOT NULL CHECK (depth_um > 0),
	height_um      int NOT NULL CHECK (height_um > 0),
	swap_z_um      int NOT NULL CHECK (swap_z_um >= 0),
	triangles      int NOT NULL,
	estimate       jsonb NOT NULL,
	price_yen      bigint NOT NULL CHECK (price_yen >= 0),
	proof_key      text NOT NULL DEFAULT '',
	created_at     timestamptz NOT NULL DEFAULT now(),
	quoted_at      timestamptz NOT NULL DEFAULT now(),
	kept           boolean NOT NULL DEFAULT false CONSTRAINT design_kept_with_proof CHECK (NOT kept OR proof_key <> ''),
	FOREIGN KEY (product_id, schema_version) REFERENCES personalization_schemas (product_id, version)
);
CREATE INDEX designs_forgettable ON designs (quoted_at) WHERE NOT kept;
COMMENT ON TABLE designs IS 'What a customer typed and chose; immutable but for proof_key, set once when the proof is stored, and for what becomes of quotes.';
COMMENT ON COLUMN designs.kept IS 'It has lain in a cart, or a piece is made of it, and so it stays. What was only looked at goes a day after quoted_at.';
COMMENT ON COLUMN designs.text IS 'Exactly as typed: never normalized.';
COMMENT ON COLUMN designs.design_hash IS 'Hash of the geometry: mesher version, font file, text, all numbers. Colors are not in it.';
COMMENT ON COLUMN designs.first_color IS 'The filament below swap_z_um: the ground of sunk letters is seen through the plate above it.';
COMMENT ON COLUMN designs.content_key IS 'Hash of product, schema version, price, geometry and colors: the same choice is the same design.';

-- +goose StatementBegin
CREATE FUNCTION keep_design() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	-- Generated columns are not there yet; they follow from the others.
	IF OLD.proof_key NOT IN ('', NEW.proof_key) OR OLD.kept > NEW.kept
		OR (to_jsonb(NEW) - '{proof_key,quoted_at,kept,first_color,second_color}'::text[])
		IS DISTINCT FROM (to_jsonb(OLD) - '{proof_key,quoted_at,kept,first_color,second_color}'::text[]) THEN
		RAISE EXCEPTION 'a design is immutable';
	END IF;
	RETURN NEW;
END;
$$;
-- +goose StatementEnd
CREATE TRIGGER designs_immutable BEFORE UPDATE ON designs FOR EACH ROW EXECUTE FUNCTION keep_design();

-- +goose StatementBegin
CREATE FUNCTION keep_what_is_named() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	UPDATE designs SET kept = true WHERE id = NEW.design_id AND NOT kept;
	RETURN NEW;
END;
$$;
-- +goose StatementEnd
COMMENT ON FUNCTION keep_what_is_named IS 'Whatever names a design keeps it from being forgotten.';

CREATE TABLE sample_pictures (
	design_hash bytea NOT NULL,
	base_color  text NOT NULL REFERENCES filament_colors,
	text_color  text NOT NULL REFERENCES filament_colors,
	view        text NOT NULL,
	blob_key    text NOT NULL,
	PRIMARY KEY (design_hash, base_color, text_color, view)
);
COMMENT ON TABLE sample_pictures IS 'Pictures of products rendered from their samples, by what they show. Rows may be deleted; they are made anew.';

CREATE TABLE text_words (
	id     uuid PRIMARY KEY,
	word   text NOT NULL CONSTRAINT text_word_once UNIQUE CHECK (word <> ''),
	list   text NOT NULL CHECK (list IN ('deny', 'ask')),
	reason text NOT NULL CHECK (reason IN ('hurts_people', 'rights_of_others', 'other')),
	whole  boolean NOT NULL DEFAULT false,
	note   text NOT NULL DEFAULT ''
);
COMMENT ON TABLE text_words IS 'Words looked for in folded shadows of custom texts: deny refuses at once, ask marks for those who approve.';

-- +goose StatementBegin
CREATE FUNCTION tell_catalog_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	PERFORM pg_notify('catalog_changed', TG_TABLE_NAME);
	RETURN NULL;
END;
$$;
-- +goose StatementEnd
COMMENT ON FUNCTION tell_catalog_changed IS 'Whoever remembers a page of the shop forgets it when this is heard.';
CREATE TRIGGER filament_colors_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON filament_colors
	FOR EACH STATEMENT EXECUTE FUNCTION tell_catalog_changed();
CREATE TRIGGER text_words_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON text_words
	FOR EACH STATEMENT EXECUTE FUNCTION tell_catalog_changed();
CREATE TRIGGER products_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON products
	FOR EACH STATEMENT EXECUTE FUNCTION tell_catalog_changed();
CREATE TRIGGER collections_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON collections
	FOR EACH STATEMENT EXECUTE FUNCTION tell_catalog_changed();
CREATE TRIGGER collection_products_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON collection_products
	FOR EACH STATEMENT EXECUTE FUNCTION tell_catalog_changed();
CREATE TRIGGER personalization_schemas_added AFTER INSERT ON personalization_schemas
	FOR EACH STATEMENT EXECUTE FUNCTION tell_catalog_changed();
CREATE TRIGGER variants_changed AFTER INSERT OR DELETE OR TRUNCATE ON variants
	FOR EACH STATEMENT EXECUTE FUNCTION tell_catalog_changed();
-- Every order moves stock; only the last piece and the first new one change what a page shows.
CREATE TRIGGER variants_offered_otherwise AFTER UPDATE ON variants
	FOR EACH ROW
	WHEN ((OLD.product_id, OLD.name, OLD.name_en, OLD.price_yen, OLD.tracked, OLD.position, OLD.offered)
		IS DISTINCT FROM (NEW.product_id, NEW.name, NEW.name_en, NEW.price_yen, NEW.tracked, NEW.position, NEW.offered))
	EXECUTE FUNCTION tell_catalog_changed();

-- +goose Down
DROP TABLE text_words, sample_pictures, designs, personalization_schemas, collection_products, collections, variants, products, filament_colors;
DROP FUNCTION count_offered, keep_design, keep_what_is_named, tell_catalog_changed;

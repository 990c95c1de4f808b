-- From cart to settled: carts, checkouts, orders, payments, refunds, the money ledger, shipments.

-- +goose Up
CREATE DOMAIN discount_kind AS text CHECK (VALUE IN ('percent', 'yen'));
CREATE DOMAIN cart_quantity AS int CONSTRAINT cart_quantity_range CHECK (VALUE BETWEEN 1 AND 99);
CREATE DOMAIN closed_day_kind AS text CHECK (VALUE IN ('holiday', 'workshop'));
CREATE DOMAIN own_price AS text CHECK (VALUE IN ('wrapping', 'write-off'));
CREATE DOMAIN order_state AS text CHECK (VALUE IN (
	'awaiting_payment', 'in_review', 'approved', 'in_production', 'ready',
	'shipped', 'completed', 'expired', 'canceled'));
CREATE DOMAIN language AS text CHECK (VALUE IN ('ja', 'easy', 'en'));
CREATE DOMAIN order_payment_method AS text CHECK (VALUE IN ('card', 'konbini', 'invoice', 'none'));
CREATE DOMAIN text_state AS text CHECK (VALUE IN ('none', 'pending', 'approved', 'refused'));
CREATE DOMAIN hold_reason AS text CHECK (VALUE IN (
	'fraud', 'mismatch', 'dispute', 'text_query', 'capacity',
	'late_money', 'external_refund', 'refund_failed', 'other', 'unpaid'));
CREATE DOMAIN reservation_state AS text CHECK (VALUE IN ('held', 'released', 'consumed'));
CREATE DOMAIN payment_method AS text CHECK (VALUE IN ('card', 'konbini', 'invoice'));
CREATE DOMAIN payment_state AS text CHECK (VALUE IN (
	'created', 'code_issued', 'invoiced', 'authorized',
	'captured', 'failed', 'canceled', 'expired'));
CREATE DOMAIN ledger_kind AS text CHECK (VALUE IN (
	'authorization', 'capture', 'capture_undone', 'written_off', 'void', 'refund',
	'refund_returned', 'dispute_out', 'dispute_in', 'dispute_fee', 'dispute_fee_returned'));
CREATE DOMAIN claim_reason AS text CHECK (VALUE IN ('broken', 'wrong_text', 'wrong_item', 'finish', 'missing', 'wish', 'other'));
CREATE DOMAIN claim_origin AS text CHECK (VALUE IN ('customer', 'staff'));
CREATE DOMAIN claim_state AS text CHECK (VALUE IN ('open', 'remaking', 'ready', 'settled', 'declined'));
CREATE DOMAIN claim_remedy AS text CHECK (VALUE IN ('', 'remake', 'refund'));
CREATE DOMAIN refund_state AS text CHECK (VALUE IN ('requested', 'submitting', 'pending', 'requires_action', 'succeeded', 'failed', 'canceled'));
CREATE DOMAIN refund_origin AS text CHECK (VALUE IN ('staff', 'system', 'external', 'other_means'));
CREATE DOMAIN refund_line_kind AS text CHECK (VALUE IN ('line', 'shipping', 'wrapping', 'surplus'));
CREATE DOMAIN stripe_call_state AS text CHECK (VALUE IN ('planned', 'ok', 'failed', 'unknown'));
CREATE DOMAIN stripe_event_state AS text CHECK (VALUE IN ('new', 'done', 'ignored', 'parked', 'dead'));
CREATE DOMAIN shipment_state AS text CHECK (VALUE IN ('draft', 'packed', 'handed_over', 'delivered', 'returned'));

CREATE TABLE discount_codes (
	id            uuid PRIMARY KEY,
	code          text NOT NULL,
	key           filled NOT NULL CONSTRAINT discount_key_unique UNIQUE,
	kind          discount_kind NOT NULL,
	value         positive NOT NULL,
	min_goods_yen yen NOT NULL DEFAULT 0,
	valid_from    timestamptz NOT NULL,
	valid_until   timestamptz,
	max_uses      positive,
	once_each     boolean NOT NULL DEFAULT false,
	used          int NOT NULL DEFAULT 0,
	created_at    timestamptz NOT NULL DEFAULT now(),
	CONSTRAINT discount_percent CHECK (kind <> 'percent' OR value <= 100),
	CONSTRAINT discount_period CHECK (valid_until IS NULL OR valid_from <= valid_until),
	CONSTRAINT discount_not_overused CHECK (used >= 0 AND (max_uses IS NULL OR used <= max_uses))
);
COMMENT ON TABLE discount_codes IS 'Codes that take something off the goods. key is the code as it is compared; used counts the orders that hold it.';
CREATE TABLE discount_code_products (
	code_id    uuid NOT NULL REFERENCES discount_codes,
	product_id uuid NOT NULL REFERENCES products,
	PRIMARY KEY (code_id, product_id)
);
COMMENT ON TABLE discount_code_products IS 'The products a code is for; without a row it is for all.';

CREATE TABLE carts (
	id         uuid PRIMARY KEY,
	token_hash bytea NOT NULL CONSTRAINT cart_token_unique UNIQUE,
	version    int NOT NULL DEFAULT 1,
	code_id    uuid REFERENCES discount_codes,
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE cart_lines (
	id         uuid PRIMARY KEY,
	cart_id    uuid NOT NULL REFERENCES carts ON DELETE CASCADE,
	variant_id uuid NOT NULL REFERENCES variants,
	design_id  uuid REFERENCES designs,
	quantity   cart_quantity NOT NULL,
	added_at   timestamptz NOT NULL DEFAULT now(),
	CONSTRAINT cart_line_unique UNIQUE NULLS NOT DISTINCT (cart_id, variant_id, design_id)
);
CREATE INDEX cart_lines_design ON cart_lines (design_id);
CREATE TRIGGER cart_lines_keep_designs BEFORE INSERT ON cart_lines FOR EACH ROW EXECUTE FUNCTION keep_what_is_named();
COMMENT ON TABLE carts IS 'Server-side carts, found by the SHA-256 of an unguessable token.';

CREATE TABLE shipping_tariffs (
	key            text NOT NULL,
	valid_from     date NOT NULL,
	name           text NOT NULL,
	name_en        text NOT NULL,
	price_yen      yen,
	max_weight_g   int NOT NULL,
	max_width_mm   int NOT NULL,
	max_depth_mm   int NOT NULL,
	max_height_mm  int NOT NULL,
	extra_days     int NOT NULL DEFAULT 0,
	needs_address  boolean NOT NULL DEFAULT true,
	position       int NOT NULL,
	confirmed_at   timestamptz,
	PRIMARY KEY (key, valid_from)
);
COMMENT ON TABLE shipping_tariffs IS 'Prices and limits of the shipping methods, as dated data. One without a price costs by zone.';
CREATE TABLE shipping_zones (
	prefecture text PRIMARY KEY,
	zone       text NOT NULL
);
COMMENT ON TABLE shipping_zones IS 'How far each prefecture is from the workshop, as the post counts it.';
CREATE TABLE shipping_zone_prices (
	key        text NOT NULL,
	valid_from date NOT NULL,
	zone       text NOT NULL,
	price_yen  yen NOT NULL,
	PRIMARY KEY (key, valid_from, zone),
	FOREIGN KEY (key, valid_from) REFERENCES shipping_tariffs
);
CREATE TRIGGER shipping_tariffs_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON shipping_tariffs
	FOR EACH STATEMENT EXECUTE FUNCTION tell_catalog_changed();
CREATE TRIGGER shipping_zones_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON shipping_zones
	FOR EACH STATEMENT EXECUTE FUNCTION tell_catalog_changed();
CREATE TRIGGER shipping_zone_prices_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON shipping_zone_prices
	FOR EACH STATEMENT EXECUTE FUNCTION tell_catalog_changed();

CREATE TABLE closed_days (
	day  date PRIMARY KEY,
	name filled NOT NULL,
	kind closed_day_kind NOT NULL
);
COMMENT ON TABLE closed_days IS 'Public holidays of Japan and the days the workshop itself is closed, besides Saturdays and Sundays.';
CREATE TRIGGER closed_days_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON closed_days
	FOR EACH STATEMENT EXECUTE FUNCTION tell_catalog_changed();

CREATE TABLE own_prices (
	key          own_price NOT NULL,
	valid_from   date NOT NULL,
	price_yen    yen NOT NULL,
	confirmed_at timestamptz,
	PRIMARY KEY (key, valid_from),
	CONSTRAINT write_off_below_return_invoice CHECK (key <> 'write-off' OR price_yen BETWEEN 1 AND 9999)
);
COMMENT ON TABLE own_prices IS 'What the workshop alone decides, as dated data: what wrapping a whole order as a gift costs, and how much of a transfer may be written off because a bank took its fee out of it. From 10,000 yen on the law wants a return invoice.';
CREATE TRIGGER own_prices_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON own_prices
	FOR EACH STATEMENT EXECUTE FUNCTION tell_catalog_changed();

-- +goose StatementBegin
CREATE FUNCTION keep_past_prices() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF OLD.valid_from <= current_date AND (TG_OP = 'DELETE' OR to_jsonb(OLD) - 'confirmed_at' <> to_jsonb(NEW) - 'confirmed_at') THEN
		RAISE EXCEPTION 'a price of % that was in force is never changed', TG_TABLE_NAME;
	END IF;
	RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END;
$$;
-- +goose StatementEnd
CREATE TRIGGER shipping_tariffs_keep_past BEFORE UPDATE OR DELETE ON shipping_tariffs
	FOR EACH ROW EXECUTE FUNCTION keep_past_prices();
CREATE TRIGGER shipping_zone_prices_keep_past BEFORE UPDATE OR DELETE ON shipping_zone_prices
	FOR EACH ROW EXECUTE FUNCTION keep_past_prices();
CREATE TRIGGER own_prices_keep_past BEFORE UPDATE OR DELETE ON own_prices
	FOR EACH ROW EXECUTE FUNCTION keep_past_prices();
COMMENT ON COLUMN shipping_tariffs.confirmed_at IS 'When a manager has compared it with the carrier''s own list; NULL for one nobody has.';

CREATE TABLE checkouts (
	id           uuid PRIMARY KEY,
	cart_id      uuid NOT NULL REFERENCES carts,
	cart_version int NOT NULL,
	sealed       bytea NOT NULL,
	snapshot     json NOT NULL,
	created_at   timestamptz NOT NULL DEFAULT now(),
	expires_at   timestamptz NOT NULL
);
COMMENT ON TABLE checkouts IS 'A cart frozen for the final confirmation screen: prices, tax, shipping, dates and the legal text. Contact data are sealed.';

CREATE TABLE order_numbers (
	year int PRIMARY KEY,
	last int NOT NULL
);
COMMENT ON TABLE order_numbers IS 'The last human order number of each year; the row lock makes the sequence gapless.';

CREATE TABLE orders (
	id              uuid PRIMARY KEY,
	number          text NOT NULL CONSTRAINT order_number_unique UNIQUE,
	checkout_id     uuid NOT NULL CONSTRAINT order_per_checkout UNIQUE REFERENCES checkouts,
	state           order_state NOT NULL,
	version         int NOT NULL DEFAULT 1,
	language        language NOT NULL,
	link_hash       bytea NOT NULL CONSTRAINT order_link_unique UNIQUE,
	link_sealed     bytea NOT NULL,
	contact_sealed  bytea NOT NULL,
	email_hash      bytea NOT NULL,
	payment_method  order_payment_method NOT NULL,
	shipping_method text NOT NULL,
	discount_code   text NOT NULL DEFAULT '',
	wrapped         boolean NOT NULL DEFAULT false,
	without_prices  boolean NOT NULL DEFAULT false,
	goods_yen       yen NOT NULL,
	discount_yen    bigint NOT NULL DEFAULT 0 CHECK (discount_yen BETWEEN 0 AND goods_yen),
	wrapping_yen    yen NOT NULL DEFAULT 0,
	shipping_yen    yen NOT NULL,
	total_yen       bigint NOT NULL,
	legal_text      filled NOT NULL,
	ship_from       date NOT NULL,
	ship_until      date NOT NULL,
	cancel_reason   text NOT NULL DEFAULT '',
	placed_at       timestamptz NOT NULL,
	expires_at      timestamptz,
	approved_at     timestamptz,
	shipped_at      timestamptz,
	CONSTRAINT order_total CHECK (total_yen = goods_yen - discount_yen + wrapping_yen + shipping_yen),
	CONSTRAINT nothing_to_pay CHECK ((payment_method = 'none') = (total_yen = 0)),
	CONSTRAINT ship_window CHECK (ship_from <= ship_until)
);
CREATE INDEX orders_by_state ON orders (state, placed_at, id);
CREATE INDEX orders_by_email ON orders (email_hash);
COMMENT ON TABLE orders IS 'What was agreed. Contact data are sealed; legal_text is the confirmation as it was shown.';

CREATE TABLE link_requests (
	id           uuid PRIMARY KEY,
	email_hash   bytea NOT NULL,
	email_sealed bytea NOT NULL,
	language     language NOT NULL,
	requested_at timestamptz NOT NULL
);
CREATE INDEX link_requests_by_email ON link_requests (email_hash, requested_at);
COMMENT ON TABLE link_requests IS 'Who asked for the links to their orders, for a day: so many an hour are answered by mail.';

-- An order is written after its parts, when it takes its number.
CREATE TABLE order_lines (
	id              uuid PRIMARY KEY,
	order_id        uuid NOT NULL REFERENCES orders DEFERRABLE INITIALLY DEFERRED,
	position        int NOT NULL,
	product_id      uuid NOT NULL REFERENCES products,
	variant_id      uuid NOT NULL REFERENCES variants,
	design_id       uuid REFERENCES designs,
	title           text NOT NULL,
	title_en        text NOT NULL DEFAULT '',
	digital         boolean NOT NULL DEFAULT false,
	quantity        positive NOT NULL,
	unit_price_yen  yen NOT NULL,
	total_yen       bigint NOT NULL,
	discount_yen    bigint NOT NULL DEFAULT 0 CHECK (discount_yen BETWEEN 0 AND total_yen),
	tax_rate        int NOT NULL,
	routing         text NOT NULL DEFAULT '',
	text_state      text_state NOT NULL,
	text_decided_by uuid,
	text_decided_at timestamptz,
	CONSTRAINT line_total CHECK (total_yen = unit_price_yen * quantity),
	CONSTRAINT custom_text_is_decided CHECK ((text_state = 'none') = (design_id IS NULL)),
	UNIQUE (order_id, position)
);
CREATE INDEX order_lines_design ON order_lines (design_id);
CREATE TRIGGER order_lines_keep_designs BEFORE INSERT ON order_lines FOR EACH ROW EXECUTE FUNCTION keep_what_is_named();
COMMENT ON TABLE order_lines IS 'Frozen lines. design_id names the geometry that was agreed to and will be sliced.';

CREATE TABLE downloads (
	order_line_id uuid PRIMARY KEY REFERENCES order_lines,
	token_hash    bytea NOT NULL CONSTRAINT download_token_unique UNIQUE,
	token_sealed  bytea NOT NULL,
	taken         int NOT NULL DEFAULT 0,
	expires_at    timestamptz NOT NULL,
	CONSTRAINT download_limit CHECK (taken BETWEEN 0 AND 5)
);
COMMENT ON TABLE downloads IS 'The limited links by which digital lines of paid orders are had.';

CREATE TABLE discount_uses (
	order_id    uuid PRIMARY KEY REFERENCES orders DEFERRABLE INITIALLY DEFERRED,
	code_id     uuid NOT NULL REFERENCES discount_codes,
	once_each   boolean NOT NULL,
	email_hash  bytea NOT NULL,
	released_at timestamptz
);
CREATE UNIQUE INDEX discount_once_each ON discount_uses (code_id, email_hash) WHERE once_each AND released_at IS NULL;
COMMENT ON TABLE discount_uses IS 'Which order used which code. An order that ends gives its use back, once.';

CREATE TABLE order_holds (
	id          uuid PRIMARY KEY,
	order_id    uuid NOT NULL REFERENCES orders,
	reason      hold_reason NOT NULL,
	note        text NOT NULL DEFAULT '',
	cause       jsonb,
	placed_at   timestamptz NOT NULL DEFAULT now(),
	released_at timestamptz
);
CREATE UNIQUE INDEX one_open_hold_per_reason ON order_holds (order_id, reason) WHERE released_at IS NULL;
COMMENT ON COLUMN order_holds.note IS 'What a person wrote; what the system has to say stands in cause, as a code with its data.';

CREATE TABLE stock_reservations (
	order_line_id uuid PRIMARY KEY REFERENCES order_lines,
	variant_id    uuid NOT NULL REFERENCES variants,
	quantity      positive NOT NULL,
	state         reservation_state NOT NULL
);
COMMENT ON TABLE stock_reservations IS 'One per line of tracked stock, for as long as its order may wait; it leaves held exactly once, and comes back only when an expired order is revived.';

CREATE TABLE payments (
	id               uuid PRIMARY KEY,
	order_id         uuid NOT NULL REFERENCES orders DEFERRABLE INITIALLY DEFERRED,
	attempt          positive NOT NULL,
	method           payment_method NOT NULL,
	state            payment_state NOT NULL,
	version          int NOT NULL DEFAULT 1,
	amount_yen       positive_yen NOT NULL,
	session_id       text CONSTRAINT payment_session_unique UNIQUE,
	intent_id        text CONSTRAINT payment_intent_unique UNIQUE,
	pay_url          text NOT NULL DEFAULT '',
	voucher_url      text NOT NULL DEFAULT '',
	superseded       boolean NOT NULL DEFAULT false,
	capture_before   timestamptz,
	expires_at       timestamptz,
	failure          text NOT NULL DEFAULT '',
	created_at       timestamptz NOT NULL DEFAULT now(),
	updated_at       timestamptz NOT NULL DEFAULT now(),
	UNIQUE (order_id, attempt),
	CONSTRAINT invoice_knows_no_provider CHECK (method <> 'invoice' OR (session_id IS NULL AND intent_id IS NULL)),
	CONSTRAINT only_an_invoice_is_invoiced CHECK (state <> 'invoiced' OR method = 'invoice')
);
CREATE UNIQUE INDEX one_live_payment_per_order ON payments (order_id)
	WHERE state IN ('created', 'code_issued', 'invoiced', 'authorized', 'captured') AND NOT superseded;
COMMENT ON TABLE payments IS 'A row per attempt to pay. One by invoice is paid by transfers, which staff enter.';

CREATE TABLE money_ledger (
	id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	order_id    uuid NOT NULL REFERENCES orders,
	payment_id  uuid REFERENCES payments,
	kind        ledger_kind NOT NULL,
	amount_yen  yen NOT NULL,
	provider_id text NOT NULL,
	occurred_at timestamptz NOT NULL,
	recorded_at timestamptz NOT NULL DEFAULT now(),
	CONSTRAINT ledger_effect_once UNIQUE (provider_id, kind)
);
CREATE INDEX money_ledger_order ON money_ledger (order_id, id);
CREATE TRIGGER money_ledger_append_only BEFORE UPDATE OR DELETE ON money_ledger
	FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE UNIQUE INDEX fee_written_off_once ON money_ledger (order_id) WHERE kind = 'written_off';
COMMENT ON TABLE money_ledger IS 'Every yen that moved, each effect once. Corrections are new rows.';

CREATE TABLE transfers (
	id         uuid PRIMARY KEY,
	order_id   uuid NOT NULL REFERENCES orders,
	payment_id uuid NOT NULL REFERENCES payments,
	amount_yen positive_yen NOT NULL,
	value_date date NOT NULL,
	reference  text NOT NULL DEFAULT '',
	sealed     bytea NOT NULL,
	entered_at timestamptz NOT NULL,
	undone_at  timestamptz
);
CREATE INDEX transfers_order ON transfers (order_id, entered_at);
CREATE UNIQUE INDEX transfer_reference_once ON transfers (value_date, reference) WHERE reference <> '' AND undone_at IS NULL;
COMMENT ON TABLE transfers IS 'What staff read on the bank statement, each with an entry in the ledger. The name of the payer and the note are sealed.';

CREATE TABLE claims (
	id            uuid PRIMARY KEY,
	order_id      uuid NOT NULL REFERENCES orders,
	order_line_id uuid NOT NULL REFERENCES order_lines,
	quantity      positive NOT NULL,
	reason        claim_reason NOT NULL,
	words_sealed  bytea NOT NULL,
	origin        claim_origin NOT NULL,
	state         claim_state NOT NULL,
	remedy        claim_remedy NOT NULL DEFAULT '',
	answer        text NOT NULL DEFAULT '',
	version       int NOT NULL DEFAULT 1,
	created_at    timestamptz NOT NULL,
	decided_at    timestamptz,
	CONSTRAINT accepted_claim_has_a_remedy CHECK ((state IN ('remaking', 'ready', 'settled')) = (remedy <> '')),
	CONSTRAINT only_a_remake_is_made CHECK (state NOT IN ('remaking', 'ready') OR remedy = 'remake'),
	CONSTRAINT declined_kindly CHECK ((state = 'declined') = (answer <> ''))
);
CREATE INDEX claims_order ON claims (order_id, created_at);
CREATE INDEX claims_open ON claims (created_at, id) WHERE state IN ('open', 'remaking', 'ready');
CREATE UNIQUE INDEX one_open_claim_per_line ON claims (order_line_id) WHERE state = 'open';
COMMENT ON TABLE claims IS 'What customers say is wrong with a line, and what became of it. The order itself stays where it is.';

CREATE TABLE refunds (
	id          uuid PRIMARY KEY,
	order_id    uuid NOT NULL REFERENCES orders,
	payment_id  uuid NOT NULL REFERENCES payments,
	claim_id    uuid CONSTRAINT claim_refunded_once UNIQUE REFERENCES claims,
	retry_of    uuid CONSTRAINT refund_retried_once UNIQUE REFERENCES refunds,
	amount_yen  positive_yen NOT NULL,
	state       refund_state NOT NULL,
	origin      refund_origin NOT NULL,
	reason      text NOT NULL,
	note        text NOT NULL DEFAULT '',
	failure     text NOT NULL DEFAULT '',
	provider_id text CONSTRAINT refund_provider_unique UNIQUE,
	version     int NOT NULL DEFAULT 1,
	created_at  timestamptz NOT NULL DEFAULT now(),
	updated_at  timestamptz NOT NULL DEFAULT now(),
	closed_at     timestamptz,
	closed_reason text NOT NULL DEFAULT '',
	waived_yen    bigint NOT NULL DEFAULT 0,
	CONSTRAINT refund_closed_for_a_reason CHECK ((closed_at IS NULL) = (closed_reason = '')),
	CONSTRAINT only_a_failed_refund_is_closed CHECK (closed_at IS NULL OR state IN ('failed', 'canceled')),
	CONSTRAINT waived_by_closing CHECK (waived_yen BETWEEN 0 AND CASE WHEN closed_at IS NULL THEN 0 ELSE amount_yen END)
);
CREATE INDEX refunds_order ON refunds (order_id, created_at);
COMMENT ON TABLE refunds IS 'Money on its way back. One made at the provider has no lines until staff say what it was for.';
COMMENT ON COLUMN refunds.waived_yen IS 'Of one that failed and was closed: what no refund that took its place has given back, and none will.';

CREATE TABLE refund_lines (
	refund_id     uuid NOT NULL REFERENCES refunds,
	kind          refund_line_kind NOT NULL,
	order_line_id uuid REFERENCES order_lines,
	quantity      nonnegative NOT NULL,
	amount_yen    yen NOT NULL,
	tax_rate      int NOT NULL,
	CONSTRAINT refund_line_names_its_line CHECK ((kind = 'line') = (order_line_id IS NOT NULL)),
	CONSTRAINT refund_line_gives_something CHECK (quantity > 0 OR amount_yen > 0),
	CONSTRAINT refund_line_once UNIQUE NULLS NOT DISTINCT (refund_id, kind, order_line_id)
);
CREATE INDEX refund_lines_line ON refund_lines (order_line_id);
COMMENT ON COLUMN refund_lines.quantity IS 'Pieces given back whole; 0 for a part of their price.';

CREATE VIEW wanted_pieces AS
SELECT line.id AS order_line_id, line.order_id, line.quantity - coalesce((
		SELECT sum(refund_lines.quantity)
		FROM refund_lines
		JOIN refunds ON refunds.id = refund_lines.refund_id
		JOIN payments ON payments.id = refunds.payment_id
		WHERE refund_lines.order_line_id = line.id AND NOT payments.superseded
		  AND (refunds.state NOT IN ('failed', 'canceled') OR NOT EXISTS (SELECT FROM refunds AS again WHERE again.retry_of = refunds.id))), 0) AS wanted
FROM order_lines AS line;
COMMENT ON VIEW wanted_pieces IS 'How many pieces of a line the customer is still to get: what was ordered less what was refunded. A refund that failed counts until another takes its place.';

CREATE TABLE stripe_calls (
	id              uuid PRIMARY KEY,
	idempotency_key text NOT NULL CONSTRAINT stripe_call_once UNIQUE,
	operation       text NOT NULL,
	order_id        uuid NOT NULL REFERENCES orders,
	payment_id      uuid REFERENCES payments,
	params_hash     bytea NOT NULL,
	state           stripe_call_state NOT NULL,
	object_id       text NOT NULL DEFAULT '',
	last_error      text NOT NULL DEFAULT '',
	planned_at      timestamptz NOT NULL DEFAULT now(),
	finished_at     timestamptz
);
CREATE INDEX stripe_calls_order ON stripe_calls (order_id);
COMMENT ON TABLE stripe_calls IS 'Each call to Stripe is planned here before it is made, so that a crash repeats the same key.';

CREATE TABLE stripe_events (
	id              text PRIMARY KEY,
	type            text NOT NULL,
	api_version     text NOT NULL,
	object_id       text NOT NULL,
	intent_id       text NOT NULL DEFAULT '',
	session_id      text NOT NULL DEFAULT '',
	payment_id      uuid,
	payload         json NOT NULL,
	order_id        uuid REFERENCES orders,
	state           stripe_event_state NOT NULL DEFAULT 'new',
	attempts        int NOT NULL DEFAULT 0,
	last_error      text NOT NULL DEFAULT '',
	created_at      timestamptz NOT NULL,
	received_at     timestamptz NOT NULL DEFAULT now(),
	processed_at    timestamptz
);
CREATE INDEX stripe_events_of_payment ON stripe_events (payment_id) WHERE state = 'new';
CREATE INDEX stripe_events_open ON stripe_events (received_at) WHERE state IN ('new', 'parked', 'dead');
COMMENT ON COLUMN stripe_events.payment_id IS 'From the metadata; no reference, as it may name what we do not know.';
COMMENT ON TABLE stripe_events IS 'Signed webhooks as received, each once. An event of an unknown order is parked, never forgotten.';

CREATE TABLE shipments (
	id             uuid PRIMARY KEY,
	order_id       uuid NOT NULL REFERENCES orders,
	claim_id       uuid REFERENCES claims,
	state          shipment_state NOT NULL,
	version        int NOT NULL DEFAULT 1,
	carrier        text NOT NULL DEFAULT '',
	tracking       text NOT NULL DEFAULT '',
	packed_at      timestamptz,
	handed_over_at timestamptz,
	CONSTRAINT handed_over_is_traceable CHECK (state NOT IN ('handed_over', 'delivered') OR (carrier <> '' AND handed_over_at IS NOT NULL))
);
CREATE UNIQUE INDEX one_open_shipment_per_order ON shipments (order_id) WHERE claim_id IS NULL AND state <> 'returned';
CREATE UNIQUE INDEX one_open_shipment_per_claim ON shipments (claim_id) WHERE claim_id IS NOT NULL AND state <> 'returned';
COMMENT ON COLUMN shipments.claim_id IS 'The claim whose remade pieces travel in it; NULL for the order''s own parcel.';

-- +goose Down
DROP VIEW wanted_pieces;
DROP TABLE link_requests, shipments, stripe_events, stripe_calls, refund_lines, refunds, claims, transfers, money_ledger, payments, stock_reservations,
	order_holds, discount_uses, downloads, order_lines, orders, order_numbers, checkouts, closed_days, own_prices,
	shipping_zone_prices, shipping_zones, shipping_tariffs, cart_lines, carts, discount_code_products, discount_codes;
DROP FUNCTION keep_past_prices;
DROP DOMAIN discount_kind, cart_quantity, closed_day_kind, own_price, order_state, language, order_payment_method, text_state, hold_reason,
	reservation_state, payment_method, payment_state, ledger_kind, claim_reason, claim_origin, claim_state, claim_remedy, refund_state,
	refund_origin, refund_line_kind, stripe_call_state, stripe_event_state, shipment_state;

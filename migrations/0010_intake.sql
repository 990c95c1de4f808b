-- How much is taken on: limits, pauses and the places of a week for what is made to order.

-- +goose Up
CREATE DOMAIN monday AS date CHECK (extract(isodow FROM VALUE) = 1);

CREATE TABLE intake_rules (
	product_id    uuid CONSTRAINT intake_rule_once UNIQUE NULLS NOT DISTINCT REFERENCES products,
	weekly_limit  nonnegative,
	longest_days  positive,
	paused        boolean NOT NULL DEFAULT false,
	reopens_on    date,
	sentence      text NOT NULL DEFAULT '',
	sentence_easy text NOT NULL DEFAULT '',
	sentence_en   text NOT NULL DEFAULT '',
	changed_at    timestamptz NOT NULL,
	CONSTRAINT longest_is_for_all CHECK (longest_days IS NULL OR product_id IS NULL),
	CONSTRAINT reopens_after_a_pause CHECK (paused OR reopens_on IS NULL)
);
COMMENT ON TABLE intake_rules IS 'What staff decided about taking orders for one product that is made to order, or for all (NULL).';
COMMENT ON COLUMN intake_rules.longest_days IS 'No more is taken while a piece ordered now would be sent later than in so many days.';
CREATE TRIGGER intake_rules_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON intake_rules
	FOR EACH STATEMENT EXECUTE FUNCTION tell_catalog_changed();

CREATE TABLE intake_weeks (
	week       monday NOT NULL,
	product_id uuid REFERENCES products,
	taken      int NOT NULL CONSTRAINT intake_never_below_zero CHECK (taken >= 0),
	CONSTRAINT intake_week_once UNIQUE NULLS NOT DISTINCT (week, product_id)
);
COMMENT ON TABLE intake_weeks IS 'How many pieces were ordered in the week that begins on that Monday, of one product and of all (NULL). The row is the lock.';

CREATE TABLE intake_places (
	order_id    uuid NOT NULL REFERENCES orders,
	product_id  uuid NOT NULL REFERENCES products,
	week        monday NOT NULL,
	pieces      positive NOT NULL,
	released_at timestamptz,
	PRIMARY KEY (order_id, product_id)
);
COMMENT ON TABLE intake_places IS 'Which places of which week an order took. One that ends gives them back, once.';

-- +goose Down
DROP TABLE intake_places, intake_weeks, intake_rules;
DROP DOMAIN monday;

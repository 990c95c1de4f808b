-- What keeps our books and the payment provider's alike: disputes, how far its lists were read, what does not agree.

-- +goose Up
CREATE DOMAIN dispute_state AS text CHECK (VALUE IN (
	'warning_needs_response', 'warning_under_review', 'warning_closed', 'needs_response',
	'under_review', 'won', 'lost'));
CREATE DOMAIN provider_list AS text CHECK (VALUE IN ('events', 'payments', 'refunds', 'disputes'));
CREATE DOMAIN mismatch_kind AS text CHECK (VALUE IN (
	'unknown_payment', 'unknown_refund', 'unknown_dispute', 'missing_payment',
	'missing_refund', 'payment_differs', 'broken_rule'));

CREATE TABLE disputes (
	id              uuid PRIMARY KEY,
	order_id        uuid NOT NULL REFERENCES orders,
	payment_id      uuid NOT NULL REFERENCES payments,
	provider_id     text NOT NULL CONSTRAINT dispute_once UNIQUE,
	amount_yen      yen NOT NULL,
	reason          text NOT NULL,
	state           dispute_state NOT NULL,
	version         int NOT NULL DEFAULT 1,
	evidence_due_at timestamptz,
	opened_at       timestamptz NOT NULL,
	noted_at        timestamptz,
	updated_at      timestamptz NOT NULL
);
CREATE INDEX disputes_by_order ON disputes (order_id);
COMMENT ON TABLE disputes IS 'Objections of customers at their bank, as the provider tells them. Their money is in money_ledger.';
COMMENT ON COLUMN disputes.noted_at IS 'When staff took note of a dispute that was lost.';

CREATE TABLE provider_sweeps (
	list     provider_list PRIMARY KEY,
	since    timestamptz NOT NULL,
	until    timestamptz,
	position text NOT NULL DEFAULT '',
	begun_at timestamptz,
	ended_at timestamptz
);
COMMENT ON TABLE provider_sweeps IS 'How far each list of the provider was read. While until is set a sweep is under way; the next page follows position, also after a restart.';

CREATE TABLE provider_sightings (
	provider_id text PRIMARY KEY,
	seen_at     timestamptz NOT NULL
);
COMMENT ON TABLE provider_sightings IS 'When a list of the provider last showed an object. What is in our books and was not shown is asked for by itself.';

CREATE TABLE mismatches (
	id          uuid PRIMARY KEY,
	kind        mismatch_kind NOT NULL,
	provider_id text NOT NULL,
	order_id    uuid REFERENCES orders,
	payment_id  uuid REFERENCES payments,
	amount_yen  bigint NOT NULL DEFAULT 0,
	note        text NOT NULL DEFAULT '',
	found_at    timestamptz NOT NULL,
	settled_at  timestamptz,
	settled_by  text NOT NULL DEFAULT '',
	CONSTRAINT mismatch_once UNIQUE (kind, provider_id)
);
CREATE INDEX mismatches_open ON mismatches (found_at) WHERE settled_at IS NULL;
COMMENT ON TABLE mismatches IS 'Where our books and the provider''s do not agree, each once, until it agrees again or staff have settled it.';

CREATE VIEW unmade_orders AS
SELECT orders.id AS order_id
FROM orders
WHERE orders.state = 'approved'
  AND EXISTS (
	SELECT
	FROM order_lines AS line
	JOIN wanted_pieces ON wanted_pieces.order_line_id = line.id
	WHERE line.order_id = orders.id AND line.routing <> '' AND wanted_pieces.wanted > 0
	  AND NOT EXISTS (SELECT FROM units WHERE units.order_line_id = line.id));
COMMENT ON VIEW unmade_orders IS 'Approved orders with a line of which no piece was ever owed: the announcement did not reach the workshop.';

-- +goose Down
DROP VIEW unmade_orders;
DROP TABLE mismatches, provider_sightings, provider_sweeps, disputes;
DROP DOMAIN dispute_state, provider_list, mismatch_kind;

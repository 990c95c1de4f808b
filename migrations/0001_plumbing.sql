-- What every domain stands on: the audit log, idempotency keys, sessions, outgoing mail.

-- +goose Up
CREATE DOMAIN actor_role AS text CHECK (VALUE IN ('customer', 'staff', 'member', 'system'));
CREATE DOMAIN idempotency_key AS text CHECK (length(VALUE) BETWEEN 1 AND 255);
CREATE DOMAIN idempotency_state AS text CHECK (VALUE IN ('in_flight', 'done'));
CREATE DOMAIN mail_state AS text CHECK (VALUE IN ('queued', 'sending', 'sent', 'failed', 'bounced'));
CREATE DOMAIN filled AS text CHECK (VALUE <> '');
CREATE DOMAIN yen AS bigint CHECK (VALUE >= 0);
CREATE DOMAIN nonnegative AS int CHECK (VALUE >= 0);
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE DOMAIN positive_yen AS bigint CHECK (VALUE > 0);

CREATE TABLE audit_entries (
	id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	at         timestamptz NOT NULL DEFAULT now(),
	actor_role actor_role NOT NULL,
	actor_id   text  NOT NULL DEFAULT '',
	action     text  NOT NULL,
	subject    text  NOT NULL,
	detail     jsonb
);
CREATE INDEX audit_entries_subject ON audit_entries (subject, id);
COMMENT ON TABLE audit_entries IS 'Who did what to which thing. Rows are only added.';

-- +goose StatementBegin
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END;
$$;
-- +goose StatementEnd
CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE ON audit_entries
	FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE idempotency_keys (
	scope        text  NOT NULL,
	key          idempotency_key NOT NULL,
	request_hash bytea NOT NULL,
	state        idempotency_state NOT NULL,
	status       int,
	content_type text,
	response     bytea,
	created_at   timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (scope, key),
	CONSTRAINT idempotency_done_has_response CHECK (state = 'in_flight' OR (status IS NOT NULL AND response IS NOT NULL))
);
COMMENT ON TABLE idempotency_keys IS 'Answers already given to money- or order-creating requests, replayed to the same key.';

CREATE TABLE sessions (
	token_hash bytea PRIMARY KEY,
	data       bytea NOT NULL,
	expires_at timestamptz NOT NULL
);
CREATE INDEX sessions_expires_at ON sessions (expires_at);
COMMENT ON TABLE sessions IS 'Browser sessions by the SHA-256 of their token.';

CREATE TABLE mails (
	id         uuid PRIMARY KEY,
	key        text NOT NULL CONSTRAINT mail_once UNIQUE,
	sealed     bytea NOT NULL,
	state      mail_state NOT NULL DEFAULT 'queued',
	last_error text NOT NULL DEFAULT '',
	created_at timestamptz NOT NULL DEFAULT now(),
	tried_at   timestamptz,
	sent_at    timestamptz,
	noted_at   timestamptz
);
COMMENT ON TABLE mails IS 'Outgoing mail, each at most once by key (order:kind:version:about). Recipient and text are sealed.';
COMMENT ON COLUMN mails.state IS 'sent: a server took it; bounced: staff say that it came back later, which only the mailbox of the sender knows.';
COMMENT ON COLUMN mails.noted_at IS 'When staff took note that it was not delivered, or sent it again under another key.';

-- +goose Down
DROP TABLE mails, sessions, idempotency_keys, audit_entries;
DROP FUNCTION refuse_change;
DROP DOMAIN actor_role, idempotency_key, idempotency_state, mail_state, filled, yen, nonnegative, positive, positive_yen;

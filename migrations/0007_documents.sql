-- Invoices, receipts, quotations and what else is issued on paper: numbered, frozen, never deleted.

-- +goose Up
CREATE DOMAIN document_kind AS text CHECK (VALUE IN ('invoice', 'receipt', 'refund_note', 'packing_slip', 'delivery_note', 'quotation'));

CREATE TABLE document_numbers (
	kind text NOT NULL,
	year int NOT NULL,
	last int NOT NULL,
	PRIMARY KEY (kind, year)
);
COMMENT ON TABLE document_numbers IS 'The last number of each kind and year in Japan; the row lock makes the sequences gapless.';

CREATE TABLE quotations (
	id          uuid PRIMARY KEY,
	checkout_id uuid NOT NULL CONSTRAINT quotation_per_checkout UNIQUE REFERENCES checkouts,
	shown_as    uuid NOT NULL CONSTRAINT quotation_per_screen UNIQUE REFERENCES checkouts,
	link_hash   bytea NOT NULL CONSTRAINT quotation_link_unique UNIQUE,
	link_sealed bytea NOT NULL,
	quoted_at   timestamptz NOT NULL,
	valid_until timestamptz NOT NULL
);
COMMENT ON TABLE quotations IS 'Checkouts that may be ordered at their prices until a day, found by the SHA-256 of an unguessable link. shown_as is the confirmation screen it was made of.';

CREATE TABLE documents (
	id               uuid PRIMARY KEY,
	kind             document_kind NOT NULL,
	number           text NOT NULL,
	order_id         uuid REFERENCES orders,
	quotation_id     uuid REFERENCES quotations,
	refund_id        uuid REFERENCES refunds,
	reissue_of       uuid REFERENCES documents,
	issued_at        timestamptz NOT NULL,
	amount_yen       yen NOT NULL,
	snapshot         jsonb NOT NULL,
	recipient_sealed bytea NOT NULL,
	recipient_index  bytea[] NOT NULL,
	blob_key         text,
	sha256           bytea,
	CONSTRAINT document_file CHECK ((blob_key IS NULL) = (sha256 IS NULL)),
	CONSTRAINT document_of_something CHECK (CASE kind WHEN 'quotation' THEN quotation_id IS NOT NULL AND order_id IS NULL
	                                        ELSE order_id IS NOT NULL AND quotation_id IS NULL END),
	CONSTRAINT refund_note_names_its_refund CHECK ((kind = 'refund_note') = (refund_id IS NOT NULL))
);
CREATE UNIQUE INDEX document_once ON documents (order_id, quotation_id, kind, refund_id) NULLS NOT DISTINCT WHERE reissue_of IS NULL;
CREATE UNIQUE INDEX document_number_unique ON documents (number) WHERE reissue_of IS NULL;
CREATE INDEX documents_by_day ON documents (issued_at, id);
CREATE INDEX documents_by_amount ON documents (amount_yen, id);
CREATE INDEX documents_by_recipient ON documents USING gin (recipient_index);
COMMENT ON TABLE documents IS 'What was issued, as it was issued. The recipient is sealed and found by blind indexes; the file lies sealed in the blob store.';
COMMENT ON COLUMN documents.sha256 IS 'Of the PDF itself, so that a changed file is noticed.';

-- +goose StatementBegin
CREATE FUNCTION refuse_document_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF OLD.blob_key IS NULL AND NEW IS NOT DISTINCT FROM jsonb_populate_record(OLD, jsonb_build_object('blob_key', NEW.blob_key, 'sha256', NEW.sha256)) THEN
		RETURN NEW;
	END IF;
	RAISE EXCEPTION 'documents are frozen once issued';
END;
$$;
-- +goose StatementEnd
CREATE TRIGGER documents_frozen BEFORE UPDATE ON documents
	FOR EACH ROW EXECUTE FUNCTION refuse_document_change();
CREATE TRIGGER documents_kept BEFORE DELETE ON documents
	FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- +goose Down
DROP TABLE documents, quotations, document_numbers;
DROP FUNCTION refuse_document_change;
DROP DOMAIN document_kind;

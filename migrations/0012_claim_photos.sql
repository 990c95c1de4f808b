-- Photos that belong to claims: which there are, and under which key each lies sealed among the files.

-- +goose Up
CREATE TABLE claim_photos (
	claim_id uuid NOT NULL REFERENCES claims,
	position positive NOT NULL,
	origin   claim_origin NOT NULL,
	blob_key text NOT NULL,
	sha256   bytea NOT NULL,
	added_at timestamptz NOT NULL,
	PRIMARY KEY (claim_id, position),
	CONSTRAINT claim_photo_once UNIQUE (claim_id, sha256)
);
COMMENT ON TABLE claim_photos IS 'Photos of what a claim is about. Sealed, drawn anew, without the place where they were taken.';
COMMENT ON COLUMN claim_photos.sha256 IS 'Of the photo as it is kept: the same one is not kept twice.';

-- +goose Down
DROP TABLE claim_photos;

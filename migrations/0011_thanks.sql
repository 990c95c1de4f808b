-- Thank-you messages: what customers write, what staff let through, and to whom it was shown.

-- +goose Up
CREATE DOMAIN thanks_state AS text CHECK (VALUE IN ('open', 'shown', 'declined'));

CREATE TABLE thanks (
	id           uuid PRIMARY KEY,
	order_id     uuid NOT NULL CONSTRAINT thanks_once UNIQUE REFERENCES orders,
	words_sealed bytea NOT NULL,
	prefecture   text NOT NULL DEFAULT '',
	state        thanks_state NOT NULL DEFAULT 'open',
	words        text NOT NULL DEFAULT '',
	reading      text NOT NULL DEFAULT '',
	created_at   timestamptz NOT NULL,
	decided_at   timestamptz,
	photo_key    text NOT NULL DEFAULT '',
	photo_shown  boolean NOT NULL DEFAULT false,
	CONSTRAINT only_shown_photos_are_seen CHECK (NOT photo_shown OR state = 'shown' AND photo_key <> ''),
	CONSTRAINT only_shown_thanks_can_be_read CHECK ((state = 'shown') = (words <> ''))
);
CREATE INDEX thanks_by_state ON thanks (state, created_at);
COMMENT ON TABLE thanks IS 'What a customer wrote to those who made an order. Sealed until staff let it through; words is what they let through.';
COMMENT ON COLUMN thanks.photo_key IS 'Where a photo lies sealed among the files. Members see it only if staff let it through with the words.';
COMMENT ON COLUMN thanks.prefecture IS 'How far the piece travelled, if the customer agreed to tell. Nothing else of the address is here.';

CREATE TABLE thanks_for_members (
	thanks_id    uuid NOT NULL REFERENCES thanks,
	member_id    uuid NOT NULL REFERENCES members,
	delivered_at timestamptz NOT NULL,
	PRIMARY KEY (thanks_id, member_id)
);
COMMENT ON TABLE thanks_for_members IS 'Which members worked on what a message is about. Each gets it once.';

-- +goose Down
DROP TABLE thanks_for_members, thanks;
DROP DOMAIN thanks_state;

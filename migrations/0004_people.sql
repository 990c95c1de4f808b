-- Who works here: staff and their sign-in, members with stage and attendance, tablets.

-- +goose Up
CREATE DOMAIN staff_role AS text CHECK (VALUE IN ('manager', 'service_manager', 'instructor', 'therapist', 'shipping', 'accounting'));
CREATE DOMAIN stage AS text CHECK (VALUE IN ('trial', 'practice', 'production', 'sales'));

CREATE TABLE staff (
	id            uuid PRIMARY KEY,
	email         text NOT NULL CONSTRAINT staff_email_unique UNIQUE CHECK (email = lower(email)),
	name          filled NOT NULL,
	role          staff_role NOT NULL,
	password_hash text NOT NULL,
	active        boolean NOT NULL DEFAULT true,
	created_at    timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE staff_presence (
	staff_id uuid NOT NULL REFERENCES staff,
	day      date NOT NULL,
	PRIMARY KEY (staff_id, day)
);
COMMENT ON TABLE staff_presence IS 'Who of the staff is in the house; signing in to the console says so.';

CREATE TABLE members (
	id              uuid PRIMARY KEY,
	nickname        filled NOT NULL,
	reading         text NOT NULL,
	picture         text NOT NULL,
	pin_hash        text NOT NULL DEFAULT '',
	presentation    jsonb NOT NULL DEFAULT '{}',
	minutes_a_day   int NOT NULL CHECK (minutes_a_day BETWEEN 0 AND 480),
	minutes_in_one_go positive NOT NULL,
	supporter_id    uuid REFERENCES staff,
	excluded_hazards text[] NOT NULL DEFAULT '{}',
	active          boolean NOT NULL DEFAULT true,
	created_at      timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE members IS 'Members by nickname. No diagnosis, no address. picture is the key of a drawn sign, chosen by the member.';
COMMENT ON COLUMN members.excluded_hazards IS 'Hazards (blade, heat, noise, …) this member does not work with.';

CREATE TABLE member_stages (
	member_id  uuid NOT NULL REFERENCES members,
	skill      text NOT NULL,
	stage      stage NOT NULL,
	since      timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (member_id, skill)
);
COMMENT ON TABLE member_stages IS 'The stage per member and skill; never a rank of a person.';

CREATE TABLE attendances (
	member_id       uuid NOT NULL REFERENCES members,
	day             date NOT NULL,
	planned_minutes nonnegative NOT NULL DEFAULT 0,
	arrived_at      timestamptz,
	left_at         timestamptz,
	mood_sealed     bytea,
	PRIMARY KEY (member_id, day),
	CONSTRAINT leaves_after_arriving CHECK (left_at IS NULL OR left_at >= arrived_at)
);
COMMENT ON TABLE attendances IS 'Plan and reality of a day. The mood is class D and sealed.';

CREATE TABLE tablets (
	id          uuid PRIMARY KEY,
	name        text NOT NULL,
	code_hash   bytea CONSTRAINT tablet_code_unique UNIQUE,
	code_until  timestamptz,
	enrolled_at timestamptz,
	revoked_at  timestamptz,
	created_at  timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE tablets IS 'Shared tablets, enrolled once with a code from the console.';

CREATE TABLE sign_in_failures (
	account bytea NOT NULL,
	at      timestamptz NOT NULL
);
CREATE INDEX sign_in_failures_account ON sign_in_failures (account, at);
COMMENT ON TABLE sign_in_failures IS 'Wrong passwords and digits of the last minutes, by the SHA-256 of whose account was tried.';

-- +goose Down
DROP TABLE sign_in_failures, tablets, attendances, member_stages, members, staff_presence, staff;
DROP DOMAIN staff_role, stage;

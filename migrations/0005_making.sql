-- Making: routings, units, plates, sliced artifacts, printers, spools, print runs, tasks, offers.

-- +goose Up
CREATE DOMAIN unit_state AS text CHECK (VALUE IN (
	'owed', 'planned', 'printing', 'printed', 'finishing',
	'in_qc', 'good', 'packed', 'shipped', 'scrapped'));
CREATE DOMAIN plate_state AS text CHECK (VALUE IN (
	'draft', 'arranged', 'sliced', 'approved', 'queued',
	'on_printer', 'removed', 'sorted', 'closed', 'dissolved'));
CREATE DOMAIN slicing_state AS text CHECK (VALUE IN ('none', 'queued', 'done', 'rejected'));
CREATE DOMAIN printer_adapter AS text CHECK (VALUE IN ('manual', 'virtual', 'octoprint', 'moonraker', 'prusalink'));
CREATE DOMAIN print_run_state AS text CHECK (VALUE IN (
	'ready', 'claimed', 'uploaded', 'start_sent', 'start_unconfirmed', 'printing', 'paused',
	'finished_unverified', 'failed', 'canceled', 'unknown', 'cleared', 'accounted', 'dropped'));
CREATE DOMAIN pause_reason AS text CHECK (VALUE IN ('', 'user', 'swap', 'attention'));
CREATE DOMAIN print_run_outcome AS text CHECK (VALUE IN ('', 'done', 'failed', 'canceled', 'not_started'));
CREATE DOMAIN material_move_kind AS text CHECK (VALUE IN ('received', 'consumed', 'weighed'));
CREATE DOMAIN task_state AS text CHECK (VALUE IN ('ready', 'offered', 'accepted', 'active', 'paused', 'submitted', 'done', 'dropped'));
CREATE DOMAIN task_unit_result AS text CHECK (VALUE IN ('', 'ok', 'rework', 'remake'));
CREATE DOMAIN offer_kind AS text CHECK (VALUE IN ('anchor', 'other', 'stretch'));
CREATE DOMAIN offer_state AS text CHECK (VALUE IN ('open', 'accepted', 'closed'));

CREATE TABLE routings (
	key        text NOT NULL,
	version    positive NOT NULL,
	name       text NOT NULL,
	operations jsonb NOT NULL,
	created_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (key, version)
);
CREATE TRIGGER routings_append_only BEFORE UPDATE OR DELETE ON routings
	FOR EACH ROW EXECUTE FUNCTION refuse_change();
COMMENT ON TABLE routings IS 'The steps a product needs, versioned. The newest version rules for new tasks; running ones keep theirs.';

CREATE TABLE units (
	id            uuid PRIMARY KEY,
	code          text NOT NULL CONSTRAINT unit_code_unique UNIQUE,
	order_line_id uuid REFERENCES order_lines,
	claim_id      uuid REFERENCES claims,
	ordinal       positive NOT NULL DEFAULT 1,
	design_id     uuid NOT NULL REFERENCES designs,
	routing       text NOT NULL,
	routing_version int NOT NULL,
	state         unit_state NOT NULL,
	version       int NOT NULL DEFAULT 1,
	prepared_at   timestamptz,
	rework_count  int NOT NULL DEFAULT 0,
	replaces      uuid CONSTRAINT unit_replaced_once UNIQUE REFERENCES units,
	finished_by   uuid REFERENCES members,
	passed_by     uuid,
	created_at    timestamptz NOT NULL DEFAULT now(),
	updated_at    timestamptz NOT NULL DEFAULT now(),
	FOREIGN KEY (routing, routing_version) REFERENCES routings (key, version),
	CONSTRAINT rework_is_bounded CHECK (rework_count BETWEEN 0 AND 2),
	CONSTRAINT good_has_a_passing_check CHECK (state NOT IN ('good', 'packed', 'shipped') OR passed_by IS NOT NULL),
	CONSTRAINT checker_is_not_maker CHECK (passed_by IS NULL OR finished_by IS NULL OR passed_by <> finished_by)
);
CREATE INDEX units_by_state ON units (state, created_at);
CREATE INDEX units_by_line ON units (order_line_id);
CREATE INDEX units_by_design ON units (design_id);
CREATE TRIGGER units_keep_designs BEFORE INSERT ON units FOR EACH ROW EXECUTE FUNCTION keep_what_is_named();
CREATE UNIQUE INDEX unit_owed_once ON units (order_line_id, claim_id, ordinal) NULLS NOT DISTINCT
	WHERE replaces IS NULL AND order_line_id IS NOT NULL;
COMMENT ON COLUMN units.claim_id IS 'The claim for which the piece is made once more; it travels in a parcel of its own.';
COMMENT ON COLUMN units.ordinal IS 'Which piece of its line this is; a replacement keeps the number.';
COMMENT ON TABLE units IS 'One physical piece to be made. Without an order line it is practice or stock.';

CREATE TABLE artifacts (
	id             uuid PRIMARY KEY,
	cache_key      text NOT NULL CONSTRAINT artifact_cache_unique UNIQUE,
	gcode_key      text NOT NULL,
	gcode_sha256   bytea NOT NULL,
	slicer_version text NOT NULL,
	print_seconds  positive NOT NULL,
	swap_after_seconds int,
	color_swaps    int NOT NULL,
	layers         int NOT NULL,
	filament_mm    double precision NOT NULL,
	filament_g     double precision NOT NULL CHECK (filament_g > 0),
	verified_at    timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE artifacts IS 'G-code that was verified by content. A reprint uses the same artifact.';

CREATE TABLE plates (
	id           uuid PRIMARY KEY,
	code         text NOT NULL CONSTRAINT plate_code_unique UNIQUE,
	state        plate_state NOT NULL,
	version      int NOT NULL DEFAULT 1,
	profile      text NOT NULL,
	base_color   text NOT NULL REFERENCES filament_colors,
	text_color   text NOT NULL REFERENCES filament_colors,
	swap_z_um    nonnegative NOT NULL,
	bed_width_um positive NOT NULL,
	bed_depth_um positive NOT NULL,
	slicing      slicing_state NOT NULL DEFAULT 'none',
	slicing_note text NOT NULL DEFAULT '',
	artifact_id  uuid REFERENCES artifacts,
	approved_by  uuid REFERENCES staff,
	approved_at  timestamptz,
	created_at   timestamptz NOT NULL DEFAULT now(),
	updated_at   timestamptz NOT NULL DEFAULT now(),
	CONSTRAINT sliced_has_artifact CHECK (state IN ('draft', 'arranged', 'dissolved') OR artifact_id IS NOT NULL),
	CONSTRAINT approved_by_staff CHECK (state IN ('draft', 'arranged', 'sliced', 'dissolved') OR approved_by IS NOT NULL)
);
CREATE TABLE plate_units (
	plate_id uuid NOT NULL REFERENCES plates,
	unit_id  uuid NOT NULL REFERENCES units,
	x_um     int NOT NULL,
	y_um     int NOT NULL,
	width_um positive NOT NULL,
	depth_um positive NOT NULL,
	live     boolean NOT NULL DEFAULT true,
	PRIMARY KEY (plate_id, unit_id)
);
CREATE UNIQUE INDEX unit_on_one_live_plate ON plate_units (unit_id) WHERE live;
COMMENT ON TABLE plates IS 'Units printed together on one bed: same profile, colors and swap height.';

CREATE TABLE printers (
	id         uuid PRIMARY KEY,
	name       text NOT NULL CONSTRAINT printer_name_unique UNIQUE,
	adapter    printer_adapter NOT NULL,
	settings   jsonb NOT NULL DEFAULT '{}',
	profile    text NOT NULL,
	bed_clear  boolean NOT NULL DEFAULT true,
	enabled    boolean NOT NULL DEFAULT true,
	position   int NOT NULL DEFAULT 0
);

CREATE TABLE spools (
	id         uuid PRIMARY KEY,
	lot        text NOT NULL CONSTRAINT spool_lot_unique UNIQUE,
	material   text NOT NULL,
	color      text NOT NULL REFERENCES filament_colors,
	opened_at  timestamptz NOT NULL DEFAULT now(),
	emptied_at timestamptz
);

CREATE TABLE print_runs (
	id            uuid PRIMARY KEY,
	plate_id      uuid NOT NULL REFERENCES plates,
	attempt       positive NOT NULL,
	printer_id    uuid REFERENCES printers,
	artifact_id   uuid NOT NULL REFERENCES artifacts,
	base_spool_id uuid REFERENCES spools,
	text_spool_id uuid REFERENCES spools,
	state         print_run_state NOT NULL,
	pause_reason  pause_reason NOT NULL DEFAULT '',
	version       int NOT NULL DEFAULT 1,
	file_name     text NOT NULL CONSTRAINT run_file_unique UNIQUE CHECK (file_name ~ '^[A-Za-z0-9_.]+$'),
	starts        int NOT NULL DEFAULT 0 CHECK (starts BETWEEN 0 AND 3),
	progress      double precision NOT NULL DEFAULT 0,
	outcome       print_run_outcome NOT NULL DEFAULT '',
	sent_at       timestamptz,
	swapped_at    timestamptz,
	started_at    timestamptz,
	ended_at      timestamptz,
	cleared_by    text NOT NULL DEFAULT '',
	cleared_at    timestamptz,
	created_at    timestamptz NOT NULL DEFAULT now(),
	UNIQUE (plate_id, attempt),
	CONSTRAINT cleared_by_a_person CHECK (state NOT IN ('cleared', 'accounted') OR cleared_by <> ''),
	CONSTRAINT running_needs_a_printer CHECK (state IN ('ready', 'dropped') OR printer_id IS NOT NULL)
);
CREATE UNIQUE INDEX one_live_run_per_printer ON print_runs (printer_id)
	WHERE state IN ('claimed', 'uploaded', 'start_sent', 'start_unconfirmed', 'printing', 'paused',
	                'finished_unverified', 'failed', 'canceled', 'unknown');
CREATE UNIQUE INDEX one_open_run_per_plate ON print_runs (plate_id) WHERE state NOT IN ('cleared', 'accounted', 'dropped');
COMMENT ON TABLE print_runs IS 'One attempt to print a plate on a printer. Every end waits for a person to clear the bed.';

CREATE TABLE material_moves (
	id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	spool_id     uuid NOT NULL REFERENCES spools,
	print_run_id uuid REFERENCES print_runs,
	kind         material_move_kind NOT NULL,
	grams        double precision NOT NULL,
	at           timestamptz NOT NULL DEFAULT now(),
	CONSTRAINT consumed_once_per_run UNIQUE (print_run_id, spool_id, kind)
);
CREATE TRIGGER material_moves_append_only BEFORE UPDATE OR DELETE ON material_moves
	FOR EACH ROW EXECUTE FUNCTION refuse_change();
COMMENT ON TABLE material_moves IS 'The weight ledger of the spools; the balance is the sum.';

CREATE TABLE tasks (
	id              uuid PRIMARY KEY,
	operation       text NOT NULL,
	routing         text NOT NULL,
	routing_version int NOT NULL,
	order_line_id   uuid REFERENCES order_lines,
	order_id        uuid REFERENCES orders,
	claim_id        uuid REFERENCES claims,
	plate_id        uuid REFERENCES plates,
	print_run_id    uuid REFERENCES print_runs,
	skill           text NOT NULL,
	min_stage       stage NOT NULL,
	minutes         positive NOT NULL,
	state           task_state NOT NULL,
	version         int NOT NULL DEFAULT 1,
	member_id       uuid REFERENCES members,
	due_minute      int,
	help_wanted_at  timestamptz,
	result          jsonb,
	started_at      timestamptz,
	done_at         timestamptz,
	created_at      timestamptz NOT NULL DEFAULT now(),
	updated_at      timestamptz NOT NULL DEFAULT now(),
	FOREIGN KEY (routing, routing_version) REFERENCES routings (key, version),
	CONSTRAINT taken_by_somebody CHECK ((state IN ('accepted', 'active', 'paused', 'submitted')) <= (member_id IS NOT NULL))
);
CREATE UNIQUE INDEX one_active_task_per_member ON tasks (member_id) WHERE state = 'active';
CREATE INDEX tasks_open ON tasks (state, created_at) WHERE state NOT IN ('done', 'dropped');
CREATE UNIQUE INDEX one_task_per_step_of_a_plate ON tasks (plate_id, operation) WHERE plate_id IS NOT NULL AND print_run_id IS NULL AND state <> 'dropped';
CREATE UNIQUE INDEX one_task_per_step_of_a_run ON tasks (print_run_id, operation) WHERE print_run_id IS NOT NULL AND state <> 'dropped';
CREATE UNIQUE INDEX one_prepare_task_per_line ON tasks (order_line_id, claim_id) NULLS NOT DISTINCT WHERE operation = 'prepare' AND state <> 'dropped';
CREATE UNIQUE INDEX one_pack_task_per_parcel ON tasks (order_id, claim_id) NULLS NOT DISTINCT WHERE operation = 'pack' AND state <> 'dropped';
CREATE TABLE task_units (
	task_id uuid NOT NULL REFERENCES tasks,
	unit_id uuid NOT NULL REFERENCES units,
	result  task_unit_result NOT NULL DEFAULT '',
	note    text NOT NULL DEFAULT '',
	PRIMARY KEY (task_id, unit_id)
);
CREATE INDEX task_units_unit ON task_units (unit_id);
COMMENT ON TABLE tasks IS 'One operation to be done on some units. Nobody is made to take one.';

CREATE TABLE offers (
	id          uuid PRIMARY KEY,
	task_id     uuid NOT NULL REFERENCES tasks,
	member_id   uuid NOT NULL REFERENCES members,
	kind        offer_kind NOT NULL,
	state       offer_state NOT NULL DEFAULT 'open',
	offered_by  uuid NOT NULL REFERENCES staff,
	offered_at  timestamptz NOT NULL DEFAULT now(),
	closed_at   timestamptz
);
CREATE UNIQUE INDEX one_open_offer ON offers (task_id, member_id) WHERE state = 'open';
CREATE UNIQUE INDEX one_accepted_offer ON offers (task_id) WHERE state = 'accepted';
COMMENT ON TABLE offers IS 'Tasks proposed to members. A closed offer does not say why: declining leaves no trace to rank by.';

CREATE TABLE not_today (
	member_id uuid NOT NULL REFERENCES members,
	operation text NOT NULL,
	day       date NOT NULL,
	PRIMARY KEY (member_id, operation, day)
);
COMMENT ON TABLE not_today IS '"Not this kind again today"; rows of past days are deleted nightly.';

CREATE TABLE work_sessions (
	id         uuid PRIMARY KEY,
	task_id    uuid NOT NULL REFERENCES tasks,
	member_id  uuid NOT NULL REFERENCES members,
	started_at timestamptz NOT NULL,
	ended_at   timestamptz,
	CONSTRAINT session_ends_after_start CHECK (ended_at IS NULL OR ended_at >= started_at)
);
CREATE UNIQUE INDEX one_open_session_per_task ON work_sessions (task_id) WHERE ended_at IS NULL;
COMMENT ON TABLE work_sessions IS 'Time worked on a task; released tasks keep theirs.';

CREATE TABLE unit_events (
	id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	at       timestamptz NOT NULL DEFAULT now(),
	unit_id  uuid NOT NULL REFERENCES units,
	from_state text NOT NULL,
	to_state text NOT NULL,
	actor_role text NOT NULL,
	actor_id text NOT NULL DEFAULT '',
	cause    text NOT NULL
);
CREATE INDEX unit_events_unit ON unit_events (unit_id, id);
CREATE TRIGGER unit_events_append_only BEFORE UPDATE OR DELETE ON unit_events
	FOR EACH ROW EXECUTE FUNCTION refuse_change();
COMMENT ON TABLE unit_events IS 'Every move of every piece, for tracing.';

-- +goose StatementBegin
CREATE FUNCTION tell_forecast_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	PERFORM pg_notify('forecast_changed', TG_TABLE_NAME);
	RETURN NULL;
END;
$$;
-- +goose StatementEnd
COMMENT ON FUNCTION tell_forecast_changed IS 'Whoever keeps a forecast of when things are made simulates anew when this is heard.';
CREATE TRIGGER orders_move_the_forecast AFTER INSERT OR UPDATE OF state ON orders
	FOR EACH STATEMENT EXECUTE FUNCTION tell_forecast_changed();
CREATE TRIGGER units_move_the_forecast AFTER INSERT OR UPDATE OF state, prepared_at ON units
	FOR EACH STATEMENT EXECUTE FUNCTION tell_forecast_changed();
CREATE TRIGGER printers_move_the_forecast AFTER INSERT OR UPDATE OF enabled OR DELETE ON printers
	FOR EACH STATEMENT EXECUTE FUNCTION tell_forecast_changed();
CREATE TRIGGER attendances_move_the_forecast AFTER INSERT OR UPDATE OR DELETE ON attendances
	FOR EACH STATEMENT EXECUTE FUNCTION tell_forecast_changed();
CREATE TRIGGER closed_days_move_the_forecast AFTER INSERT OR UPDATE OR DELETE ON closed_days
	FOR EACH STATEMENT EXECUTE FUNCTION tell_forecast_changed();

-- The routing of everything printed from a design. Readings are marked ｜漢字《かんじ》 and were written by hand. {n} is the number of pieces.
INSERT INTO routings (key, version, name, operations) VALUES ('name-tag', 1, '文字を入れて印刷するもの', $routing$[
	{"key": "prepare", "skill": "prepare", "min_stage": "production", "station": "desk", "minutes": 5, "minutes_per_piece": 0, "hazards": [],
	 "instruction": {
		"what": "｜文字《もじ》を｜見《み》くらべます",
		"how_much": "{n}こ。｜文字《もじ》は みな｜同《おな》じです",
		"finished_when": "｜絵《え》と｜形《かたち》の｜文字《もじ》が、ひとつずつ｜同《おな》じだと わかったら おわりです",
		"about": "お｜茶《ちゃ》を いっぱい｜飲《の》むくらい",
		"steps": ["｜注文《ちゅうもん》の｜文字《もじ》を｜見《み》ます", "｜形《かたち》の｜文字《もじ》を｜見《み》ます", "はじめから ひと｜文字《もじ》ずつ｜見《み》くらべます", "ちがうところが あったら「てつだって」を おします"]}},
	{"key": "arrange", "skill": "plate", "min_stage": "production", "station": "desk", "minutes": 5, "minutes_per_piece": 0, "hazards": [],
	 "instruction": {
		"what": "プレートの｜並《なら》びを｜見《み》ます",
		"how_much": "プレート 1まい（{n}こ）",
		"finished_when": "かさなりが なく、｜色《いろ》が そろっていたら おわりです",
		"about": "お｜茶《ちゃ》を いっぱい｜飲《の》むくらい",
		"steps": ["｜地図《ちず》を｜見《み》ます", "かさなっているところが ないか｜見《み》ます", "｜土台《どだい》と｜文字《もじ》の｜色《いろ》を｜見《み》ます"]}},
	{"key": "slice", "skill": "slice", "min_stage": "production", "station": "desk", "minutes": 5, "minutes_per_piece": 0, "hazards": [],
	 "instruction": {
		"what": "プリンターの ための データを つくります",
		"how_much": "プレート 1まい（{n}こ）",
		"finished_when": "「スライスできました」と｜出《で》たら おわりです",
		"about": "お｜茶《ちゃ》を いっぱい｜飲《の》むくらい",
		"steps": ["「スライスする」を おします", "すこし まちます", "｜時間《じかん》と｜重《おも》さが｜出《で》たら「できた」を おします"]}},
	{"key": "set_up", "skill": "set_up", "min_stage": "practice", "station": "printer", "minutes": 10, "minutes_per_piece": 0, "hazards": ["heat"],
	 "instruction": {
		"what": "プリンターの じゅんびを します",
		"how_much": "プリンター 1だい",
		"finished_when": "｜台《だい》が からで、｜土台《どだい》の｜色《いろ》の｜糸《いと》が｜入《はい》ったら おわりです",
		"about": "おんがくを 2きょく｜聞《き》くくらい",
		"steps": ["｜台《だい》の｜上《うえ》に｜何《なに》も ないことを｜見《み》ます", "｜台《だい》を ふきます", "｜土台《どだい》の｜色《いろ》の｜糸《いと》を｜入《い》れます", "つかうプリンターと｜糸《いと》を えらびます"]}},
	{"key": "start", "skill": "print", "min_stage": "production", "station": "printer", "minutes": 5, "minutes_per_piece": 0, "hazards": ["heat"],
	 "instruction": {
		"what": "プリントを はじめます",
		"how_much": "プレート 1まい（{n}こ）",
		"finished_when": "｜一《いち》だんめが きれいに くっついたら おわりです",
		"about": "お｜茶《ちゃ》を いっぱい｜飲《の》むくらい",
		"steps": ["ファイルの｜名前《なまえ》を たしかめます", "はじめるボタンを おします", "｜一《いち》だんめを｜見《み》ます"]}},
	{"key": "swap", "skill": "print", "min_stage": "production", "station": "printer", "minutes": 5, "minutes_per_piece": 0, "hazards": ["heat"],
	 "instruction": {
		"what": "｜文字《もじ》の｜色《いろ》の｜糸《いと》に かえます",
		"how_much": "1かい",
		"finished_when": "｜新《あたら》しい｜色《いろ》が｜出《で》て、プリンターが うごきだしたら おわりです",
		"about": "お｜茶《ちゃ》を いっぱい｜飲《の》むくらい",
		"steps": ["プリンターが とまるのを まちます", "｜土台《どだい》の｜色《いろ》の｜糸《いと》を ぬきます", "｜文字《もじ》の｜色《いろ》の｜糸《いと》を｜入《い》れます", "つづけるボタンを おします"]}},
	{"key": "remove", "skill": "remove", "min_stage": "practice", "station": "printer", "minutes": 5, "minutes_per_piece": 0, "hazards": ["heat"],
	 "instruction": {
		"what": "できた ものを｜台《だい》から はずします",
		"how_much": "プレート 1まい（{n}こ）",
		"finished_when": "｜台《だい》の｜上《うえ》に｜何《なに》も なくなったら おわりです",
		"about": "お｜茶《ちゃ》を いっぱい｜飲《の》むくらい",
		"steps": ["｜台《だい》が ぬるくなるのを まちます", "｜見《み》えたとおりの｜絵《え》を えらびます", "｜板《いた》を まげて はずします", "｜台《だい》を ふきます"]}},
	{"key": "sort", "skill": "sort", "min_stage": "practice", "station": "table", "minutes": 3, "minutes_per_piece": 1, "hazards": [],
	 "instruction": {
		"what": "｜地図《ちず》を｜見《み》て ひとつずつ わけます",
		"how_much": "{n}こ",
		"finished_when": "すべて ふくろに｜入《はい》ったら おわりです",
		"about": "おんがくを 1きょく｜聞《き》くくらい",
		"steps": ["｜地図《ちず》と｜同《おな》じ｜並《なら》びに おきます", "きれいなものは「よい」を おします", "つくりなおすものは「つくりなおす」を おします", "｜記号《きごう》の ついた ふくろに｜入《い》れます"]}},
	{"key": "finish", "skill": "finish", "min_stage": "practice", "station": "table", "minutes": 2, "minutes_per_piece": 5, "hazards": ["blade"],
	 "instruction": {
		"what": "ふちを なめらかに します",
		"how_much": "{n}こ",
		"finished_when": "さわって ひっかからず、｜金具《かなぐ》の あるものに ついたら おわりです",
		"about": "おんがくを 1きょく｜聞《き》くくらい",
		"steps": ["ふちを ゆびで さわります", "ひっかかるところを けずります", "｜金具《かなぐ》が あれば つけます"]}},
	{"key": "inspect", "skill": "inspect", "min_stage": "production", "station": "table", "minutes": 2, "minutes_per_piece": 2, "hazards": [],
	 "instruction": {
		"what": "できあがりを たしかめます",
		"how_much": "{n}こ",
		"finished_when": "ひとつずつ「よい」「なおす」「つくりなおす」を えらんだら おわりです",
		"about": "お｜茶《ちゃ》を いっぱい｜飲《の》むくらい",
		"steps": ["｜文字《もじ》を｜絵《え》と｜見《み》くらべます", "ふちを さわります", "｜色《いろ》を｜見《み》ます"]}},
	{"key": "pack", "skill": "pack", "min_stage": "trial", "station": "table", "minutes": 3, "minutes_per_piece": 2, "hazards": [],
	 "instruction": {
		"what": "｜記号《きごう》と｜絵《え》を｜見《み》て ふくろに｜入《い》れます",
		"how_much": "{n}こ",
		"finished_when": "すべて｜同《おな》じ｜箱《はこ》に｜入《はい》ったら おわりです",
		"about": "お｜茶《ちゃ》を いっぱい｜飲《の》むくらい",
		"steps": ["｜絵《え》と｜同《おな》じものの ふくろを とります", "ふくろに ついた｜記号《きごう》を｜見《み》ます", "｜同《おな》じ｜記号《きごう》を｜画面《がめん》で えらびます", "カードと いっしょに｜箱《はこ》に｜入《い》れます"]}}
]$routing$);

-- +goose Down
DROP TRIGGER closed_days_move_the_forecast ON closed_days;
DROP TRIGGER attendances_move_the_forecast ON attendances;
DROP TRIGGER orders_move_the_forecast ON orders;
DROP TABLE unit_events, work_sessions, not_today, offers, task_units, tasks, material_moves, print_runs, spools, printers,
	plate_units, plates, artifacts, units, routings;
DROP FUNCTION tell_forecast_changed;
DROP DOMAIN unit_state, plate_state, slicing_state, printer_adapter, print_run_state, pause_reason, print_run_outcome, material_move_kind,
	task_state, task_unit_result, offer_kind, offer_state;

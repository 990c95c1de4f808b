package fulfilment

import (
	"context"

	"tsukuriba/internal/invariant"
)

// invariants are those of the making design. Constraints hold many of them in the database, too;
// they are asked again, because constraints can be dropped.
var invariants = []invariant.Rule{
	{
		Name: "unit-on-one-plate", Sentence: "This piece lies on more than one plate at once.", Query: `
		SELECT units.code AS subject
		FROM plate_units
		JOIN units ON units.id = plate_units.unit_id
		WHERE plate_units.live
		GROUP BY units.code
		HAVING count(*) > 1`,
	},
	{
		Name: "planned-unit-has-plate", Sentence: "This piece is planned or printing, but lies on no plate.", Query: `
		SELECT units.code AS subject
		FROM units
		WHERE units.state IN ('planned', 'printing')
			AND NOT EXISTS (SELECT FROM plate_units WHERE plate_units.unit_id = units.id AND plate_units.live)`,
	},
	{
		Name: "one-run-per-printer", Sentence: "This printer has more than one run at once.", Query: `
		SELECT printers.name AS subject
		FROM print_runs
		JOIN printers ON printers.id = print_runs.printer_id
		WHERE print_runs.state NOT IN ('ready', 'cleared', 'accounted', 'dropped')
		GROUP BY printers.name
		HAVING count(*) > 1`,
	},
	{
		Name: "bed-in-use-not-clear", Sentence: "This printer has something on its bed, but the bed is noted as clear.", Query: `
		SELECT printers.name AS subject
		FROM printers
		JOIN print_runs ON print_runs.printer_id = printers.id
		WHERE printers.bed_clear AND print_runs.state IN ('start_sent', 'start_unconfirmed', 'printing', 'paused', 'finished_unverified', 'failed', 'unknown')`,
	},
	{
		Name: "started-after-clearing", Sentence: "This run was started before a person had cleared the bed of the run before.", Query: `
		SELECT later.file_name AS subject
		FROM print_runs AS later
		JOIN print_runs AS earlier ON earlier.printer_id = later.printer_id AND earlier.started_at < later.started_at
		WHERE earlier.cleared_at IS NULL OR earlier.cleared_at > later.started_at`,
	},
	{
		Name: "cleared-by-a-person", Sentence: "This run is over, but nobody has cleared the bed.", Query: `
		SELECT file_name AS subject
		FROM print_runs
		WHERE state IN ('cleared', 'accounted') AND (cleared_by = '' OR cleared_at IS NULL)`,
	},
	{
		Name: "run-prints-what-was-approved", Sentence: "This run was started with other G-code than the one that was verified and approved.", Query: `
		SELECT print_runs.file_name AS subject
		FROM print_runs
		JOIN plates ON plates.id = print_runs.plate_id
		JOIN artifacts ON artifacts.id = print_runs.artifact_id
		WHERE print_runs.started_at IS NOT NULL
			AND (plates.artifact_id IS DISTINCT FROM print_runs.artifact_id OR plates.approved_by IS NULL
				OR plates.approved_at > print_runs.started_at OR length(artifacts.gcode_sha256) <> 32)`,
	},
	{
		Name: "good-was-checked-by-another", Sentence: "This piece counts as good without a check by somebody who did not finish it.", Query: `
		SELECT units.code AS subject
		FROM units
		WHERE units.state IN ('good', 'packed', 'shipped')
			AND (units.passed_by IS NULL OR units.finished_by IS NULL OR units.passed_by = units.finished_by
				OR NOT EXISTS (
					SELECT
					FROM task_units
					JOIN tasks ON tasks.id = task_units.task_id
					WHERE task_units.unit_id = units.id AND task_units.result = 'ok'
						AND tasks.operation = 'inspect' AND tasks.state = 'done' AND tasks.member_id = units.passed_by))`,
	},
	{
		Name: "one-active-task", Sentence: "This member has more than one task under way.", Query: `
		SELECT members.nickname AS subject
		FROM tasks
		JOIN members ON members.id = tasks.member_id
		WHERE tasks.state = 'active'
		GROUP BY members.id
		HAVING count(*) > 1`,
	},
	{
		Name: "session-while-active", Sentence: "The time worked on this task and its state disagree.", Query: `
		SELECT tasks.operation || ' ' || tasks.id AS subject
		FROM tasks
		WHERE (tasks.state = 'active') <> EXISTS (SELECT FROM work_sessions WHERE work_sessions.task_id = tasks.id AND work_sessions.ended_at IS NULL)`,
	},
	{
		Name: "wanted-is-made-or-owed", Sentence: "This order line has fewer pieces than are wanted, or more than were ordered.", Query: `
		SELECT orders.number || ', line ' || order_lines.position AS subject
		FROM order_lines
		JOIN orders ON orders.id = order_lines.order_id
		JOIN wanted_pieces ON wanted_pieces.order_line_id = order_lines.id
		LEFT JOIN units ON units.order_line_id = order_lines.id AND units.claim_id IS NULL AND units.state <> 'scrapped'
		WHERE orders.state <> 'canceled'
			AND EXISTS (SELECT FROM units AS any_unit WHERE any_unit.order_line_id = order_lines.id AND any_unit.claim_id IS NULL)
		GROUP BY orders.number, order_lines.position, order_lines.quantity, wanted_pieces.wanted
		HAVING count(units.id) NOT BETWEEN wanted_pieces.wanted AND order_lines.quantity`,
	},
	{
		Name: "remake-is-made-or-owed", Sentence: "This accepted claim has more or fewer pieces than it grants.", Query: `
		SELECT orders.number || ', line ' || order_lines.position AS subject
		FROM claims
		JOIN orders ON orders.id = claims.order_id
		JOIN order_lines ON order_lines.id = claims.order_line_id
		LEFT JOIN units ON units.claim_id = claims.id AND units.state <> 'scrapped'
		WHERE EXISTS (SELECT FROM units AS any_unit WHERE any_unit.claim_id = claims.id)
		GROUP BY claims.id, orders.number, order_lines.position
		HAVING count(units.id) <> claims.quantity OR claims.remedy <> 'remake'`,
	},
	{
		Name: "scrapped-is-owed-anew", Sentence: "This piece of an order was scrapped and is not made anew, although it is wanted.", Query: `
		SELECT units.code AS subject
		FROM units
		JOIN order_lines ON order_lines.id = units.order_line_id
		JOIN orders ON orders.id = order_lines.order_id
		JOIN wanted_pieces ON wanted_pieces.order_line_id = order_lines.id
		LEFT JOIN claims ON claims.id = units.claim_id
		WHERE units.state = 'scrapped' AND orders.state <> 'canceled'
			AND NOT EXISTS (SELECT FROM units AS anew WHERE anew.replaces = units.id)
			AND coalesce(claims.quantity, wanted_pieces.wanted) > (
				SELECT count(*)
				FROM units AS live
				WHERE live.order_line_id = units.order_line_id AND live.claim_id IS NOT DISTINCT FROM units.claim_id AND live.state <> 'scrapped')`,
	},
	{
		Name: "canceled-is-not-made", Sentence: "A piece of this canceled order is being made.", Query: `
		SELECT DISTINCT orders.number AS subject
		FROM orders
		JOIN order_lines ON order_lines.order_id = orders.id
		JOIN units ON units.order_line_id = order_lines.id
		WHERE orders.state = 'canceled' AND orders.cancel_reason <> 'refunded' AND units.state NOT IN ('owed', 'planned', 'scrapped')`,
	},
	{
		Name: "started-only-when-approved", Sentence: "A piece of this order was started before the order was approved and paid.", Query: `
		SELECT DISTINCT orders.number AS subject
		FROM unit_events
		JOIN units ON units.id = unit_events.unit_id
		JOIN order_lines ON order_lines.id = units.order_line_id
		JOIN orders ON orders.id = order_lines.order_id
		WHERE unit_events.to_state = 'printing'
			AND (orders.approved_at IS NULL OR orders.approved_at > unit_events.at OR orders.state IN ('awaiting_payment', 'in_review'))`,
	},
	{
		Name: "material-not-overdrawn", Sentence: "More was taken from this spool than it ever held.", Query: `
		SELECT spools.lot AS subject
		FROM spools
		JOIN material_moves ON material_moves.spool_id = spools.id
		GROUP BY spools.lot
		HAVING sum(material_moves.grams) < -0.001`,
	},
	{
		Name: "run-takes-its-material", Sentence: "The material booked for this run is not what its G-code takes.", Query: `
		SELECT print_runs.file_name AS subject
		FROM print_runs
		JOIN artifacts ON artifacts.id = print_runs.artifact_id
		WHERE print_runs.state = 'accounted' AND print_runs.outcome = 'done'
			AND abs(artifacts.filament_g + (
				SELECT coalesce(sum(grams), 0)
				FROM material_moves
				WHERE material_moves.print_run_id = print_runs.id AND material_moves.kind = 'consumed')) > 0.01`,
	},
	{
		Name: "placements-disjoint", Sentence: "Two pieces on this plate overlap.", Query: `
		SELECT DISTINCT plates.code AS subject
		FROM plates
		JOIN plate_units AS one ON one.plate_id = plates.id
		JOIN plate_units AS other ON other.plate_id = plates.id AND other.unit_id > one.unit_id
		WHERE one.x_um < other.x_um + other.width_um AND other.x_um < one.x_um + one.width_um
			AND one.y_um < other.y_um + other.depth_um AND other.y_um < one.y_um + one.depth_um`,
	},
	{
		Name: "placements-on-bed", Sentence: "A piece lies beyond the edge of this plate.", Query: `
		SELECT DISTINCT plates.code AS subject
		FROM plates
		JOIN plate_units ON plate_units.plate_id = plates.id
		WHERE x_um < 0 OR y_um < 0 OR x_um + width_um > bed_width_um OR y_um + depth_um > bed_depth_um`,
	},
	{
		Name: "plate-shares-colors", Sentence: "A piece on this plate has other colors or another swap height than the plate.", Query: `
		SELECT DISTINCT plates.code AS subject
		FROM plates
		JOIN plate_units ON plate_units.plate_id = plates.id
		JOIN units ON units.id = plate_units.unit_id
		JOIN designs ON designs.id = units.design_id
		WHERE designs.first_color <> plates.base_color OR designs.second_color <> plates.text_color OR designs.swap_z_um <> plates.swap_z_um`,
	},
	{
		Name: "routing-frozen", Sentence: "A task of this piece follows another version of the routing than the piece.", Query: `
		SELECT DISTINCT units.code AS subject
		FROM tasks
		JOIN task_units ON task_units.task_id = tasks.id
		JOIN units ON units.id = task_units.unit_id
		WHERE tasks.plate_id IS NULL AND tasks.order_line_id IS NOT NULL AND tasks.state <> 'dropped'
			AND (tasks.routing <> units.routing OR tasks.routing_version <> units.routing_version)`,
	},
	{
		Name: "moves-tell-the-state", Sentence: "The last recorded move of this piece does not lead to where it stands.", Query: `
		SELECT units.code AS subject
		FROM units
		WHERE units.state IS DISTINCT FROM (
			SELECT to_state
			FROM unit_events
			WHERE unit_events.unit_id = units.id
			ORDER BY unit_events.id DESC
			LIMIT 1)`,
	},
}

// CheckInvariants asks the database whether everything that must hold in making does. It returns
// what does not, rule by rule; an error only means that it could not ask.
func (s *Service) CheckInvariants(ctx context.Context) ([]invariant.Violation, error) {
	return invariant.Check(ctx, s.db, invariants)
}

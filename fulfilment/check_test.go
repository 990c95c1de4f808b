package fulfilment_test

import (
	"slices"
	"testing"

	"tsukuriba/fulfilment"
)

// packedWorkshop has one piece packed, one scrapped and one waiting on a plate.
func packedWorkshop(t *testing.T) *workshop {
	t.Helper()
	w := newWorkshop(t)
	w.sorted(2)
	w.do(fulfilment.OpFinish, w.aoi, fulfilment.Result{})
	w.judge(fulfilment.OpInspect, w.sora, fulfilment.VerdictOK)
	w.judge(fulfilment.OpPack, w.ren, fulfilment.VerdictOK)
	w.order(2, "さくら")
	w.sliced()
	w.sound()
	return w
}

func TestCheckInvariants(t *testing.T) {
	t.Parallel()
	w := packedWorkshop(t)
	cases := map[string][]string{ // what is broken, past all constraints
		"unit-on-one-plate": {
			`DROP INDEX unit_on_one_live_plate`,
			`INSERT INTO plate_units (plate_id, unit_id, x_um, y_um, width_um, depth_um)
			 SELECT plates.id, plate_units.unit_id, 200000, 200000, 1, 1 FROM plates, plate_units WHERE plates.state = 'closed' AND plate_units.live`,
		},
		"planned-unit-has-plate": {`UPDATE plate_units SET live = false`},
		"one-run-per-printer": {
			`DROP INDEX one_live_run_per_printer`,
			`DROP INDEX one_open_run_per_plate`,
			`INSERT INTO print_runs (id, plate_id, attempt, printer_id, artifact_id, state, file_name)
			 SELECT gen_random_uuid(), plate_id, n, printer_id, artifact_id, 'claimed', 'x' || n FROM print_runs, generate_series(7, 8) AS n`,
		},
		"bed-in-use-not-clear": {
			`INSERT INTO print_runs (id, plate_id, attempt, printer_id, artifact_id, state, file_name)
			 SELECT gen_random_uuid(), plate_id, 7, printer_id, artifact_id, 'printing', 'x' FROM print_runs`,
		},
		"started-after-clearing": {
			`INSERT INTO print_runs (id, plate_id, attempt, printer_id, artifact_id, state, file_name, started_at, cleared_by, cleared_at)
			 SELECT gen_random_uuid(), plate_id, 7, printer_id, artifact_id, 'cleared', 'x', cleared_at - interval '1 minute', cleared_by, now() FROM print_runs`,
		},
		"cleared-by-a-person": {
			`ALTER TABLE print_runs DROP CONSTRAINT cleared_by_a_person`,
			`UPDATE print_runs SET cleared_by = ''`,
		},
		"run-prints-what-was-approved": {`UPDATE plates SET approved_at = now() + interval '1 year' WHERE state = 'closed'`},
		"good-was-checked-by-another": {
			`UPDATE task_units SET result = 'rework' WHERE result = 'ok'`,
		},
		"one-active-task": {
			`DROP INDEX one_active_task_per_member`,
			`UPDATE tasks SET state = 'active' WHERE member_id IS NOT NULL`,
		},
		"session-while-active": {
			`UPDATE tasks SET state = 'active' WHERE id = (SELECT id FROM tasks WHERE member_id IS NOT NULL LIMIT 1)`,
		},
		"wanted-is-made-or-owed": {`UPDATE order_lines SET quantity = 3, total_yen = unit_price_yen * 3`},
		"remake-is-made-or-owed": {
			`INSERT INTO claims (id, order_id, order_line_id, quantity, reason, words_sealed, origin, state, remedy, created_at)
			 SELECT gen_random_uuid(), order_id, id, 1, 'broken', '', 'staff', 'remaking', 'remake', now() FROM order_lines LIMIT 1`,
			`UPDATE units SET claim_id = claims.id FROM claims WHERE units.order_line_id = claims.order_line_id`,
		},
		"scrapped-is-owed-anew":      {`UPDATE units SET state = 'scrapped'`},
		"canceled-is-not-made":       {`UPDATE orders SET state = 'canceled'`},
		"started-only-when-approved": {`UPDATE orders SET approved_at = NULL`},
		"material-not-overdrawn":     {`INSERT INTO material_moves (spool_id, kind, grams) SELECT id, 'weighed', -2000 FROM spools`},
		"run-takes-its-material":     {`UPDATE artifacts SET filament_g = filament_g + 1`},
		"placements-disjoint":        {`UPDATE plate_units SET x_um = 6000, y_um = 6000`},
		"placements-on-bed":          {`UPDATE plate_units SET x_um = 215000`},
		"plate-shares-colors":        {`UPDATE plates SET text_color = 'kaki'`},
		"routing-frozen": {
			`INSERT INTO routings (key, version, name, operations) SELECT key, 2, name, operations FROM routings`,
			`UPDATE tasks SET routing_version = 2 WHERE operation = 'prepare'`,
		},
		"moves-tell-the-state": {`UPDATE units SET state = 'good' WHERE state = 'packed'`},
	}
	for _, rule := range fulfilment.InvariantRules() {
		if cases[rule] == nil {
			t.Errorf("nobody breaks %s", rule)
		}
	}
	for rule, statements := range cases {
		if found := w.planted(statements); !slices.Contains(found, rule) {
			t.Errorf("%s was not found, but %q", rule, found)
		}
	}
	w.sound()
}

// planted breaks something, returns the rules that notice, and takes it back.
func (w *workshop) planted(statements []string) []string {
	w.t.Helper()
	tx, err := w.db.BeginTxx(w.t.Context(), nil)
	must(w.t, err)
	defer tx.Rollback() //nolint:errcheck // that is the purpose
	for _, statement := range statements {
		if _, err := tx.ExecContext(w.t.Context(), statement); err != nil {
			w.t.Fatalf("%s: %v", statement, err)
		}
	}
	violations, err := fulfilment.CheckInvariantsIn(w.t.Context(), tx)
	must(w.t, err)
	var rules []string
	for _, violation := range violations {
		if violation.Subject == "" || violation.Sentence == "" {
			w.t.Errorf("%+v says too little", violation)
		}
		rules = append(rules, violation.Rule)
	}
	return slices.Compact(rules)
}

package fulfilment

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tsukuriba/catalog/tag"
	"tsukuriba/fulfilment/promise"
	"tsukuriba/internal/jst"
	"tsukuriba/orders"
)

const (
	horizon = 26 * 7 // days that are simulated
	courses = 60     // times

	// The workshop's day in Japan, in which printers are minded and people come.
	opensAt, closesAt = 9*time.Hour + 30*time.Minute, 16 * time.Hour

	// staffTime is what staff make themselves on a day, at every step: half the day of one of them.
	staffTime = 4 * time.Hour

	// history is how far back is looked to learn how often people come as planned and things are
	// remade.
	history = 60 * 24 * time.Hour
)

// usual is how the last two months went, each mixed with a cautious guess that weighs as much as
// ten days or twenty pieces. It is about the workshop as a whole, never about one person.
type usual struct {
	ComesAsPlanned float64 `db:"comes_as_planned"`
	ComesUnplanned float64 `db:"comes_unplanned"` // when nothing was planned for the week
	Prints         float64 `db:"prints"`          // runs that end well
	Remakes        float64 `db:"remakes"`
}

// readWorkshop fills the days of the view and its line.
func (f *Forecast) readWorkshop(ctx context.Context, view *outlook) (promise.Workshop, error) {
	workshop := promise.Workshop{Courses: courses}
	for _, step := range steps {
		workshop.Steps = append(workshop.Steps, promise.Step{Printed: step == opPrint, Overnight: slices.Contains(overnight, step)})
	}
	var err error
	if view.open, err = openDays(ctx, f.db, view.today); err != nil {
		return workshop, err
	}
	workshop.Open = view.open
	habits, err := readUsual(ctx, f.db, view.today)
	if err != nil {
		return workshop, err
	}
	routings, err := newestRoutings(ctx, f.db)
	if err != nil {
		return workshop, err
	}
	view.line = lineOf(routings, habits.Remakes)
	people, err := readPeople(ctx, f.db, view.today)
	if err != nil {
		return workshop, err
	}
	rest := restOfDay(view.at.Sub(view.today))
	workshop.People = append(everybody(people, view, habits, rest), staffHelp(view, rest))
	workshop.Printers, err = readPrinters(ctx, f.db, habits)
	return workshop, err
}

// restOfDay is which part of the workshop's day is still to come.
func restOfDay(since time.Duration) float64 {
	rest := float64(closesAt-since) / float64(closesAt-opensAt)
	return min(max(rest, 0), 1)
}

// openDays says for each coming day whether the workshop works.
func openDays(ctx context.Context, db sqlx.QueryerContext, today time.Time) ([]bool, error) {
	var closed []time.Time
	err := sqlx.SelectContext(ctx, db, &closed, `
		SELECT day
		FROM closed_days
		WHERE day >= $1`, jst.Date(today))
	if err != nil {
		return nil, fmt.Errorf("read closed days: %w", err)
	}
	shut := map[string]bool{}
	for _, day := range closed {
		shut[day.Format(time.DateOnly)] = true
	}
	open := make([]bool, horizon)
	for i := range open {
		day := today.AddDate(0, 0, i)
		open[i] = day.Weekday() != time.Saturday && day.Weekday() != time.Sunday && !shut[jst.Date(day)]
	}
	return open, nil
}

func readUsual(ctx context.Context, db sqlx.QueryerContext, today time.Time) (usual, error) {
	var habits usual
	err := sqlx.GetContext(ctx, db, &habits, `
		WITH days AS (
			SELECT planned_minutes > 0 AS planned, arrived_at IS NOT NULL AS came, day, member_id
			FROM attendances
			WHERE day >= $1 AND day < $2),
		pieces AS (
			SELECT count(*) AS made, count(replaces) AS again
			FROM units
			WHERE created_at >= $1)
		SELECT (count(*) FILTER (WHERE planned AND came) + 8.0) / (count(*) FILTER (WHERE planned) + 10) AS comes_as_planned,
		       (count(*) FILTER (WHERE came) + 5.0)
		           / ((SELECT count(*) FROM members WHERE active) * count(DISTINCT day) + 10) AS comes_unplanned,
		       (SELECT (count(*) FILTER (WHERE outcome = 'done') + 18.0) / (count(*) + 20)
		        FROM print_runs
		        WHERE ended_at >= $1) AS prints,
		       (SELECT (again + 1.0) / (made + 20) FROM pieces) AS remakes
		FROM days`, jst.Date(today.Add(-history)), jst.Date(today))
	if err != nil {
		return usual{}, fmt.Errorf("read how the last weeks went: %w", err)
	}
	return habits, nil
}

func newestRoutings(ctx context.Context, db sqlx.QueryerContext) ([]Routing, error) {
	var rows [][]byte
	err := sqlx.SelectContext(ctx, db, &rows, `
		SELECT DISTINCT ON (key) operations
		FROM routings
		ORDER BY key, version DESC`)
	if err != nil {
		return nil, fmt.Errorf("read routings: %w", err)
	}
	routings := make([]Routing, len(rows))
	for i, operations := range rows {
		if err := json.Unmarshal(operations, &routings[i].Operations); err != nil {
			return nil, fmt.Errorf("read routing: %w", err)
		}
	}
	return routings, nil
}

// comer is a member with what is known of the coming days.
type comer struct {
	ID       string         `db:"id"`
	Minutes  int            `db:"minutes_a_day"`
	Excluded pq.StringArray `db:"excluded_hazards"`
	Stages   []byte         `db:"stages"` // by skill
	Plans    []byte         `db:"plans"`  // planned minutes by day
	Here     bool           `db:"here"`   // today, at this moment
	Gone     bool           `db:"gone"`   // home for today
}

func readPeople(ctx context.Context, db sqlx.QueryerContext, today time.Time) ([]comer, error) {
	var people []comer
	err := sqlx.SelectContext(ctx, db, &people, `
		SELECT members.id::text, members.minutes_a_day, members.excluded_hazards,
		       (SELECT coalesce(jsonb_object_agg(skill, stage), '{}') FROM member_stages WHERE member_id = members.id) AS stages,
		       (SELECT coalesce(jsonb_object_agg(day, planned_minutes), '{}')
		        FROM attendances
		        WHERE member_id = members.id AND day >= $1 AND planned_minutes > 0) AS plans,
		       coalesce(now.arrived_at IS NOT NULL AND now.left_at IS NULL, false) AS here,
		       coalesce(now.left_at IS NOT NULL, false) AS gone
		FROM members
		LEFT JOIN attendances AS now ON now.member_id = members.id AND now.day = $1
		WHERE members.active
		ORDER BY members.id`, jst.Date(today))
	if err != nil {
		return nil, fmt.Errorf("read who may come: %w", err)
	}
	return people, nil
}

// everybody turns members into people of the simulation. Who planned a week comes as planned;
// nobody is thought to come more often than the workshop's members usually do.
func everybody(people []comer, view *outlook, habits usual, rest float64) []promise.Person {
	all := make([]promise.Person, 0, len(people)+1)
	for _, member := range people {
		stages, plans := map[string]Stage{}, map[string]int{}
		if json.Unmarshal(member.Stages, &stages) != nil || json.Unmarshal(member.Plans, &plans) != nil {
			continue // both were written by the database itself
		}
		person := promise.Person{
			Key: member.ID, Seconds: make([]int, horizon), Chance: make([]float64, horizon),
			Shares: view.line.shares(func(operation Operation) bool { return member.may(operation, stages) }),
		}
		weeks := plannedWeeks(plans)
		for day := range horizon {
			date := view.today.AddDate(0, 0, day)
			person.Seconds[day], person.Chance[day] = member.Minutes*60, habits.ComesUnplanned
			if weeks[weekOf(date)] {
				person.Seconds[day], person.Chance[day] = plans[jst.Date(date)]*60, habits.ComesAsPlanned
			}
		}
		member.today(&person, rest)
		all = append(all, person)
	}
	return all
}

// today is known better than other days.
func (c comer) today(person *promise.Person, rest float64) {
	if c.Here {
		person.Seconds[0], person.Chance[0] = c.Minutes*60, 1
	}
	if c.Gone {
		person.Chance[0] = 0
	}
	person.Seconds[0] = int(float64(person.Seconds[0]) * rest)
}

func (c comer) may(operation Operation, stages map[string]Stage) bool {
	stage, skilled := stages[operation.Skill]
	return skilled && stageOrder(stage) >= stageOrder(operation.MinStage) && !operation.NeedsStaff &&
		!slices.ContainsFunc(operation.Hazards, func(hazard string) bool { return slices.Contains(c.Excluded, hazard) })
}

// plannedWeeks are the weeks, by their Monday, for which anything was planned.
func plannedWeeks(plans map[string]int) map[string]bool {
	weeks := map[string]bool{}
	for written := range plans {
		if day, err := time.ParseInLocation(time.DateOnly, written, jst.Zone); err == nil {
			weeks[weekOf(day)] = true
		}
	}
	return weeks
}

// weekOf is the Monday of the week in which a day lies.
func weekOf(day time.Time) string {
	return jst.Date(day.AddDate(0, 0, -(int(day.Weekday())+6)%7))
}

// staffHelp is what staff do themselves, so that no step is ever without anybody.
func staffHelp(view *outlook, rest float64) promise.Person {
	seconds := slices.Repeat([]int{int(staffTime.Seconds())}, horizon)
	seconds[0] = int(float64(seconds[0]) * rest)
	return promise.Person{
		Key: "staff", Seconds: seconds, Chance: slices.Repeat([]float64{1}, horizon),
		Shares: view.line.shares(func(Operation) bool { return true }),
	}
}

// readPrinters reads which printers are up. One that nobody can tell the state of is not.
func readPrinters(ctx context.Context, db sqlx.QueryerContext, habits usual) ([]promise.Printer, error) {
	var keys []string
	err := sqlx.SelectContext(ctx, db, &keys, `
		SELECT id::text
		FROM printers
		WHERE enabled AND NOT EXISTS (SELECT FROM print_runs WHERE printer_id = printers.id AND state = 'unknown')
		ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("read which printers are up: %w", err)
	}
	printers := make([]promise.Printer, len(keys))
	for i, key := range keys {
		printers[i] = promise.Printer{Key: key, Seconds: int((closesAt - opensAt).Seconds()), Chance: habits.Prints}
	}
	return printers, nil
}

// waitingPiece is a piece that is still to be made or packed, owed already or only ordered.
type waitingPiece struct {
	OrderID  orders.OrderID `db:"order_id"`
	LineID   orders.LineID  `db:"line_id"`
	State    UnitState      `db:"state"` // "" for what is not owed yet
	Prepared bool           `db:"prepared"`
	Plate    PlateID        `db:"plate_id"`
	OnPlate  PlateState     `db:"plate_state"`
	Progress float64        `db:"progress"` // of the print that runs
	Base     string         `db:"base_color"`
	Text     string         `db:"text_color"`
	SwapZ    tag.Micron     `db:"swap_z_um"`
	Width    tag.Micron     `db:"width_um"`
	Depth    tag.Micron     `db:"depth_um"`
	Seconds  float64        `db:"seconds"` // to print it
}

// selectWaiting are the pieces that are owed and those of orders that are not taken in yet, in the
// order in which they were promised.
const selectWaiting = `
	SELECT order_lines.order_id, units.order_line_id AS line_id, units.state, units.prepared_at IS NOT NULL AS prepared,
	       plates.id AS plate_id, coalesce(plates.state, '') AS plate_state, coalesce(print_runs.progress, 0) AS progress,
	       designs.first_color AS base_color, designs.second_color AS text_color, designs.swap_z_um, designs.width_um, designs.depth_um,
	       coalesce((designs.estimate->>'Seconds')::float8, 0) AS seconds, orders.ship_until, units.created_at, units.id
	FROM units
	JOIN designs ON designs.id = units.design_id
	LEFT JOIN order_lines ON order_lines.id = units.order_line_id
	LEFT JOIN orders ON orders.id = order_lines.order_id
	LEFT JOIN plate_units ON plate_units.unit_id = units.id AND plate_units.live
	LEFT JOIN plates ON plates.id = plate_units.plate_id
	LEFT JOIN print_runs ON print_runs.plate_id = plates.id AND print_runs.state IN ('printing', 'paused')
	WHERE units.state IN ('owed', 'planned', 'printing', 'printed', 'finishing', 'in_qc', 'good')
	UNION ALL
	SELECT line.order_id, line.id, '', false, NULL, '', 0,
	       designs.first_color AS base_color, designs.second_color AS text_color, designs.swap_z_um, designs.width_um, designs.depth_um,
	       coalesce((designs.estimate->>'Seconds')::float8, 0), orders.ship_until, orders.placed_at, line.id
	FROM orders
	JOIN order_lines AS line ON line.order_id = orders.id
	JOIN wanted_pieces ON wanted_pieces.order_line_id = line.id
	JOIN designs ON designs.id = line.design_id
	CROSS JOIN generate_series(1, wanted_pieces.wanted)
	WHERE orders.state IN ('awaiting_payment', 'in_review', 'approved') AND line.routing <> ''
	  AND NOT EXISTS (SELECT FROM units WHERE units.order_line_id = line.id)
	ORDER BY ship_until NULLS LAST, created_at, id`

// readPiles reads what waits.
func readPiles(ctx context.Context, db sqlx.QueryerContext, l line) ([]pile, error) {
	rows, err := db.QueryxContext(ctx, `
		SELECT order_id, line_id, state, prepared, plate_id, plate_state, progress, base_color, text_color, swap_z_um,
		       width_um, depth_um, seconds
		FROM (`+selectWaiting+`) AS waiting`)
	if err != nil {
		return nil, fmt.Errorf("read what waits: %w", err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	var waiting []waitingPiece
	for rows.Next() {
		var piece waitingPiece
		if err := rows.StructScan(&piece); err != nil {
			return nil, fmt.Errorf("read what waits: %w", err)
		}
		waiting = append(waiting, piece)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read what waits: %w", err)
	}
	return pilesOf(waiting), nil
}

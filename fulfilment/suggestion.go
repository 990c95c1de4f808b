package fulfilment

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tsukuriba/fulfilment/offer"
)

// Suggestion is a proposal of the solver in words for staff, who confirm, change or leave it.
type Suggestion struct {
	Task    Task
	Member  Member
	Kind    offer.Kind
	Reasons []string
	WhyNot  *WhyNot
}

// WhyNot says why the member who fits best was left out.
type WhyNot struct {
	Member Member
	Reason string
}

// Suggestions proposes, for now, who might like which open task.
func (s *Service) Suggestions(ctx context.Context) ([]Suggestion, error) {
	members, err := s.Members(ctx)
	if err != nil {
		return nil, err
	}
	tasks, err := s.OpenTasks(ctx)
	if err != nil {
		return nil, err
	}
	day, err := s.situation(ctx, tasks)
	if err != nil {
		return nil, err
	}
	memberByID, taskByID := map[string]Member{}, map[string]Task{}
	for _, member := range members {
		memberByID[member.ID.String()] = member
	}
	for _, task := range tasks {
		taskByID[task.ID.String()] = task
	}
	var suggestions []Suggestion
	for _, proposed := range offer.Suggest(day) {
		suggestion := Suggestion{
			Task: taskByID[proposed.TaskID], Member: memberByID[proposed.MemberID],
			Kind: proposed.Kind, Reasons: reasonsInWords(proposed.Reasons),
		}
		if left := proposed.WhyNot; left != nil {
			suggestion.WhyNot = &WhyNot{memberByID[left.MemberID], ruleInWords[left.Rule]}
		}
		suggestions = append(suggestions, suggestion)
	}
	return suggestions, nil
}

// situation is what the solver needs of this moment.
func (s *Service) situation(ctx context.Context, tasks []Task) (offer.Day, error) {
	var day offer.Day
	var err error
	if day.Members, err = s.memberFacts(ctx, s.db, nil); err != nil {
		return offer.Day{}, err
	}
	urgency, err := s.urgency(ctx)
	if err != nil {
		return offer.Day{}, err
	}
	for _, task := range tasks {
		if task.State != TaskReady {
			continue
		}
		candidate := candidateTask(task)
		candidate.Priority = urgency[task.ID]
		day.Tasks = append(day.Tasks, candidate)
	}
	err = s.db.GetContext(ctx, &day.Staff, `
		SELECT count(*)
		FROM staff_presence
		WHERE day = $1`, s.today())
	if err != nil {
		return offer.Day{}, fmt.Errorf("count staff in the house: %w", err)
	}
	return day, nil
}

// urgency is larger the sooner the earliest order of a task must leave. It stays with staff.
func (s *Service) urgency(ctx context.Context) (map[TaskID]int, error) {
	var rows []struct {
		Task  TaskID    `db:"task_id"`
		Until time.Time `db:"ship_until"`
	}
	err := s.db.SelectContext(ctx, &rows, `
		SELECT task_units.task_id, min(orders.ship_until) AS ship_until
		FROM tasks
		JOIN task_units ON task_units.task_id = tasks.id
		JOIN units ON units.id = task_units.unit_id
		JOIN order_lines ON order_lines.id = units.order_line_id
		JOIN orders ON orders.id = order_lines.order_id
		WHERE tasks.state = 'ready'
		GROUP BY task_units.task_id`)
	if err != nil {
		return nil, fmt.Errorf("read how soon orders leave: %w", err)
	}
	urgency := map[TaskID]int{}
	for _, row := range rows {
		urgency[row.Task] = -int(row.Until.Sub(s.now()).Hours() / 24)
	}
	return urgency, nil
}

func candidateTask(task Task) offer.Task {
	makers := make([]string, len(task.Makers))
	for i, maker := range task.Makers {
		makers[i] = maker.String()
	}
	return offer.Task{
		ID: task.ID.String(), Operation: string(task.Operation), Skill: task.Skill,
		MinStage: offer.Stage(stageOrder(task.MinStage)), Minutes: task.Minutes,
		NeedsStaff: task.NeedsStaff, Hazards: task.Hazards, Makers: makers,
	}
}

// memberFactsOf returns one member as the rules see them, or ErrMemberNotFound.
func (s *Service) memberFactsOf(ctx context.Context, q sqlx.QueryerContext, member MemberID) (offer.Member, error) {
	found, err := s.memberFacts(ctx, q, &member)
	if err != nil {
		return offer.Member{}, err
	}
	if len(found) == 0 {
		return offer.Member{}, ErrMemberNotFound
	}
	return found[0], nil
}

// memberFacts reads in one query what the rules need of the active members, or of one of them.
func (s *Service) memberFacts(ctx context.Context, q sqlx.QueryerContext, only *MemberID) ([]offer.Member, error) {
	var rows []struct {
		ID             MemberID        `db:"id"`
		Present        bool            `db:"present"`
		Occupied       bool            `db:"occupied"`
		OpenOffers     int             `db:"open_offers"`
		MinutesADay    int             `db:"minutes_a_day"`
		MinutesInOneGo int             `db:"minutes_in_one_go"`
		Worked         int             `db:"worked"`
		Supported      bool            `db:"supported"`
		Excluded       pq.StringArray  `db:"excluded_hazards"`
		NotToday       pq.StringArray  `db:"not_today"`
		Stages         json.RawMessage `db:"stages"`
		Recent         json.RawMessage `db:"recent"`
	}
	err := sqlx.SelectContext(ctx, q, &rows, `
		SELECT m.id, m.minutes_a_day, m.minutes_in_one_go, m.excluded_hazards,
			EXISTS (SELECT FROM attendances WHERE member_id = m.id AND day = $1 AND arrived_at IS NOT NULL AND left_at IS NULL) AS present,
			EXISTS (SELECT FROM tasks WHERE member_id = m.id AND state IN ('accepted', 'active', 'paused', 'submitted')) AS occupied,
			EXISTS (SELECT FROM staff_presence WHERE staff_id = m.supporter_id AND day = $1) AS supported,
			(SELECT count(*) FROM offers WHERE member_id = m.id AND state = 'open') AS open_offers,
			(SELECT coalesce(sum(extract(epoch FROM coalesce(ended_at, $2) - started_at) / 60), 0)::int
				FROM work_sessions
				WHERE member_id = m.id AND started_at >= $1::date::timestamp AT TIME ZONE 'Asia/Tokyo') AS worked,
			ARRAY(SELECT operation FROM not_today WHERE member_id = m.id AND day = $1) AS not_today,
			(SELECT coalesce(jsonb_object_agg(skill, stage), '{}') FROM member_stages WHERE member_id = m.id) AS stages,
			(SELECT coalesce(jsonb_object_agg(operation, times), '{}')
				FROM (SELECT operation, count(*) AS times
					FROM tasks
					WHERE member_id = m.id AND state = 'done' AND done_at > $2::timestamptz - interval '30 days'
					GROUP BY operation) AS done) AS recent
		FROM members AS m
		WHERE m.active AND ($3::uuid IS NULL OR m.id = $3)
		ORDER BY m.id`, s.today(), s.now(), only)
	if err != nil {
		return nil, fmt.Errorf("read members for proposals: %w", err)
	}
	members := make([]offer.Member, len(rows))
	for i, row := range rows {
		var stages map[string]Stage
		member := offer.Member{
			ID: row.ID.String(), Present: row.Present, Occupied: row.Occupied, OpenOffers: row.OpenOffers,
			MinutesADay: row.MinutesADay, MinutesInOneGo: row.MinutesInOneGo, MinutesLeft: max(0, row.MinutesADay-row.Worked),
			Supported: row.Supported, Excluded: row.Excluded, NotToday: row.NotToday, Stages: map[string]offer.Stage{},
		}
		if err := json.Unmarshal(row.Stages, &stages); err != nil {
			return nil, fmt.Errorf("read stages of %s: %w", row.ID, err)
		}
		if err := json.Unmarshal(row.Recent, &member.Recent); err != nil {
			return nil, fmt.Errorf("read recent work of %s: %w", row.ID, err)
		}
		for skill, stage := range stages {
			member.Stages[skill] = offer.Stage(stageOrder(stage))
		}
		members[i] = member
	}
	return members, nil
}

var reasonWords = map[offer.Reason]string{
	offer.Familiar:     "さいきん同じしごとをしていて、なれています",
	offer.FitsStage:    "今の段階にちょうど合います",
	offer.NextStep:     "支援する人がそばにいるので、ひとつ先を試せます",
	offer.FitsTime:     "今日の時間に収まります",
	offer.LightDay:     "今日はまだ何も始めていません",
	offer.OnlyOneToday: "今日このしごとができるのは、この人だけです",
}

func reasonsInWords(reasons []offer.Reason) []string {
	words := make([]string, len(reasons))
	for i, reason := range reasons {
		words[i] = reasonWords[reason]
	}
	return words
}

var ruleInWords = map[offer.Rule]string{
	offer.Absent:       "今日は来ていません",
	offer.HasWork:      "今しているしごとがあります",
	offer.EnoughOffers: "もう三つすすめています",
	offer.WishesNot:    "今日はこのしごとをしたくないそうです",
	offer.Hazard:       "苦手なもの（刃物・熱・音など）がふくまれます",
	offer.StageTooLow:  "このしごとの段階には、まだ進んでいません",
	offer.OwnWork:      "自分で仕上げたものは、ほかの人が確かめます",
	offer.TooLong:      "一度に続けられる時間より長くなります",
	offer.NoTimeLeft:   "今日の残り時間に収まりません",
	offer.NoStaffFree:  "職員の手があいていません",
}

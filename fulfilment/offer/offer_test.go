package offer_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tsukuriba/fulfilment/offer"
)

func present(id string, change ...func(*offer.Member)) offer.Member {
	member := offer.Member{
		ID: id, Present: true, MinutesLeft: 240, MinutesADay: 240, MinutesInOneGo: 60,
		Stages: map[string]offer.Stage{"finish": offer.Practice, "inspect": offer.Production},
	}
	for _, do := range change {
		do(&member)
	}
	return member
}

func finish(id string) offer.Task {
	return offer.Task{ID: id, Operation: "finish", Skill: "finish", MinStage: offer.Practice, Minutes: 20}
}

func TestExcludes(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		task   func(*offer.Task)
		member func(*offer.Member)
		want   offer.Rule
	}{
		"nothing":                      {want: ""},
		"absent":                       {member: func(m *offer.Member) { m.Present = false }, want: offer.Absent},
		"not_today":                    {member: func(m *offer.Member) { m.NotToday = []string{"finish"} }, want: offer.WishesNot},
		"hazard":                       {task: func(t *offer.Task) { t.Hazards = []string{"blade"} }, member: func(m *offer.Member) { m.Excluded = []string{"blade"} }, want: offer.Hazard},
		"stage_below":                  {task: func(t *offer.Task) { t.MinStage = offer.Production }, want: offer.StageTooLow},
		"one_below_with_supporter":     {task: func(t *offer.Task) { t.MinStage = offer.Production }, member: func(m *offer.Member) { m.Supported = true }, want: ""},
		"two_below_with_supporter":     {task: func(t *offer.Task) { t.MinStage = offer.Sales }, member: func(m *offer.Member) { m.Supported = true }, want: offer.StageTooLow},
		"no_stage_in_skill":            {task: func(t *offer.Task) { t.Skill = "photo"; t.MinStage = offer.Trial }, want: offer.StageTooLow},
		"no_stage_but_supported":       {task: func(t *offer.Task) { t.Skill = "photo"; t.MinStage = offer.Trial }, member: func(m *offer.Member) { m.Supported = true }, want: ""},
		"own_work":                     {task: func(t *offer.Task) { t.Makers = []string{"a"} }, want: offer.OwnWork},
		"longer_than_one_go":           {task: func(t *offer.Task) { t.Minutes = 61 }, want: offer.TooLong},
		"longer_than_what_is_left":     {member: func(m *offer.Member) { m.MinutesLeft = 19 }, want: offer.NoTimeLeft},
		"absence_is_said_before_stage": {task: func(t *offer.Task) { t.MinStage = offer.Sales }, member: func(m *offer.Member) { m.Present = false }, want: offer.Absent},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			task, member := finish("t"), present("a")
			if test.task != nil {
				test.task(&task)
			}
			if test.member != nil {
				test.member(&member)
			}
			if got := offer.Excludes(task, member); got != test.want {
				t.Errorf("Excludes = %q, want %q", got, test.want)
			}
		})
	}
}

func TestSuggest(t *testing.T) {
	t.Parallel()
	familiar := func(m *offer.Member) { m.Recent = map[string]int{"finish": 3} }

	t.Run("familiar_work_goes_to_who_knows_it", func(t *testing.T) {
		got := offer.Suggest(offer.Day{Members: []offer.Member{present("a"), present("b", familiar)}, Tasks: []offer.Task{finish("1")}})
		if len(got) != 1 || got[0].MemberID != "b" || got[0].Kind != offer.Anchor || !slices.Contains(got[0].Reasons, offer.Familiar) {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("work_is_spread", func(t *testing.T) {
		got := offer.Suggest(offer.Day{Members: []offer.Member{present("a"), present("b")}, Tasks: []offer.Task{finish("1"), finish("2")}})
		if len(got) != 2 || got[0].MemberID == got[1].MemberID {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("the_scarce_person_is_kept_for_the_task_only_they_can_do", func(t *testing.T) {
		inspector := present("b", familiar)
		finisher := present("a", func(m *offer.Member) { m.Stages = map[string]offer.Stage{"finish": offer.Practice} })
		inspect := offer.Task{ID: "2", Operation: "inspect", Skill: "inspect", MinStage: offer.Production, Minutes: 30}
		inspector.MinutesLeft = 30
		got := offer.Suggest(offer.Day{Members: []offer.Member{finisher, inspector}, Tasks: []offer.Task{finish("1"), inspect}})
		if len(got) != 2 || got[0].TaskID != "2" || got[0].MemberID != "b" || got[1].MemberID != "a" {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("the_better_one_left_out_is_named_with_the_rule", func(t *testing.T) {
		busy := present("b", familiar, func(m *offer.Member) { m.Occupied = true })
		got := offer.Suggest(offer.Day{Members: []offer.Member{present("a"), busy}, Tasks: []offer.Task{finish("1")}})
		want := &offer.Exclusion{MemberID: "b", Rule: offer.HasWork}
		if len(got) != 1 || !reflect.DeepEqual(got[0].WhyNot, want) {
			t.Errorf("got %+v, want why not %+v", got, want)
		}
	})
	t.Run("staff_are_not_counted_twice", func(t *testing.T) {
		task1, task2 := finish("1"), finish("2")
		task1.NeedsStaff, task2.NeedsStaff = true, true
		got := offer.Suggest(offer.Day{Members: []offer.Member{present("a"), present("b")}, Tasks: []offer.Task{task1, task2}, Staff: 1})
		if len(got) != 1 {
			t.Errorf("got %+v", got)
		}
	})
}

// Nothing proposed breaks a rule, nobody gets more than three or two stretches, and the order in
// which people and tasks are listed changes nothing.
func TestSuggestKeepsTheRules(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		day := drawDay(t)
		got := offer.Suggest(day)
		count, stretches, minutes, tasks := map[string]int{}, map[string]int{}, map[string]int{}, map[string]bool{}
		for _, s := range got {
			member := day.Members[slices.IndexFunc(day.Members, func(m offer.Member) bool { return m.ID == s.MemberID })]
			task := day.Tasks[slices.IndexFunc(day.Tasks, func(task offer.Task) bool { return task.ID == s.TaskID })]
			if rule := offer.Excludes(task, member); rule != "" || member.Occupied {
				t.Fatalf("%+v breaks %q", s, rule)
			}
			if tasks[s.TaskID] {
				t.Fatalf("task %s is proposed twice", s.TaskID)
			}
			tasks[s.TaskID] = true
			count[s.MemberID]++
			minutes[s.MemberID] += task.Minutes
			if s.Kind == offer.Stretch {
				stretches[s.MemberID]++
			}
			if count[s.MemberID]+member.OpenOffers > offer.PerMember || stretches[s.MemberID] > 1 || minutes[s.MemberID] > member.MinutesLeft {
				t.Fatalf("too much for %s: %+v", s.MemberID, got)
			}
			if len(s.Reasons) == 0 {
				t.Fatalf("%+v has no reason", s)
			}
		}
		slices.Reverse(day.Members)
		slices.Reverse(day.Tasks)
		if again := offer.Suggest(day); !reflect.DeepEqual(got, again) {
			t.Fatalf("the order of the lists matters:\n%+v\n%+v", got, again)
		}
	})
}

func drawDay(t *rapid.T) offer.Day {
	var day offer.Day
	for i := range rapid.IntRange(0, 8).Draw(t, "members") {
		member := present(fmt.Sprint("m", i))
		member.Present = rapid.Bool().Draw(t, "present")
		member.Occupied = rapid.Bool().Draw(t, "occupied")
		member.Supported = rapid.Bool().Draw(t, "supported")
		member.OpenOffers = rapid.IntRange(0, 3).Draw(t, "offers")
		member.MinutesLeft = rapid.IntRange(0, 240).Draw(t, "left")
		member.Stages = map[string]offer.Stage{"finish": offer.Stage(rapid.IntRange(0, 3).Draw(t, "stage"))}
		day.Members = append(day.Members, member)
	}
	for i := range rapid.IntRange(0, 12).Draw(t, "tasks") {
		task := finish(fmt.Sprint("t", i))
		task.MinStage = offer.Stage(rapid.IntRange(0, 3).Draw(t, "min"))
		task.Minutes = rapid.IntRange(5, 90).Draw(t, "minutes")
		task.Priority = rapid.IntRange(0, 3).Draw(t, "priority")
		task.NeedsStaff = rapid.Bool().Draw(t, "staff")
		day.Tasks = append(day.Tasks, task)
	}
	day.Staff = rapid.IntRange(0, 2).Draw(t, "on the floor")
	return day
}

// A person's speed, refusals and worth must not even be expressible.
func TestMemberHasNoFieldToRankBy(t *testing.T) {
	t.Parallel()
	for field := range reflect.TypeFor[offer.Member]().Fields() {
		for _, word := range []string{"speed", "rank", "score", "declin", "refus", "late"} {
			if strings.Contains(strings.ToLower(field.Name), word) {
				t.Errorf("offer.Member has the field %s", field.Name)
			}
		}
	}
}

func BenchmarkSuggest(b *testing.B) {
	for _, size := range []struct{ tasks, members int }{{50, 20}, {500, 50}} {
		b.Run(fmt.Sprintf("%dx%d", size.tasks, size.members), func(b *testing.B) {
			var day offer.Day
			for i := range size.members {
				day.Members = append(day.Members, present(fmt.Sprint("m", i)))
			}
			for i := range size.tasks {
				day.Tasks = append(day.Tasks, finish(fmt.Sprint("t", i)))
			}
			for b.Loop() {
				offer.Suggest(day)
			}
		})
	}
}

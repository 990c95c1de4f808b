// Package offer proposes which task might suit whom today. It knows people and tasks only by
// what its rules need, decides nothing for anybody, and refuses to look at speed, at refusals
// of other days, or at anything said about a person.
//
// Rules are compared in order, never added up: what is forbidden is left out; then as many
// urgent tasks as possible find somebody; then the most fitting person is proposed.
package offer

import (
	"cmp"
	"slices"
)

// Stage is how far somebody is in one skill.
type Stage int

// The four stages in their order.
const (
	Trial Stage = iota
	Practice
	Production
	Sales
)

// Kind says what a proposal is to the person it is made to.
type Kind string

// A day holds at most one anchor, a familiar task, at most two others, and at most one stretch.
const (
	Anchor  Kind = "anchor"
	Other   Kind = "other"
	Stretch Kind = "stretch"
)

// PerMember is the largest number of proposals one person sees at once.
const PerMember = 3

// Member is what the rules need of a person. A member has no stage in a skill not listed.
type Member struct {
	ID             string
	Present        bool
	Occupied       bool // has a task in hand
	OpenOffers     int
	MinutesLeft    int // of the day, by the member's own limit and what was worked already
	MinutesADay    int
	MinutesInOneGo int
	Stages         map[string]Stage
	Supported      bool // a named supporter is on the floor
	Excluded       []string
	NotToday       []string // operations
	Recent         map[string]int
}

// Task is what the rules need of a task.
type Task struct {
	ID         string
	Operation  string
	Skill      string
	MinStage   Stage
	Minutes    int
	NeedsStaff bool
	Hazards    []string
	Makers     []string // members who may not check this, as they made it
	Priority   int      // larger is more urgent; it comes from the order and stays with staff
}

// Day is the situation to propose for.
type Day struct {
	Members []Member
	Tasks   []Task
	Staff   int // staff on the floor, for tasks that need one
}

// Suggestion proposes a task to a member. WhyNot names the most fitting member the rules left
// out, when there is one.
type Suggestion struct {
	TaskID   string
	MemberID string
	Kind     Kind
	Reasons  []Reason
	WhyNot   *Exclusion
}

// Reason is one thing that speaks for a proposal.
type Reason string

// The reasons, strongest first.
const (
	Familiar     Reason = "familiar"
	FitsStage    Reason = "fits_stage"
	NextStep     Reason = "next_step"
	FitsTime     Reason = "fits_time"
	LightDay     Reason = "light_day"
	OnlyOneToday Reason = "only_one_today"
)

// Exclusion says which rule leaves a member out of a task.
type Exclusion struct {
	MemberID string
	Rule     Rule
}

// Rule is a hard rule.
type Rule string

// The hard rules, in the order in which they are looked at.
const (
	Absent       Rule = "absent"
	HasWork      Rule = "has_work"
	EnoughOffers Rule = "enough_offers"
	WishesNot    Rule = "not_today"
	Hazard       Rule = "hazard"
	StageTooLow  Rule = "stage_too_low"
	OwnWork      Rule = "own_work"
	TooLong      Rule = "too_long"
	NoTimeLeft   Rule = "no_time_left"
	NoStaffFree  Rule = "no_staff_free"
)

// Suggest proposes tasks to members: the most urgent task first, among those the one with the
// fewest people who could do it. The result depends on nothing but its argument.
func Suggest(day Day) []Suggestion {
	plan := newPlan(day)
	for _, task := range plan.inOrder() {
		if best, found := plan.best(task); found {
			plan.take(task, best)
		}
	}
	return plan.suggestions
}

// Excludes returns the rule that forbids a task to a member on an otherwise empty day, or "".
func Excludes(task Task, member Member) Rule {
	switch {
	case !member.Present:
		return Absent
	case slices.Contains(member.NotToday, task.Operation):
		return WishesNot
	case slices.ContainsFunc(task.Hazards, func(h string) bool { return slices.Contains(member.Excluded, h) }):
		return Hazard
	case !stageAllows(task, member):
		return StageTooLow
	case slices.Contains(task.Makers, member.ID):
		return OwnWork
	case task.Minutes > member.MinutesInOneGo:
		return TooLong
	case task.Minutes > member.MinutesLeft:
		return NoTimeLeft
	default:
		return ""
	}
}

// stageAllows holds the stage rule: at the task's stage or above, or one below with a named
// supporter present. Somebody without any stage in the skill is below all of them.
func stageAllows(task Task, member Member) bool {
	gap := stageGap(task, member)
	return gap >= 0 || gap == -1 && member.Supported
}

// Below reports whether the task is a step above the member's stage in its skill.
func Below(task Task, member Member) bool { return stageGap(task, member) < 0 }

func stageGap(task Task, member Member) int {
	stage, known := member.Stages[task.Skill]
	if !known {
		return int(Trial) - 1 - int(task.MinStage)
	}
	return int(stage - task.MinStage)
}

// plan is a day being filled.
type plan struct {
	day         Day
	members     []assignment
	staffFree   int
	suggestions []Suggestion
}

// assignment is a member with what was proposed so far.
type assignment struct {
	Member
	proposed int
	minutes  int
	anchored bool
	stretch  bool
}

func newPlan(day Day) *plan {
	p := &plan{day: day, staffFree: day.Staff}
	for _, member := range day.Members {
		p.members = append(p.members, assignment{Member: member, proposed: member.OpenOffers, anchored: member.OpenOffers > 0})
	}
	slices.SortStableFunc(p.members, func(a, b assignment) int { return cmp.Compare(a.ID, b.ID) })
	return p
}

// inOrder sorts tasks by urgency, then by how few could do them.
func (p *plan) inOrder() []Task {
	candidates := make(map[string]int, len(p.day.Tasks))
	for _, task := range p.day.Tasks {
		for i := range p.members {
			if p.excludes(task, &p.members[i]) == "" {
				candidates[task.ID]++
			}
		}
	}
	tasks := slices.Clone(p.day.Tasks)
	slices.SortStableFunc(tasks, func(a, b Task) int {
		return cmp.Or(cmp.Compare(b.Priority, a.Priority), cmp.Compare(candidates[a.ID], candidates[b.ID]), cmp.Compare(a.ID, b.ID))
	})
	return tasks
}

// excludes adds to Excludes what depends on the proposals made so far.
func (p *plan) excludes(task Task, member *assignment) Rule {
	switch {
	case !member.Present:
		return Absent
	case member.Occupied:
		return HasWork
	case member.proposed >= PerMember:
		return EnoughOffers
	}
	if rule := Excludes(task, member.Member); rule != "" {
		return rule
	}
	switch {
	case stageGap(task, member.Member) < 0 && member.stretch:
		return EnoughOffers
	case task.Minutes > member.MinutesLeft-member.minutes:
		return NoTimeLeft
	case task.NeedsStaff && p.staffFree == 0:
		return NoStaffFree
	default:
		return ""
	}
}

// choice is a member weighed for a task.
type choice struct {
	member    *assignment
	cost      float64
	only      bool
	exclusion *Exclusion
}

func (p *plan) best(task Task) (choice, bool) {
	var best choice
	var leftOut *Exclusion
	leftOutCost, candidates := 0.0, 0
	for i := range p.members {
		member := &p.members[i]
		cost := fit(task, member)
		if rule := p.excludes(task, member); rule != "" {
			if member.Present && (leftOut == nil || cost < leftOutCost) {
				leftOut, leftOutCost = &Exclusion{member.ID, rule}, cost
			}
			continue
		}
		candidates++
		if best.member == nil || cost < best.cost {
			best = choice{member: member, cost: cost}
		}
	}
	if best.member == nil {
		return choice{}, false
	}
	best.only = candidates == 1
	if leftOut != nil && leftOutCost < best.cost {
		best.exclusion = leftOut
	}
	return best, true
}

// Weights of the soft wishes. Familiar work counts most; then work that fits the stage; a fuller
// day counts by the square of its share of the member's own minutes, so a short day is not "behind".
const (
	farBelowAbility = 1.0
	stretchStep     = 1.5
	familiarity     = 2.0
	load            = 4.0
)

func fit(task Task, member *assignment) float64 {
	cost := 0.0
	if gap := stageGap(task, member.Member); gap >= 0 {
		cost += farBelowAbility * float64(gap)
	} else {
		cost += stretchStep * float64(-gap)
	}
	if member.Recent[task.Operation] > 0 {
		cost -= familiarity
	}
	if member.MinutesADay > 0 {
		worked := member.MinutesADay - member.MinutesLeft + member.minutes + task.Minutes
		share := float64(worked) / float64(member.MinutesADay)
		cost += load * share * share / 2
	}
	return cost
}

func (p *plan) take(task Task, choice choice) {
	member := choice.member
	suggestion := Suggestion{
		TaskID: task.ID, MemberID: member.ID, WhyNot: choice.exclusion,
		Kind: kind(task, member), Reasons: reasons(task, choice),
	}
	member.proposed++
	member.minutes += task.Minutes
	switch suggestion.Kind {
	case Anchor:
		member.anchored = true
	case Stretch:
		member.stretch = true
	}
	if task.NeedsStaff {
		p.staffFree--
	}
	p.suggestions = append(p.suggestions, suggestion)
}

func kind(task Task, member *assignment) Kind {
	switch {
	case stageGap(task, member.Member) < 0:
		return Stretch
	case !member.anchored:
		return Anchor
	default:
		return Other
	}
}

func reasons(task Task, choice choice) []Reason {
	var out []Reason
	member := choice.member
	if member.Recent[task.Operation] > 0 {
		out = append(out, Familiar)
	}
	switch gap := stageGap(task, member.Member); {
	case gap < 0:
		out = append(out, NextStep)
	case gap == 0:
		out = append(out, FitsStage)
	}
	if choice.only {
		out = append(out, OnlyOneToday)
	}
	if member.minutes == 0 && member.MinutesLeft == member.MinutesADay {
		out = append(out, LightDay)
	}
	if len(out) == 0 {
		out = append(out, FitsTime)
	}
	return out
}

package fulfilment_test

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"tsukuriba/fulfilment"
	"tsukuriba/fulfilment/offer"
	"tsukuriba/internal/audit"
	"tsukuriba/internal/jobs"
	"tsukuriba/internal/postgres/testdb"
	"tsukuriba/internal/seal"
)

var system = audit.Actor{Role: audit.System}

// floor is a workshop with people but nothing to print.
type floor struct {
	*fulfilment.Service
	db    *sqlx.DB
	now   time.Time
	staff audit.Actor
}

func newFloor(t *testing.T) *floor {
	t.Helper()
	box, err := seal.New([]byte(strings.Repeat("k", 32)))
	if err != nil {
		t.Fatal(err)
	}
	f := &floor{db: testdb.New(t), now: time.Date(2026, 11, 24, 10, 0, 0, 0, time.FixedZone("JST", 9*3600))}
	f.Service = fulfilment.New(fulfilment.Config{DB: f.db, Announce: jobs.NewBus(f.db, jobs.Config{}), Seal: box, Now: func() time.Time { return f.now }})
	staff, err := f.AddStaff(t.Context(), system, fulfilment.NewStaff{
		Email: "Sato@example.jp ", Name: "佐藤", Role: fulfilment.Instructor, Password: "correct horse",
	})
	if err != nil {
		t.Fatal(err)
	}
	f.staff = audit.Actor{Role: audit.Staff, ID: staff.ID.String()}
	return f
}

// member adds somebody who is here today, with one stage for each pair.
func (f *floor) member(t *testing.T, nickname string, stages map[string]fulfilment.Stage, change ...func(*fulfilment.NewMember)) fulfilment.MemberID {
	t.Helper()
	wanted := fulfilment.NewMember{
		Nickname: nickname, Reading: nickname, Picture: "sun", MinutesADay: 240, MinutesInOneGo: 60, Stages: stages,
	}
	for _, do := range change {
		do(&wanted)
	}
	member, err := f.AddMember(t.Context(), f.staff, wanted)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Arrive(t.Context(), f.staff, member); err != nil {
		t.Fatal(err)
	}
	return member
}

// task adds a ready task of an operation of the name-tag routing.
func (f *floor) task(t *testing.T, operation, skill string, stage fulfilment.Stage) fulfilment.TaskID {
	t.Helper()
	var text string
	err := f.db.GetContext(t.Context(), &text, `
		INSERT INTO tasks (id, operation, routing, routing_version, skill, min_stage, minutes, state)
		VALUES (gen_random_uuid(), $1, 'name-tag', 1, $2, $3, 15, 'ready')
		RETURNING id`, operation, skill, stage)
	if err != nil {
		t.Fatal(err)
	}
	var task fulfilment.TaskID
	if err := task.Scan(text); err != nil {
		t.Fatal(err)
	}
	return task
}

func (f *floor) offer(t *testing.T, task fulfilment.TaskID, member fulfilment.MemberID) fulfilment.OfferID {
	t.Helper()
	made, err := f.OfferTask(t.Context(), f.staff, fulfilment.Proposal{Task: task, Member: member})
	if err != nil {
		t.Fatal(err)
	}
	return made.ID
}

func TestSignInStaff(t *testing.T) {
	t.Parallel()
	f := newFloor(t)
	ctx := t.Context()
	staff, err := f.SignInStaff(ctx, " SATO@example.jp", "correct horse")
	if err != nil || staff.Name != "佐藤" {
		t.Errorf("right password: %+v, %v", staff, err)
	}
	for name, try := range map[string][2]string{
		"wrong_password": {"sato@example.jp", "wrong horse"},
		"unknown_email":  {"nobody@example.jp", "correct horse"},
		"empty":          {"", ""},
		"hash_of_nobody": {"nobody@example.jp", "nobody"},
	} {
		if _, err := f.SignInStaff(ctx, try[0], try[1]); !errors.Is(err, fulfilment.ErrSignIn) {
			t.Errorf("%s: %v, want ErrSignIn", name, err)
		}
	}
	if _, err := f.db.ExecContext(ctx, `UPDATE staff SET active = false`); err != nil {
		t.Fatal(err)
	}
	if _, err := f.SignInStaff(ctx, "sato@example.jp", "correct horse"); !errors.Is(err, fulfilment.ErrSignIn) {
		t.Errorf("who left still signs in: %v", err)
	}
	if _, err := f.StaffByID(ctx, staff.ID); !errors.Is(err, fulfilment.ErrStaffNotFound) {
		t.Errorf("who left is still known: %v", err)
	}
}

// Guessing is slow: after five wrong tries even the right one must wait, for nobody else.
func TestTooManyTries(t *testing.T) {
	t.Parallel()
	f := newFloor(t)
	ctx := t.Context()
	member := f.member(t, "そら", nil, func(m *fulfilment.NewMember) { m.PIN = "4821" })
	other := f.member(t, "うみ", nil, func(m *fulfilment.NewMember) { m.PIN = "1234" })
	for range 5 {
		if _, err := f.SignInMember(ctx, member, "0000"); !errors.Is(err, fulfilment.ErrWrongPIN) {
			t.Fatalf("a wrong try: %v", err)
		}
	}
	if _, err := f.SignInMember(ctx, member, "4821"); !errors.Is(err, fulfilment.ErrTooManyTries) {
		t.Errorf("the sixth try at once: %v", err)
	}
	if _, err := f.SignInMember(ctx, other, "1234"); err != nil {
		t.Errorf("somebody else: %v", err)
	}
	f.now = f.now.Add(6 * time.Minute)
	if _, err := f.SignInMember(ctx, member, "4821"); err != nil {
		t.Errorf("after six minutes: %v", err)
	}
	if err := f.ForgetTries(ctx); err != nil {
		t.Fatal(err)
	}
	var kept int
	if err := f.db.Get(&kept, `SELECT count(*) FROM sign_in_failures`); err != nil || kept != 0 {
		t.Errorf("%d tries are kept, %v", kept, err)
	}
}

func TestAddStaff(t *testing.T) {
	t.Parallel()
	f := newFloor(t)
	_, err := f.AddStaff(t.Context(), system, fulfilment.NewStaff{Email: "SATO@example.jp", Name: "x", Role: fulfilment.Manager, Password: "long enough!"})
	if !errors.Is(err, fulfilment.ErrStaffExists) {
		t.Errorf("second account for one e-mail: %v", err)
	}
	_, err = f.AddStaff(t.Context(), system, fulfilment.NewStaff{Email: "b@example.jp", Name: "x", Role: fulfilment.Manager, Password: "ひみつの言葉"})
	if !errors.Is(err, fulfilment.ErrWeakPassword) {
		t.Errorf("six characters: %v", err)
	}
}

func TestTablet(t *testing.T) {
	t.Parallel()
	f := newFloor(t)
	ctx := t.Context()
	code := func() string {
		enrollment, err := f.EnrollCode(ctx, f.staff, "作業台 1")
		if err != nil {
			t.Fatal(err)
		}
		return enrollment.Code
	}
	first := code()
	tablet, err := f.EnrollTablet(ctx, " "+strings.ToLower(first)+" ")
	if err != nil {
		t.Fatalf("code as typed by a person: %v", err)
	}
	if found, err := f.TabletByID(ctx, tablet.ID); err != nil || found.Name != "作業台 1" {
		t.Errorf("TabletByID = %+v, %v", found, err)
	}
	if _, err := f.EnrollTablet(ctx, first); !errors.Is(err, fulfilment.ErrEnrollmentCode) {
		t.Errorf("a used code: %v", err)
	}
	late := code()
	f.now = f.now.Add(31 * time.Minute)
	if _, err := f.EnrollTablet(ctx, late); !errors.Is(err, fulfilment.ErrEnrollmentCode) {
		t.Errorf("a code after half an hour: %v", err)
	}
	if _, err := f.EnrollTablet(ctx, ""); !errors.Is(err, fulfilment.ErrEnrollmentCode) {
		t.Errorf("no code: %v", err)
	}
}

func TestSignInMember(t *testing.T) {
	t.Parallel()
	f := newFloor(t)
	open := f.member(t, "はな", nil)
	locked := f.member(t, "そら", nil, func(m *fulfilment.NewMember) { m.PIN = "4821" })
	if _, err := f.SignInMember(t.Context(), open, ""); err != nil {
		t.Errorf("by picture alone: %v", err)
	}
	if _, err := f.SignInMember(t.Context(), locked, "4821"); err != nil {
		t.Errorf("with the right digits: %v", err)
	}
	for _, pin := range []string{"", "4822", "48210"} {
		if _, err := f.SignInMember(t.Context(), locked, pin); !errors.Is(err, fulfilment.ErrWrongPIN) {
			t.Errorf("with %q: %v", pin, err)
		}
	}
	if _, err := f.SignInMember(t.Context(), fulfilment.MemberID{}, ""); !errors.Is(err, fulfilment.ErrMemberNotFound) {
		t.Errorf("nobody: %v", err)
	}
}

func TestMood(t *testing.T) {
	t.Parallel()
	f := newFloor(t)
	member := f.member(t, "はな", nil)
	if err := f.SetMood(t.Context(), member, fulfilment.MoodTired); err != nil {
		t.Fatal(err)
	}
	if err := f.SetMood(t.Context(), member, "angry"); !errors.Is(err, fulfilment.ErrUnknownMood) {
		t.Errorf("an unknown mood: %v", err)
	}
	var leaks int
	if err := f.db.Get(&leaks, `SELECT count(*) FROM attendances WHERE mood_sealed = 'tired'::bytea`); err != nil || leaks != 0 {
		t.Errorf("the mood is readable in the database: %d, %v", leaks, err)
	}
	other := f.member(t, "ゆき", nil)
	must(t, f.SetMood(t.Context(), other, fulfilment.MoodNoAnswer))
	var sizes int
	must(t, f.db.Get(&sizes, `SELECT count(DISTINCT length(mood_sealed)) FROM attendances`))
	if sizes != 1 {
		t.Error("the mood can be guessed from its length")
	}
	moods, err := f.MoodsToday(t.Context(), f.staff)
	if err != nil || moods[member] != fulfilment.MoodTired {
		t.Errorf("MoodsToday = %v, %v", moods, err)
	}
	var reads int
	if err := f.db.Get(&reads, `SELECT count(*) FROM audit_entries WHERE action = 'moods.read' AND actor_id = $1`, f.staff.ID); err != nil || reads != 1 {
		t.Errorf("reading left %d audit rows, %v", reads, err)
	}
	_, err = f.db.Exec(`UPDATE attendances SET mood_sealed = (SELECT mood_sealed FROM attendances WHERE member_id = $1) WHERE member_id = $2`, other, member)
	must(t, err)
	if _, err := f.MoodsToday(t.Context(), f.staff); !errors.Is(err, seal.ErrUnreadable) {
		t.Errorf("the mood of somebody else: %v", err)
	}
}

func TestSetStage(t *testing.T) {
	t.Parallel()
	f := newFloor(t)
	member := f.member(t, "はな", map[string]fulfilment.Stage{"pack": fulfilment.Production})
	back := fulfilment.StageChange{Member: member, Skill: "pack", Stage: fulfilment.Trial}
	if err := f.SetStage(t.Context(), f.staff, back); err != nil {
		t.Errorf("going back: %v", err)
	}
	found, err := f.Member(t.Context(), member)
	if err != nil || found.Stages["pack"] != fulfilment.Trial {
		t.Errorf("stages = %v, %v", found.Stages, err)
	}
	back.Stage = "expert"
	if err := f.SetStage(t.Context(), f.staff, back); !errors.Is(err, fulfilment.ErrUnknownStage) {
		t.Errorf("an unknown stage: %v", err)
	}
}

func TestOfferTask(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		prepare func(*testing.T, *floor, fulfilment.MemberID)
		member  func(*fulfilment.NewMember)
		want    error
	}{
		"fits": {},
		"absent": {
			prepare: func(t *testing.T, f *floor, m fulfilment.MemberID) {
				if err := f.Leave(t.Context(), f.staff, m); err != nil {
					t.Fatal(err)
				}
			},
			want: fulfilment.ErrMemberAbsent,
		},
		"stage_too_low":   {member: func(m *fulfilment.NewMember) { m.Stages = map[string]fulfilment.Stage{"finish": fulfilment.Trial} }, want: fulfilment.ErrStageTooLow},
		"no_stage_at_all": {member: func(m *fulfilment.NewMember) { m.Stages = nil }, want: fulfilment.ErrStageTooLow},
		"too_long":        {member: func(m *fulfilment.NewMember) { m.MinutesInOneGo = 5 }, want: fulfilment.ErrTooLong},
		"day_is_full":     {member: func(m *fulfilment.NewMember) { m.MinutesADay = 10 }, want: fulfilment.ErrNoTimeLeft},
		"three_offers_already": {
			prepare: func(t *testing.T, f *floor, m fulfilment.MemberID) {
				for range 3 {
					f.offer(t, f.task(t, "finish", "finish", fulfilment.Practice), m)
				}
			},
			want: fulfilment.ErrEnoughOffers,
		},
		"task_in_hand": {
			prepare: func(t *testing.T, f *floor, m fulfilment.MemberID) {
				offered := f.offer(t, f.task(t, "finish", "finish", fulfilment.Practice), m)
				if _, err := f.Accept(t.Context(), m, offered); err != nil {
					t.Fatal(err)
				}
			},
			want: fulfilment.ErrMemberHasWork,
		},
		"not_again_today": {
			prepare: func(t *testing.T, f *floor, m fulfilment.MemberID) {
				offered := f.offer(t, f.task(t, "finish", "finish", fulfilment.Practice), m)
				if err := f.Decline(t.Context(), m, offered, true); err != nil {
					t.Fatal(err)
				}
			},
			want: fulfilment.ErrNotToday,
		},
		"declined_only_once": {
			prepare: func(t *testing.T, f *floor, m fulfilment.MemberID) {
				offered := f.offer(t, f.task(t, "finish", "finish", fulfilment.Practice), m)
				if err := f.Decline(t.Context(), m, offered, false); err != nil {
					t.Fatal(err)
				}
			},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFloor(t)
			change := func(*fulfilment.NewMember) {}
			if test.member != nil {
				change = test.member
			}
			member := f.member(t, "はな", map[string]fulfilment.Stage{"finish": fulfilment.Practice}, change)
			if test.prepare != nil {
				test.prepare(t, f, member)
			}
			task := f.task(t, "finish", "finish", fulfilment.Practice)
			_, err := f.OfferTask(t.Context(), f.staff, fulfilment.Proposal{Task: task, Member: member})
			if !errors.Is(err, test.want) {
				t.Errorf("OfferTask: %v, want %v", err, test.want)
			}
		})
	}
}

func TestOfferTaskTwiceIsOneOffer(t *testing.T) {
	t.Parallel()
	f := newFloor(t)
	member := f.member(t, "はな", map[string]fulfilment.Stage{"finish": fulfilment.Practice})
	task := f.task(t, "finish", "finish", fulfilment.Practice)
	if first, second := f.offer(t, task, member), f.offer(t, task, member); first != second {
		t.Errorf("two offers: %s, %s", first, second)
	}
}

// A stage above one's own may be tried with the named supporter in the house, and not without.
func TestStretchNeedsTheSupporter(t *testing.T) {
	t.Parallel()
	f := newFloor(t)
	ctx := t.Context()
	signedIn, err := f.AddStaff(ctx, system, fulfilment.NewStaff{Email: "ito@example.jp", Name: "伊藤", Role: fulfilment.Therapist, Password: "battery staple"})
	if err != nil {
		t.Fatal(err)
	}
	member := f.member(t, "はな", map[string]fulfilment.Stage{"finish": fulfilment.Trial}, func(m *fulfilment.NewMember) { m.SupporterID = signedIn.ID })
	proposal := fulfilment.Proposal{Task: f.task(t, "finish", "finish", fulfilment.Practice), Member: member}
	if _, err := f.OfferTask(ctx, f.staff, proposal); !errors.Is(err, fulfilment.ErrStageTooLow) {
		t.Errorf("without the supporter: %v", err)
	}
	if _, err := f.SignInStaff(ctx, "ito@example.jp", "battery staple"); err != nil {
		t.Fatal(err)
	}
	if made, err := f.OfferTask(ctx, f.staff, proposal); err != nil || made.Kind != offer.Stretch {
		t.Errorf("with the supporter: %+v, %v", made, err)
	}
	proposal.Task = f.task(t, "inspect", "inspect", fulfilment.Production)
	if _, err := f.OfferTask(ctx, f.staff, proposal); !errors.Is(err, fulfilment.ErrStageTooLow) {
		t.Errorf("two steps up: %v", err)
	}
}

// A member who touches several cards at once gets one task in hand.
func TestAcceptSeveral(t *testing.T) {
	t.Parallel()
	f := newFloor(t)
	member := f.member(t, "はな", map[string]fulfilment.Stage{"finish": fulfilment.Practice})
	var cards []fulfilment.OfferID
	for range 3 {
		cards = append(cards, f.offer(t, f.task(t, "finish", "finish", fulfilment.Practice), member))
	}
	var wait sync.WaitGroup
	results := make([]error, len(cards))
	for i, card := range cards {
		wait.Go(func() { _, results[i] = f.Accept(context.Background(), member, card) })
	}
	wait.Wait()
	var inHand int
	must(t, f.db.Get(&inHand, `SELECT count(*) FROM tasks WHERE member_id = $1`, member))
	if inHand != 1 {
		t.Errorf("%d tasks in hand: %v", inHand, results)
	}
}

// Of several who were offered a task, exactly one gets it, and the others' cards are gone.
func TestAcceptTogether(t *testing.T) {
	t.Parallel()
	f := newFloor(t)
	task := f.task(t, "finish", "finish", fulfilment.Practice)
	type card struct {
		member fulfilment.MemberID
		offer  fulfilment.OfferID
	}
	var cards []card
	for _, nickname := range []string{"はな", "そら", "うみ", "かぜ", "ゆき"} {
		member := f.member(t, nickname, map[string]fulfilment.Stage{"finish": fulfilment.Practice})
		cards = append(cards, card{member, f.offer(t, task, member)})
	}
	var wait sync.WaitGroup
	results := make([]error, len(cards))
	for i, card := range cards {
		wait.Go(func() { _, results[i] = f.Accept(context.Background(), card.member, card.offer) })
	}
	wait.Wait()
	accepted := 0
	for _, err := range results {
		switch {
		case err == nil:
			accepted++
		case !errors.Is(err, fulfilment.ErrOfferNotFound) && !errors.Is(err, fulfilment.ErrTaskState):
			t.Errorf("unexpected: %v", err)
		}
	}
	if accepted != 1 {
		t.Errorf("%d accepted one task", accepted)
	}
	var open int
	if err := f.db.Get(&open, `SELECT count(*) FROM offers WHERE state = 'open'`); err != nil || open != 0 {
		t.Errorf("%d cards are still there, %v", open, err)
	}
}

func TestAcceptOfSomebodyElse(t *testing.T) {
	t.Parallel()
	f := newFloor(t)
	stages := map[string]fulfilment.Stage{"finish": fulfilment.Practice}
	hers, his := f.member(t, "はな", stages), f.member(t, "そら", stages)
	offered := f.offer(t, f.task(t, "finish", "finish", fulfilment.Practice), hers)
	if _, err := f.Accept(t.Context(), his, offered); !errors.Is(err, fulfilment.ErrOfferNotFound) {
		t.Errorf("accepting another's offer: %v", err)
	}
	if err := f.Decline(t.Context(), his, offered, false); !errors.Is(err, fulfilment.ErrOfferNotFound) {
		t.Errorf("declining another's offer: %v", err)
	}
}

// A stage that fell between offer and acceptance counts.
func TestAcceptLooksAgain(t *testing.T) {
	t.Parallel()
	f := newFloor(t)
	member := f.member(t, "はな", map[string]fulfilment.Stage{"inspect": fulfilment.Production})
	offered := f.offer(t, f.task(t, "inspect", "inspect", fulfilment.Production), member)
	if err := f.SetStage(t.Context(), f.staff, fulfilment.StageChange{Member: member, Skill: "inspect", Stage: fulfilment.Trial}); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Accept(t.Context(), member, offered); !errors.Is(err, fulfilment.ErrStageTooLow) {
		t.Errorf("accepted above the stage: %v", err)
	}
}

// Declining leaves nothing behind that says who did it: the same rows as a withdrawn offer.
func TestDeclineLeavesNoTrace(t *testing.T) {
	t.Parallel()
	f := newFloor(t)
	stages := map[string]fulfilment.Stage{"finish": fulfilment.Practice}
	declines, withdrawn := f.member(t, "はな", stages), f.member(t, "そら", stages)
	first := f.offer(t, f.task(t, "finish", "finish", fulfilment.Practice), declines)
	second := f.offer(t, f.task(t, "finish", "finish", fulfilment.Practice), withdrawn)
	if err := f.Decline(t.Context(), declines, first, false); err != nil {
		t.Fatal(err)
	}
	if err := f.WithdrawOffer(t.Context(), f.staff, second); err != nil {
		t.Fatal(err)
	}
	var states []string
	if err := f.db.Select(&states, `SELECT DISTINCT state FROM offers`); err != nil || !reflect.DeepEqual(states, []string{"closed"}) {
		t.Errorf("states = %v, %v", states, err)
	}
	var named int
	if err := f.db.Get(&named, `SELECT count(*) FROM audit_entries WHERE actor_role = 'member' OR action LIKE '%decline%'`); err != nil || named != 0 {
		t.Errorf("%d audit rows tell of declining, %v", named, err)
	}
	var ready int
	if err := f.db.Get(&ready, `SELECT count(*) FROM tasks WHERE state = 'ready'`); err != nil || ready != 2 {
		t.Errorf("%d tasks are ready again, %v", ready, err)
	}
}

func TestSuggestions(t *testing.T) {
	t.Parallel()
	f := newFloor(t)
	able := f.member(t, "はな", map[string]fulfilment.Stage{"finish": fulfilment.Practice})
	f.member(t, "そら", map[string]fulfilment.Stage{"finish": fulfilment.Trial})
	task := f.task(t, "finish", "finish", fulfilment.Practice)
	f.task(t, "inspect", "inspect", fulfilment.Production) // nobody is there for it
	suggestions, err := f.Suggestions(t.Context())
	if err != nil || len(suggestions) != 1 {
		t.Fatalf("%d suggestions, %v", len(suggestions), err)
	}
	got := suggestions[0]
	if got.Task.ID != task || got.Member.ID != able || len(got.Reasons) == 0 || got.Reasons[0] == "" {
		t.Errorf("got %+v", got)
	}
}

func TestLeaveClosesOffers(t *testing.T) {
	t.Parallel()
	f := newFloor(t)
	member := f.member(t, "はな", map[string]fulfilment.Stage{"finish": fulfilment.Practice})
	task := f.task(t, "finish", "finish", fulfilment.Practice)
	f.offer(t, task, member)
	if err := f.Leave(t.Context(), f.staff, member); err != nil {
		t.Fatal(err)
	}
	if now, err := f.TaskByID(t.Context(), task); err != nil || now.State != fulfilment.TaskReady {
		t.Errorf("the task is %s, %v", now.State, err)
	}
}

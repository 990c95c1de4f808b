package fulfilment

import (
	"errors"
	"math"
	"regexp"
	"strings"
	"testing"
	"time"

	"tsukuriba/internal/id"
	"tsukuriba/internal/postgres/testdb"
)

func TestTask(t *testing.T) {
	t.Parallel()
	me, you := id.New[memberKind](), id.New[memberKind]()
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	cases := map[string]struct {
		from TaskState
		do   func(*Task) error
		to   TaskState
		err  error
	}{
		"start":                {TaskAccepted, func(t *Task) error { return t.start(me, now) }, TaskActive, nil},
		"go on":                {TaskPaused, func(t *Task) error { return t.start(me, now) }, TaskActive, nil},
		"start unaccepted":     {TaskOffered, func(t *Task) error { return t.start(me, now) }, TaskOffered, ErrTaskState},
		"start another's":      {TaskAccepted, func(t *Task) error { return t.start(you, now) }, TaskAccepted, ErrNotYourTask},
		"start as nobody":      {TaskAccepted, func(t *Task) error { return t.start(MemberID{}, now) }, TaskAccepted, ErrNotYourTask},
		"pause":                {TaskActive, func(t *Task) error { return t.pause(me) }, TaskPaused, nil},
		"submit":               {TaskActive, func(t *Task) error { return t.submit(me) }, TaskSubmitted, nil},
		"submit while resting": {TaskPaused, func(t *Task) error { return t.submit(me) }, TaskPaused, ErrTaskState},
		"finish":               {TaskSubmitted, func(t *Task) error { return t.finish(now) }, TaskDone, nil},
		"finish unsubmitted":   {TaskActive, func(t *Task) error { return t.finish(now) }, TaskActive, ErrTaskState},
		"give back":            {TaskSubmitted, func(t *Task) error { return t.giveBack() }, TaskPaused, nil},
		"release":              {TaskActive, func(t *Task) error { return t.release(me) }, TaskReady, nil},
		"release submitted":    {TaskSubmitted, func(t *Task) error { return t.release(me) }, TaskSubmitted, ErrTaskState},
		"reopen":               {TaskDone, func(t *Task) error { return t.reopen(me) }, TaskActive, nil},
		"reopen dropped":       {TaskDropped, func(t *Task) error { return t.reopen(me) }, TaskDropped, ErrTaskState},
	}
	for name, c := range cases {
		task := Task{State: c.from, MemberID: me}
		if err := c.do(&task); !errors.Is(err, c.err) || task.State != c.to {
			t.Errorf("%s: %s, %v", name, task.State, err)
		}
	}
}

func TestTask_release_belongs_to_nobody(t *testing.T) {
	t.Parallel()
	me, now := id.New[memberKind](), time.Now()
	task := Task{State: TaskActive, MemberID: me, HelpWantedAt: &now}
	if err := task.release(me); err != nil || !task.MemberID.IsZero() || task.HelpWantedAt != nil {
		t.Errorf("%+v, %v", task, err)
	}
}

func TestUnit(t *testing.T) {
	t.Parallel()
	maker, checker := id.New[memberKind](), id.New[memberKind]()
	cases := map[string]struct {
		unit Unit
		do   func(*Unit) error
		to   UnitState
		err  error
	}{
		"pass":                 {Unit{State: UnitInQC, FinishedBy: maker}, func(u *Unit) error { return u.pass(checker) }, UnitGood, nil},
		"pass own work":        {Unit{State: UnitInQC, FinishedBy: maker}, func(u *Unit) error { return u.pass(maker) }, UnitInQC, ErrOwnWork},
		"pass unfinished":      {Unit{State: UnitPrinted}, func(u *Unit) error { return u.pass(checker) }, UnitPrinted, ErrUnitState},
		"rework":               {Unit{State: UnitInQC, FinishedBy: maker, ReworkCount: 1}, func(u *Unit) error { return u.rework(checker) }, UnitFinishing, nil},
		"rework again":         {Unit{State: UnitInQC, FinishedBy: maker, ReworkCount: 2}, func(u *Unit) error { return u.rework(checker) }, UnitInQC, ErrReworkedTwice},
		"rework own":           {Unit{State: UnitInQC, FinishedBy: maker}, func(u *Unit) error { return u.rework(maker) }, UnitInQC, ErrOwnWork},
		"skip the check":       {Unit{State: UnitFinishing}, func(u *Unit) error { return u.move(UnitGood) }, UnitFinishing, ErrUnitState},
		"back from the parcel": {Unit{State: UnitShipped}, func(u *Unit) error { return u.move(UnitOwed) }, UnitShipped, ErrUnitState},
		"scrap what is packed": {Unit{State: UnitPacked}, func(u *Unit) error { return u.move(UnitScrapped) }, UnitPacked, ErrUnitState},
	}
	for name, c := range cases {
		if err := c.do(&c.unit); !errors.Is(err, c.err) || c.unit.State != c.to {
			t.Errorf("%s: %s, %v", name, c.unit.State, err)
		}
	}
}

func TestUnitCode_is_legible(t *testing.T) {
	t.Parallel()
	pattern := regexp.MustCompile(`^[2-9A-HJKMNP-Z]{2}-[2-9A-HJKMNP-Z]{2}$`)
	for range 1000 {
		if code := newUnitCode(); !pattern.MatchString(code) {
			t.Fatalf("%q is hard to read", code)
		}
	}
	if !sameCode("k7 3f", "K7-3F") || sameCode("K7-3E", "K7-3F") || sameCode("", "K7-3F") {
		t.Error("codes are compared wrongly")
	}
}

func TestConsumption(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	quarter := noon.Add(15 * time.Minute)
	swap := 2700
	artifact := Artifact{FilamentG: 40, PrintSeconds: 3600, SwapAfterSeconds: &swap}
	cases := map[string]struct {
		artifact   Artifact
		run        Run
		base, text float64
	}{
		"done":              {artifact, Run{Outcome: OutcomeDone}, 30, 10},
		"one color":         {Artifact{FilamentG: 40, PrintSeconds: 3600}, Run{Outcome: OutcomeDone}, 40, 0},
		"ended at half":     {artifact, Run{Outcome: OutcomeFailed, Progress: 0.5, StartedAt: &noon, EndedAt: &quarter}, 20, 0},
		"ended in the text": {artifact, Run{Outcome: OutcomeFailed, Progress: 0.8, StartedAt: &noon, EndedAt: &quarter}, 30, 2},
		"by the clock":      {artifact, Run{Outcome: OutcomeFailed, StartedAt: &noon, EndedAt: &quarter}, 10, 0},
		"never started":     {artifact, Run{Outcome: OutcomeNotStarted, Progress: 0.5, StartedAt: &noon}, 0, 0},
	}
	for name, c := range cases {
		base, text := consumption(c.artifact, c.run)
		if math.Abs(base-c.base) > 1e-9 || math.Abs(text-c.text) > 1e-9 {
			t.Errorf("%s: %.2f g and %.2f g", name, base, text)
		}
	}
}

// forbidden words never reach a member.
var forbidden = []string{"納期", "期限", "遅れ", "おくれ", "ノルマ", "失敗", "しっぱい", "エラー", "不良", "評価", "レベル", "ランク", "未達", "がんばれ"}

func TestRouting_words(t *testing.T) {
	t.Parallel()
	way, err := routing(t.Context(), testdb.New(t), "name-tag", 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []OperationKey{OpPrepare, OpArrange, OpSlice, OpSetUp, OpStart, OpSwap, OpRemove, OpSort, OpFinish, OpInspect, OpPack} {
		operation, err := way.Operation(key)
		if err != nil {
			t.Error(err)
			continue
		}
		if operation.minutesFor(3) <= 0 || operation.Station == "" || operation.Skill == "" || stageOrder(operation.MinStage) < 0 || len(operation.Instruction.Steps) == 0 {
			t.Errorf("%s is not described: %+v", key, operation)
		}
		told := operation.Instruction
		for _, text := range append([]Ruby{told.What, told.HowMuch, told.FinishedWhen, told.About}, told.Steps...) {
			checkWords(t, key, text)
		}
	}
	for reason, advice := range slicingAdvice {
		checkWords(t, OperationKey(reason), Ruby(advice))
	}
}

// kanji without a reading beside them.
var unread = regexp.MustCompile(`\p{Han}`)

func checkWords(t *testing.T, of OperationKey, text Ruby) {
	t.Helper()
	if text == "" {
		t.Errorf("%s lacks a text", of)
	}
	for _, word := range forbidden {
		if strings.Contains(text.Plain(), word) || strings.Contains(text.Spoken(), word) {
			t.Errorf("%s says %s in %q", of, word, text)
		}
	}
	if unread.MatchString(text.Spoken()) {
		t.Errorf("%s has no reading for a word of %q: %q", of, text, text.Spoken())
	}
}

func TestRuby(t *testing.T) {
	t.Parallel()
	cases := map[Ruby][2]string{
		"｜名札《なふだ》の｜文字《もじ》": {"名札の文字", "なふだのもじ"},
		"かなだけ":    {"かなだけ", "かなだけ"},
		"":        {"", ""},
		"とじない｜名札": {"とじない名札", "とじない名札"},
		"《なふだ》":   {"《なふだ》", "《なふだ》"},
	}
	for text, want := range cases {
		if got := [2]string{text.Plain(), text.Spoken()}; got != want {
			t.Errorf("%q is %q", text, got)
		}
	}
}

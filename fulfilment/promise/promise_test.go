package promise_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"tsukuriba/fulfilment/promise"
)

const (
	hour  = 3600
	quick = 16 // courses of a property
)

// fiveDays is a workshop of two weeks from a Monday on, with somebody who surely comes for eight hours.
func fiveDays(steps ...promise.Step) promise.Workshop {
	w := promise.Workshop{Steps: steps, Courses: quick}
	for day := range 14 {
		w.Open = append(w.Open, day%7 < 5)
	}
	shares := make([]float64, len(steps))
	for i := range shares {
		shares[i] = 1 / float64(len(steps))
	}
	w.People = []promise.Person{{Key: "a", Seconds: slices.Repeat([]int{8 * hour}, 14), Chance: slices.Repeat([]float64{1}, 14), Shares: shares}}
	w.Printers = []promise.Printer{{Key: "p", Seconds: 6 * hour, Chance: 1}}
	return w
}

func TestAsk(t *testing.T) {
	t.Parallel()
	hand, night, printed := promise.Step{}, promise.Step{Overnight: true}, promise.Step{Printed: true}
	for name, c := range map[string]struct {
		steps []promise.Step
		queue []promise.Job
		job   promise.Job
		want  int
	}{
		"what is little is ready the same day":            {[]promise.Step{hand}, nil, job(0, 1), 0},
		"more than a day takes two":                       {[]promise.Step{hand}, nil, job(0, 9), 1},
		"exactly a day takes one":                         {[]promise.Step{hand}, nil, job(0, 8), 0},
		"the weekend is not worked":                       {[]promise.Step{hand}, nil, job(0, 41), 7},
		"what comes on a Saturday begins on Monday":       {[]promise.Step{hand}, nil, job(5, 1), 7},
		"others come first":                               {[]promise.Step{hand}, []promise.Job{job(0, 8), job(0, 8)}, job(0, 1), 2},
		"who begins later does not hold up who is before": {[]promise.Step{hand}, []promise.Job{job(0, 7)}, job(1, 1), 1},
		"an overnight step ends on the next day":          {[]promise.Step{night}, nil, job(0, 1), 1},
		"an overnight step on Friday ends on Monday":      {[]promise.Step{night}, nil, job(4, 1), 7},
		"a printer prints":                                {[]promise.Step{printed}, nil, job(0, 13), 2},
		"what needs nothing is ready":                     {[]promise.Step{hand, printed}, nil, job(2, 0, 0), 2},
		"two steps share a day of hands":                  {[]promise.Step{hand, hand}, nil, job(0, 8, 4), 1},
		"what cannot be done is beyond all days":          {[]promise.Step{hand}, nil, job(0, 1000), 14},
		"nothing is done beyond all days":                 {[]promise.Step{hand, hand}, nil, job(99, 1, 1), 14},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := promise.Simulate(fiveDays(c.steps...), c.queue).Ask([]promise.Job{c.job}, 0.5); got[0] != c.want {
				t.Errorf("ready on day %d, want %d", got[0], c.want)
			}
		})
	}
}

func job(from int, hours ...int) promise.Job {
	made := promise.Job{From: from}
	for _, h := range hours {
		made.Seconds = append(made.Seconds, h*hour)
	}
	return made
}

func TestPlateIsNotDividedAmongPrinters(t *testing.T) {
	t.Parallel()
	w := fiveDays(promise.Step{Printed: true})
	w.Printers = append(w.Printers, promise.Printer{Key: "q", Seconds: 6 * hour, Chance: 1})
	if got := promise.Simulate(w, nil).Ask([]promise.Job{job(0, 12)}, 0.5); got[0] != 1 {
		t.Errorf("ready on day %d, want 1: two printers do not print one plate", got[0])
	}
	if got := promise.Simulate(w, nil).Ask([]promise.Job{job(0, 6), job(0, 6)}, 0.5); got[0] != 0 {
		t.Errorf("ready on day %d, want 0: two printers print two plates", got[0])
	}
}

func TestUncertainPeopleWidenTheWindow(t *testing.T) {
	t.Parallel()
	w := fiveDays(promise.Step{})
	w.Courses = 200
	w.People[0].Chance = slices.Repeat([]float64{0.5}, 14)
	days := promise.Simulate(w, nil).Ask([]promise.Job{job(0, 16)}, 0.5, 0.9)
	if days[0] < 2 || days[1] <= days[0] {
		t.Errorf("half of the days somebody comes, and two days of work are ready on day %d, surely on day %d", days[0], days[1])
	}
}

func TestBottleneck(t *testing.T) {
	t.Parallel()
	w := fiveDays(promise.Step{}, promise.Step{Printed: true}, promise.Step{})
	forecast := promise.Simulate(w, []promise.Job{job(0, 1, 24, 1), job(0, 1, 6, 1)})
	if step, days := forecast.Bottleneck(1); step != 1 || days != 4 {
		t.Errorf("waits at step %d for %g days, want 4 days at the printer", step, days)
	}
	if first := forecast.Done(0, 0.9); first != 3 {
		t.Errorf("the first is ready on day %d", first)
	}
}

// drawn is a random workshop with a random queue.
func drawn(t *rapid.T) (promise.Workshop, []promise.Job) {
	w := promise.Workshop{Courses: quick, Open: rapid.SliceOfN(rapid.Bool(), 5, 40).Draw(t, "open")}
	for i := range rapid.IntRange(1, 4).Draw(t, "steps") {
		w.Steps = append(w.Steps, promise.Step{Printed: rapid.Bool().Draw(t, fmt.Sprint("printed", i)), Overnight: rapid.Bool().Draw(t, fmt.Sprint("overnight", i))})
	}
	for i := range rapid.IntRange(0, 4).Draw(t, "people") {
		w.People = append(w.People, drawnPerson(t, w, i))
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "printers") {
		w.Printers = append(w.Printers, drawnPrinter(t, i))
	}
	queue := make([]promise.Job, rapid.IntRange(0, 12).Draw(t, "queue"))
	for i := range queue {
		queue[i] = drawnJob(t, w)
	}
	return w, queue
}

func drawnPerson(t *rapid.T, w promise.Workshop, i int) promise.Person {
	days, steps := len(w.Open), len(w.Steps)
	person := promise.Person{
		Key: fmt.Sprint("person ", i), Seconds: rapid.SliceOfN(rapid.IntRange(0, 6*hour), days, days).Draw(t, "seconds"),
		Chance: rapid.SliceOfN(rapid.Float64Range(0, 1), days, days).Draw(t, "chance"), Shares: make([]float64, steps),
	}
	for step := range person.Shares {
		person.Shares[step] = rapid.Float64Range(0, 1/float64(steps)).Draw(t, "share")
	}
	return person
}

func drawnPrinter(t *rapid.T, i int) promise.Printer {
	return promise.Printer{
		Key: fmt.Sprint("printer ", i), Seconds: rapid.IntRange(0, 8*hour).Draw(t, "prints"), Chance: rapid.Float64Range(0, 1).Draw(t, "sound"),
	}
}

func drawnJob(t *rapid.T, w promise.Workshop) promise.Job {
	return promise.Job{
		Seconds: rapid.SliceOfN(rapid.IntRange(0, 10*hour), len(w.Steps), len(w.Steps)).Draw(t, "needs"),
		From:    rapid.IntRange(0, len(w.Open)).Draw(t, "from"),
	}
}

// ready is when the job and all of the queue are ready, by quantile.
func ready(w promise.Workshop, queue []promise.Job, job promise.Job) []int {
	forecast := promise.Simulate(w, queue)
	days := forecast.Ask([]promise.Job{job}, 0.1, 0.5, 0.9, 1)
	for i := range queue {
		days = append(days, forecast.Done(i, 0.5), forecast.Done(i, 0.9))
	}
	return days
}

func noneEarlier(t *rapid.T, before, after []int) {
	for i := range before {
		if after[i] < before[i] {
			t.Fatalf("earlier: %v, before %v", after, before)
		}
	}
}

func TestMoreWorkIsNeverReadyEarlier(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w, queue := drawn(t)
		job := drawnJob(t, w)
		before := ready(w, queue, job)
		larger := slices.Clone(queue)
		larger = append(larger, drawnJob(t, w))
		at, step := rapid.IntRange(0, len(larger)-1).Draw(t, "at"), rapid.IntRange(0, len(w.Steps)-1).Draw(t, "step")
		more := rapid.IntRange(0, 10*hour).Draw(t, "more")
		larger[at].Seconds = slices.Clone(larger[at].Seconds)
		larger[at].Seconds[step] += more
		after := ready(w, larger, job)
		noneEarlier(t, before, after[:len(before)])
		job.Seconds[step] += more
		noneEarlier(t, before[:4], ready(w, queue, job))
	})
}

func TestNothingIsReadyOnAClosedDay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w, queue := drawn(t)
		for _, day := range ready(w, queue, drawnJob(t, w)) {
			if day < 0 || day > len(w.Open) || day < len(w.Open) && !w.Open[day] {
				t.Fatalf("ready on day %d of %v", day, w.Open)
			}
		}
	})
}

func TestMoreHelpIsNeverLater(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w, queue := drawn(t)
		job := drawnJob(t, w)
		before := ready(w, queue, job)
		if rapid.Bool().Draw(t, "a printer") {
			w.Printers = append(w.Printers, drawnPrinter(t, len(w.Printers)))
		} else {
			w.People = append(w.People, drawnPerson(t, w, len(w.People)))
		}
		noneEarlier(t, ready(w, queue, job), before)
	})
}

func TestSameQuestionSameAnswer(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w, queue := drawn(t)
		job := drawnJob(t, w)
		forecast := promise.Simulate(w, queue)
		first, again := forecast.Ask([]promise.Job{job}, 0.5, 0.9), forecast.Ask([]promise.Job{job}, 0.5, 0.9)
		if anew := ready(w, queue, job)[1:3]; !slices.Equal(first, again) || !slices.Equal(first, anew) {
			t.Fatalf("%v, %v, then %v", first, again, anew)
		}
	})
}

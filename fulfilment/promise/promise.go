// Package promise simulates when work will be ready to be sent. The workshop is a line of steps:
// hands at most of them, printers at one. Work passes the steps in their order and leaves each
// in the order in which it came. Who comes on a day is uncertain, so that the days are lived
// through many times, and what is asked for is a quantile of all these courses.
//
// It is pure, and the same question always has the same answer, because each person's and each
// printer's luck on a day is drawn from a hash of its key. That also makes it monotone: more work
// is never ready earlier, one more person or printer never makes anything later, and nothing is
// ever ready on a day without work.
//
// It knows no order, no date and no clock: days are counted from today, which is day 0. It says
// nothing about anybody's speed, and nothing it draws is kept.
package promise

import (
	"hash/fnv"
	"math"
	"slices"
)

// Workshop is what can be worked with from today on. All lists by day have as many entries as
// Open; those by step as many as Steps.
type Workshop struct {
	Steps    []Step
	Open     []bool // whether anybody works on the day
	People   []Person
	Printers []Printer
	Courses  int // how many times the days are lived through, at least 1
}

// Step is a station of the line.
type Step struct {
	Printed   bool // printers do it; hands otherwise
	Overnight bool // what is done here goes on the next working day, never the same
}

// Person is somebody who may come. A person's day is divided among the steps beforehand, which is
// more cautious than always being where most is to be done.
type Person struct {
	Key     string    // draws the person's own luck
	Seconds []int     // the person would stay, by day
	Chance  []float64 // that the person comes, by day
	Shares  []float64 // of the time for each step; their sum is at most 1
}

// Printer is a printer that is up.
type Printer struct {
	Key     string
	Seconds int     // it may print on a day with work
	Chance  float64 // that a day passes without a fault
}

// Job is work that passes the line together, such as the pieces of a plate.
type Job struct {
	Seconds []int // by step; 0 for what is done or not needed
	From    int   // the day before which it does not begin
}

// Forecast is the line after everything that waits has passed it, once for each course.
type Forecast struct {
	workshop Workshop
	courses  []course
	done     [][]int // by job, course
	waited   [][]int // by job, step: days in all courses
}

// course is one way the days may go.
type course struct {
	able  [][]int // by step, day: seconds of work
	alone []int   // by day: seconds of the best printer, as a plate cannot be divided
	at    []clock // by step: until when it is taken
}

// clock is a moment at a step: so many seconds of a day are used.
type clock struct{ day, used int }

// Simulate lets the queue, which is in the order of its turn, pass the workshop.
func Simulate(workshop Workshop, queue []Job) *Forecast {
	f := &Forecast{workshop: workshop, done: make([][]int, len(queue)), waited: make([][]int, len(queue))}
	for i := range queue {
		f.done[i], f.waited[i] = make([]int, workshop.Courses), make([]int, len(workshop.Steps))
	}
	f.courses = make([]course, workshop.Courses)
	for c := range f.courses {
		f.courses[c] = workshop.course(c)
		for i, job := range queue {
			f.done[i][c] = f.courses[c].pass(workshop, job, f.waited[i])
		}
	}
	return f
}

// Done is the day on which a job of the queue is ready with that probability, 0 < q ≤ 1. A job that
// is not ready within the days known has the first day beyond them.
func (f *Forecast) Done(job int, q float64) int { return quantile(f.done[job], q) }

// Ask is the day on which more jobs, behind the whole queue, would all be ready, for each
// probability. The forecast stays as it is; it may be asked by many at once.
func (f *Forecast) Ask(jobs []Job, probabilities ...float64) []int {
	done := make([]int, len(f.courses))
	for c, line := range f.courses {
		line.at = slices.Clone(line.at)
		for _, job := range jobs {
			done[c] = max(done[c], line.pass(f.workshop, job, nil))
		}
	}
	days := make([]int, len(probabilities))
	for i, q := range probabilities {
		days[i] = quantile(done, q)
	}
	return days
}

// Bottleneck is the step at which a job of the queue waits and works longest, and the days it
// spends there on average.
func (f *Forecast) Bottleneck(job int) (step int, days float64) {
	waited := f.waited[job]
	for i, spent := range waited {
		if spent > waited[step] {
			step = i
		}
	}
	return step, float64(waited[step]) / float64(len(f.courses))
}

func quantile(days []int, q float64) int {
	sorted := slices.Sorted(slices.Values(days))
	return sorted[max(int(math.Ceil(q*float64(len(sorted)))), 1)-1]
}

// course draws how the days go.
func (w Workshop) course(number int) course {
	line := course{able: make([][]int, len(w.Steps)), alone: make([]int, len(w.Open)), at: make([]clock, len(w.Steps))}
	for step := range w.Steps {
		line.able[step] = make([]int, len(w.Open))
	}
	for day, open := range w.Open {
		if !open {
			continue
		}
		for _, person := range w.People {
			if luck(person.Key, number, day) < person.Chance[day] {
				line.help(person, w.Steps, day)
			}
		}
		for _, printer := range w.Printers {
			if luck(printer.Key, number, day) < printer.Chance {
				line.print(printer, w.Steps, day)
			}
		}
	}
	return line
}

func (c *course) help(person Person, steps []Step, day int) {
	for step, share := range person.Shares {
		if !steps[step].Printed {
			c.able[step][day] += int(share * float64(person.Seconds[day]))
		}
	}
}

func (c *course) print(printer Printer, steps []Step, day int) {
	c.alone[day] = max(c.alone[day], printer.Seconds)
	for step := range steps {
		if steps[step].Printed {
			c.able[step][day] += printer.Seconds
		}
	}
}

// pass lets a job through all steps and returns the day on which it is ready. waited, if there is
// one, grows by the days between coming to a step and leaving it.
func (c *course) pass(w Workshop, job Job, waited []int) int {
	day := w.onOpen(job.From)
	for step, seconds := range job.Seconds {
		if seconds <= 0 {
			continue
		}
		came := day
		c.at[step] = spend(c.at[step], came, seconds, c.able[step])
		day = c.at[step].day
		if w.Steps[step].Printed {
			day = max(day, spend(clock{}, came, seconds, c.alone).day)
		}
		if waited != nil {
			waited[step] += day - came
		}
		if w.Steps[step].Overnight {
			day++
		}
		day = w.onOpen(day)
	}
	return day
}

// spend uses up so many seconds from the clock on, but not before a day, and returns when the last
// of them is used. A step takes its work in turns, so that nothing overtakes.
func spend(at clock, from, seconds int, able []int) clock {
	if at.day < from {
		at = clock{day: from}
	}
	for at.day < len(able) {
		left := able[at.day] - at.used
		if seconds <= left {
			return clock{at.day, at.used + seconds}
		}
		seconds -= left
		at = clock{day: at.day + 1}
	}
	return at
}

// onOpen is the day itself or the next one with work; the first day beyond those known if there is
// none.
func (w Workshop) onOpen(day int) int {
	for day < len(w.Open) && !w.Open[day] {
		day++
	}
	return min(day, len(w.Open))
}

// luck is a number in [0, 1) that belongs to a key, a course and a day.
func luck(key string, course, day int) float64 {
	hash := fnv.New64a()
	hash.Write([]byte(key)) //nolint:errcheck // never fails
	return float64(scatter(hash.Sum64()^scatter(uint64(course)<<32|uint64(day)))>>11) / (1 << 53)
}

// scatter is the finalizer of SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number
// Generators, 2014).
func scatter(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

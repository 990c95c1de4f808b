package fulfilment

import (
	"strconv"
	"strings"
)

// Ruby is a text with its stored readings, in the notation ｜名札《なふだ》をつくる. Readings are
// written by people: no dictionary reads 今日は十日 right.
type Ruby string

// Plain is the text without readings.
func (r Ruby) Plain() string { return r.render(func(base, _ string) string { return base }) }

// Spoken is what a voice says: every marked word by its reading.
func (r Ruby) Spoken() string { return r.render(func(_, reading string) string { return reading }) }

func (r Ruby) render(choose func(base, reading string) string) string {
	var out strings.Builder
	rest := string(r)
	for {
		before, marked, found := strings.Cut(rest, "｜")
		out.WriteString(before)
		base, after, opened := strings.Cut(marked, "《")
		reading, after, closed := strings.Cut(after, "》")
		if !found || !opened || !closed {
			out.WriteString(marked)
			return out.String()
		}
		out.WriteString(choose(base, reading))
		rest = after
	}
}

// Instruction tells a member what to do in one operation: what (なに), how much (どれだけ), when
// it is finished (おわり), about how long, and the steps. {n} in a text stands for the number of
// pieces. Nothing in it presses for time or judges anybody.
type Instruction struct {
	What         Ruby   `json:"what"`
	HowMuch      Ruby   `json:"how_much"`
	FinishedWhen Ruby   `json:"finished_when"`
	About        Ruby   `json:"about"`
	Steps        []Ruby `json:"steps"`
}

// of fills in the number of pieces.
func (i Instruction) of(pieces int) Instruction {
	fill := func(text Ruby) Ruby { return Ruby(strings.ReplaceAll(string(text), "{n}", strconv.Itoa(pieces))) }
	filled := Instruction{What: fill(i.What), HowMuch: fill(i.HowMuch), FinishedWhen: fill(i.FinishedWhen), About: fill(i.About)}
	for _, step := range i.Steps {
		filled.Steps = append(filled.Steps, fill(step))
	}
	return filled
}

package ui

import "strings"

// RubyRun is a piece of text with its stored reading; a run without one is plain.
type RubyRun struct {
	Base    string
	Reading string
}

// ParseRuby reads the notation in which readings are stored: ｜名札《なふだ》をつくる. An opening mark without its closing
// ones is plain text, so nothing that was written ever disappears.
func ParseRuby(text string) []RubyRun {
	var runs []RubyRun
	for text != "" {
		before, rest, marked := strings.Cut(text, "｜")
		base, rest, opened := strings.Cut(rest, "《")
		reading, after, closed := strings.Cut(rest, "》")
		if !marked || !opened || !closed {
			return append(runs, RubyRun{Base: text})
		}
		if before != "" {
			runs = append(runs, RubyRun{Base: before})
		}
		runs = append(runs, RubyRun{Base: base, Reading: reading})
		text = after
	}
	return runs
}

// Unread is a text without its readings, for places that take no markup.
func Unread(text string) string {
	var plain strings.Builder
	for _, run := range ParseRuby(text) {
		plain.WriteString(run.Base)
	}
	return plain.String()
}

// Spoken is the reading of runs in one line: what a voice should say.
func Spoken(runs []RubyRun) string {
	var said strings.Builder
	for _, run := range runs {
		if run.Reading != "" {
			said.WriteString(run.Reading)
			continue
		}
		said.WriteString(run.Base)
	}
	return said.String()
}

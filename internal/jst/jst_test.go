package jst_test

import (
	"testing"
	"time"

	"tsukuriba/internal/jst"
)

func TestDay(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		at   time.Time
		date string
	}{
		{"a minute before midnight in Japan", time.Date(2026, 11, 22, 14, 59, 0, 0, time.UTC), "2026-11-22"},
		{"midnight in Japan", time.Date(2026, 11, 22, 15, 0, 0, 0, time.UTC), "2026-11-23"},
		{"said in another zone", time.Date(2026, 11, 22, 10, 0, 0, 0, time.FixedZone("New York", -5*60*60)), "2026-11-23"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if date := jst.Date(test.at); date != test.date {
				t.Errorf("date %s, want %s", date, test.date)
			}
			began := jst.Midnight(test.at)
			if began.After(test.at) || test.at.Sub(began) >= 24*time.Hour || jst.Date(began) != test.date || began.Hour() != 0 {
				t.Errorf("the day of %s began %s", test.at, began)
			}
		})
	}
}

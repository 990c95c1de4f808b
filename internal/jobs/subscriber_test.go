package jobs

import (
	"testing"
	"time"
)

func TestWait(t *testing.T) {
	t.Parallel()
	cases := map[int]time.Duration{
		0: 2 * time.Second, 1: 6 * time.Second, 2: 18 * time.Second, 5: 486 * time.Second, 9: 6 * time.Hour, 1000: 6 * time.Hour,
	}
	for failures, want := range cases {
		if got := wait(failures); got != want {
			t.Errorf("after %d failures wait %s, want %s", failures, got, want)
		}
	}
}

func TestAttemptsWithin(t *testing.T) {
	t.Parallel()
	cases := map[time.Duration]int{time.Second: 1, 5 * time.Second: 2, time.Minute: 4, 10 * time.Minute: 6, time.Hour: 8, 1000 * time.Hour: defaultAttempts}
	for period, want := range cases {
		if got := attemptsWithin(period); got != want {
			t.Errorf("%d attempts within %s, want %d", got, period, want)
		}
	}
}

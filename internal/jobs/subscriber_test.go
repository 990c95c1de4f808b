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

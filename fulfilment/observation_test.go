package fulfilment

import (
	"testing"
	"time"
)

func TestObserve(t *testing.T) {
	t.Parallel()
	const ours, foreign = "pj_1_a1.gcode", "benchy.gcode"
	noon := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	sent := noon.Add(-time.Minute)
	long := noon.Add(-2 * time.Minute)
	seen := func(state MachineState, file string) Observation {
		return Observation{State: state, File: file, Progress: 0.5}
	}
	swap := Observation{State: MachinePaused, File: ours, AtSwap: true}
	cases := map[string]struct {
		run     Run
		seen    Observation
		state   RunState
		pause   PauseReason
		nothing bool
	}{
		"confirmed start":                    {Run{State: RunStartSent, SentAt: &sent}, seen(MachinePrinting, ours), RunPrinting, "", false},
		"late confirmation":                  {Run{State: RunStartUnconfirmed, SentAt: &long}, seen(MachinePrinting, ours), RunPrinting, "", false},
		"started and over between two looks": {Run{State: RunStartSent, SentAt: &sent}, seen(MachineFinished, ours), RunFinishedUnverified, "", false},
		"not yet":                            {Run{State: RunStartSent, SentAt: &sent}, seen(MachineIdle, ours), RunStartSent, "", true},
		"old state of another file":          {Run{State: RunStartSent, SentAt: &sent}, seen(MachineFinished, foreign), RunStartSent, "", true},
		"never confirmed":                    {Run{State: RunStartSent, SentAt: &long, Starts: 1}, seen(MachineIdle, ""), RunStartUnconfirmed, "", false},
		"never confirmed, third time":        {Run{State: RunStartSent, SentAt: &long, Starts: 3}, seen(MachineIdle, ""), RunUnknown, "", false},
		"unconfirmed waits for a person":     {Run{State: RunStartUnconfirmed, SentAt: &long}, seen(MachineIdle, ""), RunStartUnconfirmed, "", true},
		"no change":                          {Run{State: RunPrinting, Progress: 0.5}, seen(MachinePrinting, ours), RunPrinting, "", true},
		"progress":                           {Run{State: RunPrinting, Progress: 0.4}, seen(MachinePrinting, ours), RunPrinting, "", false},
		"filament change":                    {Run{State: RunPrinting}, swap, RunPaused, PauseSwap, false},
		"filament change, still":             {Run{State: RunPaused, PauseReason: PauseSwap}, swap, RunPaused, PauseSwap, true},
		"paused by whatever":                 {Run{State: RunPrinting}, seen(MachinePaused, ours), RunPaused, PauseAttention, false},
		"going on":                           {Run{State: RunPaused, PauseReason: PauseSwap}, seen(MachinePrinting, ours), RunPrinting, "", false},
		"finished":                           {Run{State: RunPrinting}, seen(MachineFinished, ours), RunFinishedUnverified, "", false},
		"canceled at the panel":              {Run{State: RunPaused}, seen(MachineCanceled, ours), RunCanceled, "", false},
		"did not come out":                   {Run{State: RunPrinting}, seen(MachineFailed, ours), RunFailed, "", false},
		"silence is no end":                  {Run{State: RunPrinting}, seen(MachineOffline, ""), RunPrinting, "", true},
		"forgot everything":                  {Run{State: RunPrinting}, seen(MachineIdle, ""), RunUnknown, "", false},
		"idle with our file":                 {Run{State: RunPrinting}, seen(MachineIdle, ours), RunUnknown, "", false},
		"prints something else":              {Run{State: RunPrinting}, seen(MachinePrinting, foreign), RunUnknown, "", false},
		"unknown stays unknown":              {Run{State: RunUnknown}, seen(MachinePrinting, ours), RunUnknown, "", true},
		"claimed is not started":             {Run{State: RunClaimed}, seen(MachinePrinting, ours), RunClaimed, "", true},
		"an end stays an end":                {Run{State: RunFailed}, seen(MachineFinished, ours), RunFailed, "", true},
	}
	for name, c := range cases {
		run := c.run
		run.FileName = ours
		changed, err := run.observe(c.seen, noon)
		if err != nil || run.State != c.state || run.PauseReason != c.pause || changed == c.nothing {
			t.Errorf("%s: %s %q, changed %t, %v", name, run.State, run.PauseReason, changed, err)
		}
	}
}

func TestObserve_notes_the_swap(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	run := Run{State: RunPaused, PauseReason: PauseSwap}
	if _, err := run.observe(Observation{State: MachinePrinting}, noon); err != nil || run.SwappedAt == nil || !run.SwappedAt.Equal(noon) {
		t.Errorf("swapped at %v, %v", run.SwappedAt, err)
	}
}

package slicer

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
)

func TestFlights_equal_jobs_run_once(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := flights{running: map[string]*flight{}}
		var runs atomic.Int32
		release := make(chan struct{})
		var all sync.WaitGroup
		for range 5 {
			all.Go(func() {
				gcode, err := f.join(t.Context(), "key", func(context.Context) ([]byte, error) {
					runs.Add(1)
					<-release
					return []byte("G28"), nil
				})
				if string(gcode) != "G28" || err != nil {
					t.Errorf("got %q, %v", gcode, err)
				}
			})
		}
		synctest.Wait()
		close(release)
		all.Wait()
		if runs.Load() != 1 || len(f.running) != 0 {
			t.Errorf("%d runs, %d remembered, want 1 and none", runs.Load(), len(f.running))
		}
	})
}

func TestFlights_one_who_leaves_does_not_stop_the_others(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := flights{running: map[string]*flight{}}
		release := make(chan struct{})
		run := func(ctx context.Context) ([]byte, error) {
			select {
			case <-release:
				return []byte("G28"), nil
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		}
		impatient, leave := context.WithCancel(t.Context())
		var all sync.WaitGroup
		all.Go(func() {
			if _, err := f.join(impatient, "key", run); !errors.Is(err, context.Canceled) {
				t.Errorf("the one who left got %v", err)
			}
		})
		synctest.Wait()
		all.Go(func() {
			if gcode, err := f.join(t.Context(), "key", run); string(gcode) != "G28" || err != nil {
				t.Errorf("the one who stayed got %q, %v", gcode, err)
			}
		})
		synctest.Wait()
		leave()
		synctest.Wait()
		close(release)
		all.Wait()
	})
}

func TestFlights_the_last_one_to_leave_stops_the_run(t *testing.T) {
	t.Parallel()
	f := flights{running: map[string]*flight{}}
	ctx, cancel := context.WithCancel(t.Context())
	ended := false
	_, err := f.join(ctx, "key", func(ctx context.Context) ([]byte, error) {
		cancel()
		<-ctx.Done()
		ended = true
		return nil, ctx.Err()
	})
	if !errors.Is(err, context.Canceled) || !ended || len(f.running) != 0 {
		t.Errorf("got %v, ended %t, %d remembered", err, ended, len(f.running))
	}
}

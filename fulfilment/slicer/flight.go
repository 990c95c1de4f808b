package slicer

import (
	"context"
	"sync"
)

// flights lets callers who want the same G-code wait for one run of the slicer.
type flights struct {
	mu      sync.Mutex
	running map[string]*flight
}

type flight struct {
	done    chan struct{} // closed when gcode and err are set
	gcode   []byte
	err     error
	waiting int
	cancel  context.CancelFunc
}

// join starts the run or waits for the one under way. The run ends early when nobody waits any
// more; then join returns only after it has ended, so that no process outlives its caller.
func (f *flights) join(ctx context.Context, key string, run func(context.Context) ([]byte, error)) ([]byte, error) {
	flight := f.board(ctx, key, run)
	select {
	case <-flight.done:
		return flight.gcode, flight.err
	case <-ctx.Done():
		if f.leave(key, flight) {
			<-flight.done
		}
		return nil, ctx.Err()
	}
}

func (f *flights) board(ctx context.Context, key string, run func(context.Context) ([]byte, error)) *flight {
	f.mu.Lock()
	defer f.mu.Unlock()
	if running, ok := f.running[key]; ok {
		running.waiting++
		return running
	}
	runContext, cancel := context.WithCancel(context.WithoutCancel(ctx))
	started := &flight{done: make(chan struct{}), waiting: 1, cancel: cancel}
	f.running[key] = started
	go func() {
		defer cancel()
		started.gcode, started.err = run(runContext)
		f.finish(key, started)
	}()
	return started
}

// leave reports whether the last one left, which cancels the run.
func (f *flights) leave(key string, left *flight) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	left.waiting--
	if left.waiting > 0 {
		return false
	}
	f.remove(key, left)
	left.cancel()
	return true
}

func (f *flights) finish(key string, ended *flight) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.remove(key, ended)
	close(ended.done)
}

// remove leaves a younger flight of the same key alone.
func (f *flights) remove(key string, old *flight) {
	if f.running[key] == old {
		delete(f.running, key)
	}
}

package jobs

import (
	"context"
	"math"
	"math/rand/v2"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

const (
	defaultAttempts = 12 // with the waits of nextTry: about a day and a half
	defaultTimeout  = time.Minute
)

// subscriber is who is called, and how its jobs are treated.
type subscriber struct {
	name     string
	handle   func(ctx context.Context, payload []byte) error
	queue    string
	attempts int
	timeout  time.Duration
	wants    func(Event) bool // nil: all
}

// Option changes how the jobs of one subscriber are treated.
type Option func(*subscriber)

// Queue keeps slow or heavy work apart from the rest; a worker process may work on some queues
// only.
func Queue(name string) Option { return func(s *subscriber) { s.queue = name } }

// Attempts bounds how often a job is tried before it is laid aside for a person. The default is
// 12, spread over a day and a half.
func Attempts(n int) Option { return func(s *subscriber) { s.attempts = n } }

// Only has a subscriber hear of those events for which wants holds. There is no job for the others.
func Only[E Event](wants func(E) bool) Option {
	return func(s *subscriber) {
		s.wants = func(e Event) bool {
			told, ok := e.(E)
			return ok && wants(told)
		}
	}
}

// Timeout bounds one attempt; its context ends then. The default is a minute.
func Timeout(d time.Duration) Option { return func(s *subscriber) { s.timeout = d } }

// Snooze, returned by a handler, has the job run again after d without counting an attempt.
func Snooze(d time.Duration) error { return river.JobSnooze(d) }

func (s *subscriber) insertOpts() *river.InsertOpts {
	return &river.InsertOpts{Queue: s.queue, MaxAttempts: s.attempts}
}

// delivery is one event for one subscriber: the job's kind is the subscriber's name and its
// arguments are the event, so that a list of jobs reads well.
type delivery struct {
	name    string
	payload []byte
}

func (d delivery) Kind() string                  { return d.name }
func (d delivery) MarshalJSON() ([]byte, error)  { return d.payload, nil }
func (d *delivery) UnmarshalJSON(b []byte) error { d.payload = append(d.payload[:0], b...); return nil }

// worker calls one subscriber for River.
type worker struct {
	river.WorkerDefaults[delivery]
	*subscriber
}

func (w worker) Timeout(*river.Job[delivery]) time.Duration { return w.timeout }

func (w worker) Work(ctx context.Context, job *river.Job[delivery]) error {
	return w.handle(ctx, job.Args.payload)
}

// retry waits 2 s after the first failure and three times as long after each further one, up to
// six hours. A tenth of chance keeps jobs that failed together from coming back together.
type retry struct{}

const (
	firstWait = 2 * time.Second
	lastWait  = 6 * time.Hour
)

func (retry) NextRetry(job *rivertype.JobRow) time.Time {
	return time.Now().Add(time.Duration(float64(wait(len(job.Errors))) * (0.95 + 0.1*rand.Float64())))
}

// wait is how long to wait after a number of earlier failures.
func wait(failures int) time.Duration {
	return min(time.Duration(float64(firstWait)*math.Pow(3, float64(min(failures, 20)))), lastWait)
}

// attemptsWithin is how often a job can be tried before a period is over, 12 times at most.
func attemptsWithin(period time.Duration) int {
	attempts := 1
	for waited := wait(0); waited < period && attempts < defaultAttempts; waited += wait(attempts - 1) {
		attempts++
	}
	return attempts
}

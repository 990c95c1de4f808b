package jobs

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

const (
	pollWhenWoken  = 250 * time.Millisecond // in case a wake-up was lost
	pollOtherwise  = 100 * time.Millisecond
	fetchCooldown  = 20 * time.Millisecond // jobs that come closer together are taken together
	softStop       = 15 * time.Second
	rescueMargin   = time.Minute
	doneIsKept     = 7 * 24 * time.Hour
	laidAsideStays = 90 * 24 * time.Hour
)

// Work works on the jobs of the queues named, or of all, until ctx is done. Then it takes no new
// ones and waits a while for those at work; what is cut off is tried again by another process.
func (b *Bus) Work(ctx context.Context, queues ...string) error {
	if len(queues) == 0 {
		queues = b.queues()
	}
	client, err := river.NewClient(b.driver(), b.workConfig(queues))
	if err != nil {
		return fmt.Errorf("set up job worker: %w", err)
	}
	if err := client.Start(ctx); err != nil {
		return fmt.Errorf("start job worker: %w", err)
	}
	<-client.Stopped()
	return nil
}

func (b *Bus) workConfig(queues []string) *river.Config {
	config := &river.Config{
		CompletedJobRetentionPeriod: doneIsKept,
		CancelledJobRetentionPeriod: laidAsideStays,
		DiscardedJobRetentionPeriod: laidAsideStays,
		ErrorHandler:                failureLog{b.config.Log},
		FetchCooldown:               fetchCooldown,
		FetchPollInterval:           cmp.Or(b.config.Poll, pollWhenWoken),
		JobTimeout:                  defaultTimeout,
		Logger:                      b.config.Log,
		PeriodicJobs:                b.periodic,
		Queues:                      map[string]river.QueueConfig{},
		RetryPolicy:                 retry{},
		SoftStopTimeout:             softStop,
		Workers:                     river.NewWorkers(),
	}
	if b.config.DSN == "" {
		config.PollOnly, config.FetchPollInterval = true, pollOtherwise
	}
	longest := defaultTimeout
	for _, s := range b.subscribers {
		river.AddWorkerArgs(config.Workers, delivery{name: s.name}, worker{subscriber: s})
		longest = max(longest, s.timeout)
	}
	config.RescueStuckJobsAfter = longest + rescueMargin
	for _, queue := range queues {
		config.Queues[queue] = river.QueueConfig{MaxWorkers: b.workers(queue)}
	}
	return config
}

func (b *Bus) workers(queue string) int {
	if n, ok := b.config.Workers[queue]; ok {
		return n
	}
	return defaultWorkers
}

// failureLog tells of every attempt that failed.
type failureLog struct{ log *slog.Logger }

func (l failureLog) HandleError(ctx context.Context, job *rivertype.JobRow, err error) *river.ErrorHandlerResult {
	l.write(ctx, job, slog.String("error", err.Error()))
	return nil
}

func (l failureLog) HandlePanic(ctx context.Context, job *rivertype.JobRow, value any, trace string) *river.ErrorHandlerResult {
	l.write(ctx, job, slog.Any("panic", value), slog.String("trace", trace))
	return nil
}

func (l failureLog) write(ctx context.Context, job *rivertype.JobRow, cause ...slog.Attr) {
	l.log.LogAttrs(ctx, slog.LevelError, "job failed", append(cause,
		slog.String("job", job.Kind), slog.Int64("id", job.ID),
		slog.Int("attempt", job.Attempt), slog.Int("of", job.MaxAttempts))...)
}

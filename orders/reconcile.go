package orders

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tsukuriba/internal/jst"
)

// What bounds a round of reading the provider's lists. A page takes about a second.
const (
	pagesAtOnce  = 5
	missingCheck = 200 // objects of ours that are asked for one by one

	eventOverlap = 10 * time.Minute    // events appear late, and clocks differ
	eventHistory = 30 * 24 * time.Hour // as long as the provider keeps events
	auditSpan    = 3 * 24 * time.Hour  // how far back a night looks
	auditHour    = 2                   // o'clock in Japan
)

// CatchUp takes in the events that the provider lists and no webhook has brought, through the
// same door. It goes on where the round before ended, whatever process that was. What is known
// already is fine.
func (s *Service) CatchUp(ctx context.Context) error {
	sweep, begun, err := s.openSweep(ctx, "events", func(last sweep) (time.Time, bool) {
		return later(last.Since.Add(-eventOverlap), s.now().Add(-eventHistory)), true
	})
	if err != nil || !begun {
		return err
	}
	_, troubles, err := s.readOn(ctx, sweep, s.takeInEvents)
	return errors.Join(troubles, err)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// readPage reads one page of a list. An error has the page read again; troubles with single
// objects on it do not.
type readPage func(ctx context.Context, wanted PageOf) (read pageRead, err error)

type pageRead struct {
	next     string // empty: it was the last
	troubles error
}

// takeInEvents stores a page of events. It is only passed when all of it is stored.
func (s *Service) takeInEvents(ctx context.Context, wanted PageOf) (pageRead, error) {
	listed, err := s.gateway.ListEvents(ctx, wanted)
	if err != nil {
		return pageRead{}, err
	}
	for _, event := range listed.Items {
		err = errors.Join(err, s.ReceiveEvent(ctx, event))
	}
	return pageRead{next: listed.Next}, err
}

// AuditBooks holds each night the provider's payments, refunds and disputes of three days against
// our books, and our books against them. What differs is read anew and mended; what cannot be
// mended becomes a mismatch, which Matters shows. It may be called as often as one likes: it begins
// once a night, does a bounded part, and goes on with the next call.
func (s *Service) AuditBooks(ctx context.Context) error {
	return errors.Join(
		s.audit(ctx, "payments", s.auditPayments, s.auditMissingPayments),
		s.audit(ctx, "refunds", s.auditRefunds, s.auditMissingRefunds),
		s.audit(ctx, "disputes", s.auditDisputes, s.noteBrokenRules),
	)
}

// audit reads on in one list. What follows its end is done once a night.
func (s *Service) audit(ctx context.Context, list string, read readPage, atEnd func(context.Context, sweep) error) error {
	sweep, begun, err := s.openSweep(ctx, list, func(last sweep) (time.Time, bool) {
		return s.now().Add(-auditSpan), last.EndedAt == nil || last.EndedAt.Before(s.nightBegan())
	})
	if err != nil || !begun {
		return err
	}
	ended, troubles, err := s.readOn(ctx, sweep, read)
	if ended {
		err = atEnd(ctx, sweep)
	}
	return errors.Join(troubles, err)
}

// nightBegan is when the last night's audit was to begin.
func (s *Service) nightBegan() time.Time {
	now := s.now()
	begins := jst.Midnight(now).Add(auditHour * time.Hour)
	if now.Before(begins) {
		begins = begins.AddDate(0, 0, -1)
	}
	return begins
}

// sweep is one reading of a list of the provider, from the newest to the oldest. While none is
// under way Until is nil, and Since is how far the last one came.
type sweep struct {
	List     string     `db:"list"`
	Since    time.Time  `db:"since"`
	Until    *time.Time `db:"until"`
	Position string     `db:"position"`
	BegunAt  *time.Time `db:"begun_at"`
	EndedAt  *time.Time `db:"ended_at"`
}

func (w sweep) page() PageOf { return PageOf{From: w.Since, Until: *w.Until, After: w.Position} }

// openSweep returns the sweep of a list that is under way, or begins one if due says so.
func (s *Service) openSweep(ctx context.Context, list string, due func(last sweep) (since time.Time, begin bool)) (sweep, bool, error) {
	var current sweep
	err := s.db.GetContext(ctx, &current, `
		INSERT INTO provider_sweeps (list, since)
		VALUES ($1, $2)
		ON CONFLICT (list) DO UPDATE SET list = excluded.list
		RETURNING list, since, until, position, begun_at, ended_at`, list, s.now().Add(-auditSpan))
	if err != nil {
		return sweep{}, false, fmt.Errorf("read sweep of %s: %w", list, err)
	}
	if current.Until != nil {
		return current, true, nil
	}
	since, begin := due(current)
	if !begin {
		return sweep{}, false, nil
	}
	// Whole seconds, as the provider counts; the second that is not over belongs to the next sweep.
	err = s.db.GetContext(ctx, &current, `
		UPDATE provider_sweeps
		SET since = CASE WHEN until IS NULL THEN $2 ELSE since END, until = coalesce(until, $3), begun_at = coalesce(begun_at, $4)
		WHERE list = $1
		RETURNING list, since, until, position, begun_at, ended_at`,
		list, since.Truncate(time.Second), s.now().Truncate(time.Second), s.now())
	if err != nil {
		return sweep{}, false, fmt.Errorf("begin sweep of %s: %w", list, err)
	}
	return current, true, nil
}

// readOn reads the next pages of a sweep and says whether it came to the end. Each page is stored
// as passed before the next is read, so that another process may go on from there.
func (s *Service) readOn(ctx context.Context, current sweep, read readPage) (ended bool, troubles, err error) {
	for range pagesAtOnce {
		page, err := read(ctx, current.page())
		troubles = errors.Join(troubles, page.troubles)
		if err != nil {
			return false, troubles, fmt.Errorf("read on in %s: %w", current.List, err)
		}
		passed, err := s.passPage(ctx, current, page.next)
		if err != nil || !passed || page.next == "" {
			return passed && page.next == "", troubles, err
		}
		current.Position = page.next
	}
	return false, troubles, nil
}

// passPage notes that a page was read. It says no if another process was there first.
func (s *Service) passPage(ctx context.Context, current sweep, next string) (bool, error) {
	result, err := s.db.ExecContext(ctx, `
		UPDATE provider_sweeps
		SET position = $4,
		    since = CASE WHEN $4 = '' THEN until ELSE since END,
		    until = CASE WHEN $4 = '' THEN NULL ELSE until END,
		    begun_at = CASE WHEN $4 = '' THEN NULL ELSE begun_at END,
		    ended_at = CASE WHEN $4 = '' THEN $5 ELSE ended_at END
		WHERE list = $1 AND begun_at = $2 AND position = $3`,
		current.List, current.BegunAt, current.Position, next, s.now())
	if err != nil {
		return false, fmt.Errorf("note progress in %s: %w", current.List, err)
	}
	rows, err := result.RowsAffected()
	return rows > 0, err
}

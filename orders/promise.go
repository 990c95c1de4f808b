package orders

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tsukuriba/catalog"
	"tsukuriba/internal/jst"
)

// Window is the promise of when an order is sent: From ≤ Until, both days in Japan at midnight.
type Window struct {
	From  time.Time `db:"ship_from" json:"from"`
	Until time.Time `db:"ship_until" json:"until"`
}

// ToMake is what a promise is asked for. Without Printing the pieces are ordinary ones.
type ToMake struct {
	Pieces   int
	Printing time.Duration // of all pieces together
}

// Promiser knows when the workshop could send what it would have to make, behind everything that
// waits already. Both days of its window are working days. Orders never ask it inside a
// transaction.
type Promiser interface {
	Promise(ctx context.Context, work ToMake) (Window, error)
}

// What lies on the shelf is only packed.
const (
	stockDays = 1 // working days to pack it
	slackDays = 4 // working days between the first and the last promised day
)

// schedule is what the promises of a moment are made from.
type schedule struct {
	now    time.Time
	closed closedDays
	made   *Window // when what is to be made can be sent; nil if all lies on the shelf
}

// window promises for a customer who is willing to wait so many days longer.
func (s schedule) window(extra int) Window {
	if s.made == nil {
		from := s.closed.onWorkingDay(s.closed.workingDaysAfter(s.now, stockDays).AddDate(0, 0, extra))
		return Window{From: from, Until: s.closed.workingDaysAfter(from, slackDays)}
	}
	return Window{
		From:  s.closed.onWorkingDay(s.made.From.AddDate(0, 0, extra)),
		Until: s.closed.onWorkingDay(s.made.Until.AddDate(0, 0, extra)),
	}
}

// schedule asks when the workshop could send what is to be made.
func (s *Service) schedule(ctx context.Context, work ToMake) (schedule, error) {
	promises := schedule{now: s.now()}
	if work.Pieces > 0 {
		made, err := s.promiser.Promise(ctx, work)
		if err != nil {
			return schedule{}, err
		}
		promises.made = &made
	}
	var err error
	promises.closed, err = s.closedDays(ctx)
	return promises, err
}

// ShipWindow promises when so many ordinary pieces ordered now would be sent; 0 stands for what
// lies on the shelf.
func (s *Service) ShipWindow(ctx context.Context, pieces int) (Window, error) {
	return s.WindowOf(ctx, ToMake{Pieces: pieces})
}

// WindowOf is ShipWindow for pieces of which is known how long they are printed.
func (s *Service) WindowOf(ctx context.Context, work ToMake) (Window, error) {
	if work.Pieces > 0 {
		return s.promiser.Promise(ctx, work)
	}
	closed, err := s.closedDays(ctx)
	return schedule{now: s.now(), closed: closed}.window(0), err
}

// ShipDays is, by kind of product, the last day on which a piece ordered now would be sent. What is downloaded is there today.
func (s *Service) ShipDays(ctx context.Context) (map[catalog.Kind]time.Time, error) {
	days := map[catalog.Kind]time.Time{catalog.Digital: jst.Midnight(s.now())}
	for kind, pieces := range map[catalog.Kind]int{catalog.Stock: 0, catalog.Personalized: 1} {
		window, err := s.ShipWindow(ctx, pieces)
		if err != nil {
			return nil, err
		}
		days[kind] = window.Until
	}
	return days, nil
}

// ReadyBy are the kinds of products that would be sent on a day or before; none is not nil.
func (s *Service) ReadyBy(ctx context.Context, day time.Time) ([]catalog.Kind, error) {
	days, err := s.ShipDays(ctx)
	ready := []catalog.Kind{}
	for _, kind := range []catalog.Kind{catalog.Digital, catalog.Stock, catalog.Personalized} {
		if last, told := days[kind]; told && jst.Date(last) <= jst.Date(day) {
			ready = append(ready, kind)
		}
	}
	return ready, err
}

// closedDays are days without work besides weekends, by their date in Japan.
type closedDays map[string]bool

// closedDays are those from today on, from memory.
func (s *Service) closedDays(ctx context.Context) (closedDays, error) {
	now := s.now()
	return catalog.Recall(s.catalog, "closed days\x00"+jst.Date(now), func() (closedDays, int, error) {
		closed, err := readClosedDays(ctx, s.db, now)
		return closed, 64 * len(closed), err
	})
}

func readClosedDays(ctx context.Context, db sqlx.QueryerContext, now time.Time) (closedDays, error) {
	var dates pq.StringArray
	err := sqlx.GetContext(ctx, db, &dates, `
		SELECT ARRAY(SELECT to_char(day, 'YYYY-MM-DD') FROM closed_days WHERE day >= $1)`, jst.Date(now))
	if err != nil {
		return nil, fmt.Errorf("read closed days: %w", err)
	}
	closed := closedDays{}
	for _, date := range dates {
		closed[date] = true
	}
	return closed, nil
}

// workingDaysAfter is the n-th working day after t, at midnight in Japan.
func (c closedDays) workingDaysAfter(t time.Time, n int) time.Time {
	day := jst.Midnight(t)
	for n > 0 {
		day = c.onWorkingDay(day.AddDate(0, 0, 1))
		n--
	}
	return day
}

func (c closedDays) onWorkingDay(date time.Time) time.Time {
	for date.Weekday() == time.Saturday || date.Weekday() == time.Sunday || c[jst.Date(date)] {
		date = date.AddDate(0, 0, 1)
	}
	return date
}

package orders

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"tsukuriba/internal/jst"
)

// Window is the promise of when an order is sent: From ≤ Until, both days in Japan at midnight.
type Window struct {
	From  time.Time `db:"ship_from" json:"from"`
	Until time.Time `db:"ship_until" json:"until"`
}

// The first honest promise: what is known of the queue, divided by what the workshop makes on
// an ordinary day, plus slack on purpose.
const (
	defaultCapacity = 20 // pieces a working day
	reviewDays      = 2  // working days to read the text, arrange a plate and slice it
	finishDays      = 2  // working days to finish, inspect and pack
	stockDays       = 1  // working days to pack what lies on the shelf
	slackDays       = 4  // working days between the first and the last promised day
)

// shipWindow promises for quantity pieces to be made behind ahead open ones; quantity 0 means
// that everything lies on the shelf. extra are days the customer is willing to wait longer.
func shipWindow(now time.Time, queue workload, quantity, extra int) Window {
	days := stockDays
	if quantity > 0 {
		days = reviewDays + finishDays + (queue.open+quantity+queue.capacity-1)/queue.capacity
	}
	from := queue.closed.onWorkingDay(queue.closed.workingDaysAfter(now, days).AddDate(0, 0, extra))
	return Window{From: from, Until: queue.closed.workingDaysAfter(from, slackDays)}
}

// workload is how many pieces are still to be made, how many are made on a working day, and on
// which days nobody works.
type workload struct {
	open     int
	capacity int
	closed   closedDays
}

// closedDays are days without work besides weekends, by their date in Japan.
type closedDays map[string]bool

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

// ShipWindow promises when a piece ordered now would be sent, for product pages and quotes.
// quantity is the number of pieces to be made, 0 for what lies on the shelf.
func (s *Service) ShipWindow(ctx context.Context, quantity int) (Window, error) {
	queue, err := s.queue(ctx, s.db)
	if err != nil {
		return Window{}, err
	}
	return shipWindow(s.now(), queue, quantity, 0), nil
}

// queue counts the pieces of orders that wait to be made or are being made, and reads the days on
// which none will be.
func (s *Service) queue(ctx context.Context, db sqlx.QueryerContext) (workload, error) {
	var row struct {
		Open   int            `db:"open"`
		Closed pq.StringArray `db:"closed"`
	}
	err := sqlx.GetContext(ctx, db, &row, `
		SELECT coalesce(sum(line.quantity), 0) AS open,
		       ARRAY(SELECT to_char(day, 'YYYY-MM-DD') FROM closed_days WHERE day >= $1) AS closed
		FROM orders
		JOIN order_lines AS line ON line.order_id = orders.id
		WHERE orders.state IN ('awaiting_payment', 'in_review', 'approved', 'in_production')
		  AND line.routing <> ''`, jst.Date(s.now()))
	if err != nil {
		return workload{}, fmt.Errorf("count open pieces: %w", err)
	}
	queue := workload{open: row.Open, capacity: s.capacity, closed: closedDays{}}
	for _, date := range row.Closed {
		queue.closed[date] = true
	}
	return queue, nil
}

package orders

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
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

// tokyo is where the workshop stands. Its days are the days of every promise and deadline.
var tokyo = time.FixedZone("Asia/Tokyo", 9*60*60) // no summer time since 1951

// shipWindow promises for quantity pieces to be made behind ahead open ones; quantity 0 means
// that everything lies on the shelf. extra are days the customer is willing to wait longer.
func shipWindow(now time.Time, queue queueLength, quantity, extra int) Window {
	days := stockDays
	if quantity > 0 {
		days = reviewDays + finishDays + (queue.open+quantity+queue.capacity-1)/queue.capacity
	}
	from := onWorkingDay(workingDaysAfter(now, days).AddDate(0, 0, extra))
	return Window{From: from, Until: workingDaysAfter(from, slackDays)}
}

// queueLength is how many pieces are still to be made, and how many are made on a working day.
type queueLength struct {
	open     int
	capacity int
}

// workingDaysAfter is the n-th working day after t, at midnight in Japan.
func workingDaysAfter(t time.Time, n int) time.Time {
	day := midnight(t)
	for n > 0 {
		day = day.AddDate(0, 0, 1)
		if isWorkingDay(day) {
			n--
		}
	}
	return day
}

func onWorkingDay(day time.Time) time.Time {
	for !isWorkingDay(day) {
		day = day.AddDate(0, 0, 1)
	}
	return day
}

func isWorkingDay(day time.Time) bool {
	return day.Weekday() != time.Saturday && day.Weekday() != time.Sunday
}

func midnight(t time.Time) time.Time {
	year, month, day := t.In(tokyo).Date()
	return time.Date(year, month, day, 0, 0, 0, 0, tokyo)
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

// queue counts the pieces of orders that wait to be made or are being made.
func (s *Service) queue(ctx context.Context, db sqlx.QueryerContext) (queueLength, error) {
	queue := queueLength{capacity: s.capacity}
	err := sqlx.GetContext(ctx, db, &queue.open, `
		SELECT coalesce(sum(line.quantity), 0)
		FROM orders
		JOIN order_lines AS line ON line.order_id = orders.id
		WHERE orders.state IN ('awaiting_payment', 'in_review', 'approved', 'in_production')
		  AND line.routing <> ''`)
	if err != nil {
		return queueLength{}, fmt.Errorf("count open pieces: %w", err)
	}
	return queue, nil
}

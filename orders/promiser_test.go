package orders_test

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"tsukuriba/internal/jst"
	"tsukuriba/orders"
)

// steady is a workshop that makes twenty pieces a day, every day, one order after another. Below
// fulfilment nobody knows of printers and people.
type steady struct {
	db    *sqlx.DB
	clock *clock
}

func (s steady) Promise(ctx context.Context, work orders.ToMake) (orders.Window, error) {
	var open int
	err := s.db.GetContext(ctx, &open, `
		SELECT coalesce(sum(line.quantity), 0)
		FROM orders
		JOIN order_lines AS line ON line.order_id = orders.id
		WHERE orders.state IN ('awaiting_payment', 'in_review', 'approved', 'in_production') AND line.routing <> ''`)
	from := jst.Midnight(s.clock.Now()).AddDate(0, 0, 5+(open+work.Pieces)/20)
	return orders.Window{From: onWeekday(from), Until: onWeekday(from.AddDate(0, 0, 6))}, err
}

func onWeekday(day time.Time) time.Time {
	for day.Weekday() == time.Saturday || day.Weekday() == time.Sunday {
		day = day.AddDate(0, 0, 1)
	}
	return day
}

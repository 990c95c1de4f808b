package orders

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"tsukuriba/internal/audit"
	"tsukuriba/internal/jst"
	"tsukuriba/internal/postgres"
)

// ClosedDay is a day without work besides Saturdays and Sundays: a public holiday, or one on
// which the workshop itself is closed.
type ClosedDay struct {
	Day     time.Time `db:"day"` // midnight in UTC of that date
	Name    string    `db:"name"`
	Holiday bool      `db:"holiday"`
}

// ClosedDays lists the closed days from today on.
func (s *Service) ClosedDays(ctx context.Context) ([]ClosedDay, error) {
	var days []ClosedDay
	err := s.db.SelectContext(ctx, &days, `
		SELECT day, name, kind = 'holiday' AS holiday
		FROM closed_days
		WHERE day >= $1
		ORDER BY day`, jst.Date(s.now()))
	if err != nil {
		return nil, fmt.Errorf("read closed days: %w", err)
	}
	return days, nil
}

// CloseDay closes the workshop on a date. What was promised before stays promised. A day that is
// closed already keeps its name. Errors: *FormError "day" ("invalid" for a past one), "name".
func (s *Service) CloseDay(ctx context.Context, by audit.Actor, date time.Time, name string) error {
	fields := map[string]string{}
	require(fields, "name", name)
	if reason := checkText(name); reason != "" {
		fields["name"] = reason
	}
	if date.Format(time.DateOnly) < jst.Date(s.now()) {
		fields["day"] = "invalid"
	}
	if len(fields) > 0 {
		return &FormError{Fields: fields}
	}
	return s.changeDay(ctx, by, "day.closed", date, `
		INSERT INTO closed_days (day, name, kind)
		VALUES ($1, $2, 'workshop')
		ON CONFLICT (day) DO NOTHING`, name)
}

// OpenDay lets the workshop work on a date after all, a public holiday included.
func (s *Service) OpenDay(ctx context.Context, by audit.Actor, date time.Time) error {
	return s.changeDay(ctx, by, "day.opened", date, `DELETE FROM closed_days WHERE day = $1`)
}

func (s *Service) changeDay(ctx context.Context, by audit.Actor, action string, date time.Time, statement string, args ...any) error {
	written := date.Format(time.DateOnly)
	err := postgres.InTx(ctx, s.db, func(tx *sqlx.Tx) error {
		result, err := tx.ExecContext(ctx, statement, append([]any{written}, args...)...)
		if err != nil {
			return err
		}
		if rows, err := result.RowsAffected(); err != nil || rows == 0 {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: by, Action: action, Subject: written})
	})
	if err != nil {
		return fmt.Errorf("change closed day %s: %w", written, err)
	}
	s.catalog.Changed()
	return nil
}

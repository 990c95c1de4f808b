package fulfilment

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/lib/pq"

	"tsukuriba/fulfilment/promise"
	"tsukuriba/internal/jst"
	"tsukuriba/orders"
)

// Risk is an order that will probably be sent later than was promised. It is for staff, who carry
// it; no member sees it.
type Risk struct {
	OrderID orders.OrderID
	Number  string
	State   orders.State
	Held    bool      // and will not go on by itself
	Until   time.Time // promised
	Likely  time.Time // simulated
	Step    OperationKey
	Days    float64 // how long it waits and is worked on at that step, the longest of all
	Next    OperationKey
}

// Printing reports whether the printers are what the order waits for longest.
func (r Risk) Printing() bool { return r.Step == opPrint }

// AtRisk lists the orders that are simulated to be ready later than promised, the latest first.
func (s *Service) AtRisk(ctx context.Context) ([]Risk, error) {
	view, err := s.forecast.outlook(ctx)
	if err != nil {
		return nil, fmt.Errorf("forecast: %w", err)
	}
	late := view.lateness()
	ids := make([]orders.OrderID, 0, len(late))
	for id := range late {
		ids = append(ids, id)
	}
	var rows []struct {
		ID     orders.OrderID `db:"id"`
		Number string         `db:"number"`
		State  orders.State   `db:"state"`
		Held   bool           `db:"held"`
		Until  time.Time      `db:"ship_until"`
	}
	err = s.db.SelectContext(ctx, &rows, `
		SELECT id, number, state, ship_until,
		       EXISTS (SELECT FROM order_holds WHERE order_id = orders.id AND released_at IS NULL) AS held
		FROM orders
		WHERE id = ANY($1::uuid[]) AND state IN ('awaiting_payment', 'in_review', 'approved', 'in_production')`, pq.Array(ids))
	if err != nil {
		return nil, fmt.Errorf("read orders at risk: %w", err)
	}
	var risks []Risk
	for _, row := range rows {
		risk := late[row.ID]
		risk.OrderID, risk.Number, risk.State, risk.Held, risk.Until = row.ID, row.Number, row.State, row.Held, row.Until
		if jst.Date(risk.Likely) > row.Until.Format(time.DateOnly) {
			risks = append(risks, risk)
		}
	}
	slices.SortFunc(risks, func(a, b Risk) int {
		return cmp.Or(cmp.Compare(b.Likely.Sub(b.Until), a.Likely.Sub(a.Until)), cmp.Compare(a.Number, b.Number))
	})
	return risks, nil
}

// lateness is when each order that waits is likely to be ready, and what holds up the last of its
// pieces.
func (o *outlook) lateness() map[orders.OrderID]Risk {
	orders := map[orders.OrderID]Risk{}
	for i, pile := range o.piles {
		likely := o.date(o.simulated.Done(i, likely), 0)
		step, days := bottleneck(o.simulated, i)
		for _, order := range pile.orders {
			if risk, known := orders[order]; !known || likely.After(risk.Likely) {
				orders[order] = Risk{Likely: likely, Step: step, Days: days, Next: pile.next}
			}
		}
	}
	return orders
}

func bottleneck(simulated *promise.Forecast, job int) (OperationKey, float64) {
	step, days := simulated.Bottleneck(job)
	return steps[step], days
}

package orders

import (
	"errors"
	"testing"
)

func TestRevive(t *testing.T) {
	t.Parallel()
	late := []Hold{{Reason: HoldLateMoney}}
	unread, accepted, shelf := Line{Routing: "name-tag", TextState: TextPending}, Line{Routing: "name-tag", TextState: TextAccepted}, Line{}
	for name, c := range map[string]struct {
		order Order
		want  State
		err   error
	}{
		"a text nobody has read":       {Order{State: Expired, Total: 5, Paid: 5, Holds: late, Lines: []Line{unread}}, InReview, nil},
		"a text that was approved":     {Order{State: Expired, Total: 5, Paid: 5, Holds: late, Lines: []Line{accepted}}, Approved, nil},
		"things from the shelf":        {Order{State: Expired, Total: 5, Paid: 5, Holds: late, Lines: []Line{shelf}}, Approved, nil},
		"given back in part":           {Order{State: Expired, Total: 5, Paid: 4, Holds: late}, "", ErrNotPaid},
		"already decided":              {Order{State: Expired, Total: 5, Paid: 5}, "", ErrWrongState},
		"held for something else, too": {Order{State: Expired, Total: 5, Paid: 5, Holds: append([]Hold{{Reason: HoldFraud}}, late...)}, "", ErrOnHold},
		"given up by its customer":     {Order{State: Canceled, Total: 5, Paid: 5, Holds: late}, "", ErrWrongState},
		"never expired":                {Order{State: Approved, Total: 5, Paid: 5, Holds: late}, "", ErrWrongState},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := c.order.revive()
			if got != c.want || !errors.Is(err, c.err) {
				t.Errorf("revived as %q, %v; want %q, %v", got, err, c.want, c.err)
			}
			if next := c.order.next(); next != c.order.State {
				t.Errorf("it went to %s by itself", next)
			}
		})
	}
}

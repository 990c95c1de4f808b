package orders

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tsukuriba/internal/jst"
	"tsukuriba/internal/yen"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, jst.Zone) // a Friday

func TestNext(t *testing.T) {
	t.Parallel()
	made, shelf := Line{Routing: "name-tag", Quantity: 1, TextState: TextPending}, Line{Quantity: 1, TextState: NoText}
	accepted := Line{Routing: "name-tag", Quantity: 1, TextState: TextAccepted}
	held := []Hold{{Reason: HoldMismatch}}
	authorized := []Payment{{State: PaymentAuthorized, Amount: 1000}}
	for name, c := range map[string]struct {
		order Order
		want  State
	}{
		"unpaid waits":                      {Order{State: AwaitingPayment, Total: 1000, Lines: []Line{made}}, AwaitingPayment},
		"authorized with a text":            {Order{State: AwaitingPayment, Total: 1000, Lines: []Line{made}, Payments: authorized}, InReview},
		"authorized without a text waits":   {Order{State: AwaitingPayment, Total: 1000, Lines: []Line{shelf}, Payments: authorized}, AwaitingPayment},
		"too little is authorized":          {Order{State: AwaitingPayment, Total: 1001, Lines: []Line{made}, Payments: authorized}, AwaitingPayment},
		"paid with nothing to review":       {Order{State: AwaitingPayment, Total: 1000, Paid: 1000, Lines: []Line{shelf}}, Approved},
		"paid with a text unread":           {Order{State: AwaitingPayment, Total: 1000, Paid: 1000, Lines: []Line{made}}, InReview},
		"paid too little":                   {Order{State: AwaitingPayment, Total: 1000, Paid: 999, Lines: []Line{shelf}}, AwaitingPayment},
		"in review, paid, text unread":      {Order{State: InReview, Method: Card, Total: 1000, Paid: 1000, Lines: []Line{made}, Payments: authorized}, InReview},
		"in review, approved, not paid":     {Order{State: InReview, Method: Card, Total: 1000, Lines: []Line{accepted}, Payments: authorized}, InReview},
		"in review, approved and paid":      {Order{State: InReview, Method: Card, Total: 1000, Paid: 1000, Lines: []Line{accepted}}, Approved},
		"in review without its hold":        {Order{State: InReview, Method: Card, Total: 1000, Lines: []Line{made}}, Expired},
		"konbini in review has none":        {Order{State: InReview, Method: Konbini, Total: 1000, Lines: []Line{made}}, InReview},
		"on hold nothing moves":             {Order{State: AwaitingPayment, Total: 1000, Paid: 1000, Lines: []Line{shelf}, Holds: held}, AwaitingPayment},
		"approved with something to make":   {Order{State: Approved, Total: 1000, Paid: 1000, Lines: []Line{accepted, shelf}}, Approved},
		"approved with everything at hand":  {Order{State: Approved, Total: 1000, Paid: 1000, Lines: []Line{shelf}}, Ready},
		"an expired order stays, paid late": {Order{State: Expired, Total: 1000, Paid: 1000, Lines: []Line{shelf}}, Expired},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := c.order.next(); got != c.want {
				t.Errorf("next is %s, want %s", got, c.want)
			}
		})
	}
}

func TestMayWriteOff(t *testing.T) {
	t.Parallel()
	const most = 1000
	invoiced, card := []Payment{{Method: ByInvoice, Amount: 5000}}, []Payment{{Method: Card, Amount: 5000}}
	unpaid, held := []Hold{{Reason: HoldUnpaid}}, []Hold{{Reason: HoldMismatch}}
	for name, c := range map[string]struct {
		order Order
		want  error
	}{
		"a yen is missing":                    {Order{State: AwaitingPayment, Total: 5000, Captured: 4999, Payments: invoiced}, nil},
		"as much as may be":                   {Order{State: AwaitingPayment, Total: 5000, Captured: 4000, Payments: invoiced}, nil},
		"a yen more than may be":              {Order{State: AwaitingPayment, Total: 5000, Captured: 3999, Payments: invoiced}, ErrWriteOffTooLarge},
		"nothing is missing":                  {Order{State: AwaitingPayment, Total: 5000, Captured: 5000, Payments: invoiced}, ErrWrongState},
		"too much came":                       {Order{State: AwaitingPayment, Total: 5000, Captured: 5001, Payments: invoiced}, ErrWrongState},
		"nothing came, and little is missing": {Order{State: AwaitingPayment, Total: 500, Payments: invoiced}, ErrNotPaid},
		"written off before":                  {Order{State: AwaitingPayment, Total: 5000, Captured: 4000, WrittenOff: 440, Payments: invoiced}, ErrWrongState},
		"paid by card":                        {Order{State: AwaitingPayment, Total: 5000, Captured: 4560, Payments: card}, ErrWrongState},
		"approved, then found unpaid":         {Order{State: Approved, Total: 5000, Captured: 4560, Payments: invoiced, Holds: unpaid}, nil},
		"held for something else":             {Order{State: Approved, Total: 5000, Captured: 4560, Payments: invoiced, Holds: held}, ErrWrongState},
		"still in review":                     {Order{State: InReview, Total: 5000, Captured: 4560, Payments: invoiced}, ErrWrongState},
		"given up":                            {Order{State: Expired, Total: 5000, Captured: 4560, Payments: invoiced}, ErrWrongState},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := c.order.MayWriteOff(most); !errors.Is(err, c.want) {
				t.Errorf("err = %v, want %v", err, c.want)
			}
		})
	}
}

// TestWriteOffOfWhatIsMissing: nobody lets go of more, or less, than is missing.
func TestWriteOffOfWhatIsMissing(t *testing.T) {
	t.Parallel()
	order := Order{Total: 5000, Captured: 4560}
	for amount, want := range map[yen.Amount]error{439: ErrStale, 440: nil, 441: ErrStale, 0: ErrStale, -440: ErrStale} {
		if err := (WriteOff{Amount: amount, Reason: "手数料"}).check(&order); !errors.Is(err, want) {
			t.Errorf("%s: err = %v, want %v", amount, err, want)
		}
	}
}

func TestStep(t *testing.T) {
	t.Parallel()
	unread, accepted, shelf := Line{TextState: TextPending}, Line{TextState: TextAccepted}, Line{TextState: NoText}
	for name, c := range map[string]struct {
		state State
		lines []Line
		want  Step
	}{
		"unpaid":                           {AwaitingPayment, []Line{unread}, StepReceived},
		"unpaid with nothing to read":      {AwaitingPayment, []Line{shelf}, StepReceived},
		"read and unpaid, as at a konbini": {AwaitingPayment, []Line{shelf, accepted}, StepChecking},
		"in review":                        {InReview, []Line{unread}, StepChecking},
		"in review until the card has been charged": {InReview, []Line{accepted}, StepChecking},
		"approved":      {Approved, []Line{accepted}, StepMaking},
		"in production": {InProduction, []Line{accepted}, StepMaking},
		"ready":         {Ready, []Line{accepted}, StepFinishing},
		"shipped":       {Shipped, []Line{accepted}, StepShipped},
		"completed":     {Completed, []Line{accepted}, StepShipped},
		"expired":       {Expired, []Line{accepted}, StepEnded},
		"canceled":      {Canceled, []Line{accepted}, StepEnded},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			order := Order{State: c.state, Lines: c.lines}
			if got := order.Step(); got != c.want {
				t.Errorf("the customer is shown %s, want %s", got, c.want)
			}
		})
	}
}

func TestMoves(t *testing.T) {
	t.Parallel()
	for _, final := range []State{Completed, Canceled} {
		if len(moves[final]) != 0 || !final.Final() {
			t.Errorf("%s is not final", final)
		}
	}
	for from, tos := range moves {
		for _, to := range tos {
			if to == Approved && from != AwaitingPayment && from != InReview && from != Expired {
				t.Errorf("%s leads to approved", from)
			}
		}
	}
}

func TestApprove(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		order Order
		want  error
	}{
		"in review":      {Order{State: InReview, Lines: []Line{{TextState: TextPending}, {TextState: NoText}}}, nil},
		"on hold":        {Order{State: InReview, Holds: []Hold{{}}}, ErrOnHold},
		"before payment": {Order{State: AwaitingPayment}, ErrWrongState},
		"after approval": {Order{State: Approved}, ErrWrongState},
		"canceled":       {Order{State: Canceled}, ErrWrongState},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := c.order.approve(); !errors.Is(err, c.want) {
				t.Fatalf("err = %v, want %v", err, c.want)
			}
			if c.want == nil && (c.order.Lines[0].TextState != TextAccepted || c.order.Lines[1].TextState != NoText) {
				t.Errorf("lines %v", c.order.Lines)
			}
		})
	}
}

func TestMayStart(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		order Order
		want  error
	}{
		"approved and paid":          {Order{State: Approved, Total: 5, Captured: 5}, nil},
		"being made":                 {Order{State: InProduction, Total: 5, Captured: 5}, nil},
		"refunded in part":           {Order{State: Approved, Total: 5, Captured: 5, Paid: 4}, nil},
		"captured in part":           {Order{State: Approved, Total: 5, Captured: 4, Paid: 4}, ErrNotPaid},
		"on hold":                    {Order{State: Approved, Total: 5, Captured: 5, Holds: []Hold{{}}}, ErrOnHold},
		"in review":                  {Order{State: InReview, Total: 5, Captured: 5}, ErrWrongState},
		"canceled by customer":       {Order{State: Canceled, Total: 5, Captured: 5}, ErrWrongState},
		"shipped":                    {Order{State: Shipped, Total: 5, Captured: 5}, ErrWrongState},
		"shipped, a remake is owed":  {Order{State: Shipped, Total: 5, Captured: 5, Replacing: true}, nil},
		"over, a remake is owed":     {Order{State: Completed, Total: 5, Captured: 5, Replacing: true}, nil},
		"disputed, a remake is owed": {Order{State: Shipped, Total: 5, Captured: 5, Replacing: true, Holds: []Hold{{}}}, ErrOnHold},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := c.order.mayStart(); !errors.Is(err, c.want) {
				t.Errorf("err = %v, want %v", err, c.want)
			}
		})
	}
}

func TestDue(t *testing.T) {
	t.Parallel()
	past, future := noon.Add(-time.Minute), noon.Add(time.Minute)
	for name, c := range map[string]struct {
		order Order
		want  bool
	}{
		"nobody paid":                   {Order{State: AwaitingPayment, Total: 1, ExpiresAt: &past}, true},
		"there is time left":            {Order{State: AwaitingPayment, Total: 1, ExpiresAt: &future}, false},
		"a page is open":                {Order{State: AwaitingPayment, Total: 1, ExpiresAt: &past, Payments: []Payment{{State: PaymentCreated}}}, true},
		"a code is out":                 {Order{State: AwaitingPayment, Total: 1, ExpiresAt: &past, Payments: []Payment{{State: PaymentCodeIssued}}}, false},
		"a card is held":                {Order{State: AwaitingPayment, Total: 1, ExpiresAt: &past, Payments: []Payment{{State: PaymentAuthorized}}}, false},
		"a failed attempt is no excuse": {Order{State: AwaitingPayment, Total: 1, ExpiresAt: &past, Payments: []Payment{{State: PaymentFailed}}}, true},
		"paid":                          {Order{State: AwaitingPayment, Total: 1, Paid: 1, ExpiresAt: &past}, false},
		"staff are reading":             {Order{State: InReview, Total: 1, ExpiresAt: &past}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := c.order.due(noon); got != c.want {
				t.Errorf("due = %v", got)
			}
		})
	}
}

func TestReduce(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ from, read, want PaymentState }{
		"a card is held":                         {PaymentCreated, PaymentAuthorized, PaymentAuthorized},
		"taken at once":                          {PaymentCreated, PaymentCaptured, PaymentCaptured},
		"a refused card is followed by a good":   {PaymentFailed, PaymentAuthorized, PaymentAuthorized},
		"an old reading of a held card":          {PaymentCaptured, PaymentAuthorized, PaymentCaptured},
		"a late failure":                         {PaymentCaptured, PaymentFailed, PaymentCaptured},
		"a late expiry":                          {PaymentCaptured, PaymentExpired, PaymentCaptured},
		"a late failure after the hold":          {PaymentAuthorized, PaymentFailed, PaymentAuthorized},
		"the hold lapses":                        {PaymentAuthorized, PaymentExpired, PaymentExpired},
		"the hold is released":                   {PaymentAuthorized, PaymentCanceled, PaymentCanceled},
		"an old reading of a released hold":      {PaymentCanceled, PaymentAuthorized, PaymentCanceled},
		"money comes by a code that had expired": {PaymentExpired, PaymentCaptured, PaymentCaptured},
		"an unknown state":                       {PaymentAuthorized, "odd", PaymentAuthorized},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := (Payment{State: c.from}).reduce(PaymentSnapshot{State: c.read}); got.State != c.want {
				t.Errorf("%s read as %s became %s, want %s", c.from, c.read, got.State, c.want)
			}
		})
	}
}

func TestReduceInAnyOrder(t *testing.T) {
	t.Parallel()
	all := []PaymentState{
		PaymentCreated, PaymentCodeIssued, PaymentFailed, PaymentAuthorized, PaymentExpired, PaymentCanceled, PaymentCaptured,
	}
	rapid.Check(t, func(t *rapid.T) {
		readings := rapid.SliceOfN(rapid.SampledFrom(all), 1, 8).Draw(t, "readings")
		payment, highest := Payment{State: PaymentCreated}, 0
		for _, state := range readings {
			payment = payment.reduce(PaymentSnapshot{State: state})
			highest = max(highest, state.rank())
			again := payment.reduce(PaymentSnapshot{State: state})
			if again.State != payment.State {
				t.Fatalf("reading %s twice moved the payment from %s to %s", state, payment.State, again.State)
			}
		}
		if payment.State.rank() != highest {
			t.Fatalf("after %v the payment is %s", readings, payment.State)
		}
	})
}

func TestDisagrees(t *testing.T) {
	t.Parallel()
	mine := Payment{ID: PaymentID{1}, OrderID: OrderID{2}, Amount: 1100}
	right := PaymentSnapshot{PaymentID: mine.ID, OrderID: mine.OrderID, Amount: 1100, Currency: "jpy", State: PaymentCaptured, Captured: 1100}
	for name, c := range map[string]struct {
		spoil             func(*PaymentSnapshot)
		foreign, disagree bool
	}{
		"all right":         {func(*PaymentSnapshot) {}, false, false},
		"another order":     {func(s *PaymentSnapshot) { s.OrderID = OrderID{9} }, true, false},
		"no metadata":       {func(s *PaymentSnapshot) { s.PaymentID = PaymentID{} }, true, false},
		"dollars":           {func(s *PaymentSnapshot) { s.Currency = "usd" }, true, false},
		"another amount":    {func(s *PaymentSnapshot) { s.Amount = 110000 }, false, true},
		"taken only partly": {func(s *PaymentSnapshot) { s.Captured = 100 }, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			snapshot := right
			c.spoil(&snapshot)
			if mine.foreign(snapshot) != nil != c.foreign || mine.disagrees(snapshot) != nil != c.disagree {
				t.Errorf("foreign %v, disagrees %v", mine.foreign(snapshot), mine.disagrees(snapshot))
			}
		})
	}
}

func TestOpenToShipping(t *testing.T) {
	t.Parallel()
	lately, long := noon.AddDate(0, 0, -13), noon.AddDate(0, 0, -15)
	for name, c := range map[string]struct {
		order Order
		open  bool
	}{
		"ready":                 {Order{State: Ready}, true},
		"shipped lately":        {Order{State: Shipped, ShippedAt: &lately}, true},
		"shipped long ago":      {Order{State: Completed, ShippedAt: &long}, false},
		"still being made":      {Order{State: InProduction}, false},
		"canceled while unpaid": {Order{State: Canceled}, false},
	} {
		if err := c.order.openToShipping(noon); (err == nil) != c.open {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestReduceDispute(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ from, read, want DisputeState }{
		"evidence was handed in":      {DisputeNeedsResponse, DisputeUnderReview, DisputeUnderReview},
		"a question becomes serious":  {DisputeWarningUnderReview, DisputeNeedsResponse, DisputeNeedsResponse},
		"even after it was closed":    {DisputeWarningClosed, DisputeNeedsResponse, DisputeNeedsResponse},
		"won":                         {DisputeUnderReview, DisputeWon, DisputeWon},
		"an old reading of a won one": {DisputeWon, DisputeUnderReview, DisputeWon},
		"won after all":               {DisputeLost, DisputeWon, DisputeWon},
		"an unknown state":            {DisputeUnderReview, "odd", DisputeUnderReview},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := (Dispute{State: c.from}).reduce(DisputeSnapshot{State: c.read}); got.State != c.want {
				t.Errorf("%s read as %s became %s, want %s", c.from, c.read, got.State, c.want)
			}
		})
	}
}

package orders

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"tsukuriba/catalog"
	"tsukuriba/internal/jst"
	"tsukuriba/internal/postgres"
)

// IntakeRule is what staff decided about taking orders for a product that is made to order; a zero
// ProductID stands for all of them together. Where both say something, the stricter one holds.
type IntakeRule struct {
	ProductID    catalog.ProductID `db:"product_id"`
	WeeklyLimit  *int              `db:"weekly_limit"` // pieces from Monday to Sunday; nil for no limit
	LongestDays  *int              `db:"longest_days"` // only for all: see Intake.Busy
	Paused       bool              `db:"paused"`
	ReopensOn    *time.Time        `db:"reopens_on"` // midnight in UTC of that date; nil while it is not known
	Sentence     string            `db:"sentence"`   // why, in the words of staff, for customers
	SentenceEasy string            `db:"sentence_easy"`
	SentenceEn   string            `db:"sentence_en"`
}

// SentenceIn is what staff tell customers of a language; without words in easy Japanese those in
// ordinary Japanese. "" if there is none.
func (r IntakeRule) SentenceIn(language Language) string {
	switch language {
	case English:
		return r.SentenceEn
	case Easy:
		return cmp.Or(r.SentenceEasy, r.Sentence)
	default:
		return r.Sentence
	}
}

// pausedOn reports whether the pause holds on a day in Japan. It ends by itself.
func (r IntakeRule) pausedOn(now time.Time) bool {
	return r.Paused && (r.ReopensOn == nil || r.ReopensOn.Format(time.DateOnly) > jst.Date(now))
}

// CloseReason says why nothing more is taken on.
type CloseReason string

// The reasons, in the order in which they are told.
const (
	ClosedByStaff CloseReason = "paused"
	ClosedForWeek CloseReason = "week_full"
	ClosedByQueue CloseReason = "busy"
)

// Opening is whether pieces of a product can be ordered at this moment.
type Opening struct {
	Closed  CloseReason // "" while it is open
	Limited bool        // Left counts
	Left    int         // pieces that can still be ordered this week
	Reopens *time.Time  // the first day on which orders are taken again; nil while it is not known
	rule    IntakeRule  // of the pause
}

// SentenceIn is why staff paused, in their words; "" if they gave none.
func (o Opening) SentenceIn(language Language) string { return o.rule.SentenceIn(language) }

// IntakeError says that an order asks for more than is taken on at this moment.
type IntakeError struct{ Opening }

func (e *IntakeError) Error() string {
	if e.Closed != "" {
		return "no orders are taken: " + string(e.Closed)
	}
	return fmt.Sprintf("only %d more pieces are taken this week", e.Left)
}

// Intake is how much is taken on at one moment.
type Intake struct {
	now   time.Time
	rules map[catalog.ProductID]IntakeRule
	taken map[catalog.ProductID]int // this week
	until time.Time                 // when a piece ordered now would be sent at the latest
}

// everything stands for all products together.
var everything catalog.ProductID

// Rule is what staff decided about a product; about all for the zero id.
func (i Intake) Rule(product catalog.ProductID) IntakeRule { return i.rules[product] }

// Taken is how many pieces of a product were ordered this week; of all for the zero id.
func (i Intake) Taken(product catalog.ProductID) int { return i.taken[product] }

// Busy reports whether a piece ordered now would have to wait longer than staff allow, and from
// when on it would not, if nothing else were ordered.
func (i Intake) Busy() (until time.Time, busy bool) {
	longest := i.rules[everything].LongestDays
	if longest == nil || i.until.IsZero() {
		return time.Time{}, false
	}
	until = i.until.AddDate(0, 0, -*longest)
	return until, until.After(jst.Midnight(i.now))
}

// Opening says whether a product that is made to order can be ordered; the zero id asks about such
// products in general.
func (i Intake) Opening(product catalog.ProductID) Opening {
	var opening Opening
	for _, scope := range scopesOf(product) {
		opening.narrow(i.rules[scope], i.taken[scope], i.now)
	}
	if until, busy := i.Busy(); busy && opening.Closed == "" {
		opening.Closed, opening.Reopens = ClosedByQueue, &until
	}
	return opening
}

// scopesOf are the rules that hold for a product: that for all, then its own.
func scopesOf(product catalog.ProductID) []catalog.ProductID {
	if product == everything {
		return []catalog.ProductID{everything}
	}
	return []catalog.ProductID{everything, product}
}

// narrow adds what one rule says.
func (o *Opening) narrow(rule IntakeRule, taken int, now time.Time) {
	if rule.pausedOn(now) && o.Closed != ClosedByStaff {
		o.Closed, o.rule, o.Reopens = ClosedByStaff, rule, nil
		if rule.ReopensOn != nil {
			o.Reopens = new(dayInJapan(*rule.ReopensOn))
		}
	}
	if rule.WeeklyLimit == nil {
		return
	}
	left := max(*rule.WeeklyLimit-taken, 0)
	if !o.Limited || left < o.Left {
		o.Left = left
	}
	o.Limited = true
	if o.Left == 0 && o.Closed == "" {
		o.Closed, o.Reopens = ClosedForWeek, new(weekOf(now).AddDate(0, 0, 7))
	}
}

func dayInJapan(date time.Time) time.Time {
	return time.Date(date.Year(), date.Month(), date.Day(), 0, 0, 0, 0, jst.Zone)
}

// weekOf is the Monday in Japan that began the week.
func weekOf(now time.Time) time.Time {
	day := jst.Midnight(now)
	return day.AddDate(0, 0, -(int(day.Weekday())+6)%7)
}

// admit returns *IntakeError unless so many pieces of each product can be ordered together.
func (i Intake) admit(pieces map[catalog.ProductID]int) error {
	all := 0
	for _, wanted := range pieces {
		all += wanted
	}
	for product, wanted := range pieces {
		opening := i.Opening(product)
		if opening.Closed != "" || opening.Limited && opening.Left < wanted {
			return &IntakeError{opening}
		}
	}
	if opening := i.Opening(everything); len(pieces) > 0 && opening.Limited && opening.Left < all {
		return &IntakeError{opening}
	}
	return nil
}

// Check returns *IntakeError unless the whole cart can be ordered at this moment, as far as that is
// for the workshop to say.
func (i Intake) Check(cart Cart) error {
	pieces := map[catalog.ProductID]int{}
	for _, line := range cart.Lines {
		if line.Routing != "" {
			pieces[line.ProductID] += line.Quantity
		}
	}
	return i.admit(pieces)
}

// Intake reads how much is taken on at this moment.
func (s *Service) Intake(ctx context.Context) (Intake, error) {
	intake, err := readIntake(ctx, s.db, s.now())
	if err != nil {
		return Intake{}, err
	}
	return s.queued(ctx, intake)
}

// Opening is that of Intake for pages.
func (s *Service) Opening(ctx context.Context, product catalog.ProductID) (Opening, error) {
	intake, err := s.recalledIntake(ctx)
	return intake.Opening(product), err
}

// recalledIntake is Intake with the rules from memory; only where they limit a week is read what it has taken
// so far. A confirmation asks anew.
func (s *Service) recalledIntake(ctx context.Context) (Intake, error) {
	intake, err := catalog.Recall(s.catalog, "intake", func() (Intake, int, error) {
		intake, err := readIntake(ctx, s.db, s.now())
		return intake, 512 * len(intake.rules), err
	})
	if err == nil && intake.limited() {
		intake, err = readIntake(ctx, s.db, s.now())
	}
	if err != nil {
		return Intake{}, err
	}
	intake.now = s.now()
	return s.queued(ctx, intake)
}

// limited reports whether any rule counts what is ordered in a week.
func (i Intake) limited() bool {
	for _, rule := range i.rules {
		if rule.WeeklyLimit != nil {
			return true
		}
	}
	return false
}

// queued adds how long a piece ordered now would wait, if that matters to a rule.
func (s *Service) queued(ctx context.Context, intake Intake) (Intake, error) {
	if intake.rules[everything].LongestDays == nil {
		return intake, nil
	}
	window, err := s.promiser.Promise(ctx, ToMake{Pieces: 1})
	intake.until = window.Until
	return intake, err
}

// readIntake reads everything but the queue, which it takes to be short.
func readIntake(ctx context.Context, db sqlx.QueryerContext, now time.Time) (Intake, error) {
	var batch postgres.Batch
	batch.Let("week", `
		SELECT product_id, taken
		FROM intake_weeks
		WHERE week = $1`, jst.Date(weekOf(now)))
	return intakeBy(ctx, db, now, &batch)
}

// intakeBy runs a batch and reads the rules with what its part "week" says.
func intakeBy(ctx context.Context, db sqlx.QueryerContext, now time.Time, batch *postgres.Batch) (Intake, error) {
	intake := Intake{now: now, rules: map[catalog.ProductID]IntakeRule{}, taken: map[catalog.ProductID]int{}}
	var rows []struct {
		IntakeRule
		Taken int `db:"taken"`
	}
	batch.Add(`
		SELECT coalesce(rule.product_id, week.product_id) AS product_id, rule.weekly_limit, rule.longest_days,
		       coalesce(rule.paused, false) AS paused, rule.reopens_on, coalesce(rule.sentence, '') AS sentence,
		       coalesce(rule.sentence_easy, '') AS sentence_easy, coalesce(rule.sentence_en, '') AS sentence_en,
		       coalesce(week.taken, 0) AS taken
		FROM intake_rules AS rule
		FULL JOIN week ON coalesce(week.product_id, '` + nobody + `') = coalesce(rule.product_id, '` + nobody + `')`)
	if err := batch.Select(ctx, db, &rows); err != nil {
		return Intake{}, fmt.Errorf("read intake: %w", err)
	}
	for _, row := range rows {
		intake.rules[row.ProductID], intake.taken[row.ProductID] = row.IntakeRule, row.Taken
	}
	return intake, nil
}

// nobody is the id of no product, under which all of them are joined: NULL equals nothing.
const nobody = "00000000-0000-0000-0000-000000000000"

// customPieces counts what of the lines is made to order, by product.
func customPieces(lines []CheckoutLine) map[catalog.ProductID]int {
	pieces := map[catalog.ProductID]int{}
	for _, line := range lines {
		if line.Routing != "" {
			pieces[line.ProductID] += line.Quantity
		}
	}
	return pieces
}

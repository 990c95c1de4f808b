// Package invariant asks a database for whatever breaks its rules. It knows no rule of its own and
// mends nothing.
package invariant

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"
)

// Rule is something that must hold at every moment. Name is stable, Sentence tells staff in plain
// words what is wrong where it does not hold, and Query selects a column `subject` that names each
// of these places, such as an order number.
type Rule struct {
	Name     string
	Sentence string
	Query    string
}

// Violation is one place where a rule does not hold.
type Violation struct {
	Rule     string `db:"-"`
	Subject  string `db:"subject"`
	Sentence string `db:"-"`
}

// Check asks every rule of the whole database. No violation is the only good answer.
func Check(ctx context.Context, db sqlx.QueryerContext, rules []Rule) ([]Violation, error) {
	var found []Violation
	for _, rule := range rules {
		var broken []Violation
		if err := sqlx.SelectContext(ctx, db, &broken, rule.Query); err != nil {
			return nil, fmt.Errorf("check %s: %w", rule.Name, err)
		}
		for _, violation := range broken {
			violation.Rule, violation.Sentence = rule.Name, rule.Sentence
			found = append(found, violation)
		}
	}
	return found, nil
}

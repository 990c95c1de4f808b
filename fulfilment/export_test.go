package fulfilment

import (
	"context"

	"github.com/jmoiron/sqlx"

	"tsukuriba/internal/invariant"
)

// CheckInvariantsIn asks inside a transaction, so that a test can take back what it broke.
func CheckInvariantsIn(ctx context.Context, tx sqlx.QueryerContext) ([]invariant.Violation, error) {
	return invariant.Check(ctx, tx, invariants)
}

// InvariantRules names all rules that are checked.
func InvariantRules() []string {
	var rules []string
	for _, rule := range invariants {
		rules = append(rules, rule.Name)
	}
	return rules
}

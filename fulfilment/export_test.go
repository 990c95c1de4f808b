package fulfilment

// CheckInvariantsIn asks inside a transaction, so that a test can take back what it broke.
var CheckInvariantsIn = checkInvariants

// InvariantRules names all rules that are checked.
func InvariantRules() []string {
	var rules []string
	for _, invariant := range invariants {
		rules = append(rules, invariant.rule)
	}
	return rules
}

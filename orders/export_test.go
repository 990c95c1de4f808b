package orders

// Rules are the names of all invariants.
func Rules() []string {
	var rules []string
	for _, invariant := range invariants {
		rules = append(rules, invariant.rule)
	}
	return rules
}

package orders

// Rules are the names of all invariants.
func Rules() []string {
	var rules []string
	for _, rule := range invariants {
		rules = append(rules, rule.Name)
	}
	return rules
}

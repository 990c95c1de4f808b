package fulfilment

// Stage is how far a member is in one skill; never a rank of a person.
type Stage string

// The stages in their order.
const (
	Trial      Stage = "trial"
	Practice   Stage = "practice"
	Production Stage = "production"
	Sales      Stage = "sales"
)

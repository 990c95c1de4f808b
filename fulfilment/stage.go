package fulfilment

import "slices"

// Stage is how far a member is in one skill; never a rank of a person.
type Stage string

// The stages in their order.
const (
	Trial      Stage = "trial"
	Practice   Stage = "practice"
	Production Stage = "production"
	Sales      Stage = "sales"
)

// stageOrder is the place of a stage on the path, from 0; −1 for what is no stage.
func stageOrder(stage Stage) int {
	return slices.Index([]Stage{Trial, Practice, Production, Sales}, stage)
}

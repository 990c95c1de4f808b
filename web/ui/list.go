package ui

// Fact is a name and a value, linked when URL is set.
type Fact struct {
	Name  string
	Value string
	URL   string
}

// StepState is where a step of an order stands.
type StepState string

// The states of a step.
const (
	StepDone  StepState = "done"
	StepNow   StepState = "now"
	StepLater StepState = "later"
)

// StatusStep is one of the plain states an order passes.
type StatusStep struct {
	Label  string
	Detail string // a date, a sentence
	State  StepState
	Said   string // the state in words, for screen readers
}

// Status is the way of an order: 受付 → 確認中 → 制作中 → 仕上げ → 発送済み.
type Status struct {
	Label string
	Steps []StatusStep
}

// Event is one entry of a timeline.
type Event struct {
	When    string // as people say it
	Machine string // RFC 3339
	Text    string
	Detail  string
	By      string
	Icon    IconName
}

// Stat is one figure with its meaning. Never on a member's screen.
type Stat struct {
	Label string
	Value string
	Unit  string
	Note  string
	URL   string
}

// Column heads a column of a table; Numeric ones are set flush right in tabular figures.
type Column struct {
	Label   string
	Numeric bool
}

// Cell is one field of a table. The first cell of a row names the row.
type Cell struct {
	Text   string
	Note   string
	URL    string
	Badge  Badge
	Colors []string // filament colours, #rrggbb
}

// Table is a list with a caption for screen readers. On a narrow screen it scrolls inside its own frame.
type Table struct {
	Caption string
	Columns []Column
	Rows    [][]Cell
}

func (t Table) numeric(column int) bool { return column < len(t.Columns) && t.Columns[column].Numeric }

// label names a cell where the heads of the columns cannot be seen; an empty cell needs none.
func (t Table) label(column int, cell Cell) string {
	if column >= len(t.Columns) || cell.Text == "" && cell.Badge.Text == "" && cell.Note == "" && len(cell.Colors) == 0 {
		return ""
	}
	return t.Columns[column].Label
}

// Pager leads through keyset pages.
type Pager struct {
	Label    string
	Next     Link
	Previous Link
}

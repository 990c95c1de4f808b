package postgres

import (
	"context"
	"regexp"
	"strconv"
	"strings"

	"github.com/jmoiron/sqlx"
)

// Batch is several statements that run as one, in one round trip. Each changes rows of its own: all
// see the database as it was before any of them, and references are checked when all are done. If
// one fails, none has run. The zero value is empty.
type Batch struct {
	parts []part
	args  []any
}

type part struct{ name, statement string }

// Add puts a statement into the batch. It has no WITH of its own.
func (b *Batch) Add(statement string, args ...any) {
	b.Let("part"+strconv.Itoa(len(b.parts)+1), statement, args...)
}

// Let puts a statement into the batch whose rows those after it may read by a name.
func (b *Batch) Let(name, statement string, args ...any) {
	b.parts = append(b.parts, part{name, renumber(statement, len(b.args))})
	b.args = append(b.args, args...)
}

// Empty says whether there is nothing in the batch, so that it cannot run.
func (b *Batch) Empty() bool { return len(b.parts) == 0 }

// Run runs the batch and says how many rows its last statement met.
func (b *Batch) Run(ctx context.Context, db sqlx.ExecerContext) (rows int64, err error) {
	result, err := db.ExecContext(ctx, b.String(), b.args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// Get runs the batch and reads the one row that its last statement returns.
func (b *Batch) Get(ctx context.Context, db sqlx.QueryerContext, into any) error {
	return sqlx.GetContext(ctx, db, into, b.String(), b.args...)
}

// String is the batch as one statement.
func (b *Batch) String() string {
	var text strings.Builder
	last := len(b.parts) - 1
	for i, part := range b.parts[:last] {
		separator := ", "
		if i == 0 {
			separator = "WITH "
		}
		text.WriteString(separator + part.name + " AS (" + part.statement + ")")
	}
	return text.String() + b.parts[last].statement
}

var placeholder = regexp.MustCompile(`\$\d+`)

// renumber has the placeholders of a statement begin after so many others.
func renumber(statement string, others int) string {
	if others == 0 {
		return statement
	}
	return placeholder.ReplaceAllStringFunc(statement, func(name string) string {
		n, _ := strconv.Atoi(name[1:]) // digits, as the pattern says
		return "$" + strconv.Itoa(others+n)
	})
}

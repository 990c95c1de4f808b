package postgres

import (
	"context"
	"errors"
	"regexp"
	"strconv"
	"strings"

	"github.com/jmoiron/sqlx"
)

// Batch is several statements that run as one, in one round trip. Each changes rows of its own: all
// see the database as it was before any of them, and references are checked when all are done. If
// one fails, none has run. The zero value is empty.
type Batch struct {
	parts   []part
	args    []any
	counted []counted
}

type part struct{ name, statement string }

// counted is a part of which one wants to know how many rows it met.
type counted struct {
	name string
	rows *int64
	none error // what it is if there was no row; nil: fine
}

// Add puts a statement into the batch. It has no WITH of its own.
func (b *Batch) Add(statement string, args ...any) {
	b.Let(b.nextName(), statement, args...)
}

func (b *Batch) nextName() string { return "part" + strconv.Itoa(len(b.parts)+1) }

// Let puts a statement into the batch whose rows those after it may read by a name.
func (b *Batch) Let(name, statement string, args ...any) {
	b.parts = append(b.parts, part{name, renumber(statement, len(b.args))})
	b.args = append(b.args, args...)
}

// Must puts a change into the batch which has to meet a row: Run returns none if it does not. Then
// the others have run, and it is for the caller to roll them back.
func (b *Batch) Must(none error, statement string, args ...any) {
	b.count(counted{rows: new(int64), none: none}, statement, args)
}

// Count puts a change into the batch. How many rows it met is known when the batch has run.
func (b *Batch) Count(rows *int64, statement string, args ...any) {
	b.count(counted{rows: rows}, statement, args)
}

func (b *Batch) count(of counted, statement string, args []any) {
	of.name = b.nextName()
	b.counted = append(b.counted, of)
	b.Let(of.name, statement+" RETURNING 1", args...)
}

// Empty says whether there is nothing in the batch, so that it cannot run.
func (b *Batch) Empty() bool { return len(b.parts) == 0 }

// errCounted says that a batch counts rows, which only Run can tell.
var errCounted = errors.New("a batch that counts rows was read instead of run")

// Run runs the batch, which then is spent.
func (b *Batch) Run(ctx context.Context, db sqlx.ExtContext) error {
	if len(b.counted) == 0 {
		_, err := db.ExecContext(ctx, b.String(), b.args...)
		return err
	}
	var counts []string
	var into []any
	for _, part := range b.counted {
		counts, into = append(counts, "(SELECT count(*) FROM "+part.name+")"), append(into, part.rows)
	}
	b.Add("SELECT " + strings.Join(counts, ", "))
	if err := db.QueryRowxContext(ctx, b.String(), b.args...).Scan(into...); err != nil {
		return err
	}
	for _, part := range b.counted {
		if *part.rows == 0 && part.none != nil {
			return part.none
		}
	}
	return nil
}

// Get runs the batch and reads the one row that its last statement returns.
func (b *Batch) Get(ctx context.Context, db sqlx.QueryerContext, into any) error {
	if len(b.counted) > 0 {
		return errCounted
	}
	return sqlx.GetContext(ctx, db, into, b.String(), b.args...)
}

// Select runs the batch and reads the rows that its last statement returns.
func (b *Batch) Select(ctx context.Context, db sqlx.QueryerContext, into any) error {
	if len(b.counted) > 0 {
		return errCounted
	}
	return sqlx.SelectContext(ctx, db, into, b.String(), b.args...)
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

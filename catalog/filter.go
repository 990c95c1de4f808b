package catalog

import (
	"strconv"
	"strings"

	"github.com/lib/pq"

	"tsukuriba/internal/yen"
)

// Filter narrows a list of products. Its zero value lets all pass.
type Filter struct {
	Kind       Kind
	Color      string     // key of a filament the product can be had in
	PriceFrom  yen.Amount // the lowest and, unless 0, the highest price, both of which belong to it
	PriceUntil yen.Amount
	Ready      []Kind // of these kinds, and for sale at this moment; nil lets all pass
}

// Any says whether the filter asks for anything.
func (f Filter) Any() bool {
	return f.Kind != "" || f.Color != "" || f.PriceFrom > 0 || f.PriceUntil > 0 || f.Ready != nil
}

// key tells filters apart in memory.
func (f Filter) key() string {
	var ready strings.Builder
	for _, kind := range f.Ready {
		ready.WriteString(string(kind) + ",")
	}
	if f.Ready != nil {
		ready.WriteString(".")
	}
	return strings.Join([]string{
		string(f.Kind), f.Color, strconv.FormatInt(int64(f.PriceFrom), 10), strconv.FormatInt(int64(f.PriceUntil), 10), ready.String(),
	}, "\x00")
}

// conditions are clauses of a statement with their values, and the statement in the end. A "?" in a clause becomes the number of its value.
type conditions struct {
	clauses   []string
	args      []any
	statement string
}

// value gives a value its number.
func (c *conditions) value(arg any) string {
	c.args = append(c.args, arg)
	return "$" + strconv.Itoa(len(c.args))
}

// clause is an expression with its values in place of the question marks.
func (c *conditions) clause(clause string, args ...any) string {
	for _, arg := range args {
		clause = strings.Replace(clause, "?", c.value(arg), 1)
	}
	return clause
}

func (c *conditions) add(clause string, args ...any) {
	c.clauses = append(c.clauses, c.clause(clause, args...))
}

func (c *conditions) String() string { return strings.Join(c.clauses, " AND ") }

// narrowed are the clauses of a filter, each "true" where it asks for nothing.
type narrowed struct{ kind, color, price, ready, collection string }

func (c *conditions) narrow(f Filter, collection CollectionID) narrowed {
	n := narrowed{"true", "true", "true", "true", "true"}
	if f.Kind != "" {
		n.kind = c.clause("p.kind = ?", f.Kind)
	}
	if f.Color != "" {
		n.color = c.clause("(p.colors IS NULL OR ? = ANY(p.colors))", f.Color)
	}
	if f.PriceFrom > 0 || f.PriceUntil > 0 {
		n.price = c.clause("p.price_yen BETWEEN ? AND ?", f.PriceFrom, highest(f.PriceUntil))
	}
	if f.Ready != nil {
		n.ready = c.clause("p.kind = ANY(?) AND "+forSale, pq.Array(f.Ready))
	}
	if !collection.IsZero() {
		n.collection = c.clause("EXISTS (SELECT FROM collection_products cp WHERE cp.collection_id = ? AND cp.product_id = p.id)", collection)
	}
	return n
}

// filter adds the clauses of a filter.
func (c *conditions) filter(f Filter) {
	if !f.Any() {
		return
	}
	n := c.narrow(f, CollectionID{})
	c.clauses = append(c.clauses, n.kind, n.color, n.price, n.ready)
}

const forSale = `p.state = 'published' AND NOT (p.kind = 'stock' AND p.offered = 0)`

// highest is the upper end of a span of prices; 0 is none.
func highest(until yen.Amount) yen.Amount {
	if until <= 0 {
		return 1 << 40
	}
	return until
}

// colorKeys are the filaments a product can be had in, nil for any that is available.
func (p Product) colorKeys() []string {
	if p.Schema == nil {
		if p.Sample == nil {
			return []string{}
		}
		return []string{p.Sample.BaseColor, p.Sample.TextColor}
	}
	var keys []string
	for _, field := range p.Schema.Fields {
		if field.Type == ColorType && len(field.Options) == 0 {
			return nil
		}
		if field.Type != ColorType {
			continue
		}
		for _, option := range field.Options {
			keys = append(keys, option.Key)
		}
	}
	return keys
}

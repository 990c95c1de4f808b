package catalog

import "math"

// Sort is the order of a list of products. What is none of the constants is ByPlace.
type Sort string

// The orders of lists. Products that are equal in one keep an order of their own, so that pages neither repeat nor
// leave out any.
const (
	ByPlace       Sort = "" // as the shop, or the collection, places them
	CheapestFirst Sort = "price_asc"
	DearestFirst  Sort = "price_desc"
	NewestFirst   Sort = "newest"
)

// Sorts are all orders, as they are offered.
var Sorts = []Sort{ByPlace, NewestFirst, CheapestFirst, DearestFirst}

// order is how a list is sorted: by a number of each product and, where that is equal, by id, both in one direction.
type order struct {
	name   string // cursors of one order are of no use in another
	number string // in SQL
	down   bool
}

// order is that of the query's list; a collection has places of its own.
func (q ProductQuery) order(collection CollectionID) order {
	switch name := string(q.Sort); {
	case q.Sort == CheapestFirst || q.Sort == DearestFirst:
		return order{name, "p.price_yen", q.Sort == DearestFirst}
	case q.Sort == NewestFirst:
		return order{name, "p.arrival", true}
	case collection.IsZero():
		return order{"", "p.position", false}
	default:
		return order{collection.String(), "cp.position", false}
	}
}

// start is the place before the first product.
func (o order) start() place {
	if !o.down {
		return place{number: math.MinInt64}
	}
	last := place{number: math.MaxInt64}
	for i := range last.id {
		last.id[i] = 0xff
	}
	return last
}

// follows compares a product with a place before it.
func (o order) follows() string {
	if o.down {
		return "<"
	}
	return ">"
}

// by sorts by a number and the id.
func (o order) by(number string) string {
	if o.down {
		return number + " DESC, p.id DESC"
	}
	return number + ", p.id"
}

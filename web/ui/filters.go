package ui

// Filters narrows a list by a form that is sent with GET, so that every list has an address.
type Filters struct {
	Label   string
	Apply   string
	Address string  // of the list
	Kept    []Kept  // what stays as it is
	Fields  []Field // each a Select, the first option of which is "all"
	Active  []Link  // filters that are set, each leading to the list without it
}

// Kept is a value that a form sends along unseen.
type Kept struct{ Name, Value string }

// Sorting leads to the same list in other orders.
type Sorting struct {
	Label  string
	Orders []NavItem
}

package ui

// Filters narrows a list by a form that is sent with GET, so that every list has an address.
type Filters struct {
	Label   string
	Apply   string
	Address string  // of the list
	Text    string  // what is searched for, which stays
	Fields  []Field // each a Select, the first option of which is "all"
	Active  []Link  // filters that are set, each leading to the list without it
}

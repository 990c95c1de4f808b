package ui

import "github.com/a-h/templ"

// Kind is the weight of an action on its page.
type Kind string

// The kinds. A page has at most one Primary.
const (
	Secondary Kind = ""        // an outlined button
	Primary   Kind = "primary" // the one thing this page is for
	Quiet     Kind = "quiet"   // words with an icon
	Grave     Kind = "grave"   // cannot be taken back; never on a tablet
)

// Action is a button, or a link that looks like one when URL is set. Post makes it a form of its own that posts there.
type Action struct {
	Label      string
	Icon       IconName
	Kind       Kind
	URL        string           // link target, or the form's address with Post
	Post       bool             // a form with this one button
	Name       string           // of a submit button inside a form
	Value      string           // of a submit button, or of the hidden field Name with Post
	Disabled   bool             // keep rare: say in words why
	Speak      string           // tablet: stored reading, spoken on press
	Attributes templ.Attributes // further attributes, such as hx-*
}

func (a Action) class() string {
	if a.Kind == Secondary {
		return "button"
	}
	return "button button--" + string(a.Kind)
}

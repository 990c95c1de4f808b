package ui

import (
	"cmp"
	"fmt"
	"maps"
	"strings"

	"github.com/a-h/templ"
)

// Field is one question of a form with its answer so far. Error, when set, is linked to the input and read with it.
type Field struct {
	Name         string // also the id, unless
	ID           string // names it, on a page that asks the same thing more than once
	Label        string
	Hint         string
	Error        string
	Value        string
	Type         string // "text" when empty
	Autocomplete string // such as "postal-code"; "off" is not for names and addresses
	InputMode    string // such as "numeric"
	Note         string // beside the label: 必須, 任意
	MaxLength    int    // 0 for none; the server checks again
	Limit        int    // characters as a reader counts them, counted by studio.ts; 0 for none
	Rows         int    // TextArea: lines shown
	Required     bool
	Live         bool     // keep a place for an error that studio.ts fills in while typing
	Checked      bool     // Checkbox
	Options      []Choice // Select
	Attributes   templ.Attributes
}

func (f Field) id() string { return cmp.Or(f.ID, f.Name) }

func (f Field) inputType() string {
	if f.Type == "" {
		return "text"
	}
	return f.Type
}

// describedBy lists the ids of the hint and the error, for aria-describedby.
func (f Field) describedBy() string {
	ids := describers(f.id(), f.Hint, f.Error)
	if f.Live && f.Error == "" {
		ids = append(ids, f.Name+"-error")
	}
	return strings.Join(ids, " ")
}

func describers(name, hint, problem string) []string {
	var ids []string
	if hint != "" {
		ids = append(ids, name+"-hint")
	}
	if problem != "" {
		ids = append(ids, name+"-error")
	}
	return ids
}

// attributes are those that all three kinds of inputs share.
func (f Field) attributes() templ.Attributes {
	a := templ.Attributes{"id": f.id(), "name": f.Name, "required": f.Required}
	if ids := f.describedBy(); ids != "" {
		a["aria-describedby"] = ids
	}
	if f.Error != "" {
		a["aria-invalid"] = "true"
	}
	if f.Autocomplete != "" {
		a["autocomplete"] = f.Autocomplete
	}
	if f.InputMode != "" {
		a["inputmode"] = f.InputMode
	}
	if f.MaxLength > 0 {
		a["maxlength"] = fmt.Sprint(f.MaxLength)
	}
	maps.Copy(a, f.Attributes)
	return a
}

// Choice is one answer of a [Choices] group or of a Select.
type Choice struct {
	Value      string
	Label      string
	Detail     string   // a second line: millimetres, days, yen
	Swatches   []string // filament colours as #rrggbb, drawn as spools
	Image      string   // address of a picture, 20:9, in a compact group 1:1; a page must not move when it comes
	Checked    bool
	Disabled   bool
	Attributes templ.Attributes // on the input, such as data-color
}

// Choices is a question with few answers, all in view.
type Choices struct {
	Name    string
	Legend  string
	Hint    string
	Error   string
	Compact bool // small cards beside each other: colours, sizes
	Options []Choice
}

func (c Choices) describedBy() string {
	return strings.Join(describers(c.Name, c.Hint, c.Error), " ")
}

// pictureHeight is the height of pictures that are 180 wide.
func (c Choices) pictureHeight() string {
	if c.Compact {
		return "180"
	}
	return "81"
}

func (c Choices) id(i int) string { return fmt.Sprintf("%s-%d", c.Name, i) }

package stripetest

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// params reads a form with nested brackets: line_items[0][price_data][currency]=jpy. Readers
// never fail by themselves; finish tells the first problem, and refuses what nobody asked for.
type params struct {
	name     string
	value    string
	given    bool
	asked    bool
	children []*params
	problem  **apiError
}

func parseParams(form url.Values) *params {
	root := &params{problem: new(*apiError)}
	names := make([]string, 0, len(form))
	for name := range form {
		names = append(names, name)
	}
	slices.SortFunc(names, compareNames)
	for _, name := range names {
		path := strings.Split(strings.ReplaceAll(name, "]", ""), "[")
		if len(path) > deepest || len(names) > mostFields || len(form[name]) > mostFields {
			root.refuse("", "Request has too many or too deeply nested parameters")
			break
		}
		for _, value := range form[name] {
			root.put(path, value)
		}
	}
	return root
}

const (
	deepest    = 8
	mostFields = 2000
)

// compareNames keeps line_items[2] before line_items[10].
func compareNames(a, b string) int {
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	return strings.Compare(a, b)
}

func (p *params) put(path []string, value string) {
	if len(path) == 0 {
		p.value, p.given = value, true
		return
	}
	key := path[0]
	if key == "" {
		key = strconv.Itoa(len(p.children))
	}
	p.child(key).put(path[1:], value)
}

func (p *params) child(key string) *params {
	full := key
	if p.name != "" {
		full = p.name + "[" + key + "]"
	}
	for _, child := range p.children {
		if child.name == full {
			return child
		}
	}
	child := &params{name: full, problem: p.problem}
	p.children = append(p.children, child)
	return child
}

// at goes one bracket deeper.
func (p *params) at(key string) *params {
	child := p.child(key)
	child.asked = true
	return child
}

func (p *params) present() bool { return p.given || len(p.children) > 0 }

func (p *params) text(key string) string { return p.at(key).value }

func (p *params) requiredText(key string) string {
	child := p.at(key)
	if !child.given || child.value == "" {
		child.refuse("parameter_missing", "Missing required param: "+child.name+".")
	}
	return child.value
}

func (p *params) oneOf(key, fallback string, allowed ...string) string {
	child := p.at(key)
	if !child.given {
		return fallback
	}
	if !slices.Contains(allowed, child.value) {
		child.refuse("", "Invalid "+child.name+": must be one of "+strings.Join(allowed, ", "))
	}
	return child.value
}

// whole reads an integer; absent means (0, false).
func (p *params) whole(key string) (int64, bool) {
	child := p.at(key)
	if !child.given {
		return 0, false
	}
	n, err := strconv.ParseInt(child.value, 10, 64)
	if err != nil {
		child.refuse("parameter_invalid_integer", "Invalid integer: "+child.value)
	}
	return n, err == nil
}

func (p *params) requiredWhole(key string) int64 {
	n, _ := p.whole(key)
	if child := p.at(key); !child.given {
		child.refuse("parameter_missing", "Missing required param: "+child.name+".")
	}
	return n
}

func (p *params) flag(key string) bool { return p.oneOf(key, "false", "true", "false") == "true" }

func (p *params) list(key string) []*params {
	children := p.at(key).children
	for _, child := range children {
		child.asked = true
	}
	return children
}

func (p *params) texts(key string) []string {
	var out []string
	for _, child := range p.list(key) {
		out = append(out, child.value)
	}
	return out
}

// dictionary reads free pairs such as metadata: at most 50, keys to 40 and values to 500 characters.
func (p *params) dictionary(key string) map[string]string {
	out := map[string]string{}
	parent := p.at(key)
	for _, child := range parent.children {
		child.asked = true
		name := strings.TrimSuffix(strings.TrimPrefix(child.name, parent.name+"["), "]")
		if len([]rune(name)) > 40 || len([]rune(child.value)) > 500 {
			child.refuse("", "Metadata keys may have 40 characters and values 500: "+child.name)
		}
		out[name] = child.value
	}
	if len(out) > 50 {
		parent.refuse("", "Metadata may have at most 50 keys")
	}
	return out
}

func (p *params) refuse(code, message string) {
	if *p.problem == nil {
		*p.problem = &apiError{
			Status: 400, Type: "invalid_request_error", Code: code, Message: message, Param: p.name, unexecuted: true,
		}
	}
}

// finish returns the first problem met while reading, or a parameter nobody read.
func (p *params) finish() error {
	p.refuseUnasked()
	if *p.problem != nil {
		return *p.problem
	}
	return nil
}

func (p *params) refuseUnasked() {
	for _, child := range p.children {
		if !child.asked && child.present() {
			child.refuse("parameter_unknown", "Received unknown parameter: "+child.name)
			return
		}
		child.refuseUnasked()
	}
}

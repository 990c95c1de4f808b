// Package tsukuriba_test holds the plan of the house: which package may import which.
package tsukuriba_test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "tsukuriba/"

// arrow is the import arrow, top first. A package imports its own floor and those below.
var arrow = []string{"cmd", "web", "api", "fulfilment", "orders", "catalog", "internal", "migrations"}

// engines know nothing of the package they stand in, which imports them.
var engines = []string{"catalog/tag", "fulfilment/offer", "fulfilment/promise", "orders/prose"}

// adapters import the package they stand in, which never imports them.
var adapters = []string{"orders/stripe", "fulfilment/slicer", "fulfilment/printer"}

// only names who alone may import a package.
var only = map[string][]string{
	"github.com/labstack/echo/v4":     {"api", "web", "cmd"},
	"github.com/stripe/stripe-go/v76": {"orders/stripe"},
	"github.com/riverqueue/river":     {"internal/jobs", "internal/postgres"},
	"os/exec":                         {"internal", "fulfilment/slicer", "cmd"},
}

type goPackage struct {
	ImportPath string
	Imports    []string
}

func TestImportArrow(t *testing.T) {
	for _, from := range packages(t) {
		for _, imported := range from.Imports {
			to, ours := strings.CutPrefix(imported, module)
			name := strings.TrimPrefix(from.ImportPath, module)
			if ours && !mayImport(name, to) {
				t.Errorf("%s imports %s: against the arrow %s", name, to, strings.Join(arrow, " → "))
			}
			if !ours && !mayUse(name, imported) {
				t.Errorf("%s imports %s, which only %v may", name, imported, only[imported])
			}
		}
	}
}

func TestMayImport(t *testing.T) {
	tests := []struct {
		from, to string
		want     bool
	}{
		{"web/storefront", "orders", true},
		{"orders", "web/ui", false},
		{"orders", "catalog", true},
		{"catalog", "orders", false},
		{"orders", "orders/stripe", false},
		{"orders/stripe", "orders", true},
		{"cmd/tsukuriba", "orders/stripe", true},
		{"api", "orders/stripe", false},
		{"catalog", "catalog/tag", true},
		{"catalog/tag", "catalog", false},
		{"fulfilment/slicer", "fulfilment", true},
		{"fulfilment", "fulfilment/slicer", false},
		{"internal/jobs", "catalog", false},
	}
	for _, test := range tests {
		if got := mayImport(test.from, test.to); got != test.want {
			t.Errorf("mayImport(%s, %s) = %t", test.from, test.to, got)
		}
	}
}

func mayImport(from, to string) bool {
	switch {
	case floor(from) < 0 || floor(to) < 0 || floor(to) < floor(from):
		return false
	case within(engines, from):
		return inside(from, to) || floor(to) > floor(from) || within(engines, to)
	case within(adapters, to):
		return within(adapters, from) && sameAdapter(from, to) || floor(from) == 0
	default:
		return true
	}
}

// sameAdapter lets the parts of one adapter import each other, as the pay page its API.
func sameAdapter(from, to string) bool {
	return slices.ContainsFunc(adapters, func(a string) bool { return inside(a, from) && inside(a, to) })
}

func floor(name string) int {
	top, _, _ := strings.Cut(name, "/")
	return slices.Index(arrow, top)
}

func within(roots []string, name string) bool {
	return slices.ContainsFunc(roots, func(root string) bool { return inside(root, name) })
}

func inside(root, name string) bool { return name == root || strings.HasPrefix(name, root+"/") }

func mayUse(from, imported string) bool {
	for library, allowed := range only {
		if inside(library, imported) && !within(allowed, from) {
			return false
		}
	}
	return true
}

// TestEnvironmentIsReadInOnePlace keeps configuration in cmd, where every option is declared.
func TestEnvironmentIsReadInOnePlace(t *testing.T) {
	out, err := exec.Command("git", "grep", "-lE", `os\.(Getenv|LookupEnv)\(`, "--", "*.go").Output()
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || exit.ExitCode() > 1) {
		t.Fatal(err)
	}
	for file := range strings.FieldsSeq(string(out)) {
		if !strings.HasPrefix(file, "cmd/") && !strings.HasSuffix(file, "_test.go") &&
			!strings.HasPrefix(file, "internal/postgres/testdb/") {
			t.Errorf("%s reads the environment", file)
		}
	}
}

func packages(t *testing.T) []goPackage {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var list []goPackage
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return list
		} else if err != nil {
			t.Fatal(err)
		}
		if p.ImportPath != "tsukuriba" {
			list = append(list, p)
		}
	}
}

package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"tsukuriba/catalog/tag"
)

// runTag runs the command as typed.
func runTag(t *testing.T, args ...string) error {
	t.Helper()
	var cmd TagCmd
	parser, err := kong.New(&cmd)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parser.Parse(args); err != nil {
		return err
	}
	err = cmd.Run()
	if errors.Is(err, tag.ErrFontsMissing) {
		t.Skip(err)
	}
	return err
}

func TestTagCmd_writes(t *testing.T) {
	t.Parallel()
	for ending, start := range map[string]string{".stl": "tsukuriba tag", ".3mf": "PK\x03\x04", ".glb": "glTF", ".png": "\x89PNG", ".STL": "tsukuriba tag"} {
		t.Run(ending, func(t *testing.T) {
			t.Parallel()
			name := filepath.Join(t.TempDir(), "tag"+ending)
			if err := runTag(t, "さくら工房", "--em", "9.5", "--border=1.2", "--width=320", "--height=200", "-o", name); err != nil {
				t.Fatal(err)
			}
			content, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.HasPrefix(content, []byte(start)) {
				t.Errorf("begins with %q", content[:12])
			}
		})
	}
}

func TestTagCmd_refuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	out := filepath.Join(dir, "tag.stl")
	for want, args := range map[string][]string{
		"must end in .stl":          {"犬", "-o", filepath.Join(dir, "tag.obj")},
		"cannot draw 🎃":             {"🎃", "-o", out},
		"the text is blank":         {" ", "-o", out},
		"no such font":              {"犬", "--font=comic", "-o", out},
		"at most 200 mm":            {"犬", "--em=NaN", "-o", out},
		"em is 100.00 mm":           {"犬", "--em=100", "-o", out},
		"a color is written":        {"犬", "--base-color=red", "-o", out},
		"no such file or directory": {"犬", "-o", filepath.Join(dir, "none", "tag.stl")},
		"missing flags":             {"犬"},
	} {
		if err := runTag(t, args...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: says %v, want …%s…", args, err, want)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("leaves %v behind", left)
	}
}

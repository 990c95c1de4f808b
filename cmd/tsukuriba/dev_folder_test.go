package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

func TestKeepOrPutAside(t *testing.T) {
	t.Parallel()
	first := fstest.MapFS{"0001_a.sql": {Data: []byte("CREATE TABLE a ();")}}
	followed := fstest.MapFS{"0001_a.sql": first["0001_a.sql"], "0002_b.sql": {Data: []byte("CREATE TABLE b ();")}}
	edited := fstest.MapFS{"0001_a.sql": {Data: []byte("CREATE TABLE a (id int);")}}
	for _, test := range []struct {
		name     string
		then     fstest.MapFS
		now      fstest.MapFS
		putAside bool
	}{
		{"the same schema", first, first, false},
		{"a migration followed", first, followed, false},
		{"a migration was edited", first, edited, true},
		{"a migration is gone", followed, first, true},
		{"the making was cut off", nil, first, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			dir := workshopFolder(t, test.then)
			var said strings.Builder
			if err := keepOrPutAside(t.Context(), dir, test.now, &said); err != nil {
				t.Fatal(err)
			}
			kept, err := os.ReadFile(filepath.Join(dir, "seal.key"))
			if moved := err != nil; moved != test.putAside {
				t.Errorf("put aside: %v (%q, %v), want %v", moved, kept, err, test.putAside)
			}
			aside, _ := filepath.Glob(filepath.Join(dir, "old-*", "seal.key"))
			if (len(aside) == 1) != test.putAside {
				t.Errorf("found %v, want the whole workshop aside: %v", aside, test.putAside)
			}
			if told := strings.Contains(said.String(), "a new one begins"); told != test.putAside {
				t.Errorf("said %q", &said)
			}
		})
	}
}

// workshopFolder is what a `dev` of those migrations left behind; nil: it was cut off.
func workshopFolder(t *testing.T, made fstest.MapFS) string {
	t.Helper()
	dir := t.TempDir()
	if made != nil {
		if err := noteSchema(dir, made); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "pg"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "seal.key"), []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

package postgres_test

import (
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/jmoiron/sqlx"

	"tsukuriba/internal/postgres"
	"tsukuriba/internal/postgres/testdb"
	"tsukuriba/migrations"
)

// cLocaleDatabase makes an empty database with LC_CTYPE = C beside the test's own.
func cLocaleDatabase(t *testing.T) (dsn string) {
	t.Helper()
	return emptyDatabase(t, ` LC_COLLATE 'C' LC_CTYPE 'C'`)
}

func emptyDatabase(t *testing.T, options string) (dsn string) {
	t.Helper()
	own := testdb.DSN(t)
	db := testdb.Open(t, own)
	var name string
	if err := db.GetContext(t.Context(), &name, `SELECT current_database() || '_empty'`); err != nil {
		t.Fatal(err)
	}
	db.MustExecContext(t.Context(), `CREATE DATABASE `+name+` TEMPLATE template0 ENCODING 'UTF8'`+options)
	t.Cleanup(func() { db.MustExec(`DROP DATABASE ` + name + ` WITH (FORCE)`) })
	address, err := url.Parse(own)
	if err != nil {
		t.Fatal(err)
	}
	address.Path = "/" + name
	return address.String()
}

func TestMigrate(t *testing.T) {
	t.Parallel()
	pending := func(t *testing.T, db *sqlx.DB) bool {
		t.Helper()
		pending, err := postgres.Pending(t.Context(), db, migrations.FS)
		if err != nil {
			t.Fatal(err)
		}
		return pending
	}

	t.Run("by_several_processes_at_once", func(t *testing.T) {
		t.Parallel()
		dsn := emptyDatabase(t, "")
		if !pending(t, testdb.Open(t, dsn)) {
			t.Error("nothing is pending in an empty database")
		}
		var all sync.WaitGroup
		for range 3 {
			db := testdb.Open(t, dsn)
			all.Go(func() {
				if err := postgres.Migrate(t.Context(), db, migrations.FS); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if pending(t, testdb.Open(t, dsn)) {
			t.Error("something is still pending")
		}
	})
	t.Run("leaves_what_came_before_a_failing_file", func(t *testing.T) {
		t.Parallel()
		db := testdb.Open(t, emptyDatabase(t, ""))
		files := fstest.MapFS{
			"0001_good.sql": {Data: []byte("-- +goose Up\nCREATE TABLE good (id int);\n")},
			"0002_bad.sql":  {Data: []byte("-- +goose Up\nCREATE TABLE bad (id int);\nSELECT nonsense;\n")},
		}
		err := postgres.Migrate(t.Context(), db, files)
		if err == nil || !strings.Contains(err.Error(), "0002_bad.sql") {
			t.Errorf("error = %v, want one that names the file", err)
		}
		var tables string
		if err := db.GetContext(t.Context(), &tables, `SELECT concat(to_regclass('good'), ' ', to_regclass('bad'))`); err != nil {
			t.Fatal(err)
		}
		if tables != "good " {
			t.Errorf("tables = %q, want good only", tables)
		}
		files["0002_bad.sql"] = &fstest.MapFile{Data: []byte("-- +goose Up\nCREATE TABLE bad (id int);\n")}
		if err := postgres.Migrate(t.Context(), db, files); err != nil {
			t.Errorf("after the file was mended: %v", err)
		}
	})
}

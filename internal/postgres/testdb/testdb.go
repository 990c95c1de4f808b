// Package testdb gives each test a database of its own, cloned from a template that carries all
// migrations. It is for tests only, and therefore may read the environment.
//
// All test processes share one throwaway server below the temporary folder. The first process
// starts it, and it ends by itself half a minute after the last one. TEST_DATABASE_URL names
// another server instead: the URL of a database whose user may create databases.
package testdb

import (
	"context"
	"crypto/rand"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"tsukuriba/internal/postgres"
)

// New opens a fresh, migrated database. It is dropped when the test ends; a test that failed
// leaves it for a quarter of an hour and logs its address.
func New(t testing.TB) *sqlx.DB {
	t.Helper()
	return Open(t, DSN(t))
}

// DSN is the address of a fresh database like New's, for code that connects by itself.
func DSN(t testing.TB) string {
	t.Helper()
	server, err := sharedServer()
	if err != nil {
		t.Fatalf("get a database server for tests: %v", err)
	}
	name := "test_" + strings.ToLower(rand.Text())
	if err := server.exec(t.Context(), `CREATE DATABASE `+name+` TEMPLATE `+server.template); err != nil {
		t.Fatalf("create test database: %v", err)
	}
	t.Cleanup(func() { discard(t, server, name) })
	return server.dsn(name)
}

// Open connects to a database that DSN made, until the test ends.
func Open(t testing.TB, dsn string) *sqlx.DB {
	t.Helper()
	db, err := postgres.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close test database: %v", err)
		}
	})
	return db
}

func discard(t testing.TB, server *server, name string) {
	ctx := context.Background() // the test's own is over by now
	if !t.Failed() {
		if err := server.exec(ctx, `DROP DATABASE `+name+` WITH (FORCE)`); err != nil {
			t.Errorf("drop test database: %v", err)
		}
		return
	}
	kept := keptPrefix + name
	if err := server.exec(ctx, `ALTER DATABASE `+name+` RENAME TO `+kept); err != nil {
		t.Logf("rename test database: %v", err)
		kept = name
	}
	t.Logf("the database is kept for a while: psql '%s'", server.dsn(kept))
}

package postgres_test

import (
	"testing"

	"github.com/jmoiron/sqlx"

	"tsukuriba/internal/postgres/testdb"
)

// oneConnection is a database of which everything goes over the same connection.
func oneConnection(t *testing.T) *sqlx.DB {
	t.Helper()
	db := testdb.New(t)
	db.SetMaxOpenConns(1)
	return db
}

func TestOpen_prepares_a_query_once_for_each_connection(t *testing.T) {
	t.Parallel()
	db := oneConnection(t)
	for n := range 3 {
		var twice int
		if err := db.GetContext(t.Context(), &twice, `SELECT $1::int * 2`, n); err != nil || twice != 2*n {
			t.Fatalf("2 × %d = %d, %v", n, twice, err)
		}
	}
	var kept int
	if err := db.GetContext(t.Context(), &kept, `SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%::int * 2'`); err != nil || kept != 1 {
		t.Errorf("the query is prepared %d times, %v", kept, err)
	}
}

func TestOpen_forgets_the_statements_used_longest_ago(t *testing.T) {
	t.Parallel()
	db := oneConnection(t)
	for n := range 500 {
		query := `SELECT $1::int + ` + string(rune('1'+n%9)) + ` -- ` + string(rune(0x4E00+n))
		if _, err := db.ExecContext(t.Context(), query, n); err != nil {
			t.Fatal(err)
		}
	}
	var kept int
	if err := db.GetContext(t.Context(), &kept, `SELECT count(*) FROM pg_prepared_statements`); err != nil || kept < 100 || kept > 250 {
		t.Errorf("%d statements are kept, %v", kept, err)
	}
}

// A migration changes what a query returns that a running server has prepared.
func TestOpen_prepares_anew_after_a_migration(t *testing.T) {
	t.Parallel()
	db := oneConnection(t)
	db.MustExecContext(t.Context(), `CREATE TABLE shelf (place int, name text)`)
	db.MustExecContext(t.Context(), `INSERT INTO shelf VALUES ($1, $2)`, 1, "左")
	read := func(q sqlx.Queryer) (place string, err error) {
		return place, sqlx.Get(q, &place, `SELECT place FROM shelf WHERE name = $1`, "左")
	}
	if place, err := read(db); err != nil || place != "1" {
		t.Fatalf("place = %q, %v", place, err)
	}
	db.MustExecContext(t.Context(), `ALTER TABLE shelf ALTER place TYPE text USING place || '号'`)
	if place, err := read(db); err != nil || place != "1号" {
		t.Errorf("after the migration place = %q, %v", place, err)
	}

	db.MustExecContext(t.Context(), `ALTER TABLE shelf ALTER place TYPE int USING 2`)
	tx := db.MustBegin()
	if place, err := read(tx); err == nil {
		t.Errorf("inside a transaction it read %q", place)
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	if place, err := read(db); err != nil || place != "2" {
		t.Errorf("after the transaction place = %q, %v", place, err)
	}
}

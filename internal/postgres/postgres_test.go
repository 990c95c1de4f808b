package postgres_test

import (
	"errors"
	"testing"

	"go.uber.org/goleak"

	"tsukuriba/internal/postgres"
	"tsukuriba/internal/postgres/testdb"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestOpen(t *testing.T) {
	t.Parallel()
	t.Run("refuses_an_address_without_sslmode", func(t *testing.T) {
		t.Parallel()
		if _, err := postgres.Open(t.Context(), "postgres://localhost/shop"); !errors.Is(err, postgres.ErrSSLMode) {
			t.Errorf("error = %v, want %v", err, postgres.ErrSSLMode)
		}
	})
	t.Run("says_when_nobody_answers", func(t *testing.T) {
		t.Parallel()
		if _, err := postgres.Open(t.Context(), "host="+t.TempDir()+" dbname=shop sslmode=disable"); err == nil {
			t.Error("opened a database that is not there")
		}
	})
	t.Run("sets_the_session_unless_the_address_does", func(t *testing.T) {
		t.Parallel()
		dsn := testdb.DSN(t)
		cases := map[string]string{dsn: "UTC read committed tsukuriba", dsn + "&timezone=Asia/Tokyo&application_name=report": "Asia/Tokyo read committed report"}
		for dsn, want := range cases {
			var got string
			err := testdb.Open(t, dsn).GetContext(t.Context(), &got, `
				SELECT concat_ws(' ', current_setting('timezone'), current_setting('transaction_isolation'), current_setting('application_name'))`)
			if err != nil || got != want {
				t.Errorf("session = %q, %v, want %q", got, err, want)
			}
		}
	})
}

func TestCheckCtype(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	if err := postgres.CheckCtype(t.Context(), db); err != nil {
		t.Fatal(err)
	}

	t.Run("refuses_the_locale_C", func(t *testing.T) {
		dsn := cLocaleDatabase(t)
		if err := postgres.CheckCtype(t.Context(), testdb.Open(t, dsn)); !errors.Is(err, postgres.ErrCtype) {
			t.Errorf("error = %v, want %v", err, postgres.ErrCtype)
		}
	})
	t.Run("looks_at_trigrams_where_there_are_some", func(t *testing.T) {
		if _, err := db.ExecContext(t.Context(), `CREATE EXTENSION pg_trgm`); err != nil {
			t.Skipf("pg_trgm is not installed: %v", err)
		}
		if err := postgres.CheckCtype(t.Context(), db); err != nil {
			t.Error(err)
		}
	})
}

package postgres_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/jmoiron/sqlx"

	"tsukuriba/internal/postgres"
	"tsukuriba/internal/postgres/testdb"
)

// shelf is a database with a table to write to.
func shelf(t *testing.T) *sqlx.DB {
	t.Helper()
	db := testdb.New(t)
	db.MustExecContext(t.Context(), `
		CREATE TABLE pieces (
			id    int PRIMARY KEY,
			stock int CONSTRAINT stock_not_negative CHECK (stock >= 0),
			box   int CONSTRAINT box_exists REFERENCES pieces DEFERRABLE INITIALLY DEFERRED
		)`)
	db.MustExecContext(t.Context(), `INSERT INTO pieces (id, stock) VALUES (1, 10), (2, 10)`)
	return db
}

func sum(t *testing.T, db *sqlx.DB) (total int) {
	t.Helper()
	if err := db.GetContext(t.Context(), &total, `SELECT sum(stock) FROM pieces`); err != nil {
		t.Fatal(err)
	}
	return total
}

func take(ctx context.Context, tx *sqlx.Tx, id int) error {
	_, err := tx.ExecContext(ctx, `UPDATE pieces SET stock = stock - 1 WHERE id = $1`, id)
	return err
}

func TestInTx(t *testing.T) {
	t.Parallel()
	wrong := errors.New("wrong")

	t.Run("commits", func(t *testing.T) {
		t.Parallel()
		db := shelf(t)
		err := postgres.InTx(t.Context(), db, func(tx *sqlx.Tx) error { return take(t.Context(), tx, 1) })
		if got := sum(t, db); err != nil || got != 19 {
			t.Errorf("stock = %d, %v, want 19", got, err)
		}
	})
	t.Run("keeps_nothing_after_an_error", func(t *testing.T) {
		t.Parallel()
		db := shelf(t)
		err := postgres.InTx(t.Context(), db, func(tx *sqlx.Tx) error {
			return errors.Join(take(t.Context(), tx, 1), wrong)
		})
		if !errors.Is(err, wrong) {
			t.Errorf("error = %v, want %v", err, wrong)
		}
		if got := sum(t, db); got != 20 {
			t.Errorf("stock = %d, want 20", got)
		}
	})
	t.Run("keeps_nothing_after_a_panic_and_passes_it_on", func(t *testing.T) {
		t.Parallel()
		db := shelf(t)
		defer func() {
			if thrown := recover(); thrown != any(wrong) {
				t.Errorf("panic = %v, want %v", thrown, wrong)
			}
			if got := sum(t, db); got != 20 {
				t.Errorf("stock = %d, want 20", got)
			}
			if busy := db.Stats().InUse; busy != 0 {
				t.Errorf("%d connections are still in use", busy)
			}
		}()
		_ = postgres.InTx(t.Context(), db, func(tx *sqlx.Tx) error {
			if err := take(t.Context(), tx, 1); err != nil {
				return err
			}
			panic(wrong)
		})
	})
	t.Run("returns_the_error_of_the_commit", func(t *testing.T) {
		t.Parallel()
		db := shelf(t)
		err := postgres.InTx(t.Context(), db, func(tx *sqlx.Tx) error {
			_, err := tx.ExecContext(t.Context(), `UPDATE pieces SET box = 99 WHERE id = 1`)
			return err
		})
		if !postgres.Violates(err, "box_exists") {
			t.Errorf("error = %v, want the deferred constraint's", err)
		}
	})
	t.Run("does_not_commit_when_fn_hides_a_database_error", func(t *testing.T) {
		t.Parallel()
		db := shelf(t)
		err := postgres.InTx(t.Context(), db, func(tx *sqlx.Tx) error {
			_, _ = tx.ExecContext(t.Context(), `UPDATE pieces SET stock = -1 WHERE id = 2`)
			return nil
		})
		if got := sum(t, db); err == nil || got != 20 {
			t.Errorf("stock = %d, error = %v, want 20 and an error", got, err)
		}
	})
	t.Run("runs_again_after_a_deadlock", func(t *testing.T) {
		t.Parallel()
		db := shelf(t)
		var met, both sync.WaitGroup
		met.Add(2)
		cross := func(first, second int) {
			once := sync.OnceFunc(func() { met.Done(); met.Wait() })
			err := postgres.InTx(t.Context(), db, func(tx *sqlx.Tx) error {
				if err := take(t.Context(), tx, first); err != nil {
					return err
				}
				once()
				return take(t.Context(), tx, second)
			})
			if err != nil {
				t.Error(err)
			}
		}
		both.Go(func() { cross(1, 2) })
		both.Go(func() { cross(2, 1) })
		both.Wait()
		if got := sum(t, db); got != 16 {
			t.Errorf("stock = %d, want 16: each took one of both", got)
		}
	})
	t.Run("gives_up_on_conflicts_that_do_not_end", func(t *testing.T) {
		t.Parallel()
		db := shelf(t)
		runs := 0
		err := postgres.InTx(t.Context(), db, func(tx *sqlx.Tx) error {
			runs++
			_, err := tx.ExecContext(t.Context(), `DO $$ BEGIN RAISE 'again' USING ERRCODE = 'serialization_failure'; END $$`)
			return err
		})
		if err == nil || runs != 4 {
			t.Errorf("%d runs, error = %v, want 4 and an error", runs, err)
		}
	})
}

func TestViolates(t *testing.T) {
	t.Parallel()
	db := shelf(t)
	_, negative := db.ExecContext(t.Context(), `UPDATE pieces SET stock = -1`)
	_, twice := db.ExecContext(t.Context(), `INSERT INTO pieces (id) VALUES (1)`)
	_, broken := db.ExecContext(t.Context(), `SELECT stock_not_negative`)
	cases := map[string]struct {
		err        error
		constraint string
		want       bool
	}{
		"check":            {negative, "stock_not_negative", true},
		"unique":           {twice, "pieces_pkey", true},
		"another_name":     {negative, "pieces_pkey", false},
		"no_constraint":    {broken, "stock_not_negative", false},
		"no_error_at_all":  {nil, "stock_not_negative", false},
		"empty_constraint": {broken, "", false},
	}
	for name, c := range cases {
		if got := postgres.Violates(c.err, c.constraint); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

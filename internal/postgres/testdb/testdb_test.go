package testdb_test

import (
	"testing"
	"time"

	"go.uber.org/goleak"

	"tsukuriba/internal/postgres/testdb"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestNew(t *testing.T) {
	t.Parallel()
	for range 20 {
		t.Run("is_apart_from_all_others", func(t *testing.T) {
			t.Parallel()
			began := time.Now()
			db := testdb.New(t)
			t.Logf("made in %s", time.Since(began))
			db.MustExecContext(t.Context(), `CREATE TABLE mine (id int)`)
			var jobs int
			if err := db.GetContext(t.Context(), &jobs, `SELECT count(*) FROM river_job`); err != nil {
				t.Errorf("the job queue is not migrated: %v", err)
			}
		})
	}
}

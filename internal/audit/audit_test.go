package audit_test

import (
	"testing"

	"github.com/jmoiron/sqlx"

	"tsukuriba/internal/audit"
	"tsukuriba/internal/postgres"
	"tsukuriba/internal/postgres/testdb"
)

func TestRecordIf(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	entry := audit.Entry{
		Actor: audit.Actor{Role: audit.Staff, ID: "stf_1"}, Action: "day.closed", Subject: "2099-12-29", Detail: map[string]any{"reason": "年末"},
	}
	closeDay := func(day string) (done bool) {
		t.Helper()
		err := postgres.InTx(t.Context(), db, func(tx *sqlx.Tx) (err error) {
			done, err = audit.RecordIf(t.Context(), tx, entry, `
				INSERT INTO closed_days (day, name, kind)
				VALUES ($1, $2, 'workshop')
				ON CONFLICT DO NOTHING
				RETURNING day`, day, "年末")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return done
	}
	if !closeDay("2099-12-29") {
		t.Error("what was done was not recorded")
	}
	if closeDay("2099-12-29") {
		t.Error("what was not done was recorded")
	}
	var entries []string
	err := db.Select(&entries, `
		SELECT concat_ws(' ', actor_role, actor_id, action, subject, detail ->> 'reason')
		FROM audit_entries`)
	if err != nil || len(entries) != 1 || entries[0] != "staff stf_1 day.closed 2099-12-29 年末" {
		t.Errorf("the log says %q, %v", entries, err)
	}
}

package audit_test

import (
	"testing"

	"github.com/jmoiron/sqlx"

	"tsukuriba/internal/audit"
	"tsukuriba/internal/postgres"
	"tsukuriba/internal/postgres/testdb"
)

func TestRecordWith(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	entry := audit.Entry{
		Actor: audit.Actor{Role: audit.Staff, ID: "stf_1"}, Action: "day.closed", Subject: "2099-12-29", Detail: map[string]any{"reason": "年末"},
	}
	closeDay := func(kind string) error {
		return postgres.InTx(t.Context(), db, func(tx *sqlx.Tx) error {
			var batch postgres.Batch
			if err := audit.RecordWith(&batch, entry); err != nil {
				return err
			}
			batch.Add(`
				INSERT INTO closed_days (day, name, kind)
				VALUES ('2099-12-29', '年末', $1)`, kind)
			return batch.Run(t.Context(), tx)
		})
	}
	if err := closeDay("workshop"); err != nil {
		t.Fatal(err)
	}
	if err := closeDay("workshop"); err == nil {
		t.Fatal("a day was closed twice")
	}
	var entries []string
	err := db.Select(&entries, `
		SELECT concat_ws(' ', actor_role, actor_id, action, subject, detail ->> 'reason')
		FROM audit_entries`)
	if err != nil || len(entries) != 1 || entries[0] != "staff stf_1 day.closed 2099-12-29 年末" {
		t.Errorf("the log says %q, %v", entries, err)
	}
}

package postgres_test

import (
	"testing"

	"tsukuriba/internal/postgres"
	"tsukuriba/internal/postgres/testdb"
)

func TestBatch(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	_, err := db.Exec(`
		CREATE TABLE parents (id int PRIMARY KEY, note text NOT NULL);
		CREATE TABLE children (id int PRIMARY KEY, parent int NOT NULL REFERENCES parents, weight int CHECK (weight < 100))`)
	if err != nil {
		t.Fatal(err)
	}
	family := func(parent int, weights ...int) (rows int64, err error) {
		var batch postgres.Batch
		for i, weight := range weights {
			batch.Add(`INSERT INTO children (id, parent, weight) VALUES ($1, $3, $2)`, 10*parent+i, weight, parent)
		}
		batch.Add(`INSERT INTO parents (id, note) VALUES ($1, $2)`, parent, "costs $1")
		return batch.Run(t.Context(), db)
	}
	count := func() (people string) {
		t.Helper()
		err := db.Get(&people, `
			SELECT (SELECT string_agg(id || ': ' || note, ', ' ORDER BY id) FROM parents) || '; ' ||
			       (SELECT string_agg(parent || '/' || id || ' ' || weight, ', ' ORDER BY id) FROM children)`)
		if err != nil {
			t.Fatal(err)
		}
		return people
	}

	if rows, err := family(1, 20, 30); rows != 1 || err != nil {
		t.Fatalf("%d rows, %v", rows, err)
	}
	if rows, err := family(2); rows != 1 || err != nil {
		t.Fatalf("alone: %d rows, %v", rows, err)
	}
	const want = "1: costs $1, 2: costs $1; 1/10 20, 1/11 30"
	if got := count(); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if _, err := family(3, 20, 500); !postgres.Violates(err, "children_weight_check") {
		t.Errorf("a part that is refused: %v", err)
	}
	if got := count(); got != want {
		t.Errorf("after a refusal there is %s, want %s", got, want)
	}
}

func TestBatch_reads_what_a_part_returned(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	var batch postgres.Batch
	batch.Let("first", `SELECT upper($1) AS word`, "a")
	batch.Let("second", `SELECT word || $1 AS word FROM first`, "b")
	batch.Add(`
		SELECT word || concat($1::text, $2::text, $3::text, $4::text, $5::text, $6::text, $7::text, $8::text, $9::text, $10::text, $11::text)
		FROM second`, "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m")
	var got string
	if err := batch.Get(t.Context(), db, &got); err != nil {
		t.Fatal(err)
	}
	if got != "Abcdefghijklm" {
		t.Errorf("got %q", got)
	}
}

package postgres_test

import (
	"errors"
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
	family := func(parent int, weights ...int) error {
		var batch postgres.Batch
		for i, weight := range weights {
			batch.Add(`INSERT INTO children (id, parent, weight) VALUES ($1, $3, $2)`, 10*parent+i, weight, parent)
		}
		batch.Add(`INSERT INTO parents (id, note) VALUES ($1, $2)`, parent, "costs $1")
		return batch.Run(t.Context(), db)
	}
	people := func() (people string) {
		t.Helper()
		err := db.Get(&people, `
			SELECT (SELECT string_agg(id || ': ' || note, ', ' ORDER BY id) FROM parents) || '; ' ||
			       (SELECT string_agg(parent || '/' || id || ' ' || weight, ', ' ORDER BY id) FROM children)`)
		if err != nil {
			t.Fatal(err)
		}
		return people
	}

	if err := family(1, 20, 30); err != nil {
		t.Fatal(err)
	}
	if err := family(2); err != nil {
		t.Fatalf("alone: %v", err)
	}
	const want = "1: costs $1, 2: costs $1; 1/10 20, 1/11 30"
	if got := people(); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if err := family(3, 20, 500); !postgres.Violates(err, "children_weight_check") {
		t.Errorf("a part that is refused: %v", err)
	}
	if got := people(); got != want {
		t.Errorf("after a refusal there is %s, want %s", got, want)
	}
}

func TestBatch_counts(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	_, err := db.Exec(`
		CREATE TABLE notes (id int PRIMARY KEY, note text NOT NULL);
		INSERT INTO notes VALUES (1, 'one'), (2, 'two'), (3, 'three')`)
	if err != nil {
		t.Fatal(err)
	}
	errNone := errors.New("there is no such note")
	for _, test := range []struct {
		must     int
		count    string
		wantErr  error
		wantRows int64
	}{
		{must: 1, count: "t%", wantRows: 2},
		{must: 1, count: "x%"},
		{must: 9, count: "t%", wantRows: 2, wantErr: errNone},
	} {
		var batch postgres.Batch
		var rows int64
		batch.Count(&rows, `UPDATE notes SET note = note || '.' WHERE note LIKE $1`, test.count)
		batch.Add(`INSERT INTO notes SELECT max(id) + 1, $1 FROM notes`, "a new one")
		batch.Must(errNone, `UPDATE notes SET note = upper(note) WHERE id = $1`, test.must)
		if err := batch.Run(t.Context(), db); !errors.Is(err, test.wantErr) || rows != test.wantRows {
			t.Errorf("note %d and notes like %s: %v, %d counted", test.must, test.count, err, rows)
		}
	}
	var unread postgres.Batch
	unread.Must(errNone, `DELETE FROM notes WHERE id = $1`, 9)
	unread.Add(`SELECT 1`)
	if err := unread.Get(t.Context(), db, new(int)); err == nil {
		t.Error("what a batch must do was not looked at when it was read")
	}
	var notes string
	if err := db.Get(&notes, `SELECT string_agg(note, ', ' ORDER BY id) FROM notes`); err != nil {
		t.Fatal(err)
	}
	if want := "ONE, two.., three.., a new one, a new one, a new one"; notes != want {
		t.Errorf("the notes are %s, want %s", notes, want)
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

package main

import (
	"net"
	"strings"
	"testing"
	"time"

	"tsukuriba/internal/mail/catcher"
	"tsukuriba/internal/postgres/testdb"
	"tsukuriba/orders/stripe/stripetest"
)

// line is what the doctor says about one thing, with its mark.
func line(t *testing.T, said, about string) string {
	t.Helper()
	for line := range strings.Lines(said) {
		if _, rest, _ := strings.Cut(line, " "); strings.HasPrefix(rest, about) {
			return line
		}
	}
	t.Fatalf("nothing about %s in\n%s", about, said)
	return ""
}

func visit(t *testing.T, config Config) (string, error) {
	t.Helper()
	d := openDoctor(t.Context(), config)
	defer d.close()
	var said strings.Builder
	err := d.examine(t.Context(), &said)
	return said.String(), err
}

func TestDoctor_finds_a_complete_workshop_well(t *testing.T) {
	t.Parallel()
	config := Config{DatabaseURL: testdb.DSN(t), Blobs: t.TempDir(), StripeKey: "sk_test_standin", StripeSecrets: []string{"whsec_doctor"}}
	standIn, err := stripetest.Start(stripetest.Options{WebhookURL: "http://127.0.0.1:1/webhook", WebhookSecret: "whsec_doctor"})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = standIn.Close() }()
	config.StripeURL = standIn.URL()
	config.SMTP = "smtp://" + catchMails(t)
	said, _ := visit(t, config) // a machine for tests need not have a slicer
	for _, about := range []string{"clock", "database", "migrations", "search", "fonts", "mail", "Stripe"} {
		if found := line(t, said, about); !strings.HasPrefix(found, "✓") {
			t.Error(found)
		}
	}
}

func catchMails(t *testing.T) (address string) {
	t.Helper()
	letterbox, err := catcher.New(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = letterbox.Serve(t.Context(), listener) }()
	return listener.Addr().String()
}

func TestDoctor_says_what_is_broken(t *testing.T) {
	t.Parallel()
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := silent.Addr().String()
	_ = silent.Close()
	said, err := visit(t, Config{
		DatabaseURL: "postgres://nobody@" + nobody + "/none?sslmode=disable", Blobs: t.TempDir(), SMTP: "smtp://" + nobody,
		StripeKey: "sk_test_standin", StripeSecrets: []string{"whsec_doctor"}, StripeURL: "http://" + nobody, Slicer: "/nowhere/prusa-slicer",
	})
	if err == nil {
		t.Error("all is well")
	}
	for about, wanted := range map[string]string{
		"database": "DATABASE_URL", "slicer": "apt-get install prusa-slicer", "mail": "does not answer", "Stripe": "did not answer",
	} {
		if found := line(t, said, about); !strings.HasPrefix(found, "✗") || !strings.Contains(found, wanted) {
			t.Errorf("%q lacks %q", found, wanted)
		}
	}
}

func TestDoctor_is_calm_without_anything(t *testing.T) {
	t.Parallel()
	said, _ := visit(t, Config{Blobs: t.TempDir()})
	for _, about := range []string{"database", "migrations", "mail", "Stripe"} {
		if found := line(t, said, about); !strings.HasPrefix(found, "–") {
			t.Error(found)
		}
	}
}

func TestDoctor_sees_an_old_database(t *testing.T) {
	t.Parallel()
	dsn := testdb.DSN(t)
	db := testdb.Open(t, dsn)
	if _, err := db.ExecContext(t.Context(), `DELETE FROM goose_db_version WHERE version_id = (SELECT max(version_id) FROM goose_db_version)`); err != nil {
		t.Fatal(err)
	}
	said, err := visit(t, Config{DatabaseURL: dsn, Blobs: t.TempDir(), Slicer: "/nowhere/prusa-slicer"})
	if found := line(t, said, "migrations"); err == nil || !strings.Contains(found, "tsukuriba migrate") {
		t.Errorf("%v: %s", err, found)
	}
}

func TestRoomFor(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		free       uint64
		note, fail bool
	}{{5 << 30, false, false}, {900 << 20, true, false}, {10 << 20, false, true}} {
		err := roomFor("blobs", test.free)
		_, note := err.(remark) //nolint:errorlint // it is not wrapped here
		if note != test.note || (err != nil && !note) != test.fail {
			t.Errorf("%d MB: %v", test.free>>20, err)
		}
	}
}

func TestClock_of_the_doctor_allows_a_slow_database(t *testing.T) {
	t.Parallel()
	d := &doctor{db: testdb.New(t), timeout: time.Minute}
	if said, err := d.clock(t.Context()); err != nil || !strings.Contains(said, "JST") {
		t.Errorf("%q, %v", said, err)
	}
}

package postgres_test

import (
	"context"
	"testing"
	"time"

	"tsukuriba/internal/postgres"
	"tsukuriba/internal/postgres/testdb"
)

func TestListen(t *testing.T) {
	t.Parallel()
	dsn := testdb.DSN(t)
	db := testdb.Open(t, dsn)
	ctx, stop := context.WithCancel(t.Context())
	heard, ended := make(chan postgres.Notification, 10), make(chan error, 1)
	go func() {
		ended <- postgres.Listen(ctx, dsn+"&application_name=ear", func(n postgres.Notification) { heard <- n }, "prices", "stock")
	}()
	next := func(what string) postgres.Notification {
		t.Helper()
		select {
		case n := <-heard:
			return n
		case <-time.After(time.Minute):
			t.Fatalf("waited in vain for %s", what)
			return postgres.Notification{}
		}
	}

	if n := next("the first resync"); n != (postgres.Notification{}) {
		t.Errorf("first = %+v, want a resync", n)
	}
	db.MustExecContext(t.Context(), `SELECT pg_notify('stock', 'tag-1')`)
	if n := next("a notification"); n.Channel != "stock" || n.Payload != "tag-1" {
		t.Errorf("heard %+v", n)
	}
	db.MustExecContext(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'ear' AND datname = current_database()`)
	if n := next("the resync after a lost connection"); n != (postgres.Notification{}) {
		t.Errorf("heard %+v, want a resync", n)
	}
	db.MustExecContext(t.Context(), `SELECT pg_notify('prices', 'tag-2')`)
	if n := next("a notification on the new connection"); n.Channel != "prices" {
		t.Errorf("heard %+v", n)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

package mail_test

import (
	"bytes"
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jmoiron/sqlx"

	"tsukuriba/internal/mail"
	"tsukuriba/internal/postgres/testdb"
	"tsukuriba/internal/seal"
)

func newOutbox(t *testing.T, send func(context.Context, mail.Message) error) (*mail.Outbox, *sqlx.DB) {
	t.Helper()
	box, err := seal.New(bytes.Repeat([]byte{7}, seal.MinSecret))
	if err != nil {
		t.Fatal(err)
	}
	db := testdb.New(t)
	return mail.NewOutbox(db, box, send), db
}

func states(t *testing.T, db *sqlx.DB) (states string) {
	t.Helper()
	if err := db.GetContext(t.Context(), &states, `SELECT coalesce(string_agg(key || ' ' || state, ', ' ORDER BY key), '') FROM mails`); err != nil {
		t.Fatal(err)
	}
	return states
}

func TestDeliver(t *testing.T) {
	t.Parallel()
	letter := mail.Message{Key: "ord_1:approved:1", To: "a@example.jp", Subject: "ご注文"}

	t.Run("sends_once_whatever_the_number_of_calls", func(t *testing.T) {
		t.Parallel()
		var sent atomic.Int32
		outbox, db := newOutbox(t, func(context.Context, mail.Message) error { sent.Add(1); return nil })
		var all sync.WaitGroup
		for range 6 {
			all.Go(func() {
				if err := outbox.Deliver(t.Context(), letter); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if got := states(t, db); sent.Load() != 1 || got != letter.Key+" sent" {
			t.Errorf("sent %d times, %s", sent.Load(), got)
		}
		var readable bool
		if err := db.GetContext(t.Context(), &readable, `SELECT position('example'::bytea IN sealed) > 0 FROM mails`); err != nil || readable {
			t.Errorf("the address is readable in the database: %v, %v", readable, err)
		}
	})
	t.Run("tries_again_after_an_error", func(t *testing.T) {
		t.Parallel()
		down := errors.New("the server is down")
		outbox, db := newOutbox(t, func(context.Context, mail.Message) error { return down })
		for range 2 {
			if err := outbox.Deliver(t.Context(), letter); !errors.Is(err, down) {
				t.Errorf("error = %v, want %v", err, down)
			}
		}
		down = nil
		if err := outbox.Deliver(t.Context(), letter); err != nil || states(t, db) != letter.Key+" sent" {
			t.Errorf("%v, %s", err, states(t, db))
		}
	})
	t.Run("never_repeats_what_a_crash_cut_off", func(t *testing.T) {
		t.Parallel()
		crash := errors.New("crash")
		sent := 0
		outbox, db := newOutbox(t, func(context.Context, mail.Message) error { sent++; panic(crash) })
		func() {
			defer func() {
				if thrown := recover(); thrown != any(crash) {
					t.Errorf("panic = %v", thrown)
				}
			}()
			_ = outbox.Deliver(t.Context(), letter)
		}()
		if err := outbox.Deliver(t.Context(), letter); err != nil || sent != 1 || states(t, db) != letter.Key+" sending" {
			t.Errorf("%v, sent %d times, %s", err, sent, states(t, db))
		}
	})
}

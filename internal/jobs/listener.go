package jobs

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
)

// driver is River's for database/sql, taught to be woken by NOTIFY. Without it a job would wait
// for the next poll; with it, for some milliseconds.
type driver struct {
	*riverdatabasesql.Driver
	db  *sqlx.DB
	dsn string
}

func (b *Bus) driver() riverdriver.Driver[*sql.Tx] {
	return &driver{Driver: riverdatabasesql.New(b.db.DB), db: b.db, dsn: b.config.DSN}
}

func (d *driver) SupportsListener() bool { return d.dsn != "" }

func (d *driver) GetListener(params *riverdriver.GetListenenerParams) riverdriver.Listener {
	return &listener{db: d.db, dsn: d.dsn, schema: params.Schema}
}

// listener is River's view of a pq.Listener, which reconnects by itself. What is lost meanwhile
// is found by polling.
type listener struct {
	db          *sqlx.DB
	dsn, schema string

	mu sync.Mutex
	pq *pq.Listener
}

var errNotConnected = errors.New("the listener is not connected")

func (l *listener) Schema() string             { return l.schema }
func (l *listener) SetAfterConnectExec(string) {} // River's own tests alone use it

// Connect also finds out the schema, which is part of a channel's name.
func (l *listener) Connect(ctx context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.schema == "" {
		if err := l.db.GetContext(ctx, &l.schema, `SELECT current_schema()`); err != nil {
			return fmt.Errorf("read current schema: %w", err)
		}
	}
	l.pq = pq.NewListener(l.dsn, 50*time.Millisecond, 5*time.Second, nil)
	return nil
}

func (l *listener) Close(context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.pq == nil {
		return nil
	}
	err := l.pq.Close()
	l.pq = nil
	return err
}

func (l *listener) Listen(ctx context.Context, topic string) error {
	return l.ask(ctx, func(inner *pq.Listener) error { return inner.Listen(l.schema + "." + topic) })
}

func (l *listener) Unlisten(ctx context.Context, topic string) error {
	return l.ask(ctx, func(inner *pq.Listener) error { return inner.Unlisten(l.schema + "." + topic) })
}

func (l *listener) Ping(ctx context.Context) error {
	return l.ask(ctx, (*pq.Listener).Ping)
}

// ask bounds a call that would wait for the server for ever. River listens anew to what is open
// already and stops listening to what never was; both are fine.
func (l *listener) ask(ctx context.Context, call func(*pq.Listener) error) error {
	inner := l.connected()
	if inner == nil {
		return errNotConnected
	}
	answer := make(chan error, 1)
	go func() { answer <- call(inner) }()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case err := <-answer:
		if errors.Is(err, pq.ErrChannelAlreadyOpen) || errors.Is(err, pq.ErrChannelNotOpen) {
			return nil
		}
		return err
	}
}

func (l *listener) connected() *pq.Listener {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.pq
}

func (l *listener) WaitForNotification(ctx context.Context) (*riverdriver.Notification, error) {
	inner := l.connected()
	if inner == nil {
		return nil, errNotConnected
	}
	for {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case sent, open := <-inner.Notify:
			if !open {
				return nil, errNotConnected
			}
			if sent != nil { // nil: reconnected
				return &riverdriver.Notification{Topic: strings.TrimPrefix(sent.Channel, l.schema+"."), Payload: sent.Extra}, nil
			}
		}
	}
}

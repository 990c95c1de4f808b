package storefront_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"sync/atomic"
	"testing"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// counter counts the statements that reach the database.
type counter struct{ statements atomic.Int64 }

// during counts what a piece of work asks.
func (c *counter) during(work func()) int {
	before := c.statements.Load()
	work()
	return int(c.statements.Load() - before)
}

// countedDB is a fresh database whose statements are counted on their way.
func countedDB(t *testing.T, dsn string) (*sqlx.DB, *counter) {
	t.Helper()
	connector := must(pq.NewConnector(dsn))(t)
	c := &counter{}
	db := sqlx.NewDb(sql.OpenDB(countedConnector{connector, c}), "postgres")
	t.Cleanup(func() { db.Close() })
	return db, c
}

type countedConnector struct {
	driver.Connector
	counter *counter
}

func (c countedConnector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	return countedConn{conn, c.counter}, err
}

type countedConn struct {
	driver.Conn
	counter *counter
}

func (c countedConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	c.counter.statements.Add(1)
	return c.Conn.(driver.QueryerContext).QueryContext(ctx, query, args)
}

func (c countedConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	c.counter.statements.Add(1)
	return c.Conn.(driver.ExecerContext).ExecContext(ctx, query, args)
}

func (c countedConn) BeginTx(ctx context.Context, options driver.TxOptions) (driver.Tx, error) {
	return c.Conn.(driver.ConnBeginTx).BeginTx(ctx, options)
}

func (c countedConn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	statement, err := c.Conn.(driver.ConnPrepareContext).PrepareContext(ctx, query)
	return countedStatement{statement, c.counter}, err
}

func (c countedConn) CheckNamedValue(value *driver.NamedValue) error {
	return c.Conn.(driver.NamedValueChecker).CheckNamedValue(value)
}

type countedStatement struct {
	driver.Stmt
	counter *counter
}

func (s countedStatement) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	s.counter.statements.Add(1)
	return s.Stmt.(driver.StmtQueryContext).QueryContext(ctx, args)
}

func (s countedStatement) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	s.counter.statements.Add(1)
	return s.Stmt.(driver.StmtExecContext).ExecContext(ctx, args)
}

package postgres

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"
)

// statementsKept bounds what a connection remembers: PostgreSQL holds some ten kilobytes for each.
const statementsKept = 200

// preparer makes connections that prepare a query at its first use and keep it. PostgreSQL then
// parses and plans it once for each connection, which is more than half of the work of a short
// query. A query without parameters may be several statements, so it goes as it is.
type preparer struct{ driver.Connector }

// errOtherDriver says that the driver can no longer do what database/sql makes use of.
var errOtherDriver = errors.New("the database driver lacks something it had")

// fullConn is what database/sql makes use of in a connection of lib/pq.
type fullConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.QueryerContext
	driver.ExecerContext
	driver.NamedValueChecker
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// fullStmt is the same of a prepared statement.
type fullStmt interface {
	driver.Stmt
	driver.StmtQueryContext
	driver.StmtExecContext
}

type preparedConn struct {
	fullConn
	statements *simplelru.LRU[string, fullStmt]
}

// Connect opens a connection that remembers its statements.
func (p preparer) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := p.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	full, ok := conn.(fullConn)
	if !ok {
		return nil, fmt.Errorf("%w: %T", errOtherDriver, conn)
	}
	// A statement that cannot be closed is on a connection that ends by itself.
	closed := func(_ string, statement fullStmt) { _ = statement.Close() }
	statements, err := simplelru.NewLRU(statementsKept, closed)
	return &preparedConn{fullConn: full, statements: statements}, err
}

// QueryContext runs the query by its prepared statement.
func (c *preparedConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (rows driver.Rows, err error) {
	if len(args) == 0 {
		return c.fullConn.QueryContext(ctx, query, args)
	}
	err = c.prepared(ctx, query, func(statement fullStmt) (err error) {
		rows, err = statement.QueryContext(ctx, args)
		return err
	})
	return rows, err
}

// ExecContext runs the statement by its prepared one.
func (c *preparedConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (result driver.Result, err error) {
	if len(args) == 0 {
		return c.fullConn.ExecContext(ctx, query, args)
	}
	err = c.prepared(ctx, query, func(statement fullStmt) (err error) {
		result, err = statement.ExecContext(ctx, args)
		return err
	})
	return result, err
}

// prepared runs the query by its prepared statement. After a migration that changed what the query
// returns it is prepared anew once; inside a transaction, which has failed by then, it is not.
func (c *preparedConn) prepared(ctx context.Context, query string, run func(fullStmt) error) error {
	statement, err := c.statement(ctx, query)
	if err != nil {
		return err
	}
	err = run(statement)
	if err == nil || pq.As(err, pqerror.FeatureNotSupported) == nil {
		return err
	}
	c.statements.Remove(query)
	if statement, again := c.statement(ctx, query); again == nil {
		return run(statement)
	}
	return err
}

func (c *preparedConn) statement(ctx context.Context, query string) (fullStmt, error) {
	if known, ok := c.statements.Get(query); ok {
		return known, nil
	}
	prepared, err := c.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	statement, ok := prepared.(fullStmt)
	if !ok {
		return nil, fmt.Errorf("%w: %T", errOtherDriver, prepared)
	}
	c.statements.Add(query, statement)
	return statement, nil
}

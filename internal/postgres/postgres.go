// Package postgres is how the rest of the program talks to its database: one way to open it,
// one way to run a transaction, one way to read a broken constraint back, one way to migrate.
//
// It knows no table of the shop. It refuses connection strings that leave sslmode to the
// driver's default.
package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// ErrSSLMode is returned for a connection string without sslmode: the driver's default has
// changed between versions, so it has to be written down.
var ErrSSLMode = errors.New("the database address must say sslmode, for example sslmode=verify-full")

// The pool is small on purpose: a query waiting in Go is cheaper than one waiting in PostgreSQL.
const (
	poolSize     = 8
	connLifetime = 30 * time.Minute
	connIdleTime = 5 * time.Minute
)

// Open connects to the database named by dsn, a URL or a list of key=value pairs, and checks
// that it answers. Sessions are READ COMMITTED and in UTC unless dsn says otherwise.
func Open(ctx context.Context, dsn string) (*sqlx.DB, error) {
	connector, err := connector(dsn)
	if err != nil {
		return nil, err
	}
	db := sqlx.NewDb(sql.OpenDB(preparer{connector}), "postgres")
	db.SetMaxOpenConns(poolSize)
	db.SetMaxIdleConns(poolSize)
	db.SetConnMaxLifetime(connLifetime)
	db.SetConnMaxIdleTime(connIdleTime)
	if err := db.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("reach database: %w", err), db.Close())
	}
	return db, nil
}

func connector(dsn string) (*pq.Connector, error) {
	if !strings.Contains(dsn, "sslmode=") {
		return nil, ErrSSLMode
	}
	cfg, err := pq.NewConfig(dsn)
	if err != nil {
		return nil, fmt.Errorf("read database address: %w", err)
	}
	if cfg.ApplicationName == "" {
		cfg.ApplicationName = "tsukuriba"
	}
	session := map[string]string{"timezone": "UTC", "default_transaction_isolation": "read committed"}
	for name, value := range cfg.Runtime {
		session[strings.ToLower(name)] = value
	}
	cfg.Runtime = session
	cfg.BinaryParameters = true // one round trip a query instead of two; JSON must then be given as a string
	return pq.NewConnectorConfig(cfg)
}

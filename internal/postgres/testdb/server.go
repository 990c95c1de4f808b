package testdb

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io/fs"
	"net/url"
	"os"
	"sync"

	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"

	"tsukuriba/internal/postgres"
	"tsukuriba/migrations"
)

// server is where this process makes its databases.
type server struct {
	address  url.URL
	template string
}

var sharedServer = sync.OnceValues(func() (*server, error) {
	ctx := context.Background()
	address := os.Getenv("TEST_DATABASE_URL")
	if address == "" {
		var err error
		if address, err = joinKeeper(ctx); err != nil {
			return nil, err
		}
	}
	parsed, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("read TEST_DATABASE_URL: %w", err)
	}
	s := &server{address: *parsed}
	if s.template, err = templateName(); err != nil {
		return nil, err
	}
	return s, s.makeTemplate(ctx)
})

func (s *server) dsn(database string) string {
	address := s.address
	address.Path = "/" + database
	return address.String()
}

// exec runs one statement on a connection of its own: CREATE DATABASE then goes on beside others.
func (s *server) exec(ctx context.Context, statement string) (err error) {
	db, err := sql.Open("postgres", s.address.String())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	_, err = db.ExecContext(ctx, statement)
	return err
}

// templateName changes with every byte of every migration, ours and the job queue's.
func templateName() (string, error) {
	sum := sha256.New()
	queue := riverdatabasesql.New(nil).GetMigrationFS(riverdriver.MigrationLineMain)
	for _, files := range []fs.FS{migrations.FS, queue} {
		if err := addFiles(sum, files); err != nil {
			return "", fmt.Errorf("hash migrations: %w", err)
		}
	}
	return "template_" + hex.EncodeToString(sum.Sum(nil)[:8]), nil
}

func addFiles(sum hash.Hash, files fs.FS) error {
	return fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(files, name)
		fmt.Fprintf(sum, "%s %d\n%s", name, len(content), content)
		return err
	})
}

// makeTemplate makes the template unless it is there. It becomes a template in its last step, so
// that one which a killed process left half-made is made anew.
func (s *server) makeTemplate(ctx context.Context) (err error) {
	db, err := postgres.Open(ctx, s.address.String())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	conn, err := db.Connx(ctx)
	if err != nil {
		return err
	}
	defer conn.Close() //nolint:errcheck // the pool that owns it is closed next
	if _, err := conn.ExecContext(ctx, `SELECT pg_advisory_lock(hashtext($1))`, s.template); err != nil {
		return fmt.Errorf("lock test template: %w", err)
	}
	var ready bool
	err = conn.GetContext(ctx, &ready, `
		SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1 AND datistemplate)`, s.template)
	if err != nil || ready {
		return err
	}
	if err := s.migrateTemplate(ctx); err != nil {
		return fmt.Errorf("make test template: %w", err)
	}
	return nil
}

func (s *server) migrateTemplate(ctx context.Context) error {
	for _, statement := range []string{`DROP DATABASE IF EXISTS ` + s.template, `CREATE DATABASE ` + s.template} {
		if err := s.exec(ctx, statement); err != nil {
			return err
		}
	}
	db, err := postgres.Open(ctx, s.dsn(s.template))
	if err != nil {
		return err
	}
	err = errors.Join(postgres.CheckCtype(ctx, db), postgres.Migrate(ctx, db, migrations.FS), db.Close())
	if err != nil {
		return err
	}
	return s.exec(ctx, `ALTER DATABASE `+s.template+` IS_TEMPLATE true ALLOW_CONNECTIONS false`)
}

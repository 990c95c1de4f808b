package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/jmoiron/sqlx"

	"tsukuriba/internal/devpg"
	"tsukuriba/internal/postgres"
	"tsukuriba/migrations"
)

// devDatabase is the name of the database in a development cluster, and devDir its usual folder.
const (
	devDatabase = "tsukuriba"
	devDir      = ".local"
)

// MigrateCmd brings the database to this version.
type MigrateCmd struct{}

// Run applies what is pending; several processes may do so at once.
func (*MigrateCmd) Run() error {
	ctx, stop := untilInterrupted()
	defer stop()
	config, err := readConfig()
	if err != nil {
		return err
	}
	db, err := openDatabase(ctx, config)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	return postgres.Migrate(ctx, db, migrations.FS)
}

// databaseURL is the configured database, or that of a `tsukuriba dev` running in this folder.
func databaseURL(ctx context.Context, config Config) (string, error) {
	if config.DatabaseURL != "" {
		return config.DatabaseURL, nil
	}
	cluster, running := devpg.Running(ctx, filepath.Join(devDir, "pg"))
	if !running {
		return "", errors.New("DATABASE_URL is not set, and no `tsukuriba dev` runs in this folder")
	}
	return cluster.DSN(devDatabase), nil
}

func openDatabase(ctx context.Context, config Config) (*sqlx.DB, error) {
	url, err := databaseURL(ctx, config)
	if err != nil {
		return nil, err
	}
	return postgres.Open(ctx, url)
}

// startCluster runs a private PostgreSQL in dir with a migrated database.
func startCluster(ctx context.Context, dir, binaries string) (*devpg.Cluster, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make folder for the database: %w", err)
	}
	cluster, err := devpg.Start(ctx, devpg.Config{Dir: dir, BinDir: binaries})
	if err != nil {
		return nil, err
	}
	if err := prepareDatabase(ctx, cluster); err != nil {
		return nil, errors.Join(err, cluster.Stop())
	}
	return cluster, nil
}

func prepareDatabase(ctx context.Context, cluster *devpg.Cluster) error {
	server, err := postgres.Open(ctx, cluster.DSN("postgres"))
	if err != nil {
		return err
	}
	defer func() { _ = server.Close() }()
	var exists bool
	if err := server.GetContext(ctx, &exists, `SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)`, devDatabase); err != nil {
		return fmt.Errorf("look for the database: %w", err)
	}
	if !exists {
		if _, err := server.ExecContext(ctx, `CREATE DATABASE `+devDatabase); err != nil {
			return fmt.Errorf("create the database: %w", err)
		}
	}
	db, err := postgres.Open(ctx, cluster.DSN(devDatabase))
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	return postgres.Migrate(ctx, db, migrations.FS)
}

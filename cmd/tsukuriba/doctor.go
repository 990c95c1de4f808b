package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"tsukuriba/internal/devpg"
	"tsukuriba/internal/postgres"
)

// DoctorCmd looks whether this machine has what the program needs.
type DoctorCmd struct{}

// Run prints a line for each thing looked at and fails when one of them is broken.
func (*DoctorCmd) Run() error {
	ctx, stop := untilInterrupted()
	defer stop()
	config, err := readConfig()
	if err != nil {
		return err
	}
	d := openDoctor(ctx, config)
	defer d.close()
	return d.examine(ctx, os.Stdout)
}

// doctor is what the checks look at.
type doctor struct {
	config  Config
	db      *sqlx.DB
	noDB    error // why db is nil
	dev     bool  // the database is that of a `tsukuriba dev` in this folder
	timeout time.Duration
}

// remark is a finding that is neither well nor broken: something to know, or to do soon.
type remark string

func (r remark) Error() string { return string(r) }

// checks in the order in which a person would fix them. Each says what it found, or what to do.
var checks = []struct {
	about string
	look  func(*doctor, context.Context) (string, error)
}{
	{"clock", (*doctor).clock},
	{"database", (*doctor).database},
	{"migrations", (*doctor).migrations},
	{"search", (*doctor).search},
	{"fonts", (*doctor).fonts},
	{"slicer", (*doctor).slicer},
	{"front end", (*doctor).frontEnd},
	{"disk", (*doctor).disk},
	{"mail", (*doctor).mail},
	{"Stripe", (*doctor).stripe},
}

func openDoctor(ctx context.Context, config Config) *doctor {
	d := &doctor{config: config, timeout: 2 * time.Minute}
	if config.DatabaseURL == "" {
		_, d.dev = devpg.Running(ctx, filepath.Join(devDir, "pg"))
	}
	if d.dev {
		d.config.Blobs = filepath.Join(devDir, "blobs")
	}
	d.db, d.noDB = openDatabase(ctx, config)
	return d
}

func (d *doctor) close() {
	if d.db != nil {
		_ = d.db.Close() // only read from
	}
}

func (d *doctor) examine(ctx context.Context, out io.Writer) error {
	var broken []string
	for _, check := range checks {
		limited, cancel := context.WithTimeout(ctx, d.timeout)
		said, err := check.look(d, limited)
		cancel()
		mark, note := "✓", remark("")
		switch {
		case errors.As(err, &note):
			mark, said = "–", string(note)
		case err != nil:
			mark, said = "✗", err.Error()
			broken = append(broken, check.about)
		}
		fmt.Fprintf(out, "%s %-11s %s\n", mark, check.about, strings.ReplaceAll(said, "\n", "; "))
	}
	if len(broken) > 0 {
		return fmt.Errorf("%s must be looked at", strings.Join(broken, ", "))
	}
	return nil
}

// database is reachable and knows Japanese letters. Being without one is fine for `tsukuriba tag`.
func (d *doctor) database(ctx context.Context) (string, error) {
	if d.db == nil && d.config.DatabaseURL == "" {
		return "", remark("none: " + d.noDB.Error())
	}
	if d.db == nil {
		return "", fmt.Errorf("%w: start it, or correct DATABASE_URL", d.noDB)
	}
	if err := postgres.CheckCtype(ctx, d.db); err != nil {
		return "", err
	}
	var found struct {
		Version string `db:"version"`
		Ctype   string `db:"ctype"`
	}
	err := d.db.GetContext(ctx, &found, `
		SELECT current_setting('server_version') AS version, datctype AS ctype
		FROM pg_database
		WHERE datname = current_database()`)
	if err != nil {
		return "", fmt.Errorf("ask the database: %w", err)
	}
	return fmt.Sprintf("PostgreSQL %s, LC_CTYPE %s%s", found.Version, found.Ctype, d.ofDev()), nil
}

func (d *doctor) ofDev() string {
	if d.dev {
		return ", of the `tsukuriba dev` in this folder"
	}
	return ""
}

package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"tsukuriba/internal/devpg"
)

// schemaFile lists the migrations that made the database of a folder, a line each: sum and name.
// It is written once the workshop is whole.
const schemaFile = "schema"

// workshopFiles is what makes up one demo workshop; it only works as a whole.
var workshopFiles = []string{"pg", "blobs", "mails", "seal.key", "stripe-webhook.key", "stripe.json", "dev.log.json", schemaFile}

// keepOrPutAside leaves a workshop whose database the migrations of today can still take on. One
// made by migrations that were edited since cannot be opened any more, and one whose making was cut
// off would stay half a workshop: it is put aside as a whole, so that a new one begins and nothing
// is lost.
func keepOrPutAside(ctx context.Context, dir string, migrations fs.FS, out io.Writer) error {
	if _, running := devpg.Running(ctx, filepath.Join(dir, "pg")); running {
		return nil
	}
	if _, err := os.Stat(filepath.Join(dir, "pg")); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	now, err := fingerprint(migrations)
	if err != nil {
		return err
	}
	made, err := os.ReadFile(filepath.Join(dir, schemaFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("read which schema the demo workshop has: %w", err)
	}
	if len(made) > 0 && strings.HasPrefix(now, string(made)) {
		return nil
	}
	aside := filepath.Join(dir, "old-"+time.Now().Format("20060102-150405"))
	if err := putAside(dir, aside); err != nil {
		return err
	}
	fmt.Fprintf(out, "The demo workshop was made by another version of this program, or only half. It now lies in %s; a new one begins.\n", aside)
	return nil
}

// noteSchema says that the workshop is whole, and which migrations made it.
func noteSchema(dir string, migrations fs.FS) error {
	now, err := fingerprint(migrations)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, schemaFile), []byte(now), 0o600); err != nil {
		return fmt.Errorf("note which schema the demo workshop has: %w", err)
	}
	return nil
}

// fingerprint has a line for each migration, in order, so that a schema which others only
// followed on is a prefix of the newer one.
func fingerprint(migrations fs.FS) (string, error) {
	names, err := fs.Glob(migrations, "*.sql")
	if err != nil {
		return "", fmt.Errorf("list migrations: %w", err)
	}
	var lines strings.Builder
	for _, name := range names {
		content, err := fs.ReadFile(migrations, name)
		if err != nil {
			return "", fmt.Errorf("read migration: %w", err)
		}
		fmt.Fprintf(&lines, "%x %s\n", sha256.Sum256(content), name)
	}
	return lines.String(), nil
}

func putAside(dir, aside string) error {
	if err := os.Mkdir(aside, 0o700); err != nil {
		return fmt.Errorf("put the demo workshop aside: %w", err)
	}
	for _, name := range workshopFiles {
		err := os.Rename(filepath.Join(dir, name), filepath.Join(aside, name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("put the demo workshop aside: %w", err)
		}
	}
	return nil
}

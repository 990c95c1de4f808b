// Package migrations holds the schema as numbered SQL files, one subject a file. A migration
// only adds, so that the old and the new version can run side by side during an upgrade; what
// is no longer used is removed a release later.
package migrations

import "embed"

// FS holds the migration files for goose.
//
//go:embed *.sql
var FS embed.FS

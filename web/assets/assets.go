// Package assets serves the built style sheets, scripts, fonts and pictures of all pages from inside the binary.
//
// Files are made by `go run ./web/assets/build` and named by their content, so a browser may keep them for ever. The
// package refuses to serve anything that is not in the build, and says so plainly when nothing has been built.
package assets

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"sync"
)

// Prefix is the path under which [Handler] must be mounted.
const Prefix = "/assets/"

// ErrNotBuilt says that the binary was compiled before the front end was built.
var ErrNotBuilt = errors.New("front end is not built: run `go run ./web/assets/build`, then compile again")

//go:embed all:dist
var dist embed.FS

// Manifest maps the plain name of an entry file ("app.css") to its hashed name ("app-5XK2.css").
type Manifest map[string]string

var manifest = sync.OnceValues(func() (Manifest, error) {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		return nil, fmt.Errorf("open built front end: %w", err)
	}
	return readManifest(files)
})

func readManifest(files fs.FS) (Manifest, error) {
	text, err := fs.ReadFile(files, "manifest.json")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotBuilt
	}
	if err != nil {
		return nil, fmt.Errorf("read manifest: %w", err)
	}
	var m Manifest
	if err := json.Unmarshal(text, &m); err != nil {
		return nil, fmt.Errorf("read manifest: %w", err)
	}
	return m, nil
}

// Check returns [ErrNotBuilt] when the binary carries no front end. A server calls it once at start.
func Check() error {
	_, err := manifest()
	return err
}

// URL returns the address of an entry file by its plain name, such as "app.css", "app.js" or "studio.js". A name that
// is not in the build gives an address that answers 404, so a page never fails to render for a missing picture.
func URL(name string) string {
	m, err := manifest()
	if err != nil {
		return Prefix + name
	}
	return Prefix + m.file(name)
}

func (m Manifest) file(name string) string {
	if hashed, ok := m[name]; ok {
		return hashed
	}
	return name
}

package assets

import (
	"errors"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
)

const (
	immutable  = "public, max-age=31536000, immutable"
	revalidate = "no-cache"
)

// Handler answers GET and HEAD below [Prefix]. Hashed files may be cached for a year; a text file is sent gzipped to a
// browser that accepts it. An unknown name is 404; an empty build is 503 with the sentence of [ErrNotBuilt].
func Handler() http.Handler {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // the folder is named in the embed line above
	}
	return handler(files)
}

func handler(files fs.FS) http.Handler {
	built, err := readManifest(files)
	hashed := map[string]bool{}
	for _, name := range built {
		hashed[name] = true
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if errors.Is(err, ErrNotBuilt) {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		serve(w, r, files, hashed)
	})
}

func serve(w http.ResponseWriter, r *http.Request, files fs.FS, hashed map[string]bool) {
	name := strings.TrimPrefix(path.Clean(r.URL.Path), Prefix)
	if !fs.ValidPath(name) || !isPublic(name) {
		http.NotFound(w, r)
		return
	}
	file, encoding, err := open(files, name, r.Header.Get("Accept-Encoding"))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	defer file.Close()
	header := w.Header()
	header.Set("Cache-Control", revalidate)
	if hashed[name] || isChunk(name) {
		header.Set("Cache-Control", immutable)
	}
	header.Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
	header.Set("Vary", "Accept-Encoding")
	header.Set("X-Content-Type-Options", "nosniff")
	if encoding != "" {
		header.Set("Content-Encoding", encoding)
	}
	send(w, r, file)
}

func send(w http.ResponseWriter, r *http.Request, file fs.File) {
	info, err := file.Stat()
	if err != nil || info.IsDir() {
		http.NotFound(w, r)
		return
	}
	http.ServeContent(w, r, "", info.ModTime(), file.(io.ReadSeeker))
}

// open prefers the gzip copy that the build left beside a text file.
func open(files fs.FS, name, accepted string) (fs.File, string, error) {
	if strings.Contains(accepted, "gzip") {
		if file, err := files.Open(name + ".gz"); err == nil {
			return file, "gzip", nil
		}
	}
	file, err := files.Open(name)
	return file, "", err
}

// isChunk tells files that only other built files refer to: shared scripts and font slices, all hashed.
func isChunk(name string) bool {
	return strings.HasPrefix(name, "chunks/") || strings.HasPrefix(name, "fonts/")
}

func isPublic(name string) bool {
	switch path.Ext(name) {
	case ".css", ".js", ".woff2", ".svg", ".png", ".webmanifest", ".txt":
		return true
	}
	return false
}

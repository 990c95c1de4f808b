package assets

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

func zipped(t *testing.T, text string) []byte {
	t.Helper()
	var buffer bytes.Buffer
	w := gzip.NewWriter(&buffer)
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buffer.Bytes()
}

func built(t *testing.T) fstest.MapFS {
	t.Helper()
	return fstest.MapFS{
		"README.md":         {Data: []byte("not for the public")},
		"manifest.json":     {Data: []byte(`{"app.css":"app-5XK2.css"}`)},
		"app-5XK2.css":      {Data: []byte("body{}")},
		"app-5XK2.css.gz":   {Data: zipped(t, "body{}")},
		"chunks/a-1.js":     {Data: []byte("1")},
		"loose.txt":         {Data: []byte("licence")},
		"fonts/k-AB.woff2":  {Data: []byte("wOF2")},
		"fonts/k-AB.secret": {Data: []byte("no")},
	}
}

func get(t *testing.T, files fstest.MapFS, path, accept string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("Accept-Encoding", accept)
	w := httptest.NewRecorder()
	handler(files).ServeHTTP(w, r)
	return w.Result()
}

func TestHandler(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		path, accept string
		status       int
		cache        string
		encoding     string
	}{
		"hashed_file_is_kept_for_ever":       {"/assets/app-5XK2.css", "", 200, immutable, ""},
		"gzip_is_sent_to_who_accepts_it":     {"/assets/app-5XK2.css", "br, gzip", 200, immutable, "gzip"},
		"chunk_is_kept_for_ever":             {"/assets/chunks/a-1.js", "gzip", 200, immutable, ""},
		"font_is_kept_for_ever":              {"/assets/fonts/k-AB.woff2", "gzip", 200, immutable, ""},
		"plain_name_is_asked_for_again":      {"/assets/loose.txt", "", 200, revalidate, ""},
		"manifest_is_not_public":             {"/assets/manifest.json", "", 404, "", ""},
		"readme_is_not_public":               {"/assets/README.md", "", 404, "", ""},
		"other_endings_are_not_public":       {"/assets/fonts/k-AB.secret", "", 404, "", ""},
		"folder_is_not_listed":               {"/assets/chunks/", "", 404, "", ""},
		"path_cannot_climb":                  {"/assets/../assets.go", "", 404, "", ""},
		"unknown_file_is_not_found":          {"/assets/app-OLD1.css", "gzip", 404, "", ""},
		"root_of_the_assets_is_not_a_file":   {"/assets/", "", 404, "", ""},
		"compressed_copy_has_no_own_address": {"/assets/app-5XK2.css.gz", "", 404, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := get(t, built(t), c.path, c.accept)
			if got.StatusCode != c.status {
				t.Fatalf("status %d, want %d", got.StatusCode, c.status)
			}
			if c.status == 200 && got.Header.Get("Cache-Control") != c.cache {
				t.Errorf("Cache-Control %q, want %q", got.Header.Get("Cache-Control"), c.cache)
			}
			if got.Header.Get("Content-Encoding") != c.encoding {
				t.Errorf("Content-Encoding %q, want %q", got.Header.Get("Content-Encoding"), c.encoding)
			}
		})
	}
}

func TestEmptyBuildSaysWhatToDo(t *testing.T) {
	t.Parallel()
	empty := fstest.MapFS{"README.md": {Data: []byte("only this")}}
	if _, err := readManifest(empty); !errors.Is(err, ErrNotBuilt) {
		t.Errorf("readManifest = %v, want ErrNotBuilt", err)
	}
	got := get(t, empty, "/assets/app.css", "")
	body, err := io.ReadAll(got.Body)
	if err != nil {
		t.Fatal(err)
	}
	if got.StatusCode != http.StatusServiceUnavailable || !strings.Contains(string(body), "go run ./web/assets/build") {
		t.Errorf("%d %s, want 503 with the command", got.StatusCode, body)
	}
}

func TestManifestNamesFiles(t *testing.T) {
	t.Parallel()
	m, err := readManifest(built(t))
	if err != nil {
		t.Fatal(err)
	}
	if got := m.file("app.css"); got != "app-5XK2.css" {
		t.Errorf("app.css is %s, want app-5XK2.css", got)
	}
	if got := m.file("missing.css"); got != "missing.css" {
		t.Errorf("an unknown name is %s, want itself", got)
	}
}

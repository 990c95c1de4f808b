package blob_test

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"tsukuriba/internal/blob"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func open(t *testing.T, place string) *blob.Store {
	t.Helper()
	store, err := blob.Open(t.Context(), place)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return store
}

func put(t *testing.T, store *blob.Store, content string) (key string) {
	t.Helper()
	key, err := store.Put(t.Context(), []byte(content), "text/plain")
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// files are the names below dir without the sidecars.
func files(t *testing.T, dir string) (names []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			names = append(names, filepath.Base(name))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestPut(t *testing.T) {
	t.Parallel()
	t.Run("names_content_by_its_hash", func(t *testing.T) {
		t.Parallel()
		const want = "sha256/ba/ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
		if got := put(t, open(t, t.TempDir()), "abc"); got != want {
			t.Errorf("key = %s, want %s", got, want)
		}
	})
	t.Run("keeps_the_same_content_once", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		store := open(t, "file://"+dir)
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() { put(t, store, "はると") })
		}
		all.Wait()
		if names := files(t, dir); len(names) != 2 {
			t.Errorf("files = %v, want the content and its attributes", names)
		}
	})
	t.Run("mends_a_file_that_a_crash_cut_short", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		store := open(t, dir)
		key := put(t, store, "はると")
		if err := os.Truncate(filepath.Join(dir, filepath.FromSlash(key)), 0); err != nil {
			t.Fatal(err)
		}
		if _, err := store.Get(t.Context(), key); !errors.Is(err, blob.ErrDamaged) {
			t.Errorf("error = %v, want %v", err, blob.ErrDamaged)
		}
		put(t, store, "はると")
		if got, err := store.Get(t.Context(), key); err != nil || string(got) != "はると" {
			t.Errorf("got %q, %v", got, err)
		}
	})
}

func TestGet_and_Open(t *testing.T) {
	t.Parallel()
	store := open(t, t.TempDir())
	content := strings.Repeat("はると", 100_000)
	key := put(t, store, content)

	if got, err := store.Get(t.Context(), key); err != nil || !bytes.Equal(got, []byte(content)) {
		t.Errorf("Get = %d bytes, %v", len(got), err)
	}
	if there, err := store.Exists(t.Context(), key); err != nil || !there {
		t.Errorf("Exists = %v, %v", there, err)
	}
	file, err := store.Open(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if file.Size != int64(len(content)) || file.ContentType != "text/plain" || file.Stored.IsZero() {
		t.Errorf("Open = %+v", file)
	}
	if _, err := file.Seek(3, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	if rest, err := io.ReadAll(file); err != nil || string(rest) != content[3:] {
		t.Errorf("rest = %d bytes, %v", len(rest), err)
	}
}

func TestGet_of_nothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	store := open(t, filepath.Join(dir, "blobs"))
	if err := os.WriteFile(filepath.Join(dir, "secret"), []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"", "../secret", "sha256/../../secret", "secret", "sha256/ab/" + strings.Repeat("ab", 32)} {
		_, getErr := store.Get(t.Context(), key)
		_, openErr := store.Open(t.Context(), key)
		there, err := store.Exists(t.Context(), key)
		if !errors.Is(getErr, blob.ErrNotFound) || !errors.Is(openErr, blob.ErrNotFound) || there || err != nil {
			t.Errorf("%q: %v, %v, %v, %v", key, getErr, openErr, there, err)
		}
	}
}

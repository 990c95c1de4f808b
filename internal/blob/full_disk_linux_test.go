package blob_test

import (
	"errors"
	"strings"
	"syscall"
	"testing"
)

func TestPut_on_a_full_disk(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=64k"); err != nil {
		t.Skipf("a small disk needs the right to mount: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	store := open(t, dir)
	kept := put(t, store, strings.Repeat("a", 20_000))
	before := len(files(t, dir))

	if _, err := store.Put(t.Context(), make([]byte, 200_000), "model/stl"); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("error = %v, want %v", err, syscall.ENOSPC)
	}
	if names := files(t, dir); len(names) != before {
		t.Errorf("files = %v, want nothing new", names)
	}
	if _, err := store.Get(t.Context(), kept); err != nil {
		t.Errorf("what was there before: %v", err)
	}
}

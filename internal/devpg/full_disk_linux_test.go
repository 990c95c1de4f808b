package devpg_test

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"tsukuriba/internal/devpg"
)

func TestStart_on_a_full_disk(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=2m"); err != nil {
		t.Skipf("a small disk needs the right to mount: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	if _, err := devpg.Start(t.Context(), devpg.Config{Dir: dir}); !errors.Is(err, devpg.ErrDiskFull) {
		t.Errorf("error = %v, want %v", err, devpg.ErrDiskFull)
	}
	if _, err := os.Stat(filepath.Join(dir, "data")); err == nil {
		t.Error("half a database was left behind")
	}
}

package devpg

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"
)

// explain turns what went wrong into the sentence a person can act on; said is the output of the
// program that failed.
func explain(err error, dir, said string) error {
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT), strings.Contains(said, "No space left on device"):
		return fmt.Errorf("%w (%s)", ErrDiskFull, dir)
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS), errors.Is(err, syscall.ENOTDIR),
		strings.Contains(said, "Permission denied"):
		return fmt.Errorf("%w: %s", ErrNotWritable, dir)
	case strings.Contains(said, "pre-existing shared memory block"):
		return errOrphans
	case said != "":
		return fmt.Errorf("%w: %s", err, lastLine(said))
	}
	return err
}

// lastLine is the last line that tells a cause; the lines after it are advice.
func lastLine(said string) string {
	lines := strings.Split(strings.TrimSpace(said), "\n")
	for _, line := range lines {
		if strings.Contains(line, "FATAL:") || strings.Contains(line, "error:") {
			return line
		}
	}
	return lines[len(lines)-1]
}

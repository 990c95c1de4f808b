package slicer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// environment of the program. It needs no HOME, and a locale that is not installed would stop it.
var environment = []string{"LC_ALL=C", "PATH=/usr/local/bin:/usr/bin:/bin"}

// run slices the project in a folder of its own, which is gone when run returns.
func (s *Slicer) run(ctx context.Context, project project, ini string) ([]byte, error) {
	select {
	case s.places <- struct{}{}:
		defer func() { <-s.places }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	path, err := s.find()
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp(s.options.Dir, "slice-")
	if err != nil {
		return nil, fmt.Errorf("make job folder: %w", err)
	}
	defer os.RemoveAll(folder)
	if err := fill(folder, project, ini); err != nil {
		return nil, err
	}
	if err := s.execute(ctx, path, folder, project.file); err != nil {
		return nil, err
	}
	return readOutput(filepath.Join(folder, "out.gcode"), s.limits.gcode)
}

func fill(folder string, project project, ini string) error {
	if err := os.WriteFile(filepath.Join(folder, "full.ini"), []byte(ini), 0o644); err != nil {
		return fmt.Errorf("write profile: %w", err)
	}
	if err := os.Mkdir(filepath.Join(folder, "data"), 0o755); err != nil {
		return fmt.Errorf("make data folder: %w", err)
	}
	file, err := os.OpenFile(filepath.Join(folder, project.file), os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o644)
	if err != nil {
		return fmt.Errorf("create 3mf: %w", err)
	}
	if err := errors.Join(project.write(file), file.Close()); err != nil {
		return fmt.Errorf("write 3mf: %w", err)
	}
	return nil
}

// execute runs the program on a file of the folder. These options mean the same in 2.5 and 2.9.
func (s *Slicer) execute(ctx context.Context, path, folder, file string) error {
	wall, cancel := context.WithTimeout(ctx, s.options.Wall)
	defer cancel()
	sandbox := s.sandbox()
	line := append(sandbox.limit(s.limits), path, "--datadir", "data", "--loglevel", "1",
		"--load", "full.ini", "-g", "--dont-arrange", file, "-o", "out.gcode")
	command := exec.CommandContext(wall, line[0], line[1:]...)
	output := &head64k{}
	command.Dir, command.Env, command.Stdout, command.Stderr = folder, environment, output, output
	command.WaitDelay = 5 * time.Second
	if err := sandbox.enter(command, folder); err != nil {
		return fmt.Errorf("set up sandbox: %w", err)
	}
	err := command.Run()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if wall.Err() != nil {
		return reject(ReasonTime, "ended after %s: %s", s.options.Wall, output.last())
	}
	if command.ProcessState == nil {
		return fmt.Errorf("start %s: %w", path, err)
	}
	return judge(exitCode(command.ProcessState), output)
}

// head64k keeps the beginning of what a program says.
type head64k struct{ bytes.Buffer }

func (h *head64k) Write(b []byte) (int, error) {
	h.Buffer.Write(b[:min(len(b), 64<<10-h.Len())])
	return len(b), nil
}

// last returns the end of what was said, short enough for a log line.
func (h *head64k) last() string {
	said := strings.TrimSpace(h.String())
	return strings.ToValidUTF8(said[max(0, len(said)-400):], "")
}

// exitCode counts like a shell: 128 and the number of the signal that ended it.
func exitCode(state *os.ProcessState) int {
	if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal())
	}
	return state.ExitCode()
}

// complaints are what PrusaSlicer 2.5 to 2.9 says, whatever its exit code.
var complaints = []struct {
	words  string
	reason Reason
}{
	{"could not fit on the bed", ReasonOffBed},
	{"outside of the print volume", ReasonOffBed},
	{"Loading of a model file failed", ReasonUnreadable},
	{"No layers were detected", ReasonNothing},
	{"no extrusions in the first layer", ReasonNothing},
	{"bad_alloc", ReasonMemory},
	{"print warning:", ReasonWarning},
}

// exits are the ways a limit or a fault ends it, as a shell counts. The first process of a
// namespace cannot be sent SIGABRT, so an abort shows as 139 there.
var exits = map[int]Reason{
	124: ReasonTime,
	134: ReasonCrashed,
	137: ReasonCPU,
	139: ReasonCrashed,
	152: ReasonCPU,
	153: ReasonSize,
}

func judge(code int, output *head64k) error {
	for _, complaint := range complaints {
		if strings.Contains(output.String(), complaint.words) {
			return reject(complaint.reason, "exit code %d: %s", code, output.last())
		}
	}
	if code == 0 {
		return nil
	}
	if reason, ok := exits[code]; ok {
		return reject(reason, "exit code %d: %s", code, output.last())
	}
	return reject(ReasonFailed, "exit code %d: %s", code, output.last())
}

// readOutput returns the G-code without the date in its first line.
func readOutput(path string, limit int64) ([]byte, error) {
	file, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, reject(ReasonNoGCode, "exit code 0, but nothing was written")
	}
	if err != nil {
		return nil, fmt.Errorf("open g-code: %w", err)
	}
	defer file.Close()
	gcode, err := io.ReadAll(io.LimitReader(file, limit+1))
	if err != nil {
		return nil, fmt.Errorf("read g-code: %w", err)
	}
	if int64(len(gcode)) > limit {
		return nil, reject(ReasonSize, "more than %d bytes of G-code", limit)
	}
	return undated(gcode), nil
}

func undated(gcode []byte) []byte {
	first, rest, found := bytes.Cut(gcode, []byte("\n"))
	said, _, dated := bytes.Cut(first, []byte(" on "))
	if !found || !dated || !bytes.HasPrefix(first, []byte("; generated by ")) {
		return gcode
	}
	return append(append(said[:len(said):len(said)], '\n'), rest...)
}

// Package slicer turns plates into G-code with PrusaSlicer and believes none of it unseen.
//
// PrusaSlicer prints half a model, leaves one out or drives off the bed and still exits with 0. So
// a plate is checked before it is sliced, the program runs in a sandbox without network, and its
// G-code is accepted only after [Verify] has followed every line of it. The package refuses foreign
// 3MF files (PrusaSlicer runs scripts it finds in them) and profiles whose prints it cannot follow.
package slicer

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"time"
)

// ErrNotInstalled says that no PrusaSlicer was found.
var ErrNotInstalled = errors.New("PrusaSlicer is not installed: `apt-get install prusa-slicer` on Debian and Ubuntu, `brew install --cask prusaslicer` on macOS")

// Options of a [Slicer]; the zero value is a good one.
type Options struct {
	Path string        // of PrusaSlicer; otherwise looked for where it is usually installed
	Dir  string        // for the folders of the jobs; otherwise the system's folder for temporary files
	Jobs int           // that run at once; otherwise one for each core
	Wall time.Duration // after which a job that hangs is ended; otherwise five minutes, as CPU time is limited on its own and a busy machine is slow
	Log  *slog.Logger
}

// Slicer runs PrusaSlicer. It may be used by many goroutines.
type Slicer struct {
	options Options
	limits  limits
	places  chan struct{} // one for each job that may run
	flights flights
	sandbox func() sandbox

	mu       sync.Mutex
	version  string
	versions time.Time // modification time of the program that said so
}

// limits of one job. A plate of 24 tags takes 16 s of CPU and 115 MB.
type limits struct {
	addressSpace, fileSize, gcode int64 // bytes
	cpu                           int   // seconds
}

// New returns a slicer; the program is looked for when it is needed.
func New(options Options) *Slicer {
	if options.Jobs <= 0 {
		options.Jobs = runtime.NumCPU()
	}
	if options.Wall <= 0 {
		options.Wall = 5 * time.Minute
	}
	if options.Log == nil {
		options.Log = slog.Default()
	}
	return &Slicer{
		options: options,
		limits:  limits{addressSpace: 1_500_000_000, fileSize: 200_000_000, gcode: 100_000_000, cpu: 120},
		places:  make(chan struct{}, options.Jobs),
		flights: flights{running: map[string]*flight{}},
		sandbox: sync.OnceValue(func() sandbox { return strongestSandbox(options.Log) }),
	}
}

// Result is a verified print. GCode is shared between callers who asked for the same plate and must
// not be changed. It carries no date, so the same plate, profile and version give the same SHA256.
type Result struct {
	Report
	GCode         []byte
	SHA256        string // of GCode, in hexadecimal
	SlicerVersion string
	CacheKey      string
}

// Slice checks the plate, slices it and verifies the G-code. A plate that must not be printed is a
// [*Rejected]; other errors are [ErrNotInstalled], that of ctx, or the machine's. Equal plates asked
// for at the same time are sliced once.
func (s *Slicer) Slice(ctx context.Context, plate Plate) (Result, error) {
	if err := plate.Check(); err != nil {
		return Result{}, err
	}
	version, err := s.Version(ctx)
	if err != nil {
		return Result{}, err
	}
	project := newProject(plate)
	key := project.key(plate, version)
	gcode, err := s.flights.join(ctx, key, func(ctx context.Context) ([]byte, error) {
		return s.run(ctx, project, plate.Profile.iniFor(version))
	})
	if err != nil {
		return Result{}, fmt.Errorf("slice plate: %w", err)
	}
	report, err := Verify(bytes.NewReader(gcode), plate)
	if err != nil {
		return Result{}, fmt.Errorf("verify plate: %w", err)
	}
	sum := sha256.Sum256(gcode)
	return Result{Report: report, GCode: gcode, SHA256: hex.EncodeToString(sum[:]), SlicerVersion: version, CacheKey: key}, nil
}

// CacheKey names the G-code the plate would have with the installed slicer: a stored one of the
// same key can be used instead of slicing again.
func (s *Slicer) CacheKey(ctx context.Context, plate Plate) (string, error) {
	if err := plate.Check(); err != nil {
		return "", err
	}
	version, err := s.Version(ctx)
	if err != nil {
		return "", err
	}
	return newProject(plate).key(plate, version), nil
}

// Version returns what the installed program calls itself, such as "2.5.0+UNKNOWN".
func (s *Slicer) Version(ctx context.Context) (string, error) {
	path, err := s.find()
	if err != nil {
		return "", err
	}
	program, err := os.Stat(path)
	if err != nil {
		return "", fmt.Errorf("look at %s: %w", path, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.version == "" || !s.versions.Equal(program.ModTime()) {
		if s.version, err = s.askVersion(ctx, path); err != nil {
			return "", err
		}
		s.versions = program.ModTime()
	}
	return s.version, nil
}

func (s *Slicer) askVersion(ctx context.Context, path string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, s.options.Wall)
	defer cancel()
	command := exec.CommandContext(ctx, path, "--help")
	command.Env = environment
	output, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("ask %s for its version: %w", path, err)
	}
	for line := range strings.Lines(string(output)) {
		if version, ok := strings.CutPrefix(line, "PrusaSlicer-"); ok {
			version, _, _ = strings.Cut(strings.TrimSpace(version), " ")
			return version, nil
		}
	}
	return "", fmt.Errorf("ask %s for its version: %w", path, ErrNotInstalled)
}

// find returns the path of the program.
func (s *Slicer) find() (string, error) {
	candidates := []string{"prusa-slicer", "PrusaSlicer", "/Applications/PrusaSlicer.app/Contents/MacOS/PrusaSlicer", "/Applications/Original Prusa Drivers/PrusaSlicer.app/Contents/MacOS/PrusaSlicer"}
	if s.options.Path != "" {
		candidates = []string{s.options.Path}
	}
	for _, candidate := range candidates {
		if path, err := exec.LookPath(candidate); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("look for %s: %w", candidates[0], ErrNotInstalled)
}

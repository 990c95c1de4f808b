package slicer

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// These tests put a script in the place of the program: a real slicer does not misbehave on call.

func scripted(t *testing.T, script string) *Slicer {
	t.Helper()
	path := filepath.Join(openFolder(t), "slicer.sh")
	if err := os.WriteFile(path, []byte("#!/bin/bash\n"+script), 0o755); err != nil {
		t.Fatal(err)
	}
	return New(Options{Path: path, Dir: openFolder(t), Log: slog.New(slog.DiscardHandler)})
}

func runTwoTags(ctx context.Context, s *Slicer) ([]byte, error) {
	return s.run(ctx, newProject(twoTags()), PLA020().INI)
}

func TestSandbox_limits(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		script string
		change func(*Slicer)
		want   []Reason
	}{
		"wall time":       {"sleep 300", func(s *Slicer) { s.options.Wall = 200 * time.Millisecond }, []Reason{ReasonTime}},
		"cpu time":        {"while :; do :; done", func(s *Slicer) { s.limits.cpu = 1 }, []Reason{ReasonCPU}},
		"size of a file":  {"exec head -c 5000000 /dev/zero > out.gcode", func(s *Slicer) { s.limits.fileSize = 1_000_000 }, []Reason{ReasonSize, ReasonFailed}},
		"size when read":  {"head -c 5000000 /dev/zero > out.gcode", func(s *Slicer) { s.limits.gcode = 1_000_000 }, []Reason{ReasonSize}},
		"no output":       {"exit 0", func(*Slicer) {}, []Reason{ReasonNoGCode}},
		"abort":           {"exit 134", func(*Slicer) {}, []Reason{ReasonCrashed}},
		"a fault":         {"exit 139", func(*Slicer) {}, []Reason{ReasonCrashed}},
		"a timeout of it": {"exit 124", func(*Slicer) {}, []Reason{ReasonTime}},
		"another code":    {"echo no reason >&2; exit 7", func(*Slicer) {}, []Reason{ReasonFailed}},
		"much to say":     {"head -c 5000000 /dev/zero; exit 7", func(*Slicer) {}, []Reason{ReasonFailed}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := scripted(t, test.script)
			test.change(s)
			_, err := runTwoTags(t.Context(), s)
			requireReason(t, err, test.want...)
			requireEmpty(t, s.options.Dir)
		})
	}
}

func TestSandbox_memory_of_the_real_program(t *testing.T) {
	t.Parallel()
	s := installed(t)
	s.limits.addressSpace = 120_000_000
	_, err := runTwoTags(t.Context(), s)
	requireReason(t, err, ReasonMemory, ReasonCrashed, ReasonFailed)
}

func TestSandbox_has_no_network(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	s := scripted(t, fmt.Sprintf("if echo hello > /dev/tcp/127.0.0.1/%d; then echo reached > out.gcode; else echo alone > out.gcode; fi", listener.Addr().(*net.TCPAddr).Port))
	if s.sandbox().namespaces == 0 {
		t.Skip("namespaces are not allowed here")
	}
	if gcode, err := runTwoTags(t.Context(), s); err != nil || string(gcode) != "alone\n" {
		t.Errorf("got %q, %v, want a slicer that reaches nobody", gcode, err)
	}
}

func TestSandbox_is_nobody(t *testing.T) {
	t.Parallel()
	s := scripted(t, "{ id -u; ls; env; cat; } > out.gcode; echo x > ../beside || echo kept in >> out.gcode")
	if !s.sandbox().asNobody {
		t.Skip("only root can become nobody")
	}
	gcode, err := runTwoTags(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(gcode), "65534\n") || !strings.Contains(string(gcode), "LC_ALL=C\n") ||
		strings.Contains(string(gcode), "HOME=") || !strings.HasSuffix(string(gcode), "kept in\n") {
		t.Errorf("the slicer sees\n%s", gcode)
	}
}

func TestCancel_kills_the_whole_group(t *testing.T) {
	t.Parallel()
	s := scripted(t, "sleep 300.0625 & touch started; sleep 300.0625")
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		for len(sleepers(t, "300.0625")) < 2 {
			time.Sleep(5 * time.Millisecond)
		}
		cancel()
	}()
	if _, err := runTwoTags(ctx, s); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
	for deadline := time.Now().Add(time.Minute); len(sleepers(t, "300.0625")) > 0; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("still running: %v", sleepers(t, "300.0625"))
		}
	}
	requireEmpty(t, s.options.Dir)
}

// sleepers lists the processes that sleep for just so long.
func sleepers(t *testing.T, duration string) (pids []string) {
	t.Helper()
	lines, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range lines {
		if words, err := os.ReadFile(line); err == nil && string(words) == "sleep\x00"+duration+"\x00" {
			pids = append(pids, line)
		}
	}
	return pids
}

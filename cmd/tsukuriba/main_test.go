package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// binary is the program under test, built once as `make build` does.
var binary string

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

// asProgram has the test binary be the program: what starts its own executable anew, as the soak
// does, finds it so in a test, too.
const asProgram = "TSUKURIBA_TEST_AS_PROGRAM"

func run(m *testing.M) int {
	if os.Getenv(asProgram) != "" {
		main()
		return 0
	}
	if err := os.Setenv(asProgram, "yes"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	dir, err := os.MkdirTemp("", "tsukuriba-bin-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(dir) }()
	binary = filepath.Join(dir, "tsukuriba")
	build := exec.Command("go", "build", "-o", binary, ".")
	build.Stdout, build.Stderr = os.Stderr, os.Stderr
	if err := build.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "build the program under test:", err)
		return 1
	}
	return m.Run()
}

// devServer is a `tsukuriba dev` of its own.
type devServer struct {
	url  string
	dir  string
	cmd  *exec.Cmd
	said *syncBuffer
}

func startDevServer(t *testing.T, dir string) *devServer {
	t.Helper()
	port := portOf(t)
	dev := &devServer{url: fmt.Sprintf("http://localhost:%d", port), dir: dir, said: &syncBuffer{}}
	dev.cmd = exec.Command(binary, "dev", "--dir", dir, "--port", fmt.Sprint(port))
	dev.cmd.Stdout, dev.cmd.Stderr = dev.said, dev.said
	if err := dev.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { dev.stop(t) })
	deadline := time.Now().Add(3 * time.Minute)
	for time.Now().Before(deadline) {
		if response, err := http.Get(dev.url + "/healthz"); err == nil {
			_ = response.Body.Close()
			return dev
		}
		if dev.cmd.ProcessState != nil || exited(dev.cmd) {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatalf("dev did not come up:\n%s", dev.said)
	return nil
}

func exited(cmd *exec.Cmd) bool { return cmd.Process.Signal(syscall.Signal(0)) != nil }

// stop presses Ctrl-C and fails the test unless all ends cleanly.
func (d *devServer) stop(t *testing.T) {
	t.Helper()
	if d.cmd.ProcessState != nil {
		return
	}
	_ = d.cmd.Process.Signal(os.Interrupt)
	if err := d.cmd.Wait(); err != nil {
		t.Errorf("dev ended with %v:\n%s", err, d.said)
	}
}

func portOf(t *testing.T) int {
	t.Helper()
	port, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// syncBuffer may be written by a process and read by a test at once.
type syncBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// program runs a command to its end and returns what it said.
func program(ctx context.Context, args ...string) (string, error) {
	out, err := exec.CommandContext(ctx, binary, args...).CombinedOutput()
	return string(out), err
}

func TestDev(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a whole workshop")
	}
	dir := filepath.Join(t.TempDir(), "workshop")
	dev := startDevServer(t, dir)

	t.Run("prints_the_addresses_of_the_faces", func(t *testing.T) {
		for _, wanted := range []string{dev.url + "/staff", dev.url + "/tablet", dev.url + "/mails", "kanri@example.jp"} {
			if !strings.Contains(dev.said.String(), wanted) {
				t.Errorf("no %s in:\n%s", wanted, dev.said)
			}
		}
	})
	t.Run("faces_answer", func(t *testing.T) {
		for _, path := range []string{"/", "/staff", "/tablet", "/mails", "/stripe/panel", "/api/openapi.yaml", "/api/v1/products"} {
			response, err := http.Get(dev.url + path)
			if err != nil {
				t.Fatal(err)
			}
			_ = response.Body.Close()
			if response.StatusCode != http.StatusOK {
				t.Errorf("GET %s: %s", path, response.Status)
			}
		}
	})
	t.Run("a_slash_after_an_address_leads_to_the_page", func(t *testing.T) {
		for path, want := range map[string]string{
			"/staff/": "/staff/sign-in", "/tablet/": "/tablet/enroll", "/products/name-tag/": "/products/name-tag",
			"/products/name-tag/studio/?text=Aki": "/products/name-tag/studio?text=Aki", "/staff/jobs/": "/staff/sign-in", "/mails/": "/mails/",
		} {
			response, err := http.Get(dev.url + path)
			if err != nil {
				t.Fatal(err)
			}
			_ = response.Body.Close()
			if got := response.Request.URL.RequestURI(); response.StatusCode != http.StatusOK || got != want {
				t.Errorf("GET %s: %s at %s, want %s", path, response.Status, got, want)
			}
		}
		for _, path := range []string{"/nowhere/", "//example.com/", "/api/v1/products/"} {
			if response, err := http.Get(dev.url + path); err != nil || response.StatusCode != http.StatusNotFound {
				t.Errorf("GET %s: %v, %v", path, response, err)
			}
		}
	})
	t.Run("listens_on_loopback_only", func(t *testing.T) {
		_, port, _ := strings.Cut(strings.TrimPrefix(dev.url, "http://"), ":")
		for _, address := range outsideAddresses(t) {
			if connection, err := net.DialTimeout("tcp", net.JoinHostPort(address, port), time.Second); err == nil {
				_ = connection.Close()
				t.Errorf("%s answers", address)
			}
		}
	})
	t.Run("a_port_in_use_is_one_sentence", func(t *testing.T) {
		_, port, _ := strings.Cut(strings.TrimPrefix(dev.url, "http://"), ":")
		said, err := program(t.Context(), "dev", "--dir", filepath.Join(t.TempDir(), "other"), "--port", port)
		if err == nil || strings.Count(strings.TrimSpace(said), "\n") > 0 || !strings.Contains(said, "is in use") {
			t.Errorf("said %q, %v", said, err)
		}
	})
	t.Run("data_are_kept_over_a_restart", func(t *testing.T) {
		dev.stop(t)
		again := startDevServer(t, dir)
		response, err := http.Get(again.url + "/api/v1/products")
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if response.StatusCode != http.StatusOK {
			t.Errorf("after a restart: %s", response.Status)
		}
	})
}

func outsideAddresses(t *testing.T) []string {
	t.Helper()
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	var outside []string
	for _, address := range addresses {
		if network, ok := address.(*net.IPNet); ok && !network.IP.IsLoopback() {
			outside = append(outside, network.IP.String())
		}
	}
	return outside
}

func TestDevInAnImpossibleFolder(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	said, err := program(t.Context(), "dev", "--dir", filepath.Join(file, "x"), "--port", fmt.Sprint(portOf(t)))
	if err == nil || strings.Count(strings.TrimSpace(said), "\n") > 0 {
		t.Errorf("said %q, %v", said, err)
	}
}

func TestHelpOfEachCommand(t *testing.T) {
	t.Parallel()
	for _, command := range []string{"serve", "work", "migrate", "seed", "dev", "walk", "soak", "check", "doctor", "calibrate", "tag"} {
		said, err := program(t.Context(), command, "--help")
		if err != nil || !strings.Contains(said, "Usage: tsukuriba "+command) {
			t.Errorf("%s --help: %v\n%s", command, err, said)
		}
	}
}

func TestWithoutDatabase(t *testing.T) {
	t.Parallel()
	for _, command := range []string{"serve", "work", "migrate", "seed", "check"} {
		cmd := exec.CommandContext(t.Context(), binary, command)
		cmd.Dir = t.TempDir()
		cmd.Env = append(os.Environ(), "DATABASE_URL=")
		said, err := cmd.CombinedOutput()
		if err == nil || !strings.Contains(string(said), "DATABASE_URL is not set") {
			t.Errorf("%s: %v\n%s", command, err, said)
		}
	}
}

func TestWalkWithoutDatabase(t *testing.T) {
	t.Parallel()
	walk := func(args ...string) (string, error) {
		cmd := exec.CommandContext(t.Context(), binary, append([]string{"walk", "--url", "http://127.0.0.1:1"}, args...)...)
		cmd.Dir = t.TempDir()
		cmd.Env = append(os.Environ(), "DATABASE_URL=")
		said, err := cmd.CombinedOutput()
		return string(said), err
	}
	for _, args := range [][]string{nil, {"--database", "postgres://nobody@127.0.0.1:1/none?sslmode=disable"}} {
		said, err := walk(args...)
		if err == nil || strings.Count(said, "\n") != 1 || !strings.Contains(said, "--no-check") {
			t.Errorf("walk %v: %v\n%s", args, err, said)
		}
	}
	if said, err := walk("--no-check"); err == nil || !strings.Contains(said, "the walk stopped") {
		t.Errorf("walk --no-check: %v\n%s", err, said)
	}
}

// TestWalk drives the whole line as `make walk FAULTS=1` does.
func TestWalk(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a whole workshop and slices")
	}
	said, err := program(t.Context(), "walk", "--faults", "--text", "髙﨑 神")
	if err != nil {
		t.Errorf("%v\n%s", err, said)
	}
	for _, wanted := range []string{"4 orders from a typed name to a parcel", "✓ every invariant", "equal to the yen"} {
		if !strings.Contains(said, wanted) {
			t.Errorf("no %q in\n%s", wanted, said)
		}
	}
}

// TestSoak is a short `make soak`.
func TestSoak(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a shop of four processes and kills them")
	}
	said, err := program(t.Context(), "soak", "--for", "15s")
	if err != nil {
		t.Errorf("%v\n%s", err, said)
	}
	for _, wanted := range []string{"orders placed", "processes killed", "database restarts", "✓ every invariant", "equal to the yen"} {
		if !strings.Contains(said, wanted) {
			t.Errorf("no %q in\n%s", wanted, said)
		}
	}
}

func TestClockAheadOfLiveMoney(t *testing.T) {
	t.Parallel()
	cmd := exec.CommandContext(t.Context(), binary, "check")
	cmd.Env = append(os.Environ(), "CLOCK_AHEAD=1h", "STRIPE_SECRET_KEY=sk_live_x")
	if said, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(said), "the clock must be right") {
		t.Errorf("%v: %s", err, said)
	}
}

package stripe_test

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// mockURL is where stripe-mock listens, which judges by Stripe's published description of its
// API whether the parameters of a request exist.
var mockURL string

func TestMain(m *testing.M) {
	stop, err := startMock()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	stop()
	http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	if err := goleak.Find(); code == 0 && err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func startMock() (stop func(), err error) {
	dir, err := os.MkdirTemp("", "stripe-mock")
	if err != nil {
		return nil, err
	}
	program := filepath.Join(dir, "stripe-mock")
	if out, err := exec.Command("go", "build", "-o", program, "github.com/stripe/stripe-mock").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build stripe-mock: %w\n%s", err, out)
	}
	mock := exec.Command(program, "-http-addr", "127.0.0.1:0", "-https-addr", "127.0.0.1:0")
	said, err := os.Create(filepath.Join(dir, "said"))
	if err != nil {
		return nil, err
	}
	defer said.Close()
	mock.Stdout = said
	if err := mock.Start(); err != nil {
		return nil, err
	}
	stop = func() {
		_ = mock.Process.Kill()
		_ = mock.Wait()
		_ = os.RemoveAll(dir)
	}
	address, err := addressIn(said.Name())
	if err != nil {
		stop()
		return nil, err
	}
	mockURL = "http://" + address
	return stop, nil
}

var listening = regexp.MustCompile(`Listening for HTTP at address: (\S+)\n`)

// addressIn is where stripe-mock says that it listens.
func addressIn(said string) (string, error) {
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		text, err := os.ReadFile(said)
		if found := listening.FindSubmatch(text); found != nil {
			return string(found[1]), nil
		}
		if err != nil || time.Now().After(deadline) {
			return "", fmt.Errorf("stripe-mock does not say where it listens (%v): %s", err, text)
		}
	}
}

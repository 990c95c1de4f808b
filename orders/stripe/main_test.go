package stripe_test

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

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
	said, err := mock.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := mock.Start(); err != nil {
		return nil, err
	}
	stop = func() {
		_ = mock.Process.Kill()
		_ = mock.Wait()
		_ = os.RemoveAll(dir)
	}
	address, err := addressIn(said)
	if err != nil {
		stop()
		return nil, err
	}
	mockURL = "http://" + address
	return stop, nil
}

// addressIn is where stripe-mock says that it listens.
func addressIn(said io.Reader) (string, error) {
	lines := bufio.NewScanner(said)
	for lines.Scan() {
		if address, found := strings.CutPrefix(lines.Text(), "Listening for HTTP at address: "); found {
			return address, nil
		}
	}
	return "", fmt.Errorf("stripe-mock does not listen: %w", cmp.Or(lines.Err(), io.EOF))
}

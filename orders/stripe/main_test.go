package stripe_test

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
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
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	unused, err := freeAddress() // without one it takes a port that another run may have
	if err != nil {
		return nil, err
	}
	mock := exec.Command(program, "-http-addr", address, "-https-addr", unused)
	if err := mock.Start(); err != nil {
		return nil, err
	}
	stop = func() {
		_ = mock.Process.Kill()
		_ = mock.Wait()
		_ = os.RemoveAll(dir)
	}
	mockURL = "http://" + address
	if err := waitFor(address); err != nil {
		stop()
		return nil, err
	}
	return stop, nil
}

func freeAddress() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}

func waitFor(address string) error {
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		connection, err := net.Dial("tcp", address)
		if err == nil {
			return connection.Close()
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("stripe-mock does not listen: %w", err)
		}
	}
}

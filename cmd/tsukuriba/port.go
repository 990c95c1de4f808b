package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"syscall"
	"time"
)

// listenLocal opens a port of this machine, and says in one sentence why it cannot.
func listenLocal(ctx context.Context, port int) (net.Listener, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", fmt.Sprintf("127.0.0.1:%d", port))
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("port %d is in use: stop what runs there, or choose another as in `make run PORT=8081`", port)
	case errors.Is(err, syscall.EACCES):
		return nil, fmt.Errorf("port %d may not be opened by this user: choose one above 1023, as in `make run PORT=8081`", port)
	case err != nil:
		return nil, fmt.Errorf("open port %d: %w", port, err)
	}
	return listener, nil
}

// freePort is one on which nobody listens. It lies below those that systems give to connections going out, so that it is
// still free when the child for which it was found listens.
func freePort() (int, error) {
	var taken error
	for range 100 {
		port := 20_000 + rand.IntN(12_000)
		listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err == nil {
			return port, listener.Close()
		}
		taken = err
	}
	return 0, fmt.Errorf("find a free port: %w", taken)
}

// awaitHealthy returns when a shop answers that it is well.
func awaitHealthy(ctx context.Context, base string) error {
	ctx, cancel := context.WithTimeout(ctx, 4*time.Minute) // a first start slices, perhaps on a busy machine
	defer cancel()
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/healthz", nil)
		if err != nil {
			return err
		}
		if response, err := http.DefaultClient.Do(request); err == nil {
			_ = response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s does not answer: %w", base, ctx.Err())
		case <-time.After(100 * time.Millisecond):
		}
	}
}

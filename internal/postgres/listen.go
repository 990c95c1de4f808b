package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/lib/pq"
)

// Notification is what NOTIFY sent. The zero value is a resync: some may have been missed, so that
// whoever caches reads everything anew.
type Notification struct {
	Channel, Payload string
}

// Listen calls handle, one call at a time, for every notification on the channels until ctx is
// done, which is not an error. The first call is a resync, made once the channels are open, and
// another one follows each lost connection; in between the connection is rebuilt by itself.
func Listen(ctx context.Context, dsn string, handle func(Notification), channels ...string) error {
	listener := pq.NewListener(dsn, 50*time.Millisecond, 5*time.Second, nil)
	opened := make(chan error, 1)
	go func() { opened <- open(listener, channels) }()
	defer listener.Close() //nolint:errcheck // it only fails when closed already
	select {
	case <-ctx.Done():
		return nil
	case err := <-opened:
		if err != nil {
			return err
		}
	}
	handle(Notification{})
	return relay(ctx, listener, handle)
}

func open(listener *pq.Listener, channels []string) error {
	for _, channel := range channels {
		if err := listener.Listen(channel); err != nil {
			return fmt.Errorf("listen on %s: %w", channel, err)
		}
	}
	return nil
}

func relay(ctx context.Context, listener *pq.Listener, handle func(Notification)) error {
	alive := time.NewTicker(time.Minute) // finds a connection that died in silence
	defer alive.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-alive.C:
			go listener.Ping() //nolint:errcheck // a failed ping makes the listener reconnect
		case sent := <-listener.Notify:
			if sent == nil {
				handle(Notification{})
				continue
			}
			handle(Notification{Channel: sent.Channel, Payload: sent.Extra})
		}
	}
}

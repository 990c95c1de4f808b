package jobs

import (
	"context"
	"fmt"
	"net/http"

	"riverqueue.com/riverui"
)

// Handler shows the jobs and lets people retry and cancel them, under the path prefix, until ctx
// is done. It asks nobody who they are: mount it behind a login and a cross-origin check.
func (b *Bus) Handler(ctx context.Context, prefix string) (http.Handler, error) {
	handler, err := riverui.NewHandler(&riverui.HandlerOpts{
		Endpoints: riverui.NewEndpoints(b.client, nil),
		Logger:    b.config.Log,
		Prefix:    prefix,
	})
	if err != nil {
		return nil, fmt.Errorf("set up job pages: %w", err)
	}
	if err := handler.Start(ctx); err != nil {
		return nil, fmt.Errorf("start job pages: %w", err)
	}
	return handler, nil
}

package jobs

import (
	"fmt"
	"net/http"

	"riverqueue.com/riverui"
)

// Handler shows the jobs and lets people retry and cancel them, at the path prefix and below. It
// asks nobody who they are: mount it behind a login and a cross-origin check.
func (b *Bus) Handler(prefix string) (http.Handler, error) {
	// It is never started: that would count all jobs every few seconds though nobody looks.
	pages, err := riverui.NewHandler(&riverui.HandlerOpts{
		Endpoints: riverui.NewEndpoints(b.client, nil),
		Logger:    b.config.Log,
		Prefix:    prefix,
	})
	if err != nil {
		return nil, fmt.Errorf("set up job pages: %w", err)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == prefix { // where River would lead on to an address with a slash at its end
			r.URL.Path += "/"
		}
		pages.ServeHTTP(w, r)
	}), nil
}

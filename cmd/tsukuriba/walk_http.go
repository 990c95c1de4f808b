package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"

	"tsukuriba/api/rest"
)

// visitor is somebody with a browser of their own.
type visitor struct {
	name    string
	base    string
	address string // as a proxy tells it; empty: our own
	client  *http.Client
}

func newVisitor(name, base string) *visitor {
	jar, _ := cookiejar.New(nil) // fails for no options
	return &visitor{name: name, base: base, client: &http.Client{Jar: jar, Timeout: 60 * time.Second}}
}

// refused is an answer that is not a success.
type refused struct {
	who, request string
	status       int
	problem      rest.Problem
	body         string
}

func (r *refused) Error() string {
	if r.problem.Code == "" {
		return fmt.Sprintf("%s: %s answered %d: %.300s", r.who, r.request, r.status, r.body)
	}
	return fmt.Sprintf("%s: %s answered %d %s: %s", r.who, r.request, r.status, r.problem.Code, r.problem.Title)
}

// ask sends a request to the API and reads the answer into out, which may be nil.
func (v *visitor) ask(ctx context.Context, method, path string, body, out any) error {
	answer, err := v.raw(ctx, method, path, body)
	if err != nil || out == nil || len(answer) == 0 {
		return err
	}
	if err := json.Unmarshal(answer, out); err != nil {
		return fmt.Errorf("%s: %s %s: %w", v.name, method, path, err)
	}
	return nil
}

// raw sends a request to the API and returns the body of a success. Requests that create orders
// or money carry a key derived from what they are about, so that repeating them is harmless.
func (v *visitor) raw(ctx context.Context, method, path string, body any) ([]byte, error) {
	return v.send(ctx, letter{method: method, path: path, key: "walk " + path, body: body})
}

// letter is a request to the API.
type letter struct {
	method, path string
	key          string // Idempotency-Key
	body         any    // becomes JSON; nil: none
}

func (v *visitor) send(ctx context.Context, l letter) ([]byte, error) {
	content, err := encode(l.body)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, l.method, v.base+"/api/v1"+l.path, bytes.NewReader(content))
	if err != nil {
		return nil, err
	}
	if l.body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if v.address != "" {
		request.Header.Set("X-Forwarded-For", v.address)
	}
	request.Header.Set("Idempotency-Key", l.key)
	response, err := v.client.Do(request)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", v.name, err)
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, fmt.Errorf("%s: %s %s: %w", v.name, l.method, l.path, err)
	}
	if response.StatusCode >= http.StatusMultipleChoices {
		no := &refused{who: v.name, request: l.method + " " + l.path, status: response.StatusCode, body: string(answer)}
		_ = json.Unmarshal(answer, &no.problem) // what is no problem document is shown as it is
		return nil, no
	}
	return answer, nil
}

func encode(body any) ([]byte, error) {
	if body == nil {
		return nil, nil
	}
	return json.Marshal(body)
}

// submit posts a form as a browser does and follows where it leads.
func (v *visitor) submit(ctx context.Context, address string, form url.Values) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := v.client.Do(request)
	if err != nil {
		return fmt.Errorf("%s: %w", v.name, err)
	}
	defer func() { _ = response.Body.Close() }()
	body, _ := io.ReadAll(io.LimitReader(response.Body, 1<<16)) // only shown when it went wrong
	if response.StatusCode >= http.StatusBadRequest {
		return &refused{who: v.name, request: "POST " + address, status: response.StatusCode, body: string(body)}
	}
	return nil
}

// until repeats done every 100 ms until it says so.
func until(ctx context.Context, patience time.Duration, what string, done func() (bool, error)) error {
	deadline := time.Now().Add(patience)
	for {
		ok, err := done()
		if err != nil || ok {
			return err
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("%s: nothing happened for %s", what, patience)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}

package stripetest

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// call is one request to the API, read and allowed.
type call struct {
	*params
	request *http.Request
	key     string
	digest  string
	id      string
}

func (c *call) path(name string) string { return c.request.PathValue(name) }

// apiError is Stripe's error envelope. Errors found before an endpoint starts its work are not
// remembered under the idempotency key.
type apiError struct {
	Status     int    `json:"-"`
	Type       string `json:"type"`
	Code       string `json:"code,omitempty"`
	Message    string `json:"message"`
	Param      string `json:"param,omitempty"`
	unexecuted bool
}

func (e *apiError) Error() string { return e.Message }

func invalid(code, message string) *apiError {
	return &apiError{Status: http.StatusBadRequest, Type: "invalid_request_error", Code: code, Message: message}
}

func notFound(kind, id string) *apiError {
	return &apiError{
		Status: http.StatusNotFound, Type: "invalid_request_error", Code: "resource_missing",
		Message: "No such " + kind + ": '" + id + "'", Param: "id",
	}
}

func unknownAddress(c *call) (any, error) {
	return nil, &apiError{
		Status: http.StatusNotFound, Type: "invalid_request_error", unexecuted: true,
		Message: "Unrecognized request URL (" + c.request.Method + ": " + c.request.URL.Path + ").",
	}
}

// answer is what a request was told, kept under its idempotency key.
type answer struct {
	Digest string    `json:"digest"`
	Done   bool      `json:"done"`
	Status int       `json:"status"`
	Body   []byte    `json:"body"`
	At     time.Time `json:"at"`
}

func (s *Server) api(work func(*call) (any, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := &call{request: r, id: newID("req_")}
		w.Header().Set("Request-Id", c.id)
		w.Header().Set("Stripe-Version", APIVersion)
		w.Header().Set("Content-Type", "application/json")
		if err := c.read(w); err != nil {
			write(w, errorAnswer(err))
			return
		}
		if c.key != "" {
			w.Header().Set("Idempotency-Key", c.key)
		}
		s.answer(w, c, work)
	})
}

// answer works in three steps, so that the key is seen in flight while the work is held up by a
// fault or a gate: claim the key, work, remember.
func (s *Server) answer(w http.ResponseWriter, c *call, work func(*call) (any, error)) {
	var replay *answer
	var fault Fault
	var gate *Gate
	err := s.act(func() (err error) {
		if replay, err = s.claim(c); replay == nil && err == nil {
			fault, gate = s.takeFault(c.request.Pattern), s.takeGate(c.request.Pattern)
		}
		return err
	})
	if err != nil {
		write(w, errorAnswer(err))
		return
	}
	if replay != nil {
		w.Header().Set("Idempotent-Replayed", "true")
		write(w, replay)
		return
	}
	gate.pass(s.stopping, BeforeWork)
	s.hold(c.request.Context(), fault.Delay)
	var done *answer
	err = s.act(func() error {
		done = s.execute(c, fault, work)
		return nil
	})
	if err != nil {
		done = errorAnswer(err)
	}
	gate.pass(s.stopping, BeforeAnswer)
	if fault.Kind == TimeoutAfterCommit {
		s.hold(c.request.Context(), fault.Hang)
		panic(http.ErrAbortHandler)
	}
	write(w, done)
}

func (s *Server) execute(c *call, fault Fault, work func(*call) (any, error)) *answer {
	if fault.Kind == Unavailable {
		delete(s.state.Answers, c.key)
		return errorAnswer(&apiError{Status: http.StatusServiceUnavailable, Type: "api_error", Message: "Try again soon."})
	}
	s.cause = eventRequest{ID: text(c.id), IdempotencyKey: text(c.key)}
	result := s.render(c, work)
	s.cause = eventRequest{}
	if fault.Kind == FailAfterCommit {
		result = errorAnswer(&apiError{Status: http.StatusInternalServerError, Type: "api_error", Message: "An unknown error occurred"})
	}
	s.remember(c, result)
	return result
}

func (s *Server) render(c *call, work func(*call) (any, error)) *answer {
	expand := c.texts("expand")
	object, err := work(c)
	if err == nil {
		object, err = s.expand(object, expand)
	}
	if err != nil {
		return errorAnswer(err)
	}
	body, err := json.Marshal(object)
	if err != nil {
		return errorAnswer(err)
	}
	return &answer{Status: http.StatusOK, Body: body, Done: true}
}

func errorAnswer(err error) *answer {
	var e *apiError
	if !errors.As(err, &e) {
		e = &apiError{Status: http.StatusInternalServerError, Type: "api_error", Message: err.Error()}
	}
	body, _ := json.Marshal(map[string]any{"error": e}) // strings only: cannot fail
	return &answer{Status: e.Status, Body: body, Done: !e.unexecuted}
}

func write(w http.ResponseWriter, a *answer) {
	w.WriteHeader(a.Status)
	_, _ = w.Write(a.Body)
}

func (c *call) read(w http.ResponseWriter) error {
	if err := authorize(c.request); err != nil {
		return err
	}
	if version := c.request.Header.Get("Stripe-Version"); version != "" && version != APIVersion {
		return invalid("", "Only API version "+APIVersion+" is served here, not "+version)
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, c.request.Body, 1<<20))
	if err != nil {
		return invalid("", "Request body is too large")
	}
	form := c.request.URL.Query()
	if c.request.Method == http.MethodPost {
		if form, err = url.ParseQuery(string(body)); err != nil {
			return invalid("", "Request body is not a form: "+err.Error())
		}
		c.key = c.request.Header.Get("Idempotency-Key")
	}
	if len(c.key) > 255 {
		return invalid("", "Idempotency keys may have at most 255 characters")
	}
	c.params = parseParams(form)
	c.digest = digest(c.request.Method + " " + c.request.URL.Path + "?" + form.Encode())
	return nil
}

func authorize(r *http.Request) error {
	key, _, basic := r.BasicAuth()
	if !basic {
		key = strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	}
	message := ""
	switch {
	case key == "":
		message = "You did not provide an API key."
	case strings.HasPrefix(key, "sk_live_"), strings.HasPrefix(key, "rk_live_"):
		message = "A live key was sent to a stand-in of Stripe. Keep it for Stripe alone."
	case !strings.HasPrefix(key, "sk_test_"):
		message = "Invalid API Key provided."
	default:
		return nil
	}
	return &apiError{Status: http.StatusUnauthorized, Type: "invalid_request_error", Message: message}
}

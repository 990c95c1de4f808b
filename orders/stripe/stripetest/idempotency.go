package stripetest

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"time"
)

// keyLife is how long Stripe promises to remember an idempotency key.
const keyLife = 24 * time.Hour

func digest(request string) string {
	sum := sha256.Sum256([]byte(request))
	return hex.EncodeToString(sum[:])
}

// claim returns the remembered answer of this key, or takes the key for the request. Another
// request under the same key is refused with 400, a simultaneous one with 409.
func (s *Server) claim(c *call) (*answer, error) {
	if c.key == "" {
		return nil, nil
	}
	known, ok := s.state.Answers[c.key]
	switch {
	case !ok || (known.Done && s.now().Sub(known.At) > keyLife):
		s.state.Answers[c.key] = &answer{Digest: c.digest, At: s.now()}
		return nil, nil
	case known.Digest != c.digest:
		return nil, &apiError{
			Status: http.StatusBadRequest, Type: "idempotency_error",
			Message: "Keys for idempotent requests can only be used with the same parameters they were first used with. " +
				"Try using a key other than '" + c.key + "' if you meant to execute a different request.",
		}
	case !known.Done:
		return nil, &apiError{
			Status: http.StatusConflict, Type: "idempotency_error", Code: "idempotency_key_in_use",
			Message: "There is currently another in-progress request using this idempotency key.",
		}
	}
	return known, nil
}

// remember keeps the answer of work that was started, be it a success or a failure.
func (s *Server) remember(c *call, result *answer) {
	if c.key == "" {
		return
	}
	s.dirty = true
	if !result.Done {
		delete(s.state.Answers, c.key)
		return
	}
	s.state.Answers[c.key] = &answer{Digest: c.digest, Done: true, Status: result.Status, Body: result.Body, At: s.now()}
}

func (s *Server) forgetOldKeys() {
	for key, answer := range s.state.Answers {
		if answer.Done && s.now().Sub(answer.At) > keyLife {
			delete(s.state.Answers, key)
		}
	}
}

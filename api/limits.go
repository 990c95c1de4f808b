package api

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
	"golang.org/x/time/rate"

	"tsukuriba/api/problem"
)

// Limits bound how often one address may ask; 0 means no limit.
type Limits struct {
	PerMinute       int // any request but webhooks
	SignInPerMinute int // attempts for one account
}

// DefaultLimits suit a shop on the internet.
var DefaultLimits = Limits{PerMinute: 300, SignInPerMinute: 5}

// perMinute bounds the requests of one address.
func perMinute(requests int) echo.MiddlewareFunc {
	return limiter(requests, func(c echo.Context) (string, error) { return c.RealIP(), nil })
}

// signInsPerMinute bounds the attempts of one address to sign in as one person.
func signInsPerMinute(attempts int) echo.MiddlewareFunc {
	return limiter(attempts, func(c echo.Context) (string, error) {
		body, err := takeBody(c.Request())
		if err != nil {
			return "", err
		}
		var who struct {
			Email    string `json:"email"`
			MemberID string `json:"member_id"`
		}
		_ = json.Unmarshal(body, &who) // it was held against the description before
		return strings.Join([]string{c.RealIP(), strings.ToLower(who.Email), who.MemberID}, " "), nil
	})
}

func limiter(requests int, of middleware.Extractor) echo.MiddlewareFunc {
	if requests == 0 {
		return func(next echo.HandlerFunc) echo.HandlerFunc { return next }
	}
	wait := strconv.Itoa((60 + requests - 1) / requests) // seconds until the next one is allowed
	return middleware.RateLimiterWithConfig(middleware.RateLimiterConfig{
		Store: middleware.NewRateLimiterMemoryStoreWithConfig(middleware.RateLimiterMemoryStoreConfig{
			Rate: rate.Limit(float64(requests) / time.Minute.Seconds()), Burst: requests, ExpiresIn: 3 * time.Minute,
		}),
		IdentifierExtractor: of,
		ErrorHandler:        func(_ echo.Context, err error) error { return err },
		DenyHandler: func(c echo.Context, _ string, _ error) error {
			c.Response().Header().Set(echo.HeaderRetryAfter, wait)
			return problem.ErrTooManyRequests
		},
	})
}

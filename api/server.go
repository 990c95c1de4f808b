// Package api is the REST API under /api/v1. Handlers translate between the description in
// openapi.yaml and the use cases of the domains, and do nothing more; what the description does
// not allow is refused before they are asked.
package api

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/jmoiron/sqlx"
	"github.com/labstack/echo/v4"

	"tsukuriba/api/auth"
	"tsukuriba/api/problem"
	"tsukuriba/api/rest"
	"tsukuriba/catalog"
	"tsukuriba/fulfilment"
	"tsukuriba/internal/photo"
	"tsukuriba/orders"
)

const (
	// BasePath is where the API lives.
	BasePath = "/api/v1"

	// bodyLimit bounds every request but files; a design is the largest and takes a few kilobytes.
	bodyLimit = 1 << 20
)

// Config names what the API serves.
type Config struct {
	DB         *sqlx.DB
	Catalog    *catalog.Service
	Orders     *orders.Service
	Fulfilment *fulfilment.Service
	Sessions   *auth.Sessions
	Places     Places
	Decode     func(payload []byte, signature string) (orders.ProviderEvent, error) // of webhooks
	PublicURL  string
	Limits     Limits
}

// API answers under BasePath.
type API struct{ Config }

// Mount registers the API and its description on e. Addresses of clients are those that
// e.IPExtractor finds.
func Mount(e *echo.Echo, config Config) error {
	description, err := described()
	if err != nil {
		return err
	}
	api := &API{config}
	doors := api.doors(description)
	e.GET("/api", description.page)
	e.GET("/api/openapi.yaml", func(c echo.Context) error {
		return c.Blob(http.StatusOK, "application/yaml", OpenAPI)
	})
	rest.RegisterHandlersWithOptions(e, rest.NewStrictHandler(api, nil), rest.RegisterHandlersOptions{
		BaseURL: BasePath, OperationMiddlewares: doors,
	})
	e.POST(BasePath+"/webhooks/stripe", api.receiveStripeEvent, doors["receiveStripeEvent"]...)
	return nil
}

// doors lists for each operation what a request passes before its handler.
func (a *API) doors(d *description) map[string][]echo.MiddlewareFunc {
	everybody, signIns := perMinute(a.Limits.PerMinute), signInsPerMinute(a.Limits.SignInPerMinute)
	doors := map[string][]echo.MiddlewareFunc{}
	for _, route := range d.routes {
		operation := route.Operation
		passed := []echo.MiddlewareFunc{notKept, limitBody(bodyLimitOf(operation))}
		if !takesRawBody(operation) {
			passed = append(passed, everybody)
			if usesSession(operation) {
				passed = append(passed, sameOrigin, echo.WrapMiddleware(a.Sessions.Middleware), a.authenticate(operation))
			}
			passed = append(passed, validate(route))
		}
		if signsIn(operation) {
			passed = append(passed, signIns)
		}
		if takesIdempotencyKey(operation) {
			passed = append(passed, idempotency{a.DB}.middleware)
		}
		doors[operation.OperationID] = passed
	}
	return doors
}

// notKept forbids to keep an answer. Those of the catalog say otherwise themselves.
func notKept(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
		return next(c)
	}
}

var crossOrigin = http.NewCrossOriginProtection()

// sameOrigin refuses what another site makes a browser send with its session.
func sameOrigin(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if err := crossOrigin.Check(c.Request()); err != nil {
			return fmt.Errorf("%w: %w", problem.ErrCrossOrigin, err)
		}
		return next(c)
	}
}

// HandleError answers an error of any route of the API with a problem document.
func HandleError(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	p := problem.From(routerError(err), problem.LanguageOf(c.Request()))
	p.Instance = c.Response().Header().Get(echo.HeaderXRequestID)
	if p.Status >= http.StatusInternalServerError {
		slog.ErrorContext(c.Request().Context(), "request failed",
			"method", c.Request().Method, "route", c.Path(), "request", p.Instance, "error", err)
	}
	c.Response().Header().Set(echo.HeaderContentType, problem.ContentType)
	c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
	if err := c.JSON(p.Status, p); err != nil {
		slog.WarnContext(c.Request().Context(), "answer was not delivered", "error", err)
	}
}

// routerError translates what Echo itself refuses.
func routerError(err error) error {
	var refused *echo.HTTPError
	if !errors.As(err, &refused) {
		return err
	}
	switch refused.Code {
	case http.StatusNotFound:
		return problem.ErrRouteNotFound
	case http.StatusMethodNotAllowed:
		return problem.ErrMethodNotAllowed
	case http.StatusRequestEntityTooLarge:
		return problem.ErrBodyTooLarge
	case http.StatusUnsupportedMediaType:
		return problem.ErrUnsupportedContentType
	case http.StatusBadRequest:
		return fmt.Errorf("%w: %w", problem.ErrInvalidJSON, err)
	default:
		return err
	}
}

// bodyLimitOf is how many bytes an operation reads. Of a photo it reads one more than a photo may have.
func bodyLimitOf(operation *openapi3.Operation) int64 {
	if takesFile(operation) {
		return photo.MaxBytes + 1
	}
	return bodyLimit
}

// limitBody reads the whole body up to the limit, so that no later reader meets half of one.
func limitBody(limit int64) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			r := c.Request()
			if r.ContentLength > limit {
				return problem.ErrBodyTooLarge
			}
			if r.ContentLength == 0 {
				return next(c)
			}
			body, err := io.ReadAll(io.LimitReader(r.Body, limit+1))
			if err != nil {
				return fmt.Errorf("%w: %w", problem.ErrInvalidJSON, err)
			}
			if int64(len(body)) > limit {
				return problem.ErrBodyTooLarge
			}
			setBody(r, body)
			return next(c)
		}
	}
}

func setBody(r *http.Request, body []byte) {
	r.Body = io.NopCloser(bytes.NewReader(body))
	r.ContentLength = int64(len(body))
}

// takeBody reads a body that limitBody has buffered and puts it back.
func takeBody(r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, fmt.Errorf("read body: %w", err)
	}
	setBody(r, body)
	return body, nil
}

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

	"github.com/jmoiron/sqlx"
	"github.com/labstack/echo/v4"

	"tsukuriba/api/auth"
	"tsukuriba/api/problem"
	"tsukuriba/api/rest"
	"tsukuriba/catalog"
	"tsukuriba/fulfilment"
	"tsukuriba/orders"
)

const (
	// BasePath is where the API lives.
	BasePath = "/api/v1"

	// bodyLimit bounds every request; a design is the largest and takes a few kilobytes.
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
type API struct {
	Config
	description *description
}

// Mount registers the API and its description on e. Addresses of clients are those that
// e.IPExtractor finds.
func Mount(e *echo.Echo, config Config) error {
	description, err := loadDescription()
	if err != nil {
		return err
	}
	api := &API{config, description}
	e.GET("/api", description.page)
	e.GET("/api/openapi.yaml", func(c echo.Context) error {
		return c.Blob(http.StatusOK, "application/yaml", OpenAPI)
	})
	group := e.Group(BasePath,
		api.protect,
		limitBody,
		perMinute(config.Limits.PerMinute),
		api.authenticate,
		description.validate,
		signInsPerMinute(config.Limits.SignInPerMinute),
		idempotency{config.DB, description}.middleware,
	)
	rest.RegisterHandlersWithBaseURL(group, rest.NewStrictHandler(api, nil), "")
	group.POST("/webhooks/stripe", api.receiveStripeEvent)
	return nil
}

// protect gives the operations of people who sign in their session and refuses what another site
// makes their browser send. Answers are not to be kept, but for those of the catalog, which say
// so themselves.
func (a *API) protect(next echo.HandlerFunc) echo.HandlerFunc {
	sameOrigin := http.NewCrossOriginProtection()
	withSession := echo.WrapMiddleware(a.Sessions.Middleware)(next)
	return func(c echo.Context) error {
		c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
		route := a.description.route(c.Request().Method, c.Path())
		if route == nil || !usesSession(route.Operation) {
			return next(c)
		}
		if err := sameOrigin.Check(c.Request()); err != nil {
			return fmt.Errorf("%w: %w", problem.ErrCrossOrigin, err)
		}
		return withSession(c)
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

// limitBody reads the whole body up to the limit, so that no later reader meets half of one.
func limitBody(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		if r.ContentLength > bodyLimit {
			return problem.ErrBodyTooLarge
		}
		if r.ContentLength == 0 {
			return next(c)
		}
		body, err := io.ReadAll(io.LimitReader(r.Body, bodyLimit+1))
		if err != nil {
			return fmt.Errorf("%w: %w", problem.ErrInvalidJSON, err)
		}
		if len(body) > bodyLimit {
			return problem.ErrBodyTooLarge
		}
		setBody(r, body)
		return next(c)
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

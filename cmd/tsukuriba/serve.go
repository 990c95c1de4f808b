package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
	"golang.org/x/sync/errgroup"

	"tsukuriba/api"
	"tsukuriba/api/problem"
	"tsukuriba/web/staff"
	"tsukuriba/web/storefront"
	"tsukuriba/web/tablet"
)

// ServeCmd answers HTTP.
type ServeCmd struct{}

// Run serves until it is asked to stop, then lets requests in flight finish.
func (*ServeCmd) Run() error {
	ctx, stop := untilInterrupted()
	defer stop()
	logJSON()
	config, err := readConfig()
	if err != nil {
		return err
	}
	w, err := assemble(ctx, config)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", config.Listen)
	if err != nil {
		return errors.Join(fmt.Errorf("open %s: %w", config.Listen, err), w.close())
	}
	handler, err := w.handler(api.DefaultLimits)
	if err != nil {
		return errors.Join(err, w.close())
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return w.listen(ctx) })
	group.Go(func() error { return serveHTTP(ctx, listener, handler) })
	return errors.Join(group.Wait(), w.close())
}

// WorkCmd works on jobs.
type WorkCmd struct {
	Queues []string `help:"Only these queues, such as slicing; all when not given."`
}

// Run works until it is asked to stop, then lets jobs under way finish.
func (cmd *WorkCmd) Run() error {
	ctx, stop := untilInterrupted()
	defer stop()
	logJSON()
	config, err := readConfig()
	if err != nil {
		return err
	}
	w, err := assemble(ctx, config)
	if err != nil {
		return err
	}
	return errors.Join(w.bus.Work(ctx, cmd.Queues...), w.close())
}

func logJSON() { slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stderr, nil))) }

// handler joins the three faces and the API into one.
func (w *workshop) handler(limits api.Limits) (*echo.Echo, error) {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.IPExtractor = echo.ExtractIPDirect()
	if w.config.ProxyTrusted {
		e.IPExtractor = echo.ExtractIPFromXFFHeader()
	}
	e.Use(middleware.RequestID(), middleware.Recover(), secureHeaders, sameOrigin())
	e.HTTPErrorHandler = func(err error, c echo.Context) {
		if c.Request().Context().Err() != nil {
			return // whoever asked has gone
		}
		if strings.HasPrefix(c.Request().URL.Path, "/api/") {
			api.HandleError(err, c)
			return
		}
		storefront.HandleError(err, c)
	}
	e.GET("/healthz", w.health)
	places, err := api.LoadPlaces()
	if err != nil {
		return nil, err
	}
	jobPages, err := w.bus.Handler(staff.JobsPath)
	if err != nil {
		return nil, err
	}
	err = errors.Join(
		api.Mount(e, api.Config{
			DB: w.db, Catalog: w.catalog, Orders: w.orders, Fulfilment: w.fulfilment, Sessions: w.sessions,
			Places: places, Decode: w.stripe.Decode, PublicURL: w.config.PublicURL, Limits: limits,
		}),
		storefront.Mount(e, storefront.Config{
			Catalog: w.catalog, Orders: w.orders, Fulfilment: w.fulfilment, Book: w.book, Places: places,
			PublicURL: w.config.PublicURL, Now: w.config.now,
		}),
		staff.Mount(e, staff.Config{
			Catalog: w.catalog, Orders: w.orders, Fulfilment: w.fulfilment, Sessions: w.sessions, Jobs: jobPages, Now: w.config.now,
		}),
		tablet.Mount(e, tablet.Config{Catalog: w.catalog, Fulfilment: w.fulfilment, Sessions: w.sessions}),
	)
	plainAddresses(e)
	return e, err
}

// plainAddresses leads whoever writes a slash after the address of a page to the page.
func plainAddresses(e *echo.Echo) {
	for _, route := range e.Routes() {
		inAPI, folder := strings.HasPrefix(route.Path, "/api/"), strings.HasSuffix(route.Path, "*")
		if route.Method != http.MethodGet || route.Path == "/" || inAPI || folder {
			continue
		}
		e.GET(route.Path+"/", func(c echo.Context) error {
			page := *c.Request().URL
			page.Path, page.RawPath = strings.TrimSuffix(page.Path, "/"), strings.TrimSuffix(page.RawPath, "/")
			return c.Redirect(http.StatusMovedPermanently, page.RequestURI())
		})
	}
}

// health answers 200 when the database does.
func (w *workshop) health(c echo.Context) error {
	ctx, cancel := context.WithTimeout(c.Request().Context(), 2*time.Second)
	defer cancel()
	if err := w.db.PingContext(ctx); err != nil {
		return c.String(http.StatusServiceUnavailable, "database does not answer\n")
	}
	return c.String(http.StatusOK, "ok\n")
}

// secureHeaders says what pages may load and where forms may lead: to us and to Stripe's page.
func secureHeaders(next echo.HandlerFunc) echo.HandlerFunc {
	const policy = "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; connect-src 'self' blob:; " +
		"object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self' https://checkout.stripe.com"
	return func(c echo.Context) error {
		header := c.Response().Header()
		header.Set("Content-Security-Policy", policy)
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Referrer-Policy", "same-origin") // order links are secret
		return next(c)
	}
}

// sameOrigin refuses unsafe requests that another site makes a browser send.
func sameOrigin() echo.MiddlewareFunc {
	protection := http.NewCrossOriginProtection()
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if err := protection.Check(c.Request()); err != nil {
				return problem.ErrCrossOrigin
			}
			return next(c)
		}
	}
}

func serveHTTP(ctx context.Context, listener net.Listener, handler http.Handler) error {
	debug.FreeOSMemory() // what reading fonts and filling a demo workshop left behind
	server := &http.Server{
		Handler: handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 64 << 10,
	}
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		stopped <- server.Shutdown(grace)
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve HTTP: %w", err)
	}
	return <-stopped
}

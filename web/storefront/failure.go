package storefront

import (
	"errors"
	"log/slog"
	"net/http"

	"github.com/labstack/echo/v4"

	"tsukuriba/api/problem"
	"tsukuriba/orders"
	"tsukuriba/web/locale"
	"tsukuriba/web/ui"
)

type failurePage struct {
	page
	Failure ui.Failure
}

// HandleError answers an error of a page with a page: status and sentence are those of api/problem, so that a person
// reads what a program is told.
func HandleError(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	p := failurePage{page: blankPage(c, "")}
	p.describe(err, c)
	confidential(c)
	p.Head.NoIndex = true
	if err := render(c, p.Failure.Status, failureView(p)); err != nil {
		slog.ErrorContext(c.Request().Context(), "error page was not shown", "error", err)
	}
}

func (p *failurePage) describe(err error, c echo.Context) {
	told := problem.From(routed(err), p.language())
	reference := c.Response().Header().Get(echo.HeaderXRequestID)
	if told.Status >= http.StatusInternalServerError {
		slog.ErrorContext(c.Request().Context(), "page failed",
			"method", c.Request().Method, "route", c.Path(), "request", reference, "error", err)
	}
	help := told.Detail
	if words := locale.In(p.Head.Language); help == "" && told.Status == http.StatusNotFound {
		help = words.Problem("not-found").Help
	} else if help == "" {
		help = words.Problem("internal").Help
	}
	p.Head.Title = ui.Unread(told.Title)
	p.Failure = ui.Failure{Status: told.Status, Title: told.Title, Help: help, Reference: reference, Actions: p.ways(err)}
}

// ways lead on from a failure.
func (p *failurePage) ways(err error) []ui.Action {
	products := ui.Action{Label: p.Words.List.ShowAll, URL: "/products"}
	if errors.Is(err, orders.ErrCheckoutExpired) || errors.Is(err, orders.ErrCheckoutNotFound) ||
		errors.Is(err, orders.ErrCartChanged) || errors.Is(err, orders.ErrNotForSale) {
		return []ui.Action{{Label: p.All.Cart, URL: "/cart", Kind: ui.Primary}, products}
	}
	products.Kind = ui.Primary
	return []ui.Action{products, {Label: p.All.Home, URL: "/", Kind: ui.Quiet, Icon: ui.IconHome}}
}

// routed translates what the router itself refuses.
func routed(err error) error {
	var refused *echo.HTTPError
	if !errors.As(err, &refused) {
		return err
	}
	switch refused.Code {
	case http.StatusNotFound:
		return problem.ErrRouteNotFound
	case http.StatusMethodNotAllowed:
		return problem.ErrMethodNotAllowed
	}
	return err
}

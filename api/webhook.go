package api

import (
	"fmt"
	"io"
	"net/http"

	"github.com/labstack/echo/v4"

	"tsukuriba/api/rest"
)

// receiveStripeEvent stores a signed event. The signature covers the very bytes of the body, so
// nothing has read or checked them before; anything but 200 has Stripe send it again.
func (a *API) receiveStripeEvent(c echo.Context) error {
	payload, err := io.ReadAll(c.Request().Body)
	if err != nil {
		return fmt.Errorf("read webhook: %w", err)
	}
	event, err := a.Decode(payload, c.Request().Header.Get("Stripe-Signature"))
	if err != nil {
		return err
	}
	if err := a.Orders.ReceiveEvent(c.Request().Context(), event); err != nil {
		return err
	}
	return c.JSON(http.StatusOK, rest.Received{Received: true})
}

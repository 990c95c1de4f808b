package storefront

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"tsukuriba/orders"
	"tsukuriba/web/ui"
)

type lookupPage struct {
	page
	Email ui.Field
	Sent  bool
}

// askOrders is where somebody without the link asks for it.
func (s *shop) askOrders(c echo.Context) error {
	return s.showLookup(c, http.StatusOK, "")
}

func (s *shop) showLookup(c echo.Context, status int, mistake string) error {
	frame, err := s.page(c, "")
	if err != nil {
		return err
	}
	words := frame.Words.Lookup
	p := lookupPage{page: frame, Sent: c.QueryParam("sent") == "1" && mistake == "", Email: ui.Field{
		Name: "email", Label: words.Email, Type: "email", Autocomplete: "email", Required: true, MaxLength: 254,
		Value: c.FormValue("email"), Error: mistake,
	}}
	p.Head.Title, p.Head.NoIndex = words.Title, true
	return render(c, status, lookupView(p))
}

// mailOrders answers the same whatever the address: who has orders is told by mail only.
func (s *shop) mailOrders(c echo.Context) error {
	form, err := posted(c)
	if err != nil {
		return err
	}
	p := blankPage(c, "")
	err = s.Orders.RequestLinks(c.Request().Context(), form.Get("email"), orders.Language(p.Head.Language))
	var refused *orders.FormError
	if errors.As(err, &refused) {
		return s.showLookup(c, http.StatusUnprocessableEntity, p.Words.Lookup.Wrong)
	}
	if err != nil {
		return err
	}
	return seeOther(c, "/orders?sent=1")
}

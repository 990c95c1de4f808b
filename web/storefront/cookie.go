package storefront

import (
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"tsukuriba/web/ui"
)

// The cookies of the shop. Neither can be read by script.
const (
	cartCookie     = "tsukuriba_cart"     // the token of the cart
	checkoutCookie = "tsukuriba_checkout" // the id of the confirmation last shown
)

func cookie(c echo.Context, name string) string {
	found, err := c.Cookie(name)
	if err != nil {
		return ""
	}
	return found.Value
}

func (s *shop) setCookie(c echo.Context, name, value string, age time.Duration) {
	c.SetCookie(&http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: int(age.Seconds()),
		HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteLaxMode,
	})
}

// theme keeps the colors asked for and returns to where the switch stood, which is always a page of ours.
func (s *shop) theme(c echo.Context) error {
	if theme, ok := ui.ParseTheme(c.QueryParam("to")); ok {
		s.setCookie(c, ui.ThemeCookieName, string(theme), 365*24*time.Hour)
	}
	return seeOther(c, ownPath(c.QueryParam("back")))
}

// ownPath refuses every address that a browser would take for another site.
func ownPath(path string) string {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n\t") {
		return "/"
	}
	return path
}

// Package tablet is the members' face of the workshop: one clear thing on a screen, in their own
// pace and words, complete without script. Whoever stands at a tablet sees their own work only.
//
// It refuses to show anything of a customer, any date by which something should be ready, and
// any word that presses or judges. What goes wrong is told kindly, and help is always in the same
// place.
package tablet

import (
	"context"
	"embed"
	"encoding"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"tsukuriba/api/auth"
	"tsukuriba/api/problem"
	"tsukuriba/catalog"
	"tsukuriba/fulfilment"
	"tsukuriba/web/ui"
)

// Config is what the pages stand on.
type Config struct {
	Catalog    *catalog.Service
	Fulfilment *fulfilment.Service
	Sessions   *auth.Sessions
}

// face answers under /tablet.
type face struct{ Config }

// pictures are the signs members choose, and what one may see on a bed.
//
//go:embed pictures/*.svg
var pictures embed.FS

// Mount registers the pages on e.
func Mount(e *echo.Echo, config Config) error {
	f := &face{config}
	e.GET("/tablet/pictures/:name", picture)
	pages := e.Group("/tablet", unremembered, echo.WrapMiddleware(config.Sessions.Middleware), f.kindly)
	pages.GET("", f.enter)
	pages.GET("/*", func(echo.Context) error { return problem.ErrRouteNotFound })

	pages.GET("/enroll", f.showEnrollment)
	pages.POST("/enroll", f.enroll)
	pages.GET("/who", f.onTablet(f.showWho))
	pages.POST("/who", f.onTablet(f.chooseWho))
	pages.GET("/who/:member", f.onTablet(f.showDigits))
	pages.POST("/who/:member", f.onTablet(f.enterDigit))
	pages.POST("/sign-out", f.signOut)

	pages.GET("/mood", f.asMember(f.showMood))
	pages.POST("/mood", f.asMember(f.setMood))
	pages.GET("/today", f.asMember(f.showToday))
	pages.GET("/rest", f.asMember(f.showRest))
	pages.GET("/thanks", f.asMember(f.showThanks))
	pages.GET("/thanks/:thanks/photo", f.asMember(f.showThanksPhoto))
	pages.GET("/help", f.asMember(f.showHelp))
	pages.GET("/offers/:offer", f.asMember(f.showOffer))
	pages.POST("/offers/:offer/accept", f.asMember(f.accept))
	pages.GET("/offers/:offer/decline", f.asMember(f.showDecline))
	pages.POST("/offers/:offer/decline", f.asMember(f.decline))

	pages.GET("/tasks/:task", f.asMember(f.showTask))
	pages.POST("/tasks/:task/start", f.asMember(f.onTask(config.Fulfilment.Start)))
	pages.POST("/tasks/:task/pause", f.asMember(f.onTask(config.Fulfilment.Pause)))
	pages.POST("/tasks/:task/slice", f.asMember(f.onTask(config.Fulfilment.Slice)))
	pages.POST("/tasks/:task/help", f.asMember(f.onTask(config.Fulfilment.CallHelp)))
	pages.POST("/tasks/:task/undo", f.asMember(f.onTask(config.Fulfilment.Undo)))
	pages.POST("/tasks/:task/done", f.asMember(f.done))
	pages.POST("/tasks/:task/release", f.asMember(f.release))
	return nil
}

func picture(c echo.Context) error {
	drawing, err := pictures.ReadFile("pictures/" + c.Param("name"))
	if err != nil {
		return echo.ErrNotFound
	}
	c.Response().Header().Set("Cache-Control", "public, max-age=86400")
	return c.Blob(http.StatusOK, "image/svg+xml", drawing)
}

// unremembered keeps a page out of every cache: the next person at the tablet shall not find it
// by going back.
func unremembered(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Response().Header().Set("Cache-Control", "no-store")
		return next(c)
	}
}

// kindly answers whatever went wrong with a page that helps on.
func (f *face) kindly(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		err := next(c)
		if err == nil || c.Response().Committed {
			return err
		}
		status := problem.From(err, problem.Japanese).Status
		if status >= http.StatusInternalServerError {
			slog.ErrorContext(c.Request().Context(), "page failed", "method", c.Request().Method, "route", c.Path(), "error", err)
		}
		return render(c, status, stuck(stuckPage{Head: plainHead(c, "ひとやすみ"), Sentence: kindSentence(err)}))
	}
}

// onTablet lets pass whoever uses an enrolled tablet.
func (f *face) onTablet(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		var tablet fulfilment.TabletID
		ctx := c.Request().Context()
		if tablet.UnmarshalText([]byte(f.Sessions.ID(ctx, auth.Tablet))) != nil {
			return c.Redirect(http.StatusSeeOther, "/tablet/enroll")
		}
		if _, err := f.Fulfilment.TabletByID(ctx, tablet); errors.Is(err, fulfilment.ErrTabletNotFound) {
			return c.Redirect(http.StatusSeeOther, "/tablet/enroll")
		} else if err != nil {
			return err
		}
		return next(c)
	}
}

// memberPage is a page of somebody who is signed in.
type memberPage func(c echo.Context, member fulfilment.Member) error

// asMember lets pass the member who is signed in on an enrolled tablet, read anew for each page.
func (f *face) asMember(next memberPage) echo.HandlerFunc {
	return f.onTablet(func(c echo.Context) error {
		var id fulfilment.MemberID
		ctx := c.Request().Context()
		if id.UnmarshalText([]byte(f.Sessions.ID(ctx, auth.Member))) != nil {
			return c.Redirect(http.StatusSeeOther, "/tablet/who")
		}
		member, err := f.Fulfilment.Member(ctx, id)
		if errors.Is(err, fulfilment.ErrMemberNotFound) {
			return c.Redirect(http.StatusSeeOther, "/tablet/who")
		}
		if err != nil {
			return err
		}
		return next(c, member)
	})
}

// enter leads to the page that comes next.
func (f *face) enter(c echo.Context) error { return c.Redirect(http.StatusSeeOther, "/tablet/today") }

// idParam reads an id from the path; what is none leads nowhere.
func idParam[T any, P interface {
	*T
	encoding.TextUnmarshaler
}](c echo.Context, name string,
) (value T, err error) {
	if P(&value).UnmarshalText([]byte(c.Param(name))) != nil {
		return value, problem.ErrRouteNotFound
	}
	return value, nil
}

func render(c echo.Context, status int, page templ.Component) error {
	c.Response().Header().Set(echo.HeaderContentType, echo.MIMETextHTMLCharsetUTF8)
	c.Response().WriteHeader(status)
	if err := page.Render(c.Request().Context(), c.Response()); err != nil {
		return fmt.Errorf("render page: %w", err)
	}
	return nil
}

// plainHead is the frame of a screen that belongs to nobody.
func plainHead(c echo.Context, title string) ui.TabletHead {
	head := ui.HeadFor(c.Request(), title)
	head.Scripts, head.NoIndex = []string{"tablet.js"}, true
	return ui.TabletHead{PageHead: head}
}

// headOf is the frame of a member's screen, the way the member wants it to be.
func headOf(c echo.Context, member fulfilment.Member, title string) ui.TabletHead {
	head := plainHead(c, title)
	head.Person, head.Picture = member.Called(), pictureOf(member)
	head.Large = member.Presentation.Large
	if theme, ok := ui.ParseTheme(member.Presentation.Theme); ok && theme != ui.ThemeAuto {
		head.Theme = theme
	}
	head.Home = ui.Action{Label: "きょうの しごと", Icon: ui.IconHome, URL: "/tablet/today"}
	head.Help = ui.Action{Label: "てつだって", Icon: ui.IconHelp, URL: "/tablet/help"}
	return head
}

// pictureOf is the address of the sign a member chose.
func pictureOf(member fulfilment.Member) string {
	name := "sign-" + member.Picture + ".svg"
	if strings.ContainsAny(member.Picture, "/.") || member.Picture == "" {
		name = "sign-leaf.svg"
	} else if _, err := pictures.Open("pictures/" + name); err != nil {
		name = "sign-leaf.svg"
	}
	return "/tablet/pictures/" + name
}

// signOut returns the tablet to its neutral picture. The step the member was at stays.
func (f *face) signOut(c echo.Context) error {
	if err := f.Sessions.SignOut(c.Request().Context(), auth.Member); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/tablet/who")
}

// pressed is a use case that needs nothing but who and what.
type pressed func(ctx context.Context, member fulfilment.MemberID, task fulfilment.TaskID) (fulfilment.TaskView, error)

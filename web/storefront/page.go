package storefront

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"tsukuriba/api/problem"
	"tsukuriba/catalog"
	"tsukuriba/orders"
	"tsukuriba/web/locale"
	"tsukuriba/web/ui"
)

// page is what every page struct begins with: its frame and its words.
type page struct {
	Head  ui.PageHead
	Words *locale.Storefront
	All   *locale.Shared
}

// page reads what a request says about itself, and how much lies in the cart.
func (s *shop) page(c echo.Context, title string) (page, error) {
	p := blankPage(c, title)
	cart, err := s.currentCart(c)
	p.Head.CartCount = pieces(cart)
	return p, err
}

// blankPage is a page that asks no database.
func blankPage(c echo.Context, title string) page {
	words := locale.In(locale.From(c.Request()))
	return page{Head: ui.HeadFor(c.Request(), title), Words: &words.Storefront, All: &words.Shared}
}

func (p page) language() problem.Language {
	return problem.Language(p.Head.Language.BCP47())
}

// name picks the name in the page's language.
func (p page) name(japanese, english string) string {
	if p.Head.Language == locale.English && english != "" {
		return english
	}
	return japanese
}

// crumbs leads from the first page to this one.
func (p page) crumbs(links ...ui.Link) []ui.Link {
	return append([]ui.Link{{Label: p.All.Home, URL: "/"}}, links...)
}

// currentCart returns the cart of the request's cookie, an empty one if there is none.
func (s *shop) currentCart(c echo.Context) (orders.Cart, error) {
	token := cookie(c, cartCookie)
	if token == "" {
		return orders.Cart{}, nil
	}
	cart, err := s.Orders.Cart(c.Request().Context(), token)
	if errors.Is(err, orders.ErrCartNotFound) {
		return orders.Cart{}, nil
	}
	return cart, err
}

func pieces(cart orders.Cart) int {
	count := 0
	for _, line := range cart.Lines {
		count += line.Quantity
	}
	return count
}

// drafts are what pages are written into, one after the other.
var drafts = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// render answers with a page, which is complete before its first byte is sent. One that is
// confidential is never compressed, since its length would then tell of what stands in it.
func render(c echo.Context, status int, content templ.Component) error {
	draft := drafts.Get().(*bytes.Buffer)
	defer drafts.Put(draft)
	draft.Reset()
	if err := content.Render(c.Request().Context(), draft); err != nil {
		return fmt.Errorf("render page: %w", err)
	}
	if c.Response().Header().Get(echo.HeaderCacheControl) != "" {
		return c.HTMLBlob(status, draft.Bytes())
	}
	page := newDocument(bytes.Clone(draft.Bytes()))
	keepPage(c, status, page)
	return page.send(c, status)
}

// confidential keeps a page with personal data or a secret address out of caches and referrers.
func confidential(c echo.Context) {
	header := c.Response().Header()
	header.Set(echo.HeaderCacheControl, "no-store")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("X-Robots-Tag", "noindex")
}

func seeOther(c echo.Context, address string) error {
	return c.Redirect(http.StatusSeeOther, address)
}

// posted reads a form. What a broken encoding hides is missing from it, which the use case then says by the field.
func posted(c echo.Context) (url.Values, error) {
	err := c.Request().ParseForm()
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return nil, problem.ErrBodyTooLarge
	}
	return c.Request().PostForm, nil
}

// refused says whether an error is one the person can mend in the form before them.
func (p page) refused(err error) (problem.Problem, bool) {
	told := problem.From(err, p.language())
	return told, told.Status >= 400 && told.Status < 500
}

// wrong are those of a form's fields that have an error, for its summary.
func wrong(fields ...ui.Field) []ui.Field {
	return slices.DeleteFunc(fields, func(field ui.Field) bool { return field.Error == "" })
}

// byField are the sentences of a problem by the name of the field they belong to. A problem of one field is told in the
// words of the whole, which say what to do about it.
func byField(p problem.Problem) map[string]string {
	told := map[string]string{}
	for _, field := range p.Errors {
		told[strings.TrimPrefix(field.Pointer, "/")] = field.Message
	}
	for name := range told {
		if p.Detail != "" && len(told) == 1 {
			told[name] = sentence(p)
		}
	}
	return told
}

// sentence is a problem in one line.
func sentence(p problem.Problem) string {
	return strings.TrimSpace(p.Title + " " + p.Detail)
}

func picture(slug, view string) string {
	return restPath + "/products/" + slug + "/picture.png?view=" + view
}

// shown is a picture for a screen, of so many pixels; one of catalog.PictureWidths.
func shown(slug, view string, width int) string {
	return restPath + "/products/" + slug + "/picture.jpg?view=" + view + "&width=" + strconv.Itoa(width)
}

// shownIn lists a picture in all widths for a browser to choose from (srcset).
func shownIn(slug, view string) string {
	var sources []string
	for _, width := range catalog.PictureWidths {
		sources = append(sources, shown(slug, view, width)+" "+strconv.Itoa(width)+"w")
	}
	return strings.Join(sources, ", ")
}

func proof(design catalog.DesignID) string {
	return restPath + "/designs/" + design.String() + "/proof.png"
}

func model(design catalog.DesignID) string {
	return restPath + "/designs/" + design.String() + "/model.glb"
}

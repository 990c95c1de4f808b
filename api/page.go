package api

import (
	_ "embed"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/labstack/echo/v4"
)

//go:embed page.html
var pageSource string

var pageTemplate = template.Must(template.New("page").Parse(pageSource))

// documented is an operation as the page for people shows it.
type documented struct {
	Tag, Method, Path, Summary, Subject, Permission string
	Parameters                                      []string
	Keyed                                           bool
}

// page shows the description to people, operation by operation. The document itself is at
// /api/openapi.yaml.
func (d *description) page(c echo.Context) error {
	groups := map[string][]documented{}
	for _, route := range d.routes {
		one := documented{
			Tag: route.Operation.Tags[0], Method: route.Method, Path: BasePath + route.Path, Summary: route.Operation.Summary,
			Subject: string(subject(route.Operation)), Permission: string(permission(route.Operation)), Keyed: takesIdempotencyKey(route.Operation),
		}
		for _, parameter := range route.Operation.Parameters {
			if parameter.Value.In == openapi3.ParameterInQuery {
				one.Parameters = append(one.Parameters, parameter.Value.Name)
			}
		}
		groups[one.Tag] = append(groups[one.Tag], one)
	}
	for _, group := range groups {
		slices.SortFunc(group, func(a, b documented) int { return strings.Compare(a.Path+a.Method, b.Path+b.Method) })
	}
	c.Response().Header().Set(echo.HeaderContentType, echo.MIMETextHTMLCharsetUTF8)
	c.Response().WriteHeader(http.StatusOK)
	return pageTemplate.Execute(c.Response(), map[string]any{"Info": d.document.Info, "Tags": d.document.Tags, "Groups": groups})
}

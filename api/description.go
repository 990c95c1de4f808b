package api

import (
	"context"
	_ "embed"
	"fmt"
	"net/http"
	"regexp"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/routers"

	"tsukuriba/api/auth"
)

// OpenAPI is the API's description, as served at /api/openapi.yaml.
//
//go:embed openapi.yaml
var OpenAPI []byte

// description finds the operation behind a route, so that each request is checked against what
// the document promises.
type description struct {
	routes map[string]*routers.Route // by method and Echo's path pattern
}

var pathParameter = regexp.MustCompile(`\{(\w+)\}`)

func loadDescription() (*description, error) {
	document, err := openapi3.NewLoader().LoadFromData(OpenAPI)
	if err != nil {
		return nil, fmt.Errorf("read openapi.yaml: %w", err)
	}
	if err := document.Validate(context.Background()); err != nil {
		return nil, fmt.Errorf("check openapi.yaml: %w", err)
	}
	d := &description{routes: map[string]*routers.Route{}}
	for path, item := range document.Paths.Map() {
		for method, operation := range item.Operations() {
			pattern := BasePath + pathParameter.ReplaceAllString(path, ":$1")
			d.routes[method+" "+pattern] = &routers.Route{
				Spec: document, Path: path, PathItem: item, Method: method, Operation: operation,
			}
		}
	}
	return d, nil
}

func (d *description) route(method, pattern string) *routers.Route {
	return d.routes[method+" "+pattern]
}

// subject says whose session an operation needs; "" means none.
func subject(operation *openapi3.Operation) auth.Subject {
	if operation.Security == nil {
		return ""
	}
	for _, requirement := range *operation.Security {
		for scheme := range requirement {
			return auth.Subject(scheme)
		}
	}
	return ""
}

// permission is what the staff role must hold; "" where being signed in is enough.
func permission(operation *openapi3.Operation) auth.Permission {
	text, _ := operation.Extensions["x-permission"].(string)
	return auth.Permission(text)
}

// takesIdempotencyKey reports whether an operation creates an order or moves money.
func takesIdempotencyKey(operation *openapi3.Operation) bool {
	return operation.Parameters.GetByInAndName(openapi3.ParameterInHeader, idempotencyHeader) != nil
}

// usesSession reports whether an operation is for people who sign in, or has them sign in.
func usesSession(operation *openapi3.Operation) bool {
	return slices.Contains(operation.Tags, "staff") || slices.Contains(operation.Tags, "tablet")
}

// takesRawBody reports whether the handler wants the very bytes that were sent.
func takesRawBody(operation *openapi3.Operation) bool {
	raw, _ := operation.Extensions["x-raw-body"].(bool)
	return raw
}

// hasBody reports whether a request of this method and operation carries a body at all.
func hasBody(r *http.Request, operation *openapi3.Operation) bool {
	return operation.RequestBody != nil && r.ContentLength != 0
}

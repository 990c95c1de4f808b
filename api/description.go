package api

import (
	"context"
	_ "embed"
	"fmt"
	"net/http"
	"slices"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/routers"
	"github.com/labstack/echo/v4"

	"tsukuriba/api/auth"
)

// OpenAPI is the API's description, as served at /api/openapi.yaml.
//
//go:embed openapi.yaml
var OpenAPI []byte

// description is what openapi.yaml says. Each request is held against the operation it asks for. Nobody may change it.
type description struct {
	document *openapi3.T
	routes   []*routers.Route
}

// described reads openapi.yaml once in each process.
var described = sync.OnceValues(loadDescription)

func loadDescription() (*description, error) {
	document, err := openapi3.NewLoader().LoadFromData(OpenAPI)
	if err != nil {
		return nil, fmt.Errorf("read openapi.yaml: %w", err)
	}
	if err := document.Validate(context.Background()); err != nil {
		return nil, fmt.Errorf("check openapi.yaml: %w", err)
	}
	d := &description{document: document}
	for path, item := range document.Paths.Map() {
		for method, operation := range item.Operations() {
			d.routes = append(d.routes, &routers.Route{
				Spec: document, Path: path, PathItem: item, Method: method, Operation: operation,
			})
		}
	}
	return d, nil
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
	return subject(operation) != "" || slices.Contains(operation.Tags, "staff") || slices.Contains(operation.Tags, "tablet")
}

// takesRawBody reports whether the handler wants the very bytes that were sent.
func takesRawBody(operation *openapi3.Operation) bool { return says(operation, "x-raw-body") }

const fileType = "application/octet-stream"

// takesFile reports whether the body is a file and not JSON.
func takesFile(operation *openapi3.Operation) bool {
	return operation.RequestBody != nil && operation.RequestBody.Value.Content[fileType] != nil
}

// bodyType is the media type of the body that an operation takes.
func bodyType(operation *openapi3.Operation) string {
	if takesFile(operation) {
		return fileType
	}
	return echo.MIMEApplicationJSON
}

// signsIn reports whether an operation takes a password or its like.
func signsIn(operation *openapi3.Operation) bool { return says(operation, "x-sign-in") }

func says(operation *openapi3.Operation, extension string) bool {
	yes, _ := operation.Extensions[extension].(bool)
	return yes
}

// hasBody reports whether a request of this method and operation carries a body at all.
func hasBody(r *http.Request, operation *openapi3.Operation) bool {
	return operation.RequestBody != nil && r.ContentLength != 0
}

package api

import (
	"errors"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/labstack/echo/v4"

	"tsukuriba/api/problem"
)

// validate refuses requests that the description does not allow, naming every field at once.
func validate(route *routers.Route) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if hasBody(c.Request(), route.Operation) && mediaType(c.Request()) != bodyType(route.Operation) {
				return problem.ErrUnsupportedContentType
			}
			if err := checkText(c); err != nil {
				return err
			}
			if err := asDescribed(c, route); err != nil {
				return requestProblem(err)
			}
			return next(c)
		}
	}
}

var validation = &openapi3filter.Options{
	MultiError:          true,
	AuthenticationFunc:  openapi3filter.NoopAuthenticationFunc, // authenticate does this
	SkipSettingDefaults: true,
}

func asDescribed(c echo.Context, route *routers.Route) error {
	var parameters map[string]string
	if names := c.ParamNames(); len(names) > 0 {
		parameters = make(map[string]string, len(names))
		for i, name := range names {
			parameters[name] = c.ParamValues()[i]
		}
	}
	return openapi3filter.ValidateRequest(c.Request().Context(), &openapi3filter.RequestValidationInput{
		Request: c.Request(), PathParams: parameters, QueryParams: c.QueryParams(), Route: route, Options: validation,
	})
}

// mediaType is what a request says its body is, "" if that cannot be read.
func mediaType(r *http.Request) string {
	said, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return ""
	}
	return said
}

// requestProblem turns what the validator found into an error of ours.
func requestProblem(err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return problem.ErrBodyTooLarge
	}
	var fields []problem.Field
	for _, single := range flatten(err) {
		var request *openapi3filter.RequestError
		if errors.As(single, &request) && request.RequestBody != nil && !isSchemaError(single) {
			return fmt.Errorf("%w: %w", problem.ErrInvalidJSON, single)
		}
		for _, field := range fieldsOf(single) {
			if !slices.Contains(fields, field) {
				fields = append(fields, field)
			}
		}
	}
	return &problem.InvalidFieldsError{Fields: fields}
}

func isSchemaError(err error) bool {
	var schema *openapi3.SchemaError
	return errors.As(err, &schema) || len(flatten(err)) > 1
}

// flatten lists single errors. It looks at types itself, because errors.As would look into a
// MultiError and stop at the first.
func flatten(err error) []error {
	switch err := err.(type) {
	case openapi3.MultiError:
		var all []error
		for _, single := range err {
			all = append(all, flatten(single)...)
		}
		return all
	case *openapi3filter.RequestError:
		var many openapi3.MultiError
		if errors.As(err.Err, &many) {
			return wrapEach(err, many)
		}
	}
	return []error{err}
}

// wrapEach keeps for every error which parameter or body it came from.
func wrapEach(request *openapi3filter.RequestError, many openapi3.MultiError) []error {
	singles := flatten(many)
	all := make([]error, len(singles))
	for i, single := range singles {
		all[i] = &openapi3filter.RequestError{Input: request.Input, Parameter: request.Parameter, RequestBody: request.RequestBody, Err: single}
	}
	return all
}

// fieldsOf is one field, or all that an object has and the description does not.
func fieldsOf(err error) []problem.Field {
	var pointer []string
	code := "invalid"
	var request *openapi3filter.RequestError
	if errors.As(err, &request) && request.Parameter != nil {
		pointer = []string{request.Parameter.Name}
		if errors.Is(request.Err, openapi3filter.ErrInvalidRequired) {
			code = "required"
		}
	}
	var schema *openapi3.SchemaError
	if errors.As(err, &schema) {
		pointer = append(pointer, schema.JSONPointer()...)
		code = schema.SchemaField
		if unknown := unknownFields(schema); len(unknown) > 0 {
			return unknown
		}
	}
	return []problem.Field{{Pointer: "/" + strings.Join(pointer, "/"), Code: code}}
}

func unknownFields(schema *openapi3.SchemaError) []problem.Field {
	object, isObject := schema.Value.(map[string]any)
	if schema.SchemaField != "properties" || !isObject {
		return nil
	}
	var unknown []problem.Field
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if _, known := schema.Schema.Properties[name]; !known {
			pointer := append(schema.JSONPointer(), name)
			unknown = append(unknown, problem.Field{Pointer: "/" + strings.Join(pointer, "/"), Code: "unknown_field"})
		}
	}
	return unknown
}

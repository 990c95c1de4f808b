package api

import (
	"errors"
	"fmt"
	"mime"
	"net/http"
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
			if hasBody(c.Request(), route.Operation) && !isJSON(c.Request()) {
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

func asDescribed(c echo.Context, route *routers.Route) error {
	parameters := map[string]string{}
	for i, name := range c.ParamNames() {
		parameters[name] = c.ParamValues()[i]
	}
	return openapi3filter.ValidateRequest(c.Request().Context(), &openapi3filter.RequestValidationInput{
		Request: c.Request(), PathParams: parameters, Route: route,
		Options: &openapi3filter.Options{
			MultiError:          true,
			AuthenticationFunc:  openapi3filter.NoopAuthenticationFunc, // authenticate does this
			SkipSettingDefaults: true,
		},
	})
}

func isJSON(r *http.Request) bool {
	mediaType, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && mediaType == "application/json"
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
		fields = append(fields, fieldOf(single))
	}
	return &problem.InvalidFieldsError{Fields: fields}
}

func isSchemaError(err error) bool {
	var schema *openapi3.SchemaError
	return errors.As(err, &schema) || len(flatten(err)) > 1
}

func flatten(err error) []error {
	var many openapi3.MultiError
	if request := (*openapi3filter.RequestError)(nil); errors.As(err, &request) {
		if errors.As(request.Err, &many) {
			return wrapEach(request, many)
		}
		return []error{err}
	}
	if !errors.As(err, &many) {
		return []error{err}
	}
	var all []error
	for _, single := range many {
		all = append(all, flatten(single)...)
	}
	return all
}

// wrapEach keeps for every error which parameter or body it came from.
func wrapEach(request *openapi3filter.RequestError, many openapi3.MultiError) []error {
	all := make([]error, len(many))
	for i, single := range many {
		all[i] = &openapi3filter.RequestError{Input: request.Input, Parameter: request.Parameter, RequestBody: request.RequestBody, Err: single}
	}
	return all
}

func fieldOf(err error) problem.Field {
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
	}
	return problem.Field{Pointer: "/" + strings.Join(pointer, "/"), Code: code}
}

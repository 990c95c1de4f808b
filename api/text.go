package api

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"tsukuriba/api/problem"
)

// checkText refuses what cannot be kept byte for byte: text that is not UTF-8, which JSON readers
// silently replace, and NUL, which the database cannot hold.
func checkText(c echo.Context) error {
	var fields []problem.Field
	for i, name := range c.ParamNames() {
		value, err := url.PathUnescape(c.ParamValues()[i])
		if err != nil || !isText(value) {
			fields = append(fields, notText("/"+name))
		}
	}
	for name, values := range c.QueryParams() {
		for _, value := range values {
			if !isText(name) || !isText(value) {
				fields = append(fields, notText("/"+strings.ToValidUTF8(name, "")))
			}
		}
	}
	body, err := checkBody(c)
	if err != nil {
		return err
	}
	if fields = append(fields, textFaults("", body)...); len(fields) > 0 {
		return &problem.InvalidFieldsError{Fields: fields}
	}
	return nil
}

// checkBody decodes a body, of which the database and others must be able to keep every byte.
func checkBody(c echo.Context) (any, error) {
	if c.Request().ContentLength == 0 || mediaType(c.Request()) == fileType {
		return nil, nil
	}
	body, err := takeBody(c.Request())
	if err != nil {
		return nil, err
	}
	if !utf8.Valid(body) {
		return nil, fmt.Errorf("%w: not UTF-8", problem.ErrInvalidJSON)
	}
	var decoded any
	if err := json.Unmarshal(body, &decoded); err != nil {
		return nil, fmt.Errorf("%w: %w", problem.ErrInvalidJSON, err)
	}
	return decoded, nil
}

func isText(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }

func notText(pointer string) problem.Field { return problem.Field{Pointer: pointer, Code: "not_text"} }

// textFaults finds the strings in decoded JSON that hold NUL, or half of a surrogate pair, which
// the decoder turns into U+FFFD.
func textFaults(pointer string, value any) []problem.Field {
	var faults []problem.Field
	switch value := value.(type) {
	case string:
		if strings.ContainsAny(value, "\x00\uFFFD") {
			faults = append(faults, notText(pointer))
		}
	case []any:
		for i, item := range value {
			faults = append(faults, textFaults(fmt.Sprintf("%s/%d", pointer, i), item)...)
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(value)) {
			faults = append(faults, textFaults(pointer+"/"+name, value[name])...)
		}
	}
	return faults
}

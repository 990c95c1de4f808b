package stripetest

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

type page struct {
	Object  string `json:"object"`
	Data    any    `json:"data"`
	HasMore bool   `json:"has_more"`
	URL     string `json:"url"`
}

// window is which part of a list was asked for.
type window struct {
	limit                       int64
	after, before               string
	since, from, until, through int64
}

func (c *call) window() window {
	w := window{limit: 10, after: c.text("starting_after"), before: c.text("ending_before")}
	if limit, given := c.whole("limit"); given {
		w.limit = limit
		if limit < 1 || limit > 100 {
			c.at("limit").refuse("parameter_invalid_integer", "Limit must be between 1 and 100")
		}
	}
	if at, given := c.whole("created"); given {
		w.from, w.through = at, at
		return w
	}
	created := c.at("created")
	w.since, _ = created.whole("gt")
	w.from, _ = created.whole("gte")
	w.until, _ = created.whole("lt")
	w.through, _ = created.whole("lte")
	return w
}

func (w window) covers(created int64) bool {
	return (w.since == 0 || created > w.since) && (w.from == 0 || created >= w.from) &&
		(w.until == 0 || created < w.until) && (w.through == 0 || created <= w.through)
}

// listOf answers a list, newest first; rows are kept oldest first.
func listOf[R record](c *call, rows []R, wanted func(R) bool) (any, error) {
	w := c.window()
	if err := c.finish(); err != nil {
		return nil, err
	}
	matching := []R{}
	for _, row := range slices.Backward(rows) {
		if w.covers(row.born()) && wanted(row) {
			matching = append(matching, row)
		}
	}
	matching, more, err := cut(matching, w)
	if err != nil {
		return nil, err
	}
	return page{Object: "list", Data: matching, HasMore: more, URL: c.request.URL.Path}, nil
}

// cut takes one page: after a row towards the older, or the rows just newer than a row.
func cut[R record](rows []R, w window) (out []R, more bool, err error) {
	position := func(id string) int {
		return slices.IndexFunc(rows, func(r R) bool { return r.key() == id })
	}
	limit := int(w.limit)
	switch {
	case w.after != "":
		at := position(w.after)
		if at < 0 {
			return nil, false, notFound("object", w.after)
		}
		rows = rows[at+1:]
	case w.before != "":
		at := position(w.before)
		if at < 0 {
			return nil, false, notFound("object", w.before)
		}
		rows = rows[:at]
		return rows[max(0, len(rows)-limit):], len(rows) > limit, nil
	}
	return rows[:min(limit, len(rows))], len(rows) > limit, nil
}

// expand replaces ids by the objects they name, along paths like data.payment_intent.
func (s *Server) expand(object any, paths []string) (any, error) {
	if len(paths) == 0 {
		return object, nil
	}
	tree, err := asTree(object)
	if err != nil {
		return nil, err
	}
	for _, path := range paths {
		if err := s.expandPath(tree, strings.Split(path, ".")); err != nil {
			return nil, &apiError{
				Status: http.StatusBadRequest, Type: "invalid_request_error", Param: "expand",
				Message: "This property cannot be expanded (" + path + ").",
			}
		}
	}
	return tree, nil
}

func asTree(object any) (any, error) {
	content, err := json.Marshal(object)
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.UseNumber()
	var tree any
	err = decoder.Decode(&tree)
	return tree, err
}

func (s *Server) expandPath(tree any, path []string) error {
	if rows, ok := tree.([]any); ok {
		for _, row := range rows {
			if err := s.expandPath(row, path); err != nil {
				return err
			}
		}
		return nil
	}
	fields, ok := tree.(map[string]any)
	if !ok || len(path) == 0 {
		return nil
	}
	value, ok := fields[path[0]]
	if !ok {
		return notFound("property", path[0])
	}
	if id, ok := value.(string); ok {
		if object, found := s.state.find(id); found {
			expanded, err := asTree(object)
			if err != nil {
				return err
			}
			fields[path[0]] = expanded
		}
	}
	return s.expandPath(fields[path[0]], path[1:])
}

package api_test

import (
	"net/http"
	"testing"

	"tsukuriba/api"
	"tsukuriba/api/rest"
)

func TestPersonalization(t *testing.T) {
	t.Parallel()
	h := open(t, api.Limits{})
	manager := h.staff("manager")
	const path = "/staff/products/name-tag/personalization"
	h.staff("instructor").refused(403, "forbidden", http.MethodGet, path, nil)
	manager.refused(404, "product_not_found", http.MethodGet, "/staff/products/none/personalization", nil)
	manager.refused(422, "not_personalized", http.MethodGet, "/staff/products/halloween-2026/personalization", nil)
	var record rest.PersonalizationRecord
	manager.want(http.MethodGet, path, nil, &record)
	if record.Version != 1 || len(record.Versions) != 1 {
		t.Fatalf("version %d of %v", record.Version, record.Versions)
	}
	fields := record.Schema["fields"].([]any)
	name := fields[0].(map[string]any)
	name["max_graphemes"] = 99
	revision := rest.PersonalizationRevision{Version: 1, Schema: record.Schema}
	got := manager.refused(422, "invalid_schema", http.MethodPut, path, revision)
	if got.Errors == nil || len(*got.Errors) != 1 || (*got.Errors)[0].Pointer != "/schema/fields/text" || (*got.Errors)[0].Code != "bad_length" {
		t.Errorf("refused with %+v", got.Errors)
	}
	name["max_graphemes"] = 10
	var revised rest.PersonalizationRecord
	manager.want(http.MethodPut, path, revision, &revised)
	if revised.Version != 2 || len(revised.Versions) != 2 {
		t.Errorf("version %d of %v", revised.Version, revised.Versions)
	}
	manager.refused(409, "changed_meanwhile", http.MethodPut, path, revision)
	revision = rest.PersonalizationRevision{Version: 2, Schema: map[string]any{"fields": "none"}}
	manager.refused(422, "invalid_schema", http.MethodPut, path, revision)
	h.visitor().refused(422, "too_long", http.MethodPost, "/designs", rest.DesignRequest{Product: "name-tag", Text: "さくらさくらさくらさくら"})
}

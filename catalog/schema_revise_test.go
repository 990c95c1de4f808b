package catalog

import (
	"encoding/json"
	"errors"
	"testing"
)

func TestReviseSchema(t *testing.T) {
	t.Parallel()
	s, db := openDemo(t)
	old := create(t, s, DesignChoice{Product: "pet-tag", Text: "こむぎ"})
	product, versions, err := s.Personalization(t.Context(), "pet-tag")
	if err != nil || len(versions) != 1 || product.Schema.Version != 1 {
		t.Fatalf("Personalization = version %d, %v, %v", product.Schema.Version, versions, err)
	}
	written, err := json.Marshal(product.Schema)
	if err != nil {
		t.Fatal(err)
	}
	schema, err := ReadSchema(written)
	if err != nil {
		t.Fatal(err)
	}
	schema.Fields[0].MaxGraphemes = 4
	revision := Revision{Product: "pet-tag", Version: 1, Schema: schema}
	if err := s.ReviseSchema(t.Context(), author, revision); err != nil {
		t.Fatal(err)
	}
	if err := s.ReviseSchema(t.Context(), author, revision); !errors.Is(err, ErrSchemaChanged) {
		t.Errorf("from an old version: %v, want %v", err, ErrSchemaChanged)
	}
	var refused *ChoiceError
	if _, err := s.CreateDesign(t.Context(), DesignChoice{Product: "pet-tag", Text: "こむぎちゃん"}); !errors.As(err, &refused) || refused.Limit != 4 {
		t.Errorf("six characters where four are allowed: %v", err)
	}
	kept, err := s.Design(t.Context(), old.ID)
	if err != nil || kept.SchemaVersion != 1 {
		t.Errorf("the old design has version %d, %v", kept.SchemaVersion, err)
	}
	var audited int
	if err := db.Get(&audited, `SELECT count(*) FROM audit_entries WHERE action = 'product.personalization_revised'`); err != nil || audited != 1 {
		t.Errorf("%d entries in the audit log, %v", audited, err)
	}
}

func TestReviseSchema_refuses(t *testing.T) {
	t.Parallel()
	s, _ := openDemo(t)
	for fact, test := range map[string]struct {
		change func(*Schema)
		want   SchemaError
	}{
		"an unknown font": {
			func(s *Schema) { s.Fields[2].Options[1].Key = "comic" }, SchemaError{Field: FontField, Option: "comic", Fault: UnknownOption},
		},
		"an unknown color": {
			func(s *Schema) { s.Fields[5].Options = []Option{{Key: "gold"}}; s.Fields[5].Default = "gold" },
			SchemaError{Field: BaseColorField, Option: "gold", Fault: UnknownOption},
		},
		"an unknown color to begin with": {
			func(s *Schema) { s.Fields[5].Default = "gold" }, SchemaError{Field: BaseColorField, Fault: BadDefault},
		},
	} {
		schema := nameTag().Schema
		test.change(schema)
		err := s.ReviseSchema(t.Context(), author, Revision{Product: "name-tag", Version: 1, Schema: *schema})
		var refused *SchemaError
		if !errors.As(err, &refused) || *refused != test.want {
			t.Errorf("%s: %v, want %v", fact, err, &test.want)
		}
	}
	schema := *nameTag().Schema
	for slug, want := range map[string]error{"none": ErrProductNotFound, "halloween-2026": ErrNotPersonalized} {
		if err := s.ReviseSchema(t.Context(), author, Revision{Product: slug, Version: 1, Schema: schema}); !errors.Is(err, want) {
			t.Errorf("revision of %s: %v, want %v", slug, err, want)
		}
	}
	for _, written := range []string{`{`, `[]`, `{"colour": 1}`, `{"fields": [{"key": 1}]}`} {
		if _, err := ReadSchema([]byte(written)); !errors.Is(err, ErrInvalidSchema) {
			t.Errorf("ReadSchema(%s): %v", written, err)
		}
	}
}

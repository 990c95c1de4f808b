package id_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"tsukuriba/internal/id"
)

type cup struct{}

func (cup) Prefix() string { return "cup" }

type plate struct{}

func (plate) Prefix() string { return "pla" }

func TestID(t *testing.T) {
	t.Parallel()
	a, b := id.New[cup](), id.New[cup]()

	t.Run("later_ids_sort_later", func(t *testing.T) {
		if a.String() >= b.String() {
			t.Errorf("%s does not sort before %s", a, b)
		}
	})
	t.Run("text_form_round_trips", func(t *testing.T) {
		back, err := id.Parse[cup](a.String())
		if err != nil || back != a {
			t.Errorf("Parse(%q) = %v, %v", a.String(), back, err)
		}
	})
	t.Run("json_carries_the_prefix", func(t *testing.T) {
		out, err := json.Marshal(map[string]id.ID[cup]{"id": a})
		if err != nil || !strings.Contains(string(out), `"cup_`) {
			t.Errorf("json = %s, %v", out, err)
		}
	})
	t.Run("database_form_round_trips", func(t *testing.T) {
		value, err := a.Value()
		if err != nil {
			t.Fatal(err)
		}
		var back id.ID[cup]
		if err := back.Scan(value); err != nil || back != a {
			t.Errorf("Scan(%v) = %v, %v", value, back, err)
		}
	})
	t.Run("zero_is_null_in_the_database", func(t *testing.T) {
		value, err := id.ID[cup]{}.Value()
		if value != nil || err != nil {
			t.Errorf("Value() = %v, %v", value, err)
		}
		back := a
		if err := back.Scan(nil); err != nil || !back.IsZero() {
			t.Errorf("Scan(nil) = %v, %v", back, err)
		}
	})
}

func TestParse(t *testing.T) {
	t.Parallel()
	good := id.New[cup]().String()
	tests := map[string]string{
		"empty":                 "",
		"another_kind":          id.New[plate]().String(),
		"prefix_only":           "cup_",
		"too_short":             good[:len(good)-1],
		"too_long":              good + "0",
		"upper_case":            strings.ToUpper(good),
		"letters_not_in_base32": "cup_" + strings.Repeat("u", 26),
		"second_spelling":       good[:len(good)-1] + "1",
		"null_byte":             good[:10] + "\x00" + good[11:],
	}
	for name, text := range tests {
		t.Run(name, func(t *testing.T) {
			if _, err := id.Parse[cup](text); !errors.Is(err, id.ErrInvalid) {
				t.Errorf("Parse(%q) error = %v, want ErrInvalid", text, err)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add(id.New[cup]().String())
	f.Add("cup_zzzzzzzzzzzzzzzzzzzzzzzzzz")
	f.Fuzz(func(t *testing.T, text string) {
		parsed, err := id.Parse[cup](text)
		if err == nil && !parsed.IsZero() && parsed.String() != text {
			t.Errorf("%q was read as %s", text, parsed)
		}
	})
}

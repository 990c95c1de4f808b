package locale

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"reflect"
	"regexp"
	"slices"
	"testing"
)

// sentences flattens a value into "Shared.Cart" → text, so that languages can be compared name by name.
func sentences(path string, v reflect.Value, into map[string]string) {
	switch v.Kind() {
	case reflect.String:
		into[path] = v.String()
	case reflect.Struct:
		for i := range v.NumField() {
			sentences(path+"."+v.Type().Field(i).Name, v.Field(i), into)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			sentences(path+"."+key.String(), v.MapIndex(key), into)
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			sentences(path, v.Index(i), into)
		}
	}
}

func allOf(l Language) map[string]string {
	into := map[string]string{}
	sentences("Strings", reflect.ValueOf(*In(l)), into)
	return into
}

func TestEveryLanguageSaysEverything(t *testing.T) {
	t.Parallel()
	want := slices.Sorted(maps.Keys(allOf(Japanese)))
	for _, l := range Languages {
		said := allOf(l)
		if got := slices.Sorted(maps.Keys(said)); !slices.Equal(got, want) {
			t.Errorf("%s has other keys than ja: %d, want %d", l, len(got), len(want))
		}
		for name, text := range said {
			if text == "" {
				t.Errorf("%s says nothing for %s", l, name)
			}
		}
	}
}

func TestVerbsAgreeAcrossLanguages(t *testing.T) {
	t.Parallel()
	verb := regexp.MustCompile(`%[a-z]`)
	for name, text := range allOf(Japanese) {
		want := verb.FindAllString(text, -1)
		for _, l := range Languages {
			if got := verb.FindAllString(allOf(l)[name], -1); !slices.Equal(got, want) {
				t.Errorf("%s in %s has verbs %v, want %v", name, l, got, want)
			}
		}
	}
}

func TestFrom(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		query, cookie string
		want          Language
	}{
		"nothing_is_Japanese":        {"", "", Japanese},
		"query_wins_over_cookie":     {"?lang=en", "easy", English},
		"cookie_is_remembered":       {"", "easy", EasyJapanese},
		"unknown_values_are_ignored": {"?lang=xx", "tlh", Japanese},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest(http.MethodGet, "/"+c.query, nil)
			if c.cookie != "" {
				r.AddCookie(&http.Cookie{Name: CookieName, Value: c.cookie})
			}
			if got := From(r); got != c.want {
				t.Errorf("From = %s, want %s", got, c.want)
			}
		})
	}
}

func TestRemember(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]int{"?lang=easy": 1, "?lang=xx": 0, "": 0} {
		w := httptest.NewRecorder()
		Remember(w, httptest.NewRequest(http.MethodGet, "/"+query, nil))
		if got := len(w.Result().Cookies()); got != want {
			t.Errorf("Remember(%q) set %d cookies, want %d", query, got, want)
		}
	}
}

func TestUnknownProblemHasGeneralWords(t *testing.T) {
	t.Parallel()
	for _, l := range Languages {
		if In(l).Problem("never-heard-of").Title != In(l).Problems["internal"].Title {
			t.Errorf("%s: unknown slug does not fall back", l)
		}
	}
}

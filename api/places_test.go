package api

import (
	"strings"
	"testing"
)

// TestEveryPlaceIsFound: the search finds each line of the text, the first and the last too.
func TestEveryPlaceIsFound(t *testing.T) {
	t.Parallel()
	places, err := LoadPlaces()
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(places.lines, "\n"), "\n")
	if len(lines) < 120_000 {
		t.Fatalf("only %d lines", len(lines))
	}
	for i := 0; i < len(lines); i += 1 + i%97 {
		key, rest, _ := strings.Cut(lines[i], "\t")
		found := false
		for _, pair := range places.find(key) {
			found = found || pair[0]+"\t"+pair[1] == rest
		}
		if !found {
			t.Fatalf("%q is not found", lines[i])
		}
		if len(key) == 7 && len(places.At(key)) == 0 {
			t.Fatalf("%s has no place", key)
		}
	}
	for _, key := range []string{"", "0", "zzz", "c", "9999999"} {
		if got := places.find(key); len(got) > 0 {
			t.Errorf("%q finds %v", key, got)
		}
	}
}

func FuzzPlaces(f *testing.F) {
	places, err := LoadPlaces()
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{"060-0001", "〒４９８ー００００", "c01101", "\n0600001", "\xff", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, code string) {
		for _, place := range places.At(code) {
			if place.Prefecture == "" || place.City == "" || strings.ContainsAny(place.Town, "\t\n") {
				t.Errorf("%q names %+v", code, place)
			}
		}
	})
}
